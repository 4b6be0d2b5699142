//! What a replay knows of its capture: the comparison around a moment, and how every frame of the ladder stands to what was captured.
//! Promise: only what lies around the moment is put into words, however long the capture is; every time is that of the place of
//! capture, as `sockscope replay` prints it; a frame of the captured end that 1.2.13 does not send has a row of its own, once.

use stack::lab::run::{Moment, Run};
use stack::lab::turns::FrameRecord;
use stack::wire::tcp;

use crate::capture::inject::ghost::is_ghost;
use crate::capture::inject::{Given, Outcome};
use crate::capture::report;
use crate::capture::segment::Segment;
use crate::i18n::Lang;
use crate::picture::ladder::{SegmentNumbers, segment_saying};
use crate::picture::replay::{Replay, ReplayRow};
use crate::picture::{AtCapture, Ladder, LadderRow, RunClock};

/// Lines of a picture on each side of the moment.
const AROUND: usize = 200;

/// Lines on each side of the moment among which those are looked for that 1.2.13 does not send.
const MOST_MISSING: usize = 2_000;

/// Where a search goes that plays the run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sought {
    /// To the frame of a line of the comparison, which is so manieth of those that 1.2.13 sends.
    Line {
        /// The line.
        line: usize,
        /// Frames that 1.2.13 has sent then.
        frames: usize,
    },
    /// To a time of the run, in microseconds.
    Time(u64),
}

/// A replay and what is asked of it again and again.
pub(super) struct Replayed {
    pub(super) outcome: Outcome,
    /// The verdict with its notices, in English and in Chinese.
    pub(super) verdict: [Vec<String>; 2],
    /// Where a search goes that is under way.
    pub(super) sought: Option<Sought>,
    /// Of each line, how many frames 1.2.13 has sent when it stands there.
    sent: Vec<usize>,
    /// Of each frame that 1.2.13 sends, in the order of sending, the line on which it stands.
    lines: Vec<Option<usize>>,
    /// Of each frame of the run as far as it has been played, how many 1.2.13 has sent with it.
    passed: Vec<usize>,
    /// The first sequence numbers of the played end and of the other.
    firsts: (u32, u32),
}

impl Replayed {
    pub(super) fn of(outcome: Outcome) -> Self {
        let verdict = [Lang::En, Lang::Zh].map(|lang| report::verdict(&outcome, lang));
        let mut most = 0;
        let sent = (0..outcome.lines.len()).map(|line| {
            most = most.max(sent_by(&outcome, line).unwrap_or(0));
            most
        });
        let sent = sent.collect();
        let mut lines = vec![None; outcome.frames.len()];
        for line in 0..outcome.lines.len() {
            let place = sent_by(&outcome, line).and_then(|frame| frame.checked_sub(1));
            if let Some(found) = place.and_then(|place| lines.get_mut(place)) {
                *found = Some(line);
            }
        }
        let firsts = firsts(&outcome);
        Self { outcome, verdict, sought: None, sent, lines, passed: Vec::new(), firsts }
    }

    /// Takes in the frames that the run has had since.
    pub(super) fn take_in(&mut self, frames: &[FrameRecord]) {
        let mut sent = self.passed.last().copied().unwrap_or(0);
        for record in frames.iter().skip(self.passed.len()) {
            sent += usize::from(!record.from_outside);
            self.passed.push(sent);
        }
    }

    /// Frames that 1.2.13 has sent by a moment of the run, all of whose frames were taken in.
    pub(super) fn sent_until(&self, run: &Run, at: Moment) -> usize {
        let frames = run.frames.partition_point(|record| record.moment <= at);
        frames.checked_sub(1).and_then(|last| self.passed.get(last)).copied().unwrap_or(0)
    }

    /// How many frames 1.2.13 has sent when it stands at a line; none where there is no such line.
    pub(super) fn frames_at(&self, line: usize) -> Option<usize> {
        self.sent.get(line).copied()
    }

    /// Frames that 1.2.13 has sent as far as the run has been played.
    pub(super) fn sent_so_far(&self) -> usize {
        self.passed.last().copied().unwrap_or(0)
    }

    /// The place in the run of the frame that is so manieth of those that 1.2.13 sends; none where it has not been played so far.
    pub(super) fn place_of_sent(&self, frames: usize) -> Option<usize> {
        let place = self.passed.partition_point(|sent| *sent < frames);
        (place < self.passed.len()).then_some(place)
    }

