//! Whether a line of the script and what happened say the same: results and values of calls, and packets, each in the
//! terms of the language (`[ECONNRESET]` is `[104]`, usual ports may be written or left out).

use super::calls::integer;
use super::inbound;
use super::outbound::usual_ttl;
use super::run::Run;
use crate::lab::script::ast::{
    Argument, Body, Call, CallOutcome, IpInformation, Packet, PacketDirection, Ports, TcpOptions,
};
use crate::lab::script::errno;
use crate::words::Words;

/// What the silence of a script about the IP header means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderChecks {
    /// The script stands beside a recording: what it does not say is as usual (time to live 64, of ICMP 255; no type
    /// of service).
    All,
    /// As in packetdrill: what it does not say is not looked at.
    Written,
}

/// What a call gave back and what the script says it gives back: packetdrill's sentence, if they differ.
#[must_use]
pub fn call_difference(expected: &Call, actual: &Call) -> Option<Words<String>> {
    let values = || {
        let same = expected.arguments.len() == actual.arguments.len()
            && expected.arguments.iter().zip(&actual.arguments).all(|(a, b)| same_argument(a, b));
        (!same && expected.outcome.is_some()).then(|| Words {
            en: "runtime error: the values that came back differ".to_owned(),
            zh: "运行时错误：返回的值不同".to_owned(),
        })
    };
    result_difference(expected, actual).or_else(values)
}

/// Whether two arguments mean the same, however they are written: `[ECONNRESET]` is `[104]`.
fn same_argument(expected: &Argument, actual: &Argument) -> bool {
    let all = |a: &[Argument], b: &[Argument]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_argument(a, b));
    match (expected, actual) {
        (Argument::List(a), Argument::List(b)) | (Argument::Group(a), Argument::Group(b)) => all(a, b),
        (Argument::Function(name, a), Argument::Function(other, b)) => name == other && all(a, b),
        (Argument::Record(a), Argument::Record(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.name == b.name && same_argument(&a.value, &b.value))
        }
        // In the place of a value it says: anything.
        (Argument::Ellipsis, _) => true,
        _ => expected == actual || integer(expected).is_some_and(|value| integer(actual) == Some(value)),
    }
}

/// packetdrill's sentence about a result, if the results differ.
fn result_difference(expected: &Call, actual: &Call) -> Option<Words<String>> {
    let wanted = expected.outcome.as_ref().filter(|outcome| **outcome != CallOutcome::Any)?;
    let name = &expected.name;
    let Some(got) = &actual.outcome else {
        return Some(Words {
            en: format!("runtime error in {name} call: the call never returned"),
            zh: format!("{name} 调用运行时错误：调用一直没有返回"),
        });
    };
    let (expects, mut gave) = (plain(wanted), plain(got));
    if let (Some(PlainResult { error: None, .. }), Some(gave)) = (&expects, &mut gave) {
        // `-1` alone: any error will do.
        gave.error = None;
    }
    if expects == gave {
        return None;
    }
    Some(Words {
        en: format!("runtime error in {name} call: Expected result {wanted} but got {got}"),
        zh: format!("{name} 调用运行时错误：期望结果 {wanted}，实际为 {got}"),
    })
}

/// What of a result is compared: the number, the name of the error, the sets; not the words in parentheses.
#[derive(PartialEq)]
struct PlainResult<'a> {
    value: i64,
    /// The name of the error, and its number where the name is known: EWOULDBLOCK is EAGAIN.
    error: Option<Result<i32, &'a str>>,
    written: Option<&'a [Argument]>,
}

/// The compared part of a result; None where anything will do.
fn plain(outcome: &CallOutcome) -> Option<PlainResult<'_>> {
    match outcome {
        CallOutcome::Any => None,
        CallOutcome::Value { value, error, written, .. } => {
            let error = error.as_deref().map(|name| errno::number(name).ok_or(name));
            Some(PlainResult { value: value.value, error, written: written.as_deref() })
        }
    }
}

pub(super) fn packets_agree(expected: &Packet, actual: &Packet, run: &Run, checks: HeaderChecks) -> bool {
    if expected.direction == PacketDirection::Inbound {
        return expected == actual;
    }
    let mut wanted = expected.clone();
    // What is usual is left out of what happened; a script may say it.
    let usual = |ports: &mut Option<Ports>| {
        if *ports == Some(run.flow.ports_out()) {
            *ports = None;
        }
    };
    match (&mut wanted.body, &actual.body) {
        (Body::Tcp(wanted), Body::Tcp(actual)) => {
            wanted.flags.written.clone_from(&actual.flags.written);
            if wanted.window.is_none() {
                wanted.window = actual.window;
            }
            if wanted.options == TcpOptions::Any {
                wanted.options.clone_from(&actual.options);
            }
            usual(&mut wanted.ports);
        }
        (Body::Udp { ports, .. }, Body::Udp { .. }) => usual(ports),
        _ => {}
    }
    wanted.ip = remarks(expected.ip, actual, checks);
    if wanted.addresses.is_some() {
        wanted.addresses = actual.addresses;
    }
    wanted == *actual
}

/// What a line says about the IP header, in the form in which it would be said of `actual`: what is usual is left out.
fn remarks(expected: IpInformation, actual: &Packet, checks: HeaderChecks) -> IpInformation {
    let silent = |written: Option<u8>, usual: u8, actual: Option<u8>| match (written, checks) {
        (Some(value), _) => (value != usual).then_some(value),
        (None, HeaderChecks::All) => None,
        (None, HeaderChecks::Written) => actual,
    };
    let congestion = expected.congestion.map(inbound::congestion_bits);
    let tos = match (expected.tos, congestion) {
        (None, None) => None,
        (tos, bits) => Some(tos.unwrap_or(0) | bits.unwrap_or(0)),
    };
    IpInformation {
        tos: silent(tos, 0, actual.ip.tos),
        ttl: silent(expected.ttl, usual_ttl(&actual.body), actual.ip.ttl),
        congestion: None,
    }
}
