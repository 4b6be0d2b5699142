//! Where everything stands, for every size of terminal.
//!
//! Five tiers add panes, never scale text. Where a pane stands is a matter of its row in the table of
//! [`panes`](super::panes): this file only cuts the screen into the bands and strips that the rows speak of, and draws each
//! plan above the code that makes it. The layout is a pure function of the size and of what is focused, so that the mouse is
//! answered by the same rectangles that were drawn.

use ratatui::layout::Rect;

use lessons::{MOST_PANES, pair};

use super::panes::{Arrangement, Place, TABLE, Width, lesson, place};
use crate::picture::Pane;

/// Rows that the panes keep beside a lesson on a low screen.
const LEAST: u16 = 4;

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
    /// What the panes are arranged for.
    pub arrangement: Arrangement,
    /// The pane with the focus.
    pub focus: Pane,
    /// The pane on the left where there are only two.
    pub left: Pane,
    /// The pane on the right where there are only two.
    pub pinned: Pane,
    /// Whether the focused pane takes all the room.
    pub zoomed: bool,
    /// The panes of the lesson, which stand alone on the screen and never move; none where no lesson is open.
    pub lesson_panes: [Option<Pane>; MOST_PANES],
    /// The pane that the beat of a lesson is about, where it names one.
    pub lesson_about: Option<Pane>,
    /// Whether a lesson is open: it has a strip of its own, of the same height at every beat.
    pub has_lesson: bool,
    /// Whether a question is open, which takes the room of the panes on tiny screens.
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

    /// The frame of every larger screen; what is left in the middle is shared by the panes:
    ///
    /// ```text
    /// title
    /// path in one line, tabs        below 120x35 only; no tabs while a lesson is open, which brings its own panes
    /// strips (Top)                  from 120x35 on
    /// ... panes ...
    /// lesson (Bottom)               while one is open
    /// changed
    /// timeline, two rows
    /// footer
    /// ```
    fn full(area: Rect, wish: LayoutRequest, tier: Tier) -> Self {
        let mut rest = area;
        let mut layout = Self { title: take_top(&mut rest, 1), ..Self::default() };
        layout.footer = take_bottom(&mut rest, 1);
        layout.timeline = take_bottom(&mut rest, 2);
        layout.changed = take_bottom(&mut rest, 1);
        if tier == Tier::Small {
            layout.path_line = take_top(&mut rest, 1);
            if !wish.has_lesson {
                layout.tabs = take_top(&mut rest, 1);
            }
        } else {
            layout.strips(&mut rest, wish, Plan::of(tier, wish.arrangement));
        }
        if wish.has_lesson && !wish.zoomed {
            let height = lesson::HEIGHT.min(rest.height.saturating_sub(LEAST));
            let lesson = take_bottom(&mut rest, height);
            layout.panes.push((Pane::Lesson, lesson));
        }
        if wish.zoomed {
            layout.panes.push((wish.focus, rest));
            return layout;
        }
        // An open lesson takes its rows from the screen: better fewer panes than panes of one line.
        let room = match tier {
            Tier::Huge if rest.height >= 40 => Tier::Huge,
            Tier::Large | Tier::Huge if rest.height >= 31 => Tier::Large,
            Tier::Medium | Tier::Large | Tier::Huge => Tier::Medium,
            Tier::Tiny | Tier::Small => {
                layout.small(rest, wish);
                return layout;
            }
        };
        if wish.lesson_panes.iter().any(Option::is_some) {
            layout.grid(rest, wish);
        } else {
            layout.bands(rest, wish, Plan::of(room, wish.arrangement));
        }
        layout
    }

    /// The panes of a lesson, from 120x35: nothing but them, in the order of the lesson.
    ///
    /// ```text
    /// ┌ first ──┬ second ─┬ third ──┐
    /// │         │         │         │   up to three in one row
    /// ├ fourth ─┴──┬ fifth┴─────────┤
    /// │            │                │   the others below
    /// └────────────┴────────────────┘
    /// ```
    fn grid(&mut self, rest: Rect, wish: LayoutRequest) {
        let mut panes: Vec<Pane> = wish.lesson_panes.into_iter().flatten().filter(|pane| !self.stands(*pane)).collect();
        // One that is called from outside the lesson stands in the place of the last.
        if let Some(last) = panes.last_mut()
            && !self.stands(wish.focus)
            && !wish.lesson_panes.contains(&Some(wish.focus))
        {
            *last = wish.focus;
        }
        let above = if panes.len() > 3 { panes.len().div_ceil(2) } else { panes.len() };
        let rows = [panes.get(..above), panes.get(above..)].into_iter().flatten();
        let rows: Vec<&[Pane]> = rows.filter(|row| !row.is_empty()).collect();
        let height = rest.height / u16::try_from(rows.len().max(1)).unwrap_or(1);
        for (row, (y, height)) in rows.iter().zip(split(rest.y, rest.height, &vec![height; rows.len()])) {
            let width = rest.width / u16::try_from(row.len()).unwrap_or(1);
            for (pane, (x, width)) in row.iter().zip(split(rest.x, rest.width, &vec![width; row.len()])) {
                self.panes.push((*pane, Rect { x, y, width, height }));
            }
        }
    }

    /// Below 120x35: two panes, the one called last and the one that is pinned; in a lesson two of its own.
    ///
    /// ```text
    /// ┌─────────────┬──────────┐
    /// │ called last │ pinned   │  11 to 9; at the start Code and Ladder
    /// └─────────────┴──────────┘
    /// ```
    fn small(&mut self, rest: Rect, wish: LayoutRequest) {
        let right = rest.width * 9 / 20;
        let left = if self.stands(wish.focus) || wish.focus == wish.pinned { wish.left } else { wish.focus };
        let columns = split(rest.x, rest.width, &[rest.width - right, right]);
        // While the lesson itself has the focus, what its beat is about stays in sight.
        let called = if self.stands(wish.focus) { wish.lesson_about.unwrap_or(wish.left) } else { wish.focus };
        let of_lesson: Vec<Pane> = wish.lesson_panes.into_iter().flatten().collect();
        let pair = pair(&of_lesson, called).unwrap_or([left, wish.pinned]);
        for (pane, (x, width)) in pair.into_iter().zip(columns) {
            self.panes.push((pane, Rect { x, width, ..rest }));
        }
    }

    /// The strips of a plan: every pane that stands at the `Top`.
    fn strips(&mut self, rest: &mut Rect, wish: LayoutRequest, plan: Plan) {
        for row in &TABLE {
            if let Some(Place::Top(rows)) = place(row.pane, wish.arrangement, plan.size)
                && !(wish.zoomed && wish.focus == row.pane)
            {
                let strip = take_top(rest, rows);
                self.panes.push((row.pane, strip));
            }
        }
    }

    /// The bands of a plan; a pane that has no place in it stands in the guest's while it is wanted.
    fn bands(&mut self, rest: Rect, wish: LayoutRequest, plan: Plan) {
        let place = |pane: Pane| place(pane, wish.arrangement, plan.size);
        let placed = |pane: Pane| matches!(place(pane), Some(Place::At(..)));
        let called = [wish.focus, wish.left].into_iter().find(|pane| !placed(*pane) && !self.stands(*pane));
        let heights = plan.heights.map(|height| match height {
            Height::Percent(share) => rest.height * share / 100,
            Height::Rows(rows) => rows,
            Height::Rest => {
                rest.height.saturating_sub(plan.heights.iter().map(|other| other.fixed(rest.height)).sum::<u16>())
            }
            Height::Unused => 0,
        });
        let used = plan.heights.iter().filter(|height| **height != Height::Unused).count();
        let bands = split(rest.y, rest.height, heights.get(..used).unwrap_or(&heights));
        for (band, (y, height)) in bands.into_iter().enumerate() {
            let mut members: Vec<(u8, Pane, Width)> = TABLE
                .iter()
                .filter_map(|row| match place(row.pane) {
                    Some(Place::At(at, column, width)) if usize::from(at) == band => Some((column, row.pane, width)),
                    _ => None,
                })
                .collect();
            members.sort_by_key(|(column, ..)| *column);
            let widths: Vec<u16> = members
                .iter()
                .map(|(_, _, width)| match width {
                    Width::Percent(share) => rest.width * share / 100,
                    Width::Columns(columns) => *columns,
                    Width::Rest => rest.width,
                })
                .collect();
            for ((_, pane, _), (x, width)) in members.into_iter().zip(split(rest.x, rest.width, &widths)) {
                let pane = if pane == plan.guest { called.unwrap_or(pane) } else { pane };
                self.panes.push((pane, Rect { x, y, width, height }));
            }
        }
    }

    /// Whether a pane has its rectangle already.
    fn stands(&self, pane: Pane) -> bool {
        self.panes.iter().any(|(standing, _)| *standing == pane)
    }
}

