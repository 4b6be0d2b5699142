//! What every server of connections does: socket, bind, listen, and for each connection accept, fork, close.

use super::{Next, Program, ProgramKind, State, call, int};
use crate::include::in_addr::{AF_INET, InAddr, SockaddrIn};
use crate::include::socket::{SO_REUSEADDR, SOCK_DGRAM, SOCK_STREAM, SOL_SOCKET};
use crate::kernel::call::{CallName, UserArg, UserCall};

/// Connections that may wait for accept.
const BACKLOG: i32 = 5;

impl Program {
    pub(super) fn open(&self) -> Next {
        let kind = if self.serves_datagrams() { SOCK_DGRAM } else { SOCK_STREAM };
        call(CallName::Socket, vec![int(AF_INET.into()), int(kind.into()), int(0)])
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
        call(CallName::Setsockopt, vec![int(fd), int(SOL_SOCKET), int(SO_REUSEADDR), one, int(4)])
    }

    pub(super) fn bind(&mut self) -> Next {
        self.state = State::Bind;
        let address = SockaddrIn { sin_family: AF_INET, sin_port: self.port(), sin_addr: InAddr::ANY };
        call(CallName::Bind, vec![int(self.listener), UserArg::In(address.bytes().to_vec()), int(16)])
    }

    pub(super) fn bound(&mut self, result: i32) -> Next {
        if result < 0 {
            return self.finish();
        }
        if self.serves_datagrams() {
            return self.receive_datagram();
        }
        self.state = State::Listen;
        call(CallName::Listen, vec![int(self.listener), int(BACKLOG)])
    }

    pub(super) fn accept(&mut self) -> Next {
        self.state = State::Accept;
        self.connection = -1;
        Next::Call(self.accept_call())
    }

    fn accept_call(&self) -> UserCall {
        let length = UserArg::InOut(16_i32.to_le_bytes().to_vec());
        UserCall::new(CallName::Accept, vec![int(self.listener), UserArg::Out(16), length])
    }

    /// A connection: the child's, once there is one. No connection: no descriptor or no file is free.
    pub(super) fn accepted(&mut self, fd: i32, clock: u64) -> Next {
        if fd < 0 {
            return Next::Later(self.accept_call());
        }
        self.connection = fd;
        if matches!(self.kind, ProgramKind::Daytime(_)) {
            return self.tell_the_time(clock);
        }
        self.state = State::Fork;
        call(CallName::Fork, Vec::new())
    }

    /// The listener goes on; without a child it keeps the connection and tries again.
    pub(super) fn forked(&mut self, child: i32) -> Next {
        if child < 0 {
            return Next::Later(UserCall::new(CallName::Fork, Vec::new()));
        }
        self.state = State::HandOver;
        call(CallName::Close, vec![int(self.connection)])
    }

    /// What a child does first.
    pub(super) fn serve(&mut self) -> Next {
        match self.kind {
            ProgramKind::Chargen(_) => self.begin_lines(),
            _ => self.read(),
        }
    }
}
