//! The prompt for system calls: what was typed so far with its results, the line being typed, what is wrong with it or how it
//! could go on.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{PaneStyle, Panel, panel};
use crate::i18n::Message;
use crate::session::call_line::Descriptor;
use crate::session::call_line::pattern::pattern;
use crate::tui::canvas::{Canvas, cells, width_of, wrap};
use crate::tui::ui_state::{Offer, Typing};
use stack::kernel::call::CallName;
use tui_input::Input;

/// Earlier calls shown.
const EARLIER: usize = 6;
/// Words offered at once.
const OFFERED: usize = 24;

/// Draws the prompt at the foot of the screen, above the footer.
pub fn render(area: Rect, buffer: &mut Buffer, typing: &Typing, style: &PaneStyle) {
    let inside = area.width.saturating_sub(4);
    let below = below(typing, inside, style);
    let answered = &typing.around.answered;
    let earlier = answered.get(answered.len().saturating_sub(EARLIER)..).unwrap_or(&[]);
    let rows = cells(earlier.len() + 1 + below.len());
    let height = (rows + 2).min(area.height.saturating_sub(2));
    let over =
        Rect { y: area.bottom().saturating_sub(height + 1).max(area.y), height: height.min(area.height), ..area };
    Canvas::new(buffer, over).clear(style.theme.text);
    let open = descriptors(&typing.around.descriptors);
    let shown = Panel {
        title: style.say(Message::CallPrompt),
        subject: &typing.name,
        remark: &open,
        foot: style.say(Message::CallKeys),
    };
    let inner = panel(over, buffer, &shown, style);
    let mut canvas = Canvas::new(buffer, inner);
    let mut y = 0;
    // Where the room is short, the line being typed and what is said of it come first.
    let spared = usize::from(rows.saturating_sub(inner.height));
    for answer in earlier.iter().skip(spared) {
        let (result, text_style) = match &answer.result {
            Some(result) => (format!(" = {result}"), style.theme.text),
            None => (format!(" … {}", style.say(Message::CallSleeps)), style.theme.changed),
        };
        let x = canvas.put(1, y, &format!("{}› ", answer.host), style.theme.dim);
        let room = canvas.width().saturating_sub(x + width_of(&result));
        let x = canvas.put_within(x, y, room, &answer.line, text_style);
        canvas.put(x, y, &result, text_style);
        y += 1;
    }
    let mark = format!("{}› ", typing.name);
    let start = canvas.put(1, y, &mark, style.theme.key);
    let skipped = line(&mut canvas, start, y, &typing.input, style);
    y += 1;
    for (row, (column, text, bad)) in below.iter().enumerate() {
        let text_style = if *bad { style.theme.bad } else { style.theme.dim };
        let x = column.map_or(1, |column| start + cells(column.saturating_sub(skipped)));
        canvas.put(x, y + cells(row), text, text_style);
    }
}

/// Draws the typed line with its cursor; says how many of its characters do not fit and are left out at its beginning.
pub(super) fn line(canvas: &mut Canvas, start: u16, y: u16, input: &Input, style: &PaneStyle) -> usize {
    let (value, cursor) = (input.value(), input.cursor());
    let room = usize::from(canvas.width().saturating_sub(start + 2));
    let head: Vec<char> = value.chars().take(cursor).collect();
    let mut skipped = 0;
    while usize::from(width_of(&head.iter().skip(skipped).collect::<String>())) > room && skipped < head.len() {
        skipped += 1;
    }
    let before: String = head.iter().skip(skipped).collect();
    let after: String = value.chars().skip(cursor).collect();
    let x = canvas.put(start, y, &before, style.theme.strong);
    let x = canvas.put(x, y, "▏", style.theme.text);
    canvas.put(x, y, &after, style.theme.strong);
    skipped
}

/// What stands under the line: a complaint with its caret, the words it could go on with, or how the call is written. A column is
/// counted in cells of the line.
fn below(typing: &Typing, width: u16, style: &PaneStyle) -> Vec<(Option<usize>, String, bool)> {
    if let Some(complaint) = &typing.complaint {
        let mut rows = Vec::new();
        if let Some(column) = complaint.column {
            let head: String = typing.input.value().chars().take(column).collect();
            // The cursor's own cell stands before what follows it.
            let cell = usize::from(width_of(&head)) + usize::from(column >= typing.input.cursor());
            rows.push((Some(cell), "^".to_owned(), true));
        }
        rows.extend(wrap(&style.keys.named_in(&complaint.text), width).into_iter().map(|text| (None, text, true)));
        return rows;
    }
    if let Some(offer) = &typing.offer {
        return offered(offer, width).into_iter().map(|text| (None, text, false)).collect();
    }
    let name = typing.input.value().split('(').next().unwrap_or("").trim();
    let example = CallName::from_name(name)
        .map_or_else(|| if name == "kill" { "kill(200, SIGTERM)" } else { pattern(CallName::Socket) }, pattern);
    let text = Message::CallHint.fill(style.lang, &[example]);
    wrap(&text, width).into_iter().map(|text| (None, text, false)).collect()
}

/// The words that Tab walks through, the present one in brackets and always among them, in three rows at most.
pub(super) fn offered(offer: &Offer, width: u16) -> Vec<String> {
    let mut text = String::new();
    let chosen = Some(offer.chosen).filter(|chosen| *chosen < offer.words.len());
    let first = chosen.unwrap_or(0).saturating_sub(OFFERED / 2);
    for (place, word) in offer.words.iter().enumerate().skip(first).take(OFFERED) {
        text.push_str(&if place == offer.chosen { format!("[{word}] ") } else { format!("{word} ") });
    }
    let mut rows = wrap(text.trim_end(), width);
    rows.truncate(3);
    rows
}

fn descriptors(open: &[Descriptor]) -> String {
    let text: Vec<String> =
        open.iter().map(|descriptor| format!("{} {}", descriptor.number, descriptor.what)).collect();
    text.join(" · ")
}
