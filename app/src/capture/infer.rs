//! What the application of one captured endpoint must have done: listened or connected, written, read, closed. A capture
//! shows segments, not calls, so this is inference, with these rules: consecutive new data is one write until a push, a pause
//! longer than a round trip behind a segment that is not full, or data of the other side; the reader drains at once, except where the capture shows a
//! closed window, then it reads as much as the right edge of the window asks for, 3 s before that where the windows are those of
//! 1.2.13 and it tells of less than a segment; a probe of a closed window means that the
//! last write was longer, or that there was another one, whose time a second probe tells; a FIN is a close, or a shutdown where the other side
//! goes on sending; a reset after the handshake is a close that leaves data unread.
//! Promise: the calls and the peer's frames come out as one list in the order of the played end's times.

use std::collections::BTreeMap;

use stack::wire::tcp;
use stack::wire::tcp_options::{TcpOption, TcpOptions};

use super::compare::SAME_TIME_NS;
use super::inject::conversation::{Conversation, Heard};
use super::segment::Segment;
use super::stream::{Coverage, after};

/// A call of the application on the stack's side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    /// socket, bind, listen, accept: before anything else.
    Listen,
    /// socket, bind to the captured port, connect.
    Connect,
    /// write of these bytes.
    Write(Vec<u8>),
    /// Reads until the right edge of the window that can be offered is not before this number.
    ReadTo(u32),
    /// shutdown for sending.
    Shutdown,
    /// close.
    Close,
}

/// What happens next on the stack's side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The peer's segment at this place of the conversation arrives.
    Peer(usize),
    /// The application calls.
    Call(Call),
}

/// A step at the time that the played end has for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timed {
    /// Nanoseconds since 1970.
    pub time_ns: u64,
    /// What happens.
    pub step: Step,
}

/// How the application reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// Whatever has arrived.
    AtOnce,
    /// As much as [`Call::ReadTo`] says.
    Paced,
    /// Never.
    Never,
}

/// The whole part of one side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Calls of the application and segments of the peer, in order.
    pub steps: Vec<Timed>,
    /// How the application reads what arrives.
    pub reading: Reading,
    /// The capture ends in the middle of a write, and a segment of zeros stands for what was still to come.
    pub unknown_end: bool,
}

/// The largest window that 1.2.13 offers.
const LARGEST_WINDOW: u32 = 14_335;
/// What a buffer of 1.2.13 costs beside its data, and something more.
const BUFFER: u32 = 600;
/// The largest segment that 1.2.13 asks for on an Ethernet.
const USUAL_SIZE: u32 = 1436;
/// After so long 1.2.13 tells of a window that has grown by less than a segment: 3 s and the tick in which the timer fires.
const UPDATE_NS: u64 = 3_010_000_000;
/// The most bytes that were lost on their way to the place of capture.
const LARGEST_GAP: usize = 1 << 20;

/// Infers the part of the played end.
#[must_use]
pub fn part(conversation: &Conversation<'_>) -> Part {
    let mut inference = Inference::new(conversation);
    for (place, heard) in conversation.heard.iter().enumerate() {
        if heard.own {
            inference.own_segment(place, heard);
        } else if !heard.lost {
            inference.peer_segment(place, heard);
        }
    }
    let unknown_end = inference.end();
    Part { steps: inference.steps, reading: inference.reading, unknown_end }
}

struct Inference<'a> {
    conversation: &'a Conversation<'a>,
    steps: Vec<Timed>,
    /// The place among the steps of the write that further data joins.
    open_write: Option<usize>,
    /// The place among the steps of the last write.
    last_write: Option<usize>,
    /// The last data ended with a push.
    pushed: bool,
    /// The last write waits for room: a probe of the closed window tells of it.
    waits: bool,
    /// When the first probe was sent that tells of it.
    first_probe: Option<u64>,
    /// The last window that the other side offered.
    peer_window: u32,
    /// When it closed.
    closed_ns: u64,
    /// Octets of the last data, and the most of any segment: a full one without a push is not the end of a write.
    last_length: u32,
    longest: u32,
    /// The last time at which a write grew.
    last_data: u64,
    /// Behind the last byte sent so far.
    sent: Option<u32>,
    /// Where data that was captured only later is, by its distance from `base`: its end, and its place.
    late: BTreeMap<u32, (u32, usize)>,
    base: u32,
    reading: Reading,
    /// The right edge of the window that the played end has offered.
    edge: Option<u32>,
    /// Its last acknowledgement.
    own_ack: Option<u32>,
    /// It offers windows as 1.2.13 does, which tells of less than a segment more only after 3 s.
    tells_late: bool,
    /// The largest segment that it has asked for.
    segment_size: u32,
    /// When the last frame of the other side arrived.
    last_arrival: u64,
    closed: bool,
    /// The place of the last segment with data of the other side.
    last_peer_data: Option<usize>,
    round_trip: u64,
    /// Octets that may still be taken for lost.
    gap_left: usize,
}

