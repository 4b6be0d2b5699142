//! A live session without a screen: nobody looks, so nothing is kept for looking. One thread reads the device until it is
//! empty, lets the stack take what came, and writes what the stack sends; no frame is copied between threads. Promise: what
//! enters is recorded before it has an effect, where there is a recording, which gives every step back; memory does not grow.

use std::io;
use std::time::{Duration, Instant};

use stack::lab::beginning::Beginning;
use stack::lab::program::ProgramKind;
use stack::lab::unseen::Unseen;
use stack::lab::world::World;

use super::session::{ETH0, HOST, MOST_TURNS, microseconds, start_programs, until};
use crate::link::{FrameIo, LARGEST_FRAME};
use crate::recording::of_session::{Kept, Recording, Stopped};
use crate::refusal::Refusal;

/// The most frames that one interrupt hands over.
const MOST_AT_ONCE: usize = 10;
/// So many octets are enough for one interrupt. A long frame is handed over alone: segments that wait unread together would
/// close the window, and draw an acknowledgement more when it opens. Short ones, acknowledgements themselves, go together.
const ENOUGH_AT_ONCE: usize = 600;

/// How far a session went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Went {
    /// The device was empty, and nothing was due.
    Nowhere,
    /// Everything is done that was due, and the device was found empty: nothing is to do before the next frame or timer.
    All,
    /// There may be more to do.
    Some,
}

/// A live session that nobody looks at.
pub struct UnseenSession {
    course: Unseen,
    device: Box<dyn FrameIo>,
    /// When virtual time was 0.
    since: Instant,
    recording: Kept,
    /// Frames of the stack that the device did not take.
    untaken: u64,
    /// Frames as they were read, one behind the other, and where each of them ends.
    ring: Vec<u8>,
    ends: Vec<usize>,
    /// How many are taken at once, the next time.
    at_once: usize,
}

impl std::fmt::Debug for UnseenSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UnseenSession").field("recording", &self.recording).finish_non_exhaustive()
    }
}

impl UnseenSession {
    /// Switches the host on, with these programs running on it.
    #[must_use]
    pub fn begin(
        device: Box<dyn FrameIo>,
        beginning: &Beginning,
        programs: &[ProgramKind],
        mut recording: Option<Recording>,
        now: Instant,
    ) -> Self {
        let mut course = Unseen::new(beginning.world());
        start_programs(programs, recording.as_mut(), |act| course.enter(0, act));
        Self {
            course,
            device,
            since: now,
            recording: recording.into(),
            untaken: 0,
            ring: vec![0; MOST_AT_ONCE * LARGEST_FRAME],
            ends: Vec::with_capacity(MOST_AT_ONCE),
            at_once: 1,
        }
    }

    /// The world as it is now.
    #[must_use]
    pub fn world(&self) -> &World {
        self.course.world()
    }

    /// Frames of the stack that were lost since the device did not take them.
    #[must_use]
    pub fn untaken(&self) -> u64 {
        self.untaken
    }

    /// The device, to be polled.
    #[must_use]
    pub fn device(&self) -> &dyn FrameIo {
        self.device.as_ref()
    }

    /// Microseconds of virtual time since the host was switched on.
    fn time(&self, now: Instant) -> u64 {
        microseconds(self.since, now)
    }

    /// Takes what the device holds, lets time come up to now, and sends what the stack has sent.
    ///
    /// # Errors
    /// What the device says: it is gone or down.
    pub fn go_on(&mut self, now: Instant) -> io::Result<Went> {
        let time = self.time(now).max(self.course.horizon());
        let empty = self.receive(time)?;
        let Self { course, device, recording, untaken, .. } = self;
        let mut gone = Ok(());
        let turns = course.play(time, MOST_TURNS, |passing| {
            if !passing.from_outside && gone.is_ok() {
                // What the device does not take is lost, as on a wire.
                gone = device.transmit(passing.bytes).map(|taken| *untaken += u64::from(!taken));
            }
            if let Some(recording) = recording.on() {
                recording.passed(passing.time, passing.from_outside, passing.bytes);
            }
        });
        self.save(turns > 0);
        gone.map(|()| match turns {
            MOST_TURNS.. => Went::Some,
            _ if !empty => Went::Some,
            0 => Went::Nowhere,
            _ => Went::All,
        })
    }

