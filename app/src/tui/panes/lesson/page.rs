//! A pen that writes down the pages of a lesson: what is longer than a page goes on on the next.

use lessons::page::{PAGE_ROWS, wrap};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::tui::canvas::{Canvas, width_of};
use crate::tui::pane::PaneStyle;

/// The pages that are being written.
pub(super) struct Pages<'a> {
    pages: Vec<Buffer>,
    width: u16,
    /// The row of the last page that is written next.
    y: u16,
    pub(super) style: &'a PaneStyle<'a>,
}

impl<'a> Pages<'a> {
    /// An empty page of a width.
    pub(super) fn new(width: u16, style: &'a PaneStyle<'a>) -> Self {
        Self { pages: vec![blank(width)], width, y: 0, style }
    }

    /// The pages as they came out; one at least.
    pub(super) fn finish(self) -> Vec<Buffer> {
        self.pages
    }

    /// Columns that may be written, of which the first and the last are margins.
    pub(super) fn width(&self) -> u16 {
        self.width
    }

    /// Rows that the last page has room for.
    pub(super) fn rows_left(&self) -> usize {
        usize::from(PAGE_ROWS.saturating_sub(self.y))
    }

    /// Goes on on a new page, where the last has anything on it.
    pub(super) fn turn(&mut self) {
        if self.y > 0 {
            self.pages.push(blank(self.width));
            self.y = 0;
        }
    }

    /// One row: `draw` is given the canvas of its page and the row's place there.
    pub(super) fn row(&mut self, draw: impl FnOnce(&mut Canvas, u16)) {
        if self.y >= PAGE_ROWS {
            self.turn();
        }
        if let Some(page) = self.pages.last_mut() {
            let area = page.area;
            draw(&mut Canvas::new(page, area), self.y);
        }
        self.y += 1;
    }

    /// Text in as many rows as it needs.
    pub(super) fn words(&mut self, text: &str, style: Style) {
        self.words_at(1, text, style);
    }

    /// The same from a column on.
    pub(super) fn words_at(&mut self, x: u16, text: &str, style: Style) {
        for line in wrap(text, self.width.saturating_sub(x + 1)) {
            self.row(|canvas, y| _ = canvas.put(x, y, &line, style));
        }
    }

    /// Text behind a label that stands in its first row, separated as the language does.
    pub(super) fn labelled(&mut self, label: &str, text: &str) {
        if text.is_empty() {
            return;
        }
        let theme = self.style.theme;
        let joined = format!("{label}{}{text}", self.colon());
        for (place, line) in wrap(&joined, self.width.saturating_sub(2)).into_iter().enumerate() {
            self.row(|canvas, y| {
                let x = match line.strip_prefix(label).filter(|_| place == 0) {
                    Some(rest) => {
                        let x = canvas.put(1, y, label, theme.strong);
                        canvas.put(x, y, rest, theme.text)
                    }
                    None => canvas.put(1, y, &line, theme.text),
                };
                debug_assert!(x <= width_of(&line) + 1);
            });
        }
    }

    fn colon(&self) -> &'static str {
        stack::words::Words::new(": ", "：").text(self.style.lang)
    }
}

fn blank(width: u16) -> Buffer {
    Buffer::empty(Rect::new(0, 0, width, PAGE_ROWS))
}

/// Lays a page into a rectangle, as much of it as has room.
pub(super) fn copy(page: &Buffer, area: Rect, buffer: &mut Buffer) {
    for y in 0..area.height.min(page.area.height) {
        for x in 0..area.width.min(page.area.width) {
            if let (Some(cell), Some(from)) = (buffer.cell_mut((area.x + x, area.y + y)), page.cell((x, y))) {
                *cell = from.clone();
            }
        }
    }
}
