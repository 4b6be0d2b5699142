//! The model peer of `` `autoack DELAY_MS WIN SEQ [every N] [drop a,b]` ``: it receives what the stack sends on the
//! default flow and acknowledges it some time later. Promise: a pure function of the segments and their times, so what
//! it sends can be written down as explicit `<` lines, and a script of those lines runs the same.

use std::collections::VecDeque;

use super::failure::Failure;
use crate::lab::script::Position;
use crate::lab::script::ast::{
    Body, Flags, IpInformation, Packet, PacketDirection, Segment, SequenceRange, TcpOptions,
};
use crate::wire::tcp;

/// Milliseconds in a jiffy.
const JIFFY: u64 = 10;
/// The longest delay, in milliseconds: a day.
const LONGEST_DELAY: u64 = 24 * 3600 * 1000;
/// A peer answers at most this often in one run: an answer may provoke the segment that it answers.
const MOST_ANSWERS: u32 = 100_000;

/// Whether a command in backticks is the directive.
#[must_use]
pub fn is_autoack(command: &str) -> bool {
    command.split_whitespace().next() == Some("autoack")
}

/// What the directive asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AutoackOrders {
    /// Jiffies from a segment to its acknowledgement.
    delay: u64,
    /// The window it offers.
    window: u16,
    /// Its own sequence number.
    sequence: u32,
    /// Every how many segments that arrive it answers.
    every: u32,
    /// Which segments are lost, counted from 1 since the directive.
    lost: Vec<u32>,
}

impl AutoackOrders {
    /// The words after `autoack`; None where they do not fit.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        let delay: u64 = words.next()?.parse().ok()?;
        let delay = (delay <= LONGEST_DELAY).then_some(delay / JIFFY)?;
        let window = words.next()?.parse().ok()?;
        let sequence = words.next()?.parse().ok()?;
        let mut orders = AutoackOrders { delay, window, sequence, every: 1, lost: Vec::new() };
        while let Some(word) = words.next() {
            match (word, words.next()?) {
                ("every", number) => orders.every = number.parse().ok().filter(|number| *number > 0)?,
                ("drop", list) => {
                    orders.lost = list.split(',').map(|number| number.parse().ok()).collect::<Option<_>>()?;
                }
                _ => return None,
            }
        }
        Some(orders)
    }
}

/// The peer.
#[derive(Debug, Default)]
pub struct ModelPeer {
    orders: Option<AutoackOrders>,
    /// The next byte it waits for, relative to our initial sequence number.
    next: u32,
    /// What arrived beyond a gap: first byte and one past the last.
    beyond: Vec<(u32, u32)>,
    /// Segments sent to it since the directive.
    sent: u32,
    /// Those of them that arrived.
    arrived: u32,
    /// Acknowledgements on their way: the jiffy, and the number.
    due: VecDeque<(u64, u32)>,
    answers: u32,
}

impl ModelPeer {
    /// Takes new orders; what it has received stays, segments are counted anew.
    pub fn obey(&mut self, orders: AutoackOrders) {
        self.orders = Some(orders);
        self.sent = 0;
        self.arrived = 0;
    }

    /// Whether there is a peer at all.
    #[must_use]
    pub fn is_present(&self) -> bool {
        self.orders.is_some()
    }

    /// A segment of the default flow leaves the stack at `jiffy`.
    pub fn segment(&mut self, jiffy: u64, segment: &Segment) {
        let SequenceRange { start, length, .. } = segment.sequence;
        let has = |flag: u8| segment.flags.bits & flag != 0;
        if has(tcp::RST) {
            self.due.clear();
            self.beyond.clear();
            return;
        }
        if has(tcp::SYN) {
            // The handshake is the script's; from here on bytes count.
            self.next = start.wrapping_add(1);
            self.beyond.clear();
            return;
        }
        let end = start.wrapping_add(length).wrapping_add(u32::from(has(tcp::FIN)));
        if end == start {
            return;
        }
        let Some(orders) = &self.orders else {
            self.receive(start, end);
            return;
        };
        self.sent = self.sent.saturating_add(1);
        if orders.lost.contains(&self.sent) {
            return;
        }
        self.arrived = self.arrived.saturating_add(1);
        let (answers, at) = (self.arrived.is_multiple_of(orders.every), jiffy.saturating_add(orders.delay));
        self.receive(start, end);
        if answers {
            self.due.push_back((at, self.next));
        }
    }

    fn receive(&mut self, start: u32, end: u32) {
        if is_after(start, self.next) {
            if !self.beyond.contains(&(start, end)) {
                self.beyond.push((start, end));
            }
            return;
        }
        if is_after(end, self.next) {
            self.next = end;
        }
        while let Some(place) = self.beyond.iter().position(|(start, _)| !is_after(*start, self.next)) {
            let (_, end) = self.beyond.swap_remove(place);
            if is_after(end, self.next) {
                self.next = end;
            }
        }
    }

