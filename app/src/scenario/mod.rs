//! Files that describe a run: scripts and frame scenarios, read from disk into the plain data of the laboratory, run
//! there, and compared with the recordings beside them.

pub mod check;
pub mod find;
pub mod json;
pub mod left_out;
pub mod read;
pub mod record;
pub mod texts;
pub mod write;
