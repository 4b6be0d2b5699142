//! From the tree back to text, in the canonical form of the golden scripts: one event per line, times with two
//! decimals (more only where needed), one blank between words. Printing a parsed canonical script gives the same
//! bytes.

use core::fmt::{self, Display, Formatter};

use super::annotation::{Annotation, Chance, FrameFate, HostLine, Point, WireLine};
use super::ast::{
    Argument, Base, Body, Call, CallOutcome, Congestion, Content, Gre, IcmpMessage, IpInformation, Label, Line, Number,
    Outer, Packet, PacketDirection, Ports, Quote, Script, ScriptEvent, Segment, SequenceRange, TcpOption, TcpOptions,
    Time, Until,
};
use super::constants::{icmp_code_word, icmp_type_word};

/// Microseconds as seconds: two decimals, up to six where two do not suffice.
struct Seconds(u64);

impl Display for Seconds {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (whole, fraction) = (self.0 / 1_000_000, self.0 % 1_000_000);
        if fraction % 10_000 == 0 {
            return write!(f, "{whole}.{:02}", fraction / 10_000);
        }
        let digits = format!("{fraction:06}");
        write!(f, "{whole}.{}", digits.trim_end_matches('0'))
    }
}

impl Display for Time {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Time::At { base, start, until } = self else { return f.write_str("*") };
        let sign = match base {
            Base::Script => "",
            Base::Previous => "+",
        };
        write!(f, "{sign}{}", Seconds(*start))?;
        match until {
            Until::Unspecified => Ok(()),
            Until::Return(end) => write!(f, "...{}", Seconds(*end)),
            Until::Window(end) => write!(f, "~{sign}{}", Seconds(*end)),
        }
    }
}

impl Display for Script {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for option in &self.options {
            match &option.value {
                Some(value) if value.contains(char::is_whitespace) => writeln!(f, "--{}=\"{value}\"", option.name)?,
                Some(value) => writeln!(f, "--{}={value}", option.name)?,
                None => writeln!(f, "--{}", option.name)?,
            }
        }
        if let Some(command) = &self.opening {
            writeln!(f, "`{}`", command.replace('`', "\\`"))?;
        }
        for line in &self.lines {
            writeln!(f, "{line}")?;
        }
        match &self.closing {
            Some(command) => writeln!(f, "`{}`", command.replace('`', "\\`")),
            None => Ok(()),
        }
    }
}

impl Display for Line {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.content {
            Content::Event(time, event) => write!(f, "{time} {event}"),
            Content::Annotation(annotation) => write!(f, "//@ {annotation}"),
        }
    }
}

impl Display for ScriptEvent {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            ScriptEvent::Call(call) => write!(f, "{call}"),
            ScriptEvent::Packet(packet) => write!(f, "{packet}"),
            ScriptEvent::Command(text) => write!(f, "`{}`", text.replace('`', "\\`")),
            ScriptEvent::Code(text) => write!(f, "%{{{text}}}%"),
        }
    }
}

impl Display for Call {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}(", self.name)?;
        joined(f, &self.arguments, ", ")?;
        f.write_str(")")?;
        match &self.outcome {
            Some(outcome) => write!(f, " = {outcome}"),
            None => Ok(()),
        }
    }
}

/// The text between the quotes of a string.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            other => out.push(other),
        }
    }
    out
}

/// Items with a separator between.
fn joined<T: Display>(f: &mut Formatter<'_>, items: &[T], separator: &str) -> fmt::Result {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            f.write_str(separator)?;
        }
        write!(f, "{item}")?;
    }
    Ok(())
}

impl Display for Number {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if !self.hexadecimal {
            return write!(f, "{}", self.value);
        }
        let sign = if self.value < 0 { "-" } else { "" };
        write!(f, "{sign}{:#x}", self.value.unsigned_abs())
    }
}

impl Display for Argument {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Argument::Ellipsis => f.write_str("..."),
            Argument::Number(number) => write!(f, "{number}"),
            Argument::Symbol(word) => f.write_str(word),
            Argument::Flags(flags) => joined(f, flags, "|"),
            Argument::Text(text) => write!(f, "\"{}\"", escaped(text)),
            Argument::List(items) => {
                f.write_str("[")?;
                joined(f, items, ", ")?;
                f.write_str("]")
            }
            Argument::Group(items) => {
                f.write_str("{")?;
                joined(f, items, ",")?;
                f.write_str("}")
            }
            Argument::Record(fields) => {
                // Addresses are written with blanks round the sign, everything else without: packetdrill's habit.
                let sign = if fields.first().is_some_and(|field| field.name == "sa_family") { " = " } else { "=" };
                f.write_str("{")?;
                for (index, field) in fields.iter().enumerate() {
                    let separator = if index > 0 { ", " } else { "" };
                    write!(f, "{separator}{}{sign}{}", field.name, field.value)?;
                }
                f.write_str("}")
            }
            Argument::Function(name, arguments) => {
                write!(f, "{name}(")?;
                joined(f, arguments, ", ")?;
                f.write_str(")")
            }
        }
    }
}

