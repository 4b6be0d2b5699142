//! Every pane of the screen, once: its title, its keys, what draws it, and where it stands on each size of screen.
//!
//! [`TABLE`] is the only list. The keys (`1`, `g p c`), the palette and the help, the tabs of small screens, the layouts,
//! scrolling, searching and `export --pane` are all made from it, and nothing else in the program runs through the panes by
//! name. Number and order are those of [`Pane::ALL`]: a pane without a row, or a row out of order, does not compile.
//!
//! # To add a pane
//!
//! 1. `lessons/src/pane.rs`: a variant with its name. (What it shows, if no pane shows it yet, becomes a field of `Picture`.)
//! 2. `tui/panes/NAME.rs`: its drawing, ending in one constant [`Content`].
//! 3. `tui/panes/help.rs`: its words in the help, and its arm. (It does not compile without.)
//! 4. Here: `pub mod NAME;` and its row. `tests/tui_panes.rs` then focuses, scrolls, zooms, finds and searches it.
//!
//! # Places
//!
//! `At(band, column, width)`: in that band (row of panes, from above), so far from the left, so wide; the drawings of the
//! bands stand in `layout.rs`. `Top(rows)`: a strip under the title. `Bottom`: a strip above the timeline while it has
//! something to show. `Called`: not there by itself; when it gets the focus it stands in the place of the guest. On screens
//! below 120x35 every pane is called: the left half shows the one that was called last.

pub mod arp;
pub mod branches;
pub mod bytes;
pub mod capture;
pub mod code;
pub mod cpu;
pub mod frame;
pub mod help;
pub mod ladder;
pub mod lesson;
pub mod outline;
pub mod path;
pub mod plot;
pub mod processes;
pub mod queues;
pub mod sock;
pub mod socks;
pub mod stack;
pub mod state;
pub mod stops;
pub mod tables;
pub mod timers;

use super::pane::Content;
use crate::i18n::Words;
use crate::picture::Pane;

/// How wide a pane is in its band.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// So many hundredths of the band.
    Percent(u16),
    /// So many columns.
    Columns(u16),
    /// What the panes to its left have left over; the last pane of a band takes that in any case.
    Rest,
}

/// Where a pane stands on screens of one size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Band from above, place from the left, width.
    At(u8, u8, Width),
    /// A strip of so many rows under the title line.
    Top(u16),
    /// A strip above the line of changes, as high as what it shows.
    Bottom,
    /// In the guest's place while it has the focus.
    Called,
}

/// One row of the table.
#[derive(Clone, Copy)]
pub struct Row {
    /// Which pane.
    pub pane: Pane,
    /// Its title.
    pub title: Words,
    /// Its label in the palette, in the help and after `g p`.
    pub label: Words,
    /// Its name among the actions.
    pub action: &'static str,
    /// Its keys: a digit where it has one, then `g p` and a letter of its own.
    pub keys: &'static [&'static str],
    /// How it is drawn, moved in and searched.
    pub content: Content,
    /// Where it stands from 120x35, from 160x45 and from 200x60 on.
    pub places: [Place; 3],
}

/// What the panes are arranged for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Arrangement {
    /// A run of a stack: the places of [`TABLE`].
    #[default]
    Run,
    /// The frames of an observed capture, beside which no kernel runs: the places of [`FRAMES`].
    Frames,
}

use Place::{At, Bottom, Called, Top};
use Width::{Columns, Percent, Rest};

macro_rules! table {
    ($($pane:ident $id:literal $en:literal $zh:literal [$($key:literal),*] $content:path, $medium:expr, $large:expr, $huge:expr;)*) => {
        /// Every pane.
        pub const TABLE: [Row; Pane::ALL.len()] = [$(Row {
            pane: Pane::$pane,
            title: Words { en: $en, zh: $zh },
            label: Words { en: concat!("pane: ", $en), zh: concat!("窗格：", $zh) },
            action: concat!("pane-", $id),
            keys: &[$($key),*],
            content: $content,
            places: [$medium, $large, $huge],
        }),*];
    };
}

