//! The judge of scenes: runs a packetdrill script or a frame scenario on a kernel exactly as the golden files describe
//! (stack/tests/golden/README.md), writes down what really happened, and compares. Expected lines are read to compare,
//! never to produce.

pub mod agreement;
pub mod autoack;
pub mod calls;
pub mod compare;
pub mod failure;
pub mod flow;
pub mod frame_run;
pub mod frames;
pub mod host;
pub mod inbound;
mod learning;
pub mod outbound;
mod planned;
pub mod recorder;
pub mod run;
pub mod script_run;
pub mod timeline;
pub mod trace;
mod written;

pub use agreement::HeaderChecks;
pub use compare::{Difference, compare};
pub use failure::Failure;
pub use frame_run::run_frames;
pub use recorder::WireFrame;
pub use run::Run;
pub use script_run::run_script;
