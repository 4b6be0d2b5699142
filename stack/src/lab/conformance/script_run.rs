//! Runs a script: every step at its jiffy, and the lines of what really happened beside it. The expected outbound
//! lines and results of the script are never looked at here.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::autoack::ModelPeer;
use super::calls::{actual_call, user_call};
use super::checks::{Awaited, CALL, Checks, Moment, flow_of, seconds};
use super::compare::NEVER_REACHED;
use super::departure::Departure;
use super::descriptors::Descriptors;
use super::difference::Difference;
use super::failure::Failure;
use super::fields::{self, Header};
use super::flow::{Flow, Flows};
use super::host::ScriptHost;
use super::inbound;
use super::learning::{Learning, Seen};
use super::outbound::{Described, describe};
use super::planned::PlannedInterrupts;
use super::reading::{Reading, Tolerance, packets_only_warn};
use super::recorder::Happening;
use super::rules;
use super::run::{Driver, Judgement, Run, check_time};
use super::skipped::{self, Skipped};
use super::sockets::Sockets;
use super::tcp_info::{self, under_test};
use super::timeline::{Action, Arrival, Incoming, Planned, PlannedKind, Step, timeline};
use super::written::{ActualContent, Written};
use crate::Input;
use crate::include::sched::{self, PlannedInterrupt, TaskId};
use crate::include::seq::TICK;
use crate::kernel::Completion;
use crate::lab::script::annotation::{Annotation, Point};
use crate::lab::script::ast::{Body, Call, Content, Line, Packet, PacketDirection, ScriptEvent};
use crate::lab::script::{Position, Script};
use crate::wire::tcp;
use crate::words::Words;

/// Index of eth0 among the devices.
const ETH0: u8 = 1;
const SIOCSIFMTU: i32 = 0x8922;
/// A script is run again at most this often to learn what its groups count from.
const MOST_PASSES: usize = 16;

/// A script while it runs.
pub(super) struct ScriptRun<'a> {
    pub(super) host: ScriptHost,
    pub(super) driver: Driver,
    pub(super) learning: Learning<'a>,
    planned: PlannedInterrupts,
    written: Written,
    /// Calls of a process that is still in an earlier one: it makes them as soon as it is back.
    pub(super) held: BTreeMap<TaskId, VecDeque<Held>>,
    peer: ModelPeer,
    /// Datagrams of the script's own lines that have arrived.
    datagrams: u16,
    pub(super) reading: Reading,
    pub(super) checks: Checks,
    /// The calls that are looked at when they come back.
    pub(super) awaited: BTreeMap<TaskId, Awaited>,
    pub(super) descriptors: Descriptors,
    /// Initial sequence numbers as the SYN lines of the script write them, until one has left for each.
    initial: Vec<(Option<Flow>, u32)>,
    /// Where an earlier run found that a packet never comes, and what packetdrill says then.
    pub(super) missed: Option<&'a Missed>,
    /// The same, found by this run: it is to be run again.
    pub(super) misses: Option<Missed>,
    skipped: Vec<(Position, Skipped)>,
    /// No line has had its turn yet.
    pub(super) first: bool,
    /// The line that has its turn.
    pub(super) turn: Position,
}

/// A line whose packet never comes.
pub(super) type Missed = Difference;

/// A call that waits for its process.
pub(super) struct Held {
    pub(super) position: Position,
    process: u32,
    call: Call,
    planned: Vec<Planned>,
    moment: Option<Moment>,
    /// It could not be made when its line had its turn.
    waited: bool,
}

/// Run a script from boot to its end, and again where its groups of frames were built from a wrong guess or a packet it
/// waits for never comes.
///
/// # Errors
/// What the script asks for cannot be done at all.
pub fn run_script(script: &Script, reading: Reading) -> Result<Run, Failure> {
    let host = ScriptHost::of(script)?;
    let tolerance = Tolerance::of(script)?;
    let only_warn = packets_only_warn(script)?;
    rules::check_lines(script, reading)?;
    let steps = timeline(script, reading)?;
    // The events about interrupts and locks are wanted as soon as there is any line of ours.
    let extra = script.lines.iter().any(|line| matches!(line.content, Content::Annotation(_)));
    let mut known = Seen::new();
    let mut missed = None;
    let mut pass = 0;
    loop {
        pass += 1;
        let sockets = Sockets::new(host.server_flow(), written_ports(script), asks(script));
        let learning = Learning::new(sockets, Some((host.local, host.remote)), reading, &known);
        let mut run = ScriptRun::new(&host, extra, learning, reading);
        run.checks = Checks::new(tolerance, host.strict_segments, only_warn);
        run.missed = missed.as_ref();
        run.initial = if reading == Reading::Packetdrill { initial_numbers(script) } else { Vec::new() };
        let played = run.play(&steps);
        if let Some(misses) = run.misses.take().filter(|_| pass < MOST_PASSES) {
            drop(run);
            missed = Some(misses);
            continue;
        }
        match run.learning.to_run_again().filter(|_| pass < MOST_PASSES).cloned() {
            Some(seen) => {
                drop(run);
                (known, missed) = (seen, None);
            }
            None => return played.map(|()| run.finish(script)),
        }
    }
}

