//! User programs that run on the stack as processes: httpd, echo, get and their small relatives of the era.
//!
//! A program is a value too: it is told what its last system call returned and answers with the next one. It never sees
//! the kernel. A server of many connections is many processes: the listener hands every accepted descriptor on to a
//! worker, which shares the descriptor table as a child after fork would.

use crate::include::in_addr::{AF_INET, InAddr, SockaddrIn};
use crate::include::socket::{SO_REUSEADDR, SOCK_DGRAM, SOCK_STREAM, SOL_SOCKET};
use crate::kernel::Completion;
use crate::kernel::call::{CallName, UserArg, UserCall};

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

/// Where a program is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum State {
    Start,
    Socket,
    Reuse,
    Bind,
    Listen,
    Accept,
    Connect,
    Read,
    Write,
    Drain,
    Close,
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
    listener: i32,
    connection: i32,
    pending: Vec<u8>,
    request: Vec<u8>,
    lines: u32,
    /// Everything it has read so far (cut at 64 KiB), for whoever wants to look.
    pub received: Vec<u8>,
}

/// What a program does next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// A system call.
    Call(UserCall),
    /// It has exited.
    Exit,
}

const KEEP: usize = 65_536;
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
            request: Vec::new(),
            lines: 0,
            received: Vec::new(),
        }
    }

    /// Name, as a process list shows it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self.kind {
            ProgramKind::Httpd(_) => "httpd",
            ProgramKind::Echo(_) | ProgramKind::UdpEcho(_) => "echo",
            ProgramKind::UdpDiscard(_) => "discard",
            ProgramKind::UdpDaytime(_) => "daytime",
            ProgramKind::UdpChargen(_) => "chargen",
            ProgramKind::Discard(_) => "discard",
            ProgramKind::Daytime(_) => "daytime",
            ProgramKind::Chargen(_) => "chargen",
            ProgramKind::Get(..) => "get",
            ProgramKind::Client { .. } => "client",
        }
    }

    /// Whether it has exited.
    #[must_use]
    pub fn finished(&self) -> bool {
        self.state == State::Finished
    }

    /// The first call.
    pub fn start(&mut self) -> Next {
        let kind = if self.serves_datagrams() { SOCK_DGRAM } else { SOCK_STREAM };
        self.state = State::Socket;
        call(CallName::Socket, vec![int(AF_INET.into()), int(kind.into()), int(0)])
    }

    /// The next call, after one has returned at a time of the machine's clock (microseconds since 1970).
    pub fn next(&mut self, done: &Completion, clock: u64) -> Next {
        match self.state {
            State::Start => self.start(),
            State::Socket => self.have_socket(done.ret),
            State::Reuse => {
                self.state = State::Bind;
                let address = SockaddrIn { sin_family: AF_INET, sin_port: self.port(), sin_addr: InAddr::ANY };
                call(CallName::Bind, vec![int(self.listener), UserArg::In(address.bytes().to_vec()), int(16)])
            }
            State::Bind => self.bound(done.ret),
            State::Listen => self.accept(done.ret >= 0),
            State::Accept => self.accepted(done.ret, clock),
            State::Connect => self.connected(done.ret),
            State::Read => self.have_read(done),
            State::Write => self.have_written(done.ret),
            State::Drain => self.drained(done),
            State::Close => self.closed(),
            State::Datagram => self.have_datagram(done, clock),
            State::Reply => self.receive_datagram(),
            State::Finished => Next::Exit,
        }
    }

    fn serves_datagrams(&self) -> bool {
        matches!(
            self.kind,
            ProgramKind::UdpEcho(_)
                | ProgramKind::UdpDiscard(_)
                | ProgramKind::UdpDaytime(_)
                | ProgramKind::UdpChargen(_)
        )
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

    fn have_socket(&mut self, fd: i32) -> Next {
        if fd < 0 {
            return self.exit();
        }
        let server = match &self.kind {
            ProgramKind::Get(address, port) => Some((*address, *port)),
            ProgramKind::Client { address, port, .. } => Some((*address, *port)),
            _ => None,
        };
        if let Some((address, port)) = server {
            self.connection = fd;
            self.state = State::Connect;
            let address = SockaddrIn { sin_family: AF_INET, sin_port: port, sin_addr: address };
            return call(CallName::Connect, vec![int(fd), UserArg::In(address.bytes().to_vec()), int(16)]);
        }
        self.listener = fd;
        self.state = State::Reuse;
        let one = UserArg::In(1_i32.to_le_bytes().to_vec());
        call(CallName::Setsockopt, vec![int(fd), int(SOL_SOCKET), int(SO_REUSEADDR), one, int(4)])
    }

    fn bound(&mut self, result: i32) -> Next {
        if result < 0 {
            return self.exit();
        }
        if self.serves_datagrams() {
            return self.receive_datagram();
        }
        self.state = State::Listen;
        call(CallName::Listen, vec![int(self.listener), int(5)])
    }

    fn accept(&mut self, good: bool) -> Next {
        if !good {
            return self.exit();
        }
        self.state = State::Accept;
        self.connection = -1;
        let address = vec![UserArg::Out(16), UserArg::InOut(16_i32.to_le_bytes().to_vec())];
        call(CallName::Accept, [vec![int(self.listener)], address].concat())
    }

    fn accepted(&mut self, fd: i32, clock: u64) -> Next {
        if fd < 0 {
            return self.accept(true);
        }
        self.connection = fd;
        self.request.clear();
        match self.kind {
            ProgramKind::Daytime(_) => {
                self.pending = daytime(clock).into_bytes();
                self.write()
            }
            ProgramKind::Chargen(_) => {
                self.lines = 0;
                self.pending = chargen_line(0);
                self.write()
            }
            _ => self.read(),
        }
    }

    fn connected(&mut self, result: i32) -> Next {
        if result < 0 {
            return self.close();
        }
        self.pending = match &self.kind {
            ProgramKind::Client { text, .. } => text.clone(),
            _ => b"GET / HTTP/1.0\r\n\r\n".to_vec(),
        };
        self.write()
    }

    fn read(&mut self) -> Next {
        self.state = State::Read;
        call(CallName::Read, vec![int(self.connection), UserArg::Out(BUFFER), int(BUFFER as i32)])
    }

    fn write(&mut self) -> Next {
        self.state = State::Write;
        let length = self.pending.len() as i32;
        call(CallName::Write, vec![int(self.connection), UserArg::In(self.pending.clone()), int(length)])
    }

    fn close(&mut self) -> Next {
        self.state = State::Close;
        call(CallName::Close, vec![int(self.connection)])
    }

    fn have_read(&mut self, done: &Completion) -> Next {
        let data = take(done);
        self.keep(&data);
        match self.kind {
            _ if data.is_empty() => self.close(),
            ProgramKind::Echo(_) => {
                self.pending = data;
                self.write()
            }
            ProgramKind::Httpd(_) => {
                self.request.extend_from_slice(&data);
                if ends_request(&self.request) {
                    self.pending = page(&self.request);
                    self.write()
                } else {
                    self.read()
                }
            }
            _ => self.read(),
        }
    }

    fn have_written(&mut self, result: i32) -> Next {
        if result <= 0 {
            return self.close();
        }
        let written = (result as usize).min(self.pending.len());
        self.pending.drain(..written);
        if !self.pending.is_empty() {
            return self.write();
        }
        match self.kind {
            ProgramKind::Httpd(_) => {
                self.state = State::Drain;
                call(CallName::Shutdown, vec![int(self.connection), int(1)])
            }
            ProgramKind::Daytime(_) => self.close(),
            ProgramKind::Chargen(_) => {
                self.lines += 1;
                self.pending = chargen_line(self.lines);
                self.write()
            }
            _ => self.read(),
        }
    }

    /// After the answer the server reads until the client closes, so that nothing it sent is left unread.
    fn drained(&mut self, done: &Completion) -> Next {
        if done.name == CallName::Shutdown || !take(done).is_empty() {
            return call(CallName::Read, vec![int(self.connection), UserArg::Out(BUFFER), int(BUFFER as i32)]);
        }
        self.close()
    }

    fn closed(&mut self) -> Next {
        match self.kind {
            ProgramKind::Get(..) | ProgramKind::Client { .. } => self.exit(),
            _ => self.accept(true),
        }
    }

    fn receive_datagram(&mut self) -> Next {
        self.state = State::Datagram;
        call(
            CallName::Recvfrom,
            vec![
                int(self.listener),
                UserArg::Out(BUFFER),
                int(BUFFER as i32),
                int(0),
                UserArg::Out(16),
                UserArg::InOut(16_i32.to_le_bytes().to_vec()),
            ],
        )
    }

    fn have_datagram(&mut self, done: &Completion, clock: u64) -> Next {
        if done.ret < 0 {
            return self.receive_datagram();
        }
        let data = take(done);
        self.keep(&data);
        let Some(address) = done.out.get(1) else { return self.receive_datagram() };
        self.state = State::Reply;
        let data = match self.kind {
            ProgramKind::UdpDiscard(_) => return self.receive_datagram(),
            ProgramKind::UdpDaytime(_) => daytime(clock).into_bytes(),
            ProgramKind::UdpChargen(_) => {
                self.lines += 1;
                chargen_line(self.lines)
            }
            _ => data,
        };
        let length = data.len() as i32;
        call(
            CallName::Sendto,
            vec![int(self.listener), UserArg::In(data), int(length), int(0), UserArg::In(address.clone()), int(16)],
        )
    }

    fn exit(&mut self) -> Next {
        self.state = State::Finished;
        Next::Exit
    }

    fn keep(&mut self, data: &[u8]) {
        let room = KEEP.saturating_sub(self.received.len());
        self.received.extend(data.iter().take(room));
    }
}

