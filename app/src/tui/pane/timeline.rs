//! The timeline: the span of layers around this step, and below it the whole run with its marks.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::PaneStyle;
use crate::i18n::Message;
use crate::picture::{LayerSpan, Picture, Source, Timeline, TimelineMark};
use crate::tui::canvas::{Canvas, cells, width_of};

/// Columns left of the whole-run line.
const LEFT: u16 = 3;

/// Draws both rows.
pub fn render(area: Rect, buffer: &mut Buffer, picture: &Picture, style: &PaneStyle) {
    let mut canvas = Canvas::new(buffer, area);
    near(&mut canvas, &picture.timeline, picture, style);
    whole(&mut canvas, picture, style);
}

fn counter(picture: &Picture, style: &PaneStyle) -> String {
    let steps = picture.steps.saturating_sub(1).max(picture.step);
    let shown = if picture.timeline.masked_from.is_some() { "?".to_owned() } else { steps.to_string() };
    let counted = if picture.source == Source::Observed { Message::FrameOf } else { Message::StepOf };
    counted.fill(style.lang, &[&picture.step.to_string(), &shown])
}

/// The cells of the whole-run line for a screen width and a counter width.
fn line_cells(width: u16, counter: u16) -> u16 {
    width.saturating_sub(LEFT + counter + 4)
}

/// The step under a column of the whole-run line, for the mouse.
#[must_use]
pub fn step_at(width: u16, x: u16, picture: &Picture, style: &PaneStyle) -> Option<u64> {
    let cells = line_cells(width, width_of(&counter(picture, style)));
    let column = x.checked_sub(LEFT)?;
    if cells < 2 || column >= cells {
        return None;
    }
    let last = picture.steps.saturating_sub(1);
    Some(u64::from(column) * last / u64::from(cells - 1))
}

fn near(canvas: &mut Canvas, timeline: &Timeline, picture: &Picture, style: &PaneStyle) {
    let theme = style.theme;
    let room = canvas.width().saturating_sub(4);
    let total: u64 = timeline.near.iter().map(|span| span.steps).sum();
    if total == 0 || room < 8 {
        return;
    }
    // One cell per step while they fit, else the spans shrink to their tags, else the line slides.
    let spare = u64::from(room).saturating_sub(timeline.near.len() as u64);
    let width = |span: &LayerSpan| -> u16 {
        let tag = label(span, picture);
        let scaled = if total <= spare { span.steps } else { span.steps * spare / total };
        cells(usize::try_from(scaled).unwrap_or(usize::MAX)).max(width_of(&tag)) + 1
    };
    let mut before = 0;
    let mut place = 0;
    for (index, span) in timeline.near.iter().enumerate() {
        if timeline.here < before + span.steps {
            place = index;
            break;
        }
        before += span.steps;
    }
    let mut first = 0;
    while first < place
        && timeline.near.iter().skip(first).take(place + 1 - first).map(width).sum::<u16>() > room * 3 / 4
    {
        first += 1;
    }
    let mut x = canvas.put(1, 0, if first > 0 { "◂" } else { " " }, theme.dim);
    for (index, span) in timeline.near.iter().enumerate().skip(first) {
        let cells = width(span);
        if x + cells > canvas.width() {
            canvas.put_right(canvas.width(), 0, "▸", theme.dim);
            break;
        }
        let text_style = theme.layer(span.layer);
        canvas.put(x, 0, "┃", text_style);
        let fill = if index == place { "·" } else { " " };
        canvas.repeat(x + 1, 0, cells - 1, fill, theme.dim);
        canvas.put_within(x + 1, 0, cells - 1, &label(span, picture), text_style);
        if index == place {
            let within = (timeline.here - before) * u64::from(cells - 1) / span.steps.max(1);
            let at = x + 1 + super::cells(usize::try_from(within).unwrap_or(0)).min(cells - 2);
            canvas.shade(x, 0, cells, theme.running);
            if at > x + width_of(&label(span, picture)) {
                canvas.put(at, 0, "▲", theme.strong);
            } else {
                canvas.shade(x + 1, 0, cells - 1, theme.selected);
            }
        }
        x += cells;
    }
}

fn label(span: &LayerSpan, picture: &Picture) -> String {
    let tag = span.layer.tag();
    match picture.hosts.get(span.host) {
        Some(host) if span.host != picture.host => format!("{tag}@{}", host.name),
        _ => tag.to_owned(),
    }
}

fn whole(canvas: &mut Canvas, picture: &Picture, style: &PaneStyle) {
    let theme = style.theme;
    let counter = counter(picture, style);
    let cells_here = line_cells(canvas.width(), width_of(&counter));
    canvas.put(1, 1, "◀", theme.dim);
    let last = picture.steps.saturating_sub(1).max(1);
    let column = |step: u64| -> u16 {
        let place = u128::from(step.min(last)) * u128::from(cells_here.saturating_sub(1)) / u128::from(last);
        LEFT + u16::try_from(place).unwrap_or(0)
    };
    let here = column(picture.step);
    canvas.repeat(LEFT, 1, here.saturating_sub(LEFT), "━", theme.dim);
    canvas.repeat(here, 1, (LEFT + cells_here).saturating_sub(here), "╌", theme.rule);
    let masked = picture.timeline.masked_from.map(column);
    for (step, sign) in picture.timeline.signs.iter().chain(&picture.timeline.marks) {
        let x = column(*step);
        if masked.is_none_or(|from| x < from) && cells_here > 0 {
            let (symbol, text_style) = sign_of(*sign, style);
            canvas.put(x, 1, symbol, text_style);
        }
    }
    if let Some(from) = masked {
        let room = (LEFT + cells_here).saturating_sub(from);
        canvas.repeat(from, 1, room, "░", theme.rule);
        let text = format!(" {} ", style.say(Message::Hidden));
        if width_of(&text) + 4 < room {
            canvas.put(from + 2, 1, &text, theme.dim);
        }
    }
    if cells_here > 0 {
        canvas.put(here, 1, "▲", theme.strong);
    }
    canvas.put(LEFT + cells_here + 1, 1, "▸", theme.dim);
    canvas.put_right(canvas.width().saturating_sub(1), 1, &counter, theme.text);
}

fn sign_of(sign: TimelineMark, style: &PaneStyle) -> (&'static str, Style) {
    match sign {
        TimelineMark::State => ("◆", style.theme.text),
        TimelineMark::Frame => ("┿", style.theme.dim),
        TimelineMark::Mark => ("⚑", style.theme.strong),
        TimelineMark::Oops => ("✗", style.theme.bad),
        TimelineMark::Stop => ("●", style.theme.changed),
        TimelineMark::Question => ("★", style.theme.changed),
    }
}
