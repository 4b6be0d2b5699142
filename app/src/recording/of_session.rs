//! The recording of a live session: frames as they pass the device, and the journal of what entered, in one pcapng file. A thread
//! of its own encodes and writes; the session only hands over what happened (`ring`). Promise: what has been handed over
//! reaches the file within a second, whatever becomes of the program, and what is there opens; nothing is lost while the program
//! lives, for a session waits where the disk is slower; no file that is there already is written over unless that was asked for;
//! and whatever ends a recording before its session is told in a sentence.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;

use pcap_file::pcapng::PcapNgWriteError;
use stack::lab::beginning::Beginning;
use stack::lab::journal::Act;
use stack::lab::run::FrameRecord;

pub use super::ring::Stopped;
use super::ring::{Batch, Entry, Ring};
use crate::capture::FrameDirection;
use crate::i18n::Words;
use crate::recording::journal::{encode_act, encode_beginning, encode_frames, encode_horizon};
use crate::recording::pcapng::{RecordedFrame, RecordedInterface, Recorder};
use crate::refusal::{EXIT_FAILED, Refusal, harmless};

/// Room that the end of a file takes at most, in bytes.
const TAIL: u64 = 512;

/// Where a session is recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// The file.
    pub path: String,
    /// Whether a file that is there already may be replaced.
    pub replace: bool,
    /// The most bytes that the file may have; where it is reached the recording ends in good order.
    pub limit: Option<u64>,
}

impl Target {
    /// A new file without a limit.
    #[must_use]
    pub fn new(path: impl Into<String>) -> Self {
        Self { path: path.into(), replace: false, limit: None }
    }
}

/// An open recording, as the session has it.
#[derive(Debug)]
pub struct Recording {
    ring: Arc<Ring>,
    /// What has not been handed over yet.
    batch: Batch,
    writer: Option<JoinHandle<()>>,
    path: String,
    /// Bytes of the file so far.
    size: Arc<AtomicU64>,
    /// How far time has gone according to what was recorded, microseconds of virtual time.
    told: u64,
}

impl Recording {
    /// Begins a recording: what the session begins with is in the file when this returns.
    ///
    /// # Errors
    /// The file is there already and may not be replaced, or it cannot be written.
    pub fn begin(target: &Target, beginning: &Beginning) -> Result<Self, Refusal> {
        let path = &target.path;
        let file = create(target)?;
        let size = Arc::new(AtomicU64::new(0));
        let file = BufWriter::with_capacity(256 << 10, Counted { file, size: Arc::clone(&size) });
        let boot_time = beginning.hosts.first().map_or(0, |(_, config)| config.clock_at_power_on());
        let begun = Recorder::new(file, &interfaces(beginning)).and_then(|mut recorder| {
            recorder.journal(encode_beginning(beginning).as_bytes());
            recorder.save(boot_time.saturating_mul(1_000))?;
            Ok(recorder)
        });
        let recorder = begun.map_err(|error| {
            if !target.replace {
                // It was made here and has nothing in it.
                drop(std::fs::remove_file(path));
            }
            unwritable(path, cause(&error))
        })?;
        let ring = Arc::new(Ring::default());
        let writer = Writer {
            recorder,
            ring: Arc::clone(&ring),
            size: Arc::clone(&size),
            path: path.clone(),
            boot_time,
            limit: target.limit,
            told: 0,
            line: Vec::new(),
        };
        let thread = std::thread::Builder::new().name("recording".to_owned()).spawn(move || writer.work());
        let thread = thread.map_err(|error| unwritable(path, &error))?;
        Ok(Self { ring, batch: Batch::default(), writer: Some(thread), path: path.clone(), size, told: 0 })
    }

