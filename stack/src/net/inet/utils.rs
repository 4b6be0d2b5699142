//! Dotted decimal, as the kernel reads it (net/inet/utils.c).

use crate::include::in_addr::InAddr;

/// Reads up to four decimal numbers separated by single dots, without checking anything; missing ones are 0.
///
/// net/inet/utils.c:in_aton.
#[must_use]
pub fn in_aton(text: &str) -> InAddr {
    let mut rest = text.bytes().peekable();
    let mut address = 0_u32;
    for _ in 0..4 {
        let mut number = 0_u32;
        while let Some(digit) = rest.next_if(u8::is_ascii_digit) {
            number = number.wrapping_mul(10).wrapping_add(u32::from(digit - b'0'));
        }
        address = address << 8 | (number & 0xff);
        rest.next_if_eq(&b'.');
    }
    InAddr(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_numbers_are_zero_on_the_right() {
        assert_eq!(in_aton("10.1"), InAddr(0x0a01_0000));
        assert_eq!(in_aton("192.168.0.1"), InAddr(0xc0a8_0001));
        assert_eq!(in_aton(""), InAddr::ANY);
    }
}
