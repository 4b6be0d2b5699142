//! What a packet line remarks of a header of IP in brackets or parentheses: `[tos 0x10]`, `[ttl 5]`, `[ect0]`, `[flowlabel 0x3]`.
//! Several may stand side by side, with a comma or in brackets of their own.

use super::ast::{Congestion, IpInformation};
use super::cursor::Cursor;
use super::error::ParseError;
use super::lexer::Kind;

/// A flow label has 20 bits.
const LARGEST_FLOW_LABEL: u64 = 0xf_ffff;
/// What may be remarked of an IP header.
const REMARKS: &str = "tos, ttl, flowlabel, noecn, ect0, ect1, ect01 or ce";

/// Whether a bracket opens a quoted header, not remarks about the IP header.
pub(super) fn is_quote(cursor: &Cursor<'_>) -> bool {
    let word = cursor.peek_at(1);
    let begins = matches!(word.text, "udp" | "raw") || word.text.starts_with(|c: char| c.is_ascii_digit());
    cursor.is_symbol('[') && word.kind == Kind::Word && begins
}

/// All the remarks that stand here; none is the usual header.
pub(super) fn ip_information(cursor: &mut Cursor<'_>) -> Result<IpInformation, ParseError> {
    let mut ip = IpInformation::default();
    loop {
        let closing = match cursor.peek().kind {
            _ if is_quote(cursor) => return Ok(ip),
            Kind::Symbol('[') => ']',
            Kind::Symbol('(') => ')',
            _ => return Ok(ip),
        };
        cursor.next();
        loop {
            ip_remark(cursor, &mut ip)?;
            if !cursor.take_symbol(',') {
                break;
            }
        }
        cursor.symbol(closing)?;
    }
}

fn ip_remark(cursor: &mut Cursor<'_>, ip: &mut IpInformation) -> Result<(), ParseError> {
    let word = cursor.peek();
    match (word.kind, word.text) {
        (Kind::Word, "tos") => {
            cursor.next();
            ip.tos = Some(cursor.number_u8("a type of service")?);
        }
        (Kind::Word, "ttl") => {
            cursor.next();
            ip.ttl = Some(cursor.number_u8("a time to live")?);
        }
        (Kind::Word, "flowlabel") => {
            cursor.next();
            ip.flow_label = Some(cursor.number("a flow label", LARGEST_FLOW_LABEL)? as u32);
        }
        (Kind::Word, name) => {
            let Some(found) = congestion(name) else { return cursor.fail(REMARKS) };
            cursor.next();
            ip.congestion = Some(found);
        }
        _ => return cursor.fail(REMARKS),
    }
    Ok(())
}

fn congestion(word: &str) -> Option<Congestion> {
    match word {
        "noecn" => Some(Congestion::NoEcn),
        "ect0" => Some(Congestion::Ect0),
        "ect1" => Some(Congestion::Ect1),
        "ect01" => Some(Congestion::Ect01),
        "ce" => Some(Congestion::Ce),
        _ => None,
    }
}
