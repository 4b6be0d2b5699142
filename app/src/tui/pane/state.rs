//! The TCP state diagram: where the socket stands, the edge just taken, and every edge out of here.
//!
//! The edges are those that 1.2.13 takes (its TIME_WAIT lasts 60 s). The drawing is 42 cells wide and 11 rows high; where there is less
//! room only the edges are listed, where there is more both are shown.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use stack::include::tcp::TcpState;
use stack::view::state_diagram;

use super::{PaneStyle, Panel, empty, panel, span_of_microseconds};
use crate::i18n::Message;
use crate::picture::State;
use crate::tui::canvas::Canvas;

/// Width and height of the drawing.
const DRAWING: (u16, u16) = (42, 11);

/// A state and where its name stands.
struct Node {
    state: TcpState,
    at: (u16, u16),
    gap: u16,
}

/// How an edge of the diagram is drawn, and the few words beside it.
struct Edge {
    from: TcpState,
    to: TcpState,
    label: &'static str,
    line: &'static [(u16, u16, &'static str)],
    label_at: Option<(u16, u16)>,
    star: (u16, u16),
}

const fn node(state: TcpState, x: u16, y: u16, gap: u16) -> Node {
    Node { state, at: (x, y), gap }
}

const NODES: &[Node] = &[
    node(TcpState::Close, 18, 0, 18),
    node(TcpState::Listen, 7, 2, 10),
    node(TcpState::SynSent, 25, 2, 8),
    node(TcpState::SynRecv, 6, 4, 0),
    node(TcpState::Established, 23, 4, 7),
    node(TcpState::FinWait1, 6, 6, 8),
    node(TcpState::CloseWait, 25, 6, 6),
    node(TcpState::FinWait2, 1, 8, 0),
    node(TcpState::Closing, 12, 8, 4),
    node(TcpState::LastAck, 25, 8, 8),
    node(TcpState::TimeWait, 5, 10, 0),
    node(TcpState::Close, 26, 10, 10),
];

macro_rules! edges {
    ($($from:ident $to:ident $label:literal [$($piece:expr),*] $at:expr, $star:expr;)*) => {
        const EDGES: &[Edge] = &[$(Edge {
            from: TcpState::$from, to: TcpState::$to, label: $label,
            line: &[$($piece),*], label_at: $at, star: $star,
        }),*];
    };
}

edges! {
    Close Listen "listen" [(10, 1, "╭────────╯")] Some((2, 1)), (9, 1);
    Close SynSent "connect/SYN" [(21, 1, "╰───────╮")] Some((31, 1)), (30, 1);
    Listen SynRecv "SYN/SYN+ACK" [(10, 3, "▾")] Some((12, 3)), (11, 3);
    SynSent Established "SYN+ACK/ACK" [(29, 3, "▾")] Some((31, 3)), (30, 3);
    SynRecv Established "ACK" [(15, 4, "─ACK──▸")] None, (14, 4);
    Established FinWait1 "close/FIN" [(10, 5, "╭───────────────╯")] Some((0, 5)), (9, 5);
    Established CloseWait "FIN/ACK" [(29, 5, "▾")] Some((31, 5)), (30, 5);
    FinWait1 FinWait2 "ACK" [(7, 7, "▾")] Some((3, 7)), (6, 7);
    FinWait1 Closing "FIN/ACK" [(13, 7, "▾")] Some((15, 7)), (14, 7);
    CloseWait LastAck "close/FIN" [(29, 7, "▾")] Some((31, 7)), (30, 7);
    FinWait2 TimeWait "FIN/ACK" [(7, 9, "▾")] Some((0, 9)), (8, 9);
    Closing TimeWait "ACK" [(13, 9, "▾")] Some((15, 9)), (14, 9);
    LastAck Close "ACK" [(29, 9, "▾")] Some((31, 9)), (30, 9);
    TimeWait Close "60 s" [(15, 10, "──60 s──▸")] None, (14, 10);
}

/// Draws the pane.
pub fn render(area: Rect, buffer: &mut Buffer, state: &State, look: &PaneStyle) {
    let since = state
        .microseconds
        .map_or(String::new(), |since| Message::TimeInState.fill(look.lang, &[&span_of_microseconds(since)]));
    let shown = Panel { title: look.say(Message::PaneState), subject: &state.sock, remark: &since, foot: "" };
    let inner = panel(area, buffer, &shown, look);
    if state.now.is_none() && state.others.is_empty() {
        empty(inner, buffer, look.say(Message::NoState), look);
        return;
    }
    let (width, height) = DRAWING;
    let mut canvas = Canvas::new(buffer, inner);
    if inner.width < width || inner.height < height {
        edges_out(&mut canvas, 0, state, look);
        return;
    }
    let beside = inner.width >= width + 30;
    let below = inner.height >= height + 4;
    let left = if beside { 0 } else { (inner.width - width) / 2 };
    drawing(&mut canvas, left, state, look);
    if beside {
        let mut canvas = Canvas::new(buffer, Rect { x: inner.x + width + 1, width: inner.width - width - 1, ..inner });
        edges_out(&mut canvas, 0, state, look);
    } else if below {
        edges_out(&mut canvas, height + 1, state, look);
    }
}

