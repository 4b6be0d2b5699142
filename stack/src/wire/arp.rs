//! Address resolution (RFC 826): `struct arphdr` and the four addresses behind it, whose lengths it tells itself.

use core::net::Ipv4Addr;

use super::field::{FieldKind, Header, field};
use super::malformed::Malformed;
use crate::words::Words;

/// Bytes before the addresses.
pub const FIXED_LENGTH: usize = 8;
/// Bytes of a packet for Ethernet and IP.
pub const ETHERNET_IPV4_LENGTH: usize = 28;

/// Where the fields of `struct arphdr` stand; its addresses follow, as long as the two lengths say.
pub mod at {
    use crate::wire::big_endian::{At8, At16};

    /// Hardware type.
    pub const AR_HRD: At16<0> = At16;
    /// Protocol type, an Ethernet type.
    pub const AR_PRO: At16<2> = At16;
    /// Bytes of a hardware address.
    pub const AR_HLN: At8<4> = At8;
    /// Bytes of a protocol address.
    pub const AR_PLN: At8<5> = At8;
    /// Operation.
    pub const AR_OP: At16<6> = At16;
}

/// The fields of an ARP packet for Ethernet and IP.
pub static ARP: Header = Header {
    name: "arphdr",
    label: Words::new("Address resolution", "地址解析 ARP"),
    length: ETHERNET_IPV4_LENGTH,
    fields: &[
        field("ar_hrd", Words::new("Hardware type", "硬件类型 ar_hrd"), at::AR_HRD.bits(), FieldKind::Number),
        field("ar_pro", Words::new("Protocol type", "协议类型 ar_pro"), at::AR_PRO.bits(), FieldKind::EtherType),
        field(
            "ar_hln",
            Words::new("Hardware address length", "硬件地址长度 ar_hln"),
            at::AR_HLN.bits(),
            FieldKind::Number,
        ),
        field(
            "ar_pln",
            Words::new("Protocol address length", "协议地址长度 ar_pln"),
            at::AR_PLN.bits(),
            FieldKind::Number,
        ),
        field("ar_op", Words::new("Operation", "操作 ar_op"), at::AR_OP.bits(), FieldKind::ArpOperation),
        field("ar_sha", SENDER_HARDWARE, 64..112, FieldKind::HardwareAddress),
        field("ar_sip", SENDER_ADDRESS, 112..144, FieldKind::InternetAddress),
        field("ar_tha", TARGET_HARDWARE, 144..192, FieldKind::HardwareAddress),
        field("ar_tip", TARGET_ADDRESS, 192..224, FieldKind::InternetAddress),
    ],
};

pub(crate) const SENDER_HARDWARE: Words = Words::new("Sender hardware address", "发送方硬件地址 ar_sha");
pub(crate) const SENDER_ADDRESS: Words = Words::new("Sender protocol address", "发送方协议地址 ar_sip");
pub(crate) const TARGET_HARDWARE: Words = Words::new("Target hardware address", "目标硬件地址 ar_tha");
pub(crate) const TARGET_ADDRESS: Words = Words::new("Target protocol address", "目标协议地址 ar_tip");

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
        let (hardware, protocol) = (usize::from(at::AR_HLN.of(fixed)), usize::from(at::AR_PLN.of(fixed)));
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
        at::AR_HRD.of(self.fixed)
    }

    /// Protocol type, an Ethernet type.
    pub fn ar_pro(&self) -> u16 {
        at::AR_PRO.of(self.fixed)
    }

    /// Bytes of a hardware address.
    pub fn ar_hln(&self) -> u8 {
        at::AR_HLN.of(self.fixed)
    }

    /// Bytes of a protocol address.
    pub fn ar_pln(&self) -> u8 {
        at::AR_PLN.of(self.fixed)
    }

    /// Operation.
    pub fn ar_op(&self) -> u16 {
        at::AR_OP.of(self.fixed)
    }

    /// Hardware address of the sender, `ar_hln` bytes.
    pub fn ar_sha(&self) -> &'a [u8] {
        self.addresses[0]
    }

    /// Protocol address of the sender, `ar_pln` bytes.
    pub fn ar_sip(&self) -> &'a [u8] {
        self.addresses[1]
    }

    /// Hardware address of the target, `ar_hln` bytes.
    pub fn ar_tha(&self) -> &'a [u8] {
        self.addresses[2]
    }

    /// Protocol address of the target, `ar_pln` bytes.
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
