//! Frames for a card of a host, from whomever: also from the host itself. Used by `time_goes_on` and by the fuzz target
//! of the same name.

#![allow(dead_code, reason = "whoever includes it uses some of it")]

use stack::lab::program::ProgramKind;
use stack::wire::checksum::{internet_checksum, transport_checksum};

/// An address and a port.
pub(crate) type End = ([u8; 4], u16);

/// Hosts of the worlds here.
pub(crate) const A: [u8; 4] = [10, 0, 0, 1];
pub(crate) const B: [u8; 4] = [10, 0, 0, 2];

/// A frame to a station's card that carries an IP datagram.
fn frame(station: u8, protocol: u8, source: [u8; 4], destination: [u8; 4], payload: &[u8]) -> Vec<u8> {
    let mut header = vec![0x45, 0, 0, 0, 0, 1, 0, 0, 64, protocol, 0, 0];
    header.extend_from_slice(&source);
    header.extend_from_slice(&destination);
    let total = (header.len() + payload.len()) as u16;
    header[2..4].copy_from_slice(&total.to_be_bytes());
    let sum = internet_checksum(&header);
    header[10..12].copy_from_slice(&sum.to_be_bytes());
    [&[2, 0, 0, 0, 0, station, 2, 0, 0, 0, 0, 9, 8, 0], &header[..], payload].concat()
}

/// A UDP datagram.
pub(crate) fn datagram(station: u8, source: End, destination: End, text: &[u8]) -> Vec<u8> {
    let length = (8 + text.len()) as u16;
    let mut bytes = [source.1, destination.1, length, 0].map(u16::to_be_bytes).concat();
    bytes.extend_from_slice(text);
    let sum = transport_checksum(source.0, destination.0, 17, &bytes);
    bytes[6..8].copy_from_slice(&sum.to_be_bytes());
    frame(station, 17, source.0, destination.0, &bytes)
}

/// A TCP segment.
pub(crate) fn segment(
    station: u8,
    source: End,
    destination: End,
    numbers: [u32; 2],
    flags: u8,
    text: &[u8],
) -> Vec<u8> {
    let mut bytes = [source.1, destination.1].map(u16::to_be_bytes).concat();
    bytes.extend(numbers.map(u32::to_be_bytes).concat());
    bytes.extend_from_slice(&[0x50, flags, 0x10, 0, 0, 0, 0, 0]);
    bytes.extend_from_slice(text);
    let sum = transport_checksum(source.0, destination.0, 6, &bytes);
    bytes[16..18].copy_from_slice(&sum.to_be_bytes());
    frame(station, 6, source.0, destination.0, &bytes)
}

/// An ICMP message.
pub(crate) fn message(station: u8, source: [u8; 4], destination: [u8; 4], kind: u8, text: &[u8]) -> Vec<u8> {
    let mut bytes = vec![kind, 0, 0, 0];
    bytes.extend_from_slice(text);
    let sum = internet_checksum(&bytes);
    bytes[2..4].copy_from_slice(&sum.to_be_bytes());
    frame(station, 1, source, destination, &bytes)
}

/// The services of the era, all of them.
pub(crate) fn services() -> Vec<ProgramKind> {
    vec![
        ProgramKind::Httpd(80),
        ProgramKind::Echo(7),
        ProgramKind::Discard(9),
        ProgramKind::Daytime(13),
        ProgramKind::Chargen(19),
        ProgramKind::UdpEcho(7),
        ProgramKind::UdpDiscard(9),
        ProgramKind::UdpDaytime(13),
        ProgramKind::UdpChargen(19),
    ]
}
