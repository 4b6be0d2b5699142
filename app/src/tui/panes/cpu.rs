//! The processor: registers with what they mean here, the words that they point at, the flags, the bottom halves, and whose stack
//! it all runs on.
//!
//! Marks: `*` and `old → new`, what this step changed. `[ECX+4]` is the word of user memory at that address. While the pane has the
//! focus its last lines say the whole of the selected row, if that was cut.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::i18n::Message;
use crate::picture::Picture;
use crate::picture::cpu::CpuRow;
use crate::tui::canvas::{Canvas, cells, width_of};
use crate::tui::pane::list::{footnote, shade};
use crate::tui::pane::{Content, Moves, PaneStyle, Panel, empty, mark, panel, title_of_call, window};

/// Draws the pane.
pub fn render(area: Rect, buffer: &mut Buffer, picture: &Picture, style: &PaneStyle) {
    let title = title_of_call(picture, style);
    let shown = Panel { title: &title, remark: style.say(Message::ChangedByStep), ..Panel::default() };
    let inner = panel(area, buffer, &shown, style);
    let rows = &picture.cpu;
    if rows.is_empty() {
        empty(inner, buffer, style.say(Message::NothingRuns), style);
        return;
    }
    let (names, values) = columns(rows);
    let body = footnote(inner, buffer, &told(picture, inner.width, style.selected), style);
    let first = window(rows.len(), usize::from(body.height), style.selected, style.scroll);
    let mut canvas = Canvas::new(buffer, body);
    for (index, row) in rows.iter().enumerate().skip(first).take(usize::from(body.height)) {
        let y = cells(index - first);
        let changed = row.old.is_some();
        if changed {
            canvas.put(0, y, "*", style.theme.changed);
        }
        canvas.put_within(2, y, names, &row.name, if changed { style.theme.changed } else { style.theme.dim });
        let mut x = 3 + names;
        if let Some(old) = &row.old {
            x = canvas.put(x, y, &format!("{old} → "), style.theme.dim);
        }
        let end = canvas.put(x, y, &row.value, mark(changed, style));
        let x = (4 + names + values).max(end + 1);
        canvas.put_within(x, y, body.width.saturating_sub(x), &row.meaning, style.theme.text);
        shade(&mut canvas, (index, y, 1), style);
    }
}

/// The columns of the names and of the values.
fn columns(rows: &[CpuRow]) -> (u16, u16) {
    let longest = |text: fn(&CpuRow) -> &str| rows.iter().map(|row| width_of(text(row))).max().unwrap_or(0);
    (longest(|row| &row.name).min(12), longest(|row| &row.value).min(12))
}

/// What the foot says: the whole text of the selected row where it is longer than the line.
#[must_use]
fn told(picture: &Picture, width: u16, selected: usize) -> String {
    let (names, values) = columns(&picture.cpu);
    let Some(row) = picture.cpu.get(selected) else { return String::new() };
    let old = row.old.as_ref().map_or(0, |old| width_of(old) + 3);
    let needs = 4 + names + values.max(width_of(&row.value) + old) + width_of(&row.meaning);
    if needs > width { line(row) } else { String::new() }
}

fn line(row: &CpuRow) -> String {
    let old = row.old.as_ref().map_or_else(String::new, |old| format!("{old} → "));
    format!("{} {old}{}  {}", row.name, row.value, row.meaning)
}

fn text(picture: &Picture) -> Vec<String> {
    picture.cpu.iter().map(line).collect()
}

/// What the table of panes knows of this one.
pub const CONTENT: Content =
    Content { render, moves: Moves::Cursor, rows: |picture| picture.cpu.len(), text: Some(text), cursor_of: None };
