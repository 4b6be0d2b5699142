//! When a script does what: relative times added up, expected outbound lines left out, interrupts and ticks gathered
//! to the call in which they arrive, the process of every call settled. A pure function of the script.

use super::autoack::{AutoackOrders, is_autoack};
use super::failure::Failure;
use super::reading::Reading;
use super::skipped::Skipped;
use crate::include::seq::TICK;
use crate::lab::script::Position;
use crate::lab::script::annotation::{Annotation, Point};
use crate::lab::script::ast::{Base, Call, Content, Line, Packet, PacketDirection, Script, ScriptEvent, Time, Until};
use crate::words::Words;

/// The last process that a script of one host may use.
const LAST_PROCESS: u32 = 2;

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Jiffies after script time 0, where everything comes as the script says.
    pub jiffy: u64,
    /// The time as the line writes it; None where the time of the line before is meant.
    pub time: Option<Time>,
    /// Where it stands in the script.
    pub position: Position,
    /// What.
    pub action: Action,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// A process makes a call.
    Call {
        /// The process, 0 to 2.
        process: u32,
        /// The call.
        call: Call,
        /// What arrives inside it.
        planned: Vec<Planned>,
    },
    /// A frame arrives.
    Arrival(Arrival),
    /// A packet should leave (only where a run waits for it).
    Expect(Packet),
    /// A frame of a group that arrives inside a call: only its time passes here.
    Elapse,
    /// `true`: nothing happens, but time has come so far.
    Nothing(String),
    /// A shell command or Python: not run, but time has come so far.
    Skip(Skipped),
    /// `signal N`
    Signal {
        /// The number.
        number: i32,
        /// As written.
        text: String,
    },
    /// `dev_mtu N`
    DeviceMtu {
        /// The new MTU.
        mtu: u16,
        /// As written.
        text: String,
    },
    /// The last packet of the script may come until now.
    Wait,
    /// packetdrill refuses the line when its turn has come, for this reason.
    Refuse(Words<String>),
    /// `autoack ...`: from here on a model peer acknowledges. Not repeated in the output, its acknowledgements are.
    Autoack(AutoackOrders),
    /// `//@ trace`, which is repeated in the output.
    Trace,
}

/// A frame that arrives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// Where the line stands.
    pub position: Position,
    /// The identification of its datagram: inbound packets of the script count from 1; 0 for ARP, which has none.
    pub identification: u16,
    /// What the line says.
    pub what: Incoming,
}

/// What arrives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Incoming {
    /// A packet line.
    Packet(Packet),
    /// An `arp-request` line.
    ArpRequest(core::net::Ipv4Addr, Option<core::net::Ipv4Addr>),
}

/// An interrupt inside a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Where its line stands.
    pub position: Position,
    /// Where.
    pub point: Point,
    /// Which occurrence.
    pub occurrence: u32,
    /// What.
    pub kind: PlannedKind,
}

/// What interrupts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlannedKind {
    /// The network card with these frames.
    Network(Vec<Arrival>),
    /// The clock, that many times.
    Clock(u32),
}

/// The steps of a script in order. What a recording expects to leave is no step of it; a run that waits as packetdrill does
/// has one for each packet.
///
/// # Errors
/// Lines that cannot be run here (several hosts, wrong orders of ours), or times that go backwards.
pub fn timeline(script: &Script, reading: Reading) -> Result<Vec<Step>, Failure> {
    let mut builder = Builder { waits: reading == Reading::Packetdrill, ..Builder::default() };
    for line in &script.lines {
        match &line.content {
            Content::Event(time, event) => builder.event(line, *time, event)?,
            Content::Annotation(annotation) => builder.annotation(line, annotation)?,
        }
    }
    if let Some((jiffy, position)) = builder.awaited
        && builder.steps.last().is_none_or(|step| step.jiffy < jiffy)
    {
        builder.steps.push(Step { jiffy, time: None, position, action: Action::Wait });
    }
    Ok(builder.steps)
}

#[derive(Default)]
struct Builder {
    steps: Vec<Step>,
    /// Start of the previous line in microseconds.
    now: u64,
    /// Who makes the next call.
    process: u32,
    /// Index of the nearest preceding call.
    call: Option<usize>,
    /// Inbound packets so far.
    packets: u16,
    /// Until when the latest expected packet or return may come.
    awaited: Option<(u64, Position)>,
    /// The run waits for packets and returns itself.
    waits: bool,
    /// The previous line has an absolute time.
    absolute: bool,
    /// packetdrill ends with a line of the script: none behind it counts.
    refused: bool,
    /// A group of frames is open: the jiffy of its first frame once there is one.
    group: Option<Option<u64>>,
}

