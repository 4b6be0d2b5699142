//! What a script says, as plain data: options, timed events and annotations, each with the place in the file
//! where it stands. The tree keeps what was written (spelling of flags and symbols included), so that
//! [`super::print`] can give a canonical script back unchanged; it promises nothing about meaning, only about form.

use core::net::{Ipv4Addr, Ipv6Addr};

use super::annotation::Annotation;
use super::position::Position;

/// A whole script.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script {
    /// The `--name=value` lines before everything else.
    pub options: Vec<ScriptOption>,
    /// A shell command without a time before the first event (packetdrill's init command).
    pub opening: Option<String>,
    /// Events and annotations in the order written.
    pub lines: Vec<Line>,
    /// A shell command without a time after the last event (packetdrill's cleanup command).
    pub closing: Option<String>,
}

/// One `--name=value` line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptOption {
    /// Where it stands.
    pub position: Position,
    /// The name without the dashes.
    pub name: String,
    /// The text after `=`, if there is one.
    pub value: Option<String>,
}

/// One event or annotation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Where it starts.
    pub position: Position,
    /// What it is.
    pub content: Content,
}

/// What a line holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Something that happens at a time.
    Event(Time, ScriptEvent),
    /// A `//@` line: sockscope's own, a comment to packetdrill.
    Annotation(Annotation),
}

/// The time in front of an event. All values in microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Time {
    /// `*`: any time (outbound packets only).
    Any,
    /// A time counted from `base`.
    At {
        /// What the numbers count from.
        base: Base,
        /// When the event starts.
        start: u64,
        /// Until when, if two numbers are written.
        until: Until,
    },
}

/// What a time counts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// `T`: from the start of the script.
    Script,
    /// `+T`: from the start of the previous event.
    Previous,
}

/// The second number of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// There is none.
    Unspecified,
    /// `a...b`: the call returns at b.
    Return(u64),
    /// `a~b`: the packet leaves between a and b.
    Window(u64),
}

/// Something that happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScriptEvent {
    /// A system call.
    Call(Call),
    /// A packet in or out.
    Packet(Packet),
    /// The text between backticks.
    Command(String),
    /// The text between `%{` and `}%`.
    Code(String),
}

/// A system call and the result the script expects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Name as written.
    pub name: String,
    /// Arguments as written.
    pub arguments: Vec<Argument>,
    /// What stands after `=`; absent where a call is typed by a person.
    pub outcome: Option<CallOutcome>,
}

/// An argument of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Argument {
    /// `...`: the runner fills it in.
    Ellipsis,
    /// A number.
    Number(Number),
    /// A symbolic constant, or `NULL`.
    Symbol(String),
    /// `A|B|...`, two or more.
    Flags(Vec<Argument>),
    /// A quoted string, quotes removed.
    Text(String),
    /// `[a, b]`.
    List(Vec<Argument>),
    /// `{a, b}` or `{}`: descriptor sets, vectors.
    Group(Vec<Argument>),
    /// `{name = value, ...}`.
    Record(Vec<Field>),
    /// `name(args)`: htons, inet_addr and the like.
    Function(String, Vec<Argument>),
}

/// One field of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Name as written.
    pub name: String,
    /// Its value.
    pub value: Argument,
}

/// A number and the way it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number {
    /// The value.
    pub value: i64,
    /// Written as `0x...`.
    pub hexadecimal: bool,
}

impl Number {
    /// A number written in decimal.
    #[must_use]
    pub fn decimal(value: i64) -> Self {
        Number { value, hexadecimal: false }
    }
}

/// What a call is expected to return.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallOutcome {
    /// `= ...`: anything.
    Any,
    /// `= N [ERRNAME] [(note)] [<sets>]`.
    Value {
        /// The number.
        value: Number,
        /// The name of the error after -1.
        error: Option<String>,
        /// The words in parentheses.
        note: Option<String>,
        /// What select wrote back: three sets and the time left.
        written: Option<Vec<Argument>>,
    },
}

