//! Frame scenarios as JSON. Every key must be known, every value must fit; an error names line and column. What the
//! values mean is the laboratory's business (`stack::lab::script::frame_scenario`).

use std::net::Ipv4Addr;

use serde::Deserialize;
use serde_json::value::RawValue;
use stack::include::config::BuildOption;
use stack::lab::script::Position;
use stack::lab::script::error::quoted;
use stack::lab::script::frame_scenario::{
    FrameAction, FrameConfiguration, FrameEvent, FrameScenario, Interface, raw_call,
};
use stack::lab::script::{ParseError, hexadecimal};
use stack::wire::names::read_hardware_address;

/// The largest frame scenario, in bytes.
pub const LARGEST_SCENARIO: usize = 4 * 1024 * 1024;
/// The latest second a scenario may name.
const LATEST_SECOND: f64 = 1e8;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File<'a> {
    #[serde(default)]
    doc: String,
    #[serde(default)]
    config: Configuration,
    #[serde(borrow)]
    events: Vec<&'a RawValue>,
    end: f64,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Configuration {
    static_arp: Option<u8>,
    #[serde(default)]
    arp: Vec<(Ipv4Addr, String)>,
    forward: Option<u8>,
    snarl: Option<u8>,
    multicast: Option<u8>,
    firewall: Option<u8>,
    acct: Option<u8>,
    rarp: Option<u8>,
    nagle_off: Option<u8>,
    #[serde(default)]
    ifs: Vec<Card>,
    mtu: Option<u16>,
    /// Absent: the usual gateway; null: none.
    #[serde(default, deserialize_with = "present")]
    gw: Option<Option<Ipv4Addr>>,
    pad: Option<u32>,
}

/// Tells a key that is null from one that is absent.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Option<Ipv4Addr>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Card {
    dev: String,
    mac: String,
    ip: Ipv4Addr,
    mask: Ipv4Addr,
    mtu: Option<u16>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Event {
    t: f64,
    rx: Option<String>,
    rxq: Option<Vec<String>>,
    dev: Option<String>,
    sys: Option<String>,
    ioctl: Option<(u32, String)>,
}

/// Read a frame scenario.
///
/// # Errors
/// The first thing that does not fit, with its place.
pub fn parse(text: &str) -> Result<FrameScenario, ParseError> {
    if text.len() > LARGEST_SCENARIO {
        return Err(ParseError::new(
            Position { line: 1, column: 1 },
            format!("the scenario is {} bytes long; the limit is {LARGEST_SCENARIO}", text.len()),
            format!("场景长 {} 字节，上限为 {LARGEST_SCENARIO} 字节", text.len()),
        ));
    }
    let top = Position { line: 1, column: 1 };
    let file: File<'_> = serde_json::from_str(text).map_err(|error| json_error(&error, top))?;
    let configuration = configuration(&file.config).map_err(|word| wrong(top, "config", &word))?;
    let events = file.events.iter().map(|raw| event(raw.get(), place(text, raw.get()))).collect::<Result<_, _>>()?;
    let end = jiffy(file.end).ok_or_else(|| wrong(top, "end", &file.end.to_string()))?;
    Ok(FrameScenario { document: file.doc, configuration, events, end })
}