    /// From where times are counted.
    pub(super) fn clock(&self) -> RunClock {
        RunClock { zero_ns: self.outcome.boot_ns, start_ns: self.outcome.start_ns, is_wall: true }
    }

    /// Lines that have come where the host has sent so many frames.
    fn lines_passed(&self, sent: usize) -> usize {
        if sent == 0 { 0 } else { self.sent.partition_point(|frames| *frames <= sent) }
    }

    /// The comparison where the host has sent so many frames.
    pub(super) fn at(&self, sent: usize, lang: Lang) -> Replay {
        let lines = &self.outcome.lines;
        let passed = self.lines_passed(sent);
        let first = passed.saturating_sub(AROUND);
        let rows = lines.iter().enumerate().skip(first).take(2 * AROUND).filter_map(|(line, aligned)| {
            let report::Row { time, frame, what, how, sign } = report::row(&self.outcome, aligned, lang)?;
            Some(ReplayRow { line, time, frame, what, how, sign, decides: aligned.decides, ahead: line >= passed })
        });
        let [english, chinese] = &self.verdict;
        let notices = match lang {
            Lang::En => english,
            Lang::Zh => chinese,
        };
        let now = passed.saturating_sub(1).saturating_sub(first);
        Replay { notices: notices.clone(), rows: rows.collect(), now, lines: lines.len() }
    }

    /// Puts what was captured beside the frames of a ladder of the run, all of whose frames were taken in; `sent` are the frames that
    /// 1.2.13 has sent at its moment. Of the lines without such a frame those around it are shown, or all.
    pub(super) fn beside(&self, ladder: &mut Ladder, run: &Run, sent: Option<usize>, lang: Lang) {
        ladder.is_beside = true;
        ladder.clock = self.clock();
        let mut places = ladder.rows.iter().filter_map(place_in_run);
        let (first, last) = (places.next(), places.next_back());
        let Some(first) = first else { return };
        let last = last.unwrap_or(first);
        let mut missing = self.missing(first, last, sent).peekable();
        let rows = std::mem::take(&mut ladder.rows);
        let mut now = None;
        for (index, mut row) in rows.into_iter().enumerate() {
            if let Some(place) = place_in_run(&row) {
                let from_outside = run.frames.get(place).is_some_and(|record| record.from_outside);
                let told = self.at_capture(place, from_outside, ladder.relative, lang);
                let time_ns = told.as_ref().map_or(0, |told| told.time_ns);
                while let Some(line) = missing.next_if(|line| self.is_before(*line, place, from_outside, time_ns)) {
                    ladder.rows.extend(self.captured_row(line, ladder.relative, lang));
                }
                if let LadderRow::Frame { at_capture, .. } = &mut row {
                    *at_capture = told;
                }
            }
            if index == ladder.now {
                now = Some(ladder.rows.len());
            }
            ladder.rows.push(row);
        }
        for line in missing {
            ladder.rows.extend(self.captured_row(line, ladder.relative, lang));
        }
        ladder.now = now.unwrap_or(ladder.rows.len());
        for (index, row) in ladder.rows.iter_mut().enumerate() {
            if let LadderRow::Captured { ahead, .. } = row {
                *ahead = index > ladder.now;
            }
        }
    }

    /// The lines without a frame of 1.2.13 that lie between two frames of the run, of those around the moment.
    fn missing(&self, first: usize, last: usize, sent: Option<usize>) -> impl Iterator<Item = usize> {
        let passed = |place: usize| self.passed.get(place).copied().unwrap_or(0);
        let before = first.checked_sub(1).map(passed);
        let from = before.map_or(0, |before| self.sent.partition_point(|frames| *frames <= before));
        let is_all = last + 1 >= self.passed.len() && self.sent_so_far() >= self.outcome.frames.len();
        let to = if is_all { self.sent.len() } else { self.sent.partition_point(|frames| *frames <= passed(last)) };
        let (from, to) = match sent.map(|sent| self.lines_passed(sent)) {
            Some(here) => (from.max(here.saturating_sub(MOST_MISSING)), to.min(here + MOST_MISSING)),
            None => (from, to),
        };
        (from..to).filter(|line| self.outcome.lines.get(*line).is_some_and(|line| line.stack.is_none()))
    }

    /// Whether a line without a frame of 1.2.13 stands above a frame of the run.
    fn is_before(&self, line: usize, place: usize, from_outside: bool, time_ns: u64) -> bool {
        let (Some(sent), Some(passed)) = (self.sent.get(line), self.passed.get(place)) else { return false };
        let is_earlier = || self.captured_on(line).is_some_and(|segment| segment.time_ns < time_ns);
        sent < passed || from_outside && sent == passed && is_earlier()
    }

