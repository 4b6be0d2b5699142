//! A world: hosts with their kernels and programs, and the wire between them. It is a value, and a fold over its journal.
//!
//! [`World::turn`] takes the next thing that happens, be it a tick, a frame's arrival, a program's call or an act of the
//! journal, gives it to one kernel, and collects what comes out. Order within one moment: ticks first, then what the
//! world itself has scheduled (in the order in which it was), then the journal.

use std::collections::VecDeque;

use crate::include::config::Config;
use crate::include::sched::{FIRST_CHILD_PID, PlannedInterrupt, TaskId, TaskState};
use crate::include::seq::{Jiffies, TICK};
use crate::init::{Input, step, step_call, step_frames};
use crate::kernel::call::{CallName, UserCall};
use crate::kernel::{Completion, Kernel};
use crate::lab::journal::{Act, HostId, Journal};
use crate::lab::machine::{next_timer, process, take_sent, ticks_behind};
use crate::lab::program::{Next, PAUSE, Program, ProgramKind};
use crate::lab::startup::startup;
use crate::link::wire::{Wire, WireConfig};

/// The process id of the first program of a host; those of a script's calls are chosen likewise.
const FIRST_PID: i32 = 100;

/// A process of a host that runs a program.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Process {
    /// Its task.
    pub task: TaskId,
    /// The program.
    pub program: Program,
}

/// A machine.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Host {
    /// Name shown to people.
    pub name: String,
    /// Its kernel.
    pub kernel: Kernel,
    /// Programs that run on it, in the order of their tasks.
    pub processes: Vec<Process>,
    /// Results of calls that no program made (a person's), with their times.
    pub results: Vec<(u64, Completion)>,
}

/// Something the world has scheduled.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Scheduled {
    /// Start-up of a host: the n-th input of its list.
    Input { host: HostId, input: Input },
    /// Frames arrive.
    Frames { host: HostId, frames: Vec<(u8, Vec<u8>)> },
    /// A program makes its next call.
    Program { host: HostId, next: Input },
}

/// Where frames of the hosts go.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Medium {
    /// To every other host of the world, over a simulated wire.
    Simulated(Wire),
    /// Outside: a device or a capture; nothing comes back by itself.
    Outside,
}

/// A world.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct World {
    /// Microseconds since the world began; jiffy 0 of every host.
    pub clock: u64,
    /// Hosts.
    pub hosts: Vec<Host>,
    /// The wire.
    pub medium: Medium,
    /// Frames put on the wire so far.
    pub frames_sent: u64,
    /// What is still to come by time and number, the next first.
    agenda: VecDeque<((u64, u64), Scheduled)>,
    scheduled: u64,
    acts_done: usize,
}

/// What a turn was about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The clock ticked.
    Tick,
    /// Frames arrived.
    Frames,
    /// A system call of a process.
    Call,
    /// A signal.
    Signal,
    /// Boot and start-up.
    Startup,
    /// The journal changed the world without touching a kernel.
    World,
}

/// A frame that a host put on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Its number, from 1: among the frames that the hosts of a world have put on the wire, by which its fate is told; in
    /// the list of a run, among all of its frames, which is the same where nothing comes from outside.
    pub number: u64,
    /// Who sent it.
    pub host: HostId,
    /// On which device.
    pub dev: u8,
    /// The bytes as they left.
    pub bytes: Vec<u8>,
    /// When it will arrive, and with which bytes if the wire changed them; empty = lost, or gone outside.
    pub arrivals: Vec<(u64, Option<Vec<u8>>)>,
}

/// What a turn did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Microseconds since the world began.
    pub time: u64,
    /// The kernel that took a step; None for an act that only changes the world.
    pub host: Option<HostId>,
    /// What it was about.
    pub cause: Cause,
    /// Frames that left.
    pub sent: Vec<Sent>,
    /// A mark that was set.
    pub mark: Option<String>,
}

/// What the own clock of a kernel shows at power-on, in microseconds: all hosts of a world are switched on when it begins.
fn power_on(kernel: &Kernel) -> u64 {
    u64::from(kernel.config.first_jiffy) * TICK
}

