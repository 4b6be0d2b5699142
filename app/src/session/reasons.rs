//! What is asked about a line of a replay: the entries of the list of differences that tell of it, the frame of the run that it is,
//! and what 1.2.13 did at the time of a frame that it does not send.
//! Promise: where 1.2.13 did nothing it is said that nothing ran.

use stack::lab::differences::Difference;
use stack::lab::run::Moment;
use stack::lab::why::Question;

use super::Session;
use super::why::Item;
use crate::capture::compare::SAME_TIME_NS;
use crate::capture::reason::entries;
use crate::capture::{report, seconds};
use crate::i18n::{Lang, Words};

/// Why a line differs.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// The line itself, in one line.
    pub subject: String,
    /// What was decided in 1995, a sentence for each class.
    pub sentences: Vec<String>,
    /// The entries that tell of it, of its classes and of its decision; there may be none.
    pub entries: Vec<Difference>,
}

impl Session {
    /// The number in the run of the frame that 1.2.13 sends on a line of the comparison; none where it sends none, or the run has not
    /// been played so far.
    #[must_use]
    pub fn frame_on_line(&self, line: usize) -> Option<u64> {
        let replay = self.replay.as_ref().filter(|_| self.branch == 0)?;
        let aligned = replay.outcome.lines.get(line)?;
        let segment = replay.outcome.stack.get(aligned.stack?)?;
        let place = replay.place_of_sent(segment.frame)?;
        u64::try_from(place + 1).ok()
    }

    /// Why a line differs; none where there is no such line.
    #[must_use]
    pub fn reason_of_line(&self, line: usize, lang: Lang) -> Option<Reason> {
        let outcome = &self.replay.as_ref()?.outcome;
        let aligned = outcome.lines.get(line)?;
        let row = report::row(outcome, aligned, lang)?;
        let classes = aligned.classes().into_iter();
        Some(Reason {
            subject: format!("{} {}", row.sign, row.what),
            sentences: classes.map(|class| class.words().text(lang).to_owned()).collect(),
            entries: entries(outcome, aligned),
        })
    }

    /// What can be asked about a frame of the capture that 1.2.13 does not send: what it did at that time instead. None where the line
    /// is of another kind, or the run has not been played so far.
    pub(super) fn asked_instead(&mut self, line: usize) -> Option<Item> {
        let replay = self.replay.as_ref().filter(|_| self.branch == 0)?;
        let outcome = &replay.outcome;
        let aligned = outcome.lines.get(line).filter(|line| line.stack.is_none())?;
        let captured = outcome.capture.get(aligned.capture?)?;
        // It left its end a way before it passed the place of capture.
        let left_ns = captured.time_ns.saturating_sub(outcome.way_ns);
        let time = left_ns.saturating_sub(outcome.boot_ns) / 1_000;
        let (shown, start_ns, boot_ns) = (captured.time_ns, outcome.start_ns, outcome.boot_ns);
        let run = self.run();
        let is_played = run.time(run.end()) >= time || run.journal.horizon <= run.time(run.end());
        let turns = run.turns.partition_point(|turn| turn.time <= time);
        let ran = |turn: &usize| run.turns.get(*turn).is_some_and(|turn| turn.steps() > 0);
        let turn = (0..turns).rev().find(ran).filter(|_| is_played)?;
        let at = Moment { turn, step: run.steps(turn) };
        let last_ns = boot_ns.saturating_add(run.time(at).saturating_mul(1_000));
        let (shown, since) = (seconds(shown.saturating_sub(start_ns)), left_ns.saturating_sub(last_ns));
        let words = if since <= SAME_TIME_NS {
            Words::new(
                format!("What did 1.2.13 do at {shown} s, where this frame was captured?"),
                format!("在 {shown} 秒（抓到此帧时），1.2.13 做了什么？"),
            )
        } else {
            let since = seconds(since);
            Words::new(
                format!("Nothing ran in 1.2.13 at {shown} s. What did it do last, {since} s before?"),
                format!("在 {shown} 秒 1.2.13 没有运行任何东西。此前 {since} 秒它最后做了什么？"),
            )
        };
        Some(Item { question: Question::Step, at, words })
    }
}
