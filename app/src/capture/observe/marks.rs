//! Why a frame came: the marks, their names and words. Promise: a mark says what the frames show, in the terms everybody
//! uses, and those that tshark has too carry the name of tshark's field.

use crate::i18n::Words;

/// One reason for a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Mark {
    /// An earlier connection in the capture had the same addresses and ports.
    PortReused,
    /// Asks for a connection.
    Syn,
    /// Accepts one.
    SynAck,
    /// Frames before it are missing in the capture.
    Gap,
    /// Data that was not sent before.
    NewData,
    /// Sent before; set beside the two special kinds as well.
    Retransmission,
    /// Sent again at once, asked for by duplicate acknowledgements.
    FastRetransmission,
    /// Sent again although the capture shows it acknowledged.
    SpuriousRetransmission,
    /// Older than what was seen, and too soon after it to be a retransmission.
    OutOfOrder,
    /// Data or no data just below what was acknowledged: asks whether the other end is alive.
    KeepAlive,
    /// The answer to it.
    KeepAliveAck,
    /// One octet into a closed window.
    ZeroWindowProbe,
    /// The answer to it.
    ZeroWindowProbeAck,
    /// Acknowledges.
    Ack,
    /// Acknowledges once more what was acknowledged.
    DuplicateAck,
    /// Acknowledges what the capture does not show.
    AckUnseen,
    /// Only the window is new.
    WindowUpdate,
    /// The sender of this frame takes nothing for now.
    ZeroWindow,
    /// Fills the window of the other end.
    WindowFull,
    /// Ends one direction.
    Fin,
    /// Ends the connection at once.
    Rst,
}

impl Mark {
    /// Every mark, in the order in which they are told.
    pub const ALL: [Self; 21] = [
        Self::PortReused,
        Self::Syn,
        Self::SynAck,
        Self::Gap,
        Self::NewData,
        Self::Retransmission,
        Self::FastRetransmission,
        Self::SpuriousRetransmission,
        Self::OutOfOrder,
        Self::KeepAlive,
        Self::KeepAliveAck,
        Self::ZeroWindowProbe,
        Self::ZeroWindowProbeAck,
        Self::Ack,
        Self::DuplicateAck,
        Self::AckUnseen,
        Self::WindowUpdate,
        Self::ZeroWindow,
        Self::WindowFull,
        Self::Fin,
        Self::Rst,
    ];

