//! The grammar of headers around a packet: `ipv4 A > B :`, `ipv6 A > B :`, `gre :` and `mpls (label N, tc N, [S], ttl N) :`, one
//! inside the other, as packetdrill writes them.
//!
//! One `ipv4 A > B :` by itself is no header around the packet here: it says the packet's own addresses.

use core::net::{Ipv4Addr, Ipv6Addr};

use super::ast::{Gre, IpInformation, Label, Outer};
use super::cursor::Cursor;
use super::error::ParseError;
use super::lexer::Kind;
use super::remarks::ip_information;

/// The most headers around a packet: packetdrill has room for six in all.
const MOST_HEADERS: usize = 4;
/// The most labels in one header.
const MOST_LABELS: usize = 16;
/// Words of the flags of GRE and their bits; each is followed by `present`.
const GRE_FLAGS: [(&str, u16); 3] = [("checksum", Gre::CHECKSUM), ("key", Gre::KEY), ("sequence", Gre::SEQUENCE)];

/// What stands before a packet.
#[derive(Default)]
pub(super) struct Prefix {
    /// Its own addresses, and what is said of its header beside them.
    pub(super) addresses: Option<(Ipv4Addr, Ipv4Addr)>,
    pub(super) ip: IpInformation,
    /// The headers around it, from the outside in.
    pub(super) outer: Vec<Outer>,
}

/// Everything up to the packet itself.
pub(super) fn prefix(cursor: &mut Cursor<'_>) -> Result<Prefix, ParseError> {
    let mut outer = Vec::new();
    loop {
        let position = cursor.peek().position;
        let Some(header) = header(cursor)? else { break };
        if outer.len() == MOST_HEADERS {
            return Err(ParseError::new(
                position,
                format!("more than {MOST_HEADERS} headers around a packet"),
                format!("报文之外的首部超过 {MOST_HEADERS} 个"),
            ));
        }
        outer.push(header);
    }
    Ok(match outer.as_slice() {
        [Outer::Ipv4 { ip, source, destination }] => {
            Prefix { addresses: Some((*source, *destination)), ip: *ip, outer: Vec::new() }
        }
        _ => Prefix { outer, ..Prefix::default() },
    })
}

fn header(cursor: &mut Cursor<'_>) -> Result<Option<Outer>, ParseError> {
    let header = if cursor.take_word("ipv4") {
        let ip = ip_information(cursor)?;
        let source = cursor.address()?;
        cursor.symbol('>')?;
        Outer::Ipv4 { ip, source, destination: cursor.address()? }
    } else if cursor.take_word("ipv6") {
        let ip = ip_information(cursor)?;
        let source = long_address(cursor)?;
        cursor.symbol('>')?;
        Outer::Ipv6 { ip, source, destination: long_address(cursor)? }
    } else if cursor.take_word("gre") || cursor.take_word("GREv0") {
        Outer::Gre(gre(cursor)?)
    } else if cursor.take_word("mpls") {
        Outer::Mpls(labels(cursor)?)
    } else {
        return Ok(None);
    };
    cursor.symbol(':')?;
    Ok(Some(header))
}

/// An address of IPv6, which is several tokens: the longest piece of the text here that is one.
fn long_address(cursor: &mut Cursor<'_>) -> Result<Ipv6Addr, ParseError> {
    let start = cursor.peek().start;
    let rest = cursor.source.get(start..).unwrap_or("");
    let most = rest.find(|c: char| !c.is_ascii_hexdigit() && !matches!(c, ':' | '.')).unwrap_or(rest.len());
    let fits = (1..=most.min(45)).rev().find_map(|length| Some((length, rest.get(..length)?.parse().ok()?)));
    let Some((length, address)) = fits else { return cursor.fail("an IPv6 address") };
    while cursor.peek().start < start + length && cursor.peek().kind != Kind::End {
        cursor.next();
    }
    Ok(address)
}

/// What follows `gre`: nothing, or all the fields of its header, with or without commas between.
fn gre(cursor: &mut Cursor<'_>) -> Result<Gre, ParseError> {
    cursor.take_symbol(',');
    if cursor.is_symbol(':') {
        return Ok(Gre::default());
    }
    if !cursor.take_word("flags") && !cursor.take_word("Flags") {
        return cursor.fail("flags");
    }
    let flags = if cursor.take_symbol('[') { gre_flags(cursor)? } else { cursor.number_u16("flags")? };
    let mut field = |name: &str| {
        cursor.take_symbol(',');
        cursor.keyword(name)?;
        if name == "key" {
            cursor.take_symbol('=');
        }
        cursor.number_u32("a number")
    };
    let short = |value: u32| value as u16;
    Ok(Gre {
        flags,
        checksum: short(field("sum")?),
        offset: short(field("off")?),
        key: field("key")?,
        sequence: field("seq")?,
    })
}

/// `none]`, or `key present, sequence# present]` and the like.
fn gre_flags(cursor: &mut Cursor<'_>) -> Result<u16, ParseError> {
    let mut flags = 0;
    loop {
        let word = cursor.peek();
        if !cursor.take_word("none") {
            let Some((_, bit)) = GRE_FLAGS.iter().find(|(name, _)| cursor.is_word(name)) else {
                return cursor.fail("none, checksum, key or sequence#");
            };
            cursor.next();
            if word.text == "sequence" {
                cursor.symbol('#')?;
            }
            cursor.keyword("present")?;
            flags |= bit;
        }
        if cursor.take_symbol(']') {
            return Ok(flags);
        }
        if !cursor.take_symbol(',') {
            return cursor.fail("',' or ']'");
        }
    }
}

/// A number behind its name.
fn named(cursor: &mut Cursor<'_>, name: &str, largest: u32) -> Result<u32, ParseError> {
    cursor.keyword(name)?;
    Ok(cursor.number("a number", u64::from(largest))? as u32)
}

fn labels(cursor: &mut Cursor<'_>) -> Result<Vec<Label>, ParseError> {
    let mut labels = Vec::new();
    while cursor.is_symbol('(') && labels.len() < MOST_LABELS {
        cursor.next();
        let label = named(cursor, "label", 0xf_ffff)?;
        cursor.symbol(',')?;
        let class = named(cursor, "tc", 7)? as u8;
        cursor.symbol(',')?;
        let bottom = cursor.take_symbol('[');
        if bottom {
            cursor.keyword("S")?;
            cursor.symbol(']')?;
            cursor.symbol(',')?;
        }
        let ttl = named(cursor, "ttl", 255)? as u8;
        cursor.symbol(')')?;
        labels.push(Label { label, class, bottom, ttl });
    }
    Ok(labels)
}
