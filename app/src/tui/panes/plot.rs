//! The plot of the connection under focus against time. Above: what one side sent, what the other acknowledged, and the edge of its
//! window. Below: the congestion window, and how many buffers stood on the queues of the sock.
//!
//! Marks: a stroke, a segment from its first sequence number to its last; `R` one that had left before, `x` one that was lost; `a` the
//! line of what is acknowledged, `w` that of the window's edge; below `c` cong_window, and the first letter of each queue (`b`ack_log,
//! `r`eceive_queue, `w`rite_queue, `s`end_head). `┃` is now, `┊` the frame under the cursor: Left and Right move it, Enter goes there.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::i18n::Message;
use crate::picture::plot::{Plot, PlotEvent, PlotKind};
use crate::picture::{Layer, Picture};
use crate::tui::canvas::{Canvas, width_of};
use crate::tui::dots::Dots;
use crate::tui::pane::{Content, Moves, PaneStyle, Panel, empty, panel, span_of_microseconds};

/// Columns at the left for the numbers of the axes.
const MARGIN: u16 = 7;

/// The place of the event under the cursor: that of this moment, moved by how far the pane is scrolled.
#[must_use]
pub fn selected(plot: &Plot, scroll: i32) -> usize {
    let offset = usize::try_from(scroll.unsigned_abs()).unwrap_or(usize::MAX);
    let last = plot.events.len().saturating_sub(1);
    if scroll < 0 { plot.at.saturating_sub(offset) } else { plot.at.saturating_add(offset).min(last) }
}

/// Draws the pane.
pub fn render(area: Rect, buffer: &mut Buffer, picture: &Picture, style: &PaneStyle) {
    let plot = &picture.plot;
    let surveyed = picture.surveyed.map_or_else(String::new, |(known, turns)| {
        Message::PlotSurveyed.fill(style.lang, &[&known.to_string(), &turns.to_string()])
    });
    let shown = Panel { title: style.title, subject: &plot.stream, remark: &surveyed, foot: "" };
    let inner = panel(area, buffer, &shown, style);
    if plot.events.is_empty() {
        empty(inner, buffer, style.say(Message::PlotEmpty), style);
        return;
    }
    let mut canvas = Canvas::new(buffer, inner);
    let cursor = plot.events.get(selected(plot, style.scroll));
    if let Some(event) = cursor {
        told(&mut canvas, event, plot, style);
    }
    // A line above for the frame, one below for the time, one for the legend.
    let height = inner.height.saturating_sub(3);
    let lower = if height >= 9 { height * 2 / 5 } else { 0 };
    let upper = height - lower;
    let axis = Axis::of(plot, inner.width.saturating_sub(MARGIN + 1));
    if upper < 2 || axis.width < 8 {
        return;
    }
    let mut rule = |time: u64, sign: &str, look: Style| {
        let x = MARGIN + axis.column(time) / 2;
        (1..=height).for_each(|y| {
            canvas.put(x, y, sign, look);
        });
    };
    if let Some(event) = cursor.filter(|_| style.focused) {
        rule(event.time, "┊", style.theme.running);
    }
    rule(plot.now, "┃", style.theme.strong);
    stream(&mut canvas, plot, &axis, (1, upper), style);
    if lower > 0 {
        lengths(&mut canvas, plot, &axis, (1 + upper, lower), style);
    }
    let y = 1 + height;
    canvas.put(MARGIN, y, &span_of_microseconds(axis.from), style.theme.dim);
    canvas.put_right(MARGIN + axis.width, y, &span_of_microseconds(axis.to), style.theme.dim);
    legend(&mut canvas, y + 1, plot, style);
}

/// What the frame under the cursor says, with what the congestion window was then.
fn told(canvas: &mut Canvas, event: &PlotEvent, plot: &Plot, style: &PaneStyle) {
    let theme = style.theme;
    let x = canvas.put(1, 0, &format!("#{}", event.number), theme.strong);
    let x = canvas.put(x + 1, 0, &format!("{:.3} s", event.time as f64 / 1e6), theme.dim);
    let mut x = canvas.put(x + 2, 0, &event.label.text(), theme.text);
    if let PlotKind::Sent { again, lost, .. } = event.kind {
        let signs = [(again, "R", Message::LegendResent), (lost, "x", Message::LegendLost)];
        for (_, sign, words) in signs.into_iter().filter(|(is_so, ..)| *is_so) {
            x = canvas.put(x + 2, 0, &format!("{sign} {}", style.say(words)), theme.bad);
        }
    }
    if let PlotKind::Acknowledged { edge, .. } = event.kind {
        x = canvas.put(x + 2, 0, &Message::PlotEdge.fill(style.lang, &[&edge.to_string()]), theme.dim);
    }
    let known = plot.cong_window.partition_point(|(time, _)| *time <= event.time);
    if let Some((_, window)) = known.checked_sub(1).and_then(|place| plot.cong_window.get(place)) {
        canvas.put(x + 2, 0, &format!("cong_window {window}"), theme.dim);
    }
}

