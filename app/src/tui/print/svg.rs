//! A drawn screen as an SVG picture: the same cells in the same colours, on a grid, without script or outside font.

use std::fmt::Write;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

/// Width and height of a cell in the picture.
const CELL: (u32, u32) = (8, 17);
/// The room around the screen.
const EDGE: u32 = 12;
/// The room for a line of words below it.
const CAPTION: u32 = 30;

/// The ground that a picture stands on, since a screen inherits its own from the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ground {
    /// The background.
    pub paper: &'static str,
    /// The text where a cell has no colour of its own.
    pub pen: &'static str,
}

/// The ground of the dark theme.
pub const DARK: Ground = Ground { paper: "#0f141b", pen: "#dbe2ea" };
/// The ground of the light theme.
pub const LIGHT: Ground = Ground { paper: "#fbf9f4", pen: "#1c232b" };

/// How a run of cells looks.
#[derive(Clone, PartialEq)]
struct Paint {
    pen: String,
    paper: Option<String>,
    bold: bool,
    dim: bool,
    underlined: bool,
}

/// The picture of a buffer; `title` is read by those who cannot see it.
#[must_use]
pub fn screen(buffer: &Buffer, ground: Ground, title: &str) -> String {
    frame(buffer.area, ground, title, &runs(buffer, ground).concat(), false)
}

/// A picture of the size of a screen around what is drawn in it; with room for a line of words below where that is wanted.
#[must_use]
pub fn frame(area: Rect, ground: Ground, title: &str, body: &str, has_caption: bool) -> String {
    let width = u32::from(area.width) * CELL.0 + 2 * EDGE;
    let height = u32::from(area.height) * CELL.1 + 2 * EDGE + if has_caption { CAPTION } else { 0 };
    let mut svg = String::new();
    let Ground { paper, pen } = ground;
    // Writing to a String cannot fail.
    let _ = write!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\">\n\
         <title>{}</title>\n<rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"{paper}\"/>\n\
         <g font-family=\"'DejaVu Sans Mono','Noto Sans Mono','Noto Sans Mono CJK SC','WenQuanYi Zen Hei Mono',monospace\" \
         font-size=\"13\" fill=\"{pen}\">\n",
        escape(title)
    );
    svg.push_str(body);
    svg.push_str("</g>\n</svg>\n");
    svg
}

/// A line of words below a screen.
#[must_use]
pub fn caption(area: Rect, text: &str) -> String {
    let y = EDGE + u32::from(area.height) * CELL.1 + CAPTION - 10;
    format!("<text x=\"{}\" y=\"{y}\" font-size=\"16\" font-weight=\"bold\">{}</text>\n", EDGE + CELL.0, escape(text))
}

/// The runs of cells that look alike, row by row, each as what draws it.
#[must_use]
pub fn runs(buffer: &Buffer, ground: Ground) -> Vec<String> {
    let area = buffer.area;
    let mut runs = Vec::new();
    for y in area.top()..area.bottom() {
        row(&mut runs, buffer, y, ground);
    }
    runs
}

fn row(runs: &mut Vec<String>, buffer: &Buffer, y: u16, ground: Ground) {
    let area = buffer.area;
    let mut x = area.left();
    while x < area.right() {
        let Some(first) = buffer.cell((x, y)) else { return };
        let paint = paint(first, ground);
        let start = x;
        let mut text = String::new();
        let mut wide = false;
        while x < area.right() {
            let Some(cell) = buffer.cell((x, y)) else { break };
            let width = u16::try_from(cell.symbol().width().max(1)).unwrap_or(1);
            // A wide glyph stands alone, so that no font can push what follows it off the grid.
            if self::paint(cell, ground) != paint || (width > 1 && !text.is_empty()) {
                break;
            }
            text.push_str(cell.symbol());
            x += width;
            wide = width > 1;
            if wide {
                break;
            }
        }
        let mut svg = String::new();
        run(&mut svg, (start - area.left(), y - area.top(), x - start), &text, wide, &paint);
        if !svg.is_empty() {
            runs.push(svg);
        }
    }
}