impl Builder {
    fn event(&mut self, line: &Line, time: Time, event: &ScriptEvent) -> Result<(), Failure> {
        if self.refused {
            return Ok(());
        }
        self.now = match self.start(line.position, time) {
            Ok(now) => now,
            Err(failure) if self.waits => {
                self.refused = true;
                let (jiffy, action) = (self.now / TICK, Action::Refuse(failure.message));
                self.steps.push(Step { jiffy, time: None, position: line.position, action });
                return Ok(());
            }
            Err(failure) => return Err(failure),
        };
        self.absolute = matches!(time, Time::At { base: Base::Script, .. });
        let jiffy = self.now / TICK;
        let action = match event {
            ScriptEvent::Packet(packet) if packet.direction == PacketDirection::Outbound => {
                if self.waits {
                    let action = Action::Expect(packet.clone());
                    self.steps.push(Step { jiffy, time: Some(time), position: line.position, action });
                }
                self.wait(line.position, time);
                return Ok(());
            }
            ScriptEvent::Packet(packet) => {
                self.packets = self.packets.wrapping_add(1);
                let what = Incoming::Packet(packet.clone());
                let arrival = Arrival { position: line.position, identification: self.packets, what };
                self.arrival(jiffy, Some(time), arrival);
                return Ok(());
            }
            ScriptEvent::Call(call) => {
                self.call = Some(self.steps.len());
                self.wait(line.position, time);
                Action::Call { process: std::mem::take(&mut self.process), call: call.clone(), planned: Vec::new() }
            }
            ScriptEvent::Command(text) => command(line.position, text)?,
            ScriptEvent::Code(text) => Action::Skip(Skipped::Code(text.clone())),
        };
        self.group = None;
        self.steps.push(Step { jiffy, time: Some(time), position: line.position, action });
        Ok(())
    }

    /// A script that ends with a packet or a return that it expects is run until then.
    fn wait(&mut self, position: Position, time: Time) {
        let mut until = self.now;
        if let Time::At { start, until: Until::Window(end) | Until::Return(end), .. } = time {
            until = until.saturating_add(end.saturating_sub(start));
        }
        let jiffy = until / TICK;
        if !self.waits && self.awaited.is_none_or(|(latest, _)| latest < jiffy) {
            self.awaited = Some((jiffy, position));
        }
    }

    fn start(&self, position: Position, time: Time) -> Result<u64, Failure> {
        let Time::At { base, start, .. } = time else { return Ok(self.now) };
        let at = match base {
            Base::Previous => self.now.saturating_add(start),
            Base::Script => start,
        };
        // A run that waits knows only then when the line before was.
        if at < self.now && self.waits && !self.absolute {
            return Ok(self.now);
        }
        if at < self.now {
            return Err(Failure::new(
                position,
                format!("time goes back: this line is at {at} us, the one before it at {} us", self.now),
                format!("时间倒退：上一行为 {} 微秒，此行为 {at} 微秒", self.now),
            ));
        }
        Ok(at)
    }

    /// A frame joins the open group if it comes first or at the same time, else it arrives by itself.
    fn arrival(&mut self, jiffy: u64, time: Option<Time>, arrival: Arrival) {
        let joins = match self.group {
            None => false,
            Some(None) => true,
            Some(Some(first)) => first == jiffy,
        };
        if joins && let Some(frames) = self.open_group() {
            let position = arrival.position;
            frames.push(arrival);
            self.group = Some(Some(jiffy));
            if self.waits {
                self.steps.push(Step { jiffy, time, position, action: Action::Elapse });
            }
            return;
        }
        self.group = None;
        self.steps.push(Step { jiffy, time, position: arrival.position, action: Action::Arrival(arrival) });
    }

    fn planned(&mut self) -> Option<&mut Vec<Planned>> {
        match self.call.and_then(|index| self.steps.get_mut(index)).map(|step| &mut step.action) {
            Some(Action::Call { planned, .. }) => Some(planned),
            _ => None,
        }
    }

    fn open_group(&mut self) -> Option<&mut Vec<Arrival>> {
        match self.planned()?.last_mut().map(|planned| &mut planned.kind) {
            Some(PlannedKind::Network(frames)) => Some(frames),
            _ => None,
        }
    }

