//! Class mode: one beat fills the screen, large and calm, and beneath it at most the two panes that it looks at.
//!
//! ```text
//! title                      beat     seconds
//!
//!        narration, question, options, votes
//!
//! ┌ pane ──────────────┬ pane ──────────────┐
//! └────────────────────┴────────────────────┘
//! the answer to the last key
//! keys
//! ```
//!
//! A pure function of the picture, the arrangement and the size, like every screen; it needs [`WIDTH`] by [`HEIGHT`] cells, and a
//! smaller one shows the lesson as usual.

mod sheet;
pub mod words;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use lessons::{Means, Shows, View, pair};

use self::sheet::{Sheet, clock, written};
use super::action::Mode;
use super::canvas::{Canvas, width_of};
use super::hints::footer;
use super::layout::Layout;
use super::pane::{PaneStyle, bars, window};
use super::screen;
use super::ui_state::UiState;
use crate::i18n::Message;
use crate::picture::class::{ClassPage, ClassPicture};
use crate::picture::{Pane, Picture};

/// The least columns of class mode.
pub const WIDTH: u16 = 100;
/// The least rows of class mode.
pub const HEIGHT: u16 = 30;
/// Columns of the text: lines of a lesson are 76 wide, and an option has its letter before it.
const MEASURE: u16 = 84;
/// The least rows of a pane, borders included.
const PANE: u16 = 8;

/// Whether a screen of this size shows class mode.
#[must_use]
pub fn fits(area: Rect) -> bool {
    area.width >= WIDTH && area.height >= HEIGHT
}

/// The mode of the keys. A space always leads on, so the panes in which it does something else keep only their other keys.
#[must_use]
pub fn mode(ui: &UiState, picture: &Picture) -> Mode {
    let lesson = picture.lesson.as_ref();
    match lesson.map(|lesson| &lesson.shows) {
        Some(Shows::Question(_)) => return Mode::Class,
        Some(Shows::Closing(_)) => return Mode::Ending,
        Some(Shows::Words | Shows::Verdict(_) | Shows::Work(_) | Shows::Ranking(_)) | None => {}
    }
    match ui.mode(false, lesson.is_some_and(View::asks)) {
        Mode::Outline | Mode::Stops => Mode::Main,
        mode => mode,
    }
}

/// Where everything stands.
#[must_use]
pub fn layout(area: Rect, ui: &UiState, picture: &Picture) -> Layout {
    plan(area, ui, picture).1
}

/// How many rows the text of the beat has as it is written for a size; what the screen has no room for is scrolled.
#[must_use]
pub fn rows(area: Rect, ui: &UiState, picture: &Picture) -> u16 {
    plan(area, ui, picture).0.height()
}

/// The text as it is written for a size, and where everything stands; the text has the place of the lesson's pane.
fn plan(area: Rect, ui: &UiState, picture: &Picture) -> (Sheet, Layout) {
    let row = |y: u16| Rect { y: area.y + y.min(area.height), height: u16::from(y < area.height), ..area };
    let mut layout = Layout {
        title: row(0),
        changed: row(area.height.saturating_sub(2)),
        footer: row(area.height.saturating_sub(1)),
        ..Layout::default()
    };
    let room = Rect { y: area.y + 2, height: area.height.saturating_sub(5), ..area };
    if ui.zoomed {
        layout.panes.push((ui.focus, room));
        return (Sheet::default(), layout);
    }
    let measure = MEASURE.min(area.width);
    let sheet = sheet_for(picture, ui, measure, room.height);
    let height = sheet.height().min(room.height);
    let left = area.x + (area.width - measure) / 2;
    layout.panes.push((Pane::Lesson, Rect { x: left, width: measure, height, ..room }));
    let below = room.height.saturating_sub(height + 1);
    if below >= PANE {
        let place = Rect { y: room.y + height + 1, height: below, ..room };
        layout.panes.extend(beneath(place, ui, picture));
    }
    (sheet, layout)
}

/// The text with as much room between its parts as leaves the panes theirs; where that cannot be, as much as fits.
fn sheet_for(picture: &Picture, ui: &UiState, measure: u16, room: u16) -> Sheet {
    let style = ui.plain();
    let with = |gap: u16| written(picture, &style, measure, gap);
    let needs_panes =
        picture.lesson.as_ref().is_some_and(|lesson| matches!(&lesson.shows, Shows::Work(work) if !work.done));
    let tries: &[(u16, u16)] = if needs_panes {
        &[(2, PANE + 1), (1, PANE + 1), (0, 0)]
    } else {
        &[(2, PANE + 1), (1, PANE + 1), (2, 0), (1, 0), (0, 0)]
    };
    let fitting = tries.iter().map(|(gap, below)| (with(*gap), *below));
    let mut sheets = fitting.filter(|(sheet, below)| sheet.height() + below <= room).map(|(sheet, _)| sheet);
    sheets.next().unwrap_or_else(|| with(0))
}

