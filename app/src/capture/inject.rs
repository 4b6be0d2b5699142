//! Replay by injection: the 1.2.13 stack sits in the place of one captured endpoint, with its addresses, ports and
//! initial sequence number. The peer's frames arrive at the captured time, or later where they acknowledge what the
//! stack has not sent yet; then their acknowledgement is held down, and the rest of it follows a round trip after
//! the stack has caught up. Promise: the same capture gives the same run, and a run always ends.

use stack::lab::beginning::Beginning;
use stack::lab::journal::Journal;
use stack::lab::run::Run;
use stack::wire::tcp;
use stack::wire::tcp_options::{TcpOption, TcpOptions};

use super::align::{Aligned, align};
use super::connection::Connection;
use super::infer::{Part, Step, part};
use super::machine::Machine;
use super::peer::{acknowledgement, prepare};
use super::process::{FailedCall, Process};
use super::segment::{Endpoint, Segment};
use super::wire::Wire;
use super::{Capture, CapturedFrame};
use crate::refusal::Refusal;

/// How long the machine runs before the first frame of the capture.
const LEAD_NS: u64 = 1_000_000_000;
/// How long it runs on behind the last one.
const TAIL_NS: u64 = 1_000_000_000;
/// How long the peer's frames wait for the stack, in virtual time, before the run is called stuck.
const PATIENCE_NS: u64 = 120_000_000_000;

/// The most data of a connection that is replayed.
const MOST_DATA: u64 = 64 << 20;
/// The longest time that is replayed; behind it the frames follow each other without a pause. A damaged timestamp
/// may lie centuries ahead.
const LONGEST_NS: u64 = 7 * 86_400 * 1_000_000_000;

/// A frame of the peer that never became possible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stuck {
    /// Its number in the capture.
    pub frame: usize,
    /// The virtual time at which it was given up.
    pub time_ns: u64,
}

/// What came out of a replay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The side that the stack played.
    pub own: Endpoint,
    /// The other side.
    pub peer: Endpoint,
    /// The time of the first frame of the connection: what times are counted from.
    pub start_ns: u64,
    /// What the stack sent in this connection.
    pub stack: Vec<Segment>,
    /// What the captured endpoint sent.
    pub capture: Vec<Segment>,
    /// Both laid side by side, by time.
    pub lines: Vec<Aligned>,
    /// Frames of the peer that could not be given as captured.
    pub changed: usize,
    /// Acknowledgements that the peer gave later than in the capture.
    pub held: usize,
    /// Where the replay had to stop.
    pub stuck: Option<Stuck>,
    /// System calls that failed.
    pub failed: Vec<FailedCall>,
    /// The story, where 1.2.13 would have crashed.
    pub oops: Option<String>,
    /// The wire between the stack and the peer.
    pub wire: Wire,
    /// All frames the stack sent.
    pub frames: Vec<CapturedFrame>,
    /// How the world of the stack began.
    pub beginning: Beginning,
    /// What entered it.
    pub journal: Journal,
}

/// Plays `own` of `connection`.
///
/// # Errors
/// The connection's beginning is not in the capture, or `own` is neither of its ends.
pub fn inject(capture: &Capture, connection: &Connection, own: Endpoint) -> Result<Outcome, Refusal> {
    if own != connection.client && own != connection.server {
        return Err(not_an_end(connection, own));
    }
    if !connection.has_syn {
        return Err(no_beginning(connection));
    }
    if connection.client_bytes.saturating_add(connection.server_bytes) > MOST_DATA {
        return Err(too_long(connection));
    }
    let mut connection = connection.clone();
    agree_on_windows(&mut connection);
    let mut injection = Injection::new(capture, &connection, own);
    injection.run();
    Ok(injection.outcome())
}

fn not_an_end(connection: &Connection, own: Endpoint) -> Refusal {
    let (client, server) = (connection.client, connection.server);
    Refusal::usage(
        format!("{own} is no end of the connection {client} -> {server}: give one of them to --as."),
        format!("{own} 不是连接 {client} -> {server} 的一端：请用 --as 给出其中之一。"),
    )
}

fn too_long(connection: &Connection) -> Refusal {
    let (client, server, mebibytes) = (connection.client, connection.server, MOST_DATA >> 20);
    Refusal::usage(
        format!(
            "{client} -> {server} carries more than {mebibytes} MiB: cut the capture behind its beginning with `editcap -r`."
        ),
        format!("{client} -> {server} 的数据超过 {mebibytes} MiB：请用 `editcap -r` 截取其开头部分。"),
    )
}

fn no_beginning(connection: &Connection) -> Refusal {
    let (client, server) = (connection.client, connection.server);
    Refusal::usage(
        format!(
            "the beginning of {client} -> {server} is not in the capture, so the stack cannot take part in it: use a capture that has its SYN."
        ),
        format!("抓包中没有 {client} -> {server} 的开头，协议栈无法参与：请使用包含其 SYN 的抓包。"),
    )
}

