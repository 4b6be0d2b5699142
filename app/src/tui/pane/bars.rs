//! The lines that frame the screen: title, tabs, what changed, keys.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{PaneStyle, bar, stranger};
use crate::i18n::Message;
use crate::picture::Pane;
use crate::picture::{Picture, Recorded, Source};
use crate::tui::action::Action;
use crate::tui::canvas::{Canvas, width_of};
use crate::tui::hints::Hint;
use crate::tui::panes::{Arrangement, Row, TABLE, is_placed, needs_kernel, path};
use crate::tui::playback::Playback;
use crate::tui::ui_state::Progress;

/// Draws the title line.
pub fn title(area: Rect, buffer: &mut Buffer, picture: &Picture, playback: Playback, style: &PaneStyle) {
    let theme = style.theme;
    let mut canvas = Canvas::new(buffer, area);
    let width = canvas.width();
    let (sign, playback) = playback.text(style);
    let wide = width >= 110;
    let waiting = picture.live.waiting;
    let playback = match waiting {
        0 => playback,
        1 => format!("{playback} {}", Message::WaitingOne.text(style.lang)),
        waiting => format!("{playback} {}", Message::Waiting.fill(style.lang, &[&waiting.to_string()])),
    };
    let sign = if waiting > 0 && !wide { format!("{sign}{waiting}") } else { sign.to_owned() };
    let right =
        if wide { format!("{sign} {playback}  {}", style.lang.tag()) } else { format!("{sign} {}", style.lang.tag()) };
    let seconds = picture.microseconds as f64 / 1e6;
    let clock = match (wide, picture.source) {
        // No kernel runs there whose ticks could be counted.
        (true, Source::Observed) => format!("t {seconds:.6} s"),
        (true, _) => format!("jiffies {} · t {seconds:.6} s", picture.jiffies),
        (false, _) => format!("t {seconds:.3} s"),
    };
    let right_at = width.saturating_sub(width_of(&right) + 1);
    let mut clock_at = right_at.saturating_sub(width_of(&clock) + 3);
    let notes = beside(picture, style, wide);
    for (text, is_bad) in notes.iter().rev() {
        clock_at = clock_at.saturating_sub(width_of(text) + 1);
        let look = if *is_bad { theme.bad } else { theme.strong };
        canvas.put(clock_at + width_of(&clock) + 2, 0, text, look);
    }
    let hosts = hosts(picture, style, wide);
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

/// What a live session has beside its run: its recording, and frames that were lost; each with whether it is bad news.
fn beside(picture: &Picture, style: &PaneStyle, wide: bool) -> Vec<(String, bool)> {
    let live = &picture.live;
    let mut notes = Vec::new();
    if let Some(oops) = &picture.oops {
        notes.push((Message::OopsOf.fill(style.lang, &[&oops.host]), true));
    }
    match live.recording {
        Some(Recorded::On { size, rate }) if wide => {
            let text = Message::RecordingOn.fill(style.lang, &[&bytes(size), &bytes(rate)]);
            notes.push((text, false));
        }
        Some(Recorded::On { size, .. }) => {
            notes.push((Message::RecordingShort.fill(style.lang, &[&bytes(size)]), false));
        }
        Some(Recorded::Full) => notes.push((style.say(Message::RecordingFull).to_owned(), false)),
        Some(Recorded::Failed) => notes.push((style.say(Message::RecordingFailed).to_owned(), true)),
        None => {}
    }
    let (overrun, untaken) = (live.overrun, live.untaken);
    if overrun + untaken > 0 {
        let text = if wide {
            Message::Lost.fill(style.lang, &[&overrun.to_string(), &untaken.to_string()])
        } else {
            Message::LostShort.fill(style.lang, &[&(overrun + untaken).to_string()])
        };
        notes.push((text, true));
    }
    notes
}

/// A number of bytes in four places: `812 B`, `1.2 MB`.
fn bytes(count: u64) -> String {
    let mut value = count as f64;
    for unit in ["B", "kB", "MB", "GB"] {
        if value < 999.5 {
            let places = usize::from(value < 9.95 && unit != "B");
            return format!("{value:.places$} {unit}");
        }
        value /= 1000.0;
    }
    format!("{value:.1} TB")
}

fn hosts(picture: &Picture, style: &PaneStyle, wide: bool) -> Vec<(String, bool)> {
    let mut pieces = Vec::new();
    if wide {
        let source = match picture.source {
            Source::Lab => Message::Lab,
            Source::Live => Message::Live,
            Source::Replay => Message::Replay,
            Source::Script => Message::Script,
            Source::Observed => Message::Observed,
        };
        pieces.push((format!("{}   {} ", style.say(source), style.say(Message::HostWord)), false));
    }
    for (place, host) in picture.hosts.iter().enumerate() {
        let here = place == picture.host;
        let has_room = wide && !host.address.is_empty();
        let name = if has_room { format!("{} {}", host.name, host.address) } else { host.name.clone() };
        if place > 0 {
            pieces.push((" ⇄ ".to_owned(), false));
        }
        pieces.push((if here { format!("▸{name}◂") } else { name }, here));
    }
    pieces
}

/// Draws the one-line path of small screens, or what the captured frame is where nothing runs; the state at its right.
pub fn path_line(area: Rect, buffer: &mut Buffer, picture: &Picture, style: &PaneStyle) {
    let state = &picture.state;
    let text = match (state.from, state.now) {
        (Some(from), Some(now)) => format!("* {} {} → {}", state.sock, from.name(), now.name()),
        (None, Some(now)) => format!("{} {}", state.sock, now.name()),
        (_, None) => String::new(),
    };
    let width = width_of(&text).min(area.width / 2);
    let text_style = if state.from.is_some() { style.theme.changed } else { style.theme.text };
    let left = Rect { width: area.width.saturating_sub(width + 2), ..area };
    let mut canvas = Canvas::new(buffer, left);
    if picture.source == Source::Observed {
        canvas.put_within(1, 0, left.width.saturating_sub(1), &picture.code.sentence, style.theme.text);
    } else {
        let x = stranger(picture).map_or(1, |name| canvas.put(1, 0, &format!("{name}: "), style.theme.strong));
        path::line(&mut canvas, x, 0, &picture.path, style);
    }
    let mut canvas = Canvas::new(buffer, area);
    let at = area.width.saturating_sub(width + 1);
    canvas.put_within(at, 0, width, &text, text_style);
}

/// Draws the tabs of small screens: every pane with a digit that has something to tell, those that stand on a larger screen where
/// only frames are known, and the open ones (the left one, the pinned one).
pub fn tabs(
    area: Rect,
    buffer: &mut Buffer,
    (left, pinned): (Pane, Pane),
    arrangement: Arrangement,
    style: &PaneStyle,
) {
    let mut canvas = Canvas::new(buffer, area);
    let theme = style.theme;
    for (pane, x, text) in tab_places(area.width, (left, pinned), arrangement, style) {
        if pane == left {
            canvas.put(x.saturating_sub(1), 0, "▐", theme.strong);
            let end = canvas.put(x, 0, &text, theme.strong.patch(theme.selected));
            canvas.put(end, 0, "▌", theme.strong);
        } else {
            canvas.put(x, 0, &text, if pane == pinned { theme.text } else { theme.dim });
        }
    }
}

/// The pane whose tab is under a column, for the mouse.
#[must_use]
pub fn tab_at(x: u16, area: Rect, open: (Pane, Pane), arrangement: Arrangement, style: &PaneStyle) -> Option<Pane> {
    let places = tab_places(area.width, open, arrangement, style);
    places.into_iter().rev().find(|(_, start, _)| area.x + start <= x).map(|(pane, ..)| pane)
}

/// Each tab with its first column and its text; names are cut where the line is too short for all of them.
fn tab_places(
    width: u16,
    (left, pinned): (Pane, Pane),
    arrangement: Arrangement,
    style: &PaneStyle,
) -> Vec<(Pane, u16, String)> {
    let open = |row: &Row| row.pane == left || row.pane == pinned;
    let has_tab = |row: &Row| match arrangement {
        Arrangement::Run => row.digit().is_some(),
        Arrangement::Frames => is_placed(row.pane) && !needs_kernel(row.pane),
    };
    let shown: Vec<&Row> = TABLE.iter().filter(|row| has_tab(row) || open(row)).collect();
    let digit = |row: &Row| row.digit().map_or(String::new(), |digit| format!("{digit} "));
    let names: u16 = shown.iter().map(|row| width_of(row.title.text(style.lang)) + width_of(&digit(row)) + 1).sum();
    let full = names + 2 <= width;
    let mut x = 1;
    let mut places = Vec::new();
    for row in shown {
        let name = row.title.text(style.lang);
        let name = if full || open(row) { name.to_owned() } else { short(name) };
        let text = format!("{}{name}", digit(row));
        let start = x;
        x += width_of(&text) + 1;
        places.push((row.pane, start, text));
    }
    places
}

fn short(name: &str) -> String {
    name.chars().take(if name.is_ascii() { 4 } else { 2 }).collect()
}

/// Draws the line of what this step changed.
pub fn changed(area: Rect, buffer: &mut Buffer, picture: &Picture, message: Option<&str>, style: &PaneStyle) {
    let theme = style.theme;
    let mut canvas = Canvas::new(buffer, area);
    if let Some(message) = message {
        canvas.put(1, 0, "›", theme.strong);
        canvas.put(3, 0, &style.keys.named_in(message), theme.strong);
        return;
    }
    if picture.changed.is_empty() {
        canvas.put(1, 0, style.say(Message::NothingChanged), theme.dim);
        return;
    }
    let mut x = canvas.put(1, 0, "*", theme.changed) + 1;
    x = canvas.put(x, 0, style.say(Message::Changed), theme.dim) + 2;
    for (place, change) in picture.changed.iter().enumerate() {
        let left = picture.changed.len() - place;
        let more = Message::AndMore.fill(style.lang, &[&left.to_string()]);
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
pub fn footer(area: Rect, buffer: &mut Buffer, hints: &[Hint], style: &PaneStyle) {
    let theme = style.theme;
    let mut canvas = Canvas::new(buffer, area);
    for (start, hint) in hint_places(canvas.width(), hints) {
        let x = canvas.put(start, 0, &hint.keys, theme.key) + 1;
        canvas.put(x, 0, hint.label, theme.dim);
    }
}

/// What the hint under a column does, for the mouse.
#[must_use]
pub fn hint_at(x: u16, area: Rect, hints: &[Hint]) -> Option<Action> {
    let column = x.checked_sub(area.x)?;
    let places = hint_places(area.width, hints);
    let hit = places.into_iter().find(|(start, hint)| (*start..*start + hint_width(hint) - 2).contains(&column));
    hit.map(|(_, hint)| hint.action)
}

/// The columns that a hint takes, with the gap after it.
fn hint_width(hint: &Hint) -> u16 {
    width_of(&hint.keys) + width_of(hint.label) + 3
}

/// The hints that fit, each with its first column.
fn hint_places(width: u16, hints: &[Hint]) -> Vec<(u16, &Hint)> {
    let (first, last) = hints.split_at(hints.len().saturating_sub(2));
    let reserved: u16 = last.iter().map(hint_width).sum();
    let mut room = width.saturating_sub(reserved + 1);
    let fitting = first.iter().take_while(|hint| {
        let fits = hint_width(hint) <= room;
        room = room.saturating_sub(hint_width(hint));
        fits
    });
    let mut x = 1;
    let mut places = Vec::new();
    for hint in fitting.chain(last) {
        places.push((x, hint));
        x += hint_width(hint);
    }
    places
}

/// Draws how far work has come, in the place of the keys, and the one key that counts meanwhile.
pub fn progress(area: Rect, buffer: &mut Buffer, progress: &Progress, style: &PaneStyle) {
    let theme = style.theme;
    let mut canvas = Canvas::new(buffer, area);
    let share = (progress.done.min(progress.of) * 100).checked_div(progress.of);
    let stop = style.say(Message::EscStops);
    let x = canvas.put(1, 0, progress.label.text(style.lang), theme.text) + 2;
    let mut end = canvas.width().saturating_sub(width_of(stop) + 1);
    if x + 2 < end {
        canvas.put(end, 0, stop, theme.key);
        end -= 2;
    }
    if let Some(share) = share {
        let text = format!("{share} %");
        let room = end.saturating_sub(x + width_of(&text) + 2).min(40);
        let x = canvas.put_within(x, 0, room, &bar(share, 100, room), theme.strong);
        canvas.put_within(x + 1, 0, end.saturating_sub(x + 1), &text, theme.text);
    }
}