fn int(value: i32) -> UserArg {
    UserArg::Int(value)
}

fn call(name: CallName, args: Vec<UserArg>) -> Next {
    Next::Call(UserCall::new(name, args))
}

/// What a read has put into its buffer.
fn take(done: &Completion) -> Vec<u8> {
    let length = usize::try_from(done.ret).unwrap_or(0);
    done.out.first().map(|buffer| buffer.iter().take(length).copied().collect()).unwrap_or_default()
}

/// An empty line ends the head of a request; a request of HTTP 0.9 is one line.
fn ends_request(request: &[u8]) -> bool {
    let blank = request.windows(4).any(|four| four == b"\r\n\r\n") || request.windows(2).any(|two| two == b"\n\n");
    blank || (request.ends_with(b"\n") && !request.windows(5).any(|five| five == b"HTTP/"))
}

/// The one page of the little server.
fn page(request: &[u8]) -> Vec<u8> {
    let body = "<html><head><title>Linux 1.2.13</title></head>\n<body><h1>It is 1995</h1>\n\
                <p>This page was sent by the TCP/IP stack of Linux 1.2.13, rewritten in Rust.</p>\n</body></html>\n";
    let head = request.starts_with(b"HEAD ");
    let mut answer = format!(
        "HTTP/1.0 200 OK\r\nServer: sockscope\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    if !head {
        answer.push_str(body);
    }
    answer.into_bytes()
}

/// A line of chargen: 72 printable characters, shifted by one with every line (RFC 864).
fn chargen_line(number: u32) -> Vec<u8> {
    let mut line: Vec<u8> = (0..72).map(|column| b' ' + ((number + column) % 95) as u8).collect();
    line.extend_from_slice(b"\r\n");
    line
}

/// The time of day in the manner of RFC 867.
fn daytime(clock: u64) -> String {
    let seconds = clock / 1_000_000;
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    format!("day {days} {:02}:{:02}:{:02} UT\r\n", rest / 3600, rest / 60 % 60, rest % 60)
}