    /// The name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::PortReused => "port_reused",
            Self::Syn => "syn",
            Self::SynAck => "syn_ack",
            Self::Gap => "gap",
            Self::NewData => "new_data",
            Self::Retransmission => "retransmission",
            Self::FastRetransmission => "fast_retransmission",
            Self::SpuriousRetransmission => "spurious_retransmission",
            Self::OutOfOrder => "out_of_order",
            Self::KeepAlive => "keep_alive",
            Self::KeepAliveAck => "keep_alive_ack",
            Self::ZeroWindowProbe => "zero_window_probe",
            Self::ZeroWindowProbeAck => "zero_window_probe_ack",
            Self::Ack => "ack",
            Self::DuplicateAck => "duplicate_ack",
            Self::AckUnseen => "ack_of_unseen_data",
            Self::WindowUpdate => "window_update",
            Self::ZeroWindow => "zero_window",
            Self::WindowFull => "window_full",
            Self::Fin => "fin",
            Self::Rst => "rst",
        }
    }

    /// The words for people.
    #[must_use]
    pub fn words(self) -> Words {
        match self {
            Self::PortReused => Words::new("port reused", "端口重用"),
            Self::Syn => Words::new("SYN", "SYN"),
            Self::SynAck => Words::new("SYN+ACK", "SYN+ACK"),
            Self::Gap => Words::new("gap before it", "之前有缺失"),
            Self::NewData => Words::new("new data", "新数据"),
            Self::Retransmission => Words::new("retransmission", "重传"),
            Self::FastRetransmission => Words::new("fast retransmission", "快速重传"),
            Self::SpuriousRetransmission => Words::new("spurious retransmission", "不必要的重传"),
            Self::OutOfOrder => Words::new("out of order", "乱序"),
            Self::KeepAlive => Words::new("keep-alive", "保活探测"),
            Self::KeepAliveAck => Words::new("ACK of keep-alive", "保活应答"),
            Self::ZeroWindowProbe => Words::new("zero-window probe", "零窗口探测"),
            Self::ZeroWindowProbeAck => Words::new("ACK of zero-window probe", "零窗口探测应答"),
            Self::Ack => Words::new("ACK", "确认"),
            Self::DuplicateAck => Words::new("duplicate ACK", "重复确认"),
            Self::AckUnseen => Words::new("ACK of unseen data", "确认了未捕获的数据"),
            Self::WindowUpdate => Words::new("window update", "窗口更新"),
            Self::ZeroWindow => Words::new("zero window", "零窗口"),
            Self::WindowFull => Words::new("window full", "窗口已满"),
            Self::Fin => Words::new("FIN", "FIN"),
            Self::Rst => Words::new("RST", "RST"),
        }
    }

    /// The field that tshark sets for the same reason.
    #[must_use]
    pub fn tshark_field(self) -> Option<&'static str> {
        match self {
            Self::PortReused => Some("tcp.analysis.reused_ports"),
            Self::Gap => Some("tcp.analysis.lost_segment"),
            Self::Retransmission => Some("tcp.analysis.retransmission"),
            Self::FastRetransmission => Some("tcp.analysis.fast_retransmission"),
            Self::SpuriousRetransmission => Some("tcp.analysis.spurious_retransmission"),
            Self::OutOfOrder => Some("tcp.analysis.out_of_order"),
            Self::KeepAlive => Some("tcp.analysis.keep_alive"),
            Self::KeepAliveAck => Some("tcp.analysis.keep_alive_ack"),
            Self::ZeroWindowProbe => Some("tcp.analysis.zero_window_probe"),
            Self::ZeroWindowProbeAck => Some("tcp.analysis.zero_window_probe_ack"),
            Self::DuplicateAck => Some("tcp.analysis.duplicate_ack"),
            Self::AckUnseen => Some("tcp.analysis.ack_lost_segment"),
            Self::WindowUpdate => Some("tcp.analysis.window_update"),
            Self::ZeroWindow => Some("tcp.analysis.zero_window"),
            Self::WindowFull => Some("tcp.analysis.window_full"),
            Self::Syn | Self::SynAck | Self::NewData | Self::Ack | Self::Fin | Self::Rst => None,
        }
    }

    fn bit(self) -> u32 {
        1 << (self as u8)
    }
}

/// The marks of one frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Marks {
    set: u32,
    /// Which duplicate of it this is, from 1; 0 where it is none.
    pub duplicate_number: u32,
    /// The frame with the first acknowledgement of this number; 0 where it is no duplicate.
    pub duplicate_of: usize,
}

impl Marks {
    /// Adds a mark where the condition holds.
    pub fn put(&mut self, mark: Mark, holds: bool) {
        if holds {
            self.set |= mark.bit();
        }
    }

    /// The same without some of them.
    #[must_use]
    pub fn without(self, marks: &[Mark]) -> Self {
        Self { set: marks.iter().fold(self.set, |set, mark| set & !mark.bit()), ..self }
    }

    /// Whether a mark is set.
    #[must_use]
    pub fn has(self, mark: Mark) -> bool {
        self.set & mark.bit() != 0
    }

    /// Whether one of several is set.
    #[must_use]
    pub fn has_any(self, marks: &[Mark]) -> bool {
        marks.iter().any(|mark| self.has(*mark))
    }

    /// The marks in the order in which they are told.
    pub fn iter(self) -> impl Iterator<Item = Mark> {
        Mark::ALL.into_iter().filter(move |mark| self.has(*mark))
    }

    /// Whether there is no mark but those that a connection without trouble has.
    #[must_use]
    pub fn is_usual(self) -> bool {
        let usual = [Mark::Syn, Mark::SynAck, Mark::NewData, Mark::Ack, Mark::Fin];
        self.set & !usual.iter().fold(0, |bits, mark| bits | mark.bit()) == 0
    }

    /// The same for people: a special kind of retransmission stands for the general one.
    pub fn told(self) -> impl Iterator<Item = Mark> {
        let special = self.has_any(&[Mark::FastRetransmission, Mark::SpuriousRetransmission]);
        self.iter().filter(move |mark| !(special && *mark == Mark::Retransmission))
    }
}
