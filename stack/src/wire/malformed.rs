//! Why bytes are not the packet they were taken for: which field of which header, and what is wrong with it.

use core::fmt;

use crate::words::Words;

/// A packet that cannot be read or built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed {
    /// The header as in the C struct: `ethhdr`, `iphdr`, `tcphdr`.
    pub header: &'static str,
    /// The field as in the C struct, or `header` where the header itself does not fit.
    pub field: &'static str,
    /// What is wrong with it.
    pub reason: Reason,
}

/// What is wrong with a field. Lengths are bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Fewer bytes than the header (or its length field) asks for.
    Short {
        /// Bytes needed.
        needed: usize,
        /// Bytes there.
        have: usize,
    },
    /// More bytes than the format can carry.
    Long {
        /// The most the format can carry.
        limit: usize,
        /// Bytes there.
        have: usize,
    },
    /// A value the protocol does not allow.
    Value(u32),
}

impl Malformed {
    pub(crate) const fn short(header: &'static str, field: &'static str, needed: usize, have: usize) -> Self {
        Self { header, field, reason: Reason::Short { needed, have } }
    }

    pub(crate) const fn long(header: &'static str, field: &'static str, limit: usize, have: usize) -> Self {
        Self { header, field, reason: Reason::Long { limit, have } }
    }

    pub(crate) const fn value(header: &'static str, field: &'static str, value: u32) -> Self {
        Self { header, field, reason: Reason::Value(value) }
    }

    /// What is wrong, behind the field it is wrong with; no full stop, because it stands inside sentences.
    pub fn words(&self) -> Words<String> {
        let Self { header, field, reason } = self;
        match reason {
            Reason::Short { needed, have } => Words::new(
                format!("{header}.{field}: {needed} bytes needed, {have} there"),
                format!("{header}.{field}：需要 {needed} 字节，只有 {have} 字节"),
            ),
            Reason::Long { limit, have } => Words::new(
                format!("{header}.{field}: {have} bytes, at most {limit} fit"),
                format!("{header}.{field}：有 {have} 字节，最多容纳 {limit} 字节"),
            ),
            Reason::Value(value) => Words::new(
                format!("{header}.{field}: {value} is not allowed"),
                format!("{header}.{field}：不允许的值 {value}"),
            ),
        }
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.words().en)
    }
}

impl core::error::Error for Malformed {}
