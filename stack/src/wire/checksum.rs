//! The Internet checksum (RFC 1071). A sum is a `u64` that is congruent to that of the big-endian 16-bit words, so partial sums of
//! slices that start at an even offset may simply be added; [`Accumulator`] also takes slices at odd offsets. Eight
//! bytes are summed at a time: the words of a long number are congruent to the number modulo 0xffff, and so is the carry out
//! of 64 bits to a one at the lowest place.

use core::net::Ipv4Addr;

use super::ip_numbers::{PROTOCOL_TCP, PROTOCOL_UDP};

/// Sum of the big-endian 16-bit words of `bytes`, carries added: whoever adds such sums folds what comes out ([`fold`]). An
/// odd last byte counts as the high half of a word.
pub fn sum(bytes: &[u8]) -> u64 {
    let (total, rest) = add_rows::<128>(0, bytes);
    let (total, rest) = add_rows::<32>(total, rest);
    let (mut total, tail) = add_rows::<8>(total, rest);
    if let Some((half, odd)) = tail.split_first_chunk::<4>() {
        total = add_around(total, u64::from(u32::from_le_bytes(*half)));
        total = add_around(total, little_end_first(odd));
    } else {
        total = add_around(total, little_end_first(tail));
    }
    let total = (total & 0xffff_ffff) + (total >> 32);
    // Summed with the low octet first, as it lies in most machines, which saves turning every word (RFC 1071, 2 B).
    u64::from(fold(total).swap_bytes())
}

/// Adds whole rows of `N` octets, a multiple of 8: the sum, and what is left. A row is one chain of additions, each of which
/// takes the carry of the one before it: an instruction for 8 octets.
fn add_rows<const N: usize>(mut total: u64, bytes: &[u8]) -> (u64, &[u8]) {
    let (rows, rest) = bytes.as_chunks::<N>();
    for row in rows {
        let (words, _) = row.as_chunks::<8>();
        let mut carry = false;
        for word in words {
            (total, carry) = total.carrying_add(u64::from_le_bytes(*word), carry);
        }
        total = total.wrapping_add(u64::from(carry));
    }
    (total, rest)
}

/// The number that a few octets are.
fn little_end_first(octets: &[u8]) -> u64 {
    octets.iter().rev().fold(0, |number, octet| number << 8 | u64::from(*octet))
}

/// A sum whose carry comes in again at the lowest place.
fn add_around(one: u64, two: u64) -> u64 {
    let (sum, carry) = one.carrying_add(two, false);
    sum.wrapping_add(u64::from(carry))
}

/// Adds the carries back until 16 bits are left (no complement taken).
#[inline]
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
