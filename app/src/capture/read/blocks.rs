//! The blocks of a pcapng file, read where they lie. Read are the fields that make a frame: section and interface descriptions
//! as far as byte order, link type and clock go, and the three kinds of packet block. Everything else - comments in whatever
//! encoding, options of the wrong size, reserved bits, unknown blocks - is stepped over, as tshark does, so that none of it
//! costs a frame. (The crate `pcap-file`, which writes our recordings, refuses a file for such an option.)

use super::order::Order;
use super::{CaptureError, FrameView, Record};
use crate::capture::{DamageKind, FrameDirection};

const SECTION_HEADER: u32 = 0x0a0d_0d0a;
const INTERFACE_DESCRIPTION: u32 = 1;
const PACKET: u32 = 2;
const SIMPLE_PACKET: u32 = 3;
const ENHANCED_PACKET: u32 = 6;
/// Octets of a block without a body: type, length, and the length again.
const SHORTEST_BLOCK: usize = 12;
/// Octets of the fixed part of enhanced and old packet blocks.
const PACKET_HEADER: usize = 20;
/// A block that reaches behind the end of the file and says it is longer than this was never written so.
const LONGEST_BLOCK: usize = 16 << 20;
const OPTION_END: u16 = 0;
const OPTION_EPB_FLAGS: u16 = 2;
const OPTION_IF_TSRESOL: u16 = 9;
const OPTION_IF_TSOFFSET: u16 = 14;

/// A section: what follows a section header block, with a byte order and interfaces of its own.
#[derive(Debug, Clone, Copy)]
struct Section {
    /// Where its header block begins.
    offset: usize,
    order: Order,
    /// The place of its first interface among those of the file.
    first_interface: usize,
}

/// What an interface description block says of the packets of its interface.
#[derive(Debug, Clone, Copy)]
struct Interface {
    link_type: u16,
    /// The most octets kept of a frame; 0 for no limit.
    snap_length: u32,
    clock: Clock,
}

/// How an interface counts time.
#[derive(Debug, Clone, Copy)]
struct Clock {
    /// The exponent of its unit: of 1/10 second, or of 1/2 where the top bit is set.
    resolution: u8,
    /// Seconds to be added.
    offset: i64,
}

impl Clock {
    /// Nanoseconds since 1970; what no 64 bits hold is the nearest that they do.
    fn nanoseconds(self, raw: u64) -> u64 {
        let exponent = u32::from(self.resolution & 0x7f);
        let whole = match (self.resolution & 0x80 != 0, exponent) {
            (false, 9) => u128::from(raw),
            (false, 6) => u128::from(raw) * 1_000,
            (false, ..=9) => u128::from(raw) * 10_u128.pow(9 - exponent),
            (false, _) => 10_u128.checked_pow(exponent - 9).map_or(0, |unit| u128::from(raw) / unit),
            (true, _) => (u128::from(raw) * 1_000_000_000).checked_shr(exponent).unwrap_or(0),
        };
        let since = i128::try_from(whole).unwrap_or(i128::MAX);
        let since = since.saturating_add(i128::from(self.offset) * 1_000_000_000).max(0);
        u64::try_from(since).unwrap_or(u64::MAX)
    }
}

/// A block as it lies in the file.
struct Block<'a> {
    kind: u32,
    order: Order,
    body: &'a [u8],
    /// Where the next one begins.
    next: usize,
}

/// The sections and interfaces of a pcapng file, as far as it has been read.
#[derive(Debug, Clone)]
pub(super) struct Blocks {
    sections: Vec<Section>,
    interfaces: Vec<Interface>,
}

impl Blocks {
    /// Reads the section header that the file begins with, and says where the next block begins.
    pub(super) fn begin(bytes: &[u8]) -> Result<(Self, usize), CaptureError> {
        let mut blocks = Self { sections: Vec::new(), interfaces: Vec::new() };
        let record = blocks.read_on(bytes, 0).map_err(|_| CaptureError::BrokenHeader)?;
        if blocks.sections.is_empty() { Err(CaptureError::BrokenHeader) } else { Ok((blocks, record.next)) }
    }

