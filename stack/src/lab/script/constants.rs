//! The values of the constants a script may name, as 1.2.13 on i386 has them, and the words of ICMP types and codes.
//! Lookups go both ways where a word is printed.

/// Name and value of every constant a call may use.
pub const CONSTANTS: &[(&str, i64)] = &[
    ("NULL", 0),
    ("AF_UNSPEC", 0),
    ("AF_UNIX", 1),
    ("AF_INET", 2),
    ("AF_AX25", 3),
    ("AF_IPX", 4),
    ("AF_APPLETALK", 5),
    ("PF_UNSPEC", 0),
    ("PF_UNIX", 1),
    ("PF_INET", 2),
    ("SOCK_STREAM", 1),
    ("SOCK_DGRAM", 2),
    ("SOCK_RAW", 3),
    ("SOCK_RDM", 4),
    ("SOCK_SEQPACKET", 5),
    ("SOCK_PACKET", 10),
    ("IPPROTO_IP", 0),
    ("IPPROTO_ICMP", 1),
    ("IPPROTO_TCP", 6),
    ("IPPROTO_UDP", 17),
    ("IPPROTO_RAW", 255),
    ("SOL_IP", 0),
    ("SOL_SOCKET", 1),
    ("SOL_TCP", 6),
    ("SOL_UDP", 17),
    ("SO_DEBUG", 1),
    ("SO_REUSEADDR", 2),
    ("SO_TYPE", 3),
    ("SO_ERROR", 4),
    ("SO_DONTROUTE", 5),
    ("SO_BROADCAST", 6),
    ("SO_SNDBUF", 7),
    ("SO_RCVBUF", 8),
    ("SO_KEEPALIVE", 9),
    ("SO_OOBINLINE", 10),
    ("SO_NO_CHECK", 11),
    ("SO_PRIORITY", 12),
    ("SO_LINGER", 13),
    ("TCP_NODELAY", 1),
    ("TCP_MAXSEG", 2),
    ("IP_TOS", 1),
    ("IP_TTL", 2),
    ("IP_MULTICAST_IF", 32),
    ("IP_MULTICAST_TTL", 33),
    ("IP_MULTICAST_LOOP", 34),
    ("IP_ADD_MEMBERSHIP", 35),
    ("IP_DROP_MEMBERSHIP", 36),
    ("MSG_OOB", 1),
    ("MSG_PEEK", 2),
    ("MSG_DONTROUTE", 4),
    ("O_RDONLY", 0),
    ("O_WRONLY", 1),
    ("O_RDWR", 2),
    ("O_APPEND", 1024),
    ("O_NONBLOCK", 2048),
    ("O_NDELAY", 2048),
    ("FASYNC", 8192),
    ("O_ASYNC", 8192),
    ("FD_CLOEXEC", 1),
    ("F_DUPFD", 0),
    ("F_GETFD", 1),
    ("F_SETFD", 2),
    ("F_GETFL", 3),
    ("F_SETFL", 4),
    ("F_SETOWN", 8),
    ("F_GETOWN", 9),
    ("SHUT_RD", 0),
    ("SHUT_WR", 1),
    ("SHUT_RDWR", 2),
    ("INADDR_ANY", 0),
    ("INADDR_BROADCAST", 0xffff_ffff),
    ("INADDR_LOOPBACK", 0x7f00_0001),
    ("TIOCINQ", 0x541b),
    ("FIONREAD", 0x541b),
    ("TIOCOUTQ", 0x5411),
    ("SIOCINQ", 0x541b),
    ("SIOCOUTQ", 0x5411),
    ("FIONBIO", 0x5421),
    ("FIOASYNC", 0x5452),
    ("FIOCLEX", 0x5451),
    ("FIONCLEX", 0x5450),
    ("FIOSETOWN", 0x8901),
    ("SIOCSPGRP", 0x8902),
    ("FIOGETOWN", 0x8903),
    ("SIOCGPGRP", 0x8904),
    ("SIOCATMARK", 0x8905),
    ("SIOCGSTAMP", 0x8906),
    ("SIOCADDRT", 0x890b),
    ("SIOCDELRT", 0x890c),
    ("SIOCGIFCONF", 0x8912),
    ("SIOCGIFFLAGS", 0x8913),
    ("SIOCSIFFLAGS", 0x8914),
    ("SIOCGIFADDR", 0x8915),
    ("SIOCSIFADDR", 0x8916),
    ("SIOCGIFDSTADDR", 0x8917),
    ("SIOCSIFDSTADDR", 0x8918),
    ("SIOCGIFBRDADDR", 0x8919),
    ("SIOCSIFBRDADDR", 0x891a),
    ("SIOCGIFNETMASK", 0x891b),
    ("SIOCSIFNETMASK", 0x891c),
    ("SIOCGIFMETRIC", 0x891d),
    ("SIOCSIFMETRIC", 0x891e),
    ("SIOCGIFMTU", 0x8921),
    ("SIOCSIFMTU", 0x8922),
    ("SIOCGIFHWADDR", 0x8927),
    ("SIOCDARP", 0x8950),
    ("SIOCGARP", 0x8951),
    ("SIOCSARP", 0x8952),
    ("SIGHUP", 1),
    ("SIGINT", 2),
    ("SIGKILL", 9),
    ("SIGUSR1", 10),
    ("SIGUSR2", 12),
    ("SIGPIPE", 13),
    ("SIGALRM", 14),
    ("SIGTERM", 15),
    ("SIGURG", 23),
    ("SIGIO", 29),
];

