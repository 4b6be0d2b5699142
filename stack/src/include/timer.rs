//! `struct timer_list` (include/linux/timer.h) and who owns one.

use super::arp::ArpId;
use super::ip::IpqId;
use super::netdevice::DevId;
use super::sock::SockId;
use crate::kernel::Kernel;

/// The owner and role of a timer: what a pointer to a timer_list tells the original.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TimerId {
    /// `sk->timer`, function net_timer, reason in `sk->timeout`.
    Sock(SockId),
    /// `sk->retransmit_timer`, reason in `sk->ip_xmit_timeout`.
    Retransmit(SockId),
    /// `sk->partial_timer`.
    Partial(SockId),
    /// The global arp_timer.
    ArpCheck,
    /// The timer of one unresolved ARP entry.
    ArpEntry(ArpId),
    /// The timer of one reassembly queue.
    IpExpire(IpqId),
    /// The report timer of a multicast group (its index in `Kernel::multicast`).
    Igmp(u32),
    /// The pause of the loopback ([`crate::drivers::loopback::FRAMES_A_TICK`]), which 1.2.13 does not have.
    Loopback(DevId),
}

/// A timer's function: upward call through data, as in the original.
#[derive(Clone, Copy)]
pub struct TimerFunction {
    /// Name as the trace shows it.
    pub name: &'static str,
    /// The function; its argument tells whose timer it is.
    pub call: fn(&mut Kernel, TimerId),
}

impl PartialEq for TimerFunction {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}
impl Eq for TimerFunction {}
impl std::hash::Hash for TimerFunction {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}
impl std::fmt::Debug for TimerFunction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// A timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct TimerList {
    /// Relative ticks while idle, absolute jiffies while queued, remaining ticks after del_timer.
    pub expires: u32,
    /// What it does; None until somebody sets it.
    pub function: Option<TimerFunction>,
    /// Place in the kernel's list while queued: (expires, order among equals).
    pub queued: Option<(u32, u64)>,
}
