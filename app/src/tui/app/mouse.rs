//! The mouse: it focuses, scrolls, scrubs the timeline, picks tabs, bytes and rows.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use lessons::glossary::Glossary;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Margin, Rect};
use ratatui::style::Style;

use super::{App, Flow};
use crate::picture::Pane;
use crate::tui::action::Action;
use crate::tui::hints;
use crate::tui::layout::Layout;
use crate::tui::pane::card::ScreenWord;
use crate::tui::pane::home::{self, item_at};
use crate::tui::pane::{Moves, PaneStyle, bars, timeline, window};
use crate::tui::panes::{bytes, ladder, row};
use crate::tui::playback::Playback;
use crate::tui::screen;
use crate::tui::ui_state::{Overlay, PaneView};
use crate::tui::words::{at_column, words_of};

/// Rows of a pane that are looked through for the one under the mouse.
const MOST_ROWS: usize = 1000;

impl App {
    pub(super) fn mouse(&mut self, mouse: MouseEvent) -> Flow {
        let (x, y) = (mouse.column, mouse.row);
        if !matches!(self.ui.overlay, Overlay::Nothing) {
            return self.mouse_over(mouse);
        }
        if self.table().is_some() {
            return self.mouse_at_table(mouse);
        }
        if !self.is_open() {
            return self.mouse_at_home(mouse);
        }
        if let Some(flow) = self.mouse_on_oops(mouse) {
            return flow;
        }
        let layout = self.layout();
        match mouse.kind {
            MouseEventKind::ScrollUp | MouseEventKind::ScrollDown => {
                if let Some((pane, _)) = layout.hit(x, y) {
                    let focus = self.ui.focus;
                    self.ui.focus = pane;
                    let action = if mouse.kind == MouseEventKind::ScrollUp { Action::Up } else { Action::Down };
                    self.scroll(action);
                    self.ui.focus = focus;
                }
            }
            MouseEventKind::Down(MouseButton::Left) | MouseEventKind::Drag(MouseButton::Left) => {
                let down = matches!(mouse.kind, MouseEventKind::Down(_));
                if down && layout.footer.contains((x, y).into()) {
                    let hints = hints::footer(self.mode(), &self.ui, &self.picture);
                    let action = bars::hint_at(x, layout.footer, &hints);
                    return action.map_or(Flow::Idle, |action| self.act(action));
                }
                self.click(x, y, &layout, down);
            }
            _ => return Flow::Idle,
        }
        Flow::Draw
    }

    pub(super) fn click(&mut self, x: u16, y: u16, layout: &Layout, down: bool) {
        let at = (x, y).into();
        if layout.timeline.contains(at) {
            let style = self.ui.plain();
            if let Some(step) = timeline::step_at(layout.timeline.width, x - layout.timeline.x, &self.picture, &style) {
                self.ui.playback = Playback::Paused;
                self.go_to(step);
            }
            return;
        }
        if layout.tabs.contains(at) {
            let (style, arrangement) = (self.ui.plain(), screen::arrangement(&self.picture));
            let open = (self.ui.open_tab(), self.ui.pinned);
            if let Some(pane) = bars::tab_at(x, layout.tabs, open, arrangement, &style) {
                self.ui.focus_on(pane);
            }
            return;
        }
        let Some((pane, area)) = layout.hit(x, y) else { return };
        let was = self.ui.focus;
        // A second click on the same cell asks what stands there.
        let again = down && self.clicked.replace((x, y)) == Some((x, y));
        if again && was == pane && !matches!(pane, Pane::Ladder | Pane::Bytes) && self.explain_at(x, y) {
            return;
        }
        // What is under the mouse is what the pane showed before it had the focus.
        let under = if down { self.row_under(pane, (x, y), area) } else { None };
        if down {
            self.ui.focus_on(pane);
        }
        let inner = y.checked_sub(area.y + 1);
        match (pane, inner) {
            (Pane::Bytes, Some(row)) => self.click_byte(x, row, area),
            (Pane::Socks, Some(row)) if down => self.click_sock(row, area),
            (Pane::Ladder, Some(row)) if down && was == Pane::Ladder && row > 0 => self.click_ladder(row - 1, area),
            _ => {}
        }
        if let Some(under) = under {
            self.ui.change(pane, |view| *view = under);
        }
    }

    /// A pane with its cursor on the row at a place of the screen. The pane itself is asked: it is drawn with each of its rows as the
    /// chosen one, and the row whose shaded cells read as what stands under the mouse is meant; of several alike the nearest to the
    /// cursor.
    fn row_under(&self, pane: Pane, at: (u16, u16), area: Rect) -> Option<PaneView> {
        let content = row(pane).content;
        let (style, view) = (self.ui.style(pane), self.ui.view(pane));
        let place = |row: usize| i32::try_from(row).unwrap_or(i32::MAX);
        let home = match (pane, content.moves) {
            (Pane::Bytes | Pane::Socks, _) => return None,
            (Pane::Outline, Moves::Page(home)) => Some(place(home(&self.picture))),
            (_, Moves::Page(_)) => return None,
            (_, Moves::Cursor) => None,
        };
        let cursor = home.map_or(place(view.selected), |home| home.saturating_add(view.scroll));
        let mut rows: Vec<usize> = (0..(content.rows)(&self.picture).min(MOST_ROWS)).collect();
        rows.sort_by_key(|row| place(*row).abs_diff(cursor));
        let draw = |view: PaneView, focused: bool| {
            let mut drawn = Buffer::empty(area);
            let style = PaneStyle { focused, selected: view.selected, scroll: view.scroll, ..style };
            (content.render)(area, &mut drawn, &self.picture, &style);
            drawn
        };
        let shown = draw(view, style.focused);
        rows.into_iter()
            .map(|row| match home {
                Some(home) => PaneView { scroll: place(row) - home, ..view },
                None => PaneView { selected: row, ..view },
            })
            .find(|view| reads_the_same(&shown, &draw(*view, true), at, style.theme.selected))
    }