/// How high a band is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Height {
    /// So many hundredths of the room.
    Percent(u16),
    /// So many rows.
    Rows(u16),
    /// What the other bands leave over.
    Rest,
    /// There is no such band.
    Unused,
}

impl Height {
    fn fixed(self, room: u16) -> u16 {
        match self {
            Self::Percent(share) => room * share / 100,
            Self::Rows(rows) => rows,
            Self::Rest | Self::Unused => 0,
        }
    }
}

/// The bands of one size of screen.
#[derive(Clone, Copy, Debug)]
struct Plan {
    /// The column of the table of panes that says who stands where.
    size: usize,
    /// The heights of the bands, from above.
    heights: [Height; 3],
    /// The pane whose place a pane takes that is called and has none here.
    guest: Pane,
}

impl Plan {
    /// From 120x35.
    ///
    /// ```text
    /// ┌ Path ─────────────────────────────────┐   3 rows
    /// ├ Code ────────┬ Ladder ────┬ Sock ─────┤
    /// │          45% │        28% │      rest │   band 0: 55 %
    /// ├ Frame ───────┼ State ─────┼ Stack ────┤
    /// │          30% │ 48 columns │     guest │   band 1: the rest
    /// └──────────────┴────────────┴───────────┘
    /// ```
    const MEDIUM: Self =
        Self { size: 0, heights: [Height::Percent(55), Height::Rest, Height::Unused], guest: Pane::Stack };

