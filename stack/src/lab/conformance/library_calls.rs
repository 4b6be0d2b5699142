//! Calls that 1.2.13 does not have for sockets, as a script writes them: poll, readv, writev, sendmsg, recvmsg. What a C library
//! of its time made of them stands in [`crate::lab::library`]; here the arguments are read, and what came back is told in the
//! terms of the call that the script makes.

use super::arguments::{ADDRESS, AF_INET, Reader, integer, record_address, socket_address};
use super::failure::Failure;
use crate::kernel::Completion;
use crate::kernel::call::UserCall;
use crate::lab::library::{self, PollEntry};
use crate::lab::script::ast::{Argument, Call, CallOutcome, Field, Number};
use crate::lab::script::constants::value as constant;

/// The events of poll that a select can tell, by their names.
const EVENTS: [&str; 7] = ["POLLIN", "POLLRDNORM", "POLLOUT", "POLLWRNORM", "POLLPRI", "POLLRDBAND", "POLLNVAL"];

/// The call of 1.2.13 that a library would make; None for any other name.
pub(super) fn library_call(reader: &Reader<'_>) -> Option<Result<UserCall, Failure>> {
    let made = match reader.call.name.as_str() {
        "poll" => poll(reader),
        "readv" => readv(reader),
        "writev" => writev(reader),
        "sendmsg" => sendmsg(reader),
        "recvmsg" => recvmsg(reader),
        _ => return None,
    };
    Some(if reader.call.arguments.len() > 3 { Err(reader.fail(3)) } else { made })
}

fn poll(reader: &Reader<'_>) -> Result<UserCall, Failure> {
    let entries = vector(reader, 0)?.iter().map(poll_entry);
    let mut entries = entries.collect::<Option<Vec<PollEntry>>>().ok_or_else(|| reader.fail(0))?;
    let call = library::poll(&mut entries, reader.number(2)? as i32);
    // No set has room for such a number, and a script has no other way to learn it.
    if entries.iter().any(|entry| entry.revents != 0) { Err(reader.fail(0)) } else { Ok(call) }
}

fn readv(reader: &Reader<'_>) -> Result<UserCall, Failure> {
    Ok(library::readv(reader.number(0)? as i32, &rooms(reader, vector(reader, 1)?)?))
}

fn writev(reader: &Reader<'_>) -> Result<UserCall, Failure> {
    let parts = parts(reader, vector(reader, 1)?)?;
    Ok(library::writev(reader.number(0)? as i32, &slices(&parts)))
}

/// send, or sendto where the message names somebody.
fn sendmsg(reader: &Reader<'_>) -> Result<UserCall, Failure> {
    let parts = parts(reader, message_vector(reader)?)?;
    let to = match field(reader, "msg_name")? {
        Some(Argument::Record(name)) => Some(record_address(name).ok_or_else(|| reader.fail(1))?),
        // Whom `connect(..., ...)` means, whoever the socket is connected to.
        Some(Argument::Ellipsis) => Some(socket_address(AF_INET, reader.host.connect_port, reader.host.remote)),
        _ => None,
    };
    let (descriptor, flags) = (reader.number(0)? as i32, reader.number(2)? as i32);
    Ok(library::sendmsg(descriptor, &slices(&parts), flags, to.as_deref()))
}

fn recvmsg(reader: &Reader<'_>) -> Result<UserCall, Failure> {
    let rooms = rooms(reader, message_vector(reader)?)?;
    let (descriptor, flags) = (reader.number(0)? as i32, reader.number(2)? as i32);
    Ok(library::recvmsg(descriptor, &rooms, flags, Some(ADDRESS as u32)))
}

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
    let found = fields.iter().find(|field| field.name.split('(').next() == Some(name));
    Ok(found.map(|field| &field.value))
}

fn message_vector<'a>(reader: &Reader<'a>) -> Result<&'a [Argument], Failure> {
    match field(reader, "msg_iov")? {
        Some(Argument::List(buffers)) => Ok(buffers),
        None => Ok(&[]),
        Some(_) => Err(reader.fail(1)),
    }
}

