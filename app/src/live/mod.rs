//! Live mode: the stack on a real TAP device, with the running kernel of this machine as its peer. By default the
//! device lives in a private network namespace, so that nothing of the host changes and no privilege is needed.
//! Promise: whatever is missing on the machine ends in one clear sentence ([`refusal`]), and nothing is left behind.

pub mod addresses;
pub mod arrivals;
pub mod bulk;
pub mod busy_poll;
pub mod commands;
pub mod exec;
pub mod handover;
pub mod headless;
pub mod holder;
pub mod host_device;
pub mod leftovers;
pub mod namespace;
pub mod privilege;
pub mod refusal;
pub mod register;
pub mod session;
pub mod start;
pub mod unseen;
