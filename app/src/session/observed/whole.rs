//! The picture of an observed capture at the frame under the cursor, put together from its parts.

use std::sync::Arc;

use stack::include::tcp::TcpState;
use stack::view::state_diagram;

use super::view::{View, place};
use super::{ObservedSession, flow_of, frame, ladder, listing, long, plot, queues, sock, sock_list};
use crate::capture::observe::listing::why;
use crate::capture::observe::seen::{Both, Side};
use crate::i18n::Words;
use crate::picture::{Change, Code, Host, Layer, LayerSpan, Picture, Sock, Source, State, Timeline, TimelineMark};
use crate::refusal::harmless;
use crate::session::PictureRequest;

/// Neighbouring TCP frames shown on either side in the close-up of the timeline.
const NEIGHBOURS: usize = 6;

/// The picture of the frame under the cursor.
pub(super) fn picture(session: &ObservedSession, request: PictureRequest) -> Picture {
    let view = View::of(session, request);
    let index = session.table.index();
    let captured = index.frame(session.table.bytes(), session.at);
    let socks = Both { client: sock::sock(&view, Side::Client), server: sock::sock(&view, Side::Server) };
    let changed = changes(&view, &socks);
    let (peer, side) = (socks.of(session.side.other()).clone(), socks.of(session.side).clone());
    Picture {
        title: title(&view),
        source: Source::Observed,
        hosts: Side::ALL.map(|side| Host { name: view.name(side).to_owned(), address: String::new() }).to_vec(),
        host: place(session.side),
        acting: place(session.side),
        microseconds: captured.as_ref().map_or(0, |frame| view.microseconds(frame.time_ns)),
        step: long(session.at),
        steps: long(index.frames()) + 1,
        code: Code { sentence: sentence(&view), ..Code::default() },
        socks: vec![side],
        peer_socks: vec![peer],
        state: state(&view),
        queues: queues::queues(&view),
        ladder: ladder::ladder(&view),
        frame: captured.map(|frame| frame::frame(&frame, &reason(&view), view.lang)),
        replay: listing::listing(&view),
        plot: plot::plot(&view),
        sock_list: sock_list::sock_list(&view),
        timeline: timeline(&view),
        changed,
        ..Picture::default()
    }
}

fn title(view: &View<'_>) -> String {
    let table = &view.session.table;
    let Both { client, server } = view.session.observation().endpoints;
    let (number, count) = (view.session.connection(), table.index().flows().len());
    let name = harmless(table.name());
    Words::new(
        format!("observed: {client} ⇄ {server} · {name} {number}/{count}"),
        format!("观察：{client} ⇄ {server} · {name} {number}/{count}"),
    )
    .into_text(view.lang)
}

/// Why the frame under the cursor came, or whose it is.
fn reason(view: &View<'_>) -> String {
    if let Some(observed) = view.own {
        return why(observed.marks, view.lang);
    }
    match view.session.table.index().connection_of(view.session.at) {
        Some(number) if number != view.session.connection() => {
            Words::new(format!("of connection {number}"), format!("属于连接 {number}")).into_text(view.lang)
        }
        Some(_) => Words::new("not observed", "未观察").text(view.lang).to_owned(),
        None => String::new(),
    }
}

/// What the frame under the cursor is, in one sentence without its full stop.
fn sentence(view: &View<'_>) -> String {
    let (number, reason) = (view.session.at, reason(view));
    if let Some(observed) = view.own {
        let (from, to) = (view.name(observed.seen.side), view.name(observed.seen.side.other()));
        return Words::new(
            format!("frame {number}, {from} to {to}: {reason}"),
            format!("第 {number} 帧，{from}发往{to}：{reason}"),
        )
        .into_text(view.lang);
    }
    let table = &view.session.table;
    let other = table.index().connection_of(number).and_then(|connection| flow_of(table, connection));
    let ends = other.map_or_else(String::new, |flow| format!(", {} ⇄ {}", flow.client, flow.server));
    Words::new(format!("frame {number} {reason}{ends}"), format!("第 {number} 帧{reason}{ends}")).into_text(view.lang)
}

/// What the frame under the cursor changed of both ends, states first.
fn changes(view: &View<'_>, socks: &Both<Sock>) -> Vec<Change> {
    let of = |side: Side| {
        socks.of(side).fields.iter().filter_map(move |field| {
            let old = field.old.clone()?;
            Some(Change { name: format!("{}.{}", view.name(side), field.name), old, new: field.value.clone() })
        })
    };
    let mut changes: Vec<Change> = Side::ALL.into_iter().flat_map(of).collect();
    changes.sort_by_key(|change| !change.name.ends_with(".state"));
    changes
}

/// The places of both ends in the state diagram, as far as they are known.
fn state(view: &View<'_>) -> State {
    let side = view.session.side;
    let (states, was) = (view.now.both.of(side).states, view.before.both.of(side).states.known());
    let now = states.known();
    let is_edge = |from: TcpState, to: TcpState| state_diagram::edge(from, to).is_some();
    let entered = view.session.observation().entered();
    let passed = entered.partition_point(|entered| entered.place < view.passed);
    let mut own = entered.iter().take(passed).rev().filter(|entered| entered.side == side);
    let (to, from) = (own.next().map(|entered| entered.state), own.next().map(|entered| entered.state));
    let last = if to.is_some() && to == now { from.zip(to) } else { None };
    let other = view.now.both.of(side.other()).states;
    let others = if other.are_few() { other.iter().collect() } else { Vec::new() };
    let sign = if others.len() > 1 { "?" } else { "" };
    State {
        sock: view.name(side).to_owned(),
        now,
        possible: if now.is_none() && states.are_few() { states.iter().collect() } else { Vec::new() },
        from: was.filter(|was| now.is_some_and(|now| was != &now && is_edge(*was, now))),
        last_edge: last.filter(|(from, to)| is_edge(*from, *to)),
        microseconds: None,
        others: others.into_iter().map(|state| (format!("{}{sign}", view.name(side.other())), state)).collect(),
    }
}

/// The TCP frames around the cursor: those of the connection in focus by who sent them, all others as the wire's.
fn timeline(view: &View<'_>) -> Timeline {
    let session = view.session;
    let index = session.table.index();
    let is_tcp = |frame: &usize| index.connection_of(*frame).is_some();
    let mut frames: Vec<usize> = (1..session.at).rev().filter(is_tcp).take(NEIGHBOURS).collect();
    frames.reverse();
    let here = long(frames.len());
    frames.extend((session.at..=index.frames()).filter(is_tcp).take(NEIGHBOURS + 1));
    let observation = session.observation();
    let near = frames.into_iter().map(|number| {
        let known = observation.passed(number).checked_sub(1).and_then(|place| observation.frames().get(place));
        match known.filter(|observed| observed.seen.frame == number) {
            Some(observed) => LayerSpan { layer: Layer::Tcp, host: place(observed.seen.side), steps: 1 },
            None => LayerSpan { layer: Layer::Wire, host: place(session.side), steps: 1 },
        }
    });
    let mut marks: Vec<_> = session.marks().into_iter().map(|(_, frame)| (frame, TimelineMark::Mark)).collect();
    marks.dedup();
    Timeline { near: near.collect(), here, signs: Arc::clone(&session.focused.signs), marks, masked_from: None }
}
