//! What a run leaves behind, and the driver that scripts and frame scenarios share: a started host, a recorder, and
//! the clock that moves to a jiffy before anything happens in it.

use super::failure::Failure;
use super::flow::Flow;
use super::host::FIRST_JIFFY;
use super::recorder::{Happening, Recorder, WireFrame, now};
use super::trace::Record;
use crate::include::config::Config;
use crate::include::sched::TaskId;
use crate::kernel::KernelOops;
use crate::kernel::call::{CallName, UserArg, UserCall};
use crate::lab::script::Position;
use crate::lab::script::Script;
use crate::lab::startup::{CONFIGURATION_FD, CONFIGURATION_PID, startup};
use crate::{Input, Kernel, step};

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
    pub(super) kernel: Kernel,
    config: Config,
    inputs: Vec<(u32, Input)>,
}

impl Driver {
    /// Starts a host and begins to watch; `extra` switches the events about interrupts and locks on.
    pub(super) fn new(config: Config, extra: bool) -> Self {
        // Boot and set-up all happen at the one jiffy that is script time 0.
        let config = Config { first_jiffy: FIRST_JIFFY, ..config };
        let inputs = startup(&config);
        let mut kernel = Kernel::off(config.clone());
        let processes = PIDS.iter().map(|pid| Input::Process { pid: *pid, euid: 0 });
        for input in inputs.into_iter().chain(processes) {
            step(&mut kernel, &input);
        }
        kernel.completions.clear();
        let recorder = Recorder::new(&kernel, extra);
        kernel.watch(Box::new(recorder));
        Driver { kernel, config, inputs: Vec::new() }
    }

    pub(super) fn now(&self) -> i64 {
        now(&self.kernel)
    }

    /// The task of script process 0, 1 or 2.
    pub(super) fn process(&self, number: u32) -> TaskId {
        let pid = PIDS.get(number as usize).copied().unwrap_or_default();
        self.kernel.task_of_pid(pid).unwrap_or_default()
    }

    /// A call of the configuration process on its socket.
    pub(super) fn configure(&self, command: i32, structure: Vec<u8>) -> Input {
        let task = self.kernel.task_of_pid(CONFIGURATION_PID).unwrap_or_default();
        let args = vec![UserArg::Int(CONFIGURATION_FD), UserArg::Int(command), UserArg::InOut(structure)];
        Input::Call { task, call: UserCall::new(CallName::Ioctl, args), planned: Vec::new() }
    }

    /// Lets time pass up to a jiffy after script time 0.
    pub(super) fn advance(&mut self, jiffy: u64) {
        let ahead = i64::try_from(jiffy).unwrap_or(i64::MAX).saturating_sub(self.now());
        if let Ok(ticks) = u32::try_from(ahead)
            && ticks > 0
        {
            step(&mut self.kernel, &Input::Ticks(ticks));
        }
    }

    /// Runs an input and keeps it, so that the run can be walked later.
    pub(super) fn give(&mut self, input: &Input) {
        self.inputs.push((self.kernel.jiffies.0, input.clone()));
        step(&mut self.kernel, input);
    }

    /// What has happened since the last time.
    pub(super) fn drain(&mut self) -> Vec<Happening> {
        self.kernel.completions.clear();
        let Some(mut recorder) = self.kernel.unwatch::<Recorder>() else { return Vec::new() };
        let happenings = std::mem::take(&mut recorder.happenings);
        self.kernel.watch(recorder);
        happenings
    }

    /// Ends the observation.
    pub(super) fn finish(mut self, lines: Lines) -> Run {
        let (frames, records) = self
            .kernel
            .unwatch::<Recorder>()
            .map_or_else(Default::default, |recorder| (recorder.frames, recorder.records));
        let oops = self.kernel.oops.clone();
        let Self { kernel, config, inputs } = self;
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
