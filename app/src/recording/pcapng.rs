//! Recordings: pcapng that Wireshark opens and that this program re-opens with the whole journal. Frames are
//! Enhanced Packet Blocks with their direction, steps are packet comments. How the journal of everything else rides between them
//! is told in `stream`; here a whole recording is written, and any is read.
//!
//! Promise: a file cut at any place gives back the journal up to there or says what is missing, never a wrong one.

use std::io::{self, Write};

use pcap_file::pcapng::Block;
use pcap_file::pcapng::blocks::enhanced_packet::{EnhancedPacketBlock, EnhancedPacketOption};
use pcap_file::pcapng::blocks::interface_statistics::InterfaceStatisticsOption;
use pcap_file::pcapng::blocks::opt_common::CommonOption;
use stack::lab::beginning::Beginning;
use stack::lab::journal::Journal;

pub use super::blocks::{ENTERPRISE, RecordedInterface};

use super::blocks::{NUMBER, Packet};
use super::journal::{Frames, JournalError, Kept, decode_session};
use super::stream::{END, PIECE, Stream};
use crate::capture::FrameDirection;
use crate::capture::read::{CaptureError, for_each_block};

/// Blocks at the beginning of a file that say whether it is a recording of ours.
const LOOKED_AT: usize = 10_000;

/// A frame to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedFrame<'a> {
    /// Which device, counted from 0 in the order given to [`Recorder::new`].
    pub interface: u32,
    /// Nanoseconds since 1970.
    pub time_ns: u64,
    /// Which way, seen from that device.
    pub direction: FrameDirection,
    /// The frame without its check sequence.
    pub bytes: &'a [u8],
    /// What Wireshark shows as packet comments.
    pub comments: &'a [String],
}

/// Writes a recording.
#[derive(Debug)]
pub struct Recorder<W: Write> {
    writer: W,
    stream: Stream,
    /// Devices that were described.
    interfaces: usize,
}

impl<W: Write> Recorder<W> {
    /// Begins a recording of the given devices.
    ///
    /// # Errors
    /// The writer fails.
    pub fn new(writer: W, interfaces: &[RecordedInterface]) -> io::Result<Self> {
        Self::with_comments(writer, interfaces, &[])
    }

    /// Likewise, with comments on the whole recording.
    ///
    /// # Errors
    /// The writer fails.
    pub fn with_comments(writer: W, interfaces: &[RecordedInterface], comments: &[String]) -> io::Result<Self> {
        let stream = Stream::begin(interfaces, comments);
        let mut recorder = Self { writer, stream, interfaces: interfaces.len() };
        recorder.write()?;
        Ok(recorder)
    }

    /// Takes further journal bytes; they go out with the next frame.
    pub fn journal(&mut self, bytes: &[u8]) {
        self.stream.journal(bytes);
    }

    /// Writes a frame, with the journal that waits.
    ///
    /// # Errors
    /// The writer fails, or `interface` was never described.
    pub fn frame(&mut self, frame: &RecordedFrame<'_>) -> io::Result<()> {
        let RecordedFrame { interface, time_ns, direction, bytes, comments } = *frame;
        if usize::try_from(interface).is_ok_and(|interface| interface >= self.interfaces) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "a frame of a device that was not described"));
        }
        self.stream.packet(&Packet { interface, time_ns, direction, number: None, bytes }, comments);
        self.stream.attach();
        self.write()
    }

    /// Writes what waits of the journal, and the mark of a good end.
    ///
    /// # Errors
    /// The writer fails.
    pub fn finish(mut self) -> io::Result<W> {
        self.stream.end();
        self.write()?;
        self.writer.flush()?;
        Ok(self.writer)
    }

    fn write(&mut self) -> io::Result<()> {
        let mut bytes = Vec::new();
        self.stream.take(&mut bytes);
        self.writer.write_all(&bytes)
    }
}

/// The journal as found in a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecordedJournal {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Frames that it points at.
    pub frames: Frames,
    /// Whether the recording was ended in good order; else the journal stops where the program did.
    pub complete: bool,
}

impl RecordedJournal {
    /// Reads what it says: the beginning of a world, and what entered it.
    ///
    /// # Errors
    /// It is of another version, makes no sense, asks for too much, or points at a frame that is not there.
    pub fn decode(self) -> Result<(Beginning, Journal), JournalError> {
        self.decode_session().map(|(beginning, journal, _)| (beginning, journal))
    }

    /// Likewise, with the session that was kept beside the run.
    ///
    /// # Errors
    /// It is of another version, makes no sense, asks for too much, or points at a frame that is not there.
    pub fn decode_session(self) -> Result<(Beginning, Journal, Kept), JournalError> {
        // A character may be cut with the last line.
        let lines = self.bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        let text = self.bytes.get(..lines).and_then(|lines| std::str::from_utf8(lines).ok());
        decode_session(text.ok_or(JournalError::Line(1))?, self.frames, self.complete)
    }
}

