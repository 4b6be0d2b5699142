//! What packetdrill demands of a call before it makes it: how many arguments there are, that every word is a symbol it knows,
//! and that what stands in a place is of the kind that belongs there. A call that is not so ends a script when its turn comes,
//! in the words of this program.
//!
//! Promise: nothing here makes a call, and what this program takes beyond packetdrill (text in a buffer, addresses, `...` as
//! the value of an option, `select` and its like) is not objected to.

use super::arguments::integer;
use crate::lab::script::ast::{Argument, Call};
use crate::lab::script::{constants, errno};
use crate::words::Words;

/// The calls and their numbers of arguments, at least and at most; the last ones are not packetdrill's.
const COUNTS: [(&str, usize, usize); 28] = [
    ("socket", 3, 3),
    ("bind", 3, 3),
    ("listen", 2, 2),
    ("accept", 3, 3),
    ("connect", 3, 3),
    ("read", 3, 3),
    ("readv", 3, 3),
    ("recv", 4, 4),
    ("recvfrom", 6, 6),
    ("recvmsg", 3, 3),
    ("write", 3, 3),
    ("writev", 3, 3),
    ("send", 4, 4),
    ("sendto", 6, 6),
    ("sendmsg", 3, 3),
    ("fcntl", 2, 3),
    ("ioctl", 2, 3),
    ("close", 1, 1),
    ("shutdown", 2, 2),
    ("getsockopt", 5, 5),
    ("setsockopt", 5, 5),
    ("poll", 3, 3),
    ("select", 5, 5),
    ("getsockname", 3, 3),
    ("getpeername", 3, 3),
    ("dup", 1, 1),
    ("dup2", 2, 2),
    ("setuid", 1, 1),
];

/// Calls that hand over a buffer, which is their second argument.
const WITH_BUFFER: [&str; 6] = ["read", "recv", "recvfrom", "write", "send", "sendto"];

/// Whether a script can make such a call at all.
pub(super) fn is_known(name: &str) -> bool {
    COUNTS.iter().any(|(known, ..)| *known == name)
}

/// Why packetdrill does not make a call; None where it does, and for a call that nobody here knows.
pub(super) fn refusal(call: &Call) -> Option<Words<String>> {
    let (_, least, most) = COUNTS.iter().find(|(known, ..)| *known == call.name)?;
    let reason = call.arguments.iter().find_map(not_evaluated);
    let reason = reason.or_else(|| wrong_count(call, *least, *most)).or_else(|| wrong_kind(call))?;
    Some(about(&call.name, &reason))
}

/// What is said of a call that fails, with the reason.
pub(super) fn about(name: &str, reason: &Words<String>) -> Words<String> {
    Words {
        en: format!("runtime error in {name} call: {}", reason.en),
        zh: format!("{name} 调用运行时错误：{}", reason.zh),
    }
}

/// The first word in an argument that is no symbol, or the first number that is longer than one of C.
fn not_evaluated(argument: &Argument) -> Option<Words<String>> {
    match argument {
        Argument::Symbol(word) if constants::value(word).is_none() && errno::number(word).is_none() => {
            Some(Words { en: format!("the symbol {word} is not known"), zh: format!("不认识符号 {word}") })
        }
        Argument::Number(number) if !(i64::from(i32::MIN)..=i64::from(u32::MAX)).contains(&number.value) => {
            Some(Words {
                en: format!("{} has more than 32 bits", number.value),
                zh: format!("超出 32 位整数的范围：{}", number.value),
            })
        }
        Argument::Flags(all) | Argument::List(all) | Argument::Group(all) | Argument::Function(_, all) => {
            all.iter().find_map(not_evaluated)
        }
        Argument::Record(fields) => fields.iter().find_map(|field| not_evaluated(&field.value)),
        Argument::Ellipsis | Argument::Number(_) | Argument::Symbol(_) | Argument::Text(_) => None,
    }
}

fn wrong_count(call: &Call, least: usize, most: usize) -> Option<Words<String>> {
    let count = call.arguments.len();
    (!(least..=most).contains(&count)).then(|| {
        if least == most {
            Words {
                en: format!("the number of arguments is {count}, it should be {most}"),
                zh: format!("应有 {most} 个参数，实有 {count} 个"),
            }
        } else {
            Words {
                en: format!("the number of arguments is {count}, it should be {least} to {most}"),
                zh: format!("应有 {least} 至 {most} 个参数，实有 {count} 个"),
            }
        }
    })
}

fn wrong_kind(call: &Call) -> Option<Words<String>> {
    let at = |index: usize| call.arguments.get(index);
    match call.name.as_str() {
        name if WITH_BUFFER.contains(&name) => at(1).filter(|buffer| !is_buffer(buffer)).map(|_| NO_BUFFER.owned()),
        "setsockopt" => not_one(at(3)?),
        "getsockopt" => not_one(at(3)?).or_else(|| not_one(at(4)?)),
        "ioctl" => not_one(at(2)?),
        "poll" => miscounted("nfds", at(1)?, at(0)?, "pollfd"),
        "readv" | "writev" => miscounted("iov_count", at(2)?, at(1)?, "iovec"),
        "sendmsg" => wrong_vector(at(1)?).or_else(|| wrong_flags(at(1)?)),
        "recvmsg" => wrong_vector(at(1)?),
        _ => None,
    }
}

/// `...`, NULL however it is written, or text.
fn is_buffer(argument: &Argument) -> bool {
    matches!(argument, Argument::Ellipsis | Argument::Text(_)) || integer(argument) == Some(0)
}

const NO_BUFFER: Words = Words::new("a buffer is written ... or NULL", "缓冲区应写作 ... 或 NULL");

/// A list that has not exactly one element.
fn not_one(argument: &Argument) -> Option<Words<String>> {
    let Argument::List(items) = argument else { return None };
    (items.len() != 1).then(|| Words {
        en: format!("the list should have one element, and has {}", items.len()),
        zh: format!("列表应只有一个元素，实有 {} 个", items.len()),
    })
}

/// A number of entries beside a list that has another.
fn miscounted(what: &str, count: &Argument, list: &Argument, of: &str) -> Option<Words<String>> {
    let (Some(count), Argument::List(items)) = (integer(count), list) else { return None };
    let length = items.len();
    (i64::try_from(length) != Ok(count)).then(|| Words {
        en: format!("{what} is {count}, and the list of {of} has {length}"),
        zh: format!("{what} 为 {count}，与 {length} 个元素的 {of} 数组不符"),
    })
}

/// `msg_iov(N)=[...]` with another number of buffers than N.
fn wrong_vector(message: &Argument) -> Option<Words<String>> {
    let Argument::Record(fields) = message else { return None };
    let (field, count) = fields.iter().find_map(|field| Some((field, field.name.strip_prefix("msg_iov(")?)))?;
    let Argument::List(items) = &field.value else { return None };
    let (count, length) = (count.trim_end_matches(')'), items.len());
    (count.parse() != Ok(length)).then(|| Words {
        en: format!("msg_iov({count}) has a list of {length}"),
        zh: format!("msg_iov({count}) 的列表有 {length} 个元素"),
    })
}

fn wrong_flags(message: &Argument) -> Option<Words<String>> {
    let Argument::Record(fields) = message else { return None };
    let flags = fields.iter().find(|field| field.name == "msg_flags").and_then(|field| integer(&field.value));
    (flags.unwrap_or(0) != 0).then(|| {
        Words::new("a message that is sent has msg_flags=0 or none", "发送的消息 msg_flags 只能为 0 或不写").owned()
    })
}
