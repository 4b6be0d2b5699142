//! What a script that stands beside a recording said and what happened, line by line: it says everything and is held to
//! everything. What packetdrill makes of a looser script is found out while it runs (`checks`).

use super::agreement::{call_difference, packets_agree};
use super::autoack::is_autoack;
use super::difference::{Difference, Subject};
use super::flow::Flow;
use super::reading::Reading;
use super::run::Run;
use crate::include::seq::TICK;
use crate::lab::script::Position;
use crate::lab::script::Script;
use crate::lab::script::annotation::Annotation;
use crate::lab::script::ast::{Base, Call, Content, PacketDirection, ScriptEvent, Time, Until};
use crate::words::Words;

/// At most this many differences are reported of one script.
const MOST_DIFFERENCES: usize = 8;

/// A line with absolute times in microseconds.
#[derive(Clone, Copy)]
struct Timed<'a> {
    content: &'a Content,
    position: Position,
    start: u64,
    latest: Option<u64>,
    any_time: bool,
    end: Option<u64>,
    /// What a line without ports meant then.
    flow: Flow,
}

/// Where a run differs from its script, in order; empty if it does not. A script that was read as packetdrill reads it has
/// been judged while it ran.
#[must_use]
pub fn compare(script: &Script, run: &Run) -> Vec<Difference> {
    if run.reading == Reading::Packetdrill {
        return run.objections.clone();
    }
    let expected = expected_lines(script);
    let actual: Vec<Timed<'_>> = actual_lines(run);
    let mut differences = Vec::new();
    // Told before what did not happen because of it.
    let mut death = run.oops.as_ref().zip(run.died).map(|(oops, line)| Difference::death(line, oops));
    let mut last = Position { line: 1, column: 1 };
    let mut ours = actual.iter();
    for line in &expected {
        if differences.len() >= MOST_DIFFERENCES {
            return differences;
        }
        last = line.position;
        // A recording has the last word about what never came.
        if never_came(line, run) {
            continue;
        }
        let Some(other) = ours.next() else {
            differences.extend(death.take());
            differences.push(missing(line, run));
            return differences;
        };
        if !same_kind(line.content, other.content) {
            differences.extend(death.take());
            differences.push(out_of_order(line, other, run));
            return differences;
        }
        let differs = difference(line, other, run);
        differences.extend(death.take_if(|_| differs.is_some() && has_no_end(other.content)));
        differences.extend(differs);
    }
    if let Some(extra) = ours.next() {
        differences.push(unexpected(last, extra));
    }
    differences
}

/// Lines that are compared: events, and the interrupts inside calls. What sets the model peer up does not happen itself.
fn is_compared(content: &Content) -> bool {
    match content {
        Content::Event(_, ScriptEvent::Command(text)) => !is_autoack(text),
        Content::Event(..) => true,
        Content::Annotation(annotation) => matches!(annotation, Annotation::Interrupt { .. } | Annotation::Tick { .. }),
    }
}

fn expected_lines(script: &Script) -> Vec<Timed<'_>> {
    let mut now: u64 = 0;
    let mut out = Vec::new();
    for line in &script.lines {
        let (mut latest, mut any_time, mut end) = (None, false, None);
        if let Content::Event(time, _) = &line.content {
            match time {
                Time::Any => any_time = true,
                Time::At { base, start, until } => {
                    let from = match base {
                        Base::Previous => now,
                        Base::Script => 0,
                    };
                    now = from.saturating_add(*start);
                    match until {
                        Until::Unspecified => {}
                        Until::Return(at) => end = Some(from.saturating_add(*at)),
                        Until::Window(at) => latest = Some(from.saturating_add(*at)),
                    }
                }
            }
        }
        if is_compared(&line.content) {
            out.push(Timed {
                content: &line.content,
                position: line.position,
                start: now,
                latest,
                any_time,
                end,
                flow: Flow::default(),
            });
        }
    }
    out
}

