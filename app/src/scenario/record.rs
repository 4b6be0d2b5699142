//! Recordings beside a scene: `NAME.trace.jsonl`, and the frames in `NAME.wire.pcapng` (of a script) or `NAME.pcapng`
//! (of a frame scenario). A recording that is not there is not compared; one that cannot be read is an error.

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

use stack::lab::conformance::trace::{Record, Value};
use stack::lab::conformance::{Reading, WireFrame};
use stack::lab::script::Script;

use crate::capture::{FrameDirection, read};
use crate::refusal::{Refusal, harmless};

/// Nanoseconds per jiffy.
const JIFFY: u64 = 10_000_000;
/// The largest trace, in bytes.
const LARGEST_TRACE: u64 = 256 << 20;

/// The file beside a scene with another ending.
#[must_use]
pub fn beside(scene: &Path, ending: &str) -> PathBuf {
    scene.with_extension(ending)
}

/// How a script is read: as a recording where one lies beside it, else as packetdrill would.
#[must_use]
pub fn reading(scene: &Path, script: &Script) -> Reading {
    Reading::of(script, ["wire.pcapng", "trace.jsonl"].iter().any(|ending| beside(scene, ending).exists()))
}

/// The trace beside a scene with its line numbers, if there is one.
///
/// # Errors
/// The file is there but is no trace.
pub fn trace(scene: &Path) -> Result<Option<Vec<(usize, Record)>>, Refusal> {
    let path = beside(scene, "trace.jsonl");
    if !path.exists() {
        return Ok(None);
    }
    let shown = harmless(&path.display().to_string());
    let refuse = |line: usize, reason: &str| {
        Refusal::usage(
            format!("{shown}:{line}: not a trace: {reason}"),
            format!("{shown}:{line}：不是轨迹文件：{reason}"),
        )
    };
    let size = fs::metadata(&path).map_or(0, |about| about.len());
    if size > LARGEST_TRACE {
        return Err(refuse(1, "larger than 256 MiB"));
    }
    let text = fs::read_to_string(&path).map_err(|error| refuse(1, &error.to_string()))?;
    let mut records = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if !line.trim().is_empty() {
            records.push((index + 1, record(line).ok_or_else(|| refuse(index + 1, "not an event"))?));
        }
    }
    Ok(Some(records))
}

/// One line of a trace; the keys keep their order.
fn record(line: &str) -> Option<Record> {
    let object: Ordered = serde_json::from_str(line).ok()?;
    let mut record = Record::new(0, "");
    for (key, value) in object.0 {
        match (key.as_str(), value) {
            ("jiffies", serde_json::Value::Number(number)) => record.jiffies = number.as_i64()?,
            ("kind", serde_json::Value::String(kind)) => record.kind = Cow::Owned(kind),
            (_, value) => record.fields.push((Cow::Owned(key), field(value)?)),
        }
    }
    Some(record)
}

fn field(value: serde_json::Value) -> Option<Value> {
    Some(match value {
        serde_json::Value::Number(number) => Value::Number(number.as_i64()?),
        serde_json::Value::String(text) => Value::Text(Cow::Owned(text)),
        serde_json::Value::Array(items) => {
            let texts = items.into_iter().map(|item| item.as_str().map(str::to_owned));
            Value::List(texts.collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

/// A JSON object as a list: serde_json's own map sorts the keys.
struct Ordered(Vec<(String, serde_json::Value)>);

impl<'de> serde::Deserialize<'de> for Ordered {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Ordered;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Ordered, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Ordered(entries))
            }
        }
        deserializer.deserialize_map(Visitor)
    }
}

/// The frames recorded beside a scene, if there are any.
///
/// # Errors
/// The file is there but is no capture, or is damaged.
pub fn frames(scene: &Path, ending: &str) -> Result<Option<Vec<WireFrame>>, Refusal> {
    let path = beside(scene, ending);
    if !path.exists() {
        return Ok(None);
    }
    let shown = path.display().to_string();
    let bytes = fs::read(&path).map_err(|error| {
        let shown = harmless(&shown);
        Refusal::usage(format!("{shown}: cannot be read: {error}"), format!("{shown}：无法读取：{error}"))
    })?;
    let capture = read::parse(&bytes).map_err(|fault| fault.refusal(&shown))?;
    if let Some(damage) = capture.damage {
        let (english, chinese) = damage.sentence();
        let shown = harmless(&shown);
        return Err(Refusal::usage(format!("{shown}: {english}"), format!("{shown}：{chinese}")));
    }
    if let Some(place) = capture.frames.iter().position(|frame| frame.time_ns % JIFFY != 0) {
        let (shown, number) = (harmless(&shown), place + 1);
        return Err(Refusal::usage(
            format!("{shown}: frame {number} lies between two ticks of 10 ms, so this is no recording of a scene"),
            format!("{shown}：第 {number} 帧不在 10 毫秒的时钟节拍上，因此不是场景的记录"),
        ));
    }
    if let Some(cut) = capture.frames.iter().find(|frame| frame.is_cut()) {
        let (shown, number) = (harmless(&shown), cut.index);
        return Err(Refusal::usage(
            format!("{shown}: only the beginning of frame {number} was recorded, so it cannot be compared"),
            format!("{shown}：第 {number} 帧只记录了开头，无法比较"),
        ));
    }
    let frames = capture.frames.into_iter().map(|frame| WireFrame {
        jiffy: i64::try_from(frame.time_ns / JIFFY).unwrap_or(i64::MAX),
        // A recording has one interface per card, in their order.
        device: format!("eth{}", frame.interface),
        outbound: frame.direction == FrameDirection::Outbound,
        bytes: frame.bytes,
    });
    Ok(Some(frames.collect()))
}
