//! The recording of a live session: frames as they pass the device, and the journal of what entered, in one pcapng
//! file, written through as it comes. Promise: after [`Recording::save`] nothing of it is lost, however the program
//! ends, and what is there opens; a full disk ends the recording with a sentence, not the session's sense of time.

use std::fs::File;
use std::io::{self, BufWriter};

use stack::lab::beginning::Beginning;
use stack::lab::journal::Act;
use stack::lab::run::FrameRecord;

use crate::capture::FrameDirection;
use crate::recording::journal::{encode_act, encode_beginning, encode_horizon};
use crate::recording::pcapng::{RecordedFrame, RecordedInterface, Recorder};
use crate::refusal::{Refusal, harmless};

/// An open recording.
#[derive(Debug)]
pub struct Recording {
    recorder: Recorder<BufWriter<File>>,
    path: String,
    /// Wall time of virtual time 0, microseconds since 1970.
    boot_time: u64,
    /// How far time has gone according to what was recorded, microseconds of virtual time.
    told: u64,
}

impl Recording {
    /// Begins a recording at `path`, replacing what is there.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn begin(path: &str, beginning: &Beginning) -> Result<Self, Refusal> {
        let refused = |error: &dyn std::fmt::Display| unwritable(path, error);
        let file = File::create(path).map_err(|error| refused(&error))?;
        let interfaces: Vec<RecordedInterface> = beginning
            .hosts
            .iter()
            .flat_map(|(name, config)| {
                config.interfaces.iter().enumerate().map(move |(number, interface)| RecordedInterface {
                    name: format!("{name}.eth{number}"),
                    hardware_address: interface.mac,
                })
            })
            .collect();
        let boot_time = beginning.hosts.first().map_or(0, |(_, config)| config.clock_at_power_on());
        let recorder = Recorder::new(BufWriter::new(file), &interfaces).map_err(|error| refused(&error))?;
        let mut recording = Self { recorder, path: path.to_owned(), boot_time, told: 0 };
        recording.recorder.journal(encode_beginning(beginning).as_bytes());
        Ok(recording)
    }

    /// Takes an act of the journal, which happened at `time` (microseconds of virtual time).
    pub fn act(&mut self, time: u64, act: &Act) {
        self.recorder.journal(encode_act(time, act).as_bytes());
        self.told = self.told.max(time);
    }

    /// Takes how far time has gone (microseconds of virtual time), where that is news.
    pub fn horizon(&mut self, horizon: u64) {
        if horizon > self.told {
            self.recorder.journal(encode_horizon(horizon).as_bytes());
            self.told = horizon;
        }
    }

    /// Writes a frame that has passed the device.
    ///
    /// # Errors
    /// The file cannot be written any more.
    pub fn frame(&mut self, record: &FrameRecord) -> Result<(), Refusal> {
        let direction = if record.from_outside { FrameDirection::Inbound } else { FrameDirection::Outbound };
        let frame = RecordedFrame {
            interface: 0,
            time_ns: self.wall_time(record.time),
            direction,
            bytes: &record.sent.bytes,
            comments: &[],
        };
        self.recorder.frame(&frame).map_err(|error| unwritable(&self.path, &error))
    }

    /// Lets everything taken so far reach the file.
    ///
    /// # Errors
    /// The file cannot be written any more.
    pub fn save(&mut self) -> Result<(), Refusal> {
        let now = self.wall_time(self.told);
        self.recorder.save(now).map_err(|error| unwritable(&self.path, &error))
    }

    /// Writes the tail of the journal, which goes up to `horizon` (microseconds of virtual time), and closes the file.
    ///
    /// # Errors
    /// The file cannot be written any more.
    pub fn finish(mut self, horizon: u64) -> Result<(), Refusal> {
        self.horizon(horizon);
        let path = self.path;
        let ended = self.recorder.finish().map_err(|error| unwritable(&path, &error))?;
        ended.into_inner().map(drop).map_err(|error| unwritable(&path, &io::Error::from(error)))
    }

    /// Nanoseconds since 1970 at a virtual time in microseconds.
    fn wall_time(&self, time: u64) -> u64 {
        self.boot_time.saturating_add(time).saturating_mul(1_000)
    }
}

fn unwritable(path: &str, error: &dyn std::fmt::Display) -> Refusal {
    let (shown, error) = (harmless(path), error.to_string());
    Refusal::usage(
        format!("the recording {shown} cannot be written: {error}."),
        format!("无法写入录制文件 {shown}：{error}。"),
    )
}
