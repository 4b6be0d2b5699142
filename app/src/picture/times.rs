//! How the times of frames are told: since the start, since the frame before, or as the time of day. One way holds wherever
//! frames are listed. Promise: times are nanoseconds since 1970 until they are told, and told with six digits, so that the same
//! frame has the same seconds everywhere.

use crate::capture::seconds;
use crate::i18n::Words;

const DAY_NS: u64 = 86_400_000_000_000;

/// How the time of a frame is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Times {
    /// Since the first frame of the connection, or since the run began.
    #[default]
    SinceStart,
    /// Since the frame before it.
    Delta,
    /// The time of day, UTC.
    OfDay,
}

impl Times {
    /// The next way; of the day only where it is known what time of day it was.
    #[must_use]
    pub fn next(self, is_wall: bool) -> Self {
        match self {
            Self::SinceStart => Self::Delta,
            Self::Delta if is_wall => Self::OfDay,
            Self::Delta | Self::OfDay => Self::SinceStart,
        }
    }

    /// What it is called.
    #[must_use]
    pub fn words(self) -> Words {
        match self {
            Self::SinceStart => Words::new("seconds since the first", "距首帧秒数"),
            Self::Delta => Words::new("seconds since the frame before", "距上一帧秒数"),
            Self::OfDay => Words::new("time of day, UTC", "时刻（UTC）"),
        }
    }

    /// The time of a frame: its own, that of the frame before it (its own where there is none), and what times since the start
    /// count from, all in nanoseconds since 1970.
    #[must_use]
    pub fn tell(self, own_ns: u64, before_ns: u64, start_ns: u64) -> String {
        match self {
            Self::SinceStart => seconds(own_ns.saturating_sub(start_ns)),
            Self::Delta if own_ns < before_ns => format!("-{}", seconds(before_ns - own_ns)),
            Self::Delta => seconds(own_ns - before_ns),
            Self::OfDay => {
                let of_day = own_ns % DAY_NS / 1_000;
                let (whole, micro) = (of_day / 1_000_000, of_day % 1_000_000);
                format!("{:02}:{:02}:{:02}.{micro:06}", whole / 3600, whole / 60 % 60, whole % 60)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_has_its_time_since_the_start_since_the_frame_before_and_of_the_day() {
        let (start, before, own) = (1_000_000_000_123, 1_000_500_000_123, 1_001_500_001_123);
        assert_eq!(Times::SinceStart.tell(own, before, start), "1.500001");
        assert_eq!(Times::Delta.tell(own, before, start), "1.000001");
        assert_eq!(Times::Delta.tell(before, own, start), "-1.000001");
        assert_eq!(Times::OfDay.tell(own + DAY_NS, before, start), "00:16:41.500001");
        assert_eq!(Times::OfDay.tell(DAY_NS - 1, before, start), "23:59:59.999999");
    }

    #[test]
    fn the_time_of_day_is_offered_only_where_it_is_known() {
        let walk = |is_wall| [Times::SinceStart, Times::Delta, Times::OfDay].map(|times: Times| times.next(is_wall));
        assert_eq!(walk(true), [Times::Delta, Times::OfDay, Times::SinceStart]);
        assert_eq!(walk(false), [Times::Delta, Times::SinceStart, Times::SinceStart]);
    }
}
