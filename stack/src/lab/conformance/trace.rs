//! The trace as the golden files write it: one JSON object per line, keys in a fixed order. A record is plain data, so
//! that one made by a run and one read from a file are compared as values. Promise: the printed line is the line the
//! golden file would have, byte for byte.

use core::fmt::{self, Display, Formatter};
use std::borrow::Cow;

/// One line of a trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Jiffies since script time 0; negative before it.
    pub jiffies: i64,
    /// The kind of event.
    pub kind: Cow<'static, str>,
    /// The further keys in order.
    pub fields: Vec<(Cow<'static, str>, Value)>,
    /// The port in the returned address is left-over memory in the original and is not compared.
    pub port_is_noise: bool,
}

/// A value of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A number.
    Number(i64),
    /// A string.
    Text(Cow<'static, str>),
    /// A list of strings.
    List(Vec<String>),
}

/// The kinds of events that must be identical. The rest tells the story but is not compared.
pub const COMPARED: [&str; 12] = [
    "frame",
    "syscall_exit",
    "new_sock",
    "state",
    "timer_set",
    "add_timer",
    "timer_fire",
    "enqueue",
    "sleep",
    "wake_up",
    "stat",
    "crash",
];

impl Record {
    /// A record without further keys.
    #[must_use]
    pub fn new(jiffies: i64, kind: &'static str) -> Self {
        Record { jiffies, kind: Cow::Borrowed(kind), fields: Vec::new(), port_is_noise: false }
    }

    /// With a number.
    #[must_use]
    pub fn number(mut self, key: impl Into<Cow<'static, str>>, value: impl Into<i64>) -> Self {
        self.fields.push((key.into(), Value::Number(value.into())));
        self
    }

    /// With a string.
    #[must_use]
    pub fn text(mut self, key: &'static str, value: impl Into<Cow<'static, str>>) -> Self {
        self.fields.push((Cow::Borrowed(key), Value::Text(value.into())));
        self
    }

    /// With a list of byte strings.
    #[must_use]
    pub fn buffers(mut self, key: &'static str, buffers: &[Vec<u8>]) -> Self {
        let list = buffers.iter().map(|bytes| hexadecimal(bytes)).collect();
        self.fields.push((Cow::Borrowed(key), Value::List(list)));
        self
    }

    /// Whether records of this kind must be identical.
    #[must_use]
    pub fn is_compared(&self) -> bool {
        COMPARED.contains(&self.kind.as_ref())
    }

    /// Whether two records say the same, the known noise of the original left out.
    #[must_use]
    pub fn agrees_with(&self, other: &Record) -> bool {
        if self.port_is_noise || other.port_is_noise {
            return self.without_port() == other.without_port();
        }
        self == other
    }

    /// The record with the port of its second output buffer (the address) blanked.
    fn without_port(&self) -> Record {
        let mut record = self.clone();
        record.port_is_noise = false;
        for (_, value) in &mut record.fields {
            if let Value::List(list) = value
                && let Some(address) = list.get_mut(1)
                && address.is_ascii()
                && address.len() >= 8
            {
                address.replace_range(4..8, "----");
            }
        }
        record
    }
}

/// Bytes as lower-case hexadecimal digits.
#[must_use]
pub fn hexadecimal(bytes: &[u8]) -> String {
    crate::lab::script::print::Hexadecimal(bytes).to_string()
}

impl Display for Record {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        // In the one line about a crash the time stands last.
        let crash = self.kind == "crash";
        if crash {
            write!(f, "{{\"kind\": \"crash\"")?;
        } else {
            write!(f, "{{\"jiffies\": {}, \"kind\": \"{}\"", self.jiffies, self.kind)?;
        }
        for (key, value) in &self.fields {
            write!(f, ", \"{key}\": {value}")?;
        }
        if crash {
            write!(f, ", \"jiffies\": {}", self.jiffies)?;
        }
        f.write_str("}")
    }
}

impl Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Value::Number(number) => write!(f, "{number}"),
            Value::Text(text) => write!(f, "\"{text}\""),
            Value::List(list) => {
                f.write_str("[")?;
                for (index, text) in list.iter().enumerate() {
                    let separator = if index > 0 { ", " } else { "" };
                    write!(f, "{separator}\"{text}\"")?;
                }
                f.write_str("]")
            }
        }
    }
}

/// The first place where two traces differ, seen from both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceDifference {
    /// How many compared events agree before it.
    pub agreed: usize,
    /// What should have happened, from two events before to one after; the second number counts lines of the file from 1.
    pub expected: Vec<(String, usize)>,
    /// What happened.
    pub actual: Vec<String>,
    /// The first key that differs in the first event that does, and its pieces where they do, if the kinds agree.
    pub value: Option<(String, String, String)>,
}

