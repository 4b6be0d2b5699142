//! The small services over UDP: one process for all clients, which takes a datagram, answers it, and takes the next.

use super::{Answer, BUFFER, Next, Program, ProgramKind, State, chargen, daytime, int};
use crate::kernel::call::{CallName, UserArg};

impl Program {
    pub(super) fn serves_datagrams(&self) -> bool {
        matches!(
            self.kind,
            ProgramKind::UdpEcho(_)
                | ProgramKind::UdpDiscard(_)
                | ProgramKind::UdpDaytime(_)
                | ProgramKind::UdpChargen(_)
        )
    }

    pub(super) fn receive_datagram(&mut self) -> Next {
        self.state = State::Datagram;
        let length = self.octets(&16_i32.to_le_bytes());
        let args = [
            int(self.listener),
            UserArg::Out(BUFFER),
            int(BUFFER as i32),
            int(0),
            UserArg::Out(16),
            UserArg::InOut(length),
        ];
        self.make(CallName::Recvfrom, args)
    }

    pub(super) fn have_datagram(&mut self, done: &Answer<'_>) -> Next {
        if done.ret < 0 {
            return Next::Later;
        }
        let answer = match self.kind {
            ProgramKind::UdpDiscard(_) => return self.receive_datagram(),
            ProgramKind::UdpDaytime(_) => daytime::line(done.clock),
            ProgramKind::UdpChargen(_) => {
                self.lines = self.lines.wrapping_add(1);
                self.octets(chargen::line(self.lines))
            }
            _ => self.octets(done.data()),
        };
        self.state = State::Reply;
        let (length, address) = (answer.len() as i32, self.octets(done.out[1]));
        let args = [int(self.listener), UserArg::In(answer), int(length), int(0), UserArg::In(address), int(16)];
        self.make(CallName::Sendto, args)
    }
}
