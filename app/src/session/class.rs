//! A lesson shown to a class: what it has voted, how far the beat is shown, since when its question is open.
//!
//! It is a fold over [`ClassAct`]s and the time that whoever drives it hands in. A class plays with a player of its own, so that
//! nothing of it becomes anybody's progress; the learner's waits where it was. Promise: no option is marked before the reveal, and
//! votes that were counted stay with their beat, whatever is shown in between.

use std::collections::BTreeMap;
use std::time::Duration;

use lessons::{Act, Choice, LessonText, Player, Stage, Task, pace};

use crate::i18n::Lang;
use crate::lesson::class_place::{ClassPlace, Teller};
use crate::picture::class::{ClassOption, ClassPage, ClassPicture};

/// The largest number of votes that can be typed for one option.
const MOST_VOTES: u32 = 999;

/// What a teacher does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClassAct {
    /// On: from the question to what the run says, to why, to the next beat.
    Forward,
    /// The same way back.
    Back,
    /// Count the votes for an option, from 0.
    Count(usize),
    /// Go to the option above or below, to count there.
    Walk {
        /// To the one above.
        up: bool,
    },
    /// A digit of the count.
    Digit(u8),
    /// Take the last digit back.
    Erase,
    /// Vote once more; while nobody is counted there, back to the first vote.
    Again,
}

/// The votes on one question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Ballot {
    rounds: [BTreeMap<usize, u32>; 2],
    /// The round that is counted, 0 or 1.
    round: usize,
}

/// The option whose votes are being typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Counted {
    option: usize,
    /// No digit was typed yet: the first one begins the number anew.
    is_fresh: bool,
}

/// A class in front of a lesson.
pub struct Class {
    /// The learner's player, which waits.
    learner: Player,
    tell: Teller,
    /// Votes by the id of their beat.
    ballots: BTreeMap<String, Ballot>,
    page: ClassPage,
    counted: Option<Counted>,
    /// The beat that is played and how it stands, as it was when last looked at.
    stage: (usize, Stage),
    /// The task of this beat was solved by the lesson.
    is_demonstrated: bool,
    now: Duration,
    /// When the question that is open was put.
    put: Option<Duration>,
}

impl Class {
    /// A class that begins where its player stands; `learner` waits meanwhile.
    pub(super) fn new(learner: Player, player: &Player, tell: Teller, now: Duration) -> Self {
        let mut class = Self {
            learner,
            tell,
            ballots: BTreeMap::new(),
            page: ClassPage::Put,
            counted: None,
            stage: player.stage(),
            is_demonstrated: false,
            now,
            put: None,
        };
        class.settle(player);
        class
    }

    /// Ends the class; gives the learner's player back, and who was told.
    pub(super) fn end(mut self) -> (Player, Teller) {
        (self.tell)(None);
        (self.learner, self.tell)
    }

    /// What the clock says; it never goes back.
    pub(super) fn set_time(&mut self, now: Duration) {
        self.now = self.now.max(now);
    }

    /// How long the open question has been open; None where none is.
    pub(super) fn open_for(&self) -> Option<Duration> {
        self.put.map(|put| self.now.saturating_sub(put))
    }

    /// Does what the teacher does; `false` where it has no meaning now.
    pub(super) fn act(&mut self, player: &mut Player, act: ClassAct) -> bool {
        let done = match act {
            ClassAct::Forward => self.forward(player),
            ClassAct::Back => self.back(player),
            ClassAct::Count(option) => self.count(player, option),
            ClassAct::Walk { up } => self.walk(player, up),
            ClassAct::Digit(digit) => self.digit(player, digit),
            ClassAct::Erase => self.erase(player),
            ClassAct::Again => self.vote_again(player),
        };
        self.settle(player);
        done
    }

    /// Looks where the player stands now: a question that has just been put is timed from here.
    pub(super) fn settle(&mut self, player: &Player) {
        let before = std::mem::replace(&mut self.stage, player.stage());
        let (beat, stage) = self.stage;
        if before != self.stage {
            self.counted = None;
            self.put = None;
        }
        if before.0 != beat || stage == Stage::Over {
            self.is_demonstrated = false;
            self.page = ClassPage::Put;
        }
        if stage.is_question() {
            self.put = self.put.or(Some(self.now));
        }
        let lesson = player.lesson();
        let beat = if stage == Stage::Over { lesson.beats.len() } else { beat };
        let place = ClassPlace::new(lesson.id.clone(), lesson.seed, beat, stage == Stage::Shown);
        (self.tell)(Some(place));
    }

    fn forward(&mut self, player: &mut Player) -> bool {
        match (player.stage().1, self.page) {
            (Stage::Over, _) => false,
            (Stage::Asked | Stage::Unordered, _) => {
                self.page = ClassPage::Reveal;
                player.act(Act::Skip)
            }
            (Stage::Set, _) => {
                self.is_demonstrated = player.demonstrate();
                let is_shown = player.stage().1 == Stage::Shown;
                self.page = if is_shown { ClassPage::Reveal } else { ClassPage::Put };
                self.is_demonstrated || player.act(Act::Next)
            }
            (Stage::Shown, ClassPage::Put | ClassPage::Reveal) => {
                self.page = ClassPage::Why;
                true
            }
            (Stage::Shown, ClassPage::Why) | (Stage::Told, _) => player.act(Act::Next),
        }
    }