/// Where a piece borrowed from `text` starts.
fn place(text: &str, piece: &str) -> Position {
    let offset = (piece.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    let before = text.get(..offset).unwrap_or("");
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    Position { line: u32::try_from(line).unwrap_or(u32::MAX), column: u32::try_from(column).unwrap_or(u32::MAX) }
}

/// serde's error, its place counted from `start`.
fn json_error(error: &serde_json::Error, start: Position) -> ParseError {
    let line = u32::try_from(error.line()).unwrap_or(u32::MAX).max(1);
    let column = u32::try_from(error.column()).unwrap_or(u32::MAX).max(1);
    let position = if line == 1 {
        Position { line: start.line, column: start.column.saturating_add(column - 1) }
    } else {
        Position { line: start.line.saturating_add(line - 1), column }
    };
    let sentence = error.to_string();
    let reason = sentence.rsplit_once(" at line ").map_or(sentence.as_str(), |(reason, _)| reason);
    let reason: String = reason.chars().map(|c| if c.is_control() { '?' } else { c }).take(200).collect();
    ParseError::new(position, format!("not a frame scenario: {reason}"), format!("不是帧场景：{reason}"))
}

fn wrong(position: Position, key: &str, value: &str) -> ParseError {
    let value = quoted(value);
    ParseError::new(position, format!("\"{key}\" cannot be {value}"), format!("“{key}”的值不能是 {value}"))
}

/// The configuration, or the word that does not fit.
fn configuration(file: &Configuration) -> Result<FrameConfiguration, String> {
    let usual = FrameConfiguration::default();
    let hardware = |text: &String| read_hardware_address(text).ok_or_else(|| text.clone());
    let mut arp = Vec::new();
    for (address, text) in &file.arp {
        arp.push((*address, hardware(text)?));
    }
    let mut interfaces = Vec::new();
    for card in &file.ifs {
        interfaces.push(Interface {
            device: card.dev.clone(),
            hardware: hardware(&card.mac)?,
            address: card.ip,
            mask: card.mask,
            mtu: card.mtu,
        });
    }
    Ok(FrameConfiguration {
        static_arp: file.static_arp.map_or(usual.static_arp, |value| value != 0),
        arp,
        build: build(file),
        interfaces,
        mtu: file.mtu,
        gateway: !matches!(file.gw, Some(None)),
        pad: file.pad.unwrap_or(usual.pad),
    })
}

/// The parts of the kernel that are compiled in.
fn build(file: &Configuration) -> Vec<BuildOption> {
    let asked = |option: BuildOption| match option {
        BuildOption::IpForward => file.forward,
        BuildOption::InetSnarl => file.snarl,
        BuildOption::IpMulticast => file.multicast,
        BuildOption::IpFirewall => file.firewall,
        BuildOption::IpAcct => file.acct,
        BuildOption::InetRarp => file.rarp,
        BuildOption::TcpNagleOff => file.nagle_off,
    };
    BuildOption::ALL.iter().map(|(option, _)| *option).filter(|option| asked(*option).unwrap_or(0) != 0).collect()
}

/// Seconds as jiffies of 10 ms.
fn jiffy(seconds: f64) -> Option<u64> {
    if (0.0..=LATEST_SECOND).contains(&seconds) {
        // In range and not negative: the cast keeps the value.
        Some((seconds * 100.0).round() as u64)
    } else {
        None
    }
}

fn event(text: &str, position: Position) -> Result<FrameEvent, ParseError> {
    let event: Event = serde_json::from_str(text).map_err(|error| json_error(&error, position))?;
    let jiffy = jiffy(event.t).ok_or_else(|| wrong(position, "t", &event.t.to_string()))?;
    let frame = |key: &str, text: &String| hexadecimal(text).ok_or_else(|| wrong(position, key, text));
    let device = event.dev.unwrap_or_else(|| "eth0".to_owned());
    let action = match (event.rx, event.rxq, event.sys, event.ioctl) {
        (Some(one), None, None, None) => FrameAction::Receive { device, frames: vec![frame("rx", &one)?] },
        (None, Some(several), None, None) => {
            let frames = several.iter().map(|one| frame("rxq", one)).collect::<Result<_, _>>()?;
            FrameAction::Receive { device, frames }
        }
        (None, None, Some(line), None) => {
            FrameAction::Call(raw_call(&line).map_err(|word| wrong(position, "sys", &word))?)
        }
        (None, None, None, Some((command, structure))) => {
            FrameAction::Ioctl { command, structure: frame("ioctl", &structure)? }
        }
        _ => {
            return Err(ParseError::new(
                position,
                "an event has exactly one of rx, rxq, sys and ioctl",
                "一个事件必须恰有 rx、rxq、sys、ioctl 之一",
            ));
        }
    };
    Ok(FrameEvent { jiffy, action })
}

#[cfg(test)]
mod tests {
    use super::*;
    use stack::lab::script::frame_scenario::RawArgument;

    #[test]
    fn every_golden_frame_scenario_is_read() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../stack/tests/golden");
        let mut read = 0;
        for group in std::fs::read_dir(root).unwrap().map(|group| group.unwrap().path()).filter(|path| path.is_dir()) {
            for path in std::fs::read_dir(group).unwrap().map(|file| file.unwrap().path()) {
                if path.extension().is_some_and(|extension| extension == "json") {
                    let text = std::fs::read_to_string(&path).unwrap();
                    let scenario = parse(&text).unwrap_or_else(|error| panic!("{}:{error}", path.display()));
                    assert!(!scenario.document.is_empty() && !scenario.events.is_empty());
                    read += 1;
                }
            }
        }
        assert_eq!(read, 114);
    }

    #[test]
    fn values_arrive_where_they_belong() {
        let text = r#"{"doc": "d", "config": {"static_arp": 0, "gw": null, "arp": [["10.0.0.5", "02:00:00:00:01:05"]]},
            "events": [{"t": 0.29, "rx": "ff00", "dev": "eth1"}, {"t": 1, "sys": "close i3"}, {"t": 2, "ioctl": [35153, "02"]}],
            "end": 20}"#;
        let scenario = parse(text).unwrap();
        assert!(!scenario.configuration.static_arp && !scenario.configuration.gateway);
        assert_eq!(scenario.configuration.arp[0].1, [2, 0, 0, 0, 1, 5]);
        assert_eq!(scenario.end, 2000);
        assert_eq!(scenario.events[0].jiffy, 29);
        assert_eq!(
            scenario.events[0].action,
            FrameAction::Receive { device: "eth1".to_owned(), frames: vec![vec![255, 0]] }
        );
        let FrameAction::Call(call) = &scenario.events[1].action else { panic!() };
        assert_eq!(call.arguments, [RawArgument::Integer(3)]);
        assert!(parse(r#"{"events": [], "end": 1}"#).unwrap().configuration.gateway);
        let built = r#"{"config": {"rarp": 1, "firewall": 0, "forward": 1}, "events": [], "end": 1}"#;
        assert_eq!(parse(built).unwrap().configuration.build, [BuildOption::IpForward, BuildOption::InetRarp]);
    }

    #[test]
    fn errors_have_a_place() {
        for (text, line, column, word) in [
            ("{\"events\": [],\n \"ende\": 1}", 2, 7, "ende"),
            ("{\"events\": [\n  {\"t\": 0, \"rxx\": \"00\"}], \"end\": 1}", 2, 16, "rxx"),
            ("{\"events\": [\n  {\"t\": 0, \"rx\": \"0\"}], \"end\": 1}", 2, 3, "rx"),
            ("{\"events\": [\n  {\"t\": -1, \"rx\": \"00\"}], \"end\": 1}", 2, 3, "-1"),
            ("{\"events\": [\n\n {\"t\": 0}], \"end\": 1}", 3, 2, "exactly one"),
            ("{\"config\": {\"forwards\": 1}, \"events\": [], \"end\": 1}", 1, 22, "forwards"),
            ("{\"events\": [\n {\"t\": 0, \"sys\": \"read i3 q\"}], \"end\": 1}", 2, 2, "'q'"),
        ] {
            let error = parse(text).unwrap_err();
            assert_eq!((error.position.line, error.position.column), (line, column), "{error}");
            assert!(error.message.en.contains(word), "{error}");
        }
    }
}
