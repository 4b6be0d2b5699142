//! User programs that run on the stack as processes: httpd, echo, get and their small relatives of the era.
//!
//! A program is a value too: it is told what its last system call returned and answers with the next one. It never sees
//! the kernel. A server of connections is many processes, as under inetd: the listener forks for every connection that it
//! has accepted; the child shares the connection's open file, serves it and exits; the listener closes its descriptor and
//! waits for the next. So a client that says nothing keeps one process waiting, and nobody else.
//!
//! Promise: a program never runs on the spot. What fails is tried again after a pause, so that the clock goes on.

use crate::include::in_addr::InAddr;
use crate::include::seq::TICK;
use crate::kernel::call::{CallName, UserArg, UserCall};

mod chargen;
mod client;
mod datagram;
mod daytime;
mod httpd;
mod server;

/// Which program, with its arguments.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ProgramKind {
    /// Answers a request for a page; port.
    Httpd(u16),
    /// Sends back what comes, over TCP; port.
    Echo(u16),
    /// Throws away what comes; port.
    Discard(u16),
    /// Tells the time of the machine and closes; port.
    Daytime(u16),
    /// Sends lines of characters until the peer goes; port.
    Chargen(u16),
    /// Sends datagrams back; port.
    UdpEcho(u16),
    /// Throws datagrams away; port.
    UdpDiscard(u16),
    /// Answers a datagram with the time of the machine; port.
    UdpDaytime(u16),
    /// Answers a datagram with a line of characters; port.
    UdpChargen(u16),
    /// Fetches a page: address and port of the server.
    Get(InAddr, u16),
    /// Connects, sends a text, reads the answer, closes.
    Client {
        /// Server.
        address: InAddr,
        /// Its port.
        port: u16,
        /// What is sent.
        text: Vec<u8>,
    },
}

/// Where a program is: the call whose return it waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum State {
    Start,
    Socket,
    Reuse,
    Bind,
    Listen,
    Accept,
    /// The listener makes a child for the connection.
    Fork,
    /// The listener closes the connection that its child has.
    HandOver,
    Connect,
    Read,
    Write,
    Shutdown,
    Drain,
    Close,
    Exit,
    Datagram,
    Reply,
    Finished,
}

/// A running program.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Program {
    /// What it is.
    pub kind: ProgramKind,
    state: State,
    /// The socket that listens or takes datagrams.
    listener: i32,
    connection: i32,
    /// The system call that it makes next, or has made last and may wait in.
    call: UserCall,
    /// Empty octets of calls before, whose room those to come use again, so that a program which reads and writes for ever
    /// asks for no memory.
    room: Vec<Vec<u8>>,
    /// What has been read of a request.
    request: Vec<u8>,
    /// Lines of characters sent.
    lines: u32,
    /// Octets that it has read from its connection so far.
    pub received: u64,
}

/// What a program does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It makes its system call ([`Program::call`]).
    Call,
    /// The same after a pause of [`PAUSE`], because what it wanted was not to be had.
    Later,
    /// Nothing more: it is done, and stays in the task table as it is.
    Exit,
}

/// What a call of a program has come back with.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// Result, or a negative error number.
    pub ret: i32,
    /// Its output buffers, the first two of them, as far as it has any: data and an address.
    pub out: [&'a [u8]; 2],
    /// What the machine's clock shows, in microseconds since 1970.
    pub clock: u64,
}

impl Answer<'_> {
    /// The octets that the call has read.
    fn data(&self) -> &[u8] {
        usize::try_from(self.ret).ok().and_then(|length| self.out[0].get(..length)).unwrap_or(&[])
    }
}

/// Microseconds that a program waits before it tries again: a tick.
pub const PAUSE: u64 = TICK;

/// Octets that are read at once.
const BUFFER: u32 = 2048;

/// The most pieces of room that are kept: no call has more octets than sendto, which has two.
const MOST_ROOM: usize = 2;

impl Program {
    /// A program that has not started yet.
    #[must_use]
    pub fn new(kind: ProgramKind) -> Self {
        Self {
            kind,
            state: State::Start,
            listener: -1,
            connection: -1,
            call: UserCall::new(CallName::Socket, Vec::new()),
            room: Vec::new(),
            request: Vec::new(),
            lines: 0,
            received: 0,
        }
    }

