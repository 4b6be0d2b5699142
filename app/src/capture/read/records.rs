//! The records of a pcap file, read where they lie. Only what decides where the next record begins is checked: a snaplen of
//! zero for "no limit", a record longer than the header's snaplen, a fraction of more than a second are what many writers make,
//! and no reason to lose a frame.

use super::order::Order;
use super::{CaptureError, FrameView, Record};
use crate::capture::{DamageKind, FrameDirection};

/// Octets of the header of the file.
const HEADER_LENGTH: usize = 24;
/// Where in it the link type stands.
const LINK_TYPE_AT: usize = 20;
/// The longest record that can be a frame (libpcap's MAXIMUM_SNAPLEN); more is a sign of damage.
const LONGEST_RECORD: usize = 262_144;

/// What the header of a pcap file says of its records.
#[derive(Debug, Clone)]
pub(super) struct Records {
    order: Order,
    /// Nanoseconds in one unit of the fraction of a second.
    unit_ns: u64,
    link_type: u32,
    /// Octets of the header of each record.
    record_header: usize,
}

impl Records {
    /// Byte order, clock and the length of the record headers, as the first four octets of a file say.
    pub(super) fn of_magic(magic: [u8; 4]) -> Option<(Order, u64, usize)> {
        Some(match magic {
            [0xa1, 0xb2, 0xc3, 0xd4] => (Order::Big, 1_000, 16),
            [0xd4, 0xc3, 0xb2, 0xa1] => (Order::Little, 1_000, 16),
            [0xa1, 0xb2, 0x3c, 0x4d] => (Order::Big, 1, 16),
            [0x4d, 0x3c, 0xb2, 0xa1] => (Order::Little, 1, 16),
            // "Modified" pcap of old Linux distributions: each record names its interface and protocol besides.
            [0xa1, 0xb2, 0xcd, 0x34] => (Order::Big, 1_000, 24),
            [0x34, 0xcd, 0xb2, 0xa1] => (Order::Little, 1_000, 24),
            _ => return None,
        })
    }

    /// Reads the header of a file, and says where the first record begins.
    pub(super) fn begin(bytes: &[u8]) -> Result<(Self, usize), CaptureError> {
        let magic = bytes.first_chunk().and_then(|magic| Self::of_magic(*magic));
        let (order, unit_ns, record_header) = magic.ok_or(CaptureError::NotACapture)?;
        let link_type = order.word(bytes, LINK_TYPE_AT).ok_or(CaptureError::BrokenHeader)?;
        // The upper half of the field holds flags about the frame check sequence.
        Ok((Self { order, unit_ns, link_type: link_type & 0xffff, record_header }, HEADER_LENGTH))
    }

    /// The record at `at`.
    pub(super) fn read<'a>(&self, bytes: &'a [u8], at: usize) -> Result<Record<'a>, DamageKind> {
        let rest = bytes.get(at..).unwrap_or(&[]);
        let header = rest.get(..self.record_header).ok_or(DamageKind::CutShort)?;
        let number = |place| self.order.word(header, place).unwrap_or(0);
        let captured = self.order.length(header, 8).filter(|length| *length <= LONGEST_RECORD);
        let captured = captured.ok_or(DamageKind::Nonsense)?;
        let data = rest.get(self.record_header..self.record_header + captured).ok_or(DamageKind::CutShort)?;
        let frame = FrameView {
            index: 0,
            offset: u64::try_from(at).unwrap_or(u64::MAX),
            time_ns: u64::from(number(0)) * 1_000_000_000 + u64::from(number(4)) * self.unit_ns,
            link_type: self.link_type,
            original_length: number(12).max(number(8)),
            interface: 0,
            bytes: data,
            direction: FrameDirection::Unknown,
        };
        Ok(Record { frame: Some(frame), next: at + self.record_header + captured })
    }
}
