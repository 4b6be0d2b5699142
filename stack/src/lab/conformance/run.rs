//! What a run leaves behind, and the driver that scripts and frame scenarios share: a started host, a recorder, and
//! the clock that moves to a jiffy before anything happens in it.

use core::net::Ipv4Addr;

use super::difference::Difference;
use super::failure::Failure;
use super::flow::Flow;
use super::host::FIRST_JIFFY;
use super::reading::Reading;
use super::recorder::{Happening, Recorder, WireFrame, now};
use super::skipped::Skipped;
use super::trace::Record;
use crate::include::config::Config;
use crate::include::sched::TaskId;
use crate::include::seq::TICK;
use crate::kernel::KernelOops;
use crate::lab::machine::{Machine, configure, next_timer};
use crate::lab::script::Position;
use crate::lab::script::Script;
use crate::{Input, Kernel};

/// Process ids of the processes a script may use.
const PIDS: [i32; 3] = [100, 101, 102];

/// What a run leaves behind.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// The script of what really happened; empty for a frame scenario.
    pub script: Script,
    /// Jiffies at which each line of it started and ended.
    pub times: Vec<(i64, Option<i64>)>,
    /// When each began and ended in microseconds after script time 0; no end where it is the beginning.
    pub moments: Vec<(u64, Option<u64>)>,
    /// The line of the input each line of it comes from.
    pub origins: Vec<Option<Position>>,
    /// Indices of those lines that stand for an interrupt inside a call that never came.
    pub never_came: Vec<usize>,
    /// The flow that a line without ports meant where each line of it was written.
    pub flows: Vec<Flow>,
    /// Our address and the peer's, which a line need not name.
    pub addresses: Option<(Ipv4Addr, Ipv4Addr)>,
    /// Descriptors or initial sequence numbers of the script are names for others, so that nobody can take it literally.
    pub names: bool,
    /// How the script was read.
    pub reading: Reading,
    /// What packetdrill would object to, where it was read so.
    pub objections: Vec<Difference>,
    /// What packetdrill would only warn of, where the script says so (`--non_fatal=packet`).
    pub warnings: Vec<Difference>,
    /// Packets of the stack that no line asked for, as packetdrill shows packets, where it was read so.
    pub beside: Vec<String>,
    /// Lines of the script that were not run: where they stand, and what they are.
    pub skipped: Vec<(Position, Skipped)>,
    /// Frames of both directions in order.
    pub frames: Vec<WireFrame>,
    /// The trace.
    pub records: Vec<Record>,
    /// How the kernel died, if it did.
    pub oops: Option<KernelOops>,
    /// The line of the script that had its turn then.
    pub died: Option<Position>,
    /// The kernel as it was left.
    pub kernel: Kernel,
    /// The configuration it was started with.
    pub config: Config,
    /// Everything that entered it after its start, ticks left out, with the jiffy of the kernel's own counter.
    pub inputs: Vec<(u32, Input)>,
}

/// The script of what really happened, and what is known about its lines; empty for a frame scenario.
#[derive(Default)]
pub(super) struct Lines {
    pub(super) script: Script,
    pub(super) times: Vec<(i64, Option<i64>)>,
    pub(super) moments: Vec<(u64, Option<u64>)>,
    pub(super) origins: Vec<Option<Position>>,
    pub(super) never_came: Vec<usize>,
    pub(super) flows: Vec<Flow>,
    pub(super) addresses: Option<(Ipv4Addr, Ipv4Addr)>,
    pub(super) skipped: Vec<(Position, Skipped)>,
    pub(super) died: Option<Position>,
}

/// What was judged while a script ran.
pub(super) struct Judgement {
    pub(super) reading: Reading,
    pub(super) objections: Vec<Difference>,
    pub(super) warnings: Vec<Difference>,
    pub(super) beside: Vec<String>,
    pub(super) names: bool,
}

/// A host under observation.
pub(super) struct Driver {
    machine: Machine,
    config: Config,
    inputs: Vec<(u32, Input)>,
}

