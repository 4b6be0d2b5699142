//! Runs a script: every step at its jiffy, and the lines of what really happened beside it. The expected outbound
//! lines and results of the script are never looked at here.

use std::collections::{BTreeMap, VecDeque};

use super::autoack::ModelPeer;
use super::calls::user_call;
use super::failure::Failure;
use super::flow::{Flow, Flows};
use super::host::ScriptHost;
use super::inbound;
use super::learning::{Learning, Seen};
use super::outbound::{Described, describe};
use super::planned::PlannedInterrupts;
use super::recorder::Happening;
use super::run::{Driver, Run, check_time};
use super::timeline::{Action, Arrival, Incoming, Planned, PlannedKind, Step, timeline};
use super::written::{ActualContent, Written};
use crate::Input;
use crate::include::sched::{self, PlannedInterrupt, TaskId};
use crate::kernel::Completion;
use crate::kernel::call::{CallName, UserArg};
use crate::lab::script::annotation::{Annotation, Point};
use crate::lab::script::ast::{Argument, Body, Call, Content, Packet, ScriptEvent};
use crate::lab::script::{Position, Script};

/// Index of eth0 among the devices.
const ETH0: u8 = 1;
const SIOCSIFMTU: i32 = 0x8922;
/// A script is run again at most this often to learn what its groups count from.
const MOST_PASSES: usize = 16;

struct ScriptRun<'a> {
    host: ScriptHost,
    driver: Driver,
    learning: Learning<'a>,
    planned: PlannedInterrupts,
    written: Written,
    /// Calls of a process that is still in an earlier one: it makes them as soon as it is back.
    held: BTreeMap<TaskId, VecDeque<Held>>,
    peer: ModelPeer,
    /// Datagrams of the script's own lines that have arrived.
    datagrams: u16,
}

/// A call that waits for its process.
struct Held {
    position: Position,
    process: u32,
    call: Call,
    planned: Vec<Planned>,
}

/// Run a script from boot to its end, and again where its groups of frames were built from a wrong guess.
///
/// # Errors
/// What the script asks for cannot be done at all.
pub fn run_script(script: &Script) -> Result<Run, Failure> {
    let host = ScriptHost::of(script)?;
    let steps = timeline(script)?;
    // The events about interrupts and locks are wanted as soon as there is any line of ours.
    let extra = script.lines.iter().any(|line| matches!(line.content, Content::Annotation(_)));
    let mut known = Seen::new();
    let mut pass = 0;
    loop {
        pass += 1;
        let mut run = ScriptRun::new(&host, extra, &known);
        let played = run.play(&steps);
        match run.learning.to_run_again().filter(|_| pass < MOST_PASSES).cloned() {
            Some(seen) => {
                drop(run);
                known = seen;
            }
            None => return played.map(|()| run.finish(script)),
        }
    }
}

impl<'a> ScriptRun<'a> {
    fn new(host: &ScriptHost, extra: bool, known: &'a Seen) -> Self {
        ScriptRun {
            driver: Driver::new(host.kernel_configuration(), extra),
            learning: Learning::new(host.server_flow(), known),
            planned: PlannedInterrupts::default(),
            written: Written::default(),
            held: BTreeMap::new(),
            peer: ModelPeer::default(),
            datagrams: 0,
            host: host.clone(),
        }
    }

    /// The run is over, and with it the calls that have not come back.
    fn finish(mut self, script: &Script) -> Run {
        for (task, line) in self.written.never_returned() {
            self.planned.over(task, line, self.driver.is_dead());
        }
        let lines = self.written.finish(&script.options, self.planned.never_came(), self.learning.flows.default);
        self.driver.finish(lines)
    }

    fn play(&mut self, steps: &[Step]) -> Result<(), Failure> {
        for step in steps {
            check_time(step.jiffy, step.position)?;
            self.advance(step.jiffy)?;
            if self.driver.is_dead() {
                break;
            }
            self.act(step.position, &step.action)?;
            self.settle()?;
        }
        Ok(())
    }

    /// Lets time pass, and whatever waits for something to happen on the way gets its turn at that moment.
    fn advance(&mut self, jiffy: u64) -> Result<(), Failure> {
        loop {
            let now = self.jiffy();
            let next = if self.held.is_empty() && !self.peer.is_present() {
                jiffy
            } else {
                [self.driver.next_timer(), self.peer.next_due()].into_iter().flatten().fold(jiffy, u64::min).max(now)
            };
            self.driver.advance(next);
            self.collect();
            self.settle()?;
            if self.jiffy() >= jiffy || self.driver.is_dead() {
                return Ok(());
            }
        }
    }

    /// Jiffies since script time 0.
    fn jiffy(&self) -> u64 {
        u64::try_from(self.driver.now()).unwrap_or(0)
    }

