//! The cards' drivers (drivers/net/ of the original).

pub mod eth0;
pub mod loopback;
