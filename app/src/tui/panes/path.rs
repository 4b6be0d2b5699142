//! The path: through which layers and functions the kernel came to this step.
//!
//! Marks: `▐ ▌` and `▶` where the step stands; `▸` between layers; `…▸` more before it than fits. A strip shows one line, with as many
//! names of functions as fit (of the layer where we are last of all given up); zoomed, one row per function, a layer further
//! to the right each time.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::i18n::Message;
use crate::picture::{Layer, PathStep, Picture};
use crate::tui::canvas::{Canvas, width_of};
use crate::tui::pane::{Content, Moves, PaneStyle, Panel, panel, title_of_call, window};

/// Draws the pane.
pub fn render(area: Rect, buffer: &mut Buffer, picture: &Picture, style: &PaneStyle) {
    let steps = &picture.path;
    let remark = style.say(Message::RouteOfStep);
    let title = title_of_call(picture, style);
    let inner = panel(area, buffer, &Panel { title: &title, remark, ..Panel::default() }, style);
    let mut canvas = Canvas::new(buffer, inner);
    if canvas.height() >= 4 && steps.len() > 1 {
        rows(&mut canvas, steps, style);
    } else {
        line(&mut canvas, 1, 0, steps, style);
    }
}

/// Draws the one-line form of small screens; `x` and `y` are relative to the pen.
pub fn line(canvas: &mut Canvas, x: u16, y: u16, steps: &[PathStep], style: &PaneStyle) {
    let theme = style.theme;
    if steps.is_empty() {
        canvas.put(x, y, style.say(Message::NothingRuns), theme.dim);
        return;
    }
    let groups = grouped(steps);
    let room = canvas.width().saturating_sub(x + 1);
    let (level, first) = fitting(&groups, room);
    let mut x = x;
    if first > 0 {
        x = canvas.put(x, y, "…▸", theme.dim);
    }
    for (place, group) in groups.iter().enumerate().skip(first) {
        if place > first {
            x = canvas.put(x, y, "▸", theme.dim);
        }
        let text_style = theme.layer(group.layer);
        let names = group.names(level);
        if group.here {
            x = canvas.put(x, y, "▐", text_style);
            x = canvas.put(x, y, group.layer.tag(), text_style.patch(theme.selected));
            if !names.is_empty() {
                x = canvas.put(x, y, &format!(" {names}"), text_style.patch(theme.selected));
            }
            x = canvas.put(x, y, "▌", text_style);
        } else {
            x = canvas.put(x, y, group.layer.tag(), text_style);
            if !names.is_empty() {
                x = canvas.put(x, y, &format!(" {names}"), theme.dim);
            }
        }
    }
}

/// The zoomed form: one row per function, further to the right with each layer.
fn rows(canvas: &mut Canvas, steps: &[PathStep], style: &PaneStyle) {
    let theme = style.theme;
    let mut depth = 0;
    let mut before = None;
    let room = usize::from(canvas.height());
    let skip = window(steps.len(), room, steps.len().saturating_sub(1), style.scroll);
    for (row, step) in steps.iter().enumerate().take(skip + room) {
        if before.is_some_and(|layer| layer != step.layer) {
            depth += 3;
        }
        before = Some(step.layer);
        if row < skip {
            continue;
        }
        let y = crate::tui::canvas::cells(row - skip);
        let x = canvas.put(2, y, &format!("{:>4}", step.layer.tag()), theme.layer(step.layer)) + 1;
        let x = canvas.put(x, y, if step.here { "▶" } else { "│" }, theme.layer(step.layer)) + depth + 1;
        let text_style = if step.here { theme.strong.patch(theme.selected) } else { theme.text };
        canvas.put(x, y, &step.function, text_style);
    }
}

struct Group<'a> {
    layer: Layer,
    functions: Vec<&'a str>,
    here: bool,
}

impl Group<'_> {
    /// The names shown at a level of detail: 3 all, 2 the last of each layer, 1 only where we are, 0 none.
    fn names(&self, level: u8) -> String {
        match (level, self.here) {
            (3, _) => self.functions.join(" "),
            (2, _) | (1, true) => self.functions.last().copied().unwrap_or("").to_owned(),
            _ => String::new(),
        }
    }

    fn width(&self, level: u8) -> u16 {
        let names = width_of(&self.names(level));
        width_of(self.layer.tag()) + names + u16::from(names > 0) + if self.here { 2 } else { 0 }
    }
}

fn grouped(steps: &[PathStep]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group> = Vec::new();
    for step in steps {
        match groups.last_mut() {
            Some(group) if group.layer == step.layer => {
                group.functions.push(&step.function);
                group.here |= step.here;
            }
            _ => groups.push(Group { layer: step.layer, functions: vec![&step.function], here: step.here }),
        }
    }
    groups
}

/// The most detailed level that fits, and the first group shown when even the last level is too wide.
fn fitting(groups: &[Group], room: u16) -> (u8, usize) {
    let width = |level: u8, first: usize| {
        groups.iter().skip(first).map(|group| group.width(level) + 1).sum::<u16>() + if first > 0 { 2 } else { 0 }
    };
    for level in [3, 2, 1, 0] {
        if width(level, 0) <= room + 1 {
            return (level, 0);
        }
    }
    let first = (1..groups.len()).find(|first| width(1, *first) <= room + 1).unwrap_or(groups.len().saturating_sub(1));
    (1, first)
}

fn text(picture: &Picture) -> Vec<String> {
    picture.path.iter().map(|step| format!("{} {}", step.layer.tag(), step.function)).collect()
}

/// What the table of panes knows of this one.
pub const CONTENT: Content = Content {
    render,
    moves: Moves::Page(|picture| picture.path.len().saturating_sub(1)),
    rows: |picture| picture.path.len(),
    text: Some(text),
    cursor_of: None,
};
