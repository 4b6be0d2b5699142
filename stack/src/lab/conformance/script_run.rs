//! Runs a script: every step at its jiffy, and the lines of what really happened beside it. The expected outbound
//! lines and results of the script are never looked at here.

use std::collections::{BTreeMap, VecDeque};

use super::autoack::ModelPeer;
use super::calls::{actual_call, user_call};
use super::failure::Failure;
use super::flow::{Flow, Flows};
use super::host::Host;
use super::inbound;
use super::outbound::{Described, describe};
use super::recorder::Happening;
use super::run::{Driver, Lines, Run, check_time};
use super::timeline::{Action, Arrival, Incoming, Planned, PlannedKind, Step, timeline};
use crate::Input;
use crate::include::sched::{self, PlannedInterrupt, TaskId};
use crate::include::seq::TICK;
use crate::init::ticks_to_event;
use crate::kernel::Completion;
use crate::kernel::call::{CallName, UserArg};
use crate::lab::script::Position;
use crate::lab::script::Script;
use crate::lab::script::annotation::{Annotation, Point};
use crate::lab::script::ast::{Base, Body, Call, Content, Event, Line, Packet, Time, Until};

/// Index of eth0 among the devices.
const ETH0: u8 = 1;
const SIOCSIFMTU: i32 = 0x8922;
/// A script is run again at most this often to learn what its groups count from.
const MOST_PASSES: usize = 16;

/// A line of what happened, before it is printed.
struct ActualLine {
    jiffy: i64,
    end: Option<i64>,
    origin: Option<Position>,
    content: ActualContent,
}

enum ActualContent {
    Event(Event),
    Annotation(Annotation),
}

struct ScriptRun<'a> {
    host: Host,
    flows: Flows,
    /// The default flow is settled.
    flow_is_settled: bool,
    driver: Driver,
    /// What had been learned when each group of frames arrived, found in an earlier pass.
    known: &'a BTreeMap<Position, Flows>,
    /// What each group of frames was built from.
    built: BTreeMap<Position, Flows>,
    /// The same, found in this pass.
    seen: BTreeMap<Position, Flows>,
    /// A group arrived that was built from something else than what had been learned by then.
    guessed_wrong: bool,
    lines: Vec<ActualLine>,
    /// The line of the call each task is in.
    open: BTreeMap<TaskId, usize>,
    /// What is planned inside the call of each task, in script order.
    planned: BTreeMap<TaskId, VecDeque<Planned>>,
    /// The jiffy of a group of frames that another frame of that jiffy would join if nothing ended the group.
    group: Option<i64>,
    /// What was planned inside a call and never came, under the line of the call.
    unused: BTreeMap<usize, Vec<Planned>>,
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

/// Run a script from boot to its end.
///
/// The frames of an interrupt inside a call count from what has been sent when they arrive, which may be by that very
/// call. So a script with such groups is run again until every group was built from what had been learned by then.
///
/// # Errors
/// What the script asks for cannot be done at all.
pub fn run_script(script: &Script) -> Result<Run, Failure> {
    let host = Host::of(script)?;
    let steps = timeline(script)?;
    // The events about interrupts and locks are wanted as soon as there is any line of ours.
    let extra = script.lines.iter().any(|line| matches!(line.content, Content::Annotation(_)));
    let mut known = BTreeMap::new();
    let mut passes = 0;
    loop {
        let mut run = ScriptRun::new(&host, extra, &known);
        let played = run.play(&steps);
        passes += 1;
        if run.guessed_wrong && passes < MOST_PASSES {
            known = run.seen;
            continue;
        }
        played?;
        run.never_returned();
        let (lines, never_came) = with_unused(run.lines, run.unused);
        let (printed, times, origins) = written(lines);
        let script = Script { options: script.options.clone(), lines: printed, ..Script::default() };
        return Ok(run.driver.finish(Lines { script, times, origins, never_came, flow: run.flows.default }));
    }
}

impl<'a> ScriptRun<'a> {
    fn new(host: &Host, extra: bool, known: &'a BTreeMap<Position, Flows>) -> Self {
        ScriptRun {
            flows: Flows::new(host.server_flow()),
            flow_is_settled: false,
            driver: Driver::new(host.kernel_configuration(), extra),
            known,
            built: BTreeMap::new(),
            seen: BTreeMap::new(),
            guessed_wrong: false,
            lines: Vec::new(),
            open: BTreeMap::new(),
            planned: BTreeMap::new(),
            group: None,
            unused: BTreeMap::new(),
            held: BTreeMap::new(),
            peer: ModelPeer::default(),
            datagrams: 0,
            host: host.clone(),
        }
    }

