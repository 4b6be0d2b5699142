//! ICMP numbers and the table that turns an unreachable code into an error (include/linux/icmp.h, net/inet/icmp.c).

use super::errno::Errno;

pub use crate::wire::icmp::{
    ICMP_ADDRESS, ICMP_ADDRESSREPLY, ICMP_DEST_UNREACH, ICMP_ECHO, ICMP_ECHOREPLY, ICMP_EXC_FRAGTIME, ICMP_EXC_TTL,
    ICMP_FRAG_NEEDED, ICMP_HOST_UNREACH, ICMP_INFO_REPLY, ICMP_INFO_REQUEST, ICMP_NET_UNREACH, ICMP_PARAMETERPROB,
    ICMP_PORT_UNREACH, ICMP_PROT_UNREACH, ICMP_REDIRECT, ICMP_SOURCE_QUENCH, ICMP_TIME_EXCEEDED, ICMP_TIMESTAMP,
    ICMP_TIMESTAMPREPLY,
};

/// Redirect for a network.
pub const ICMP_REDIR_NET: u8 = 0;
/// Redirect for a host.
pub const ICMP_REDIR_HOST: u8 = 1;
/// `icmp_err_convert`: error and whether it is fatal. Codes behind the table are taken as harmless, as measured.
#[must_use]
pub fn icmp_err_convert(code: u8) -> (Errno, bool) {
    match code {
        0 => (Errno::ENETUNREACH, false),
        1 | 13.. => (Errno::EHOSTUNREACH, false),
        2 => (Errno::ENOPROTOOPT, true),
        3 => (Errno::ECONNREFUSED, true),
        4 | 5 | 11 | 12 => (Errno::EOPNOTSUPP, false),
        6 | 9 => (Errno::ENETUNREACH, true),
        7 => (Errno::EHOSTDOWN, true),
        8 => (Errno::ENONET, true),
        10 => (Errno::EHOSTUNREACH, true),
    }
}
