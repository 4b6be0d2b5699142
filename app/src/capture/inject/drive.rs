//! The replay itself: calls and frames go in one after the other, at the times of the played end. A frame of the peer that
//! acknowledges what the stack has not sent yet has its acknowledgement held down, and the rest of it follows a round trip
//! after the stack has caught up. A frame with data beyond the window that the stack offers waits until it may be sent
//! ([`hold`]), and with it what the application did after reading it.
//! Promise: the machine runs from a second before the first frame to the end of the capture and not longer.
//!
//! [`hold`]: super::hold

use stack::wire::tcp;

use super::conversation::{Conversation, Heard};
use super::ghost::is_ghost;
use super::hold::Hold;
use super::measure::{answered, behind, pauses};
use super::sender::Senders;
use super::stuck::{Cause, Stuck};
use super::{Ghosts, Given, Outcome};
use crate::capture::FramesByNumber;
use crate::capture::compare::statement::Kind;
use crate::capture::compare::{SAME_TIME_NS, align};
use crate::capture::connection::Connection;
use crate::capture::infer::{Call, Part, Reading, Step, Timed, part};
use crate::capture::machine::Machine;
use crate::capture::peer::{acknowledgement, piece_size, prepare};
use crate::capture::process::{FailedCall, Process};
use crate::capture::segment::{Segment, SegmentView};
use crate::capture::stream::after;
use crate::capture::wire::Wire;

/// How long the machine runs before the first frame of the capture.
const LEAD_NS: u64 = 1_000_000_000;
/// The longest time that is replayed; behind it the frames follow each other without a pause. A damaged timestamp
/// may lie centuries ahead.
const LONGEST_NS: u64 = 7 * 86_400 * 1_000_000_000;

/// A replay in progress.
pub(super) struct Injection<'a> {
    frames: &'a dyn FramesByNumber,
    conversation: &'a Conversation<'a>,
    reading: Reading,
    unknown_end: bool,
    steps: Vec<Timed>,
    machine: Machine,
    process: Process,
    wire: Wire,
    /// What the stack has sent in this connection, with the times of the place of capture.
    stack: Vec<Segment<'static>>,
    /// Frames of the stack that were looked at already.
    seen: usize,
    /// It has sent a reset.
    has_reset: bool,
    /// Behind the last byte the stack has sent.
    sent_end: Option<u32>,
    /// What waits for the window of the stack.
    hold: Hold,
    /// The right edge of the window that the captured end had offered.
    captured_edge: Option<u32>,
    /// How far into what was heard that is known.
    heard_to: usize,
    /// Behind the last byte the peer was given to send.
    peer_end: u32,
    /// The highest acknowledgement of the peer in the capture so far.
    credited: Option<u32>,
    /// The highest acknowledgement that the stack was given.
    given_ack: Option<u32>,
    /// How far the stack had sent at which time, both growing.
    sends: Vec<(u64, u32)>,
    /// The last segment of the peer.
    last_peer: Option<&'a Heard<'a>>,
    round_trip_ns: u64,
    /// So long after it was sent something can be acknowledged; 0 where nobody knows.
    answer_ns: u64,
    /// The end of the capture where it was taken.
    end_ns: u64,
    /// Of the frame that is being given only this piece, and whether it is the last one.
    given_piece: Option<(usize, bool)>,
    given: Vec<Given>,
    boot_ns: u64,
    changed: usize,
    held: usize,
    senders: Senders,
    stuck: Option<Stuck>,
}

