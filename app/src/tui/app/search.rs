//! Finding text in the focused pane: in all of its rows, seen or not. The code goes on with all other functions, the ladder with all
//! frames of the run. Promise: what is found is shown, or it is said that there is nothing.

use super::App;
use crate::i18n::Message;
use crate::picture::code_search;
use crate::picture::{LadderRow, Pane};
use crate::session::motion::Direction;
use crate::tui::pane::Moves;
use crate::tui::panes::row;
use crate::tui::ui_state::Overlay;

/// The rows of a pane that have the text, and where one stands among all rows.
struct Rows {
    hits: Vec<usize>,
    /// The row where the pane stands by itself.
    base: usize,
    here: i64,
}

impl Rows {
    /// The next one that way; none behind the last.
    fn next(&self, direction: Direction) -> Option<usize> {
        let place = |hit: &&usize| i64::try_from(**hit).unwrap_or(i64::MAX);
        match direction {
            Direction::Forward => self.hits.iter().find(|hit| place(hit) > self.here),
            Direction::Backward => self.hits.iter().rfind(|hit| place(hit) < self.here),
        }
        .copied()
    }

    /// The first one that way, from the other end.
    fn around(&self, direction: Direction) -> Option<usize> {
        match direction {
            Direction::Forward => self.hits.first(),
            Direction::Backward => self.hits.last(),
        }
        .copied()
    }
}

impl App {
    pub(super) fn find(&mut self, direction: Direction) {
        let wanted = self.ui.found.to_lowercase();
        if wanted.is_empty() {
            return;
        }
        let pane = self.ui.focus;
        let Some(rows) = self.rows_with(pane, &wanted) else {
            let name = row(pane).title.text(self.ui.lang);
            self.ui.message = Some(Message::NotSearchable.fill(self.ui.lang, &[name]));
            return;
        };
        let beyond = match pane {
            Pane::Code => Self::find_in_code,
            Pane::Ladder => Self::find_in_frames,
            _ => |_: &mut Self, _: &str, _| false,
        };
        if let Some(hit) = rows.next(direction) {
            self.stand_on(pane, hit, &rows);
        } else if !beyond(self, &wanted, direction) {
            match rows.around(direction) {
                Some(hit) => self.stand_on(pane, hit, &rows),
                None => self.ui.message = Some(Message::NotFound.fill(self.ui.lang, &[&self.ui.found])),
            }
        }
    }

    /// The rows of a pane with a text in small letters; none where it has no text.
    fn rows_with(&self, pane: Pane, wanted: &str) -> Option<Rows> {
        let content = row(pane).content;
        let lines = (content.text?)(&self.picture);
        let view = self.ui.view(pane);
        let (base, here) = match content.moves {
            Moves::Cursor => (0, i64::try_from(view.selected).unwrap_or(0)),
            Moves::Page(home) => {
                let base = home(&self.picture);
                (base, i64::try_from(base).unwrap_or(0) + i64::from(view.scroll))
            }
        };
        let has = |(place, line): (usize, &String)| line.to_lowercase().contains(wanted).then_some(place);
        Some(Rows { hits: lines.iter().enumerate().filter_map(has).collect(), base, here })
    }

    fn stand_on(&mut self, pane: Pane, place: usize, rows: &Rows) {
        self.ui.change(pane, |view| {
            view.selected = place;
            view.scroll = i32::try_from(place).unwrap_or(0) - i32::try_from(rows.base).unwrap_or(0);
        });
        let which = rows.hits.iter().position(|hit| *hit == place).map_or(0, |which| which + 1);
        let shown = [self.ui.found.clone(), which.to_string(), rows.hits.len().to_string()];
        self.ui.message = Some(Message::FoundOf.fill(self.ui.lang, &[&shown[0], &shown[1], &shown[2]]));
    }

    /// Looks through all other functions; shows the one that has the text.
    fn find_in_code(&mut self, wanted: &str, direction: Direction) -> bool {
        let code = &self.picture.code;
        let Some(found) = code_search::find(wanted, &code.rust_file, code.current, direction) else { return false };
        if found.rust_file == code.rust_file && found.first_line == code.first_line {
            return false;
        }
        self.ui.message = Some(Message::FoundInCode.fill(self.ui.lang, &[&self.ui.found, &found.function]));
        self.picture.code = found;
        self.ui.change(Pane::Code, |view| view.scroll = 0);
        true
    }

    /// Back to the function that runs, where another one is shown; says whether there was one.
    pub(super) fn leave_found_code(&mut self) -> bool {
        let is_found = self.picture.code.is_found && matches!(self.ui.overlay, Overlay::Nothing);
        if is_found {
            self.refresh();
            self.ui.change(Pane::Code, |view| view.scroll = 0);
        }
        is_found
    }

    /// Looks through the frames of the run that the ladder does not show here; goes to the one that has the text.
    fn find_in_frames(&mut self, wanted: &str, direction: Direction) -> bool {
        let numbers = self.picture.ladder.rows.iter().filter_map(|row| match row {
            LadderRow::Frame { number, .. } => Some(*number),
            LadderRow::Captured { .. } | LadderRow::State { .. } | LadderRow::Oops { .. } => None,
        });
        let shown: Vec<u64> = numbers.collect();
        let (Some(first), Some(last)) = (shown.first().copied(), shown.last().copied()) else { return false };
        let relative = self.ui.relative;
        let Some(session) = &mut self.session else { return false };
        let from = if direction == Direction::Forward { last } else { first };
        let Some((number, moment)) = session.frame_saying(wanted, from, direction, relative) else { return false };
        if (first..=last).contains(&number) {
            return false;
        }
        let answer = session.go_to_moment(moment);
        self.take_in(Some(answer));
        self.ui.message = Some(Message::FoundFrame.fill(self.ui.lang, &[&self.ui.found, &number.to_string()]));
        true
    }
}
