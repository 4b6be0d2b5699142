//! net/ of the original: the socket layer and, below `inet`, the protocols.

pub mod inet;
pub mod socket;
pub mod socket_calls;
