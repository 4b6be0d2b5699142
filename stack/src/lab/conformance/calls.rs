//! From a call line to the arguments C would pass, and from what came back to the line that says so.

use core::net::Ipv4Addr;

use super::arguments::{ADDRESS, AF_INET, Reader, integer, members, record_address, socket_address};
use super::failure::Failure;
use super::host::ScriptHost;
use super::library_calls::{actual_message, actual_poll, library_call};
use crate::kernel::Completion;
use crate::kernel::call::{CallName, UserArg, UserCall};
use crate::lab::script::Position;
use crate::lab::script::ast::{Argument, Call, CallOutcome, Field, Number};
use crate::lab::script::{constants, errno};

/// Bytes of a descriptor set.
const SET: usize = 32;

/// Which address `...` stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Usual {
    Bind,
    Connect,
}

/// The call as C passes it.
///
/// # Errors
/// An unknown call or constant, or an argument that does not fit its place.
pub fn user_call(host: &ScriptHost, call: &Call, position: Position) -> Result<UserCall, Failure> {
    let reader = Reader { host, call, position };
    let Some(name) = CallName::from_name(&call.name) else {
        return library_call(&reader).unwrap_or_else(|| Err(Failure::call(position, &call.name)));
    };
    let count = call.arguments.len();
    let most = match name {
        CallName::Sendto | CallName::Recvfrom => 6,
        CallName::Setsockopt | CallName::Getsockopt | CallName::Select => 5,
        CallName::Send | CallName::Recv | CallName::Socketpair => 4,
        CallName::Listen | CallName::Shutdown | CallName::Dup2 => 2,
        CallName::Close | CallName::Dup | CallName::Setuid => 1,
        _ => 3,
    };
    if count > most {
        return Err(reader.fail(most));
    }
    let args = reader.arguments(name)?;
    Ok(UserCall::new(name, args))
}