    /// From 160x45.
    ///
    /// ```text
    /// ┌ Path ─────────────────────────────────────────┐   3 rows
    /// ├ Code ───────────┬ Ladder ────────┬ Sock ──────┤
    /// │             38% │            31% │       rest │   band 0: the rest
    /// ├ Stack ───┬ State ─────┬ Queues ──┬ Timers ────┤
    /// │      24% │ 48 columns │      28% │       rest │   band 1: 13 rows
    /// ├ Frame ───┴─────┬ Bytes ──────┬ ARP ───────────┤
    /// │            36% │  42 columns │          guest │   band 2: 9 rows
    /// └────────────────┴─────────────┴────────────────┘
    /// ```
    const LARGE: Self = Self { size: 1, heights: [Height::Rest, Height::Rows(13), Height::Rows(9)], guest: Pane::Arp };

    /// From 200x60.
    ///
    /// ```text
    /// ┌ Path ───────────────────────────────────────────────┐   3 rows
    /// ├ Code ──────────┬ Ladder ───────┬ Sock ─────┬ Peer ──┤
    /// │            32% │           26% │       21% │   rest │   band 0: the rest
    /// ├ Stack ─────┬ State ──────┬ Queues ────┬ Timers ─────┤
    /// │        28% │  50 columns │        26% │        rest │   band 1: 14 rows
    /// ├ Frame ─────┴─┬ Bytes ────┴───────┬ ARP ─────────────┤
    /// │          34% │        74 columns │            guest │   band 2: 12 rows
    /// └──────────────┴───────────────────┴──────────────────┘
    /// ```
    const HUGE: Self = Self { size: 2, heights: [Height::Rest, Height::Rows(14), Height::Rows(12)], guest: Pane::Arp };

