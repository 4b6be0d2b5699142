//! What kept the stack from sending while it was replayed, read from its sock: the congestion window, the peer's window, a
//! retransmission under way, or a small segment that waits for company. A decision to send later has its reason here.
//! Promise: it is looked at and never touched, and only changes are kept.

use stack::Kernel;
use stack::include::seq::Seq;
use stack::include::sock::Sock;
use stack::include::tcp::TimeReason;

use crate::capture::machine::socks_between;
use crate::capture::segment::Endpoint;

/// The retransmission timeout of a sock that has measured nothing, in ticks.
const UNMEASURED: u32 = 300;
/// The shortest one, in ticks.
const SHORTEST: u32 = 20;

/// What keeps written data from being sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// Nothing waits.
    Nothing,
    /// As many segments are under way as the congestion window allows.
    Congestion,
    /// It ends beyond the window of the peer.
    Window,
    /// A retransmission is under way.
    Retransmission,
    /// It is less than a segment, and more may come.
    Partial,
}

/// How long the retransmission timeout is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timeout {
    /// Nothing was measured yet: 3 s.
    Unmeasured,
    /// The shortest there is: 0.2 s.
    Shortest,
    /// Another one.
    Measured,
}

/// The sending half of the sock from a time on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sender {
    /// Nanoseconds since 1970, at the place of capture.
    pub time_ns: u64,
    /// What keeps data waiting.
    pub wait: Wait,
    /// Its timeout.
    pub timeout: Timeout,
}

/// What held the sender back, change by change.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Senders(Vec<Sender>);

impl Senders {
    /// Looks at the sock between two ends, and notes what has changed.
    pub(super) fn look(&mut self, kernel: &Kernel, own: Endpoint, peer: Endpoint, time_ns: u64) {
        let Some((_, sock)) = socks_between(kernel, own, peer).next() else { return };
        // Every timeout doubles it.
        let timeout = match sock.rto.checked_shr(sock.backoff.into()).unwrap_or(0) {
            UNMEASURED => Timeout::Unmeasured,
            SHORTEST => Timeout::Shortest,
            _ => Timeout::Measured,
        };
        let sender = Sender { time_ns, wait: wait(kernel, sock), timeout };
        if self.0.last().is_none_or(|last| (last.wait, last.timeout) != (sender.wait, sender.timeout)) {
            self.0.push(sender);
        }
    }

    /// How it stood at a time; None before there was a sock.
    #[must_use]
    pub fn at(&self, time_ns: u64) -> Option<Sender> {
        let place = self.0.partition_point(|sender| sender.time_ns <= time_ns);
        place.checked_sub(1).and_then(|place| self.0.get(place)).copied()
    }
}

/// What the head of the write queue waits for, asked in the order in which `tcp_send_skb` asks.
fn wait(kernel: &Kernel, sock: &Sock) -> Wait {
    let head = sock.write_queue.iter().next().and_then(|skb| kernel.skb.get(*skb));
    let Some(head) = head else {
        return if sock.partial.is_some() { Wait::Partial } else { Wait::Nothing };
    };
    let end: Seq = head.h_seq;
    if end.after(sock.window_seq) {
        Wait::Window
    } else if sock.retransmits != 0 && sock.ip_xmit_timeout == TimeReason::Write {
        Wait::Retransmission
    } else if sock.packets_out >= sock.cong_window {
        Wait::Congestion
    } else {
        Wait::Nothing
    }
}
