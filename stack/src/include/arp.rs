//! The ARP table (net/inet/arp.h, include/linux/if_arp.h).

use super::arena::Id;
use super::in_addr::InAddr;
use super::netdevice::{DevId, MAX_ADDR_LEN};
use super::seq::{HZ, Jiffies};
use super::skbuff::SkBuffHead;
use super::timer::TimerList;

/// Names an ARP entry.
pub type ArpId = Id<ArpTable>;

/// Ticks between two requests for one address: 25 s.
pub const ARP_RES_TIME: u32 = 250 * (HZ / 10);
/// Requests before giving up.
pub const ARP_MAX_TRIES: i32 = 3;
/// Ticks after which an unused entry may be dropped: 10 min.
pub const ARP_TIMEOUT: u32 = 600 * HZ;
/// Ticks between two runs of arp_check_expire: 60 s.
pub const ARP_CHECK_INTERVAL: u32 = 60 * HZ;
/// Hash buckets of ordinary entries.
pub const ARP_TABLE_SIZE: usize = 16;
/// Index of the list of published entries.
pub const PROXY_HASH: usize = 16;

/// Entry complete.
pub const ATF_COM: u32 = 0x02;
/// Permanent entry.
pub const ATF_PERM: u32 = 0x04;
/// Published (proxy) entry.
pub const ATF_PUBL: u32 = 0x08;
/// Proxy entry with a netmask.
pub const ATF_NETMASK: u32 = 0x20;

/// Opcode of a request.
pub const ARPOP_REQUEST: u16 = 1;
/// Opcode of a reply.
pub const ARPOP_REPLY: u16 = 2;
/// Opcode of a reverse request: "which address have I?"
pub const ARPOP_RREQUEST: u16 = 3;
/// Opcode of a reverse reply.
pub const ARPOP_RREPLY: u16 = 4;

/// `struct rarp_table`: the address of a station that may ask for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RarpTable {
    /// Its protocol address.
    pub ip: InAddr,
    /// Its hardware address.
    pub ha: [u8; MAX_ADDR_LEN],
    /// Octets of it that count.
    pub hlen: u8,
    /// Hardware type.
    pub htype: u16,
    /// Device behind which it lives.
    pub dev: DevId,
}

/// `struct arp_table`: one mapping.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct ArpTable {
    /// Last use or refresh.
    pub last_used: Jiffies,
    /// ATF_*.
    pub flags: u32,
    /// Protocol address.
    pub ip: InAddr,
    /// All ones, or the netmask of a published entry.
    pub mask: InAddr,
    /// Hardware address.
    pub ha: [u8; MAX_ADDR_LEN],
    /// Octets of it that count.
    pub hlen: u8,
    /// Hardware type.
    pub htype: u16,
    /// Device behind which the host lives.
    pub dev: DevId,
    /// Runs only while the entry is unresolved.
    pub timer: TimerList,
    /// Tries left, while unresolved.
    pub retries: i32,
    /// Packets that wait for the answer.
    pub skb: SkBuffHead,
}
