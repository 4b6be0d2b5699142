//! Reads what follows `//@` in a script. What the annotations are and how they are written stands in [`super::annotation`].
//! Promise: reading never panics, and an error names the word it stopped at.

use core::net::Ipv4Addr;

use super::annotation::{Annotation, Chance, FrameFate, HostLine, POINTS, Point, WireLine};
use super::cursor::{microseconds, unsigned};
use super::error::ParseError;
use super::position::Position;
use crate::include::config::BuildOption;
use crate::wire::names::read_hardware_address;

/// The words of an annotation and where they stand.
struct WordReader<'a> {
    list: Vec<(&'a str, Position)>,
    index: usize,
    end: Position,
    text: &'a str,
}

/// What may stand behind the Ethernet address of a host.
const HOST_WORDS: &str = "mtu, gateway or an option of the kernel (forward, multicast, firewall, acct, rarp, ...)";

type Read<T> = Result<T, ParseError>;

/// The last number a process may have: children of `fork()` are 900 and up.
const LAST_PROCESS: u32 = 999;

/// Read what follows `//@`.
pub(super) fn parse(text: &str, position: Position) -> Read<Annotation> {
    let mut words = WordReader::new(text, position);
    let (name, at) = words.next("an annotation")?;
    let annotation = match name {
        "irq" => Annotation::Interrupt { point: words.point()?, occurrence: words.count()? },
        "tick" => Annotation::Tick { point: words.point()?, occurrence: words.count()?, count: words.count()? },
        "end" => Annotation::End,
        "arp-request" => Annotation::ArpRequest {
            sender: words.address()?,
            target: if words.finished() { None } else { Some(words.address()?) },
        },
        "arp-out" => Annotation::ArpOut(words.remaining()),
        "pid" => Annotation::Process(words.number(LAST_PROCESS)?),
        "trace" => Annotation::Trace,
        "host" => Annotation::Host(words.host()?),
        "wire" => Annotation::Wire(words.wire()?),
        "on" => Annotation::On(words.name()?),
        "program" => {
            let (host, program) = (words.name()?, words.name()?);
            Annotation::Program { host, program, words: words.all() }
        }
        "mark" => Annotation::Mark(words.needed("a name")?),
        "assert" => Annotation::Assert(words.needed("an expression")?),
        "drop" => Annotation::Frame { number: words.count()?, fate: FrameFate::Drop },
        "duplicate" => Annotation::Frame { number: words.count()?, fate: FrameFate::Duplicate },
        "corrupt" => Annotation::Frame { number: words.count()?, fate: FrameFate::Corrupt },
        "delay" => Annotation::Frame { number: words.count()?, fate: FrameFate::Delay(words.duration()?) },
        other => return Err(ParseError::expected(at, "an annotation (irq, tick, host, wire, mark, ...)", other)),
    };
    match words.list.get(words.index) {
        Some((extra, at)) => Err(ParseError::expected(*at, "the end of the annotation", extra)),
        None => Ok(annotation),
    }
}

impl<'a> WordReader<'a> {
    fn new(text: &'a str, position: Position) -> Self {
        // The text was trimmed on the left; the column is exact when one blank follows `//@`, as it is written.
        let at = |offset: usize| {
            let before = text.get(..offset).unwrap_or("").chars().count();
            let column = position.column.saturating_add(4).saturating_add(u32::try_from(before).unwrap_or(0));
            Position { line: position.line, column }
        };
        let mut list = Vec::new();
        let mut offset = 0;
        for piece in text.split(char::is_whitespace) {
            if !piece.is_empty() {
                list.push((piece, at(offset)));
            }
            offset +=
                piece.len() + text.get(offset + piece.len()..).and_then(|r| r.chars().next()).map_or(0, char::len_utf8);
        }
        WordReader { list, index: 0, end: at(text.len()), text }
    }

    fn finished(&self) -> bool {
        self.index >= self.list.len()
    }

    fn next(&mut self, wanted: &str) -> Read<(&'a str, Position)> {
        let word = self.list.get(self.index).copied();
        self.index += 1;
        word.ok_or_else(|| ParseError::expected(self.end, wanted, ""))
    }

    fn all(&mut self) -> Vec<String> {
        let rest = self.list.get(self.index..).unwrap_or(&[]);
        self.index = self.list.len();
        rest.iter().map(|(word, _)| (*word).to_owned()).collect()
    }

    /// The rest of the line as it stands.
    fn remaining(&mut self) -> String {
        self.index = self.list.len();
        let after = self.text.split_once(char::is_whitespace).map_or("", |(_, rest)| rest);
        after.trim().to_owned()
    }

    fn needed(&mut self, wanted: &str) -> Read<String> {
        if self.finished() {
            return Err(ParseError::expected(self.end, wanted, ""));
        }
        Ok(self.remaining())
    }