impl<'a> Inference<'a> {
    fn new(conversation: &'a Conversation<'a>) -> Self {
        let heard = &conversation.heard;
        let mut steps = Vec::new();
        let refused = refuses(conversation);
        let asks = heard.iter().find(|heard| heard.own).is_some_and(|first| first.segment.opens());
        if !conversation.is_client && !refused && !asks {
            let time_ns = heard.first().map_or(0, |first| first.time_ns);
            steps.push(Timed { time_ns, step: Step::Call(Call::Listen) });
        }
        let heard_own = || heard.iter().filter(|heard| heard.own);
        let own = || heard_own().map(|heard| &*heard.segment);
        let reading = if !refused && own().any(|s| s.has(tcp::RST)) {
            Reading::Never
        } else if own().any(closes_window) || lets_wait(heard_own()) {
            Reading::Paced
        } else {
            Reading::AtOnce
        };
        let base = own().find(|s| s.sequence_length() > 0).map_or(0, |s| s.seq);
        Self {
            conversation,
            steps,
            open_write: None,
            last_write: None,
            pushed: false,
            waits: false,
            first_probe: None,
            peer_window: u32::MAX,
            closed_ns: 0,
            last_length: 0,
            longest: own().map(|segment| segment.length).max().unwrap_or(0),
            last_data: 0,
            sent: None,
            late: late(conversation, base),
            base,
            reading,
            edge: None,
            own_ack: None,
            tells_late: largest_window(heard_own()) == Some(LARGEST_WINDOW),
            segment_size: segment_size(own()),
            last_arrival: 0,
            closed: refused,
            last_peer_data: heard.iter().rposition(|heard| !heard.own && heard.segment.length > 0),
            round_trip: conversation.round_trip_ns().max(1_000_000),
            gap_left: LARGEST_GAP,
        }
    }

    fn peer_segment(&mut self, place: usize, heard: &Heard<'_>) {
        let segment = &heard.segment;
        self.steps.push(Timed { time_ns: heard.time_ns, step: Step::Peer(place) });
        if segment.length > 0 {
            self.open_write = None;
        }
        if segment.has(tcp::ACK) && !segment.has(tcp::RST) {
            if self.peer_window > 0 {
                self.closed_ns = heard.time_ns;
            }
            self.peer_window = heard.window();
        }
        self.last_arrival = heard.time_ns;
    }

    /// Puts a call among the steps at its time, and says where it stands.
    fn insert(&mut self, time_ns: u64, call: Call, not_before: usize) -> usize {
        let place = self.steps.partition_point(|timed| timed.time_ns <= time_ns).max(not_before);
        self.steps.insert(place, Timed { time_ns, step: Step::Call(call) });
        for known in [&mut self.open_write, &mut self.last_write].into_iter().flatten() {
            *known += usize::from(*known >= place);
        }
        place
    }

    /// Whoever probes a closed window has more to send, and had it when the window closed: it belongs to the last write, or
    /// where that ended with a push to another one right behind it.
    fn probe(&mut self, segment: &Segment, time_ns: u64) {
        let before = self.sent.is_some_and(|sent| after(sent, segment.seq));
        if !before || segment.sequence_length() > 0 || self.peer_window > 0 || self.closed {
            return;
        }
        if let Some(first_ns) = self.first_probe.filter(|_| self.waits) {
            self.first_probe = None;
            return self.waits_since(first_ns, time_ns);
        }
        let Some(last) = self.last_write.filter(|_| !self.waits) else { return };
        self.waits = true;
        if self.pushed {
            let time_ns_of_last = self.steps.get(last).map_or(0, |timed| timed.time_ns).max(self.last_data);
            self.last_write = Some(self.insert(time_ns_of_last, Call::Write(Vec::new()), last + 1));
            self.open_write = None;
            self.first_probe = Some(time_ns);
        }
    }

