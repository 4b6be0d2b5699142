//! A capture or a recording as a run that can be walked. A recording of ours gives back the very run it was made of;
//! any other capture is replayed, with 1.2.13 in the place that is chosen. Promise: which of
//! the two a file is, is decided by what is in it, not by its name.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use stack::lab::run::Run;

use super::Opened;
use crate::capture::index::index;
use crate::capture::inject::{Outcome, inject_until};
use crate::capture::part::{Part, PartError};
use crate::capture::source::Bytes;
use crate::capture::{read, source};
use crate::i18n::Words;
use crate::recording::journal::{self, limits::Excess};
use crate::recording::pcapng::{RecordedJournal, RecordingError, is_recording, read_journal};
use crate::refusal::{Refusal, harmless};

/// Whether the file at `path` begins as a capture does, packed or not. One that is too short to say counts by its name, so that
/// it is refused as what it was meant to be.
#[must_use]
pub fn is_capture(path: &Path) -> bool {
    let mut first = Vec::new();
    let read = File::open(path).and_then(|file| file.take(4).read_to_end(&mut first));
    let named =
        path.extension().is_some_and(|extension| ["pcapng", "pcap", "cap"].iter().any(|name| extension == *name));
    read.is_ok() && (read::recognise(&first).is_ok() || source::is_packed(&first) || first.len() < 4 && named)
}

/// The bytes of the capture at `path` (`-` is standard input), opened only; none where it is a recording of ours, which opens as a run.
///
/// # Errors
/// It cannot be read.
pub fn foreign(path: &str) -> Result<Option<Bytes>, Refusal> {
    let bytes = source::open(path)?;
    Ok((!is_recording(&bytes)).then_some(bytes))
}

/// The replay of a part of the capture at `path`, and what is to be said of the file; none where it is a recording of ours and no
/// part of what went over its wire is asked for.
///
/// # Errors
/// It cannot be read, or there is not exactly one connection that the stack could take part in and that fits `part`.
pub fn replay(path: &str, part: &Part) -> Result<Option<(Outcome, Option<Words<String>>)>, Refusal> {
    let bytes = source::load(path)?;
    if is_recording(&bytes) && part.is_open() {
        return Ok(None);
    }
    replayed(path, &bytes, part).map(Some)
}

/// Opens the capture or recording at `path`.
///
/// # Errors
/// It cannot be read, or there is not exactly one connection that the stack could take part in and that fits `part`.
pub fn open(path: &str, part: &Part) -> Result<Opened, Refusal> {
    let bytes = source::load(path)?;
    match read_journal(&bytes) {
        Ok(recorded) => return recording(path, recorded),
        Err(RecordingError::Missing { .. }) => return Err(cut_out(path)),
        Err(RecordingError::Twice { number }) => return Err(twice(path, number)),
        Err(RecordingError::NotPcapng(_) | RecordingError::NoJournal) => {}
    }
    // What the replay has to say stands in `sockscope replay`; here only the file is spoken of.
    replayed(path, &bytes, part).map(|(outcome, remark)| Opened {
        remark,
        start: outcome.second_zero(),
        ..outcome.run().into()
    })
}

/// The replay of a part of a capture, and what is to be said of the file.
fn replayed(path: &str, bytes: &Bytes, part: &Part) -> Result<(Outcome, Option<Words<String>>), Refusal> {
    let index = index(bytes).map_err(|fault| fault.refusal(path))?;
    if index.frames() == 0 {
        return Err(no_frame(path));
    }
    let remark = index.damage().map(|damage| damage.remark(path));
    match part.choose(&index) {
        Ok((flow, own)) => {
            let connection = index.read(bytes, flow);
            Ok((inject_until(&index.of_bytes(bytes), &connection, own, index.last_ns())?, remark))
        }
        Err(PartError::Unreadable(refusal)) => Err(refusal),
        Err(PartError::Nothing) => Err(nothing(path)),
        Err(PartError::Several | PartError::Absent) => Err(not_one(path, index.flows().len())),
    }
}