    fn captured_on(&self, line: usize) -> Option<&Segment<'_>> {
        let place = self.outcome.lines.get(line)?.capture?;
        self.outcome.capture.get(place)
    }

    /// What a captured frame says, as the ladder says it.
    fn saying(&self, segment: &Segment, relative: bool) -> String {
        let numbers = SegmentNumbers {
            flags: segment.flags,
            sequence: segment.seq,
            acknowledgement: segment.ack,
            length: usize::try_from(segment.length).unwrap_or(usize::MAX),
        };
        let (own, peer) = self.firsts;
        segment_saying(numbers, if relative { (Some(own), Some(peer)) } else { (None, None) })
    }

    /// The row of a line without a frame of 1.2.13.
    fn captured_row(&self, line: usize, relative: bool, lang: Lang) -> Option<LadderRow> {
        let time_ns = self.captured_on(line)?.time_ns;
        let at_capture = AtCapture { time_ns, ..self.on_line(line, relative, lang)? };
        Some(LadderRow::Captured { at_capture, ahead: false })
    }

    /// What a line says, but for its time.
    fn on_line(&self, line: usize, relative: bool, lang: Lang) -> Option<AtCapture> {
        let row = report::row(&self.outcome, self.outcome.lines.get(line)?, lang)?;
        let captured = self.captured_on(line);
        let is_ghost = captured.is_some_and(is_ghost);
        Some(AtCapture {
            time_ns: 0,
            number: captured.filter(|_| !is_ghost).map(|segment| segment.frame),
            is_ghost,
            sign: Some(row.sign),
            reason: if row.sign == '=' { String::new() } else { row.how },
            line: Some(line),
            beside: captured.map_or_else(String::new, |segment| self.saying(segment, relative)),
        })
    }

    /// When a frame of the run passed the place of capture, and whether the capture missed it; the frame by its place in the run.
    pub(super) fn passage(&self, place: usize, from_outside: bool) -> Option<(u64, bool)> {
        let sent = *self.passed.get(place)?;
        if from_outside {
            let given = self.outcome.given.get(place.checked_sub(sent)?)?;
            return Some((given.time_ns, given.is_ghost));
        }
        Some((self.outcome.sent_at(sent.checked_sub(1)?)?, false))
    }

    /// How a frame of the run stands to the capture; the frame by its place in the run.
    fn at_capture(&self, place: usize, from_outside: bool, relative: bool, lang: Lang) -> Option<AtCapture> {
        let (time_ns, is_ghost) = self.passage(place, from_outside)?;
        let sent = *self.passed.get(place)?;
        if from_outside {
            let Given { frame, .. } = *self.outcome.given.get(place.checked_sub(sent)?)?;
            let number = (frame > 0).then_some(frame);
            return Some(AtCapture { time_ns, number, is_ghost, ..AtCapture::default() });
        }
        let line = self.lines.get(sent.checked_sub(1)?).copied().flatten();
        let told = line.and_then(|line| self.on_line(line, relative, lang)).unwrap_or_default();
        Some(AtCapture { time_ns, ..told })
    }
}

/// The place in the run of the frame of a row.
fn place_in_run(row: &LadderRow) -> Option<usize> {
    match row {
        LadderRow::Frame { number, .. } => usize::try_from(*number).ok()?.checked_sub(1),
        LadderRow::Captured { .. } | LadderRow::State { .. } | LadderRow::Oops { .. } => None,
    }
}

/// The first sequence numbers of the played end and of the other.
fn firsts(outcome: &Outcome) -> (u32, u32) {
    let first = |segments: &[Segment]| segments.iter().find(|segment| segment.has(tcp::SYN)).map(|segment| segment.seq);
    let own = first(&outcome.capture).or_else(|| first(&outcome.stack)).unwrap_or(0);
    let acknowledges = outcome.capture.iter().chain(&outcome.stack).find(|segment| segment.has(tcp::ACK));
    (own, acknowledges.map_or(0, |segment| segment.ack.wrapping_sub(1)))
}

/// Which of the frames that the stack sent stands on a line, from 1.
fn sent_by(outcome: &Outcome, line: usize) -> Option<usize> {
    let place = outcome.lines.get(line)?.stack?;
    outcome.stack.get(place).map(|segment| segment.frame)
}
