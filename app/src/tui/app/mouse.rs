//! The mouse: it focuses, scrolls, scrubs the timeline, picks tabs, bytes and rows.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Rect;

use super::{App, Flow};
use crate::picture::Pane;
use crate::tui::action::Action;
use crate::tui::layout::Layout;
use crate::tui::pane::bars;
use crate::tui::pane::home::item_at;
use crate::tui::pane::{PaneStyle, timeline, window};
use crate::tui::panes::{bytes, ladder};
use crate::tui::playback::Playback;
use crate::tui::ui_state::Overlay;

impl App {
    pub(super) fn mouse(&mut self, mouse: MouseEvent) -> Flow {
        let (x, y) = (mouse.column, mouse.row);
        if !matches!(self.ui.overlay, Overlay::Nothing) {
            return Flow::Idle;
        }
        if self.session.is_none() {
            return self.mouse_at_home(mouse);
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
                self.click(x, y, &layout, matches!(mouse.kind, MouseEventKind::Down(_)));
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
                let answer = self.session.as_mut().map(|session| session.go_to(step));
                self.take_in(answer);
            }
            return;
        }
        if layout.tabs.contains(at) {
            let style = self.ui.plain();
            if let Some(pane) = bars::tab_at(x, layout.tabs, self.ui.open_tab(), self.ui.pinned, &style) {
                self.ui.focus_on(pane);
            }
            return;
        }
        let Some((pane, area)) = layout.hit(x, y) else { return };
        let was = self.ui.focus;
        if down {
            self.ui.focus_on(pane);
        }
        let inner = y.checked_sub(area.y + 1);
        match (pane, inner) {
            (Pane::Bytes, Some(row)) => self.click_byte(x, row, area),
            (Pane::Socks | Pane::Cpu | Pane::Processes, Some(row)) if down => self.click_row(pane, row, area),
            (Pane::Ladder, Some(row)) if down && was == Pane::Ladder && row > 0 => self.click_ladder(row - 1, area),
            _ => {}
        }
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
        self.follow();
    }

    pub(super) fn mouse_at_home(&mut self, mouse: MouseEvent) -> Flow {
        let style = PaneStyle { selected: self.ui.item, ..self.ui.plain() };
        match mouse.kind {
            MouseEventKind::ScrollUp => self.act(Action::Up),
            MouseEventKind::ScrollDown => self.act(Action::Down),
            MouseEventKind::Down(MouseButton::Left) => match item_at(self.area, mouse.row, &self.catalog, &style) {
                Some(item) if item == self.ui.item => self.act(Action::Enter),
                Some(item) => {
                    self.ui.item = item;
                    Flow::Draw
                }
                None => Flow::Idle,
            },
            _ => Flow::Idle,
        }
    }
}
