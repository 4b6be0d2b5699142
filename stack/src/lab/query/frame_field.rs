//! Fields of frames by name, from the field tables of [`crate::wire`]: `tcp.flags.rst`, `ip.ttl`, `arp.ar_op`.
//!
//! A field of a header that the frame does not have is `NULL`; so is one that the frame is too short for. The header of a
//! transport is looked for in whole datagrams and first fragments only.

use core::fmt;

use super::error::QueryError;
use crate::include::in_addr::InAddr;
use crate::include::netdevice::{ETH_P_ARP, ETH_P_IP};
use crate::include::seq::Seq;
use crate::view::Value;
use crate::wire::arp::ARP;
use crate::wire::ethernet::{ETH_HLEN, ETHERNET};
use crate::wire::field::{Field, FieldKind, Header};
use crate::wire::icmp;
use crate::wire::ip_numbers::{PROTOCOL_ICMP, PROTOCOL_TCP, PROTOCOL_UDP};
use crate::wire::ipv4::{IPV4, Ipv4Packet};
use crate::wire::tcp::TCP;
use crate::wire::udp::UDP;

/// A header that a frame may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameLayer {
    /// `frame`: the whole.
    Frame,
    /// `eth`
    Eth,
    /// `arp`
    Arp,
    /// `ip`
    Ip,
    /// `icmp`
    Icmp,
    /// `udp`
    Udp,
    /// `tcp`
    Tcp,
}

/// What is asked of a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// Whether the frame has it.
    Present,
    /// Bytes: of the frame, or of what a TCP segment carries.
    Length,
    /// A field, with the group that it is a part of.
    Field(Option<&'static str>, &'static Field),
}

/// Something of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameField {
    layer: FrameLayer,
    part: Part,
}

/// The headers by the words that name them.
pub(super) const LAYERS: &[(&str, FrameLayer)] = &[
    ("frame", FrameLayer::Frame),
    ("eth", FrameLayer::Eth),
    ("arp", FrameLayer::Arp),
    ("ip", FrameLayer::Ip),
    ("icmp", FrameLayer::Icmp),
    ("udp", FrameLayer::Udp),
    ("tcp", FrameLayer::Tcp),
];

/// Shorter names, as people who know other tools write them.
const ALIASES: &[(FrameLayer, &str, &str)] = &[
    (FrameLayer::Eth, "dst", "h_dest"),
    (FrameLayer::Eth, "src", "h_source"),
    (FrameLayer::Eth, "type", "h_proto"),
    (FrameLayer::Arp, "op", "ar_op"),
    (FrameLayer::Ip, "src", "saddr"),
    (FrameLayer::Ip, "dst", "daddr"),
    (FrameLayer::Ip, "len", "tot_len"),
    (FrameLayer::Ip, "proto", "protocol"),
    (FrameLayer::Ip, "df", "IP_DF"),
    (FrameLayer::Ip, "mf", "IP_MF"),
    (FrameLayer::Udp, "src", "source"),
    (FrameLayer::Udp, "dst", "dest"),
    (FrameLayer::Tcp, "src", "source"),
    (FrameLayer::Tcp, "dst", "dest"),
];

/// The ICMP headers that together have every field an ICMP message can have.
const ICMP_KINDS: [u8; 2] = [8, 5];

impl FrameLayer {
    /// The layer of a word.
    pub(super) fn named(word: &str) -> Option<Self> {
        LAYERS.iter().find(|(name, _)| *name == word).map(|(_, layer)| *layer)
    }

    fn name(self) -> &'static str {
        LAYERS.iter().find(|(_, layer)| *layer == self).map_or("", |(name, _)| name)
    }

    fn headers(self) -> Vec<&'static Header> {
        match self {
            Self::Frame => Vec::new(),
            Self::Eth => vec![&ETHERNET],
            Self::Arp => vec![&ARP],
            Self::Ip => vec![&IPV4],
            Self::Icmp => ICMP_KINDS.iter().map(|kind| icmp::header_of(*kind)).collect(),
            Self::Udp => vec![&UDP],
            Self::Tcp => vec![&TCP],
        }
    }

    /// Every field with the group that it is a part of.
    fn fields(self) -> Vec<(Option<&'static str>, &'static Field)> {
        let whole = self.headers().into_iter().flat_map(|header| header.fields);
        whole
            .flat_map(|field| {
                let parts = field.parts.iter().map(|part| (Some(field.name), part));
                std::iter::once((None, field)).chain(parts)
            })
            .collect()
    }

    /// Every name that may follow it.
    pub(super) fn names(self) -> Vec<&'static str> {
        let mut names: Vec<&str> = self.fields().into_iter().map(|(_, field)| bare(field.name)).collect();
        if matches!(self, Self::Frame | Self::Tcp) {
            names.push("len");
        }
        let mut seen: Vec<&str> = Vec::with_capacity(names.len());
        for name in names {
            if !seen.contains(&name) {
                seen.push(name);
            }
        }
        seen
    }

    /// The bytes from where the header begins to the end of what it heads.
    fn find(self, frame: &[u8]) -> Option<&[u8]> {
        let (head, packet) = frame.split_at_checked(ETH_HLEN)?;
        let is_type = |wanted: u16| head.last_chunk::<2>().is_some_and(|kind| u16::from_be_bytes(*kind) == wanted);
        let datagram = || Ipv4Packet::new_header(packet).ok().filter(|_| is_type(ETH_P_IP));
        let transport = |protocol: u8| {
            let first = |datagram: &Ipv4Packet<'_>| datagram.protocol() == protocol && datagram.fragment_offset() == 0;
            datagram().filter(first).map(|datagram| datagram.payload())
        };
        match self {
            Self::Frame | Self::Eth => Some(frame),
            Self::Arp => is_type(ETH_P_ARP).then_some(packet),
            Self::Ip => datagram().map(|_| packet),
            Self::Icmp => transport(PROTOCOL_ICMP),
            Self::Udp => transport(PROTOCOL_UDP),
            Self::Tcp => transport(PROTOCOL_TCP),
        }
    }
}

