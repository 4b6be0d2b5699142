//! User datagrams (RFC 768): `struct udphdr`.

use core::net::Ipv4Addr;

use super::checksum::udp_checksum;
use super::field::{FieldKind, Header, field};
use super::malformed::Malformed;
use crate::words::Words;

/// Bytes of the header.
pub const HEADER_LENGTH: usize = 8;

/// Where the fields of `struct udphdr` stand.
pub mod at {
    use crate::wire::big_endian::At16;

    /// Source port.
    pub const SOURCE: At16<0> = At16;
    /// Destination port.
    pub const DEST: At16<2> = At16;
    /// Bytes of header and data.
    pub const LEN: At16<4> = At16;
    /// Checksum; zero says that the sender took none.
    pub const CHECK: At16<6> = At16;
}

/// The fields of `struct udphdr`.
pub static UDP: Header = Header {
    name: "udphdr",
    label: Words::new("User datagram", "用户数据报 UDP"),
    length: HEADER_LENGTH,
    fields: &[
        field("source", Words::new("Source port", "源端口 source"), at::SOURCE.bits(), FieldKind::Number),
        field("dest", Words::new("Destination port", "目的端口 dest"), at::DEST.bits(), FieldKind::Number),
        field("len", Words::new("Length", "长度 len"), at::LEN.bits(), FieldKind::Number),
        field("check", Words::new("Checksum", "校验和 check"), at::CHECK.bits(), FieldKind::Checksum),
    ],
};

/// A datagram with all the bytes its length field tells of.
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
        let length = usize::from(at::LEN.of(fixed));
        match datagram.get(HEADER_LENGTH..length) {
            Some(payload) => Ok(Self { fixed, payload }),
            None if length < HEADER_LENGTH => Err(Malformed::value("udphdr", "len", length as u32)),
            None => Err(Malformed::short("udphdr", "len", length, datagram.len())),
        }
    }

    /// Source port.
    pub fn source(&self) -> u16 {
        at::SOURCE.of(self.fixed)
    }

    /// Destination port.
    pub fn dest(&self) -> u16 {
        at::DEST.of(self.fixed)
    }

    /// Bytes of header and data.
    pub fn len(&self) -> u16 {
        at::LEN.of(self.fixed)
    }

    /// There is no data behind the header.
    pub fn is_empty(&self) -> bool {
        self.payload.is_empty()
    }

    /// Checksum; zero says that the sender took none.
    pub fn check(&self) -> u16 {
        at::CHECK.of(self.fixed)
    }

    /// The data.
    pub fn payload(&self) -> &'a [u8] {
        self.payload
    }
}

/// Computes and writes the checksum of a whole datagram; `false` if it is too short.
pub fn fill_checksum(datagram: &mut [u8], saddr: impl Into<Ipv4Addr>, daddr: impl Into<Ipv4Addr>) -> bool {
    if !at::CHECK.put(datagram, 0) {
        return false;
    }
    let check = udp_checksum(saddr, daddr, datagram);
    at::CHECK.put(datagram, check)
}
