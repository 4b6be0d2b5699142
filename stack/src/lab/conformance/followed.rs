//! What the calls and the packets of a script tell packetdrill's list of sockets, and packetdrill's objections to
//! descriptors and connections that it does not know. Beside a recording only `listen()` says anything.

use super::arguments::integer;
use super::checks::Awaited;
use super::demands;
use super::difference::Difference;
use super::failure::Failure;
use super::flow::Flow;
use super::inbound;
use super::reading::Reading;
use super::script_run::ScriptRun;
use super::timeline::{Arrival, Incoming};
use crate::include::sched::TaskId;
use crate::include::sock::SockId;
use crate::kernel::call::{CallName, UserArg, UserCall};
use crate::kernel::{Completion, Kernel};
use crate::lab::script::Position;
use crate::lab::script::ast::{Body, Call, Packet, Quote};
use crate::words::Words;

impl ScriptRun<'_> {
    /// A packet of the peer arrives.
    pub(super) fn is_reached(&mut self, arrival: &Arrival) {
        let Incoming::Packet(Packet { body, .. }) = &arrival.what else { return };
        match body {
            Body::Tcp(segment) => {
                if segment.ports.is_none() {
                    self.learning.is_told(true, None);
                }
                let flow = segment.ports.map(Flow::inbound);
                self.learning.arrives(flow, segment.flags.bits, segment.sequence.start);
                if inbound::is_read_otherwise(segment) {
                    self.learning.is_read_otherwise();
                }
            }
            Body::Udp { ports: None, .. } => self.learning.is_told(false, None),
            Body::Icmp(message) if matches!(message.quote, Some(Quote::Raw { .. })) => {
                self.learning.is_read_otherwise();
            }
            Body::Udp { .. } | Body::Icmp(_) | Body::Fragment { .. } => {}
        }
    }

    /// A call is about to be made: `connect()` and `sendto()` say whom a socket means before it has sent anything.
    pub(super) fn is_about_to_call(&mut self, task: TaskId, call: &UserCall) {
        let address = match call.name {
            CallName::Listen => return self.learning.listens(),
            CallName::Connect => call.args.get(1),
            CallName::Sendto => call.args.get(4),
            _ => None,
        };
        let (Some(UserArg::Int(descriptor)), Some(UserArg::In(address))) = (call.args.first(), address) else { return };
        let Some(sock) = sock_of(self.driver.kernel(), task, *descriptor) else { return };
        let port = match address.as_slice() {
            // AF_UNSPEC: to nobody.
            [0, 0, ..] => None,
            [_, _, high, low, ..] => Some(u16::from_be_bytes([*high, *low])),
            _ => return,
        };
        let anew = call.name == CallName::Connect;
        self.learning.sockets(|sockets| sockets.connects(sock, port, anew));
    }

    /// A call came back.
    pub(super) fn has_called(&mut self, awaited: &Awaited, completion: &Completion) {
        if completion.ret < 0 {
            return;
        }
        let first = awaited.call.arguments.first().and_then(integer);
        let live = first.map(|first| self.descriptors.number(completion.task, first));
        let descriptor = match completion.name {
            CallName::Socket => Some(completion.ret),
            _ => live.and_then(|live| i32::try_from(live).ok()),
        };
        let kernel = self.driver.kernel();
        let sock = descriptor.and_then(|number| sock_of(kernel, completion.task, number));
        let Some((sock, found)) = sock.and_then(|sock| Some((sock, kernel.sock.get(sock)?))) else { return };
        let (port, protocol) = (found.num, found.protocol);
        match completion.name {
            CallName::Socket => self.learning.sockets(|sockets| sockets.opens(sock, protocol)),
            CallName::Bind | CallName::Connect => self.learning.sockets(|sockets| sockets.is_bound(sock, port)),
            CallName::Listen => self.learning.sockets(|sockets| sockets.listens(sock, port)),
            CallName::Accept => {
                let known = self.learning.sockets(|sockets| sockets.has_accepted());
                if !known && self.checks.has_shaken_hands_unasked() {
                    self.checks.object(Difference::at(awaited.position, UNKNOWN_CONNECTION.owned()));
                }
            }
            _ => {}
        }
    }

    /// A new socket is given a name that another descriptor has.
    pub(super) fn is_named_twice(&mut self, position: Position, number: i64) {
        let en = format!("runtime error in socket call: duplicate fd {number} in script");
        let zh = format!("socket 调用运行时错误：脚本中的描述符 {number} 重复");
        self.checks.object(Difference::at(position, Words { en, zh }));
    }

    /// Why packetdrill does not make a call at all.
    pub(super) fn is_refused(&self, call: &Call) -> Option<Words<String>> {
        demands::refusal(call).filter(|_| self.reading == Reading::Packetdrill)
    }

    /// The arguments of a call mean nothing to C. packetdrill finds that when its turn has come and ends there; a call that
    /// only packetdrill knows cannot be judged at all, unless something was wrong before it.
    pub(super) fn cannot_be_made(&mut self, position: Position, name: &str, failure: Failure) -> Result<(), Failure> {
        let judged = demands::is_known(name) || self.checks.has_objected();
        if self.reading == Reading::Recorded || !judged {
            return Err(failure);
        }
        self.checks.end_with(Difference::at(position, demands::about(name, &failure.message)));
        Ok(())
    }

    /// packetdrill makes no call with a descriptor that the script has not named or has closed, not even where EBADF is
    /// expected. What it has no words for (`select`, `dup`) is left alone, and so is what came from there.
    pub(super) fn looks_for_descriptors(&mut self, task: TaskId, call: &Call, position: Position) {
        if self.reading != Reading::Packetdrill {
            return;
        }
        let kernel = self.driver.kernel();
        let is_open = |number: i64| {
            let place = usize::try_from(number).ok();
            place.is_some_and(|place| {
                kernel.tasks.get(task.0 as usize).is_some_and(|task| task.files.get(place).is_some())
            })
        };
        if let Some(unknown) = self.descriptors.unknown(task, call, is_open) {
            self.checks.object(Difference::at(position, no_such_descriptor(&call.name, unknown)));
        }
    }
}

/// The sock of a descriptor.
fn sock_of(kernel: &Kernel, task: TaskId, descriptor: i32) -> Option<SockId> {
    let file = kernel.tasks.get(task.0 as usize)?.files.get(usize::try_from(descriptor).ok()?)?;
    let socket = kernel.files.get(file)?.f_inode?;
    kernel.sockets.get(socket)?.data
}

fn no_such_descriptor(name: &str, number: i64) -> Words<String> {
    Words {
        en: format!("runtime error in {name} call: unable to find fd with script fd {number}"),
        zh: format!("{name} 调用运行时错误：脚本中没有描述符 {number}"),
    }
}

const UNKNOWN_CONNECTION: Words = Words::new(
    "runtime error in accept call: unable to find socket matching accept() call (no line before it asks for the SYN and ACK)",
    "accept 调用运行时错误：找不到与 accept() 对应的套接字（之前没有一行要求 SYN 和 ACK）",
);
