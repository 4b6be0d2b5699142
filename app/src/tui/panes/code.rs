//! The code: our Rust of the function that runs, the running line lit, and what this step does in one sentence.
//!
//! Marks: `▶` and the lit line are the statement of this step; `›` a line that was looked for, in a function that does not run; `·` after a number, lines are folded behind this one (they keep
//! books for the probe and are no work of the kernel); `●` `○` a stop at this function, on or off, or the line at which one stopped; `*` at the end of a line, or below it where there is no room, the value
//! that this step changed there; `▸` the sentence. The lower border names the file of 1.2.13 and the document that the step
//! follows. With `--kernel-src DIR`, K shows the person's own copy of that function too: `▶` its name, `▌` its lines.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use crate::i18n::Message;
use crate::picture::{Code, KernelCode, Picture};
use crate::tui::canvas::{Canvas, cells, width_of, wrap};
use crate::tui::pane::{Content, Moves, PaneStyle, Panel, empty, panel, title_of_call, window};
use crate::tui::theme::Theme;

/// Draws the pane.
pub fn render(area: Rect, buffer: &mut Buffer, picture: &Picture, style: &PaneStyle) {
    let code = &picture.code;
    let steps =
        Message::StepInFunction.fill(style.lang, &[code.layer.tag(), &code.step.to_string(), &code.steps.to_string()]);
    let title = if code.is_found { style.title.to_owned() } else { title_of_call(picture, style) };
    let subject = match code.stop {
        Some(on) => format!("{} {}", stop_sign(on), code.function),
        None => code.function.clone(),
    };
    let remark = if code.is_found { style.say(Message::NotRunning) } else { &steps };
    let shown = Panel {
        title: &title,
        subject: &subject,
        remark: if code.steps > 0 || code.is_found { remark } else { "" },
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
    match &code.kernel {
        None => lines(source, buffer, code, style),
        Some(kernel) => {
            let (ours, theirs) = halves(source);
            lines(ours, buffer, code, style);
            kernel_lines(theirs, buffer, kernel, style);
        }
    }
    let mut canvas = Canvas::new(buffer, Rect { y: inner.y + source.height, height: rows, ..inner });
    for (row, line) in sentence.iter().take(usize::from(rows)).enumerate() {
        let y = cells(row);
        if row == 0 {
            canvas.put(0, y, "▸", style.theme.layer(code.layer));
        }
        canvas.put(2, y, line, style.theme.strong);
    }
}

/// The room of our source and that of the person's own: side by side where both have columns enough, else one below the other.
fn halves(area: Rect) -> (Rect, Rect) {
    if area.width >= BESIDE {
        let left = area.width / 2;
        (Rect { width: left, ..area }, Rect { x: area.x + left, width: area.width - left, ..area })
    } else {
        let above = area.height / 2;
        (Rect { height: above, ..area }, Rect { y: area.y + above, height: area.height - above, ..area })
    }
}

/// Columns from which the two sources stand beside each other.
const BESIDE: u16 = 110;

/// Draws a function of the person's own copy of the kernel under a line that names its file: its name lit, a bar along its lines.
fn kernel_lines(area: Rect, buffer: &mut Buffer, kernel: &KernelCode, style: &PaneStyle) {
    let theme = style.theme;
    let mut canvas = Canvas::new(buffer, area);
    canvas.repeat(0, 0, area.width, "─", theme.rule);
    let below = Rect { y: area.y.saturating_add(1), height: area.height.saturating_sub(1), ..area };
    match kernel {
        KernelCode::Missing(why) => {
            canvas.put(2, 0, &format!(" {} ", style.say(Message::YourKernel)), theme.dim);
            empty(below, buffer, why.text(style.lang), style);
        }
        KernelCode::Found { file, first_line, lines, function, name } => {
            canvas.put(2, 0, &format!(" {} {file} ", style.say(Message::YourKernel)), theme.text);
            let mut canvas = Canvas::new(buffer, below);
            let margin = (first_line + lines.len()).to_string().len();
            let room = usize::from(below.height);
            // It begins at the head of the function, and moves with ours.
            let last = i64::try_from(lines.len().saturating_sub(room)).unwrap_or(0);
            let head = i64::try_from(function.start).unwrap_or(0);
            let first = usize::try_from((head + i64::from(style.scroll)).clamp(0, last)).unwrap_or(0);
            for (place, line) in lines.iter().enumerate().skip(first).take(room) {
                let y = cells(place - first);
                let own = function.contains(&place);
                let number = format!("{:>margin$}", first_line + place);
                let x = canvas.put(0, y, &number, theme.dim);
                canvas.put(x, y, if own { "▌" } else { " " }, theme.strong);
                let line: String = line.chars().skip(usize::from(style.shift)).collect();
                canvas.put(x + 2, y, &line, if own { theme.text } else { theme.dim });
                if place == *name {
                    canvas.put(x, y, "▶", theme.strong);
                    canvas.shade(0, y, below.width, theme.running);
                }
            }
        }
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
    let shown = unfolded(code);
    let here = running(code);
    let margin = (code.first_line + code.lines.len()).to_string().len().max(3);
    let left = cells(margin) + 2;
    // A value that does not fit behind its statement takes a row below it: neither may hide the other.
    let below = |text: &str, line: &str| left + shifted_width(line, style.shift) + width_of(text) + 5 > area.width;
    let taken = code.values.iter().filter(|(number, text)| {
        let line = number.checked_sub(code.first_line).and_then(|index| code.lines.get(index));
        line.is_some_and(|line| below(text, line))
    });
    let room = usize::from(area.height).saturating_sub(taken.count());
    let first = window(shown.len(), room, here, style.scroll);
    let mut y = 0;
    for (row, index) in shown.iter().copied().enumerate().skip(first) {
        let Some(line) = code.lines.get(index).filter(|_| y < area.height) else { break };
        let next = shown.get(row + 1).copied().unwrap_or(code.lines.len());
        let running = row == here;
        let sign = sign(code, index, running);
        let mark = match sign {
            Some(sign) if running => sign,
            _ if next > index + 1 => "·",
            _ => " ",
        };
        let number = format!("{:>margin$}{mark}", code.first_line + index);
        let here_sign = if code.is_found { "›" } else { "▶" };
        canvas.put(0, y, if running { here_sign } else { " " }, theme.layer(code.layer));
        if let Some(sign) = sign.filter(|_| !running) {
            canvas.put(0, y, sign, theme.changed);
        }
        let mut x = canvas.put(1, y, &number, if running { theme.text } else { theme.dim });
        for (text, text_style) in tokens(line, style.shift, theme) {
            x = canvas.put(x, y, text, text_style);
        }
        if running {
            canvas.shade(0, y, area.width, theme.running);
        }
        let values = values(code, index..next);
        if values.is_empty() {
            y += 1;
        } else if below(&values, line) {
            let at = area.width.saturating_sub(width_of(&values) + 3).max(left);
            canvas.put(at, y + 1, &format!("* {values}"), theme.changed);
            y += 2;
        } else {
            canvas.put(x + 2, y, &format!("* {values}"), theme.changed);
            y += 1;
        }
    }
}

/// The sign of a stop at a line: at the head of a function that has one (where the lines are those of a stage of it, it stands at
/// its name alone), and where the cursor was stopped.
fn sign(code: &Code, index: usize, running: bool) -> Option<&'static str> {
    if running && code.stopped {
        return Some("●");
    }
    let head = format!("fn {}", code.function);
    let is_head = || code.lines.get(index).is_some_and(|line| line.contains(&head));
    code.stop.filter(|_| is_head()).map(stop_sign)
}

fn stop_sign(on: bool) -> &'static str {
    if on { "●" } else { "○" }
}

