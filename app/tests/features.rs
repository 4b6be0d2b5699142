//! The feature table of the project (rows 1 to 34 and 44 to 64), a test per row, its number in the name.
//!
//! Each module holds the rows of one part of the program. What a row asks for is its title; the test is the check that the row
//! names, made on a real run: nothing here is a picture made by hand.

#[path = "features/beside.rs"]
mod beside;
#[path = "features/captures.rs"]
mod captures;
#[path = "features/class.rs"]
mod class;
#[path = "features/compare.rs"]
mod compare;
#[path = "features/driving.rs"]
mod driving;
#[path = "features/exports.rs"]
mod exports;
#[path = "folder/mod.rs"]
mod folder;
#[path = "features/go.rs"]
mod go;
#[path = "features/home.rs"]
mod home;
#[path = "features/keep.rs"]
mod keep;
#[path = "features/lesson_end.rs"]
mod lesson_end;
#[path = "features/lesson_panes.rs"]
mod lesson_panes;
#[cfg(live)]
#[path = "live_support/mod.rs"]
mod live_support;
#[path = "features/machine.rs"]
mod machine;
#[path = "features/manners.rs"]
mod manners;
#[path = "features/past.rs"]
mod past;
#[path = "features/pressing.rs"]
mod pressing;
#[cfg(unix)]
#[path = "pseudo_terminal/terminal.rs"]
mod pseudo_terminal;
#[path = "features/redraw.rs"]
mod redraw;
#[path = "features/replay.rs"]
mod replay;
#[path = "features/stops.rs"]
mod stops;
#[cfg(unix)]
#[path = "features/terminal.rs"]
mod terminal;
#[path = "features/walking.rs"]
mod walking;
#[path = "features/why.rs"]
mod why;
#[path = "witness/mod.rs"]
mod witness;
