//! Writes down what really happened in a scene: the script, the frames as pcapng, the trace. The files have the names
//! and the form of the golden ones, so that a run can be compared with another run.

use std::fs;
use std::io;
use std::path::Path;

use stack::lab::conformance::Run;
use stack::lab::conformance::reading::{PACKETDRILL, READING};
use stack::lab::script::Position;
use stack::lab::script::ast::ScriptOption;

use crate::capture::FrameDirection;
use crate::recording::pcapng::{RecordedFrame, RecordedInterface, Recorder};

/// Nanoseconds per jiffy.
const JIFFY: u64 = 10_000_000;

/// Writes the files of a run below `folder`, named after the scene.
///
/// # Errors
/// A file cannot be written.
pub fn write(folder: &Path, name: &str, run: &Run) -> io::Result<()> {
    let base = folder.join(name);
    if let Some(parent) = base.parent() {
        fs::create_dir_all(parent)?;
    }
    let file = |ending: &str| {
        let mut path = base.clone().into_os_string();
        path.push(ending);
        path
    };
    let is_script = !run.script.lines.is_empty();
    if is_script {
        let mut script = run.script.clone();
        if run.names {
            // The recording beside it would have its numbers taken literally.
            let (position, name) = (Position::default(), READING.to_owned());
            script.options.push(ScriptOption { position, name, value: Some(PACKETDRILL.to_owned()) });
        }
        fs::write(file(".pkt"), script.to_string())?;
    }
    let frames = recording(run).map_err(io::Error::other)?;
    fs::write(file(if is_script { ".wire.pcapng" } else { ".pcapng" }), frames)?;
    let trace: String = run.records.iter().map(|record| format!("{record}\n")).collect();
    fs::write(file(".trace.jsonl"), trace)
}

fn recording(run: &Run) -> Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>> {
    let cards: Vec<_> = run.kernel.dev.iter().filter(|device| device.name != "lo").collect();
    let interfaces: Vec<RecordedInterface> = cards
        .iter()
        .map(|device| {
            let mut hardware_address = [0; 6];
            for (byte, given) in hardware_address.iter_mut().zip(device.dev_addr.iter()) {
                *byte = *given;
            }
            RecordedInterface { name: device.name.clone(), hardware_address }
        })
        .collect();
    let mut recorder = Recorder::new(Vec::new(), &interfaces)?;
    for frame in &run.frames {
        let interface = interfaces.iter().position(|interface| interface.name == frame.device).unwrap_or(0);
        recorder.frame(&RecordedFrame {
            interface: u32::try_from(interface)?,
            time_ns: u64::try_from(frame.jiffy).unwrap_or(0).saturating_mul(JIFFY),
            direction: if frame.outbound { FrameDirection::Outbound } else { FrameDirection::Inbound },
            bytes: &frame.bytes,
            comments: &[],
        })?;
    }
    Ok(recorder.finish()?)
}