fn run(svg: &mut String, (x, y, cells): (u16, u16, u16), text: &str, wide: bool, paint: &Paint) {
    let left = EDGE + u32::from(x) * CELL.0;
    let top = EDGE + u32::from(y) * CELL.1;
    let width = u32::from(cells) * CELL.0;
    if let Some(paper) = &paint.paper {
        let _ =
            writeln!(svg, "<rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{}\" fill=\"{paper}\"/>", CELL.1);
    }
    if text.trim().is_empty() && !paint.underlined {
        return;
    }
    let mut style = String::new();
    if paint.bold {
        style.push_str(" font-weight=\"bold\"");
    }
    if paint.dim {
        style.push_str(" opacity=\"0.65\"");
    }
    if paint.underlined {
        style.push_str(" text-decoration=\"underline\"");
    }
    // Blanks at both ends are positions, not text: without them the picture is smaller and the grid exact.
    let leading = u32::try_from(text.len() - text.trim_start_matches(' ').len()).unwrap_or(0);
    let text = text.trim_matches(' ');
    let shown = u32::try_from(text.width()).unwrap_or(1);
    let x = left + leading * CELL.0 + if wide { 1 } else { 0 };
    let length = shown * CELL.0 - if wide { 2 } else { 0 };
    let _ = writeln!(
        svg,
        "<text x=\"{x}\" y=\"{}\" textLength=\"{length}\" lengthAdjust=\"spacingAndGlyphs\" fill=\"{}\"{style}>{}</text>",
        top + 13,
        paint.pen,
        escape(text)
    );
}

fn paint(cell: &Cell, ground: Ground) -> Paint {
    let modifier = cell.modifier;
    let mut pen = colour(cell.fg).unwrap_or_else(|| ground.pen.to_owned());
    // The ground that a theme paints is that of the picture.
    let mut paper = colour(cell.bg).filter(|paper| paper != ground.paper);
    if modifier.contains(Modifier::REVERSED) {
        let under = paper.unwrap_or_else(|| ground.paper.to_owned());
        paper = Some(pen);
        pen = under;
    }
    Paint {
        pen,
        paper,
        bold: modifier.contains(Modifier::BOLD),
        dim: modifier.contains(Modifier::DIM),
        underlined: modifier.contains(Modifier::UNDERLINED),
    }
}

fn colour(colour: Color) -> Option<String> {
    let (red, green, blue) = match colour {
        Color::Rgb(red, green, blue) => (red, green, blue),
        Color::Indexed(index) => of_index(index),
        _ => return None,
    };
    Some(format!("#{red:02x}{green:02x}{blue:02x}"))
}

/// The colour of an index above the sixteen that every terminal paints as it likes; those are never used by a theme.
fn of_index(index: u8) -> (u8, u8, u8) {
    let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
    match index {
        0..=15 => (200, 200, 200),
        16..=231 => {
            let cube = index - 16;
            (level(cube / 36), level(cube / 6 % 6), level(cube % 6))
        }
        232..=255 => {
            let grey = 8 + 10 * (index - 232);
            (grey, grey, grey)
        }
    }
}

/// The characters that mean something to XML, written so that they do not. A blank behind another is one that cannot be left out:
/// browsers draw several as one, whatever `xml:space` says.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut before = None;
    for character in text.chars() {
        let is_second = character == ' ' && before == Some(' ');
        before = Some(character);
        match character {
            ' ' if is_second => escaped.push('\u{a0}'),
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            control if control.is_control() => escaped.push('\u{fffd}'),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use ratatui::style::Style;

    use super::*;

    #[test]
    fn text_is_escaped_and_stands_on_the_grid() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 20, 2));
        buffer.set_string(0, 0, "a<b & \"c\"", Style::new());
        buffer.set_string(0, 1, "状态", Style::new().fg(Color::Rgb(1, 2, 3)));
        let svg = screen(&buffer, DARK, "<&>");
        assert!(svg.contains(">a&lt;b &amp; &quot;c&quot;</text>"), "{svg}");
        assert!(svg.contains("<title>&lt;&amp;&gt;</title>"));
        assert!(svg.contains("x=\"13\"") && svg.contains("x=\"29\"") && svg.contains("#010203"), "{svg}");
        assert!(!svg.contains("<script") && !svg.contains("href"));
    }

    #[test]
    fn several_blanks_stay_several() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 20, 1));
        buffer.set_string(0, 0, "125    k.store", Style::new());
        assert!(screen(&buffer, DARK, "t").contains(">125 \u{a0}\u{a0}\u{a0}k.store</text>"));
    }

    #[test]
    fn reverse_swaps_pen_and_paper() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 2, 1));
        buffer.set_string(0, 0, "x", Style::new().add_modifier(Modifier::REVERSED));
        let svg = screen(&buffer, LIGHT, "t");
        assert!(svg.contains(&format!("fill=\"{}\">x<", LIGHT.paper)), "{svg}");
    }
}