/// The axis of time, in dots.
struct Axis {
    from: u64,
    to: u64,
    width: u16,
}

impl Axis {
    fn of(plot: &Plot, width: u16) -> Self {
        let from = plot.events.first().map_or(0, |event| event.time);
        let last = plot.events.last().map_or(0, |event| event.time);
        Self { from, to: last.max(from + 1), width }
    }

    /// The column of a time, in dots; what lies outside stands at the border.
    fn column(&self, time: u64) -> u16 {
        let passed = time.clamp(self.from, self.to) - self.from;
        let dots = (u64::from(self.width) * 2).saturating_sub(1);
        u16::try_from(u128::from(passed) * u128::from(dots) / u128::from(self.to - self.from)).unwrap_or(0)
    }
}

/// The height of a value, in dots from the bottom.
fn height(value: u64, highest: u64, dots: &Dots) -> u64 {
    let top = dots.rows().saturating_sub(1);
    u64::try_from(u128::from(value) * u128::from(top) / u128::from(highest.max(1))).unwrap_or(top)
}

/// Sequence numbers against time.
fn stream(canvas: &mut Canvas, plot: &Plot, axis: &Axis, (top, rows): (u16, u16), style: &PaneStyle) {
    let theme = style.theme;
    let sent = plot.events.iter().map(|event| match event.kind {
        PlotKind::Sent { high, .. } => high,
        PlotKind::Acknowledged { ack, .. } => ack,
        PlotKind::Other => 0,
    });
    let sent = sent.max().unwrap_or(0).max(1);
    let edges = plot.events.iter().map(|event| match event.kind {
        PlotKind::Acknowledged { edge, .. } => edge,
        PlotKind::Sent { .. } | PlotKind::Other => 0,
    });
    // A window far above everything that is sent would press all of it flat: then its line runs along the upper border.
    let highest = edges.max().unwrap_or(0).clamp(sent, sent * 2);
    let mut dots = Dots::new(axis.width, rows);
    let series = |value: fn(&PlotKind) -> Option<u64>| {
        plot.events.iter().filter_map(move |event| Some((event.time, value(&event.kind)?)))
    };
    let edge = series(|kind| match kind {
        PlotKind::Acknowledged { edge, .. } => Some(*edge),
        PlotKind::Sent { .. } | PlotKind::Other => None,
    });
    let ack = series(|kind| match kind {
        PlotKind::Acknowledged { ack, .. } => Some(*ack),
        PlotKind::Sent { .. } | PlotKind::Other => None,
    });
    let mut names = vec![(steps(&mut dots, axis, edge, highest, theme.dim), "w", theme.dim)];
    let acked = theme.layer(Layer::Ip);
    names.push((steps(&mut dots, axis, ack, highest, acked), "a", acked));
    let mut signs = Vec::new();
    for event in &plot.events {
        let PlotKind::Sent { low, high, again, lost } = event.kind else { continue };
        let x = axis.column(event.time);
        let (low, high) = (height(low, highest, &dots), height(high, highest, &dots));
        let hue = if again || lost { theme.bad } else { theme.layer(Layer::Tcp) };
        dots.vertical(x.into(), low, high, hue);
        if again || lost {
            signs.push((x / 2, high, if lost { "x" } else { "R" }));
        }
    }
    dots.draw(canvas, MARGIN, top);
    let row = |y: u64| top + rows.saturating_sub(1) - u16::try_from(y / 4).unwrap_or(0).min(rows.saturating_sub(1));
    for (end, name, look) in names {
        if let Some(y) = end {
            canvas.put(MARGIN + axis.width, row(y), name, look);
        }
    }
    for (x, y, sign) in signs {
        canvas.put(MARGIN + x, row(y), sign, theme.bad);
    }
    numbers(canvas, (top, rows), highest, style);
}

/// The numbers beside an axis.
fn numbers(canvas: &mut Canvas, (top, rows): (u16, u16), highest: u64, style: &PaneStyle) {
    canvas.put_right(MARGIN - 1, top, &highest.to_string(), style.theme.dim);
    canvas.put_right(MARGIN - 1, top + rows.saturating_sub(1), "0", style.theme.dim);
}

