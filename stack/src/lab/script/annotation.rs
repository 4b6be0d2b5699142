//! The `//@` lines: what packetdrill cannot say. To packetdrill they are comments, so a scene with one host stays a
//! valid script of the original tool. One line, one annotation; words are separated by blanks.
//!
//! Interrupts inside system calls and several processes on one host:
//!
//! | line | meaning |
//! |---|---|
//! | `//@ irq POINT[@FUNCTION] N` | the inbound lines that follow at the same time arrive as one network interrupt at the N-th occurrence of the point in the call of the nearest preceding call line |
//! | `//@ tick POINT[@FUNCTION] N K` | K timer interrupts at that point |
//! | `//@ end` | ends an irq group |
//! | `//@ arp-request SENDER [TARGET]` | an inbound ARP request |
//! | `//@ arp-out ...` | an ARP frame the stack sent (output only) |
//! | `//@ pid P` | the next call is made by process P |
//! | `//@ trace` | switches the extra trace events on |
//!
//! Scenes of the laboratory with several hosts on one simulated Ethernet:
//!
//! | line | meaning |
//! |---|---|
//! | `//@ host NAME ADDRESS/PREFIX MAC [mtu N] [gateway ADDRESS] [OPTION...]` | a host on the wire, with parts of the kernel compiled in (`forward`, `snarl`, `multicast`, `firewall`, `acct`, `rarp`, `nagle_off`); the first one declared makes the calls until an `on` line says otherwise |
//! | `//@ wire delay TIME [loss A/B] [duplicate A/B] [reorder A/B] [corrupt A/B] [seed N]` | what the Ethernet does to frames; TIME is a number with `us`, `ms` or `s`, chances are fractions |
//! | `//@ on NAME` | the calls that follow are made on that host |
//! | `//@ program NAME PROGRAM [WORD...]` | a program runs as a process of that host from the start (`//@ program server httpd 80`) |
//! | `//@ drop N`, `//@ duplicate N`, `//@ corrupt N` | that happens to the N-th frame on the wire (from 1) |
//! | `//@ delay N TIME` | the N-th frame arrives that much later |
//! | `//@ mark NAME` | names this moment |
//! | `//@ assert EXPRESSION` | must hold at this moment (the text is kept; the laboratory evaluates it) |

use core::net::Ipv4Addr;

use super::ast::Position;
use super::cursor::unsigned;
use super::error::ParseError;
use super::parser::microseconds;
use crate::include::config::BuildOption;

/// One `//@` line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Annotation {
    /// `irq POINT N`
    Interrupt {
        /// Where in the call.
        point: Point,
        /// Which occurrence, from 1.
        occurrence: u32,
    },
    /// `tick POINT N K`
    Tick {
        /// Where in the call.
        point: Point,
        /// Which occurrence, from 1.
        occurrence: u32,
        /// How many timer interrupts.
        count: u32,
    },
    /// `end`
    End,
    /// `arp-request SENDER [TARGET]`
    ArpRequest {
        /// Who asks.
        sender: Ipv4Addr,
        /// For whose address; ours if absent.
        target: Option<Ipv4Addr>,
    },
    /// `arp-out ...`, the words as written.
    ArpOut(String),
    /// `pid P`
    Process(u32),
    /// `trace`
    Trace,
    /// `host ...`
    Host(Host),
    /// `wire ...`
    Wire(Wire),
    /// `on NAME`
    On(String),
    /// `program NAME PROGRAM [WORD...]`
    Program {
        /// The host it runs on.
        host: String,
        /// Its name.
        program: String,
        /// Its arguments.
        words: Vec<String>,
    },
    /// `mark NAME`
    Mark(String),
    /// `assert EXPRESSION`
    Assert(String),
    /// `drop N`, `duplicate N`, `corrupt N`, `delay N TIME`
    Frame {
        /// Which frame on the wire, from 1.
        number: u32,
        /// What happens to it.
        fate: Fate,
    },
}

/// A place inside a system call where an interrupt can be delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// One of [`POINTS`].
    pub name: String,
    /// Only where this function contains it.
    pub function: Option<String>,
}

/// The places inside a system call where an interrupt can be delivered.
pub const POINTS: [&str; 9] = [
    "memcpy_tofs",
    "memcpy_fromfs",
    "kmalloc",
    "sock_wmalloc",
    "release_sock",
    "sti",
    "restore_flags",
    "schedule",
    "hard_start_xmit",
];

