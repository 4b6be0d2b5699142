//! The whole screen: every pane in its place, then what lies over it. A pure function of picture and arrangement.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use lessons::{Shows, View};

use super::canvas::Canvas;
use super::keymap::{footer, matches};
use super::layout::{Layout, LayoutRequest, Tier};
use super::pane::overlay::Choice;
use super::pane::{
    PaneStyle, Panel, bars, comparison, empty, frame_form, home, overlay, panel, proc_net, timeline, typing,
};
use super::panes::{lesson, row};
use super::ui_state::{Asking, Overlay, UiState};
use crate::catalog::Item;
use crate::i18n::{Lang, Message};
use crate::picture::Pane;
use crate::picture::{Picture, Source};

/// Where everything stands for a picture, an arrangement and a size.
#[must_use]
pub fn layout(area: Rect, ui: &UiState, picture: &Picture) -> Layout {
    let asking = is_asking(picture);
    let lesson_rows =
        picture.lesson.as_ref().map_or(0, |open| lesson::rows(open, &picture.evidence, area.width, &ui.plain()));
    let wish =
        LayoutRequest { focus: ui.focus, left: ui.left, pinned: ui.pinned, zoomed: ui.zoomed, lesson_rows, asking };
    Layout::of(area, wish)
}

/// Whether a question or its answer is open.
#[must_use]
pub fn is_asking(picture: &Picture) -> bool {
    picture.lesson.as_ref().is_some_and(|lesson| !matches!(lesson.shows, Shows::Words | Shows::Work(_)))
}

/// Draws a run.
pub fn draw(area: Rect, buffer: &mut Buffer, ui: &UiState, picture: &Picture) {
    let layout = layout(area, ui, picture);
    let plain = ui.plain();
    bars::title(layout.title, buffer, picture, ui.playback, &plain);
    if !layout.path_line.is_empty() {
        bars::path_line(layout.path_line, buffer, picture, &plain);
    }
    if !layout.tabs.is_empty() {
        bars::tabs(layout.tabs, buffer, ui.open_tab(), ui.pinned, &plain);
    }
    for (pane, place) in &layout.panes {
        let style = ui.style(*pane);
        if is_closed(picture, *pane) {
            closed(*place, buffer, &style);
        } else {
            (row(*pane).content.render)(*place, buffer, picture, &style);
        }
    }
    if !layout.changed.is_empty() {
        bars::changed(layout.changed, buffer, picture, ui.message.as_deref(), &plain);
    }
    if !layout.timeline.is_empty() {
        timeline::render(layout.timeline, buffer, picture, &plain);
    }
    let foot = if layout.footer.is_empty() { layout.polite } else { layout.footer };
    let asking = picture.lesson.as_ref().is_some_and(View::asks);
    match &ui.progress {
        Some(progress) => bars::progress(foot, buffer, progress, &plain),
        None if !layout.polite.is_empty() => {
            Canvas::new(buffer, layout.polite).put(1, 0, plain.say(Message::TooSmall), plain.theme.dim);
        }
        None => bars::footer(layout.footer, buffer, &footer(ui.mode(false, asking), ui.lang), &plain),
    }
    if let Some(oops) = picture.oops.as_ref().filter(|oops| oops.is_here && ui.oops_read != Some(oops.step)) {
        let is_live = picture.source == Source::Live;
        overlay::oops(area, buffer, oops, is_live, &PaneStyle { focused: true, ..ui.plain() });
    }
    draw_overlay(area, buffer, ui);
    finish(area, buffer, ui);
}

/// Whether a lesson lets a pane show nothing, for the answer to its question stands there.
fn is_closed(picture: &Picture, pane: Pane) -> bool {
    picture.lesson.as_ref().is_some_and(|lesson| {
        let closed = |pane: &Pane| lesson.closed.contains(pane);
        // The list of socks tells what these panes tell.
        closed(&pane) || pane == Pane::Socks && [Pane::Sock, Pane::State, Pane::Queues].iter().any(closed)
    })
}