/// Where both ends offered window scaling, the windows of later frames are in larger units.
fn agree_on_windows(connection: &mut Connection) {
    let shift_of = |source: Endpoint| {
        let syn = connection.segments.iter().find(|s| s.source == source && s.has(tcp::SYN))?;
        TcpOptions::new(&syn.options).find_map(|option| match option {
            TcpOption::WindowScale(shift) => Some(shift.min(14)),
            _ => None,
        })
    };
    let (Some(client), Some(server)) = (shift_of(connection.client), shift_of(connection.server)) else {
        return;
    };
    let client_end = connection.client;
    for segment in connection.segments.iter_mut().filter(|segment| !segment.has(tcp::SYN)) {
        segment.window_shift = if segment.source == client_end { client } else { server };
    }
}

/// Whether `a` is behind `b` in sequence space.
fn after(a: u32, b: u32) -> bool {
    a.wrapping_sub(b).cast_signed() > 0
}

struct Injection<'a> {
    capture: &'a Capture,
    connection: &'a Connection,
    own: Endpoint,
    peer: Endpoint,
    part: Part,
    machine: Machine,
    process: Process,
    wire: Wire,
    /// Frames of the stack that were looked at already.
    seen: usize,
    /// Behind the last byte the stack has sent.
    sent_end: Option<u32>,
    /// Behind the last byte the peer was given to send.
    peer_end: u32,
    /// The highest acknowledgement of the peer in the capture so far.
    credited: Option<u32>,
    /// The highest acknowledgement that the stack was given.
    given: Option<u32>,
    /// When an acknowledgement that was held down is to follow.
    follow_ns: Option<u64>,
    /// The last captured segment of the peer.
    last_peer: Option<&'a Segment>,
    round_trip_ns: u64,
    changed: usize,
    held: usize,
    stuck: Option<Stuck>,
}

impl<'a> Injection<'a> {
    fn new(capture: &'a Capture, connection: &'a Connection, own: Endpoint) -> Self {
        let peer = if own == connection.client { connection.server } else { connection.client };
        let start = connection.segments.first().map_or(0, |segment| segment.time_ns);
        let wire = Wire::of(connection, own);
        // 1.2.13 takes its initial number when it connects, or when the SYN arrives: at the time of the first frame.
        let initial = connection.segments.iter().find(|s| s.source == own && s.has(tcp::SYN)).map(|s| (start, s.seq));
        let part = part(connection, own);
        let process = Process::new(wire.own(), wire.peer(), part.reads);
        Self {
            capture,
            connection,
            own,
            peer,
            machine: Machine::boot(&wire.place(), start.saturating_sub(LEAD_NS), initial),
            process,
            wire,
            part,
            seen: 0,
            sent_end: None,
            peer_end: 0,
            credited: None,
            given: None,
            follow_ns: None,
            last_peer: None,
            round_trip_ns: round_trip(connection),
            changed: 0,
            held: 0,
            stuck: None,
        }
    }

    fn run(&mut self) {
        let latest = self.machine.now_ns().saturating_add(LONGEST_NS);
        for timed in self.part.steps.clone() {
            self.pass_to(timed.time_ns.min(latest));
            match timed.step {
                Step::Call(call) => {
                    self.process.call(&mut self.machine, call);
                    self.look_at_sent();
                }
                Step::Peer(place) => self.peer_segment(place),
            }
            if self.stuck.is_some() || self.machine.kernel().oops.is_some() {
                return;
            }
        }
        let end = self.machine.now_ns().saturating_add(TAIL_NS);
        self.pass_to(end);
        let limit = end.saturating_add(PATIENCE_NS);
        while self.owes_acknowledgement() && self.machine.now_ns() < limit && self.machine.kernel().oops.is_none() {
            let next = self.machine.now_ns().saturating_add(TAIL_NS).min(limit);
            self.pass_to(next);
        }
    }

    /// The peer has acknowledged in the capture what the stack has not sent yet.
    fn owes_acknowledgement(&self) -> bool {
        match (self.credited, self.given) {
            (Some(credited), Some(given)) => after(credited, given),
            _ => false,
        }
    }

    /// Lets time pass, with held acknowledgements following in it.
    fn pass_to(&mut self, time_ns: u64) {
        loop {
            let stop = self.follow_ns.map_or(time_ns, |follow| follow.min(time_ns));
            let reached = self.machine.pass_towards(stop);
            self.process.run(&mut self.machine);
            self.look_at_sent();
            if self.follow_ns.is_some_and(|follow| follow <= self.machine.now_ns()) {
                self.follow();
            } else if reached && self.machine.now_ns() >= time_ns {
                return;
            }
        }
    }

