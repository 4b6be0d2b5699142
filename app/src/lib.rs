//! The program sockscope as a library: everything but `main`.

// Words go out through `refusal::say` and data through `command::output`, or at least with an answer to a closed pipe.
#![warn(clippy::print_stderr, clippy::print_stdout)]

pub mod capture;
pub mod catalog;
pub mod cli;
pub mod command;
pub mod export;
pub mod i18n;
pub mod lesson;
#[cfg(live)]
pub mod link;
#[cfg(live)]
pub mod live;
pub mod open;
pub mod outside;
pub mod picture;
pub mod recording;
pub mod refusal;
pub mod scenario;
pub mod session;
pub mod tui;
