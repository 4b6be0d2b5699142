//! The lines behind the first: one act each, of a person, of a peer outside, or of a script.

use serde_json::{Value, json};
use stack::include::sched::TaskId;
use stack::init::Input;
use stack::lab::journal::Act;
use stack::lab::program::ProgramKind;
use stack::link::wire::Fate;

use super::call::{call_value, frames_value, planned_value, read_call, read_frames, read_planned};
use super::value::{LARGEST_BUFFER, LATEST, LONGEST_FRAME, address, at_most, bytes, hex, integer, name, number};

pub(super) fn act_value(act: &Act) -> Value {
    match act {
        Act::Call { host, pid, call, planned } => json!({
            "act": "call", "host": host, "pid": pid, "call": call_value(call), "planned": planned_value(planned),
        }),
        Act::Signal { host, pid, signal } => json!({ "act": "signal", "host": host, "pid": pid, "signal": signal }),
        Act::Frames { host, frames } => json!({ "act": "frames", "host": host, "frames": frames_value(frames) }),
        Act::Input { host, input } => json!({ "act": "input", "host": host, "input": input_value(input) }),
        Act::Start { host, program } => json!({ "act": "start", "host": host, "program": program_value(program) }),
        Act::Fate { frame, fate } => json!({ "act": "fate", "frame": frame, "fate": fate_value(fate) }),
        Act::Expire { host, function, owner } => {
            json!({ "act": "expire", "host": host, "function": function, "owner": owner })
        }
        Act::Mark(name) => json!({ "act": "mark", "name": name }),
    }
}

pub(super) fn read_act(value: &Value) -> Option<Act> {
    let host = || number(value.get("host")?);
    let pid = || integer(value.get("pid")?);
    Some(match value.get("act")?.as_str()? {
        "call" => Act::Call {
            host: host()?,
            pid: pid()?,
            call: read_call(value.get("call")?)?,
            planned: read_planned(value.get("planned")?)?,
        },
        "signal" => Act::Signal { host: host()?, pid: pid()?, signal: integer(value.get("signal")?)? },
        "frames" => Act::Frames { host: host()?, frames: read_frames(value.get("frames")?)? },
        "input" => Act::Input { host: host()?, input: read_input(value.get("input")?)? },
        "start" => Act::Start { host: host()?, program: read_program(value.get("program")?)? },
        "fate" => Act::Fate { frame: number(value.get("frame")?)?, fate: read_fate(value.get("fate")?)? },
        "expire" => {
            Act::Expire { host: host()?, function: name(value.get("function")?)?, owner: name(value.get("owner")?)? }
        }
        "mark" => Act::Mark(name(value.get("name")?)?),
        _ => return None,
    })
}

/// The host that an act is about.
pub(super) fn host_of(act: &Act) -> Option<usize> {
    match act {
        Act::Call { host, .. } | Act::Signal { host, .. } | Act::Frames { host, .. } => Some(*host),
        Act::Input { host, .. } | Act::Start { host, .. } | Act::Expire { host, .. } => Some(*host),
        Act::Fate { .. } | Act::Mark(_) => None,
    }
}

fn input_value(input: &Input) -> Value {
    match input {
        Input::Boot => json!({ "input": "boot" }),
        Input::Process { pid, euid } => json!({ "input": "process", "pid": pid, "euid": euid }),
        Input::Ticks(ticks) => json!({ "input": "ticks", "ticks": ticks }),
        Input::Frames(frames) => json!({ "input": "frames", "frames": frames_value(frames) }),
        Input::Call { task, call, planned } => json!({
            "input": "call", "task": task.0, "call": call_value(call), "planned": planned_value(planned),
        }),
        Input::Signal { task, signal } => json!({ "input": "signal", "task": task.0, "signal": signal }),
        Input::Expire(place) => json!({ "input": "expire", "place": place }),
    }
}

