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
use crate::kernel::Completion;
use crate::kernel::call::{CallName, UserArg, UserCall};

mod chargen;
mod client;
mod datagram;
mod daytime;
mod httpd;
mod room;
mod server;

use room::Room;

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
    /// What is to be written, and how much of it has been.
    pending: Vec<u8>,
    written: usize,
    /// What has been read of a request.
    request: Vec<u8>,
    /// Lines of characters sent.
    lines: u32,
    /// Octets that it has read from its connection so far.
    pub received: u64,
    /// What calls that have been made have left.
    room: Room,
}

/// What a program does next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// A system call.
    Call(UserCall),
    /// The same after a pause of [`PAUSE`], because what it wanted was not to be had.
    Later(UserCall),
    /// Nothing more: it is done, and stays in the task table as it is.
    Exit,
}

/// Microseconds that a program waits before it tries again: a tick.
pub const PAUSE: u64 = TICK;

/// Octets that are read at once.
const BUFFER: u32 = 2048;

impl Program {
    /// A program that has not started yet.
    #[must_use]
    pub fn new(kind: ProgramKind) -> Self {
        Self {
            kind,
            state: State::Start,
            listener: -1,
            connection: -1,
            pending: Vec::new(),
            written: 0,
            request: Vec::new(),
            lines: 0,
            received: 0,
            room: Room::default(),
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

    /// The first call.
    pub fn start(&mut self) -> Next {
        self.state = State::Socket;
        self.open()
    }

    /// The next call, after one has returned at a time of the machine's clock (microseconds since 1970).
    pub fn next(&mut self, done: &Completion, clock: u64) -> Next {
        match self.state {
            State::Start => self.start(),
            State::Socket => self.have_socket(done.ret),
            State::Reuse => self.bind(),
            State::Bind => self.bound(done.ret),
            State::Listen if done.ret < 0 => self.finish(),
            State::Listen | State::HandOver => self.accept(),
            State::Accept => self.accepted(done.ret, clock),
            State::Fork => self.forked(done.ret),
            State::Connect => self.connected(done.ret),
            State::Read => self.have_read(done),
            State::Write => self.have_written(done.ret),
            State::Shutdown => self.drain(),
            State::Drain if done.ret > 0 => self.drain(),
            State::Drain => self.close(),
            State::Close => self.closed(),
            State::Datagram => self.have_datagram(done, clock),
            State::Reply => self.receive_datagram(),
            State::Exit | State::Finished => self.finish(),
        }
    }

    /// Who serves the connection where the listener's fork has just returned: the program of the child, and its first call.
    #[must_use]
    pub fn child(&self) -> (Self, Next) {
        let mut child = Self { pending: Vec::new(), request: Vec::new(), ..self.clone() };
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

    /// A call of it has been made: its room is for the next one.
    pub fn take_back(&mut self, call: UserCall) {
        self.room.give(call);
    }

    fn read(&mut self) -> Next {
        self.state = State::Read;
        let args = [int(self.connection), UserArg::Out(BUFFER), int(BUFFER as i32)];
        Next::Call(self.room.call(CallName::Read, args))
    }

    fn have_read(&mut self, done: &Completion) -> Next {
        let data = octets_read(done);
        if data.is_empty() {
            return self.close();
        }
        self.received += data.len() as u64;
        match self.kind {
            ProgramKind::Echo(_) => {
                let mut pending = std::mem::take(&mut self.pending);
                pending.clear();
                pending.extend_from_slice(data);
                self.write(pending)
            }
            ProgramKind::Httpd(_) => self.have_request(data),
            _ => self.read(),
        }
    }

    fn write(&mut self, pending: Vec<u8>) -> Next {
        self.pending = pending;
        self.written = 0;
        self.write_rest()
    }

    fn write_rest(&mut self) -> Next {
        self.state = State::Write;
        let mut octets = self.room.octets();
        octets.extend_from_slice(self.rest());
        let length = octets.len() as i32;
        let args = [int(self.connection), UserArg::In(octets), int(length)];
        Next::Call(self.room.call(CallName::Write, args))
    }

    /// What is still to be written.
    fn rest(&self) -> &[u8] {
        let whole = match self.kind {
            ProgramKind::Chargen(_) => chargen::block(self.lines),
            _ => &self.pending,
        };
        whole.get(self.written..).unwrap_or(&[])
    }

    fn have_written(&mut self, result: i32) -> Next {
        let Some(written) = usize::try_from(result).ok().filter(|written| *written > 0) else { return self.close() };
        self.written += written;
        if !self.rest().is_empty() {
            return self.write_rest();
        }
        match self.kind {
            ProgramKind::Httpd(_) => {
                self.state = State::Shutdown;
                call(CallName::Shutdown, vec![int(self.connection), int(1)])
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
        call(CallName::Close, vec![int(self.connection)])
    }

    fn closed(&mut self) -> Next {
        match self.kind {
            ProgramKind::Get(..) | ProgramKind::Client { .. } => self.finish(),
            // It serves its connections itself, one after the other.
            ProgramKind::Daytime(_) => self.accept(),
            _ => {
                self.state = State::Exit;
                call(CallName::Exit, vec![int(0)])
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

fn call(name: CallName, args: Vec<UserArg>) -> Next {
    Next::Call(UserCall::new(name, args))
}

/// What a read has put into its buffer.
fn octets_read(done: &Completion) -> &[u8] {
    let length = usize::try_from(done.ret).unwrap_or(0);
    done.out.first().and_then(|buffer| buffer.get(..length)).unwrap_or(&[])
}
