//! The TCP state diagram: where the sock stands, the edge just taken, and every edge out of here.
//!
//! Marks: `▐ ▌` the state of the sock under focus; `?` behind a state, captured frames leave it open whether it is the one; `*` the edge that this step took; a name of a sock beside a state, another sock
//! stands there. The edges are those that 1.2.13 takes (its TIME_WAIT lasts 60 s). The drawing is 42 cells wide and 11 rows high; where
//! there is less room only the edges are listed, where there is more both are shown.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use stack::include::tcp::TcpState;
use stack::view::state_diagram;

use crate::i18n::{Lang, Message};
use crate::picture::{Picture, Source, State};
use crate::tui::canvas::{Canvas, cells};
use crate::tui::pane::{Content, Moves, PaneStyle, Panel, empty, panel, span_of_microseconds, window};

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
pub fn render(area: Rect, buffer: &mut Buffer, picture: &Picture, style: &PaneStyle) {
    let state = &picture.state;
    let since = state
        .microseconds
        .map_or(String::new(), |since| Message::TimeInState.fill(style.lang, &[&span_of_microseconds(since)]));
    let shown = Panel { title: style.title, subject: &state.sock, remark: &since, foot: "" };
    let inner = panel(area, buffer, &shown, style);
    if state.now.is_none() && state.possible.is_empty() && state.others.is_empty() && !is_of_frames(picture) {
        empty(inner, buffer, style.say(Message::NoState), style);
        return;
    }
    let (width, height) = DRAWING;
    let mut canvas = Canvas::new(buffer, inner);
    if inner.width < width || inner.height < height {
        draw_list(&mut canvas, 0, picture, style);
        return;
    }
    let beside = inner.width >= width + 30;
    let below = inner.height >= height + 4;
    let left = if beside { 0 } else { (inner.width - width) / 2 };
    drawing(&mut canvas, left, state, style);
    if beside {
        let mut canvas = Canvas::new(buffer, Rect { x: inner.x + width + 1, width: inner.width - width - 1, ..inner });
        draw_list(&mut canvas, 0, picture, style);
    } else if below {
        draw_list(&mut canvas, height + 1, picture, style);
    }
}

fn just_taken(state: &State) -> Option<(TcpState, TcpState)> {
    state.from.zip(state.now)
}

fn edge_style(edge: &Edge, state: &State, style: &PaneStyle) -> Style {
    let ends = Some((edge.from, edge.to));
    if ends == just_taken(state) {
        style.theme.changed
    } else if ends == state.last_edge {
        style.theme.strong
    } else if Some(edge.from) == state.now {
        style.theme.text
    } else {
        style.theme.rule
    }
}

