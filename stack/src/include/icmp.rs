//! ICMP numbers and the table that turns an unreachable code into an error (include/linux/icmp.h, net/inet/icmp.c).

use super::errno::Errno;

/// Echo reply.
pub const ICMP_ECHOREPLY: u8 = 0;
/// Destination unreachable.
pub const ICMP_DEST_UNREACH: u8 = 3;
/// Source quench.
pub const ICMP_SOURCE_QUENCH: u8 = 4;
/// Redirect.
pub const ICMP_REDIRECT: u8 = 5;
/// Echo request.
pub const ICMP_ECHO: u8 = 8;
/// Time exceeded.
pub const ICMP_TIME_EXCEEDED: u8 = 11;
/// Parameter problem.
pub const ICMP_PARAMETERPROB: u8 = 12;
/// Timestamp request.
pub const ICMP_TIMESTAMP: u8 = 13;
/// Timestamp reply.
pub const ICMP_TIMESTAMPREPLY: u8 = 14;
/// Information request.
pub const ICMP_INFO_REQUEST: u8 = 15;
/// Information reply.
pub const ICMP_INFO_REPLY: u8 = 16;
/// Address mask request.
pub const ICMP_ADDRESS: u8 = 17;
/// Address mask reply.
pub const ICMP_ADDRESSREPLY: u8 = 18;

/// Network unreachable.
pub const ICMP_NET_UNREACH: u8 = 0;
/// Host unreachable.
pub const ICMP_HOST_UNREACH: u8 = 1;
/// Protocol unreachable.
pub const ICMP_PROT_UNREACH: u8 = 2;
/// Port unreachable.
pub const ICMP_PORT_UNREACH: u8 = 3;
/// Fragmentation needed.
pub const ICMP_FRAG_NEEDED: u8 = 4;
/// Redirect for a network.
pub const ICMP_REDIR_NET: u8 = 0;
/// Redirect for a host.
pub const ICMP_REDIR_HOST: u8 = 1;
/// TTL ran out.
pub const ICMP_EXC_TTL: u8 = 0;
/// Reassembly ran out of time.
pub const ICMP_EXC_FRAGTIME: u8 = 1;

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
