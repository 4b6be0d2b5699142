//! Writing on a buffer of cells, safely.
//!
//! Everything that any pane writes goes through [`Canvas`]: it is clipped to its rectangle (so no size can panic), it measures
//! text by grapheme and display width (so Chinese never breaks a border), and it turns every control, bidirectional and
//! invisible character into something visible (so nothing that came from a frame or a file can drive the terminal).

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

pub use lessons::page::wrap;

/// A pen confined to one rectangle of a buffer; its coordinates start at that rectangle's corner.
pub struct Canvas<'a> {
    buffer: &'a mut Buffer,
    area: Rect,
}

impl<'a> Canvas<'a> {
    /// A pen for the part of `area` that lies on the buffer.
    pub fn new(buffer: &'a mut Buffer, area: Rect) -> Self {
        let area = area.intersection(buffer.area);
        Self { buffer, area }
    }

    /// Columns of the rectangle.
    #[must_use]
    pub fn width(&self) -> u16 {
        self.area.width
    }

    /// Rows of the rectangle.
    #[must_use]
    pub fn height(&self) -> u16 {
        self.area.height
    }

    /// Writes `text` at column `x` of row `y` as far as the rectangle goes; returns the column after it.
    pub fn put(&mut self, x: u16, y: u16, text: &str, style: Style) -> u16 {
        self.put_within(x, y, self.area.width.saturating_sub(x), text, style)
    }

    /// Writes `text` into at most `width` columns; a cut is shown by `…` in the last one. Returns the column after it.
    pub fn put_within(&mut self, x: u16, y: u16, width: u16, text: &str, style: Style) -> u16 {
        if y >= self.area.height || x >= self.area.width {
            return x;
        }
        let limit = x.saturating_add(width).min(self.area.width);
        let text = visible(text);
        let cut = usize::from(limit - x) < text.width();
        let stop = if cut { limit.saturating_sub(1) } else { limit };
        let mut column = x;
        for grapheme in text.graphemes(true) {
            let cells = cells(grapheme.width());
            if cells == 0 {
                continue;
            }
            if column.saturating_add(cells) > stop {
                break;
            }
            self.cell(column, y, grapheme, cells, style);
            column += cells;
        }
        if cut && column < limit {
            self.cell(column, y, "…", 1, style);
            column += 1;
        }
        column
    }

    /// Writes `text` so that it ends just before column `right`.
    pub fn put_right(&mut self, right: u16, y: u16, text: &str, style: Style) {
        let width = cells(visible(text).width());
        self.put(right.saturating_sub(width), y, text, style);
    }

    /// Lays a style over `width` cells of row `y` without touching what is written there.
    pub fn shade(&mut self, x: u16, y: u16, width: u16, style: Style) {
        if y < self.area.height && x < self.area.width {
            let width = width.min(self.area.width - x);
            let row = Rect::new(self.area.x + x, self.area.y + y, width, 1);
            self.buffer.set_style(row, style);
        }
    }

    /// Repeats one narrow symbol over `width` cells.
    pub fn repeat(&mut self, x: u16, y: u16, width: u16, symbol: &str, style: Style) {
        for column in x..x.saturating_add(width).min(self.area.width) {
            if y < self.area.height {
                self.cell(column, y, symbol, 1, style);
            }
        }
    }

    /// Empties the rectangle, and the wide glyphs that would hang into it from the left.
    pub fn clear(&mut self, style: Style) {
        for y in self.area.top()..self.area.bottom() {
            if let Some(cell) = self.area.left().checked_sub(1).and_then(|x| self.buffer.cell_mut((x, y)))
                && cell.symbol().width() > 1
            {
                cell.set_symbol(" ");
            }
            for x in self.area.left()..self.area.right() {
                if let Some(cell) = self.buffer.cell_mut((x, y)) {
                    cell.reset();
                    cell.set_style(style);
                }
            }
        }
    }

    fn cell(&mut self, x: u16, y: u16, symbol: &str, width: u16, style: Style) {
        let (x, y) = (self.area.x + x, self.area.y + y);
        if let Some(cell) = self.buffer.cell_mut((x, y)) {
            cell.set_symbol(symbol).set_style(style);
        }
        for shadow in 1..width {
            if let Some(cell) = self.buffer.cell_mut((x + shadow, y)) {
                cell.set_symbol(" ").set_style(style);
            }
        }
    }
}

/// A count of cells as the terminal counts them.
#[must_use]
pub fn cells(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

/// The display width of `text` once everything in it has been made visible.
#[must_use]
pub fn width_of(text: &str) -> u16 {
    cells(visible(text).width())
}

/// The text with every character that could drive or confuse a terminal shown instead of sent: C0 as its picture
/// (`␛`), C1 and DEL, bidirectional and zero-width marks as `⟨202E⟩`.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) || !text.chars().any(is_dangerous) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        let code = u32::from(character);
        if code < 0x20 {
            shown.push(char::from_u32(0x2400 + code).unwrap_or('?'));
        } else if code == 0x7f {
            shown.push('␡');
        } else if is_dangerous(character) {
            shown.push_str(&format!("⟨{code:04X}⟩"));
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}

fn is_dangerous(character: char) -> bool {
    character.is_control()
        || matches!(u32::from(character),
            0x00ad | 0x061c | 0x180e | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0xfe00..=0xfe0f | 0xfeff
            | 0xfff9..=0xfffb | 0xe0000..=0xe0fff)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(buffer: &Buffer, y: u16) -> String {
        (0..buffer.area.width).map(|x| buffer[(x, y)].symbol().to_owned()).collect()
    }

    #[test]
    fn hostile_text_is_shown_and_not_sent() {
        assert_eq!(visible("\x1b]0;OWNED\x07"), "␛]0;OWNED␇");
        assert_eq!(visible("a\u{202e}b\u{200b}\u{9b}"), "a⟨202E⟩b⟨200B⟩⟨009B⟩");
        assert_eq!(visible("状态 ESTABLISHED"), "状态 ESTABLISHED");
    }

    #[test]
    fn wide_text_is_cut_at_whole_glyphs() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 5, 1));
        Canvas::new(&mut buffer, Rect::new(0, 0, 5, 1)).put(0, 0, "状态机器", Style::new());
        assert_eq!(row(&buffer, 0), "状 态 …");
    }

    #[test]
    fn nothing_is_written_outside() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 4, 2));
        let mut canvas = Canvas::new(&mut buffer, Rect::new(2, 1, 40, 40));
        canvas.put(0, 0, "abcdef", Style::new());
        canvas.put(9, 9, "never", Style::new());
        assert_eq!((row(&buffer, 0), row(&buffer, 1)), ("    ".into(), "  a…".into()));
    }

    #[test]
    fn lines_break_at_words_and_between_chinese_characters() {
        assert_eq!(wrap("the state changes before", 10), ["the state", "changes", "before"]);
        assert!(wrap("状态在发送之前改变", 6).iter().all(|line| line.width() <= 6));
        assert_eq!(wrap("a\n\nb", 10), ["a", "", "b"]);
    }

    #[test]
    fn no_line_begins_with_what_belongs_to_the_one_before() {
        let text = "先改状态，再发送 SYN（“先改后发”）。为什么反过来会出错？因为应答可能已经到达！";
        for width in 8..60 {
            let lines = wrap(text, width);
            assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""), "{width}");
            for line in &lines {
                assert!(line.width() <= usize::from(width), "{width}: {line}");
                assert!(!line.starts_with(['，', '。', '？', '！', '）', '”']), "{width}: {lines:?}");
                assert!(!line.ends_with(['（', '“']), "{width}: {lines:?}");
            }
        }
    }
}
