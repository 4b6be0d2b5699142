//! A place in the row of tokens and the small questions every rule of the grammar asks there: is this the symbol,
//! take the word, read the number. Nothing here knows what a call or a packet is.

use core::net::Ipv4Addr;

use super::ast::{Ports, SequenceRange};
use super::error::ParseError;
use super::lexer::{Kind, Token};
use super::position::Position;

/// How deeply lists and records may nest.
pub(super) const DEEPEST: usize = 16;

/// The tokens of a script and how far they have been read.
pub(super) struct Cursor<'a> {
    pub(super) source: &'a str,
    tokens: Vec<Token<'a>>,
    index: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(source: &'a str, tokens: Vec<Token<'a>>) -> Self {
        Cursor { source, tokens, index: 0 }
    }

    /// From here on the word `name` stands for the token `value`.
    pub(super) fn define(&mut self, name: &str, value: Token<'a>) {
        for token in self.tokens.iter_mut().skip(self.index) {
            if token.kind == Kind::Word && token.text == name {
                (token.kind, token.text) = (value.kind, value.text);
            }
        }
    }

    pub(super) fn peek_at(&self, ahead: usize) -> Token<'a> {
        let end = Token {
            kind: Kind::End,
            text: "",
            position: Position { line: 1, column: 1 },
            start: self.source.len(),
            end: self.source.len(),
        };
        self.tokens.get(self.index.saturating_add(ahead)).or(self.tokens.last()).copied().unwrap_or(end)
    }

    pub(super) fn peek(&self) -> Token<'a> {
        self.peek_at(0)
    }

    pub(super) fn next(&mut self) -> Token<'a> {
        let token = self.peek();
        if self.index < self.tokens.len() {
            self.index += 1;
        }
        token
    }

    /// "expected WANTED" at the next token.
    pub(super) fn fail<T>(&self, wanted: &str) -> Result<T, ParseError> {
        let token = self.peek();
        let found = match token.kind {
            Kind::End => "",
            _ => self.source.get(token.start..token.end).unwrap_or(token.text),
        };
        Err(ParseError::expected(token.position, wanted, found))
    }

    pub(super) fn is_symbol(&self, symbol: char) -> bool {
        self.peek().kind == Kind::Symbol(symbol)
    }

    pub(super) fn take_symbol(&mut self, symbol: char) -> bool {
        let found = self.is_symbol(symbol);
        if found {
            self.next();
        }
        found
    }

    pub(super) fn symbol(&mut self, symbol: char) -> Result<(), ParseError> {
        if self.take_symbol(symbol) { Ok(()) } else { self.fail(&format!("'{symbol}'")) }
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        let token = self.peek();
        token.kind == Kind::Word && token.text == word
    }

    pub(super) fn take_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        if found {
            self.next();
        }
        found
    }

    /// A word that has to stand here.
    pub(super) fn keyword(&mut self, word: &str) -> Result<(), ParseError> {
        if self.take_word(word) { Ok(()) } else { self.fail(word) }
    }

    pub(super) fn word(&mut self, wanted: &str) -> Result<Token<'a>, ParseError> {
        if self.peek().kind == Kind::Word { Ok(self.next()) } else { self.fail(wanted) }
    }

    /// A decimal or `0x` number up to `largest`.
    pub(super) fn number(&mut self, wanted: &str, largest: u64) -> Result<u64, ParseError> {
        let token = self.word(wanted)?;
        match unsigned(token.text) {
            Some(value) if value <= largest => Ok(value),
            _ => Err(ParseError::range(token.position, token.text, largest)),
        }
    }

    pub(super) fn number_u8(&mut self, wanted: &str) -> Result<u8, ParseError> {
        Ok(u8::try_from(self.number(wanted, u64::from(u8::MAX))?).unwrap_or(u8::MAX))
    }

    pub(super) fn number_u16(&mut self, wanted: &str) -> Result<u16, ParseError> {
        Ok(u16::try_from(self.number(wanted, u64::from(u16::MAX))?).unwrap_or(u16::MAX))
    }

    pub(super) fn number_u32(&mut self, wanted: &str) -> Result<u32, ParseError> {
        Ok(u32::try_from(self.number(wanted, u64::from(u32::MAX))?).unwrap_or(u32::MAX))
    }

    pub(super) fn address(&mut self) -> Result<Ipv4Addr, ParseError> {
        let token = self.word("an IPv4 address")?;
        token.text.parse().map_err(|_| ParseError::expected(token.position, "an IPv4 address", token.text))
    }

    /// `SPORT > DPORT`, if the next tokens are one.
    pub(super) fn ports(&mut self) -> Result<Option<Ports>, ParseError> {
        let numeric = self.peek().kind == Kind::Word && self.peek().text.starts_with(|c: char| c.is_ascii_digit());
        if !numeric || self.peek_at(1).kind != Kind::Symbol('>') {
            return Ok(None);
        }
        let source = self.number_u16("a port")?;
        self.symbol('>')?;
        let destination = self.number_u16("a port")?;
        Ok(Some(Ports { source, destination }))
    }

    /// `(LENGTH)`
    pub(super) fn length(&mut self) -> Result<u32, ParseError> {
        self.symbol('(')?;
        let length = self.number("a length", 65535)?;
        self.symbol(')')?;
        Ok(u32::try_from(length).unwrap_or(u32::MAX))
    }

    /// `SEQ:END(LENGTH)`, where the three must agree.
    pub(super) fn sequence(&mut self) -> Result<SequenceRange, ParseError> {
        let position = self.peek().position;
        let start = self.number_u32("a sequence number")?;
        self.symbol(':')?;
        let end = self.number_u32("a sequence number")?;
        let length = self.length()?;
        if end.wrapping_sub(start) != length {
            return Err(ParseError::new(
                position,
                format!("the sequence numbers {start}:{end} do not span {length} bytes"),
                format!("序号 {start}:{end} 之间不是 {length} 个字节"),
            ));
        }
        Ok(SequenceRange { start, end, length })
    }

    /// Bytes written as hexadecimal digits.
    pub(super) fn bytes(&mut self) -> Result<Vec<u8>, ParseError> {
        let token = self.word("hexadecimal digits")?;
        hexadecimal(token.text)
            .ok_or_else(|| ParseError::expected(token.position, "pairs of hexadecimal digits", token.text))
    }
}

/// A decimal or `0x` number.
pub(super) fn unsigned(text: &str) -> Option<u64> {
    let (digits, radix) = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => (digits, 16),
        None => (text, 10),
    };
    if digits.starts_with('+') { None } else { u64::from_str_radix(digits, radix).ok() }
}

/// Seconds with up to six decimals as microseconds.
pub(super) fn microseconds(text: &str) -> Option<u64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.chars().all(|c| c.is_ascii_digit());
    if !digits(whole)
        || !digits(fraction)
        || fraction.len() > 6
        || whole.len() > 9
        || (whole.is_empty() && fraction.is_empty())
    {
        return None;
    }
    let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let fraction: u64 = format!("{fraction:0<6}").parse().ok()?;
    whole.checked_mul(1_000_000)?.checked_add(fraction)
}

/// Bytes from pairs of hexadecimal digits; an odd number of digits or anything else is `None`.
#[must_use]
pub fn hexadecimal(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect();
    let digits = digits?;
    if digits.len() % 2 != 0 {
        return None;
    }
    Some(digits.chunks_exact(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect())
}