    fn back(&mut self, player: &mut Player) -> bool {
        match (player.stage().1, self.page) {
            (Stage::Shown, ClassPage::Why) => self.page = ClassPage::Reveal,
            (Stage::Shown, ClassPage::Put | ClassPage::Reveal) => {
                player.put_again();
                self.is_demonstrated = false;
                self.page = ClassPage::Put;
            }
            (Stage::Asked | Stage::Set | Stage::Unordered | Stage::Told | Stage::Over, _) => {
                return player.act(Act::Back);
            }
        }
        true
    }

    fn count(&mut self, player: &Player, option: usize) -> bool {
        let may = player.stage().1 == Stage::Asked && option < choices(player).len();
        // The digits behind a letter that names nothing belong to no other option.
        self.counted = may.then_some(Counted { option, is_fresh: true });
        may
    }

    fn walk(&mut self, player: &Player, up: bool) -> bool {
        let last = choices(player).len().saturating_sub(1);
        let next = match (self.counted.map(|counted| counted.option), up) {
            (Some(option), true) => option.saturating_sub(1),
            (Some(option), false) => (option + 1).min(last),
            (None, true) => last,
            (None, false) => 0,
        };
        self.count(player, next)
    }

    fn digit(&mut self, player: &Player, digit: u8) -> bool {
        let Some(counted) = self.counted.as_mut().filter(|_| player.stage().1 == Stage::Asked) else { return false };
        let is_fresh = std::mem::replace(&mut counted.is_fresh, false);
        let option = counted.option;
        let count = self.round(player).entry(option).or_default();
        let typed = if is_fresh { 0 } else { count.saturating_mul(10) }.saturating_add(u32::from(digit));
        let fits = typed <= MOST_VOTES;
        if fits {
            *count = typed;
        }
        fits
    }

    fn erase(&mut self, player: &Player) -> bool {
        let Some(counted) = self.counted.as_mut().filter(|_| player.stage().1 == Stage::Asked) else { return false };
        counted.is_fresh = false;
        let option = counted.option;
        let round = self.round(player);
        match round.get(&option).map(|count| count / 10) {
            Some(0) | None => drop(round.remove(&option)),
            Some(rest) => drop(round.insert(option, rest)),
        }
        true
    }

    fn vote_again(&mut self, player: &Player) -> bool {
        if player.stage().1 != Stage::Asked {
            return false;
        }
        let ballot = self.ballots.entry(beat_id(player)).or_default();
        let [first, second] = ballot.rounds.each_ref().map(|round| !round.is_empty());
        let may = if ballot.round == 0 { first } else { !second };
        if may {
            ballot.round = 1 - ballot.round;
            self.counted = None;
        }
        may
    }

    /// The votes that are being counted.
    fn round(&mut self, player: &Player) -> &mut BTreeMap<usize, u32> {
        let ballot = self.ballots.entry(beat_id(player)).or_default();
        let [first, second] = &mut ballot.rounds;
        if ballot.round == 0 { first } else { second }
    }

    /// What the class sees of it.
    pub(super) fn picture(&self, player: &Player, lang: Lang) -> ClassPicture {
        let (beat, stage) = player.stage();
        let lesson = player.lesson();
        let ballot = self.ballots.get(&beat_id(player)).cloned().unwrap_or_default();
        let truth = player.truth_shown();
        let text = lesson.text(lang);
        let say = |section: String| text.plain(&LessonText::key(&beat_id(player), &section));
        let is_put = stage == Stage::Asked || truth.is_some();
        let option = |(place, choice): (usize, &Choice)| ClassOption {
            text: say(format!("option {}", choice.id)),
            reply: if truth.is_some() { say(format!("reply {}", choice.id)) } else { String::new() },
            holds: truth.map(|truth| truth == place),
            votes: ballot.rounds.each_ref().map(|round| round.get(&place).copied()),
        };
        let solution = match lesson.beats.get(beat).map(|beat| &beat.task) {
            Some(Task::Make { solution, .. }) if self.is_demonstrated => solution.lines().map(str::to_owned).collect(),
            _ => Vec::new(),
        };
        let asks = text.plain(&LessonText::key(&beat_id(player), "ask"));
        ClassPicture {
            page: self.page,
            pane: lesson.beats.get(beat).and_then(|beat| beat.pane),
            question: if !is_put {
                String::new()
            } else if asks.is_empty() {
                say("question".to_owned())
            } else {
                asks
            },
            options: choices(player).iter().enumerate().filter(|_| is_put).map(option).collect(),
            round: ballot.round,
            counted: self.counted.map(|counted| counted.option),
            solution,
            seconds: self.open_for().map(|open| open.as_secs()),
            suggested: lesson.beats.get(beat).map_or(0, |beat| pace::seconds(lesson, beat, lang)),
        }
    }
}

/// The options of the present beat; none where it has no question.
fn choices(player: &Player) -> &[Choice] {
    player.lesson().beats.get(player.stage().0).map_or(&[], |beat| beat.task.options())
}

fn beat_id(player: &Player) -> String {
    player.lesson().beats.get(player.stage().0).map(|beat| beat.id.clone()).unwrap_or_default()
}
