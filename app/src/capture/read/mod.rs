//! Reading pcap and pcapng, told apart by their first bytes. [`frames`] gives one frame after the other as a view into the
//! bytes of the file, so that a mapped file of any size is read without being copied; [`parse`] collects them. Promise: each
//! step makes progress or stops, an error is met once and noted ([`Frames::damage`]), lengths are checked before anything is
//! taken, times come out in nanoseconds since 1970 whatever clock the file had. What is kept beside the bytes is the
//! [`Layout`] of the file: a few octets for every section and interface that it describes.

mod blocks;
mod order;
mod records;

use pcap_file::pcapng::{Block, PcapNgParseError, PcapNgParser, PcapNgState};

use self::blocks::Blocks;
use self::records::Records;
use super::source::{Bytes, Extent};
use super::{Capture, CapturedFrame, Damage, DamageKind, FrameDirection};
use crate::refusal::{Refusal, harmless};

/// The most frames that [`parse`] collects from one file; [`frames`] knows no limit.
pub const MOST_FRAMES: usize = 1_000_000;

/// Why bytes are not a capture at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaptureError {
    /// There is nothing.
    Empty,
    /// The first bytes belong to neither format.
    NotACapture,
    /// It begins as a capture, but its header is cut or broken.
    BrokenHeader,
}

impl CaptureError {
    /// The sentence about the file at `path`.
    #[must_use]
    pub fn refusal(self, path: &str) -> Refusal {
        let shown = if path == "-" { "standard input".to_owned() } else { harmless(path) };
        let (english, chinese) = match self {
            Self::Empty => {
                ("is empty: a capture was expected (pcap or pcapng).", "是空的：需要一个抓包文件（pcap 或 pcapng）。")
            }
            Self::NotACapture => (
                "is not a capture: neither pcap nor pcapng (the first bytes say which).",
                "不是抓包文件：既不是 pcap 也不是 pcapng（由开头的字节判断）。",
            ),
            Self::BrokenHeader => {
                ("begins like a capture, but its header is cut or broken.", "开头像抓包文件，但文件头不完整或已损坏。")
            }
        };
        Refusal::usage(format!("{shown} {english}"), format!("{shown} {chinese}"))
    }
}

/// The two formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// libpcap's old format.
    Pcap,
    /// The block format.
    PcapNg,
}

/// Tells the format by the first four bytes.
///
/// # Errors
/// Neither of them.
pub fn recognise(bytes: &[u8]) -> Result<Format, CaptureError> {
    match bytes.first_chunk::<4>() {
        Some(magic) if Records::of_magic(*magic).is_some() => Ok(Format::Pcap),
        Some([0x0a, 0x0d, 0x0d, 0x0a]) => Ok(Format::PcapNg),
        None if bytes.is_empty() => Err(CaptureError::Empty),
        Some(_) | None => Err(CaptureError::NotACapture),
    }
}

/// One frame as it stands in the bytes of its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameView<'a> {
    /// Its number in the file, from 1, as Wireshark counts.
    pub index: usize,
    /// Where its record begins in the file, in octets; what [`Layout::frame_at`] takes.
    pub offset: u64,
    /// Nanoseconds since 1970.
    pub time_ns: u64,
    /// The link type (libpcap's LINKTYPE number; 1 is Ethernet).
    pub link_type: u32,
    /// Octets it had on the wire; more than `bytes` where the capture was cut (`snaplen`).
    pub original_length: u32,
    /// Number of the interface it was recorded on, from 0.
    pub interface: u32,
    /// What was recorded of it.
    pub bytes: &'a [u8],
    /// Which way it went.
    pub direction: FrameDirection,
}

/// Where a frame is in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FramePlace {
    /// Its number, from 1.
    pub index: usize,
    /// Where its record begins, in octets.
    pub offset: u64,
}

impl FrameView<'_> {
    /// Whether the capture kept only the beginning of the frame.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        usize::try_from(self.original_length).is_ok_and(|length| length > self.bytes.len())
    }

    /// The frame with its own copy of the bytes.
    #[must_use]
    pub fn to_captured(&self) -> CapturedFrame {
        CapturedFrame {
            index: self.index,
            time_ns: self.time_ns,
            link_type: self.link_type,
            original_length: self.original_length,
            interface: self.interface,
            bytes: self.bytes.to_vec(),
            direction: self.direction,
        }
    }
}