    /// Name, as a process list shows it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self.kind {
            ProgramKind::Httpd(_) => "httpd",
            ProgramKind::Echo(_) | ProgramKind::UdpEcho(_) => "echo",
            ProgramKind::Discard(_) | ProgramKind::UdpDiscard(_) => "discard",
            ProgramKind::Daytime(_) | ProgramKind::UdpDaytime(_) => "daytime",
            ProgramKind::Chargen(_) | ProgramKind::UdpChargen(_) => "chargen",
            ProgramKind::Get(..) => "get",
            ProgramKind::Client { .. } => "client",
        }
    }

    /// Whether it is done.
    #[must_use]
    pub fn finished(&self) -> bool {
        self.state == State::Finished
    }

    /// The system call that it makes next, or has made last and may wait in.
    #[must_use]
    pub fn call(&self) -> &UserCall {
        &self.call
    }

    /// The first call.
    pub fn start(&mut self) -> Next {
        self.state = State::Socket;
        self.open()
    }

    /// The next call, after one has come back.
    pub fn next(&mut self, done: &Answer<'_>) -> Next {
        match self.state {
            State::Start => self.start(),
            State::Socket => self.have_socket(done.ret),
            State::Reuse => self.bind(),
            State::Bind => self.bound(done.ret),
            State::Listen if done.ret < 0 => self.finish(),
            State::Listen | State::HandOver => self.accept(),
            State::Accept => self.accepted(done),
            State::Fork => self.forked(done.ret),
            State::Connect => self.connected(done.ret),
            State::Read => self.have_read(done),
            State::Write => self.have_written(done.ret),
            State::Shutdown => self.drain(),
            State::Drain if done.ret > 0 => self.drain(),
            State::Drain => self.close(),
            State::Close => self.closed(),
            State::Datagram => self.have_datagram(done),
            State::Reply => self.receive_datagram(),
            State::Exit | State::Finished => self.finish(),
        }
    }

    /// Who serves the connection where the listener's fork has just returned: the program of the child, and its first call.
    #[must_use]
    pub fn child(&self) -> (Self, Next) {
        let mut child = Self { listener: self.listener, connection: self.connection, ..Self::new(self.kind.clone()) };
        let first = child.serve();
        (child, first)
    }

    fn port(&self) -> u16 {
        match self.kind {
            ProgramKind::Httpd(port)
            | ProgramKind::Echo(port)
            | ProgramKind::Discard(port)
            | ProgramKind::Daytime(port)
            | ProgramKind::Chargen(port)
            | ProgramKind::UdpEcho(port)
            | ProgramKind::UdpDiscard(port)
            | ProgramKind::UdpDaytime(port)
            | ProgramKind::UdpChargen(port)
            | ProgramKind::Get(_, port)
            | ProgramKind::Client { port, .. } => port,
        }
    }

    /// Its call is this one; the octets of the one before are room again.
    fn make<const N: usize>(&mut self, name: CallName, args: [UserArg; N]) -> Next {
        self.call.name = name;
        for argument in self.call.args.drain(..) {
            match argument {
                UserArg::In(mut octets) | UserArg::InOut(mut octets) if self.room.len() < MOST_ROOM => {
                    octets.clear();
                    self.room.push(octets);
                }
                UserArg::In(_) | UserArg::InOut(_) | UserArg::Int(_) | UserArg::Out(_) | UserArg::Null => {}
            }
        }
        self.call.args.extend(args);
        Next::Call
    }

    /// A copy of some octets, for a call.
    fn octets(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut octets = self.room.pop().unwrap_or_default();
        octets.extend_from_slice(bytes);
        octets
    }

    fn read(&mut self) -> Next {
        self.state = State::Read;
        if self.call.name == CallName::Read {
            // It has one connection, which it reads in one way.
            return Next::Call;
        }
        self.make(CallName::Read, [int(self.connection), UserArg::Out(BUFFER), int(BUFFER as i32)])
    }

    fn have_read(&mut self, done: &Answer<'_>) -> Next {
        let data = done.data();
        if data.is_empty() {
            return self.close();
        }
        self.received += data.len() as u64;
        match self.kind {
            ProgramKind::Echo(_) => {
                let echo = self.octets(data);
                self.write(echo)
            }
            ProgramKind::Httpd(_) => self.have_request(data),
            _ => self.read(),
        }
    }

    fn write(&mut self, octets: Vec<u8>) -> Next {
        self.state = State::Write;
        let length = octets.len() as i32;
        self.make(CallName::Write, [int(self.connection), UserArg::In(octets), int(length)])
    }

    fn have_written(&mut self, result: i32) -> Next {
        let Some(written) = usize::try_from(result).ok().filter(|written| *written > 0) else { return self.close() };
        if let Some(UserArg::In(octets)) = self.call.args.get_mut(1)
            && written < octets.len()
        {
            let mut rest = std::mem::take(octets);
            rest.drain(..written);
            return self.write(rest);
        }
        match self.kind {
            ProgramKind::Httpd(_) => {
                self.state = State::Shutdown;
                self.make(CallName::Shutdown, [int(self.connection), int(1)])
            }
            ProgramKind::Daytime(_) => self.close(),
            ProgramKind::Chargen(_) => self.write_block(),
            _ => self.read(),
        }
    }

    /// After its answer a server reads until the client closes, so that nothing it has sent is left unread.
    fn drain(&mut self) -> Next {
        let read = self.read();
        self.state = State::Drain;
        read
    }

    fn close(&mut self) -> Next {
        self.state = State::Close;
        self.make(CallName::Close, [int(self.connection)])
    }

    fn closed(&mut self) -> Next {
        match self.kind {
            ProgramKind::Get(..) | ProgramKind::Client { .. } => self.finish(),
            // It serves its connections itself, one after the other.
            ProgramKind::Daytime(_) => self.accept(),
            _ => {
                self.state = State::Exit;
                self.make(CallName::Exit, [int(0)])
            }
        }
    }

    fn finish(&mut self) -> Next {
        self.state = State::Finished;
        Next::Exit
    }
}

fn int(value: i32) -> UserArg {
    UserArg::Int(value)
}
