//! Address resolution (RFC 826): `struct arphdr` and the four addresses behind it, whose lengths it tells itself.

use core::net::Ipv4Addr;

use super::field::{FieldKind, Header, field};
use super::malformed::Malformed;
use super::octets;
use super::text::Text;

/// Octets before the addresses.
pub const FIXED_LENGTH: usize = 8;
/// Octets of a packet for Ethernet and IP.
pub const ETHERNET_IPV4_LENGTH: usize = 28;
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

/// The fields of an ARP packet for Ethernet and IP.
pub static ARP: Header = Header {
    name: "arphdr",
    label: Text::new("Address resolution", "地址解析 ARP"),
    length: ETHERNET_IPV4_LENGTH,
    fields: &[
        field("ar_hrd", Text::new("Hardware type", "硬件类型 ar_hrd"), 0..16, FieldKind::Number),
        field("ar_pro", Text::new("Protocol type", "协议类型 ar_pro"), 16..32, FieldKind::EtherType),
        field("ar_hln", Text::new("Hardware address length", "硬件地址长度 ar_hln"), 32..40, FieldKind::Number),
        field("ar_pln", Text::new("Protocol address length", "协议地址长度 ar_pln"), 40..48, FieldKind::Number),
        field("ar_op", Text::new("Operation", "操作 ar_op"), 48..64, FieldKind::ArpOperation),
        field("ar_sha", SENDER_HARDWARE, 64..112, FieldKind::HardwareAddress),
        field("ar_sip", SENDER_ADDRESS, 112..144, FieldKind::InternetAddress),
        field("ar_tha", TARGET_HARDWARE, 144..192, FieldKind::HardwareAddress),
        field("ar_tip", TARGET_ADDRESS, 192..224, FieldKind::InternetAddress),
    ],
};

pub(crate) const SENDER_HARDWARE: Text = Text::new("Sender hardware address", "发送方硬件地址 ar_sha");
pub(crate) const SENDER_ADDRESS: Text = Text::new("Sender protocol address", "发送方协议地址 ar_sip");
pub(crate) const TARGET_HARDWARE: Text = Text::new("Target hardware address", "目标硬件地址 ar_tha");
pub(crate) const TARGET_ADDRESS: Text = Text::new("Target protocol address", "目标协议地址 ar_tip");

/// A packet that has all of its addresses, of whatever length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArpPacket<'a> {
    fixed: &'a [u8; FIXED_LENGTH],
    addresses: [&'a [u8]; 4],
}

impl<'a> ArpPacket<'a> {
    /// Reads what stands behind the Ethernet header. Fails where an address is missing; padding may follow.
    pub fn new_checked(packet: &'a [u8]) -> Result<Self, Malformed> {
        let (fixed, mut rest) = packet.split_first_chunk::<FIXED_LENGTH>().ok_or(Malformed::short(
            "arphdr",
            "header",
            FIXED_LENGTH,
            packet.len(),
        ))?;
        let (hardware, protocol) = (usize::from(fixed[4]), usize::from(fixed[5]));
        let needed = FIXED_LENGTH + 2 * (hardware + protocol);
        let mut take = |length: usize, field: &'static str| {
            let (address, after) =
                rest.split_at_checked(length).ok_or(Malformed::short("arphdr", field, needed, packet.len()))?;
            rest = after;
            Ok(address)
        };
        let addresses = [
            take(hardware, "ar_sha")?,
            take(protocol, "ar_sip")?,
            take(hardware, "ar_tha")?,
            take(protocol, "ar_tip")?,
        ];
        Ok(Self { fixed, addresses })
    }

    /// Hardware type.
    pub fn ar_hrd(&self) -> u16 {
        u16::from_be_bytes([self.fixed[0], self.fixed[1]])
    }

    /// Protocol type, an Ethernet type.
    pub fn ar_pro(&self) -> u16 {
        u16::from_be_bytes([self.fixed[2], self.fixed[3]])
    }

    /// Octets of a hardware address.
    pub fn ar_hln(&self) -> u8 {
        self.fixed[4]
    }

    /// Octets of a protocol address.
    pub fn ar_pln(&self) -> u8 {
        self.fixed[5]
    }

    /// Operation.
    pub fn ar_op(&self) -> u16 {
        u16::from_be_bytes([self.fixed[6], self.fixed[7]])
    }

    /// Hardware address of the sender, `ar_hln` octets.
    pub fn ar_sha(&self) -> &'a [u8] {
        self.addresses[0]
    }

    /// Protocol address of the sender, `ar_pln` octets.
    pub fn ar_sip(&self) -> &'a [u8] {
        self.addresses[1]
    }

    /// Hardware address of the target, `ar_hln` octets.
    pub fn ar_tha(&self) -> &'a [u8] {
        self.addresses[2]
    }

    /// Protocol address of the target, `ar_pln` octets.
    pub fn ar_tip(&self) -> &'a [u8] {
        self.addresses[3]
    }

    /// The Internet addresses of sender and target, where `ar_pln` is 4.
    pub fn internet_addresses(&self) -> Option<(Ipv4Addr, Ipv4Addr)> {
        let sender = <[u8; 4]>::try_from(self.ar_sip()).ok()?;
        let target = <[u8; 4]>::try_from(self.ar_tip()).ok()?;
        Some((sender.into(), target.into()))
    }
}

/// Sets the operation; `false` if the packet is too short.
pub fn set_ar_op(packet: &mut [u8], operation: u16) -> bool {
    octets::put16(packet, 6, operation)
}

/// The usual name of an operation.
pub fn operation_name(operation: u16) -> Option<&'static str> {
    Some(match operation {
        ARPOP_REQUEST => "request",
        ARPOP_REPLY => "reply",
        ARPOP_RREQUEST => "reverse request",
        ARPOP_RREPLY => "reverse reply",
        _ => return None,
    })
}
