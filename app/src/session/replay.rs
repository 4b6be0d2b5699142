//! A replay beside its capture: where in the comparison a moment of the run stands, and the way from a line of it to its moment.
//! Promise: only the lines around the moment are put into words, however long the capture is.

use stack::lab::run::{Moment, Run};

use super::Session;
use super::motion::Direction;
use crate::capture::inject::Outcome;
use crate::capture::report;
use crate::i18n::Lang;
use crate::picture::Source;
use crate::picture::replay::{Replay, ReplayRow};

/// Lines of a picture on each side of the moment.
const AROUND: usize = 200;

/// A replay and what is asked of it again and again.
pub(super) struct Replayed {
    outcome: Outcome,
    /// The verdict with its notices, in English and in Chinese.
    verdict: [Vec<String>; 2],
    /// Of each line, how many frames 1.2.13 has sent when it stands there.
    sent: Vec<usize>,
}

impl Replayed {
    fn of(outcome: Outcome) -> Self {
        let verdict = [Lang::En, Lang::Zh].map(|lang| report::verdict(&outcome, lang));
        let mut most = 0;
        let sent = (0..outcome.lines.len()).map(|line| {
            most = most.max(sent_by(&outcome, line).unwrap_or(0));
            most
        });
        let sent = sent.collect();
        Self { outcome, verdict, sent }
    }

    /// The comparison where the host has sent so many frames.
    fn at(&self, sent: usize, lang: Lang) -> Replay {
        let lines = &self.outcome.lines;
        let passed = if sent == 0 { 0 } else { self.sent.partition_point(|frames| *frames <= sent) };
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
}

impl Session {
    /// A session on a replay: the run of 1.2.13, and beside it what was captured.
    #[must_use]
    pub fn of_replay(outcome: Outcome) -> Self {
        let title = format!("1.2.13 = {} ⇄ {}", outcome.own, outcome.peer);
        let session = Self::new(title, Source::Replay, outcome.run());
        Self { replay: Some(Box::new(Replayed::of(outcome))), ..session }
    }

    /// The comparison around the moment of the first branch; empty in another one, and where nothing is replayed.
    pub(super) fn comparison(&self, lang: Lang) -> Replay {
        match (self.replay.as_ref().filter(|_| self.branch == 0), self.branches.first()) {
            (Some(replay), Some(branch)) => replay.at(frames_sent(branch.origin.run(), branch.at), lang),
            _ => Replay::default(),
        }
    }

    /// The next line behind one, or before it, that shows another decision; none where there is none.
    #[must_use]
    pub fn next_difference(&self, from: usize, direction: Direction) -> Option<usize> {
        let lines = &self.replay.as_ref()?.outcome.lines;
        let decides = |line: &usize| lines.get(*line).is_some_and(|line| line.decides);
        match direction {
            Direction::Forward => (from.saturating_add(1)..lines.len()).find(decides),
            Direction::Backward => (0..from.min(lines.len())).rev().find(decides),
        }
    }

    /// The step at which 1.2.13 sends the frame of a line; of one that it does not send, that of the last frame before it.
    pub fn step_of_line(&mut self, line: usize) -> Option<u64> {
        let replay = self.replay.as_ref().filter(|_| self.branch == 0)?;
        let frames = replay.sent.get(line).copied()?;
        let branch = self.branches.first_mut()?;
        let records = branch.origin.run().frames.iter().filter(|record| !record.from_outside);
        let moment = records.map(|record| record.moment).nth(frames.checked_sub(1)?)?;
        Some(branch.number(moment))
    }
}

/// Frames that the host has sent by a moment.
fn frames_sent(run: &Run, at: Moment) -> usize {
    let passed = run.frames.partition_point(|record| record.moment <= at);
    run.frames.iter().take(passed).filter(|record| !record.from_outside).count()
}

/// Which of the frames that the stack sent stands on a line, from 1.
fn sent_by(outcome: &Outcome, line: usize) -> Option<usize> {
    let place = outcome.lines.get(line)?.stack?;
    outcome.stack.get(place).map(|segment| segment.frame)
}