/// The last word of a field's name: `id` of `un.echo.id`.
fn bare(name: &'static str) -> &'static str {
    name.rsplit('.').next().unwrap_or(name)
}

impl FrameField {
    /// The header itself: whether the frame has it.
    pub(super) fn present(layer: FrameLayer) -> Self {
        Self { layer, part: Part::Present }
    }

    /// A field of a header by its name, as in C or in short.
    pub(super) fn named(layer: FrameLayer, word: &str, column: u32) -> Result<Self, QueryError> {
        if word == "len" && matches!(layer, FrameLayer::Frame | FrameLayer::Tcp) {
            return Ok(Self { layer, part: Part::Length });
        }
        let alias = ALIASES.iter().find(|(of, short, _)| *of == layer && *short == word);
        let name = alias.map_or(word, |(_, _, name)| name);
        let known = layer.fields().into_iter().find(|(_, field)| bare(field.name) == name);
        known.map(|(group, field)| Self { layer, part: Part::Field(group, field) }).ok_or_else(|| {
            let (english, chinese) = (format!("field of {}", layer.name()), format!(" {} 的字段", layer.name()));
            QueryError::unknown(column, &english, &chinese, word, &layer.names())
        })
    }

    /// A part of this field, if it is a group of smaller ones.
    pub(super) fn part(self, word: &str, column: u32) -> Result<Self, QueryError> {
        let Part::Field(None, group) = self.part else { return Err(no_parts(word, column)) };
        if group.parts.is_empty() {
            return Err(no_parts(word, column));
        }
        let name = ALIASES.iter().find(|(of, short, _)| *of == self.layer && *short == word).map_or(word, |(.., n)| n);
        let part = group.parts.iter().find(|part| part.name == name);
        part.map(|part| Self { part: Part::Field(Some(group.name), part), ..self }).ok_or_else(|| {
            let names: Vec<&str> = group.parts.iter().map(|part| part.name).collect();
            let (english, chinese) = (format!("part of {}", group.name), format!(" {} 的组成部分", group.name));
            QueryError::unknown(column, &english, &chinese, word, &names)
        })
    }

    /// The names of the parts of a group, for completion.
    pub(super) fn parts(self) -> Vec<&'static str> {
        match self.part {
            Part::Field(None, group) => group.parts.iter().map(|part| part.name).collect(),
            Part::Field(Some(_), _) | Part::Present | Part::Length => Vec::new(),
        }
    }

    /// A condition that a frame meets because of one of its fields: `tcp.dest == 80`, `!tcp.flags.syn`; `None` where there is no
    /// such field, or the frame does not have it.
    #[must_use]
    pub fn condition(layer: &str, name: &str, frame: &[u8]) -> Option<String> {
        let field = Self::named(FrameLayer::named(layer)?, name, 1).ok()?;
        match field.value(frame) {
            Value::Null => None,
            Value::Bool(true) => Some(field.to_string()),
            Value::Bool(false) => Some(format!("!{field}")),
            Value::Text(text) => Some(format!("{field} == \"{text}\"")),
            value => Some(format!("{field} == {value}")),
        }
    }

    /// Its value in a frame; `NULL` where the frame does not have it.
    #[must_use]
    pub fn value(self, frame: &[u8]) -> Value {
        let header = self.layer.find(frame);
        match (self.part, header) {
            (Part::Present, header) => Value::Bool(header.is_some()),
            (_, None) => Value::Null,
            (Part::Length, Some(bytes)) if self.layer == FrameLayer::Tcp => {
                let offset = TCP.field("doff").and_then(|field| field.read(bytes)).unwrap_or(0) as usize * 4;
                Value::from(bytes.len().saturating_sub(offset))
            }
            (Part::Length, Some(bytes)) => Value::from(bytes.len()),
            (Part::Field(_, field), Some(bytes)) => read(field, bytes),
        }
    }
}

fn read(field: &Field, header: &[u8]) -> Value {
    let Some(value) = field.read(header) else { return Value::Null };
    match field.kind {
        FieldKind::Flag => Value::Bool(value != 0),
        FieldKind::InternetAddress => Value::Address(InAddr::from_octets((value as u32).to_be_bytes())),
        FieldKind::HardwareAddress | FieldKind::Bytes => field.show(header).map_or(Value::Null, Value::from),
        FieldKind::Number if matches!(field.name, "seq" | "ack_seq") => Value::Seq(Seq(value as u32)),
        FieldKind::Number
        | FieldKind::Hex
        | FieldKind::Words
        | FieldKind::EightBytes
        | FieldKind::EtherType
        | FieldKind::Protocol
        | FieldKind::ArpOperation
        | FieldKind::Checksum => Value::from(value),
    }
}

fn no_parts(word: &str, column: u32) -> QueryError {
    QueryError::new(
        column,
        format!("this field has no parts, so that '{word}' names nothing; leave the dot and the word away"),
        format!("这个字段没有组成部分，“{word}”无所指；请去掉点和这个词"),
    )
}

impl fmt::Display for FrameField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let layer = self.layer.name();
        match self.part {
            Part::Present => f.write_str(layer),
            Part::Length => write!(f, "{layer}.len"),
            Part::Field(Some(group), field) => write!(f, "{layer}.{group}.{}", field.name),
            Part::Field(None, field) => write!(f, "{layer}.{}", bare(field.name)),
        }
    }
}
