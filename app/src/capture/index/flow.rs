//! One connection as a capture tells it, and the table that gives every segment its connection. Promise: a table is the same for
//! the same frames whatever they are held in, connections are numbered in the order of their first frames, and each takes a fixed
//! amount of memory however long it lasts.

use std::collections::HashMap;

use stack::wire::tcp;

use super::copies::Copies;
use super::coverage::{Coverage, Fit};
use crate::capture::segment::{Endpoint, sequence_space};

/// What a connection's round trip is taken for while its handshake has not shown it.
const ROUND_TRIP_NS: u64 = 3_000_000;

/// What the table needs of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// The sender.
    pub source: Endpoint,
    /// The receiver.
    pub destination: Endpoint,
    /// Its sequence number.
    pub seq: u32,
    /// Its acknowledgement number; meaningless without the ACK flag.
    pub ack: u32,
    /// Its flags (constants in `stack::wire::tcp`).
    pub flags: u8,
    /// The window as it stands in the header.
    pub window: u16,
    /// Octets of data on the wire.
    pub length: u32,
    /// Octets of the frame on the wire.
    pub wire_length: u32,
    /// Nanoseconds since 1970.
    pub time_ns: u64,
    /// What its copies have in common with it ([`super::copies::print()`]); none where a copy could not be told from a repetition.
    pub print: Option<u64>,
}

impl Seen {
    sequence_space!();
}

/// How a connection begins in a capture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Began {
    /// With the SYN of the client.
    Syn,
    /// Both ends sent a SYN before either had that of the other.
    Crossed,
    /// With the SYN+ACK of the server: the SYN before it is not in the capture.
    SynAck,
    /// In the middle.
    Middle,
}

/// How a connection ends in a capture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ended {
    /// Both ends have closed.
    Fins,
    /// The client has closed, the server has not.
    ClientFin,
    /// The server has closed, the client has not.
    ServerFin,
    /// It was reset.
    Reset,
    /// It was still open.
    Open,
}

/// What one end sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Side {
    /// Its frames, copies left out.
    pub frames: u64,
    /// Octets of these frames on the wire, as Wireshark counts the bytes of a conversation.
    pub bytes: u64,
    /// Octets of TCP data in them, retransmitted ones counted again.
    pub data: u64,
    /// Frames that sent what the capture has already.
    pub retransmissions: u32,
    /// Frames that came behind one that was sent after them.
    pub reordered: u32,
    /// Frames that offered no window.
    pub zero_windows: u32,
    /// Resets it sent.
    pub resets: u32,
    /// Its sequence numbers.
    pub coverage: Coverage,
    has_fin: bool,
    /// The initial sequence number, where its SYN was seen.
    initial: Option<u32>,
    /// What its SYN acknowledged.
    answered: Option<u32>,
    /// When it last sent something new, nanoseconds since 1970.
    news_ns: u64,
}

impl Side {
    fn send(&mut self, seen: &Seen, round_trip_ns: u64) {
        self.frames += 1;
        self.bytes = self.bytes.saturating_add(u64::from(seen.wire_length));
        self.data = self.data.saturating_add(u64::from(seen.length));
        if seen.has(tcp::RST) {
            // The number of a reset is that of the answered segment, not of the stream.
            self.resets = self.resets.saturating_add(1);
            return;
        }
        self.has_fin |= seen.has(tcp::FIN);
        if seen.has(tcp::SYN) {
            // Where SYNs cross, the answer repeats the SYN with the acknowledgement that it lacked.
            if seen.has(tcp::ACK) && self.initial == Some(seen.seq) && self.answered.is_none() {
                self.answered = Some(seen.ack);
                return;
            }
            self.initial = Some(seen.seq);
            self.answered = seen.has(tcp::ACK).then_some(seen.ack);
        }
        if seen.window == 0 && !seen.has(tcp::SYN | tcp::FIN) {
            self.zero_windows = self.zero_windows.saturating_add(1);
        }
        let length = seen.sequence_length();
        let is_keepalive = seen.length <= 1 && !seen.has(tcp::SYN | tcp::FIN) && self.coverage.is_last(seen.seq);
        match self.coverage.take(seen.seq, length) {
            Fit::InOrder | Fit::Ahead => self.news_ns = seen.time_ns,
            Fit::Again if is_keepalive => {}
            Fit::Again => self.retransmissions = self.retransmissions.saturating_add(1),
            // What was only overtaken comes at once; what was lost is sent again after a round trip at least.
            Fit::Fills if seen.time_ns.saturating_sub(self.news_ns) < round_trip_ns => {
                self.reordered = self.reordered.saturating_add(1);
            }
            Fit::Fills => self.retransmissions = self.retransmissions.saturating_add(1),
            Fit::Elsewhere => {}
        }
    }

