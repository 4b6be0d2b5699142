//! The journal as text: one JSON object per line, the world's beginning first, then one line per act. It rides in a
//! recording and gives the whole run back. Promise: what was written is read back equal, what cannot be read is
//! refused with its line, and the version in the first line says which program could.

use serde_json::{Value, json};
use stack::include::config::{Config, InterfaceConfig, RouteConfig};
use stack::include::in_addr::InAddr;
use stack::include::sched::{Arrival, PlannedInterrupt, Point, TaskId};
use stack::init::Input;
use stack::kernel::call::{CallName, UserArg, UserCall};
use stack::lab::journal::{Act, Journal};
use stack::lab::program::ProgramKind;
use stack::lab::world::{Medium, World};
use stack::link::wire::{Fate, Wire, WireConfig};

/// The version of the lines.
pub const VERSION: u64 = 1;

/// How a world begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beginning {
    /// Hosts by name.
    pub hosts: Vec<(String, Config)>,
    /// The wire between them; `None` where frames come from outside.
    pub wire: Option<WireConfig>,
}

impl Beginning {
    /// The world that begins so.
    #[must_use]
    pub fn world(&self) -> World {
        let medium = self.wire.clone().map_or(Medium::Outside, |wire| Medium::Simulated(Wire::new(wire)));
        World::new(self.hosts.clone(), medium)
    }
}

/// Why a journal cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is of a version this program does not know.
    Version,
    /// This line (from 1) makes no sense.
    Line(usize),
}

/// The first line.
#[must_use]
pub fn encode_beginning(beginning: &Beginning) -> String {
    let hosts: Vec<Value> =
        beginning.hosts.iter().map(|(name, config)| json!({ "name": name, "config": config_value(config) })).collect();
    let wire = beginning.wire.as_ref().map(|wire| {
        json!({
            "delay": wire.delay, "loss": pair(wire.loss), "duplicate": pair(wire.duplicate),
            "reorder": pair(wire.reorder), "corrupt": pair(wire.corrupt), "seed": wire.seed,
        })
    });
    format!("{}\n", json!({ "sockscope": VERSION, "hosts": hosts, "wire": wire }))
}

/// The line of an act.
#[must_use]
pub fn encode_act(time: u64, act: &Act) -> String {
    let mut value = act_value(act);
    value["t"] = json!(time);
    format!("{value}\n")
}

/// A whole journal, with the time up to which it goes.
#[must_use]
pub fn encode(beginning: &Beginning, journal: &Journal) -> String {
    let mut text = encode_beginning(beginning);
    for (time, act) in &journal.acts {
        text.push_str(&encode_act(*time, act));
    }
    text.push_str(&encode_horizon(journal.horizon));
    text
}

/// The line that says how far time has gone.
#[must_use]
pub fn encode_horizon(horizon: u64) -> String {
    format!("{}\n", json!({ "horizon": horizon }))
}

/// Reads a journal. A last line that is cut (the program was killed) is left out.
///
/// # Errors
/// The version is unknown, or a line makes no sense.
pub fn decode(text: &str) -> Result<(Beginning, Journal), Fault> {
    let whole = text.rfind('\n').and_then(|end| text.get(..=end)).unwrap_or("");
    let mut lines =
        whole.lines().enumerate().map(|(number, line)| (number + 1, serde_json::from_str::<Value>(line).ok()));
    let (_, first) = lines.next().ok_or(Fault::Line(1))?;
    let first = first.ok_or(Fault::Line(1))?;
    if first.get("sockscope").and_then(Value::as_u64) != Some(VERSION) {
        return Err(Fault::Version);
    }
    let beginning = read_beginning(&first).ok_or(Fault::Line(1))?;
    let mut journal = Journal::default();
    for (number, value) in lines {
        let value = value.ok_or(Fault::Line(number))?;
        if let Some(horizon) = value.get("horizon").and_then(Value::as_u64) {
            journal.extend(horizon);
            continue;
        }
        let time = value.get("t").and_then(Value::as_u64).ok_or(Fault::Line(number))?;
        let act = read_act(&value).filter(|act| act_host(act).is_none_or(|host| host < beginning.hosts.len()));
        journal.add(time, act.ok_or(Fault::Line(number))?);
    }
    Ok((beginning, journal))
}

fn act_host(act: &Act) -> Option<usize> {
    match act {
        Act::Call { host, .. } | Act::Signal { host, .. } | Act::Frames { host, .. } => Some(*host),
        Act::Input { host, .. } | Act::Start { host, .. } => Some(*host),
        Act::Fate { .. } | Act::Mark(_) => None,
    }
}

