//! An argument of a call line by itself: the number, the address, the size of a buffer that stands in it.

use core::net::Ipv4Addr;

use super::failure::Failure;
use super::host::ScriptHost;
use crate::kernel::call::UserArg;
use crate::lab::script::Position;
use crate::lab::script::ast::{Argument, Call, Field, Number};
use crate::lab::script::{constants, errno};

/// Bytes of a socket address.
pub(super) const ADDRESS: usize = 16;
/// The longest buffer a script may read or write at once.
const LONGEST_BUFFER: i64 = 1 << 22;
/// The family of internet addresses.
pub(super) const AF_INET: u16 = 2;

/// A call line that is being read.
pub(super) struct Reader<'a> {
    pub(super) host: &'a ScriptHost,
    pub(super) call: &'a Call,
    pub(super) position: Position,
}

impl Reader<'_> {
    /// The argument at that place does not fit.
    pub(super) fn fail(&self, index: usize) -> Failure {
        let text = self.call.arguments.get(index).map(ToString::to_string).unwrap_or_default();
        Failure::argument(self.position, &self.call.name, &text)
    }

    pub(super) fn argument(&self, index: usize) -> Option<&Argument> {
        self.call.arguments.get(index)
    }

    /// An integer argument; 0 where a script leaves the last ones out.
    pub(super) fn number(&self, index: usize) -> Result<i64, Failure> {
        match self.argument(index) {
            None => Ok(0),
            Some(argument) => integer(argument).ok_or_else(|| self.fail(index)),
        }
    }

    /// An argument as C passes it: the low 32 bits.
    pub(super) fn int(&self, index: usize) -> Result<UserArg, Failure> {
        Ok(UserArg::Int(self.number(index)? as i32))
    }

    pub(super) fn is_null(&self, index: usize) -> bool {
        matches!(self.argument(index), Some(Argument::Symbol(word)) if word == "NULL")
    }

    /// NULL, however it is written.
    pub(super) fn is_zero(&self, index: usize) -> bool {
        self.argument(index).and_then(integer) == Some(0)
    }

    /// The size of a buffer that stands in an argument.
    pub(super) fn size(&self, index: usize, size: i64) -> Result<usize, Failure> {
        if size > LONGEST_BUFFER {
            return Err(self.fail(index));
        }
        Ok(size.max(0) as usize)
    }
}

/// The value of an argument that is a number, a constant, the name of an error, or constants joined by `|`.
pub(super) fn integer(argument: &Argument) -> Option<i64> {
    match argument {
        Argument::Number(number) => Some(number.value),
        Argument::Symbol(word) => constants::value(word).or_else(|| errno::number(word).map(i64::from)),
        Argument::Flags(flags) => flags.iter().map(integer).try_fold(0, |all, flag| Some(all | flag?)),
        Argument::Function(name, arguments) if name == "htons" => arguments.first().and_then(integer),
        _ => None,
    }
}

/// The bytes of a socket address with these parts.
pub(super) fn socket_address(family: u16, port: u16, address: Ipv4Addr) -> Vec<u8> {
    let mut bytes = family.to_le_bytes().to_vec();
    bytes.extend(port.to_be_bytes());
    bytes.extend(address.octets());
    bytes.resize(ADDRESS, 0);
    bytes
}

/// The bytes of a socket address.
pub(super) fn record_address(fields: &[Field]) -> Option<Vec<u8>> {
    let field = |name: &str| fields.iter().find(|field| field.name == name).map(|field| &field.value);
    let family = u16::try_from(integer(field("sa_family")?)?).ok()?;
    let port = match field("sin_port") {
        Some(value) => u16::try_from(integer(value)?).ok()?,
        None => 0,
    };
    let address = match field("sin_addr") {
        Some(Argument::Function(name, arguments)) if name == "inet_addr" => match arguments.first() {
            Some(Argument::Text(text)) => text.parse().ok()?,
            _ => return None,
        },
        Some(value) => Ipv4Addr::from(u32::try_from(integer(value)?).ok()?),
        None => Ipv4Addr::UNSPECIFIED,
    };
    Some(socket_address(family, port, address))
}

/// The descriptors in a set.
pub(super) fn members(set: &[u8]) -> Vec<Argument> {
    let bits = set
        .iter()
        .enumerate()
        .flat_map(|(place, byte)| (0..8).filter(move |bit| byte & (1 << bit) != 0).map(move |bit| place * 8 + bit));
    bits.map(|descriptor| Argument::Number(Number::decimal(descriptor as i64))).collect()
}