/// Jiffies since power-on.
#[must_use]
pub fn uptime(kernel: &Kernel) -> u32 {
    kernel.jiffies.0.wrapping_sub(kernel.config.first_jiffy)
}

impl World {
    /// A world of machines that are still switched off; their start-up is scheduled at second 0.
    #[must_use]
    pub fn new(hosts: Vec<(String, Config)>, medium: Medium) -> Self {
        let mut world = Self {
            clock: 0,
            hosts: Vec::new(),
            medium,
            frames_sent: 0,
            agenda: VecDeque::new(),
            scheduled: 0,
            acts_done: 0,
        };
        for (host, (name, config)) in hosts.into_iter().enumerate() {
            let inputs = startup(&config);
            world.hosts.push(Host { name, kernel: Kernel::off(config), processes: Vec::new(), results: Vec::new() });
            for input in inputs {
                world.schedule(0, Scheduled::Input { host, input });
            }
        }
        world
    }

    /// Two hosts, A 10.0.0.1 and B 10.0.0.2, on a simulated wire.
    #[must_use]
    pub fn pair(wire: WireConfig) -> Self {
        let host = |name: &str, number: u8| (name.to_owned(), Config::of_host(number));
        Self::new(vec![host("A", 1), host("B", 2)], Medium::Simulated(Wire::new(wire)))
    }

    fn schedule(&mut self, time: u64, what: Scheduled) {
        self.scheduled += 1;
        let key = (time, self.scheduled);
        let place = self.agenda.partition_point(|(other, _)| *other < key);
        self.agenda.insert(place, (key, what));
    }

    /// When something will happen by itself (a timer, a frame under way, a program): for letting time pass.
    #[must_use]
    pub fn next_own_time(&self) -> Option<u64> {
        let ticks = (0..self.hosts.len()).filter_map(|host| self.next_tick(host));
        ticks.chain(self.agenda.front().map(|((time, _), _)| *time)).min()
    }

    fn next_tick(&self, host: HostId) -> Option<u64> {
        let kernel = &self.hosts.get(host)?.kernel;
        next_timer(kernel).map(|time| time.saturating_sub(power_on(kernel)))
    }

    fn next(&self, journal: &Journal) -> Option<(u64, Candidate)> {
        let mut best: Option<(u64, Candidate)> = None;
        let mut offer = |time: u64, candidate: Candidate| {
            if best.as_ref().is_none_or(|(other, _)| time < *other) {
                best = Some((time, candidate));
            }
        };
        for host in 0..self.hosts.len() {
            if let Some(time) = self.next_tick(host) {
                offer(time, Candidate::Tick(host));
            }
        }
        if let Some(((time, _), _)) = self.agenda.front() {
            offer((*time).max(self.clock), Candidate::Agenda);
        }
        if let Some((time, _)) = journal.acts.get(self.acts_done) {
            offer((*time).max(self.clock), Candidate::Act);
        }
        best.filter(|(time, _)| *time <= journal.horizon)
    }

    /// Nothing of the journal and nothing of the world's own is due up to the horizon.
    #[must_use]
    pub fn is_done(&self, journal: &Journal) -> bool {
        self.next(journal).is_none()
    }

    /// The next thing happens. `watch` may give the kernel that takes the step a probe. None: nothing is due.
    pub fn turn(&mut self, journal: &Journal, watch: impl FnOnce(&mut Kernel)) -> Option<Turn> {
        let (happened, made) = self.happen(journal, |_, _| {}, watch)?;
        let sent = happened.host.map_or_else(Vec::new, |host| self.collect(host, made));
        let Happened { time, host, cause, mark } = happened;
        Some(Turn { time, host, cause, sent, mark })
    }

    /// A turn that nobody looks at, of a world whose wire ends outside: only the frames that pass are shown, and the room of
    /// what has left is used again. None: nothing is due. The world is afterwards as if it had taken a [`World::turn`].
    pub fn turn_unseen(&mut self, journal: &Journal, mut pass: impl FnMut(Passing<'_>)) -> Option<Happened> {
        let arrive = |time, given: &Given<'_>| {
            if let Given::Frames(frames) = given {
                frames.iter().for_each(|(_, bytes)| pass(Passing { time, from_outside: true, bytes }));
            }
        };
        let (happened, made) = self.happen(journal, arrive, |_| {})?;
        if let Some(host) = happened.host {
            self.complete(host, made);
            let mut gone = 0;
            let kernel = &mut self.hosts.get_mut(host)?.kernel;
            for device in &mut kernel.dev {
                for bytes in device.outbox.drain(..) {
                    pass(Passing { time: happened.time, from_outside: false, bytes: &bytes });
                    kernel.spare.give_octets(bytes);
                    gone += 1;
                }
            }
            self.frames_sent += gone;
        }
        Some(happened)
    }