    /// The second probe of a window tells when the data came that waits for it: the time between two probes doubles, so the first
    /// one was sent half of that after the data was written, or after the window had closed.
    fn waits_since(&mut self, first_ns: u64, second_ns: u64) {
        let written_ns = first_ns.saturating_sub(second_ns.saturating_sub(first_ns) / 2);
        let Some(place) = self.last_write.filter(|_| written_ns > self.closed_ns.saturating_add(SAME_TIME_NS)) else {
            return;
        };
        let step = self.steps.remove(place);
        self.last_write = None;
        if let Step::Call(call) = step.step {
            self.last_write = Some(self.insert(written_ns, call, place));
        }
    }

    /// What was still waiting when the capture ends is another segment, of which only its being there is known; so is what comes
    /// behind a full segment without a push. Says whether there is any such.
    fn end(&mut self) -> bool {
        let goes_on = self.last_length == self.longest && self.longest > 0 && !self.pushed && !self.closed;
        let longest = usize::try_from(self.longest).unwrap_or(0);
        let unknown = self.last_write.filter(|_| self.waits || goes_on).and_then(|last| self.written(last));
        let is_open = unknown.is_some();
        if let Some(bytes) = unknown {
            bytes.resize(bytes.len().saturating_add(longest), 0);
        }
        is_open
    }

    /// The bytes of the write at a place among the steps.
    fn written(&mut self, place: usize) -> Option<&mut Vec<u8>> {
        match self.steps.get_mut(place) {
            Some(Timed { step: Step::Call(Call::Write(bytes)), .. }) => Some(bytes),
            _ => None,
        }
    }

    fn own_segment(&mut self, place: usize, heard: &Heard<'_>) {
        let (segment, time_ns) = (&*heard.segment, heard.time_ns);
        if segment.opens() && self.sent.is_none() {
            self.call(time_ns, Call::Connect);
        }
        self.own_window(heard);
        if segment.has(tcp::ACK) {
            self.own_ack = Some(segment.ack);
        }
        self.probe(segment, time_ns);
        self.own_data(segment, time_ns);
        if self.sent.is_none_or(|sent| after(segment.end(), sent)) {
            self.sent = Some(segment.end());
        }
        if segment.has(tcp::FIN | tcp::RST) && !self.closed {
            self.closed = true;
            let more = self.last_peer_data.is_some_and(|last| last > place);
            let only_half = more && !segment.has(tcp::RST);
            self.call(time_ns, if only_half { Call::Shutdown } else { Call::Close });
        }
    }

    /// Where the reader pauses now and then, the right edge of the window tells what it has read.
    fn own_window(&mut self, heard: &Heard<'_>) {
        let (segment, time_ns) = (&*heard.segment, heard.time_ns);
        if self.reading != Reading::Paced || !segment.has(tcp::ACK) || segment.has(tcp::RST) {
            return;
        }
        let edge = segment.ack.wrapping_add(heard.window());
        if self.edge.is_some_and(|before| !after(edge, before)) {
            return;
        }
        let grown = self.edge.map_or(u32::MAX, |before| edge.wrapping_sub(before));
        let says_only_that = segment.sequence_length() == 0 && self.own_ack == Some(segment.ack);
        self.edge = Some(edge);
        if says_only_that && self.tells_late && grown <= self.segment_size {
            // Less than a segment is told of when a timer fires, so it was read before that.
            let read_ns = time_ns.saturating_sub(UPDATE_NS).max(self.last_arrival);
            self.insert(read_ns, Call::ReadTo(edge), 0);
        } else {
            self.steps.push(Timed { time_ns, step: Step::Call(Call::ReadTo(edge)) });
        }
    }

    /// New data joins the write that is being put together, or begins another.
    fn own_data(&mut self, segment: &Segment, time_ns: u64) {
        let start = segment.data_start();
        let known = self.sent.map_or(0, |sent| sent.wrapping_sub(start).cast_signed().max(0).unsigned_abs());
        if segment.length <= known {
            return;
        }
        if time_ns.saturating_sub(self.last_data) > self.round_trip && self.last_length < self.longest {
            self.open_write = None;
        }
        self.last_length = segment.length;
        let missed = self.missed_bytes(start);
        let waiting = self.last_write.filter(|_| std::mem::take(&mut self.waits));
        let open = waiting.or(self.open_write).unwrap_or_else(|| {
            self.steps.push(Timed { time_ns, step: Step::Call(Call::Write(Vec::new())) });
            self.steps.len() - 1
        });
        if let Some(bytes) = self.written(open) {
            bytes.extend(missed);
            extend_with(bytes, segment, usize::try_from(known).unwrap_or(usize::MAX));
        }
        self.last_write = Some(open);
        self.last_data = time_ns;
        self.pushed = segment.has(tcp::PSH);
        self.open_write = (!self.pushed).then_some(open);
    }

