//! The whole screen: every pane in its place, then what lies over it. A pure function of picture and arrangement.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Color;
use unicode_width::UnicodeWidthStr;

use lessons::{MOST_PANES, Shows, View};

use super::action::{Entry, Group, Mode, by_id};
use super::canvas::Canvas;
use super::hints::{at_home, at_table, footer};
use super::keymap::{Key, matches};
use super::layout::{Layout, LayoutRequest, Tier};
use super::pane::overlay::{Choice, Listed, NextKeys};
use super::pane::{
    PaneStyle, Panel, bars, captures, card, comparison, empty, frame_form, go, home, overlay, panel, proc_net, reading,
    side, skb, stop_prompt, timeline, typing, why,
};
use super::panes::help::help;
use super::panes::{Arrangement, needs_kernel, row};
use super::ui_state::{Asking, Overlay, UiState};
use crate::catalog::Item;
use crate::i18n::Message;
use crate::picture::Pane;
use crate::picture::{Oops, Picture, Source};
use crate::session::captures::CaptureTable;

/// Where everything stands for a picture, an arrangement and a size.
#[must_use]
pub fn layout(area: Rect, ui: &UiState, picture: &Picture) -> Layout {
    let asking = is_asking(picture);
    let mut lesson_panes = [None; MOST_PANES];
    if let Some(open) = &picture.lesson {
        lesson_panes.iter_mut().zip(&open.panes).for_each(|(place, pane)| *place = Some(*pane));
    }
    let wish = LayoutRequest {
        arrangement: arrangement(picture),
        focus: ui.focus,
        left: ui.left,
        pinned: ui.pinned,
        zoomed: ui.zoomed,
        lesson_panes,
        lesson_about: picture.lesson.as_ref().and_then(|open| open.about),
        // Whoever zooms a pane wants to see that alone.
        has_lesson: picture.lesson.is_some() && !ui.zoomed,
        asking,
    };
    Layout::of(area, wish)
}

/// How the panes are arranged for a picture.
#[must_use]
pub fn arrangement(picture: &Picture) -> Arrangement {
    match picture.source {
        Source::Observed => Arrangement::Frames,
        Source::Lab | Source::Live | Source::Replay | Source::Script => Arrangement::Run,
    }
}

/// The mode of the keys over a picture.
#[must_use]
pub fn mode(ui: &UiState, picture: &Picture) -> Mode {
    match arrangement(picture) {
        Arrangement::Frames => Mode::Observed,
        Arrangement::Run => match &picture.lesson {
            Some(lesson) if matches!(lesson.shows, Shows::Closing(_)) => Mode::Ending,
            lesson => ui.mode(false, lesson.as_ref().is_some_and(View::asks)),
        },
    }
}

/// Whether a question or its answer is open.
#[must_use]
pub fn is_asking(picture: &Picture) -> bool {
    picture.lesson.as_ref().is_some_and(|lesson| match &lesson.shows {
        Shows::Words => false,
        // While something is done to the run the panes need the room; then its reason does.
        Shows::Work(work) => work.done,
        Shows::Question(_) | Shows::Verdict(_) | Shows::Ranking(_) | Shows::Closing(_) => true,
    })
}

/// Draws a run.
pub fn draw(area: Rect, buffer: &mut Buffer, ui: &UiState, picture: &Picture) {
    let layout = layout(area, ui, picture);
    let plain = ui.plain();
    bars::title(layout.title, buffer, picture, ui.playback, &plain);
    // It tells the same as the pane: where that is closed, so is the line.
    if !layout.path_line.is_empty() && !is_closed(picture, Pane::Path) {
        bars::path_line(layout.path_line, buffer, picture, &plain);
    }
    if !layout.tabs.is_empty() {
        bars::tabs(layout.tabs, buffer, (ui.open_tab(), ui.pinned), arrangement(picture), &plain);
    }
    for (pane, place) in &layout.panes {
        draw_pane(*pane, *place, buffer, ui, picture);
    }
    if !layout.changed.is_empty() {
        bars::changed(layout.changed, buffer, picture, ui.message.as_deref(), &plain);
    }
    if !layout.timeline.is_empty() {
        timeline::render(layout.timeline, buffer, picture, &plain);
    }
    let foot = if layout.footer.is_empty() { layout.polite } else { layout.footer };
    match &ui.progress {
        Some(progress) => bars::progress(foot, buffer, progress, &plain),
        None if !layout.polite.is_empty() => {
            Canvas::new(buffer, layout.polite).put(1, 0, plain.say(Message::TooSmall), plain.theme.dim);
        }
        None => bars::footer(layout.footer, buffer, &footer(mode(ui, picture), ui, picture), &plain),
    }
    draw_over(area, buffer, ui, picture);
}