impl<'a> From<&'a CapturedFrame> for FrameView<'a> {
    /// A frame that has left its file: its offset is 0.
    fn from(frame: &'a CapturedFrame) -> Self {
        Self {
            index: frame.index,
            offset: 0,
            time_ns: frame.time_ns,
            link_type: frame.link_type,
            original_length: frame.original_length,
            interface: frame.interface,
            bytes: &frame.bytes,
            direction: frame.direction,
        }
    }
}

/// What must be known of a file to read one of its frames alone: byte order and clock, for pcapng of every section and
/// interface. It grows with what the file describes, never beyond the size of the file.
#[derive(Debug, Clone)]
pub struct Layout(Kind);

#[derive(Debug, Clone)]
enum Kind {
    Pcap(Records),
    PcapNg(Blocks),
}

impl Layout {
    /// The frame whose record begins at `offset` of `bytes`, which are those of the file that this layout is of, or `None`
    /// where no frame begins there. `index` is the number that the frame gets.
    #[must_use]
    pub fn frame_at<'a>(&self, bytes: &'a [u8], offset: u64, index: usize) -> Option<FrameView<'a>> {
        let at = usize::try_from(offset).ok()?;
        let record = match &self.0 {
            Kind::Pcap(records) => records.read(bytes, at),
            Kind::PcapNg(blocks) => blocks.read(bytes, at),
        };
        record.ok().and_then(|record| record.frame).map(|frame| FrameView { index, ..frame })
    }
}

/// What was read at one place of a file.
struct Record<'a> {
    /// The frame, where there is one; it has no number yet.
    frame: Option<FrameView<'a>>,
    /// Where the next record begins: behind the beginning of this one.
    next: usize,
}

/// The frames of a file, one after the other; see [`frames`].
#[derive(Debug, Clone)]
pub struct Frames<'a> {
    bytes: &'a [u8],
    layout: Layout,
    /// Where the next record begins.
    at: usize,
    /// Frames given so far.
    count: usize,
    /// Whether the bytes are all there are.
    extent: Extent,
    damage: Option<Damage>,
}

/// The frames of a capture, as views into its bytes.
///
/// # Errors
/// The bytes are not a capture. Damage further on is no error: the frames end there, and [`Frames::damage`] says why.
pub fn frames(bytes: &[u8]) -> Result<Frames<'_>, CaptureError> {
    let (kind, at) = match recognise(bytes)? {
        Format::Pcap => Records::begin(bytes).map(|(records, at)| (Kind::Pcap(records), at))?,
        Format::PcapNg => Blocks::begin(bytes).map(|(blocks, at)| (Kind::PcapNg(blocks), at))?,
    };
    Ok(Frames { bytes, layout: Layout(kind), at, count: 0, extent: Extent::Whole, damage: None })
}

/// The frames of a capture that was loaded: those of its bytes, and where it could be unpacked only in part, that is noted too. Where
/// more bytes are to be had, a frame that is not whole is none yet.
///
/// # Errors
/// The bytes are not a capture.
pub fn loaded(bytes: &Bytes) -> Result<Frames<'_>, CaptureError> {
    Ok(Frames { extent: bytes.extent(), ..frames(bytes)? })
}

impl<'a> Frames<'a> {
    /// Why the frames ended before the end of the file; to be asked when they have ended.
    #[must_use]
    pub fn damage(&self) -> Option<Damage> {
        let kind = match self.extent {
            Extent::Whole | Extent::GoesOn => return self.damage.clone(),
            Extent::Cut => DamageKind::Unpacked,
            Extent::Excess => DamageKind::TooLarge,
        };
        Some(Damage { after_frame: self.count, kind })
    }

    /// Octets of the file that have been read.
    #[must_use]
    pub fn position(&self) -> u64 {
        u64::try_from(self.at).unwrap_or(u64::MAX)
    }

    /// What must be known to read one of the frames given so far again.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// What reading goes on from, without the bytes.
    #[must_use]
    pub fn bookmark(self) -> Bookmark {
        Bookmark { layout: self.layout, at: self.at, count: self.count, damage: self.damage }
    }