fn actual_lines(run: &Run) -> Vec<Timed<'_>> {
    let lines = run.script.lines.iter().zip(&run.times).zip(&run.origins).enumerate();
    let happened = |index: usize| !run.never_came.contains(&index);
    lines
        .filter(|(index, ((line, _), origin))| {
            happened(*index) && is_compared(&line.content) && !is_of_model_peer(&line.content, **origin)
        })
        .map(|(index, ((line, (start, end)), _))| Timed {
            content: &line.content,
            position: line.position,
            start: microseconds(*start),
            latest: None,
            any_time: false,
            end: end.map(microseconds),
            flow: run.flows.get(index).copied().unwrap_or_default(),
        })
        .collect()
}

/// Whether a line of the script belongs to an interrupt inside a call that never came.
fn never_came(line: &Timed<'_>, run: &Run) -> bool {
    run.never_came.iter().any(|index| run.origins.get(*index).copied().flatten() == Some(line.position))
}

/// An acknowledgement of the model peer: it comes from no line of the script.
fn is_of_model_peer(content: &Content, origin: Option<Position>) -> bool {
    let inbound = matches!(content, Content::Event(_, ScriptEvent::Packet(packet)) if packet.direction == PacketDirection::Inbound);
    inbound && origin.is_none()
}

/// A call that never came back.
fn has_no_end(content: &Content) -> bool {
    matches!(content, Content::Event(_, ScriptEvent::Call(Call { outcome: None, .. })))
}

/// What the lines are about: if this differs, everything after would differ too.
fn same_kind(expected: &Content, actual: &Content) -> bool {
    match (expected, actual) {
        (Content::Event(_, ScriptEvent::Call(a)), Content::Event(_, ScriptEvent::Call(b))) => a.name == b.name,
        (Content::Event(_, ScriptEvent::Packet(a)), Content::Event(_, ScriptEvent::Packet(b))) => {
            a.direction == b.direction
        }
        (Content::Event(_, ScriptEvent::Command(a)), Content::Event(_, ScriptEvent::Command(b))) => a == b,
        (Content::Annotation(a), Content::Annotation(b)) => a == b,
        _ => false,
    }
}

fn shown(line: &Timed<'_>) -> String {
    let time = format!("{}.{:06}", line.start / 1_000_000, line.start % 1_000_000);
    let end = line.end.map(|end| format!("...{}.{:06}", end / 1_000_000, end % 1_000_000)).unwrap_or_default();
    match line.content {
        Content::Event(_, event) => format!("{time}{end} {event}"),
        Content::Annotation(annotation) => format!("{time} //@ {annotation}"),
    }
}

fn report(expected: &Timed<'_>, actual: Option<&Timed<'_>>, message: Words<String>) -> Difference {
    Difference {
        position: expected.position,
        message,
        script_line: Some(shown(expected)),
        actual_line: actual.map(shown),
        subject: Subject::Line,
    }
}

fn missing(line: &Timed<'_>, run: &Run) -> Difference {
    let words = match line.content {
        Content::Event(_, ScriptEvent::Packet(_)) if run.oops.is_none() => TIMED_OUT,
        Content::Event(_, ScriptEvent::Call(_)) if run.oops.is_none() => STILL_BUSY,
        Content::Annotation(_) => NEVER_REACHED,
        Content::Event(..) => Words::new("the run ended before this line", "运行在此行之前已结束"),
    };
    report(line, None, words.owned())
}

const TIMED_OUT: Words =
    Words::new("error handling packet: Timed out waiting for packet", "处理报文出错：等待报文超时");
const STILL_BUSY: Words = Words::new(
    "this call was never made: its process did not come back from the call before it",
    "此调用没有发出：其进程一直没有从上一个调用返回",
);
pub(super) const NEVER_REACHED: Words = Words::new(
    "this interrupt never came: the call did not reach the point that often",
    "此中断没有发生：调用没有那么多次到达该点",
);

