//! A text of /proc/net, as the kernel of 1.2.13 prints it at the present moment; lines that the step before read otherwise are
//! marked.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{PaneStyle, Panel, empty, panel};
use crate::i18n::Message;
use crate::picture::proc_net::{ProcFile, ProcText};
use crate::tui::canvas::{Canvas, cells, width_of};

/// The rectangle on a screen: its lower part, or all of it.
fn place_of(area: Rect, text: &ProcText, whole: bool) -> Rect {
    // The title line and the footer stay; in the small form so do the panes above.
    let room = area.height.saturating_sub(2);
    let wanted = cells(text.lines.len().max(1)).saturating_add(4);
    let height = if whole { room } else { wanted.clamp(room.min(8), (room / 2).max(room.min(8))) };
    Rect { y: area.bottom().saturating_sub(height + 1).max(area.y), height: height.min(area.height), ..area }
}

/// The name of each file as its tab shows it, with its first column inside the border.
fn tabs(text: &ProcText) -> Vec<(u16, String)> {
    let mut x = 1;
    let tab = |(place, file): (usize, &ProcFile)| {
        let name = format!("{} {}", place + 1, file.name());
        let start = x;
        x += width_of(&name) + 2;
        (start, name)
    };
    text.files.iter().enumerate().map(tab).collect()
}

/// What a click meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProcHit {
    /// The tab of a file, by its place.
    File(usize),
    /// Something else of it.
    Within,
    /// The screen beside it.
    Beside,
}

/// What stands at a place of the screen.
#[must_use]
pub fn hit(area: Rect, at: Position, text: &ProcText, whole: bool) -> ProcHit {
    let over = place_of(area, text, whole);
    if !over.contains(at) {
        return ProcHit::Beside;
    }
    let column = at.x.checked_sub(over.x + 1).filter(|_| at.y == over.y + 1);
    let tab =
        column.and_then(|x| tabs(text).iter().position(|(start, name)| (*start..*start + width_of(name)).contains(&x)));
    tab.map_or(ProcHit::Within, ProcHit::File)
}

/// Draws the text over the lower part of the screen, or over all of it.
pub fn render(area: Rect, buffer: &mut Buffer, text: &ProcText, whole: bool, style: &PaneStyle) {
    let over = place_of(area, text, whole);
    Canvas::new(buffer, over).clear(style.theme.text);
    let title = format!("/proc/net/{}", text.file.name());
    let shown = Panel {
        title: &title,
        subject: &text.host,
        remark: style.say(Message::ChangedByStep),
        foot: style.say(Message::ProcKeys),
    };
    let inner = panel(over, buffer, &shown, style);
    let mut canvas = Canvas::new(buffer, inner);
    for ((x, name), known) in tabs(text).iter().zip(&text.files) {
        let text_style =
            if *known == text.file { style.theme.strong.patch(style.theme.selected) } else { style.theme.dim };
        canvas.put(*x, 0, name, text_style);
    }
    let list = Rect { y: inner.y.saturating_add(1), height: inner.height.saturating_sub(1), ..inner };
    if text.lines.is_empty() {
        empty(list, buffer, style.say(Message::ProcEmpty), style);
        return;
    }
    let rows = rows(text, whole, usize::from(list.width.saturating_sub(4)));
    let most = rows.len().saturating_sub(usize::from(list.height));
    let first = usize::try_from(style.scroll).unwrap_or(0).min(most);
    let mut canvas = Canvas::new(buffer, list);
    for (row, (line, changed)) in rows.iter().skip(first).take(usize::from(list.height)).enumerate() {
        let y = cells(row);
        if *changed {
            canvas.put(0, y, "*", style.theme.changed);
        }
        canvas.put(2, y, line, if *changed { style.theme.changed } else { style.theme.text });
    }
}

/// The rows of the text: one per line, or, on the whole screen, as many as a long line needs.
fn rows(text: &ProcText, whole: bool, width: usize) -> Vec<(String, bool)> {
    if !whole || width < 8 {
        return text.lines.clone();
    }
    let mut rows = Vec::new();
    for (line, changed) in &text.lines {
        let characters: Vec<char> = line.chars().collect();
        let (head, tail) = characters.split_at(characters.len().min(width));
        rows.push((head.iter().collect(), *changed));
        rows.extend(tail.chunks(width - 2).map(|piece| (format!("  {}", piece.iter().collect::<String>()), *changed)));
    }
    rows
}
