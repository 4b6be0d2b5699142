//! The record of what a learner does: every deed with its time, kept so that it can be done once more.
//!
//! Promise: doing the deeds of a sitting again, from the beat at which it began, gives the same progress; `hand_in` relies on
//! it. The cursor and the steps on the way to an answer are no deeds. The clock is read by whoever plays.

use core::mem::{Discriminant, discriminant};

use stack::lab::run::Moment;

use super::{Act, BeatState, Player, Visit};
use crate::lesson::Task;
use crate::progress::{Clock, Deed, Entry};

impl Player {
    /// Does what a learner asks, as [`Player::act`], and keeps it with the time at which it was done.
    pub fn act_at(&mut self, clock: Clock, act: Act) -> bool {
        let (beat, retake) = self.place();
        let order = self.order();
        let (is_answer, deed) = (act == Act::Answer, deed_of(&act));
        if !self.act(act) {
            return false;
        }
        // What an answer says is known when it has been given.
        let deed = if is_answer { order.map(Deed::Order).or_else(|| self.last_answer(&beat)) } else { deed };
        if let Some(did) = deed {
            self.progress.note(clock.opened, Entry { after: clock.after, beat, retake, did });
        }
        true
    }

    /// Moves the cursor, as [`Player::go`], and keeps it where a task asked for this moment.
    pub fn go_at(&mut self, clock: Clock, moment: Moment) -> bool {
        let (beat, retake) = self.place();
        let before = self.footing();
        let may = self.go(moment);
        if may && self.footing() != before {
            let did = Deed::Find { turn: moment.turn, step: moment.step };
            self.progress.note(clock.opened, Entry { after: clock.after, beat, retake, did });
        }
        may
    }

    /// Does a deed once more, its time aside; `false` where it has no meaning now.
    pub(crate) fn repeat(&mut self, did: &Deed) -> bool {
        match did {
            Deed::Answer { option, certainty } => {
                let chosen = self.options().iter().position(|known| known.id == *option);
                chosen.is_some_and(|chosen| {
                    self.act(Act::Choose(chosen))
                        && self.act(Act::Certainty(certainty.level()))
                        && self.act(Act::Answer)
                })
            }
            Deed::Order(steps) => self.put_in_order(steps) && self.act(Act::Answer),
            Deed::Find { turn, step } => {
                let before = self.footing();
                self.go(Moment { turn: *turn, step: *step }) && self.footing() != before
            }
            Deed::Change(text) => {
                crate::lesson::Change::parse(text).is_some_and(|change| self.act(Act::Change(change)))
            }
            Deed::Undo => self.act(Act::Undo),
            Deed::Write(text) => self.act(Act::Write(text.clone())),
            Deed::Hint => self.act(Act::Hint),
            Deed::Skip => self.act(Act::Skip),
            Deed::Next => self.act(Act::Next),
            Deed::Back => self.act(Act::Back),
        }
    }

    /// The beat that is played, by its id, and whether it came back.
    pub(crate) fn place(&self) -> (String, bool) {
        (self.beat().map(|beat| beat.id.clone()).unwrap_or_default(), self.visit().retake.is_some())
    }

    /// Goes to a beat as to a new one; `false` where there is none of this id.
    pub(crate) fn stand_at(&mut self, beat: &str) -> bool {
        let Some(place) = self.lesson.beat_index(beat) else { return false };
        self.present = place;
        self.enter();
        self.mask = self.hidden_behind();
        true
    }

    /// Goes to where a learner left who comes back: the first beat that is open, else the first retake that is.
    pub(super) fn stand_where_left(&mut self) {
        if self.progress.finished {
            return;
        }
        let open = self.progress.first_open(self.lesson.beats.iter().map(|beat| beat.id.as_str()));
        let retakes = self.visits.len();
        self.present = open.unwrap_or(retakes);
        if open.is_none() {
            self.add_retakes();
            let retaken = |visit: &Visit| visit.retake.is_some() && self.is_retaken(visit.beat);
            let kept = self.visits.iter().filter(|visit| !retaken(visit)).copied().collect();
            self.visits = kept;
        }
        if self.present < self.visits.len() {
            self.enter();
        } else {
            self.finish();
        }
    }

    /// Whether a beat that came back was answered then, or skipped.
    fn is_retaken(&self, beat: usize) -> bool {
        let Some(beat) = self.lesson.beats.get(beat) else { return true };
        let settles = |did: &Deed| matches!(did, Deed::Answer { .. } | Deed::Order(_) | Deed::Skip);
        self.progress.entries().any(|entry| entry.retake && entry.beat == beat.id && settles(&entry.did))
    }

    /// What changes when a moment is found that was asked for.
    fn footing(&self) -> (Discriminant<BeatState>, bool) {
        (discriminant(&self.state), self.is_unsettled())
    }

    fn last_answer(&self, beat: &str) -> Option<Deed> {
        let answer = self.progress.beats.get(beat)?.answers.last()?;
        Some(Deed::Answer { option: answer.option.clone(), certainty: answer.certainty })
    }

    /// The steps by their ids in the learner's order; None where none are to be ordered.
    fn order(&self) -> Option<Vec<String>> {
        let (BeatState::Ranking { order, .. }, Some(Task::Order { steps })) =
            (&self.state, self.beat().map(|beat| &beat.task))
        else {
            return None;
        };
        Some(order.iter().filter_map(|index| steps.get(*index)).map(|step| step.id.clone()).collect())
    }

    /// Moves the steps into an order; `false` where these are not the steps.
    fn put_in_order(&mut self, wanted: &[String]) -> bool {
        if self.order().is_none_or(|own| own.len() != wanted.len()) {
            return false;
        }
        wanted.iter().enumerate().all(|(place, step)| {
            let from = self.order().and_then(|own| own.iter().position(|own| own == step));
            from.is_some_and(|from| {
                from >= place && self.act(Act::Choose(from)) && (place..from).all(|_| self.act(Act::Shift { up: true }))
            })
        })
    }
}

/// What is kept of an act; None for an answer, which says itself only afterwards, and for what is only on the way to one.
fn deed_of(act: &Act) -> Option<Deed> {
    Some(match act {
        Act::Choose(_) | Act::Certainty(_) | Act::Shift { .. } | Act::Answer => return None,
        Act::Change(change) => Deed::Change(change.to_string()),
        Act::Undo => Deed::Undo,
        Act::Write(text) => Deed::Write(text.clone()),
        Act::Hint => Deed::Hint,
        Act::Skip => Deed::Skip,
        Act::Next => Deed::Next,
        Act::Back => Deed::Back,
    })
}
