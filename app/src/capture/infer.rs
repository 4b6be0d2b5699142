//! What the application of one captured endpoint must have done: listened or connected, written, closed. A capture
//! shows segments, not calls, so this is inference, with these rules: consecutive new data is one write until a push,
//! a pause longer than a round trip, or data of the other side; the reader drains at once; a FIN is a close, or a
//! shutdown where the other side goes on sending; a reset after the handshake is a close that leaves data unread.
//! Promise: the calls and the peer's frames come out as one list in the order of the capture.

use stack::wire::tcp;

use super::connection::Connection;
use super::segment::{Endpoint, Segment};

/// A call of the application on the stack's side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    /// socket, bind, listen, accept: before anything else.
    Listen,
    /// socket, bind to the captured port, connect.
    Connect,
    /// write of these bytes.
    Write(Vec<u8>),
    /// shutdown for sending.
    Shutdown,
    /// close.
    Close,
}

/// What happens next on the stack's side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The peer's segment at this place of the connection arrives.
    Peer(usize),
    /// The application calls.
    Call(Call),
}

/// A step at the time the capture has for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timed {
    /// Nanoseconds since 1970.
    pub time_ns: u64,
    /// What happens.
    pub step: Step,
}

/// The whole part of one side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Calls of the application and segments of the peer, in the order of the capture.
    pub steps: Vec<Timed>,
    /// Whether the application reads what arrives.
    pub reads: bool,
}

/// The most bytes that a capture is believed to have missed.
const LARGEST_GAP: usize = 1 << 20;

/// Infers the part of `own` in `connection`.
#[must_use]
pub fn part(connection: &Connection, own: Endpoint) -> Part {
    let is_own = |segment: &Segment| segment.source == own;
    let mut inference = Inference::new(connection, own);
    for (place, segment) in connection.segments.iter().enumerate() {
        if is_own(segment) {
            inference.own_segment(place, segment);
        } else {
            inference.steps.push(Timed { time_ns: segment.time_ns, step: Step::Peer(place) });
            if segment.length > 0 {
                inference.open_write = None;
            }
        }
    }
    Part { steps: inference.steps, reads: !inference.resets }
}

struct Inference<'a> {
    connection: &'a Connection,
    own: Endpoint,
    steps: Vec<Timed>,
    /// The place among the steps of the write that further data joins.
    open_write: Option<usize>,
    /// The last time at which a write grew.
    last_data: u64,
    /// Behind the last byte sent so far.
    sent: Option<u32>,
    resets: bool,
    closed: bool,
    round_trip: u64,
    /// Octets that may still be taken for missed by the capture.
    gap_left: usize,
}

impl<'a> Inference<'a> {
    fn new(connection: &'a Connection, own: Endpoint) -> Self {
        let first_time = connection.segments.first().map_or(0, |segment| segment.time_ns);
        let mut steps = Vec::new();
        let refused = refuses(connection, own);
        if own == connection.server && !refused {
            steps.push(Timed { time_ns: first_time, step: Step::Call(Call::Listen) });
        }
        let resets = !refused && connection.segments.iter().any(|s| s.source == own && s.has(tcp::RST));
        Self {
            connection,
            own,
            steps,
            open_write: None,
            last_data: 0,
            sent: None,
            resets,
            closed: refused,
            round_trip: round_trip(connection),
            gap_left: LARGEST_GAP,
        }
    }

    fn own_segment(&mut self, place: usize, segment: &Segment) {
        if segment.opens() && self.sent.is_none() {
            self.call(segment.time_ns, Call::Connect);
        }
        self.own_data(segment);
        let beyond = |sent: u32| segment.end().wrapping_sub(sent).cast_signed() > 0;
        if self.sent.is_none_or(beyond) {
            self.sent = Some(segment.end());
        }
        if segment.has(tcp::FIN | tcp::RST) && !self.closed {
            self.closed = true;
            let more = self.connection.segments.iter().skip(place + 1).any(|s| s.source != self.own && s.length > 0);
            let only_half = more && !segment.has(tcp::RST);
            self.call(segment.time_ns, if only_half { Call::Shutdown } else { Call::Close });
        }
    }