    /// Notes how far the stack has sent, and lets an acknowledgement follow where the peer owes one for it.
    fn look_at_sent(&mut self) {
        let fresh = self.machine.sent().get(self.seen..).unwrap_or(&[]);
        let ends: Vec<u32> = fresh
            .iter()
            .filter_map(|f| Segment::read(f).ok())
            .map(|segment| self.wire.as_captured(segment))
            .filter(|s| s.source == self.own && !s.has(tcp::RST))
            .map(|s| s.end())
            .collect();
        self.seen = self.machine.sent().len();
        for end in ends {
            if self.sent_end.is_none_or(|sent| after(end, sent)) {
                self.sent_end = Some(end);
            }
        }
        if let (Some(sent), Some(given)) = (self.sent_end, self.given)
            && self.owes_acknowledgement()
            && after(sent, given)
            && self.follow_ns.is_none()
        {
            self.follow_ns = Some(self.machine.now_ns().saturating_add(self.round_trip_ns));
        }
    }

    /// An acknowledgement that was held down is given, as far as the stack has come.
    fn follow(&mut self) {
        self.follow_ns = None;
        let (Some(credited), Some(sent), Some(last)) = (self.credited, self.sent_end, self.last_peer) else {
            return;
        };
        let ack = if after(credited, sent) { sent } else { credited };
        if self.given.is_none_or(|given| after(ack, given)) {
            self.given = Some(ack);
            self.held += 1;
            if let Some(frame) = acknowledgement(last, &self.wire, self.peer_end, ack) {
                self.deliver(frame);
            }
        }
    }

    fn deliver(&mut self, frame: Vec<u8>) {
        self.machine.deliver(frame);
        self.process.run(&mut self.machine);
        self.look_at_sent();
    }

    fn peer_segment(&mut self, place: usize) {
        let Some(segment) = self.connection.segments.get(place) else {
            return;
        };
        self.last_peer = Some(segment);
        let mut ack = None;
        if segment.has(tcp::ACK) {
            if !self.wait_for_own_syn(segment) {
                return;
            }
            if self.credited.is_none_or(|credited| after(segment.ack, credited)) {
                self.credited = Some(segment.ack);
            }
            let beyond = self.sent_end.filter(|sent| after(segment.ack, *sent));
            if let Some(sent) = beyond {
                if segment.sequence_length() == 0 && !segment.has(tcp::RST) && self.given == Some(sent) {
                    // All that is left of it would look like a duplicate.
                    return;
                }
                ack = Some(sent);
            }
            let given = ack.unwrap_or(segment.ack);
            if self.given.is_none_or(|before| after(given, before)) {
                self.given = Some(given);
            }
        }
        if after(segment.end(), self.peer_end) || segment.opens() || self.peer_end == 0 {
            self.peer_end = segment.end();
        }
        let prepared = prepare(segment, self.capture, &self.wire, ack);
        self.changed += usize::from(prepared.changed);
        for frame in prepared.frames {
            self.deliver(frame);
        }
    }

    /// A frame that acknowledges cannot arrive before the stack has sent anything. Refusals need no waiting.
    fn wait_for_own_syn(&mut self, segment: &Segment) -> bool {
        let limit = self.machine.now_ns().saturating_add(PATIENCE_NS);
        while self.sent_end.is_none() {
            let refused = self.machine.sent().iter().any(|frame| Segment::read(frame).is_ok_and(|s| s.has(tcp::RST)));
            if refused || self.machine.now_ns() >= limit || self.machine.kernel().oops.is_some() {
                self.stuck = Some(Stuck { frame: segment.frame, time_ns: self.machine.now_ns() });
                return false;
            }
            let next = self.machine.now_ns().saturating_add(TAIL_NS);
            self.pass_to(next);
        }
        true
    }

    fn outcome(self) -> Outcome {
        let in_connection = |segment: &Segment| segment.source == self.own && segment.destination == self.peer;
        let frames = self.machine.sent().to_vec();
        let sent = frames.iter().filter_map(|frame| Segment::read(frame).ok());
        let sent = sent.map(|segment| self.wire.as_captured(segment));
        let stack: Vec<Segment> = sent.filter(in_connection).collect();
        let capture: Vec<Segment> = self.connection.segments.iter().filter(|s| in_connection(s)).cloned().collect();
        let oops = self.machine.kernel().oops.as_ref().map(|oops| oops.story.clone());
        let (beginning, journal) = self.machine.into_journal();
        Outcome {
            own: self.own,
            peer: self.peer,
            start_ns: self.connection.segments.first().map_or(0, |segment| segment.time_ns),
            lines: align(&stack, &capture),
            stack,
            capture,
            changed: self.changed,
            held: self.held,
            stuck: self.stuck,
            failed: self.process.failed().to_vec(),
            oops,
            wire: self.wire,
            frames,
            beginning,
            journal,
        }
    }
}

impl Outcome {
    /// The stack's side of the replay as a run that can be walked forwards and backwards.
    #[must_use]
    pub fn run(&self) -> Run {
        Run::new(self.beginning.world(), self.journal.clone())
    }
}

/// What the captured connection took for a round trip: from the first frame to the answer's answer.
fn round_trip(connection: &Connection) -> u64 {
    let mut times = connection.segments.iter().take(3).map(|segment| segment.time_ns);
    let (first, last) = (times.next().unwrap_or(0), times.next_back().unwrap_or(0));
    last.saturating_sub(first).max(1)
}