    /// Takes frames until there is none, or as many as are taken at once, and lets one interrupt hand them over. The first
    /// behind a time of quiet is handed over alone, so that its answer does not wait for a look whether there are others;
    /// where more and more come, more and more are taken. True: there is none left.
    fn receive(&mut self, time: u64) -> io::Result<bool> {
        self.ends.clear();
        let mut begin = 0;
        let mut empty = false;
        while self.ends.len() < self.at_once && begin < ENOUGH_AT_ONCE && !empty {
            let Some(room) = self.ring.get_mut(begin..) else { break };
            match self.device.receive(room)? {
                Some(length) => {
                    begin += length;
                    self.ends.push(begin);
                }
                None => empty = true,
            }
        }
        self.at_once = if empty { 1 } else { (2 * self.at_once).min(MOST_AT_ONCE) };
        if !self.ends.is_empty() {
            let mut begin = 0;
            let ring = &self.ring;
            let frames = self.ends.iter().map(|end| ring.get(std::mem::replace(&mut begin, *end)..*end).unwrap_or(&[]));
            let act = self.course.enter_frames(time, HOST, ETH0, frames);
            if let (Some(recording), Some(act)) = (self.recording.on(), act) {
                recording.act(time, act);
            }
        }
        Ok(empty)
    }

    /// Hands over what the recording has taken, where there is one.
    fn save(&mut self, something_happened: bool) {
        // Turns without a frame, as of timers, would not come back without it.
        if let Some(recording) = self.recording.on().filter(|_| something_happened) {
            recording.horizon(self.course.horizon());
            let world = self.course.world();
            world
                .hosts
                .iter()
                .filter_map(|host| host.kernel.oops.as_ref())
                .for_each(|oops| recording.died(world.clock, oops));
        }
        self.recording.save();
    }

    /// Why the recording has ended before the session, if it has; see [`Kept::stopped`].
    pub fn recording_stopped(&mut self) -> Option<&Stopped> {
        self.recording.stopped()
    }

    /// How long nothing will happen by itself; `None` for as long as no frame arrives.
    #[must_use]
    pub fn idle_for(&self, now: Instant) -> Option<Duration> {
        let next = self.world().next_own_time()?;
        Some(until(next, self.time(now)))
    }

    /// Ends the session: the recording gets its tail, the device is let go.
    ///
    /// # Errors
    /// The recording cannot be written.
    pub fn end(mut self) -> Result<(), Refusal> {
        self.finish_recording()
    }

    fn finish_recording(&mut self) -> Result<(), Refusal> {
        self.recording.finish(self.course.horizon())
    }
}

impl Drop for UnseenSession {
    /// However a session ends, its recording gets its tail.
    fn drop(&mut self) {
        if let Err(refusal) = self.finish_recording() {
            refusal.remark();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::fd::{AsFd, BorrowedFd};
    use std::os::unix::net::UnixDatagram;

    use super::*;

    /// A device that has one frame and takes as many of the stack's as it is told to.
    struct Full {
        frame: Option<Vec<u8>>,
        room: usize,
        socket: UnixDatagram,
    }

    impl FrameIo for Full {
        fn receive(&mut self, buffer: &mut [u8]) -> io::Result<Option<usize>> {
            Ok(self.frame.take().map(|frame| {
                buffer[..frame.len()].copy_from_slice(&frame);
                frame.len()
            }))
        }

        fn transmit(&mut self, _: &[u8]) -> io::Result<bool> {
            let taken = self.room > 0;
            self.room = self.room.saturating_sub(1);
            Ok(taken)
        }

        fn descriptor(&self) -> BorrowedFd<'_> {
            self.socket.as_fd()
        }
    }

    #[test]
    fn what_the_device_does_not_take_is_counted() {
        let question = [
            0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 9, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 9, 10,
            0, 0, 9, 0, 0, 0, 0, 0, 0, 10, 0, 0, 1,
        ];
        let now = Instant::now();
        for (room, untaken) in [(1, 0), (0, 1)] {
            let socket = UnixDatagram::unbound().unwrap();
            let device = Full { frame: Some(question.to_vec()), room, socket };
            let beginning = Beginning::alone("A", stack::include::config::Config::of_host(1));
            let mut session = UnseenSession::begin(Box::new(device), &beginning, &[], None, now);
            for _ in 0..4 {
                session.go_on(now + Duration::from_millis(20)).unwrap();
            }
            assert_eq!(session.untaken(), untaken, "with room for {room}");
        }
    }
}
