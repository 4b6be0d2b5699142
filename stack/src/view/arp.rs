//! The ARP table with its countdowns.

use crate::include::arp::{ARP_TIMEOUT, ATF_COM, ATF_PERM, ATF_PUBL, PROXY_HASH};
use crate::include::in_addr::InAddr;
use crate::kernel::Kernel;
use crate::view;
use crate::wire::names::hardware_address;

view! {
    /// One entry.
    ArpView {
        ip: InAddr, "Protocol address", "协议地址";
        ha: String, "Hardware address, empty while unknown", "硬件地址，未知时为空";
        flags: String, "COM complete, PERM permanent, PUBL published", "COM 完整，PERM 永久，PUBL 代理";
        dev: String, "Device behind which the host lives", "主机所在的设备";
        slot: usize, "Hash chain: last byte & 15, 16 = published", "哈希链：末字节 & 15，16 为代理表";
        resolved: bool, "The address is known", "地址已知";
        retries: i32, "Requests left while unresolved", "未解析时剩余的请求次数";
        waiting: usize, "Packets that wait for the answer", "等待应答的包数";
        next_request: Option<u32>, "Jiffies until the next request, while unresolved (the entry's own timer)", "未解析时距下一次请求的 jiffy 数（表项自己的定时器）";
        idle: u32, "Jiffies since the last use", "距上次使用的 jiffy 数";
        may_expire_in: Option<u32>, "Jiffies until a check may delete it; permanent entries never", "多少个 jiffy 之后检查可以删除它；永久表项不会";
    }
}

/// The table and the global timer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArpTableView {
    /// Entries, bucket by bucket, newest first in each.
    pub entries: Vec<ArpView>,
    /// Jiffies until arp_check_expire runs.
    pub next_check: Option<u32>,
}

impl ArpView {
    /// The first entry for an address.
    #[must_use]
    pub fn by_address(k: &Kernel, address: InAddr) -> Option<Self> {
        let chains = k.arp_tables.iter().enumerate();
        let mut entries = chains.flat_map(|(slot, chain)| chain.iter().map(move |entry| (slot, *entry)));
        let known = |entry| k.arp.get(entry).is_some_and(|entry| entry.ip == address);
        entries.find(|(_, entry)| known(*entry)).and_then(|(slot, entry)| entry_view(k, slot, entry))
    }
}

impl ArpTableView {
    /// The table of a kernel.
    #[must_use]
    pub fn of(k: &Kernel) -> Self {
        let entries = k
            .arp_tables
            .iter()
            .enumerate()
            .flat_map(|(slot, chain)| chain.iter().filter_map(move |entry| entry_view(k, slot, *entry)));
        let left = |expires: u32| (expires + 1).saturating_sub(k.jiffies.0);
        Self { entries: entries.collect(), next_check: k.arp_timer.queued.map(|(expires, _)| left(expires)) }
    }
}

fn entry_view(k: &Kernel, slot: usize, entry: crate::include::arp::ArpId) -> Option<ArpView> {
    let entry = k.arp.get(entry)?;
    let resolved = entry.flags & ATF_COM != 0;
    let permanent = entry.flags & ATF_PERM != 0;
    let mut flags = Vec::new();
    for (bit, name) in [(ATF_COM, "COM"), (ATF_PERM, "PERM"), (ATF_PUBL, "PUBL")] {
        if entry.flags & bit != 0 {
            flags.push(name);
        }
    }
    let idle = k.jiffies.since(entry.last_used);
    let address = || hardware_address(entry.ha.get(..usize::from(entry.hlen)).unwrap_or(&entry.ha));
    Some(ArpView {
        ip: entry.ip,
        ha: if resolved { address() } else { String::new() },
        flags: flags.join("|"),
        dev: k.device(entry.dev).name.clone(),
        slot,
        resolved,
        retries: if resolved { 0 } else { entry.retries },
        waiting: entry.skb.len(),
        next_request: entry.timer.queued.map(|(expires, _)| (expires + 1).saturating_sub(k.jiffies.0)),
        idle,
        may_expire_in: (!permanent && resolved && slot != PROXY_HASH).then(|| (ARP_TIMEOUT + 1).saturating_sub(idle)),
    })
}