fn recording(path: &str, recorded: RecordedJournal) -> Result<Opened, Refusal> {
    let shown = harmless(path);
    if !recorded.complete && !recorded.bytes.contains(&b'\n') {
        return Err(no_frame(path));
    }
    let complete = recorded.complete;
    match recorded.decode_session() {
        Ok((beginning, journal, kept)) => {
            let run = Run::new(beginning.world(), journal);
            Ok(Opened { run, remark: (!complete).then(|| cut_short(path)), start: kept.start, kept, gallery: None })
        }
        Err(journal::JournalError::Line(line)) => Err(unreadable_line(path, line)),
        Err(journal::JournalError::Excess(line, excess)) => Err(too_much(path, line, excess)),
        Err(journal::JournalError::Frame(line)) => Err(no_such_frame(path, line)),
        Err(journal::JournalError::Version) => Err(Refusal::usage(
            format!("{shown} was recorded by another version of sockscope: open it with that one."),
            format!("{shown} 由另一个版本的 sockscope 录制：请用那个版本打开。"),
        )),
    }
}

fn cut_short(path: &str) -> Words<String> {
    let shown = harmless(path);
    Words::new(
        format!(
            "{shown} has no end: its recording was cut off, and what comes after the last frame here is not known."
        ),
        format!("{shown} 没有结尾：录制曾被中断，最后一帧之后发生了什么无从知道。"),
    )
}

/// The refusal of a capture without a frame.
#[must_use]
pub fn no_frame(path: &str) -> Refusal {
    let shown = harmless(path);
    Refusal::usage(
        format!(
            "{shown} is empty: it has not a single frame, because nothing was captured or it was cut off right after its beginning."
        ),
        format!("{shown} 是空的，一个帧也没有：什么都没有抓到，或者文件在开头之后就被截断了。"),
    )
}

fn unreadable_line(path: &str, line: usize) -> Refusal {
    let shown = harmless(path);
    Refusal::usage(
        format!("{shown}: line {line} of the recorded journal makes no sense: the file is damaged."),
        format!("{shown}：录制的日志第 {line} 行没有意义：文件已损坏。"),
    )
}

fn too_much(path: &str, line: usize, excess: Excess) -> Refusal {
    let (shown, most) = (harmless(path), excess.at_most());
    Refusal::usage(
        format!("{shown}: line {line} of the recorded journal goes too far: a recording may have at most {}.", most.en),
        format!("{shown}：录制的日志第 {line} 行超出限度：一份录制最多可以有 {}。", most.zh),
    )
}

fn cut_out(path: &str) -> Refusal {
    let shown = harmless(path);
    Refusal::usage(
        format!(
            "{shown}: frames that carried parts of the journal were taken out of the recording: open the original."
        ),
        format!("{shown}：录制文件中带有日志的帧被删掉了：请打开原来的文件。"),
    )
}

fn no_such_frame(path: &str, line: usize) -> Refusal {
    let shown = harmless(path);
    Refusal::usage(
        format!(
            "{shown}: line {line} of the recorded journal lets a frame enter that is not in the file: open the original recording."
        ),
        format!("{shown}：录制的日志第 {line} 行引用的帧不在文件中：请打开原来的录制文件。"),
    )
}

fn twice(path: &str, number: u64) -> Refusal {
    let shown = harmless(path);
    Refusal::usage(
        format!(
            "{shown} has two frames under number {number} of its journal: recordings were merged or changed: open one as it was recorded."
        ),
        format!("{shown} 中有两个不同的帧使用日志编号 {number}：录制文件被合并或改动过：请打开未经改动的录制文件。"),
    )
}

fn nothing(path: &str) -> Refusal {
    let shown = harmless(path);
    Refusal::usage(
        format!("{shown} has no IPv4 TCP connection, and 1.2.13 can take part in no other: give another capture."),
        format!("{shown} 中没有 IPv4 TCP 连接，而 1.2.13 不能参与别的连接：请换一个抓包文件。"),
    )
}

fn not_one(path: &str, count: usize) -> Refusal {
    let shown = harmless(path);
    Refusal::usage(
        format!(
            "{shown} has {count} IPv4 TCP connections where one is wanted: `sockscope replay {shown}` lists them; replay, trace and export take --as IP:PORT or --connection N."
        ),
        format!(
            "{shown} 中有 {count} 个 IPv4 TCP 连接，而这里需要恰好一个：`sockscope replay {shown}` 会列出它们；replay、trace 和 export 可用 --as IP:端口 或 --connection N 选择。"
        ),
    )
}