/// The initial sequence numbers that the script writes in the SYN lines of the stack, each with its flow if it names one.
fn initial_numbers(script: &Script) -> Vec<(Option<Flow>, u32)> {
    let syn = |line: &Line| match &line.content {
        Content::Event(_, ScriptEvent::Packet(Packet { direction, body: Body::Tcp(segment), .. })) => {
            let leaves = *direction == PacketDirection::Outbound && segment.flags.bits & tcp::SYN != 0;
            leaves.then(|| (segment.ports.map(Flow::outbound), segment.sequence.start))
        }
        _ => None,
    };
    script.lines.iter().filter_map(syn).collect()
}

/// Whether the script has a line for a segment of the stack.
fn asks(script: &Script) -> bool {
    script.lines.iter().any(|line| {
        matches!(&line.content, Content::Event(_, ScriptEvent::Packet(Packet { direction, body: Body::Tcp(_), .. }))
            if *direction == PacketDirection::Outbound)
    })
}

/// The ports that the script writes in lines for segments.
fn written_ports(script: &Script) -> BTreeSet<u16> {
    let ports = |line: &Line| match &line.content {
        Content::Event(_, ScriptEvent::Packet(Packet { body: Body::Tcp(segment), .. })) => segment.ports,
        _ => None,
    };
    script.lines.iter().filter_map(ports).flat_map(|ports| [ports.source, ports.destination]).collect()
}

impl<'a> ScriptRun<'a> {
    fn new(host: &ScriptHost, extra: bool, learning: Learning<'a>, reading: Reading) -> Self {
        ScriptRun {
            driver: Driver::new(host.kernel_configuration(), extra),
            learning,
            planned: PlannedInterrupts::default(),
            written: Written::starting_with(host.server_flow()),
            held: BTreeMap::new(),
            peer: ModelPeer::default(),
            datagrams: 0,
            host: host.clone(),
            reading,
            checks: Checks::new(Tolerance::NONE, false, false),
            awaited: BTreeMap::new(),
            descriptors: Descriptors::default(),
            initial: Vec::new(),
            missed: None,
            misses: None,
            skipped: Vec::new(),
            first: true,
            turn: Position::default(),
        }
    }

    /// The run is over, and with it the calls that have not come back.
    fn finish(mut self, script: &Script) -> Run {
        for (task, line) in self.written.never_returned() {
            self.planned.over(task, line, self.driver.is_dead());
        }
        let unused = self.planned.never_came();
        for planned in unused.values().flatten() {
            self.checks.object(Difference::at(planned.position, NEVER_REACHED.owned()));
        }
        let mut lines = self.written.finish(&script.options, unused);
        self.skipped.extend(skipped::around(script));
        lines.skipped = self.skipped;
        lines.addresses = Some((self.host.local, self.host.remote));
        lines.died = self.driver.is_dead().then_some(self.turn);
        let names = self.descriptors.are_names() || self.learning.flows.count_from_names() || self.learning.differs();
        let judgement = match self.reading {
            Reading::Recorded => Judgement::recorded(),
            Reading::Packetdrill => self.checks.finish(self.reading, names),
        };
        self.driver.finish(lines, judgement)
    }

    fn play(&mut self, steps: &[Step]) -> Result<(), Failure> {
        for step in steps {
            if self.driver.is_dead() || self.misses.is_some() {
                break;
            }
            self.turn = step.position;
            match self.reading {
                Reading::Recorded => self.repeat(step)?,
                Reading::Packetdrill => self.perform(step)?,
            }
        }
        if self.reading == Reading::Packetdrill && self.misses.is_none() { self.await_returns() } else { Ok(()) }
    }