fn pair(ratio: (u32, u32)) -> Value {
    json!([ratio.0, ratio.1])
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn config_value(config: &Config) -> Value {
    let interface =
        |i: &InterfaceConfig| json!({ "mac": hex(&i.mac), "address": i.address.0, "mask": i.mask.0, "mtu": i.mtu });
    let route = |r: &RouteConfig| {
        json!({
            "destination": r.destination.0, "mask": r.mask.0, "gateway": r.gateway.0, "interface": r.interface,
            "mss": r.mss, "window": r.window,
        })
    };
    json!({
        "cards_pad": config.cards_pad, "cards_filter": config.cards_filter,
        "ip_forward": config.ip_forward, "inet_snarl": config.inet_snarl, "ip_multicast": config.ip_multicast,
        "ip_firewall": config.ip_firewall, "ip_acct": config.ip_acct, "inet_rarp": config.inet_rarp,
        "tcp_nagle_off": config.tcp_nagle_off,
        "interfaces": config.interfaces.iter().map(interface).collect::<Vec<_>>(),
        "routes": config.routes.iter().map(route).collect::<Vec<_>>(),
        "arp": config.arp.iter().map(|(address, mac)| json!([address.0, hex(mac)])).collect::<Vec<_>>(),
        "boot_time": config.boot_time, "first_jiffy": config.first_jiffy,
    })
}

fn frames_value(frames: &[(u8, Vec<u8>)]) -> Value {
    frames.iter().map(|(device, bytes)| json!([device, hex(bytes)])).collect()
}

fn act_value(act: &Act) -> Value {
    match act {
        Act::Call { host, pid, call, planned } => json!({
            "act": "call", "host": host, "pid": pid, "call": call_value(call),
            "planned": planned.iter().map(planned_value).collect::<Vec<_>>(),
        }),
        Act::Signal { host, pid, signal } => json!({ "act": "signal", "host": host, "pid": pid, "signal": signal }),
        Act::Frames { host, frames } => json!({ "act": "frames", "host": host, "frames": frames_value(frames) }),
        Act::Input { host, input } => json!({ "act": "input", "host": host, "input": input_value(input) }),
        Act::Start { host, program } => json!({ "act": "start", "host": host, "program": program_value(program) }),
        Act::Fate { frame, fate } => json!({ "act": "fate", "frame": frame, "fate": fate_value(fate) }),
        Act::Mark(name) => json!({ "act": "mark", "name": name }),
    }
}

fn input_value(input: &Input) -> Value {
    match input {
        Input::Boot => json!({ "input": "boot" }),
        Input::Process { pid, euid } => json!({ "input": "process", "pid": pid, "euid": euid }),
        Input::Ticks(ticks) => json!({ "input": "ticks", "ticks": ticks }),
        Input::Frames(frames) => json!({ "input": "frames", "frames": frames_value(frames) }),
        Input::Call { task, call, planned } => json!({
            "input": "call", "task": task.0, "call": call_value(call),
            "planned": planned.iter().map(planned_value).collect::<Vec<_>>(),
        }),
        Input::Signal { task, signal } => json!({ "input": "signal", "task": task.0, "signal": signal }),
    }
}

fn call_value(call: &UserCall) -> Value {
    let argument = |argument: &UserArg| match argument {
        UserArg::Int(value) => json!({ "int": value }),
        UserArg::In(bytes) => json!({ "in": hex(bytes) }),
        UserArg::Out(length) => json!({ "out": length }),
        UserArg::InOut(bytes) => json!({ "inout": hex(bytes) }),
        UserArg::Null => json!(null),
    };
    json!({ "name": call.name.name(), "args": call.args.iter().map(argument).collect::<Vec<_>>() })
}

fn planned_value(planned: &PlannedInterrupt) -> Value {
    let arrival = match &planned.arrival {
        Arrival::Net(frames) => json!({ "frames": frames_value(frames) }),
        Arrival::Timer(ticks) => json!({ "ticks": ticks }),
    };
    json!({ "point": planned.point.name(), "function": planned.function, "nth": planned.nth, "arrival": arrival })
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

fn fate_value(fate: &Fate) -> Value {
    match fate {
        Fate::Drop => json!("drop"),
        Fate::Duplicate => json!("duplicate"),
        Fate::Delay(microseconds) => json!({ "delay": microseconds }),
        Fate::Corrupt(offset, bits) => json!({ "corrupt": [offset, bits] }),
        Fate::Replace(bytes) => json!({ "replace": hex(bytes) }),
    }
}

fn number<T: TryFrom<u64>>(value: &Value) -> Option<T> {
    T::try_from(value.as_u64()?).ok()
}

fn integer(value: &Value) -> Option<i32> {
    i32::try_from(value.as_i64()?).ok()
}

fn bytes(value: &Value) -> Option<Vec<u8>> {
    let text = value.as_str()?.as_bytes();
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (pairs, rest) = text.as_chunks::<2>();
    let joined = pairs.iter().map(|[high, low]| Some(digit(high)? << 4 | digit(low)?)).collect();
    if rest.is_empty() { joined } else { None }
}

fn hardware(value: &Value) -> Option<[u8; 6]> {
    bytes(value)?.try_into().ok()
}

fn address(value: &Value) -> Option<InAddr> {
    number(value).map(InAddr)
}

fn ratio(value: &Value) -> Option<(u32, u32)> {
    Some((number(value.get(0)?)?, number(value.get(1)?)?))
}

/// An optional number: absent and null are `None`, anything else must be one.
fn optional<T: TryFrom<u64>>(value: &Value) -> Option<Option<T>> {
    if value.is_null() { Some(None) } else { number(value).map(Some) }
}

fn list<T>(value: &Value, read: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    value.as_array()?.iter().map(read).collect()
}

fn read_beginning(value: &Value) -> Option<Beginning> {
    let host = |value: &Value| Some((value.get("name")?.as_str()?.to_owned(), read_config(value.get("config")?)?));
    let wire = |value: &Value| {
        Some(WireConfig {
            delay: number(value.get("delay")?)?,
            loss: ratio(value.get("loss")?)?,
            duplicate: ratio(value.get("duplicate")?)?,
            reorder: ratio(value.get("reorder")?)?,
            corrupt: ratio(value.get("corrupt")?)?,
            seed: number(value.get("seed")?)?,
        })
    };
    let between = value.get("wire")?;
    let wire = if between.is_null() { None } else { Some(wire(between)?) };
    Some(Beginning { hosts: list(value.get("hosts")?, host)?, wire })
}

fn read_config(value: &Value) -> Option<Config> {
    let flag = |name: &str| value.get(name)?.as_bool();
    let interface = |value: &Value| {
        Some(InterfaceConfig {
            mac: hardware(value.get("mac")?)?,
            address: address(value.get("address")?)?,
            mask: address(value.get("mask")?)?,
            mtu: number(value.get("mtu")?)?,
        })
    };
    let route = |value: &Value| {
        Some(RouteConfig {
            destination: address(value.get("destination")?)?,
            mask: address(value.get("mask")?)?,
            gateway: address(value.get("gateway")?)?,
            interface: number(value.get("interface")?)?,
            mss: optional(value.get("mss")?)?,
            window: optional(value.get("window")?)?,
        })
    };
    Some(Config {
        cards_pad: flag("cards_pad")?,
        cards_filter: flag("cards_filter")?,
        ip_forward: flag("ip_forward")?,
        inet_snarl: flag("inet_snarl")?,
        ip_multicast: flag("ip_multicast")?,
        ip_firewall: flag("ip_firewall")?,
        ip_acct: flag("ip_acct")?,
        // Recordings of earlier versions do not know the option.
        inet_rarp: flag("inet_rarp").unwrap_or(false),
        tcp_nagle_off: flag("tcp_nagle_off")?,
        interfaces: list(value.get("interfaces")?, interface)?,
        routes: list(value.get("routes")?, route)?,
        arp: list(value.get("arp")?, |entry| Some((address(entry.get(0)?)?, hardware(entry.get(1)?)?)))?,
        boot_time: number(value.get("boot_time")?)?,
        first_jiffy: number(value.get("first_jiffy")?)?,
    })
}

fn read_frames(value: &Value) -> Option<Vec<(u8, Vec<u8>)>> {
    list(value, |frame| Some((number(frame.get(0)?)?, bytes(frame.get(1)?)?)))
}

fn read_input(value: &Value) -> Option<Input> {
    let task = || number(value.get("task")?).map(TaskId);
    Some(match value.get("input")?.as_str()? {
        "boot" => Input::Boot,
        "process" => Input::Process { pid: integer(value.get("pid")?)?, euid: number(value.get("euid")?)? },
        "ticks" => Input::Ticks(number(value.get("ticks")?)?),
        "frames" => Input::Frames(read_frames(value.get("frames")?)?),
        "call" => Input::Call {
            task: task()?,
            call: read_call(value.get("call")?)?,
            planned: list(value.get("planned")?, read_planned)?,
        },
        "signal" => Input::Signal { task: task()?, signal: integer(value.get("signal")?)? },
        _ => return None,
    })
}

fn read_act(value: &Value) -> Option<Act> {
    let host = || number(value.get("host")?);
    let pid = || integer(value.get("pid")?);
    Some(match value.get("act")?.as_str()? {
        "call" => Act::Call {
            host: host()?,
            pid: pid()?,
            call: read_call(value.get("call")?)?,
            planned: list(value.get("planned")?, read_planned)?,
        },
        "signal" => Act::Signal { host: host()?, pid: pid()?, signal: integer(value.get("signal")?)? },
        "frames" => Act::Frames { host: host()?, frames: read_frames(value.get("frames")?)? },
        "input" => Act::Input { host: host()?, input: read_input(value.get("input")?)? },
        "start" => Act::Start { host: host()?, program: read_program(value.get("program")?)? },
        "fate" => Act::Fate { frame: number(value.get("frame")?)?, fate: read_fate(value.get("fate")?)? },
        "mark" => Act::Mark(value.get("name")?.as_str()?.to_owned()),
        _ => return None,
    })
}

/// The most room one output buffer of a call may ask for: what a recording says is allocated.
const LARGEST_BUFFER: u32 = 1 << 20;

/// The most clock ticks that may arrive inside one call (a quarter of an hour).
const MOST_TICKS: u32 = 100_000;

fn read_call(value: &Value) -> Option<UserCall> {
    let argument = |value: &Value| {
        if value.is_null() {
            return Some(UserArg::Null);
        }
        let (kind, inner) = value.as_object()?.iter().next()?;
        Some(match kind.as_str() {
            "int" => UserArg::Int(integer(inner)?),
            "in" => UserArg::In(bytes(inner)?),
            "out" => UserArg::Out(number(inner).filter(|length| *length <= LARGEST_BUFFER)?),
            "inout" => UserArg::InOut(bytes(inner)?),
            _ => return None,
        })
    };
    let name = CallName::from_name(value.get("name")?.as_str()?)?;
    Some(UserCall::new(name, list(value.get("args")?, argument)?))
}

fn read_planned(value: &Value) -> Option<PlannedInterrupt> {
    let arrival = value.get("arrival")?;
    let arrival = match arrival.get("frames") {
        Some(frames) => Arrival::Net(read_frames(frames)?),
        None => Arrival::Timer(number(arrival.get("ticks")?).filter(|ticks| *ticks <= MOST_TICKS)?),
    };
    let function = value.get("function")?;
    let function = if function.is_null() { None } else { Some(function.as_str()?.to_owned()) };
    Some(PlannedInterrupt {
        point: Point::from_name(value.get("point")?.as_str()?)?,
        function,
        nth: number(value.get("nth")?)?,
        arrival,
        seen: 0,
        done: false,
    })
}

fn read_program(value: &Value) -> Option<ProgramKind> {
    let ends = |inner: &Value| Some((address(inner.get(0)?)?, number(inner.get(1)?)?));
    if let Some(inner) = value.get("client") {
        let (address, port) = ends(inner)?;
        return Some(ProgramKind::Client { address, port, text: bytes(value.get("text")?)? });
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

fn read_fate(value: &Value) -> Option<Fate> {
    match value.as_str() {
        Some("drop") => return Some(Fate::Drop),
        Some("duplicate") => return Some(Fate::Duplicate),
        Some(_) => return None,
        None => {}
    }
    let (kind, inner) = value.as_object()?.iter().next()?;
    Some(match kind.as_str() {
        "delay" => Fate::Delay(number(inner)?),
        "corrupt" => Fate::Corrupt(number(inner.get(0)?)?, number(inner.get(1)?)?),
        "replace" => Fate::Replace(bytes(inner)?),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beginning(wire: Option<WireConfig>) -> Beginning {
        let mut config = Config::of_host(1);
        config.ip_forward = true;
        config.inet_rarp = true;
        config.cards_filter = false;
        let gateway = InAddr::from_octets([10, 0, 0, 9]);
        let any = InAddr::ANY;
        config.routes.push(RouteConfig {
            destination: any,
            mask: any,
            gateway,
            interface: 0,
            mss: Some(512),
            window: None,
        });
        config.arp.push((gateway, [2, 0, 0, 0, 0, 9]));
        Beginning { hosts: vec![("A".to_owned(), config), ("乙 \"B\"".to_owned(), Config::of_host(2))], wire }
    }

    /// One act of every kind, with every kind of argument, program, fate and arrival.
    fn journal() -> Journal {
        let frames = vec![(1, vec![0, 1, 254, 255]), (2, Vec::new())];
        let arguments =
            vec![UserArg::Int(-1), UserArg::In(vec![1, 2]), UserArg::Out(64), UserArg::InOut(vec![9]), UserArg::Null];
        let planned = |arrival, function: Option<&str>| PlannedInterrupt {
            point: Point::MemcpyTofs,
            function: function.map(str::to_owned),
            nth: 2,
            arrival,
            seen: 0,
            done: false,
        };
        let planned = vec![planned(Arrival::Net(frames.clone()), Some("tcp_read")), planned(Arrival::Timer(3), None)];
        let server = InAddr::from_octets([10, 0, 0, 2]);
        let client = ProgramKind::Client { address: server, port: 7, text: b"\0\xff".to_vec() };
        let mut acts = vec![
            Act::Call { host: 0, pid: 7, call: UserCall::new(CallName::Recvfrom, arguments), planned },
            Act::Signal { host: 1, pid: 7, signal: 14 },
            Act::Frames { host: 1, frames },
            Act::Mark("“三次握手”\n\u{1b}".to_owned()),
        ];
        let call = UserCall::new(CallName::Close, vec![UserArg::Int(3)]);
        for input in [
            Input::Boot,
            Input::Process { pid: 5, euid: 1 },
            Input::Ticks(7),
            Input::Frames(vec![(1, vec![3])]),
            Input::Call { task: TaskId(2), call, planned: Vec::new() },
            Input::Signal { task: TaskId(2), signal: 2 },
        ] {
            acts.push(Act::Input { host: 0, input });
        }
        for fate in [Fate::Drop, Fate::Duplicate, Fate::Delay(5), Fate::Corrupt(3, 1), Fate::Replace(vec![1])] {
            acts.push(Act::Fate { frame: 4, fate });
        }
        let port = 9;
        for program in [
            ProgramKind::Httpd(80),
            ProgramKind::Echo(port),
            ProgramKind::Discard(port),
            ProgramKind::Daytime(port),
            ProgramKind::Chargen(port),
            ProgramKind::UdpEcho(port),
            ProgramKind::UdpDiscard(port),
            ProgramKind::UdpDaytime(port),
            ProgramKind::UdpChargen(port),
            ProgramKind::Get(server, 80),
            client,
        ] {
            acts.push(Act::Start { host: 0, program });
        }
        let mut journal = Journal::default();
        for (number, act) in acts.into_iter().enumerate() {
            journal.add(number as u64 / 2, act);
        }
        journal.extend(99_999);
        journal
    }

    #[test]
    fn every_kind_of_act_comes_back() {
        for wire in [None, Some(WireConfig { loss: (1, 10), ..WireConfig::default() })] {
            let text = encode(&beginning(wire.clone()), &journal());
            assert_eq!(decode(&text), Ok((beginning(wire), journal())));
        }
    }

    #[test]
    fn a_cut_last_line_is_left_out_and_nonsense_is_named() {
        let text = encode(&beginning(None), &journal());
        let lines = text.lines().count();
        let (_, cut) = decode(&text[..text.len() - 3]).unwrap();
        assert_eq!(cut.acts, journal().acts);
        assert_eq!(decode(&format!("{text}{{}}\n")), Err(Fault::Line(lines + 1)));
        assert_eq!(decode("{\"sockscope\":2}\n"), Err(Fault::Version));
        assert_eq!(decode(""), Err(Fault::Line(1)));
        assert_eq!(decode("not json\n"), Err(Fault::Line(1)));
    }

    #[test]
    fn a_recording_cannot_name_a_host_that_is_not_there_nor_ask_for_the_moon() {
        let head = encode_beginning(&beginning(None));
        let act = encode_act(0, &Act::Signal { host: 5, pid: 1, signal: 1 });
        assert_eq!(decode(&format!("{head}{act}")), Err(Fault::Line(2)));
        let call = UserCall::new(CallName::Read, vec![UserArg::Out(u32::MAX)]);
        let act = encode_act(0, &Act::Call { host: 0, pid: 1, call, planned: Vec::new() });
        assert_eq!(decode(&format!("{head}{act}")), Err(Fault::Line(2)));
    }
}
