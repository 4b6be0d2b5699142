//! The calls around files that reach a socket (fs/ of the original, and what of kernel/ shares and closes files).

pub mod exit;
pub mod fcntl;
pub mod fork;
pub mod ioctl;
pub mod open;
pub mod read_write;
pub mod select;
pub mod sys;
