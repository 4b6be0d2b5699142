//! From a typed line to what it asks for, word by word.

use std::net::Ipv4Addr;

use super::refusal::{behind, no_address, no_or, unknown};
use super::words::{ALSO, AMOUNTS, Amount, FLAGS};
use super::{Ends, Operator, Test, Which};
use crate::i18n::Words;

/// The words of a line in lower case; operators are words of their own.
pub(super) fn words_of(text: &str) -> Vec<String> {
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
pub(super) struct Reader<'w> {
    pub(super) words: &'w [String],
}

impl<'w> Reader<'w> {
    pub(super) fn next(&mut self) -> Option<&'w str> {
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
    pub(super) fn test(&mut self, word: &'w str) -> Result<Test, Words<String>> {
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
