//! IP: header layout, fragments and their queues (include/linux/ip.h, net/inet/ip.h), and the table of the protocols above.

use super::arena::Id;
use super::in_addr::InAddr;
use super::netdevice::DevId;
use super::seq::HZ;
use super::skbuff::{SkBuff, SkbId};
use super::timer::TimerList;
use crate::kernel::Kernel;

/// Protocol numbers.
pub const IPPROTO_IP: u8 = 0;
/// ICMP.
pub const IPPROTO_ICMP: u8 = 1;
/// IGMP.
pub const IPPROTO_IGMP: u8 = 2;
/// TCP.
pub const IPPROTO_TCP: u8 = 6;
/// UDP.
pub const IPPROTO_UDP: u8 = 17;
/// The user writes the IP header.
pub const IPPROTO_RAW: u8 = 255;

/// Don't fragment, in frag_off.
pub const IP_DF: u16 = 0x4000;
/// More fragments, in frag_off.
pub const IP_MF: u16 = 0x2000;
/// The offset bits of frag_off, in units of 8 octets.
pub const IP_OFFSET: u16 = 0x1fff;
/// Ticks a reassembly waits after the latest fragment: 30 s.
pub const IP_FRAG_TIME: u32 = 30 * HZ;
/// Octets of an IP header without options.
pub const IP_HEADER: usize = 20;
/// Longest TTL.
pub const MAXTTL: u8 = 255;
/// Buckets of the protocol table.
pub const MAX_INET_PROTOS: usize = 32;

/// SOPRI_INTERACTIVE.
pub const SOPRI_INTERACTIVE: u8 = 0;
/// SOPRI_NORMAL.
pub const SOPRI_NORMAL: u8 = 1;
/// SOPRI_BACKGROUND.
pub const SOPRI_BACKGROUND: u8 = 2;

/// `struct iphdr`, numbers in host order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct IpHdr {
    /// Version, 4.
    pub version: u8,
    /// Header length in words of 4 octets.
    pub ihl: u8,
    /// Type of service.
    pub tos: u8,
    /// Length of the datagram.
    pub tot_len: u16,
    /// Identification.
    pub id: u16,
    /// Fragment flags and offset.
    pub frag_off: u16,
    /// Time to live.
    pub ttl: u8,
    /// Protocol above.
    pub protocol: u8,
    /// Header checksum.
    pub check: u16,
    /// Source.
    pub saddr: InAddr,
    /// Destination.
    pub daddr: InAddr,
}

impl IpHdr {
    /// Reads the header at an offset of a buffer; octets that are not there read as zero.
    #[must_use]
    pub fn read(skb: &SkBuff, at: usize) -> Self {
        let [first, tos, l0, l1, i0, i1, f0, f1, ttl, protocol, c0, c1, s0, s1, s2, s3, d0, d1, d2, d3] =
            skb.octets_at::<IP_HEADER>(at);
        Self {
            version: first >> 4,
            ihl: first & 15,
            tos,
            tot_len: u16::from_be_bytes([l0, l1]),
            id: u16::from_be_bytes([i0, i1]),
            frag_off: u16::from_be_bytes([f0, f1]),
            ttl,
            protocol,
            check: u16::from_be_bytes([c0, c1]),
            saddr: InAddr::from_octets([s0, s1, s2, s3]),
            daddr: InAddr::from_octets([d0, d1, d2, d3]),
        }
    }

    /// The first 20 octets of the header as they go on the wire.
    #[must_use]
    pub fn bytes(&self) -> [u8; IP_HEADER] {
        let mut bytes = [0; IP_HEADER];
        bytes[0] = self.version << 4 | (self.ihl & 15);
        bytes[1] = self.tos;
        bytes[2..4].copy_from_slice(&self.tot_len.to_be_bytes());
        bytes[4..6].copy_from_slice(&self.id.to_be_bytes());
        bytes[6..8].copy_from_slice(&self.frag_off.to_be_bytes());
        bytes[8] = self.ttl;
        bytes[9] = self.protocol;
        bytes[10..12].copy_from_slice(&self.check.to_be_bytes());
        bytes[12..16].copy_from_slice(&self.saddr.octets());
        bytes[16..20].copy_from_slice(&self.daddr.octets());
        bytes
    }

