//! The connection in focus against time: what the end that is looked at sent, what the other one acknowledged and offered, and how
//! much was in flight.

use super::ladder::label;
use super::long;
use super::view::View;
use crate::capture::observe::marks::Mark;
use crate::capture::observe::seen::{Seen, Side};
use crate::i18n::Words;
use crate::picture::plot::{Label, Plot, PlotEvent, PlotKind};

/// Frames drawn before and behind the cursor.
const AROUND: usize = 1_000;

/// The plot around the cursor.
pub(super) fn plot(view: &View<'_>) -> Plot {
    let (observation, side) = (view.session.observation(), view.session.side);
    let frames = observation.frames();
    let (first, last) = (view.passed.saturating_sub(AROUND), (view.passed + AROUND).min(frames.len()));
    let mut ends = observation.at(first);
    let (mut events, mut in_flight) = (Vec::new(), Vec::new());
    for observed in frames.get(first..last).unwrap_or_default() {
        ends.take(&observed.seen, &observed.marks);
        let time = view.microseconds(observed.seen.time_ns);
        let kind = kind(view, &observed.seen, observed.marks.has(Mark::Retransmission));
        let label = Label::Words(label(view, &observed.seen));
        let number = long(observed.seen.frame);
        events.push(PlotEvent { number, time, step: number, kind, label });
        let octets = ends.both.of(side).in_flight_octets().map_or(0, u64::from);
        match in_flight.last_mut() {
            Some((_, held)) if *held == octets => {}
            Some((when, held)) if *when == time => *held = octets,
            _ => in_flight.push((time, octets)),
        }
    }
    let endpoints = observation.endpoints;
    let (from, to) = (endpoints.of(side), endpoints.of(side.other()));
    let part = if last - first < frames.len() {
        let (first, last, all) = (first + 1, last, frames.len());
        Words::new(format!(", frames {first} to {last} of {all}"), format!("，第 {first} 至 {last} 帧，共 {all} 帧"))
            .into_text(view.lang)
    } else {
        String::new()
    };
    let now = view.own.map(|observed| observed.seen.time_ns);
    Plot {
        stream: format!("{from} → {to}{part}"),
        events,
        cong_window: Vec::new(),
        queues: vec![("in_flight", in_flight)],
        now: view.microseconds(now.unwrap_or_else(|| cursor_ns(view))),
        at: view.passed.saturating_sub(first + 1),
    }
}

/// When the frame under the cursor was captured.
fn cursor_ns(view: &View<'_>) -> u64 {
    let table = &view.session.table;
    table.index().frame(table.bytes(), view.session.at).map_or(0, |frame| frame.time_ns)
}

/// What a frame means to the stream of the end that is looked at. Numbers below its first one are none of it.
fn kind(view: &View<'_>, seen: &Seen, again: bool) -> PlotKind {
    let side = view.session.side;
    let Some(origin) = view.last(side).origin() else { return PlotKind::Other };
    if seen.side == side {
        let (low, length) = (u64::from(seen.seq.since(origin)), u64::from(seen.sequence_length()));
        let is_its = seen.seq.at_or_after(origin) && length > 0;
        return if is_its { PlotKind::Sent { low, high: low + length, again, lost: false } } else { PlotKind::Other };
    }
    acknowledged(view, seen, side)
}

fn acknowledged(view: &View<'_>, seen: &Seen, side: Side) -> PlotKind {
    let (Some(origin), Some(ack)) = (view.last(side).origin(), seen.ack) else { return PlotKind::Other };
    if !ack.at_or_after(origin) {
        return PlotKind::Other;
    }
    let ack = u64::from(ack.since(origin));
    // A window whose scale is unknown reaches at least as far as its number says.
    let window = view.last(side.other()).scale.octets(seen);
    PlotKind::Acknowledged { ack, edge: ack + u64::from(window) }
}
