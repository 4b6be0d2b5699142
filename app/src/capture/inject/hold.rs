//! What waits because the stack offers less room than the captured end did: frames of the peer with data beyond the window,
//! whatever of the peer comes behind them, and the calls that the application made after it had read them. A peer that had
//! heard of the smaller window would have sent them once it had heard of a larger one: a round trip after that was offered.
//! Promise: what waits is given in the order of the capture, and the times in which something waited are known.

use std::collections::VecDeque;

use crate::capture::infer::Timed;
use crate::capture::stream::after;

/// The queue, and the windows that were offered.
#[derive(Debug, Default)]
pub(super) struct Hold {
    steps: VecDeque<Timed>,
    /// Behind the last octet that waits.
    end: Option<u32>,
    /// How many pieces of the first frame have been given.
    pub(super) pieces: usize,
    /// The right edges that the stack has offered, each with its time, both growing.
    edges: Vec<(u64, u32)>,
    /// Since when something waits, at the place of capture.
    since: Option<u64>,
    /// When something waited, at the place of capture.
    times: Vec<(u64, u64)>,
    /// How many frames have waited.
    pub(super) frames: usize,
}

impl Hold {
    /// The stack has offered the window up to `edge`.
    pub(super) fn offered(&mut self, time_ns: u64, edge: u32) {
        if self.edge().is_none_or(|before| after(edge, before)) {
            self.edges.push((time_ns, edge));
        }
    }

    /// The furthest right edge that the stack has offered.
    pub(super) fn edge(&self) -> Option<u32> {
        self.edges.last().map(|(_, edge)| *edge)
    }

    /// When the stack first offered room up to `end`; None where it has not yet.
    pub(super) fn offered_ns(&self, end: u32) -> Option<u64> {
        let place = self.edges.partition_point(|(_, edge)| after(end, *edge));
        self.edges.get(place).map(|(time_ns, _)| *time_ns)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Puts a step behind those that wait.
    pub(super) fn wait(&mut self, step: Timed, time_ns: u64) {
        self.since = self.since.or(Some(time_ns));
        self.steps.push_back(step);
    }

    /// The same for a frame of the peer with its range of sequence numbers. What waits already is not sent again; what belongs
    /// before something that waits, because its first sending got lost, goes there.
    pub(super) fn wait_in_order(
        &mut self,
        step: Timed,
        (seq, end): (u32, u32),
        range: impl Fn(&Timed) -> Option<(u32, u32)>,
        time_ns: u64,
    ) {
        self.frames += 1;
        if self.end.is_none_or(|last| after(end, last)) || self.steps.is_empty() {
            self.end = Some(end);
            return self.wait(step, time_ns);
        }
        let ranges = || self.steps.iter().map(&range);
        if ranges().flatten().any(|(begin, last)| !after(begin, seq) && !after(end, last)) {
            return;
        }
        let place = ranges().position(|range| range.is_some_and(|(begin, _)| after(begin, seq)));
        self.steps.insert(place.unwrap_or(self.steps.len()).max(usize::from(self.pieces > 0)), step);
    }

    /// What is to be given next.
    pub(super) fn first(&self) -> Option<&Timed> {
        self.steps.front()
    }

    /// The first step was given.
    pub(super) fn given(&mut self, time_ns: u64) {
        self.steps.pop_front();
        self.pieces = 0;
        if self.steps.is_empty() {
            self.stop(time_ns);
        }
    }

    fn stop(&mut self, time_ns: u64) {
        self.times.extend(self.since.take().map(|since| (since, time_ns)));
    }

    /// When something waited, from and to, at the place of capture; what waits still does so for ever.
    pub(super) fn times(&mut self) -> Vec<(u64, u64)> {
        self.stop(u64::MAX);
        std::mem::take(&mut self.times)
    }

    /// What never was given.
    pub(super) fn rest(&self) -> impl Iterator<Item = &Timed> {
        self.steps.iter()
    }
}
