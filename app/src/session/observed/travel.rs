//! Where the cursor goes in an observed capture. Promise: every motion has a twin of the same size the other way; where there is
//! nothing that way the cursor stays and a sentence says so.

use super::ObservedSession;
use crate::capture::observe::Observed;
use crate::i18n::Words;
use crate::session::answer::{Answer, Refused};
use crate::session::motion::{Direction, Motion};

/// Said at either end of the capture.
const NO_FRAME: [Words; 2] = [
    Words::new("this is the last TCP frame of the capture", "这是抓包中最后一个 TCP 帧"),
    Words::new("this is the first TCP frame of the capture", "这是抓包中第一个 TCP 帧"),
];
/// Said where the connection has no frame that way.
const NO_OWN_FRAME: [Words; 2] = [
    Words::new("the connection in focus has no later frame", "焦点连接之后再没有帧"),
    Words::new("the connection in focus has no earlier frame", "焦点连接之前没有帧"),
];
/// Said where no state is entered that way.
const NO_STATE: [Words; 2] = [
    Words::new("no later frame shows an end of this connection in a new state", "之后没有帧表明此连接的某端进入新状态"),
    Words::new(
        "no earlier frame shows an end of this connection in a new state",
        "之前没有帧表明此连接的某端进入新状态",
    ),
];
/// Said where no odd frame lies that way.
const NO_ODDITY: [Words; 2] = [
    Words::new("no later frame of this connection came for an unusual reason", "此连接之后没有其他异常的帧"),
    Words::new("no earlier frame of this connection came for an unusual reason", "此连接之前没有其他异常的帧"),
];

/// The one of two sentences for a direction.
fn told([ahead, behind]: [Words; 2], direction: Direction) -> Answer {
    Answer::Told(match direction {
        Direction::Forward => ahead,
        Direction::Backward => behind,
    })
}

impl ObservedSession {
    /// Moves by one motion.
    pub fn travel(&mut self, motion: Motion, direction: Direction) -> Answer {
        let (next, none) = match motion {
            Motion::Into | Motion::Micro => (self.next_of_any(direction), NO_FRAME),
            Motion::Over | Motion::Frame => (self.next_own(direction, |_| true), NO_OWN_FRAME),
            Motion::State => (self.next_state(direction), NO_STATE),
            Motion::Run | Motion::End => (self.end(direction), NO_FRAME),
            Motion::Out | Motion::Timer | Motion::Layer => return Answer::Refused(Refused::NotInFrames),
        };
        self.stand_or_say(next, none, direction)
    }

    /// To the next frame of the connection in focus that came for another reason than that a connection works.
    pub fn seek_oddity(&mut self, direction: Direction) -> Answer {
        let next = self.next_own(direction, |observed| !observed.marks.is_usual());
        self.stand_or_say(next, NO_ODDITY, direction)
    }

    /// Moves to a frame by its number; to the TCP frame before it where it is none, or to the first one.
    pub fn go_to(&mut self, number: u64) -> Answer {
        let index = self.table.index();
        let wanted = usize::try_from(number).unwrap_or(usize::MAX).clamp(1, index.frames().max(1));
        let is_tcp = |frame: &usize| index.connection_of(*frame).is_some();
        let found = (1..=wanted).rev().find(is_tcp).or_else(|| (wanted..=index.frames()).find(is_tcp));
        match found.filter(|frame| *frame != self.at) {
            Some(frame) => {
                self.at = frame;
                Answer::Moved
            }
            None => Answer::Told(Words::new("the cursor stands there already", "光标已在该处")),
        }
    }

    /// The number of the frame on a line of the pane that lists the frames of the connection, by its place from 0.
    #[must_use]
    pub fn frame_of_line(&self, line: usize) -> Option<u64> {
        self.observation().frames().get(line).map(|observed| super::long(observed.seen.frame))
    }

    fn stand_or_say(&mut self, next: Option<usize>, none: [Words; 2], direction: Direction) -> Answer {
        match next {
            Some(frame) => {
                self.at = frame;
                Answer::Moved
            }
            None => told(none, direction),
        }
    }

    /// The next TCP frame of any connection.
    fn next_of_any(&self, direction: Direction) -> Option<usize> {
        let index = self.table.index();
        let is_tcp = |frame: &usize| index.connection_of(*frame).is_some();
        match direction {
            Direction::Forward => (self.at + 1..=index.frames()).find(is_tcp),
            Direction::Backward => (1..self.at).rev().find(is_tcp),
        }
    }

    /// The first TCP frame of the capture, or the last; none where the cursor stands there.
    fn end(&self, direction: Direction) -> Option<usize> {
        let index = self.table.index();
        let is_tcp = |frame: &usize| index.connection_of(*frame).is_some();
        let end = match direction {
            Direction::Forward => (1..=index.frames()).rev().find(is_tcp),
            Direction::Backward => (1..=index.frames()).find(is_tcp),
        };
        end.filter(|frame| *frame != self.at)
    }

    /// The next frame of the connection in focus that fits.
    fn next_own(&self, direction: Direction, fits: impl Fn(&Observed) -> bool) -> Option<usize> {
        let frames = self.observation().frames();
        let found = match direction {
            Direction::Forward => {
                frames.get(self.observation().passed(self.at)..)?.iter().find(|observed| fits(observed))
            }
            Direction::Backward => {
                let before = self.observation().passed(self.at.saturating_sub(1));
                frames.get(..before)?.iter().rev().find(|observed| fits(observed))
            }
        };
        found.map(|observed| observed.seen.frame)
    }

    /// The next frame of the connection in focus that shows an end of it in a new state.
    fn next_state(&self, direction: Direction) -> Option<usize> {
        let (observation, at) = (self.observation(), self.at);
        let frame = |place: usize| observation.frames().get(place).map(|observed| observed.seen.frame);
        let entered = observation.entered();
        let passed = |number: usize| entered.partition_point(|one| frame(one.place).is_some_and(|n| n <= number));
        let place = match direction {
            Direction::Forward => passed(at),
            Direction::Backward => passed(at.saturating_sub(1)).checked_sub(1)?,
        };
        entered.get(place).and_then(|entered| frame(entered.place))
    }
}