/// Draws a pane that a lesson has closed.
fn closed(area: Rect, buffer: &mut Buffer, style: &PaneStyle) {
    let inner = panel(area, buffer, &Panel { title: style.title, ..Panel::default() }, style);
    empty(inner, buffer, style.say(Message::PaneClosed), style);
}

/// Draws the home screen.
pub fn draw_home(area: Rect, buffer: &mut Buffer, ui: &UiState, items: &[Item]) {
    let style = PaneStyle { selected: ui.item, focused: true, ..ui.plain() };
    home::render(area, buffer, items, ui.message.as_deref(), &style);
    draw_overlay(area, buffer, ui);
    finish(area, buffer, ui);
}

fn draw_overlay(area: Rect, buffer: &mut Buffer, ui: &UiState) {
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
        Overlay::WhichKey(prefix) => overlay::which_key(area, buffer, prefix, &style),
        Overlay::Prompt(asking, input) => {
            let message = style.say(match asking {
                Asking::Find => Message::FindPrompt,
                Asking::Step => Message::StepPrompt,
                Asking::File => Message::OpenPrompt,
                Asking::Write => Message::SayPrompt,
                Asking::Shell => Message::ShellPrompt,
                Asking::SetMark | Asking::GoMark => Message::Mark,
                Asking::Compare => Message::ComparePrompt,
                Asking::Delay(_) => Message::DelayPrompt,
                Asking::Octet(_) => Message::OctetPrompt,
            });
            overlay::prompt(area, buffer, message, input.value(), &style);
        }
        Overlay::Help(input, selected) | Overlay::Palette(input, selected) => {
            let help = matches!(ui.overlay, Overlay::Help(..));
            let rows = rows(input.value(), help, ui.lang);
            let choice = Choice {
                title: if help { Message::Help } else { Message::Palette },
                hint: Message::HelpFilter,
                typed: input.value(),
                rows: &rows,
                grouped: help,
            };
            overlay::choice(area, buffer, &choice, &PaneStyle { selected: *selected, ..style });
        }
    }
}

/// The rows of the help or the palette for what was typed.
#[must_use]
pub fn rows(typed: &str, help: bool, lang: Lang) -> Vec<&'static super::action::Entry> {
    let mut rows = matches(typed, lang);
    if help && typed.is_empty() {
        let place =
            |entry: &super::action::Entry| super::action::Group::ALL.iter().position(|group| *group == entry.group);
        rows.sort_by_key(|entry| place(entry));
    }
    rows
}

/// Replaces what a terminal without UTF-8 could not show.
fn finish(area: Rect, buffer: &mut Buffer, ui: &UiState) {
    if !ui.ascii {
        return;
    }
    let area = area.intersection(buffer.area);
    for y in area.top()..area.bottom() {
        for x in area.left()..area.right() {
            if let Some(cell) = buffer.cell_mut((x, y))
                && !cell.symbol().is_ascii()
            {
                let plain = ascii(cell.symbol());
                cell.set_symbol(plain);
            }
        }
    }
}

fn ascii(symbol: &str) -> &'static str {
    match symbol {
        "─" | "━" | "▁" | "—" => "-",
        "╌" => ".",
        "┆" => ":",
        "│" | "┃" | "▐" | "▌" | "▏" | "‖" => "|",
        "●" => "*",
        "╭" | "╮" | "╰" | "╯" | "┏" | "┓" | "┗" | "┛" | "┿" => "+",
        "▸" | "▶" | "→" | "›" | "»" => ">",
        "◂" | "◀" => "<",
        "▾" => "v",
        "▲" | "↑" => "^",
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
        _ => "?",
    }
}

/// Whether a screen of this size shows the lesson's question alone.
#[must_use]
pub fn is_small(area: Rect) -> bool {
    Tier::of(area.width, area.height) <= Tier::Small
}
