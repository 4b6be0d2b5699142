//! When a session that nobody looks at carries so much that long segments should pass its device in one piece. Promise: what is
//! carried slowly goes frame by frame, as on any wire; and the answer does not change to and fro with every pause of a sender.

use std::time::Duration;

/// How long is counted for an answer.
const PERIOD: Duration = Duration::from_millis(50);
/// Octets in that time that are much: 20 MB a second.
const MUCH: usize = 1 << 20;
/// Where much was carried, it goes on being much down to here.
const STILL_MUCH: usize = MUCH / 4;

/// What is carried, counted.
#[derive(Debug, Default)]
pub struct Bulk {
    /// When the period began, of virtual time.
    since: Duration,
    octets: usize,
    is_much: bool,
}

impl Bulk {
    /// So many octets more have been carried up to `now`. At the end of a period: whether they were much.
    pub fn carried(&mut self, now: Duration, octets: usize) -> Option<bool> {
        self.octets += octets;
        if now.saturating_sub(self.since) < PERIOD {
            return None;
        }
        self.is_much = self.octets >= if self.is_much { STILL_MUCH } else { MUCH };
        (self.since, self.octets) = (now, 0);
        Some(self.is_much)
    }

    /// How long a session that has nothing to do may sleep until this is to be asked again; `None`: as long as it likes.
    #[must_use]
    pub fn patience(&self) -> Option<Duration> {
        self.is_much.then_some(PERIOD)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn much_begins_at_a_mebibyte_and_ends_below_a_quarter_of_one() {
        let mut bulk = Bulk::default();
        let mut now = Duration::ZERO;
        let mut period = |bulk: &mut Bulk, octets: usize| {
            assert_eq!(bulk.carried(now + PERIOD / 2, octets - 1), None);
            now += PERIOD;
            bulk.carried(now, 1).unwrap()
        };
        for (octets, is_much) in
            [(MUCH - 1, false), (MUCH, true), (STILL_MUCH, true), (STILL_MUCH - 1, false), (STILL_MUCH, false)]
        {
            assert_eq!(period(&mut bulk, octets), is_much, "{octets} octets");
            assert_eq!(bulk.patience().is_some(), is_much);
        }
    }

    #[test]
    fn a_time_of_quiet_is_a_period_too() {
        let mut bulk = Bulk::default();
        assert_eq!(bulk.carried(PERIOD, MUCH), Some(true));
        assert_eq!(bulk.carried(100 * PERIOD, 0), Some(false));
        assert_eq!(bulk.patience(), None);
    }
}
