//! The program sockscope as a library: everything but `main`.

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
