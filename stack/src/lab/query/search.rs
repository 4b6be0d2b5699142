//! Finding places in a run: one pass through it, for any number of places at once, in slices as long as the caller likes.
//!
//! Forward goes turn by turn from where one stands. Backward goes keyframe by keyframe: from each of them forward to the
//! next, keeping the last hit. A place with an occurrence is counted from the beginning of the run, in the same pass.
//! Nothing of the run is changed but that it may be taken further, as far as the journal allows; the horizon stays.

use super::expression::Expression;
use super::place::{Place, PlaceKind};
use super::sweep::Sweep;
use crate::lab::movement::Direction;
use crate::lab::run::{Moment, Run};

/// Turns that one search looks through before it gives up.
const REACH: usize = 10_000_000;

/// Where a search has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Which of the places it is, from 0.
    pub place: usize,
    /// The moment right after what happens there.
    pub moment: Moment,
}

/// How far a search has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// A place was found.
    Found(Hit),
    /// There is none that way.
    Nothing,
    /// It goes on.
    Unfinished {
        /// Turns looked through.
        done: usize,
        /// Turns that there are to look through, as far as is known: forward it grows while the run does.
        of: usize,
    },
}

/// A search for the next of several places.
///
/// ```
/// # use stack::lab::{movement::Direction, query::{Place, Progress, Search}, run::Moment, scene};
/// # let mut run = scene::first(1).map_err(|failure| failure.message.en)?;
/// let places = ["B: enter tcp_accept", "when A.sock(2).state changes"].map(Place::parse);
/// let places = places.into_iter().collect::<Result<Vec<Place>, _>>().map_err(|error| error.to_string())?;
/// let mut search = Search::new(places, Moment::default(), Direction::Forward);
/// let found = loop {
///     match search.proceed(&mut run, 1_000) {
///         Progress::Found(hit) => break Some(hit),
///         Progress::Nothing => break None,
///         Progress::Unfinished { done, of } => assert!(done <= of), // here a screen shows it, and hears Esc
///     }
/// };
/// assert_eq!(found.map(|hit| hit.place), Some(0));
/// # Ok::<(), String>(())
/// ```
pub struct Search {
    places: Vec<Place>,
    from: Moment,
    direction: Direction,
    /// The moment where one stands counts too.
    here: bool,
    /// How many of each place have been passed.
    passed: Vec<usize>,
    sweep: Option<Sweep>,
    /// Backward: the last turn of the part of the run that is looked through.
    last: usize,
    best: Option<Hit>,
    done: usize,
    result: Option<Progress>,
}

impl Search {
    /// A search for the next of these places behind a moment, or the last before it. A place with an occurrence is one
    /// place of the run, wherever one stands; it is found if it lies in that direction.
    #[must_use]
    pub fn new(places: Vec<Place>, from: Moment, direction: Direction) -> Self {
        let passed = vec![0; places.len()];
        Self {
            places,
            from,
            direction,
            here: false,
            passed,
            sweep: None,
            last: from.turn,
            best: None,
            done: 0,
            result: None,
        }
    }

    /// The same, forward, where the moment itself counts too.
    #[must_use]
    pub fn reaching(places: Vec<Place>, from: Moment) -> Self {
        Self { here: true, ..Self::new(places, from, Direction::Forward) }
    }

    /// The places that are looked for.
    #[must_use]
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// Looks through so many turns more. It must be the same run every time; when the search has ended, the answer stays.
    pub fn proceed(&mut self, run: &mut Run, turns: usize) -> Progress {
        for _ in 0..turns {
            if self.result.is_none() {
                self.result = match self.direction {
                    Direction::Forward => self.forward(run),
                    Direction::Backward => self.backward(run),
                };
            }
            if let Some(result) = self.result {
                return result;
            }
        }
        let of = match self.direction {
            Direction::Forward => run.turns.len().saturating_sub(self.start()),
            Direction::Backward => run.turns.len().min(self.from.turn + 1),
        };
        Progress::Unfinished { done: self.done, of: of.max(self.done) }
    }

    /// Looks until there is an answer.
    pub fn finish(&mut self, run: &mut Run) -> Option<Hit> {
        match self.proceed(run, usize::MAX) {
            Progress::Found(hit) => Some(hit),
            Progress::Nothing | Progress::Unfinished { .. } => None,
        }
    }

    fn lies_there(&self, moment: Moment) -> bool {
        match self.direction {
            Direction::Forward => moment > self.from || self.here && moment == self.from,
            Direction::Backward => moment < self.from,
        }
    }

    /// Whether places have to be counted from the beginning of the run.
    fn counts(&self) -> bool {
        self.places.iter().any(|place| place.occurrence.is_some())
    }