/// Which way a packet goes, seen from the stack under test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PacketDirection {
    /// `<`
    Inbound,
    /// `>`
    Outbound,
}

/// A packet in or out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// Towards the stack or away from it.
    pub direction: PacketDirection,
    /// What is said about the IP header.
    pub ip: IpInformation,
    /// `ipv4 SOURCE > DESTINATION :`
    pub addresses: Option<(Ipv4Addr, Ipv4Addr)>,
    /// Headers around the datagram, from the outside in; one of IPv4 by itself says its addresses instead.
    pub outer: Vec<Outer>,
    /// What it carries.
    pub body: Body,
}

/// A header around the datagram of a packet line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outer {
    /// `ipv4 SOURCE > DESTINATION :`
    Ipv4 {
        /// What is said about that header.
        ip: IpInformation,
        /// From.
        source: Ipv4Addr,
        /// To.
        destination: Ipv4Addr,
    },
    /// `ipv6 SOURCE > DESTINATION :`
    Ipv6 {
        /// What is said about that header.
        ip: IpInformation,
        /// From.
        source: Ipv6Addr,
        /// To.
        destination: Ipv6Addr,
    },
    /// `gre :`
    Gre(Gre),
    /// `mpls (...) :`, the outermost label first.
    Mpls(Vec<Label>),
}

/// A header of GRE; the flags say which of the other fields it has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gre {
    /// Flags and version.
    pub flags: u16,
    /// `sum N`
    pub checksum: u16,
    /// `off N`
    pub offset: u16,
    /// `key N`
    pub key: u32,
    /// `seq N`
    pub sequence: u32,
}

impl Gre {
    /// There are a checksum and an offset.
    pub const CHECKSUM: u16 = 0x8000;
    /// There is a route, and a checksum and an offset before it.
    pub const ROUTING: u16 = 0x4000;
    /// There is a key.
    pub const KEY: u16 = 0x2000;
    /// There is a sequence number.
    pub const SEQUENCE: u16 = 0x1000;
}

/// An entry of a stack of labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    /// 20 bits.
    pub label: u32,
    /// Traffic class, three bits.
    pub class: u8,
    /// `[S]`: the last of the stack.
    pub bottom: bool,
    /// Time to live.
    pub ttl: u8,
}

/// What a packet line says about the IP header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct IpInformation {
    /// `[tos 0xN]`
    pub tos: Option<u8>,
    /// `[ttl N]`
    pub ttl: Option<u8>,
    /// `[ect0]` and its siblings.
    pub congestion: Option<Congestion>,
    /// `[flowlabel 0xN]`: IPv6 has it, so nothing of a packet here.
    pub flow_label: Option<u32>,
}

/// packetdrill's words for the two low bits of the TOS byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Congestion {
    /// Not capable.
    NoEcn,
    /// ECT(0)
    Ect0,
    /// ECT(1)
    Ect1,
    /// Either of the two.
    Ect01,
    /// Congestion experienced.
    Ce,
}

/// Sender's and receiver's port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ports {
    /// Of the sender of the packet.
    pub source: u16,
    /// Of its receiver.
    pub destination: u16,
}

/// What an IP datagram of the script carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// A segment.
    Tcp(Segment),
    /// A UDP datagram with `length` bytes of data.
    Udp {
        /// Absent: the default flow.
        ports: Option<Ports>,
        /// Bytes after the UDP header.
        length: u32,
    },
    /// An ICMP message.
    Icmp(IcmpMessage),
    /// A fragment (outbound only).
    Fragment {
        /// IP identification.
        identification: u16,
        /// Bytes of IP payload before this fragment.
        offset: u32,
        /// Bytes of IP payload in it.
        length: u32,
        /// More fragments follow.
        more: bool,
    },
}

