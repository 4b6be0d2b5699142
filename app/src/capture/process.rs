//! The application on the stack's side of a replay: one process that works through the inferred calls, one after
//! the other, each as soon as the one before has come back, and reads what has arrived in between, as soon as it is there or
//! as the captured reader did. Promise: a call that fails is kept for the report, and nothing here waits for ever.

use std::collections::VecDeque;

use stack::kernel::Completion;
use stack::kernel::call::{CallName, UserArg, UserCall};

use super::infer::{Call, Reading};
use super::machine::Machine;
use super::segment::Endpoint;

const AF_INET: i32 = 2;
const SOCK_STREAM: i32 = 1;
const BACKLOG: i32 = 5;
/// `SEND_SHUTDOWN` as the user passes it.
const SHUT_WR: i32 = 1;
/// The most that one read asks for.
const LARGEST_READ: u32 = 65_536;

/// One system call to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Act {
    Socket,
    Bind,
    Listen,
    Accept,
    Connect,
    Write(Vec<u8>),
    Read(u32),
    Shutdown,
    Close,
}

/// A call that came back with an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedCall {
    /// Virtual time at which it came back.
    pub time_ns: u64,
    /// Which.
    pub name: &'static str,
    /// The (positive) error number.
    pub errno: i32,
    /// Whether the captured peer has sent a reset by then, so that the captured end's call failed as well.
    pub by_peer: bool,
}

/// The process.
#[derive(Debug)]
pub struct Process {
    own: Endpoint,
    peer: Endpoint,
    acts: VecDeque<Act>,
    busy: Option<Act>,
    listener: Option<i32>,
    connection: Option<i32>,
    was_connected: bool,
    reading: Reading,
    /// Where a paced reader wants the right edge of the window to be.
    edge: Option<u32>,
    /// Something may have arrived since it was last looked.
    look: bool,
    failed: Vec<FailedCall>,
    /// Octets of writes that have come back.
    written: u32,
}

impl Process {
    /// A process at `own` that has done nothing yet.
    #[must_use]
    pub fn new(own: Endpoint, peer: Endpoint, reading: Reading) -> Self {
        Self {
            own,
            peer,
            acts: VecDeque::new(),
            busy: None,
            listener: None,
            connection: None,
            was_connected: false,
            reading,
            edge: None,
            look: false,
            failed: Vec::new(),
            written: 0,
        }
    }

    /// Queues an inferred call and makes what can be made now.
    pub fn call(&mut self, machine: &mut Machine, call: Call) {
        match call {
            Call::Listen => self.acts.extend([Act::Socket, Act::Bind, Act::Listen, Act::Accept]),
            Call::Connect => self.acts.extend([Act::Socket, Act::Bind, Act::Connect]),
            Call::Write(bytes) => self.acts.push_back(Act::Write(bytes)),
            Call::ReadTo(edge) => self.edge = Some(edge),
            Call::Shutdown => self.acts.push_back(Act::Shutdown),
            Call::Close => self.acts.push_back(Act::Close),
        }
        self.run(machine);
    }

    /// Something arrived or time went on: takes calls that came back, reads, and makes further calls.
    pub fn run(&mut self, machine: &mut Machine) {
        self.look = true;
        loop {
            while let Some(completion) = machine.completion() {
                self.came_back(machine.now_ns(), &completion);
            }
            if self.busy.is_some() {
                return;
            }
            let Some(mut act) = self.next(machine) else { return };
            let Some(call) = self.user_call(&mut act) else {
                continue;
            };
            self.busy = Some(act);
            machine.call(call);
        }
    }

    /// Whether a call has not come back yet or waits to be made.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.busy.is_some() || !self.acts.is_empty()
    }

    /// Whether connect() or accept() has come back with a connection at any time.
    #[must_use]
    pub fn was_connected(&self) -> bool {
        self.was_connected
    }

    /// Octets of writes that have come back.
    #[must_use]
    pub fn written(&self) -> u32 {
        self.written
    }

    /// The calls that failed.
    #[must_use]
    pub fn failed(&self) -> &[FailedCall] {
        &self.failed
    }

    /// Reading comes before the next inferred call: an application answers what it has read.
    fn next(&mut self, machine: &Machine) -> Option<Act> {
        if std::mem::take(&mut self.look) && self.connection.is_some() {
            let unread = match self.reading {
                Reading::AtOnce => machine.unread(self.own, self.peer),
                Reading::Paced => self.edge.and_then(|edge| machine.unread_below(self.own, self.peer, edge)),
                Reading::Never => None,
            };
            if let Some(octets) = unread {
                return Some(Act::Read(octets.min(LARGEST_READ)));
            }
        }
        self.acts.pop_front()
    }

    fn came_back(&mut self, time_ns: u64, completion: &Completion) {
        let Some(act) = self.busy.take() else { return };
        let ret = completion.ret;
        if ret < 0 {
            let (name, errno) = (completion.name.name(), ret.saturating_neg());
            self.failed.push(FailedCall { time_ns, name, errno, by_peer: false });
        }
        match act {
            Act::Socket if ret >= 0 => self.listener = Some(ret),
            Act::Accept if ret >= 0 => self.is_connected(Some(ret)),
            Act::Connect if ret >= 0 => self.is_connected(self.listener),
            Act::Read(_) => self.look = ret > 0,
            Act::Close => self.connection = None,
            Act::Write(_) => self.written = self.written.wrapping_add(u32::try_from(ret).unwrap_or(0)),
            Act::Socket | Act::Accept | Act::Connect | Act::Bind | Act::Listen | Act::Shutdown => {}
        }
    }

    fn is_connected(&mut self, descriptor: Option<i32>) {
        self.connection = descriptor;
        self.was_connected = true;
        self.look = true;
    }

    /// The call for an act, which gives its bytes away, or `None` where the descriptor it needs never came to be.
    fn user_call(&self, act: &mut Act) -> Option<UserCall> {
        use UserArg::{In, Int, Null, Out};
        let address = |end: Endpoint| In(socket_address(end));
        let length = |bytes: &[u8]| Int(i32::try_from(bytes.len()).unwrap_or(i32::MAX));
        let (name, arguments) = match act {
            Act::Socket => (CallName::Socket, vec![Int(AF_INET), Int(SOCK_STREAM), Int(0)]),
            Act::Bind => (CallName::Bind, vec![Int(self.listener?), address(self.own), Int(16)]),
            Act::Listen => (CallName::Listen, vec![Int(self.listener?), Int(BACKLOG)]),
            Act::Accept => (CallName::Accept, vec![Int(self.listener?), Null, Null]),
            Act::Connect => (CallName::Connect, vec![Int(self.listener?), address(self.peer), Int(16)]),
            Act::Write(bytes) => {
                let length = length(bytes);
                (CallName::Write, vec![Int(self.connection?), In(std::mem::take(bytes)), length])
            }
            Act::Read(most) => (CallName::Read, vec![Int(self.connection?), Out(*most), Int(most.cast_signed())]),
            Act::Shutdown => (CallName::Shutdown, vec![Int(self.connection?), Int(SHUT_WR)]),
            Act::Close => (CallName::Close, vec![Int(self.connection?)]),
        };
        Some(UserCall::new(name, arguments))
    }
}

/// `struct sockaddr_in` as a process lays it out: family in host order, port and address in network order.
fn socket_address(end: Endpoint) -> Vec<u8> {
    let mut bytes = vec![AF_INET.to_le_bytes()[0], 0];
    bytes.extend(end.port.to_be_bytes());
    bytes.extend(end.address.octets());
    bytes.extend([0; 8]);
    bytes
}