    fn annotation(&mut self, line: &Line, annotation: &Annotation) -> Result<(), Failure> {
        match annotation {
            Annotation::Interrupt { point, occurrence } => {
                self.plan(line.position, point, *occurrence, PlannedKind::Network(Vec::new()))?;
                self.group = Some(None);
            }
            Annotation::Tick { point, occurrence, count } => {
                self.plan(line.position, point, *occurrence, PlannedKind::Clock(*count))?;
                self.group = None;
            }
            Annotation::End => self.group = None,
            Annotation::ArpRequest { sender, target } => {
                let what = Incoming::ArpRequest(*sender, *target);
                self.arrival(self.now / TICK, None, Arrival { position: line.position, identification: 0, what });
            }
            Annotation::Process(process) if *process > LAST_PROCESS => {
                return Err(Failure::new(
                    line.position,
                    format!("a scene with one host has the processes 0 to {LAST_PROCESS}"),
                    format!("单主机场景只有进程 0 到 {LAST_PROCESS}"),
                ));
            }
            Annotation::Process(process) => self.process = *process,
            Annotation::Trace => {
                let jiffy = self.now / TICK;
                self.steps.push(Step { jiffy, time: None, position: line.position, action: Action::Trace });
            }
            Annotation::ArpOut(_) => {}
            Annotation::Mark(_) | Annotation::Assert(_) => {}
            Annotation::Host(_)
            | Annotation::Wire(_)
            | Annotation::On(_)
            | Annotation::Program { .. }
            | Annotation::Frame { .. } => {
                return Err(Failure::new(
                    line.position,
                    "a scene with several hosts is run by the laboratory",
                    "多主机的场景由实验室运行",
                ));
            }
        }
        Ok(())
    }

    fn plan(&mut self, position: Position, point: &Point, occurrence: u32, kind: PlannedKind) -> Result<(), Failure> {
        let planned = Planned { position, point: point.clone(), occurrence, kind };
        match self.planned() {
            Some(list) => {
                list.push(planned);
                Ok(())
            }
            None => Err(Failure::new(
                position,
                "an interrupt inside a call needs a call line before it",
                "调用内的中断之前必须有一行系统调用",
            )),
        }
    }
}

fn command(position: Position, text: &str) -> Result<Action, Failure> {
    if is_autoack(text) {
        return AutoackOrders::read(text.trim().strip_prefix("autoack").unwrap_or_default())
            .map(Action::Autoack)
            .ok_or_else(|| {
                Failure::new(
                    position,
                    "the model peer is `autoack DELAY_MS WIN SEQ [every N] [drop a,b]`",
                    "模型对端的写法是 `autoack 毫秒 窗口 序号 [every N] [drop a,b]`",
                )
            });
    }
    let mut words = text.split_whitespace();
    Ok(match (words.next(), words.next().map(str::parse::<u16>), words.next()) {
        (Some("true"), None, None) => Action::Nothing(text.to_owned()),
        (Some("signal"), Some(Ok(number)), None) => Action::Signal { number: i32::from(number), text: text.to_owned() },
        (Some("dev_mtu"), Some(Ok(mtu)), None) => Action::DeviceMtu { mtu, text: text.to_owned() },
        _ => Action::Skip(Skipped::Command(text.to_owned())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::script::parse;

    fn steps(text: &str) -> Vec<Step> {
        timeline(&parse(text).unwrap(), Reading::Recorded).unwrap()
    }

    #[test]
    fn times_count_from_the_start_of_the_previous_line_outbound_ones_included() {
        let steps = steps("+0.10...5 accept(3, ..., ...) = 4\n+0.20 > . 1:1(0)\n+0.05 < . 1:1(0)\n2.00 close(3) = 0");
        assert_eq!(steps.iter().map(|step| step.jiffy).collect::<Vec<_>>(), [10, 35, 200, 500]);
        assert_eq!(steps[3].action, Action::Wait, "the accept is given until it should return");
        let back = parse("1 close(3) = 0\n0.5 close(3) = 0").unwrap();
        assert!(timeline(&back, Reading::Recorded).is_err());
        let steps = timeline(&back, Reading::Packetdrill).unwrap();
        assert!(
            matches!(steps.as_slice(), [_, Step { action: Action::Refuse(_), .. }]),
            "found when its turn has come"
        );
    }

    #[test]
    fn a_group_takes_the_frames_of_its_moment() {
        let steps = steps(
            "//@ pid 1\n+0 read(3, ..., 9) = 9\n//@ tick memcpy_tofs 1 1\n//@ irq memcpy_tofs 1\n+0.01 < . 1:1(0)\n\
             +0 > . 1:1(0)\n+0 < . 2:2(0)\n//@ end\n+0 < . 3:3(0)\n+0 close(3) = 0",
        );
        let Action::Call { process: 1, planned, .. } = &steps[0].action else { panic!("{steps:?}") };
        assert_eq!(planned[0].kind, PlannedKind::Clock(1));
        let PlannedKind::Network(frames) = &planned[1].kind else { panic!() };
        assert_eq!(frames.len(), 2);
        assert!(matches!(steps[1].action, Action::Arrival(_)));
        assert!(matches!(steps[2].action, Action::Call { process: 0, .. }), "a pid line counts for one call");
    }
}
