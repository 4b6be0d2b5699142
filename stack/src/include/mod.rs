//! The headers: structures and constants that every room shares, as include/linux and net/inet/*.h are in the original.
//!
//! Nothing here acts. A structure has the fields of its C counterpart under the same names; where the C text uses a
//! pointer there is a handle, where it leaves a field uninitialised there is zero (the runs that stand as reference had
//! zero-filled memory).

pub mod arena;
pub mod arp;
pub mod config;
pub mod errno;
pub mod firewall;
pub mod fs;
pub mod icmp;
pub mod in_addr;
pub mod ip;
pub mod netdevice;
pub mod route;
pub mod sched;
pub mod seq;
pub mod skbuff;
pub mod snmp;
pub mod sock;
pub mod socket;
pub mod sorted;
pub mod spare;
pub mod tcp;
pub mod timer;