/// The value of a constant.
#[must_use]
pub fn value(name: &str) -> Option<i64> {
    CONSTANTS.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
}

/// ICMP types and the words packetdrill has for them.
const ICMP_TYPES: [(&str, u8); 11] = [
    ("echo_reply", 0),
    ("unreachable", 3),
    ("source_quench", 4),
    ("redirect", 5),
    ("echo_request", 8),
    ("time_exceeded", 11),
    ("parameter_problem", 12),
    ("timestamp_request", 13),
    ("timestamp_reply", 14),
    ("address_mask_request", 17),
    ("address_mask_reply", 18),
];

/// ICMP type, code, word.
const ICMP_CODES: [(u8, u8, &str); 22] = [
    (3, 0, "net_unreachable"),
    (3, 1, "host_unreachable"),
    (3, 2, "protocol_unreachable"),
    (3, 3, "port_unreachable"),
    (3, 4, "frag_needed"),
    (3, 5, "source_route_failed"),
    (3, 6, "net_unknown"),
    (3, 7, "host_unknown"),
    (3, 8, "source_host_isolated"),
    (3, 9, "net_prohibited"),
    (3, 10, "host_prohibited"),
    (3, 11, "net_unreachable_for_tos"),
    (3, 12, "host_unreachable_for_tos"),
    (3, 13, "packet_filtered"),
    (3, 14, "precedence_violation"),
    (3, 15, "precedence_cutoff"),
    (5, 0, "net"),
    (5, 1, "host"),
    (5, 2, "tos_net"),
    (5, 3, "tos_host"),
    (11, 0, "ttl_exceeded"),
    (11, 1, "reassembly_exceeded"),
];

/// The type a word stands for.
#[must_use]
pub fn icmp_type(word: &str) -> Option<u8> {
    ICMP_TYPES.iter().find(|(known, _)| *known == word).map(|(_, kind)| *kind)
}

/// The word for a type; its number if there is none.
#[must_use]
pub fn icmp_type_word(kind: u8) -> String {
    ICMP_TYPES.iter().find(|(_, known)| *known == kind).map_or_else(|| kind.to_string(), |(word, _)| (*word).to_owned())
}

/// The code a word stands for under a type.
#[must_use]
pub fn icmp_code(kind: u8, word: &str) -> Option<u8> {
    ICMP_CODES.iter().find(|(of, _, known)| *of == kind && *known == word).map(|(_, code, _)| *code)
}

/// The word for a code; its number if there is none.
#[must_use]
pub fn icmp_code_word(kind: u8, code: u8) -> String {
    ICMP_CODES
        .iter()
        .find(|(of, known, _)| *of == kind && *known == code)
        .map_or_else(|| code.to_string(), |(_, _, word)| (*word).to_owned())
}