/// A value that holds until the next one; gives the height at which it ends.
fn steps(
    dots: &mut Dots,
    axis: &Axis,
    series: impl Iterator<Item = (u64, u64)>,
    highest: u64,
    look: Style,
) -> Option<u64> {
    let mut last: Option<(u64, u64)> = None;
    for (time, value) in series {
        let here = (u64::from(axis.column(time)), height(value.min(highest), highest, dots));
        if let Some((x, y)) = last {
            dots.horizontal(x, here.0, y, look);
            dots.vertical(here.0, y, here.1, look);
        }
        dots.set(here.0, here.1, look);
        last = Some(here);
    }
    let (x, y) = last?;
    dots.horizontal(x, dots.columns(), y, look);
    Some(y)
}

/// The letter of a queue.
fn letter(name: &str) -> &'static str {
    match name {
        "back_log" => "b",
        "receive_queue" => "r",
        "write_queue" => "w",
        "in_flight" => "f",
        _ => "s",
    }
}

/// The colour of a line of the lower part, by its letter.
fn hue(letter: &str, style: &PaneStyle) -> Style {
    let layer = match letter {
        "c" => Layer::Tcp,
        "b" => Layer::Arp,
        "r" => Layer::Ip,
        "w" => Layer::Bsd,
        _ => Layer::Dev,
    };
    style.theme.layer(layer)
}

/// The congestion window and the lengths of queues against time.
fn lengths(canvas: &mut Canvas, plot: &Plot, axis: &Axis, (top, rows): (u16, u16), style: &PaneStyle) {
    canvas.repeat(MARGIN, top, axis.width, "╌", style.theme.rule);
    let (top, rows) = (top + 1, rows - 1);
    let lines = std::iter::once(("c", &plot.cong_window)).filter(|(_, line)| !line.is_empty());
    let lines: Vec<_> = lines.chain(plot.queues.iter().map(|(name, lengths)| (letter(name), lengths))).collect();
    let highest = lines.iter().flat_map(|(_, line)| line.iter()).map(|(_, value)| *value).max().unwrap_or(0).max(1);
    let mut dots = Dots::new(axis.width, rows);
    let mut names: Vec<(u16, String, Style)> = Vec::new();
    for (name, line) in lines {
        let look = hue(name, style);
        let end = steps(&mut dots, axis, line.iter().copied(), highest, look);
        let row = end.map(|y| top + rows.saturating_sub(1) - u16::try_from(y / 4).unwrap_or(0).min(rows - 1));
        names.extend(row.map(|row| (row, name.to_owned(), look)));
    }
    dots.draw(canvas, MARGIN, top);
    for (row, name, look) in names {
        canvas.put(MARGIN + axis.width, row, &name, look);
    }
    numbers(canvas, (top, rows), highest, style);
}

fn legend(canvas: &mut Canvas, y: u16, plot: &Plot, style: &PaneStyle) {
    let theme = style.theme;
    let mut x = 1;
    let fixed = [
        ("⡇".to_owned(), style.say(Message::LegendSent), theme.layer(Layer::Tcp)),
        ("R".to_owned(), style.say(Message::LegendResent), theme.bad),
        ("x".to_owned(), style.say(Message::LegendLost), theme.bad),
        ("a".to_owned(), style.say(Message::PlotAcknowledged), theme.layer(Layer::Ip)),
        ("w".to_owned(), style.say(Message::PlotWindow), theme.dim),
    ];
    let congestion = ("c".to_owned(), "cong_window", hue("c", style));
    let congestion = std::iter::once(congestion).filter(|_| !plot.cong_window.is_empty());
    let queues = plot.queues.iter().map(|(name, _)| (letter(name).to_owned(), *name, hue(letter(name), style)));
    for (sign, words, look) in fixed.into_iter().chain(congestion).chain(queues) {
        if x + width_of(&sign) + width_of(words) + 1 > canvas.width() {
            return;
        }
        x = canvas.put(x, y, &sign, look) + 1;
        x = canvas.put(x, y, words, theme.dim) + 2;
    }
}

fn text(picture: &Picture) -> Vec<String> {
    picture.plot.events.iter().map(|event| format!("#{} {}", event.number, event.label.text())).collect()
}

/// What the table of panes knows of this one.
pub const CONTENT: Content = Content {
    render,
    moves: Moves::Page(|picture| picture.plot.at),
    rows: |picture| picture.plot.events.len(),
    text: Some(text),
    cursor_of: None,
};
