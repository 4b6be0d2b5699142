//! From text to tokens. Comments and white space vanish here, `//@` lines become tokens of their own, and every
//! token knows its line and column. Words that start with a digit swallow dots followed by digits, so that `0.25`
//! and `192.0.2.1` are one token each while `0...1` is three.

use super::error::ParseError;
use super::position::Position;

/// The largest script, in bytes.
pub const LARGEST_SCRIPT: usize = 4 * 1024 * 1024;
/// The most lines a script may have.
pub const MOST_LINES: usize = 100_000;

const BYTE_ORDER_MARK: char = '\u{feff}';

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Letters, digits, underscores; numbers with their fraction; addresses.
    Word,
    /// `...`
    Ellipsis,
    /// A quoted string; the text is without the quotes, its backslashes still in it (`unescaped` takes them out).
    Text,
    /// Between backticks; a backtick inside has a backslash before it.
    Command,
    /// Between `%{` and `}%`.
    Code,
    /// `--name[=value]`, without the dashes.
    Option,
    /// What follows `//@` up to the end of the line, trimmed.
    Annotation,
    /// One character of punctuation.
    Symbol(char),
    /// After the last token.
    End,
}

/// A token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    /// What it is.
    pub kind: Kind,
    /// Its text.
    pub text: &'a str,
    /// Where it starts.
    pub position: Position,
    /// Byte where it starts in the source.
    pub start: usize,
    /// Byte after its last one in the source.
    pub end: usize,
}

/// Cut a script into tokens; the last one is [`Kind::End`].
///
/// # Errors
/// Scripts over the limits, unterminated strings, commands and comments.
pub fn tokens(source: &str) -> Result<Vec<Token<'_>>, ParseError> {
    check_limits(source)?;
    // Editors of some systems begin a text with a byte order mark.
    let offset = if source.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len_utf8() } else { 0 };
    let mut lexer = Lexer { source, offset, position: Position { line: 1, column: 1 } };
    let mut out = Vec::new();
    loop {
        let token = lexer.next()?;
        out.push(token);
        if token.kind == Kind::End {
            return Ok(out);
        }
    }
}

fn check_limits(source: &str) -> Result<(), ParseError> {
    if source.len() > LARGEST_SCRIPT {
        return Err(ParseError::new(
            Position { line: 1, column: 1 },
            format!("the script is {} bytes long; the limit is {LARGEST_SCRIPT}", source.len()),
            format!("脚本长 {} 字节，上限为 {LARGEST_SCRIPT} 字节", source.len()),
        ));
    }
    let lines = source.lines().count();
    if lines > MOST_LINES {
        return Err(ParseError::new(
            Position { line: u32::try_from(MOST_LINES + 1).unwrap_or(u32::MAX), column: 1 },
            format!("the script has {lines} lines; the limit is {MOST_LINES}"),
            format!("脚本有 {lines} 行，上限为 {MOST_LINES} 行"),
        ));
    }
    Ok(())
}