impl Display for CallOutcome {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let CallOutcome::Value { value, error, note, written } = self else { return f.write_str("...") };
        write!(f, "{value}")?;
        if let Some(error) = error {
            write!(f, " {error}")?;
        }
        if let Some(note) = note {
            write!(f, " ({note})")?;
        }
        if let Some(written) = written {
            f.write_str(" <")?;
            joined(f, written, ", ")?;
            f.write_str(">")?;
        }
        Ok(())
    }
}

impl Display for Packet {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self.direction {
            PacketDirection::Inbound => "< ",
            PacketDirection::Outbound => "> ",
        })?;
        write!(f, "{}", self.ip)?;
        if let Some((source, destination)) = self.addresses {
            write!(f, "ipv4 {source} > {destination} : ")?;
        }
        joined(f, &self.outer, "")?;
        write!(f, "{}", self.body)
    }
}

impl Display for Outer {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Outer::Ipv4 { ip, source, destination } => write!(f, "ipv4 {ip}{source} > {destination} : "),
            Outer::Ipv6 { ip, source, destination } => write!(f, "ipv6 {ip}{source} > {destination} : "),
            Outer::Gre(header) if *header == Gre::default() => f.write_str("gre : "),
            Outer::Gre(Gre { flags, checksum, offset, key, sequence }) => {
                write!(f, "gre flags {flags:#x}, sum {checksum}, off {offset}, key {key:#x}, seq {sequence} : ")
            }
            Outer::Mpls(labels) => {
                f.write_str("mpls")?;
                for Label { label, class, bottom, ttl } in labels {
                    let bottom = if *bottom { "[S], " } else { "" };
                    write!(f, " (label {label}, tc {class}, {bottom}ttl {ttl})")?;
                }
                f.write_str(" : ")
            }
        }
    }
}

impl Display for IpInformation {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some(tos) = self.tos {
            write!(f, "[tos {tos:#x}] ")?;
        }
        if let Some(ttl) = self.ttl {
            write!(f, "[ttl {ttl}] ")?;
        }
        let congestion = self.congestion.map(|congestion| match congestion {
            Congestion::NoEcn => "noecn",
            Congestion::Ect0 => "ect0",
            Congestion::Ect1 => "ect1",
            Congestion::Ect01 => "ect01",
            Congestion::Ce => "ce",
        });
        if let Some(congestion) = congestion {
            write!(f, "[{congestion}] ")?;
        }
        match self.flow_label {
            Some(label) => write!(f, "[flowlabel {label:#x}] "),
            None => Ok(()),
        }
    }
}

/// Ports and a blank, or nothing.
fn ports(f: &mut Formatter<'_>, ports: Option<Ports>) -> fmt::Result {
    match ports {
        Some(Ports { source, destination }) => write!(f, "{source} > {destination} "),
        None => Ok(()),
    }
}

impl Display for Body {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Body::Tcp(segment) => write!(f, "{segment}"),
            Body::Udp { ports: of, length } => {
                f.write_str("udp ")?;
                ports(f, *of)?;
                write!(f, "({length})")
            }
            Body::Icmp(message) => write!(f, "{message}"),
            Body::Fragment { identification, offset, length, more } => {
                let more = if *more { " mf" } else { "" };
                write!(f, "frag id {identification} offset {offset} len {length}{more}")
            }
        }
    }
}

impl Display for SequenceRange {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}({})", self.start, self.end, self.length)
    }
}

impl Display for Segment {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        ports(f, self.ports)?;
        write!(f, "{} {}", self.flags.written, self.sequence)?;
        if let Some(number) = self.acknowledgement {
            write!(f, " ack {number}")?;
        }
        if let Some(number) = self.window {
            write!(f, " win {number}")?;
        }
        if let Some(number) = self.urgent {
            write!(f, " urg {number}")?;
        }
        match &self.options {
            TcpOptions::None => Ok(()),
            TcpOptions::Any => f.write_str(" <...>"),
            TcpOptions::List(list) => {
                f.write_str(" <")?;
                joined(f, list, ",")?;
                f.write_str(">")
            }
        }
    }
}