    /// Bytes of the file so far.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size.load(Ordering::Relaxed)
    }

    /// Takes an act of the journal, which happened at `time` (microseconds of virtual time).
    pub fn act(&mut self, time: u64, act: &Act) {
        self.told = self.told.max(time);
        let entry = match act {
            Act::Frames { host, frames } if !frames.is_empty() => {
                for (place, (device, bytes)) in frames.iter().enumerate() {
                    self.batch.bytes.extend_from_slice(bytes);
                    let (length, is_joined) = (bytes.len(), place > 0);
                    let arrival = Entry::Arrival { time, host: *host, device: *device, is_joined, length };
                    self.batch.entries.push(arrival);
                }
                return;
            }
            act => Entry::Act { time, act: act.clone() },
        };
        self.batch.entries.push(entry);
    }

    /// Takes how far time has gone (microseconds of virtual time), where that is news.
    pub fn horizon(&mut self, horizon: u64) {
        if horizon > self.told {
            self.told = horizon;
            self.batch.entries.push(Entry::Horizon(horizon));
        }
    }

    /// Takes a frame that has passed the device.
    pub fn frame(&mut self, record: &FrameRecord) {
        self.passed(record.time, record.from_outside, &record.sent.bytes);
    }

    /// Likewise, by its bytes: at `time` (microseconds of virtual time).
    pub fn passed(&mut self, time: u64, from_outside: bool, bytes: &[u8]) {
        self.batch.bytes.extend_from_slice(bytes);
        self.batch.entries.push(Entry::Frame { time, from_outside, length: bytes.len() });
    }

    /// Hands over everything taken so far; it is in the file within a second. Waits where the disk is slower than the session.
    ///
    /// # Errors
    /// The recording has come to an end.
    pub fn save(&mut self) -> Result<(), Stopped> {
        if self.batch.is_empty() { Ok(()) } else { self.ring.hand_over(&mut self.batch) }
    }

    /// Whether the recording has come to an end by itself, and why: also while nothing is handed over.
    #[must_use]
    pub fn stopped(&self) -> Option<Stopped> {
        self.ring.stopped()
    }

    /// Writes the tail of the journal, which goes up to `horizon` (microseconds of virtual time), and closes the file.
    ///
    /// # Errors
    /// Why the file does not have everything.
    pub fn finish(mut self, horizon: u64) -> Result<(), Stopped> {
        let handed_over = self.save();
        self.close(horizon);
        handed_over?;
        self.ring.stopped().map_or(Ok(()), Err)
    }

    fn close(&mut self, horizon: u64) {
        self.ring.end(horizon);
        let ended = self.writer.take().map(JoinHandle::join);
        if let Some(Err(_)) = ended {
            // Its own words have been said already.
            self.ring.stop(fault(unwritable(&self.path, &"its thread has stopped")));
        }
    }
}

impl Drop for Recording {
    /// A recording that nobody has finished ends with what was handed over.
    fn drop(&mut self) {
        if self.writer.is_some() {
            let _told_by_the_writer = self.save();
            self.close(self.told);
        }
    }
}

/// The recording of a session that may have none, or none any more.
#[derive(Debug)]
pub struct Kept {
    recording: Option<Recording>,
    /// Why it ended before the session.
    stopped: Option<Stopped>,
}

impl From<Option<Recording>> for Kept {
    fn from(recording: Option<Recording>) -> Self {
        Self { recording, stopped: None }
    }
}

impl Kept {
    /// The recording, while it goes on.
    pub fn on(&mut self) -> Option<&mut Recording> {
        self.recording.as_mut()
    }

    /// Bytes of the recording so far, while it goes on.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        self.recording.as_ref().map(Recording::size)
    }

    /// Hands over what the recording has taken; where it has come to an end, that is told by [`Kept::stopped`].
    pub fn save(&mut self) {
        if let Some(Err(stopped)) = self.recording.as_mut().map(Recording::save) {
            self.recording = None;
            self.stopped = Some(stopped);
        }
    }

    /// Why the recording has ended before the session, if it has. To be asked while nothing happens too: what was handed over
    /// is written by another thread.
    pub fn stopped(&mut self) -> Option<&Stopped> {
        if let Some(stopped) = self.recording.as_ref().and_then(Recording::stopped) {
            self.recording = None;
            self.stopped = Some(stopped);
        }
        self.stopped.as_ref()
    }

    /// Gives the recording its tail, which goes up to `horizon` (microseconds of virtual time). A fault is told once.
    ///
    /// # Errors
    /// The recording does not have everything that happened.
    pub fn finish(&mut self, horizon: u64) -> Result<(), Refusal> {
        let finished = self.recording.take().map_or(Ok(()), |recording| recording.finish(horizon));
        let stopped = self.stopped.take().or(finished.err());
        stopped.filter(|stopped| stopped.is_fault).map_or(Ok(()), |stopped| Err(stopped.why))
    }
}