fn read_input(value: &Value) -> Option<Input> {
    let task = || number(value.get("task")?).map(TaskId);
    Some(match value.get("input")?.as_str()? {
        "boot" => Input::Boot,
        "process" => Input::Process { pid: integer(value.get("pid")?)?, euid: number(value.get("euid")?)? },
        // Idle ticks are jumped over, so their type is limit enough.
        "ticks" => Input::Ticks(number(value.get("ticks")?)?),
        "frames" => Input::Frames(read_frames(value.get("frames")?)?),
        "call" => Input::Call {
            task: task()?,
            call: read_call(value.get("call")?)?,
            planned: read_planned(value.get("planned")?)?,
        },
        "signal" => Input::Signal { task: task()?, signal: integer(value.get("signal")?)? },
        // A place behind the list has no timer, so its type is limit enough.
        "expire" => Input::Expire(number(value.get("place")?)?),
        _ => return None,
    })
}

fn program_value(program: &ProgramKind) -> Value {
    match program {
        ProgramKind::Httpd(port) => json!({ "httpd": port }),
        ProgramKind::Echo(port) => json!({ "echo": port }),
        ProgramKind::Discard(port) => json!({ "discard": port }),
        ProgramKind::Daytime(port) => json!({ "daytime": port }),
        ProgramKind::Chargen(port) => json!({ "chargen": port }),
        ProgramKind::UdpEcho(port) => json!({ "udp_echo": port }),
        ProgramKind::UdpDiscard(port) => json!({ "udp_discard": port }),
        ProgramKind::UdpDaytime(port) => json!({ "udp_daytime": port }),
        ProgramKind::UdpChargen(port) => json!({ "udp_chargen": port }),
        ProgramKind::Get(address, port) => json!({ "get": [address.0, port] }),
        ProgramKind::Client { address, port, text } => json!({ "client": [address.0, port], "text": hex(text) }),
    }
}

fn read_program(value: &Value) -> Option<ProgramKind> {
    let ends = |inner: &Value| Some((address(inner.get(0)?)?, number(inner.get(1)?)?));
    if let Some(inner) = value.get("client") {
        let (address, port) = ends(inner)?;
        return Some(ProgramKind::Client { address, port, text: bytes(value.get("text")?, LARGEST_BUFFER)? });
    }
    let (kind, inner) = value.as_object()?.iter().next()?;
    Some(match kind.as_str() {
        "httpd" => ProgramKind::Httpd(number(inner)?),
        "echo" => ProgramKind::Echo(number(inner)?),
        "discard" => ProgramKind::Discard(number(inner)?),
        "daytime" => ProgramKind::Daytime(number(inner)?),
        "chargen" => ProgramKind::Chargen(number(inner)?),
        "udp_echo" => ProgramKind::UdpEcho(number(inner)?),
        "udp_discard" => ProgramKind::UdpDiscard(number(inner)?),
        "udp_daytime" => ProgramKind::UdpDaytime(number(inner)?),
        "udp_chargen" => ProgramKind::UdpChargen(number(inner)?),
        "get" => {
            let (address, port) = ends(inner)?;
            ProgramKind::Get(address, port)
        }
        _ => return None,
    })
}

fn fate_value(fate: &Fate) -> Value {
    match fate {
        Fate::Drop => json!("drop"),
        Fate::Duplicate => json!("duplicate"),
        Fate::Delay(microseconds) => json!({ "delay": microseconds }),
        Fate::Corrupt(offset, bits) => json!({ "corrupt": [offset, bits] }),
        Fate::Replace(bytes) => json!({ "replace": hex(bytes) }),
    }
}

fn read_fate(value: &Value) -> Option<Fate> {
    match value.as_str() {
        Some("drop") => return Some(Fate::Drop),
        Some("duplicate") => return Some(Fate::Duplicate),
        Some(_) => return None,
        None => {}
    }
    let (kind, inner) = value.as_object()?.iter().next()?;
    Some(match kind.as_str() {
        "delay" => Fate::Delay(at_most(inner, LATEST)?),
        // An offset behind the frame means its last byte, so its type is limit enough.
        "corrupt" => Fate::Corrupt(number(inner.get(0)?)?, number(inner.get(1)?)?),
        "replace" => Fate::Replace(bytes(inner, LONGEST_FRAME)?),
        _ => return None,
    })
}
