//! The lowest floor: the bytes of a frame and what they mean. Every protocol has a typed view that is checked once and
//! cannot fail afterwards, and one field table that drives dissection and the tests of the view. Nothing here keeps
//! state or knows of the stack above; numbers are in host order, so 0x0800 is what the two bytes `08 00` say.

pub mod arp;
pub mod big_endian;
pub mod build;
pub mod checksum;
pub mod dissect;
pub mod edit;
pub mod ethernet;
pub mod field;
pub mod icmp;
pub mod ip_numbers;
pub mod ipv4;
pub mod malformed;
pub mod names;
pub mod option_list;
pub mod summary;
pub mod tcp;
pub mod tcp_options;
pub mod udp;
pub mod visible;

pub use dissect::{Dissection, Node, Warning, WarningKind, dissect, dissect_ip};
pub use malformed::Malformed;
pub use summary::{FrameSummary, summary};
