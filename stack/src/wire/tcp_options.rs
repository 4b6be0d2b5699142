//! The options of a TCP header. 1.2.13 itself knows the first three kinds; the others are here because peers send them.

use super::big_endian::{get16, get32};
use super::option_list::{END_OF_LIST, NO_OPERATION, OptionList, RawOption};
use crate::words::Words;

/// Kind of the maximum segment size.
pub const TCPOPT_MSS: u8 = 2;
/// Kind of the window scale (RFC 1323).
pub const TCPOPT_WINDOW_SCALE: u8 = 3;
/// Kind of "selective acknowledgements permitted" (RFC 2018).
pub const TCPOPT_SACK_PERMITTED: u8 = 4;
/// Kind of selective acknowledgements.
pub const TCPOPT_SACK: u8 = 5;
/// Kind of the time stamps (RFC 1323).
pub const TCPOPT_TIMESTAMPS: u8 = 8;

/// One option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TcpOption<'a> {
    /// Nothing follows.
    EndOfList,
    /// Fills a gap.
    NoOperation,
    /// The largest segment the sender wants to receive, in bytes.
    MaximumSegmentSize(u16),
    /// The window counts units of 2 to this power.
    WindowScale(u8),
    /// The sender understands selective acknowledgements.
    SackPermitted,
    /// Left and right edges of what arrived out of order.
    Sack(Vec<(u32, u32)>),
    /// The sender's clock, and the clock value it echoes.
    Timestamps {
        /// Clock of the sender.
        value: u32,
        /// Clock of the receiver, given back.
        echo: u32,
    },
    /// A kind not in this list, or one of the above with a length that does not fit it.
    Unknown {
        /// The kind byte.
        kind: u8,
        /// What follows the length byte.
        data: &'a [u8],
    },
    /// The length byte is missing, below 2 or points past the header.
    Broken {
        /// The kind byte.
        kind: u8,
    },
}

impl<'a> TcpOption<'a> {
    /// Reads one entry of the list.
    pub fn of(raw: &RawOption<'a>) -> Self {
        if raw.broken {
            return Self::Broken { kind: raw.kind };
        }
        let data = raw.data;
        let known = match (raw.kind, data.len()) {
            (END_OF_LIST, _) => Some(Self::EndOfList),
            (NO_OPERATION, _) => Some(Self::NoOperation),
            (TCPOPT_MSS, 2) => get16(data, 0).map(Self::MaximumSegmentSize),
            (TCPOPT_WINDOW_SCALE, 1) => data.first().copied().map(Self::WindowScale),
            (TCPOPT_SACK_PERMITTED, 0) => Some(Self::SackPermitted),
            (TCPOPT_SACK, length) if length % 8 == 0 && length > 0 => {
                let (blocks, _) = data.as_chunks::<8>();
                Some(Self::Sack(blocks.iter().filter_map(|block| Some((get32(block, 0)?, get32(block, 4)?))).collect()))
            }
            (TCPOPT_TIMESTAMPS, 8) => {
                get32(data, 0).zip(get32(data, 4)).map(|(value, echo)| Self::Timestamps { value, echo })
            }
            _ => None,
        };
        known.unwrap_or(Self::Unknown { kind: raw.kind, data })
    }

    /// The option as packetdrill writes it.
    pub fn text(&self) -> String {
        match self {
            Self::EndOfList => "eol".to_owned(),
            Self::NoOperation => "nop".to_owned(),
            Self::MaximumSegmentSize(size) => format!("mss {size}"),
            Self::WindowScale(shift) => format!("wscale {shift}"),
            Self::SackPermitted => "sackOK".to_owned(),
            Self::Sack(blocks) => {
                let edges: Vec<_> = blocks.iter().map(|(left, right)| format!("{left}:{right}")).collect();
                format!("sack {}", edges.join(" "))
            }
            Self::Timestamps { value, echo } => format!("TS val {value} ecr {echo}"),
            Self::Unknown { kind, .. } => format!("unknown-{kind}"),
            Self::Broken { kind } => format!("broken-{kind}"),
        }
    }
}

/// The options of a header one by one, up to the end of the list or the first broken one.
#[derive(Debug, Clone)]
pub struct TcpOptions<'a> {
    list: OptionList<'a>,
}

impl<'a> TcpOptions<'a> {
    /// Walks the bytes behind the fixed header.
    pub fn new(options: &'a [u8]) -> Self {
        Self { list: OptionList::new(options) }
    }
}

impl<'a> Iterator for TcpOptions<'a> {
    type Item = TcpOption<'a>;

    fn next(&mut self) -> Option<TcpOption<'a>> {
        self.list.next().map(|raw| TcpOption::of(&raw))
    }
}

/// The maximum segment size among the options, if it is there.
pub fn maximum_segment_size(options: &[u8]) -> Option<u16> {
    TcpOptions::new(options).find_map(|option| match option {
        TcpOption::MaximumSegmentSize(size) => Some(size),
        _ => None,
    })
}

/// All options as packetdrill writes them, `<mss 512,nop>`; empty for none.
pub fn text(options: &[u8]) -> String {
    let all: Vec<_> = TcpOptions::new(options).map(|option| option.text()).collect();
    if all.is_empty() { String::new() } else { format!("<{}>", all.join(",")) }
}

/// What a kind is called, and its symbol.
pub fn option_label(kind: u8) -> (&'static str, Words) {
    match kind {
        END_OF_LIST => ("TCPOPT_EOL", Words::new("End of options", "选项结束 EOL")),
        NO_OPERATION => ("TCPOPT_NOP", Words::new("No operation", "空操作 NOP")),
        TCPOPT_MSS => ("TCPOPT_MSS", Words::new("Maximum segment size", "最大报文段长度 MSS")),
        TCPOPT_WINDOW_SCALE => ("TCPOPT_WS", Words::new("Window scale", "窗口扩大因子 WS")),
        TCPOPT_SACK_PERMITTED => {
            ("TCPOPT_SACKOK", Words::new("Selective acknowledgements permitted", "允许选择确认 SACKOK"))
        }
        TCPOPT_SACK => ("TCPOPT_SACK", Words::new("Selective acknowledgements", "选择确认 SACK")),
        TCPOPT_TIMESTAMPS => ("TCPOPT_TS", Words::new("Time stamps", "时间戳 TS")),
        _ => ("option", Words::new("Unknown option", "未知选项")),
    }
}