fn out_of_order(line: &Timed<'_>, other: &Timed<'_>, run: &Run) -> Difference {
    let outbound = |content: &Content| matches!(content, Content::Event(_, ScriptEvent::Packet(packet)) if packet.direction == PacketDirection::Outbound);
    let later = run.origins.iter().position(|origin| *origin == Some(line.position));
    let started = later.and_then(|index| run.times.get(index)).map(|(start, _)| *start);
    let words = match (line.content, started) {
        (content, _) if outbound(content) && !outbound(other.content) => TIMED_OUT,
        (Content::Event(_, ScriptEvent::Call(_)), None) if run.oops.is_none() => STILL_BUSY,
        (Content::Event(_, ScriptEvent::Call(_)), Some(start)) if microseconds(start) / TICK > line.start / TICK => {
            let start = microseconds(start);
            let at = format!("{}.{:06}", start / 1_000_000, start % 1_000_000);
            let en = format!("this call was made at {at} sec: its process was in the call before it until then");
            let zh = format!("此调用在 {at} 秒发出：在此之前其进程仍在上一个调用中");
            return report(line, Some(other), Words { en, zh });
        }
        (Content::Annotation(_), None) => NEVER_REACHED,
        _ if outbound(other.content) => Words::new(
            "error handling packet: a packet that the script does not have",
            "处理报文出错：出现脚本中没有的报文",
        ),
        _ => Words::new("something else happened here", "此处发生了别的事情"),
    };
    report(line, Some(other), words.owned())
}

/// A jiffy of a run as time since its start.
fn microseconds(jiffy: i64) -> u64 {
    u64::try_from(jiffy).unwrap_or(0) * TICK
}

fn unexpected(position: Position, extra: &Timed<'_>) -> Difference {
    Difference {
        position,
        message: Words {
            en: "error handling packet: something happened after the last line".to_owned(),
            zh: "处理报文出错：最后一行之后仍有事情发生".to_owned(),
        },
        script_line: None,
        actual_line: Some(shown(extra)),
        subject: Subject::Line,
    }
}

fn difference(expected: &Timed<'_>, actual: &Timed<'_>, run: &Run) -> Option<Difference> {
    let agree = match (expected.content, actual.content) {
        (Content::Event(_, ScriptEvent::Call(a)), Content::Event(_, ScriptEvent::Call(b))) => {
            if let Some(words) = call_difference(a, b) {
                return Some(report(expected, Some(actual), words));
            }
            true
        }
        (Content::Event(_, ScriptEvent::Packet(a)), Content::Event(_, ScriptEvent::Packet(b))) => {
            packets_agree(a, b, actual.flow, run.addresses)
        }
        // Annotations carry no time of their own.
        (Content::Annotation(_), _) => return None,
        _ => true,
    };
    if !agree {
        let words = Words::new("error handling packet: the packets differ", "处理报文出错：报文不同");
        return Some(report(expected, Some(actual), words.owned()));
    }
    time_difference(expected, actual)
}

fn time_difference(expected: &Timed<'_>, actual: &Timed<'_>) -> Option<Difference> {
    // The stack's clock ticks every 10 ms: a time between two ticks means the tick before.
    let jiffy = |time: u64| time / TICK;
    let late = expected.latest.unwrap_or(expected.start);
    let in_time = expected.any_time || (jiffy(expected.start)..=jiffy(late)).contains(&jiffy(actual.start));
    let seconds = |time: u64| format!("{}.{:06}", time / 1_000_000, time % 1_000_000);
    if !in_time {
        let (wanted, got) = (seconds(expected.start), seconds(actual.start));
        let en = format!("timing error: expected at {wanted} sec but happened at {got} sec");
        let zh = format!("时间错误：期望在 {wanted} 秒，实际在 {got} 秒");
        return Some(report(expected, Some(actual), Words { en, zh }));
    }
    let returned = |line: &Timed<'_>| line.end.unwrap_or(actual.start);
    if jiffy(returned(expected)) != jiffy(returned(actual)) {
        let show = |end: Option<u64>| end.map_or_else(|| seconds(actual.start), seconds);
        let (wanted, got) = (show(expected.end), show(actual.end));
        let en = format!("timing error: expected the call to return at {wanted} sec but it returned at {got} sec");
        let zh = format!("时间错误：期望调用在 {wanted} 秒返回，实际在 {got} 秒");
        return Some(report(expected, Some(actual), Words { en, zh }));
    }
    None
}