/// The file of a recording: a new one, or an old one where that was asked for.
fn create(target: &Target) -> Result<File, Refusal> {
    let path = &target.path;
    let mut options = OpenOptions::new();
    options.write(true);
    if target.replace {
        options.create(true).truncate(true);
    } else {
        options.create_new(true);
    }
    options.open(path).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => {
            let shown = harmless(path);
            Refusal::usage(
                format!("the recording {shown} is there already: give another name, or --force to replace it."),
                format!("录制文件 {shown} 已经存在：请换一个名字，或用 --force 覆盖它。"),
            )
        }
        _ => Refusal { exit_code: crate::refusal::EXIT_USAGE, ..unwritable(path, &error) },
    })
}

fn interfaces(beginning: &Beginning) -> Vec<RecordedInterface> {
    let of_host = |(name, config): &(String, stack::include::config::Config)| {
        let name = name.clone();
        let interfaces = config.interfaces.iter().enumerate();
        let described = interfaces.map(|(number, interface)| RecordedInterface {
            name: format!("{name}.eth{number}"),
            hardware_address: interface.mac,
        });
        described.collect::<Vec<_>>()
    };
    beginning.hosts.iter().flat_map(of_host).collect()
}

/// A file that counts what is written to it.
struct Counted {
    file: File,
    size: Arc<AtomicU64>,
}

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.size.fetch_add(u64::try_from(written).unwrap_or(u64::MAX), Ordering::Relaxed);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// The side of the thread.
struct Writer {
    recorder: Recorder<BufWriter<Counted>>,
    ring: Arc<Ring>,
    size: Arc<AtomicU64>,
    path: String,
    /// Wall time of virtual time 0, microseconds since 1970.
    boot_time: u64,
    limit: Option<u64>,
    /// How far time has gone in what was written, microseconds of virtual time.
    told: u64,
    /// A line of the journal, put together.
    line: Vec<u8>,
}

/// What becomes of a recording after a batch.
enum Next {
    /// There is more to come.
    More,
    /// The limit is reached.
    Full,
}

impl Writer {
    fn work(mut self) {
        let mut batch = Batch::default();
        loop {
            let ended = self.ring.take(&mut batch);
            let written = self.write(&batch);
            batch.clear();
            match (written, ended) {
                (Ok(Next::More), None) => {}
                (Ok(Next::More), Some(horizon)) => return self.finish(horizon, None),
                (Ok(Next::Full), _) => {
                    let stopped = Stopped { why: full(&self.path, self.limit), is_fault: false };
                    let told = self.told;
                    return self.finish(told, Some(stopped));
                }
                (Err(error), _) => return self.ring.stop(fault(unwritable(&self.path, cause(&error)))),
            }
        }
    }

    /// Writes a batch, as far as the limit allows.
    fn write(&mut self, batch: &Batch) -> Result<Next, PcapNgWriteError> {
        let mut bytes = batch.bytes.as_slice();
        let mut entries = batch.entries.as_slice();
        let mut frames = Vec::new();
        while !entries.is_empty() {
            // The frames of one act stand together.
            let is_joined = |entry: &&Entry| matches!(entry, Entry::Arrival { is_joined: true, .. });
            let many = 1 + entries.iter().skip(1).take_while(is_joined).count();
            let (act, rest) = entries.split_at(many);
            entries = rest;
            frames.clear();
            for entry in act {
                let (device, length) = match entry {
                    Entry::Arrival { device, length, .. } => (*device, *length),
                    Entry::Frame { length, .. } => (0, *length),
                    Entry::Act { .. } | Entry::Horizon(_) => continue,
                };
                let (frame, rest) = bytes.split_at(length.min(bytes.len()));
                bytes = rest;
                frames.push((device, frame));
            }
            if self.is_full(frames.iter().map(|(_, frame)| frame.len()).sum()) {
                return Ok(Next::Full);
            }
            if let Some(entry) = act.first() {
                self.entry(entry, &frames)?;
            }
        }
        self.recorder.save(self.wall_time(self.told))?;
        Ok(Next::More)
    }

