//! The footer: which keys it names, and that each of them does something where it is named.
//!
//! What each mode offers, best first, are the tables `HINTS_...` of [`action`](super::action). Here those are left out that would
//! do nothing at this moment: promise of every footer, kept by `tests/features/manners.rs`, which presses them all.

use std::borrow::Cow;

use lessons::{Closing, Shows};

use super::action::{
    Action, HINTS_BRANCHES, HINTS_CAPTURES, HINTS_CLASS, HINTS_ENDING, HINTS_HOME, HINTS_LADDER, HINTS_MAIN,
    HINTS_OBSERVED, HINTS_OUTLINE, HINTS_QUIZ, HINTS_STOPS, HINTS_TAUGHT, HINTS_TIMERS, Hint as Row, Mode, TABLE,
    by_id,
};
use super::keymap::Keymap;
use super::panes::{capture, ladder, outline, row};
use super::ui_state::UiState;
use crate::picture::{BranchRow, LadderRow, Layer, Pane, Picture, Source};
use crate::session::motion::{Direction, Motion, WireAct};

/// One hint as it stands in a footer.
#[derive(Clone, Debug, PartialEq)]
pub struct Hint {
    /// What its key, or a click on it, does.
    pub action: Action,
    /// Its keys: `s/S` where a twin goes the other way.
    pub keys: String,
    /// What it says.
    pub label: &'static str,
}

/// The hints of a run at this moment, best first; the last two are always shown.
#[must_use]
pub fn footer(mode: Mode, ui: &UiState, picture: &Picture) -> Vec<Hint> {
    let is_taught = picture.class.is_some() && mode != Mode::Class;
    let mut hints: Vec<Hint> = HINTS_TAUGHT.iter().filter(|_| is_taught).filter_map(|row| hint(row, ui)).collect();
    for other in of(mode, ui) {
        if !hints.iter().any(|hint| hint.action == other.action) {
            hints.push(other);
        }
    }
    hints.retain(|hint| acts(hint.action, ui, picture));
    hints
}

/// The hints of the home screen.
#[must_use]
pub fn at_home(ui: &UiState) -> Vec<Hint> {
    of(Mode::Home, ui)
}

/// The hints of the table of connections of a capture.
#[must_use]
pub fn at_table(ui: &UiState) -> Vec<Hint> {
    of(Mode::Captures, ui)
}

fn of(mode: Mode, ui: &UiState) -> Vec<Hint> {
    let hints = match mode {
        Mode::Main => HINTS_MAIN,
        Mode::Ladder => HINTS_LADDER,
        Mode::Timers => HINTS_TIMERS,
        Mode::Branches => HINTS_BRANCHES,
        Mode::Stops => HINTS_STOPS,
        Mode::Outline => HINTS_OUTLINE,
        Mode::Quiz => HINTS_QUIZ,
        Mode::Ending => HINTS_ENDING,
        Mode::Class => HINTS_CLASS,
        Mode::Captures => HINTS_CAPTURES,
        Mode::Observed => HINTS_OBSERVED,
        Mode::Home => HINTS_HOME,
    };
    hints.iter().filter_map(|row| hint(row, ui)).collect()
}

/// A row as a hint; none where the user has taken every key from its action.
fn hint((id, words): &Row, ui: &UiState) -> Option<Hint> {
    let entry = by_id(id)?;
    let keys = keys(&ui.keys, entry.action, ui.keys.shown(id));
    (!keys.is_empty()).then(|| Hint { action: entry.action, keys, label: words.text(ui.lang) })
}

/// The key shown for an action, with that of its twin where it has one.
fn keys(map: &Keymap, action: Action, first: &str) -> String {
    let twin = match action {
        Action::Travel(motion, Direction::Forward) => Some(Action::Travel(motion, Direction::Backward)),
        Action::Difference(Direction::Forward) => Some(Action::Difference(Direction::Backward)),
        Action::StopRun(Direction::Forward) => Some(Action::StopRun(Direction::Backward)),
        Action::Up => Some(Action::Down),
        Action::Left => Some(Action::Right),
        Action::Oddity(Direction::Forward) => Some(Action::Oddity(Direction::Backward)),
        Action::WalkSocks(Direction::Forward) => Some(Action::WalkSocks(Direction::Backward)),
        _ => None,
    };
    let twin = twin.and_then(|twin| TABLE.iter().find(|entry| entry.action == twin));
    match twin.and_then(|twin| map.of(twin).first()).filter(|_| !first.is_empty()) {
        Some(back) => format!("{}/{}", short(first), short(back)),
        None => short(first).into_owned(),
    }
}

/// A key as a footer writes it: arrows as arrows.
fn short(key: &str) -> Cow<'_, str> {
    Cow::Borrowed(match key {
        "Up" => "↑",
        "Down" => "↓",
        "Left" => "←",
        "Right" => "→",
        other => other,
    })
}