    /// The next thing happens, as far as the kernel that takes the step.
    fn happen(
        &mut self,
        journal: &Journal,
        tell: impl FnOnce(u64, &Given<'_>),
        watch: impl FnOnce(&mut Kernel),
    ) -> Option<(Happened, Option<Made>)> {
        let (time, candidate) = self.next(journal)?;
        self.clock = time;
        let mut mark = None;
        let (host, cause, given) = match candidate {
            Candidate::Tick(host) => {
                let kernel = &self.hosts.get(host)?.kernel;
                let ticks = ticks_behind(kernel, time.saturating_add(power_on(kernel)));
                (host, Cause::Tick, Given::Own(Input::Ticks(ticks)))
            }
            Candidate::Agenda => self.take_scheduled()?,
            Candidate::Act => {
                let act = &journal.acts.get(self.acts_done)?.1;
                self.acts_done += 1;
                match self.perform(act, &mut mark) {
                    Some(step) => step,
                    None => return Some((Happened { time, host: None, cause: Cause::World, mark }, None)),
                }
            }
        };
        tell(time, &given);
        self.give(host, &given, watch);
        Some((Happened { time, host: Some(host), cause, mark }, given.made()))
    }

    fn take_scheduled<'a>(&mut self) -> Option<(HostId, Cause, Given<'a>)> {
        let (_, scheduled) = self.agenda.pop_front()?;
        let (host, cause, input) = match scheduled {
            Scheduled::Input { host, input } => (host, Cause::Startup, input),
            Scheduled::Frames { host, frames } => (host, Cause::Frames, Input::Frames(frames)),
            Scheduled::Program { host, next } => (host, Cause::Call, next),
        };
        Some((host, cause, Given::Own(input)))
    }

