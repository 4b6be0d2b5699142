//! Recordings: pcapng that Wireshark opens and that this program re-opens with the whole journal. Frames are
//! Enhanced Packet Blocks with their direction, steps are packet comments. The journal of everything else rides in
//! custom options of the next frame, which are invisible in Wireshark's list and survive editcap and mergecap; its
//! tail, and the mark that the recording was ended in good order, stand in final custom blocks.
//!
//! What waits for a frame that may never come is saved meanwhile in the options of an Interface Statistics Block, of
//! which Wireshark makes no row either, so that its numbers of frames stay ours. editcap and mergecap drop that copy;
//! they do no harm, because the same bytes ride with the next frame again, and the reader takes them once.
//!
//! Promise: a file cut at any place gives back the journal up to there or says what is missing, never a wrong one.

use std::borrow::Cow;
use std::io::Write;
use std::time::Duration;

use pcap_file::pcapng::blocks::custom::{CustomBinaryOption, CustomBlock};
use pcap_file::pcapng::blocks::enhanced_packet::{EnhancedPacketBlock, EnhancedPacketOption};
use pcap_file::pcapng::blocks::interface_description::{
    InterfaceDescriptionBlock, InterfaceDescriptionOption, InterfaceTsResolution,
};
use pcap_file::pcapng::blocks::interface_statistics::{InterfaceStatisticsBlock, InterfaceStatisticsOption};
use pcap_file::pcapng::blocks::opt_common::CommonOption;
use pcap_file::pcapng::blocks::section_header::{SectionHeaderBlock, SectionHeaderOption};
use pcap_file::pcapng::{Block, PcapNgBlock, PcapNgWriteError, PcapNgWriter};
use pcap_file::{DataLink, Endianness};

use crate::capture::FrameDirection;
use crate::capture::read::{CaptureError, for_each_block};

/// The Private Enterprise Number in our custom options and blocks (the one IANA reserves for documentation).
pub const ENTERPRISE: u32 = 32_473;
/// The most journal bytes in one custom option: its length field has 16 bits.
const LARGEST_PIECE: usize = 60_000;
/// The most journal pieces on one frame, so that no block outgrows what other readers take (16 MiB).
const MOST_PIECES: usize = 64;
/// The longest comment: an option's length field has 16 bits.
const LONGEST_COMMENT: usize = 65_000;

const PIECE: [u8; 4] = *b"SSJ1";
const END: [u8; 4] = *b"SSE1";

/// A device whose frames are recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedInterface {
    /// Host and device, as in `A.eth0`.
    pub name: String,
    /// Its hardware address.
    pub hardware_address: [u8; 6],
}

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
pub struct Recorder<W: Write> {
    writer: PcapNgWriter<W>,
    /// Journal bytes that wait for a frame.
    waiting: Vec<u8>,
    /// Journal bytes before those.
    written: u64,
    /// How many of those that wait are in the file already, in a copy.
    saved: usize,
}

impl<W: Write> std::fmt::Debug for Recorder<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recorder").field("waiting", &self.waiting.len()).field("written", &self.written).finish()
    }
}

impl<W: Write> Recorder<W> {
    /// Begins a recording of the given devices.
    ///
    /// # Errors
    /// The writer fails.
    pub fn new(writer: W, interfaces: &[RecordedInterface]) -> Result<Self, PcapNgWriteError> {
        Self::with_comments(writer, interfaces, &[])
    }

    /// Likewise, with comments on the whole recording.
    ///
    /// # Errors
    /// The writer fails.
    pub fn with_comments(
        writer: W,
        interfaces: &[RecordedInterface],
        comments: &[String],
    ) -> Result<Self, PcapNgWriteError> {
        let program = concat!("sockscope ", env!("CARGO_PKG_VERSION"));
        let mut options = vec![
            SectionHeaderOption::OS("Linux 1.2.13 (sockscope)".into()),
            SectionHeaderOption::UserApplication(program.into()),
        ];
        let comment = |comment: &String| CommonOption::Comment(fitting(comment).to_owned().into());
        options.extend(comments.iter().map(|text| SectionHeaderOption::Common(comment(text))));
        let section = SectionHeaderBlock { endianness: Endianness::Little, options, ..SectionHeaderBlock::default() };
        let mut writer = PcapNgWriter::with_section_header(writer, section)?;
        for interface in interfaces {
            let mut block = InterfaceDescriptionBlock::new(DataLink::ETHERNET, 0);
            block.options = vec![
                InterfaceDescriptionOption::IfName(interface.name.as_str().into()),
                InterfaceDescriptionOption::IfMacAddr(interface.hardware_address.as_slice().into()),
                InterfaceDescriptionOption::IfTsResol(InterfaceTsResolution::NANO),
            ];
            writer.write_block(&block.into_block())?;
        }
        Ok(Self { writer, waiting: Vec::new(), written: 0, saved: 0 })
    }

