//! The blocks of a pcapng file, put together in memory: of frames a live session has a hundred thousand a second, so that one costs
//! its copy and the few octets around it. Promise: every block here is whole, padded, with both its lengths, and nothing is
//! allocated for it but room in the text that it is added to.

use stack::include::config::Config;
use stack::lab::beginning::Beginning;

use crate::capture::FrameDirection;

/// The Private Enterprise Number in our custom options and blocks (the one IANA reserves for documentation).
pub const ENTERPRISE: u32 = 32_473;
/// Where the frame begins in a packet block.
pub(super) const FRAME_AT: usize = 28;
/// The longest value of an option that is text: its length field has 16 bits.
const LONGEST_TEXT: usize = 65_000;
/// The end of the options, and the second length of a block that has some.
const TAIL: usize = 8;

/// What a custom option of ours with the number of a frame begins with.
pub(super) const NUMBER: [u8; 4] = *b"SSF1";

const SECTION: u32 = 0x0a0d_0d0a;
const BYTE_ORDER: u32 = 0x1a2b_3c4d;
const INTERFACE: u32 = 1;
#[cfg(live)]
const STATISTICS: u32 = 5;
const PACKET: u32 = 6;
const CUSTOM: u32 = 0x0bad;

const OPTION_COMMENT: u16 = 1;
const OPTION_CUSTOM: u16 = 2_989;
const OPTION_FLAGS: u16 = 2;
const OPTION_OS: u16 = 3;
const OPTION_PROGRAM: u16 = 4;
const OPTION_NAME: u16 = 2;
const OPTION_HARDWARE: u16 = 6;
const OPTION_RESOLUTION: u16 = 9;

/// A device whose frames are recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedInterface {
    /// Host and device, as in `A.eth0`.
    pub name: String,
    /// Its hardware address.
    pub hardware_address: [u8; 6],
}

impl RecordedInterface {
    /// The devices of all hosts in order.
    #[must_use]
    pub fn all_of(beginning: &Beginning) -> Vec<Self> {
        let of_host = |(name, config): &(String, Config)| {
            let name = name.clone();
            let interfaces = config.interfaces.iter().enumerate();
            let described = interfaces.map(move |(number, interface)| Self {
                name: format!("{name}.eth{number}"),
                hardware_address: interface.mac,
            });
            described.collect::<Vec<_>>()
        };
        beginning.hosts.iter().flat_map(of_host).collect()
    }
}

/// A frame as a packet block has it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Packet<'a> {
    /// Which device, in the order in which they were described, from 0.
    pub(super) interface: u32,
    /// Nanoseconds since 1970.
    pub(super) time_ns: u64,
    /// Which way, seen from that device.
    pub(super) direction: FrameDirection,
    /// Its number among the frames that the journal points at, from 1, if it does.
    pub(super) number: Option<u64>,
    /// The frame.
    pub(super) bytes: &'a [u8],
}

/// Adds words in the byte order of our files.
fn words<const N: usize>(out: &mut Vec<u8>, words: [u32; N]) {
    out.extend_from_slice(words.map(u32::to_le_bytes).as_flattened());
}

