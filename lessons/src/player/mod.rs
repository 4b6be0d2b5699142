//! The player: a state machine over the beats of a lesson, driven by what a learner does.
//!
//! It holds the run where a beat begins, masks the future while a question is open, lets the run answer, remembers what was
//! done, and brings wrong answers back as retakes with other numbers. No beat locks: `Skip` always leads on.

mod asking;
mod class;
mod ending;
mod ordering;
mod range;
mod record;
mod task;
mod verdict;
mod view;

use stack::lab::query::holds;
use stack::lab::run::{Moment, Run};

pub(crate) use asking::asked_range;
pub use class::Stage;
pub use ending::Prediction;
use ordering::Ordered;
pub(crate) use range::{BeatRange, range_of};
pub use task::Beside;
pub(crate) use task::came_true;
pub use verdict::Evidence;
pub(crate) use verdict::{Judgement, judge};
pub use view::{Closing, Means, Outcome, Question, Ranking, Shows, Verdict, View, Work};

use crate::lesson::{Beat, Change, Lesson, Task};
use crate::load::{Files, load};
use crate::problem::Problem;
use crate::progress::{BeatProgress, Certainty, Progress};

/// What a learner does: the keys of a lesson, one each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// To the next beat. An open question asks to be answered or skipped first.
    Next,
    /// To the beat before.
    Back,
    /// Put the cursor on an option or step, counted from 0.
    Choose(usize),
    /// Say how sure, 1 to 3.
    Certainty(u8),
    /// Give the chosen answer, or the order as it stands.
    Answer,
    /// Go on without an answer: the run shows it.
    Skip,
    /// Show the next hint.
    Hint,
    /// Move the step under the cursor up (towards the first) or down.
    Shift {
        /// Towards the first.
        up: bool,
    },
    /// Change the wire.
    Change(Change),
    /// Take all changes back.
    Undo,
    /// Hand in what was written: at the end of the lesson one's own words, in a beat that makes system calls as packetdrill
    /// writes them, one per line or with a `;` between them.
    Write(String),
}

/// Which beat is played, and whether it came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Visit {
    beat: usize,
    /// How sure the learner was of the wrong answer for which it comes back.
    retake: Option<Certainty>,
}

/// Where the learner is within a beat.
#[derive(Clone, Debug, PartialEq)]
enum BeatState {
    Telling,
    /// A question is open; `found` is the moment that it is about, where the learner had to find it.
    Asking {
        chosen: Option<usize>,
        certainty: Option<Certainty>,
        hints: u8,
        found: Option<Moment>,
    },
    Revealed {
        chosen: Option<usize>,
        judgement: Judgement,
    },
    Working {
        hints: u8,
        reached: Option<Moment>,
        complaint: Option<Problem>,
        beside: Vec<Beside>,
    },
    Ranking {
        order: Vec<usize>,
        chosen: usize,
        hints: u8,
        ordered: Option<Ordered>,
    },
    Over,
}

impl BeatState {
    /// A task of which nothing is done.
    fn unworked() -> Self {
        Self::Working { hints: 0, reached: None, complaint: None, beside: Vec::new() }
    }
}

/// A lesson being played.
pub struct Player {
    files: Files,
    lesson: Lesson,
    run: Run,
    /// The run with the learner's changes.
    branch: Option<Run>,
    changes: Vec<Change>,
    ranges: Vec<BeatRange>,
    at: Moment,
    visits: Vec<Visit>,
    present: usize,
    state: BeatState,
    /// At the end, of each beat the option that the run makes true.
    truths: Vec<Option<usize>>,
    /// The last moment that may be seen, where something is hidden; found anew after every act.
    mask: Option<Moment>,
    progress: Progress,
}

/// How far the numbers of a retake lie from those of the first.
pub(crate) const RETAKE: u64 = 7_919;

impl Player {
    /// Opens a lesson at its first beat, with a learner's seed.
    ///
    /// # Errors
    /// Everything that is wrong with the form of the lesson.
    pub fn open(files: Files, seed: u64) -> Result<Self, Vec<Problem>> {
        let lesson = load(&files, seed)?;
        let run = lesson.open().map_err(|problem| vec![problem])?;
        let visits = (0..lesson.beats.len()).map(|beat| Visit { beat, retake: None }).collect();
        let progress = Progress { lesson: lesson.id.clone(), seed, ..Progress::default() };
        let mut player = Self {
            files,
            lesson,
            run,
            branch: None,
            changes: Vec::new(),
            ranges: Vec::new(),
            at: Moment::default(),
            visits,
            present: 0,
            state: BeatState::Telling,
            truths: Vec::new(),
            mask: None,
            progress,
        };
        player.enter();
        player.mask = player.hidden_behind();
        Ok(player)
    }

