//! Which connections of a capture are meant: a few words, all of which must hold. `port 80`, `10.8.0.0/16`, `reset`, `no syn`,
//! `bytes > 10k`, `7`. Promise: every text is either understood whole or refused in one sentence that says which word is none and
//! what may have been meant; the words are English in every language of the screen, as those of stops are.

mod reader;
mod refusal;
mod words;

use self::reader::{Reader, words_of};
use self::refusal::behind;
pub use self::words::vocabulary;
use self::words::{Amount, Flag};
use super::index::flow::Flow;
use super::segment::Endpoint;
use crate::i18n::Words;

/// The most words that are read: a filter is typed by a person.
const MOST_WORDS: usize = 100;

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

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

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