struct Lexer<'a> {
    source: &'a str,
    offset: usize,
    position: Position,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.source.get(self.offset..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let character = self.peek()?;
        self.offset += character.len_utf8();
        if character == '\n' {
            self.position.line = self.position.line.saturating_add(1);
            self.position.column = 1;
        } else {
            self.position.column = self.position.column.saturating_add(1);
        }
        Some(character)
    }

    fn bump_many(&mut self, count: usize) {
        for _ in 0..count {
            self.bump();
        }
    }

    fn skip_blank(&mut self) -> Result<(), ParseError> {
        loop {
            let rest = self.rest();
            if rest.starts_with("//") && !rest.starts_with("//@") {
                while self.peek().is_some_and(|c| c != '\n') {
                    self.bump();
                }
            } else if rest.starts_with("/*") {
                let start = self.position;
                self.bump_many(2);
                self.until("*/", start, "a comment", "注释")?;
            } else if self.peek().is_some_and(char::is_whitespace) {
                self.bump();
            } else {
                return Ok(());
            }
        }
    }

    /// The text up to `terminator`, which is swallowed.
    fn until(
        &mut self,
        terminator: &str,
        start: Position,
        what: &str,
        what_chinese: &str,
    ) -> Result<&'a str, ParseError> {
        let rest = self.rest();
        let Some(length) = rest.find(terminator) else {
            return Err(never_ends(start, what, what_chinese, terminator));
        };
        let end = self.offset + length;
        while self.offset < end {
            self.bump();
        }
        self.bump_many(terminator.chars().count());
        Ok(rest.get(..length).unwrap_or(""))
    }

    /// The text up to a quote that no backslash protects; the quote is swallowed.
    fn quoted(&mut self, quote: char, start: Position, what: &str, chinese: &str) -> Result<&'a str, ParseError> {
        let rest = self.rest();
        let mut protected = false;
        for (length, character) in rest.char_indices() {
            if character == quote && !protected {
                let end = self.offset + length;
                while self.offset < end {
                    self.bump();
                }
                self.bump();
                return Ok(rest.get(..length).unwrap_or(""));
            }
            protected = character == '\\' && !protected;
        }
        Err(never_ends(start, what, chinese, &quote.to_string()))
    }

    /// `name[=value]` up to the next blank; blanks between quotes belong to the value, and so do those around the sign.
    fn option(&mut self, start: Position) -> Result<&'a str, ParseError> {
        let (rest, first) = (self.rest(), self.offset);
        self.take_while(|c| is_word(c) || c == '-');
        if self.rest().trim_start().starts_with('=') {
            self.take_while(char::is_whitespace);
            self.bump();
            self.take_while(char::is_whitespace);
        }
        while let Some(character) = self.peek().filter(|c| !c.is_whitespace()) {
            self.bump();
            if matches!(character, '"' | '`') {
                self.quoted(character, start, "a quoted value", "带引号的值")?;
            }
        }
        Ok(rest.get(..self.offset - first).unwrap_or(""))
    }

    fn next(&mut self) -> Result<Token<'a>, ParseError> {
        self.skip_blank()?;
        let start = self.offset;
        let position = self.position;
        let (kind, text) = self.scan(position)?;
        Ok(Token { kind, text, position, start, end: self.offset })
    }

    fn scan(&mut self, position: Position) -> Result<(Kind, &'a str), ParseError> {
        let rest = self.rest();
        let Some(first) = self.peek() else { return Ok((Kind::End, "")) };
        if rest.starts_with("//@") {
            self.bump_many(3);
            return Ok((Kind::Annotation, self.take_while(|c| c != '\n').trim()));
        }
        if rest.starts_with("...") {
            self.bump_many(3);
            return Ok((Kind::Ellipsis, "..."));
        }
        if rest.starts_with("--") && rest.chars().nth(2).is_some_and(|c| c.is_ascii_alphabetic()) {
            self.bump_many(2);
            return Ok((Kind::Option, self.option(position)?));
        }
        if rest.starts_with("%{") {
            self.bump_many(2);
            return Ok((Kind::Code, self.until("}%", position, "code", "代码")?));
        }
        match first {
            '"' => {
                self.bump();
                Ok((Kind::Text, self.quoted('"', position, "a string", "字符串")?))
            }
            '`' => {
                self.bump();
                Ok((Kind::Command, self.quoted('`', position, "a command", "命令")?))
            }
            c if is_word(c) => Ok((Kind::Word, self.word())),
            '.' if self.digit_after_dot() => Ok((Kind::Word, self.word())),
            c => {
                self.bump();
                Ok((Kind::Symbol(c), rest.get(..c.len_utf8()).unwrap_or("")))
            }
        }
    }

    fn digit_after_dot(&self) -> bool {
        let mut next = self.rest().chars();
        next.next() == Some('.') && next.next().is_some_and(|c| c.is_ascii_digit())
    }

    fn word(&mut self) -> &'a str {
        let rest = self.rest();
        let start = self.offset;
        let numeric = self.peek().is_some_and(|c| c.is_ascii_digit() || c == '.');
        while let Some(c) = self.peek() {
            if is_word(c) || (numeric && self.digit_after_dot()) {
                self.bump();
            } else {
                break;
            }
        }
        rest.get(..self.offset - start).unwrap_or("")
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let start = self.offset;
        while self.peek().is_some_and(&wanted) {
            self.bump();
        }
        rest.get(..self.offset - start).unwrap_or("")
    }
}

fn never_ends(start: Position, what: &str, chinese: &str, terminator: &str) -> ParseError {
    ParseError::new(
        start,
        format!("{what} starts here and never ends ({terminator} is missing)"),
        format!("{chinese}从这里开始却没有结束(缺少 {terminator})"),
    )
}

/// A quoted text as it is meant: of a string `\"`, `\\`, `\f`, `\n`, `\r`, `\t`, `\v` and `\xhh` stand for one character; of a
/// command only an escaped backtick does, the rest is the shell's.
///
/// # Errors
/// What stands behind the backslash, where that is nothing of a string.
pub(super) fn unescaped(text: &str, quote: char) -> Result<String, String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        if character != '\\' {
            out.push(character);
            continue;
        }
        match rest.next() {
            Some(next) if next == quote => out.push(next),
            next if quote != '"' => {
                out.push('\\');
                out.extend(next);
            }
            Some('x') => {
                let digits: String = rest.by_ref().take(2).collect();
                let byte = u8::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == 2);
                out.push(byte.map(char::from).ok_or_else(|| format!("x{digits}"))?);
            }
            next => out.push(next.and_then(escape).ok_or_else(|| next.map(String::from).unwrap_or_default())?),
        }
    }
    Ok(out)
}

/// What a letter behind a backslash stands for.
fn escape(letter: char) -> Option<char> {
    Some(match letter {
        '\\' => '\\',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\u{b}',
        _ => return None,
    })
}

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}