fn just_taken(state: &State) -> Option<(TcpState, TcpState)> {
    state.from.zip(state.now)
}

fn edge_style(edge: &Edge, state: &State, look: &PaneStyle) -> Style {
    let ends = Some((edge.from, edge.to));
    if ends == just_taken(state) {
        look.theme.changed
    } else if ends == state.last_edge {
        look.theme.strong
    } else if Some(edge.from) == state.now {
        look.theme.text
    } else {
        look.theme.rule
    }
}

fn drawing(canvas: &mut Canvas, left: u16, state: &State, look: &PaneStyle) {
    let theme = look.theme;
    for edge in EDGES {
        let style = edge_style(edge, state, look);
        for (x, y, piece) in edge.line {
            canvas.put(left + x, *y, piece, style);
        }
        if let Some((x, y)) = edge.label_at {
            let quiet = if style == theme.rule { theme.dim } else { style };
            canvas.put(left + x, y, edge.label, quiet);
        }
        if Some((edge.from, edge.to)) == just_taken(state) {
            canvas.put(left + edge.star.0, edge.star.1, "*", theme.changed);
        }
    }
    for (place, node) in NODES.iter().enumerate() {
        let (x, y) = (left + node.at.0, node.at.1);
        // CLOSE stands at the start and at the end: the end counts once the connection has lived.
        let lived = state.last_edge.is_some_and(|(_, to)| to == TcpState::Close);
        let here = Some(node.state) == state.now && (node.state != TcpState::Close || (place == 0) != lived);
        let style = if here { theme.strong.patch(theme.selected) } else { theme.dim };
        let mut end = canvas.put(x, y, node.state.name(), style);
        if here {
            canvas.put(x.saturating_sub(1), y, "▐", theme.strong);
            end = canvas.put(end, y, "▌", theme.strong);
        }
        let mut others = state.others.iter().filter(|(_, other)| *other == node.state && place > 0);
        if let Some((first, _)) = others.next()
            && node.gap > 0
        {
            let more = others.count();
            let text = if more > 0 { format!("{first}+{more}") } else { first.clone() };
            canvas.put_within(end + 1, y, node.gap, &text, theme.text);
        }
    }
}

/// The edge just taken, then every edge out of here with its cause, as the stack's own table has them.
fn edges_out(canvas: &mut Canvas, top: u16, state: &State, look: &PaneStyle) {
    let theme = look.theme;
    let mut y = top;
    if let Some((from, to)) = just_taken(state) {
        let x = canvas.put(0, y, &format!("* {} → {}", from.name(), to.name()), theme.changed);
        canvas.put(x + 2, y, look.say(Message::EdgeTaken), theme.dim);
        y += 1;
    }
    if let Some(now) = state.now {
        canvas.put(0, y, &Message::EdgesOut.fill(look.lang, &[now.name()]), theme.strong);
        y += 1;
        for edge in state_diagram::out_of(now) {
            let x = canvas.put(0, y, "▸ ", theme.dim);
            let x = canvas.put(x, y, &format!("{:<11}", edge.to.name()), theme.text);
            let cause = edge.cause.text(look.lang);
            canvas.put(x + 1, y, cause, theme.dim);
            y = y.saturating_add(1);
        }
        y = y.saturating_add(1);
    }
    for (sock, other) in &state.others {
        let x = canvas.put(0, y, sock, theme.dim);
        canvas.put(x + 1, y, other.name(), theme.dim);
        y = y.saturating_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::canvas::width_of;

    #[test]
    fn every_drawn_road_is_an_edge_of_the_stack_and_every_state_is_drawn() {
        for edge in EDGES {
            assert!(state_diagram::edge(edge.from, edge.to).is_some(), "{:?} → {:?}", edge.from, edge.to);
        }
        for state in TcpState::ALL {
            assert!(NODES.iter().any(|node| node.state == state), "{state:?}");
            assert!(state_diagram::out_of(state).next().is_some(), "no edge out of {state:?}");
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
            claim(node.at.0, node.at.1, node.state.name());
        }
        for edge in EDGES {
            for (x, y, piece) in edge.line {
                claim(*x, *y, piece);
            }
            if let Some((x, y)) = edge.label_at {
                claim(x, y, edge.label);
            }
        }
    }
}