    /// The block at `at`, and what it describes is noted.
    pub(super) fn read_on<'a>(&mut self, bytes: &'a [u8], at: usize) -> Result<Record<'a>, DamageKind> {
        let block = self.block(bytes, at)?;
        match block.kind {
            SECTION_HEADER => {
                let section = Section { offset: at, order: block.order, first_interface: self.interfaces.len() };
                self.sections.push(section);
            }
            INTERFACE_DESCRIPTION => self.interfaces.push(interface(&block).ok_or(DamageKind::Nonsense)?),
            _ => {}
        }
        self.record(&block, at)
    }

    /// The block at `at`, somewhere in the part that was read on.
    pub(super) fn read<'a>(&self, bytes: &'a [u8], at: usize) -> Result<Record<'a>, DamageKind> {
        self.record(&self.block(bytes, at)?, at)
    }

    /// The section in which a block at `at` stands: nearly always the last one.
    fn section(&self, at: usize) -> Option<Section> {
        let last = self.sections.last().filter(|last| last.offset <= at);
        last.or_else(|| {
            let behind = self.sections.partition_point(|section| section.offset <= at);
            self.sections.get(behind.checked_sub(1)?)
        })
        .copied()
    }

    fn block<'a>(&self, bytes: &'a [u8], at: usize) -> Result<Block<'a>, DamageKind> {
        let rest = bytes.get(at..).unwrap_or(&[]);
        // The type of a section header reads the same in both orders; the order stands behind its length.
        let kind = Order::Big.word(rest, 0).ok_or(DamageKind::CutShort)?;
        let order = if kind == SECTION_HEADER {
            match rest.get(8..12).ok_or(DamageKind::CutShort)? {
                [0x1a, 0x2b, 0x3c, 0x4d] => Order::Big,
                [0x4d, 0x3c, 0x2b, 0x1a] => Order::Little,
                _ => return Err(DamageKind::Nonsense),
            }
        } else {
            self.section(at).ok_or(DamageKind::Nonsense)?.order
        };
        let kind = order.word(rest, 0).ok_or(DamageKind::CutShort)?;
        // Some writers leave the padding out of the length; it is there all the same.
        let padded = |length: usize| length.checked_next_multiple_of(4).ok_or(DamageKind::Nonsense);
        let length = padded(order.length(rest, 4).ok_or(DamageKind::CutShort)?)?;
        if length < SHORTEST_BLOCK || (length > rest.len() && length > LONGEST_BLOCK) {
            return Err(DamageKind::Nonsense);
        }
        let whole = rest.get(..length).ok_or(DamageKind::CutShort)?;
        let again = order.length(whole, length - 4).ok_or(DamageKind::Nonsense)?;
        if padded(again)? != length {
            return Err(DamageKind::Nonsense);
        }
        let body = whole.get(8..length - 4).unwrap_or(&[]);
        Ok(Block { kind, order, body, next: at + length })
    }

    fn record<'a>(&self, block: &Block<'a>, at: usize) -> Result<Record<'a>, DamageKind> {
        let frame = match block.kind {
            ENHANCED_PACKET | PACKET => Some(self.packet(block, at).ok_or(DamageKind::Nonsense)?),
            SIMPLE_PACKET => Some(self.simple_packet(block, at).ok_or(DamageKind::Nonsense)?),
            _ => None,
        };
        Ok(Record { frame, next: block.next })
    }

    fn interface(&self, at: usize, number: u32) -> Option<Interface> {
        let place = self.section(at)?.first_interface.checked_add(usize::try_from(number).ok()?)?;
        self.interfaces.get(place).copied()
    }

    /// The frame in an enhanced packet block, or in the packet block that it replaced: they differ in the first word.
    fn packet<'a>(&self, block: &Block<'a>, at: usize) -> Option<FrameView<'a>> {
        let (body, order) = (block.body, block.order);
        let number = match block.kind {
            PACKET => u32::from(order.short(body, 0)?),
            _ => order.word(body, 0)?,
        };
        let interface = self.interface(at, number)?;
        let time = u64::from(order.word(body, 4)?) << 32 | u64::from(order.word(body, 8)?);
        let captured = order.length(body, 12)?;
        let original_length = order.word(body, 16)?;
        let data = body.get(PACKET_HEADER..)?.get(..captured)?;
        let behind = captured.next_multiple_of(4).saturating_add(PACKET_HEADER);
        let options = body.get(behind..).unwrap_or(&[]);
        Some(FrameView {
            index: 0,
            offset: u64::try_from(at).unwrap_or(u64::MAX),
            time_ns: interface.clock.nanoseconds(time),
            link_type: u32::from(interface.link_type),
            original_length: original_length.max(u32::try_from(captured).unwrap_or(u32::MAX)),
            interface: number,
            bytes: data,
            direction: direction(order, options),
        })
    }

    /// The frame in a simple packet block: of the first interface, without a time, its captured length to be worked out.
    fn simple_packet<'a>(&self, block: &Block<'a>, at: usize) -> Option<FrameView<'a>> {
        let interface = self.interface(at, 0)?;
        let original_length = block.order.word(block.body, 0)?;
        let limit = if interface.snap_length == 0 { u32::MAX } else { interface.snap_length };
        let captured = usize::try_from(original_length.min(limit)).ok()?;
        let data = block.body.get(4..)?;
        Some(FrameView {
            index: 0,
            offset: u64::try_from(at).unwrap_or(u64::MAX),
            time_ns: 0,
            link_type: u32::from(interface.link_type),
            original_length,
            interface: 0,
            bytes: data.get(..captured).unwrap_or(data),
            direction: FrameDirection::Unknown,
        })
    }
}

fn interface(block: &Block<'_>) -> Option<Interface> {
    let (body, order) = (block.body, block.order);
    let options = body.get(8..)?;
    let resolution = match option(order, options, OPTION_IF_TSRESOL) {
        Some([resolution]) => *resolution,
        _ => 6,
    };
    let offset = option(order, options, OPTION_IF_TSOFFSET).and_then(|value| value.first_chunk().copied());
    let offset = offset.map_or(0, |value| match order {
        Order::Big => i64::from_be_bytes(value),
        Order::Little => i64::from_le_bytes(value),
    });
    Some(Interface {
        link_type: order.short(body, 0)?,
        snap_length: order.word(body, 4)?,
        clock: Clock { resolution, offset },
    })
}

/// The value of the first option `wanted` of a list that may end anywhere.
fn option(order: Order, mut options: &[u8], wanted: u16) -> Option<&[u8]> {
    loop {
        let (code, length) = (order.short(options, 0)?, usize::from(order.short(options, 2)?));
        if code == OPTION_END {
            return None;
        }
        let rest = options.get(4..)?;
        if code == wanted {
            return rest.get(..length);
        }
        options = rest.get(length.next_multiple_of(4)..)?;
    }
}

fn direction(order: Order, options: &[u8]) -> FrameDirection {
    let flags = option(order, options, OPTION_EPB_FLAGS).and_then(|value| order.word(value, 0));
    match flags.unwrap_or(0) & 3 {
        1 => FrameDirection::Inbound,
        2 => FrameDirection::Outbound,
        _ => FrameDirection::Unknown,
    }
}
