//! Big-endian numbers at a place in a byte slice. Reading past the end gives `None`, writing past it gives `false` and
//! changes nothing.
//!
//! [`At8`] to [`AtBytes`] are such places known at compile time: every header names its fields so once, in its module `at`,
//! and the field table, the typed view, dissection and whoever changes one field of a packet all read that one constant.
//! A view reads a header that is known to be complete, so a place behind its end does not compile.

use core::ops::Range;

/// The byte at `at`.
pub fn get8(bytes: &[u8], at: usize) -> Option<u8> {
    bytes.get(at).copied()
}

/// The 16-bit number at `at`.
pub fn get16(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|chunk| u16::from_be_bytes(*chunk))
}

/// The 32-bit number at `at`.
pub fn get32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|chunk| u32::from_be_bytes(*chunk))
}

/// Copies `value` to `at`; `false` if it does not fit.
pub fn put(bytes: &mut [u8], at: usize, value: &[u8]) -> bool {
    let place = at.checked_add(value.len()).and_then(|end| bytes.get_mut(at..end));
    place.is_some_and(|place| {
        place.copy_from_slice(value);
        true
    })
}

/// Writes one byte; `false` if `at` is past the end.
pub fn put8(bytes: &mut [u8], at: usize, value: u8) -> bool {
    put(bytes, at, &[value])
}

/// Writes a 16-bit number; `false` if it does not fit.
pub fn put16(bytes: &mut [u8], at: usize, value: u16) -> bool {
    put(bytes, at, &value.to_be_bytes())
}

/// Writes a 32-bit number; `false` if it does not fit.
pub fn put32(bytes: &mut [u8], at: usize, value: u32) -> bool {
    put(bytes, at, &value.to_be_bytes())
}

macro_rules! place_of_a_number {
    ($name:ident, $number:ty, $words:literal, $get:ident, $put:ident) => {
        #[doc = concat!("The place of ", $words, " `AT` bytes behind the start of a header.")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $name<const AT: usize>;

        impl<const AT: usize> $name<AT> {
            const LENGTH: usize = size_of::<$number>();

            /// Its bits, counted from the start of the header, for the field table.
            pub const fn bits(self) -> Range<usize> {
                8 * AT..8 * (AT + Self::LENGTH)
            }

            /// The number in a header that is complete.
            pub fn of<const HEADER: usize>(self, header: &[u8; HEADER]) -> $number {
                const { assert!(AT + Self::LENGTH <= HEADER, "the place lies behind the end of the header") };
                $get(header, AT).unwrap_or(0)
            }

            /// The number in a header that may be cut off.
            pub fn get(self, header: &[u8]) -> Option<$number> {
                $get(header, AT)
            }

            /// Writes the number; `false` and no change where the header ends before it.
            pub fn put(self, header: &mut [u8], value: $number) -> bool {
                $put(header, AT, value)
            }
        }
    };
}

place_of_a_number!(At8, u8, "a byte", get8, put8);
place_of_a_number!(At16, u16, "a 16-bit number", get16, put16);
place_of_a_number!(At32, u32, "a 32-bit number", get32, put32);

/// The place of `LENGTH` bytes, such as a hardware address, `AT` bytes behind the start of a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AtBytes<const AT: usize, const LENGTH: usize>;

impl<const AT: usize, const LENGTH: usize> AtBytes<AT, LENGTH> {
    /// Its bits, counted from the start of the header, for the field table.
    pub const fn bits(self) -> Range<usize> {
        8 * AT..8 * (AT + LENGTH)
    }

    /// The bytes in a header that is complete.
    pub fn of<const HEADER: usize>(self, header: &[u8; HEADER]) -> [u8; LENGTH] {
        const { assert!(AT + LENGTH <= HEADER, "the place lies behind the end of the header") };
        self.get(header).unwrap_or([0; LENGTH])
    }

    /// The bytes in a header that may be cut off.
    pub fn get(self, header: &[u8]) -> Option<[u8; LENGTH]> {
        header.get(AT..)?.first_chunk().copied()
    }

    /// Writes the bytes; `false` and no change where the header ends before them.
    pub fn put(self, header: &mut [u8], value: [u8; LENGTH]) -> bool {
        put(header, AT, &value)
    }
}
