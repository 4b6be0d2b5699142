//! What is written to the terminal for a picture, in as few bytes as it takes: on a slow line a step is seen as fast as it is short.
//!
//! `ratatui` finds the cells that differ; its way to write them ([`CrosstermBackend`]) names both colours at every change and a place
//! by its line and column. Here a colour is named where it changes, with everything else that changes there, a blank takes whatever colour of letters there is, a place in
//! the same line is so many columns to the right, and many blanks are erased at once. Promise: the terminal shows the same cells
//! (`tests/features/pressing.rs` reads both with a model of a terminal). Everything but the drawing is left to that backend.

use std::io::{self, Write};

use crossterm::queue;
use crossterm::style::{Attribute, Color as Ink, Colored, SetAttribute};
use ratatui::backend::{Backend, ClearType, CrosstermBackend, IntoCrossterm, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

/// From so many blanks on they are erased at once: that takes four bytes, and the move behind them as many.
const ERASED: u16 = 9;
/// What a blank shows of itself beside its ground.
const SEEN: Modifier = Modifier::UNDERLINED.union(Modifier::REVERSED).union(Modifier::CROSSED_OUT);

/// A backend that writes little.
pub struct Lean<W: Write>(CrosstermBackend<W>);

impl<W: Write> Lean<W> {
    /// A terminal behind a writer.
    pub const fn new(writer: W) -> Self {
        Self(CrosstermBackend::new(writer))
    }
}

impl<W: Write> Write for Lean<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Write::flush(&mut self.0)
    }
}

/// How the terminal writes now.
#[derive(Clone, Copy, PartialEq)]
struct Pen {
    fg: Color,
    bg: Color,
    underline: Color,
    modifier: Modifier,
}

impl Pen {
    const FRESH: Self =
        Self { fg: Color::Reset, bg: Color::Reset, underline: Color::Reset, modifier: Modifier::empty() };

    fn of(cell: &Cell) -> Self {
        Self { fg: cell.fg, bg: cell.bg, underline: cell.underline_color, modifier: cell.modifier }
    }

    /// This pen where a blank is written: what is not seen of a blank stays as it is.
    fn for_blank(self, now: Self) -> Self {
        let is_plain = !(self.modifier | now.modifier).intersects(SEEN);
        if is_plain { Self { bg: self.bg, ..now } } else { self }
    }
}

/// The writing of one picture.
struct Writing<'w, W: Write> {
    out: &'w mut CrosstermBackend<W>,
    pen: Pen,
    /// Where the terminal writes next; none where that is not known.
    at: Option<(u16, u16)>,
    /// Blanks that are due, with their ground: where they begin and how many.
    blanks: Option<(u16, u16, u16, Color)>,
}