impl Reader<'_> {
    fn arguments(&self, name: CallName) -> Result<Vec<UserArg>, Failure> {
        Ok(match name {
            CallName::Socket => vec![self.family()?, self.int(1)?, self.int(2)?],
            CallName::Bind => vec![self.int(0)?, self.address(1, Usual::Bind)?, self.address_length(2)?],
            CallName::Connect => vec![self.int(0)?, self.address(1, Usual::Connect)?, self.address_length(2)?],
            CallName::Accept | CallName::Getsockname | CallName::Getpeername => {
                vec![self.int(0)?, self.address_out(1), self.length_out(2)]
            }
            CallName::Listen | CallName::Shutdown | CallName::Dup2 => vec![self.int(0)?, self.int(1)?],
            CallName::Close | CallName::Dup | CallName::Setuid => vec![self.int(0)?],
            CallName::Read => vec![self.int(0)?, self.buffer_out(2)?, self.int(2)?],
            CallName::Write => vec![self.int(0)?, self.buffer_in(2)?, self.int(2)?],
            CallName::Recv => vec![self.int(0)?, self.buffer_out(2)?, self.int(2)?, self.int(3)?],
            CallName::Send => vec![self.int(0)?, self.buffer_in(2)?, self.int(2)?, self.int(3)?],
            CallName::Recvfrom => vec![
                self.int(0)?,
                self.buffer_out(2)?,
                self.int(2)?,
                self.int(3)?,
                self.address_out(4),
                self.length_out(5),
            ],
            CallName::Sendto => vec![
                self.int(0)?,
                self.buffer_in(2)?,
                self.int(2)?,
                self.int(3)?,
                self.address(4, Usual::Connect)?,
                self.address_length(5)?,
            ],
            CallName::Setsockopt => vec![self.int(0)?, self.int(1)?, self.int(2)?, self.option_in()?, self.int(4)?],
            CallName::Getsockopt => {
                let size = self.option_size()?;
                let length = u32::try_from(size).unwrap_or(4).to_le_bytes().to_vec();
                vec![
                    self.int(0)?,
                    self.int(1)?,
                    self.int(2)?,
                    self.unless_null(3, UserArg::Out(u32::try_from(size).unwrap_or(4))),
                    self.unless_null(4, UserArg::InOut(length)),
                ]
            }
            CallName::Fcntl => vec![self.int(0)?, self.int(1)?, self.int(2)?],
            CallName::Ioctl => vec![self.int(0)?, self.int(1)?, self.word_in_out()?],
            CallName::Select => self.select()?,
            CallName::Socketpair => vec![self.family()?, self.int(1)?, self.int(2)?, UserArg::Out(8)],
            CallName::Fork | CallName::Exit => return Err(Failure::call(self.position, &self.call.name)),
        })
    }

    fn family(&self) -> Result<UserArg, Failure> {
        match self.argument(0) {
            Some(Argument::Ellipsis) => Ok(UserArg::Int(i32::from(AF_INET))),
            _ => self.int(0),
        }
    }

    fn unless_null(&self, index: usize, argument: UserArg) -> UserArg {
        if self.is_null(index) { UserArg::Null } else { argument }
    }

    fn address(&self, index: usize, usual: Usual) -> Result<UserArg, Failure> {
        let (address, port) = match usual {
            Usual::Bind => (self.host.local, self.host.bind_port),
            Usual::Connect => (self.host.remote, self.host.connect_port),
        };
        match self.argument(index) {
            _ if self.is_null(index) => Ok(UserArg::Null),
            Some(Argument::Ellipsis) => Ok(UserArg::In(socket_address(AF_INET, port, address))),
            Some(Argument::Record(fields)) => record_address(fields).map(UserArg::In).ok_or_else(|| self.fail(index)),
            // A family alone, such as AF_UNSPEC: the rest of the address is zero.
            Some(family) if usual == Usual::Connect => {
                let family = integer(family).and_then(|family| u16::try_from(family).ok());
                let address = family.map(|family| socket_address(family, 0, Ipv4Addr::UNSPECIFIED));
                address.map(UserArg::In).ok_or_else(|| self.fail(index))
            }
            _ => Err(self.fail(index)),
        }
    }

    fn address_length(&self, index: usize) -> Result<UserArg, Failure> {
        match self.argument(index) {
            Some(Argument::Ellipsis) => Ok(UserArg::Int(ADDRESS as i32)),
            _ => self.int(index),
        }
    }

    fn address_out(&self, index: usize) -> UserArg {
        self.unless_null(index, UserArg::Out(ADDRESS as u32))
    }

    /// A length word that is written back; what a script shows in its place is what came back, so 16 goes in.
    fn length_out(&self, index: usize) -> UserArg {
        self.unless_null(index, UserArg::InOut((ADDRESS as u32).to_le_bytes().to_vec()))
    }

    fn buffer_size(&self, index: usize) -> Result<usize, Failure> {
        self.size(index, self.number(index)?)
    }

    fn buffer_out(&self, index: usize) -> Result<UserArg, Failure> {
        if self.is_zero(1) {
            return Ok(UserArg::Null);
        }
        Ok(UserArg::Out(self.buffer_size(index)? as u32))
    }

    fn buffer_in(&self, index: usize) -> Result<UserArg, Failure> {
        if self.is_zero(1) {
            return Ok(UserArg::Null);
        }
        let mut bytes = match self.argument(1) {
            Some(Argument::Text(text)) => text.clone().into_bytes(),
            _ => Vec::new(),
        };
        bytes.resize(self.buffer_size(index)?, 0);
        Ok(UserArg::In(bytes))
    }

    fn option_size(&self) -> Result<usize, Failure> {
        let linger = self.number(1)? == 1 && self.number(2)? == constants::value("SO_LINGER").unwrap_or(13);
        Ok(if linger { 8 } else { 4 })
    }

    fn option_in(&self) -> Result<UserArg, Failure> {
        let words: Vec<i64> = match self.argument(3) {
            _ if self.is_null(3) => return Ok(UserArg::Null),
            Some(Argument::List(items)) => {
                items.iter().map(integer).collect::<Option<_>>().ok_or_else(|| self.fail(3))?
            }
            Some(Argument::Record(fields)) => linger(fields).ok_or_else(|| self.fail(3))?,
            Some(Argument::Ellipsis) => vec![0],
            Some(Argument::Text(text)) => return Ok(UserArg::In(text.as_bytes().to_vec())),
            _ => return Err(self.fail(3)),
        };
        Ok(UserArg::In(words.iter().flat_map(|word| (*word as u32).to_le_bytes()).collect()))
    }

    /// The word an ioctl writes; only the commands that set something read it.
    fn word_in_out(&self) -> Result<UserArg, Failure> {
        let command = self.number(1)?;
        let reads = ["FIOSETOWN", "SIOCSPGRP", "FIONBIO", "FIOASYNC"]
            .iter()
            .any(|name| constants::value(name) == Some(command));
        let word = match self.argument(2) {
            _ if self.is_null(2) => return Ok(UserArg::Null),
            Some(Argument::List(items)) if reads => items.first().and_then(integer).ok_or_else(|| self.fail(2))?,
            _ => 0,
        };
        Ok(UserArg::InOut((word as u32).to_le_bytes().to_vec()))
    }

    fn select(&self) -> Result<Vec<UserArg>, Failure> {
        let mut args = vec![self.int(0)?];
        for index in 1..4 {
            args.push(match self.argument(index) {
                _ if self.is_null(index) => UserArg::Null,
                Some(Argument::Group(members)) => UserArg::InOut(set_of(members).ok_or_else(|| self.fail(index))?),
                _ => return Err(self.fail(index)),
            });
        }
        args.push(match self.argument(4) {
            _ if self.is_null(4) => UserArg::Null,
            Some(Argument::List(items)) => {
                let milliseconds = items.first().and_then(integer).ok_or_else(|| self.fail(4))?;
                let seconds = milliseconds.div_euclid(1000) as i32;
                let microseconds = (milliseconds.rem_euclid(1000) * 1000) as i32;
                let mut timeval = seconds.to_le_bytes().to_vec();
                timeval.extend(microseconds.to_le_bytes());
                UserArg::InOut(timeval)
            }
            _ => return Err(self.fail(4)),
        });
        Ok(args)
    }
}

