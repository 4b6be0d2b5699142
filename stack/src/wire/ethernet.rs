//! Ethernet II and 802.3 frames: `struct ethhdr`.

use super::field::{FieldKind, Header, field};
use super::malformed::Malformed;
use super::names::FIRST_TYPE;
use crate::words::Words;

/// Bytes of a hardware address.
pub const ETH_ALEN: usize = 6;
/// Bytes of the header.
pub const ETH_HLEN: usize = 14;
/// Bytes of the smallest frame, without the frame check sequence.
pub const ETH_ZLEN: usize = 60;
/// Most bytes of payload.
pub const ETH_DATA_LEN: usize = 1500;
/// Most bytes of a frame, without the frame check sequence.
pub const ETH_FRAME_LEN: usize = 1514;
/// The address of everyone.
pub const BROADCAST: [u8; ETH_ALEN] = [0xff; ETH_ALEN];

/// Where the fields of `struct ethhdr` stand.
pub mod at {
    use crate::wire::big_endian::{At16, AtBytes};

    /// To whom.
    pub const H_DEST: AtBytes<0, 6> = AtBytes;
    /// From whom.
    pub const H_SOURCE: AtBytes<6, 6> = AtBytes;
    /// Type, or length of an 802.3 frame.
    pub const H_PROTO: At16<12> = At16;
}

/// The fields of `struct ethhdr`.
pub static ETHERNET: Header = Header {
    name: "ethhdr",
    label: Words::new("Ethernet", "以太网 Ethernet"),
    length: ETH_HLEN,
    fields: &[
        field("h_dest", Words::new("Destination", "目的地址 h_dest"), at::H_DEST.bits(), FieldKind::HardwareAddress),
        field("h_source", Words::new("Source", "源地址 h_source"), at::H_SOURCE.bits(), FieldKind::HardwareAddress),
        field("h_proto", Words::new("Type or length", "类型或长度 h_proto"), at::H_PROTO.bits(), FieldKind::EtherType),
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
        at::H_DEST.of(self.header)
    }

    /// From whom.
    pub fn h_source(&self) -> [u8; ETH_ALEN] {
        at::H_SOURCE.of(self.header)
    }

    /// Type, or length of an 802.3 frame.
    pub fn h_proto(&self) -> u16 {
        at::H_PROTO.of(self.header)
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
    at::H_PROTO.get(frame)
}
