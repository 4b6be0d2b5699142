//! The option lists of IP and TCP share one grammar: kind 0 ends the list, kind 1 is a single byte, every other kind
//! carries its own length. This walker reads both; it always moves forwards and ends at the first broken length.

use core::ops::Range;

/// End of the list.
pub const END_OF_LIST: u8 = 0;
/// One byte that does nothing.
pub const NO_OPERATION: u8 = 1;

/// One entry of an option list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawOption<'a> {
    /// The kind byte.
    pub kind: u8,
    /// Where the option stands in the list, kind byte included.
    pub range: Range<usize>,
    /// What follows kind and length.
    pub data: &'a [u8],
    /// The length byte is missing, below 2, or points past the list; the option then takes the rest of it.
    pub broken: bool,
}

/// Iterates over the options of a list. What follows the end-of-list byte is not visited.
#[derive(Debug, Clone)]
pub struct OptionList<'a> {
    list: &'a [u8],
    at: usize,
}

impl<'a> OptionList<'a> {
    /// Walks `list` from its first byte.
    pub fn new(list: &'a [u8]) -> Self {
        Self { list, at: 0 }
    }
}

impl<'a> Iterator for OptionList<'a> {
    type Item = RawOption<'a>;

    fn next(&mut self) -> Option<RawOption<'a>> {
        let start = self.at;
        let rest = self.list.get(start..)?;
        let kind = *rest.first()?;
        if kind == END_OF_LIST || kind == NO_OPERATION {
            self.at = if kind == END_OF_LIST { self.list.len() } else { start + 1 };
            return Some(RawOption { kind, range: start..start + 1, data: &[], broken: false });
        }
        let length = rest.get(1).map_or(0, |length| usize::from(*length));
        if let Some(data) = rest.get(2..length) {
            self.at = start + length;
            return Some(RawOption { kind, range: start..start + length, data, broken: false });
        }
        self.at = self.list.len();
        Some(RawOption { kind, range: start..self.list.len(), data: rest.get(2..).unwrap_or(&[]), broken: true })
    }
}
