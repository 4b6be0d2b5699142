//! The player: a state machine over the beats of a lesson, driven by what a learner does.
//!
//! It holds the run where a beat begins, masks the future while a question is open, lets the run answer, remembers what was
//! done, and brings wrong answers back as twins with other numbers. No beat locks: `Skip` always leads on.

mod replay;
mod station;
mod task;
mod verdict;
mod view;

use stack::lab::query::{holds, reach};
use stack::lab::run::{Moment, Run};
use stack::link::random::Random;

pub use replay::replay;
pub(crate) use station::{Station, station};
pub use verdict::Evidence;
pub(crate) use verdict::{Judgement, judge};
pub use view::{Outcome, Question, Ranking, Shows, Verdict, View, Work};

use crate::lesson::{Beat, Change, Lesson, Task};
use crate::load::{Files, load};
use crate::problem::Problem;
use crate::progress::{Answer, BeatProgress, Certainty, HandIn, Progress};

/// What a learner does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// To the next beat. An open question asks to be answered or skipped first.
    Next,
    /// To the beat before.
    Back,
    /// Put the cursor on an option or step.
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
    /// Make system calls, written as in packetdrill, one per line.
    Calls(String),
    /// Say it in one's own words.
    Say(String),
}

/// Which beat is played, and whether it came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Card {
    beat: usize,
    twin: bool,
}

/// Where the learner is within a beat.
#[derive(Clone, Debug, PartialEq)]
enum Stage {
    Telling,
    Asking { chosen: usize, certainty: Certainty, hints: u8 },
    Revealed { chosen: Option<usize>, judgement: Judgement },
    Working { hints: u8, reached: Option<Moment>, complaint: Option<Problem> },
    Ranking { order: Vec<usize>, chosen: usize, hints: u8, right: Option<Vec<bool>> },
    Over,
}

/// A lesson being played.
pub struct Player {
    files: Files,
    lesson: Lesson,
    run: Run,
    /// The run with the learner's changes.
    branch: Option<Run>,
    changes: Vec<Change>,
    stations: Vec<Station>,
    at: Moment,
    deck: Vec<Card>,
    place: usize,
    stage: Stage,
    progress: Progress,
}

/// How far the numbers of a twin lie from those of the first.
const TWIN: u64 = 7_919;

impl Player {
    /// Opens a lesson at its first beat, with a learner's seed.
    ///
    /// # Errors
    /// Everything that is wrong with the form of the lesson.
    pub fn open(files: Files, seed: u64) -> Result<Self, Vec<Problem>> {
        let lesson = load(&files, seed)?;
        let run = lesson.open(&[]).map_err(|problem| vec![problem])?;
        let deck = (0..lesson.beats.len()).map(|beat| Card { beat, twin: false }).collect();
        let progress = Progress { lesson: lesson.id.clone(), seed, ..Progress::default() };
        let mut player = Self {
            files,
            lesson,
            run,
            branch: None,
            changes: Vec::new(),
            stations: Vec::new(),
            at: Moment::default(),
            deck,
            place: 0,
            stage: Stage::Telling,
            progress,
        };
        player.enter();
        Ok(player)
    }

