//! What the script said and what happened, line by line. Golden scripts say everything and are held to everything;
//! what a looser script leaves open (a window, a range of times, `<...>`) is not looked at.

use super::run::Run;
use crate::include::seq::TICK;
use crate::lab::script::Script;
use crate::lab::script::annotation::Annotation;
use crate::lab::script::ast::{
    Argument, Base, Body, Call, Content, Direction, Event, Outcome, Packet, Position, TcpOptions, Time, Until,
};
use crate::lab::script::error::Message;

/// At most this many differences are reported of one script.
const MOST_DIFFERENCES: usize = 8;

/// A place where a run differs from its script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where in the script.
    pub position: Position,
    /// What differs.
    pub message: Message,
    /// The line of the script with its time, if it has one.
    pub script_line: Option<String>,
    /// The line of what happened with its time, if it did.
    pub actual_line: Option<String>,
}

/// A line with absolute times in microseconds.
struct Timed<'a> {
    content: &'a Content,
    position: Position,
    start: u64,
    latest: Option<u64>,
    any_time: bool,
    end: Option<u64>,
}

/// Where a run differs from its script, in order; empty if it does not.
#[must_use]
pub fn compare(script: &Script, run: &Run) -> Vec<Difference> {
    let expected = expected_lines(script);
    let actual: Vec<Timed<'_>> = actual_lines(run);
    let mut differences = Vec::new();
    let mut last = Position { line: 1, column: 1 };
    let mut ours = actual.iter();
    for line in &expected {
        if differences.len() >= MOST_DIFFERENCES {
            return differences;
        }
        last = line.position;
        let Some(other) = ours.next() else {
            differences.push(missing(line));
            return differences;
        };
        if !same_kind(line.content, other.content) {
            differences.push(out_of_order(line, other));
            return differences;
        }
        differences.extend(difference(line, other));
    }
    if let Some(extra) = ours.next() {
        differences.push(unexpected(last, extra));
    }
    differences
}

/// Lines that are compared: events, and the interrupts inside calls.
fn is_compared(content: &Content) -> bool {
    match content {
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
            out.push(Timed { content: &line.content, position: line.position, start: now, latest, any_time, end });
        }
    }
    out
}

fn actual_lines(run: &Run) -> Vec<Timed<'_>> {
    let microseconds = |jiffy: i64| u64::try_from(jiffy).unwrap_or(0) * TICK;
    let lines = run.script.lines.iter().zip(&run.times).filter(|(line, _)| is_compared(&line.content));
    lines
        .map(|(line, (start, end))| Timed {
            content: &line.content,
            position: line.position,
            start: microseconds(*start),
            latest: None,
            any_time: false,
            end: end.map(microseconds),
        })
        .collect()
}

