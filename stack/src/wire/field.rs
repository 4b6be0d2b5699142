//! One table per header: which bits are which field, what it is called in the C struct of 1.2.13 and what it means.
//! The tables drive dissection, generic reading and writing, and the tests of the typed views.

use core::net::Ipv4Addr;
use core::ops::Range;

use super::{ip_numbers, names};
use crate::words::Words;

/// How the value of a field is read by a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// A decimal number.
    Number,
    /// Bits, in hexadecimal.
    Hex,
    /// One bit that is set or not.
    Flag,
    /// A header length in units of four bytes.
    Words,
    /// A fragment offset in units of eight bytes.
    EightBytes,
    /// A hardware address of six bytes.
    HardwareAddress,
    /// An Internet address.
    InternetAddress,
    /// An Ethernet type, or a length up to 1500.
    EtherType,
    /// A protocol number of IP.
    Protocol,
    /// An ARP operation.
    ArpOperation,
    /// A checksum; who dissects says whether it is right.
    Checksum,
    /// Bytes that are shown raw.
    Bytes,
}

/// One field of a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Name in the C struct.
    pub name: &'static str,
    /// What it means.
    pub label: Words,
    /// Bits from the start of the header, the first bit on the wire (most significant) being 0.
    pub bits: Range<usize>,
    /// How it is read.
    pub kind: FieldKind,
    /// Smaller fields that share its bytes and together fill them.
    pub parts: &'static [Field],
}

/// A header: its fields follow one another, start and end on bytes, and fill it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The C struct.
    pub name: &'static str,
    /// What it is.
    pub label: Words,
    /// Bytes of the fixed part.
    pub length: usize,
    /// Its fields in the order of the wire.
    pub fields: &'static [Field],
}

/// A field without parts.
pub const fn field(name: &'static str, label: Words, bits: Range<usize>, kind: FieldKind) -> Field {
    Field { name, label, bits, kind, parts: &[] }
}

/// A field that is made of smaller ones.
pub const fn group(name: &'static str, label: Words, bits: Range<usize>, parts: &'static [Field]) -> Field {
    Field { name, label, bits, kind: FieldKind::Hex, parts }
}

impl Header {
    /// The field or part called `name`.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        let parts = self.fields.iter().flat_map(|field| field.parts);
        self.fields.iter().chain(parts).find(|field| field.name == name)
    }
}

impl Field {
    /// The bytes the field lies in, from the start of the header.
    pub fn bytes(&self) -> Range<usize> {
        self.bits.start / 8..self.bits.end.div_ceil(8)
    }

    /// The value, for fields of up to 64 bits; `None` where the header is too short or the field too wide.
    pub fn read(&self, header: &[u8]) -> Option<u64> {
        if self.bits.len() > 64 || self.bytes().len() > 8 {
            return None;
        }
        let bytes = header.get(self.bytes())?;
        let whole = bytes.iter().fold(0u64, |number, byte| number << 8 | u64::from(*byte));
        Some(whole >> self.shift() & self.mask())
    }

    /// Sets the field; `false` and no change where the header is too short or the value does not fit the field.
    pub fn write(&self, header: &mut [u8], value: u64) -> bool {
        if self.bits.len() > 64 || self.bytes().len() > 8 || value > self.mask() {
            return false;
        }
        let Some(bytes) = header.get_mut(self.bytes()) else {
            return false;
        };
        let whole = bytes.iter().fold(0u64, |number, byte| number << 8 | u64::from(*byte));
        let mut new = whole & !(self.mask() << self.shift()) | value << self.shift();
        for byte in bytes.iter_mut().rev() {
            *byte = new as u8;
            new >>= 8;
        }
        true
    }

    /// The value as a person reads it; `None` where the header is too short.
    pub fn show(&self, header: &[u8]) -> Option<String> {
        let bytes = header.get(self.bytes())?;
        let value = self.read(header).unwrap_or(0);
        let digits = self.bits.len().div_ceil(4);
        Some(match self.kind {
            FieldKind::Number | FieldKind::Flag => value.to_string(),
            FieldKind::Hex | FieldKind::Checksum => format!("0x{value:0digits$x}"),
            FieldKind::Words => format!("{value} (× 4 = {})", value * 4),
            FieldKind::EightBytes => format!("{value} (× 8 = {})", value * 8),
            FieldKind::HardwareAddress => names::hardware_address(bytes),
            FieldKind::InternetAddress => Ipv4Addr::from(value as u32).to_string(),
            FieldKind::EtherType => named(format!("0x{value:04x}"), names::ethernet_type_name(value as u16)),
            FieldKind::Protocol => named(value.to_string(), ip_numbers::protocol_name(value as u8)),
            FieldKind::ArpOperation => named(value.to_string(), names::operation_name(value as u16)),
            FieldKind::Bytes => hexadecimal(bytes),
        })
    }

    fn shift(&self) -> usize {
        self.bytes().end * 8 - self.bits.end
    }

    fn mask(&self) -> u64 {
        if self.bits.len() >= 64 { u64::MAX } else { (1 << self.bits.len()) - 1 }
    }
}

/// Bytes as pairs of hexadecimal digits with nothing between.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn named(value: String, name: Option<&str>) -> String {
    match name {
        Some(name) => format!("{value} ({name})"),
        None => value,
    }
}
