//! The replay itself: calls and frames go in one after the other, at the times of the played end. A frame of the peer that
//! acknowledges what the stack has not sent yet has its acknowledgement held down, and the rest of it follows a round trip
//! after the stack has caught up.
//! Promise: the machine runs from a second before the first frame to the end of the capture and not longer.

use stack::wire::tcp;

use super::super::Capture;
use super::super::compare::statement::Kind;
use super::super::compare::{SAME_TIME_NS, align};
use super::super::connection::Connection;
use super::super::infer::{Part, Reading, Step, closes_window, part};
use super::super::machine::Machine;
use super::super::peer::{acknowledgement, prepare};
use super::super::process::Process;
use super::super::segment::{Segment, SegmentView};
use super::super::stream::after;
use super::super::wire::Wire;
use super::conversation::{Conversation, Heard};
use super::ghost::is_ghost;
use super::sender::Senders;
use super::stuck::Stuck;
use super::{Behind, Ghosts, Outcome, Pauses};

/// How long the machine runs before the first frame of the capture.
const LEAD_NS: u64 = 1_000_000_000;
/// The longest time that is replayed; behind it the frames follow each other without a pause. A damaged timestamp
/// may lie centuries ahead.
const LONGEST_NS: u64 = 7 * 86_400 * 1_000_000_000;

/// A replay in progress.
pub(super) struct Injection<'a> {
    capture: &'a Capture,
    conversation: &'a Conversation<'a>,
    reading: Reading,
    steps: Vec<super::super::infer::Timed>,
    machine: Machine,
    process: Process,
    wire: Wire,
    /// What the stack has sent in this connection, with the times of the place of capture.
    stack: Vec<Segment>,
    /// Frames of the stack that were looked at already.
    seen: usize,
    /// It has sent a reset.
    has_reset: bool,
    /// Behind the last byte the stack has sent.
    sent_end: Option<u32>,
    /// The right edge of the window that the stack has offered.
    edge: Option<u32>,
    /// Frames of the peer with data behind that edge.
    outside: usize,
    /// Behind the last byte the peer was given to send.
    peer_end: u32,
    /// The highest acknowledgement of the peer in the capture so far.
    credited: Option<u32>,
    /// The highest acknowledgement that the stack was given.
    given_ack: Option<u32>,
    /// When an acknowledgement that was held down is to follow.
    follow_ns: Option<u64>,
    /// The last segment of the peer.
    last_peer: Option<&'a Heard<'a>>,
    round_trip_ns: u64,
    /// The end of the capture where it was taken.
    end_ns: u64,
    given: Vec<usize>,
    changed: usize,
    held: usize,
    senders: Senders,
    stuck: Option<Stuck>,
}

impl<'a> Injection<'a> {
    pub(super) fn new(
        capture: &'a Capture,
        connection: &Connection,
        conversation: &'a Conversation<'a>,
        end_ns: u64,
    ) -> Self {
        let (own, heard) = (conversation.own, &conversation.heard);
        let start = heard.first().map_or(0, |first| first.time_ns);
        let wire = Wire::of(connection, own);
        // 1.2.13 takes its initial number when it connects, or when the SYN arrives: at the time of the first frame that is there.
        let syn = heard.iter().find(|heard| heard.own && heard.segment.has(tcp::SYN));
        let first = heard.iter().find(|heard| !heard.lost).map_or(start, |first| first.time_ns);
        let initial = syn.map(|heard| (first, heard.segment.seq));
        let Part { steps, reading } = part(conversation);
        let last = connection.segments.iter().map(|segment| segment.time_ns).max().unwrap_or(start).max(end_ns);
        Self {
            capture,
            conversation,
            reading,
            steps,
            machine: Machine::boot(&wire.place(), start.saturating_sub(LEAD_NS), initial),
            process: Process::new(wire.own(), wire.peer(), reading),
            wire,
            stack: Vec::new(),
            seen: 0,
            has_reset: false,
            sent_end: None,
            edge: None,
            outside: 0,
            peer_end: 0,
            credited: None,
            given_ack: None,
            follow_ns: None,
            last_peer: None,
            round_trip_ns: conversation.round_trip_ns().max(1),
            end_ns: last.min(start.saturating_add(LONGEST_NS)),
            given: Vec::new(),
            changed: 0,
            held: 0,
            senders: Senders::default(),
            stuck: None,
        }
    }

