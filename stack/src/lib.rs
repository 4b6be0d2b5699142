//! The networking of Linux 1.2.13 as a plain value (the map of the house follows as the rooms fill).
#![forbid(unsafe_code)]
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod drivers;
pub mod fs;
pub mod include;
pub mod init;
pub mod kernel;
pub mod link;
pub mod lab;
pub mod net;
pub mod source;
pub mod view;
pub mod wire;

pub use init::{Input, step};
pub use kernel::Kernel;
