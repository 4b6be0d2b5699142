//! A drawing in dots, eight to a cell, as braille. Promise: a dot outside the drawing is no dot.

use ratatui::style::Style;

use super::canvas::Canvas;

/// Bits of a braille cell, by column and row of the dot.
const BITS: [[u8; 4]; 2] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]];

/// A drawing of so many cells.
pub struct Dots {
    width: u16,
    height: u16,
    cells: Vec<(u8, Style)>,
}

impl Dots {
    /// An empty drawing.
    #[must_use]
    pub fn new(width: u16, height: u16) -> Self {
        Self { width, height, cells: vec![(0, Style::default()); usize::from(width) * usize::from(height)] }
    }

    /// Dots from left to right.
    #[must_use]
    pub fn columns(&self) -> u64 {
        u64::from(self.width) * 2
    }

    /// Dots from top to bottom.
    #[must_use]
    pub fn rows(&self) -> u64 {
        u64::from(self.height) * 4
    }

    /// Sets a dot, counted from the left and from the bottom; what is drawn later gives the cell its style.
    pub fn set(&mut self, x: u64, y: u64, style: Style) {
        let Some(down) = self.rows().checked_sub(y + 1) else { return };
        if x >= self.columns() {
            return;
        }
        let place = down / 4 * u64::from(self.width) + x / 2;
        let bit = BITS.get((x % 2) as usize).and_then(|column| column.get((down % 4) as usize)).copied().unwrap_or(0);
        if let Some(cell) = usize::try_from(place).ok().and_then(|place| self.cells.get_mut(place)) {
            *cell = (cell.0 | bit, style);
        }
    }

    /// A line down or up.
    pub fn vertical(&mut self, x: u64, from: u64, to: u64, style: Style) {
        (from.min(to)..=from.max(to).min(self.rows())).for_each(|y| self.set(x, y, style));
    }

    /// A line across.
    pub fn horizontal(&mut self, from: u64, to: u64, y: u64, style: Style) {
        (from..=to.min(self.columns())).for_each(|x| self.set(x, y, style));
    }

    /// Draws it on a canvas; cells without a dot are left as they are.
    pub fn draw(&self, canvas: &mut Canvas, x: u16, y: u16) {
        let cells = self.cells.chunks(usize::from(self.width).max(1));
        for (row, cells) in (0..self.height).zip(cells) {
            for (column, (bits, style)) in (0..self.width).zip(cells).filter(|(_, (bits, _))| *bits > 0) {
                let sign = char::from_u32(0x2800 + u32::from(*bits)).unwrap_or('.');
                canvas.put(x + column, y + row, sign.encode_utf8(&mut [0; 4]), *style);
            }
        }
    }
}