    /// Journal bytes that wait for a frame.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Where everything goes.
    #[must_use]
    pub fn writer(&self) -> &W {
        self.writer.get_ref()
    }

    /// Takes further journal bytes; they go out with the next frame.
    pub fn journal(&mut self, bytes: &[u8]) {
        self.waiting.extend_from_slice(bytes);
    }

    /// Writes a frame, with the journal that waits.
    ///
    /// # Errors
    /// The writer fails, or `interface` was never described.
    pub fn frame(&mut self, frame: &RecordedFrame<'_>) -> Result<(), PcapNgWriteError> {
        let mut options: Vec<EnhancedPacketOption<'_>> = Vec::new();
        let flags = match frame.direction {
            FrameDirection::Unknown => 0,
            FrameDirection::Inbound => 1,
            FrameDirection::Outbound => 2,
        };
        options.push(EnhancedPacketOption::Flags(flags));
        for comment in frame.comments {
            options.push(EnhancedPacketOption::Common(CommonOption::Comment(fitting(comment).into())));
        }
        for value in self.pieces(MOST_PIECES) {
            let option = CustomBinaryOption::<true> { pen: ENTERPRISE, value: Cow::Owned(value) };
            options.push(EnhancedPacketOption::Common(CommonOption::CustomBinaryCopiable(option)));
        }
        let block = EnhancedPacketBlock {
            interface_id: frame.interface,
            timestamp: Duration::from_nanos(frame.time_ns),
            original_len: u32::try_from(frame.bytes.len()).unwrap_or(u32::MAX),
            data: frame.bytes.into(),
            options,
        };
        self.writer.write_block(&block.into_block())?;
        Ok(())
    }

    /// Lets everything so far reach the file: a copy of the journal that waits, as of `time_ns` (nanoseconds since
    /// 1970), and what the writer holds back. Where there is nothing new, nothing is written.
    ///
    /// # Errors
    /// The writer fails, or no device was described.
    pub fn save(&mut self, time_ns: u64) -> Result<(), PcapNgWriteError> {
        let mut place = self.written.saturating_add(u64::try_from(self.saved).unwrap_or(u64::MAX));
        for bytes in self.waiting.get(self.saved..).unwrap_or(&[]).chunks(LARGEST_PIECE) {
            let option = CustomBinaryOption::<true> { pen: ENTERPRISE, value: Cow::Owned(piece(place, bytes)) };
            let block = InterfaceStatisticsBlock {
                interface_id: 0,
                timestamp: Duration::from_nanos(time_ns),
                options: vec![InterfaceStatisticsOption::Common(CommonOption::CustomBinaryCopiable(option))],
            };
            self.writer.write_block(&block.into_block())?;
            place = place.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        }
        self.saved = self.waiting.len();
        self.writer.get_mut().flush()?;
        Ok(())
    }

    /// Writes what waits of the journal, and the mark of a good end.
    ///
    /// # Errors
    /// The writer fails.
    pub fn finish(mut self) -> Result<W, PcapNgWriteError> {
        while !self.waiting.is_empty() {
            for payload in self.pieces(MOST_PIECES) {
                self.custom_block(payload)?;
            }
        }
        let mut end = END.to_vec();
        end.extend(self.written.to_le_bytes());
        self.custom_block(end)?;
        let mut writer = self.writer.into_inner();
        writer.flush()?;
        Ok(writer)
    }

    fn custom_block(&mut self, payload: Vec<u8>) -> Result<(), PcapNgWriteError> {
        let block = CustomBlock::<true> { pen: ENTERPRISE, payload: Cow::Owned(payload) };
        self.writer.write_block(&Block::CustomCopiable(block))?;
        Ok(())
    }