    fn record(&mut self) -> Result<Record<'a>, DamageKind> {
        match &mut self.layout.0 {
            Kind::Pcap(records) => records.read(self.bytes, self.at),
            Kind::PcapNg(blocks) => blocks.read_on(self.bytes, self.at),
        }
    }
}

/// Where the reading of a file stands: for whoever reads it in slices and holds its bytes besides.
#[derive(Debug, Clone)]
pub struct Bookmark {
    layout: Layout,
    at: usize,
    count: usize,
    damage: Option<Damage>,
}

impl Bookmark {
    /// The frames that follow, of the same bytes, of which there may be more by now.
    #[must_use]
    pub fn frames(self, bytes: &Bytes) -> Frames<'_> {
        let Self { layout, at, count, damage } = self;
        Frames { bytes, layout, at, count, extent: bytes.extent(), damage }
    }

    /// What must be known to read one of the frames given so far again.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.layout
    }
}

impl<'a> Iterator for Frames<'a> {
    type Item = FrameView<'a>;

    fn next(&mut self) -> Option<FrameView<'a>> {
        while self.damage.is_none() && self.at < self.bytes.len() {
            match self.record() {
                Ok(record) => {
                    self.at = record.next;
                    if let Some(frame) = record.frame {
                        self.count += 1;
                        return Some(FrameView { index: self.count, ..frame });
                    }
                }
                // What makes no sense here may, with the bytes that follow.
                Err(_) if self.extent == Extent::GoesOn => return None,
                Err(kind) => self.damage = Some(Damage { after_frame: self.count, kind }),
            }
        }
        None
    }
}

/// Reads all frames.
///
/// # Errors
/// The bytes are not a capture. Damage further on is no error: it is noted in the capture.
pub fn parse(bytes: &[u8]) -> Result<Capture, CaptureError> {
    parse_at_most(bytes, MOST_FRAMES)
}

/// Reads all frames of a capture that was loaded.
///
/// # Errors
/// As [`parse`].
pub fn parse_loaded(bytes: &Bytes) -> Result<Capture, CaptureError> {
    loaded(bytes).map(|reading| collect(reading, MOST_FRAMES))
}

fn parse_at_most(bytes: &[u8], most: usize) -> Result<Capture, CaptureError> {
    frames(bytes).map(|reading| collect(reading, most))
}

fn collect(mut reading: Frames<'_>, most: usize) -> Capture {
    let frames: Vec<CapturedFrame> = reading.by_ref().take(most).map(|frame| frame.to_captured()).collect();
    let after_frame = frames.len();
    let too_many = reading.next().map(|_| Damage { after_frame, kind: DamageKind::TooMany });
    Capture { frames, damage: too_many.or_else(|| reading.damage()) }
}