    /// A step at the time that the script says.
    fn repeat(&mut self, step: &Step) -> Result<(), Failure> {
        check_time(step.jiffy, step.position)?;
        self.advance(step.jiffy.saturating_mul(TICK))?;
        if self.driver.is_dead() {
            return Ok(());
        }
        self.act(step.position, &step.action, None)?;
        self.settle()
    }

    /// Lets time pass, and whatever waits for something to happen on the way gets its turn at that moment.
    pub(super) fn advance(&mut self, time: u64) -> Result<(), Failure> {
        loop {
            let now = self.clock();
            let next = if self.held.is_empty() && !self.peer.is_present() {
                time
            } else {
                [self.driver.next_timer(), self.peer_due()].into_iter().flatten().fold(time, u64::min).max(now)
            };
            self.driver.advance(next);
            self.collect(false);
            self.settle()?;
            if self.clock() >= time || self.driver.is_dead() {
                return Ok(());
            }
        }
    }

    /// When the model peer answers next.
    pub(super) fn peer_due(&self) -> Option<u64> {
        self.peer.next_due().map(|jiffy| jiffy.saturating_mul(TICK))
    }

    /// Jiffies since script time 0.
    fn jiffy(&self) -> u64 {
        u64::try_from(self.driver.now()).unwrap_or(0)
    }

    /// Microseconds since script time 0.
    pub(super) fn clock(&self) -> u64 {
        self.driver.clock()
    }

