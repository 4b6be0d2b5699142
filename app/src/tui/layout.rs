//! Where everything stands, for every size of terminal.
//!
//! Five tiers add panes, never scale text. The layout is a pure function of the size and of what is focused, so that the
//! mouse is answered by the same rectangles that were drawn.

use ratatui::layout::Rect;

use crate::picture::pane::Pane;

/// How many panes there are.
pub const PANES: usize = 13;

/// How much a screen can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// One pane and a polite line.
    Tiny,
    /// Two panes and tabs.
    Small,
    /// Five panes.
    Medium,
    /// All panes.
    Large,
    /// All panes and the peer's socket.
    Huge,
}

impl Tier {
    /// The tier of a size.
    #[must_use]
    pub fn of(width: u16, height: u16) -> Self {
        match (width, height) {
            (200.., 60..) => Self::Huge,
            (160.., 45..) => Self::Large,
            (120.., 35..) => Self::Medium,
            (60.., 16..) => Self::Small,
            _ => Self::Tiny,
        }
    }
}

/// What a layout depends on besides the size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LayoutRequest {
    /// The pane with the focus.
    pub focus: Pane,
    /// The pane on the left where there are only two.
    pub left: Pane,
    /// The pane on the right where there are only two.
    pub pinned: Pane,
    /// Whether the focused pane takes all the room.
    pub zoomed: bool,
    /// Rows that the lesson wants inside its border; 0 where none is open.
    pub lesson_rows: u16,
    /// Whether a question is open, which takes the room of the panes on small screens.
    pub asking: bool,
}

/// The rectangles of one screen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// The title line.
    pub title: Rect,
    /// The one-line path of small screens.
    pub path_line: Rect,
    /// The tabs of small screens.
    pub tabs: Rect,
    /// The panes.
    pub panes: Vec<(Pane, Rect)>,
    /// The line of what changed.
    pub changed: Rect,
    /// The timeline, two rows.
    pub timeline: Rect,
    /// The keys.
    pub footer: Rect,
    /// The polite line of a tiny screen.
    pub polite: Rect,
}

impl Layout {
    /// The layout of a screen.
    #[must_use]
    pub fn of(area: Rect, wish: LayoutRequest) -> Self {
        match Tier::of(area.width, area.height) {
            Tier::Tiny => Self::tiny(area, wish),
            tier => Self::full(area, wish, tier),
        }
    }

    /// The pane at a cell.
    #[must_use]
    pub fn hit(&self, x: u16, y: u16) -> Option<(Pane, Rect)> {
        self.panes.iter().copied().find(|(_, area)| area.contains((x, y).into()))
    }

    fn tiny(area: Rect, wish: LayoutRequest) -> Self {
        let mut rest = area;
        let title = take_top(&mut rest, u16::from(area.height > 3));
        let polite = take_bottom(&mut rest, u16::from(area.height > 2));
        let changed = take_bottom(&mut rest, u16::from(area.height > 6));
        let pane = if wish.asking { Pane::Lesson } else { wish.focus };
        Self { title, changed, polite, panes: vec![(pane, rest)], ..Self::default() }
    }

    fn full(area: Rect, wish: LayoutRequest, tier: Tier) -> Self {
        let mut rest = area;
        let mut layout = Self { title: take_top(&mut rest, 1), ..Self::default() };
        layout.footer = take_bottom(&mut rest, 1);
        layout.timeline = take_bottom(&mut rest, 2);
        layout.changed = take_bottom(&mut rest, 1);
        if tier == Tier::Small {
            layout.path_line = take_top(&mut rest, 1);
            if !(wish.asking && rest.height < 24) {
                layout.tabs = take_top(&mut rest, 1);
            }
        } else if !wish.zoomed || wish.focus != Pane::Path {
            let path = take_top(&mut rest, 3);
            layout.panes.push((Pane::Path, path));
        }
        if wish.lesson_rows > 0 {
            let share = if tier == Tier::Small { 2 } else { 3 };
            let room = if wish.asking { rest.height.saturating_sub(5) } else { rest.height / share };
            let lesson = take_bottom(&mut rest, (wish.lesson_rows + 2).min(room));
            layout.panes.push((Pane::Lesson, lesson));
        }
        if wish.zoomed {
            layout.panes.push((wish.focus, rest));
            return layout;
        }
        // An open lesson takes its rows from the screen: better fewer panes than panes of one line.
        let tier = match tier {
            Tier::Huge if rest.height < 40 => Tier::Large,
            other => other,
        };
        match tier {
            Tier::Tiny | Tier::Small => layout.small(rest, wish),
            Tier::Large if rest.height < 31 => layout.medium(rest, wish),
            Tier::Medium => layout.medium(rest, wish),
            Tier::Large => layout.large(rest),
            Tier::Huge => layout.huge(rest),
        }
        layout
    }

    fn small(&mut self, rest: Rect, wish: LayoutRequest) {
        let right = rest.width * 9 / 20;
        let columns = split_columns(rest, &[rest.width - right, right]);
        self.place(&[wish.left, wish.pinned], &columns);
    }

    fn medium(&mut self, rest: Rect, wish: LayoutRequest) {
        let rows = split_rows(rest, &[rest.height * 11 / 20, 0]);
        let [top, bottom] = [rows[0], rows[1]];
        let code = top.width * 9 / 20;
        let ladder = (top.width - code) / 2;
        self.place(&[Pane::Code, Pane::Ladder, Pane::Sock], &split_columns(top, &[code, ladder, 0]));
        let third = if matches!(wish.left, Pane::Code | Pane::Ladder | Pane::Sock | Pane::State | Pane::Frame) {
            Pane::Stack
        } else {
            wish.left
        };
        let state = 48.min(bottom.width / 2);
        let frame = (bottom.width - state) / 2;
        self.place(&[Pane::Frame, Pane::State, third], &split_columns(bottom, &[frame, state, 0]));
    }

