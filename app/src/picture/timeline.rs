//! The close-up of the timeline: the layers of this turn, step by step, between its neighbours.

use stack::kernel::probe::Event;
use stack::lab::film::Film;
use stack::lab::run::{Entry, Moment, Run};
use stack::lab::world::Cause;

use crate::picture::{Layer, LayerSpan};

/// Neighbouring turns shown on either side.
const NEIGHBOURS: usize = 6;

/// The spans around a moment, and the place of the moment in them.
#[must_use]
pub fn near(run: &Run, film: &Film, moment: Moment) -> (Vec<LayerSpan>, u64) {
    let turn = moment.turn;
    let with_steps = |entry: &&Entry| entry.steps() > 0;
    let before = run.turns.get(..turn).unwrap_or(&[]).iter().filter(with_steps);
    let mut spans: Vec<LayerSpan> = before.rev().take(NEIGHBOURS).map(neighbour).collect();
    spans.reverse();
    let start: u64 = spans.iter().map(|span| span.steps).sum();
    let host = run.turns.get(turn).and_then(Entry::host).unwrap_or(0);
    spans.extend(layers(film, host));
    let after = run.turns.get(turn + 1..).unwrap_or(&[]).iter().filter(with_steps);
    spans.extend(after.take(NEIGHBOURS).map(neighbour));
    (spans, start + moment.step.saturating_sub(1) as u64)
}

/// A turn that is not this one, as one short span.
fn neighbour(entry: &Entry) -> LayerSpan {
    let layer = match entry.cause {
        Cause::Frames => Layer::Wire,
        Cause::Tick => Layer::Sched,
        Cause::Call | Cause::Signal | Cause::Startup | Cause::World => Layer::User,
    };
    LayerSpan { layer, host: entry.host().unwrap_or(0), steps: 1 }
}

/// The layers of a film as spans, in one pass.
fn layers(film: &Film, host: usize) -> Vec<LayerSpan> {
    let mut spans: Vec<LayerSpan> = Vec::new();
    let mut stack: Vec<Layer> = Vec::new();
    for step in &film.steps {
        if let Event::Enter { function, .. } = &step.event {
            let layer = Layer::of(function);
            // Buffers, timers and wake-ups serve whoever calls them: they are no layer of their own.
            let serves = layer == Layer::Sched || function.file.ends_with("skbuff.c");
            stack.push(stack.last().copied().filter(|_| serves).unwrap_or(layer));
        }
        let layer: Layer = stack.last().copied().unwrap_or_default();
        match spans.last_mut() {
            Some(last) if last.layer == layer => last.steps += 1,
            _ => spans.push(LayerSpan { layer, host, steps: 1 }),
        }
        if matches!(step.event, Event::Exit { .. }) {
            stack.pop();
        }
    }
    spans
}
