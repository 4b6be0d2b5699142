//! The timeline: the stretch of layers around this step, and below it the whole run with its marks.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::Look;
use crate::i18n::Message;
use crate::picture::{Picture, Sign, Stretch, Timeline};
use crate::tui::ink::{Ink, cells, width_of};

/// Columns left of the whole-run line.
const LEFT: u16 = 3;

/// Draws both rows.
pub fn render(area: Rect, buffer: &mut Buffer, picture: &Picture, look: &Look) {
    let mut ink = Ink::new(buffer, area);
    near(&mut ink, &picture.timeline, picture, look);
    whole(&mut ink, picture, look);
}

fn counter(picture: &Picture, look: &Look) -> String {
    let steps = picture.steps.saturating_sub(1).max(picture.step);
    let shown = if picture.timeline.masked_from.is_some() { "?".to_owned() } else { steps.to_string() };
    Message::StepOf.fill(look.lang, &[&picture.step.to_string(), &shown])
}

/// The cells of the whole-run line for a screen width and a counter width.
fn line_cells(width: u16, counter: u16) -> u16 {
    width.saturating_sub(LEFT + counter + 4)
}

/// The step under a column of the whole-run line, for the mouse.
#[must_use]
pub fn step_at(width: u16, x: u16, picture: &Picture, look: &Look) -> Option<u64> {
    let cells = line_cells(width, width_of(&counter(picture, look)));
    let column = x.checked_sub(LEFT)?;
    if cells < 2 || column >= cells {
        return None;
    }
    let last = picture.steps.saturating_sub(1);
    Some(u64::from(column) * last / u64::from(cells - 1))
}

fn near(ink: &mut Ink, timeline: &Timeline, picture: &Picture, look: &Look) {
    let theme = look.theme;
    let room = ink.width().saturating_sub(4);
    let total: u64 = timeline.near.iter().map(|stretch| stretch.steps).sum();
    if total == 0 || room < 8 {
        return;
    }
    // One cell per step while they fit, else the stretches shrink to their tags, else the line slides.
    let spare = u64::from(room).saturating_sub(timeline.near.len() as u64);
    let width = |stretch: &Stretch| -> u16 {
        let tag = label(stretch, picture);
        let scaled = if total <= spare { stretch.steps } else { stretch.steps * spare / total };
        cells(usize::try_from(scaled).unwrap_or(usize::MAX)).max(width_of(&tag)) + 1
    };
    let mut before = 0;
    let mut place = 0;
    for (index, stretch) in timeline.near.iter().enumerate() {
        if timeline.here < before + stretch.steps {
            place = index;
            break;
        }
        before += stretch.steps;
    }
    let mut first = 0;
    while first < place
        && timeline.near.iter().skip(first).take(place + 1 - first).map(width).sum::<u16>() > room * 3 / 4
    {
        first += 1;
    }
    let mut x = ink.put(1, 0, if first > 0 { "◂" } else { " " }, theme.dim);
    for (index, stretch) in timeline.near.iter().enumerate().skip(first) {
        let cells = width(stretch);
        if x + cells > ink.width() {
            ink.put_right(ink.width(), 0, "▸", theme.dim);
            break;
        }
        let style = theme.layer(stretch.layer);
        ink.put(x, 0, "┃", style);
        let fill = if index == place { "·" } else { " " };
        ink.repeat(x + 1, 0, cells - 1, fill, theme.dim);
        ink.put_within(x + 1, 0, cells - 1, &label(stretch, picture), style);
        if index == place {
            let within = (timeline.here - before) * u64::from(cells - 1) / stretch.steps.max(1);
            let at = x + 1 + super::cells(usize::try_from(within).unwrap_or(0)).min(cells - 2);
            ink.shade(x, 0, cells, theme.running);
            if at > x + width_of(&label(stretch, picture)) {
                ink.put(at, 0, "▲", theme.strong);
            } else {
                ink.shade(x + 1, 0, cells - 1, theme.selected);
            }
        }
        x += cells;
    }
}

fn label(stretch: &Stretch, picture: &Picture) -> String {
    let tag = stretch.layer.tag();
    match picture.hosts.get(stretch.host) {
        Some(host) if stretch.host != picture.host => format!("{tag}@{}", host.name),
        _ => tag.to_owned(),
    }
}

fn whole(ink: &mut Ink, picture: &Picture, look: &Look) {
    let theme = look.theme;
    let counter = counter(picture, look);
    let cells_here = line_cells(ink.width(), width_of(&counter));
    ink.put(1, 1, "◀", theme.dim);
    let last = picture.steps.saturating_sub(1).max(1);
    let column = |step: u64| -> u16 {
        let place = u128::from(step.min(last)) * u128::from(cells_here.saturating_sub(1)) / u128::from(last);
        LEFT + u16::try_from(place).unwrap_or(0)
    };
    let here = column(picture.step);
    ink.repeat(LEFT, 1, here.saturating_sub(LEFT), "━", theme.dim);
    ink.repeat(here, 1, (LEFT + cells_here).saturating_sub(here), "╌", theme.rule);
    let masked = picture.timeline.masked_from.map(column);
    for (step, sign) in picture.timeline.signs.iter().chain(&picture.timeline.marks) {
        let x = column(*step);
        if masked.is_none_or(|from| x < from) && cells_here > 0 {
            let (symbol, style) = sign_of(*sign, look);
            ink.put(x, 1, symbol, style);
        }
    }
    if let Some(from) = masked {
        let room = (LEFT + cells_here).saturating_sub(from);
        ink.repeat(from, 1, room, "░", theme.rule);
        let text = format!(" {} ", look.say(Message::Hidden));
        if width_of(&text) + 4 < room {
            ink.put(from + 2, 1, &text, theme.dim);
        }
    }
    if cells_here > 0 {
        ink.put(here, 1, "▲", theme.strong);
    }
    ink.put(LEFT + cells_here + 1, 1, "▸", theme.dim);
    ink.put_right(ink.width().saturating_sub(1), 1, &counter, theme.text);
}

fn sign_of(sign: Sign, look: &Look) -> (&'static str, Style) {
    match sign {
        Sign::State => ("◆", look.theme.text),
        Sign::Frame => ("┿", look.theme.dim),
        Sign::Mark => ("⚑", look.theme.strong),
        Sign::Question => ("★", look.theme.changed),
    }
}
