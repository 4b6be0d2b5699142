//! The code: our Rust of the function that runs, the running line lit, and what this step does in one sentence.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use crate::i18n::Message;
use crate::picture::{Code, Picture};
use crate::tui::canvas::{Canvas, cells, wrap};
use crate::tui::pane::{Content, Moves, PaneStyle, Panel, empty, panel, window};
use crate::tui::theme::Theme;

/// Draws the pane.
pub fn render(area: Rect, buffer: &mut Buffer, picture: &Picture, style: &PaneStyle) {
    let code = &picture.code;
    let steps =
        Message::StepInFunction.fill(style.lang, &[code.layer.tag(), &code.step.to_string(), &code.steps.to_string()]);
    let shown = Panel {
        title: style.title,
        subject: &code.function,
        remark: if code.steps > 0 { &steps } else { "" },
        foot: &foot(code, area.width),
    };
    let inner = panel(area, buffer, &shown, style);
    if code.function.is_empty() && code.sentence.is_empty() {
        empty(inner, buffer, style.say(Message::NothingRuns), style);
        return;
    }
    let sentence = wrap(&code.sentence, inner.width.saturating_sub(3));
    let rows = cells(sentence.len()).min(inner.height.saturating_sub(1) / 2).min(3);
    let source = Rect { height: inner.height.saturating_sub(rows), ..inner };
    lines(source, buffer, code, style);
    let mut canvas = Canvas::new(buffer, Rect { y: inner.y + source.height, height: rows, ..inner });
    for (row, line) in sentence.iter().take(usize::from(rows)).enumerate() {
        let y = cells(row);
        if row == 0 {
            canvas.put(0, y, "▸", style.theme.layer(code.layer));
        }
        canvas.put(2, y, line, style.theme.strong);
    }
}

fn foot(code: &Code, width: u16) -> String {
    if code.function.is_empty() {
        return String::new();
    }
    let kernel = format!("{}:{}", code.kernel_file, code.function);
    let full = match code.citation.as_str() {
        "" => kernel.clone(),
        citation => format!("{kernel} · {citation}"),
    };
    if full.len() + 6 <= usize::from(width) { full } else { kernel }
}

fn lines(area: Rect, buffer: &mut Buffer, code: &Code, style: &PaneStyle) {
    if code.lines.is_empty() {
        let why = if code.function.is_empty() { Message::NothingRuns } else { Message::NoSource };
        empty(area, buffer, style.say(why), style);
        return;
    }
    let theme = style.theme;
    let mut canvas = Canvas::new(buffer, area);
    let here = running(code);
    let first = window(code.lines.len(), usize::from(area.height), here, style.scroll);
    let margin = (code.first_line + code.lines.len()).to_string().len().max(3);
    for (row, line) in code.lines.iter().enumerate().skip(first).take(usize::from(area.height)) {
        let y = cells(row - first);
        let number = format!("{:>margin$} ", code.first_line + row);
        let running = row == here;
        let mut x = canvas.put(0, y, if running { "▶" } else { " " }, theme.layer(code.layer));
        x = canvas.put(x, y, &number, if running { theme.text } else { theme.dim });
        for (text, text_style) in tokens(line, style.shift, theme) {
            x = canvas.put(x, y, text, text_style);
        }
        if running {
            canvas.shade(0, y, area.width, theme.running);
        }
    }
}

/// The place of the line that runs among the lines of its function.
fn running(code: &Code) -> usize {
    code.current.saturating_sub(code.first_line)
}

/// Cuts a line of Rust into coloured pieces: comments and attributes stand back, keywords and strings are told apart by
/// weight. `shift` bytes of characters are scrolled away on the left.
fn tokens<'a>(line: &'a str, shift: u16, theme: &Theme) -> Vec<(&'a str, Style)> {
    let start = line.char_indices().nth(usize::from(shift)).map_or(line.len(), |(at, _)| at);
    let line = line.get(start..).unwrap_or("");
    if line.trim_start().starts_with("//") || line.trim_start().starts_with("#[") {
        return vec![(line, theme.dim)];
    }
    let (code, comment) = line.find(" // ").map_or((line, ""), |at| line.split_at(at));
    let mut pieces = Vec::new();
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let (length, text_style) = if first.is_alphabetic() || first == '_' {
            let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            let word = rest.get(..length).unwrap_or(rest);
            (length, if KEYWORDS.contains(&word) { theme.dim.add_modifier(Modifier::BOLD) } else { theme.text })
        } else if first == '"' {
            let length = rest.get(1..).and_then(|tail| tail.find('"')).map_or(rest.len(), |at| at + 2);
            (length, theme.dim)
        } else {
            let length = rest.find(|c: char| c.is_alphabetic() || c == '_' || c == '"').unwrap_or(rest.len());
            (length, theme.text)
        };
        let (piece, tail) = rest.split_at(length.max(first.len_utf8()).min(rest.len()));
        pieces.push((piece, text_style));
        rest = tail;
    }
    pieces.push((comment, theme.dim));
    pieces
}

const KEYWORDS: &[&str] = &[
    "as", "break", "const", "continue", "else", "enum", "fn", "for", "if", "impl", "in", "let", "loop", "match", "mod",
    "move", "mut", "pub", "ref", "return", "self", "static", "struct", "super", "use", "where", "while",
];

/// What the table of panes knows of this one.
pub const CONTENT: Content = Content {
    render,
    moves: Moves::Page(|picture| running(&picture.code)),
    rows: |picture| picture.code.lines.len(),
    text: Some(|picture| picture.code.lines.clone()),
    cursor_of: None,
};
