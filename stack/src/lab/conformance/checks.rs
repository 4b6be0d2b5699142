//! What packetdrill looks at while a script runs: when a line may happen, which packet it waits for, whether that packet and
//! what a call gave back are as the line says. Objections are kept in the order in which they come up.
//!
//! Promise: nothing here changes the kernel; a line that is not met changes only when the lines after it happen, as it would
//! in packetdrill, which counts `+D` from what really happened.

use std::collections::VecDeque;

use super::agreement::call_difference;
use super::departure::Departure;
use super::difference::{Difference, Subject};
use super::fields::{self, dump};
use super::flow::{Flow, Flows};
use super::glue::{self, Glued};
use super::reading::{Reading, Tolerance};
use super::run::Judgement;
use super::sockets::Leaving;
use crate::lab::script::Position;
use crate::lab::script::ast::{Base, Body, Call, Packet, Ports, Segment, Time, Until};
use crate::wire::tcp;
use crate::words::Words;

/// At most this many objections are kept of one script.
const MOST_OBJECTIONS: usize = 8;
/// At most this many warnings.
const MOST_WARNINGS: usize = 100;
/// How long packetdrill waits for a packet beyond its time, in microseconds.
const PATIENCE: u64 = 2_000_000;
/// For a packet that may come at any time: nothing of the stack takes longer.
const GREATEST_PATIENCE: u64 = 5 * 3600 * 1_000_000;

/// When a line should happen, in microseconds since script time 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    /// At the earliest.
    pub(super) start: u64,
    /// At the latest, for a packet; when it returns, for a call that is given a time for that.
    pub(super) end: Option<u64>,
    /// At any time.
    pub(super) any: bool,
    /// The script time since the line before.
    pub(super) gap: u64,
    /// Where `+` counts from, if it is written.
    base: Option<u64>,
}

/// A call that a line makes.
#[derive(Clone, Debug)]
pub(super) struct Awaited {
    pub(super) position: Position,
    pub(super) call: Call,
    pub(super) moment: Moment,
    /// When it was made.
    pub(super) made: u64,
}

/// What has been looked at so far.
pub(super) struct Checks {
    tolerance: Tolerance,
    /// A line stands for one segment, however long it is.
    strict_segments: bool,
    /// A packet that is not as its line says is only warned of.
    packets_only_warn: bool,
    /// What `+D` counts from.
    base: u64,
    /// The script time of the line before.
    previous: u64,
    departed: VecDeque<Departure>,
    objections: Vec<Difference>,
    warnings: Vec<Difference>,
    /// The death of the kernel, and the calls that never returned because of it.
    end: Vec<Difference>,
    /// packetdrill would have ended: the lines that follow happen at their script times and are not looked at.
    over: bool,
}

impl Checks {
    pub(super) fn new(tolerance: Tolerance, strict_segments: bool, packets_only_warn: bool) -> Self {
        Checks {
            tolerance,
            strict_segments,
            packets_only_warn,
            base: 0,
            previous: 0,
            departed: VecDeque::new(),
            objections: Vec::new(),
            warnings: Vec::new(),
            end: Vec::new(),
            over: false,
        }
    }

    /// When a line should happen.
    pub(super) fn moment(&self, time: Option<Time>) -> Moment {
        let (base, start, until) = match time {
            Some(Time::At { base: Base::Script, start, until }) => (0, start, until),
            Some(Time::At { base: Base::Previous, start, until }) => (self.base, start, until),
            Some(Time::Any) | None => (self.base, 0, Until::Unspecified),
        };
        let from = |offset: u64| base.saturating_add(offset);
        let end = match until {
            Until::Unspecified => None,
            Until::Return(end) | Until::Window(end) => Some(from(end)),
        };
        Moment {
            start: from(start),
            end,
            any: time == Some(Time::Any),
            gap: from(start).saturating_sub(self.previous),
            base: matches!(time, Some(Time::At { base: Base::Previous, .. })).then_some(base),
        }
    }