    fn name(&mut self) -> Read<String> {
        let (word, at) = self.next("a name")?;
        if word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-') {
            Ok(word.to_owned())
        } else {
            Err(ParseError::expected(at, "a name of letters, digits, _ and -", word))
        }
    }

    fn number(&mut self, largest: u32) -> Read<u32> {
        let (word, at) = self.next("a number")?;
        match unsigned(word).and_then(|value| u32::try_from(value).ok()) {
            Some(value) if value <= largest => Ok(value),
            _ => Err(ParseError::range(at, word, u64::from(largest))),
        }
    }

    /// A number from 1.
    fn count(&mut self) -> Read<u32> {
        let at = self.list.get(self.index).map_or(self.end, |(_, at)| *at);
        match self.number(1_000_000)? {
            0 => Err(ParseError::expected(at, "a number from 1", "0")),
            number => Ok(number),
        }
    }

    fn point(&mut self) -> Read<Point> {
        let (word, at) = self.next("a point")?;
        let (name, function) = match word.split_once('@') {
            Some((name, function)) => (name, Some(function.to_owned())),
            None => (word, None),
        };
        if !POINTS.contains(&name) || function.as_ref().is_some_and(String::is_empty) {
            return Err(ParseError::expected(at, "a point", word));
        }
        Ok(Point { name: name.to_owned(), function })
    }

    fn address(&mut self) -> Read<Ipv4Addr> {
        let (word, at) = self.next("an IPv4 address")?;
        word.parse().map_err(|_| ParseError::expected(at, "an IPv4 address", word))
    }

    fn duration(&mut self) -> Read<u64> {
        let (word, at) = self.next("a time such as 10ms")?;
        let (digits, unit) = if let Some(digits) = word.strip_suffix("ms") {
            (digits, 1_000)
        } else if let Some(digits) = word.strip_suffix("us") {
            (digits, 1)
        } else if let Some(digits) = word.strip_suffix('s') {
            (digits, 1_000_000)
        } else {
            return Err(ParseError::expected(at, "a time such as 10ms", word));
        };
        let millionths = microseconds(digits).and_then(|value| value.checked_mul(unit));
        match millionths {
            Some(value) if value % 1_000_000 == 0 => Ok(value / 1_000_000),
            _ => Err(ParseError::expected(at, "a time in whole microseconds", word)),
        }
    }

    fn chance(&mut self) -> Read<Chance> {
        let (word, at) = self.next("a chance such as 1/20")?;
        let parts = word.split_once('/').and_then(|(a, b)| Some((a.parse::<u32>().ok()?, b.parse::<u32>().ok()?)));
        match parts {
            Some((times, in_total)) if in_total > 0 && times <= in_total => Ok(Chance { times, in_total }),
            _ => Err(ParseError::expected(at, "a chance such as 1/20", word)),
        }
    }

    fn host(&mut self) -> Read<HostLine> {
        let name = self.name()?;
        let (word, at) = self.next("ADDRESS/PREFIX")?;
        let parts = word.split_once('/').and_then(|(a, b)| Some((a.parse::<Ipv4Addr>().ok()?, b.parse::<u8>().ok()?)));
        let Some((address, prefix)) = parts.filter(|(_, prefix)| *prefix <= 32) else {
            return Err(ParseError::expected(at, "ADDRESS/PREFIX", word));
        };
        let (word, at) = self.next("an Ethernet address")?;
        let hardware =
            read_hardware_address(word).ok_or_else(|| ParseError::expected(at, "an Ethernet address", word))?;
        let mut host = HostLine { name, address, prefix, hardware, mtu: None, gateway: None, build: Vec::new() };
        while !self.finished() {
            match self.next(HOST_WORDS)? {
                ("mtu", _) => host.mtu = u16::try_from(self.number(1500)?).ok(),
                ("gateway", _) => host.gateway = Some(self.address()?),
                (word, at) => {
                    let part = BuildOption::of_word(word).ok_or_else(|| ParseError::expected(at, HOST_WORDS, word))?;
                    host.build.push(part);
                }
            }
        }
        Ok(host)
    }

    fn wire(&mut self) -> Read<WireLine> {
        let mut wire = WireLine::default();
        while !self.finished() {
            let (word, at) = self.next("delay, loss, duplicate, reorder, corrupt or seed")?;
            match word {
                "delay" => wire.delay = self.duration()?,
                "loss" => wire.loss = Some(self.chance()?),
                "duplicate" => wire.duplicate = Some(self.chance()?),
                "reorder" => wire.reorder = Some(self.chance()?),
                "corrupt" => wire.corrupt = Some(self.chance()?),
                "seed" => {
                    let (word, at) = self.next("a seed")?;
                    let seed = unsigned(word).ok_or_else(|| ParseError::range(at, word, u64::MAX))?;
                    wire.seed = Some(seed);
                }
                other => {
                    return Err(ParseError::expected(at, "delay, loss, duplicate, reorder, corrupt or seed", other));
                }
            }
        }
        Ok(wire)
    }
}