    /// What was sent between the data so far and `start`, and lost before it was captured: as captured when it was sent
    /// again, or zeros, as far as that is plausible.
    fn missed_bytes(&mut self, start: u32) -> Vec<u8> {
        let Some(sent) = self.sent else { return Vec::new() };
        let missed = start.wrapping_sub(sent).cast_signed().max(0);
        let missed = usize::try_from(missed).ok().filter(|missed| *missed <= self.gap_left).unwrap_or(0);
        self.gap_left -= missed;
        let mut bytes = vec![0; missed];
        let (from, to) = (sent.wrapping_sub(self.base), start.wrapping_sub(self.base));
        for (begin, (end, place)) in self.late.range(..to).rev().take_while(|(_, (end, _))| *end > from) {
            let Some(heard) = self.conversation.heard.get(*place) else { continue };
            let data_start = heard.segment.data_start().wrapping_sub(self.base);
            let (first, last) = (from.max(*begin), to.min(*end));
            let source = heard.segment.payload.get(first.saturating_sub(data_start) as usize..).unwrap_or(&[]);
            let target = bytes.get_mut(first.saturating_sub(from) as usize..last.saturating_sub(from) as usize);
            for (byte, captured) in target.unwrap_or(&mut []).iter_mut().zip(source) {
                *byte = *captured;
            }
        }
        bytes
    }

    fn call(&mut self, time_ns: u64, call: Call) {
        self.open_write = None;
        self.steps.push(Timed { time_ns, step: Step::Call(call) });
    }
}

/// Data of the played end that was captured behind later data.
fn late(conversation: &Conversation<'_>, base: u32) -> BTreeMap<u32, (u32, usize)> {
    let mut late = BTreeMap::new();
    let mut seen = Coverage::new(base);
    for (place, heard) in conversation.heard.iter().enumerate().filter(|(_, heard)| heard.own) {
        let before = seen.end();
        if let Some((begin, end)) = seen.add(heard.segment.seq, heard.segment.end())
            && after(before, begin)
        {
            late.insert(begin.wrapping_sub(base), (end.wrapping_sub(base), place));
        }
    }
    late
}

/// Whether the windows are those of a 1.2.13 whose reader lets data lie: more memory is taken than the newest data needs.
fn lets_wait<'a>(own: impl Iterator<Item = &'a Heard<'a>> + Clone) -> bool {
    if largest_window(own.clone()) != Some(LARGEST_WINDOW) {
        return false;
    }
    let told = own.filter(|heard| heard.segment.has(tcp::ACK) && !heard.segment.has(tcp::RST));
    told.clone().zip(told.skip(1)).any(|(before, heard)| {
        let taken = LARGEST_WINDOW.saturating_sub(heard.window()).saturating_mul(2);
        let newest = heard.segment.ack.wrapping_sub(before.segment.ack);
        // Half as much again for headers and what a buffer costs beside its data.
        newest > 0 && taken > newest.saturating_add(newest / 2).saturating_add(BUFFER)
    })
}

/// The largest window that an end offers.
fn largest_window<'a>(own: impl Iterator<Item = &'a Heard<'a>>) -> Option<u32> {
    own.filter(|heard| heard.segment.has(tcp::ACK) && !heard.segment.has(tcp::RST)).map(Heard::window).max()
}

/// The largest segment that an end asks for in its SYN; what 1.2.13 asks for on an Ethernet where it does not say.
fn segment_size<'a>(own: impl Iterator<Item = &'a Segment<'a>>) -> u32 {
    let mut syns = own.filter(|segment| segment.has(tcp::SYN));
    let asked = syns.find_map(|syn| {
        TcpOptions::new(&syn.options).find_map(|option| match option {
            TcpOption::MaximumSegmentSize(size) => Some(u32::from(size)),
            _ => None,
        })
    });
    asked.unwrap_or(USUAL_SIZE)
}

/// Whether a segment says that its sender takes no data at all.
#[must_use]
pub fn closes_window(segment: &Segment) -> bool {
    segment.has(tcp::ACK) && segment.window == 0 && !segment.has(tcp::RST | tcp::SYN)
}