/// Draws a pane, or says why it shows nothing.
pub(super) fn draw_pane(pane: Pane, place: Rect, buffer: &mut Buffer, ui: &UiState, picture: &Picture) {
    let style = ui.style(pane);
    if is_closed(picture, pane) {
        unshown(place, buffer, Message::PaneClosed, &style);
    } else if arrangement(picture) == Arrangement::Frames && needs_kernel(pane) {
        unshown(place, buffer, Message::NotInFrames, &style);
    } else {
        (row(pane).content.render)(place, buffer, picture, &style);
    }
}

/// Draws what lies over a run.
pub(super) fn draw_over(area: Rect, buffer: &mut Buffer, ui: &UiState, picture: &Picture) {
    if let Some(oops) = shown_oops(ui, picture) {
        let is_live = picture.source == Source::Live;
        overlay::oops(area, buffer, oops, is_live, &PaneStyle { focused: true, ..ui.plain() });
    }
    draw_overlay(area, buffer, ui, false);
    finish(area, buffer, ui);
}

/// The death of a kernel whose card is shown: it happens at this step, and the card has not been put away.
#[must_use]
pub fn shown_oops<'a>(ui: &UiState, picture: &'a Picture) -> Option<&'a Oops> {
    picture.oops.as_ref().filter(|oops| oops.is_here && ui.oops_read != Some(oops.step))
}

/// Whether a lesson lets a pane show nothing, for the answer to its question stands there.
fn is_closed(picture: &Picture, pane: Pane) -> bool {
    picture.lesson.as_ref().is_some_and(|lesson| {
        let closed = |pane: &Pane| lesson.closed.contains(pane);
        // What tells the same as a closed pane is closed with it.
        let same: &[Pane] = match pane {
            Pane::Socks => &[Pane::Sock, Pane::State, Pane::Queues],
            Pane::Plot => &[Pane::Sock, Pane::Queues, Pane::Ladder],
            Pane::Outline => &[Pane::Code, Pane::Stack, Pane::Path],
            _ => &[],
        };
        closed(&pane) || same.iter().any(closed)
    })
}

/// Draws a pane that shows nothing, and says why.
fn unshown(area: Rect, buffer: &mut Buffer, why: Message, style: &PaneStyle) {
    let inner = panel(area, buffer, &Panel { title: style.title, ..Panel::default() }, style);
    empty(inner, buffer, &style.tell(why), style);
}

/// Draws the home screen.
pub fn draw_home(area: Rect, buffer: &mut Buffer, ui: &UiState, items: &[Item]) {
    let style = PaneStyle { selected: ui.item, focused: true, ..ui.plain() };
    home::render(area, buffer, items, ui.message.as_deref(), &at_home(ui), &style);
    draw_overlay(area, buffer, ui, true);
    finish(area, buffer, ui);
}

/// Draws the table of connections of a capture.
pub fn draw_captures(area: Rect, buffer: &mut Buffer, ui: &UiState, table: &CaptureTable) {
    let style = PaneStyle { focused: true, ..ui.plain() };
    let is_typing = matches!(ui.overlay, Overlay::Prompt(Asking::Filter, _));
    captures::render(area, buffer, table, (ui.message.as_deref(), is_typing), &at_table(ui), &style);
    draw_overlay(area, buffer, ui, true);
    finish(area, buffer, ui);
}

