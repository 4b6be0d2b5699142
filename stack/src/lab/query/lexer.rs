//! From text to tokens: words, numbers, quoted texts and symbols, each with its column.

use super::error::QueryError;
use crate::include::in_addr::InAddr;

/// The longest text that is read, in bytes.
pub(super) const LONGEST: usize = 4096;

/// What a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name: letters, digits, `_`, and `-` inside.
    Word(String),
    /// A number.
    Number(i64),
    /// A text between quotes.
    Text(String),
    /// Punctuation of one or two characters.
    Symbol(&'static str),
    /// Behind the last token.
    End,
}

/// A token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// Column in characters, from 1.
    pub(super) column: u32,
    /// As written, for messages.
    pub(super) text: String,
}

const SYMBOLS: [&str; 23] = [
    "->", "==", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "(", ")", "[", "]", ".", ",", ":", "#", "*", "=", "&",
    "|", "-",
];

/// Cuts a text into tokens; the last one is [`Kind::End`].
pub(super) fn tokens(source: &str) -> Result<Vec<Token>, QueryError> {
    if source.len() > LONGEST {
        return Err(QueryError::new(
            1,
            format!("the text is {} bytes long; the limit is {LONGEST}", source.len()),
            format!("文本长 {} 字节，上限为 {LONGEST} 字节", source.len()),
        ));
    }
    let characters: Vec<char> = source.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = characters.get(at) {
        if first.is_whitespace() {
            at += 1;
            continue;
        }
        let (kind, length) = scan(&characters, at)?;
        let text = characters.iter().skip(at).take(length).collect();
        tokens.push(Token { kind, column: column(at), text });
        at += length;
    }
    tokens.push(Token { kind: Kind::End, column: column(at), text: String::new() });
    Ok(tokens)
}

fn column(at: usize) -> u32 {
    u32::try_from(at + 1).unwrap_or(u32::MAX)
}

fn scan(characters: &[char], at: usize) -> Result<(Kind, usize), QueryError> {
    let rest = characters.get(at..).unwrap_or(&[]);
    let first = rest.first().copied().unwrap_or(' ');
    let second = rest.get(1).copied().unwrap_or(' ');
    if first == '"' {
        return quoted_text(rest, at);
    }
    if let Some(length) = address(rest) {
        return Ok((Kind::Text(rest.iter().take(length).collect()), length));
    }
    if first.is_ascii_digit() || (first == '-' && second.is_ascii_digit()) {
        return number(rest, at);
    }
    if first.is_ascii_alphabetic() || first == '_' {
        let length = rest.iter().enumerate().take_while(|(index, c)| in_word(rest, *index, **c)).count();
        return Ok((Kind::Word(rest.iter().take(length).collect()), length));
    }
    for symbol in SYMBOLS {
        if symbol.chars().enumerate().all(|(index, c)| rest.get(index) == Some(&c)) {
            return Ok((Kind::Symbol(symbol), symbol.len()));
        }
    }
    Err(QueryError::expected(column(at), "a name, a number or a sign", "名称、数字或符号", &first.to_string()))
}

/// A `-` belongs to a word where a letter or digit follows, so that `A->B` is three tokens and `server-1` one.
fn in_word(rest: &[char], index: usize, c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || (c == '-' && rest.get(index + 1).is_some_and(char::is_ascii_alphanumeric))
}

/// The length of an Internet address that stands here without quotes.
fn address(rest: &[char]) -> Option<usize> {
    let word: String = rest.iter().take_while(|c| c.is_ascii_digit() || **c == '.').collect();
    InAddr::parse(&word).map(|_| word.len())
}

fn quoted_text(rest: &[char], at: usize) -> Result<(Kind, usize), QueryError> {
    let inside: String = rest.iter().skip(1).take_while(|c| **c != '"').collect();
    let length = inside.chars().count() + 2;
    if rest.len() < length {
        return Err(QueryError::new(
            column(at),
            "a text starts here and never ends (\" is missing)",
            "文本从这里开始却没有结束（缺少 \"）",
        ));
    }
    Ok((Kind::Text(inside), length))
}

fn number(rest: &[char], at: usize) -> Result<(Kind, usize), QueryError> {
    let negative = usize::from(rest.first() == Some(&'-'));
    let length = negative + rest.iter().skip(negative).take_while(|c| c.is_ascii_alphanumeric()).count();
    let written: String = rest.iter().take(length).collect();
    let digits = written.trim_start_matches('-');
    let value = match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).map(i64::from),
        None => digits.parse::<u32>().map(i64::from),
    };
    match value {
        Ok(value) => Ok((Kind::Number(if negative == 1 { -value } else { value }), length)),
        Err(_) => Err(QueryError::expected(column(at), "a number below 2^32", "小于 2^32 的数", &written)),
    }
}