    /// Whether its SYN+ACK answers this SYN.
    fn answers(&self, seen: &Seen) -> bool {
        self.answered == Some(seen.seq.wrapping_add(1))
    }
}

/// One TCP connection of a capture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    /// Its number, from 1, in the order of the first frames.
    pub number: u32,
    /// Who asked for it, or seems to have.
    pub client: Endpoint,
    /// Whom it was asked of.
    pub server: Endpoint,
    /// What the client sent.
    pub from_client: Side,
    /// What the server sent.
    pub from_server: Side,
    /// When its first frame came, nanoseconds since 1970.
    pub start_ns: u64,
    /// When its last frame came.
    pub end_ns: u64,
    /// How it begins.
    pub began: Began,
    /// Frames that the capture has twice; the second ones are counted nowhere else.
    pub copies: u64,
    /// From the client's SYN to what answered its answer, where that was seen.
    round_trip_ns: Option<u64>,
}

impl Flow {
    fn begin(number: u32, seen: &Seen) -> Self {
        let (began, is_client) = match (seen.has(tcp::SYN), seen.has(tcp::ACK)) {
            (true, false) => (Began::Syn, true),
            (true, true) => (Began::SynAck, false),
            // Without a beginning the lower port is taken for the service.
            (false, _) => (Began::Middle, seen.source.port >= seen.destination.port),
        };
        let (client, server) =
            if is_client { (seen.source, seen.destination) } else { (seen.destination, seen.source) };
        Self {
            number,
            client,
            server,
            from_client: Side::default(),
            from_server: Side::default(),
            start_ns: seen.time_ns,
            end_ns: seen.time_ns,
            began,
            copies: 0,
            round_trip_ns: None,
        }
    }

    fn take(&mut self, seen: &Seen) {
        self.start_ns = self.start_ns.min(seen.time_ns);
        self.end_ns = self.end_ns.max(seen.time_ns);
        let is_client = seen.source == self.client;
        match self.began {
            Began::Syn if seen.opens() && !is_client => self.began = Began::Crossed,
            // The two were captured the wrong way round.
            Began::SynAck if seen.opens() && is_client => self.began = Began::Syn,
            _ => {}
        }
        let is_answer = is_client && !seen.has(tcp::SYN) && self.from_client.initial.is_some();
        if self.round_trip_ns.is_none() && is_answer && self.from_server.initial.is_some() {
            self.round_trip_ns = Some(seen.time_ns.saturating_sub(self.start_ns));
        }
        let round_trip_ns = self.round_trip_ns.unwrap_or(ROUND_TRIP_NS);
        let (own, other) = if is_client {
            (&mut self.from_client, &mut self.from_server)
        } else {
            (&mut self.from_server, &mut self.from_client)
        };
        own.send(seen, round_trip_ns);
        if seen.has(tcp::ACK) && !seen.has(tcp::RST) {
            other.coverage.acknowledge(seen.ack);
        }
    }

    /// Whether a segment of the same two ends begins another connection.
    fn is_reopened_by(&self, seen: &Seen) -> bool {
        if !seen.opens() {
            return false;
        }
        let side = if seen.source == self.client { &self.from_client } else { &self.from_server };
        match side.initial {
            Some(initial) => initial != seen.seq,
            None => match self.began {
                // Crossed: nothing has answered either of them yet.
                Began::Syn => seen.source == self.client || self.from_server.frames > 0,
                Began::SynAck => seen.source != self.client || !self.from_server.answers(seen),
                Began::Crossed | Began::Middle => true,
            },
        }
    }

    /// How it ends.
    #[must_use]
    pub fn ended(&self) -> Ended {
        match (self.from_client.has_fin, self.from_server.has_fin) {
            (true, true) => Ended::Fins,
            _ if self.resets() > 0 => Ended::Reset,
            (true, false) => Ended::ClientFin,
            (false, true) => Ended::ServerFin,
            (false, false) => Ended::Open,
        }
    }

    /// Whether its first SYN is in the capture, without which no stack can take part in it.
    #[must_use]
    pub fn has_syn(&self) -> bool {
        matches!(self.began, Began::Syn | Began::Crossed)
    }

    /// Whether frames of only one end are in the capture.
    #[must_use]
    pub fn is_one_sided(&self) -> bool {
        self.from_client.frames == 0 || self.from_server.frames == 0
    }

