//! Reading pcap and pcapng, told apart by their first bytes: the one room that knows the crate `pcap-file` on the
//! reading side. The crate repeats an error for ever, so reading stops at the first one. Promise: each call makes
//! progress or stops, lengths are checked before anything is copied, times come out in nanoseconds since 1970
//! whatever clock the file had.

use std::time::Duration;

use pcap_file::pcap::{PcapParseError, PcapParser, PcapTsResolution, RawPcapPacket};
use pcap_file::pcapng::blocks::enhanced_packet::EnhancedPacketOption;
use pcap_file::pcapng::{Block, PcapNgParseError, PcapNgParser, PcapNgState};

use super::{Capture, CapturedFrame, Damage, DamageKind, FrameDirection};
use crate::refusal::{Refusal, harmless};

/// The most frames taken from one file.
pub const MOST_FRAMES: usize = 1_000_000;
/// The longest record that can be a frame (libpcap's MAXIMUM_SNAPLEN); more is a sign of damage.
const LONGEST_RECORD: u32 = 262_144;

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
        Some(
            [0xa1, 0xb2, 0xc3, 0xd4] | [0xd4, 0xc3, 0xb2, 0xa1] | [0xa1, 0xb2, 0x3c, 0x4d] | [0x4d, 0x3c, 0xb2, 0xa1],
        ) => Ok(Format::Pcap),
        Some([0x0a, 0x0d, 0x0d, 0x0a]) => Ok(Format::PcapNg),
        None if bytes.is_empty() => Err(CaptureError::Empty),
        Some(_) | None => Err(CaptureError::NotACapture),
    }
}

/// Reads all frames.
///
/// # Errors
/// The bytes are not a capture. Damage further on is no error: it is noted in the capture.
pub fn parse(bytes: &[u8]) -> Result<Capture, CaptureError> {
    parse_at_most(bytes, MOST_FRAMES)
}

fn parse_at_most(bytes: &[u8], most: usize) -> Result<Capture, CaptureError> {
    match recognise(bytes)? {
        Format::Pcap => parse_pcap(bytes, most),
        Format::PcapNg => parse_pcapng(bytes, most),
    }
}

fn damage(capture: &mut Capture, kind: DamageKind) {
    capture.damage = Some(Damage { after_frame: capture.frames.len(), kind });
}

/// The raw records are taken, because the checked ones of the crate refuse what many writers do: a snaplen of zero
/// for "no limit", a record longer than the header's snaplen.
fn parse_pcap(bytes: &[u8], most: usize) -> Result<Capture, CaptureError> {
    let (mut rest, parser) = PcapParser::new(bytes).map_err(|_| CaptureError::BrokenHeader)?;
    let header = parser.header();
    // The upper half of the field holds flags about the frame check sequence.
    let link_type = u32::from(header.datalink) & 0xffff;
    let mut capture = Capture::default();
    while !rest.is_empty() {
        if capture.frames.len() >= most {
            damage(&mut capture, DamageKind::TooMany);
            break;
        }
        match parser.next_raw_packet(rest) {
            Ok((after, record)) if record.incl_len <= LONGEST_RECORD => {
                let index = capture.frames.len() + 1;
                capture.frames.push(pcap_frame(&record, index, link_type, header.ts_resolution));
                rest = after;
            }
            Ok(_) => {
                damage(&mut capture, DamageKind::Nonsense);
                break;
            }
            Err(PcapParseError::IncompleteBuffer(needed, _)) => {
                let nonsense = u32::try_from(needed).map_or(true, |needed| needed > LONGEST_RECORD);
                damage(&mut capture, if nonsense { DamageKind::Nonsense } else { DamageKind::CutShort });
                break;
            }
            Err(_) => {
                damage(&mut capture, DamageKind::Nonsense);
                break;
            }
        }
    }
    Ok(capture)
}

fn pcap_frame(record: &RawPcapPacket<'_>, index: usize, link_type: u32, clock: PcapTsResolution) -> CapturedFrame {
    let unit = match clock {
        PcapTsResolution::MicroSecond => 1_000,
        PcapTsResolution::NanoSecond => 1,
    };
    CapturedFrame {
        index,
        time_ns: u64::from(record.ts_sec) * 1_000_000_000 + u64::from(record.ts_frac) * unit,
        link_type,
        original_length: record.orig_len.max(record.incl_len),
        interface: 0,
        bytes: record.data.to_vec(),
        direction: FrameDirection::Unknown,
    }
}

fn parse_pcapng(bytes: &[u8], most: usize) -> Result<Capture, CaptureError> {
    let mut capture = Capture::default();
    let mut too_many = false;
    let stopped = for_each_block(bytes, |block, state| {
        if let Some(frame) = pcapng_frame(block, state, capture.frames.len() + 1) {
            if capture.frames.len() >= most {
                too_many = true;
                return false;
            }
            capture.frames.push(frame);
        }
        true
    })?;
    if too_many {
        damage(&mut capture, DamageKind::TooMany);
    } else if let Some(kind) = stopped {
        damage(&mut capture, kind);
    }
    Ok(capture)
}

/// Shows every block of a pcapng file to `visit` until it says `false`, and says why reading stopped early.
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

/// The frame in a block, where there is one in it.
fn pcapng_frame(block: &Block<'_>, state: &PcapNgState, index: usize) -> Option<CapturedFrame> {
    let (interface, time, original_length, bytes, direction) = match block {
        Block::EnhancedPacket(packet) => {
            let direction = packet.options.iter().find_map(direction_of).unwrap_or(FrameDirection::Unknown);
            (packet.interface_id, packet.timestamp, packet.original_len, packet.data.as_ref(), direction)
        }
        Block::SimplePacket(packet) => {
            (0, Duration::ZERO, packet.original_len, packet.data.as_ref(), FrameDirection::Unknown)
        }
        Block::Packet(packet) => (
            u32::from(packet.interface_id),
            packet.timestamp,
            packet.original_len,
            packet.data.as_ref(),
            FrameDirection::Unknown,
        ),
        _ => return None,
    };
    let (number, interface) = (interface, state.interfaces().get(usize::try_from(interface).ok()?)?);
    Some(CapturedFrame {
        index,
        time_ns: u64::try_from(time.as_nanos()).unwrap_or(u64::MAX),
        link_type: u32::from(interface.linktype),
        original_length: original_length.max(u32::try_from(bytes.len()).unwrap_or(u32::MAX)),
        interface: number,
        bytes: bytes.to_vec(),
        direction,
    })
}

fn direction_of(option: &EnhancedPacketOption<'_>) -> Option<FrameDirection> {
    match option {
        EnhancedPacketOption::Flags(flags) => Some(match flags & 3 {
            1 => FrameDirection::Inbound,
            2 => FrameDirection::Outbound,
            _ => FrameDirection::Unknown,
        }),
        _ => None,
    }
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
}