    /// What can happen now without anybody doing anything: acknowledgements of the model peer arrive, and a process
    /// that is back from its call makes the next one.
    pub(super) fn settle(&mut self) -> Result<(), Failure> {
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
            self.call(held)?;
        }
        Ok(())
    }

    pub(super) fn act(&mut self, position: Position, action: &Action, moment: Option<Moment>) -> Result<(), Failure> {
        self.written.clock = Some(self.clock());
        match action {
            Action::Call { process, call, planned } => self.call(Held {
                position,
                process: *process,
                call: call.clone(),
                planned: planned.clone(),
                moment,
                waited: false,
            }),
            Action::Arrival(arrival) => self.arrive(arrival, Some(arrival.position)),
            Action::Wait | Action::Expect(_) | Action::Elapse | Action::Refuse(_) => Ok(()),
            Action::Skip(what) => {
                self.pass_over(position, what);
                Ok(())
            }
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
        self.is_reached(arrival);
        let frame = self.frame(&self.learning.flows, arrival)?;
        self.written.clock = Some(self.clock());
        self.datagrams = self.datagrams.max(arrival.identification);
        self.written.arrival(self.driver.now(), origin, arrival);
        self.input(&Input::Frames(vec![(ETH0, frame)]));
        Ok(())
    }

    fn call(&mut self, held: Held) -> Result<(), Failure> {
        let task = self.driver.process(held.process);
        if self.written.is_open(task) {
            self.held.entry(task).or_default().push_back(Held { waited: true, ..held });
            return Ok(());
        }
        let Held { position, process, call, planned, moment, waited } = held;
        let now = self.clock();
        self.written.clock = Some(now);
        if let Some(words) = self.is_refused(&call) {
            self.checks.end_with(Difference::at(position, words));
            return Ok(());
        }
        if let Some(moment) = &moment {
            if waited && now > moment.start {
                self.checks.object(Difference::at(position, made_late(now)));
            } else {
                self.checks.begins(position, moment, now, CALL);
            }
            let awaited = Awaited { position, call: call.clone(), moment: *moment, made: now };
            self.awaited.insert(task, awaited);
        }
        if moment.is_some() {
            self.looks_for_descriptors(task, &call, position);
        }
        let live = self.descriptors.live(task, &call);
        let user = match user_call(&self.host, &live, position) {
            Ok(user) => user,
            Err(failure) => return self.cannot_be_made(position, &call.name, failure),
        };
        let arrivals = planned.iter().map(|one| self.planned_interrupt(one)).collect::<Result<_, _>>()?;
        if process != 0 {
            self.written.annotation(self.driver.now(), None, Annotation::Process(process));
        }
        self.written.call(task, self.driver.now(), position, &call);
        self.planned.begin(task, &planned);
        self.is_about_to_call(task, &user);
        self.driver.give(&Input::Call { task, call: user, planned: arrivals });
        self.collect(true);
        Ok(())
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
        self.collect(true);
    }

    /// Writes down what has happened since the last time: by an input of this moment, where one was `given`, or by ticks.
    fn collect(&mut self, given: bool) {
        self.written.clock = given.then(|| self.clock());
        for happening in self.driver.drain() {
            match happening {
                Happening::Sent { jiffy, bytes } => self.sent(jiffy, &bytes),
                Happening::Returned { jiffy, completion } => self.complete(jiffy, &completion),
                Happening::Interrupt { jiffy, timer, point, within, occurrence, task } => {
                    let point = Point { name: point.name().to_owned(), function: within };
                    self.interrupt(jiffy, timer, &point, occurrence, task);
                }
            }
        }
    }

    fn sent(&mut self, jiffy: i64, bytes: &[u8]) {
        let written = self.learning.leaves(bytes, &mut self.initial);
        self.written.flow = self.learning.flows.default;
        // What is written down counts from every SYN, whether a line has asked for it or not.
        let own = self.learning.flows.own.take();
        let described = describe(&mut self.learning.flows, bytes, written);
        self.learning.flows.own = own;
        match described {
            Described::Packet(packet) => {
                self.show_peer(jiffy, &packet);
                if self.reading == Reading::Packetdrill
                    && let Some(header) = Header::of(bytes)
                {
                    let (time, flow) = (self.written.moment(jiffy), flow_of(&packet, &self.learning.flows));
                    if flow.is_some() {
                        self.learning.is_told(matches!(packet.body, Body::Tcp(_)), flow);
                    }
                    let piece = fields::length(&packet.body).unwrap_or(0);
                    self.checks.departs(Departure {
                        time,
                        frame: bytes.to_vec(),
                        packet: packet.clone(),
                        header,
                        flow,
                        piece,
                    });
                }
                self.written.push(jiffy, None, ActualContent::Event(ScriptEvent::Packet(packet)));
            }
            Described::Arp(words) => self.written.annotation(jiffy, None, Annotation::ArpOut(words)),
            Described::Unspoken => {}
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
            arrivals.iter().for_each(|one| self.is_reached(one));
            let answers = self.peer.answers();
            let frame = |flows: &Flows, one: &Arrival| frame_of(&self.host, flows, one, answers);
            let now = self.learning.flows.clone();
            let same = |built: &Flows| arrivals.iter().all(|one| frame(built, one) == frame(&now, one));
            self.learning.group_arrived(planned.position, same);
            self.datagrams = arrivals.iter().fold(self.datagrams, |most, one| most.max(one.identification));
        }
        self.written.interrupt(jiffy, &planned);
    }

    fn complete(&mut self, jiffy: i64, completion: &Completion) {
        let task = completion.task;
        let awaited = self.awaited.remove(&task);
        let Some(awaited) = awaited else { return self.is_over(jiffy, completion) };
        let twice = self.descriptors.named_twice(&awaited.call, completion);
        let named = self.descriptors.named(&awaited.call, completion.clone());
        let actual = actual_call(&awaited.call, &named);
        let now = self.written.moment(jiffy);
        self.checks.returned(&awaited, &actual, now);
        if let Some(number) = twice {
            self.is_named_twice(awaited.position, number);
        }
        self.has_called(&awaited, completion);
        self.is_over(jiffy, &named);
    }

    fn is_over(&mut self, jiffy: i64, completion: &Completion) {
        let task = completion.task;
        if let Some(line) = self.written.returned(jiffy, completion) {
            self.planned.over(task, line, self.driver.is_dead());
        }
    }

    /// A line that is not run: what can be evaluated of it is, the rest is named when the run is over.
    fn pass_over(&mut self, position: Position, what: &Skipped) {
        let event = match what {
            Skipped::Command(text) => ScriptEvent::Command(text.clone()),
            Skipped::Code(text) => ScriptEvent::Code(text.clone()),
        };
        self.written.event(self.driver.now(), position, event);
        match what {
            Skipped::Code(text) => {
                let sock = under_test(self.driver.kernel(), self.learning.flows.default);
                let evaluated = tcp_info::evaluate(text, sock);
                for words in evaluated.fails {
                    self.checks.object(Difference::at(position, words));
                }
                self.skipped.extend(evaluated.left.into_iter().map(|text| (position, Skipped::Code(text))));
            }
            Skipped::Command(_) => self.skipped.push((position, what.clone())),
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

/// Why a call was not made when its line had its turn.
fn made_late(now: u64) -> Words<String> {
    let at = seconds(now);
    Words {
        en: format!("this call was made at {at} sec: its process was in the call before it until then"),
        zh: format!("此调用在 {at} 秒发出：在此之前其进程仍在上一个调用中"),
    }
}