/// A host of a laboratory scene.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// Its name in the script.
    pub name: String,
    /// Its address.
    pub address: Ipv4Addr,
    /// Length of the network part of the address in bits.
    pub prefix: u8,
    /// Its Ethernet address.
    pub hardware: [u8; 6],
    /// MTU of its card, if not 1500.
    pub mtu: Option<u16>,
    /// Its default gateway.
    pub gateway: Option<Ipv4Addr>,
    /// Parts of its kernel that are compiled in.
    pub build: Vec<BuildOption>,
}

/// What the simulated Ethernet does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wire {
    /// Microseconds from one end to the other.
    pub delay: u64,
    /// Chance that a frame is lost.
    pub loss: Option<Chance>,
    /// Chance that it arrives twice.
    pub duplicate: Option<Chance>,
    /// Chance that it is overtaken by the next.
    pub reorder: Option<Chance>,
    /// Chance that a bit of it flips.
    pub corrupt: Option<Chance>,
    /// Where the chances come from.
    pub seed: Option<u64>,
}

/// `A/B`: A times in B.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chance {
    /// A
    pub times: u32,
    /// B, never 0 and never less than A.
    pub in_total: u32,
}

/// What happens to one frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is lost.
    Drop,
    /// It arrives twice.
    Duplicate,
    /// A bit of it flips.
    Corrupt,
    /// It arrives that many microseconds later.
    Delay(u64),
}

/// The words of an annotation and where they stand.
struct Words<'a> {
    list: Vec<(&'a str, Position)>,
    index: usize,
    end: Position,
    text: &'a str,
}

/// What may stand behind the Ethernet address of a host.
const HOST_WORDS: &str = "mtu, gateway or an option of the kernel (forward, multicast, firewall, acct, rarp, ...)";

type Read<T> = Result<T, ParseError>;

/// Read what follows `//@`.
pub(super) fn parse(text: &str, position: Position) -> Read<Annotation> {
    let mut words = Words::new(text, position);
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
        "pid" => Annotation::Process(words.number(2)?),
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
        "drop" => Annotation::Frame { number: words.count()?, fate: Fate::Drop },
        "duplicate" => Annotation::Frame { number: words.count()?, fate: Fate::Duplicate },
        "corrupt" => Annotation::Frame { number: words.count()?, fate: Fate::Corrupt },
        "delay" => Annotation::Frame { number: words.count()?, fate: Fate::Delay(words.duration()?) },
        other => return Err(ParseError::expected(at, "an annotation (irq, tick, host, wire, mark, ...)", other)),
    };
    match words.list.get(words.index) {
        Some((extra, at)) => Err(ParseError::expected(*at, "the end of the annotation", extra)),
        None => Ok(annotation),
    }
}

impl<'a> Words<'a> {
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
        Words { list, index: 0, end: at(text.len()), text }
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

    fn host(&mut self) -> Read<Host> {
        let name = self.name()?;
        let (word, at) = self.next("ADDRESS/PREFIX")?;
        let parts = word.split_once('/').and_then(|(a, b)| Some((a.parse::<Ipv4Addr>().ok()?, b.parse::<u8>().ok()?)));
        let Some((address, prefix)) = parts.filter(|(_, prefix)| *prefix <= 32) else {
            return Err(ParseError::expected(at, "ADDRESS/PREFIX", word));
        };
        let (word, at) = self.next("an Ethernet address")?;
        let hardware = ethernet_address(word).ok_or_else(|| ParseError::expected(at, "an Ethernet address", word))?;
        let mut host = Host { name, address, prefix, hardware, mtu: None, gateway: None, build: Vec::new() };
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

    fn wire(&mut self) -> Read<Wire> {
        let mut wire = Wire::default();
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

/// Six octets as `02:00:00:00:00:01`.
#[must_use]
pub fn ethernet_address(text: &str) -> Option<[u8; 6]> {
    let mut out = [0; 6];
    let mut pieces = text.split(':');
    for octet in &mut out {
        let piece = pieces.next().filter(|piece| (1..=2).contains(&piece.len()))?;
        *octet = u8::from_str_radix(piece, 16).ok()?;
    }
    pieces.next().is_none().then_some(out)
}