/// One buffer: what is in it, if anything is said, and its length; `{..., 100}`, or `{iov_base=..., iov_len=100}` as in
/// nplab's packetdrill.
fn buffer<'a>(reader: &Reader<'_>, one: &'a Argument) -> Result<(&'a str, usize), Failure> {
    let (content, length) = match one {
        Argument::Group(parts) => match parts.as_slice() {
            [content, length] => (Some(content), integer(length)),
            _ => (None, None),
        },
        Argument::Record(fields) => {
            let of = |name: &str| fields.iter().find(|field| field.name == name).map(|field| &field.value);
            (of("iov_base"), of("iov_len").and_then(integer))
        }
        _ => (None, None),
    };
    let text = if let Some(Argument::Text(text)) = content { text.as_str() } else { "" };
    Ok((text, reader.size(1, length.ok_or_else(|| reader.fail(1))?)?))
}

/// Room of each buffer, in octets.
fn rooms(reader: &Reader<'_>, vector: &[Argument]) -> Result<Vec<usize>, Failure> {
    vector.iter().map(|one| buffer(reader, one).map(|(_, length)| length)).collect()
}

/// What is in each buffer; zeros where nothing is said.
fn parts(reader: &Reader<'_>, vector: &[Argument]) -> Result<Vec<Vec<u8>>, Failure> {
    let filled = |one| {
        let (text, length) = buffer(reader, one)?;
        let mut octets = text.as_bytes().to_vec();
        octets.resize(length, 0);
        Ok(octets)
    };
    vector.iter().map(filled).collect()
}

fn slices(parts: &[Vec<u8>]) -> Vec<&[u8]> {
    parts.iter().map(Vec::as_slice).collect()
}

/// One entry of a poll.
fn poll_entry(entry: &Argument) -> Option<PollEntry> {
    let Argument::Record(fields) = entry else { return None };
    let of = |name: &str| integer(&fields.iter().find(|field| field.name == name)?.value);
    let (fd, events) = (of("fd")?, of("events")?);
    Some(PollEntry { fd: i32::try_from(fd).ok()?, is_open: true, events: i16::try_from(events).ok()?, revents: 0 })
}

/// Puts what really came back into a poll.
pub(super) fn actual_poll(actual: &mut Call, completion: &Completion) {
    let Some(Argument::List(entries)) = actual.arguments.first_mut() else { return };
    let mut list: Vec<PollEntry> = entries.iter().filter_map(poll_entry).collect();
    let count = library::polled(&mut list, completion);
    for (entry, happened) in entries.iter_mut().zip(&list) {
        let Argument::Record(fields) = entry else { continue };
        match fields.iter_mut().find(|field| field.name == "revents") {
            Some(field) => field.value = flags(happened.revents),
            // Where nothing is written, nothing is expected.
            None if happened.revents == 0 => {}
            None => fields.push(Field { name: "revents".to_owned(), value: flags(happened.revents) }),
        }
    }
    let value = Number::decimal(count.into());
    actual.outcome = Some(CallOutcome::Value { value, error: None, note: None, written: None });
}

/// Puts what came back into the message of a recvmsg: 1.2.13 knows no flags of a message and no control data.
pub(super) fn actual_message(actual: &mut Call) {
    let Some(Argument::Record(fields)) = actual.arguments.get_mut(1) else { return };
    for field in fields {
        match field.name.as_str() {
            "msg_flags" => field.value = Argument::Number(Number::decimal(0)),
            "msg_control" => field.value = Argument::List(Vec::new()),
            _ => {}
        }
    }
}

/// Events of poll by their names.
fn flags(events: i16) -> Argument {
    let set = |name: &&str| constant(name).is_some_and(|bit| i64::from(events) & bit != 0);
    let mut names: Vec<Argument> =
        EVENTS.into_iter().filter(set).map(|name| Argument::Symbol(name.to_owned())).collect();
    match names.len() {
        0 => Argument::Number(Number::decimal(0)),
        1 => names.remove(0),
        _ => Argument::Flags(names),
    }
}