    fn perform<'a>(&mut self, act: &'a Act, mark: &mut Option<String>) -> Option<(HostId, Cause, Given<'a>)> {
        match act {
            Act::Call { host, pid, call, planned } => {
                let task = self.task(*host, *pid)?;
                Some((*host, Cause::Call, Given::Call { task, call, planned }))
            }
            Act::Signal { host, pid, signal } => {
                let task = self.task(*host, *pid)?;
                Some((*host, Cause::Signal, Given::Own(Input::Signal { task, signal: *signal })))
            }
            Act::Frames { host, frames } => Some((*host, Cause::Frames, Given::Frames(frames))),
            Act::Input { host, input } => {
                let cause = match input {
                    Input::Ticks(_) => Cause::Tick,
                    Input::Frames(_) => Cause::Frames,
                    Input::Call { .. } => Cause::Call,
                    Input::Signal { .. } => Cause::Signal,
                    Input::Boot | Input::Process { .. } => Cause::Startup,
                };
                Some((*host, cause, Given::Input(input)))
            }
            Act::Start { host, program } => {
                self.start(*host, program.clone());
                None
            }
            Act::Fate { frame, fate } => {
                if let Medium::Simulated(wire) = &mut self.medium {
                    wire.fates.insert(*frame, fate.clone());
                }
                None
            }
            Act::Mark(name) => {
                *mark = Some(name.clone());
                None
            }
        }
    }

    /// The task of a process id; a process that does not exist comes into being.
    fn task(&mut self, host: HostId, pid: i32) -> Option<TaskId> {
        process(&mut self.hosts.get_mut(host)?.kernel, pid)
    }

    fn start(&mut self, host: HostId, kind: ProgramKind) {
        let Some(place) = self.hosts.get(host) else { return };
        let free = (FIRST_PID..FIRST_CHILD_PID).find(|pid| place.kernel.task_of_pid(*pid).is_none());
        let Some(task) = free.and_then(|pid| self.task(host, pid)) else { return };
        let mut program = Program::new(kind);
        let first = program.start();
        self.enter(host, Process { task, program }, first);
    }

    /// A process begins to run its program.
    fn enter(&mut self, host: HostId, process: Process, first: Next) {
        let Some(place) = self.hosts.get_mut(host) else { return };
        let task = process.task;
        let index = place.processes.partition_point(|other| other.task < task);
        place.processes.insert(index, process);
        self.schedule_next(host, task, first);
    }

    fn schedule_next(&mut self, host: HostId, task: TaskId, next: Next) {
        let (time, call) = match next {
            Next::Call(call) => (self.clock, call),
            Next::Later(call) => (self.clock + PAUSE, call),
            Next::Exit => return,
        };
        let next = Input::Call { task, call, planned: Vec::new() };
        self.schedule(time, Scheduled::Program { host, next });
    }

    /// Gives something to a kernel, after the ticks that have passed there unnoticed.
    fn give(&mut self, host: HostId, given: &Given<'_>, watch: impl FnOnce(&mut Kernel)) {
        let Some(place) = self.hosts.get_mut(host) else { return };
        let kernel = &mut place.kernel;
        let behind = ticks_behind(kernel, self.clock.saturating_add(power_on(kernel)));
        if behind > 0 && !matches!(given, Given::Own(Input::Ticks(_)) | Given::Input(Input::Ticks(_))) {
            step(kernel, &Input::Ticks(behind));
        }
        watch(kernel);
        match given {
            Given::Own(input) => step(kernel, input),
            Given::Input(input) => step(kernel, input),
            Given::Frames(frames) => step_frames(kernel, frames),
            Given::Call { task, call, planned } => step_call(kernel, *task, call, planned),
        }
    }

    /// Tells the programs of a host which of their calls have returned, and puts the frames that it has sent on the wire.
    fn collect(&mut self, host: HostId, made: Option<Made>) -> Vec<Sent> {
        self.complete(host, made);
        let Some(place) = self.hosts.get_mut(host) else { return Vec::new() };
        let leaving = take_sent(&mut place.kernel);
        leaving.into_iter().map(|(dev, bytes)| self.send(host, dev, bytes)).collect()
    }

    /// The calls that have returned go to their programs; the one that was made goes back to its own, as room for the next.
    fn complete(&mut self, host: HostId, made: Option<Made>) {
        let Some(place) = self.hosts.get_mut(host) else { return };
        let mut completions = std::mem::take(&mut place.kernel.completions);
        let clock = place.kernel.xtime();
        for done in completions.drain(..) {
            self.completed(host, done, clock);
        }
        if let Some(place) = self.hosts.get_mut(host) {
            place.kernel.completions = completions;
        }
        if let Some(Made { task, call }) = made {
            self.made(host, task, call);
        }
    }

    fn completed(&mut self, host: HostId, done: Completion, clock: u64) {
        let now = self.clock;
        let Some(place) = self.hosts.get_mut(host) else { return };
        let known = place.processes.binary_search_by_key(&done.task, |process| process.task);
        let Some(process) = known.ok().and_then(|index| place.processes.get_mut(index)) else {
            place.results.push((now, done));
            return;
        };
        let task = process.task;
        let forked = (done.name == CallName::Fork).then(|| place.kernel.task_of_pid(done.ret)).flatten();
        let child = forked.map(|task| (task, process.program.child()));
        let next = process.program.next(&done, clock);
        place.kernel.spare.give_outputs(done.out);
        self.schedule_next(host, task, next);
        if let Some((task, (program, first))) = child {
            self.enter(host, Process { task, program }, first);
        }
    }

    /// A program has made a call. A process that has exited runs no program any more: its entry of the task table is free.
    fn made(&mut self, host: HostId, task: TaskId, call: UserCall) {
        let Some(place) = self.hosts.get_mut(host) else { return };
        let Ok(index) = place.processes.binary_search_by_key(&task, |process| process.task) else { return };
        let unused = place.kernel.tasks.get(task.0 as usize).is_some_and(|task| task.state == TaskState::Unused);
        if unused && call.name == CallName::Exit {
            place.processes.remove(index);
        } else if let Some(process) = place.processes.get_mut(index) {
            process.program.take_back(call);
        }
    }

    fn send(&mut self, host: HostId, dev: u8, bytes: Vec<u8>) -> Sent {
        self.frames_sent += 1;
        let number = self.frames_sent;
        let carried = match &mut self.medium {
            Medium::Simulated(wire) => wire.carry(number, self.clock, &bytes),
            Medium::Outside => Vec::new(),
        };
        let mut arrivals = Vec::with_capacity(carried.len());
        for (time, arriving) in carried {
            for other in (0..self.hosts.len()).filter(|other| *other != host) {
                self.schedule(time, Scheduled::Frames { host: other, frames: vec![(1, arriving.clone())] });
            }
            arrivals.push((time, (arriving != bytes).then_some(arriving)));
        }
        Sent { number, host, dev, bytes, arrivals }
    }

    /// Brings the clocks of all hosts to the jiffy of the one that acts, as a person is shown them; where none does, to
    /// that of the world's clock.
    ///
    /// In a run the clock of a kernel moves only when something happens on it: what lies between are ticks that do nothing
    /// but count. A timer that is due at this very jiffy on another host fires in that host's own turn, which is still to
    /// come. A machine that died keeps the time of its death.
    pub fn level(&mut self, acting: Option<HostId>) {
        let acting = acting.and_then(|host| self.hosts.get(host)).map(|host| &host.kernel);
        let living = acting.filter(|kernel| kernel.oops.is_none());
        self.level_to(living.map_or((self.clock / TICK) as u32, uptime));
    }

    /// Likewise, to so many jiffies after power-on. (Backwards goes only the clock of a host that has counted this tick
    /// already, while another is about to.)
    pub fn level_to(&mut self, jiffies: u32) {
        for kernel in self.hosts.iter_mut().map(|host| &mut host.kernel).filter(|kernel| kernel.oops.is_none()) {
            kernel.jiffies = Jiffies(kernel.config.first_jiffy.wrapping_add(jiffies));
        }
    }

    /// Acts of the journal that have been done so far.
    #[must_use]
    pub fn acts_done(&self) -> usize {
        self.acts_done
    }

    /// The world goes on with a new journal, whose acts are all still to come.
    pub fn forget_journal(&mut self) {
        self.acts_done = 0;
    }

    /// A number that stands for the whole value: equal worlds have equal hashes.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        use std::hash::{Hash, Hasher};
        let mut hasher = Fnv(0xcbf2_9ce4_8422_2325);
        self.hash(&mut hasher);
        hasher.finish()
    }
}

