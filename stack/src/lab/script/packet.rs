//! The grammar of packet lines: IP remarks, addresses, and TCP, UDP, ICMP or fragment bodies. The header that an ICMP error
//! quotes may stand behind the message, as in the packetdrill of today, or before `icmp`, as in the first one of 2013.

use super::ast::{
    Body, FLAG_LETTERS, Flags, IcmpMessage, IpInformation, Packet, PacketDirection, Quote, Segment, TcpOption,
    TcpOptions,
};
use super::constants::{icmp_code, icmp_type};
use super::cursor::{Cursor, unsigned};
use super::encapsulation::{Prefix, prefix};
use super::error::ParseError;
use super::lexer::Kind;
use super::other_dialects;
use super::remarks::{ip_information, is_quote};

/// The most bytes of options a TCP header has room for.
const MOST_OPTION_BYTES: usize = 40;
/// The longest digest or cookie that packetdrill lets stand in an option.
const MOST_DATA_BYTES: usize = 16;

/// `< ...` or `> ...`
pub(super) fn packet(cursor: &mut Cursor<'_>) -> Result<Packet, ParseError> {
    let direction = if cursor.take_symbol('<') {
        PacketDirection::Inbound
    } else {
        cursor.symbol('>')?;
        PacketDirection::Outbound
    };
    let ip = ip_information(cursor)?;
    let Prefix { addresses, ip: beside, outer } = prefix(cursor)?;
    let behind = ip_information(cursor)?;
    let ip = [ip, beside, behind].into_iter().find(|ip| *ip != IpInformation::default()).unwrap_or_default();
    let quoted = quote_before(cursor)?;
    let body = body(cursor, direction, quoted)?;
    if cursor.is_symbol('{') {
        return Err(other_dialects::braces(cursor.peek().position));
    }
    if cursor.is_word("sock") {
        return Err(other_dialects::socket(cursor.peek().position));
    }
    Ok(Packet { direction, ip, addresses, outer, body })
}

/// `[QUOTE]` in front of the word `icmp`.
fn quote_before(cursor: &mut Cursor<'_>) -> Result<Option<Quote>, ParseError> {
    if !is_quote(cursor) {
        return Ok(None);
    }
    cursor.next();
    let quoted = quote(cursor)?;
    cursor.symbol(']')?;
    if cursor.is_word("icmp") { Ok(Some(quoted)) } else { cursor.fail("icmp") }
}

fn body(cursor: &mut Cursor<'_>, direction: PacketDirection, quoted: Option<Quote>) -> Result<Body, ParseError> {
    if let Some(error) = other_dialects::protocol(cursor.peek()) {
        return Err(error);
    }
    if cursor.take_word("udp") {
        let ports = cursor.ports()?;
        return Ok(Body::Udp { ports, length: cursor.length()? });
    }
    if cursor.take_word("icmp") {
        return Ok(Body::Icmp(icmp(cursor, quoted)?));
    }
    if cursor.is_word("frag") {
        return fragment(cursor, direction);
    }
    let ports = cursor.ports()?;
    Ok(Body::Tcp(segment(cursor, ports, direction)?))
}

fn fragment(cursor: &mut Cursor<'_>, direction: PacketDirection) -> Result<Body, ParseError> {
    let position = cursor.next().position;
    if direction == PacketDirection::Inbound {
        return Err(ParseError::new(
            position,
            "fragments are written for outbound packets only; use a frame scenario to send one in",
            "分片只能写在发出的报文上；要送入分片请用帧场景",
        ));
    }
    cursor.keyword("id")?;
    let identification = cursor.number_u16("an identification")?;
    cursor.keyword("offset")?;
    let offset = cursor.number_u32("an offset in bytes")?;
    cursor.keyword("len")?;
    let length = cursor.number_u32("a length")?;
    Ok(Body::Fragment { identification, offset, length, more: cursor.take_word("mf") })
}

fn segment(
    cursor: &mut Cursor<'_>,
    ports: Option<super::ast::Ports>,
    direction: PacketDirection,
) -> Result<Segment, ParseError> {
    let flags = flags(cursor)?;
    let sequence = cursor.sequence()?;
    let acknowledgement = if cursor.take_word("ack") { Some(cursor.number_u32("an acknowledgement")?) } else { None };
    let window = if cursor.take_word("win") { Some(cursor.number_u16("a window")?) } else { None };
    let urgent = if cursor.take_word("urg") { Some(cursor.number_u16("an urgent pointer")?) } else { None };
    let options = if cursor.is_symbol('<') { tcp_options(cursor, direction)? } else { TcpOptions::None };
    Ok(Segment { ports, flags, sequence, acknowledgement, window, urgent, options })
}

