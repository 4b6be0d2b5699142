//! The words that a filter knows: what a connection can be asked for by one alone, and what can be compared with a number.

use crate::capture::index::flow::{Began, Ended, Flow};
use crate::i18n::Words;

/// What a filter can ask for by a word alone, each with what it says of a connection.
pub(super) const FLAGS: [(&str, Flag, Words); 13] = [
    ("syn", Flag::Syn, Words { en: "its first SYN is in the capture", zh: "抓包中有它的第一个 SYN" }),
    ("middle", Flag::Middle, Words { en: "it begins in the middle", zh: "从中途开始" }),
    ("crossed", Flag::Crossed, Words { en: "both ends sent a SYN at once", zh: "双方同时发出 SYN" }),
    ("open", Flag::Open, Words { en: "it was still open at the end", zh: "到抓包结束时仍未关闭" }),
    ("closed", Flag::Closed, Words { en: "both ends sent a FIN", zh: "双方都发出了 FIN" }),
    ("reset", Flag::Amount(Amount::Resets), Words { en: "one end sent a RST", zh: "有一端发出了 RST" }),
    (
        "retransmissions",
        Flag::Amount(Amount::Retransmissions),
        Words { en: "something was sent again", zh: "有数据被重传" },
    ),
    ("reordered", Flag::Amount(Amount::Reordered), Words { en: "frames overtook each other", zh: "有帧乱序" }),
    ("gaps", Flag::Amount(Amount::Gaps), Words { en: "the capture missed data", zh: "抓包漏掉了数据" }),
    (
        "zero window",
        Flag::Amount(Amount::ZeroWindows),
        Words { en: "one end offered no window", zh: "有一端的窗口为零" },
    ),
    ("one-sided", Flag::OneSided, Words { en: "only one end's frames are there", zh: "只有一端的帧" }),
    ("copies", Flag::Amount(Amount::Copies), Words { en: "frames were captured twice", zh: "有帧被抓了两次" }),
    ("odd", Flag::Odd, Words { en: "any of these oddities", zh: "有以上任一异常" }),
];

/// Other ways to write the words above.
pub(super) const ALSO: [(&str, &str); 12] = [
    ("rst", "reset"),
    ("resets", "reset"),
    ("retransmission", "retransmissions"),
    ("gap", "gaps"),
    ("zero-window", "zero window"),
    ("zero-windows", "zero window"),
    ("zerowindow", "zero window"),
    ("onesided", "one-sided"),
    ("simultaneous", "crossed"),
    ("copy", "copies"),
    ("midstream", "middle"),
    ("fin", "closed"),
];

/// What can be compared with a number.
pub(super) const AMOUNTS: [(&str, Amount); 12] = [
    ("frames", Amount::Frames),
    ("bytes", Amount::Bytes),
    ("data", Amount::Data),
    ("duration", Amount::Duration),
    ("start", Amount::Start),
    ("number", Amount::Number),
    ("retransmissions", Amount::Retransmissions),
    ("reordered", Amount::Reordered),
    ("gaps", Amount::Gaps),
    ("zero window", Amount::ZeroWindows),
    ("reset", Amount::Resets),
    ("copies", Amount::Copies),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Amount {
    Number,
    Frames,
    Bytes,
    Data,
    Duration,
    Start,
    Retransmissions,
    Reordered,
    Gaps,
    ZeroWindows,
    Resets,
    Copies,
}

impl Amount {
    /// The amount; times in nanoseconds.
    pub(super) fn of(self, flow: &Flow, origin_ns: u64) -> u64 {
        match self {
            Self::Number => u64::from(flow.number),
            Self::Frames => flow.frames(),
            Self::Bytes => flow.bytes(),
            Self::Data => flow.data(),
            Self::Duration => flow.duration_ns(),
            Self::Start => flow.start_ns.saturating_sub(origin_ns),
            Self::Retransmissions => flow.retransmissions(),
            Self::Reordered => flow.reordered(),
            Self::Gaps => flow.gaps(),
            Self::ZeroWindows => flow.zero_windows(),
            Self::Resets => flow.resets(),
            Self::Copies => flow.copies,
        }
    }

    pub(super) fn is_time(self) -> bool {
        matches!(self, Self::Duration | Self::Start)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flag {
    Syn,
    Middle,
    Crossed,
    Open,
    Closed,
    OneSided,
    Odd,
    Amount(Amount),
}

impl Flag {
    pub(super) fn holds(self, flow: &Flow) -> bool {
        match self {
            Self::Syn => flow.has_syn(),
            Self::Middle => flow.began == Began::Middle,
            Self::Crossed => flow.began == Began::Crossed,
            Self::Open => flow.ended() == Ended::Open,
            Self::Closed => flow.ended() == Ended::Fins,
            Self::OneSided => flow.is_one_sided(),
            Self::Odd => flow.is_odd(),
            Self::Amount(amount) => amount.of(flow, 0) > 0,
        }
    }
}

/// Every word that a filter knows, with an example of what stands behind those that want something.
#[must_use]
pub fn vocabulary() -> Vec<(&'static str, Words)> {
    let mut words = vec![
        ("port 80", Words { en: "either end has this port", zh: "任一端使用此端口" }),
        (
            "10.8.0.1",
            Words {
                en: "either end has this address; 10.8. or 10.8.0.0/16 many",
                zh: "任一端是此地址；10.8. 或 10.8.0.0/16 表示一批地址",
            },
        ),
        ("server 10.8.0.2:80", Words { en: "the server, or client, is this", zh: "服务器（或 client：客户端）是它" }),
        (
            "bytes > 10k",
            Words {
                en: "also frames, data, duration, start, gaps, ...",
                zh: "还有 frames、data、duration、start、gaps 等",
            },
        ),
        ("7", Words { en: "the connection of this number", zh: "此编号的连接" }),
        ("no reset", Words { en: "what must not hold", zh: "不得成立的条件" }),
    ];
    words.extend(FLAGS.iter().map(|(word, _, says)| (*word, *says)));
    words
}