impl<'a> Injection<'a> {
    pub(super) fn new(
        frames: &'a dyn FramesByNumber,
        connection: &Connection,
        conversation: &'a Conversation<'a>,
        end_ns: u64,
    ) -> Self {
        let (own, heard) = (conversation.own, &conversation.heard);
        let start = heard.first().map_or(0, |first| first.time_ns);
        let boot_ns = start.saturating_sub(LEAD_NS);
        let wire = Wire::of(connection, own);
        // 1.2.13 takes its initial number when it connects, or when the SYN arrives: at the time of the first frame that is there.
        let syn = heard.iter().find(|heard| heard.own && heard.segment.has(tcp::SYN));
        let first = heard.iter().find(|heard| !heard.lost).map_or(start, |first| first.time_ns);
        let initial = syn.map(|heard| (first, heard.segment.seq));
        let Part { steps, reading, unknown_end } = part(conversation);
        let last = connection.segments.iter().map(|segment| segment.time_ns).max().unwrap_or(start).max(end_ns);
        Self {
            frames,
            conversation,
            reading,
            unknown_end,
            steps,
            machine: Machine::boot(&wire.place(), boot_ns, initial),
            process: Process::new(wire.own(), wire.peer(), reading),
            wire,
            stack: Vec::new(),
            seen: 0,
            has_reset: false,
            sent_end: None,
            hold: Hold::default(),
            captured_edge: None,
            heard_to: 0,
            peer_end: 0,
            credited: None,
            given_ack: None,
            sends: Vec::new(),
            last_peer: None,
            round_trip_ns: conversation.quickest_round_trip_ns().unwrap_or_else(|| conversation.round_trip_ns()).max(1),
            // Somewhat less: it is an estimate.
            answer_ns: conversation.quickest_round_trip_ns().map_or(0, |round_ns| round_ns - round_ns / 8),
            end_ns: last.min(start.saturating_add(LONGEST_NS)),
            given_piece: None,
            given: Vec::new(),
            boot_ns,
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
            if self.must_wait(&timed.step) {
                self.wait(timed);
            } else {
                self.step(timed.step);
            }
            if self.is_over() {
                return;
            }
        }
        // What the stack sends now passes the place of capture a way later. A tick more, or what it sends with the last
        // captured frame could not be compared with that.
        self.pass_to(self.end_ns.saturating_sub(self.conversation.way_ns).saturating_add(SAME_TIME_NS));
        if self.stuck.is_none() {
            self.stuck = self.never_opened();
        }
    }