/// Letters and dots, side by side; between letters (not before a digit, where the sequence numbers begin) may be blanks.
fn flags(cursor: &mut Cursor<'_>) -> Result<Flags, ParseError> {
    let first = cursor.peek();
    let mut written = String::new();
    let (mut bits, mut reserved) = (0, 0);
    let mut end = first.start;
    if cursor.take_symbol('-') {
        return Ok(Flags { bits: 0, reserved: 0, written: "-".to_owned() });
    }
    loop {
        let token = cursor.peek();
        let letters = matches!(token.kind, Kind::Word | Kind::Symbol('.'));
        let joined =
            token.start == end || (!written.is_empty() && !token.text.starts_with(|c: char| c.is_ascii_digit()));
        if !joined || !letters {
            break;
        }
        for letter in token.text.chars() {
            let Some((more, above)) = flag(letter) else {
                return cursor.fail("TCP flags (letters of FSRP.UEWA, a digit 0 to 7, or -)");
            };
            bits |= more;
            reserved |= above;
        }
        written.push_str(token.text);
        end = token.end;
        cursor.next();
    }
    if written.is_empty() {
        return cursor.fail("TCP flags (letters of FSRP.UEWA, a digit 0 to 7, or -)");
    }
    Ok(Flags { bits, reserved, written })
}

/// A letter's bits in bytes 13 and 12; a digit is the three-bit counter of accurate ECN: AE, CWR, ECE.
fn flag(letter: char) -> Option<(u8, u8)> {
    if let Some((_, bit)) = FLAG_LETTERS.iter().find(|(known, _)| *known == letter) {
        return Some((*bit, 0));
    }
    match letter {
        'A' => Some((0, 1)),
        '0'..='7' => {
            letter.to_digit(8).and_then(|digit| u8::try_from(digit).ok()).map(|digit| (digit << 6, digit >> 2))
        }
        _ => None,
    }
}

fn tcp_options(cursor: &mut Cursor<'_>, direction: PacketDirection) -> Result<TcpOptions, ParseError> {
    let position = cursor.next().position;
    if cursor.peek().kind == Kind::Ellipsis {
        if direction == PacketDirection::Inbound {
            return Err(ParseError::new(
                position,
                "<...> says not to look; an inbound packet needs its options",
                "<...> 表示不检查；送入的报文必须写明选项",
            ));
        }
        cursor.next();
        cursor.symbol('>')?;
        return Ok(TcpOptions::Any);
    }
    let mut list = Vec::new();
    loop {
        list.push(tcp_option(cursor)?);
        if cursor.take_symbol('>') {
            break;
        }
        if !cursor.take_symbol(',') {
            return cursor.fail("',' or '>'");
        }
    }
    let size: usize = list.iter().map(TcpOption::size).sum();
    if size > MOST_OPTION_BYTES {
        return Err(ParseError::new(
            position,
            format!("{size} bytes of options; a TCP header has room for {MOST_OPTION_BYTES}"),
            format!("选项共 {size} 字节，TCP 首部最多容纳 {MOST_OPTION_BYTES} 字节"),
        ));
    }
    Ok(TcpOptions::List(list))
}

fn tcp_option(cursor: &mut Cursor<'_>) -> Result<TcpOption, ParseError> {
    let word = cursor.peek();
    if word.kind != Kind::Word {
        return cursor.fail("a TCP option");
    }
    cursor.next();
    match word.text {
        "mss" => Ok(TcpOption::MaximumSegmentSize(cursor.number_u16("a segment size")?)),
        "nop" => Ok(TcpOption::NoOperation),
        "eol" => Ok(TcpOption::EndOfList),
        "sackOK" => Ok(TcpOption::SackPermitted),
        "wscale" => Ok(TcpOption::WindowScale(cursor.number_u8("a shift")?)),
        "TS" => {
            cursor.keyword("val")?;
            let value = cursor.number_u32("a time stamp")?;
            cursor.keyword("ecr")?;
            Ok(TcpOption::Timestamps { value, echo: cursor.number_u32("a time stamp")? })
        }
        "sack" => sack(cursor),
        "FO" | "FOEXP" | "md5" => with_data(cursor, word.text),
        "raw" => Ok(TcpOption::Raw(cursor.bytes()?)),
        other => Err(other_dialects::tcp_option(word)
            .unwrap_or_else(|| ParseError::expected(word.position, "a TCP option", other))),
    }
}

