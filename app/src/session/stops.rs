//! The stops of a session: places of the run, in the language that lessons and scenes use too, at which running on or back
//! ends. Breakpoints and watches are stops; so is whatever else [`Place`] can say.

use stack::lab::query::{Hit, Place, Progress, QueryError, Search, Why, why};
use stack::lab::run::{Moment, Run};

use super::answer::Refused;
use super::motion::Direction;
use super::reached::Reached;

/// A place to stop at.
#[derive(Clone, Debug, PartialEq)]
pub struct Stop {
    /// The place.
    pub place: Place,
    /// Whether it stops.
    pub on: bool,
}

/// The stops of a session, in the order in which they were set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stops(Vec<Stop>);

impl Stops {
    /// Every stop.
    #[must_use]
    pub fn all(&self) -> &[Stop] {
        &self.0
    }

    /// The places of those that stop.
    #[must_use]
    pub fn places(&self) -> Vec<Place> {
        self.0.iter().filter(|stop| stop.on).map(|stop| stop.place.clone()).collect()
    }

    /// Takes up a stop that was kept, enabled or not; one that cannot be read is left out.
    pub(super) fn take_up(&mut self, place: &str, on: bool) {
        if let Ok(place) = read(place) {
            self.0.push(Stop { place, on });
        }
    }

    /// Sets a stop, or removes it where it is set; says whether it is set now.
    pub fn toggle(&mut self, place: Place) -> bool {
        let known = self.0.iter().position(|stop| stop.place == place);
        match known {
            Some(index) => {
                self.0.remove(index);
            }
            None => self.0.push(Stop { place, on: true }),
        }
        known.is_none()
    }

    /// Sets a stop; one that is set already is switched on.
    pub fn set(&mut self, place: Place) {
        match self.0.iter_mut().find(|stop| stop.place == place) {
            Some(stop) => stop.on = true,
            None => self.0.push(Stop { place, on: true }),
        }
    }

    /// Switches a stop on or off by its place in the list; gives it as it is now.
    pub fn switch(&mut self, index: usize) -> Option<&Stop> {
        let stop = self.0.get_mut(index)?;
        stop.on = !stop.on;
        Some(stop)
    }

    /// Removes a stop by its place in the list, and gives it.
    pub fn remove(&mut self, index: usize) -> Option<Stop> {
        (index < self.0.len()).then(|| self.0.remove(index))
    }
}

/// A place by its text.
///
/// # Errors
/// What does not fit, and where.
pub fn read(place: &str) -> Result<Place, Refused> {
    Place::parse(place).map_err(Refused::Unreadable)
}

/// A place by its text, whose hosts the run must have.
///
/// # Errors
/// What does not fit, and where; or the first host that the run does not have.
pub fn read_for(place: &str, run: &Run) -> Result<Place, QueryError> {
    let place = Place::parse(place)?;
    let hosts: Vec<&str> = run.head().hosts.iter().map(|host| host.name.as_str()).collect();
    place.check_hosts(&hosts)?;
    Ok(place)
}

/// What a search is for: its answer is put into words by that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The next of the stops.
    Stop,
    /// The step that last wrote a field, named here.
    Writer(String),
}

/// A search under way: a slice at a time, so that a screen can show how far it is and hear that it is to end.
pub struct Pursuit {
    search: Search,
    /// What it is for.
    pub purpose: Purpose,
    /// Which way.
    pub direction: Direction,
    /// Turns looked through, and turns that there are.
    pub progress: (usize, usize),
}

impl Pursuit {
    /// A search that has not begun.
    #[must_use]
    pub fn new(places: Vec<Place>, from: Moment, direction: Direction, purpose: Purpose) -> Self {
        Self { search: Search::new(places, from, direction), purpose, direction, progress: (0, 0) }
    }

    /// Looks through so many turns more; the inner option is the hit, the outer one says that the search has ended.
    pub fn proceed(&mut self, run: &mut Run, turns: usize) -> Option<Option<Hit>> {
        match self.search.proceed(run, turns) {
            Progress::Found(hit) => Some(Some(hit)),
            Progress::Nothing => Some(None),
            Progress::Unfinished { done, of } => {
                self.progress = (done, of);
                None
            }
        }
    }

    /// How many places it looks for.
    #[must_use]
    pub fn count(&self) -> usize {
        self.search.places().len()
    }

    /// Which stop a hit is of, and what was found there.
    pub fn reached(&self, hit: &Hit, run: &mut Run) -> Reached {
        let place = self.search.places().get(hit.place);
        let why = place.map_or_else(Why::default, |place| why(place, run, hit.moment));
        Reached { place: place.map_or_else(String::new, ToString::to_string), why }
    }
}
