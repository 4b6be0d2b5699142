//! The mouse over what lies over the screen: whatever stands there and can be done by a key can be done by a click on it.
//!
//! A row is chosen, and done what Enter does to it where it is chosen already; a key that a panel, a border or a card names is pressed
//! by a click on its name; the wheel moves the choice; a click beside it puts it away.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;

use super::{App, Flow};
use crate::tui::action::by_id;
use crate::tui::canvas::width_of;
use crate::tui::keymap::Key;
use crate::tui::pane::comparison::line_at;
use crate::tui::pane::frame_form::{self, FormHit};
use crate::tui::pane::overlay::{ChoiceHit, OopsHit, choice_at, next_key_at, oops_at};
use crate::tui::pane::proc_net::{self, ProcHit};
use crate::tui::pane::why::{self, WhyHit};
use crate::tui::pane::{PaneStyle, overlay};
use crate::tui::screen;
use crate::tui::ui_state::{Overlay, UiState};

impl App {
    /// The mouse while something lies over the screen.
    pub(super) fn mouse_over(&mut self, mouse: MouseEvent) -> Flow {
        let at = (mouse.column, mouse.row);
        let wheel = match mouse.kind {
            MouseEventKind::ScrollUp => Some("Up"),
            MouseEventKind::ScrollDown => Some("Down"),
            MouseEventKind::Down(MouseButton::Left) => None,
            _ => return Flow::Idle,
        };
        if let Some(key) = wheel {
            return match self.ui.overlay {
                Overlay::Help(..)
                | Overlay::Palette(..)
                | Overlay::ProcNet(_)
                | Overlay::Compare(_)
                | Overlay::Frame(_)
                | Overlay::Go(_)
                | Overlay::Card(_)
                | Overlay::Skb(_)
                | Overlay::Side(_)
                | Overlay::Reading(_)
                | Overlay::Why(_) => self.press(&Key::named(key)),
                _ => Flow::Idle,
            };
        }
        if let Some(key) = self.named_key_at(at) {
            return self.press(&key);
        }
        match &self.ui.overlay {
            Overlay::Go(_) | Overlay::Card(_) => self.click_going(at),
            Overlay::Help(..) | Overlay::Palette(..) => self.click_choice(at),
            Overlay::Why(view) => {
                let style = PaneStyle { selected: view.selected, ..self.ui.plain() };
                match why::hit(self.area, at, view, &style) {
                    WhyHit::Row(row) => self.click_why(row),
                    WhyHit::Within => Flow::Idle,
                    WhyHit::Beside => self.press(&Key::named("Esc")),
                }
            }
            Overlay::Side(_) => self.click_side(at),
            Overlay::Compare(_) => self.click_comparison(at),
            Overlay::Frame(_) => self.click_form(at),
            Overlay::ProcNet(view) => match proc_net::hit(self.area, at.into(), &view.text, view.whole) {
                ProcHit::File(place) => self.press(&Key::named(&(place + 1).to_string())),
                ProcHit::Within => Flow::Idle,
                ProcHit::Beside => self.press(&Key::named("Esc")),
            },
            Overlay::WhichKey(prefix) => {
                let next = screen::next_keys(&self.ui, prefix);
                self.click_next_key(at, &next)
            }
            Overlay::Prompt(..) => {
                let next = screen::marks(&self.ui).unwrap_or_default();
                self.click_next_key(at, &next)
            }
            Overlay::Output(..)
            | Overlay::Reading(_)
            | Overlay::Skb(_)
            | Overlay::Call(_)
            | Overlay::Stop(_)
            | Overlay::Nothing => self.press(&Key::named("Esc")),
        }
    }

    /// A click on a key that may follow presses it.
    fn click_next_key(&mut self, at: (u16, u16), next: &overlay::NextKeys) -> Flow {
        let key = next_key_at(self.area, at, next).filter(|key| !key.is_empty());
        self.press(&Key::named(key.as_deref().unwrap_or("Esc")))
    }

