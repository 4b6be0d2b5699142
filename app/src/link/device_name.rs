//! What can be the name of a network device. Promise: a name that the kernel would silently cut is refused before it sees it.

/// The longest name of a network device (16 bytes with the terminator).
pub const LONGEST_NAME: usize = 15;

/// Why a device name was refused before the kernel saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameError {
    /// Nothing was given.
    Empty,
    /// More bytes than a device name can have: the kernel would cut it.
    TooLong,
    /// A NUL, a slash, white space or a control character stands in it.
    Character,
}

/// Checks whether `name` can be the exact name of a device.
///
/// # Errors
/// The fault found first.
pub fn check_name(name: &str) -> Result<(), NameError> {
    if name.is_empty() {
        return Err(NameError::Empty);
    }
    if name.len() > LONGEST_NAME {
        return Err(NameError::TooLong);
    }
    let forbidden = |c: char| c.is_control() || c.is_whitespace() || matches!(c, '/' | ':' | '%');
    if name == "." || name == ".." || name.contains(forbidden) {
        return Err(NameError::Character);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_kernel_would_cut_are_refused() {
        assert_eq!(check_name("sock0"), Ok(()));
        assert_eq!(check_name("abcdefghijklmno"), Ok(()));
        assert_eq!(check_name("abcdefghijklmnop"), Err(NameError::TooLong));
        assert_eq!(check_name("tap\0evil"), Err(NameError::Character));
        assert_eq!(check_name("tap%d"), Err(NameError::Character));
        assert_eq!(check_name(""), Err(NameError::Empty));
    }
}