    pub(super) fn run(&mut self) {
        let latest = self.machine.now_ns().saturating_add(LONGEST_NS);
        for timed in std::mem::take(&mut self.steps) {
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
        // What the stack sends now passes the place of capture a way later. A tick more, or what it sends with the last
        // captured frame could not be compared with that.
        self.pass_to(self.end_ns.saturating_sub(self.conversation.way_ns).saturating_add(SAME_TIME_NS));
    }

    /// The peer has acknowledged in the capture what the stack has not sent yet.
    fn owes_acknowledgement(&self) -> bool {
        match (self.credited, self.given_ack) {
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
        let (own, peer) = (self.conversation.own, self.conversation.peer);
        let fresh = self.machine.sent().get(self.seen..).unwrap_or(&[]);
        let fresh = fresh.iter().filter_map(|frame| SegmentView::read(&frame.into()).map(|view| bare(&view)).ok());
        for mut segment in fresh.map(|segment| self.wire.as_captured(segment)) {
            if segment.source != own || segment.destination != peer {
                continue;
            }
            if segment.has(tcp::RST) {
                self.has_reset = true;
            } else if self.sent_end.is_none_or(|sent| after(segment.end(), sent)) {
                self.sent_end = Some(segment.end());
            }
            let edge = segment.ack.wrapping_add(segment.offered_window());
            if segment.has(tcp::ACK) && self.edge.is_none_or(|before| after(edge, before)) {
                self.edge = Some(edge);
            }
            segment.time_ns = segment.time_ns.saturating_add(self.conversation.way_ns);
            self.stack.push(segment);
        }
        self.seen = self.machine.sent().len();
        let time_ns = self.machine.now_ns().saturating_add(self.conversation.way_ns);
        self.senders.look(self.machine.kernel(), self.wire.own(), self.wire.peer(), time_ns);
        if let (Some(sent), Some(given)) = (self.sent_end, self.given_ack)
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
        if self.given_ack.is_none_or(|given| after(ack, given)) {
            self.given_ack = Some(ack);
            self.held += 1;
            if let Some(frame) = acknowledgement(&last.bare(), &self.wire, self.peer_end, ack) {
                self.deliver(frame, 0);
            }
        }
    }

    fn deliver(&mut self, frame: Vec<u8>, number: usize) {
        self.given.push(number);
        self.machine.deliver(frame);
        self.process.run(&mut self.machine);
        self.look_at_sent();
    }

    fn peer_segment(&mut self, place: usize) {
        let Some(heard) = self.conversation.heard.get(place) else {
            return;
        };
        let segment = &*heard.segment;
        self.last_peer = Some(heard);
        let mut ack = None;
        if segment.has(tcp::ACK) {
            let Some(sent) = self.sent_end else {
                // A frame that acknowledges cannot arrive before the stack has sent anything, and no timer will send it.
                if !self.has_reset {
                    self.stuck = Some(Stuck::at(segment.frame, self.machine.now_ns()));
                    return;
                }
                return self.give(heard, None);
            };
            if self.credited.is_none_or(|credited| after(segment.ack, credited)) {
                self.credited = Some(segment.ack);
            }
            if after(segment.ack, sent) {
                if segment.sequence_length() == 0 && !segment.has(tcp::RST) && self.given_ack == Some(sent) {
                    // All that is left of it would look like a duplicate.
                    return;
                }
                ack = Some(sent);
            }
            let given = ack.unwrap_or(segment.ack);
            if self.given_ack.is_none_or(|before| after(given, before)) {
                self.given_ack = Some(given);
            }
        }
        if after(segment.end(), self.peer_end) || segment.opens() || self.peer_end == 0 {
            self.peer_end = segment.end();
        }
        self.give(heard, ack);
    }

    fn give(&mut self, heard: &Heard<'_>, ack: Option<u32>) {
        let segment = &*heard.segment;
        let scaled = (heard.shift > 0).then(|| Segment { window_shift: heard.shift, ..segment.clone() });
        let prepared = prepare(scaled.as_ref().unwrap_or(segment), self.capture, &self.wire, ack);
        self.changed += usize::from(prepared.changed && !is_ghost(segment));
        let is_outside =
            |edge: u32| segment.length > 0 && after(segment.data_start().wrapping_add(segment.length), edge);
        self.outside += usize::from(self.edge.is_some_and(is_outside));
        for frame in prepared.frames {
            self.deliver(frame, segment.frame);
        }
    }

    pub(super) fn outcome(self) -> Outcome {
        let conversation = self.conversation;
        let own = conversation.heard.iter().filter(|heard| heard.own);
        let capture: Vec<Segment> = own.map(Heard::bare).collect();
        let stuck = self.stuck.clone().or_else(|| self.never_connected(&capture));
        let oops = self.machine.kernel().oops.as_ref().map(|oops| oops.story.clone());
        let ghosts = |own: bool| {
            let (frames, octets) = conversation.ghosts(own);
            Ghosts { frames, octets }
        };
        let (beginning, journal, frames) = self.machine.into_journal();
        let lines = align(&self.stack, &capture, self.end_ns);
        let resends = lines.iter().filter(|line| line.statement.kind == Kind::Again).filter_map(|line| line.stack);
        let first_resend_ns = resends.filter_map(|place| self.stack.get(place)).map(|segment| segment.time_ns).min();
        Outcome {
            own: conversation.own,
            peer: conversation.peer,
            is_client: conversation.is_client,
            start_ns: conversation.heard.iter().map(|heard| heard.segment.time_ns).min().unwrap_or(0),
            end_ns: self.end_ns,
            vantage: conversation.vantage,
            way_ns: conversation.way_ns,
            lines,
            senders: self.senders,
            first_resend_ns,
            own_ghosts: ghosts(true),
            peer_ghosts: ghosts(false),
            lost: conversation.lost(),
            outside: self.outside,
            pauses: pauses(self.reading, &self.stack, &capture),
            behind: behind(&self.stack, &capture),
            stack: self.stack,
            capture,
            changed: self.changed,
            held: self.held,
            stuck,
            failed: self.process.failed().to_vec(),
            oops,
            wire: self.wire,
            frames,
            given: self.given,
            beginning,
            journal,
        }
    }

    /// The captured end had a connection, and 1.2.13 has none at the end.
    fn never_connected(&self, capture: &[Segment]) -> Option<Stuck> {
        let spoke = capture.iter().any(|segment| segment.length > 0) || self.peer_spoke();
        let failed = !self.process.failed().is_empty();
        (spoke && !failed && !self.process.was_connected() && !self.has_reset).then(|| {
            let first = self.conversation.heard.iter().find(|heard| !heard.own);
            Stuck::at(first.map_or(0, |heard| heard.segment.frame), self.machine.now_ns())
        })
    }

    fn peer_spoke(&self) -> bool {
        self.conversation.heard.iter().any(|heard| !heard.own && heard.segment.length > 0)
    }
}

/// A segment of the stack without its data, which its frame holds.
fn bare(view: &SegmentView<'_>) -> Segment {
    Segment {
        frame: view.frame,
        time_ns: view.time_ns,
        source_hardware: view.source_hardware,
        destination_hardware: view.destination_hardware,
        source: view.source,
        destination: view.destination,
        seq: view.seq,
        ack: view.ack,
        flags: view.flags,
        window: view.window,
        window_shift: 0,
        options: view.options.to_vec(),
        length: view.length,
        payload: Vec::new(),
        checksum_right: None,
        fragments: Vec::new(),
    }
}

/// The captured reader's pauses, and what 1.2.13 made of them.
fn pauses(reading: Reading, stack: &[Segment], capture: &[Segment]) -> Option<Pauses> {
    if reading != Reading::Paced {
        return None;
    }
    let mut closed = capture.iter().filter(|segment| closes_window(segment));
    let first_frame = closed.next()?.frame;
    let offered = stack.iter().filter(|segment| segment.has(tcp::ACK) && !segment.has(tcp::SYN | tcp::RST));
    Some(Pauses {
        captured: closed.count() + 1,
        first_frame,
        stack: stack.iter().filter(|segment| closes_window(segment)).count(),
        smallest: offered.map(Segment::offered_window).min().unwrap_or(0),
    })
}

/// How far both had come, where the stack had come less far.
fn behind(stack: &[Segment], capture: &[Segment]) -> Option<Behind> {
    let first = capture.iter().find(|segment| segment.has(tcp::SYN))?.data_start();
    let come = |segments: &[Segment]| {
        let ends = segments.iter().filter(|segment| segment.length > 0);
        let ends = ends.map(|segment| segment.data_start().wrapping_add(segment.length).wrapping_sub(first));
        ends.filter(|end| end.cast_signed() > 0).max().unwrap_or(0)
    };
    let (sent, captured) = (come(stack), come(capture));
    (sent < captured).then_some(Behind { sent, captured })
}
