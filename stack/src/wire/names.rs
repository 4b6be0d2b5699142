//! Numbers of the link floor that have names: Ethernet types and ARP operations, and how a hardware address is
//! written and read. They stand apart from the headers that carry them, because the field tables show them too.

/// The lowest `h_proto` that is a type; below, it is the length of an 802.3 frame.
pub const FIRST_TYPE: u16 = 1536;
/// `h_proto` of IP.
pub const ETH_P_IP: u16 = 0x0800;
/// `h_proto` of ARP.
pub const ETH_P_ARP: u16 = 0x0806;
/// `h_proto` of reverse ARP.
pub const ETH_P_RARP: u16 = 0x8035;
/// `h_proto` of IPv6.
pub const ETH_P_IPV6: u16 = 0x86dd;
/// `h_proto` of MPLS.
pub const ETH_P_MPLS: u16 = 0x8847;
/// `ar_hrd` of Ethernet.
pub const ARPHRD_ETHER: u16 = 1;
/// "Who has this address?"
pub const ARPOP_REQUEST: u16 = 1;
/// "It is at ..."
pub const ARPOP_REPLY: u16 = 2;
/// Reverse: "which address have I?"
pub const ARPOP_RREQUEST: u16 = 3;
/// Reverse: the answer.
pub const ARPOP_RREPLY: u16 = 4;

/// The usual name of an Ethernet type; every length of an 802.3 frame is called by that name.
pub fn ethernet_type_name(protocol: u16) -> Option<&'static str> {
    Some(match protocol {
        0..=1500 => "802.3",
        ETH_P_IP => "IPv4",
        ETH_P_ARP => "ARP",
        ETH_P_RARP => "RARP",
        0x8100 => "802.1Q",
        0x8137 => "IPX",
        ETH_P_IPV6 => "IPv6",
        0x9000 => "Loopback test",
        _ => return None,
    })
}

/// The usual name of an ARP operation.
pub fn operation_name(operation: u16) -> Option<&'static str> {
    Some(match operation {
        ARPOP_REQUEST => "request",
        ARPOP_REPLY => "reply",
        ARPOP_RREQUEST => "reverse request",
        ARPOP_RREPLY => "reverse reply",
        _ => return None,
    })
}

/// An address as `02:00:00:00:00:01`; any number of bytes.
pub fn hardware_address(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(":")
}

/// Six bytes as `02:00:00:00:00:01`, one or two hexadecimal digits each; anything else is `None`.
#[must_use]
pub fn read_hardware_address(text: &str) -> Option<[u8; 6]> {
    let mut out = [0; 6];
    let mut pieces = text.split(':');
    for byte in &mut out {
        let piece = pieces.next().filter(|piece| (1..=2).contains(&piece.len()))?;
        *byte = u8::from_str_radix(piece, 16).ok()?;
    }
    pieces.next().is_none().then_some(out)
}
