//! The frame of the grammar: options, times, and which kind of event follows. Calls, packets and annotations have
//! rooms of their own. Reading never panics and never guesses: the first thing that does not fit is an error with
//! its place.

use super::ast::{Base, Call, Content, Line, Script, ScriptEvent, ScriptOption, Time, Until};
use super::cursor::{Cursor, microseconds};
use super::error::ParseError;
use super::lexer::{Kind, Token, tokens, unescaped};
use super::position::Position;
use super::{annotation_parser, call, other_dialects, packet};

/// Decimals of a second that count.
const DECIMALS: usize = 6;

/// Read a whole script.
///
/// # Errors
/// The first place that does not fit the grammar, or a script over the limits.
pub fn parse(source: &str) -> Result<Script, ParseError> {
    parse_with(source, &[])
}

/// Read a whole script in which words stand for something else: packetdrill's `-D NAME=VALUE`, which a `--define` of the
/// script does not override.
///
/// # Errors
/// The same, or a definition that is none.
pub fn parse_with(source: &str, definitions: &[String]) -> Result<Script, ParseError> {
    let mut cursor = Cursor::new(source, tokens(source)?);
    // What is said last counts, and what is said outside of the script above all.
    for definition in definitions.iter().rev() {
        define(&mut cursor, definition, Position::default())?;
    }
    let mut script = Script::default();
    let mut inside = Vec::new();
    while cursor.peek().kind == Kind::Option {
        let token = cursor.next();
        let option = option(token)?;
        if option.name == "define" {
            let definition = token.text.split_once('=').map_or("", |(_, definition)| definition.trim_start());
            inside.push((definition, token.position));
        }
        script.options.push(option);
    }
    for (definition, position) in inside.into_iter().rev() {
        define(&mut cursor, definition, position)?;
    }
    if cursor.peek().kind == Kind::Command {
        script.opening = Some(command(cursor.next()));
    }
    loop {
        let token = cursor.peek();
        match token.kind {
            Kind::End => return Ok(script),
            Kind::Annotation => {
                cursor.next();
                let content = Content::Annotation(annotation_parser::parse(token.text, token.position)?);
                script.lines.push(Line { position: token.position, content });
            }
            Kind::Command => {
                cursor.next();
                script.closing = Some(command(token));
                if cursor.peek().kind != Kind::End {
                    return cursor.fail("the end of the script after a command without a time");
                }
            }
            Kind::Option => {
                return Err(ParseError::new(
                    token.position,
                    "options stand before the first event",
                    "选项必须写在第一个事件之前",
                ));
            }
            Kind::Symbol('#') => return Err(other_dialects::conditional(token.position)),
            _ => {
                let content = timed(&mut cursor)?;
                script.lines.push(Line { position: token.position, content });
            }
        }
    }
}

/// Read one call without a time, as a person types it: `NAME(ARGUMENTS) [= RESULT]`.
///
/// # Errors
/// The first place that does not fit, or anything after the call.
pub fn parse_call(source: &str) -> Result<Call, ParseError> {
    let mut cursor = Cursor::new(source, tokens(source)?);
    let call = call::call(&mut cursor)?;
    if cursor.peek().kind == Kind::End { Ok(call) } else { cursor.fail("the end of the call") }
}

/// `NAME=VALUE`: a word, a number, a string or a command for every word NAME that follows.
fn define<'a>(cursor: &mut Cursor<'a>, definition: &'a str, position: Position) -> Result<(), ParseError> {
    let parts = definition.split_once('=');
    let value = parts.and_then(|(_, value)| match tokens(value).ok()?.as_slice() {
        [value, end] if end.kind == Kind::End => Some(*value),
        _ => None,
    });
    match (parts, value) {
        (Some((name, _)), Some(value)) if !name.is_empty() => {
            cursor.define(name, value);
            Ok(())
        }
        _ => Err(ParseError::expected(position, "--define=NAME=VALUE", definition)),
    }
}

