//! The card of a buffer, laid over the screen: its fields with what each means, and below them the headers of its frame.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::overlay::centred;
use super::{PaneStyle, Panel, panel};
use crate::i18n::Message;
use crate::picture::skb::SkbCard;
use crate::tui::canvas::{Canvas, cells, width_of};

/// Draws the card in the middle of the screen; `style.scroll` rows of it lie above.
pub fn render(area: Rect, buffer: &mut Buffer, card: &SkbCard, style: &PaneStyle) {
    let theme = style.theme;
    let height = cells(rows(card) + 2).min(area.height.saturating_sub(2));
    let over = centred(area, area.width.saturating_sub(4).min(92), height);
    Canvas::new(buffer, over).clear(theme.text);
    let shown =
        Panel { title: &card.name, subject: &card.summary, foot: style.say(Message::SkbKeys), ..Panel::default() };
    let inner = panel(over, buffer, &shown, style);
    let mut canvas = Canvas::new(buffer, inner);
    let top = usize::try_from(style.scroll).unwrap_or(0).min(rows(card).saturating_sub(usize::from(inner.height)));
    let on_screen = |row: usize| row.checked_sub(top).map(cells).filter(|y| *y < inner.height);
    let values = card.rows.iter().map(|(_, value, _)| width_of(value)).max().unwrap_or(0).min(inner.width / 2);
    for (row, (name, value, meaning)) in card.rows.iter().enumerate() {
        let Some(y) = on_screen(row) else { continue };
        canvas.put(1, y, name, theme.dim);
        canvas.put_within(10, y, values, value, theme.strong);
        let x = 12 + values;
        canvas.put_within(x, y, inner.width.saturating_sub(x + 1), meaning, theme.dim);
    }
    for (row, (depth, name, value)) in card.frame.iter().enumerate() {
        let Some(y) = on_screen(card.rows.len() + 1 + row) else { continue };
        let look = if *depth == 0 { theme.strong } else { theme.dim };
        let x = canvas.put(1 + u16::from(*depth) * 2, y, name, look).max(16) + 1;
        canvas.put_within(x, y, inner.width.saturating_sub(x + 1), value, theme.text);
    }
}

/// How many rows a card has.
#[must_use]
pub fn rows(card: &SkbCard) -> usize {
    card.rows.len() + 1 + card.frame.len()
}