impl<W: Write> Writing<'_, W> {
    /// Puts the place of writing somewhere, in the shortest way.
    fn go_to(&mut self, x: u16, y: u16) -> io::Result<()> {
        match self.at {
            Some((column, line)) if line == y && column == x => return Ok(()),
            Some((column, line)) if line == y && column < x => write!(self.out, "\x1b[{}C", x - column)?,
            _ => write!(self.out, "\x1b[{};{}H", y + 1, x + 1)?,
        }
        self.at = Some((x, y));
        Ok(())
    }

    /// Makes the terminal write so, in one sequence for all that changes.
    fn take(&mut self, pen: Pen) -> io::Result<()> {
        let now = self.pen;
        let mut stands = now.modifier;
        let mut codes: Vec<String> = Vec::new();
        for (modifier, _, off) in ATTRIBUTES {
            if (now.modifier - pen.modifier).contains(modifier) && stands.contains(modifier) {
                codes.push(off.sgr());
                // Some have one end for both.
                let ended = ATTRIBUTES.into_iter().filter(|(_, _, end)| *end == off);
                ended.for_each(|(modifier, ..)| stands.remove(modifier));
            }
        }
        for (modifier, on, _) in ATTRIBUTES {
            if (pen.modifier - stands).contains(modifier) {
                codes.push(on.sgr());
            }
        }
        let change =
            |new: Color, old: Color, is: fn(Ink) -> Colored| (new != old).then(|| is(new.into_crossterm()).to_string());
        codes.extend(change(pen.fg, now.fg, Colored::ForegroundColor));
        codes.extend(change(pen.bg, now.bg, Colored::BackgroundColor));
        codes.extend(change(pen.underline, now.underline, Colored::UnderlineColor));
        // Where NO_COLOR holds a colour is no code, and none at all would put everything back.
        codes.retain(|code| !code.is_empty());
        self.pen = pen;
        if codes.is_empty() { Ok(()) } else { write!(self.out, "\x1b[{}m", codes.join(";")) }
    }

    /// Writes the blanks that are due.
    fn blank(&mut self) -> io::Result<()> {
        let Some((x, y, count, bg)) = self.blanks.take() else { return Ok(()) };
        self.go_to(x, y)?;
        let pen = Pen { bg, ..Pen::FRESH }.for_blank(self.pen);
        self.take(pen)?;
        // Not every terminal erases in another ground than its own.
        if count >= ERASED && bg == Color::Reset {
            return write!(self.out, "\x1b[{count}X");
        }
        write!(self.out, "{:width$}", "", width = usize::from(count))?;
        self.at = Some((x + count, y));
        Ok(())
    }

    /// Writes one cell, a blank as soon as it is known how many there are.
    fn cell(&mut self, x: u16, y: u16, cell: &Cell) -> io::Result<()> {
        if cell.symbol() == " " && !cell.modifier.intersects(SEEN) {
            match &mut self.blanks {
                Some((first, line, count, bg)) if *line == y && *first + *count == x && *bg == cell.bg => *count += 1,
                _ => {
                    self.blank()?;
                    self.blanks = Some((x, y, 1, cell.bg));
                }
            }
            return Ok(());
        }
        self.blank()?;
        self.go_to(x, y)?;
        self.take(Pen::of(cell))?;
        self.out.write_all(cell.symbol().as_bytes())?;
        // Terminals disagree about the width of what is put together: behind that the place is said again.
        let is_one = cell.symbol().chars().count() == 1;
        let width = u16::try_from(cell.symbol().width()).unwrap_or(0);
        self.at = is_one.then_some((x + width, y));
        Ok(())
    }
}

/// What each modifier is to the terminal: how it begins, and how it ends.
const ATTRIBUTES: [(Modifier, Attribute, Attribute); 9] = [
    (Modifier::BOLD, Attribute::Bold, Attribute::NormalIntensity),
    (Modifier::DIM, Attribute::Dim, Attribute::NormalIntensity),
    (Modifier::ITALIC, Attribute::Italic, Attribute::NoItalic),
    (Modifier::UNDERLINED, Attribute::Underlined, Attribute::NoUnderline),
    (Modifier::REVERSED, Attribute::Reverse, Attribute::NoReverse),
    (Modifier::CROSSED_OUT, Attribute::CrossedOut, Attribute::NotCrossedOut),
    (Modifier::SLOW_BLINK, Attribute::SlowBlink, Attribute::NoBlink),
    (Modifier::RAPID_BLINK, Attribute::RapidBlink, Attribute::NoBlink),
    (Modifier::HIDDEN, Attribute::Hidden, Attribute::NoHidden),
];

impl<W: Write> Backend for Lean<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut writing = Writing { out: &mut self.0, pen: Pen::FRESH, at: None, blanks: None };
        for (x, y, cell) in content {
            writing.cell(x, y, cell)?;
        }
        writing.blank()?;
        if writing.pen != Pen::FRESH {
            queue!(self.0, SetAttribute(Attribute::Reset))?;
        }
        Ok(())
    }

    fn append_lines(&mut self, count: u16) -> io::Result<()> {
        self.0.append_lines(count)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.0.hide_cursor()
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.0.show_cursor()
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        self.0.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.0.set_cursor_position(position)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.0.clear()
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        self.0.clear_region(region)
    }

    fn size(&self) -> io::Result<Size> {
        self.0.size()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.0.window_size()
    }

    fn flush(&mut self) -> io::Result<()> {
        Backend::flush(&mut self.0)
    }
}
