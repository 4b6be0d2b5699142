//! What other dialects of packetdrill write and no script for 1.2.13 can mean: protocols that it does not speak, options of
//! MPTCP and of accurate ECN, lines for one system only, and what stands in braces or as `sock(N)` behind a packet. Promise:
//! each is refused with a sentence that says what it is and what to do, in two languages, where the grammar alone could only
//! say what it had expected instead.

use super::error::{ParseError, quoted};
use super::lexer::{Kind, Token};
use super::position::Position;
use crate::words::Words;

/// The word that begins the packet of another protocol, and the protocol's name.
const PROTOCOLS: [(&str, &str); 4] =
    [("sctp", "SCTP"), ("udplite", "UDP-Lite"), ("dccp", "DCCP"), ("icmpv6", "ICMPv6")];

/// How the names of the options of a later extension of TCP begin, and what it is called in both languages.
const EXTENSIONS: [(&[&str], Words); 2] = [
    (&["mp", "dss", "add_addr", "remove_addr", "rm_addr", "tr_add_addr"], Words::new("MPTCP", "MPTCP")),
    (&["ECN", "AccECN"], Words::new("accurate ECN", "AccECN")),
];

/// The packet of a protocol that 1.2.13 does not speak.
pub(super) fn protocol(token: Token<'_>) -> Option<ParseError> {
    let (_, name) = PROTOCOLS.iter().find(|(word, _)| token.kind == Kind::Word && token.text == *word)?;
    Some(ParseError::new(
        token.position,
        format!("1.2.13 does not speak {name}: a packet is TCP, UDP or ICMP over IPv4; take this line out"),
        format!("1.2.13 不支持 {name}：报文只能是 IPv4 上的 TCP、UDP 或 ICMP；请去掉这一行"),
    ))
}

/// An option of an extension of TCP that 1.2.13 does not speak.
pub(super) fn tcp_option(token: Token<'_>) -> Option<ParseError> {
    let is_of = |beginnings: &[&str]| beginnings.iter().any(|beginning| token.text.starts_with(beginning));
    let (_, Words { en, zh }) = EXTENSIONS.iter().find(|(beginnings, _)| is_of(beginnings))?;
    let name = quoted(token.text);
    Some(ParseError::new(
        token.position,
        format!("{name} is an option of {en}, which 1.2.13 does not speak; take it out of the list"),
        format!("{name} 是 {zh} 的选项，1.2.13 不支持 {zh}；请把它从列表中去掉"),
    ))
}

/// Braces behind a packet.
pub(super) fn braces(position: Position) -> ParseError {
    ParseError::new(
        position,
        "braces behind a packet, as in { mut tcp ... } or {0}, are of other dialects of packetdrill: nothing is changed in a packet here; take them out",
        "报文之后的花括号（如 { mut tcp ... } 或 {0}）属于 packetdrill 的其他方言：这里不会改动报文；请把它去掉",
    )
}

/// `sock(N)` behind a packet.
pub(super) fn socket(position: Position) -> ParseError {
    ParseError::new(
        position,
        "sock(N) behind a packet is of another dialect of packetdrill: here the ports say whose packet it is, as in > 1026 > 8080 S 0:0(0); take it out",
        "报文之后的 sock(N) 属于 packetdrill 的其他方言：这里由端口指明报文属于谁，如 > 1026 > 8080 S 0:0(0)；请把它去掉",
    )
}

/// `#ifdef SYSTEM`.
pub(super) fn conditional(position: Position) -> ParseError {
    ParseError::new(
        position,
        "lines for one system only (#ifdef ... #endif) are of other dialects of packetdrill: keep those that are meant and take the others out, with the # lines",
        "只针对某一系统的行（#ifdef ... #endif）属于 packetdrill 的其他方言：请保留所需的行，并去掉其余各行和以 # 开头的行",
    )
}