/// A cookie of TCP Fast Open, which may be left out, or a digest.
fn with_data(cursor: &mut Cursor<'_>, name: &str) -> Result<TcpOption, ParseError> {
    let position = cursor.peek().position;
    let none = name != "md5" && cursor.peek().kind != Kind::Word;
    let bytes = if none { Vec::new() } else { cursor.bytes()? };
    let length = bytes.len();
    if length > MOST_DATA_BYTES {
        let (what, chinese) = if name == "md5" { ("digest", "摘要") } else { ("cookie", "cookie") };
        return Err(ParseError::new(
            position,
            format!("a {what} of {length} bytes is longer than {MOST_DATA_BYTES}"),
            format!("{chinese}长 {length} 字节，超过 {MOST_DATA_BYTES} 字节"),
        ));
    }
    Ok(TcpOption::Named(name.to_owned(), bytes))
}

fn sack(cursor: &mut Cursor<'_>) -> Result<TcpOption, ParseError> {
    let mut blocks = Vec::new();
    while cursor.peek().kind == Kind::Word {
        let left = cursor.number_u32("a sequence number")?;
        cursor.symbol(':')?;
        blocks.push((left, cursor.number_u32("a sequence number")?));
    }
    if blocks.is_empty() { cursor.fail("a block a:b") } else { Ok(TcpOption::Sack(blocks)) }
}

impl TcpOption {
    /// Bytes it takes in a header.
    #[must_use]
    pub fn size(&self) -> usize {
        match self {
            TcpOption::MaximumSegmentSize(_) => 4,
            TcpOption::NoOperation | TcpOption::EndOfList => 1,
            TcpOption::SackPermitted => 2,
            TcpOption::WindowScale(_) => 3,
            TcpOption::Timestamps { .. } => 10,
            TcpOption::Sack(blocks) => 2 + 8 * blocks.len(),
            TcpOption::Named(name, bytes) => bytes.len() + if name == "FOEXP" { 4 } else { 2 },
            TcpOption::Raw(bytes) => bytes.len(),
        }
    }
}

/// What follows the word `icmp`; `quoted` is the header that stood before it.
fn icmp(cursor: &mut Cursor<'_>, quoted: Option<Quote>) -> Result<IcmpMessage, ParseError> {
    let word = cursor.word("an ICMP type")?;
    let number = |text: &str| unsigned(text).and_then(|value| u8::try_from(value).ok());
    let kind = icmp_type(word.text)
        .or_else(|| number(word.text))
        .ok_or_else(|| ParseError::expected(word.position, "an ICMP type", word.text))?;
    let mut message = IcmpMessage { kind, code: None, mtu: None, identification: None, quote: quoted };
    let token = cursor.peek();
    // A number directly after the type is a code, unless it is the time of the next event.
    if token.kind == Kind::Word {
        let code = icmp_code(kind, token.text);
        let same_line = token.position.line == word.position.line;
        if let Some(code) = code.or_else(|| number(token.text).filter(|_| same_line)) {
            cursor.next();
            message.code = Some(code);
        } else if same_line && !matches!(token.text, "mtu" | "id") {
            return cursor.fail("a code of that ICMP type");
        }
    }
    if cursor.take_word("mtu") {
        message.mtu = Some(cursor.number_u16("an MTU")?);
    }
    if cursor.take_word("id") {
        message.identification = Some(cursor.number_u16("an identification")?);
    }
    let position = cursor.peek().position;
    if cursor.take_symbol('[') {
        if message.quote.is_some() {
            return Err(ParseError::new(
                position,
                "the quoted header stands before `icmp` or behind the message, not in both places",
                "所引用的首部写在 `icmp` 之前或报文之后，不能两处都写",
            ));
        }
        message.quote = Some(quote(cursor)?);
        cursor.symbol(']')?;
    }
    Ok(message)
}

fn quote(cursor: &mut Cursor<'_>) -> Result<Quote, ParseError> {
    if cursor.take_word("udp") {
        let ports = cursor.ports()?;
        return Ok(Quote::Udp { ports, length: cursor.length()? });
    }
    if cursor.take_word("raw") {
        return Ok(Quote::Raw { length: cursor.length()? });
    }
    let ports = cursor.ports()?;
    Ok(Quote::Tcp { ports, sequence: cursor.sequence()? })
}
