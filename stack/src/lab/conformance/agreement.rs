//! Whether a line of the script and what happened say the same: results and values of calls, and packets, each in the
//! terms of the language (`[ECONNRESET]` is `[104]`, usual ports may be written or left out).

use core::net::Ipv4Addr;

use super::arguments::integer;
use super::encapsulation::type_of_service;
use super::flow::Flow;
use super::outbound::usual_ttl;
use crate::lab::script::ast::{
    Argument, Body, Call, CallOutcome, IcmpMessage, IpInformation, Packet, PacketDirection, Quote, Segment, TcpOptions,
};
use crate::lab::script::errno;
use crate::words::Words;

/// What a call gave back and what the script says it gives back: packetdrill's sentence, if they differ.
#[must_use]
pub fn call_difference(expected: &Call, actual: &Call) -> Option<Words<String>> {
    let values = || {
        let pairs = expected.arguments.iter().zip(&actual.arguments).enumerate();
        let (place, (wanted, got)) = pairs.into_iter().find(|(_, (a, b))| !same_argument(a, b))?;
        let (name, place) = (&expected.name, place + 1);
        expected.outcome.is_some().then(|| Words {
            en: format!("runtime error in {name} call: argument {place}: expected {wanted} but got {got}"),
            zh: format!("{name} 调用运行时错误：第 {place} 个参数期望 {wanted}，实际为 {got}"),
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

/// Whether a packet is as the line of a recording says, which lines without ports mean that `flow`. Such a line says
/// everything: where it is silent about the IP header, the packet has what is usual.
pub(super) fn packets_agree(
    expected: &Packet,
    actual: &Packet,
    flow: Flow,
    addresses: Option<(Ipv4Addr, Ipv4Addr)>,
) -> bool {
    if expected.direction == PacketDirection::Inbound {
        return expected == actual;
    }
    let (mut wanted, mut got) = (expected.clone(), actual.clone());
    for packet in [&mut wanted, &mut got] {
        // Usual addresses may be written or left out; those of a message of ours never are.
        packet.addresses = packet.addresses.or(addresses).filter(|_| !matches!(packet.body, Body::Icmp(_)));
        if let Body::Tcp(Segment { ports, .. }) | Body::Udp { ports, .. } = &mut packet.body {
            // Usual ports may be written or left out.
            *ports = Some(ports.unwrap_or(flow.ports_out()));
        }
    }
    if let (Body::Tcp(wanted), Body::Tcp(got)) = (&mut wanted.body, &got.body) {
        wanted.flags.written.clone_from(&got.flags.written);
        if wanted.window.is_none() {
            wanted.window = got.window;
        }
        if wanted.options == TcpOptions::Any {
            wanted.options.clone_from(&got.options);
        }
    }
    if let Body::Icmp(IcmpMessage { quote: Some(Quote::Udp { ports, .. }), .. }) = &mut wanted.body {
        // What happened is told without them.
        *ports = None;
    }
    wanted.ip = remarks(expected.ip, actual);
    wanted == got
}

/// What a line says about the IP header, in the form in which it would be said of `actual`: what is usual is left out.
fn remarks(expected: IpInformation, actual: &Packet) -> IpInformation {
    let unusual = |written: Option<u8>, usual: u8| written.filter(|value| *value != usual);
    let says = expected.tos.is_some() || expected.congestion.is_some();
    let tos = says.then(|| type_of_service(expected));
    let ttl = unusual(expected.ttl, usual_ttl(&actual.body));
    IpInformation { tos: unusual(tos, 0), ttl, congestion: None, flow_label: None }
}