/// Appends the data of a segment from an offset on; what the capture cut off is zeros.
fn extend_with(bytes: &mut Vec<u8>, segment: &Segment, offset: usize) {
    let length = usize::try_from(segment.length).unwrap_or(usize::MAX);
    let whole = bytes.len().saturating_add(length.saturating_sub(offset));
    bytes.extend_from_slice(segment.payload.get(offset..length.min(segment.payload.len())).unwrap_or(&[]));
    bytes.resize(whole, 0);
}

/// The data of a segment; what the capture cut off is zeros.
#[must_use]
pub fn full_payload(segment: &Segment) -> Vec<u8> {
    let mut bytes = Vec::new();
    extend_with(&mut bytes, segment, 0);
    bytes
}

/// Whether the played end answers the SYN with a reset and nothing else: nobody listens there.
fn refuses(conversation: &Conversation<'_>) -> bool {
    let mut answers = conversation.heard.iter().filter(|heard| heard.own).peekable();
    !conversation.is_client && answers.peek().is_some() && answers.all(|heard| heard.segment.has(tcp::RST))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::connection::{Connection, Table, table};
    use crate::capture::segment::Endpoint;

    fn read(name: &str) -> Table {
        table(&crate::capture::open(&format!("{}/../assets/captures/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap())
    }

    fn part_of(connection: &Connection, own: Endpoint) -> Part {
        part(&Conversation::of(connection, own))
    }

    /// The steps in short: `<` a frame of the peer, then the calls.
    fn short(part: &Part) -> String {
        let word = |timed: &Timed| match &timed.step {
            Step::Peer(_) => "<".to_owned(),
            Step::Call(Call::Write(bytes)) => format!("write{}", bytes.len()),
            Step::Call(call) => format!("{call:?}").to_lowercase(),
        };
        part.steps.iter().map(word).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn simultaneous_close_seen_from_both_ends() {
        let table = read("simclose.pcap");
        let connection = table.connections.first().unwrap();
        // Seen from the server, which is 30 ms away, its close came before the FIN of the client.
        assert_eq!(short(&part_of(connection, connection.server)), "listen < < write2 < close < <");
        assert_eq!(short(&part_of(connection, connection.client)), "connect < < close < <");
    }

    #[test]
    fn a_refusal_has_no_listener_and_a_reset_leaves_data_unread() {
        let table = read("rst.pcap");
        let refused = table.connections.first().unwrap();
        assert_eq!(short(&part_of(refused, refused.server)), "<");
        let reset = table.connections.get(1).unwrap();
        let part = part_of(reset, reset.server);
        assert_eq!(short(&part), "listen < < < close");
        assert_eq!(part.reading, Reading::Never);
    }

    #[test]
    fn a_closed_window_means_that_the_reader_reads_what_the_edge_says() {
        let table = read("zerowin.pcap");
        let connection = table.connections.first().unwrap();
        let paced = part_of(connection, connection.server);
        let first = connection.segments[1].ack;
        let edges = paced.steps.iter().filter_map(|timed| match &timed.step {
            Step::Call(Call::ReadTo(edge)) => Some(edge.wrapping_sub(first)),
            _ => None,
        });
        assert_eq!((paced.reading, edges.collect::<Vec<_>>()), (Reading::Paced, vec![7240, 10_136, 13_032, 14_480]));
        assert_eq!(part_of(connection, connection.client).reading, Reading::AtOnce);
    }

    #[test]
    fn everything_that_was_sent_is_written_once() {
        for (name, port) in [("http_noopt.pcap", 80), ("lossy.pcap", 0), ("http_snap96.pcap", 80)] {
            let table = read(name);
            let connection = table.connections.first().unwrap();
            assert!(port == 0 || connection.server.port == port);
            for own in [connection.server, connection.client] {
                let own_segments = connection.segments.iter().filter(|s| s.source == own);
                let first = own_segments.clone().find(|s| s.has(tcp::SYN)).unwrap().data_start();
                let with_data = own_segments.filter(|s| s.length > 0);
                let sent =
                    with_data.map(|s| s.data_start().wrapping_add(s.length).wrapping_sub(first)).max().unwrap_or(0);
                let written: usize = part_of(connection, own)
                    .steps
                    .iter()
                    .map(|timed| match &timed.step {
                        Step::Call(Call::Write(bytes)) => bytes.len(),
                        _ => 0,
                    })
                    .sum();
                assert_eq!(u32::try_from(written).unwrap(), sent, "{name} {own}");
            }
        }
    }
}
