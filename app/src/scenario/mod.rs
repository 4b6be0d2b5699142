//! Files that describe a run: scripts and frame scenarios, read from disk into the plain data of the laboratory.

pub mod json;