    /// Octets of the header with its options.
    #[must_use]
    pub fn header_len(&self) -> usize {
        usize::from(self.ihl) * 4
    }
}

/// Names a reassembly queue.
pub type IpqId = Id<Ipq>;

/// `struct ipfrag`: one fragment that waits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IpFrag {
    /// First octet of the datagram's payload that this fragment gives.
    pub offset: i32,
    /// Octet behind the last.
    pub end: i32,
    /// end - offset; may be zero or negative after an overlap was cut.
    pub len: i32,
    /// The buffer.
    pub skb: SkbId,
    /// Offset in the buffer of the first octet used.
    pub ptr: usize,
}

/// `struct ipq`: a datagram in reassembly.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Ipq {
    /// Link header of the first fragment that arrived.
    pub mac: Vec<u8>,
    /// IP header of the first fragment that arrived, options and 8 octets included.
    pub iph: Vec<u8>,
    /// Payload length; 0 until the last fragment is seen.
    pub len: i32,
    /// Octets of IP header.
    pub ihlen: u16,
    /// Octets of link header.
    pub maclen: u16,
    /// ip_expire.
    pub timer: TimerList,
    /// Fragments by offset.
    pub fragments: Vec<IpFrag>,
    /// Device it came in on.
    pub dev: DevId,
}

/// What the handlers of the protocol table are called with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Delivery {
    /// The buffer, `h_raw` at the transport header.
    pub skb: SkbId,
    /// Device it came in on.
    pub dev: DevId,
    /// Options were present (they have no effect).
    pub opt: bool,
    /// Destination of the datagram.
    pub daddr: InAddr,
    /// Octets behind the IP header.
    pub len: u16,
    /// Source of the datagram.
    pub saddr: InAddr,
    /// Replayed by release_sock.
    pub redo: bool,
}

/// `struct inet_protocol`: a protocol above IP.
#[derive(Clone, Copy)]
pub struct InetProtocol {
    /// "TCP" ...
    pub name: &'static str,
    /// Number.
    pub protocol: u8,
    /// Takes a datagram.
    pub handler: fn(&mut Kernel, Delivery),
    /// Takes an ICMP error: (type << 8 | code, buffer, offset of the quoted IP header, quoted daddr, quoted saddr).
    pub err_handler: Option<fn(&mut Kernel, u16, SkbId, usize, InAddr, InAddr)>,
    /// Another entry with this number follows, so this one gets a copy.
    pub copy: bool,
}

impl PartialEq for InetProtocol {
    fn eq(&self, other: &Self) -> bool {
        (self.name, self.protocol, self.copy) == (other.name, other.protocol, other.copy)
    }
}
impl std::hash::Hash for InetProtocol {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (self.name, self.protocol, self.copy).hash(state);
    }
}
impl std::fmt::Debug for InetProtocol {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.name, self.protocol)
    }
}

/// Groups one socket may join.
pub const IP_MAX_MEMBERSHIPS: usize = 20;

/// Names a socket's table of groups.
pub type IpMcSocklistId = Id<IpMcSocklist>;

/// The groups of a socket (`struct ip_mc_socklist`), made when it joins its first. A TCP child shares its listener's.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct IpMcSocklist {
    /// Group and interface of each membership; None: the place is free. Filled from the last place to the first.
    pub places: [Option<(InAddr, DevId)>; IP_MAX_MEMBERSHIPS],
}

/// A multicast group joined on a device (`struct ip_mc_list`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct IpMcList {
    /// Device.
    pub interface: DevId,
    /// Group.
    pub multiaddr: InAddr,
    /// Report timer.
    pub timer: TimerList,
    /// The timer runs.
    pub tm_running: bool,
    /// Sockets that joined, and 1 for the group of all hosts; 0: the entry is free.
    pub users: u32,
}