fn drawing(canvas: &mut Canvas, left: u16, state: &State, style: &PaneStyle) {
    let theme = style.theme;
    for edge in EDGES {
        let text_style = edge_style(edge, state, style);
        for (x, y, piece) in edge.line {
            canvas.put(left + x, *y, piece, text_style);
        }
        if let Some((x, y)) = edge.label_at {
            let quiet = if text_style == theme.rule { theme.dim } else { text_style };
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
        // Of the two places of CLOSE the later one is meant where a connection may have ended.
        let perhaps = state.possible.contains(&node.state) && (node.state != TcpState::Close || place > 0);
        let text_style = match (here, perhaps) {
            (true, _) => theme.strong.patch(theme.selected),
            (false, true) => theme.strong,
            (false, false) => theme.dim,
        };
        let mut end = canvas.put(x, y, node.state.name(), text_style);
        if perhaps {
            end = canvas.put(end, y, "?", theme.strong);
        }
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

/// One row of the list: pieces with the columns left free before each.
type Line = Vec<(u16, String, Style)>;

/// Whether the picture is of frames alone, which may leave several states open, or all.
fn is_of_frames(picture: &Picture) -> bool {
    picture.source == Source::Observed
}

/// The edge just taken, then every edge out of here with its cause, as the stack's own table has them, then the other socks; where
/// the state is not known, what is.
fn list(picture: &Picture, style: &PaneStyle) -> Vec<Line> {
    let (theme, state) = (style.theme, &picture.state);
    let mut lines = Vec::new();
    if is_of_frames(picture) && state.now.is_none() {
        let words = if state.possible.is_empty() { Message::ObservedNoState } else { Message::ObservedStates };
        lines.push(vec![(0, style.say(words).to_owned(), theme.strong)]);
        lines.extend(state.possible.iter().map(|one| vec![(2, format!("{}?", one.name()), theme.text)]));
        lines.push(Line::new());
    }
    if let Some((from, to)) = just_taken(state) {
        let edge = (0, format!("* {} → {}", from.name(), to.name()), theme.changed);
        lines.push(vec![edge, (2, style.say(Message::EdgeTaken).to_owned(), theme.dim)]);
    }
    if let Some(now) = state.now {
        lines.push(vec![(0, Message::EdgesOut.fill(style.lang, &[now.name()]), theme.strong)]);
        for edge in state_diagram::out_of(now) {
            lines.push(vec![
                (0, "▸ ".to_owned(), theme.dim),
                (0, format!("{:<11}", edge.to.name()), theme.text),
                (1, edge.cause.text(style.lang).to_owned(), theme.dim),
            ]);
        }
        lines.push(Line::new());
    }
    for (sock, other) in &state.others {
        lines.push(vec![(0, sock.clone(), theme.dim), (1, other.name().to_owned(), theme.dim)]);
    }
    lines
}

/// Writes the list from row `top` down, as far scrolled as it does not fit.
fn draw_list(canvas: &mut Canvas, top: u16, picture: &Picture, style: &PaneStyle) {
    let lines = list(picture, style);
    let room = usize::from(canvas.height().saturating_sub(top));
    let first = window(lines.len(), room, 0, style.scroll);
    for (row, line) in lines.iter().skip(first).take(room).enumerate() {
        let mut x = 0;
        for (gap, text, text_style) in line {
            x = canvas.put(x + gap, top + cells(row), text, *text_style);
        }
    }
}

/// The rows of [`list`], whatever its language: what scrolling can move over.
fn rows(picture: &Picture) -> usize {
    let state = &picture.state;
    let open = if is_of_frames(picture) && state.now.is_none() { 2 + state.possible.len() } else { 0 };
    let edges = open + state.now.map_or(0, |now| 2 + state_diagram::out_of(now).count());
    edges + usize::from(just_taken(state).is_some()) + state.others.len()
}

/// The rows of [`list`] in both languages: a search may be typed in either.
fn text(picture: &Picture) -> Vec<String> {
    let state = &picture.state;
    let mut rows = Vec::new();
    if is_of_frames(picture) && state.now.is_none() {
        let words = if state.possible.is_empty() { Message::ObservedNoState } else { Message::ObservedStates };
        rows.push([Lang::En, Lang::Zh].map(|lang| words.text(lang)).join(" "));
        rows.extend(state.possible.iter().map(|one| one.name().to_owned()));
        rows.push(String::new());
    }
    if let Some((from, to)) = just_taken(state) {
        rows.push(format!("{} {}", from.name(), to.name()));
    }
    if let Some(now) = state.now {
        rows.push(now.name().to_owned());
        let edges = state_diagram::out_of(now);
        rows.extend(edges.map(|edge| format!("{} {} {}", edge.to.name(), edge.cause.en, edge.cause.zh)));
        rows.push(String::new());
    }
    rows.extend(state.others.iter().map(|(sock, other)| format!("{sock} {}", other.name())));
    rows
}

/// What the table of panes knows of this one.
pub const CONTENT: Content = Content { render, moves: Moves::Page(|_| 0), rows, text: Some(text), cursor_of: None };

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::canvas::width_of;

    #[test]
    fn every_drawn_edge_is_one_of_the_stack_and_every_state_is_drawn() {
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

    #[test]
    fn scrolling_counts_the_rows_that_are_listed() {
        let ui =
            crate::tui::ui_state::UiState::new(crate::tui::theme::Theme::from_environment(), crate::i18n::Lang::En);
        for now in TcpState::ALL {
            for from in [None, Some(TcpState::Close)] {
                let others = vec![("B/sk#2".to_owned(), TcpState::Listen)];
                let state = State { now: Some(now), from, others, ..State::default() };
                let picture = Picture { state, ..Picture::default() };
                assert_eq!(rows(&picture), list(&picture, &ui.plain()).len(), "{now:?}");
            }
        }
        for possible in [vec![], vec![TcpState::LastAck, TcpState::Close]] {
            let state = State { possible, ..State::default() };
            let picture = Picture { state, source: Source::Observed, ..Picture::default() };
            assert_eq!(rows(&picture), list(&picture, &ui.plain()).len());
        }
    }
}
