//! What every server of connections does: socket, bind, listen, and for each connection accept, fork, close.

use super::{Answer, Next, Program, ProgramKind, State, int};
use crate::include::in_addr::{AF_INET, InAddr, SockaddrIn};
use crate::include::socket::{SO_REUSEADDR, SOCK_DGRAM, SOCK_STREAM, SOL_SOCKET};
use crate::kernel::call::{CallName, UserArg};

/// Connections that may wait for accept.
const BACKLOG: i32 = 5;

impl Program {
    pub(super) fn open(&mut self) -> Next {
        let kind = if self.serves_datagrams() { SOCK_DGRAM } else { SOCK_STREAM };
        self.make(CallName::Socket, [int(AF_INET.into()), int(kind.into()), int(0)])
    }

    pub(super) fn have_socket(&mut self, fd: i32) -> Next {
        if fd < 0 {
            return self.finish();
        }
        if let ProgramKind::Get(address, port) | ProgramKind::Client { address, port, .. } = self.kind {
            return self.connect(fd, address, port);
        }
        self.listener = fd;
        self.state = State::Reuse;
        let one = UserArg::In(1_i32.to_le_bytes().to_vec());
        self.make(CallName::Setsockopt, [int(fd), int(SOL_SOCKET), int(SO_REUSEADDR), one, int(4)])
    }

    pub(super) fn bind(&mut self) -> Next {
        self.state = State::Bind;
        let address = SockaddrIn { sin_family: AF_INET, sin_port: self.port(), sin_addr: InAddr::ANY };
        self.make(CallName::Bind, [int(self.listener), UserArg::In(address.bytes().to_vec()), int(16)])
    }

    pub(super) fn bound(&mut self, result: i32) -> Next {
        if result < 0 {
            return self.finish();
        }
        if self.serves_datagrams() {
            return self.receive_datagram();
        }
        self.state = State::Listen;
        self.make(CallName::Listen, [int(self.listener), int(BACKLOG)])
    }

    pub(super) fn accept(&mut self) -> Next {
        self.state = State::Accept;
        self.connection = -1;
        let length = self.octets(&16_i32.to_le_bytes());
        self.make(CallName::Accept, [int(self.listener), UserArg::Out(16), UserArg::InOut(length)])
    }

    /// A connection: the child's, once there is one. No connection: no descriptor or no file is free.
    pub(super) fn accepted(&mut self, done: &Answer<'_>) -> Next {
        if done.ret < 0 {
            return Next::Later;
        }
        self.connection = done.ret;
        if matches!(self.kind, ProgramKind::Daytime(_)) {
            return self.tell_the_time(done.clock);
        }
        self.state = State::Fork;
        self.make(CallName::Fork, [])
    }

    /// The listener goes on; without a child it keeps the connection and tries again.
    pub(super) fn forked(&mut self, child: i32) -> Next {
        if child < 0 {
            return Next::Later;
        }
        self.state = State::HandOver;
        self.make(CallName::Close, [int(self.connection)])
    }

    /// What a child does first.
    pub(super) fn serve(&mut self) -> Next {
        match self.kind {
            ProgramKind::Chargen(_) => self.begin_lines(),
            _ => self.read(),
        }
    }
}
