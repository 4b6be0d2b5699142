//! What became of a frame: on the wire, on the card, and in the hands of the host that got it. Read from the list of frames
//! and the film of the turn that received it.

use std::rc::Rc;

use super::answer::{Input, Kind, Link, say};
use super::around::{buffer, exit_of, function, running};
use super::look::{Found, Look};
use super::moment::Shot;
use crate::kernel::probe::{Discard, Event};
use crate::lab::film::Film;
use crate::lab::journal::{Act, HostId};
use crate::lab::moment::Moment;
use crate::lab::run::{FrameRecord, Run};
use crate::lab::world::Medium;
use crate::link::wire::Fate;
use crate::wire::FrameSummary;
use crate::wire::visible::visible;
use crate::words::Words;

/// Frames that are gone through for the one that arrives.
const MOST_FRAMES: usize = 10_000;

/// A frame in one line.
pub(super) fn frame_text(bytes: &[u8]) -> String {
    visible(&FrameSummary::of(bytes).to_string()).to_string()
}

/// The number of the frame that arrives at a moment with some bytes, from 1.
#[must_use]
pub fn number_of_arrival(run: &Run, at: Moment, host: HostId, time: u64, bytes: &[u8]) -> Option<usize> {
    if let Ok(place) = run.frames.binary_search_by_key(&at, |frame| frame.moment) {
        let found = run.frames.get(place).filter(|frame| frame.from_outside);
        return found.map(|_| place + 1);
    }
    let sent = run.frames.partition_point(|frame| frame.moment < at);
    let arrives = |frame: &FrameRecord, exactly: bool| {
        let fits = |(when, changed): &(u64, Option<Vec<u8>>)| {
            (if exactly { *when == time } else { *when <= time })
                && changed.as_deref().unwrap_or(&frame.sent.bytes) == bytes
        };
        !frame.from_outside && frame.sent.host != host && frame.sent.arrivals.iter().any(fits)
    };
    let earlier = || run.frames.iter().enumerate().take(sent).rev().take(MOST_FRAMES);
    let place = earlier()
        .find(|(_, frame)| arrives(frame, true))
        .or_else(|| earlier().find(|(_, frame)| arrives(frame, false)));
    place.map(|(place, _)| place + 1)
}

/// The entry of netif_rx that took a buffer in, before an index.
pub(super) fn brought(film: &Film, before: usize, skb: u32) -> Option<usize> {
    let earlier = film.steps.get(..before)?;
    let is_rx = |index: usize| function(film, index).is_some_and(|function| function.name == "netif_rx");
    earlier
        .iter()
        .enumerate()
        .rev()
        .find(|(index, step)| is_rx(*index) && buffer(step) == Some(skb))
        .map(|(index, _)| index)
}

/// Whether a buffer was taken in from lo: it came from the host itself.
pub(super) fn is_loopback(film: &Film, index: usize) -> bool {
    let around = running(film, index);
    around.iter().any(|entry| function(film, *entry).is_some_and(|known| known.name == "loopback_xmit"))
}

/// A packet that was thrown away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dropped {
    /// Index of the event.
    pub(super) index: usize,
    pub(super) reason: Discard,
    /// The function that did it.
    pub(super) by: &'static str,
}

/// How a host received a frame.
pub(super) struct Reception {
    /// The moment of the arrival.
    pub(super) shot: Rc<Shot>,
    /// Index of the arrival.
    pub(super) arrival: usize,
    /// The steps that handled it: from the arrival to this index.
    pub(super) end: usize,
    /// Packets lost on the way.
    pub(super) drops: Vec<Dropped>,
    /// It was put on a back_log.
    pub(super) back_log: Option<usize>,
}

/// What became of a frame.
pub(super) enum Outcome {
    /// There is no such frame by this moment.
    Unknown,
    /// The wire lost it; why.
    Lost(Input, Words<String>),
    /// It left the simulation.
    Outside,
    /// It will arrive later than the moment of the question, or than the run goes.
    UnderWay(u64),
    /// It was received: by the host for which it was, or by all that dropped it.
    Received(Reception),
}

/// Whether somebody decided what becomes of a frame.
fn decided(run: &Run, number: usize) -> Option<&Fate> {
    let number = number as u64;
    let acts = run.journal.acts.iter().rev();
    let act = acts.filter_map(|(_, act)| match act {
        Act::Fate { frame, fate } if *frame == number => Some(fate),
        _ => None,
    });
    act.into_iter().next().or_else(|| match &run.head().medium {
        Medium::Simulated(wire) => wire.fates.get(&number),
        Medium::Outside => None,
    })
}