/// A frame that passes the device in a turn that nobody looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passing<'a> {
    /// Microseconds since the world began.
    pub time: u64,
    /// It comes from outside; otherwise the host has sent it.
    pub from_outside: bool,
    /// The frame.
    pub bytes: &'a [u8],
}

/// What a turn that nobody looks at was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happened {
    /// Microseconds since the world began.
    pub time: u64,
    /// The kernel that took a step; None for an act that only changes the world.
    pub host: Option<HostId>,
    /// What it was about.
    pub cause: Cause,
    /// A mark that was set.
    pub mark: Option<String>,
}

/// What is given to a kernel: the world's own, or what lies in the journal, which is not copied for it.
enum Given<'a> {
    Own(Input),
    Input(&'a Input),
    Frames(&'a [(u8, Vec<u8>)]),
    Call { task: TaskId, call: &'a UserCall, planned: &'a [PlannedInterrupt] },
}

impl Given<'_> {
    /// The call of a program, if it was one.
    fn made(self) -> Option<Made> {
        match self {
            Self::Own(Input::Call { task, call, .. }) => Some(Made { task, call }),
            Self::Own(_) | Self::Input(_) | Self::Frames(_) | Self::Call { .. } => None,
        }
    }
}

/// A call that a program has made, when it has returned or sleeps.
struct Made {
    task: TaskId,
    call: UserCall,
}

enum Candidate {
    Tick(HostId),
    Agenda,
    Act,
}

/// FNV-1a: the same on every machine, which the standard library does not promise of its own.
struct Fnv(u64);

impl std::hash::Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}
