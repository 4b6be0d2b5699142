//! What a run leaves behind, and the driver that scripts and frame scenarios share: a started host, a recorder, and
//! the clock that moves to a jiffy before anything happens in it.

use super::failure::Failure;
use super::flow::Flow;
use super::host::FIRST_JIFFY;
use super::recorder::{Happening, Recorder, WireFrame, now};
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
    /// The line of the input each line of it comes from.
    pub origins: Vec<Option<Position>>,
    /// Indices of those lines that stand for an interrupt inside a call that never came.
    pub never_came: Vec<usize>,
    /// The flow of its lines without ports.
    pub flow: Flow,
    /// Frames of both directions in order.
    pub frames: Vec<WireFrame>,
    /// The trace.
    pub records: Vec<Record>,
    /// How the kernel died, if it did.
    pub oops: Option<KernelOops>,
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
    pub(super) origins: Vec<Option<Position>>,
    pub(super) never_came: Vec<usize>,
    pub(super) flow: Flow,
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

    /// The jiffy at which the next timer fires, counted from script time 0.
    pub(super) fn next_timer(&self) -> Option<u64> {
        next_timer(&self.machine.kernel).map(|time| (time / TICK).saturating_sub(u64::from(FIRST_JIFFY)))
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

    /// Lets time pass up to a jiffy after script time 0.
    pub(super) fn advance(&mut self, jiffy: u64) {
        self.machine.pass_to(u64::from(FIRST_JIFFY).saturating_add(jiffy).saturating_mul(TICK));
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
    pub(super) fn finish(self, lines: Lines) -> Run {
        let Self { machine: Machine { mut kernel, .. }, config, inputs } = self;
        let (frames, records) =
            kernel.unwatch::<Recorder>().map_or_else(Default::default, |recorder| (recorder.frames, recorder.records));
        let oops = kernel.oops.clone();
        let Lines { script, times, origins, never_came, flow } = lines;
        Run { script, times, origins, never_came, flow, frames, records, oops, kernel, config, inputs }
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
