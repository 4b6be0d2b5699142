//! The journal: everything that comes from outside a world, in the order of time.
//!
//! It holds a person's acts, the frames of a live or captured peer, and how far time has gone. What programs call and
//! what a simulated wire delivers is not in it: that is derived, so a branch recomputes it.

use crate::include::sched::PlannedInterrupt;
use crate::init::Input;
use crate::kernel::call::UserCall;
use crate::lab::program::ProgramKind;
use crate::link::wire::Fate;

/// Index of a host in its world.
pub type HostId = usize;

/// Something from outside.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Act {
    /// A process of that id makes a system call; it is made if it does not exist yet.
    Call {
        /// Host.
        host: HostId,
        /// Process id.
        pid: i32,
        /// The call.
        call: UserCall,
        /// Interrupts inside it.
        planned: Vec<PlannedInterrupt>,
    },
    /// A signal for a process.
    Signal {
        /// Host.
        host: HostId,
        /// Process id.
        pid: i32,
        /// Number.
        signal: i32,
    },
    /// Frames of a peer outside the world, in one interrupt.
    Frames {
        /// Host.
        host: HostId,
        /// Device index and bytes of each.
        frames: Vec<(u8, Vec<u8>)>,
    },
    /// Any input of a kernel, as a script has prepared it.
    Input {
        /// Host.
        host: HostId,
        /// The input.
        input: Input,
    },
    /// A program starts.
    Start {
        /// Host.
        host: HostId,
        /// Which.
        program: ProgramKind,
    },
    /// What is to become of a frame on the wire, by number (from 1).
    Fate {
        /// Number of the frame.
        frame: u64,
        /// Its fate.
        fate: Fate,
    },
    /// A timer that runs fires with the next tick; nothing happens where there is none like it.
    Expire {
        /// Host.
        host: HostId,
        /// The function that it calls.
        function: String,
        /// Whose it is, as the view of timers says ([`crate::view::timer::TimerView::owner`]).
        owner: String,
    },
    /// A name for this moment.
    Mark(String),
}

/// Acts by time, and the time up to which the world may run.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Journal {
    /// Acts with their times in microseconds, in order.
    pub acts: Vec<(u64, Act)>,
    /// Nothing later than this has happened yet.
    pub horizon: u64,
}

impl Journal {
    /// Adds an act; acts of one time keep the order in which they were added.
    pub fn add(&mut self, time: u64, act: Act) {
        let place = self.acts.partition_point(|(other, _)| *other <= time);
        self.acts.insert(place, (time, act));
        self.horizon = self.horizon.max(time);
    }

    /// Lets time pass up to a moment.
    pub fn extend(&mut self, time: u64) {
        self.horizon = self.horizon.max(time);
    }
}
