//! What a session answers when it is told to do something: that it was done, or in so many words why not. Promise: no answer
//! without a reason that a person can act on; the words stand in `i18n`.

use stack::lab::query::QueryError;

use super::motion::{Direction, Motion};
use super::reached::Reached;
use crate::i18n::{Lang, Message, Words};

/// What came of moving, or of looking for something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The cursor stands elsewhere now.
    Moved,
    /// It stands where one of the stops says.
    Stopped(Reached),
    /// It stands where 1.2.13 sends the frame of a line of the comparison with the capture.
    OnLine(usize),
    /// It stands at the time at which it stood in the replay of the other end.
    OtherSide {
        /// Whether this replay lasts so long; else it is its last moment.
        is_all: bool,
    },
    /// A search has begun or goes on: [`super::Session::proceed`] takes the next slice of it.
    Searching,
    /// There is nothing of the kind that way.
    None {
        /// What was looked for.
        motion: Motion,
        /// Which way.
        direction: Direction,
    },
    /// No stop lies that way; there are so many.
    NoStop {
        /// Stops that are set and enabled.
        stops: usize,
        /// Which way.
        direction: Direction,
    },
    /// Nothing wrote a field before here.
    NoWriter(String),
    /// What comes is hidden until the question is answered.
    Masked,
    /// The cursor stays, for the reason that is told.
    Told(Words),
    /// It cannot be done.
    Refused(Refused),
}

impl Answer {
    /// Whether the cursor stands elsewhere.
    #[must_use]
    pub fn moved(&self) -> bool {
        matches!(self, Self::Moved | Self::Stopped(_) | Self::OnLine(_) | Self::OtherSide { .. })
    }

    /// What is said of it; nothing where the screen shows it by itself.
    #[must_use]
    pub fn text(&self, lang: Lang) -> Option<String> {
        Some(match self {
            Self::Moved | Self::OnLine(_) | Self::Searching => return None,
            Self::OtherSide { is_all: true } => Message::OtherSide.text(lang).to_owned(),
            Self::OtherSide { is_all: false } => Message::OtherSideShort.text(lang).to_owned(),
            Self::Stopped(reached) => reached.text(lang),
            Self::None { motion, direction } => none(*motion, *direction).text(lang).to_owned(),
            Self::NoStop { stops: 0, direction: Direction::Forward } => Message::AtEnd.text(lang).to_owned(),
            Self::NoStop { stops: 0, direction: Direction::Backward } => Message::AtStart.text(lang).to_owned(),
            Self::NoStop { stops, direction: Direction::Forward } => {
                Message::NoStopAhead.fill(lang, &[&stops.to_string()])
            }
            Self::NoStop { stops, direction: Direction::Backward } => {
                Message::NoStopBehind.fill(lang, &[&stops.to_string()])
            }
            Self::NoWriter(field) => Message::NoWriter.fill(lang, &[field]),
            Self::Masked => Message::Masked.text(lang).to_owned(),
            Self::Told(words) => words.text(lang).to_owned(),
            Self::Refused(refused) => refused.text(lang),
        })
    }
}

/// The words for nothing of a kind.
fn none(motion: Motion, direction: Direction) -> Message {
    let (ahead, behind) = match motion {
        Motion::Frame => (Message::NoFrameAhead, Message::NoFrameBehind),
        Motion::State => (Message::NoStateAhead, Message::NoStateBehind),
        Motion::Timer => (Message::NoTimerAhead, Message::NoTimerBehind),
        Motion::Layer => (Message::NoLayerAhead, Message::NoLayerBehind),
        Motion::Into | Motion::Over | Motion::Out | Motion::Micro | Motion::Run | Motion::End => {
            (Message::AtEnd, Message::AtStart)
        }
    };
    if direction == Direction::Forward { ahead } else { behind }
}

/// Why something cannot be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Nothing that it could be done to is selected.
    NothingSelected,
    /// The frames of this run come from a device or a file: what became of them is settled.
    NotSimulated,
    /// No frame of the run has that number.
    NoSuchFrame(u64),
    /// The past of a live session cannot be changed.
    LivePast,
    /// A lesson makes the calls itself.
    LessonCalls,
    /// This lesson does not let the wire be changed so.
    LessonWire,
    /// No lesson is open.
    NoLesson,
    /// The lesson has no use for that now.
    NotAsked,
    /// There is only one branch.
    OneBranch,
    /// There is no other branch of that number.
    NoOtherBranch(usize),
    /// There is no mark of that letter in this branch.
    NoMark(char),
    /// A question is open, and its answer would be seen.
    Hidden,
    /// The first branch is what was opened: it cannot be thrown away.
    FirstBranch,
    /// No frame of the same host follows this one.
    NothingToOvertake(u64),
    /// The timer does not run any more when this step is over.
    TimerGone(String),
    /// The host has no such process.
    NoSuchProcess(i32),
    /// What was typed is no span of time.
    NoDuration(String),
    /// What was typed is no octet of the frame, which has so many.
    NoOctet(String, usize),
    /// There is no private network to run commands in.
    NoNetwork,
    /// A captured frame does not tell of it.
    NotInFrames,
    /// What was captured is settled.
    Captured,
    /// The call could not be placed in the run.
    CallLost,
    /// The text of a place cannot be read; what is wrong with it, and where.
    Unreadable(QueryError),
    /// The place cannot be looked for; what is wrong with it.
    Place(String),
}

impl Refused {
    /// The sentence.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let message = match self {
            Self::NothingSelected => Message::NothingSelected,
            Self::NotSimulated => Message::NotSimulated,
            Self::NoSuchFrame(frame) => return Message::NoSuchFrame.fill(lang, &[&frame.to_string()]),
            Self::LivePast => Message::LivePastFixed,
            Self::LessonCalls => Message::LessonCalls,
            Self::LessonWire => Message::LessonWire,
            Self::NoLesson => Message::LessonNotOpen,
            Self::NotAsked => Message::NotAsked,
            Self::OneBranch => Message::OneBranch,
            Self::NoOtherBranch(number) => return Message::NoOtherBranch.fill(lang, &[&number.to_string()]),
            Self::NoMark(letter) => return Message::NoMark.fill(lang, &[&letter.to_string()]),
            Self::Hidden => Message::Masked,
            Self::FirstBranch => Message::FirstBranch,
            Self::NothingToOvertake(frame) => return Message::NothingToOvertake.fill(lang, &[&frame.to_string()]),
            Self::TimerGone(function) => return Message::TimerGone.fill(lang, &[function]),
            Self::NoSuchProcess(pid) => return Message::NoSuchProcess.fill(lang, &[&pid.to_string()]),
            Self::NoDuration(typed) => return Message::NoDuration.fill(lang, &[typed]),
            Self::NoOctet(typed, length) => {
                return Message::NoOctet.fill(lang, &[typed, &length.saturating_sub(1).to_string()]);
            }
            Self::NoNetwork => Message::NoNetwork,
            Self::NotInFrames => Message::NotInFrames,
            Self::Captured => Message::CapturedFixed,
            Self::CallLost => Message::CallLost,
            Self::Place(what) => return what.clone(),
            Self::Unreadable(error) => {
                return Message::PlaceError.fill(lang, &[&error.column.to_string(), error.message.text(lang)]);
            }
        };
        message.text(lang).to_owned()
    }
}