    /// From 120x35, for an observed capture. (No strip: nothing runs that takes a path.)
    ///
    /// ```text
    /// ├ Capture ───────────┬ Ladder ──────────┤
    /// │                55% │             rest │   band 0: 55 %
    /// ├ Sock ────┬ State ──┴───┬ Frame ───────┤
    /// │      30% │  48 columns │        guest │   band 1: the rest
    /// └──────────┴─────────────┴──────────────┘
    /// ```
    const MEDIUM_FRAMES: Self = Self { guest: Pane::Frame, ..Self::MEDIUM };

    /// From 160x45, for an observed capture.
    ///
    /// ```text
    /// ├ Capture ────────┬ Ladder ────────┬ Sock ──────┤
    /// │             42% │            33% │       rest │   band 0: the rest
    /// ├ Plot ─────────┬ State ─────┬ Queues ──────────┤
    /// │           34% │ 48 columns │             rest │   band 1: 13 rows
    /// ├ Frame ───────┬┴ Bytes ─────┼ Peer ────────────┤
    /// │          30% │  42 columns │            guest │   band 2: 9 rows
    /// └──────────────┴─────────────┴──────────────────┘
    /// ```
    const LARGE_FRAMES: Self = Self { guest: Pane::Peer, ..Self::LARGE };

    /// From 200x60, for an observed capture.
    ///
    /// ```text
    /// ├ Capture ───────┬ Ladder ──────┬ Sock ─────┬ Peer ───┤
    /// │            34% │          27% │       20% │    rest │   band 0: the rest
    /// ├ Plot ──────────┴──┬ State ────┴─┬ Queues ─┴─────────┤
    /// │               36% │  50 columns │              rest │   band 1: 14 rows
    /// ├ Frame ─────────┬ Bytes ─────────────┬ All socks ────┤
    /// │            34% │         74 columns │         guest │   band 2: 12 rows
    /// └────────────────┴────────────────────┴───────────────┘
    /// ```
    const HUGE_FRAMES: Self = Self { guest: Pane::Socks, ..Self::HUGE };