/// The two words of `{onoff=1, linger=5}`, however they are ordered.
fn linger(fields: &[Field]) -> Option<Vec<i64>> {
    let of = |name: &str| integer(&fields.iter().find(|field| field.name == name)?.value);
    ["onoff", "linger"].map(of).into_iter().collect()
}

fn set_of(members: &[Argument]) -> Option<Vec<u8>> {
    let mut set = vec![0; SET];
    for member in members {
        let descriptor = usize::try_from(integer(member)?).ok()?;
        *set.get_mut(descriptor / 8)? |= 1 << (descriptor % 8);
    }
    Some(set)
}

/// The call with what really came back: result, and the values in output positions that the script shows.
#[must_use]
pub fn actual_call(call: &Call, completion: &Completion) -> Call {
    let mut actual = call.clone();
    let failed = (-4095..0).contains(&completion.ret);
    actual.outcome = Some(outcome(call, completion, failed));
    let out = |index: usize| completion.out.get(index).map_or(&[][..], Vec::as_slice);
    match completion.name {
        CallName::Select if call.name == "poll" && !failed => actual_poll(&mut actual, completion),
        CallName::Recvfrom if call.name == "recvmsg" && !failed => actual_message(&mut actual),
        // A call that was made of this one has its buffers elsewhere.
        name if CallName::from_name(&call.name) != Some(name) => {}
        CallName::Accept | CallName::Getsockname | CallName::Getpeername if !failed => {
            show_address(&mut actual, 1, out(0), out(1));
        }
        CallName::Recvfrom if !failed => show_address(&mut actual, 4, out(1), out(2)),
        CallName::Getsockopt if !failed => {
            show_option(&mut actual, out(0));
            show_word(&mut actual, 4, out(1));
        }
        CallName::Ioctl => show_word(&mut actual, 2, out(0)),
        _ => {}
    }
    actual
}

