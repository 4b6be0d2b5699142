//! Room for the calls of a program: lists of arguments and octets of calls that have been made are used for the next ones, so that
//! a program which reads and writes for ever asks for no memory. No part of the program's value: a clone has none of it, and
//! comparison and hash ignore it.

use std::hash::{Hash, Hasher};

use crate::kernel::call::{CallName, UserArg, UserCall};

/// The most lists, and pieces of octets, that are kept: a program makes one call at a time.
const MOST: usize = 4;

/// The room of a program.
#[derive(Debug, Default)]
pub(super) struct Room {
    arguments: Vec<Vec<UserArg>>,
    octets: Vec<Vec<u8>>,
}

impl Room {
    /// A call with these arguments.
    pub(super) fn call<const N: usize>(&mut self, name: CallName, args: [UserArg; N]) -> UserCall {
        let mut list = self.arguments.pop().unwrap_or_default();
        list.extend(args);
        UserCall::new(name, list)
    }

    /// Room for octets, empty.
    pub(super) fn octets(&mut self) -> Vec<u8> {
        self.octets.pop().unwrap_or_default()
    }

    /// A call has been made: its room comes back.
    pub(super) fn give(&mut self, call: UserCall) {
        let mut list = call.args;
        for argument in list.drain(..) {
            match argument {
                UserArg::In(mut octets) | UserArg::InOut(mut octets) if self.octets.len() < MOST => {
                    octets.clear();
                    self.octets.push(octets);
                }
                UserArg::In(_) | UserArg::InOut(_) => {}
                UserArg::Int(_) | UserArg::Out(_) | UserArg::Null => {}
            }
        }
        if self.arguments.len() < MOST {
            self.arguments.push(list);
        }
    }
}

impl Clone for Room {
    fn clone(&self) -> Self {
        Self::default()
    }
}
impl PartialEq for Room {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
impl Eq for Room {}
impl Hash for Room {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}
