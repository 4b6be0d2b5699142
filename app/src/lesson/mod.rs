//! Lessons on this machine: where they lie, and what is kept of a learner. The lessons themselves, and everything that can
//! be said about them, live in the crate `lessons`, which opens no file.

pub mod progress;
pub mod shelf;