impl Driver {
    /// Starts a host and begins to watch; `extra` switches the events about interrupts and locks on.
    pub(super) fn new(config: Config, extra: bool) -> Self {
        // Boot and set-up all happen at the one jiffy that is script time 0.
        let config = Config { first_jiffy: FIRST_JIFFY, ..config };
        let mut machine = Machine::boot(config.clone());
        for pid in PIDS {
            machine.process(pid);
        }
        let recorder = Recorder::new(&machine.kernel, extra);
        machine.kernel.watch(Box::new(recorder));
        Driver { machine, config, inputs: Vec::new() }
    }

    pub(super) fn kernel(&self) -> &Kernel {
        &self.machine.kernel
    }

    /// The kernel has died: nothing will happen any more.
    pub(super) fn is_dead(&self) -> bool {
        self.machine.kernel.oops.is_some()
    }

    pub(super) fn now(&self) -> i64 {
        now(&self.machine.kernel)
    }

    /// When the next timer fires, in microseconds after script time 0.
    pub(super) fn next_timer(&self) -> Option<u64> {
        next_timer(&self.machine.kernel).map(|time| time.saturating_sub(u64::from(FIRST_JIFFY) * TICK))
    }

    /// The task of script process 0, 1 or 2.
    pub(super) fn process(&self, number: u32) -> TaskId {
        let pid = PIDS.get(number as usize).copied().unwrap_or_default();
        self.machine.kernel.task_of_pid(pid).unwrap_or_default()
    }

    /// A call of the configuration process on its socket.
    pub(super) fn configure(&self, command: i32, structure: Vec<u8>) -> Input {
        configure(&self.machine.kernel, command, structure)
    }

    /// Microseconds since script time 0.
    pub(super) fn clock(&self) -> u64 {
        // Ticks inside a call are the kernel's own.
        let kernel = u64::from(self.machine.kernel.jiffies.0) * TICK;
        self.machine.clock().max(kernel).saturating_sub(u64::from(FIRST_JIFFY) * TICK)
    }

    /// Lets time pass up to a moment, in microseconds after script time 0.
    pub(super) fn advance(&mut self, time: u64) {
        self.machine.pass_to((u64::from(FIRST_JIFFY) * TICK).saturating_add(time));
    }

    /// Runs an input and keeps it, so that the run can be walked later.
    pub(super) fn give(&mut self, input: &Input) {
        self.inputs.push((self.machine.kernel.jiffies.0, input.clone()));
        self.machine.give(input);
    }

    /// What has happened since the last time.
    pub(super) fn drain(&mut self) -> Vec<Happening> {
        self.machine.take_returned();
        let kernel = &mut self.machine.kernel;
        let Some(mut recorder) = kernel.unwatch::<Recorder>() else { return Vec::new() };
        let happenings = std::mem::take(&mut recorder.happenings);
        kernel.watch(recorder);
        happenings
    }

    /// Ends the observation.
    pub(super) fn finish(self, lines: Lines, judgement: Judgement) -> Run {
        let Self { machine: Machine { mut kernel, .. }, config, inputs } = self;
        let (frames, records) =
            kernel.unwatch::<Recorder>().map_or_else(Default::default, |recorder| (recorder.frames, recorder.records));
        let oops = kernel.oops.clone();
        let Lines { script, times, moments, origins, never_came, flows, addresses, skipped, died } = lines;
        let Judgement { reading, objections, warnings, beside, names } = judgement;
        Run {
            script,
            times,
            moments,
            origins,
            never_came,
            flows,
            addresses,
            names,
            reading,
            objections,
            warnings,
            beside,
            skipped,
            frames,
            records,
            oops,
            died,
            kernel,
            config,
            inputs,
        }
    }
}

impl Judgement {
    /// Of a recording: what differs is looked for in the end.
    pub(super) fn recorded() -> Self {
        let reading = Reading::Recorded;
        Judgement { reading, objections: Vec::new(), warnings: Vec::new(), beside: Vec::new(), names: false }
    }
}

/// The latest jiffy a scene may name: 30 days.
const LATEST_JIFFY: u64 = 30 * 24 * 3600 * 100;

/// Refuses times so late that a run would not end in sensible time.
pub(super) fn check_time(jiffy: u64, position: Position) -> Result<(), Failure> {
    if jiffy <= LATEST_JIFFY {
        return Ok(());
    }
    Err(Failure::new(position, "this time lies more than 30 days ahead", "该时间超过 30 天"))
}
