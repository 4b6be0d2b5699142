//! What is in flight from each end of the connection in focus, and what lies out of order before it.

use stack::include::seq::Seq;
use stack::wire::FrameSummary;

use super::ladder::summary;
use super::long;
use super::view::View;
use crate::capture::observe::end::{End, InFlight};
use crate::capture::observe::seen::Side;
use crate::i18n::Words;
use crate::picture::ladder::brief;
use crate::picture::{Queue, Queues, Skb};

/// Both ends' queues, those of the end that is looked at first.
pub(super) fn queues(view: &View<'_>) -> Queues {
    let side = view.session.side;
    let rows = [side, side.other()].into_iter().flat_map(|side| [in_flight(view, side), out_of_order(view, side)]);
    let end = view.now.both.of(side);
    Queues {
        rows: rows.collect(),
        in_flight: end.in_flight_octets().map(|_| (long(end.in_flight.len()), None)),
        peer_window: view.now.both.of(side.other()).window_octets.map(u64::from),
    }
}

fn in_flight(view: &View<'_>, side: Side) -> Queue {
    let held = |end: &End| end.in_flight.iter().map(|one| (one.range, one.frame)).collect::<Vec<_>>();
    let (now, before) = (view.now.both.of(side), view.before.both.of(side));
    let name = view.name(side);
    Queue {
        name: Words::new(format!("in flight from {name}"), format!("{name}在途")).into_text(view.lang),
        note: String::new(),
        skbs: now.in_flight.iter().map(|one| segment(view, side, one)).collect(),
        changed: held(now) != held(before),
    }
}

fn segment(view: &View<'_>, side: Side, one: &InFlight) -> Skb {
    let observation = view.session.observation();
    let carried = observation.passed(one.frame).checked_sub(1).and_then(|place| observation.frames().get(place));
    let label = carried.map(|observed| brief(&FrameSummary::Tcp(summary(view, &observed.seen))));
    let again = Words::new(", again", "，重发").text(view.lang);
    let number = u32::try_from(one.frame).unwrap_or(u32::MAX);
    Skb {
        name: Words::new(format!("frame {number}"), format!("第 {number} 帧")).into_text(view.lang),
        label: format!("{}{}", label.unwrap_or_default(), if one.is_resent { again } else { "" }),
        number,
        ..range(view, side, one.range)
    }
}

fn out_of_order(view: &View<'_>, side: Side) -> Queue {
    let (now, before) = (&view.now.both.of(side).out_of_order, &view.before.both.of(side).out_of_order);
    let name = view.name(side);
    let skbs = now.iter().map(|held| {
        let label = Words::new("beyond a gap", "缺口之后").text(view.lang).to_owned();
        Skb { label, ..range(view, side.other(), *held) }
    });
    Queue {
        name: Words::new(format!("out of order before {name}"), format!("{name}乱序")).into_text(view.lang),
        note: String::new(),
        skbs: skbs.collect(),
        changed: now != before,
    }
}

/// A stretch of the sequence space of an end.
fn range(view: &View<'_>, of: Side, (from, to): (Seq, Seq)) -> Skb {
    let length = to.since(from);
    let first = view.number(from, of);
    Skb {
        range: format!("{first}..{}", first.wrapping_add(length)),
        length: usize::try_from(length).unwrap_or(usize::MAX),
        valid: length,
        ..Skb::default()
    }
}