    /// Opens the card of the word at a place of the screen; says whether there is one.
    fn explain_at(&mut self, x: u16, y: u16) -> bool {
        let area = self.area;
        let mut buffer = Buffer::empty(area);
        self.draw(area, &mut buffer);
        let symbol = |column| buffer.cell((column, y)).map_or(String::new(), |cell| cell.symbol().to_owned());
        let line: Vec<String> = (area.left()..area.right()).map(symbol).collect();
        let word = at_column(&line, usize::from(x.saturating_sub(area.left())));
        let known = word.filter(|word| Glossary::shipped().explain(word, None).is_some());
        let Some(text) = known else { return false };
        // One that the pane names is opened among its neighbours.
        let (mut words, _) = words_of(self.ui.focus, &self.picture, self.ui.view(self.ui.focus));
        let place = words.iter().position(|word| word.text == text).unwrap_or_else(|| {
            words = vec![ScreenWord { text, subject: None }];
            0
        });
        self.open_card(words, place);
        true
    }

    /// A byte selects the innermost field that owns it.
    pub(super) fn click_byte(&mut self, x: u16, row: u16, area: Rect) {
        let style = self.ui.style(Pane::Bytes);
        let Some(frame) = &self.picture.frame else { return };
        let inner = Rect::new(area.x + 1, area.y + 1, area.width.saturating_sub(2), area.height.saturating_sub(2));
        let first = bytes::first_row(inner, frame, &style);
        let byte = x.checked_sub(inner.x).and_then(|x| bytes::byte_at(inner.width, x, row, first));
        let owner = byte.and_then(|byte| {
            let owners = frame.rows.iter().enumerate().filter(|(_, row)| row.range.contains(&byte));
            owners.max_by_key(|(_, row)| row.depth).map(|(place, _)| place)
        });
        if let Some(place) = owner {
            self.ui.change(Pane::Frame, |view| view.selected = place);
        }
    }

    pub(super) fn click_ladder(&mut self, row: u16, area: Rect) {
        let ladder = &self.picture.ladder;
        let legend = u16::from(area.height >= 11);
        let room = usize::from(area.height.saturating_sub(3 + legend));
        let cursor = ladder::selected(ladder, self.ui.view(Pane::Ladder).scroll);
        let first = window(ladder.rows.len(), room, cursor, 0);
        let target = (first + usize::from(row)).min(ladder.rows.len().saturating_sub(1));
        let now = i32::try_from(ladder.now).unwrap_or(0);
        let target = i32::try_from(target).unwrap_or(0);
        self.ui.change(Pane::Ladder, |view| view.scroll = target - now);
        if self.observed.is_some() { self.follow_observed() } else { self.follow() }
    }

    pub(super) fn mouse_at_home(&mut self, mouse: MouseEvent) -> Flow {
        let style = PaneStyle { selected: self.ui.item, ..self.ui.plain() };
        match mouse.kind {
            MouseEventKind::ScrollUp => self.act(Action::Up),
            MouseEventKind::ScrollDown => self.act(Action::Down),
            MouseEventKind::Down(MouseButton::Left)
                if home::footer(self.area).contains((mouse.column, mouse.row).into()) =>
            {
                let action = bars::hint_at(mouse.column, home::footer(self.area), &hints::at_home(&self.ui));
                action.map_or(Flow::Idle, |action| self.act(action))
            }
            MouseEventKind::Down(MouseButton::Left) => {
                match item_at(self.area, (mouse.column, mouse.row), &self.catalog, &style) {
                    Some(item) if item == self.ui.item => self.act(Action::Enter),
                    Some(item) => {
                        self.ui.item = item;
                        Flow::Draw
                    }
                    None => Flow::Idle,
                }
            }
            _ => Flow::Idle,
        }
    }
}

/// Whether a line whose cells are shaded in the column of the mouse reads as what is shown where the mouse is.
fn reads_the_same(shown: &Buffer, drawn: &Buffer, (x, y): (u16, u16), shade: Style) -> bool {
    let is_shaded =
        |cell: &Cell| shade.bg.is_none_or(|ground| cell.bg == ground) && cell.modifier.contains(shade.add_modifier);
    let inside = drawn.area.inner(Margin::new(1, 1));
    let symbol = |buffer: &Buffer, x, y| buffer.cell((x, y)).map(|cell| cell.symbol().to_owned());
    let mut lines = inside.rows().filter(|line| drawn.cell((x, line.y)).is_some_and(is_shaded));
    inside.contains((x, y).into())
        && lines.any(|line| {
            let shaded = line.columns().map(|column| column.x);
            let mut shaded = shaded.filter(|x| drawn.cell((*x, line.y)).is_some_and(is_shaded)).peekable();
            shaded.peek().is_some() && shaded.all(|x| symbol(drawn, x, line.y) == symbol(shown, x, y))
        })
}
