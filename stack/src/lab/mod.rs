//! The laboratory: what stands around the stack to make it run, see it and judge it.

pub mod script;