/// Compare a run with a golden trace; `expected` holds records with their line numbers.
#[must_use]
pub fn compare(expected: &[(usize, Record)], actual: &[Record]) -> Option<TraceDifference> {
    let expected: Vec<&(usize, Record)> = expected.iter().filter(|(_, record)| record.is_compared()).collect();
    let actual: Vec<&Record> = actual.iter().filter(|record| record.is_compared()).collect();
    let agreed = expected.iter().zip(&actual).take_while(|((_, theirs), ours)| ours.agrees_with(theirs)).count();
    if agreed == expected.len() && agreed == actual.len() {
        return None;
    }
    let from = agreed.saturating_sub(2);
    Some(TraceDifference {
        agreed,
        expected: expected
            .iter()
            .skip(from)
            .take(agreed - from + 2)
            .map(|(line, record)| (record.to_string(), *line))
            .collect(),
        actual: actual.iter().skip(from).take(agreed - from + 2).map(ToString::to_string).collect(),
        value: expected.get(agreed).zip(actual.get(agreed)).and_then(|((_, theirs), ours)| first_value(theirs, ours)),
    })
}

/// Where two events of one kind say different things.
fn first_value(expected: &Record, actual: &Record) -> Option<(String, String, String)> {
    if expected.kind != actual.kind {
        return None;
    }
    if expected.jiffies != actual.jiffies {
        return Some(("jiffies".to_owned(), expected.jiffies.to_string(), actual.jiffies.to_string()));
    }
    let (theirs, ours) = expected.fields.iter().zip(&actual.fields).find(|(theirs, ours)| theirs != ours)?;
    let (a, b) = (theirs.1.to_string(), ours.1.to_string());
    let same = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    let piece = |text: &str| -> String {
        let from = same.saturating_sub(8);
        let head = if from > 0 { "..." } else { "" };
        let tail = if text.len() > from + 40 { "..." } else { "" };
        format!("{head}{}{tail}", text.chars().skip(from).take(40).collect::<String>())
    };
    let place = if same > 40 { format!(" (character {same})") } else { String::new() };
    Some((format!("{}{place}", theirs.0), piece(&a), piece(&b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_look_like_the_golden_ones() {
        let record = Record::new(10, "syscall_exit")
            .number("pid", 100)
            .text("name", "recvfrom")
            .number("ret", 2)
            .buffers("out", &[vec![0, 255], vec![2, 0, 0x1f, 0x90, 1, 2, 3, 4]]);
        assert_eq!(
            record.to_string(),
            r#"{"jiffies": 10, "kind": "syscall_exit", "pid": 100, "name": "recvfrom", "ret": 2, "out": ["00ff", "02001f9001020304"]}"#
        );
        let crash = Record::new(30, "crash").number("sig", 11);
        assert_eq!(crash.to_string(), r#"{"kind": "crash", "sig": 11, "jiffies": 30}"#);
        let empty = Record::new(0, "syscall_exit").buffers("out", &[]);
        assert!(empty.to_string().ends_with("\"out\": []}"));
    }

    #[test]
    fn the_first_difference_is_found_with_its_neighbours() {
        let record = |sk: i64| Record::new(0, "new_sock").number("sk", sk).number("parent", 0);
        let expected: Vec<_> = (2..8).map(|sk| (sk as usize, record(sk))).collect();
        let same: Vec<_> = (2..8).map(record).collect();
        assert_eq!(compare(&expected, &same), None);
        let mut other = same.clone();
        other[3] = record(99);
        other.insert(0, Record::new(0, "printk"));
        let difference = compare(&expected, &other).unwrap();
        assert_eq!((difference.agreed, difference.expected.len(), difference.actual.len()), (3, 4, 4));
        assert_eq!(difference.expected[2].1, 5);
        assert!(difference.actual[2].contains("99"));
        assert!(compare(&expected, &same[..5]).is_some(), "a missing last event is a difference");
    }

    #[test]
    fn the_port_of_a_raw_datagram_is_not_compared() {
        let record = |address: &[u8]| Record::new(0, "syscall_exit").buffers("out", &[vec![1], address.to_vec()]);
        let mut ours = record(&[2, 0, 0, 0, 9, 9, 9, 9]);
        let theirs = record(&[2, 0, 7, 7, 9, 9, 9, 9]);
        assert!(!ours.agrees_with(&theirs));
        ours.port_is_noise = true;
        assert!(ours.agrees_with(&theirs));
        assert!(!ours.agrees_with(&record(&[2, 0, 7, 7, 9, 9, 9, 8])));
    }
}