    /// Frames of both ends.
    #[must_use]
    pub fn frames(&self) -> u64 {
        self.from_client.frames + self.from_server.frames
    }

    /// Octets of the frames of both ends.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.from_client.bytes.saturating_add(self.from_server.bytes)
    }

    /// Octets of data of both ends.
    #[must_use]
    pub fn data(&self) -> u64 {
        self.from_client.data.saturating_add(self.from_server.data)
    }

    /// How long it lasts, in nanoseconds.
    #[must_use]
    pub fn duration_ns(&self) -> u64 {
        self.end_ns.saturating_sub(self.start_ns)
    }

    /// Retransmissions of both ends.
    #[must_use]
    pub fn retransmissions(&self) -> u64 {
        u64::from(self.from_client.retransmissions) + u64::from(self.from_server.retransmissions)
    }

    /// Frames of both ends that were overtaken.
    #[must_use]
    pub fn reordered(&self) -> u64 {
        u64::from(self.from_client.reordered) + u64::from(self.from_server.reordered)
    }

    /// Gaps of the capture in both directions.
    #[must_use]
    pub fn gaps(&self) -> u64 {
        u64::from(self.from_client.coverage.gaps()) + u64::from(self.from_server.coverage.gaps())
    }

    /// Sequence numbers in these gaps.
    #[must_use]
    pub fn gap_bytes(&self) -> u64 {
        self.from_client.coverage.gap_bytes().saturating_add(self.from_server.coverage.gap_bytes())
    }

    /// Frames of both ends that offered no window.
    #[must_use]
    pub fn zero_windows(&self) -> u64 {
        u64::from(self.from_client.zero_windows) + u64::from(self.from_server.zero_windows)
    }

    /// Resets of both ends.
    #[must_use]
    pub fn resets(&self) -> u64 {
        u64::from(self.from_client.resets) + u64::from(self.from_server.resets)
    }

    /// Whether anything about it is out of the ordinary.
    #[must_use]
    pub fn is_odd(&self) -> bool {
        let counts =
            [self.retransmissions(), self.reordered(), self.gaps(), self.zero_windows(), self.resets(), self.copies];
        self.is_one_sided() || self.began == Began::Crossed || counts.iter().any(|count| *count > 0)
    }

    fn finish(&mut self) {
        if self.is_one_sided() {
            self.from_client.coverage.give_up();
            self.from_server.coverage.give_up();
        }
    }
}

/// Where a segment belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Belongs {
    /// The number of its connection, from 1.
    pub connection: u32,
    /// Whether the capture has the same packet a moment before.
    pub is_copy: bool,
}

/// Two ends in an order of their own: which of them sent does not matter.
type Ends = (Endpoint, Endpoint);

/// The connections that have been seen so far.
#[derive(Debug, Clone, Default)]
pub struct Flows {
    flows: Vec<Flow>,
    /// The last connection of two ends, as a place in `flows`.
    current: HashMap<Ends, usize>,
    copies: Copies,
    /// The connection of the last segment: most often also that of the next.
    recent: Option<(Ends, usize)>,
}

impl Flows {
    /// Every connection, in the order of the first frames.
    #[must_use]
    pub fn all(&self) -> &[Flow] {
        &self.flows
    }

    /// Takes in a segment.
    pub fn take(&mut self, seen: &Seen) -> Belongs {
        let (a, b) = (seen.source, seen.destination);
        let ends = if a <= b { (a, b) } else { (b, a) };
        let known = match self.recent {
            Some((recent, place)) if recent == ends => Some(place),
            _ => self.current.get(&ends).copied(),
        };
        let is_copy = seen.print.is_some_and(|print| self.copies.is_copy(print, seen.time_ns));
        let known =
            known.filter(|place| is_copy || self.flows.get(*place).is_some_and(|flow| !flow.is_reopened_by(seen)));
        let place = known.unwrap_or_else(|| {
            let place = self.flows.len();
            let number = u32::try_from(place + 1).unwrap_or(u32::MAX);
            self.flows.push(Flow::begin(number, seen));
            self.current.insert(ends, place);
            place
        });
        self.recent = Some((ends, place));
        let Some(flow) = self.flows.get_mut(place) else { return Belongs { connection: 0, is_copy } };
        if is_copy {
            flow.copies += 1;
        } else {
            flow.take(seen);
        }
        Belongs { connection: flow.number, is_copy }
    }

    /// Nothing comes any more: what can only be said then is said.
    pub fn finish(&mut self) {
        self.flows.iter_mut().for_each(Flow::finish);
    }
}
