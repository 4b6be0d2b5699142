//! The columns of the table of connections: their names, how a connection reads in each, and how connections are ordered by them.
//! Promise: two connections that are alike in a column stand in the order of their numbers, so that an order is always the same.

use std::cmp::Ordering;

use super::flow::{Began, Ended, Flow};
use crate::i18n::{Lang, Words};
use crate::refusal::{Refusal, harmless, nearest};

/// A column of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Column {
    /// The number of the connection.
    Number,
    /// Who asked for it.
    Client,
    /// Whom it was asked of.
    Server,
    /// Frames of both ends.
    Frames,
    /// Octets of these frames on the wire.
    Bytes,
    /// Octets of TCP data.
    Data,
    /// When it began, counted from the first frame of the capture.
    Start,
    /// How long it lasted.
    Duration,
    /// How it begins in the capture.
    Began,
    /// How it ends.
    Ended,
    /// What is out of the ordinary.
    Oddities,
}

impl Column {
    /// Every column, from left to right.
    pub const ALL: [Self; 11] = [
        Self::Number,
        Self::Client,
        Self::Server,
        Self::Frames,
        Self::Bytes,
        Self::Data,
        Self::Start,
        Self::Duration,
        Self::Began,
        Self::Ended,
        Self::Oddities,
    ];

    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Client => "client",
            Self::Server => "server",
            Self::Frames => "frames",
            Self::Bytes => "bytes",
            Self::Data => "data",
            Self::Start => "start",
            Self::Duration => "duration",
            Self::Began => "began",
            Self::Ended => "ended",
            Self::Oddities => "oddities",
        }
    }

    /// Its heading.
    #[must_use]
    pub fn heading(self) -> Words {
        match self {
            Self::Number => Words::new("no.", "编号"),
            Self::Client => Words::new("client", "客户端"),
            Self::Server => Words::new("server", "服务器"),
            Self::Frames => Words::new("frames", "帧数"),
            Self::Bytes => Words::new("bytes", "字节"),
            Self::Data => Words::new("data", "数据"),
            Self::Start => Words::new("start", "开始"),
            Self::Duration => Words::new("lasted", "持续"),
            Self::Began => Words::new("began", "开头"),
            Self::Ended => Words::new("ended", "结尾"),
            Self::Oddities => Words::new("oddities", "异常"),
        }
    }

    /// Whether it holds numbers, which stand at the right.
    #[must_use]
    pub fn is_number(self) -> bool {
        matches!(self, Self::Number | Self::Frames | Self::Bytes | Self::Data | Self::Start | Self::Duration)
    }

    /// The order of two connections by it.
    #[must_use]
    pub fn compare(self, a: &Flow, b: &Flow) -> Ordering {
        let by_column = match self {
            Self::Number => Ordering::Equal,
            Self::Client => a.client.cmp(&b.client),
            Self::Server => a.server.cmp(&b.server),
            Self::Frames => a.frames().cmp(&b.frames()),
            Self::Bytes => a.bytes().cmp(&b.bytes()),
            Self::Data => a.data().cmp(&b.data()),
            Self::Start => a.start_ns.cmp(&b.start_ns),
            Self::Duration => a.duration_ns().cmp(&b.duration_ns()),
            Self::Began => a.began.cmp(&b.began),
            Self::Ended => a.ended().cmp(&b.ended()),
            Self::Oddities => oddity_rank(a).cmp(&oddity_rank(b)),
        };
        by_column.then(a.number.cmp(&b.number))
    }

    /// What a connection has in it. Numbers are short (`1.2 MB`) where there is little room, and exact otherwise.
    #[must_use]
    pub fn text(self, flow: &Flow, origin_ns: u64, is_short: bool, lang: Lang) -> String {
        let count = |number: u64| if is_short { short(number) } else { number.to_string() };
        match self {
            Self::Number => flow.number.to_string(),
            Self::Client => flow.client.to_string(),
            Self::Server => flow.server.to_string(),
            Self::Frames => count(flow.frames()),
            Self::Bytes => count(flow.bytes()),
            Self::Data => count(flow.data()),
            Self::Start => seconds(flow.start_ns.saturating_sub(origin_ns), is_short),
            Self::Duration if is_short => span(flow.duration_ns()),
            Self::Duration => seconds(flow.duration_ns(), false),
            Self::Began => flow.began.words().text(lang).to_owned(),
            Self::Ended => flow.ended().words().text(lang).to_owned(),
            Self::Oddities => oddities(flow, lang).join(" "),
        }
    }
}

