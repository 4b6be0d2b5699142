//! The small services over UDP: one process for all clients, which takes a datagram, answers it, and takes the next.

use super::{BUFFER, Next, Program, ProgramKind, State, call, chargen, daytime, int, octets_read};
use crate::kernel::Completion;
use crate::kernel::call::{CallName, UserArg, UserCall};

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
        Next::Call(self.receive_call())
    }

    fn receive_call(&self) -> UserCall {
        let args = vec![
            int(self.listener),
            UserArg::Out(BUFFER),
            int(BUFFER as i32),
            int(0),
            UserArg::Out(16),
            UserArg::InOut(16_i32.to_le_bytes().to_vec()),
        ];
        UserCall::new(CallName::Recvfrom, args)
    }

    pub(super) fn have_datagram(&mut self, done: &Completion, clock: u64) -> Next {
        let address = done.out.get(1).filter(|_| done.ret >= 0);
        let Some(address) = address else { return Next::Later(self.receive_call()) };
        let answer = match self.kind {
            ProgramKind::UdpDiscard(_) => return self.receive_datagram(),
            ProgramKind::UdpDaytime(_) => daytime::line(clock),
            ProgramKind::UdpChargen(_) => {
                self.lines = self.lines.wrapping_add(1);
                chargen::line(self.lines).to_vec()
            }
            _ => octets_read(done).to_vec(),
        };
        self.state = State::Reply;
        let length = answer.len() as i32;
        let args =
            vec![int(self.listener), UserArg::In(answer), int(length), int(0), UserArg::In(address.clone()), int(16)];
        call(CallName::Sendto, args)
    }
}