/// Shows every block of a pcapng file, with all its options, to `visit` until it says `false`, and says why reading stopped early.
///
/// # Errors
/// The file does not begin with a section header.
pub(crate) fn for_each_block(
    bytes: &[u8],
    mut visit: impl FnMut(&Block<'_>, &PcapNgState) -> bool,
) -> Result<Option<DamageKind>, CaptureError> {
    let (mut rest, mut parser) = PcapNgParser::new(bytes).map_err(|_| CaptureError::BrokenHeader)?;
    while !rest.is_empty() {
        match parser.next_block(rest) {
            Ok((after, block)) => {
                if !visit(&block, parser.state()) {
                    return Ok(None);
                }
                if after.len() >= rest.len() {
                    return Ok(Some(DamageKind::Nonsense));
                }
                rest = after;
            }
            Err(PcapNgParseError::IncompleteBuffer(..)) => return Ok(Some(DamageKind::CutShort)),
            Err(_) => return Ok(Some(DamageKind::Nonsense)),
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A pcap file with `times` (seconds, fraction) of three-byte frames.
    fn pcap(magic: [u8; 4], snaplen: u32, times: &[(u32, u32)]) -> Vec<u8> {
        let mut file = magic.to_vec();
        file.extend([2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        file.extend(snaplen.to_le_bytes());
        file.extend(1_u32.to_le_bytes());
        for (seconds, fraction) in times {
            for word in [*seconds, *fraction, 3, 60] {
                file.extend(word.to_le_bytes());
            }
            file.extend([1, 2, 3]);
        }
        file
    }

    const MICRO: [u8; 4] = [0xd4, 0xc3, 0xb2, 0xa1];
    const NANO: [u8; 4] = [0x4d, 0x3c, 0xb2, 0xa1];

    #[test]
    fn both_clocks_come_out_in_nanoseconds() {
        let micro = parse(&pcap(MICRO, 65535, &[(7, 5)])).unwrap();
        assert_eq!(micro.frames.first().map(|frame| frame.time_ns), Some(7_000_005_000));
        let nano = parse(&pcap(NANO, 65535, &[(7, 5)])).unwrap();
        assert_eq!(nano.frames.first().map(|frame| frame.time_ns), Some(7_000_000_005));
        assert!(nano.frames.iter().all(CapturedFrame::is_cut));
    }

    #[test]
    fn a_snaplen_of_zero_or_one_and_a_wild_fraction_are_no_damage() {
        for snaplen in [0, 1] {
            let capture = parse(&pcap(MICRO, snaplen, &[(1, 2), (1, 4_000_000_000), (2, 0)])).unwrap();
            assert_eq!((capture.frames.len(), capture.damage), (3, None));
        }
    }

    #[test]
    fn a_cut_tail_and_a_huge_length_are_told_apart() {
        let mut file = pcap(MICRO, 65535, &[(1, 0), (2, 0)]);
        file.pop();
        let capture = parse(&file).unwrap();
        assert_eq!(capture.damage, Some(Damage { after_frame: 1, kind: DamageKind::CutShort }));
        let mut file = pcap(MICRO, 65535, &[(1, 0)]);
        file.extend([0; 8]);
        file.extend([0xff; 8]);
        let capture = parse(&file).unwrap();
        assert_eq!(capture.damage, Some(Damage { after_frame: 1, kind: DamageKind::Nonsense }));
    }

    #[test]
    fn more_frames_than_wanted_are_said_not_taken() {
        let file = pcap(MICRO, 65535, &[(1, 0); 5]);
        let capture = parse_at_most(&file, 3).unwrap();
        assert_eq!(capture.frames.len(), 3);
        assert_eq!(capture.damage, Some(Damage { after_frame: 3, kind: DamageKind::TooMany }));
        assert_eq!(parse_at_most(&file, 5).unwrap().damage, None);
    }

    #[test]
    fn other_files_are_refused_by_name() {
        assert_eq!(parse(b""), Err(CaptureError::Empty));
        assert_eq!(parse(b"GIF89a and so on"), Err(CaptureError::NotACapture));
        assert_eq!(parse(&MICRO), Err(CaptureError::BrokenHeader));
        assert_eq!(parse(&[0x0a, 0x0d, 0x0d, 0x0a, 0, 0, 0, 0]), Err(CaptureError::BrokenHeader));
        assert!(CaptureError::NotACapture.refusal("x\u{1b}[2J").words.en.starts_with("x\\u{1b}[2J is not a capture"));
    }

    #[test]
    fn a_frame_is_read_again_where_it_lies() {
        for name in ["rst.pcap", "arp_ping_udp.pcapng"] {
            let path = format!("{}/../assets/captures/{name}", env!("CARGO_MANIFEST_DIR"));
            let bytes = std::fs::read(path).unwrap();
            let mut reading = frames(&bytes).unwrap();
            let read: Vec<FrameView<'_>> = reading.by_ref().collect();
            assert_eq!(reading.position(), bytes.len() as u64);
            for frame in &read {
                assert_eq!(reading.layout().frame_at(&bytes, frame.offset, frame.index).as_ref(), Some(frame));
            }
            assert_eq!(reading.layout().frame_at(&bytes, u64::MAX, 1), None);
        }
    }

    #[test]
    fn damage_is_met_once() {
        let mut file = pcap(MICRO, 65535, &[(1, 0), (2, 0)]);
        file.pop();
        let mut reading = frames(&file).unwrap();
        assert_eq!((reading.next().map(|frame| frame.index), reading.next(), reading.next()), (Some(1), None, None));
        assert_eq!(reading.damage(), Some(Damage { after_frame: 1, kind: DamageKind::CutShort }));
    }
}
