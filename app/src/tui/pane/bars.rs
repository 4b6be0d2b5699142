//! The lines that frame the screen: title, tabs, what changed, keys.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{PaneStyle, path};
use crate::i18n::Message;
use crate::picture::pane::Pane;
use crate::picture::{Picture, Source};
use crate::tui::action::Entry;
use crate::tui::canvas::{Canvas, width_of};
use crate::tui::playback::Playback;

/// Draws the title line.
pub fn title(area: Rect, buffer: &mut Buffer, picture: &Picture, playback: Playback, look: &PaneStyle) {
    let theme = look.theme;
    let mut canvas = Canvas::new(buffer, area);
    let width = canvas.width();
    let (sign, playback) = playback.text(look);
    let wide = width >= 110;
    let playback = match picture.waiting {
        0 => playback,
        waiting => format!("{playback} {}", Message::Waiting.fill(look.lang, &[&waiting.to_string()])),
    };
    let sign = if picture.waiting > 0 && !wide { format!("{sign}{}", picture.waiting) } else { sign.to_owned() };
    let right =
        if wide { format!("{sign} {playback}  {}", look.lang.tag()) } else { format!("{sign} {}", look.lang.tag()) };
    let seconds = picture.microseconds as f64 / 1e6;
    let clock =
        if wide { format!("jiffies {} · t {seconds:.6} s", picture.jiffies) } else { format!("t {seconds:.3} s") };
    let right_at = width.saturating_sub(width_of(&right) + 1);
    let clock_at = right_at.saturating_sub(width_of(&clock) + 3);
    let hosts = hosts(picture, look, wide);
    let hosts_width: u16 = hosts.iter().map(|(text, _)| width_of(text)).sum();
    let hosts_at = clock_at.saturating_sub(hosts_width + 3);
    let x = canvas.put(1, 0, "sockscope", theme.strong) + 2;
    canvas.put_within(x, 0, hosts_at.saturating_sub(x + 1), &picture.title, theme.text);
    if hosts_at > x {
        let mut x = hosts_at;
        for (text, here) in &hosts {
            x = canvas.put(x, 0, text, if *here { theme.strong } else { theme.dim });
        }
    }
    if clock_at > x {
        canvas.put(clock_at, 0, &clock, theme.dim);
    }
    canvas.put(right_at, 0, &right, theme.text);
}

fn hosts(picture: &Picture, look: &PaneStyle, wide: bool) -> Vec<(String, bool)> {
    let mut pieces = Vec::new();
    if wide {
        let source = match picture.source {
            Source::Lab => Message::Lab,
            Source::Live => Message::Live,
            Source::Replay => Message::Replay,
            Source::Script => Message::Script,
        };
        pieces.push((format!("{}   {} ", look.say(source), look.say(Message::HostWord)), false));
    }
    for (place, host) in picture.hosts.iter().enumerate() {
        let here = place == picture.host;
        let name = if wide { format!("{} {}", host.name, host.address) } else { host.name.clone() };
        if place > 0 {
            pieces.push((" ⇄ ".to_owned(), false));
        }
        pieces.push((if here { format!("▸{name}◂") } else { name }, here));
    }
    pieces
}

/// Draws the one-line path of small screens, the state at its right.
pub fn path_line(area: Rect, buffer: &mut Buffer, picture: &Picture, look: &PaneStyle) {
    let state = &picture.state;
    let text = match (state.from, state.now) {
        (Some(from), Some(now)) => format!("* {} {} → {}", state.sock, from.name(), now.name()),
        (None, Some(now)) => format!("{} {}", state.sock, now.name()),
        (_, None) => String::new(),
    };
    let width = width_of(&text).min(area.width / 2);
    let style = if state.from.is_some() { look.theme.changed } else { look.theme.text };
    let left = Rect { width: area.width.saturating_sub(width + 2), ..area };
    path::line(&mut Canvas::new(buffer, left), 1, 0, &picture.path, look);
    let mut canvas = Canvas::new(buffer, area);
    let at = area.width.saturating_sub(width + 1);
    canvas.put_within(at, 0, width, &text, style);
}

/// Draws the tabs of small screens.
pub fn tabs(area: Rect, buffer: &mut Buffer, left: Pane, pinned: Pane, look: &PaneStyle) {
    let mut canvas = Canvas::new(buffer, area);
    let theme = look.theme;
    let names: u16 = Pane::NUMBERED.iter().map(|pane| width_of(look.say(pane.message())) + 3).sum();
    let full = names + 2 <= area.width;
    let mut x: u16 = 1;
    for pane in Pane::NUMBERED {
        let digit = pane.digit().unwrap_or(' ');
        let open = pane == left || pane == pinned;
        let name = look.say(pane.message());
        let text = match (full, open) {
            (true, _) | (false, true) => format!("{digit} {name}"),
            (false, false) => format!("{digit} {}", short(name)),
        };
        if pane == left {
            canvas.put(x.saturating_sub(1), 0, "▐", theme.strong);
            let end = canvas.put(x, 0, &text, theme.strong.patch(theme.selected));
            x = canvas.put(end, 0, "▌", theme.strong);
        } else {
            x = canvas.put(x, 0, &text, if open { theme.text } else { theme.dim }) + 1;
        }
    }
}

