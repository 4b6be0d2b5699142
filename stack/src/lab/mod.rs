//! The laboratory: what stands around the stack to make it run, see it and judge it.

mod agenda;
pub mod beginning;
pub mod caption;
pub mod compare;
pub mod conformance;
pub mod differences;
pub mod film;
pub mod films;
pub mod fork;
pub mod journal;
pub mod keyframes;
pub mod library;
pub mod machine;
pub mod moment;
pub mod movement;
pub mod program;
pub mod query;
pub mod run;
pub mod scene;
pub mod script;
pub mod startup;
mod trail;
pub mod turns;
pub mod unseen;
pub mod verdict;
pub mod why;
pub mod world;
