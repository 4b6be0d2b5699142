//! All running timers with their countdowns, derived from the timer list.

use crate::include::arena::Id;
use crate::include::timer::TimerId;
use crate::kernel::Kernel;
use crate::kernel::timer::{Queued, sock_of};
use crate::view;

view! {
    /// One running timer.
    TimerView {
        function: &'static str, "What it calls", "到期时调用的函数";
        owner: String, "Whose it is", "属于谁";
        reason: &'static str, "Why it runs", "运行的原因";
        expires: u32, "Jiffy after which it fires", "到期的 jiffy";
        left: u32, "Jiffies until it fires (a timer of N jiffies fires on tick N+1)", "距触发的 jiffy 数（N 个 jiffy 的定时器在第 N+1 次时钟中断触发）";
    }
}

impl TimerView {
    /// All running timers in the order in which they will fire.
    #[must_use]
    pub fn all(k: &Kernel) -> Vec<Self> {
        k.timers.iter().map(|((expires, _), timer)| Self::of(k, *expires, timer)).collect()
    }

    /// The first that calls a function (for a sock).
    #[must_use]
    pub fn first(k: &Kernel, function: &str, sock: Option<u32>) -> Option<Self> {
        let owned = |id: TimerId| sock_of(id).map(Id::serial);
        let wanted = |timer: &Queued| timer.function.name == function && (sock.is_none() || owned(timer.id) == sock);
        let found = k.timers.iter().find(|(_, timer)| wanted(timer));
        found.map(|((expires, _), timer)| Self::of(k, *expires, timer))
    }

    /// The place in the list (the next one to fire being 0) of the first that calls a function and belongs to this owner.
    #[must_use]
    pub fn place(k: &Kernel, function: &str, whose: &str) -> Option<u32> {
        let wanted = |timer: &Queued| timer.function.name == function && owner(k, timer.id).0 == whose;
        let place = k.timers.iter().position(|(_, timer)| wanted(timer))?;
        u32::try_from(place).ok()
    }

    fn of(k: &Kernel, expires: u32, timer: &Queued) -> Self {
        let (owner, reason) = owner(k, timer.id);
        let left = (expires + 1).saturating_sub(k.jiffies.0);
        Self { function: timer.function.name, owner, reason, expires, left }
    }
}

fn owner(k: &Kernel, id: TimerId) -> (String, &'static str) {
    match id {
        TimerId::Sock(sk) => (format!("sk#{}", sk.serial()), k.sock.get(sk).map_or("", |sock| sock.timeout.name())),
        TimerId::Retransmit(sk) => {
            (format!("sk#{}", sk.serial()), k.sock.get(sk).map_or("", |sock| sock.ip_xmit_timeout.name()))
        }
        TimerId::Partial(sk) => (format!("sk#{}", sk.serial()), "partial"),
        TimerId::ArpCheck => ("arp".to_owned(), "check"),
        TimerId::Loopback(dev) => (k.device(dev).name.clone(), "pause"),
        TimerId::ArpEntry(entry) => {
            (k.arp.get(entry).map_or_else(String::new, |entry| entry.ip.to_string()), "request")
        }
        TimerId::IpExpire(queue) => (format!("ipq#{}", queue.serial()), "reassembly"),
        TimerId::Igmp(group) => {
            let group = k.multicast.get(group as usize);
            (group.map_or_else(String::new, |group| group.multiaddr.to_string()), "report")
        }
    }
}