/// The pane whose tab is under a column, for the mouse.
#[must_use]
pub fn tab_at(x: u16, area: Rect, left: Pane, pinned: Pane, look: &PaneStyle) -> Option<Pane> {
    Pane::NUMBERED.into_iter().find(|pane| {
        let mut probe = Buffer::empty(Rect { x: 0, y: 0, ..area });
        let all = probe.area;
        tabs(all, &mut probe, left, pinned, look);
        let digit = pane.digit().unwrap_or(' ').to_string();
        let starts: Vec<u16> = (0..area.width)
            .filter(|x| probe.cell((*x, 0)).is_some_and(|cell| cell.symbol().chars().all(|c| c.is_ascii_digit())))
            .collect();
        let Some(start) =
            starts.iter().copied().find(|x| probe.cell((*x, 0)).is_some_and(|cell| cell.symbol() == digit))
        else {
            return false;
        };
        let end = starts.iter().copied().find(|next| *next > start).unwrap_or(area.width);
        (start..end).contains(&x)
    })
}

fn short(name: &str) -> String {
    name.chars().take(if name.is_ascii() { 4 } else { 2 }).collect()
}

/// Draws the line of what this step changed.
pub fn changed(area: Rect, buffer: &mut Buffer, picture: &Picture, message: Option<&str>, look: &PaneStyle) {
    let theme = look.theme;
    let mut canvas = Canvas::new(buffer, area);
    if let Some(message) = message {
        canvas.put(1, 0, "›", theme.strong);
        canvas.put(3, 0, message, theme.strong);
        return;
    }
    if picture.changed.is_empty() {
        canvas.put(1, 0, look.say(Message::NothingChanged), theme.dim);
        return;
    }
    let mut x = canvas.put(1, 0, "*", theme.changed) + 1;
    x = canvas.put(x, 0, look.say(Message::Changed), theme.dim) + 2;
    for (place, change) in picture.changed.iter().enumerate() {
        let left = picture.changed.len() - place;
        let more = Message::AndMore.fill(look.lang, &[&left.to_string()]);
        let text = width_of(&change.name) + width_of(&change.old) + width_of(&change.new) + 6;
        if place > 0 && x + text + width_of(&more) > area.width {
            canvas.put(x, 0, &more, theme.dim);
            return;
        }
        x = canvas.put(x, 0, &change.name, theme.text) + 1;
        x = canvas.put(x, 0, &format!("{} → ", change.old), theme.dim);
        x = canvas.put(x, 0, &change.new, theme.changed) + 3;
    }
}

/// Draws the keys, the most useful first, as many as fit; the way to all others stands at the end.
pub fn footer(area: Rect, buffer: &mut Buffer, hints: &[(&Entry, &str)], look: &PaneStyle) {
    let theme = look.theme;
    let mut canvas = Canvas::new(buffer, area);
    let text = |hint: &(&Entry, &str)| (shown_keys(hint.0), hint.1.to_owned());
    let width = |(keys, label): &(String, String)| width_of(keys) + width_of(label) + 3;
    let last: Vec<(String, String)> = hints.iter().rev().take(2).rev().map(text).collect();
    let reserved: u16 = last.iter().map(width).sum();
    let mut room = canvas.width().saturating_sub(reserved + 1);
    let mut shown = Vec::new();
    for hint in hints.iter().take(hints.len().saturating_sub(2)).map(text) {
        if width(&hint) > room {
            break;
        }
        room -= width(&hint);
        shown.push(hint);
    }
    let mut x = 1;
    for (keys, label) in shown.iter().chain(&last) {
        x = canvas.put(x, 0, keys, theme.key) + 1;
        x = canvas.put(x, 0, label, theme.dim) + 2;
    }
}

/// The key shown for an entry, with its backward twin where it has one: `s/S`.
fn shown_keys(entry: &Entry) -> String {
    use crate::session::motion::Direction;
    use crate::tui::action::{Action, TABLE};
    let first = entry.keys.first().copied().unwrap_or("");
    let twin = match entry.action {
        Action::Travel(motion, Direction::Forward) => {
            TABLE.iter().find(|other| other.action == Action::Travel(motion, Direction::Backward))
        }
        _ => None,
    };
    match twin.and_then(|twin| twin.keys.first()) {
        Some(back) => format!("{first}/{back}"),
        None => first.to_owned(),
    }
}