/// The words of a command.
fn command(token: Token<'_>) -> String {
    unescaped(token.text, '`').unwrap_or_else(|_| token.text.to_owned())
}

fn option(token: Token<'_>) -> Result<ScriptOption, ParseError> {
    let (name, value) = match token.text.split_once('=') {
        Some((name, value)) => (name.trim_end(), Some(unquoted(value.trim_start()))),
        None => (token.text, None),
    };
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-') {
        return Err(ParseError::expected(token.position, "the name of an option", token.text));
    }
    Ok(ScriptOption { position: token.position, name: name.to_owned(), value })
}

/// The value of an option; quotes around it are not part of it.
fn unquoted(value: &str) -> String {
    let inside = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
    inside.and_then(|inside| unescaped(inside, '"').ok()).unwrap_or_else(|| value.to_owned())
}

fn timed(cursor: &mut Cursor<'_>) -> Result<Content, ParseError> {
    let position = cursor.peek().position;
    let time = time(cursor)?;
    let token = cursor.peek();
    let event = match token.kind {
        Kind::Symbol('<' | '>') => ScriptEvent::Packet(packet::packet(cursor)?),
        Kind::Word => ScriptEvent::Call(call::call(cursor)?),
        Kind::Command => ScriptEvent::Command(command(cursor.next())),
        Kind::Code => ScriptEvent::Code(cursor.next().text.to_owned()),
        _ => return cursor.fail("a call, a packet or a command"),
    };
    check_time(position, time, &event)?;
    Ok(Content::Event(time, event))
}

fn time(cursor: &mut Cursor<'_>) -> Result<Time, ParseError> {
    if cursor.take_symbol('*') {
        return Ok(Time::Any);
    }
    let base = if cursor.take_symbol('+') { Base::Previous } else { Base::Script };
    let position = cursor.peek().position;
    let start = moment(cursor)?;
    let until = if cursor.peek().kind == Kind::Ellipsis {
        cursor.next();
        Until::Return(moment(cursor)?)
    } else if cursor.take_symbol('~') {
        // Both ends of a window count from the same.
        if base == Base::Previous {
            cursor.symbol('+')?;
        }
        Until::Window(moment(cursor)?)
    } else {
        Until::Unspecified
    };
    match until {
        Until::Return(end) | Until::Window(end) if end < start => {
            Err(ParseError::new(position, "the second time is earlier than the first", "第二个时间早于第一个时间"))
        }
        _ => Ok(Time::At { base, start, until }),
    }
}

fn moment(cursor: &mut Cursor<'_>) -> Result<u64, ParseError> {
    let token = cursor.word("a time")?;
    // What is less than a microsecond does not count.
    let end = token.text.find('.').map_or(token.text.len(), |dot| dot + 1 + DECIMALS);
    let less = token.text.get(end..).unwrap_or("");
    let known = token.text.get(..end).unwrap_or(token.text);
    let time = microseconds(known).filter(|_| less.chars().all(|digit| digit.is_ascii_digit()));
    time.ok_or_else(|| ParseError::expected(token.position, "a time in seconds (below 10^9)", token.text))
}

/// packetdrill allows ranges of packets only for outbound ones, and a return time only for calls.
fn check_time(position: Position, time: Time, event: &ScriptEvent) -> Result<(), ParseError> {
    let outbound =
        matches!(event, ScriptEvent::Packet(packet) if packet.direction == super::ast::PacketDirection::Outbound);
    let ranged = matches!(time, Time::Any | Time::At { until: Until::Window(_), .. });
    if ranged && !outbound {
        return Err(ParseError::new(
            position,
            "`*` and `~` are times of outbound packets only",
            "`*` 和 `~` 只能用于发出的报文",
        ));
    }
    if matches!(time, Time::At { until: Until::Return(_), .. }) && !matches!(event, ScriptEvent::Call(_)) {
        return Err(ParseError::new(position, "only a call has a return time", "只有系统调用才有返回时间"));
    }
    Ok(())
}
