//! The program sockscope as a library: everything but `main`, so that it can be tested and fuzzed.
//!
//! **The one idea**, as everywhere: a run is an object that can be asked. Below this crate it is data; here a person walks it. A key
//! travels down, `tui::event` > `tui::app` > the action table > a verb of [`session::Session`] > `stack::lab::run::Run`; a frame of
//! the screen travels back, `Session` > [`picture::Picture`] > the panes. Nothing else calls upward.
//!
//! # The floors, from the ground up
//!
//! | room | what is in it |
//! |---|---|
//! | [`fuzzy`] | which texts a few typed letters may mean |
//! | [`i18n`] | every sentence of the program, once, in both languages |
//! | [`outside`] | what other threads tell a session: frames, the end of a command |
//! | `link` | TAP devices: names, configuration, frames in and out, long segments cut and joined (live only) |
//! | [`refusal`] | why something is not done: one sentence and an exit code |
//! | [`config`] | what the user has set in a file: keys, colours, language, places |
//! | [`capture`] | captures read, connections found, 1.2.13 put in the place of one end and compared |
//! | [`lesson`] | where lessons lie on this machine, and what is kept of a learner |
//! | [`picture`] | what a moment looks like, as plain data made from views of the stack; one part per pane |
//! | [`recording`] | runs and live sessions as pcapng, written and read again |
//! | [`scenario`] | scenes from files, judged; what really happened written down |
//! | `live` | a private network, the device in it, the session that maps real time to virtual time |
//! | [`open`] | from a path to a run, whatever the file is; a person's own copy of the kernel's source |
//! | [`session`] | the cursor on a run: branches, marks, stops; kinds of runs behind the trait [`session::origin::Origin`] |
//! | [`tui`] | the terminal: events, actions, layout, panes. Only here is ratatui known |
//! | [`catalog`] | what can be opened from home, and how |
//! | [`plain`] | the same session line by line, for screen readers and pipes |
//! | [`export`] | a run as pictures, film, diagram, script |
//! | [`command`] | one file per command: its arguments, examples and work |
//! | [`cli`] | which command was asked for |
//!
//! Imports go down only; `stack/tests/tidy.rs` reads the `use` lines and says so. `session` and `picture` know no terminal.
//!
//! # Where to begin
//!
//! * What happens when `s` is pressed: `tui/app/keys.rs`, [`session::Session::travel`], `stack/src/lab/movement.rs`.
//! * What a pane shows: the row of its table in `tui/panes.rs`, its part of [`picture::Picture`], where `session/branch.rs` fills it.
//! * How a search goes on without holding a key up: [`session::Session::proceed`], and `search_on` in `tui/app/mod.rs`.
//! * How a question is answered: `tui/app/why.rs`, [`session::Session::look_into`], `stack/src/lab/why/mod.rs`.
//! * How a capture becomes a table, and a row of it a run: [`catalog::opening`], `capture/index/`, `session/captures.rs`.
//! * How a class votes, and sees the answer: `tui/app/teaching.rs`, [`session::class`], [`tui::class`].
//! * How a live frame arrives: `live/arrivals.rs`, [`outside::Outside`], [`session::origin::RealTime`].
//!
//! # How to add
//!
//! | what | files to touch |
//! |---|---|
//! | a pane | its name in `lessons/src/pane.rs`, its drawing in `tui/panes/NAME.rs`, its row in `tui/panes.rs` |
//! | a key or an action | its row in `tui/action.rs`, and what it does in `tui/app/` |
//! | a command | `command/NAME.rs`, `command/mod.rs`, its variant in `cli.rs` |
//! | a kind of stop | `stack/src/lab/query/` only: every stop is a place of that language |
//! | something done to the past | an `Act` of the journal, its verb and its name in `session/past.rs` |
//! | a kind of run | `session/NAME.rs` with its `Origin`, and an item in `catalog.rs` |
//! | a lesson | its folder in `lessons/content/`, nothing else |
//! | a sentence | one row in `i18n/messages.rs`; a caption's Chinese in the file of `stack/src/lab/caption/chinese/` named as its source |
//! | an export | `export/NAME.rs`, and its name in `command/export.rs` |
//! | a link type of captures | `capture/encapsulation/link.rs`, its name in `capture/link_type.rs`, a frame in `tests/encapsulation.rs` |
//! | a difference that is no decision | its class in `capture/compare/class.rs`, with its entry of the differences |
//!
//! # Limitations
//!
//! Going back is running forward again: a step back in a run of n turns costs the distance to the nearest keyframe (at most n/192
//! turns, or 8 where one has just been), a picture two such seeks. A run keeps about 192 copies of its world. What a person marks,
//! stops at, types and branches is saved with the run (`Ctrl-s`, `session/keep.rs`), branches as journals: they are computed again
//! when the file is opened.

// Words go out through `refusal::say` and data through `command::output`, or at least with an answer to a closed pipe.
#![warn(clippy::print_stderr, clippy::print_stdout)]

pub mod capture;
pub mod catalog;
pub mod cli;
pub mod command;
pub mod config;
pub mod export;
pub mod fuzzy;
pub mod i18n;
pub mod lesson;
#[cfg(live)]
pub mod link;
#[cfg(live)]
pub mod live;
pub mod open;
pub mod outside;
pub mod picture;
pub mod plain;
pub mod recording;
pub mod refusal;
pub mod scenario;
pub mod session;
pub mod tui;