table! {
    // pane, name      English   Chinese     keys             drawn by          from 120x35             160x45                  200x60
    Code   "code"      "Code"    "代码"      ["1", "g p c"]   code::CONTENT,    At(0, 0, Percent(45)),  At(0, 0, Percent(38)),  At(0, 0, Percent(32));
    Sock   "sock"      "Sock"    "sock"      ["2", "g p s"]   sock::CONTENT,    At(0, 2, Rest),         At(0, 2, Rest),         At(0, 2, Percent(21));
    State  "state"     "State"   "状态"      ["3", "g p t"]   state::CONTENT,   At(1, 1, Columns(48)),  At(1, 1, Columns(48)),  At(1, 1, Columns(50));
    Ladder "ladder"    "Ladder"  "时序图"    ["4", "g p l"]   ladder::CONTENT,  At(0, 1, Percent(28)),  At(0, 1, Percent(31)),  At(0, 1, Percent(26));
    Queues "queues"    "Queues"  "队列"      ["5", "g p q"]   queues::CONTENT,  Called,                 At(1, 2, Percent(28)),  At(1, 2, Percent(26));
    Arp    "arp"       "ARP"     "ARP 表"    ["6", "g p a"]   arp::CONTENT,     Called,                 At(2, 2, Rest),         At(2, 2, Rest);
    Frame  "frame"     "Frame"   "帧"        ["7", "g p f"]   frame::CONTENT,   At(1, 0, Percent(30)),  At(2, 0, Percent(36)),  At(2, 0, Percent(34));
    Stack  "stack"     "Stack"   "调用栈"    ["8", "g p k"]   stack::CONTENT,   At(1, 2, Rest),         At(1, 0, Percent(24)),  At(1, 0, Percent(28));
    Timers "timers"    "Timers"  "定时器"    ["9", "g p m"]   timers::CONTENT,  Called,                 At(1, 3, Rest),         At(1, 3, Rest);
    Path   "path"      "Path"    "路径"      ["0", "g p p"]   path::CONTENT,    Top(3),                 Top(3),                 Top(3);
    Bytes  "bytes"     "Bytes"   "字节"      ["g p b"]        bytes::CONTENT,   Called,                 At(2, 1, Columns(42)),  At(2, 1, Columns(74));
    Peer   "peer"      "Peer"    "对端"      ["g p o"]        sock::PEER,       Called,                 Called,                 At(0, 3, Rest);
    Branches "branches" "Branches" "分支"   ["g p y"]        branches::CONTENT, Called,               Called,                 Called;
    Stops  "stops"     "Stops"   "停止点"    ["g p x"]        stops::CONTENT,   Called,                 Called,                 Called;
    Lesson "lesson"    "Lesson"  "课程"      ["g p n"]        lesson::CONTENT,  Bottom,                 Bottom,                 Bottom;
    Cpu    "cpu"       "Cpu"     "处理器"    ["g p u"]        cpu::CONTENT,     Called,                 Called,                 Called;
    Tables "tables"    "Tables"  "函数表"    ["g p d"]        tables::CONTENT,  Called,                 Called,                 Called;
    Processes "processes" "Processes" "进程" ["g p r"]        processes::CONTENT, Called,               Called,                 Called;
    Socks  "socks"     "All socks" "全部 sock" ["g p h"]        socks::CONTENT,   Called,                 Called,                 Called;
    Plot   "plot"      "Plot"    "曲线图"    ["g p g"]        plot::CONTENT,    Called,                 Called,                 Called;
    Outline "outline"  "Outline" "调用树"    ["g p i"]        outline::CONTENT, Called,                 Called,                 Called;
    Capture "capture"  "Capture" "抓包"      ["g p v"]        capture::CONTENT, Called,                 Called,                 Called;
}

// The table is looked up by place: a row out of order must not compile.
const _: () = {
    let mut place = 0;
    while place < TABLE.len() {
        assert!(TABLE[place].pane.index() == place, "the rows stand in the order of Pane::ALL");
        place += 1;
    }
};

/// Where panes stand while a capture is observed, on screens from 120x35, from 160x45 and from 200x60 on; all others are called.
pub const FRAMES: &[(Pane, [Place; 3])] = &[
    (Pane::Capture, [At(0, 0, Percent(55)), At(0, 0, Percent(42)), At(0, 0, Percent(34))]),
    (Pane::Ladder, [At(0, 1, Rest), At(0, 1, Percent(33)), At(0, 1, Percent(27))]),
    (Pane::Sock, [At(1, 0, Percent(30)), At(0, 2, Rest), At(0, 2, Percent(20))]),
    (Pane::State, [At(1, 1, Columns(48)), At(1, 1, Columns(48)), At(1, 1, Columns(50))]),
    (Pane::Frame, [At(1, 2, Rest), At(2, 0, Percent(30)), At(2, 0, Percent(34))]),
    (Pane::Queues, [Called, At(1, 2, Rest), At(1, 2, Rest)]),
    (Pane::Plot, [Called, At(1, 0, Percent(34)), At(1, 0, Percent(36))]),
    (Pane::Bytes, [Called, At(2, 1, Columns(42)), At(2, 1, Columns(74))]),
    (Pane::Peer, [Called, At(2, 2, Rest), At(0, 3, Rest)]),
    (Pane::Socks, [Called, Called, At(2, 2, Rest)]),
];

/// Where a pane stands; `size` counts the three sizes of screen from 0.
#[must_use]
pub fn place(pane: Pane, arrangement: Arrangement, size: usize) -> Option<Place> {
    let places = match arrangement {
        Arrangement::Run => &row(pane).places,
        Arrangement::Frames => FRAMES.iter().find(|(placed, _)| *placed == pane).map_or(&[Called; 3], |(_, at)| at),
    };
    places.get(size).copied()
}

/// Whether a pane has a place on some screen while a capture is observed.
#[must_use]
pub fn is_placed(pane: Pane) -> bool {
    FRAMES.iter().any(|(placed, _)| *placed == pane)
}

/// Whether a pane shows what only a running kernel has.
#[must_use]
pub fn needs_kernel(pane: Pane) -> bool {
    match pane {
        Pane::Sock
        | Pane::Peer
        | Pane::State
        | Pane::Ladder
        | Pane::Queues
        | Pane::Frame
        | Pane::Bytes
        | Pane::Socks
        | Pane::Plot
        | Pane::Capture => false,
        Pane::Code
        | Pane::Arp
        | Pane::Stack
        | Pane::Timers
        | Pane::Path
        | Pane::Branches
        | Pane::Stops
        | Pane::Lesson
        | Pane::Cpu
        | Pane::Tables
        | Pane::Processes
        | Pane::Outline => true,
    }
}

/// The row of a pane.
#[must_use]
pub fn row(pane: Pane) -> &'static Row {
    const ROWS: &[Row] = &TABLE;
    &ROWS[pane.index()]
}

impl Row {
    /// The digit that gives it the focus, where it has one.
    #[must_use]
    pub fn digit(&self) -> Option<char> {
        self.keys.iter().find_map(|key| key.parse::<u8>().ok()).and_then(|digit| char::from_digit(digit.into(), 10))
    }
}

/// The panes that have a digit, in the order of the digits: the tabs of small screens.
pub fn with_digit() -> impl Iterator<Item = &'static Row> {
    Pane::ALL.iter().map(|pane| row(*pane)).filter(|row| row.digit().is_some())
}
