//! The numbers that `protocol` of an IP header may hold (RFC 790), and their names.

/// `protocol` of ICMP.
pub const PROTOCOL_ICMP: u8 = 1;
/// `protocol` of IGMP.
pub const PROTOCOL_IGMP: u8 = 2;
/// `protocol` of IP in IP.
pub const PROTOCOL_IPIP: u8 = 4;
/// `protocol` of TCP.
pub const PROTOCOL_TCP: u8 = 6;
/// `protocol` of UDP.
pub const PROTOCOL_UDP: u8 = 17;
/// `protocol` of IPv6 in IP.
pub const PROTOCOL_IPV6: u8 = 41;
/// `protocol` of GRE.
pub const PROTOCOL_GRE: u8 = 47;
/// `protocol` of MPLS in IP.
pub const PROTOCOL_MPLS: u8 = 137;

/// The usual name of a protocol number.
pub fn protocol_name(protocol: u8) -> Option<&'static str> {
    Some(match protocol {
        0 => "IP",
        PROTOCOL_ICMP => "ICMP",
        PROTOCOL_IGMP => "IGMP",
        PROTOCOL_IPIP => "IPIP",
        PROTOCOL_TCP => "TCP",
        8 => "EGP",
        12 => "PUP",
        PROTOCOL_UDP => "UDP",
        22 => "IDP",
        255 => "RAW",
        _ => return None,
    })
}