/// Whether an action does something at this moment, as far as the picture tells. A search that may find nothing does something:
/// it says so.
#[must_use]
pub fn acts(action: Action, ui: &UiState, picture: &Picture) -> bool {
    match action {
        Action::Travel(Motion::Frame, _) => {
            picture.ladder.rows.iter().any(|row| matches!(row, LadderRow::Frame { .. }))
        }
        Action::Captures => ui.is_from_table,
        Action::Host => picture.hosts.len() > 1,
        Action::Shell => picture.live.has_network,
        Action::Find => row(ui.focus).content.text.is_some(),
        Action::Wire(act) => chosen_frame(ui, picture) && may_change(act, picture),
        Action::Enter if ui.focus == Pane::Ladder => chosen_frame(ui, picture),
        Action::Fire => picture.lesson.is_none() && is_simulated(picture) && !picture.timers.is_empty(),
        Action::ThrowAway => chosen_branch(ui, picture).is_some_and(|branch| branch.depth > 0),
        Action::Enter if ui.focus == Pane::Branches => chosen_branch(ui, picture).is_some_and(|branch| !branch.here),
        Action::NextBranch => picture.branches.len() > 1,
        Action::StopSwitch | Action::StopRemove | Action::StopRun(_) => !picture.stops.is_empty(),
        Action::FollowStream => picture.ladder.rows.iter().any(is_segment),
        Action::OtherEnd => picture.replay.lines > 0 && ui.is_from_table,
        Action::Differences => chosen_line(ui, picture),
        Action::Difference(_) => picture.replay.rows.iter().any(|row| row.decides),
        Action::Enter if ui.focus == Pane::Capture => {
            capture::selected(picture, ui.view(Pane::Capture).scroll).is_some()
        }
        Action::Fold => outline::selected(picture, ui.view(Pane::Outline).scroll).is_some_and(|row| row.has_calls),
        Action::Enter if ui.focus == Pane::Outline => !picture.outline.rows.is_empty(),
        Action::NextLesson => closing(picture).is_some_and(|closing| closing.next.is_some()),
        Action::OnceMore => closing(picture).is_some_and(|closing| closing.second_pass.is_some()),
        Action::CompareDrawing => closing(picture).is_some(),
        Action::Hint => hints(picture) > 0,
        Action::Class => picture.lesson.is_some(),
        Action::Erase => picture.class.as_ref().is_some_and(|class| class.counted.is_some()),
        Action::VoteAgain => picture.class.as_ref().is_some_and(|class| class.is_counted(0)),
        Action::Choose(option) => match picture.lesson.as_ref().map(|lesson| &lesson.shows) {
            Some(Shows::Question(question)) => usize::from(option) < question.options.len(),
            Some(Shows::Ranking(ranking)) => usize::from(option) < ranking.steps.len(),
            _ => false,
        },
        Action::Certainty(_) => {
            picture.lesson.as_ref().is_some_and(|lesson| matches!(lesson.shows, Shows::Question(_)))
        }
        _ => true,
    }
}

/// Whether a frame of the ladder is chosen.
fn chosen_frame(ui: &UiState, picture: &Picture) -> bool {
    let place = ladder::selected(&picture.ladder, ui.view(Pane::Ladder).scroll);
    matches!(picture.ladder.rows.get(place), Some(LadderRow::Frame { .. }))
}

/// Whether a row is a TCP segment.
fn is_segment(row: &LadderRow) -> bool {
    matches!(row, LadderRow::Frame { layer: Layer::Tcp, .. })
}

/// Whether a line of the comparison with a capture is chosen.
fn chosen_line(ui: &UiState, picture: &Picture) -> bool {
    if ui.focus != Pane::Ladder {
        return capture::selected(picture, ui.view(Pane::Capture).scroll).is_some();
    }
    match picture.ladder.rows.get(ladder::selected(&picture.ladder, ui.view(Pane::Ladder).scroll)) {
        Some(LadderRow::Frame { at_capture, .. }) => at_capture.as_ref().is_some_and(|told| told.line.is_some()),
        Some(LadderRow::Captured { at_capture, .. }) => at_capture.line.is_some(),
        Some(LadderRow::State { .. } | LadderRow::Oops { .. }) | None => false,
    }
}

/// The end card, where it is shown.
pub fn closing(picture: &Picture) -> Option<&Closing> {
    match &picture.lesson.as_ref()?.shows {
        Shows::Closing(closing) => Some(closing),
        _ => None,
    }
}

/// Whether frames can fare otherwise here: on a simulated wire, and in a lesson while a task asks for it.
fn may_change(act: WireAct, picture: &Picture) -> bool {
    match &picture.lesson {
        Some(lesson) => {
            matches!(act, WireAct::Drop | WireAct::Delay | WireAct::Duplicate) && matches!(lesson.shows, Shows::Work(_))
        }
        None => is_simulated(picture),
    }
}

fn is_simulated(picture: &Picture) -> bool {
    matches!(picture.source, Source::Lab | Source::Script)
}

/// The branch under the cursor.
fn chosen_branch<'a>(ui: &UiState, picture: &'a Picture) -> Option<&'a BranchRow> {
    picture.branches.get(ui.view(Pane::Branches).selected)
}

/// Hints that the open question or task has.
fn hints(picture: &Picture) -> u8 {
    match picture.lesson.as_ref().map(|lesson| &lesson.shows) {
        Some(Shows::Question(question)) => question.hints,
        Some(Shows::Work(work)) => work.hints,
        Some(Shows::Ranking(ranking)) => ranking.hints,
        _ => 0,
    }
}