    /// A click on the help or the palette runs the row.
    fn click_choice(&mut self, at: (u16, u16)) -> Flow {
        let (Overlay::Help(_, selected) | Overlay::Palette(_, selected)) = &self.ui.overlay else { return Flow::Idle };
        let style = PaneStyle { selected: *selected, ..self.ui.plain() };
        let hit = screen::with_choice(&self.ui, !self.is_open(), |choice| choice_at(self.area, at, choice, &style));
        match hit {
            Some(ChoiceHit::Row(row)) => {
                if let Overlay::Help(_, selected) | Overlay::Palette(_, selected) = &mut self.ui.overlay {
                    *selected = row;
                }
                self.press(&Key::named("Enter"))
            }
            Some(ChoiceHit::Within) => Flow::Idle,
            Some(ChoiceHit::Beside) | None => self.press(&Key::named("Esc")),
        }
    }

    /// A click on a line of a comparison chooses it; on the chosen one it goes to its frame. The line below the comparison closes it.
    fn click_comparison(&mut self, at: (u16, u16)) -> Flow {
        let Overlay::Compare(view) = &mut self.ui.overlay else { return Flow::Idle };
        match line_at(self.area, at, view) {
            Some(line) if line == view.selected => self.press(&Key::named("Enter")),
            Some(line) => {
                view.selected = line;
                Flow::Draw
            }
            None if at.1 + 1 >= self.area.bottom() => self.press(&Key::named("Esc")),
            None => Flow::Idle,
        }
    }

    /// A click on a field chooses it; the chosen one is turned where it is a flag, else its value is typed.
    fn click_form(&mut self, at: (u16, u16)) -> Flow {
        let Overlay::Frame(form) = &mut self.ui.overlay else { return Flow::Idle };
        let key = match frame_form::hit(self.area, at.into(), form) {
            FormHit::Field(row) if row != form.selected && form.input.is_none() => {
                form.selected = row;
                return Flow::Draw;
            }
            // What is typed is taken before anything else is.
            FormHit::Field(_) | FormHit::Checksums if form.input.is_some() => "Enter",
            FormHit::Field(row) if form.fields.get(row).is_some_and(|field| field.field.bits.len() == 1) => "Space",
            FormHit::Field(_) => "Enter",
            FormHit::Checksums => "c",
            FormHit::Within => return Flow::Idle,
            FormHit::Beside => "Esc",
        };
        self.press(&Key::named(key))
    }

    /// A click on a line of the card of a kernel that has died, while it is shown.
    pub(super) fn mouse_on_oops(&mut self, mouse: MouseEvent) -> Option<Flow> {
        if mouse.kind != MouseEventKind::Down(MouseButton::Left) {
            return None;
        }
        let oops = screen::shown_oops(&self.ui, &self.picture)?;
        match oops_at(self.area, (mouse.column, mouse.row).into(), oops, &self.ui.plain()) {
            // The card goes; what else that key does is not meant.
            OopsHit::Line("unzoom") => Some(self.press(&Key::named("Esc"))),
            OopsHit::Line(id) => by_id(id).map(|entry| self.act(entry.action)),
            OopsHit::Within => Some(Flow::Idle),
            OopsHit::Beside => None,
        }
    }

    /// The key that is named at a place of the lower border of what lies over the screen.
    fn named_key_at(&self, (x, y): (u16, u16)) -> Option<Key> {
        // As letters stand there before they are made fit for the terminal.
        let ui = UiState { ascii: false, is_ambiguous_wide: false, ..self.ui.clone() };
        let bare = UiState { overlay: Overlay::Nothing, ..ui.clone() };
        let [over, under] = [&ui, &bare].map(|ui| self.symbols(ui, y));
        let column = usize::from(x.checked_sub(self.area.x)?);
        let is_line = |symbol: &String| symbol == "━" || symbol == "┗" || symbol == "┛";
        let from = over.get(..column)?.iter().rposition(is_line)? + 1;
        let to = column + over.get(column..)?.iter().position(is_line)?;
        let is_border = over.get(..from)?.iter().any(|symbol| symbol == "┗");
        let is_same = over.get(from..to) == under.get(from..to);
        if !is_border || is_same || from > to {
            return None;
        }
        key_named(over.get(from..to)?, column - from).map(|name| Key::named(&name))
    }