/// An order of the table: by which column, and whether the last comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// The column.
    pub column: Column,
    /// From the greatest to the least.
    pub is_reversed: bool,
}

impl Default for Order {
    fn default() -> Self {
        Self { column: Column::Number, is_reversed: false }
    }
}

impl Order {
    /// Reads the name of a column, with `-` before it where the greatest comes first.
    ///
    /// # Errors
    /// There is no such column.
    pub fn read(text: &str) -> Result<Self, Refusal> {
        let (name, is_reversed) = text.strip_prefix('-').map_or((text, false), |name| (name, true));
        let column = Column::ALL.into_iter().find(|column| column.name() == name);
        column.map(|column| Self { column, is_reversed }).ok_or_else(|| {
            let names = Column::ALL.map(Column::name);
            let shown = harmless(name);
            let hint = nearest(name, names).map_or_else(|| names.join(", "), str::to_owned);
            Refusal::usage(
                format!("--sort knows no column \"{shown}\": did you mean {hint}?"),
                format!("--sort 没有名为“{shown}”的列：是不是指 {hint}？"),
            )
        })
    }

    /// The order of two connections.
    #[must_use]
    pub fn compare(self, a: &Flow, b: &Flow) -> Ordering {
        let order = self.column.compare(a, b);
        if self.is_reversed { order.reverse() } else { order }
    }
}

impl Began {
    /// How it reads in the table.
    #[must_use]
    pub fn words(self) -> Words {
        match self {
            Self::Syn => Words::new("SYN", "SYN"),
            Self::Crossed => Words::new("SYNs crossed", "SYN 交叉"),
            Self::SynAck => Words::new("SYN+ACK", "SYN+ACK"),
            Self::Middle => Words::new("no SYN", "无 SYN"),
        }
    }

    /// The same as part of a sentence.
    #[must_use]
    pub fn sentence(self) -> Words {
        match self {
            Self::Syn => Words::new("begins with its SYN", "以 SYN 开头"),
            Self::Crossed => Words::new("begins with crossed SYNs", "以交叉的 SYN 开头"),
            Self::SynAck => Words::new("begins with its SYN+ACK (the SYN is missing)", "以 SYN+ACK 开头（缺少 SYN）"),
            Self::Middle => Words::new("begins in the middle (no SYN)", "从中途开始（没有 SYN）"),
        }
    }

    /// Its name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Syn => "syn",
            Self::Crossed => "crossed_syns",
            Self::SynAck => "syn_ack",
            Self::Middle => "middle",
        }
    }
}

impl Ended {
    /// How it reads in the table.
    #[must_use]
    pub fn words(self) -> Words {
        match self {
            Self::Fins => Words::new("FIN both", "双方 FIN"),
            Self::ClientFin => Words::new("FIN client", "客户端 FIN"),
            Self::ServerFin => Words::new("FIN server", "服务器 FIN"),
            Self::Reset => Words::new("RST", "RST"),
            Self::Open => Words::new("open", "未关闭"),
        }
    }

    /// The same as part of a sentence.
    #[must_use]
    pub fn sentence(self) -> Words {
        match self {
            Self::Fins => Words::new("ends with a FIN of both", "以双方的 FIN 结束"),
            Self::ClientFin => Words::new("ends with a FIN of the client alone", "只有客户端发出了 FIN"),
            Self::ServerFin => Words::new("ends with a FIN of the server alone", "只有服务器发出了 FIN"),
            Self::Reset => Words::new("ends with a RST", "以 RST 结束"),
            Self::Open => Words::new("is open at the end of the capture", "到抓包结束时仍未关闭"),
        }
    }