    fn play(&mut self, steps: &[Step]) -> Result<(), Failure> {
        for step in steps {
            check_time(step.jiffy, step.position)?;
            self.advance(step.jiffy)?;
            if self.driver.kernel.oops.is_some() {
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
                let event = ticks_to_event(&self.driver.kernel).map(|ticks| now.saturating_add(u64::from(ticks)));
                [event, self.peer.next_due()].into_iter().flatten().fold(jiffy, u64::min).max(now)
            };
            self.driver.advance(next);
            self.collect();
            self.settle()?;
            if self.jiffy() >= jiffy || self.driver.kernel.oops.is_some() {
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
        while self.driver.kernel.oops.is_none() {
            if let Some(packet) = self.peer.take_due(self.jiffy())? {
                let what = Incoming::Packet(packet);
                self.arrive(&Arrival { position: Position::default(), identification: self.datagrams, what }, None)?;
                continue;
            }
            let Some(task) = self.held.keys().copied().find(|task| !self.open.contains_key(task)) else { break };
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
                self.push_event(Some(position), Event::Command(text.clone()));
                Ok(())
            }
            Action::Signal { number, text } => {
                self.push_event(Some(position), Event::Command(text.clone()));
                let task = self.driver.process(0);
                self.input(&Input::Signal { task, signal: *number });
                Ok(())
            }
            Action::DeviceMtu { mtu, text } => {
                self.push_event(Some(position), Event::Command(text.clone()));
                self.input(&mtu_call(&self.driver, *mtu));
                Ok(())
            }
            Action::Trace => {
                self.push_annotation(Some(position), Annotation::Trace);
                Ok(())
            }
        }
    }

    fn arrive(&mut self, arrival: &Arrival, origin: Option<Position>) -> Result<(), Failure> {
        let frame = self.frame(&self.flows, arrival)?;
        self.datagrams = self.datagrams.max(arrival.identification);
        if self.group.take() == Some(self.driver.now()) {
            self.push_annotation(None, Annotation::End);
        }
        self.push(self.driver.now(), origin, arrival_content(arrival));
        self.flow_is_settled = true;
        self.input(&Input::Frames(vec![(ETH0, frame)]));
        Ok(())
    }

    fn call(&mut self, position: Position, process: u32, call: &Call, planned: &[Planned]) -> Result<(), Failure> {
        let task = self.driver.process(process);
        if self.open.contains_key(&task) {
            let held = Held { position, process, call: call.clone(), planned: planned.to_vec() };
            self.held.entry(task).or_default().push_back(held);
            return Ok(());
        }
        let user = user_call(&self.host, call, position)?;
        for one in planned {
            self.built.insert(one.position, self.known.get(&one.position).unwrap_or(&self.flows).clone());
        }
        let arrivals = planned.iter().map(|one| self.planned_interrupt(one)).collect::<Result<_, _>>()?;
        if process != 0 {
            self.push_annotation(None, Annotation::Process(process));
        }
        self.open.insert(task, self.lines.len());
        self.planned.insert(task, planned.iter().cloned().collect());
        // What it gives back is not known yet; a call that never returns has no result in the output.
        self.push_event(Some(position), Event::Call(Call { outcome: None, ..call.clone() }));
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
        if self.flow_is_settled {
            return;
        }
        if name == CallName::Listen {
            self.flow_is_settled = true;
        }
        if name == CallName::Connect
            && let Some(UserArg::Int(descriptor)) = descriptor
            && let Some((local, peer)) = ports_of(&self.driver, task, *descriptor)
            && peer == connect_port(&self.host, call)
        {
            self.flow_is_settled = true;
            self.flows.default = Flow { local, remote: peer };
        }
    }

    fn planned_interrupt(&self, planned: &Planned) -> Result<PlannedInterrupt, Failure> {
        let arrival = match &planned.kind {
            PlannedKind::Clock(count) => sched::Arrival::Timer(*count),
            PlannedKind::Network(arrivals) => {
                let flows = self.known.get(&planned.position).unwrap_or(&self.flows);
                let frames = arrivals.iter().map(|arrival| Ok((ETH0, self.frame(flows, arrival)?)));
                sched::Arrival::Net(frames.collect::<Result<_, Failure>>()?)
            }
        };
        let point = sched::Point::from_name(&planned.point.name).unwrap_or(sched::Point::Schedule);
        let function = planned.point.function.clone();
        Ok(PlannedInterrupt { point, function, nth: planned.occurrence, arrival, seen: 0, done: false })
    }

    fn frame(&self, flows: &Flows, arrival: &Arrival) -> Result<Vec<u8>, Failure> {
        // Datagrams count in the order in which they arrive; those of the model peer stand in no line.
        let identification = arrival.identification.wrapping_add(self.peer.answers() as u16);
        match &arrival.what {
            Incoming::Packet(packet) => inbound::frame(&self.host, flows, packet, identification)
                .map_err(|reason| Failure::packet(arrival.position, &reason.to_string())),
            Incoming::ArpRequest(sender, target) => Ok(inbound::arp_request(&self.host, *sender, *target)),
        }
    }

    fn input(&mut self, input: &Input) {
        self.driver.give(input);
        self.collect();
    }

    /// Writes down what has happened since the last time.
    fn collect(&mut self) {
        for happening in self.driver.drain() {
            match happening {
                Happening::Sent { jiffy, bytes } => match describe(&mut self.flows, &bytes) {
                    Described::Packet(packet) => {
                        self.show_peer(jiffy, &packet);
                        self.push(jiffy, None, ActualContent::Event(Event::Packet(packet)));
                    }
                    Described::Arp(words) => {
                        self.push(jiffy, None, ActualContent::Annotation(Annotation::ArpOut(words)));
                    }
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
        let Some(waiting) = task.and_then(|task| self.planned.get_mut(&task)) else { return };
        let place = waiting.iter().position(|planned| {
            let clock = matches!(planned.kind, PlannedKind::Clock(_));
            clock == timer && planned.point == *point && planned.occurrence == occurrence
        });
        // Of several ticks at one point only the first finds its line.
        let Some(planned) = place.and_then(|place| waiting.remove(place)) else { return };
        let Planned { position, point, occurrence, kind } = planned;
        match kind {
            PlannedKind::Clock(count) => {
                self.push(
                    jiffy,
                    Some(position),
                    ActualContent::Annotation(Annotation::Tick { point, occurrence, count }),
                );
            }
            PlannedKind::Network(arrivals) => {
                let same = |a: &Flows| arrivals.iter().all(|one| self.frame(a, one) == self.frame(&self.flows, one));
                self.guessed_wrong |= !self.built.get(&position).is_some_and(same);
                self.seen.insert(position, self.flows.clone());
                self.push(
                    jiffy,
                    Some(position),
                    ActualContent::Annotation(Annotation::Interrupt { point, occurrence }),
                );
                // An empty group would take whatever comes next.
                if arrivals.is_empty() {
                    self.push(jiffy, None, ActualContent::Annotation(Annotation::End));
                }
                for arrival in arrivals {
                    self.datagrams = self.datagrams.max(arrival.identification);
                    let content = arrival_content(&arrival);
                    self.push(jiffy, Some(arrival.position), content);
                }
                self.group = Some(jiffy);
            }
        }
    }

    fn complete(&mut self, now: i64, completion: &Completion) {
        let Some(index) = self.open.remove(&completion.task) else { return };
        self.set_aside(completion.task, index);
        let Some(line) = self.lines.get_mut(index) else { return };
        if let ActualContent::Event(Event::Call(call)) = &mut line.content {
            *call = actual_call(call, completion);
        }
        line.end = (now != line.jiffy).then_some(now);
    }

    /// The interrupts of a call that is over and that never reached their points.
    fn set_aside(&mut self, task: TaskId, line: usize) {
        let left = self.planned.remove(&task).unwrap_or_default();
        if !left.is_empty() && self.driver.kernel.oops.is_none() {
            self.unused.insert(line, left.into());
        }
    }

    /// The run is over, and with it the calls that have not come back.
    fn never_returned(&mut self) {
        for (task, line) in std::mem::take(&mut self.open) {
            self.set_aside(task, line);
        }
    }

    fn push(&mut self, jiffy: i64, origin: Option<Position>, content: ActualContent) {
        self.lines.push(ActualLine { jiffy, end: None, origin, content });
    }

    fn push_event(&mut self, origin: Option<Position>, event: Event) {
        self.group = None;
        self.push(self.driver.now(), origin, ActualContent::Event(event));
    }

    fn push_annotation(&mut self, origin: Option<Position>, annotation: Annotation) {
        self.push(self.driver.now(), origin, ActualContent::Annotation(annotation));
    }
}

fn arrival_content(arrival: &Arrival) -> ActualContent {
    match &arrival.what {
        Incoming::Packet(packet) => ActualContent::Event(Event::Packet(packet.clone())),
        Incoming::ArpRequest(sender, target) => {
            ActualContent::Annotation(Annotation::ArpRequest { sender: *sender, target: *target })
        }
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
    let kernel = &driver.kernel;
    let file = kernel.tasks.get(task.0 as usize)?.files.get(usize::try_from(descriptor).ok()?).copied().flatten()?;
    let socket = kernel.files.get(file)?.f_inode?;
    let sk = kernel.sockets.get(socket)?.data?;
    kernel.sock.get(sk).map(|sock| (sock.num, sock.dummy_th.dest)).filter(|(port, _)| *port != 0)
}

/// The port a connect line names; the usual one for `...`.
fn connect_port(host: &Host, call: &Call) -> u16 {
    use crate::lab::script::ast::Argument;
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

/// The lines with those of the interrupts that never came where the script had them behind their call, and the numbers
/// of the latter: whoever runs what was written counts the same datagrams.
fn with_unused(lines: Vec<ActualLine>, unused: BTreeMap<usize, Vec<Planned>>) -> (Vec<ActualLine>, Vec<usize>) {
    let is_call = |line: &&ActualLine| matches!(&line.content, ActualContent::Event(Event::Call(_)));
    let mut places: BTreeMap<usize, Vec<Planned>> = BTreeMap::new();
    for (call, planned) in unused.into_iter().flat_map(|(call, all)| all.into_iter().map(move |one| (call, one))) {
        let behind = lines.iter().skip(call + 1).take_while(|line| !is_call(line));
        let earlier = behind.map(|line| line.origin.is_some_and(|origin| origin < planned.position));
        let place = call + earlier.collect::<Vec<_>>().iter().rposition(|is| *is).map_or(0, |last| last + 1);
        places.entry(place).or_default().push(planned);
    }
    let (mut out, mut never_came) = (Vec::new(), Vec::new());
    for (index, line) in lines.into_iter().enumerate() {
        let jiffy = line.jiffy;
        out.push(line);
        let first = out.len();
        for Planned { position, point, occurrence, kind } in places.remove(&index).unwrap_or_default() {
            let mut push =
                |position, content| out.push(ActualLine { jiffy, end: None, origin: Some(position), content });
            match kind {
                PlannedKind::Clock(count) => {
                    push(position, ActualContent::Annotation(Annotation::Tick { point, occurrence, count }));
                }
                PlannedKind::Network(arrivals) => {
                    push(position, ActualContent::Annotation(Annotation::Interrupt { point, occurrence }));
                    for arrival in arrivals {
                        push(arrival.position, arrival_content(&arrival));
                    }
                    push(position, ActualContent::Annotation(Annotation::End));
                }
            }
        }
        never_came.extend(first..out.len());
    }
    (out, never_came)
}

type Written = (Vec<Line>, Vec<(i64, Option<i64>)>, Vec<Option<Position>>);

/// The lines with their times counted from the start of the line before.
fn written(lines: Vec<ActualLine>) -> Written {
    let mut previous = 0;
    let mut out = (Vec::new(), Vec::new(), Vec::new());
    for (index, line) in lines.into_iter().enumerate() {
        let microseconds = |jiffy: i64| u64::try_from(jiffy - previous).unwrap_or(0) * TICK;
        let position = Position { line: u32::try_from(index + 1).unwrap_or(u32::MAX), column: 1 };
        let content = match line.content {
            ActualContent::Annotation(annotation) => Content::Annotation(annotation),
            ActualContent::Event(event) => {
                let until = line.end.map_or(Until::Unspecified, |end| Until::Return(microseconds(end)));
                let time = Time::At { base: Base::Previous, start: microseconds(line.jiffy), until };
                previous = line.jiffy;
                Content::Event(time, event)
            }
        };
        out.0.push(Line { position, content });
        out.1.push((line.jiffy, line.end));
        out.2.push(line.origin);
    }
    out
}