    /// A line has had its turn: the next one counts from when it happened, and its gap from when it should have.
    pub(super) fn turn_over(&mut self, moment: &Moment, happened: u64) {
        self.base = happened;
        self.previous = moment.start;
    }

    /// Until when a line waits for its packet.
    pub(super) fn patience(&self, moment: &Moment, now: u64) -> u64 {
        if moment.any {
            return now.saturating_add(GREATEST_PATIENCE);
        }
        let window = moment.end.unwrap_or(moment.start).saturating_sub(moment.start);
        now.max(moment.start).saturating_add(window).saturating_add(PATIENCE)
    }

    pub(super) fn departs(&mut self, departure: Departure) {
        self.departed.push_back(departure);
    }

    /// The next packet that the line can mean: one of its kind and its flow, or one that the socket under test `adopts`.
    pub(super) fn take(
        &mut self,
        expected: &Packet,
        flows: &Flows,
        adopts: impl Fn(Leaving) -> bool,
    ) -> Option<Departure> {
        let wanted = flow_of(expected, flows);
        let own = !fields::writes_ports(&expected.body);
        let concerns = |departure: &Departure| {
            core::mem::discriminant(&departure.packet.body) == core::mem::discriminant(&expected.body)
                && (departure.flow == wanted || own && departure.leaving().is_some_and(&adopts))
        };
        let place = self.departed.iter().position(concerns)?;
        self.departed.remove(place)
    }

    /// Whether SYN and ACK of a connection have left that no line has asked for.
    pub(super) fn has_shaken_hands_unasked(&self) -> bool {
        let answers = |segment: &Segment| segment.flags.bits & (tcp::SYN | tcp::ACK) == tcp::SYN | tcp::ACK;
        self.departed.iter().any(|one| matches!(&one.packet.body, Body::Tcp(segment) if answers(segment)))
    }

    /// Whether the packet is the beginning of what the line expects, so that more has to follow.
    fn wants_more(&self, expected: &Packet, departure: &Departure) -> bool {
        let (wanted, got) = (&expected.body, &departure.packet.body);
        let begins = match (wanted, got) {
            (Body::Tcp(wanted), Body::Tcp(got)) => got.sequence.start == wanted.sequence.start,
            _ => true,
        };
        !self.strict_segments && begins && fields::length(got) < fields::length(wanted)
    }

    /// As in packetdrill one line may stand for several packets: those that have left join, until nothing is missing.
    pub(super) fn complete(&mut self, expected: &Packet, whole: &mut Departure, flows: &Flows) -> Glued {
        while self.wants_more(expected, whole) {
            match self.glue(expected, whole, flows) {
                Glued::Joined => {}
                other => return other,
            }
        }
        Glued::Joined
    }

    /// The next packet of the flow joins.
    fn glue(&mut self, expected: &Packet, whole: &mut Departure, flows: &Flows) -> Glued {
        let same = |next: &Departure| {
            next.flow == whole.flow
                && core::mem::discriminant(&next.packet.body) == core::mem::discriminant(&whole.packet.body)
        };
        let next = self.departed.iter().position(same).and_then(|place| self.departed.remove(place));
        next.map_or(Glued::Nothing, |mut next| {
            next.tell_again(flows);
            glue::join(expected, whole, next)
        })
    }

    /// A packet does not continue those before it: packetdrill ends with it.
    pub(super) fn does_not_continue(
        &mut self,
        position: Position,
        moment: &Moment,
        expected: &Packet,
        (words, next): &(Words<String>, Departure),
    ) {
        let Words { en, zh } = words;
        let message = Words { en: format!("error handling packet: {en}"), zh: format!("处理报文出错：{zh}") };
        self.object(packet_shown(position, message, (moment.start, expected), next));
    }

