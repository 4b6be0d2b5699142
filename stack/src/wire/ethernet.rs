//! Ethernet II and 802.3 frames: `struct ethhdr`.

use super::field::{FieldKind, Header, field};
use super::malformed::Malformed;
use super::octets;
use super::text::Text;

/// Octets of a hardware address.
pub const ETH_ALEN: usize = 6;
/// Octets of the header.
pub const ETH_HLEN: usize = 14;
/// Octets of the smallest frame, without the frame check sequence.
pub const ETH_ZLEN: usize = 60;
/// Most octets of payload.
pub const ETH_DATA_LEN: usize = 1500;
/// Most octets of a frame, without the frame check sequence.
pub const ETH_FRAME_LEN: usize = 1514;
/// The lowest `h_proto` that is a type; below, it is the length of an 802.3 frame.
pub const FIRST_TYPE: u16 = 1536;
/// `h_proto` of IP.
pub const ETH_P_IP: u16 = 0x0800;
/// `h_proto` of ARP.
pub const ETH_P_ARP: u16 = 0x0806;
/// `h_proto` of reverse ARP.
pub const ETH_P_RARP: u16 = 0x8035;
/// The address of everyone.
pub const BROADCAST: [u8; ETH_ALEN] = [0xff; ETH_ALEN];

/// The fields of `struct ethhdr`.
pub static ETHERNET: Header = Header {
    name: "ethhdr",
    label: Text::new("Ethernet", "以太网 Ethernet"),
    length: ETH_HLEN,
    fields: &[
        field("h_dest", Text::new("Destination", "目的地址 h_dest"), 0..48, FieldKind::HardwareAddress),
        field("h_source", Text::new("Source", "源地址 h_source"), 48..96, FieldKind::HardwareAddress),
        field("h_proto", Text::new("Type or length", "类型或长度 h_proto"), 96..112, FieldKind::EtherType),
    ],
};

/// A frame that has its whole header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EthernetFrame<'a> {
    header: &'a [u8; ETH_HLEN],
    payload: &'a [u8],
}

impl<'a> EthernetFrame<'a> {
    /// Reads a frame without its frame check sequence. Fails where the header is not complete.
    pub fn new_checked(frame: &'a [u8]) -> Result<Self, Malformed> {
        let (header, payload) =
            frame.split_first_chunk().ok_or(Malformed::short("ethhdr", "header", ETH_HLEN, frame.len()))?;
        Ok(Self { header, payload })
    }

    /// To whom.
    pub fn h_dest(&self) -> [u8; ETH_ALEN] {
        let [a, b, c, d, e, f, ..] = *self.header;
        [a, b, c, d, e, f]
    }

    /// From whom.
    pub fn h_source(&self) -> [u8; ETH_ALEN] {
        let [_, _, _, _, _, _, a, b, c, d, e, f, ..] = *self.header;
        [a, b, c, d, e, f]
    }

    /// Type, or length of an 802.3 frame.
    pub fn h_proto(&self) -> u16 {
        u16::from_be_bytes([self.header[12], self.header[13]])
    }

    /// `h_proto` is a length: the payload begins with an 802.2 header.
    pub fn is_802_3(&self) -> bool {
        self.h_proto() < FIRST_TYPE
    }

    /// What follows the header, padding included.
    pub fn payload(&self) -> &'a [u8] {
        self.payload
    }
}

/// The type or length of a frame that may be cut off.
pub fn h_proto(frame: &[u8]) -> Option<u16> {
    octets::get16(frame, 12)
}

/// Sets the destination; `false` if the frame is too short.
pub fn set_h_dest(frame: &mut [u8], address: [u8; ETH_ALEN]) -> bool {
    octets::put(frame, 0, &address)
}

/// Sets the source; `false` if the frame is too short.
pub fn set_h_source(frame: &mut [u8], address: [u8; ETH_ALEN]) -> bool {
    octets::put(frame, ETH_ALEN, &address)
}

/// Sets type or length; `false` if the frame is too short.
pub fn set_h_proto(frame: &mut [u8], protocol: u16) -> bool {
    octets::put16(frame, 2 * ETH_ALEN, protocol)
}

/// The usual name of an Ethernet type.
pub fn protocol_name(protocol: u16) -> Option<&'static str> {
    Some(match protocol {
        0..=1500 => "802.3",
        ETH_P_IP => "IPv4",
        ETH_P_ARP => "ARP",
        ETH_P_RARP => "RARP",
        0x8100 => "802.1Q",
        0x8137 => "IPX",
        0x86dd => "IPv6",
        0x9000 => "Loopback test",
        _ => return None,
    })
}

/// An address as `02:00:00:00:00:01`; any number of octets.
pub fn hardware_address(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect::<Vec<_>>().join(":")
}