/// The width of a line once its beginning is scrolled away.
fn shifted_width(line: &str, shift: u16) -> u16 {
    width_of(line).saturating_sub(shift)
}

/// The values changed by some lines of the function, in one text.
fn values(code: &Code, lines: Range<usize>) -> String {
    let of = |line: &usize| line.checked_sub(code.first_line).is_some_and(|index| lines.contains(&index));
    let texts: Vec<&str> = code.values.iter().filter(|(line, _)| of(line)).map(|(_, text)| text.as_str()).collect();
    texts.join(" · ")
}

/// The lines of the function that are shown, by their places: those that are not folded. The first one always is.
fn unfolded(code: &Code) -> Vec<usize> {
    let folded = |index: usize| code.folded.iter().any(|lines| lines.contains(&(code.first_line + index)));
    (0..code.lines.len()).filter(|index| *index == 0 || !folded(*index)).collect()
}

/// The row of the line that runs among those shown; where it is folded, the one before it.
fn running(code: &Code) -> usize {
    let here = code.current.saturating_sub(code.first_line);
    unfolded(code).iter().rposition(|index| *index <= here).unwrap_or(0)
}

fn text(picture: &Picture) -> Vec<String> {
    let code = &picture.code;
    unfolded(code).into_iter().filter_map(|index| code.lines.get(index).cloned()).collect()
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
    rows: |picture| unfolded(&picture.code).len(),
    text: Some(text),
    cursor_of: None,
};
