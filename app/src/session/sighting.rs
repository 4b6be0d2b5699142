//! Where something is to be seen in a run: the nearest moment after the cursor and the nearest before it, looked for in slices, and
//! what happens there. The card of a word and the preview of "go anywhere" both show it.
//!
//! Promise: looking moves nothing; what a lesson still hides is not told.

use stack::lab::caption::caption;
use stack::lab::movement::Direction;
use stack::lab::query::{Place, Progress, Search};
use stack::lab::run::Moment;

use super::Session;
use super::answer::Answer;
use super::notes::NoteSearch;
use crate::i18n::Lang;

/// What is looked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Seen {
    /// One moment of the run.
    At(Moment),
    /// Wherever one of these happens.
    Places(Vec<Place>),
    /// Wherever this note is said; in English, as the source has it.
    Note(&'static str),
}

/// A moment in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The moment.
    pub moment: Moment,
    /// Its number.
    pub step: u64,
    /// Its time in microseconds.
    pub microseconds: u64,
    /// The host that takes the step; empty where none does.
    pub host: String,
    /// The function that runs; empty where none does.
    pub function: String,
    /// What happens there, in one sentence.
    pub sentence: String,
}

/// What is known of one side of the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Side {
    /// It is being looked through.
    Looking,
    /// It is not seen there.
    Nothing,
    /// It is seen there, behind what a lesson hides.
    Hidden,
    /// It is seen here.
    Seen(Told),
}

enum Seeker {
    Known(Option<Moment>),
    Places(Box<Search>),
    Note(Box<NoteSearch>),
}

/// The search on both sides of the cursor, that ahead first.
pub struct Sighting {
    lang: Lang,
    seekers: [Seeker; 2],
    sides: [Side; 2],
}

impl Sighting {
    /// What is known of a side by now.
    #[must_use]
    pub fn side(&self, direction: Direction) -> &Side {
        &self.sides[place(direction)]
    }

    /// Whether anything is still to be looked through.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.sides.contains(&Side::Looking)
    }
}

fn place(direction: Direction) -> usize {
    usize::from(direction == Direction::Backward)
}

const DIRECTIONS: [Direction; 2] = [Direction::Forward, Direction::Backward];

impl Session {
    /// Begins to look for something on both sides of the cursor.
    #[must_use]
    pub fn sighting(&self, seen: &Seen, lang: Lang) -> Sighting {
        let from = self.moment();
        let seekers = DIRECTIONS.map(|direction| match seen {
            // The moment where one stands counts as ahead: one has nowhere to go back for it.
            Seen::At(moment) => {
                Seeker::Known(Some(*moment).filter(|moment| (*moment < from) == (place(direction) == 1)))
            }
            Seen::Places(places) => Seeker::Places(Box::new(Search::new(places.clone(), from, direction))),
            Seen::Note(text) => Seeker::Note(Box::new(NoteSearch::new(text, from, direction))),
        });
        Sighting { lang, seekers, sides: [Side::Looking, Side::Looking] }
    }

    /// Looks through so many turns more; says whether there is news.
    pub fn look_on(&mut self, sighting: &mut Sighting, turns: usize) -> bool {
        let Some(side) = sighting.sides.iter().position(|side| *side == Side::Looking) else { return false };
        let hidden = self.branch_mut().origin.hides_from();
        let run = self.branch_mut().origin.run_mut();
        let ended = match &mut sighting.seekers[side] {
            Seeker::Known(moment) => Some(*moment),
            Seeker::Places(search) => match search.proceed(run, turns) {
                Progress::Found(hit) => Some(Some(hit.moment)),
                Progress::Nothing => Some(None),
                Progress::Unfinished { .. } => None,
            },
            Seeker::Note(search) => search.proceed(run, turns),
        };
        let Some(found) = ended else { return false };
        sighting.sides[side] = match found {
            None => Side::Nothing,
            Some(moment) if hidden.is_some_and(|mask| moment > mask) => Side::Hidden,
            Some(moment) => Side::Seen(self.told(moment, sighting.lang)),
        };
        true
    }

    /// A moment in words.
    pub fn told(&mut self, moment: Moment, lang: Lang) -> Told {
        let branch = self.branch_mut();
        let step = branch.number(moment);
        let run = branch.origin.run_mut();
        let microseconds = run.time(moment);
        let seen = run.seek(moment);
        let host = seen.host.and_then(|host| seen.world.hosts.get(host));
        let event = seen.moment.step.checked_sub(1).and_then(|index| seen.film.steps.get(index));
        let sentence =
            host.zip(event).map(|(host, step)| caption(&host.kernel, &host.name, &step.event).into_text(lang));
        Told {
            moment,
            step,
            microseconds,
            host: host.map_or_else(String::new, |host| host.name.clone()),
            function: seen.film.function_at(seen.moment.step).map_or_else(String::new, |known| known.name.to_owned()),
            sentence: sentence.unwrap_or_default(),
        }
    }

    /// The moment of a mark of this branch.
    #[must_use]
    pub fn marked(&self, letter: char) -> Option<Moment> {
        self.marks.get(&letter).filter(|(branch, _)| *branch == self.branch).map(|(_, moment)| *moment)
    }

    /// Goes to a moment that was seen. A run that goes on by itself stops first, as with every motion.
    pub fn go_to_moment(&mut self, moment: Moment) -> Answer {
        self.give_up();
        if let Some(outside) = self.branch_mut().origin.outside() {
            outside.set_running(false);
        }
        self.stand_at(moment)
    }
}