fn draw_overlay(area: Rect, buffer: &mut Buffer, ui: &UiState, is_home: bool) {
    let style = PaneStyle { focused: true, ..ui.plain() };
    match &ui.overlay {
        Overlay::Nothing => {}
        Overlay::Output(title, lines) => overlay::output(area, buffer, title, lines, &style),
        Overlay::Call(open) => typing::render(area, buffer, open, &style),
        Overlay::ProcNet(view) => {
            let style = PaneStyle { scroll: i32::try_from(view.scroll).unwrap_or(0), ..style };
            proc_net::render(area, buffer, &view.text, view.whole, &style);
        }
        Overlay::Compare(view) => comparison::render(area, buffer, view, &style),
        Overlay::Frame(form) => frame_form::render(area, buffer, form, &style),
        Overlay::Go(view) => go::render(area, buffer, view, &style),
        Overlay::Card(view) => card::render(area, buffer, view, &style),
        Overlay::Why(view) => why::render(area, buffer, view, &PaneStyle { selected: view.selected, ..style }),
        Overlay::Stop(open) => stop_prompt::render(area, buffer, open, &style),
        Overlay::Skb(view) => {
            let style = PaneStyle { scroll: i32::try_from(view.scroll).unwrap_or(0), ..style };
            skb::render(area, buffer, &view.card, &style);
        }
        Overlay::Side(view) => side::render(area, buffer, view, &style),
        Overlay::Reading(view) => reading::render(area, buffer, view, &style),
        Overlay::WhichKey(prefix) => overlay::which_key(area, buffer, &next_keys(ui, prefix), &style),
        Overlay::Prompt(asking, input) => {
            if let Some(next) = marks(ui) {
                overlay::which_key(area, buffer, &next, &style);
            }
            overlay::prompt(area, buffer, style.say(asking.words()), input.value(), &style);
        }
        Overlay::Help(_, selected) | Overlay::Palette(_, selected) => {
            with_choice(ui, is_home, |choice| {
                overlay::choice(area, buffer, choice, &PaneStyle { selected: *selected, ..style });
            });
        }
    }
}

/// The panel after a prefix key.
#[must_use]
pub fn next_keys(ui: &UiState, prefix: &Key) -> NextKeys {
    let rows = ui.keys.continuations(prefix);
    let rows = rows.iter().map(|next| (next.key.to_owned(), next.label.text(ui.lang).to_owned())).collect();
    NextKeys { title: format!("{} {}", prefix.name(), Message::Then.text(ui.lang)), rows }
}

/// The panel of a prompt for the letter of a mark, once it is shown: the marks that are set, each with its step.
#[must_use]
pub fn marks(ui: &UiState) -> Option<NextKeys> {
    let (title, none, mark) = match ui.overlay {
        Overlay::Prompt(Asking::SetMark, _) => ("mark", Message::NoMarks, Message::MarkReplace),
        Overlay::Prompt(Asking::GoMark, _) => ("go-mark", Message::NoMarksToGo, Message::MarkAt),
        _ => return None,
    };
    let row = |(letter, step): &(char, u64)| (letter.to_string(), mark.fill(ui.lang, &[&step.to_string()]));
    let mut rows: Vec<(String, String)> = ui.marks.iter().map(row).collect();
    if rows.is_empty() {
        rows.push((String::new(), none.text(ui.lang).to_owned()));
    }
    let title = format!("{} {}", ui.keys.shown(title), Message::Then.text(ui.lang));
    ui.panel.then_some(NextKeys { title, rows })
}

/// Hands over the help or the palette as it is open; nothing where neither is.
pub fn with_choice<T>(ui: &UiState, is_home: bool, use_it: impl FnOnce(&Choice) -> T) -> Option<T> {
    let (input, grouped) = match &ui.overlay {
        Overlay::Help(input, _) => (input, true),
        Overlay::Palette(input, _) => (input, false),
        _ => return None,
    };
    let rows = rows(ui, is_home);
    let pane = row(ui.focus);
    let of_pane = grouped && !is_home && input.value().is_empty();
    let title = match (grouped, of_pane) {
        (false, _) => Message::Palette.text(ui.lang).to_owned(),
        (true, true) => Message::HelpTitle.fill(ui.lang, &[pane.title.text(ui.lang)]),
        (true, false) => Message::HelpOfKeys.text(ui.lang).to_owned(),
    };
    let choice = Choice {
        title: &title,
        hint: Message::HelpFilter,
        typed: input.value(),
        rows: &rows,
        grouped,
        pane: of_pane.then(|| help(ui.focus)),
    };
    Some(use_it(&choice))
}