fn outcome(call: &Call, completion: &Completion, failed: bool) -> CallOutcome {
    if failed {
        let (name, sentence) = errno::describe(-completion.ret);
        return CallOutcome::Value {
            value: Number::decimal(-1),
            error: Some(name),
            note: Some(sentence),
            written: None,
        };
    }
    let flags =
        completion.name == CallName::Fcntl && call.arguments.get(1).and_then(integer) == constants::value("F_GETFL");
    let value = Number { value: i64::from(completion.ret), hexadecimal: flags };
    let written =
        (completion.name == CallName::Select && call.name == "select").then(|| written_sets(call, completion));
    CallOutcome::Value { value, error: None, note: None, written }
}

/// The three sets and the time left, as select wrote them back.
fn written_sets(call: &Call, completion: &Completion) -> Vec<Argument> {
    let mut buffers = completion.out.iter();
    (1..5)
        .map(|index| match call.arguments.get(index) {
            Some(Argument::Group(_)) => Argument::Group(buffers.next().map(|set| members(set)).unwrap_or_default()),
            Some(Argument::List(_)) => Argument::List(vec![milliseconds(buffers.next().map_or(&[], Vec::as_slice))]),
            _ => Argument::Symbol("NULL".to_owned()),
        })
        .collect()
}

fn milliseconds(timeval: &[u8]) -> Argument {
    let (seconds, microseconds) = (word(timeval, 0), word(timeval, 4));
    Argument::Number(Number::decimal(i64::from(seconds) * 1000 + i64::from(microseconds) / 1000))
}

fn word(bytes: &[u8], at: usize) -> i32 {
    bytes.get(at..at + 4).and_then(|word| word.try_into().ok()).map_or(0, i32::from_le_bytes)
}

/// Puts an address and its length where the script shows them; `...` stays.
fn show_address(call: &mut Call, index: usize, address: &[u8], length: &[u8]) {
    if let Some(place @ (Argument::Record(_) | Argument::Group(_))) = call.arguments.get_mut(index) {
        *place = address_argument(address);
    }
    show_word(call, index + 1, length);
}

fn show_word(call: &mut Call, index: usize, bytes: &[u8]) {
    if let Some(Argument::List(items)) = call.arguments.get_mut(index)
        && bytes.len() >= 4
    {
        *items = vec![Argument::Number(Number::decimal(i64::from(word(bytes, 0))))];
    }
}

fn show_option(call: &mut Call, bytes: &[u8]) {
    match call.arguments.get_mut(3) {
        Some(Argument::Record(fields)) => {
            for (index, field) in fields.iter_mut().enumerate() {
                field.value = Argument::Number(Number::decimal(i64::from(word(bytes, index * 4))));
            }
        }
        _ => show_word(call, 3, bytes),
    }
}

fn address_argument(bytes: &[u8]) -> Argument {
    let family = bytes.get(..2).and_then(|word| word.try_into().ok()).map_or(0, u16::from_le_bytes);
    let port = bytes.get(2..4).and_then(|word| word.try_into().ok()).map_or(0, u16::from_be_bytes);
    let address: [u8; 4] = bytes.get(4..8).and_then(|word| word.try_into().ok()).unwrap_or_default();
    let family = match family {
        AF_INET => Argument::Symbol("AF_INET".to_owned()),
        other => Argument::Number(Number::decimal(i64::from(other))),
    };
    let number = |value: u16| Argument::Number(Number::decimal(i64::from(value)));
    let field = |name: &str, value: Argument| Field { name: name.to_owned(), value };
    Argument::Record(vec![
        field("sa_family", family),
        field("sin_port", Argument::Function("htons".to_owned(), vec![number(port)])),
        field(
            "sin_addr",
            Argument::Function("inet_addr".to_owned(), vec![Argument::Text(Ipv4Addr::from(address).to_string())]),
        ),
    ])
}