fn counted(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// Zeros up to the next word, behind so many octets.
fn pad(out: &mut Vec<u8>, length: usize) {
    out.extend_from_slice([0; 3].get(..length.next_multiple_of(4) - length).unwrap_or(&[]));
}

/// Begins a block; where, is what [`end`] wants to know.
fn begin(out: &mut Vec<u8>, kind: u32) -> usize {
    let start = out.len();
    words(out, [kind, 0]);
    start
}

/// Ends the block that began at `start`.
fn end(out: &mut Vec<u8>, start: usize) {
    let length = counted(out.len() - start + 4).to_le_bytes();
    out.extend_from_slice(&length);
    if let Some(place) = out.get_mut(start + 4..start + 8) {
        place.copy_from_slice(&length);
    }
}

/// Likewise, where the block has options.
fn end_options(out: &mut Vec<u8>, start: usize) {
    words(out, [0]);
    end(out, start);
}

/// Adds an option whose value are these parts, at most 65,535 octets together.
fn option(out: &mut Vec<u8>, code: u16, parts: &[&[u8]]) {
    let length = parts.iter().map(|part| part.len()).sum();
    out.extend_from_slice(&code.to_le_bytes());
    out.extend_from_slice(&u16::try_from(length).unwrap_or(u16::MAX).to_le_bytes());
    parts.iter().for_each(|part| out.extend_from_slice(part));
    pad(out, length);
}

/// Adds an option of text, cut at a character where an option could not hold it.
fn text(out: &mut Vec<u8>, code: u16, text: &str) {
    let fitting = text.get(..text.floor_char_boundary(LONGEST_TEXT)).unwrap_or(text);
    option(out, code, &[fitting.as_bytes()]);
}

/// Adds a comment, as an option.
pub(super) fn comment(out: &mut Vec<u8>, comment: &str) {
    text(out, OPTION_COMMENT, comment);
}

/// Adds a value of ours, as an option.
pub(super) fn custom_option(out: &mut Vec<u8>, parts: &[&[u8]; 4]) {
    let [mark, place, length, bytes] = *parts;
    option(out, OPTION_CUSTOM, &[&ENTERPRISE.to_le_bytes(), mark, place, length, bytes]);
}

/// Adds a block of a value of ours.
pub(super) fn custom(out: &mut Vec<u8>, parts: &[&[u8]]) {
    let start = begin(out, CUSTOM);
    words(out, [ENTERPRISE]);
    parts.iter().for_each(|part| out.extend_from_slice(part));
    let length = out.len() - start;
    pad(out, length);
    end(out, start);
}

/// Adds the block that a file begins with.
pub(super) fn section(out: &mut Vec<u8>, comments: &[String]) {
    let start = begin(out, SECTION);
    // Version 1.0, of a length that is not known.
    words(out, [BYTE_ORDER, 1, u32::MAX, u32::MAX]);
    text(out, OPTION_OS, "Linux 1.2.13 (sockscope)");
    text(out, OPTION_PROGRAM, concat!("sockscope ", env!("CARGO_PKG_VERSION")));
    comments.iter().for_each(|told| comment(out, told));
    end_options(out, start);
}

/// Adds the description of an Ethernet device, whose times are nanoseconds.
pub(super) fn interface(out: &mut Vec<u8>, device: &RecordedInterface) {
    let start = begin(out, INTERFACE);
    // Link type 1, frames of any length.
    words(out, [1, 0]);
    text(out, OPTION_NAME, &device.name);
    option(out, OPTION_HARDWARE, &[&device.hardware_address]);
    option(out, OPTION_RESOLUTION, &[&[9]]);
    end_options(out, start);
}

/// Adds a block about the first device at a time, with options: what is no frame and shall be no row of Wireshark's list.
#[cfg(live)]
pub(super) fn statistics(out: &mut Vec<u8>, time_ns: u64, options: impl FnOnce(&mut Vec<u8>)) {
    let start = begin(out, STATISTICS);
    words(out, [0, (time_ns >> 32) as u32, time_ns as u32]);
    options(out);
    end_options(out, start);
}

/// Adds a frame; returns the length of its block.
pub(super) fn packet(out: &mut Vec<u8>, packet: &Packet<'_>) -> usize {
    let Packet { interface, time_ns, direction, number, bytes } = *packet;
    let around = if number.is_some() { FRAME_AT + 8 + 20 + TAIL } else { FRAME_AT + 8 + TAIL };
    let length = around + bytes.len().next_multiple_of(4);
    let (total, captured) = (counted(length), counted(bytes.len()));
    out.reserve(length);
    words(out, [PACKET, total, interface, (time_ns >> 32) as u32, time_ns as u32, captured, captured]);
    out.extend_from_slice(bytes);
    pad(out, bytes.len());
    let flags = match direction {
        FrameDirection::Unknown => 0,
        FrameDirection::Inbound => 1,
        FrameDirection::Outbound => 2,
    };
    let head = u32::from(OPTION_FLAGS) | 4 << 16;
    match number {
        None => words(out, [head, flags, 0, total]),
        Some(number) => {
            let (custom, mark) = (u32::from(OPTION_CUSTOM) | 16 << 16, u32::from_le_bytes(NUMBER));
            let (low, high) = (number as u32, (number >> 32) as u32);
            words(out, [head, flags, custom, ENTERPRISE, mark, low, high, 0, total]);
        }
    }
    length
}

/// Sets the time of the packet block that begins at `start`.
#[cfg(live)]
pub(super) fn set_time(out: &mut [u8], start: usize, time_ns: u64) {
    if let Some(place) = out.get_mut(start + 12..start + 20) {
        place.copy_from_slice(&time_ns.rotate_left(32).to_le_bytes());
    }
}

/// Adds options to the packet block that began at `start` and is the last one.
pub(super) fn more_options(out: &mut Vec<u8>, start: usize, options: impl FnOnce(&mut Vec<u8>)) {
    out.truncate(out.len().saturating_sub(TAIL));
    options(out);
    end_options(out, start);
}