    /// The packet is there: is it what the line says, and in time?
    pub(super) fn packet(&mut self, position: Position, moment: &Moment, expected: &Packet, departure: &Departure) {
        let wrong = fields::difference(expected, &departure.packet, &departure.header, departure.piece)
            .or_else(|| self.late(moment, departure.time, PACKET));
        let Some(words) = wrong else { return };
        // packetdrill has no mercy on a packet of another length.
        let warns = self.packets_only_warn && fields::payload(&expected.body, &departure.packet.body).is_none();
        let (english, chinese) = if warns {
            ("warning handling packet", "处理报文警告")
        } else {
            ("error handling packet", "处理报文出错")
        };
        let message = Words { en: format!("{english}: {}", words.en), zh: format!("{chinese}：{}", words.zh) };
        let difference = packet_shown(position, message, (moment.start, expected), departure);
        if !warns {
            self.object(difference);
        } else if !self.over && self.warnings.len() < MOST_WARNINGS {
            self.warnings.push(difference);
        }
    }

    /// No packet came that the line could mean; what left instead, if anything, is shown.
    pub(super) fn missing(&self, position: Position, moment: &Moment, expected: &Packet) -> Difference {
        Difference {
            position,
            message: Words {
                en: "error handling packet: Timed out waiting for packet".to_owned(),
                zh: "处理报文出错：等待报文超时".to_owned(),
            },
            script_line: Some(dump(moment.start, expected)),
            actual_line: self.departed.front().map(|departure| dump(departure.time, &beside(expected, departure))),
            subject: Subject::Packet,
        }
    }

    /// packetdrill would end here.
    pub(super) fn end_with(&mut self, difference: Difference) {
        self.object(difference);
        self.over = true;
    }

    pub(super) fn is_over(&self) -> bool {
        self.over
    }

    /// Whether something was not as the script says.
    pub(super) fn has_objected(&self) -> bool {
        self.over || !self.objections.is_empty()
    }

    /// Whether a line that is no packet of the stack begins in time.
    pub(super) fn begins(&mut self, position: Position, moment: &Moment, now: u64, what: What) {
        if let Some(words) = self.late(moment, now, what) {
            self.object(Difference::at(position, words));
        }
    }

    /// A call came back, as `actual`.
    pub(super) fn returned(&mut self, awaited: &Awaited, actual: &Call, now: u64) {
        let Awaited { position, call, moment, made } = awaited;
        let wanted = moment.end.unwrap_or(*made);
        let gap = wanted.saturating_sub(moment.start).max(moment.gap);
        let timing = || self.timing(wanted, wanted, now, self.tolerance.after(gap), RETURN);
        let Some(message) = call_difference(call, actual).or_else(timing) else { return };
        self.object(call_shown(*position, message, (moment.start, call), (now, actual)));
    }

    /// The kernel has died, and these calls never come back.
    pub(super) fn dies(&mut self, death: Difference, awaited: impl Iterator<Item = Awaited>) {
        if self.over {
            return;
        }
        self.end.push(death);
        for Awaited { position, call, moment, made } in awaited {
            let actual = Call { outcome: None, ..call.clone() };
            let Some(message) = call_difference(&call, &actual) else { continue };
            self.end.push(call_shown(position, message, (moment.start, &call), (made, &actual)));
        }
    }

    /// How late something may be that stands at that moment, the line before it last.
    pub(super) fn allowance(&self, moment: u64) -> u64 {
        self.tolerance.after(moment.saturating_sub(self.previous))
    }

    /// Something else is not as the script says.
    pub(super) fn object(&mut self, difference: Difference) {
        if !self.over && self.objections.len() < MOST_OBJECTIONS {
            self.objections.push(difference);
        }
    }

    fn late(&self, moment: &Moment, happened: u64, what: What) -> Option<Words<String>> {
        let tolerance = self.tolerance.after(moment.gap);
        let window = moment.end.filter(|_| what == PACKET);
        let end = window.unwrap_or(moment.start);
        let in_time = (moment.start.saturating_sub(tolerance)..=end.saturating_add(tolerance)).contains(&happened);
        if moment.any || in_time {
            return None;
        }
        if window.is_none() {
            return self.timing(moment.start, end, happened, tolerance, what);
        }
        let (sign, base) = if moment.base.is_some() { ("+", moment.base.unwrap_or(0)) } else { ("", 0) };
        let at = |time: u64| seconds(time.saturating_sub(base));
        let (from, to, got) = (at(moment.start), at(end), at(happened));
        let relative = if moment.base.is_some() { "relative time range" } else { "time range" };
        Some(Words {
            en: format!(
                "timing error: expected {} in {relative} {sign}{from}~{sign}{to} sec but happened at {sign}{got} sec; tolerance {} sec",
                what.en,
                seconds(tolerance)
            ),
            zh: format!(
                "时间错误：期望{}在 {sign}{from}~{sign}{to} 秒之间，实际在 {sign}{got} 秒；容差 {} 秒",
                what.zh,
                seconds(tolerance)
            ),
        })
    }