/// A range of sequence numbers as packetdrill writes it: `SEQ:END(LENGTH)`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SequenceRange {
    /// First byte.
    pub start: u32,
    /// One past the last byte, SYN and FIN not counted.
    pub end: u32,
    /// Bytes of data.
    pub length: u32,
}

/// A TCP segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Absent: the default flow.
    pub ports: Option<Ports>,
    /// The flags.
    pub flags: Flags,
    /// Sequence numbers as written (relative for us, literal for the peer).
    pub sequence: SequenceRange,
    /// `ack N`
    pub acknowledgement: Option<u32>,
    /// `win N`, the raw field.
    pub window: Option<u16>,
    /// `urg N`
    pub urgent: Option<u16>,
    /// The options between angle brackets.
    pub options: TcpOptions,
}

/// The flag letters of a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flags {
    /// The bits of byte 13 of the header.
    pub bits: u8,
    /// The low four bits of byte 12: 1 is the AE of accurate ECN, nothing in 1.2.13.
    pub reserved: u8,
    /// The letters as written.
    pub written: String,
}

/// The letters of the flags in packetdrill's order with their bits.
pub const FLAG_LETTERS: [(char, u8); 8] =
    [('F', 0x01), ('S', 0x02), ('R', 0x04), ('P', 0x08), ('.', 0x10), ('U', 0x20), ('E', 0x40), ('W', 0x80)];

impl Flags {
    /// Whether a digit is written, other than 0: the counter of accurate ECN.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.written.contains(|letter| matches!(letter, '1'..='7'))
    }

    /// The flags of a header byte, written in packetdrill's order; none is `-`.
    #[must_use]
    pub fn from_bits(bits: u8) -> Self {
        let mut written: String =
            FLAG_LETTERS.iter().filter(|(_, bit)| bits & bit != 0).map(|(letter, _)| *letter).collect();
        if written.is_empty() {
            written.push('-');
        }
        Flags { bits, reserved: 0, written }
    }
}

/// What a segment line says about TCP options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TcpOptions {
    /// Nothing between angle brackets: there are no options.
    None,
    /// `<...>`: not looked at (outbound only).
    Any,
    /// The options in order.
    List(Vec<TcpOption>),
}

/// One TCP option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TcpOption {
    /// `mss N`
    MaximumSegmentSize(u16),
    /// `nop`
    NoOperation,
    /// `eol`
    EndOfList,
    /// `sackOK`
    SackPermitted,
    /// `wscale N`
    WindowScale(u8),
    /// `TS val N ecr N`
    Timestamps {
        /// The sender's clock.
        value: u32,
        /// The echoed one.
        echo: u32,
    },
    /// `sack a:b c:d`
    Sack(Vec<(u32, u32)>),
    /// `FO HEX`, `FOEXP HEX`, `md5 HEX`: the name and the bytes after it.
    Named(String, Vec<u8>),
    /// `raw HEX`: the bytes as given.
    Raw(Vec<u8>),
}

/// An ICMP message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IcmpMessage {
    /// Type.
    pub kind: u8,
    /// Code, where the line names one.
    pub code: Option<u8>,
    /// `mtu N`
    pub mtu: Option<u16>,
    /// `id N`
    pub identification: Option<u16>,
    /// The datagram it complains about.
    pub quote: Option<Quote>,
}

/// The start of a datagram inside an ICMP error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Quote {
    /// `[SPORT > DPORT] SEQ:END(LEN)`
    Tcp {
        /// Absent: the default flow.
        ports: Option<Ports>,
        /// Relative to the flow's initial sequence number.
        sequence: SequenceRange,
    },
    /// `udp [SPORT > DPORT] (LEN)`
    Udp {
        /// Absent: the default flow.
        ports: Option<Ports>,
        /// Bytes of data.
        length: u32,
    },
    /// `raw(LEN)`
    Raw {
        /// Bytes of IP payload.
        length: u32,
    },
}
