//! The Internet checksum (RFC 1071). A sum is a `u64` that is congruent to that of the big-endian 16-bit words, so partial sums of
//! slices that start at an even offset may simply be added; [`Accumulator`] also takes slices at odd offsets. Eight
//! bytes are summed at a time: the words of a long number are congruent to the number modulo 0xffff.

use core::net::Ipv4Addr;

use super::ip_numbers::{PROTOCOL_TCP, PROTOCOL_UDP};

/// Sum of the big-endian 16-bit words of `bytes`, carries added: whoever adds such sums folds what comes out ([`fold`]). An
/// odd last byte counts as the high half of a word.
pub fn sum(bytes: &[u8]) -> u64 {
    let (sixteens, tail) = bytes.as_chunks::<16>();
    // Two sums side by side, and room for every carry above their 64 bits.
    let (mut one, mut two) = (0_u128, 0_u128);
    for sixteen in sixteens {
        let both = u128::from_le_bytes(*sixteen);
        one = one.wrapping_add(both & u128::from(u64::MAX));
        two = two.wrapping_add(both >> 64);
    }
    let mut last = [0_u8; 16];
    for (to, from) in last.iter_mut().zip(tail) {
        *to = *from;
    }
    let both = u128::from_le_bytes(last);
    let whole = one + two + (both & u128::from(u64::MAX)) + (both >> 64);
    let halves = [whole, whole >> 32, whole >> 64].map(|number| number as u64 & 0xffff_ffff);
    // Summed with the low octet first, as it lies in most machines, which saves turning every word (RFC 1071, 2 B).
    u64::from(fold(halves.iter().sum()).swap_bytes())
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
