//! The recording of a live session: frames as they pass the device, and the journal of what entered, in one pcapng file. The session
//! puts the blocks together (`round`), a thread of its own writes them (`ring`). Promise: what has been handed over
//! reaches the file within a second, whatever becomes of the program, and what is there opens; nothing is lost while the program
//! lives, for a session waits where the disk is slower; no file that is there already is written over unless that was asked for;
//! and whatever ends a recording before its session is told in a sentence.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;

use stack::kernel::KernelOops;
use stack::lab::beginning::Beginning;
use stack::lab::journal::Act;
use stack::lab::run::FrameRecord;

use super::of_run::death;
pub use super::ring::Stopped;
use super::ring::{Behind, Ring};
use super::round::Round;
use super::stream::Stream;
use crate::i18n::Words;
use crate::recording::journal::encode_beginning;
use crate::recording::pcapng::RecordedInterface;
use crate::refusal::{EXIT_FAILED, Refusal, harmless};

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
    round: Round,
    writer: Option<JoinHandle<()>>,
    path: String,
    /// Bytes of the file so far.
    size: Arc<AtomicU64>,
    /// The host that is recorded.
    host: String,
    /// Whether its death has been told.
    is_dead: bool,
}

impl Recording {
    /// Begins a recording: what the session begins with is in the file when this returns.
    ///
    /// # Errors
    /// The file is there already and may not be replaced, or it cannot be written.
    pub fn begin(target: &Target, beginning: &Beginning) -> Result<Self, Refusal> {
        let path = &target.path;
        let mut file = create(target)?;
        let (host, boot_time) = beginning
            .hosts
            .first()
            .map_or((String::new(), 0), |(name, config)| (name.clone(), config.clock_at_power_on()));
        let round = Round::new(boot_time);
        let mut stream = Stream::begin(&RecordedInterface::all_of(beginning), &[]);
        stream.journal(encode_beginning(beginning).as_bytes());
        stream.save(round.time_ns());
        let mut begun = Vec::new();
        stream.take(&mut begun);
        file.write_all(&begun).map_err(|error| {
            if !target.replace {
                // It was made here and has nothing in it.
                drop(std::fs::remove_file(path));
            }
            unwritable(path, &error)
        })?;
        let written = u64::try_from(begun.len()).unwrap_or(u64::MAX);
        let size = Arc::new(AtomicU64::new(written));
        let ring = Arc::new(Ring::new(stream, written, round.time_ns(), target.limit));
        let writer = Writer {
            file,
            ring: Arc::clone(&ring),
            size: Arc::clone(&size),
            path: path.clone(),
            limit: target.limit.unwrap_or(0),
        };
        let thread = std::thread::Builder::new().name("recording".to_owned()).spawn(move || writer.work());
        let thread = thread.map_err(|error| unwritable(path, &error))?;
        Ok(Self { ring, round, writer: Some(thread), path: path.clone(), size, host, is_dead: false })
    }

    /// Bytes of the file so far.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size.load(Ordering::Relaxed)
    }

    /// Takes an act of the journal, which happened at `time` (microseconds of virtual time).
    pub fn act(&mut self, time: u64, act: &Act) {
        self.round.act(time, act);
    }

    /// Takes how far time has gone (microseconds of virtual time), where that is news.
    pub fn horizon(&mut self, horizon: u64) {
        self.round.horizon(horizon);
    }

    /// Takes a frame that has passed the device.
    pub fn frame(&mut self, record: &FrameRecord) {
        self.passed(record.time, record.from_outside, &record.sent.bytes);
    }

    /// Likewise, by its bytes: at `time` (microseconds of virtual time).
    pub fn passed(&mut self, time: u64, from_outside: bool, bytes: &[u8]) {
        self.round.passed(time, from_outside, bytes);
    }

    /// Takes the death of the kernel at `time` (microseconds of virtual time): a comment on the frame that passed last. It dies once,
    /// however often that is said.
    pub fn died(&mut self, time: u64, oops: &KernelOops) {
        if !std::mem::replace(&mut self.is_dead, true) {
            self.round.comment(death(&self.host, time, oops));
        }
    }

    /// Hands over everything taken so far; it is in the file within a second. Waits where the disk is slower than the session.
    ///
    /// # Errors
    /// The recording has come to an end.
    pub fn save(&mut self) -> Result<(), Stopped> {
        if self.round.is_empty() { Ok(()) } else { self.ring.hand_over(&mut self.round) }
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
        self.horizon(horizon);
        let handed_over = self.save();
        self.close();
        handed_over?;
        self.ring.stopped().map_or(Ok(()), Err)
    }

    fn close(&mut self) {
        self.ring.end();
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
            self.close();
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

/// The side of the thread.
struct Writer {
    file: File,
    ring: Arc<Ring>,
    size: Arc<AtomicU64>,
    path: String,
    /// The most bytes of the file, for the sentence about it.
    limit: u64,
}

impl Writer {
    fn work(mut self) {
        let mut bytes = Vec::new();
        loop {
            let behind = self.ring.take(&mut bytes);
            if let Err(error) = self.file.write_all(&bytes) {
                return self.ring.stop(fault(unwritable(&self.path, &error)));
            }
            self.size.fetch_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX), Ordering::Relaxed);
            bytes.clear();
            match behind {
                Behind::More => {}
                Behind::End => return,
                Behind::Full => {
                    return self.ring.stop(Stopped { why: full(&self.path, self.limit), is_fault: false });
                }
            }
        }
    }
}

fn fault(why: Refusal) -> Stopped {
    Stopped { why, is_fault: true }
}

fn full(path: &str, limit: u64) -> Refusal {
    let shown = harmless(path);
    Refusal::usage(
        format!("the recording {shown} has reached its limit of {limit} bytes and was closed; the session goes on."),
        format!("录制文件 {shown} 已达到 {limit} 字节的上限，已正常结束；会话继续运行。"),
    )
}

fn unwritable(path: &str, error: &dyn std::fmt::Display) -> Refusal {
    let (shown, error) = (harmless(path), error.to_string());
    let words = Words::new(
        format!("the recording {shown} cannot be written: {error}."),
        format!("无法写入录制文件 {shown}：{error}。"),
    );
    Refusal { words, exit_code: EXIT_FAILED }
}
