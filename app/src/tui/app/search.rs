//! Finding text in the focused pane.

use super::App;
use crate::i18n::Message;
use crate::picture::LadderRow;
use crate::picture::pane::Pane;
use crate::session::motion::Direction;

impl App {
    pub(super) fn find(&mut self, direction: Direction) {
        let wanted = self.ui.found.to_lowercase();
        if wanted.is_empty() {
            return;
        }
        let pane = self.ui.focus;
        let lines = self.searchable(pane);
        let view = self.ui.view(pane);
        let base = match pane {
            Pane::Code => self.picture.code.current.saturating_sub(self.picture.code.first_line),
            Pane::Ladder => self.picture.ladder.now,
            _ => 0,
        };
        let here = i64::try_from(base).unwrap_or(0)
            + if base > 0 || view.scroll != 0 {
                i64::from(view.scroll)
            } else {
                i64::try_from(view.selected).unwrap_or(0)
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

    pub(super) fn searchable(&self, pane: Pane) -> Vec<String> {
        let picture = &self.picture;
        match pane {
            Pane::Code => picture.code.lines.clone(),
            Pane::Stack => picture.stack.iter().map(|call| format!("{} {}", call.function, call.arguments)).collect(),
            Pane::Sock => picture.socks.first().map_or(Vec::new(), |sock| {
                sock.fields.iter().map(|field| format!("{} {}", field.name, field.value)).collect()
            }),
            Pane::Frame => picture.frame.as_ref().map_or(Vec::new(), |frame| {
                frame.rows.iter().map(|row| format!("{} {}", row.name, row.value)).collect()
            }),
            Pane::Timers => picture.timers.iter().map(|timer| format!("{} {}", timer.function, timer.owner)).collect(),
            Pane::Ladder => picture
                .ladder
                .rows
                .iter()
                .map(|row| match row {
                    LadderRow::Frame { label, .. } => label.clone(),
                    LadderRow::State { name, .. } => name.clone(),
                })
                .collect(),
            _ => Vec::new(),
        }
    }
}
