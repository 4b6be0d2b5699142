//! daytime (RFC 867): the time of the machine, in one line. It needs no child: nobody can keep it waiting.

use super::{Next, Program};

impl Program {
    pub(super) fn tell_the_time(&mut self, clock: u64) -> Next {
        self.write(line(clock))
    }
}

/// The time of day, from microseconds since 1970.
pub(super) fn line(clock: u64) -> Vec<u8> {
    let seconds = clock / 1_000_000;
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    format!("day {days} {:02}:{:02}:{:02} UT\r\n", rest / 3600, rest / 60 % 60, rest % 60).into_bytes()
}
