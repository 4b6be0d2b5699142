//! Numbers in the byte order of the machine that wrote a capture. Promise: reading behind the end gives nothing.

/// In which order the octets of a number stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// The most significant first.
    Big,
    /// The least significant first.
    Little,
}

impl Order {
    /// The 16-bit number at `at`.
    pub(super) fn short(self, bytes: &[u8], at: usize) -> Option<u16> {
        let chunk = *bytes.get(at..)?.first_chunk()?;
        Some(match self {
            Self::Big => u16::from_be_bytes(chunk),
            Self::Little => u16::from_le_bytes(chunk),
        })
    }

    /// The 32-bit number at `at`.
    pub(super) fn word(self, bytes: &[u8], at: usize) -> Option<u32> {
        let chunk = *bytes.get(at..)?.first_chunk()?;
        Some(match self {
            Self::Big => u32::from_be_bytes(chunk),
            Self::Little => u32::from_le_bytes(chunk),
        })
    }

    /// The 32-bit number at `at`, as a length.
    pub(super) fn length(self, bytes: &[u8], at: usize) -> Option<usize> {
        self.word(bytes, at).and_then(|word| usize::try_from(word).ok())
    }
}
