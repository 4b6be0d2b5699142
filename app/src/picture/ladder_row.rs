//! The ladder as plain data: the rows of the sequence diagram, what befell each frame, how it stands to a capture, and from
//! where its times are counted. Promise: whether a run was captured or not, every row has a time of its own.

use super::Layer;
use super::times::Times;
use crate::i18n::{Lang, Words};

/// How a frame fared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FrameFate {
    /// Sent and arrived.
    #[default]
    Arrived,
    /// On the wire at this moment.
    Flying,
    /// Later than this moment.
    Ahead,
    /// Lost on the wire.
    Lost,
}

/// What befell a frame, as far as that is known at the moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FrameMarks {
    /// Other bytes arrived than had left.
    pub corrupted: bool,
    /// It arrived more than once.
    pub duplicated: bool,
    /// It arrived later than the wire usually takes.
    pub delayed: bool,
    /// It asks for an answer, and none came before it was sent again, or within a second.
    pub unanswered: bool,
}

/// How a frame stands to the capture that it is seen beside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AtCapture {
    /// When it passed the place of capture, or would have passed it, in nanoseconds since 1970.
    pub time_ns: u64,
    /// Its number in the file, from 1; none of a frame that is not in it.
    pub number: Option<usize>,
    /// The capture missed it: that it was sent follows from what the other end says.
    pub is_ghost: bool,
    /// How what 1.2.13 sent relates to it, in the signs of the pane Capture; none where nothing is compared.
    pub sign: Option<char>,
    /// Why it came, in a few words; empty where that is not told.
    pub reason: String,
    /// Its line in the comparison of a replay, from 0; none where it stands on no line of it.
    pub line: Option<usize>,
    /// What the captured frame of that line says, as the ladder says it; empty where there is none.
    pub beside: String,
}

impl AtCapture {
    /// All of it but the time, in words.
    #[must_use]
    pub fn told(&self, lang: Lang) -> String {
        let number = match (self.number, self.is_ghost) {
            (Some(number), _) => {
                Some(Words::new(format!("captured as frame {number}"), format!("抓包第 {number} 帧")).into_text(lang))
            }
            (None, true) => {
                Some(Words::new("inferred: the capture missed it", "推断：抓包漏掉了它").text(lang).to_owned())
            }
            (None, false) => None,
        };
        let sign = self.sign.map(|sign| sign.to_string());
        let reason = Some(self.reason.clone()).filter(|reason| !reason.is_empty());
        number.into_iter().chain(sign).chain(reason).collect::<Vec<_>>().join(" · ")
    }
}

/// From where the times of a run are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RunClock {
    /// What time it was at microsecond 0 of the run, in nanoseconds since 1970; 0 where nobody knows.
    pub zero_ns: u64,
    /// The time that counts as second 0 where times are told since the start.
    pub start_ns: u64,
    /// Whether these are times of a real day.
    pub is_wall: bool,
}

/// One row of the ladder.
#[derive(Clone, Debug, PartialEq)]
pub enum LadderRow {
    /// A frame between two hosts.
    Frame {
        /// Its number in the run, from 1.
        number: u64,
        /// When it was sent, in microseconds.
        microseconds: u64,
        /// The sending host.
        from: usize,
        /// The receiving host.
        to: usize,
        /// The layer it speaks for.
        layer: Layer,
        /// What it says, such as `SYN seq=0`.
        label: String,
        /// How it fared.
        fate: FrameFate,
        /// Whether it repeats an earlier one.
        resent: bool,
        /// What else the segment says where there is room, such as `win=512 mss=1436`; empty of other frames.
        more: String,
        /// What the wire did to it, and whether it was answered.
        marks: FrameMarks,
        /// How it stands to the capture; none where nothing was captured.
        at_capture: Option<AtCapture>,
    },
    /// A frame that only the capture has: the captured end sent it, and 1.2.13 does not.
    Captured {
        /// How it stands to the capture; what it says is in `beside`.
        at_capture: AtCapture,
        /// Whether it is later than this moment.
        ahead: bool,
    },
    /// A socket entered a state.
    State {
        /// The host.
        host: usize,
        /// The state entered, without prefix.
        name: String,
        /// Whether it is later than this moment.
        ahead: bool,
    },
    /// A kernel died.
    Oops {
        /// The host.
        host: usize,
        /// What would have happened.
        story: String,
        /// Whether it is later than this moment.
        ahead: bool,
    },
}

/// The sequence diagram.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ladder {
    /// The names over the columns, such as `A :1026`.
    pub columns: Vec<String>,
    /// The rows, oldest first.
    pub rows: Vec<LadderRow>,
    /// The row of this moment: the first that lies ahead, or the one that flies.
    pub now: usize,
    /// Whether numbers count from the first of the connection.
    pub relative: bool,
    /// Whether what lies ahead is hidden.
    pub masked: bool,
    /// From where its times are counted.
    pub clock: RunClock,
    /// Whether the frames of a captured end stand beside those of the first host.
    pub is_beside: bool,
}

impl Ladder {
    /// Whether any frame is in it.
    #[must_use]
    pub fn has_frames(&self) -> bool {
        self.rows.iter().any(|row| matches!(row, LadderRow::Frame { .. }))
    }
    /// When the frame of a row passed, in nanoseconds since 1970 (of the run's own clock where nobody knows what day it was); none
    /// of another row.
    #[must_use]
    pub fn time_ns(&self, place: usize) -> Option<u64> {
        match self.rows.get(place)? {
            LadderRow::Frame { at_capture: Some(at_capture), .. } | LadderRow::Captured { at_capture, .. } => {
                Some(at_capture.time_ns)
            }
            LadderRow::Frame { microseconds, .. } => {
                Some(self.clock.zero_ns.saturating_add(microseconds.saturating_mul(1_000)))
            }
            LadderRow::State { .. } | LadderRow::Oops { .. } => None,
        }
    }

    /// The time of the frame of a row as it is told.
    #[must_use]
    pub fn time(&self, place: usize, times: Times) -> Option<String> {
        let own = self.time_ns(place)?;
        let before = (0..place).rev().find_map(|earlier| self.time_ns(earlier));
        // The time of a day that nobody knows is not told.
        let times = if times == Times::OfDay && !self.clock.is_wall { Times::SinceStart } else { times };
        Some(times.tell(own, before.unwrap_or(own), self.clock.start_ns))
    }
}
