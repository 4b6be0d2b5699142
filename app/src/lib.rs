//! The program sockscope as a library: everything but `main`.

pub mod cli;
pub mod command;
#[cfg(target_os = "linux")]
pub mod link;
#[cfg(target_os = "linux")]
pub mod live;
pub mod scenario;