    /// Whether the limit leaves no room for a frame of so many bytes, which stands in hexadecimal in the journal too.
    fn is_full(&self, length: usize) -> bool {
        let waiting = self.recorder.waiting() + self.recorder.writer().buffer().len() + 3 * length;
        let size = self.size.load(Ordering::Relaxed) + u64::try_from(waiting).unwrap_or(u64::MAX);
        self.limit.is_some_and(|limit| size.saturating_add(TAIL) > limit)
    }

    /// Writes an entry, with the frames that belong to it and their devices.
    fn entry(&mut self, entry: &Entry, frames: &[(u8, &[u8])]) -> Result<(), PcapNgWriteError> {
        match entry {
            Entry::Act { time, act } => {
                self.recorder.journal(encode_act(*time, act).as_bytes());
                self.told = self.told.max(*time);
            }
            Entry::Arrival { time, host, .. } => {
                self.line.clear();
                encode_frames(&mut self.line, *time, *host, frames);
                self.recorder.journal(&self.line);
                self.told = self.told.max(*time);
            }
            Entry::Horizon(horizon) => self.horizon(*horizon),
            Entry::Frame { time, from_outside, .. } => {
                let direction = if *from_outside { FrameDirection::Inbound } else { FrameDirection::Outbound };
                let time_ns = self.wall_time(*time);
                for (_, bytes) in frames {
                    let frame = RecordedFrame { interface: 0, time_ns, direction, bytes, comments: &[] };
                    self.recorder.frame(&frame)?;
                }
            }
        }
        Ok(())
    }

    fn horizon(&mut self, horizon: u64) {
        if horizon > self.told {
            self.recorder.journal(encode_horizon(horizon).as_bytes());
            self.told = horizon;
        }
    }

    /// Gives the file its tail; `stopped` is told where the session goes on without a recording.
    fn finish(mut self, horizon: u64, stopped: Option<Stopped>) {
        self.horizon(horizon);
        let closed =
            self.recorder.finish().and_then(|file| file.into_inner().map_err(|error| error.into_error().into()));
        match (closed, stopped) {
            (Ok(_), None) => {}
            (Ok(_), Some(stopped)) => self.ring.stop(stopped),
            (Err(error), _) => self.ring.stop(fault(unwritable(&self.path, cause(&error)))),
        }
    }

    /// Nanoseconds since 1970 at a virtual time in microseconds.
    fn wall_time(&self, time: u64) -> u64 {
        self.boot_time.saturating_add(time).saturating_mul(1_000)
    }
}

fn fault(why: Refusal) -> Stopped {
    Stopped { why, is_fault: true }
}

fn full(path: &str, limit: Option<u64>) -> Refusal {
    let shown = harmless(path);
    let limit = limit.unwrap_or(0);
    Refusal::usage(
        format!("the recording {shown} has reached its limit of {limit} bytes and was closed; the session goes on."),
        format!("录制文件 {shown} 已达到 {limit} 字节的上限，已正常结束；会话继续运行。"),
    )
}

/// What the system said, where it was the system: the crate's own words for it name no cause.
fn cause(error: &PcapNgWriteError) -> &dyn std::fmt::Display {
    match error {
        PcapNgWriteError::Io(error) => error,
        other => other,
    }
}

fn unwritable(path: &str, error: &dyn std::fmt::Display) -> Refusal {
    let (shown, error) = (harmless(path), error.to_string());
    let words = Words::new(
        format!("the recording {shown} cannot be written: {error}."),
        format!("无法写入录制文件 {shown}：{error}。"),
    );
    Refusal { words, exit_code: EXIT_FAILED }
}