    /// When the next acknowledgement arrives.
    #[must_use]
    pub fn next_due(&self) -> Option<u64> {
        self.due.iter().map(|(at, _)| *at).min()
    }

    /// An acknowledgement that has arrived by `jiffy`, in the order sent.
    ///
    /// # Errors
    /// The peer has answered more often than any script needs.
    pub fn take_due(&mut self, jiffy: u64) -> Result<Option<Packet>, Failure> {
        let Some(place) = self.due.iter().position(|(at, _)| *at <= jiffy) else { return Ok(None) };
        let (Some((_, number)), Some(orders)) = (self.due.remove(place), &self.orders) else { return Ok(None) };
        self.answers += 1;
        if self.answers > MOST_ANSWERS {
            return Err(Failure::new(
                Position::default(),
                format!("autoack: the peer has acknowledged {MOST_ANSWERS} times and would not stop"),
                format!("autoack：对端已确认 {MOST_ANSWERS} 次，仍不停止"),
            ));
        }
        Ok(Some(acknowledgement(orders, number)))
    }

    /// How many acknowledgements have arrived: each is a datagram of its own.
    #[must_use]
    pub fn answers(&self) -> u32 {
        self.answers
    }
}

fn is_after(a: u32, b: u32) -> bool {
    (a.wrapping_sub(b) as i32) > 0
}

fn acknowledgement(orders: &AutoackOrders, number: u32) -> Packet {
    let sequence = SequenceRange { start: orders.sequence, end: orders.sequence, length: 0 };
    let segment = Segment {
        ports: None,
        flags: Flags::from_bits(tcp::ACK),
        sequence,
        acknowledgement: Some(number),
        window: Some(orders.window),
        urgent: None,
        options: TcpOptions::None,
    };
    Packet {
        direction: PacketDirection::Inbound,
        ip: IpInformation::default(),
        addresses: None,
        outer: Vec::new(),
        body: Body::Tcp(segment),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(orders: &str) -> ModelPeer {
        let mut peer = ModelPeer::default();
        peer.segment(0, &segment("S.", 0, 0));
        peer.obey(AutoackOrders::read(orders).unwrap());
        peer
    }

    fn segment(flags: &str, start: u32, length: u32) -> Segment {
        let bits =
            [("F", 1), ("S", 2), (".", 16)].iter().map(|(f, bit)| if flags.contains(f) { *bit } else { 0 }).sum();
        let Body::Tcp(mut segment) = acknowledgement(&AutoackOrders::read("0 1 1").unwrap(), 1).body else { panic!() };
        segment.flags = Flags::from_bits(bits);
        segment.sequence = SequenceRange { start, end: start + length, length };
        segment
    }

    fn answers(peer: &mut ModelPeer, jiffy: u64) -> Vec<String> {
        std::iter::from_fn(|| peer.take_due(jiffy).unwrap()).map(|packet| packet.to_string()).collect()
    }

    #[test]
    fn a_gap_is_asked_for_and_filled() {
        let mut peer = peer("100 500 7 drop 2");
        for start in [1, 101, 201, 301] {
            peer.segment(5, &segment(".", start, 100));
        }
        assert_eq!(peer.next_due(), Some(15));
        assert!(answers(&mut peer, 14).is_empty());
        let dup = "< . 7:7(0) ack 101 win 500";
        assert_eq!(answers(&mut peer, 15), [dup, dup, dup]);
        peer.segment(20, &segment(".", 101, 100));
        peer.segment(20, &segment("F.", 401, 0));
        assert_eq!(answers(&mut peer, 30), ["< . 7:7(0) ack 401 win 500", "< . 7:7(0) ack 402 win 500"]);
    }

    #[test]
    fn every_second_segment_is_answered_and_pure_acknowledgements_never() {
        let mut peer = peer("50 500 1 every 2");
        peer.segment(0, &segment(".", 1, 10));
        peer.segment(0, &segment(".", 11, 0));
        assert_eq!(peer.next_due(), None);
        peer.segment(3, &segment(".", 1, 10));
        assert_eq!(answers(&mut peer, 8), ["< . 1:1(0) ack 11 win 500"]);
    }

    #[test]
    fn orders_that_do_not_fit_are_refused() {
        for text in ["", "10", "10 5", "10 5 x", "10 5 1 every 0", "10 5 1 every", "10 5 1 drop 1,,2", "10 70000 1"] {
            assert_eq!(AutoackOrders::read(text), None, "{text}");
        }
        assert_eq!(
            AutoackOrders::read("10 5 1 drop 1,2 every 3").map(|orders| (orders.every, orders.lost.len())),
            Some((3, 2))
        );
    }
}