    /// The plan of a tier that has bands.
    fn of(tier: Tier, arrangement: Arrangement) -> Self {
        match (tier, arrangement) {
            (Tier::Tiny | Tier::Small | Tier::Medium, Arrangement::Run) => Self::MEDIUM,
            (Tier::Tiny | Tier::Small | Tier::Medium, Arrangement::Frames) => Self::MEDIUM_FRAMES,
            (Tier::Large, Arrangement::Run) => Self::LARGE,
            (Tier::Large, Arrangement::Frames) => Self::LARGE_FRAMES,
            (Tier::Huge, Arrangement::Run) => Self::HUGE,
            (Tier::Huge, Arrangement::Frames) => Self::HUGE_FRAMES,
        }
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

/// Cuts a line from `start`, `length` long, into pieces of the given lengths (start and length of each); the last one takes
/// what is left.
fn split(start: u16, length: u16, lengths: &[u16]) -> Vec<(u16, u16)> {
    let end = start + length;
    let mut at = start;
    let mut pieces = Vec::with_capacity(lengths.len());
    for (place, wanted) in lengths.iter().enumerate() {
        let left = end - at;
        let piece = if place + 1 == lengths.len() { left } else { (*wanted).min(left) };
        pieces.push((at, piece));
        at += piece;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(zoomed: bool, has_lesson: bool) -> LayoutRequest {
        let arrangement = Arrangement::Run;
        let (focus, left, pinned) = (Pane::Code, Pane::Code, Pane::Ladder);
        LayoutRequest {
            arrangement,
            focus,
            left,
            pinned,
            zoomed,
            lesson_panes: [None; MOST_PANES],
            lesson_about: None,
            has_lesson,
            asking: false,
        }
    }

    const BOTH: [Arrangement; 2] = [Arrangement::Run, Arrangement::Frames];

    #[test]
    fn panes_never_overlap_and_never_leave_the_screen() {
        for width in (0..=250).step_by(7) {
            for height in 0..=80 {
                let cases = [(false, false), (true, false), (false, true), (true, true)];
                for (arrangement, (zoomed, has_lesson)) in
                    BOTH.into_iter().flat_map(|one| cases.map(|case| (one, case)))
                {
                    let area = Rect::new(0, 0, width, height);
                    let layout = Layout::of(area, LayoutRequest { arrangement, ..wish(zoomed, has_lesson) });
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
        let count = |width, height| Layout::of(Rect::new(0, 0, width, height), wish(false, false)).panes.len();
        assert_eq!([count(40, 10), count(80, 24), count(120, 35), count(160, 45), count(200, 60)], [1, 2, 7, 11, 12]);
    }

    #[test]
    fn every_pane_that_gets_the_focus_is_on_the_screen_once() {
        for (width, height) in [(40, 10), (80, 24), (120, 35), (160, 45), (200, 60)] {
            let cases = [(false, false), (true, false), (false, true), (true, true)];
            for (arrangement, (has_lesson, zoomed)) in BOTH.into_iter().flat_map(|one| cases.map(|case| (one, case))) {
                for focus in Pane::ALL.iter().copied() {
                    let left = if matches!(focus, Pane::Lesson | Pane::Ladder) { Pane::Code } else { focus };
                    let wish = LayoutRequest { arrangement, focus, left, ..wish(zoomed, has_lesson) };
                    let panes = Layout::of(Rect::new(0, 0, width, height), wish).panes;
                    for pane in Pane::ALL {
                        let times = panes.iter().filter(|(standing, _)| standing == pane).count();
                        let wanted = if *pane == focus { 1..=1 } else { 0..=1 };
                        assert!(
                            wanted.contains(&times),
                            "{focus:?}: {pane:?} stands {times} times at {width}x{height}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn the_places_of_the_table_are_places_of_the_plans() {
        let tiers = [Tier::Medium, Tier::Large, Tier::Huge];
        for (arrangement, tier) in BOTH.into_iter().flat_map(|one| tiers.map(|tier| (one, tier))) {
            let plan = Plan::of(tier, arrangement);
            let at = |pane: Pane| place(pane, arrangement, plan.size).unwrap();
            assert!(matches!(at(plan.guest), Place::At(..)), "the guest of {plan:?} has a place");
            let mut taken = Vec::new();
            for row in &TABLE {
                if let Place::At(band, column, _) = at(row.pane) {
                    assert_ne!(plan.heights[usize::from(band)], Height::Unused, "{}", row.pane.id());
                    assert!(!taken.contains(&(band, column)), "{} stands on another pane", row.pane.id());
                    taken.push((band, column));
                }
            }
        }
    }

    #[test]
    fn a_question_leaves_every_pane_room_to_say_something() {
        for (width, height) in [(160, 45), (200, 60), (120, 35)] {
            let layout = Layout::of(Rect::new(0, 0, width, height), wish(false, true));
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
        let layout = Layout::of(Rect::new(0, 0, 160, 45), wish(false, false));
        for (pane, area) in &layout.panes {
            assert_eq!(layout.hit(area.x, area.y).map(|(hit, _)| hit), Some(*pane));
        }
        assert_eq!(layout.hit(0, 44), None);
    }
}
