//! Big-endian numbers at a place in a byte slice. Reading past the end gives `None`, writing past it gives `false` and
//! changes nothing.

/// The octet at `at`.
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

/// Writes one octet; `false` if `at` is past the end.
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