    fn is_over(&self) -> bool {
        self.stuck.is_some() || self.machine.kernel().oops.is_some()
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Call(call) => {
                self.process.call(&mut self.machine, call);
                self.look_at_sent();
            }
            Step::Peer(place) => self.peer_segment(place),
        }
    }

    /// Whether a step has to wait: for the window, or behind what waits for it.
    fn must_wait(&mut self, step: &Step) -> bool {
        match step {
            Step::Peer(place) => {
                let Some(heard) = self.conversation.heard.get(*place) else { return false };
                self.hear(*place);
                let (segment, is_closing) = (&*heard.segment, heard.segment.has(tcp::FIN));
                let end = segment.data_start().wrapping_add(segment.length);
                let carries = segment.length > 0 || is_closing;
                if !carries || self.has_reset || segment.has(tcp::SYN | tcp::RST) {
                    return false;
                }
                // What the captured end had no room for either is a probe, or the peer's own affair.
                let is_probe = self.captured_edge.is_some_and(|edge| after(end, edge));
                let is_outside = self.hold.edge().is_some_and(|edge| after(end, edge));
                let is_behind = !self.hold.is_empty() && after(segment.end(), self.peer_end);
                is_outside && !is_probe || is_behind
            }
            Step::Call(Call::ReadTo(_)) => false,
            Step::Call(_) => !self.hold.is_empty() && self.reading != Reading::Never,
        }
    }

    /// Learns which windows the captured end had offered before the frame at a place arrived.
    fn hear(&mut self, place: usize) {
        let fresh = self.conversation.heard.get(self.heard_to..place).unwrap_or(&[]);
        for heard in
            fresh.iter().filter(|heard| heard.own && heard.segment.has(tcp::ACK) && !heard.segment.has(tcp::RST))
        {
            let edge = heard.segment.ack.wrapping_add(heard.window());
            if self.captured_edge.is_none_or(|before| after(edge, before)) {
                self.captured_edge = Some(edge);
            }
        }
        self.heard_to = self.heard_to.max(place);
    }

    /// Lets a step wait. What a frame acknowledges comes all the same: the peer would have said it without the data.
    fn wait(&mut self, timed: Timed) {
        let now_ns = self.captured_now();
        let Step::Peer(place) = timed.step else { return self.hold.wait(timed, now_ns) };
        let Some(heard) = self.conversation.heard.get(place) else { return };
        self.last_peer = Some(heard);
        let ack = heard.segment.ack;
        if heard.segment.has(tcp::ACK) && self.credited.is_none_or(|credited| after(ack, credited)) {
            self.credited = Some(ack);
            self.acknowledge();
        }
        let (seq, end) = (heard.segment.seq, heard.segment.end());
        let range = |timed: &Timed| match timed.step {
            Step::Peer(place) => {
                self.conversation.heard.get(place).map(|other| (other.segment.seq, other.segment.end()))
            }
            Step::Call(_) => None,
        };
        self.hold.wait_in_order(timed, (seq, end), range, now_ns);
    }

    /// The time now, at the place of capture.
    fn captured_now(&self) -> u64 {
        self.machine.now_ns().saturating_add(self.conversation.way_ns)
    }

    /// When the first step that waits may go on; None where nothing waits, or nobody knows yet.
    fn due_ns(&self) -> Option<u64> {
        let timed = self.hold.first()?;
        let Step::Peer(place) = timed.step else { return Some(timed.time_ns) };
        let heard = self.conversation.heard.get(place)?;
        let end = self.piece_end(&heard.segment);
        let offered_ns = self.hold.offered_ns(end)?;
        Some(timed.time_ns.max(offered_ns.saturating_add(self.round_trip_ns)))
    }

    /// Behind the last octet of the next piece of a frame that waits: frames longer than the wire allows are given in pieces.
    fn piece_end(&self, segment: &Segment) -> u32 {
        self.behind_pieces(segment, self.hold.pieces.saturating_add(1))
    }

    /// Behind the last octet of so many pieces of a frame.
    fn behind_pieces(&self, segment: &Segment, pieces: usize) -> u32 {
        let most = u32::try_from(piece_size(segment, self.frames)).unwrap_or(u32::MAX);
        let pieces = u32::try_from(pieces).unwrap_or(u32::MAX);
        segment.data_start().wrapping_add(most.saturating_mul(pieces).min(segment.length))
    }

    /// Gives the first step that waits, or the next piece of it.
    fn go_on(&mut self) {
        let Some(timed) = self.hold.first().cloned() else { return };
        let Step::Peer(place) = timed.step else {
            self.hold.given(self.captured_now());
            return self.step(timed.step);
        };
        let Some(heard) = self.conversation.heard.get(place) else { return self.hold.given(self.captured_now()) };
        let piece = self.hold.pieces;
        let is_last =
            !after(heard.segment.data_start().wrapping_add(heard.segment.length), self.piece_end(&heard.segment));
        if is_last {
            self.hold.given(self.captured_now());
        } else {
            self.hold.pieces += 1;
        }
        self.given_piece = Some((piece, is_last));
        self.peer_segment(place);
        self.given_piece = None;
    }

    /// A frame waits for a window that has not opened when the capture ends, though all that came before it was read.
    fn never_opened(&self) -> Option<Stuck> {
        let timed = self.hold.first().filter(|_| !self.has_reset && self.due_ns().is_none())?;
        let Step::Peer(place) = timed.step else { return None };
        let frame = self.conversation.heard.get(place)?.segment.frame;
        Some(Stuck { cause: Cause::Window, ..Stuck::at(frame, timed.time_ns) })
    }

    /// When the peer is to give more of an acknowledgement that was held down: a round trip after the stack has sent something
    /// that it covers. None where the peer owes none.
    fn follow_ns(&self) -> Option<u64> {
        let (credited, given) = (self.credited?, self.given_ack?);
        let place = self.sends.partition_point(|(_, end)| !after(*end, given));
        let (sent_ns, _) = self.sends.get(place).filter(|_| after(credited, given))?;
        Some(sent_ns.saturating_add(self.round_trip_ns))
    }

    /// The most that the peer can acknowledge now: what the stack had sent a round trip ago. At the beginning all that it has sent.
    fn can_acknowledge(&self) -> Option<u32> {
        let now_ns = self.machine.now_ns();
        let place = self.sends.partition_point(|(sent_ns, _)| sent_ns.saturating_add(self.answer_ns) <= now_ns);
        let heard = place.checked_sub(1).and_then(|place| self.sends.get(place)).map(|(_, end)| *end);
        heard.or(self.sent_end)
    }

    /// Lets time pass, with held acknowledgements and data following in it.
    fn pass_to(&mut self, time_ns: u64) {
        while !self.is_over() {
            let due_ns = self.due_ns();
            let follow_ns = self.follow_ns();
            let stop = [follow_ns, due_ns].into_iter().flatten().fold(time_ns, u64::min);
            let reached = self.machine.pass_towards(stop);
            self.process.run(&mut self.machine);
            self.look_at_sent();
            if follow_ns.is_some_and(|follow| follow <= self.machine.now_ns()) && self.acknowledge() {
                self.held += 1;
            } else if due_ns.is_some_and(|due| due <= self.machine.now_ns() && due <= time_ns) {
                self.go_on();
            } else if reached && self.machine.now_ns() >= time_ns {
                return;
            }
        }
    }

    /// Notes what the stack has sent.
    fn look_at_sent(&mut self) {
        let (own, peer) = (self.conversation.own, self.conversation.peer);
        let fresh = self.machine.sent().get(self.seen..).unwrap_or(&[]);
        // Their data is in their frames, and nobody doubts their checksums.
        let fresh =
            fresh.iter().filter_map(|frame| SegmentView::read(&frame.into()).map(|view| view.unsummed().bare()).ok());
        for mut segment in fresh.map(|segment| self.wire.as_captured(segment)) {
            if segment.source != own || segment.destination != peer {
                continue;
            }
            if segment.has(tcp::RST) {
                self.has_reset = true;
            } else if self.sent_end.is_none_or(|sent| after(segment.end(), sent)) {
                self.sent_end = Some(segment.end());
                self.sends.push((segment.time_ns, segment.end()));
            }
            let edge = segment.ack.wrapping_add(segment.offered_window());
            if segment.has(tcp::ACK) {
                self.hold.offered(segment.time_ns, edge);
            }
            segment.time_ns = segment.time_ns.saturating_add(self.conversation.way_ns);
            self.stack.push(segment);
        }
        self.seen = self.machine.sent().len();
        let time_ns = self.machine.now_ns().saturating_add(self.conversation.way_ns);
        self.senders.look(self.machine.kernel(), self.wire.own(), self.wire.peer(), time_ns);
    }

    /// A bare acknowledgement of the peer, as far as the stack has come; says whether there was anything to acknowledge.
    fn acknowledge(&mut self) -> bool {
        let (Some(credited), Some(sent), Some(last)) = (self.credited, self.can_acknowledge(), self.last_peer) else {
            return false;
        };
        let ack = if after(credited, sent) { sent } else { credited };
        let is_news = self.given_ack.is_none_or(|given| after(ack, given));
        if is_news {
            self.given_ack = Some(ack);
            if let Some(frame) = acknowledgement(&last.bare(), &self.wire, self.peer_end, ack) {
                let time_ns = self.machine.now_ns().saturating_sub(self.conversation.way_ns);
                self.deliver(frame, Given { frame: 0, time_ns, is_ghost: false });
            }
        }
        is_news
    }

    fn deliver(&mut self, frame: Vec<u8>, given: Given) {
        self.given.push(given);
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
            let sent = self.can_acknowledge().filter(|_| !segment.has(tcp::SYN)).unwrap_or(sent);
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
        let end = match self.given_piece {
            Some((_, false)) => self.behind_pieces(segment, self.hold.pieces),
            _ => segment.end(),
        };
        if after(end, self.peer_end) || segment.opens() || self.peer_end == 0 {
            self.peer_end = end;
        }
        self.give(heard, ack);
    }

    fn give(&mut self, heard: &Heard<'_>, ack: Option<u32>) {
        let segment = &*heard.segment;
        let scaled = (heard.shift > 0).then(|| Segment { window_shift: heard.shift, ..segment.clone() });
        let prepared = prepare(scaled.as_ref().unwrap_or(segment), self.frames, &self.wire, ack);
        let is_first = self.given_piece.is_none_or(|(piece, _)| piece == 0);
        self.changed += usize::from(prepared.changed && is_first && !is_ghost(segment));
        let (skipped, taken) = match self.given_piece {
            Some((piece, false)) => (piece, 1),
            Some((piece, true)) => (piece, usize::MAX),
            None => (0, usize::MAX),
        };
        // A frame that waited for the window passes the place of capture later than it was captured.
        let late = self.machine.now_ns().saturating_sub(heard.time_ns);
        let time_ns = segment.time_ns.saturating_add(late);
        for frame in prepared.frames.into_iter().skip(skipped).take(taken) {
            self.deliver(frame, Given { frame: segment.frame, time_ns, is_ghost: is_ghost(segment) });
        }
    }

    pub(super) fn outcome(mut self) -> Outcome {
        let conversation = self.conversation;
        let own = conversation.heard.iter().filter(|heard| heard.own);
        let capture: Vec<Segment<'static>> = own.map(Heard::bare).collect();
        let stuck = self.stuck.clone().or_else(|| self.never_connected(&capture));
        let oops = self.machine.kernel().oops.as_ref().map(|oops| oops.story.clone());
        let ghosts = |own: bool| {
            let (frames, octets) = conversation.ghosts(own);
            Ghosts { frames, octets }
        };
        let failed = self.process.failed().iter().map(|call| self.explained(call)).collect();
        let accepted = self.machine.written(self.wire.own(), self.wire.peer()).saturating_sub(self.process.written());
        let times = self.hold.times();
        let (beginning, journal, frames, happened) = self.machine.into_journal();
        let waiting = self.hold.rest().filter(|timed| matches!(timed.step, Step::Peer(_))).count();
        let lines = align(&self.stack, &capture, self.end_ns, &times);
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
            answered: answered(conversation, &lines, &capture),
            lines,
            senders: self.senders,
            repeats_ns: conversation.repeats_ns(),
            first_resend_ns,
            own_ghosts: ghosts(true),
            peer_ghosts: ghosts(false),
            lost: conversation.lost(),
            unknown_end: self.unknown_end,
            outside: self.hold.frames,
            waiting,
            accepted,
            pauses: pauses(self.reading, &self.stack, &capture),
            behind: behind(&self.stack, &capture),
            stack: self.stack,
            capture,
            changed: self.changed,
            held: self.held,
            stuck,
            failed,
            oops,
            wire: self.wire,
            frames,
            given: self.given,
            boot_ns: self.boot_ns,
            beginning,
            journal,
            happened,
        }
    }

    /// A call that failed, with whether a reset of the captured peer is the reason.
    fn explained(&self, call: &FailedCall) -> FailedCall {
        let is_reset = |heard: &Heard<'_>| !heard.own && heard.segment.has(tcp::RST) && heard.time_ns <= call.time_ns;
        FailedCall { by_peer: self.conversation.heard.iter().any(is_reset), ..call.clone() }
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