    fn timing(&self, from: u64, to: u64, happened: u64, tolerance: u64, what: What) -> Option<Words<String>> {
        let in_time = (from.saturating_sub(tolerance)..=to.saturating_add(tolerance)).contains(&happened);
        let (wanted, got, tolerance) = (seconds(from), seconds(happened), seconds(tolerance));
        (!in_time).then(|| Words {
            en: format!(
                "timing error: expected {} at {wanted} sec but happened at {got} sec; tolerance {tolerance} sec",
                what.en
            ),
            zh: format!("时间错误：期望{}在 {wanted} 秒，实际在 {got} 秒；容差 {tolerance} 秒", what.zh),
        })
    }

    /// What was found.
    pub(super) fn finish(self, reading: Reading, names: bool) -> Judgement {
        let beside =
            self.departed.iter().map(|departure| dump(departure.time, &departure.packet).trim_start().to_owned());
        let (beside, mut objections) = (beside.collect(), self.objections);
        objections.sort_by_key(|objection| objection.position);
        objections.extend(self.end);
        Judgement { reading, objections, warnings: self.warnings, beside, names }
    }
}

/// A packet that stands beside a line that is not about it: where that writes ports, so does this.
fn beside(expected: &Packet, departure: &Departure) -> Packet {
    let writes = fields::writes_ports(&expected.body);
    let mut packet = departure.packet.clone();
    if let (true, Some(flow)) = (writes, departure.flow)
        && let Body::Tcp(Segment { ports, .. }) | Body::Udp { ports, .. } = &mut packet.body
    {
        *ports = Some(flow.ports_out());
    }
    packet
}

/// What is wrong with a packet, with its line and its time, and what it was.
fn packet_shown(
    position: Position,
    message: Words<String>,
    (start, expected): (u64, &Packet),
    actual: &Departure,
) -> Difference {
    Difference {
        position,
        message,
        script_line: Some(dump(start, expected)),
        actual_line: Some(dump(actual.time, &actual.packet)),
        subject: Subject::Packet,
    }
}

/// What is wrong with a call, with its line and what it was, each with its time.
fn call_shown(position: Position, message: Words<String>, script: (u64, &Call), actual: (u64, &Call)) -> Difference {
    let line = |(time, call): (u64, &Call)| Some(format!("{} {call}", seconds(time)));
    Difference { position, message, script_line: line(script), actual_line: line(actual), subject: Subject::Call }
}

/// What happens at a time, in packetdrill's words.
type What = Words;
const PACKET: What = Words::new("outbound packet", "发出的报文");
pub(super) const INBOUND: What = Words::new("inbound packet", "送入的报文");
pub(super) const CALL: What = Words::new("system call start", "系统调用的开始");
pub(super) const COMMAND: What = Words::new("command", "命令");
const RETURN: What = Words::new("system call return", "系统调用的返回");

/// Microseconds as seconds.
pub(super) fn seconds(time: u64) -> String {
    format!("{}.{:06}", time / 1_000_000, time % 1_000_000)
}

/// The flow of a packet of the stack, or that a line for one means.
pub(super) fn flow_of(packet: &Packet, flows: &Flows) -> Option<Flow> {
    let out = |ports: Option<Ports>, usual: Flow| Some(ports.map_or(usual, Flow::outbound));
    match &packet.body {
        Body::Tcp(segment) => out(segment.ports, flows.default),
        Body::Udp { ports, .. } => out(*ports, flows.datagrams),
        Body::Icmp(_) | Body::Fragment { .. } => None,
    }
}
