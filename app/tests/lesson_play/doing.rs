//! How the script does what a beat asks for on the run: by the keys of the panes, as a student does.

use lessons::{Act, Allowed, Change, Question, Ranking, Shows, Task};
use sockscope::i18n::Message;
use stack::lab::movement::Direction;
use stack::lab::query::{Place, find, reach};
use stack::lab::run::{FrameRecord, Moment, Run};

use super::reading::{LessonPane, squeezed};
use super::script::{Played, Script, Way};

/// Takes back what a prompt offers.
const ERASE: &str = "\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}";
/// A line that is no system call.
const NO_CALL: &str = "listen(";

impl Script<'_> {
    /// Does the task that is open.
    pub(super) fn work(&mut self) -> Played {
        let beat = self.view().beat - 1;
        match self.player.lesson().beats[beat].task.clone() {
            Task::Investigate { goal, .. } => {
                let goal = goal.to_string();
                if beat.is_multiple_of(2) { self.stop_where(&goal) } else { self.step_to(&goal) }
            }
            Task::Modify { goal, solution, allow, .. } => {
                if self.way() == Way::Wrong {
                    self.change_in_vain(&goal.to_string(), &allow)?;
                }
                for change in solution {
                    if !matches!(self.view().shows, Shows::Work(work) if work.done) {
                        self.change(change)?;
                    }
                }
                Ok(())
            }
            Task::Make { solution, .. } => {
                if self.way() == Way::Wrong {
                    self.terminal.type_keys(&format!("e{NO_CALL}\r"));
                    if self.act(Act::Write(NO_CALL.to_owned())).is_ok() {
                        return self.stuck("it was taken for a call");
                    }
                    self.stands()?;
                }
                let calls = solution.lines().collect::<Vec<_>>().join("; ");
                self.press(&format!("e{calls}\r"), Act::Write(calls.clone()))
            }
            Task::Show | Task::Predict { .. } | Task::Order { .. } => self.stuck("it is no task"),
        }
    }

    /// The last moment before the cursor at which the goal came true, else the first one behind it that may be seen.
    fn sought(&mut self, goal: &str) -> Played<(Moment, Direction)> {
        let (at, mask) = (self.player.moment(), self.player.masked_from());
        let place = Place::parse(&format!("when {goal}")).map_err(|error| format!("{goal}: {error:?}"))?;
        for direction in [Direction::Backward, Direction::Forward] {
            let found = find(&place, self.player.run(), at, direction);
            if let Some(found) = found.filter(|found| mask.is_none_or(|mask| *found <= mask)) {
                return Ok((found, direction));
            }
        }
        self.stuck(&format!("nowhere: {goal}"))
    }

    /// Types a stop, and runs to it by the keys of the list of stops; then the stop is removed.
    fn stop_where(&mut self, goal: &str) -> Played {
        let (moment, direction) = self.sought(goal)?;
        let key = if direction == Direction::Forward { "\r" } else { "\u{7f}" };
        self.terminal.type_keys(&format!("gbwhen {goal}\rgpx{key}"));
        self.go(moment)?;
        self.stands()?;
        // While a question is open, its keys count: the stop waits for the answer.
        if let Shows::Question(question) = self.view().shows {
            if !question.picks.is_empty() {
                self.terminal.type_keys("gpxx");
                return self.stands();
            }
            return Ok(());
        }
        self.forget_stop()
    }

    /// Removes the stop that was typed, and looks at the lesson again.
    fn forget_stop(&mut self) -> Played {
        self.terminal.type_keys("gpxx");
        let gone = Message::StopGone.fill(self.lang(), &[""]);
        self.comes("the stop is gone", |screen| squeezed(&screen.contents()).contains(&squeezed(&gone)))?;
        self.terminal.type_keys("gpn");
        Ok(())
    }

    /// Goes to a step by its number.
    fn step_to(&mut self, goal: &str) -> Played {
        let (moment, _) = self.sought(goal)?;
        let number = number(self.player.run(), moment);
        self.terminal.type_keys(&format!("gn{number}\r"));
        self.go(moment)?;
        self.stands()
    }

    /// Puts the cursor on a thing in its pane, by searching its name, and answers with it.
    pub(super) fn pick(&mut self, question: &Question, option: usize) -> Played {
        let thing = &question.picks[option];
        let keys = match thing.split_once(".arp(\"") {
            Some((_, address)) => format!("6/{}\r", address.trim_end_matches("\")")),
            None => format!("2/{}\r", thing.rsplit_once('.').map_or(thing.as_str(), |(_, field)| field)),
        };
        self.terminal.type_keys(&keys);
        let lang = self.lang();
        let chosen = squeezed(&format!("▸{}", question.options[option]));
        let is_chosen = |screen: &vt100::Screen| LessonPane::on(screen).is_some_and(|pane| pane.text.contains(&chosen));
        let other = squeezed(&Message::PickOther.fill(lang, &[""]));
        let is_other = |screen: &vt100::Screen| squeezed(&screen.contents()).contains(&other);
        for _ in 0..8 {
            self.terminal.type_keys("\r");
            self.comes("an answer to Enter", |screen| is_chosen(screen) || is_other(screen))?;
            if is_chosen(&self.terminal.picture()) {
                self.act(Act::Choose(option))?;
                return self.stands();
            }
            self.terminal.type_keys("\u{e}");
            self.comes("the next match", |screen| !is_other(screen))?;
        }
        self.stuck(&format!("it cannot be picked: {thing}"))
    }

    /// Puts the cursor of the ladder on a frame, and changes what becomes of it.
    fn change(&mut self, change: Change) -> Played {
        let (frame, _) = change.fate();
        let run = self.player.run();
        let record = usize::try_from(frame).ok().and_then(|frame| run.frames.get(frame - 1));
        let Some(moment) = record.map(|record| record.moment) else { return self.stuck(&format!("no frame {frame}")) };
        let number = number(run, moment);
        self.terminal.type_keys(&format!("gn{number}\r"));
        self.go(moment)?;
        let counted = squeezed(&Message::StepOf.fill(self.lang(), &[&number.to_string(), ""]));
        let counted = counted.trim_end_matches('步').to_owned();
        self.comes("the step of the frame", |screen| squeezed(&screen.contents()).contains(&counted))?;
        let keys = match change {
            Change::Drop(_) => "4d".to_owned(),
            Change::Duplicate(_) => "4v".to_owned(),
            Change::Delay(_, milliseconds) => format!("4D{ERASE}{milliseconds}ms\r"),
        };
        self.press(&keys, Act::Change(change))
    }

    /// Changes a frame with which the goal is not reached, the last that there is, and takes that back.
    fn change_in_vain(&mut self, goal: &str, allow: &[Allowed]) -> Played {
        let goal = Place::parse(&format!("when {goal}")).map_err(|error| format!("{goal}: {error:?}"))?;
        let make = |frame: u64| match allow.first() {
            Some(Allowed::Duplicate) => Change::Duplicate(frame),
            Some(Allowed::Delay) => Change::Delay(frame, 1),
            _ => Change::Drop(frame),
        };
        let lesson = self.player.lesson().clone();
        let run = self.player.run();
        // One that is lost anyway is not there to be chosen.
        let arrives = |record: &&FrameRecord| !record.sent.arrivals.is_empty();
        let frames: Vec<u64> = run.frames.iter().filter(arrives).map(|record| record.sent.number).collect();
        let is_in_vain = |change: &Change| {
            let branch = lesson.with_changes(run, &[*change]);
            branch.is_ok_and(|mut branch| reach(&goal, &mut branch, Moment::default()).is_none())
        };
        let Some(change) = frames.into_iter().rev().map(make).find(is_in_vain) else {
            return self.stuck("whatever is changed, it is done");
        };
        self.change(change)?;
        self.press("U", Act::Undo)
    }

    /// Orders the steps: rightly, or as they lie there; two of them are changed where that happens to be right.
    pub(super) fn order(&mut self, ranking: &Ranking) -> Played {
        self.learn();
        let Some(truth) = self.truths.order(&self.player) else { return self.stuck("no order is known") };
        let mut own: Vec<usize> = (0..ranking.steps.len()).collect();
        let mut wanted = truth.clone();
        if self.way() == Way::Wrong {
            wanted = own.clone();
            if wanted == truth {
                wanted.swap(0, 1);
            }
        }
        let mut cursor = ranking.chosen;
        for (place, step) in wanted.iter().enumerate() {
            let Some(from) = own.iter().position(|own| own == step).filter(|from| *from != place) else { continue };
            let arrow = if from > cursor { "\u{1b}[B" } else { "\u{1b}[A" };
            self.terminal.type_keys(&arrow.repeat(from.abs_diff(cursor)));
            self.act(Act::Choose(from))?;
            self.terminal.type_keys(&"K".repeat(from - place));
            for _ in place..from {
                self.act(Act::Shift { up: true })?;
            }
            own.remove(from);
            own.insert(place, *step);
            cursor = place;
        }
        self.stands()?;
        self.press("\r", Act::Answer)
    }
}

/// The number of a moment, as the screen counts the steps.
fn number(run: &Run, moment: Moment) -> usize {
    (0..moment.turn).map(|turn| run.steps(turn)).sum::<usize>() + moment.step
}
