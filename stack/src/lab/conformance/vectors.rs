//! Calls that 1.2.13 does not have for sockets, as a C library of its time made them of those it has: poll is a select on
//! sets, readv and writev read and write one buffer that is gathered or scattered, and so do sendmsg and recvmsg with send
//! and recvfrom. What comes back is told in the terms of the call that the script makes.

use super::arguments::{Reader, integer, members, record_address};
use super::failure::Failure;
use crate::kernel::Completion;
use crate::kernel::call::{CallName, UserArg, UserCall};
use crate::lab::script::ast::{Argument, Call, CallOutcome, Field, Number};
use crate::lab::script::constants::value as constant;

/// What a set of select says in terms of poll.
const KINDS: [[&str; 2]; 3] = [["POLLIN", "POLLRDNORM"], ["POLLOUT", "POLLWRNORM"], ["POLLPRI", "POLLRDBAND"]];
/// Descriptors a set has room for.
const DESCRIPTORS: i32 = 256;

/// The call of 1.2.13 that a library would make; None for any other name.
pub(super) fn library_call(reader: &Reader<'_>) -> Option<Result<UserCall, Failure>> {
    let most = |most: usize| if reader.call.arguments.len() > most { Err(reader.fail(most)) } else { Ok(()) };
    let made = match reader.call.name.as_str() {
        "poll" => most(3).and_then(|()| poll(reader)),
        "readv" => most(3).and_then(|()| {
            let room = room(reader, vector(reader, 1)?)?;
            Ok((CallName::Read, vec![reader.int(0)?, UserArg::Out(room), UserArg::Int(room as i32)]))
        }),
        "writev" => most(3).and_then(|()| {
            let bytes = gathered(reader, vector(reader, 1)?)?;
            let length = UserArg::Int(bytes.len() as i32);
            Ok((CallName::Write, vec![reader.int(0)?, UserArg::In(bytes), length]))
        }),
        "sendmsg" => most(3).and_then(|()| sendmsg(reader)),
        "recvmsg" => most(3).and_then(|()| recvmsg(reader)),
        _ => return None,
    };
    Some(made.map(|(name, args)| UserCall::new(name, args)))
}

type Made = (CallName, Vec<UserArg>);

/// The buffers in an argument: `[{..., 100}, {"text", 4}]`.
fn vector<'a>(reader: &Reader<'a>, index: usize) -> Result<&'a [Argument], Failure> {
    match reader.call.arguments.get(index) {
        Some(Argument::List(buffers)) => Ok(buffers),
        _ => Err(reader.fail(index)),
    }
}

/// A field of a message, whatever length stands behind its name in parentheses.
fn field<'a>(reader: &Reader<'a>, name: &str) -> Result<Option<&'a Argument>, Failure> {
    let Some(Argument::Record(fields)) = reader.call.arguments.get(1) else { return Err(reader.fail(1)) };
    let is = |field: &&Field| field.name.split('(').next() == Some(name);
    Ok(fields.iter().find(is).map(|field| &field.value))
}

fn message_vector<'a>(reader: &Reader<'a>) -> Result<&'a [Argument], Failure> {
    match field(reader, "msg_iov")? {
        Some(Argument::List(buffers)) => Ok(buffers),
        None => Ok(&[]),
        Some(_) => Err(reader.fail(1)),
    }
}

/// One buffer: what is in it, if anything is said, and its length.
fn buffer<'a>(reader: &Reader<'_>, one: &'a Argument) -> Result<(Option<&'a str>, i64), Failure> {
    let Argument::Group(parts) = one else { return Err(reader.fail(1)) };
    match parts.as_slice() {
        [Argument::Text(text), length] => integer(length).map(|length| (Some(text.as_str()), length)),
        [_, length] => integer(length).map(|length| (None, length)),
        _ => None,
    }
    .ok_or_else(|| reader.fail(1))
}

/// Room for all buffers together.
fn room(reader: &Reader<'_>, vector: &[Argument]) -> Result<u32, Failure> {
    let mut room = 0_usize;
    for one in vector {
        room = room.saturating_add(reader.size(1, buffer(reader, one)?.1)?);
    }
    reader.size(1, i64::try_from(room).unwrap_or(i64::MAX)).map(|size| size as u32)
}

/// What is in all buffers together; zeros where nothing is said.
fn gathered(reader: &Reader<'_>, vector: &[Argument]) -> Result<Vec<u8>, Failure> {
    room(reader, vector)?;
    let mut bytes = Vec::new();
    for one in vector {
        let (text, length) = buffer(reader, one)?;
        let end = bytes.len() + reader.size(1, length)?;
        bytes.extend(text.unwrap_or("").bytes());
        bytes.resize(end, 0);
    }
    Ok(bytes)
}