    /// Its name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Fins => "fins",
            Self::ClientFin => "client_fin",
            Self::ServerFin => "server_fin",
            Self::Reset => "reset",
            Self::Open => "open",
        }
    }
}

fn oddity_rank(flow: &Flow) -> (u64, bool) {
    let counted =
        [flow.retransmissions(), flow.reordered(), flow.gaps(), flow.zero_windows(), flow.resets(), flow.copies];
    (counted.iter().fold(0, |sum, count| sum.saturating_add(*count)), flow.is_odd())
}

/// What is out of the ordinary, in as few letters as can be read, each with how often.
#[must_use]
pub fn oddities(flow: &Flow, lang: Lang) -> Vec<String> {
    let counted = [
        (flow.retransmissions(), Words::new("retr", "重传")),
        (flow.gaps(), Words::new("gap", "缺口")),
        (flow.zero_windows(), Words::new("zerowin", "零窗口")),
        (flow.resets(), Words::new("RST", "RST")),
        (flow.reordered(), Words::new("reord", "乱序")),
        (flow.copies, Words::new("copies", "副本")),
    ];
    let mut found: Vec<String> = counted
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, words)| format!("{}:{}", words.text(lang), short(*count)))
        .collect();
    if flow.is_one_sided() {
        found.push(Words::new("one-sided", "单向").text(lang).to_owned());
    }
    found
}

/// A count in at most five places: `812`, `1.2k`, `34M`.
#[must_use]
pub fn short(count: u64) -> String {
    if count < 10_000 {
        return count.to_string();
    }
    let mut unit = 1_000;
    for name in ["k", "M", "G", "T"] {
        if count < unit * 10 {
            return format!("{}.{}{name}", count / unit, count % unit * 10 / unit);
        }
        if count < unit * 1_000 || name == "T" {
            return format!("{}{name}", count / unit);
        }
        unit *= 1_000;
    }
    count.to_string()
}

/// Nanoseconds as a span in at most seven places: `26us`, `36.0ms`, `1.234s`.
fn span(nanoseconds: u64) -> String {
    match nanoseconds {
        0..1_000_000 => format!("{}us", nanoseconds / 1_000),
        1_000_000..1_000_000_000 => format!("{}.{}ms", nanoseconds / 1_000_000, nanoseconds % 1_000_000 / 100_000),
        _ => format!("{}s", seconds(nanoseconds, true)),
    }
}

/// Nanoseconds as seconds, to the millisecond or to the microsecond.
fn seconds(nanoseconds: u64, is_short: bool) -> String {
    let (whole, rest) = (nanoseconds / 1_000_000_000, nanoseconds % 1_000_000_000);
    if is_short { format!("{whole}.{:03}", rest / 1_000_000) } else { format!("{whole}.{:06}", rest / 1_000) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_short_and_true() {
        let cases = [
            (0, "0"),
            (9_999, "9999"),
            (10_000, "10k"),
            (999_999, "999k"),
            (1_250_000, "1.2M"),
            (u64::MAX, "18446744T"),
        ];
        for (count, text) in cases {
            assert_eq!(short(count), text);
        }
    }

    #[test]
    fn spans_are_short() {
        let cases = [(999_999, "999us"), (36_050_000, "36.0ms"), (1_234_999_999, "1.234s"), (0, "0us")];
        for (nanoseconds, text) in cases {
            assert_eq!(span(nanoseconds), text);
        }
    }

    #[test]
    fn a_column_is_read_with_its_direction_and_a_slip_is_named() {
        assert_eq!(Order::read("-bytes").unwrap(), Order { column: Column::Bytes, is_reversed: true });
        assert!(Order::read("bites").unwrap_err().words.en.contains("did you mean bytes?"));
        assert!(Order::read("\u{1b}").unwrap_err().words.en.contains("number, client"));
    }
}