/// Why a file gives no journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordingError {
    /// It is no pcapng file.
    NotPcapng(CaptureError),
    /// It is a capture without a journal in it.
    NoJournal,
    /// Frames that carried parts of the journal were taken out of the file.
    Missing {
        /// The first journal byte that is not there.
        offset: u64,
    },
    /// It has two frames where the journal points at one.
    Twice {
        /// The number of both.
        number: u64,
    },
}

/// Reads the journal back. Pieces may stand in any order (mergecap), more than once, and cut at other places each time.
///
/// # Errors
/// There is none in the file, or a part of it was cut out of the middle.
pub fn read_journal(bytes: &[u8]) -> Result<RecordedJournal, RecordingError> {
    let mut found = Found::default();
    for_each_block(bytes, |block, _| {
        match block {
            Block::EnhancedPacket(packet) => found.packet(packet),
            Block::InterfaceStatistics(statistics) => {
                for option in &statistics.options {
                    if let InterfaceStatisticsOption::Common(CommonOption::CustomBinaryCopiable(custom)) = option {
                        found.value(custom.pen, &custom.value, None);
                    }
                }
            }
            Block::CustomCopiable(custom) => found.value(custom.pen, &custom.payload, None),
            _ => {}
        }
        true
    })
    .map_err(RecordingError::NotPcapng)?;
    found.assemble()
}

/// Whether a file is a recording of ours, as far as its first blocks tell: every frame of one carries something of its journal.
#[must_use]
pub fn is_recording(bytes: &[u8]) -> bool {
    let ours = |option: &CommonOption<'_>| matches!(option, CommonOption::CustomBinaryCopiable(custom) if custom.pen == ENTERPRISE);
    let mut is_ours = false;
    let mut left = LOOKED_AT;
    let looked = for_each_block(bytes, |block, _| {
        is_ours = match block {
            Block::EnhancedPacket(packet) => packet
                .options
                .iter()
                .any(|option| matches!(option, EnhancedPacketOption::Common(option) if ours(option))),
            Block::InterfaceStatistics(statistics) => statistics
                .options
                .iter()
                .any(|option| matches!(option, InterfaceStatisticsOption::Common(option) if ours(option))),
            Block::CustomCopiable(custom) => custom.pen == ENTERPRISE,
            _ => false,
        };
        left -= 1;
        !is_ours && left > 0
    });
    looked.is_ok() && is_ours
}

/// What was found of a journal in the blocks of a file.
#[derive(Debug, Default)]
struct Found {
    /// Pieces by their places.
    pieces: Vec<(u64, Vec<u8>)>,
    frames: Frames,
    /// The length of the journal, where it was ended.
    end: Option<u64>,
    /// A number that two frames have.
    twice: Option<u64>,
}

impl Found {
    fn packet(&mut self, packet: &EnhancedPacketBlock<'_>) {
        for option in &packet.options {
            if let EnhancedPacketOption::Common(CommonOption::CustomBinaryCopiable(custom)) = option {
                self.value(custom.pen, &custom.value, Some(&packet.data));
            }
        }
    }

    /// Takes a piece, the end mark, or the number of a frame out of a custom value of ours, which may stand at a frame; other
    /// people's values are passed over.
    fn value(&mut self, pen: u32, value: &[u8], frame: Option<&[u8]>) {
        let Some((mark, rest)) = value.split_first_chunk::<4>().filter(|_| pen == ENTERPRISE) else {
            return;
        };
        let Some((number, rest)) = rest.split_first_chunk::<8>() else {
            return;
        };
        let number = u64::from_le_bytes(*number);
        if *mark == END {
            self.end = Some(number);
        } else if *mark == PIECE
            && let Some((length, rest)) = rest.split_first_chunk::<4>()
            && let Ok(length) = usize::try_from(u32::from_le_bytes(*length))
            && let Some(bytes) = rest.get(..length)
        {
            self.pieces.push((number, bytes.to_vec()));
        } else if *mark == NUMBER
            && let Some(frame) = frame
            && !self.frames.insert(number, frame)
        {
            self.twice = Some(number);
        }
    }

    /// Puts the pieces together. Where two say the same, the first that has it is taken.
    fn assemble(mut self) -> Result<RecordedJournal, RecordingError> {
        if self.pieces.is_empty() && self.end.is_none() {
            return Err(RecordingError::NoJournal);
        }
        if let Some(number) = self.twice {
            return Err(RecordingError::Twice { number });
        }
        self.pieces.sort();
        let mut bytes = Vec::new();
        let here = |bytes: &Vec<u8>| u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        for (offset, piece) in self.pieces {
            let known = here(&bytes).checked_sub(offset).ok_or(RecordingError::Missing { offset: here(&bytes) })?;
            bytes.extend(usize::try_from(known).ok().and_then(|known| piece.get(known..)).unwrap_or(&[]));
        }
        if self.end.is_some_and(|total| total != here(&bytes)) {
            return Err(RecordingError::Missing { offset: here(&bytes) });
        }
        Ok(RecordedJournal { bytes, frames: self.frames, complete: self.end.is_some() })
    }
}
