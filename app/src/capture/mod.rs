//! Captures: files (or standard input) of frames that somebody recorded, read into plain values. Promise: nothing
//! in a file can make the program panic, loop or grow without bound; what cannot be read is said with the number of
//! the last good frame, and the frames before it remain usable.

pub mod compare;
pub mod connection;
pub mod cut_options;
pub mod encapsulation;
pub mod filter;
pub mod follow;
pub mod index;
pub mod infer;
pub mod inject;
pub mod link_type;
pub mod machine;
pub mod observe;
pub mod part;
pub mod peer;
pub mod process;
pub mod read;
pub mod reason;
pub mod report;
pub mod segment;
pub mod source;
pub mod stream;
pub mod wire;

use self::read::FrameView;
use crate::i18n::Words;
use crate::refusal::{Refusal, harmless};

/// Which way a frame went, seen from the interface that captured it. Most captures do not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FrameDirection {
    /// Not recorded.
    Unknown,
    /// Towards the capturing machine.
    Inbound,
    /// From the capturing machine.
    Outbound,
}

/// One frame of a capture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CapturedFrame {
    /// Its number in the file, from 1, as Wireshark counts.
    pub index: usize,
    /// Nanoseconds since 1970.
    pub time_ns: u64,
    /// The link type (libpcap's LINKTYPE number; 1 is Ethernet).
    pub link_type: u32,
    /// Octets it had on the wire; more than `bytes` where the capture was cut (`snaplen`).
    pub original_length: u32,
    /// Number of the interface it was recorded on, from 0.
    pub interface: u32,
    /// What was recorded of it.
    pub bytes: Vec<u8>,
    /// Which way it went.
    pub direction: FrameDirection,
}

impl CapturedFrame {
    /// Whether the capture kept only the beginning of the frame.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        usize::try_from(self.original_length).is_ok_and(|length| length > self.bytes.len())
    }
}

/// Where and why reading stopped before the end of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// The frames before it are good.
    pub after_frame: usize,
    /// What happened there.
    pub kind: DamageKind,
}

/// What happened where reading stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DamageKind {
    /// The file ends in the middle of a frame.
    CutShort,
    /// The next record makes no sense.
    Nonsense,
    /// The file is packed, and could be unpacked only so far.
    Unpacked,
    /// The file is packed, and has more than is unpacked of one.
    TooLarge,
    /// There are more frames than this program takes at once.
    TooMany,
}

impl Damage {
    /// The sentence about the file at `path`, the same wherever it is said.
    #[must_use]
    pub fn remark(&self, path: &str) -> Words<String> {
        let shown = if path == "-" { "standard input".to_owned() } else { harmless(path) };
        let (en, zh) = self.sentence();
        match self.kind {
            DamageKind::TooMany | DamageKind::TooLarge => {
                Words::new(format!("{shown}: {en}"), format!("{shown}：{zh}"))
            }
            DamageKind::CutShort | DamageKind::Nonsense | DamageKind::Unpacked => {
                Words::new(format!("{shown} is {en}"), format!("{shown} {zh}"))
            }
        }
    }

    /// What the sentence says.
    #[must_use]
    pub fn sentence(&self) -> (String, String) {
        let frame = self.after_frame;
        match self.kind {
            DamageKind::CutShort => (
                format!("truncated after frame {frame}: the file is cut in the middle of the next one."),
                format!("在第 {frame} 帧之后被截断：文件在下一帧中间结束。"),
            ),
            DamageKind::Nonsense => (
                format!("damaged after frame {frame}: the next record makes no sense, so the rest is not read."),
                format!("在第 {frame} 帧之后损坏：下一条记录没有意义，其余部分不再读取。"),
            ),
            DamageKind::Unpacked => (
                format!("truncated after frame {frame}: the packed file is cut or damaged there."),
                format!("在第 {frame} 帧之后被截断：压缩文件在那里不完整或已损坏。"),
            ),
            DamageKind::TooLarge => (
                format!(
                    "only the first {frame} frames are read, {} MiB of a packed file: unpack it into a plain file, where any size is read.",
                    source::LARGEST >> 20
                ),
                format!(
                    "只读取前 {frame} 帧，即压缩文件解压后的 {} MiB：请先解压成普通文件，普通文件不限大小。",
                    source::LARGEST >> 20
                ),
            ),
            DamageKind::TooMany => (
                format!("only the first {frame} frames are read: cut the file with `editcap -r` to see others."),
                format!("只读取前 {frame} 帧：要看其余的帧，请用 `editcap -r` 截取文件。"),
            ),
        }
    }
}

/// A capture that has been read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Capture {
    /// The frames in the order of the file.
    pub frames: Vec<CapturedFrame>,
    /// Set where reading stopped before the end.
    pub damage: Option<Damage>,
}

impl Capture {
    /// The frame of a number, from 1; frames may be missing where it is part of a file.
    #[must_use]
    pub fn frame(&self, number: usize) -> Option<&CapturedFrame> {
        self.frames.binary_search_by_key(&number, |frame| frame.index).ok().and_then(|place| self.frames.get(place))
    }
}

/// Where the captured frames of a connection are found by their numbers.
pub trait FramesByNumber {
    /// The frame of a number, from 1; none where there is no such frame.
    fn frame_of(&self, number: usize) -> Option<FrameView<'_>>;
}

impl FramesByNumber for Capture {
    fn frame_of(&self, number: usize) -> Option<FrameView<'_>> {
        self.frame(number).map(FrameView::from)
    }
}

/// Nanoseconds as seconds with nine digits: all that a file has, for programs.
#[must_use]
pub fn exact_seconds(nanoseconds: u64) -> String {
    format!("{}.{:09}", nanoseconds / 1_000_000_000, nanoseconds % 1_000_000_000)
}

/// Nanoseconds as seconds with six digits, for people.
#[must_use]
pub fn seconds(nanoseconds: u64) -> String {
    format!("{}.{:06}", nanoseconds / 1_000_000_000, nanoseconds % 1_000_000_000 / 1_000)
}

/// Reads the capture at `path` (`-` is standard input; `.gz` is unpacked, recognised by its content).
///
/// # Errors
/// The file cannot be read, is too large, or is not a capture.
pub fn open(path: &str) -> Result<Capture, Refusal> {
    let bytes = source::load(path)?;
    read::parse_loaded(&bytes).map_err(|fault| fault.refusal(path))
}