    /// What can happen now without anybody doing anything: acknowledgements of the model peer arrive, and a process
    /// that is back from its call makes the next one.
    fn settle(&mut self) -> Result<(), Failure> {
        while !self.driver.is_dead() {
            if let Some(packet) = self.peer.take_due(self.jiffy())? {
                let what = Incoming::Packet(packet);
                self.arrive(&Arrival { position: Position::default(), identification: self.datagrams, what }, None)?;
                continue;
            }
            let Some(task) = self.held.keys().copied().find(|task| !self.written.is_open(*task)) else { break };
            let Some(held) = self.held.get_mut(&task).and_then(VecDeque::pop_front) else {
                self.held.remove(&task);
                continue;
            };
            self.call(held.position, held.process, &held.call, &held.planned)?;
        }
        Ok(())
    }

    fn act(&mut self, position: Position, action: &Action) -> Result<(), Failure> {
        match action {
            Action::Call { process, call, planned } => self.call(position, *process, call, planned),
            Action::Arrival(arrival) => self.arrive(arrival, Some(arrival.position)),
            Action::Wait => Ok(()),
            Action::Autoack(orders) => {
                self.peer.obey(orders.clone());
                Ok(())
            }
            Action::Nothing(text) => {
                self.written.event(self.driver.now(), position, ScriptEvent::Command(text.clone()));
                Ok(())
            }
            Action::Signal { number, text } => {
                self.written.event(self.driver.now(), position, ScriptEvent::Command(text.clone()));
                let task = self.driver.process(0);
                self.input(&Input::Signal { task, signal: *number });
                Ok(())
            }
            Action::DeviceMtu { mtu, text } => {
                self.written.event(self.driver.now(), position, ScriptEvent::Command(text.clone()));
                self.input(&mtu_call(&self.driver, *mtu));
                Ok(())
            }
            Action::Trace => {
                self.written.annotation(self.driver.now(), Some(position), Annotation::Trace);
                Ok(())
            }
        }
    }

    fn arrive(&mut self, arrival: &Arrival, origin: Option<Position>) -> Result<(), Failure> {
        let frame = self.frame(&self.learning.flows, arrival)?;
        self.datagrams = self.datagrams.max(arrival.identification);
        self.written.arrival(self.driver.now(), origin, arrival);
        self.learning.settle();
        self.input(&Input::Frames(vec![(ETH0, frame)]));
        Ok(())
    }

    fn call(&mut self, position: Position, process: u32, call: &Call, planned: &[Planned]) -> Result<(), Failure> {
        let task = self.driver.process(process);
        if self.written.is_open(task) {
            let held = Held { position, process, call: call.clone(), planned: planned.to_vec() };
            self.held.entry(task).or_default().push_back(held);
            return Ok(());
        }
        let user = user_call(&self.host, call, position)?;
        let arrivals = planned.iter().map(|one| self.planned_interrupt(one)).collect::<Result<_, _>>()?;
        if process != 0 {
            self.written.annotation(self.driver.now(), None, Annotation::Process(process));
        }
        self.written.call(task, self.driver.now(), position, call);
        self.planned.begin(task, planned);
        let first = user.args.first().cloned();
        let name = user.name;
        self.driver.give(&Input::Call { task, call: user, planned: arrivals });
        self.settle_flow(task, name, first.as_ref(), call);
        self.collect();
        Ok(())
    }

    /// A script that listens or is sent something is a server; one that connects first is a client. A connect that was
    /// refused before the sock had its peer is none.
    fn settle_flow(&mut self, task: TaskId, name: CallName, descriptor: Option<&UserArg>, call: &Call) {
        if self.learning.is_settled() {
            return;
        }
        if name == CallName::Listen {
            self.learning.settle();
        }
        if name == CallName::Connect
            && let Some(UserArg::Int(descriptor)) = descriptor
            && let Some((local, peer)) = ports_of(&self.driver, task, *descriptor)
            && peer == connect_port(&self.host, call)
        {
            self.learning.settle_as_client(Flow { local, remote: peer });
        }
    }

    fn planned_interrupt(&mut self, planned: &Planned) -> Result<PlannedInterrupt, Failure> {
        let arrival = match &planned.kind {
            PlannedKind::Clock(count) => sched::Arrival::Timer(*count),
            PlannedKind::Network(arrivals) => {
                let flows = self.learning.for_group(planned.position).clone();
                let frames = arrivals.iter().map(|arrival| Ok((ETH0, self.frame(&flows, arrival)?)));
                sched::Arrival::Net(frames.collect::<Result<_, Failure>>()?)
            }
        };
        let point = sched::Point::from_name(&planned.point.name).unwrap_or(sched::Point::Schedule);
        let function = planned.point.function.clone();
        Ok(PlannedInterrupt { point, function, nth: planned.occurrence, arrival, seen: 0, done: false })
    }