    /// Opens a lesson with what was done before, at the first beat that is still open; answers already given stay given. One
    /// that was finished opens at its beginning.
    ///
    /// # Errors
    /// Everything that is wrong with the form of the lesson.
    pub fn resume(files: Files, progress: Progress) -> Result<Self, Vec<Problem>> {
        let mut player = Self::open(files, progress.seed)?;
        if progress.lesson == player.lesson.id {
            player.progress = progress;
            player.stand_where_left();
            player.mask = player.hidden_behind();
        }
        Ok(player)
    }

    /// The files from which it was read.
    pub(crate) fn files(&self) -> &Files {
        &self.files
    }

    /// The lesson.
    #[must_use]
    pub fn lesson(&self) -> &Lesson {
        &self.lesson
    }

    /// What has been done so far, for the program to keep.
    #[must_use]
    pub fn progress(&self) -> &Progress {
        &self.progress
    }

    /// The run to look at: the lesson's, or the one with the learner's changes.
    pub fn run(&mut self) -> &mut Run {
        self.branch.as_mut().unwrap_or(&mut self.run)
    }

    /// The same run, only to be looked at.
    #[must_use]
    pub fn shown(&self) -> &Run {
        self.branch.as_ref().unwrap_or(&self.run)
    }

    /// The sock that the panes show, where the beat names one.
    #[must_use]
    pub fn sock(&self) -> Option<u32> {
        self.beat().and_then(|beat| beat.sock)
    }

    /// The moment under the cursor.
    #[must_use]
    pub fn moment(&self) -> Moment {
        self.at
    }

    /// The last moment that may be seen while a question is open or still to come: what happens behind it is hidden, what has
    /// happened by then is not, wherever the cursor stands. None where nothing is hidden.
    ///
    /// It is the moment at which the next unanswered question is asked ([`View::hides`] is the same for a screen).
    #[must_use]
    pub fn masked_from(&self) -> Option<Moment> {
        self.mask
    }

    /// Finds where the next open question is asked.
    fn hidden_behind(&mut self) -> Option<Moment> {
        if self.state == BeatState::Over {
            return None;
        }
        let open = self.visits.iter().skip(self.present).find(|visit| self.is_open(visit)).copied()?;
        let asked = self.range(open.beat).at;
        let Some(branch) = &self.branch else { return Some(asked) };
        // A branch has moments of its own: there it is the time that counts, and what the task has led to is seen.
        let time = self.run.time(asked);
        let before = branch.turns.iter().take_while(|turn| turn.time < time).count().saturating_sub(1);
        Some(Moment { turn: before, step: branch.steps(before) }.max(self.at))
    }

    /// Whether the present beat still waits for an answer or a deed; a beat that only tells waits for nothing.
    fn is_unsettled(&self) -> bool {
        match &self.state {
            BeatState::Asking { .. } => true,
            BeatState::Working { reached, .. } => reached.is_none(),
            BeatState::Ranking { ordered, .. } => ordered.is_none(),
            BeatState::Telling | BeatState::Revealed { .. } | BeatState::Over => false,
        }
    }

    /// Whether the future of a beat must stay hidden: it asks, and was neither answered nor skipped this time.
    fn is_open(&self, visit: &Visit) -> bool {
        let asks = matches!(self.lesson.beats.get(visit.beat).map(|beat| &beat.task), Some(Task::Predict { .. }));
        if self.visits.get(self.present) == Some(visit) {
            return asks && matches!(self.state, BeatState::Asking { .. });
        }
        let known = self.lesson.beats.get(visit.beat).and_then(|beat| self.progress.beats.get(&beat.id));
        let before = known.is_some_and(|done| done.done || done.skipped || !done.answers.is_empty());
        asks && (!before || visit.retake.is_some())
    }

    /// Moves the cursor; `false` where the moment is masked. A task that asks for a moment is done when it is reached.
    pub fn go(&mut self, moment: Moment) -> bool {
        if self.masked_from().is_some_and(|mask| moment > mask) {
            return false;
        }
        self.at = moment;
        if let BeatState::Working { reached: None, .. } = self.state
            && let Some(Task::Investigate { goal, .. }) = self.beat().map(|beat| beat.task.clone())
            && holds(&goal, self.run(), moment)
        {
            self.reached(Some(moment));
        }
        true
    }

    /// Does what a learner asks; `false` where it has no meaning now.
    pub fn act(&mut self, act: Act) -> bool {
        let done = match act {
            Act::Next => self.next(),
            Act::Back => self.back(),
            Act::Choose(option) => self.choose(option),
            Act::Certainty(level) => self.certainty(level),
            Act::Answer => self.answer(),
            Act::Skip => self.skip(),
            Act::Hint => self.hint(),
            Act::Shift { up } => self.shift(up),
            Act::Change(change) => self.change(change),
            Act::Undo => self.undo(),
            Act::Write(text) => self.write(text),
        };
        self.mask = self.hidden_behind();
        done
    }

    fn write(&mut self, text: String) -> bool {
        if self.state == BeatState::Over {
            self.progress.said = text;
            return true;
        }
        self.make_calls(&text.replace(';', "\n"))
    }

    fn visit(&self) -> Visit {
        self.visits.get(self.present).or(self.visits.last()).copied().unwrap_or(Visit { beat: 0, retake: None })
    }

