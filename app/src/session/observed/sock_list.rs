//! Both ends of every connection of the capture around the one in focus.

use super::sock::UNKNOWN;
use super::view::{View, name, place};
use crate::capture::index::flow::Flow;
use crate::capture::observe::seen::Side;
use crate::capture::seconds;
use crate::i18n::Words;
use crate::picture::sock_list::{ChosenSock, SockList, SockPlace, SockRow};

/// Connections listed before and behind the one in focus.
const AROUND: usize = 200;

/// The list, with the end that is looked at as the chosen one.
pub(super) fn sock_list(view: &View<'_>) -> SockList {
    let session = view.session;
    let flows = session.table.index().flows();
    let here = usize::try_from(session.connection()).unwrap_or(1).saturating_sub(1);
    let around = flows.get(here.saturating_sub(AROUND)..(here + AROUND + 1).min(flows.len())).unwrap_or_default();
    let rows = around.iter().flat_map(|flow| Side::ALL.map(|side| row(view, flow, side))).collect();
    let shown = SockPlace { host: place(session.side), number: session.connection() };
    let chosen = ChosenSock { place: shown, name: sock_name(view, session.connection(), session.side), lives: true };
    SockList { rows, chosen: Some(chosen), shown: Some(shown) }
}

fn sock_name(view: &View<'_>, number: u32, side: Side) -> String {
    format!("{}#{number}", name(side, view.lang))
}

/// One end. In which state it is, is known of the connection in focus alone.
fn row(view: &View<'_>, flow: &Flow, side: Side) -> SockRow {
    let is_here = flow.number == view.session.connection();
    let (own, other) = match side {
        Side::Client => (flow.client, flow.server),
        Side::Server => (flow.server, flow.client),
    };
    let states = |ends: &crate::capture::observe::ends::Ends| ends.both.of(side).states;
    let state = states(&view.now).text().filter(|_| is_here).map(|text| text.replace("TCP_", ""));
    SockRow {
        place: SockPlace { host: place(side), number: flow.number },
        name: sock_name(view, flow.number, side),
        prot: "TCP",
        state: state.unwrap_or_else(|| UNKNOWN.to_owned()),
        socket_state: UNKNOWN,
        local: own.to_string(),
        remote: other.to_string(),
        queues: None,
        owner: lasting(view, flow),
        changed: is_here && states(&view.now) != states(&view.before),
    }
}

/// How many frames a connection has, and from when to when.
fn lasting(view: &View<'_>, flow: &Flow) -> String {
    let origin = view.session.table.index().origin_ns();
    let [from, to] = [flow.start_ns, flow.end_ns].map(|time| seconds(time.saturating_sub(origin)));
    let count = flow.frames();
    Words::new(format!("{count} frames, {from} to {to} s"), format!("{count} 帧，{from} 至 {to} 秒"))
        .into_text(view.lang)
}