    fn start(&self) -> usize {
        if self.counts() { 0 } else { self.from.turn }
    }

    fn sweep(&mut self, run: &mut Run, turn: usize) -> &mut Sweep {
        self.sweep.get_or_insert_with(|| Sweep::new(&self.places, run, turn))
    }

    /// The places of the next turn that lie in the direction and are the wanted ones.
    fn hits(&mut self, run: &mut Run, start: usize) -> Vec<Hit> {
        let sweep = self.sweep(run, start);
        let turn = sweep.turn;
        let found = sweep.take(run);
        self.done += 1;
        let mut hits = Vec::new();
        for (place, step) in found {
            let moment = Moment { turn, step };
            let occurrence = self.places.get(place).and_then(|place| place.occurrence);
            let passed = self.passed.get_mut(place).map_or(0, |passed| {
                *passed += 1;
                *passed
            });
            if occurrence.is_none_or(|wanted| wanted == passed) && self.lies_there(moment) {
                hits.push(Hit { place, moment });
            }
        }
        hits
    }

    /// A place that is no step: the start or the end.
    fn border(&self, kind: &PlaceKind, moment: Moment) -> Option<Hit> {
        let wanted = |place: &Place| place.kind == *kind && place.occurrence.is_none_or(|occurrence| occurrence == 1);
        let place = self.places.iter().position(wanted)?;
        self.lies_there(moment).then_some(Hit { place, moment })
    }

    fn forward(&mut self, run: &mut Run) -> Option<Progress> {
        let start = self.start();
        if self.done == 0
            && let Some(hit) = self.border(&PlaceKind::Start, Moment::default())
        {
            return Some(Progress::Found(hit));
        }
        let next = self.sweep.as_ref().map_or(start, |sweep| sweep.turn);
        // One turn of the run at a time, until it has come to where the search begins.
        if run.turns.len() <= next && !run.advance() || self.done >= REACH {
            let end = self.border(&PlaceKind::End, run.end());
            return Some(end.map_or(Progress::Nothing, Progress::Found));
        }
        if run.turns.len() <= next {
            return None;
        }
        self.hits(run, start).first().map(|hit| Progress::Found(*hit))
    }

    fn backward(&mut self, run: &mut Run) -> Option<Progress> {
        let end = run.turns.len().checked_sub(1);
        self.last = self.last.min(end.unwrap_or(0));
        let first = if self.counts() { 0 } else { run.keyframes.block(self.last) };
        let next = self.sweep.as_ref().map_or(first, |sweep| sweep.turn);
        if end.is_some() && next <= self.last {
            self.best = self.hits(run, first).last().copied().or(self.best);
            return None;
        }
        self.sweep = None;
        if let Some(best) = self.best {
            return Some(Progress::Found(best));
        }
        if first == 0 {
            let start = self.border(&PlaceKind::Start, Moment::default());
            return Some(start.map_or(Progress::Nothing, Progress::Found));
        }
        self.last = first - 1;
        None
    }
}

/// The next place that fits behind a moment, or the last one before it.
pub fn find(place: &Place, run: &mut Run, from: Moment, direction: Direction) -> Option<Moment> {
    Search::new(vec![place.clone()], from, direction).finish(run).map(|hit| hit.moment)
}

/// The place itself if one stands on it, else the next one: where a lesson that goes forward arrives.
pub fn reach(place: &Place, run: &mut Run, from: Moment) -> Option<Moment> {
    match (&place.kind, place.occurrence) {
        (PlaceKind::When(expression), None) if holds(expression, run, from) => Some(from),
        _ => Search::reaching(vec![place.clone()], from).finish(run).map(|hit| hit.moment),
    }
}

/// Whether an expression holds at a moment.
pub fn holds(expression: &Expression, run: &mut Run, moment: Moment) -> bool {
    expression.holds(&run.seek(moment).world)
}

/// The steps in `(from, to]` at which an expression becomes true: what settles a question, in order. The run is not taken
/// further.
pub fn evidence(expression: &Expression, run: &mut Run, from: Moment, to: Moment) -> Vec<Moment> {
    let mut moments = Vec::new();
    let first = from.turn.min(run.turns.len());
    let mut sweep = Sweep::new(&[Place::when(expression.clone())], run, first);
    while sweep.turn <= to.turn && sweep.turn < run.turns.len() {
        let turn = sweep.turn;
        let steps = sweep.take(run).into_iter().map(|(_, step)| Moment { turn, step });
        moments.extend(steps.filter(|moment| *moment > from && *moment <= to));
    }
    moments
}