    fn beat(&self) -> Option<&Beat> {
        self.lesson.beats.get(self.visit().beat)
    }

    fn record(&mut self) -> &mut BeatProgress {
        let id = self.beat().map(|beat| beat.id.clone()).unwrap_or_default();
        self.progress.beats.entry(id).or_default()
    }

    /// Where a beat stands; those before it are found on the way.
    fn range(&mut self, beat: usize) -> BeatRange {
        while self.ranges.len() <= beat {
            let from = self.ranges.last().map_or_else(Moment::default, |range| range.until);
            let next = range_of(&self.lesson, self.ranges.len(), &mut self.run, from);
            self.ranges.push(next);
        }
        self.ranges.get(beat).copied().unwrap_or(BeatRange { at: self.at, until: self.at, found: false })
    }

    /// Brings the run to the beat of the present visit.
    fn enter(&mut self) {
        self.branch = None;
        self.changes.clear();
        let visit = self.visit();
        if visit.retake.is_some() {
            self.other_numbers();
        }
        self.at = self.range(visit.beat).at;
        let seed = self.lesson.seed;
        self.state = match self.beat().map(|beat| &beat.task) {
            None | Some(Task::Show) => BeatState::Telling,
            Some(Task::Predict { .. }) => BeatState::Asking { chosen: None, certainty: None, hints: 0, found: None },
            Some(Task::Investigate { .. } | Task::Modify { .. } | Task::Make { .. }) => BeatState::unworked(),
            Some(Task::Order { steps }) => {
                BeatState::Ranking { order: ordering::shuffled(steps.len(), seed), chosen: 0, hints: 0, ordered: None }
            }
        };
    }

    /// The same lesson with other numbers, for a retake.
    fn other_numbers(&mut self) {
        let seed = self.progress.seed.wrapping_add(RETAKE);
        if self.lesson.seed == seed || !self.lesson.varies {
            return;
        }
        if let Ok(lesson) = load(&self.files, seed)
            && let Ok(run) = lesson.open()
        {
            self.lesson = lesson;
            self.run = run;
            self.ranges.clear();
        }
    }

    fn next(&mut self) -> bool {
        match &self.state {
            BeatState::Asking { .. } | BeatState::Ranking { ordered: None, .. } | BeatState::Over => return false,
            BeatState::Working { reached: None, .. } => self.record().skipped = true,
            BeatState::Telling => self.record().done = true,
            BeatState::Revealed { .. } | BeatState::Working { .. } | BeatState::Ranking { .. } => {}
        }
        if self.present + 1 == self.visits.len() && self.visit().retake.is_none() {
            self.add_retakes();
        }
        if self.present + 1 < self.visits.len() {
            self.present += 1;
            self.enter();
        } else {
            self.finish();
        }
        true
    }

    /// Wrong answers come back: the certain ones first.
    fn add_retakes(&mut self) {
        let wrong = |beat: &Beat| {
            let last = self.progress.beats.get(&beat.id).and_then(|done| done.answers.last());
            last.filter(|answer| !answer.right).map(|answer| answer.certainty)
        };
        let mut retakes: Vec<(Certainty, usize)> = self
            .lesson
            .beats
            .iter()
            .enumerate()
            .filter_map(|(index, beat)| wrong(beat).map(|certainty| (certainty, index)))
            .collect();
        retakes.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        self.visits.extend(retakes.into_iter().map(|(certainty, beat)| Visit { beat, retake: Some(certainty) }));
    }

    fn back(&mut self) -> bool {
        if self.state == BeatState::Over {
            self.enter();
            return true;
        }
        let Some(place) = self.present.checked_sub(1).filter(|_| self.visit().retake.is_none()) else { return false };
        self.present = place;
        self.enter();
        true
    }

    fn hint(&mut self) -> bool {
        let most = self.beat().map_or(0, |beat| beat.hints);
        match &mut self.state {
            BeatState::Asking { hints, .. }
            | BeatState::Working { hints, .. }
            | BeatState::Ranking { hints, ordered: None, .. }
                if *hints < most =>
            {
                *hints += 1;
                true
            }
            _ => false,
        }
    }

    fn skip(&mut self) -> bool {
        match self.state.clone() {
            BeatState::Asking { .. } => {
                let Some(judgement) = self.judge() else { return false };
                self.record().skipped = true;
                self.reveal(None, judgement);
                true
            }
            BeatState::Ranking { ordered: None, .. } => {
                self.show_order(None);
                true
            }
            BeatState::Working { reached: None, .. } => {
                self.record().skipped = true;
                self.solve();
                if matches!(self.state, BeatState::Asking { .. })
                    && let Some(judgement) = self.judge()
                {
                    self.reveal(None, judgement);
                }
                true
            }
            BeatState::Over => false,
            BeatState::Telling | BeatState::Revealed { .. } | BeatState::Working { .. } | BeatState::Ranking { .. } => {
                self.next()
            }
        }
    }
}