    fn large(&mut self, rest: Rect) {
        let (low, middle) = (9, 13);
        let spare = rest.height.saturating_sub(low + middle);
        let rows = split_rows(rest, &[spare, middle, 0]);
        let code = rest.width * 38 / 100;
        let ladder = rest.width * 31 / 100;
        self.place(&[Pane::Code, Pane::Ladder, Pane::Sock], &split_columns(rows[0], &[code, ladder, 0]));
        let stack = rest.width * 24 / 100;
        let queues = rest.width * 28 / 100;
        let timers = rest.width.saturating_sub(stack + 48 + queues);
        let columns = split_columns(rows[1], &[stack, 48, queues, timers]);
        self.place(&[Pane::Stack, Pane::State, Pane::Queues, Pane::Timers], &columns);
        let columns = split_columns(rows[2], &[rest.width * 36 / 100, 42, 0]);
        self.place(&[Pane::Frame, Pane::Bytes, Pane::Arp], &columns);
    }

    fn huge(&mut self, rest: Rect) {
        let (low, middle) = (12, 14);
        let rows = split_rows(rest, &[rest.height.saturating_sub(low + middle), middle, 0]);
        let width = rest.width;
        let columns = split_columns(rows[0], &[width * 32 / 100, width * 26 / 100, width * 21 / 100, 0]);
        self.place(&[Pane::Code, Pane::Ladder, Pane::Sock, Pane::Peer], &columns);
        let columns = split_columns(rows[1], &[width * 28 / 100, 50, width * 26 / 100, 0]);
        self.place(&[Pane::Stack, Pane::State, Pane::Queues, Pane::Timers], &columns);
        let columns = split_columns(rows[2], &[width * 34 / 100, 74, 0]);
        self.place(&[Pane::Frame, Pane::Bytes, Pane::Arp], &columns);
    }

    fn place(&mut self, panes: &[Pane], areas: &[Rect]) {
        self.panes.extend(panes.iter().copied().zip(areas.iter().copied()));
    }
}

fn take_top(rest: &mut Rect, rows: u16) -> Rect {
    let rows = rows.min(rest.height);
    let taken = Rect { height: rows, ..*rest };
    rest.y += rows;
    rest.height -= rows;
    taken
}

fn take_bottom(rest: &mut Rect, rows: u16) -> Rect {
    let rows = rows.min(rest.height);
    rest.height -= rows;
    Rect { y: rest.y + rest.height, height: rows, ..*rest }
}

/// Cuts an area into columns of the given widths; the last one takes what is left.
fn split_columns(area: Rect, widths: &[u16]) -> Vec<Rect> {
    let mut x = area.x;
    let mut columns = Vec::with_capacity(widths.len());
    for (place, width) in widths.iter().enumerate() {
        let left = area.right() - x;
        let width = if place + 1 == widths.len() { left } else { (*width).min(left) };
        columns.push(Rect { x, width, ..area });
        x += width;
    }
    columns
}

/// Cuts an area into rows of the given heights; the last one takes what is left.
fn split_rows(area: Rect, heights: &[u16]) -> Vec<Rect> {
    let mut y = area.y;
    let mut rows = Vec::with_capacity(heights.len());
    for (place, height) in heights.iter().enumerate() {
        let left = area.bottom() - y;
        let height = if place + 1 == heights.len() { left } else { (*height).min(left) };
        rows.push(Rect { y, height, ..area });
        y += height;
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(zoomed: bool, lesson_rows: u16) -> LayoutRequest {
        LayoutRequest { focus: Pane::Code, left: Pane::Code, pinned: Pane::Ladder, zoomed, lesson_rows, asking: false }
    }

    #[test]
    fn panes_never_overlap_and_never_leave_the_screen() {
        for width in (0..=250).step_by(7) {
            for height in 0..=80 {
                for (zoomed, rows) in [(false, 0), (true, 0), (false, 3), (true, 3)] {
                    let area = Rect::new(0, 0, width, height);
                    let layout = Layout::of(area, wish(zoomed, rows));
                    for (place, (pane, one)) in layout.panes.iter().enumerate() {
                        assert_eq!(area.intersection(*one), *one, "{pane:?} at {width}x{height}");
                        for (other, two) in &layout.panes[..place] {
                            let shared = one.intersection(*two);
                            assert!(shared.is_empty(), "{pane:?} and {other:?} at {width}x{height}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_larger_screen_shows_more() {
        let count = |width, height| Layout::of(Rect::new(0, 0, width, height), wish(false, 0)).panes.len();
        assert_eq!([count(40, 10), count(80, 24), count(120, 35), count(160, 45), count(200, 60)], [1, 2, 7, 11, 12]);
    }

    #[test]
    fn a_question_leaves_every_pane_room_to_say_something() {
        for (width, height) in [(160, 45), (200, 60), (120, 35)] {
            let layout = Layout::of(Rect::new(0, 0, width, height), wish(false, 10));
            for (pane, area) in &layout.panes {
                assert!(
                    area.height >= 5 || *pane == Pane::Path,
                    "{pane:?} has {} rows at {width}x{height}",
                    area.height
                );
            }
        }
    }

    #[test]
    fn the_mouse_finds_the_pane_that_was_drawn() {
        let layout = Layout::of(Rect::new(0, 0, 160, 45), wish(false, 0));
        for (pane, area) in &layout.panes {
            assert_eq!(layout.hit(area.x, area.y).map(|(hit, _)| hit), Some(*pane));
        }
        assert_eq!(layout.hit(0, 44), None);
    }
}
