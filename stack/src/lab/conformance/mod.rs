//! The judge of scenes: runs a packetdrill script or a frame scenario on a kernel exactly as the golden files describe
//! (stack/tests/golden/README.md), writes down what really happened, and compares. Expected lines are read to compare,
//! never to produce.

pub mod agreement;
mod arguments;
pub mod autoack;
pub mod calls;
mod checks;
pub mod compare;
mod demands;
mod departure;
mod descriptors;
pub mod difference;
mod encapsulation;
pub mod failure;
mod fields;
pub mod flow;
mod followed;
pub mod frame_run;
pub mod frames;
mod glue;
mod happened;
pub mod host;
pub mod inbound;
mod learning;
mod library_calls;
pub mod outbound;
mod pace;
mod planned;
pub mod reading;
pub mod recorder;
pub mod rules;
pub mod run;
pub mod script_run;
pub mod skipped;
mod sockets;
mod tcp_info;
pub mod timeline;
pub mod trace;
mod written;

pub use compare::compare;
pub use difference::{Difference, Subject};
pub use failure::Failure;
pub use frame_run::run_frames;
pub use happened::happened;
pub use reading::Reading;
pub use recorder::WireFrame;
pub use run::Run;
pub use script_run::run_script;
pub use skipped::Skipped;