    /// Opens a lesson with what was done before; answers already given stay given.
    ///
    /// # Errors
    /// Everything that is wrong with the form of the lesson.
    pub fn resume(files: Files, progress: Progress) -> Result<Self, Vec<Problem>> {
        let mut player = Self::open(files, progress.seed)?;
        if progress.lesson == player.lesson.id {
            player.progress = progress;
        }
        Ok(player)
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

    /// The moment behind which everything is hidden, while a question is open or still to come.
    pub fn masked_from(&mut self) -> Option<Moment> {
        if self.branch.is_some() || self.stage == Stage::Over {
            return None;
        }
        let open = self.deck.iter().skip(self.place).find(|card| self.is_open(card)).copied()?;
        Some(self.station(open.beat).at)
    }

    /// Whether the future of a beat must stay hidden: it asks, and was neither answered nor skipped this time.
    fn is_open(&self, card: &Card) -> bool {
        let asks = matches!(self.lesson.beats.get(card.beat).map(|beat| &beat.task), Some(Task::Predict { .. }));
        if self.deck.get(self.place) == Some(card) {
            return matches!(self.stage, Stage::Asking { .. });
        }
        let known = self.lesson.beats.get(card.beat).and_then(|beat| self.progress.beats.get(&beat.id));
        let before = known.is_some_and(|done| done.done || done.skipped || !done.answers.is_empty());
        asks && (!before || card.twin)
    }

    /// Moves the cursor; `false` where the moment is masked. A task that asks for a moment is done when it is reached.
    pub fn go(&mut self, moment: Moment) -> bool {
        if self.masked_from().is_some_and(|mask| moment > mask) {
            return false;
        }
        self.at = moment;
        if let Stage::Working { reached: None, .. } = self.stage
            && let Some(Task::Investigate { goal }) = self.beat().map(|beat| beat.task.clone())
            && holds(&goal, self.run(), moment)
        {
            self.reached(Some(moment));
        }
        true
    }

    /// Does what a learner asks; `false` where it has no meaning now.
    pub fn act(&mut self, act: Act) -> bool {
        match act {
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
            Act::Calls(text) => self.make_calls(&text),
            Act::Say(words) => {
                self.progress.said = words;
                true
            }
        }
    }

    fn card(&self) -> Card {
        self.deck.get(self.place).or(self.deck.last()).copied().unwrap_or(Card { beat: 0, twin: false })
    }

    fn beat(&self) -> Option<&Beat> {
        self.lesson.beats.get(self.card().beat)
    }

    fn record(&mut self) -> &mut BeatProgress {
        let id = self.beat().map(|beat| beat.id.clone()).unwrap_or_default();
        self.progress.beats.entry(id).or_default()
    }

    /// Where a beat stands; those before it are found on the way.
    fn station(&mut self, beat: usize) -> Station {
        while self.stations.len() <= beat {
            let from = self.stations.last().map_or_else(Moment::default, |station| station.until);
            let next = station(&self.lesson, self.stations.len(), &mut self.run, from);
            self.stations.push(next);
        }
        self.stations.get(beat).copied().unwrap_or(Station { at: self.at, until: self.at, found: false })
    }

    /// Brings the run to the beat of the present card.
    fn enter(&mut self) {
        self.branch = None;
        self.changes.clear();
        let card = self.card();
        if card.twin {
            self.other_numbers();
        }
        self.at = self.station(card.beat).at;
        let seed = self.lesson.seed;
        self.stage = match self.beat().map(|beat| &beat.task) {
            None | Some(Task::Show) => Stage::Telling,
            Some(Task::Predict { .. }) => Stage::Asking { chosen: 0, certainty: Certainty::Guessing, hints: 0 },
            Some(Task::Investigate { .. } | Task::Modify { .. } | Task::Make { .. }) => {
                Stage::Working { hints: 0, reached: None, complaint: None }
            }
            Some(Task::Order { steps }) => {
                Stage::Ranking { order: shuffled(steps.len(), seed), chosen: 0, hints: 0, right: None }
            }
        };
    }

    /// The same lesson with other numbers, for a twin.
    fn other_numbers(&mut self) {
        let seed = self.progress.seed.wrapping_add(TWIN);
        if self.lesson.seed == seed || !self.lesson.varies {
            return;
        }
        if let Ok(lesson) = load(&self.files, seed)
            && let Ok(run) = lesson.open(&[])
        {
            self.lesson = lesson;
            self.run = run;
            self.stations.clear();
        }
    }

    fn next(&mut self) -> bool {
        match &self.stage {
            Stage::Asking { .. } | Stage::Ranking { right: None, .. } | Stage::Over => return false,
            Stage::Working { reached: None, .. } => self.record().skipped = true,
            Stage::Telling => self.record().done = true,
            Stage::Revealed { .. } | Stage::Working { .. } | Stage::Ranking { .. } => {}
        }
        if self.place + 1 == self.deck.len() && !self.card().twin {
            self.deal_twins();
        }
        if self.place + 1 < self.deck.len() {
            self.place += 1;
            self.enter();
        } else {
            self.branch = None;
            self.changes.clear();
            self.stage = Stage::Over;
            self.progress.finished = true;
        }
        true
    }

    /// Wrong answers come back: the certain ones first.
    fn deal_twins(&mut self) {
        let wrong = |beat: &Beat| {
            let last = self.progress.beats.get(&beat.id).and_then(|done| done.answers.last());
            last.filter(|answer| !answer.right).map(|answer| answer.certainty)
        };
        let mut twins: Vec<(Certainty, usize)> = self
            .lesson
            .beats
            .iter()
            .enumerate()
            .filter_map(|(index, beat)| wrong(beat).map(|certainty| (certainty, index)))
            .collect();
        twins.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        self.deck.extend(twins.into_iter().map(|(_, beat)| Card { beat, twin: true }));
    }

    fn back(&mut self) -> bool {
        if self.stage == Stage::Over {
            self.enter();
            return true;
        }
        let Some(place) = self.place.checked_sub(1).filter(|_| !self.card().twin) else { return false };
        self.place = place;
        self.enter();
        true
    }

    fn choose(&mut self, option: usize) -> bool {
        let options = match self.beat().map(|beat| &beat.task) {
            Some(Task::Predict { options, .. }) => options.len(),
            Some(Task::Order { steps }) => steps.len(),
            _ => 0,
        };
        match &mut self.stage {
            Stage::Asking { chosen, .. } | Stage::Ranking { chosen, right: None, .. } if option < options => {
                *chosen = option;
                true
            }
            _ => false,
        }
    }

    fn certainty(&mut self, level: u8) -> bool {
        match &mut self.stage {
            Stage::Asking { certainty, .. } if (1..=3).contains(&level) => {
                *certainty = Certainty::of(level);
                true
            }
            _ => false,
        }
    }

    fn hint(&mut self) -> bool {
        let most = self.beat().map_or(0, |beat| beat.hints);
        match &mut self.stage {
            Stage::Asking { hints, .. } | Stage::Working { hints, .. } | Stage::Ranking { hints, right: None, .. }
                if *hints < most =>
            {
                *hints += 1;
                true
            }
            _ => false,
        }
    }

    fn answer(&mut self) -> bool {
        match self.stage.clone() {
            Stage::Asking { chosen, certainty, hints } => {
                let Some(judgement) = self.judge() else { return false };
                let right = judgement.truth() == Some(chosen);
                if let Some(Task::Predict { options, .. }) = self.beat().map(|beat| beat.task.clone())
                    && let Some(option) = options.get(chosen)
                {
                    let misconception = option.misconception.clone().filter(|_| !right);
                    let answer = Answer { option: option.id.clone(), right, certainty, misconception, hints };
                    self.record().answers.push(answer);
                }
                self.reveal(Some(chosen), judgement);
                true
            }
            Stage::Ranking { order, right: None, .. } => {
                self.rank(&order, false);
                true
            }
            _ => false,
        }
    }

    fn skip(&mut self) -> bool {
        match self.stage.clone() {
            Stage::Asking { .. } => {
                let Some(judgement) = self.judge() else { return false };
                self.record().skipped = true;
                self.reveal(None, judgement);
                true
            }
            Stage::Ranking { order, right: None, .. } => {
                self.rank(&order, true);
                true
            }
            Stage::Working { reached: None, .. } => {
                self.record().skipped = true;
                self.solve();
                true
            }
            Stage::Over => false,
            Stage::Telling | Stage::Revealed { .. } | Stage::Working { .. } | Stage::Ranking { .. } => self.next(),
        }
    }

    fn judge(&mut self) -> Option<Judgement> {
        let station = self.station(self.card().beat);
        let Some(Task::Predict { options, evidence }) = self.beat().map(|beat| beat.task.clone()) else { return None };
        Some(judge(&mut self.run, &options, &evidence, station.at, station.until))
    }

    /// The option that the run makes true, for whoever plays headless.
    pub(crate) fn truth(&mut self, beat: usize) -> Option<usize> {
        if self.card().beat == beat { self.judge()?.truth() } else { None }
    }

    fn reveal(&mut self, chosen: Option<usize>, judgement: Judgement) {
        self.at = self.station(self.card().beat).until;
        self.stage = Stage::Revealed { chosen, judgement };
    }

    /// Shows the order of the run, and where the learner's was the same.
    fn rank(&mut self, order: &[usize], skipped: bool) {
        let truth = self.true_order();
        let right: Vec<bool> = order.iter().zip(&truth).map(|(own, step)| skipped || own == step).collect();
        let record = self.record();
        record.done = !skipped && right.iter().all(|right| *right);
        record.skipped = skipped;
        self.at = self.station(self.card().beat).until;
        if let Stage::Ranking { order, right: verdict, .. } = &mut self.stage {
            *order = truth;
            *verdict = Some(right);
        }
    }

    /// The steps of an ordering beat as the run has them.
    fn true_order(&mut self) -> Vec<usize> {
        let Some(Task::Order { steps }) = self.beat().map(|beat| beat.task.clone()) else { return Vec::new() };
        let mut moments: Vec<(Option<Moment>, usize)> = steps
            .iter()
            .enumerate()
            .map(|(index, step)| (reach(&step.at, &mut self.run, Moment::default()), index))
            .collect();
        moments.sort_by_key(|(moment, index)| (moment.is_none(), *moment, *index));
        moments.into_iter().map(|(_, index)| index).collect()
    }

    /// A hand-in: what was done, and the hash that replaying it gives.
    ///
    /// # Errors
    /// The place in the scene that cannot be run.
    pub fn hand_in(&self, student: &str) -> Result<HandIn, Vec<Problem>> {
        let hash = replay(&self.files, &self.progress)?;
        Ok(HandIn { schema: 1, student: student.to_owned(), progress: self.progress.clone(), hash })
    }
}

/// Numbers from 0 in an order that is not their own.
fn shuffled(length: usize, seed: u64) -> Vec<usize> {
    let mut random = Random::new(seed ^ 0x0070_6c61_7965_7221);
    let mut order: Vec<usize> = (0..length).collect();
    for index in (1..length).rev() {
        let other = usize::try_from(random.below(index as u64 + 1)).unwrap_or(0);
        order.swap(index, other);
    }
    if length > 1 && order.iter().enumerate().all(|(index, own)| index == *own) {
        order.rotate_left(1);
    }
    order
}
