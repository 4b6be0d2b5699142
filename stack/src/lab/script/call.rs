//! The grammar of system calls: name, arguments, result. Constants stay words here; what they mean is looked up in
//! [`super::constants`] by the runner.

use super::ast::{Argument, Call, CallOutcome, Field, Number};
use super::cursor::{Cursor, DEEPEST, unsigned};
use super::error::ParseError;
use super::lexer::{Kind, unescaped};

/// What may stand behind a backslash in a string.
const ESCAPES: &str = r#"one of \\ \" \f \n \r \t \v \xhh"#;

/// `NAME(ARGUMENTS) [= RESULT]`
pub(super) fn call(cursor: &mut Cursor<'_>) -> Result<Call, ParseError> {
    let token = cursor.word("the name of a system call")?;
    if !is_name(token.text) {
        return Err(ParseError::expected(token.position, "the name of a system call", token.text));
    }
    cursor.symbol('(')?;
    let arguments = list(cursor, ')', 0)?;
    let outcome = if cursor.take_symbol('=') { Some(outcome(cursor)?) } else { None };
    Ok(Call { name: token.text.to_owned(), arguments, outcome })
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
}

/// Arguments up to `closing`, which is swallowed.
fn list(cursor: &mut Cursor<'_>, closing: char, depth: usize) -> Result<Vec<Argument>, ParseError> {
    let mut out = Vec::new();
    if cursor.take_symbol(closing) {
        return Ok(out);
    }
    loop {
        out.push(argument(cursor, depth)?);
        if cursor.take_symbol(closing) {
            return Ok(out);
        }
        if !cursor.take_symbol(',') {
            return cursor.fail(&format!("',' or '{closing}'"));
        }
    }
}

fn argument(cursor: &mut Cursor<'_>, depth: usize) -> Result<Argument, ParseError> {
    if depth > DEEPEST {
        return Err(ParseError::new(
            cursor.peek().position,
            format!("arguments nest more than {DEEPEST} deep"),
            format!("参数嵌套超过 {DEEPEST} 层"),
        ));
    }
    let first = single(cursor, depth)?;
    if !cursor.is_symbol('|') {
        return Ok(first);
    }
    let mut flags = vec![first];
    while cursor.take_symbol('|') {
        flags.push(single(cursor, depth)?);
    }
    Ok(Argument::Flags(flags))
}

fn single(cursor: &mut Cursor<'_>, depth: usize) -> Result<Argument, ParseError> {
    let token = cursor.peek();
    match token.kind {
        Kind::Ellipsis => {
            cursor.next();
            Ok(Argument::Ellipsis)
        }
        Kind::Text => strings(cursor),
        Kind::Symbol('[') => {
            cursor.next();
            Ok(Argument::List(list(cursor, ']', depth + 1)?))
        }
        Kind::Symbol('{') => {
            cursor.next();
            braces(cursor, depth + 1)
        }
        Kind::Symbol('-') => Ok(Argument::Number(number(cursor)?)),
        Kind::Word if is_name(token.text) => {
            cursor.next();
            if cursor.take_symbol('(') {
                Ok(Argument::Function(token.text.to_owned(), list(cursor, ')', depth + 1)?))
            } else {
                Ok(Argument::Symbol(token.text.to_owned()))
            }
        }
        Kind::Word => Ok(Argument::Number(number(cursor)?)),
        _ => cursor.fail("an argument"),
    }
}

/// Strings side by side are one; dots behind one say that it goes on, which means nothing.
fn strings(cursor: &mut Cursor<'_>) -> Result<Argument, ParseError> {
    let mut all = String::new();
    while cursor.peek().kind == Kind::Text {
        let token = cursor.next();
        let text = unescaped(token.text, '"').map_err(|escape| {
            let words = format!("\\{escape}");
            ParseError::expected(token.position, ESCAPES, &words)
        })?;
        all.push_str(&text);
    }
    if cursor.peek().kind == Kind::Ellipsis {
        cursor.next();
    }
    Ok(Argument::Text(all))
}

/// After `{`: a record if a name and `=` follow, else a group.
fn braces(cursor: &mut Cursor<'_>, depth: usize) -> Result<Argument, ParseError> {
    if !is_field(cursor) {
        return Ok(Argument::Group(list(cursor, '}', depth)?));
    }
    let mut fields = Vec::new();
    loop {
        let mut name = cursor.word("the name of a field")?.text.to_owned();
        if cursor.take_symbol('(') {
            // msghdr's notation: the length of the field in parentheses.
            let length = cursor.next();
            name = format!("{name}({})", length.text);
            cursor.symbol(')')?;
        }
        cursor.symbol('=')?;
        let value = argument(cursor, depth)?;
        fields.push(Field { name, value });
        if cursor.take_symbol('}') {
            return Ok(Argument::Record(fields));
        }
        if !cursor.take_symbol(',') {
            return cursor.fail("',' or '}'");
        }
    }
}

fn is_field(cursor: &Cursor<'_>) -> bool {
    let name = cursor.peek();
    name.kind == Kind::Word
        && is_name(name.text)
        && (cursor.peek_at(1).kind == Kind::Symbol('=')
            || (cursor.peek_at(1).kind == Kind::Symbol('(')
                && cursor.peek_at(3).kind == Kind::Symbol(')')
                && cursor.peek_at(4).kind == Kind::Symbol('=')))
}

/// `N`, `-N`, `0xN`
fn number(cursor: &mut Cursor<'_>) -> Result<Number, ParseError> {
    let negative = cursor.take_symbol('-');
    let token = cursor.word("a number")?;
    let value = unsigned(token.text).and_then(|value| i64::try_from(value).ok());
    match value {
        Some(value) => Ok(Number {
            value: if negative { value.wrapping_neg() } else { value },
            hexadecimal: token.text.starts_with("0x"),
        }),
        None => Err(ParseError::expected(token.position, "a number", token.text)),
    }
}

fn outcome(cursor: &mut Cursor<'_>) -> Result<CallOutcome, ParseError> {
    if cursor.peek().kind == Kind::Ellipsis {
        cursor.next();
        return Ok(CallOutcome::Any);
    }
    let value = number(cursor)?;
    let error = match cursor.peek() {
        token if token.kind == Kind::Word && is_name(token.text) => Some(cursor.next().text.to_owned()),
        _ => None,
    };
    let note = if cursor.is_symbol('(') { Some(note(cursor)?) } else { None };
    let written = if cursor.take_symbol('<') { Some(list(cursor, '>', 0)?) } else { None };
    Ok(CallOutcome::Value { value, error, note, written })
}

/// `(words)` as they stand in the file.
fn note(cursor: &mut Cursor<'_>) -> Result<String, ParseError> {
    let start = cursor.next().end;
    loop {
        let token = cursor.peek();
        match token.kind {
            Kind::Symbol(')') => {
                cursor.next();
                return Ok(cursor.source.get(start..token.start).unwrap_or("").trim().to_owned());
            }
            Kind::End | Kind::Annotation => return cursor.fail("')'"),
            _ => {
                cursor.next();
            }
        }
    }
}
