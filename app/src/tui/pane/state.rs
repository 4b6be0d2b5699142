//! The TCP state diagram: where the socket stands, the edge just taken, and every road out of here.
//!
//! The roads are those that 1.2.13 takes (its TIME_WAIT lasts 60 s). The drawing is 42 cells wide and 11 rows high; where there is less
//! room only the roads are listed, where there is more both are shown.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{Look, Panel, empty, panel, span_of_microseconds};
use crate::i18n::Message;
use crate::tui::ink::{Ink, cells, width_of};
use crate::tui::picture::State;

/// Width and height of the drawing.
const DRAWING: (u16, u16) = (42, 11);

/// A state and where its name stands.
struct Node {
    name: &'static str,
    at: (u16, u16),
    gap: u16,
}

/// A road between two states: what causes it and what it sends, and how it is drawn.
struct Road {
    from: &'static str,
    to: &'static str,
    label: &'static str,
    line: &'static [(u16, u16, &'static str)],
    label_at: Option<(u16, u16)>,
    star: (u16, u16),
}

const fn node(name: &'static str, x: u16, y: u16, gap: u16) -> Node {
    Node { name, at: (x, y), gap }
}

const NODES: &[Node] = &[
    node("CLOSE", 18, 0, 18),
    node("LISTEN", 7, 2, 10),
    node("SYN_SENT", 25, 2, 8),
    node("SYN_RECV", 6, 4, 0),
    node("ESTABLISHED", 23, 4, 7),
    node("FIN_WAIT1", 6, 6, 8),
    node("CLOSE_WAIT", 25, 6, 6),
    node("FIN_WAIT2", 1, 8, 0),
    node("CLOSING", 12, 8, 4),
    node("LAST_ACK", 25, 8, 8),
    node("TIME_WAIT", 5, 10, 0),
    node("CLOSE", 26, 10, 10),
];

macro_rules! roads {
    ($($from:ident $to:ident $label:literal [$($piece:expr),*] $at:expr, $star:expr;)*) => {
        const ROADS: &[Road] = &[$(Road {
            from: stringify!($from), to: stringify!($to), label: $label,
            line: &[$($piece),*], label_at: $at, star: $star,
        }),*];
    };
}

roads! {
    CLOSE LISTEN "listen" [(10, 1, "╭────────╯")] Some((2, 1)), (9, 1);
    CLOSE SYN_SENT "connect/SYN" [(21, 1, "╰───────╮")] Some((31, 1)), (30, 1);
    LISTEN SYN_RECV "SYN/SYN+ACK" [(10, 3, "▾")] Some((12, 3)), (11, 3);
    LISTEN CLOSE "close" [] None, (0, 0);
    SYN_SENT ESTABLISHED "SYN+ACK/ACK" [(29, 3, "▾")] Some((31, 3)), (30, 3);
    SYN_SENT SYN_RECV "SYN/ACK" [] None, (0, 0);
    SYN_SENT CLOSE "RST, timeout" [] None, (0, 0);
    SYN_RECV ESTABLISHED "ACK" [(15, 4, "─ACK──▸")] None, (14, 4);
    SYN_RECV FIN_WAIT1 "close/FIN" [] None, (0, 0);
    SYN_RECV CLOSE "RST" [] None, (0, 0);
    ESTABLISHED FIN_WAIT1 "close/FIN" [(10, 5, "╭───────────────╯")] Some((0, 5)), (9, 5);
    ESTABLISHED CLOSE_WAIT "FIN/ACK" [(29, 5, "▾")] Some((31, 5)), (30, 5);
    ESTABLISHED CLOSE "RST, timeout" [] None, (0, 0);
    FIN_WAIT1 FIN_WAIT2 "ACK" [(7, 7, "▾")] Some((3, 7)), (6, 7);
    FIN_WAIT1 CLOSING "FIN/ACK" [(13, 7, "▾")] Some((15, 7)), (14, 7);
    FIN_WAIT1 TIME_WAIT "FIN+ACK/ACK" [] None, (0, 0);
    CLOSE_WAIT LAST_ACK "close/FIN" [(29, 7, "▾")] Some((31, 7)), (30, 7);
    FIN_WAIT2 TIME_WAIT "FIN/ACK" [(7, 9, "▾")] Some((0, 9)), (8, 9);
    CLOSING TIME_WAIT "ACK" [(13, 9, "▾")] Some((15, 9)), (14, 9);
    LAST_ACK CLOSE "ACK" [(29, 9, "▾")] Some((31, 9)), (30, 9);
    TIME_WAIT CLOSE "60 s" [(15, 10, "──60 s──▸")] None, (14, 10);
}

/// Draws the pane.
pub fn render(area: Rect, buffer: &mut Buffer, state: &State, look: &Look) {
    let since = Message::TimeInState.fill(look.lang, &[&span_of_microseconds(state.microseconds)]);
    let known = !state.name.is_empty();
    let shown = Panel {
        title: look.say(Message::PaneState),
        subject: &state.sock,
        remark: if known { &since } else { "" },
        foot: "",
    };
    let inner = panel(area, buffer, &shown, look);
    if !known && state.others.is_empty() {
        empty(inner, buffer, look.say(Message::NoState), look);
        return;
    }
    let (width, height) = DRAWING;
    let mut ink = Ink::new(buffer, inner);
    if inner.width < width || inner.height < height {
        roads_out(&mut ink, 0, state, look);
        return;
    }
    let beside = inner.width >= width + 34;
    let below = inner.height >= height + 4;
    let left = if beside { 2 } else { (inner.width - width) / 2 };
    drawing(&mut ink, left, state, look);
    if beside {
        let mut ink = Ink::new(buffer, Rect { x: inner.x + width + 6, width: inner.width - width - 6, ..inner });
        roads_out(&mut ink, 0, state, look);
    } else if below {
        roads_out(&mut ink, height + 1, state, look);
    }
}

