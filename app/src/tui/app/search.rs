//! Finding text in the focused pane.

use super::App;
use crate::i18n::Message;
use crate::session::motion::Direction;
use crate::tui::pane::Moves;
use crate::tui::panes::row;

impl App {
    pub(super) fn find(&mut self, direction: Direction) {
        let wanted = self.ui.found.to_lowercase();
        if wanted.is_empty() {
            return;
        }
        let pane = self.ui.focus;
        let content = row(pane).content;
        let Some(text) = content.text else {
            let name = row(pane).title.text(self.ui.lang);
            self.ui.message = Some(Message::NotSearchable.fill(self.ui.lang, &[name]));
            return;
        };
        let lines = text(&self.picture);
        let view = self.ui.view(pane);
        let (base, here) = match content.moves {
            Moves::Cursor => (0, i64::try_from(view.selected).unwrap_or(0)),
            Moves::Page(home) => {
                let base = home(&self.picture);
                (base, i64::try_from(base).unwrap_or(0) + i64::from(view.scroll))
            }
        };
        let count = i64::try_from(lines.len()).unwrap_or(0);
        let hit = (1..=count).find_map(|distance| {
            let step = if direction == Direction::Forward { distance } else { -distance };
            let place = usize::try_from((here + step).rem_euclid(count.max(1))).ok()?;
            lines.get(place)?.to_lowercase().contains(&wanted).then_some(place)
        });
        match hit {
            Some(place) => self.ui.change(pane, |view| {
                view.selected = place;
                view.scroll = i32::try_from(place).unwrap_or(0) - i32::try_from(base).unwrap_or(0);
            }),
            None => self.ui.message = Some(Message::NotFound.fill(self.ui.lang, &[&self.ui.found])),
        }
    }
}