/// The rows of the open help or palette for what was typed: in the help the five keys of the pane with the focus, then all by
/// their groups.
#[must_use]
pub fn rows(ui: &UiState, is_home: bool) -> Vec<Listed> {
    let (input, is_help) = match &ui.overlay {
        Overlay::Help(input, _) => (input, true),
        Overlay::Palette(input, _) => (input, false),
        _ => return Vec::new(),
    };
    let typed = input.value();
    let mut found = matches(&ui.keys, typed, ui.lang);
    let mut rows = Vec::new();
    if is_help && typed.is_empty() {
        let place = |entry: &Entry| Group::ALL.iter().position(|group| *group == entry.group);
        found.sort_by_key(|entry| place(entry));
        let of_pane = help(ui.focus).keys.iter().filter(|_| !is_home);
        rows.extend(of_pane.filter_map(|(id, words)| Some(Listed { entry: by_id(id)?, label: words.text(ui.lang) })));
    }
    rows.extend(found.into_iter().map(|entry| Listed { entry, label: entry.label.text(ui.lang) }));
    rows
}

/// Paints the ground under everything where the theme has one, and replaces what the terminal could not show: without UTF-8
/// everything that is not ASCII, and where it draws characters of ambiguous width over two cells, those.
fn finish(area: Rect, buffer: &mut Buffer, ui: &UiState) {
    let paints = ui.theme.paints(ui.terminal_is_light);
    if !paints && !ui.ascii && !ui.is_ambiguous_wide {
        return;
    }
    let area = area.intersection(buffer.area);
    for y in area.top()..area.bottom() {
        for x in area.left()..area.right() {
            let Some(cell) = buffer.cell_mut((x, y)) else { continue };
            let symbol = cell.symbol();
            let is_unfit = ui.ascii || ui.is_ambiguous_wide && symbol.width() == 1 && symbol.width_cjk() == 2;
            if is_unfit && !symbol.is_ascii() {
                let plain = ascii(symbol);
                cell.set_symbol(plain);
            }
            if paints {
                cell.fg = if cell.fg == Color::Reset { ui.theme.ground.fg.unwrap_or(Color::Reset) } else { cell.fg };
                cell.bg = if cell.bg == Color::Reset { ui.theme.ground.bg.unwrap_or(Color::Reset) } else { cell.bg };
            }
        }
    }
}

fn ascii(symbol: &str) -> &'static str {
    match symbol {
        "─" | "━" | "▁" | "—" => "-",
        "┄" => ".",
        "╌" => ".",
        "┆" => ":",
        "│" | "┃" | "▐" | "▌" | "▏" | "‖" => "|",
        "┊" => ":",
        "●" => "*",
        "○" => "o",
        "╭" | "╮" | "╰" | "╯" | "┏" | "┓" | "┗" | "┛" | "┿" => "+",
        "▸" | "▶" | "→" | "›" | "»" => ">",
        "◂" | "◀" | "←" => "<",
        "▾" => "v",
        "▲" | "▴" | "↑" => "^",
        "↻" => "@",
        "✗" => "x",
        "✓" => "y",
        "◆" | "★" | "⚑" => "#",
        "▓" => "#",
        "░" | "·" | "…" => ".",
        "⇄" => "=",
        "µ" => "u",
        "≈" => "~",
        "≠" => "!",
        "◔" => "o",
        "◌" => "g",
        "Δ" => "d",
        _ => match symbol.chars().next().map(u32::from) {
            // Braille, by where its dots are.
            Some(dots @ 0x2801..=0x28ff) => match (dots & 0x1b > 0, dots & 0xe4 > 0) {
                (true, true) => ":",
                (true, false) => "'",
                (false, _) => ".",
            },
            _ => "?",
        },
    }
}

/// Whether a screen of this size shows the lesson's question alone.
#[must_use]
pub fn is_small(area: Rect) -> bool {
    Tier::of(area.width, area.height) <= Tier::Small
}
