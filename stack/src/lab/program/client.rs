//! The clients: get, which fetches a page, and client, which sends a text and reads the answer.

use super::{Next, Program, ProgramKind, State, int};
use crate::include::in_addr::{AF_INET, InAddr, SockaddrIn};
use crate::kernel::call::{CallName, UserArg};

impl Program {
    pub(super) fn connect(&mut self, fd: i32, address: InAddr, port: u16) -> Next {
        self.connection = fd;
        self.state = State::Connect;
        let address = SockaddrIn { sin_family: AF_INET, sin_port: port, sin_addr: address };
        self.make(CallName::Connect, [int(fd), UserArg::In(address.bytes().to_vec()), int(16)])
    }

    pub(super) fn connected(&mut self, result: i32) -> Next {
        if result < 0 {
            return self.close();
        }
        let text = match &self.kind {
            ProgramKind::Client { text, .. } => text.clone(),
            _ => b"GET / HTTP/1.0\r\n\r\n".to_vec(),
        };
        self.write(text)
    }
}