impl Display for TcpOption {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            TcpOption::MaximumSegmentSize(size) => write!(f, "mss {size}"),
            TcpOption::NoOperation => f.write_str("nop"),
            TcpOption::EndOfList => f.write_str("eol"),
            TcpOption::SackPermitted => f.write_str("sackOK"),
            TcpOption::WindowScale(shift) => write!(f, "wscale {shift}"),
            TcpOption::Timestamps { value, echo } => write!(f, "TS val {value} ecr {echo}"),
            TcpOption::Sack(blocks) => {
                f.write_str("sack")?;
                blocks.iter().try_for_each(|(left, right)| write!(f, " {left}:{right}"))
            }
            TcpOption::Named(name, bytes) if bytes.is_empty() => f.write_str(name),
            TcpOption::Named(name, bytes) => write!(f, "{name} {}", Hexadecimal(bytes)),
            TcpOption::Raw(bytes) => write!(f, "raw {}", Hexadecimal(bytes)),
        }
    }
}

/// Bytes as lower-case hexadecimal digits.
pub struct Hexadecimal<'a>(pub &'a [u8]);

impl Display for Hexadecimal<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl Display for IcmpMessage {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "icmp {}", icmp_type_word(self.kind))?;
        if let Some(code) = self.code {
            write!(f, " {}", icmp_code_word(self.kind, code))?;
        }
        if let Some(mtu) = self.mtu {
            write!(f, " mtu {mtu}")?;
        }
        if let Some(identification) = self.identification {
            write!(f, " id {identification}")?;
        }
        match &self.quote {
            None => Ok(()),
            Some(quote) => write!(f, " [{quote}]"),
        }
    }
}

impl Display for Quote {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Quote::Tcp { ports: of, sequence } => {
                ports(f, *of)?;
                write!(f, "{sequence}")
            }
            Quote::Udp { ports: of, length } => {
                f.write_str("udp ")?;
                ports(f, *of)?;
                write!(f, "({length})")
            }
            Quote::Raw { length } => write!(f, "raw({length})"),
        }
    }
}

impl Display for Point {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        match &self.function {
            Some(function) => write!(f, "@{function}"),
            None => Ok(()),
        }
    }
}

impl Display for Annotation {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Annotation::Interrupt { point, occurrence } => write!(f, "irq {point} {occurrence}"),
            Annotation::Tick { point, occurrence, count } => write!(f, "tick {point} {occurrence} {count}"),
            Annotation::End => f.write_str("end"),
            Annotation::ArpRequest { sender, target: None } => write!(f, "arp-request {sender}"),
            Annotation::ArpRequest { sender, target: Some(target) } => write!(f, "arp-request {sender} {target}"),
            Annotation::ArpOut(text) => write!(f, "arp-out {text}"),
            Annotation::Process(number) => write!(f, "pid {number}"),
            Annotation::Trace => f.write_str("trace"),
            Annotation::Host(host) => write!(f, "{host}"),
            Annotation::Wire(wire) => write!(f, "{wire}"),
            Annotation::On(name) => write!(f, "on {name}"),
            Annotation::Program { host, program, words } => {
                write!(f, "program {host} {program}")?;
                words.iter().try_for_each(|word| write!(f, " {word}"))
            }
            Annotation::Mark(name) => write!(f, "mark {name}"),
            Annotation::Assert(expression) => write!(f, "assert {expression}"),
            Annotation::Frame { number, fate } => match fate {
                FrameFate::Drop => write!(f, "drop {number}"),
                FrameFate::Duplicate => write!(f, "duplicate {number}"),
                FrameFate::Corrupt => write!(f, "corrupt {number}"),
                FrameFate::Delay(time) => write!(f, "delay {number} {}", Duration(*time)),
            },
        }
    }
}

/// Microseconds in the largest unit that keeps them whole.
struct Duration(u64);

impl Display for Duration {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.0.is_multiple_of(1_000_000) {
            write!(f, "{}s", self.0 / 1_000_000)
        } else if self.0.is_multiple_of(1000) {
            write!(f, "{}ms", self.0 / 1000)
        } else {
            write!(f, "{}us", self.0)
        }
    }
}

impl Display for HostLine {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "host {} {}/{} ", self.name, self.address, self.prefix)?;
        for (index, byte) in self.hardware.iter().enumerate() {
            write!(f, "{}{byte:02x}", if index > 0 { ":" } else { "" })?;
        }
        if let Some(mtu) = self.mtu {
            write!(f, " mtu {mtu}")?;
        }
        if let Some(gateway) = self.gateway {
            write!(f, " gateway {gateway}")?;
        }
        self.build.iter().try_for_each(|part| write!(f, " {}", part.word()))
    }
}

impl Display for WireLine {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "wire delay {}", Duration(self.delay))?;
        let chances =
            [("loss", self.loss), ("duplicate", self.duplicate), ("reorder", self.reorder), ("corrupt", self.corrupt)];
        for (name, chance) in chances {
            if let Some(Chance { times, in_total }) = chance {
                write!(f, " {name} {times}/{in_total}")?;
            }
        }
        match self.seed {
            Some(seed) => write!(f, " seed {seed}"),
            None => Ok(()),
        }
    }
}