fn is_edge(road: &Road, edge: Option<(&str, &str)>) -> bool {
    edge == Some((road.from, road.to))
}

fn just_taken(state: &State) -> Option<(&str, &str)> {
    state.from.as_deref().map(|from| (from, state.name.as_str()))
}

fn last_taken(state: &State) -> Option<(&str, &str)> {
    state.last_edge.as_ref().map(|(from, to)| (from.as_str(), to.as_str()))
}

fn road_style(road: &Road, state: &State, look: &Look) -> Style {
    if is_edge(road, just_taken(state)) {
        look.theme.changed
    } else if is_edge(road, last_taken(state)) {
        look.theme.strong
    } else if road.from == state.name {
        look.theme.text
    } else {
        look.theme.rule
    }
}

fn drawing(ink: &mut Ink, left: u16, state: &State, look: &Look) {
    let theme = look.theme;
    for road in ROADS {
        let style = road_style(road, state, look);
        for (x, y, piece) in road.line {
            ink.put(left + x, *y, piece, style);
        }
        if let Some((x, y)) = road.label_at {
            let quiet = if style == theme.rule { theme.dim } else { style };
            ink.put(left + x, y, road.label, quiet);
        }
        if is_edge(road, just_taken(state)) && !road.line.is_empty() {
            ink.put(left + road.star.0, road.star.1, "*", theme.changed);
        }
    }
    for (place, node) in NODES.iter().enumerate() {
        let (x, y) = (left + node.at.0, node.at.1);
        // CLOSE stands at the start and at the end: the end counts once the connection has lived.
        let closing = state.last_edge.is_some();
        let here = node.name == state.name && (node.name != "CLOSE" || (place == 0) != closing);
        let mut end = ink.put(x, y, node.name, if here { theme.strong.patch(theme.selected) } else { theme.dim });
        if here {
            ink.put(x.saturating_sub(1), y, "▐", theme.strong);
            end = ink.put(end, y, "▌", theme.strong);
        }
        let others: Vec<&str> =
            state.others.iter().filter(|(_, name)| name == node.name && place > 0).map(|(sock, _)| sock.as_str()).collect();
        if let Some(first) = others.first()
            && node.gap > 0
        {
            let more = if others.len() > 1 { format!("{first}+{}", others.len() - 1) } else { (*first).to_owned() };
            ink.put_within(end + 1, y, node.gap, &more, theme.text);
        }
    }
}

fn roads_out(ink: &mut Ink, top: u16, state: &State, look: &Look) {
    let theme = look.theme;
    let mut y = top;
    if let Some((from, to)) = just_taken(state) {
        let x = ink.put(0, y, &format!("* {from} → {to}"), theme.changed);
        ink.put(x + 2, y, look.say(Message::EdgeTaken), theme.dim);
        y += 1;
    }
    if !state.name.is_empty() {
        ink.put(0, y, &Message::EdgesOut.fill(look.lang, &[&state.name]), theme.strong);
        y += 1;
    }
    for road in ROADS.iter().filter(|road| road.from == state.name) {
        let x = ink.put(2, y, "─▸ ", theme.dim);
        let x = ink.put(x, y, &format!("{:<12}", road.to), theme.text);
        ink.put(x + 1, y, road.label, theme.dim);
        y += 1;
    }
    for (sock, name) in &state.others {
        let x = ink.put(0, y, sock, theme.dim);
        ink.put(x.max(width_of(sock)) + 1, y, name, theme.dim);
        y = y.saturating_add(1).min(cells(usize::from(u16::MAX)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_road_leads_from_and_to_a_drawn_state() {
        for road in ROADS {
            for end in [road.from, road.to] {
                assert!(NODES.iter().any(|node| node.name == end), "{end}");
            }
        }
        for node in NODES {
            assert!(ROADS.iter().any(|road| road.from == node.name), "no road out of {}", node.name);
        }
    }

    #[test]
    fn the_drawing_keeps_to_its_size_and_nothing_is_written_twice() {
        let mut taken: Vec<(u16, u16, &str)> = Vec::new();
        let mut claim = |x: u16, y: u16, text: &'static str| {
            for cell in x..x + width_of(text) {
                assert!(cell < DRAWING.0 && y < DRAWING.1, "{text} leaves the drawing");
                if let Some((_, _, other)) = taken.iter().find(|(a, b, _)| (*a, *b) == (cell, y)) {
                    panic!("{text} lies on {other}");
                }
                taken.push((cell, y, text));
            }
        };
        for node in NODES {
            claim(node.at.0, node.at.1, node.name);
        }
        for road in ROADS {
            for (x, y, piece) in road.line {
                claim(*x, *y, piece);
            }
            if let Some((x, y)) = road.label_at {
                claim(x, y, road.label);
            }
        }
    }
}
