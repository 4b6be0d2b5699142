//! Going through a whole run once, film by film: for traces and exports, which look at every step.
//!
//! The world is cloned at the start and then carried along, so that a run of n turns costs n turns.

use crate::lab::film::{Camera, Film};
use crate::lab::journal::{HostId, Journal};
use crate::lab::run::{Run, shoot};
use crate::lab::world::{Turn, World};

/// A turn with its film.
#[derive(Clone, Debug, PartialEq)]
pub struct FilmedTurn {
    /// Its number, from 0.
    pub turn: usize,
    /// Microseconds since the world began.
    pub time: u64,
    /// The host that took it; `None` for an act that only changes the world.
    pub host: Option<HostId>,
    /// Its steps; none where nothing happened.
    pub film: Film,
}

/// The films of a run from a turn on, as far as the run has been played.
///
/// ```
/// # use stack::lab::{run::Run, scene};
/// # let mut run = scene::first(1).map_err(|failure| failure.message.en)?;
/// # run.play(40);
/// let mut films = run.films(0);
/// let mut steps = 0;
/// while let Some(turn) = films.next() {
///     let kernel = turn.host.and_then(|host| films.world().hosts.get(host)).map(|host| &host.kernel);
///     steps += turn.film.steps.len();
///     assert!(turn.film.steps.is_empty() || kernel.is_some());
/// }
/// assert!(steps > 100);
/// # Ok::<(), String>(())
/// ```
pub struct Films<'r> {
    run: &'r Run,
    world: World,
    turn: usize,
}

impl Films<'_> {
    /// The run.
    #[must_use]
    pub fn run(&self) -> &Run {
        self.run
    }

    /// The world right after the turn that was given last, or before the first. The clocks of hosts that did not act
    /// stand where they last acted ([`World::level`]).
    #[must_use]
    pub fn world(&self) -> &World {
        &self.world
    }
}

impl Iterator for Films<'_> {
    type Item = FilmedTurn;

    fn next(&mut self) -> Option<FilmedTurn> {
        let turn = self.turn;
        let entry = self.run.turns.get(turn)?;
        let (time, host) = (entry.time, entry.host());
        self.turn += 1;
        let film = shoot(&mut self.world, &self.run.journal, Camera::film()).0;
        Some(FilmedTurn { turn, time, host, film })
    }
}

/// The films of a run from its beginning on, taken while it is played: for whoever wants every step once and nothing else of the
/// run, which need not have been played.
///
/// ```
/// # use stack::lab::scene;
/// # let mut run = scene::first(1).map_err(|failure| failure.message.en)?;
/// let mut known = scene::first(1).map_err(|failure| failure.message.en)?;
/// known.play(40);
/// let mut filming = run.filming();
/// assert!(filming.by_ref().take(40).eq(known.films(0)));
/// assert_eq!(filming.world(), known.head());
/// # Ok::<(), String>(())
/// ```
pub struct Filming<'r> {
    journal: &'r Journal,
    world: World,
    turn: usize,
}

impl Filming<'_> {
    /// The world right after the turn that was given last, or before the first, as [`Films::world`].
    #[must_use]
    pub fn world(&self) -> &World {
        &self.world
    }
}

impl Iterator for Filming<'_> {
    type Item = FilmedTurn;

    fn next(&mut self) -> Option<FilmedTurn> {
        let (Turn { time, host, .. }, film) = take(&mut self.world, self.journal)?;
        self.turn += 1;
        Some(FilmedTurn { turn: self.turn - 1, time, host, film })
    }
}

/// Takes the next turn, where one is due, with its film.
fn take(world: &mut World, journal: &Journal) -> Option<(Turn, Film)> {
    let turn = world.turn(journal, |kernel| kernel.watch(Box::new(Camera::film())))?;
    let camera = turn.host.and_then(|host| world.hosts.get_mut(host)?.kernel.unwatch::<Camera>());
    Some((turn, camera.map_or_else(Film::default, |camera| camera.develop().0)))
}

impl Run {
    /// Its films from the beginning to the end, as they are taken; the run itself is not taken further.
    pub fn filming(&mut self) -> Filming<'_> {
        let world = self.before(0);
        Filming { journal: &self.journal, world, turn: 0 }
    }

    /// Its films from a turn on; the run is not taken further.
    pub fn films(&mut self, from: usize) -> Films<'_> {
        let turn = from.min(self.turns.len());
        let world = self.before(turn);
        Films { run: self, world, turn }
    }
}
