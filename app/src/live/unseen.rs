//! A live session without a screen: nobody looks, so nothing is kept for looking. One thread reads some frames off the device,
//! lets the stack take them one after the other, and then writes what the stack has sent; no frame is copied between threads.
//! Reading, the stack and writing each run several times in a row, for what they need of the processor's caches pushes the
//! other two out. While much is carried ([`super::bulk`]) long segments pass the device in one piece. Promise: what enters is
//! recorded before it has an effect, where there is a recording, which gives every step back; memory does not grow.

use std::io;
use std::time::{Duration, Instant};

use stack::lab::beginning::Beginning;
use stack::lab::program::ProgramKind;
use stack::lab::unseen::Unseen;
use stack::lab::world::World;

use super::bulk::Bulk;
use super::session::{ETH0, HOST, MOST_TURNS, microseconds, start_programs, until};
use crate::link::{FrameIo, LARGEST_FRAME};
use crate::recording::of_session::{Kept, Recording, Stopped};
use crate::refusal::Refusal;

/// The most frames that are read before the stack gets them.
const MOST_AT_ONCE: usize = 10;
/// So many octets are enough to be read at once: four long frames. Their sender waits for the answers meanwhile.
const ENOUGH_AT_ONCE: usize = 4_600;
/// So many octets are enough for one interrupt. A long frame is handed over alone: segments that wait unread together would
/// close the window, and draw an acknowledgement more when it opens. Short ones, acknowledgements themselves, go together.
const ENOUGH_FOR_ONE_INTERRUPT: usize = 600;
/// What the stack has sent is written no later than when it is so many frames, or so many octets.
const MOST_UNWRITTEN: (usize, usize) = (32, 32_768);

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
    /// Frames as they were read.
    read: Frames,
    /// How many are read at once, the next time.
    at_once: usize,
    /// Frames that the stack has sent and that are still to be written.
    unwritten: Frames,
    /// Whether much is carried.
    bulk: Bulk,
}

/// Frames, one behind the other, in room that is used again and again.
struct Frames {
    room: Vec<u8>,
    /// Where each of them ends.
    ends: Vec<usize>,
}

impl Frames {
    /// Room for so many octets.
    fn with_room(octets: usize) -> Self {
        Self { room: vec![0; octets], ends: Vec::with_capacity(MOST_AT_ONCE) }
    }

    /// Octets of all of them.
    fn octets(&self) -> usize {
        self.ends.last().copied().unwrap_or(0)
    }

    /// Adds what `fill` writes into the room that is left and says the length of; false where that is nothing.
    fn add(&mut self, fill: impl FnOnce(&mut [u8]) -> io::Result<Option<usize>>) -> io::Result<bool> {
        let begin = self.octets();
        let length = fill(self.room.get_mut(begin..).unwrap_or(&mut []))?;
        self.ends.extend(length.map(|length| begin + length));
        Ok(length.is_some())
    }

    /// Adds a frame, for which there has to be room.
    fn push(&mut self, frame: &[u8]) {
        let begin = self.octets();
        if let Some(place) = self.room.get_mut(begin..begin + frame.len()) {
            place.copy_from_slice(frame);
            self.ends.push(begin + frame.len());
        }
    }

    fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let mut begin = 0;
        self.ends.iter().map(move |end| self.room.get(std::mem::replace(&mut begin, *end)..*end).unwrap_or(&[]))
    }
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
            read: Frames::with_room(ENOUGH_AT_ONCE + LARGEST_FRAME),
            at_once: 1,
            unwritten: Frames::with_room(MOST_UNWRITTEN.1 + LARGEST_FRAME),
            bulk: Bulk::default(),
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
        let empty = self.receive()?;
        self.hand_over(time);
        let Self { course, device, recording, untaken, unwritten, .. } = self;
        let mut gone = Ok(());
        let mut octets = self.read.octets();
        let turns = course.play(time, MOST_TURNS, |passing| {
            if !passing.from_outside && gone.is_ok() {
                unwritten.push(passing.bytes);
                octets += passing.bytes.len();
                if unwritten.ends.len() >= MOST_UNWRITTEN.0 || unwritten.octets() >= MOST_UNWRITTEN.1 {
                    gone = transmit(device.as_mut(), unwritten, untaken);
                }
            }
            if let Some(recording) = recording.on() {
                recording.passed(passing.time, passing.from_outside, passing.bytes);
            }
        });
        let gone = gone.and_then(|()| transmit(device.as_mut(), unwritten, untaken));
        self.save(turns > 0);
        if let Some(is_much) = self.bulk.carried(Duration::from_micros(time), octets) {
            self.device.offload(is_much);
        }
        gone.map(|()| match turns {
            MOST_TURNS.. => Went::Some,
            _ if !empty => Went::Some,
            0 => Went::Nowhere,
            _ => Went::All,
        })
    }

    /// Reads frames until there is none, or as many as are read at once. The first behind a time of quiet is read alone, so
    /// that its answer does not wait for a look whether there are others; where more and more come, more and more are read.
    /// True: there is none left.
    fn receive(&mut self) -> io::Result<bool> {
        let Self { read, device, .. } = self;
        read.ends.clear();
        let mut empty = false;
        while read.ends.len() < self.at_once && read.octets() < ENOUGH_AT_ONCE && !empty {
            empty = !read.add(|room| device.receive(room))?;
        }
        self.at_once = if empty { 1 } else { (2 * self.at_once).min(MOST_AT_ONCE) };
        Ok(empty)
    }

    /// Lets interrupts hand over the frames that were read.
    fn hand_over(&mut self, time: u64) {
        let mut frames = self.read.iter().peekable();
        while frames.peek().is_some() {
            let mut octets = 0;
            let one_interrupt = std::iter::from_fn(|| {
                let frame = frames.next_if(|_| octets < ENOUGH_FOR_ONE_INTERRUPT)?;
                octets += frame.len();
                Some(frame)
            });
            let act = self.course.enter_frames(time, HOST, ETH0, one_interrupt);
            if let (Some(recording), Some(act)) = (self.recording.on(), act) {
                recording.act(time, act);
            }
        }
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
        let next = self.world().next_own_time().map(|next| until(next, self.time(now)));
        next.into_iter().chain(self.bulk.patience()).min()
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

/// Writes what the stack has sent. What the device does not take is lost, as on a wire.
fn transmit(device: &mut dyn FrameIo, frames: &mut Frames, untaken: &mut u64) -> io::Result<()> {
    let written = device.transmit_all(&mut frames.iter());
    frames.ends.clear();
    *untaken += written?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::fd::{AsFd, BorrowedFd};
    use std::os::unix::net::UnixDatagram;
    use std::sync::{Arc, Mutex};

    use super::*;

    /// A device with frames that wait, and room for so many of the stack's; it keeps a diary of what was asked of it.
    struct Waiting {
        frames: Vec<Vec<u8>>,
        room: usize,
        diary: Arc<Mutex<String>>,
        socket: UnixDatagram,
    }

    impl FrameIo for Waiting {
        fn receive(&mut self, buffer: &mut [u8]) -> io::Result<Option<usize>> {
            let frame = (!self.frames.is_empty()).then(|| self.frames.remove(0));
            self.diary.lock().unwrap().push(if frame.is_some() { 'r' } else { '-' });
            Ok(frame.map(|frame| {
                buffer[..frame.len()].copy_from_slice(&frame);
                frame.len()
            }))
        }

        fn transmit(&mut self, frame: &[u8]) -> io::Result<bool> {
            let taken = self.room > 0;
            self.room = self.room.saturating_sub(1);
            // Of an answer to ARP the last octet of the address that asked.
            self.diary.lock().unwrap().push_str(&frame[41].to_string());
            Ok(taken)
        }

        fn descriptor(&self) -> BorrowedFd<'_> {
            self.socket.as_fd()
        }
    }

    /// An ARP question of 10.0.0.`from` for our host, as long as a frame of `length` octets.
    fn question(from: u8, length: usize) -> Vec<u8> {
        let mut frame = vec![
            0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 9, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 9, 10,
            0, 0, from, 0, 0, 0, 0, 0, 0, 10, 0, 0, 1,
        ];
        frame.resize(length, 0);
        frame
    }

    /// A session whose device has these frames and room for so many answers, gone on so many times; and the diary.
    fn session(frames: Vec<Vec<u8>>, room: usize, times: u32) -> (UnseenSession, String) {
        let diary = Arc::new(Mutex::new(String::new()));
        let socket = UnixDatagram::unbound().unwrap();
        let device = Waiting { frames, room, diary: Arc::clone(&diary), socket };
        let beginning = Beginning::alone("A", stack::include::config::Config::of_host(1));
        let now = Instant::now();
        let mut session = UnseenSession::begin(Box::new(device), &beginning, &[], None, now);
        for _ in 0..times {
            session.go_on(now + Duration::from_millis(20)).unwrap();
        }
        let diary = diary.lock().unwrap().clone();
        (session, diary)
    }

    #[test]
    fn what_the_device_does_not_take_is_counted() {
        for (room, untaken) in [(1, 0), (0, 1)] {
            let (session, _) = session(vec![question(9, 42)], room, 4);
            assert_eq!(session.untaken(), untaken, "with room for {room}");
        }
    }

    #[test]
    fn the_first_frame_is_answered_alone_and_those_that_follow_are_read_together() {
        let frames = (2..9).map(|from| question(from, 42)).collect();
        let (session, diary) = session(frames, usize::MAX, 4);
        // One, two and four frames, then none; every answer in its turn, and behind the frames that were read with its own.
        assert_eq!(diary, "r2rr34rrrr5678-");
        assert_eq!(session.untaken(), 0);
    }

    #[test]
    fn long_frames_are_read_four_at_once_and_short_ones_ten() {
        for (length, diary) in
            [(1_514, "r2rr34rrrr5678rrrr9101112rrr-131415"), (42, "r2rr34rrrr5678rrrrrrr-9101112131415-")]
        {
            let frames = (2..16).map(|from| question(from, length)).collect();
            assert_eq!(session(frames, usize::MAX, 5).1, diary, "frames of {length} octets");
        }
    }

    #[test]
    fn frames_lie_one_behind_the_other_and_their_room_is_used_again() {
        let mut frames = Frames::with_room(8);
        frames.push(&[1, 2, 3]);
        assert!(!frames.add(|_| Ok(None)).unwrap());
        let two = |room: &mut [u8]| {
            room[..2].fill(4);
            Ok(Some(2))
        };
        assert!(frames.add(two).unwrap());
        assert_eq!(frames.iter().collect::<Vec<_>>(), [&[1, 2, 3][..], &[4, 4]]);
        frames.ends.clear();
        frames.push(&[5]);
        assert_eq!(frames.iter().collect::<Vec<_>>(), [[5]]);
    }
}
