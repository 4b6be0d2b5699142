//! A world that runs while nobody looks: no probe, no lists, no keyframes, and of its journal only what is still to come.
//!
//! What the steady state needs is used again: the room of frames that entered and (in the kernel, [`Spare`]) of packets and
//! buffers. Promise: the world is at every moment the one that a [`Run`] of the same journal would have come to, so that a
//! recording of what entered gives every step back.
//!
//! [`Run`]: crate::lab::run::Run
//! [`Spare`]: crate::include::spare::Spare

use crate::lab::journal::{Act, HostId, Journal};
use crate::lab::world::{Passing, World};

/// The most frames, and lists of them, whose room is kept.
const MOST_SPARE: usize = 256;

/// A world that nobody looks at, whose wire ends outside.
#[derive(Debug)]
pub struct Unseen {
    world: World,
    /// What is still to come, and what has been done since it was last empty.
    journal: Journal,
    /// Room for frames that are to come, and for lists of them: what those before have left.
    spare: Vec<Vec<u8>>,
    spare_lists: Vec<Vec<(u8, Vec<u8>)>>,
}

impl Unseen {
    /// A world that is going to run.
    #[must_use]
    pub fn new(world: World) -> Self {
        Self { world, journal: Journal::default(), spare: Vec::new(), spare_lists: Vec::new() }
    }

    /// The world as it is.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.world
    }

    /// How far time has gone, microseconds since the world began.
    #[must_use]
    pub fn horizon(&self) -> u64 {
        self.journal.horizon
    }

    /// Something enters from outside at a time that has not passed yet.
    pub fn enter(&mut self, time: u64, act: Act) {
        self.journal.add(time, act);
    }

    /// Frames enter likewise, by one interrupt of a host's card; what was entered is returned, for whoever writes it down.
    pub fn enter_frames<'a>(
        &mut self,
        time: u64,
        host: HostId,
        device: u8,
        frames: impl IntoIterator<Item = &'a [u8]>,
    ) -> Option<&Act> {
        let mut entering = self.spare_lists.pop().unwrap_or_default();
        for frame in frames {
            let mut bytes = self.spare.pop().unwrap_or_default();
            bytes.extend_from_slice(frame);
            entering.push((device, bytes));
        }
        self.journal.add(time, Act::Frames { host, frames: entering });
        self.journal.acts.last().map(|(_, act)| act)
    }

    /// Lets time come up to `horizon`, and everything happen that is due by then, but at most so many turns. Every frame that
    /// passes is shown. Returns the turns that were taken: everything has happened if they are fewer than were allowed.
    pub fn play(&mut self, horizon: u64, turns: usize, mut pass: impl FnMut(Passing<'_>)) -> usize {
        self.journal.extend(horizon);
        let taken = (0..turns).take_while(|_| self.world.turn_unseen(&self.journal, &mut pass)).count();
        if self.world.acts_done() == self.journal.acts.len() {
            self.world.forget_journal();
            for (_, act) in self.journal.acts.drain(..) {
                let Act::Frames { mut frames, .. } = act else { continue };
                for (_, mut bytes) in frames.drain(..) {
                    bytes.clear();
                    self.spare.push(bytes);
                }
                self.spare_lists.push(frames);
            }
            self.spare.truncate(MOST_SPARE);
            self.spare_lists.truncate(MOST_SPARE);
        }
        taken
    }
}