/// What the lines are about: if this differs, everything after would differ too.
fn same_kind(expected: &Content, actual: &Content) -> bool {
    match (expected, actual) {
        (Content::Event(_, Event::Call(a)), Content::Event(_, Event::Call(b))) => a.name == b.name,
        (Content::Event(_, Event::Packet(a)), Content::Event(_, Event::Packet(b))) => a.direction == b.direction,
        (Content::Event(_, Event::Command(a)), Content::Event(_, Event::Command(b))) => a == b,
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

fn report(expected: &Timed<'_>, actual: Option<&Timed<'_>>, english: String, chinese: String) -> Difference {
    Difference {
        position: expected.position,
        message: Message { english, chinese },
        script_line: Some(shown(expected)),
        actual_line: actual.map(shown),
    }
}

fn missing(line: &Timed<'_>) -> Difference {
    let (english, chinese) = match line.content {
        Content::Event(_, Event::Packet(_)) => {
            ("error handling packet: Timed out waiting for packet", "处理报文出错:等待报文超时")
        }
        _ => ("the run ended before this line", "运行在此行之前已结束"),
    };
    report(line, None, english.to_owned(), chinese.to_owned())
}

fn out_of_order(line: &Timed<'_>, other: &Timed<'_>) -> Difference {
    let waited =
        matches!(line.content, Content::Event(_, Event::Packet(packet)) if packet.direction == Direction::Outbound);
    let sent =
        matches!(other.content, Content::Event(_, Event::Packet(packet)) if packet.direction == Direction::Outbound);
    let (english, chinese) = if waited && !sent {
        ("error handling packet: Timed out waiting for packet", "处理报文出错:等待报文超时")
    } else if sent {
        ("error handling packet: a packet that the script does not have", "处理报文出错:出现脚本中没有的报文")
    } else {
        ("something else happened here", "此处发生了别的事情")
    };
    report(line, Some(other), english.to_owned(), chinese.to_owned())
}

fn unexpected(position: Position, extra: &Timed<'_>) -> Difference {
    Difference {
        position,
        message: Message {
            english: "error handling packet: something happened after the last line".to_owned(),
            chinese: "处理报文出错:最后一行之后仍有事情发生".to_owned(),
        },
        script_line: None,
        actual_line: Some(shown(extra)),
    }
}

fn difference(expected: &Timed<'_>, actual: &Timed<'_>) -> Option<Difference> {
    let agree = match (expected.content, actual.content) {
        (Content::Event(_, Event::Call(a)), Content::Event(_, Event::Call(b))) => {
            if let Some(text) = call_difference(a, b) {
                return Some(report(expected, Some(actual), text.english, text.chinese));
            }
            true
        }
        (Content::Event(_, Event::Packet(a)), Content::Event(_, Event::Packet(b))) => packets_agree(a, b),
        // Annotations carry no time of their own.
        (Content::Annotation(_), _) => return None,
        _ => true,
    };
    if !agree {
        let (english, chinese) = ("error handling packet: the packets differ", "处理报文出错:报文不同");
        return Some(report(expected, Some(actual), english.to_owned(), chinese.to_owned()));
    }
    time_difference(expected, actual)
}

/// What a call gave back and what the script says it gives back: packetdrill's sentence, if they differ.
#[must_use]
pub fn call_difference(expected: &Call, actual: &Call) -> Option<Message> {
    let values = || {
        (expected.arguments != actual.arguments && expected.outcome.is_some()).then(|| Message {
            english: "runtime error: the values that came back differ".to_owned(),
            chinese: "运行时错误:返回的值不同".to_owned(),
        })
    };
    result_difference(expected, actual).or_else(values)
}

/// packetdrill's sentence about a result, if the results differ.
fn result_difference(expected: &Call, actual: &Call) -> Option<Message> {
    let wanted = expected.outcome.as_ref().filter(|outcome| **outcome != Outcome::Any)?;
    let name = &expected.name;
    let Some(got) = &actual.outcome else {
        return Some(Message {
            english: format!("runtime error in {name} call: the call never returned"),
            chinese: format!("{name} 调用运行时错误:调用一直没有返回"),
        });
    };
    if plain(wanted) == plain(got) {
        return None;
    }
    Some(Message {
        english: format!("runtime error in {name} call: Expected result {wanted} but got {got}"),
        chinese: format!("{name} 调用运行时错误:期望结果 {wanted},实际为 {got}"),
    })
}

/// What of a result is compared: the number, the name of the error, the sets; not the words in parentheses.
#[derive(PartialEq)]
struct PlainResult<'a> {
    value: i64,
    error: Option<&'a str>,
    written: Option<&'a [Argument]>,
}

/// The compared part of a result; None where anything will do.
fn plain(outcome: &Outcome) -> Option<PlainResult<'_>> {
    match outcome {
        Outcome::Any => None,
        Outcome::Value { value, error, written, .. } => {
            Some(PlainResult { value: value.value, error: error.as_deref(), written: written.as_deref() })
        }
    }
}

fn packets_agree(expected: &Packet, actual: &Packet) -> bool {
    if expected.direction == Direction::Inbound {
        return expected == actual;
    }
    let mut wanted = expected.clone();
    if let (Body::Tcp(wanted), Body::Tcp(actual)) = (&mut wanted.body, &actual.body) {
        wanted.flags.written.clone_from(&actual.flags.written);
        if wanted.flags.bits != actual.flags.bits {
            return false;
        }
        if wanted.window.is_none() {
            wanted.window = actual.window;
        }
        if wanted.options == TcpOptions::Any {
            wanted.options.clone_from(&actual.options);
        }
    }
    if wanted.addresses.is_some() {
        wanted.addresses = actual.addresses;
    }
    wanted == *actual
}

fn time_difference(expected: &Timed<'_>, actual: &Timed<'_>) -> Option<Difference> {
    // The stack's clock ticks every 10 ms: a time between two ticks means the tick before.
    let jiffy = |time: u64| time / TICK;
    let late = expected.latest.unwrap_or(expected.start);
    let in_time = expected.any_time || (jiffy(expected.start)..=jiffy(late)).contains(&jiffy(actual.start));
    let seconds = |time: u64| format!("{}.{:06}", time / 1_000_000, time % 1_000_000);
    if !in_time {
        let (wanted, got) = (seconds(expected.start), seconds(actual.start));
        let english = format!("timing error: expected at {wanted} sec but happened at {got} sec");
        return Some(report(expected, Some(actual), english, format!("时间错误:期望在 {wanted} 秒,实际在 {got} 秒")));
    }
    if expected.end.map(jiffy) != actual.end.map(jiffy) {
        let show = |end: Option<u64>| end.map_or_else(|| seconds(actual.start), seconds);
        let (wanted, got) = (show(expected.end), show(actual.end));
        let english = format!("timing error: expected the call to return at {wanted} sec but it returned at {got} sec");
        return Some(report(
            expected,
            Some(actual),
            english,
            format!("时间错误:期望调用在 {wanted} 秒返回,实际在 {got} 秒"),
        ));
    }
    None
}
