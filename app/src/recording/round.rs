//! What a session records in one go, before it is handed over: acts of the journal, and frames as packet blocks. The octets of a
//! frame that enters stand once, in the packet block that is written when it passes; the line of the journal only says that so many
//! frames enter, and which those are is told by the numbers of the blocks.
//!
//! A frame enters and passes at two moments, with others passing in between, or it never passes: the card may refuse it, and a
//! kernel that died takes nothing. So its block is built when it enters and stands behind those of the frames that have passed;
//! when it passes it becomes one of them. One that has not when everything is handed over is given to the journal in full.
//!
//! Promise: blocks stand in the order in which frames passed, and the journal has every frame that entered.

use std::collections::VecDeque;

use stack::lab::journal::Act;

use super::blocks::{self, FRAME_AT, Packet};
use super::journal::{encode_act, encode_horizon, push_arrival, push_frame};
use crate::capture::FrameDirection;

/// A frame that has entered and not passed.
#[derive(Debug)]
struct Entered {
    number: u64,
    /// Octets of the frame, and of its block.
    frame: usize,
    block: usize,
}

/// What was recorded and not handed over.
#[derive(Debug, Default)]
pub(super) struct Round {
    /// Blocks of the frames that have passed, in that order, and behind them of those that have entered and not passed.
    packets: Vec<u8>,
    /// Octets of the former.
    passed: usize,
    /// Where the last of the former begins.
    last: Option<usize>,
    entered: VecDeque<Entered>,
    /// Lines of the journal.
    journal: Vec<u8>,
    /// A comment on what happened last.
    comment: Option<String>,
    /// Frames that the journal has pointed at since the recording began.
    number: u64,
    /// How far time has gone according to what was recorded, microseconds of virtual time.
    told: u64,
    /// Wall time of virtual time 0, microseconds since 1970.
    boot_time: u64,
}

impl Round {
    /// The first one of a world whose second 0 was so many microseconds behind 1970.
    pub(super) fn new(boot_time: u64) -> Self {
        Self { boot_time, ..Self::default() }
    }

    /// Nanoseconds since 1970 at a virtual time in microseconds.
    fn wall_time(&self, time: u64) -> u64 {
        self.boot_time.saturating_add(time).saturating_mul(1_000)
    }

    /// Nanoseconds since 1970 at the time up to which it goes.
    pub(super) fn time_ns(&self) -> u64 {
        self.wall_time(self.told)
    }

    /// Takes an act of the journal, which happened at `time` (microseconds of virtual time).
    pub(super) fn act(&mut self, time: u64, act: &Act) {
        self.told = self.told.max(time);
        match act {
            Act::Frames { host, frames } => {
                push_arrival(&mut self.journal, time, *host, frames);
                let time_ns = self.wall_time(time);
                for (_, bytes) in frames {
                    self.number += 1;
                    let number = Some(self.number);
                    let packet = Packet { interface: 0, time_ns, direction: FrameDirection::Inbound, number, bytes };
                    let block = blocks::packet(&mut self.packets, &packet);
                    self.entered.push_back(Entered { number: self.number, frame: bytes.len(), block });
                }
            }
            act => self.journal.extend_from_slice(encode_act(time, act).as_bytes()),
        }
    }

    /// Takes how far time has gone (microseconds of virtual time), where that is news.
    pub(super) fn horizon(&mut self, horizon: u64) {
        if horizon > self.told {
            self.told = horizon;
            self.journal.extend_from_slice(encode_horizon(horizon).as_bytes());
        }
    }

    /// Takes a comment on what has happened last.
    pub(super) fn comment(&mut self, comment: String) {
        self.comment = Some(comment);
    }

    /// Takes a frame that has passed the device, at `time` (microseconds of virtual time).
    pub(super) fn passed(&mut self, time: u64, from_outside: bool, bytes: &[u8]) {
        let time_ns = self.wall_time(time);
        if from_outside && self.passes(time_ns, bytes) {
            return;
        }
        let direction = if from_outside { FrameDirection::Inbound } else { FrameDirection::Outbound };
        let packet = Packet { interface: 0, time_ns, direction, number: None, bytes };
        let block = blocks::packet(&mut self.packets, &packet);
        if let Some(behind) = self.packets.get_mut(self.passed..).filter(|behind| behind.len() > block) {
            behind.rotate_right(block);
        }
        self.passes_by(block);
    }

    /// The first block behind those of frames that have passed is of one, too.
    fn passes_by(&mut self, block: usize) {
        self.last = Some(self.passed);
        self.passed += block;
    }

