//! The form in which a person edits the fields of a frame.
//!
//! Marks: `*` a field that is changed, with the value that it had; below, whether the checksums are made right again.

use ratatui::buffer::Buffer;
use ratatui::layout::{Margin, Position, Rect};

use super::overlay::centred;
use super::{PaneStyle, Panel, panel, window};
use crate::i18n::Message;
use crate::tui::canvas::{Canvas, cells};
use crate::tui::ui_state::FrameForm;

/// Rows above the fields: what becomes of the checksums, and a complaint.
const TOP: u16 = 2;

/// The rectangle on a screen.
fn place_of(area: Rect) -> Rect {
    centred(area, area.width.saturating_sub(4).min(76), area.height.saturating_sub(2).min(40))
}

/// What a click meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormHit {
    /// The row of a field.
    Field(usize),
    /// The line that says what becomes of the checksums.
    Checksums,
    /// The form, but nothing of these.
    Within,
    /// The screen beside it.
    Beside,
}

/// What stands at a place of the screen.
#[must_use]
pub fn hit(area: Rect, at: Position, form: &FrameForm) -> FormHit {
    let over = place_of(area);
    let inner = over.inner(Margin::new(1, 1));
    if !over.contains(at) {
        return FormHit::Beside;
    }
    let room = usize::from(inner.height.saturating_sub(TOP));
    let first = window(form.fields.len(), room, form.selected, 0);
    match at.y.checked_sub(inner.y).filter(|_| inner.contains(at)) {
        Some(0) => FormHit::Checksums,
        Some(row) if row >= TOP && first + usize::from(row - TOP) < form.fields.len() => {
            FormHit::Field(first + usize::from(row - TOP))
        }
        _ => FormHit::Within,
    }
}

/// Draws the form in the middle of the screen.
pub fn render(area: Rect, buffer: &mut Buffer, form: &FrameForm, style: &PaneStyle) {
    let theme = style.theme;
    let over = place_of(area);
    Canvas::new(buffer, over).clear(theme.text);
    let title = Message::FormTitle.fill(style.lang, &[&form.frame.to_string()]);
    let shown = Panel { title: &title, foot: style.say(Message::FormKeys), ..Panel::default() };
    let inner = panel(over, buffer, &shown, style);
    let mut canvas = Canvas::new(buffer, inner);
    let checks = if form.mends { Message::FormMends } else { Message::FormLeaves };
    canvas.put(1, 0, style.say(checks), theme.dim);
    if let Some(complaint) = &form.complaint {
        canvas.put_within(1, 1, inner.width.saturating_sub(2), complaint, theme.bad);
    }
    let room = usize::from(inner.height.saturating_sub(TOP));
    let first = window(form.fields.len(), room, form.selected, 0);
    let now = form.bytes();
    for (row, field) in form.fields.iter().enumerate().skip(first).take(room) {
        let y = TOP + cells(row - first);
        let is_part = !form.is_whole(row);
        let name = format!("{}{}", if is_part { "  " } else { "" }, field.field.name);
        let (was, value) = (field.value(&form.was), field.value(&now));
        let changed = was != value && field.field.parts.is_empty();
        if changed {
            canvas.put(0, y, "*", theme.changed);
        }
        canvas.put_within(1, y, 8, if form.begins_header(row) { field.header } else { "" }, theme.dim);
        canvas.put_within(10, y, 15, &name, theme.text);
        match form.input.as_ref().filter(|_| row == form.selected) {
            Some(input) => {
                let x = canvas.put_within(26, y, 20, input.value(), theme.strong);
                canvas.put(x, y, "▏", theme.text);
            }
            None => {
                let text_style = if changed { theme.changed } else { theme.text };
                let x = canvas.put_within(26, y, 20, &value, text_style);
                if changed {
                    canvas.put_within(x + 1, y, 46_u16.saturating_sub(x), &format!("({was})"), theme.dim);
                }
            }
        }
        canvas.put_within(47, y, inner.width.saturating_sub(48), field.field.label.text(style.lang), theme.dim);
        if row == form.selected && form.input.is_none() {
            canvas.shade(0, y, inner.width, theme.selected);
        }
    }
}
