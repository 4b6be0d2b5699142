//! The tables of functions and the port tables: what stands in them, as chains, and through which entry this step goes.
//!
//! Marks: `▶` and the lit name, the entry that this very step goes through; `▸` and bold, an entry through which the calls that are
//! open came; `*` an entry that this step changed; `+2` two elements more. The first line is the way through the tables; below it
//! the pane stands at what is lit. `NULL` is an entry in which nothing stands: who asks it gets an error.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::i18n::Message;
use crate::picture::Picture;
use crate::picture::tables::{Link, Lit, TableRow};
use crate::tui::canvas::{Canvas, cells, width_of};
use crate::tui::pane::{Content, Moves, PaneStyle, Panel, empty, panel, title_of_call, window};

/// Between two elements of a chain.
const ARROW: &str = " → ";

/// Draws the pane.
pub fn render(area: Rect, buffer: &mut Buffer, picture: &Picture, style: &PaneStyle) {
    let title = title_of_call(picture, style);
    let shown = Panel { title: &title, remark: style.say(Message::TablesRemark), ..Panel::default() };
    let inner = panel(area, buffer, &shown, style);
    let rows = &picture.tables.rows;
    if rows.is_empty() {
        empty(inner, buffer, style.say(Message::NothingRuns), style);
        return;
    }
    let inner = way(inner, buffer, &picture.tables.way, style);
    let first = window(rows.len(), usize::from(inner.height), in_use(rows), style.scroll);
    let mut canvas = Canvas::new(buffer, inner);
    for (index, row) in rows.iter().enumerate().skip(first).take(usize::from(inner.height)) {
        let y = cells(index - first);
        match row {
            TableRow::Heading { name, about } => {
                let x = canvas.put(0, y, name, style.theme.strong) + 2;
                canvas.put_within(x, y, inner.width.saturating_sub(x), about, style.theme.dim);
            }
            TableRow::Entry { index, links, lit, changed } => {
                canvas.put(0, y, sign(*lit), style.theme.strong);
                if *changed {
                    canvas.put(1, y, "*", style.theme.changed);
                }
                let x = canvas.put(2, y, index, look(*lit, style)).max(2);
                let x = if index.is_empty() { x } else { x.max(8) + 1 };
                chain(&mut canvas, (x, y), links, style);
            }
        }
    }
}

/// Writes the way through the tables above them, where there is one; gives the room below. Where it is longer than the line its
/// beginning is left out: the end is where the step stands.
fn way(inner: Rect, buffer: &mut Buffer, way: &[(String, Lit)], style: &PaneStyle) -> Rect {
    if way.is_empty() || inner.height < 4 {
        return inner;
    }
    let mut canvas = Canvas::new(buffer, inner);
    let wide = |(name, _): &(String, Lit)| width_of(name) + 1;
    let mut room = inner.width.saturating_sub(2);
    let shown = way.iter().rev().take_while(|part| {
        let fits = wide(part) <= room;
        room = room.saturating_sub(wide(part));
        fits
    });
    let first = way.len() - shown.count().max(1);
    let mut x = canvas.put(0, 0, if first > 0 { "…" } else { "" }, style.theme.dim);
    for (name, lit) in way.iter().skip(first) {
        x = canvas.put(x, 0, sign(*lit), style.theme.strong);
        x = canvas.put(x, 0, name, look(*lit, style));
    }
    Rect { y: inner.y + 1, height: inner.height - 1, ..inner }
}

/// The row at which the pane stands by itself: the entry of this step, else the last one on the way to it.
fn in_use(rows: &[TableRow]) -> usize {
    let last = |wanted| rows.iter().rposition(|row| is_lit(row, wanted));
    last(Lit::Step).or_else(|| last(Lit::Way)).unwrap_or(0)
}

fn is_lit(row: &TableRow, wanted: Lit) -> bool {
    matches!(row, TableRow::Entry { lit, .. } if *lit == wanted)
}

fn sign(lit: Lit) -> &'static str {
    match lit {
        Lit::No => " ",
        Lit::Way => "▸",
        Lit::Step => "▶",
    }
}

fn look(lit: Lit, style: &PaneStyle) -> Style {
    match lit {
        Lit::No => style.theme.text,
        Lit::Way => style.theme.strong,
        Lit::Step => style.theme.strong.patch(style.theme.running),
    }
}

/// Draws a chain; where it is longer than the line, from the element in use on.
fn chain(canvas: &mut Canvas, (x, y): (u16, u16), links: &[Link], style: &PaneStyle) {
    if links.is_empty() {
        canvas.put(x, y, "NULL", style.theme.dim);
        return;
    }
    let whole: u16 = links.iter().map(|link| width_of(&written(link)) + width_of(ARROW)).sum();
    let used = links.iter().position(|link| link.lit != Lit::No).unwrap_or(0);
    let first = if x + whole > canvas.width() + width_of(ARROW) { used } else { 0 };
    // Right and left move along a chain that is longer than the line, an element at a time.
    let first = (first + usize::from(style.shift / 4)).min(links.len().saturating_sub(1));
    let mut x = if first > 0 { canvas.put(x, y, &format!("+{first}{ARROW}"), style.theme.dim) } else { x };
    for (place, link) in links.iter().enumerate().skip(first) {
        let room = canvas.width().saturating_sub(x);
        if place > first && width_of(&written(link)) > room {
            canvas.put(x, y, &format!("+{}", links.len() - place), style.theme.dim);
            return;
        }
        let mark = if link.lit == Lit::No || links.len() == 1 { "" } else { sign(link.lit) };
        x = canvas.put(x, y, mark, style.theme.strong);
        x = canvas.put(x, y, &link.target, look(link.lit, style));
        if !link.note.is_empty() {
            x = canvas.put(x, y, &format!(" {}", link.note), style.theme.dim);
        }
        if place + 1 < links.len() {
            x = canvas.put(x, y, ARROW, style.theme.dim);
        }
    }
}

fn written(link: &Link) -> String {
    if link.note.is_empty() { link.target.clone() } else { format!("{} {}", link.target, link.note) }
}

fn line(row: &TableRow) -> String {
    match row {
        TableRow::Heading { name, about } => format!("{name}  {about}"),
        TableRow::Entry { index, links, .. } if links.is_empty() => format!("{index} NULL"),
        TableRow::Entry { index, links, .. } => {
            let chain: Vec<String> = links.iter().map(written).collect();
            format!("{index} {}", chain.join(ARROW)).trim_start().to_owned()
        }
    }
}

fn text(picture: &Picture) -> Vec<String> {
    picture.tables.rows.iter().map(line).collect()
}

/// What the table of panes knows of this one.
pub const CONTENT: Content = Content {
    render,
    moves: Moves::Page(|picture| in_use(&picture.tables.rows)),
    rows: |picture| picture.tables.rows.len(),
    text: Some(text),
    cursor_of: None,
};
