//! User datagrams (RFC 768): `struct udphdr`.

use core::net::Ipv4Addr;

use super::checksum::udp_checksum;
use super::field::{FieldKind, Header, field};
use super::malformed::Malformed;
use super::octets;
use super::text::Text;

/// Octets of the header.
pub const HEADER_LENGTH: usize = 8;

/// The fields of `struct udphdr`.
pub static UDP: Header = Header {
    name: "udphdr",
    label: Text::new("User datagram", "用户数据报 UDP"),
    length: HEADER_LENGTH,
    fields: &[
        field("source", Text::new("Source port", "源端口 source"), 0..16, FieldKind::Number),
        field("dest", Text::new("Destination port", "目的端口 dest"), 16..32, FieldKind::Number),
        field("len", Text::new("Length", "长度 len"), 32..48, FieldKind::Number),
        field("check", Text::new("Checksum", "校验和 check"), 48..64, FieldKind::Checksum),
    ],
};

/// A datagram with all the octets its length field tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UdpPacket<'a> {
    fixed: &'a [u8; HEADER_LENGTH],
    payload: &'a [u8],
}

impl<'a> UdpPacket<'a> {
    /// Reads the payload of an IP packet. Fails where `len` is below 8 or past the end.
    pub fn new_checked(datagram: &'a [u8]) -> Result<Self, Malformed> {
        let (fixed, _) = datagram.split_first_chunk::<HEADER_LENGTH>().ok_or(Malformed::short(
            "udphdr",
            "header",
            HEADER_LENGTH,
            datagram.len(),
        ))?;
        let length = usize::from(u16::from_be_bytes([fixed[4], fixed[5]]));
        match datagram.get(HEADER_LENGTH..length) {
            Some(payload) => Ok(Self { fixed, payload }),
            None if length < HEADER_LENGTH => Err(Malformed::value("udphdr", "len", length as u32)),
            None => Err(Malformed::short("udphdr", "len", length, datagram.len())),
        }
    }

    /// Source port.
    pub fn source(&self) -> u16 {
        u16::from_be_bytes([self.fixed[0], self.fixed[1]])
    }

    /// Destination port.
    pub fn dest(&self) -> u16 {
        u16::from_be_bytes([self.fixed[2], self.fixed[3]])
    }

    /// Octets of header and data.
    pub fn len(&self) -> u16 {
        u16::from_be_bytes([self.fixed[4], self.fixed[5]])
    }

    /// There is no data behind the header.
    pub fn is_empty(&self) -> bool {
        self.payload.is_empty()
    }

    /// Checksum; zero says that the sender took none.
    pub fn check(&self) -> u16 {
        u16::from_be_bytes([self.fixed[6], self.fixed[7]])
    }

    /// The data.
    pub fn payload(&self) -> &'a [u8] {
        self.payload
    }
}

/// Sets the length field; `false` if the header is too short.
pub fn set_len(datagram: &mut [u8], length: u16) -> bool {
    octets::put16(datagram, 4, length)
}

/// Sets the checksum field; `false` if the header is too short.
pub fn set_check(datagram: &mut [u8], check: u16) -> bool {
    octets::put16(datagram, 6, check)
}

/// Computes and writes the checksum of a whole datagram; `false` if it is too short.
pub fn fill_checksum(datagram: &mut [u8], saddr: impl Into<Ipv4Addr>, daddr: impl Into<Ipv4Addr>) -> bool {
    if !set_check(datagram, 0) {
        return false;
    }
    let check = udp_checksum(saddr, daddr, datagram);
    set_check(datagram, check)
}
