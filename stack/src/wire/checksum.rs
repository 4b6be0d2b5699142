//! The Internet checksum (RFC 1071). A sum is an unfolded `u64` of the big-endian 16-bit words, so partial sums of
//! slices that start at an even offset may simply be added; [`Accumulator`] also takes slices at odd offsets. Eight
//! bytes are summed at a time: the words of a 64-bit number are congruent to the number modulo 0xffff.

use core::net::Ipv4Addr;

use super::ip_numbers::{PROTOCOL_TCP, PROTOCOL_UDP};

/// Sum of the big-endian 16-bit words of `bytes`, not folded: a larger number that [`fold`] brings to the same 16 bits. An
/// odd last byte counts as the high half of a word.
pub fn sum(bytes: &[u8]) -> u64 {
    let (eights, tail) = bytes.as_chunks::<8>();
    let mut total: u64 = 0;
    for eight in eights {
        let number = u64::from_be_bytes(*eight);
        total = total.wrapping_add(number >> 32).wrapping_add(number & 0xffff_ffff);
    }
    let mut last = [0u8; 8];
    for (to, from) in last.iter_mut().zip(tail) {
        *to = *from;
    }
    let number = u64::from_be_bytes(last);
    total.wrapping_add(number >> 32).wrapping_add(number & 0xffff_ffff)
}

/// Adds the carries back until 16 bits are left (no complement taken).
pub fn fold(mut total: u64) -> u16 {
    while total > 0xffff {
        total = (total & 0xffff) + (total >> 16);
    }
    total as u16
}

/// The checksum to be written into a field that was zero while `bytes` were summed; 0 for bytes whose checksum is right.
pub fn internet_checksum(bytes: &[u8]) -> u16 {
    !fold(sum(bytes))
}

/// A sum over slices that follow each other at any offset.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Accumulator {
    total: u64,
    odd: bool,
}

impl Accumulator {
    /// Takes the next bytes.
    pub fn add(&mut self, bytes: &[u8]) {
        let part = fold(sum(bytes));
        let placed = if self.odd { part.swap_bytes() } else { part };
        self.total = self.total.wrapping_add(u64::from(placed));
        self.odd ^= bytes.len() % 2 == 1;
    }

    /// The checksum of everything taken so far.
    pub fn checksum(&self) -> u16 {
        !fold(self.total)
    }
}

/// Sum of the pseudo header of TCP and UDP: addresses, protocol, and the bytes of header and data.
pub fn pseudo_header_sum(saddr: impl Into<Ipv4Addr>, daddr: impl Into<Ipv4Addr>, protocol: u8, length: usize) -> u64 {
    let [source, destination] = [saddr.into(), daddr.into()].map(|address| u64::from(u32::from(address)));
    source + destination + u64::from(protocol) + (length as u64 & 0xffff)
}

/// Checksum of a transport packet under the pseudo header; 0 when the checksum it carries is right.
pub fn transport_checksum(saddr: impl Into<Ipv4Addr>, daddr: impl Into<Ipv4Addr>, protocol: u8, packet: &[u8]) -> u16 {
    !fold(pseudo_header_sum(saddr, daddr, protocol, packet.len()).wrapping_add(sum(packet)))
}

/// [`transport_checksum`] for a TCP segment.
pub fn tcp_checksum(saddr: impl Into<Ipv4Addr>, daddr: impl Into<Ipv4Addr>, segment: &[u8]) -> u16 {
    transport_checksum(saddr, daddr, PROTOCOL_TCP, segment)
}

/// [`transport_checksum`] for a UDP datagram whose field is zero. A result of zero is sent as 0xffff (RFC 768), because
/// zero on the wire says "no checksum".
pub fn udp_checksum(saddr: impl Into<Ipv4Addr>, daddr: impl Into<Ipv4Addr>, datagram: &[u8]) -> u16 {
    match transport_checksum(saddr, daddr, PROTOCOL_UDP, datagram) {
        0 => 0xffff,
        checksum => checksum,
    }
}
