//! A replay as a person walks through it: from one decision that differs to the next, to the frame of a line of the comparison, and
//! to the same time on the other side. What lies behind the part that has been played is played in slices.
//! Promise: a search that is given up, or finds nothing, leaves the cursor where it is.

use super::Session;
use super::answer::{Answer, Refused};
use super::motion::Direction;
use super::replayed::{Replayed, Sought};
use crate::capture::inject::Outcome;
use crate::capture::segment::Endpoint;
use crate::i18n::{Lang, Words};
use crate::picture::{Ladder, Picture, RunClock, Source, ladder};

impl Session {
    /// A session on a replay: the run of 1.2.13, and beside it what was captured.
    #[must_use]
    pub fn of_replay(outcome: Outcome) -> Self {
        let title = format!("1.2.13 = {} ⇄ {}", outcome.own, outcome.peer);
        let session = Self::new(title, Source::Replay, outcome.run());
        Self { start: outcome.second_zero(), replay: Some(Box::new(Replayed::of(outcome))), ..session }
    }

    /// The same with what has to be known of the file, below what has to be known of the replay.
    #[must_use]
    pub fn with_notices(mut self, notices: Vec<Words<String>>) -> Self {
        if let Some(replay) = &mut self.replay {
            let [english, chinese] = &mut replay.verdict;
            for Words { en, zh } in notices {
                english.push(en);
                chinese.push(zh);
            }
        }
        self
    }

    /// The end that 1.2.13 plays and the other one; none where nothing is replayed.
    #[must_use]
    pub fn replayed_ends(&self) -> Option<(Endpoint, Endpoint)> {
        self.replay.as_ref().map(|replay| (replay.outcome.own, replay.outcome.peer))
    }

    /// Puts what was captured into a picture of the replay: its clock is that of the capture, and in the first branch the comparison
    /// and every frame of the ladder stand beside what was captured.
    pub(super) fn beside_capture(&mut self, picture: &mut Picture, lang: Lang) {
        if self.start == 0 {
            return;
        }
        picture.microseconds = picture.microseconds.saturating_sub(self.start);
        picture.plot.count_from(self.start);
        // A recording of a replay has its second 0, but not the day on which it was captured.
        let start_ns = self.start.saturating_mul(1_000);
        let of_recording = RunClock { zero_ns: 0, start_ns, is_wall: false };
        picture.ladder.clock = self.replay.as_ref().map_or(of_recording, |replay| replay.clock());
        let (Some(replay), Some(branch)) = (&mut self.replay, self.branches.first()) else { return };
        if self.branch > 0 {
            return;
        }
        let run = branch.origin.run();
        replay.take_in(&run.frames);
        let sent = replay.sent_until(run, branch.at);
        replay.beside(&mut picture.ladder, run, Some(sent), lang);
        picture.replay = replay.at(sent, lang);
    }

    /// The ladder of the whole run as far as it has been played, beside what was captured where a capture is replayed.
    pub fn whole_ladder(&mut self, lang: Lang) -> Ladder {
        let Some(branch) = self.branches.get(self.branch) else { return Ladder::default() };
        let run = branch.origin.run();
        let mut ladder = ladder::whole(run, lang);
        if let Some(replay) = self.replay.as_mut().filter(|_| self.branch == 0) {
            replay.take_in(&run.frames);
            replay.beside(&mut ladder, run, None, lang);
        }
        ladder
    }

    /// The next line behind one, or before it, that shows another decision; none where there is none.
    #[must_use]
    pub fn next_difference(&self, from: usize, direction: Direction) -> Option<usize> {
        let lines = &self.replay.as_ref()?.outcome.lines;
        let decides = |line: &usize| lines.get(*line).is_some_and(|line| line.decides);
        match direction {
            Direction::Forward => (from.saturating_add(1)..lines.len()).find(decides),
            Direction::Backward => (0..from.min(lines.len())).rev().find(decides),
        }
    }

    /// Goes to where 1.2.13 sends the frame of a line; of one that it does not send, to that of the last frame before it. Where the
    /// run has not been played so far it is played on.
    pub fn go_to_line(&mut self, line: usize) -> Answer {
        self.give_up();
        if let Some(replay) = self.replay.as_mut().filter(|_| self.branch == 0) {
            replay.sought = replay.frames_at(line).map(|frames| Sought::Line { line, frames });
        }
        self.play_towards(0)
    }

    /// Goes to the last frame that has passed by a time of the capture, in nanoseconds since 1970.
    pub fn go_to_capture_time(&mut self, time_ns: u64) -> Answer {
        self.give_up();
        if let Some(replay) = self.replay.as_mut().filter(|_| self.branch == 0) {
            replay.sought = Some(Sought::Time(time_ns.saturating_sub(replay.outcome.boot_ns) / 1_000));
        }
        self.play_towards(0)
    }

    /// The time of the present moment on the clock of the capture, in nanoseconds since 1970; none where nothing is replayed.
    pub fn capture_time(&mut self) -> Option<u64> {
        let at = self.moment();
        let microseconds = self.run().time(at);
        let boot_ns = self.replay.as_ref()?.outcome.boot_ns;
        Some(boot_ns.saturating_add(microseconds.saturating_mul(1_000)))
    }

    /// Whether a search plays the run of a replay on.
    pub(super) fn plays_on(&self) -> bool {
        self.replay.as_ref().is_some_and(|replay| replay.sought.is_some())
    }

    /// How far such a search is: frames or microseconds, of how many.
    pub(super) fn played_towards(&self) -> Option<(usize, usize)> {
        let replay = self.replay.as_ref()?;
        match replay.sought? {
            Sought::Line { frames, .. } => Some((replay.sent_so_far().min(frames), frames)),
            Sought::Time(time) => {
                let run = self.branches.first()?.origin.run();
                let size = |time: u64| usize::try_from(time).unwrap_or(usize::MAX);
                Some((size(run.time(run.end()).min(time)), size(time)))
            }
        }
    }

    /// Plays the run so many turns on, unless it has come already to where the search goes.
    pub(super) fn play_towards(&mut self, turns: usize) -> Answer {
        let none = Answer::Refused(Refused::NothingSelected);
        let (Some(replay), Some(branch)) = (&mut self.replay, self.branches.first_mut()) else { return none };
        let Some(sought) = replay.sought else { return none };
        let run = branch.origin.run_mut();
        let mut is_over = false;
        for _ in 0..turns {
            is_over = !run.advance();
            if is_over {
                break;
            }
        }
        replay.take_in(&run.frames);
        let reached = match sought {
            Sought::Line { frames, .. } => replay.sent_so_far() >= frames,
            Sought::Time(time) => run.time(run.end()) > time,
        };
        if !reached && !is_over {
            return Answer::Searching;
        }
        replay.sought = None;
        let place = match sought {
            // A run that goes another way than when it was compared does not send so many: it ends.
            Sought::Line { frames, .. } => replay.place_of_sent(frames.min(replay.sent_so_far())),
            Sought::Time(time) => run.frames.partition_point(|record| record.time <= time).checked_sub(1),
        };
        let is_sent = !matches!(sought, Sought::Line { frames: 0, .. });
        let frame = place.filter(|_| is_sent).and_then(|place| run.frames.get(place));
        let (moment, horizon) = (frame.map(|record| record.moment), run.journal.horizon);
        if let Some(moment) = moment {
            self.stand_at(moment);
        }
        match sought {
            Sought::Line { line, .. } => Answer::OnLine(line),
            Sought::Time(time) => Answer::OtherSide { is_all: time <= horizon },
        }
    }
}
