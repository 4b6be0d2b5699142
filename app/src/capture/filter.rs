//! Which connections of a capture are meant: a few words, all of which must hold. `port 80`, `10.8.0.0/16`, `reset`, `no syn`,
//! `bytes > 10k`, `7`. Promise: every text is either understood whole or refused in one sentence that says which word is none and
//! what may have been meant; the words are English in every language of the screen, as those of stops are.

use std::net::Ipv4Addr;

use super::index::flow::{Began, Ended, Flow};
use super::segment::Endpoint;
use crate::fuzzy::meant;
use crate::i18n::Words;
use crate::refusal::harmless;

/// The most words that are read: a filter is typed by a person.
const MOST_WORDS: usize = 100;

/// What a filter can ask for by a word alone, each with what it says of a connection.
const FLAGS: [(&str, Flag, Words); 13] = [
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
const ALSO: [(&str, &str); 12] = [
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
const AMOUNTS: [(&str, Amount); 12] = [
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
enum Amount {
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
    fn of(self, flow: &Flow, origin_ns: u64) -> u64 {
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

    fn is_time(self) -> bool {
        matches!(self, Self::Duration | Self::Start)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flag {
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
    fn holds(self, flow: &Flow) -> bool {
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

/// Which ends of a connection an address or port may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    Either,
    Client,
    Server,
}

/// Addresses and ports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Ends {
    network: u32,
    mask: u32,
    port: Option<u16>,
}

impl Ends {
    const ANY: Self = Self { network: 0, mask: 0, port: None };

    fn has(self, end: Endpoint) -> bool {
        u32::from(end.address) & self.mask == self.network && self.port.is_none_or(|port| port == end.port)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Less,
    AtMost,
    Equal,
    Other,
    AtLeast,
    More,
}

impl Operator {
    fn read(text: &str) -> Option<Self> {
        Some(match text {
            "<" => Self::Less,
            "<=" => Self::AtMost,
            "=" | "==" => Self::Equal,
            "!=" => Self::Other,
            ">=" => Self::AtLeast,
            ">" => Self::More,
            _ => return None,
        })
    }

    fn holds(self, a: u64, b: u64) -> bool {
        match self {
            Self::Less => a < b,
            Self::AtMost => a <= b,
            Self::Equal => a == b,
            Self::Other => a != b,
            Self::AtLeast => a >= b,
            Self::More => a > b,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Test {
    Number(u32),
    Ends(Which, Ends),
    Flag(Flag),
    Compare(Amount, Operator, u64),
}

/// What is asked of connections; nothing where nothing was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Each with whether it must not hold.
    tests: Vec<(bool, Test)>,
}

impl Filter {
    /// Reads what was typed.
    ///
    /// # Errors
    /// The sentence that says which word is none, and what may have been meant.
    pub fn read(text: &str) -> Result<Self, Words<String>> {
        let words = words_of(text);
        if words.len() > MOST_WORDS {
            return Err(Words::new(
                format!("the filter has more than {MOST_WORDS} words."),
                format!("过滤条件超过 {MOST_WORDS} 个词。"),
            ));
        }
        let mut reader = Reader { words: &words };
        let mut tests = Vec::new();
        while let Some(word) = reader.next() {
            match word {
                "and" | "&&" | "," => {}
                "no" | "not" | "!" | "without" => {
                    let Some(word) = reader.next() else { return Err(behind(word, "no syn")) };
                    tests.push((true, reader.test(word)?));
                }
                word => tests.push((false, reader.test(word)?)),
            }
        }
        Ok(Self { tests })
    }

    /// Whether everything holds for a connection of a capture whose first frame came at `origin_ns`.
    #[must_use]
    pub fn holds(&self, flow: &Flow, origin_ns: u64) -> bool {
        self.tests.iter().all(|(negated, test)| *negated != holds(*test, flow, origin_ns))
    }

    /// Whether it asks for nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tests.is_empty()
    }
}

fn holds(test: Test, flow: &Flow, origin_ns: u64) -> bool {
    match test {
        Test::Number(number) => flow.number == number,
        Test::Ends(Which::Client, ends) => ends.has(flow.client),
        Test::Ends(Which::Server, ends) => ends.has(flow.server),
        Test::Ends(Which::Either, ends) => ends.has(flow.client) || ends.has(flow.server),
        Test::Flag(flag) => flag.holds(flow),
        Test::Compare(amount, operator, number) => operator.holds(amount.of(flow, origin_ns), number),
    }
}

/// The words of a line in lower case; operators are words of their own.
fn words_of(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_operator = false;
    for letter in text.to_lowercase().chars() {
        let is_operator = matches!(letter, '<' | '>' | '=' | '!');
        if letter.is_whitespace() || letter == ',' || is_operator != was_operator {
            words.push(String::new());
        }
        was_operator = is_operator;
        if let (Some(word), false) = (words.last_mut(), letter.is_whitespace() || letter == ',') {
            word.push(letter);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The words that have not been read yet.
struct Reader<'w> {
    words: &'w [String],
}

impl<'w> Reader<'w> {
    fn next(&mut self) -> Option<&'w str> {
        let (first, rest) = self.words.split_first()?;
        self.words = rest;
        Some(first)
    }

    fn next_if<T>(&mut self, read: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let found = read(self.words.first()?)?;
        self.next();
        Some(found)
    }

    /// What a word and those that belong to it ask for.
    fn test(&mut self, word: &'w str) -> Result<Test, Words<String>> {
        match word {
            "port" => return self.port(Which::Either),
            "client" => return self.end(Which::Client, word),
            "server" => return self.end(Which::Server, word),
            "host" | "ip" | "address" => return self.end(Which::Either, word),
            "or" | "||" => return Err(no_or()),
            _ => {}
        }
        if let Ok(number) = word.trim_start_matches('#').parse() {
            return Ok(Test::Number(number));
        }
        if word.starts_with(|first: char| first.is_ascii_digit()) {
            return ends(word).map(|ends| Test::Ends(Which::Either, ends)).ok_or_else(|| no_address(word));
        }
        let name = self.name(word);
        let amount = AMOUNTS.iter().find(|(known, _)| *known == name).map(|(_, amount)| *amount);
        if let Some(amount) = amount
            && let Some(operator) = self.next_if(Operator::read)
        {
            return self.next().and_then(|number| quantity(number, amount)).map_or_else(
                || Err(behind(word, if amount.is_time() { "duration > 1.5" } else { "bytes > 1000" })),
                |number| Ok(Test::Compare(amount, operator, number)),
            );
        }
        match (FLAGS.iter().find(|(known, ..)| *known == name), amount) {
            (Some((_, flag, _)), _) => Ok(Test::Flag(*flag)),
            (None, Some(amount)) => Err(behind(word, if amount.is_time() { "duration > 1.5" } else { "bytes > 1000" })),
            (None, None) => Err(unknown(word)),
        }
    }

    /// The name that a word stands for; `zero window` and `one sided` are two words.
    fn name(&mut self, word: &'w str) -> &'w str {
        match word {
            "zero" => {
                self.next_if(|next| matches!(next, "window" | "windows").then_some(()));
                "zero window"
            }
            "one" => {
                self.next_if(|next| matches!(next, "sided" | "side").then_some(()));
                "one-sided"
            }
            _ => ALSO.iter().find(|(other, _)| *other == word).map_or(word, |(_, name)| *name),
        }
    }

    fn port(&mut self, which: Which) -> Result<Test, Words<String>> {
        let port = self.next_if(|word| word.parse().ok()).ok_or_else(|| behind("port", "port 80"))?;
        Ok(Test::Ends(which, Ends { port: Some(port), ..Ends::ANY }))
    }

    /// An address, port or both of a certain end.
    fn end(&mut self, which: Which, word: &str) -> Result<Test, Words<String>> {
        if self.next_if(|word| (word == "port").then_some(())).is_some() {
            return self.port(which);
        }
        let found = self.next_if(ends).ok_or_else(|| behind(word, &format!("{word} 10.8.0.1")))?;
        Ok(Test::Ends(which, found))
    }
}

/// `10.8.0.1`, `10.8.0.1:80`, `10.8.0.0/16`, `10.8.` (every address that begins so).
fn ends(word: &str) -> Option<Ends> {
    if let Some((address, bits)) = word.split_once('/') {
        let bits: u32 = bits.parse().ok().filter(|bits| *bits <= 32)?;
        let mask = u32::MAX.checked_shl(32 - bits).unwrap_or(0);
        let address: Ipv4Addr = address.parse().ok()?;
        return Some(Ends { network: u32::from(address) & mask, mask, port: None });
    }
    if let Some(begun) = word.strip_suffix('.') {
        let parts: Vec<u8> = begun.split('.').map(|part| part.parse::<u8>().ok()).collect::<Option<_>>()?;
        let bits = u32::try_from(parts.len() * 8).ok().filter(|bits| *bits < 32)?;
        let network = (0..4).fold(0, |network, place| network << 8 | u32::from(parts.get(place).copied().unwrap_or(0)));
        return Some(Ends { network, mask: u32::MAX.checked_shl(32 - bits).unwrap_or(0), port: None });
    }
    let (address, port) = match word.split_once(':') {
        Some((address, port)) => (address, Some(port.parse().ok()?)),
        None => (word, None),
    };
    let address: Ipv4Addr = address.parse().ok()?;
    Some(Ends { network: u32::from(address), mask: u32::MAX, port })
}

/// A number with a unit: `10k`, `1.5M`; of a time `3`, `20ms`, `2min`, in nanoseconds.
fn quantity(word: &str, amount: Amount) -> Option<u64> {
    let split = word.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(word.len());
    let (digits, unit) = word.split_at(split);
    let factor: u64 = match (unit, amount.is_time()) {
        ("" | "s", true) => 1_000_000_000,
        ("ms", true) => 1_000_000,
        ("us" | "µs", true) => 1_000,
        ("min", true) => 60_000_000_000,
        ("h", true) => 3_600_000_000_000,
        ("" | "b", false) => 1,
        ("k" | "kb", false) => 1_000,
        ("m" | "mb", false) => 1_000_000,
        ("g" | "gb", false) => 1_000_000_000,
        _ => return None,
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let whole: u64 = if whole.is_empty() && !part.is_empty() { 0 } else { whole.parse().ok()? };
    let mut rest = 0;
    let mut place = factor;
    for digit in part.chars().take(9) {
        place /= 10;
        rest += u64::from(digit.to_digit(10)?) * place;
    }
    whole.checked_mul(factor)?.checked_add(rest)
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

fn unknown(word: &str) -> Words<String> {
    let mut known: Vec<&str> = FLAGS.iter().map(|(known, ..)| *known).collect();
    known.extend(AMOUNTS.iter().map(|(known, _)| *known).filter(|name| !FLAGS.iter().any(|(flag, ..)| flag == name)));
    known.extend(["port", "client", "server", "no"]);
    let near = meant(word, &known, 2);
    let shown = harmless(word);
    if near.is_empty() {
        return Words::new(
            format!("\"{shown}\" is no word of the filter: try port 80, 10.8.0.1, reset, no syn or bytes > 1000."),
            format!("“{shown}”不是过滤用词：可用 port 80、10.8.0.1、reset、no syn 或 bytes > 1000。"),
        );
    }
    Words::new(
        format!("\"{shown}\" is no word of the filter: did you mean {}?", near.join(" or ")),
        format!("“{shown}”不是过滤用词：是不是指 {}？", near.join(" 或 ")),
    )
}

fn behind(word: &str, example: &str) -> Words<String> {
    let shown = harmless(word);
    Words::new(format!("{shown} wants something behind it: {example}."), format!("{shown} 后面还缺内容：{example}。"))
}

fn no_address(word: &str) -> Words<String> {
    let shown = harmless(word);
    Words::new(
        format!("\"{shown}\" is no address: write 10.8.0.1, 10.8.0.1:80, 10.8. or 10.8.0.0/16."),
        format!("“{shown}”不是地址：请写 10.8.0.1、10.8.0.1:80、10.8. 或 10.8.0.0/16。"),
    )
}

fn no_or() -> Words<String> {
    Words::new(
        "all words of a filter must hold at once: there is no \"or\".".to_owned(),
        "过滤条件必须同时成立：没有“or”。".to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::index::flow::{Flows, Seen};
    use stack::wire::tcp;

    fn end(host: u8, port: u16) -> Endpoint {
        Endpoint { address: Ipv4Addr::new(10, 8, 0, host), port }
    }

    /// A client that asks, sends 100 octets twice and is reset, from second 3 on.
    fn flow() -> Flow {
        let (client, server) = (end(1, 4000), end(2, 80));
        let mut flows = Flows::default();
        let seen = |from_client: bool, seq, flags, length, time_ns| Seen {
            source: if from_client { client } else { server },
            destination: if from_client { server } else { client },
            seq,
            ack: 1,
            flags,
            window: 1_000,
            length,
            wire_length: length + 54,
            time_ns,
            print: None,
        };
        flows.take(&seen(true, 0, tcp::SYN, 0, 3_000_000_000));
        flows.take(&seen(true, 1, tcp::ACK, 100, 3_010_000_000));
        flows.take(&seen(true, 1, tcp::ACK, 100, 3_500_000_000));
        flows.take(&seen(false, 1, tcp::RST, 0, 4_500_000_000));
        flows.all()[0].clone()
    }

    fn holds(typed: &str) -> bool {
        let filter = Filter::read(typed).unwrap_or_else(|words| panic!("{typed}: {}", words.en));
        filter.holds(&flow(), 1_000_000_000)
    }

    #[test]
    fn words_hold_together_and_each_can_be_denied() {
        let right = [
            "",
            "1",
            "#1",
            "port 80",
            "port 4000",
            "10.8.0.2",
            "10.8.0.1:4000",
            "10.8.",
            "10.8.0.0/16",
            "0.0.0.0/0",
            "client 10.8.0.1",
            "server 10.8.0.2:80",
            "server port 80",
            "reset",
            "RST",
            "syn no middle, and not crossed",
            "retransmissions",
            "no gaps no zero window",
            "!open",
            "odd",
            "bytes > 200",
            "data=200",
            "frames>=4 frames<=4 frames!=5",
            "bytes < 1k",
            "duration > 1.4 duration<1501ms",
            "start = 2s",
            "zero windows = 0",
        ];
        for typed in right {
            assert!(holds(typed), "{typed}");
        }
        let wrong = [
            "2",
            "port 81",
            "10.9.",
            "10.8.0.1:80",
            "client 10.8.0.2",
            "server port 4000",
            "no reset",
            "reset port 81",
            "crossed",
            "one sided",
            "bytes > 1M",
            "duration > 1min",
            "closed",
        ];
        for typed in wrong {
            assert!(!holds(typed), "{typed}");
        }
    }

    #[test]
    fn what_is_no_filter_is_said_in_one_sentence() {
        let cases = [
            ("rset", "did you mean reset"),
            ("retransmision", "did you mean retransmissions"),
            ("zzzzzz", "try port 80"),
            ("port", "port wants something behind it: port 80"),
            ("port http", "port 80"),
            ("bytes", "bytes > 1000"),
            ("bytes >", "bytes > 1000"),
            ("bytes > many", "bytes > 1000"),
            ("duration > 3 parsecs", "is no word"),
            ("no", "no syn"),
            ("10.8.0.256", "is no address"),
            ("10.8.0.0/33", "is no address"),
            ("port 80 or reset", "there is no \"or\""),
            ("99999999999999999999", "is no address"),
            ("\u{1b}[2J", "\\u{1b}"),
        ];
        for (typed, said) in cases {
            let words = Filter::read(typed).expect_err(typed);
            assert!(words.en.contains(said), "{typed}: {}", words.en);
            assert!(!words.zh.is_empty() && words.en.lines().count() == 1);
        }
        assert!(Filter::read(&"open ".repeat(200)).is_err());
    }

    #[test]
    fn every_word_of_the_vocabulary_is_one() {
        for (word, _) in vocabulary() {
            assert!(Filter::read(word).is_ok(), "{word}");
        }
    }
}
