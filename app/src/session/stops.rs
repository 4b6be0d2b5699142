//! Hunting: running on or back until a breakpoint or a watched field stops the run, and finding who wrote a field.

use stack::include::sock::SockId;
use stack::kernel::probe::Event;
use stack::lab::movement::{Direction as Way, Movement};
use stack::lab::run::{Entry, Moment, Run};
use stack::lab::world::World;
use stack::view::Value;
use stack::view::sock::{SockView, by_number};

use crate::session::Walk;

/// Turns looked through before a hunt gives up.
const REACH: usize = 20_000;

impl Walk {
    /// To the end or the start of the run.
    pub(super) fn walk_to_end(&mut self, way: Way) -> bool {
        let Some(course) = self.course() else { return false };
        let target = match way {
            Way::Forward => course.run.end(),
            Way::Backward => {
                let turn = course.run.reel.iter().position(|entry| entry.steps() > 0).unwrap_or(0);
                Moment { turn, step: usize::from(course.run.steps(turn) > 0) }
            }
        };
        let moved = target != course.at;
        course.at = target;
        moved
    }

    /// Runs until something stops it; without breakpoints and watches to the end or the start.
    pub(super) fn hunt(&mut self, way: Way) -> bool {
        if self.breaks.is_empty() && self.watches.is_empty() {
            return self.walk_to_end(way);
        }
        let (breaks, watches) = (self.breaks.clone(), self.watches.clone());
        let Some(course) = self.course() else { return false };
        let from = course.at;
        let mut turn = from.turn;
        for _ in 0..REACH {
            let stops = stops_of(&mut course.run, turn, &breaks, &watches);
            let next = match way {
                Way::Forward => stops.into_iter().find(|step| turn > from.turn || *step > from.step),
                Way::Backward => stops.into_iter().rev().find(|step| turn < from.turn || *step < from.step),
            };
            if let Some(step) = next {
                course.at = Moment { turn, step };
                return true;
            }
            match way {
                Way::Forward if turn + 1 < course.run.reel.len() || course.run.advance() => turn += 1,
                Way::Backward if turn > 0 => turn -= 1,
                Way::Forward | Way::Backward => break,
            }
        }
        false
    }

    /// To the step that last wrote a field of a sock.
    pub(super) fn back_to_writer(&mut self, sock: u32, field: &str) -> bool {
        let watch = [(sock, field.to_owned())];
        let Some(course) = self.course() else { return false };
        let from = course.at;
        for turn in (0..=from.turn).rev().take(REACH) {
            let stops = stops_of(&mut course.run, turn, &[], &watch);
            if let Some(step) = stops.into_iter().rev().find(|step| turn < from.turn || *step < from.step) {
                course.at = Moment { turn, step };
                return true;
            }
        }
        false
    }
}

/// The steps of a turn at which a breakpoint or a watch stops, in order.
fn stops_of(run: &mut Run, turn: usize, breaks: &[String], watches: &[(u32, String)]) -> Vec<usize> {
    let mut stops = Vec::new();
    if run.steps(turn) == 0 {
        return stops;
    }
    if !breaks.is_empty() {
        let film = run.film(turn);
        let entered = film.steps.iter().enumerate().filter(|(_, step)| match &step.event {
            Event::Enter { function, .. } => breaks.iter().any(|name| name == function.name),
            _ => false,
        });
        stops.extend(entered.map(|(index, _)| index + 1));
    }
    for (sock, field) in watches {
        let Some(host) = run.reel.get(turn).and_then(Entry::host) else { continue };
        let value = |world: &World| value_of(world, host, *sock, field);
        if value(&run.before(turn)) == value(&run.before(turn + 1)) {
            continue;
        }
        stops.extend(writes(run, turn, host, *sock, field));
    }
    stops.sort_unstable();
    stops.dedup();
    stops
}

/// The steps of a turn right after which a field holds another value.
fn writes(run: &mut Run, turn: usize, host: usize, sock: u32, field: &str) -> Vec<usize> {
    let mut steps = Vec::new();
    let mut moment = Moment { turn, step: 0 };
    let mut last = value_of(&run.before(turn), host, sock, field);
    while let Some(next) = run.moved(moment, Movement::Micro, Way::Forward).filter(|next| next.turn == turn) {
        let value = value_of(&run.seek(next).world, host, sock, field);
        if value != last {
            steps.push(next.step);
            last = value;
        }
        moment = next;
    }
    steps
}

fn value_of(world: &World, host: usize, sock: u32, field: &str) -> Option<Value> {
    let kernel = &world.hosts.get(host)?.kernel;
    let sk: SockId = by_number(kernel, sock)?;
    SockView::of(kernel, sk)?.field(field)
}