    /// What stands in a line of the screen, cell by cell; nothing in the second cell of a wide character.
    fn symbols(&self, ui: &UiState, y: u16) -> Vec<String> {
        let mut buffer = Buffer::empty(self.area);
        self.draw_as(self.area, &mut buffer, ui);
        let mut is_second = false;
        let symbol = |x| {
            let symbol = buffer.cell((x, y)).map_or("", |cell| cell.symbol());
            let shown = if std::mem::take(&mut is_second) { "" } else { symbol };
            is_second = width_of(shown) == 2;
            shown.to_owned()
        };
        (self.area.left()..self.area.right()).map(symbol).collect()
    }
}

/// The key that a hint such as ` n N differences · Enter goes ` names under one of its cells: of the keys that begin the part between
/// two points the one under the cell, or the first.
fn key_named(cells: &[String], at: usize) -> Option<String> {
    let start = cells.get(..at)?.iter().rposition(|symbol| symbol == "·").map_or(0, |place| place + 1);
    let end = cells.get(at..)?.iter().position(|symbol| symbol == "·").map_or(cells.len(), |place| at + place);
    let mut first = None;
    let mut word = String::new();
    let mut under = false;
    let part = cells.get(start..end)?;
    for (place, symbol) in part.iter().map(String::as_str).chain([" "]).enumerate() {
        if symbol.is_empty() {
            under |= start + place == at;
        } else if symbol == " " {
            match key_of(&word) {
                Some(key) if under => return Some(key),
                Some(key) => first = first.or(Some(key)),
                None if word.is_empty() || matches!(word.as_str(), "or" | "to" | "或" | "到") => {}
                // What the keys do begins here.
                None => return first,
            }
            word.clear();
            under = false;
        } else if matches!(symbol, "←" | "→" | "↑" | "↓") {
            // Arrows stand side by side.
            let key = arrow(symbol).to_owned();
            if start + place == at {
                return Some(key);
            }
            first = first.or(Some(key));
        } else {
            word.push_str(symbol);
            under |= start + place == at;
        }
    }
    first
}

fn arrow(symbol: &str) -> &'static str {
    match symbol {
        "←" => "Left",
        "→" => "Right",
        "↑" => "Up",
        _ => "Down",
    }
}

/// A key by the word that a hint has for it.
fn key_of(word: &str) -> Option<String> {
    let name = match word {
        "Enter" | "Esc" | "Tab" | "Space" | "Backspace" => word,
        "空格" => "Space",
        "PgUp" => "PageUp",
        "PgDn" => "PageDown",
        "Shift-Tab" => "BackTab",
        _ if word.starts_with("Ctrl-") => word,
        _ if word.len() == 1 && word.bytes().all(|byte| byte.is_ascii_graphic()) => word,
        _ => return None,
    };
    Some(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hint_names_the_key_under_the_cell_or_its_first() {
        let cells: Vec<String> =
            " n N differences · ←→ or 1 turn · Space turn a flag ".chars().map(String::from).collect();
        let named = |at: usize| key_named(&cells, at);
        let wanted =
            [(1, "n"), (3, "N"), (9, "n"), (19, "Left"), (20, "Right"), (25, "1"), (28, "Left"), (48, "Space")];
        for (at, key) in wanted {
            assert_eq!(named(at).as_deref(), Some(key), "{at}");
        }
        let words: Vec<String> = " type to search ".chars().map(String::from).collect();
        assert_eq!(key_named(&words, 7), None, "that names no key");
    }
}
