//! A world: hosts with their kernels and programs, and the wire between them. It is a value, and a fold over its journal.
//!
//! [`World::turn`] takes the next thing that happens, be it a tick, a frame's arrival, a program's call or an act of the
//! journal, gives it to one kernel, and collects what comes out. Order within one moment: ticks first, then what the
//! world itself has scheduled (in the order in which it was), then the journal.

use crate::include::config::Config;
use crate::include::sched::{FIRST_CHILD_PID, PlannedInterrupt, TaskId, TaskState};
use crate::include::seq::{Jiffies, TICK};
use crate::init::{Input, step, step_call, step_frames};
use crate::kernel::call::{CallName, UserCall};
use crate::kernel::{Completion, Kernel, Returned};
use crate::lab::agenda::{Agenda, Scheduled};
use crate::lab::journal::{Act, HostId, Journal};
use crate::lab::machine::{next_timer, process, take_sent, ticks_behind};
use crate::lab::past::Past;
use crate::lab::program::{Answer, Next, PAUSE, Program, ProgramKind};
use crate::lab::startup::startup;
use crate::link::wire::{Wire, WireConfig};
use crate::view::timer::TimerView;

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
    pub results: Past<(u64, Completion)>,
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
    agenda: Agenda,
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

/// When a kernel's next timer fires or a sleeper's time is up, in microseconds since the world began; None: later than
/// `latest`. Nothing is due within the tick that has come already, so that most are asked in vain and at once.
fn next_tick(kernel: &Kernel, latest: u64) -> Option<u64> {
    let power_on = power_on(kernel);
    if (u64::from(kernel.jiffies.0) + 1) * TICK > latest.saturating_add(power_on) {
        return None;
    }
    next_timer(kernel).map(|time| time.saturating_sub(power_on)).filter(|time| *time <= latest)
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
        let mut world =
            Self { clock: 0, hosts: Vec::new(), medium, frames_sent: 0, agenda: Agenda::default(), acts_done: 0 };
        for (host, (name, config)) in hosts.into_iter().enumerate() {
            let inputs = startup(&config);
            world.hosts.push(Host {
                name,
                kernel: Kernel::off(config),
                processes: Vec::new(),
                results: Past::default(),
            });
            for input in inputs {
                world.agenda.add(0, Scheduled::Input { host, input: Box::new(input) });
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

    /// When something will happen by itself (a timer, a frame under way, a program): for letting time pass.
    #[must_use]
    pub fn next_own_time(&self) -> Option<u64> {
        let ticks = self.hosts.iter().filter_map(|host| next_tick(&host.kernel, u64::MAX));
        ticks.chain(self.agenda.next_time()).min()
    }

    /// The next thing and its time; of one moment ticks come first, then what the world has scheduled.
    fn next(&self, journal: &Journal) -> Option<(u64, Candidate)> {
        let scheduled = self.agenda.next_time().map(|time| (time.max(self.clock), Candidate::Agenda));
        let act = journal.acts.get(self.acts_done).map(|(time, _)| ((*time).max(self.clock), Candidate::Act));
        let due = match (scheduled, act) {
            (Some(scheduled), Some(act)) if act.0 < scheduled.0 => Some(act),
            (Some(scheduled), _) => Some(scheduled),
            (None, act) => act,
        };
        let due = due.filter(|(time, _)| *time <= journal.horizon);
        let latest = due.map_or(journal.horizon, |(time, _)| time);
        let hosts = self.hosts.iter().enumerate();
        let tick = hosts.filter_map(|(host, place)| Some((next_tick(&place.kernel, latest)?, host))).min();
        tick.map(|(time, host)| (time, Candidate::Tick(host))).or(due)
    }

    /// Nothing of the journal and nothing of the world's own is due up to the horizon.
    #[must_use]
    pub fn is_done(&self, journal: &Journal) -> bool {
        self.next(journal).is_none()
    }

    /// The next thing happens. `watch` may give the kernel that takes the step a probe. None: nothing is due.
    pub fn turn(&mut self, journal: &Journal, watch: impl FnOnce(&mut Kernel)) -> Option<Turn> {
        let happened = self.happen(journal, |_, _| {}, watch)?;
        let sent = happened.host.map_or_else(Vec::new, |host| self.collect(host));
        let Happened { time, host, cause, mark } = happened;
        Some(Turn { time, host, cause, sent, mark: mark.map(str::to_owned) })
    }

    /// A turn that nobody looks at, of a world whose wire ends outside: only the frames that pass are shown, and the room of
    /// what has left is used again. False: nothing is due. The world is afterwards as if it had taken a [`World::turn`].
    pub fn turn_unseen(&mut self, journal: &Journal, mut pass: impl FnMut(Passing<'_>)) -> bool {
        let arrive = |time, given: &Given<'_>| {
            if let Given::Frames(frames) = given {
                frames.iter().for_each(|(_, bytes)| pass(Passing { time, from_outside: true, bytes }));
            }
        };
        let Some(Happened { time, host, .. }) = self.happen(journal, arrive, |_| {}) else { return false };
        let Some(kernel) = host.and_then(|host| self.hosts.get_mut(host)).map(|host| &mut host.kernel) else {
            return true;
        };
        for device in &mut kernel.dev {
            self.frames_sent += device.outbox.len() as u64;
            for bytes in device.outbox.drain(..) {
                pass(Passing { time, from_outside: false, bytes: &bytes });
                kernel.spare.give_octets(bytes);
            }
        }
        true
    }

    /// The next thing happens, as far as the host that takes the step: frames that it has sent are still on its cards.
    fn happen<'a>(
        &mut self,
        journal: &'a Journal,
        tell: impl FnOnce(u64, &Given<'_>),
        watch: impl FnOnce(&mut Kernel),
    ) -> Option<Happened<'a>> {
        let (time, candidate) = self.next(journal)?;
        self.clock = time;
        let mut mark = None;
        let (host, cause, given) = match candidate {
            Candidate::Tick(host) => {
                let kernel = &self.hosts.get(host)?.kernel;
                let ticks = ticks_behind(kernel, time.saturating_add(power_on(kernel)));
                (host, Cause::Tick, Given::Ticks(ticks))
            }
            Candidate::Agenda => match self.agenda.take()? {
                Scheduled::Input { host, input } => (host, Cause::Startup, Given::Own(input)),
                Scheduled::Frames { host, frames } => (host, Cause::Frames, Given::Arrived(frames)),
                Scheduled::Program { host, task } => (host, Cause::Call, Given::Program(task)),
            },
            Candidate::Act => {
                let act = &journal.acts.get(self.acts_done)?.1;
                self.acts_done += 1;
                match self.perform(act, &mut mark) {
                    Some(step) => step,
                    None => return Some(Happened { time, host: None, cause: Cause::World, mark }),
                }
            }
        };
        tell(time, &given);
        self.give(host, &given, watch);
        self.complete(host);
        if let Given::Program(task) = given {
            self.bury(host, task);
        }
        Some(Happened { time, host: Some(host), cause, mark })
    }

    fn perform<'a>(&mut self, act: &'a Act, mark: &mut Option<&'a str>) -> Option<(HostId, Cause, Given<'a>)> {
        match act {
            Act::Call { host, pid, call, planned } => {
                let task = self.task(*host, *pid)?;
                Some((*host, Cause::Call, Given::Call { task, call, planned }))
            }
            Act::Signal { host, pid, signal } => {
                let task = self.task(*host, *pid)?;
                Some((*host, Cause::Signal, Given::Own(Box::new(Input::Signal { task, signal: *signal }))))
            }
            Act::Frames { host, frames } => Some((*host, Cause::Frames, Given::Frames(frames))),
            Act::Input { host, input } => {
                let cause = match input {
                    Input::Ticks(_) => Cause::Tick,
                    Input::Frames(_) => Cause::Frames,
                    Input::Call { .. } => Cause::Call,
                    Input::Signal { .. } => Cause::Signal,
                    Input::Boot | Input::Process { .. } => Cause::Startup,
                    Input::Expire(_) => Cause::World,
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
            Act::Expire { host, function, owner } => {
                let place = TimerView::place(&self.hosts.get(*host)?.kernel, function, owner)?;
                Some((*host, Cause::World, Given::Own(Box::new(Input::Expire(place)))))
            }
            Act::Mark(name) => {
                *mark = Some(name);
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
        let time = match next {
            Next::Call => self.clock,
            Next::Later => self.clock + PAUSE,
            Next::Exit => return,
        };
        self.agenda.add(time, Scheduled::Program { host, task });
    }

    /// Gives something to a kernel, after the ticks that have passed there unnoticed.
    fn give(&mut self, host: HostId, given: &Given<'_>, watch: impl FnOnce(&mut Kernel)) {
        let Some(place) = self.hosts.get_mut(host) else { return };
        let kernel = &mut place.kernel;
        let behind = ticks_behind(kernel, self.clock.saturating_add(power_on(kernel)));
        if behind > 0 && !matches!(given, Given::Ticks(_) | Given::Input(Input::Ticks(_))) {
            step(kernel, &Input::Ticks(behind));
        }
        watch(kernel);
        match given {
            Given::Own(input) => step(kernel, input),
            Given::Input(input) => step(kernel, input),
            Given::Ticks(ticks) => step(kernel, &Input::Ticks(*ticks)),
            Given::Arrived(frames) => step_frames(kernel, frames),
            Given::Frames(frames) => step_frames(kernel, frames),
            Given::Call { task, call, planned } => step_call(kernel, *task, call, planned),
            Given::Program(task) => {
                if let Some(index) = index_of(&place.processes, *task)
                    && let Some(process) = place.processes.get(index)
                {
                    step_call(kernel, *task, process.program.call(), &[]);
                }
            }
        }
    }

    /// Puts the frames that a host has sent on the wire.
    fn collect(&mut self, host: HostId) -> Vec<Sent> {
        let Some(place) = self.hosts.get_mut(host) else { return Vec::new() };
        let leaving = take_sent(&mut place.kernel);
        leaving.into_iter().map(|(dev, bytes)| self.send(host, dev, bytes)).collect()
    }

    /// The calls that have returned go to their programs.
    fn complete(&mut self, host: HostId) {
        let mut number = 0;
        while let Some(returned) = self.hosts.get(host).and_then(|place| place.kernel.completions.get(number)) {
            self.completed(host, *returned);
            number += 1;
        }
        if let Some(place) = self.hosts.get_mut(host) {
            place.kernel.completions.clear();
        }
    }

    fn completed(&mut self, host: HostId, returned: Returned) {
        let Some(Host { kernel, processes, results, .. }) = self.hosts.get_mut(host) else { return };
        let Returned { task, name, ret } = returned;
        let known = index_of(processes, task);
        let Some(process) = known.and_then(|index| processes.get_mut(index)) else {
            results.push((self.clock, kernel.completion(returned)));
            return;
        };
        let forked = (name == CallName::Fork).then(|| kernel.task_of_pid(ret)).flatten();
        let child = forked.map(|task| (task, process.program.child()));
        let out = [0, 1].map(|number| kernel.output(task, number).unwrap_or_default());
        let next = process.program.next(&Answer { ret, out, clock: kernel.xtime() });
        self.schedule_next(host, task, next);
        if let Some((task, (program, first))) = child {
            self.enter(host, Process { task, program }, first);
        }
    }

    /// A process that has exited runs no program any more: its entry of the task table is free.
    fn bury(&mut self, host: HostId, task: TaskId) {
        let Some(place) = self.hosts.get_mut(host) else { return };
        let unused = place.kernel.tasks.get(task.0 as usize).is_some_and(|task| task.state == TaskState::Unused);
        if unused && let Some(index) = index_of(&place.processes, task) {
            place.processes.remove(index);
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
                self.agenda.add(time, Scheduled::Frames { host: other, frames: vec![(1, arriving.clone())] });
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

/// The process of a task among those of a host, which are in the order of their tasks.
fn index_of(processes: &[Process], task: TaskId) -> Option<usize> {
    processes.binary_search_by_key(&task, |process| process.task).ok()
}

/// What a turn was, before its frames are taken: as [`Turn`] says.
struct Happened<'a> {
    time: u64,
    host: Option<HostId>,
    cause: Cause,
    mark: Option<&'a str>,
}

/// What is given to a kernel: the world's own, what lies in the journal, which is not copied for it, or the call that the
/// program of a process makes next.
enum Given<'a> {
    Own(Box<Input>),
    Input(&'a Input),
    Ticks(u32),
    Arrived(Vec<(u8, Vec<u8>)>),
    Frames(&'a [(u8, Vec<u8>)]),
    Call { task: TaskId, call: &'a UserCall, planned: &'a [PlannedInterrupt] },
    Program(TaskId),
}

#[derive(Clone, Copy)]
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