    /// New data joins the write that is being put together, or begins another.
    fn own_data(&mut self, segment: &Segment) {
        let start = segment.data_start();
        let known = self.sent.map_or(0, |sent| sent.wrapping_sub(start).cast_signed().max(0).unsigned_abs());
        if segment.length <= known {
            return;
        }
        if segment.time_ns.saturating_sub(self.last_data) > self.round_trip {
            self.open_write = None;
        }
        let fresh = self.fresh_bytes(segment, known);
        let open = self.open_write.and_then(|place| self.steps.get_mut(place));
        if let Some(Timed { step: Step::Call(Call::Write(bytes)), .. }) = open {
            bytes.extend(fresh);
        } else {
            self.open_write = Some(self.steps.len());
            self.steps.push(Timed { time_ns: segment.time_ns, step: Step::Call(Call::Write(fresh)) });
        }
        self.last_data = segment.time_ns;
        if segment.has(tcp::PSH) {
            self.open_write = None;
        }
    }

    /// What of the segment was not sent before. Data that the capture missed is zeros, as far as that is plausible.
    fn fresh_bytes(&mut self, segment: &Segment, known: u32) -> Vec<u8> {
        let missed = self.sent.map_or(0, |sent| segment.data_start().wrapping_sub(sent).cast_signed().max(0));
        let missed = usize::try_from(missed).ok().filter(|missed| *missed <= self.gap_left).unwrap_or(0);
        self.gap_left -= missed;
        let mut bytes = vec![0; missed];
        let payload = full_payload(segment);
        bytes.extend(usize::try_from(known).ok().and_then(|known| payload.get(known..)).unwrap_or(&[]));
        bytes
    }

    fn call(&mut self, time_ns: u64, call: Call) {
        self.open_write = None;
        self.steps.push(Timed { time_ns, step: Step::Call(call) });
    }
}

/// The data of a segment; what the capture cut off is zeros.
#[must_use]
pub fn full_payload(segment: &Segment) -> Vec<u8> {
    let mut bytes = segment.payload.clone();
    bytes.resize(usize::try_from(segment.length).unwrap_or(bytes.len()), 0);
    bytes
}

/// Whether `own` answers the SYN with a reset and nothing else: nobody listens there.
fn refuses(connection: &Connection, own: Endpoint) -> bool {
    let mut answers = connection.segments.iter().filter(|segment| segment.source == own).peekable();
    own == connection.server && answers.peek().is_some() && answers.all(|segment| segment.has(tcp::RST))
}

/// The time of the handshake, at least a millisecond: what a pause is measured against.
fn round_trip(connection: &Connection) -> u64 {
    let mut times = connection.segments.iter().take(3).map(|segment| segment.time_ns);
    let (first, last) = (times.next().unwrap_or(0), times.next_back().unwrap_or(0));
    last.saturating_sub(first).max(1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::connection::{Table, table};

    fn read(name: &str) -> Table {
        table(&crate::capture::open(&format!("{}/../assets/captures/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap())
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
        assert_eq!(short(&part(connection, connection.server)), "listen < < write2 < < close <");
        assert_eq!(short(&part(connection, connection.client)), "connect < < close < <");
    }

    #[test]
    fn a_refusal_has_no_listener_and_a_reset_leaves_data_unread() {
        let table = read("rst.pcap");
        let refused = table.connections.first().unwrap();
        assert_eq!(short(&part(refused, refused.server)), "<");
        let reset = table.connections.get(1).unwrap();
        let part = part(reset, reset.server);
        assert_eq!(short(&part), "listen < < < close");
        assert!(!part.reads);
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
                let written: usize = part(connection, own)
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