    /// Whether the frame is one that has entered; then it passes now, and those that entered before it never do.
    fn passes(&mut self, time_ns: u64, bytes: &[u8]) -> bool {
        let mut start = self.passed;
        let is_it = |entered: &Entered| {
            let frame = self.packets.get(start + FRAME_AT..start + FRAME_AT + entered.frame);
            start += entered.block;
            frame == Some(bytes)
        };
        let Some(place) = self.entered.iter().position(is_it) else { return false };
        (0..place).for_each(|_| self.never_passes());
        let Some(entered) = self.entered.pop_front() else { return false };
        blocks::set_time(&mut self.packets, self.passed, time_ns);
        self.passes_by(entered.block);
        true
    }

    /// The first frame that has entered and not passed goes into the journal in full.
    fn never_passes(&mut self) {
        let Some(Entered { number, frame, block }) = self.entered.pop_front() else { return };
        let start = self.passed + FRAME_AT;
        push_frame(&mut self.journal, number, self.packets.get(start..start + frame).unwrap_or(&[]));
        self.packets.drain(self.passed..self.passed + block);
    }

    /// Whether there is nothing to be handed over.
    pub(super) fn is_empty(&self) -> bool {
        self.packets.is_empty() && self.journal.is_empty() && self.comment.is_none()
    }

    /// Octets of everything, when it is [`Round::complete`].
    pub(super) fn len(&self) -> usize {
        self.packets.len() + self.journal.len() + self.comment.as_ref().map_or(0, |comment| comment.len() + 64)
    }

    /// Gives what has entered and not passed to the journal.
    pub(super) fn complete(&mut self) {
        while !self.entered.is_empty() {
            self.never_passes();
        }
    }

    /// Moves everything into a stream, and keeps the room.
    pub(super) fn pour(&mut self, stream: &mut super::stream::Stream) {
        stream.append(&self.packets, self.last, &self.journal);
        if let Some(comment) = self.comment.take() {
            stream.comment(self.time_ns(), &comment);
        }
        self.clear();
    }

    /// Lets everything go, and keeps the room.
    pub(super) fn clear(&mut self) {
        self.packets.clear();
        self.entered.clear();
        self.journal.clear();
        (self.passed, self.last, self.comment) = (0, None, None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::read::parse;
    use crate::recording::pcapng::{RecordedInterface, read_journal};
    use crate::recording::stream::Stream;

    /// The file of a round.
    fn file(mut round: Round) -> Vec<u8> {
        let device = RecordedInterface { name: "A.eth0".to_owned(), hardware_address: [2, 0, 0, 0, 0, 1] };
        let (mut stream, mut bytes) = (Stream::begin(&[device], &[]), Vec::new());
        round.complete();
        round.pour(&mut stream);
        stream.save(0);
        stream.end();
        stream.take(&mut bytes);
        bytes
    }

    fn enter(round: &mut Round, time: u64, frames: &[&[u8]]) {
        let frames = frames.iter().map(|bytes| (1, bytes.to_vec())).collect();
        round.act(time, &Act::Frames { host: 0, frames });
    }

    #[test]
    fn a_frame_stands_where_it_passed_and_at_that_time() {
        let mut round = Round::new(1_000);
        enter(&mut round, 5, &[b"first", b"second"]);
        round.passed(7, false, b"sent");
        round.passed(9, true, b"first");
        round.passed(9, true, b"from elsewhere");
        round.passed(10, false, b"sent too");
        round.passed(11, true, b"second");
        let frames = parse(&file(round)).unwrap().frames;
        let seen: Vec<_> =
            frames.iter().map(|frame| (frame.time_ns / 1_000, frame.direction, &frame.bytes[..])).collect();
        let (inbound, outbound) = (FrameDirection::Inbound, FrameDirection::Outbound);
        let expected: [(u64, FrameDirection, &[u8]); 5] = [
            (1_007, outbound, b"sent"),
            (1_009, inbound, b"first"),
            (1_009, inbound, b"from elsewhere"),
            (1_010, outbound, b"sent too"),
            (1_011, inbound, b"second"),
        ];
        assert_eq!(seen, expected);
    }

    #[test]
    fn a_frame_that_never_passes_stands_in_the_journal_alone() {
        let mut round = Round::new(0);
        enter(&mut round, 5, &[b"refused"]);
        enter(&mut round, 6, &[b"passes"]);
        round.passed(6, true, b"passes");
        enter(&mut round, 7, &[b"under way"]);
        let bytes = file(round);
        let frames = parse(&bytes).unwrap().frames;
        assert_eq!(frames.iter().map(|frame| &frame.bytes[..]).collect::<Vec<_>>(), [b"passes"]);
        let lines = String::from_utf8(read_journal(&bytes).unwrap().bytes).unwrap();
        let expected = [
            "{\"t\":5,\"in\":[1]}",
            "{\"t\":6,\"in\":[1]}",
            "{\"frame\":1,\"bytes\":\"72656675736564\"}",
            "{\"t\":7,\"in\":[1]}",
            "{\"frame\":3,\"bytes\":\"756e64657220776179\"}",
        ];
        assert_eq!(lines.lines().collect::<Vec<_>>(), expected);
    }
}