fn lost(run: &Run, number: usize) -> Outcome {
    match (decided(run, number), &run.head().medium) {
        (Some(Fate::Drop), _) => Outcome::Lost(
            Input::Act,
            say(
                format!("Frame {number} is lost on the wire: a person, or the scene, decided so."),
                format!("第 {number} 帧在网线上丢失：由人或场景决定。"),
            ),
        ),
        (_, Medium::Outside) => Outcome::Outside,
        (_, Medium::Simulated(wire)) if wire.config.loss.0 > 0 => {
            let (times, total) = wire.config.loss;
            Outcome::Lost(
                Input::Chance,
                say(
                    format!("Frame {number} is lost on the wire by chance: it loses {times} of {total} frames."),
                    format!("第 {number} 帧在网线上随机丢失：每 {total} 帧丢失 {times} 帧。"),
                ),
            )
        }
        (_, Medium::Simulated(_)) => Outcome::Lost(
            Input::Chance,
            say(
                format!("Frame {number} is lost: so many are under way that the wire has no room for it."),
                format!("第 {number} 帧丢失：网线上的帧太多，没有空位。"),
            ),
        ),
    }
}

/// What became of a frame by a moment.
pub(super) fn of(look: &mut Look<'_>, number: usize, by: Moment) -> Found<Outcome> {
    let record = number.checked_sub(1).and_then(|place| look.run.frames.get(place));
    let Some(record) = record.filter(|record| record.moment <= by) else { return Ok(Outcome::Unknown) };
    if record.from_outside {
        let at = record.moment;
        let Some(shot) = look.at(at)? else { return Ok(Outcome::Unknown) };
        return Ok(received(shot, at.step.saturating_sub(1)));
    }
    let (sender, bytes) = (record.sent.host, record.sent.bytes.clone());
    let arrivals = record.sent.arrivals.clone();
    let mut best = None;
    for (time, changed) in &arrivals {
        let bytes = changed.as_ref().unwrap_or(&bytes);
        let mut turn = look.first_turn_at(*time);
        while look.run.turns.get(turn).is_some_and(|entry| entry.time == *time) && turn <= by.turn {
            if look.brings_frames(turn).is_some_and(|host| host != sender)
                && let Some(reception) = reception(look, turn, bytes, by)?
            {
                let is_taken = reception.drops.is_empty();
                best = if is_taken || best.is_none() { Some(reception) } else { best };
                if is_taken {
                    return Ok(best.map_or(Outcome::Unknown, Outcome::Received));
                }
            }
            turn += 1;
        }
    }
    Ok(match (best, arrivals.last()) {
        (Some(reception), _) => Outcome::Received(reception),
        (None, Some((time, _))) => Outcome::UnderWay(*time),
        (None, None) => lost(look.run, number),
    })
}

fn reception(look: &mut Look<'_>, turn: usize, bytes: &[u8], by: Moment) -> Found<Option<Reception>> {
    let end = Moment { turn, step: look.run.steps(turn) };
    let Some(shot) = look.at(end)? else { return Ok(None) };
    let arrival = shot
        .film
        .steps
        .iter()
        .position(|step| matches!(&step.event, Event::FrameIn { bytes: came, .. } if came == bytes));
    let arrival = arrival.filter(|arrival| Moment { turn, step: arrival + 1 } <= by);
    Ok(arrival.and_then(|arrival| match received(shot, arrival) {
        Outcome::Received(reception) => Some(reception),
        _ => None,
    }))
}

