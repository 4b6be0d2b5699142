//! The prompt for stops: the line being typed, and below it what is wrong with it and where, or how it could go on.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use stack::lab::query::complete;

use super::typing::{line, offered};
use super::{PaneStyle, Panel, panel};
use crate::i18n::Message;
use crate::tui::canvas::{Canvas, cells, width_of, wrap};
use crate::tui::ui_state::{Offer, StopTyping};

/// Rows below the line.
const BELOW: usize = 4;

/// Draws the prompt at the foot of the screen, above the footer.
pub fn render(area: Rect, buffer: &mut Buffer, typing: &StopTyping, style: &PaneStyle) {
    let height = cells(BELOW + 3).min(area.height.saturating_sub(1));
    let over = Rect { y: area.bottom().saturating_sub(height + 1).max(area.y), height, ..area };
    Canvas::new(buffer, over).clear(style.theme.text);
    let shown = Panel { title: style.say(Message::StopPrompt), foot: style.say(Message::StopKeys), ..Panel::default() };
    let inner = panel(over, buffer, &shown, style);
    let mut canvas = Canvas::new(buffer, inner);
    let start = canvas.put(1, 0, "› ", style.theme.key);
    let skipped = line(&mut canvas, start, 0, &typing.input, style);
    let width = inner.width.saturating_sub(2);
    if let Some(complaint) = &typing.complaint {
        let column = (complaint.column as usize).saturating_sub(1);
        let head: String = typing.input.value().chars().take(column).collect();
        // The cursor's own cell stands before what follows it.
        let cell = usize::from(width_of(&head)) + usize::from(column >= typing.input.cursor());
        canvas.put(start + cells(cell.saturating_sub(skipped)), 1, "^", style.theme.bad);
        for (row, text) in wrap(complaint.message.text(style.lang), width).iter().take(BELOW - 1).enumerate() {
            canvas.put(1, 2 + cells(row), text, style.theme.bad);
        }
        return;
    }
    for (row, text) in below(typing, width, style).iter().enumerate() {
        canvas.put(1, 1 + cells(row), text, style.theme.dim);
    }
}

/// The words that Tab walks through; before it is pressed, those that it would; on an empty line examples.
fn below(typing: &StopTyping, width: u16, style: &PaneStyle) -> Vec<String> {
    if let Some(offer) = &typing.offer {
        return offered(offer, width);
    }
    let (value, cursor) = (typing.input.value(), typing.input.cursor());
    if value.is_empty() {
        let mut rows = wrap(style.say(Message::StopExamples), width);
        rows.truncate(BELOW);
        return rows;
    }
    let found = complete(value, cursor, &typing.known);
    offered(&Offer { start: found.start, end: cursor, chosen: usize::MAX, words: found.candidates }, width)
}