/// send, or sendto where the message names somebody.
fn sendmsg(reader: &Reader<'_>) -> Result<Made, Failure> {
    let bytes = gathered(reader, message_vector(reader)?)?;
    let length = UserArg::Int(bytes.len() as i32);
    let mut args = vec![reader.int(0)?, UserArg::In(bytes), length, reader.int(2)?];
    let Some(Argument::Record(name)) = field(reader, "msg_name")? else { return Ok((CallName::Send, args)) };
    let address = record_address(name).ok_or_else(|| reader.fail(1))?;
    let length = UserArg::Int(address.len() as i32);
    args.extend([UserArg::In(address), length]);
    Ok((CallName::Sendto, args))
}

fn recvmsg(reader: &Reader<'_>) -> Result<Made, Failure> {
    let room = room(reader, message_vector(reader)?)?;
    let address = [UserArg::Out(16), UserArg::InOut(16_u32.to_le_bytes().to_vec())];
    let mut args = vec![reader.int(0)?, UserArg::Out(room), UserArg::Int(room as i32), reader.int(2)?];
    args.extend(address);
    Ok((CallName::Recvfrom, args))
}

/// The descriptor and the events of one entry of a poll.
fn polled(entry: &Argument) -> Option<(i64, i64)> {
    let Argument::Record(fields) = entry else { return None };
    let of = |name: &str| integer(&fields.iter().find(|field| field.name == name)?.value);
    Some((of("fd")?, of("events")?))
}

/// Whether events of poll are among those of a kind.
fn of_kind(events: i64, kind: [&str; 2]) -> i64 {
    kind.into_iter().filter_map(constant).fold(0, |all, one| all | one) & events
}

fn poll(reader: &Reader<'_>) -> Result<Made, Failure> {
    let mut sets = [[0_u8; 32]; 3];
    for entry in vector(reader, 0)? {
        let (descriptor, events) = polled(entry).ok_or_else(|| reader.fail(0))?;
        // A negative number is passed over.
        let Ok(descriptor) = usize::try_from(descriptor) else { continue };
        for (set, kind) in sets.iter_mut().zip(KINDS) {
            let byte = set.get_mut(descriptor / 8).ok_or_else(|| reader.fail(0))?;
            if of_kind(events, kind) != 0 {
                *byte |= 1 << (descriptor % 8);
            }
        }
    }
    let timeout = reader.number(2)? as i32;
    let mut args = vec![UserArg::Int(DESCRIPTORS)];
    args.extend(sets.map(|set| UserArg::InOut(set.to_vec())));
    args.push(if timeout < 0 {
        UserArg::Null
    } else {
        UserArg::InOut([(timeout / 1000).to_le_bytes(), (timeout % 1000 * 1000).to_le_bytes()].concat())
    });
    Ok((CallName::Select, args))
}

/// Puts what really came back into a poll.
pub(super) fn actual_poll(actual: &mut Call, completion: &Completion) {
    let ready: Vec<Vec<i64>> =
        completion.out.iter().take(KINDS.len()).map(|set| members(set).iter().filter_map(integer).collect()).collect();
    let Some(Argument::List(entries)) = actual.arguments.first_mut() else { return };
    let mut count = 0;
    for entry in entries {
        let Some((descriptor, events)) = polled(entry) else { continue };
        let kinds = KINDS.into_iter().zip(&ready).filter(|(_, ready)| ready.contains(&descriptor));
        let happened = kinds.fold(0, |all, (kind, _)| all | of_kind(events, kind));
        count += i64::from(happened != 0);
        if let Argument::Record(fields) = entry
            && let Some(field) = fields.iter_mut().find(|field| field.name == "revents")
        {
            field.value = flags(happened);
        }
    }
    actual.outcome = Some(CallOutcome::Value { value: Number::decimal(count), error: None, note: None, written: None });
}

/// Events of poll by their names.
fn flags(events: i64) -> Argument {
    let names = KINDS.into_iter().flatten().filter(|name| constant(name).is_some_and(|bit| events & bit != 0));
    let mut names: Vec<Argument> = names.map(|name| Argument::Symbol(name.to_owned())).collect();
    match names.len() {
        0 => Argument::Number(Number::decimal(0)),
        1 => names.remove(0),
        _ => Argument::Flags(names),
    }
}