/// The two panes of the beat, side by side.
fn beneath(place: Rect, ui: &UiState, picture: &Picture) -> Vec<(Pane, Rect)> {
    let (Some(lesson), Some(class)) = (&picture.lesson, &picture.class) else { return Vec::new() };
    let called = if ui.focus == Pane::Lesson { class.pane.unwrap_or(ui.left) } else { ui.focus };
    let panes = pair(&lesson.panes, called).unwrap_or([called, ui.pinned]);
    let right = place.width / 2;
    let halves = [(place.x, place.width - right), (place.x + place.width - right, right)];
    panes.into_iter().zip(halves).map(|(pane, (x, width))| (pane, Rect { x, width, ..place })).collect()
}

/// Draws a lesson before a class.
pub fn draw(area: Rect, buffer: &mut Buffer, ui: &UiState, picture: &Picture) {
    let (sheet, layout) = plan(area, ui, picture);
    let plain = ui.plain();
    title(layout.title, buffer, picture, &plain);
    let is_text = |pane: Pane| pane == Pane::Lesson && !ui.zoomed;
    for (pane, place) in &layout.panes {
        if is_text(*pane) {
            let scroll = ui.view(Pane::Lesson).scroll;
            let first = window(usize::from(sheet.height()), usize::from(place.height), 0, scroll);
            sheet.copy(*place, buffer, first);
        } else {
            screen::draw_pane(*pane, *place, buffer, ui, picture);
        }
    }
    let told = ui.message.as_ref().map(|message| plain.keys.named_in(message).into_owned());
    let mut line = Canvas::new(buffer, layout.changed);
    match told {
        Some(told) => line.put(1, 0, &told, plain.theme.strong),
        None => line.put(1, 0, &keys(picture, &plain), plain.theme.dim),
    };
    bars::footer(layout.footer, buffer, &footer(mode(ui, picture), ui, picture), &plain);
    screen::draw_over(area, buffer, ui, picture);
}

/// The lesson, the beat, and the clock of its question.
fn title(area: Rect, buffer: &mut Buffer, picture: &Picture, style: &PaneStyle) {
    let (Some(lesson), Some(class)) = (&picture.lesson, &picture.class) else { return };
    let theme = style.theme;
    let mut canvas = Canvas::new(buffer, area);
    let right = timing(lesson, class, style);
    let room = canvas.width().saturating_sub(width_of(&right) + 4);
    let x = canvas.put_within(2, 0, room, &lesson.title, theme.strong) + 2;
    let beat = Message::BeatOf.fill(style.lang, &[&lesson.beat.to_string(), &lesson.beats.to_string()]);
    let x = canvas.put_within(x, 0, room.saturating_sub(x), &beat, theme.dim) + 2;
    if class.round > 0 && !class.options.is_empty() && class.page == ClassPage::Put {
        canvas.put_within(x, 0, room.saturating_sub(x), words::SECOND_VOTE.text(style.lang), theme.strong);
    }
    canvas.put_right(
        area.width.saturating_sub(2),
        0,
        &right,
        if class.seconds.is_some() { theme.text } else { theme.dim },
    );
}

/// The seconds since the question was put, and the time that is suggested.
fn timing(lesson: &View, class: &ClassPicture, style: &PaneStyle) -> String {
    if matches!(lesson.shows, Shows::Closing(_)) {
        return String::new();
    }
    let about = words::ABOUT.text(style.lang).replace("{0}", &clock(class.suggested));
    class.seconds.map_or_else(|| about.clone(), |seconds| format!("{} · {about}", clock(seconds)))
}

/// What the keys do at this beat.
fn keys(picture: &Picture, style: &PaneStyle) -> String {
    let told = match picture.lesson.as_ref().map(|lesson| &lesson.shows) {
        Some(Shows::Question(_)) => words::HOW_TO_COUNT,
        Some(Shows::Work(work)) if !work.done => match work.means {
            Means::Steps => words::STEP_KEYS,
            Means::Wire => words::WIRE_KEYS,
            Means::Calls => words::CALL_KEYS,
        },
        Some(Shows::Ranking(ranking)) if !ranking.is_answered() => words::ORDER_KEYS,
        // The footer says how it goes on.
        _ => return String::new(),
    };
    style.keys.named_in(told.text(style.lang)).into_owned()
}