    /// Cuts up to `most` pieces off the waiting journal.
    fn pieces(&mut self, most: usize) -> Vec<Vec<u8>> {
        let end = self.waiting.len().min(most.saturating_mul(LARGEST_PIECE));
        let rest = self.waiting.split_off(end);
        let bytes = std::mem::replace(&mut self.waiting, rest);
        self.saved = self.saved.saturating_sub(end);
        let mut pieces = Vec::new();
        for bytes in bytes.chunks(LARGEST_PIECE) {
            pieces.push(piece(self.written, bytes));
            self.written = self.written.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        }
        pieces
    }
}

/// A piece of the journal as it stands in an option or block: mark, place in the journal, length, bytes.
fn piece(place: u64, bytes: &[u8]) -> Vec<u8> {
    let mut piece = PIECE.to_vec();
    piece.extend(place.to_le_bytes());
    piece.extend(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes());
    piece.extend(bytes);
    piece
}

/// The comment, cut at a character where an option could not hold it.
fn fitting(comment: &str) -> &str {
    let mut end = comment.len().min(LONGEST_COMMENT);
    while !comment.is_char_boundary(end) {
        end = end.saturating_sub(1);
    }
    comment.get(..end).unwrap_or("")
}

/// The journal as found in a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecordedJournal {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Whether the recording was ended in good order; else the journal stops where the program did.
    pub complete: bool,
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
}

/// Reads the journal back. Pieces may stand in any order (mergecap), more than once, and cut at other places each time.
///
/// # Errors
/// There is none in the file, or a part of it was cut out of the middle.
pub fn read_journal(bytes: &[u8]) -> Result<RecordedJournal, RecordingError> {
    let mut pieces: Vec<(u64, Vec<u8>)> = Vec::new();
    let mut end = None;
    for_each_block(bytes, |block, _| {
        match block {
            Block::EnhancedPacket(packet) => {
                for option in &packet.options {
                    if let EnhancedPacketOption::Common(CommonOption::CustomBinaryCopiable(custom)) = option {
                        collect(custom.pen, &custom.value, &mut pieces, &mut end);
                    }
                }
            }
            Block::InterfaceStatistics(statistics) => {
                for option in &statistics.options {
                    if let InterfaceStatisticsOption::Common(CommonOption::CustomBinaryCopiable(custom)) = option {
                        collect(custom.pen, &custom.value, &mut pieces, &mut end);
                    }
                }
            }
            Block::CustomCopiable(custom) => {
                collect(custom.pen, &custom.payload, &mut pieces, &mut end);
            }
            _ => {}
        }
        true
    })
    .map_err(RecordingError::NotPcapng)?;
    if pieces.is_empty() && end.is_none() {
        return Err(RecordingError::NoJournal);
    }
    assemble(pieces, end)
}

/// Takes a piece or the end mark out of a custom value of ours; other people's values are passed over.
fn collect(pen: u32, value: &[u8], pieces: &mut Vec<(u64, Vec<u8>)>, end: &mut Option<u64>) {
    if pen != ENTERPRISE {
        return;
    }
    let Some((mark, rest)) = value.split_first_chunk::<4>() else {
        return;
    };
    let Some((number, rest)) = rest.split_first_chunk::<8>() else {
        return;
    };
    let number = u64::from_le_bytes(*number);
    if *mark == END {
        *end = Some(number);
    } else if *mark == PIECE
        && let Some((length, rest)) = rest.split_first_chunk::<4>()
        && let Ok(length) = usize::try_from(u32::from_le_bytes(*length))
        && let Some(bytes) = rest.get(..length)
    {
        pieces.push((number, bytes.to_vec()));
    }
}

/// Puts the pieces together. Where two say the same, the first that has it is taken.
fn assemble(mut pieces: Vec<(u64, Vec<u8>)>, end: Option<u64>) -> Result<RecordedJournal, RecordingError> {
    pieces.sort();
    let mut bytes = Vec::new();
    let here = |bytes: &Vec<u8>| u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    for (offset, piece) in pieces {
        let known = here(&bytes).checked_sub(offset).ok_or(RecordingError::Missing { offset: here(&bytes) })?;
        bytes.extend(usize::try_from(known).ok().and_then(|known| piece.get(known..)).unwrap_or(&[]));
    }
    match end {
        Some(total) if total != here(&bytes) => Err(RecordingError::Missing { offset: here(&bytes) }),
        Some(_) => Ok(RecordedJournal { bytes, complete: true }),
        None => Ok(RecordedJournal { bytes, complete: false }),
    }
}
