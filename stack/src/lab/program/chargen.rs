//! chargen (RFC 864): lines of 72 printable characters, each shifted by one against the line before. Lines are gathered
//! as stdio does it, and written in blocks.

use super::{Next, Program};

/// Printable characters of the ring, from the blank on.
const RING: usize = 95;
/// Characters of a line, and octets with its end.
const COLUMNS: usize = 72;
const LINE: usize = COLUMNS + 2;
/// Whole lines that fit into a buffer of 8 KiB.
const LINES_A_BLOCK: usize = 8192 / LINE;
/// So many lines that a block from any of the ring's lies in them.
const TABLE_LINES: usize = RING + LINES_A_BLOCK;

/// The lines, one behind the other.
static LINES: [u8; TABLE_LINES * LINE] = lines();

const fn lines() -> [u8; TABLE_LINES * LINE] {
    let mut table = [0; TABLE_LINES * LINE];
    let mut at = 0;
    while at < table.len() {
        let (line, column) = (at / LINE, at % LINE);
        table[at] = match column {
            COLUMNS => b'\r',
            column if column > COLUMNS => b'\n',
            column => b' ' + ((line + column) % RING) as u8,
        };
        at += 1;
    }
    table
}

/// The block that begins with a line, counted from 0.
pub(super) fn block(line: u32) -> &'static [u8] {
    let from = line as usize % RING * LINE;
    LINES.get(from..from + LINES_A_BLOCK * LINE).unwrap_or(&[])
}

/// A line, counted from 0, as a datagram carries it.
pub(super) fn line(number: u32) -> &'static [u8] {
    block(number).get(..LINE).unwrap_or(&[])
}

impl Program {
    pub(super) fn begin_lines(&mut self) -> Next {
        self.lines = 0;
        self.write_lines()
    }

    /// The next block; lines are counted within the ring, for ever.
    pub(super) fn write_block(&mut self) -> Next {
        self.lines = (self.lines + LINES_A_BLOCK as u32) % RING as u32;
        self.write_lines()
    }

    fn write_lines(&mut self) -> Next {
        let octets = self.octets(block(self.lines));
        self.write(octets)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_those_of_the_rfc() {
        let first = line(0);
        assert!(first.starts_with(b" !\"#$%&'()*+,-./0123456789:;<=>?@ABC") && first.ends_with(b"defg\r\n"));
        assert_eq!((line(94)[0], line(94)[1], line(95)), (b'~', b' ', line(0)));
        let stream = [block(0), block(LINES_A_BLOCK as u32)].concat();
        for (number, written) in stream.chunks(LINE).enumerate() {
            assert_eq!(written, line(number as u32), "line {number}");
        }
    }
}
