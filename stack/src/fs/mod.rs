//! The calls of the file system that reach a socket (fs/ of the original).

pub mod fcntl;
pub mod ioctl;
pub mod open;
pub mod read_write;
pub mod select;
pub mod sys;