/// How the frame that arrives at an index is handled in the rest of the film.
fn received(shot: Rc<Shot>, arrival: usize) -> Outcome {
    let steps = &shot.film.steps;
    let next = steps.iter().enumerate().skip(arrival + 1);
    let is_next = |event: &Event| matches!(event, Event::FrameIn { .. });
    let limit = next.clone().find(|(_, step)| is_next(&step.event)).map_or(steps.len(), |(index, _)| index);
    let named = |index: usize, name: &str| function(&shot.film, index).is_some_and(|function| function.name == name);
    let rx = (arrival + 1..limit).find(|index| named(*index, "netif_rx"));
    let skb = rx.and_then(|rx| steps.get(rx)).and_then(buffer);
    // Handled where the bottom half hands the buffer to a protocol.
    let handler = skb.and_then(|skb| {
        let later = steps.iter().enumerate().skip(rx.unwrap_or(arrival));
        let is_handler =
            |index: usize| function(&shot.film, index).is_some_and(|function| function.name.ends_with("_rcv"));
        later.filter(|(index, step)| is_handler(*index) && buffer(step) == Some(skb)).map(|(index, _)| index).next()
    });
    let end = handler.map_or(limit, |handler| exit_of(&shot.film, handler));
    let first = handler.unwrap_or(arrival);
    let is_of_it = |index: usize, about: Option<u32>| {
        (about.is_some() && about == skb)
            || (first..=end).contains(&index) && about.is_none_or(|about| Some(about) == skb)
    };
    let mut drops = Vec::new();
    let mut back_log = None;
    for (index, step) in next {
        match &step.event {
            Event::Discard { reason: Discard::NicFiltered, .. } if index < limit => {
                drops.push(Dropped { index, reason: Discard::NicFiltered, by: "card" });
            }
            Event::Discard { reason, skb: about } if reason.is_loss() && *reason != Discard::NicFiltered => {
                let about = about.map(crate::include::arena::Id::serial);
                if is_of_it(index, about) && (index <= end || about.is_some()) {
                    let by = running(&shot.film, index);
                    let by = by.last().and_then(|entry| function(&shot.film, *entry)).map_or("?", |known| known.name);
                    drops.push(Dropped { index, reason: *reason, by });
                }
            }
            Event::Enqueue { list: crate::include::skbuff::ListId::BackLog(_), .. }
                if (first..=end).contains(&index) =>
            {
                back_log = Some(index);
            }
            _ => {}
        }
    }
    Outcome::Received(Reception { arrival, end, drops, back_log, shot })
}

impl Reception {
    /// The host that received it.
    pub(super) fn host(&self) -> HostId {
        self.shot.host
    }

    /// The moment of the arrival.
    pub(super) fn moment(&self) -> Moment {
        self.shot.after(self.arrival)
    }

    /// Frames of the run that left while it was handled, by their numbers from 1.
    pub(super) fn answers(&self, run: &Run) -> Vec<usize> {
        let (first, last) = (self.moment(), self.shot.after(self.end));
        let from = run.frames.partition_point(|frame| frame.moment <= first);
        let frames = run.frames.iter().enumerate().skip(from).take_while(|(_, frame)| frame.moment <= last);
        frames.filter(|(_, frame)| !frame.from_outside).map(|(place, _)| place + 1).collect()
    }

    /// The link of a packet that was thrown away.
    pub(super) fn drop_link(&self, dropped: Dropped) -> Link {
        let why = dropped.reason.words();
        let (host, by, name) = (self.shot.name(self.host()), dropped.by, dropped.reason.name());
        let place = self.shot.film.steps.get(dropped.index).map_or_else(String::new, |step| {
            let file = step.place.file().rsplit('/').next().unwrap_or("");
            format!("{file}:{}", step.place.line())
        });
        let text = say(
            format!("{by} on {host} throws it away, {name}: {} ({place})", why.en),
            format!("{host} 上的 {by} 将其丢弃，{name}：{}（{place}）", why.zh),
        );
        Link::new(self.shot.after(dropped.index), Some(self.host()), Kind::Drop, text)
    }
}

/// Links that say how the wire changed a frame on the way, where it did.
pub(super) fn changed_on_the_way(run: &Run, number: usize) -> Option<Link> {
    let record = run.frames.get(number.checked_sub(1)?)?;
    record.sent.arrivals.iter().find(|(_, changed)| changed.is_some())?;
    let (input, text) = match decided(run, number) {
        Some(Fate::Corrupt(offset, bits)) => {
            let octet = (*offset).min(record.sent.bytes.len().saturating_sub(1));
            (
                Input::Act,
                say(
                    format!(
                        "A person, or the scene, had octet {octet} of frame {number} changed on the wire (bits {bits:#04x})."
                    ),
                    format!("人或场景让第 {number} 帧的第 {octet} 个八位组在网线上改变（位 {bits:#04x}）。"),
                ),
            )
        }
        Some(Fate::Replace(_)) => (
            Input::Act,
            say(format!("A person edited frame {number} on the wire."), format!("人在网线上改写了第 {number} 帧。")),
        ),
        _ => (
            Input::Chance,
            say(
                format!("The wire changed an octet of frame {number} by chance."),
                format!("网线随机改变了第 {number} 帧的一个八位组。"),
            ),
        ),
    };
    Some(Link::new(record.moment, Some(record.sent.host), Kind::Frame, text).ending(input))
}
