//! Views: plain data with public fields named as in C, made from a kernel for whoever shows or asks.
//!
//! Every pane of the program is a function of a view, every expression of a lesson names a field of one. A view holds no
//! reference and no state of its own; "what changed" is the difference of two views.

pub mod arp;
pub mod cpu;
pub mod device;
pub mod process;
pub mod queue;
pub mod route;
pub mod sock;
pub mod state_diagram;
pub mod tables;
pub mod task;
pub mod timer;
pub mod value;

pub use value::Value;