    fn frame(&self, flows: &Flows, arrival: &Arrival) -> Result<Vec<u8>, Failure> {
        frame_of(&self.host, flows, arrival, self.peer.answers())
    }

    fn input(&mut self, input: &Input) {
        self.driver.give(input);
        self.collect();
    }

    /// Writes down what has happened since the last time.
    fn collect(&mut self) {
        for happening in self.driver.drain() {
            match happening {
                Happening::Sent { jiffy, bytes } => match describe(&mut self.learning.flows, &bytes) {
                    Described::Packet(packet) => {
                        self.show_peer(jiffy, &packet);
                        self.written.push(jiffy, None, ActualContent::Event(ScriptEvent::Packet(packet)));
                    }
                    Described::Arp(words) => self.written.annotation(jiffy, None, Annotation::ArpOut(words)),
                    Described::Unspoken => {}
                },
                Happening::Returned { jiffy, completion } => self.complete(jiffy, &completion),
                Happening::Interrupt { jiffy, timer, point, within, occurrence, task } => {
                    let point = Point { name: point.name().to_owned(), function: within };
                    self.interrupt(jiffy, timer, &point, occurrence, task);
                }
            }
        }
    }

    /// The model peer receives what leaves on the default flow.
    fn show_peer(&mut self, jiffy: i64, packet: &Packet) {
        if let Body::Tcp(segment) = &packet.body
            && segment.ports.is_none()
        {
            self.peer.segment(u64::try_from(jiffy).unwrap_or(0), segment);
        }
    }

    /// An interrupt arrived inside a call: its line and its frames stand here.
    fn interrupt(&mut self, jiffy: i64, timer: bool, point: &Point, occurrence: u32, task: Option<TaskId>) {
        let planned = task.and_then(|task| self.planned.take(task, timer, point, occurrence));
        let Some(planned) = planned else { return };
        if let PlannedKind::Network(arrivals) = &planned.kind {
            let answers = self.peer.answers();
            let frame = |flows: &Flows, one: &Arrival| frame_of(&self.host, flows, one, answers);
            let now = self.learning.flows.clone();
            let same = |built: &Flows| arrivals.iter().all(|one| frame(built, one) == frame(&now, one));
            self.learning.group_arrived(planned.position, same);
            self.datagrams = arrivals.iter().fold(self.datagrams, |most, one| most.max(one.identification));
        }
        self.written.interrupt(jiffy, &planned);
    }

    fn complete(&mut self, now: i64, completion: &Completion) {
        if let Some(line) = self.written.returned(now, completion) {
            self.planned.over(completion.task, line, self.driver.is_dead());
        }
    }
}

/// The frame of an arrival. Datagrams count in the order in which they arrive; the `answers` of the model peer so far stand
/// in no line and count too.
fn frame_of(host: &ScriptHost, flows: &Flows, arrival: &Arrival, answers: u32) -> Result<Vec<u8>, Failure> {
    let identification = arrival.identification.wrapping_add(answers as u16);
    match &arrival.what {
        Incoming::Packet(packet) => inbound::frame(host, flows, packet, identification)
            .map_err(|reason| Failure::packet(arrival.position, &reason.to_string())),
        Incoming::ArpRequest(sender, target) => Ok(inbound::arp_request(host, *sender, *target)),
    }
}

/// `ifconfig eth0 mtu N`, made by the configuration process.
fn mtu_call(driver: &Driver, mtu: u16) -> Input {
    let mut request = b"eth0".to_vec();
    request.resize(16, 0);
    request.extend(u32::from(mtu).to_le_bytes());
    request.resize(32, 0);
    driver.configure(SIOCSIFMTU, request)
}

/// The port a descriptor's sock is bound to, and that of its peer, 0 if it has none.
fn ports_of(driver: &Driver, task: TaskId, descriptor: i32) -> Option<(u16, u16)> {
    let kernel = driver.kernel();
    let file = kernel.tasks.get(task.0 as usize)?.files.get(usize::try_from(descriptor).ok()?).copied().flatten()?;
    let socket = kernel.files.get(file)?.f_inode?;
    let sk = kernel.sockets.get(socket)?.data?;
    kernel.sock.get(sk).map(|sock| (sock.num, sock.dummy_th.dest)).filter(|(port, _)| *port != 0)
}

/// The port a connect line names; the usual one for `...`.
fn connect_port(host: &ScriptHost, call: &Call) -> u16 {
    let Some(Argument::Record(fields)) = call.arguments.get(1) else { return host.connect_port };
    let port = fields.iter().find(|field| field.name == "sin_port").map(|field| &field.value);
    match port {
        Some(Argument::Function(_, arguments)) => match arguments.first() {
            Some(Argument::Number(number)) => u16::try_from(number.value).unwrap_or(host.connect_port),
            _ => host.connect_port,
        },
        _ => host.connect_port,
    }
}
