//! `struct device`, packet types and the flags of an interface (include/linux/netdevice.h, if.h, if_ether.h).

use super::in_addr::InAddr;
use super::seq::Jiffies;
use super::skbuff::{SkBuffHead, SkbId};
use super::sock::SockId;
use super::timer::TimerList;
use crate::kernel::Kernel;

/// The account of the loopback. 1.2.13 keeps none: there, code takes time.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct LoopbackPace {
    /// When the last frame passed.
    pub tick: Jiffies,
    /// Frames that have passed, less those for which there has been time since.
    pub frames: u32,
    /// Runs while the device rests until the next tick.
    pub timer: TimerList,
}

/// Index of a device in `dev_base` order; 0 is lo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct DevId(pub u8);

/// Room for a hardware address.
pub const MAX_ADDR_LEN: usize = 7;
/// Output queues of a device, 0 the most urgent.
pub const DEV_NUMBUFFS: usize = 3;
/// Octets of an Ethernet address.
pub const ETH_ALEN: usize = 6;
/// Octets of an Ethernet header.
pub const ETH_HLEN: usize = 14;
/// Shortest frame on the wire, without checksum.
pub const ETH_ZLEN: usize = 60;
/// Ethertype of IP.
pub const ETH_P_IP: u16 = 0x0800;
/// Ethertype of ARP.
pub const ETH_P_ARP: u16 = 0x0806;
/// Ethertype of RARP.
pub const ETH_P_RARP: u16 = 0x8035;
/// Pseudo type: Novell's raw 802.3.
pub const ETH_P_802_3: u16 = 0x0001;
/// Pseudo type: every frame.
pub const ETH_P_ALL: u16 = 0x0003;
/// Pseudo type: 802.2 frames.
pub const ETH_P_802_2: u16 = 0x0004;
/// Hardware type of Ethernet.
pub const ARPHRD_ETHER: u16 = 1;
/// Hardware type of ARCnet.
pub const ARPHRD_ARCNET: u16 = 7;

/// Interface flags.
pub const IFF_UP: u16 = 0x1;
/// It has a broadcast address.
pub const IFF_BROADCAST: u16 = 0x2;
/// It is the loopback.
pub const IFF_LOOPBACK: u16 = 0x8;
/// Point-to-point link.
pub const IFF_POINTOPOINT: u16 = 0x10;
/// Resources allocated.
pub const IFF_RUNNING: u16 = 0x40;
/// No ARP on this link.
pub const IFF_NOARP: u16 = 0x80;
/// Receive everything.
pub const IFF_PROMISC: u16 = 0x100;
/// Receive all multicast.
pub const IFF_ALLMULTI: u16 = 0x200;
/// Multicast capable.
pub const IFF_MULTICAST: u16 = 0x1000;

/// What ip_chk_addr finds an address to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AddressKind {
    /// 0: somebody else's, or unknown.
    Other,
    /// IS_MYADDR 1.
    MyAddr,
    /// IS_BROADCAST 3.
    Broadcast,
    /// IS_MULTICAST 5.
    Multicast,
}

/// What SIOCSIFFLAGS and dev_close announce.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NetdevEvent {
    /// NETDEV_UP 1.
    Up,
    /// NETDEV_DOWN 2.
    Down,
}

/// `struct notifier_block`: who is told that a device goes up or down. The newest stands behind the older ones.
#[derive(Clone, Copy)]
pub struct NotifierBlock {
    /// Name of the function.
    pub name: &'static str,
    /// The function.
    pub notifier_call: fn(&mut Kernel, NetdevEvent, DevId),
}

impl PartialEq for NotifierBlock {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}
impl std::hash::Hash for NotifierBlock {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}
impl std::fmt::Debug for NotifierBlock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// The methods of a device: tables of functions, as in the original.
pub struct DeviceOps {
    /// Name of the driver.
    pub name: &'static str,
    /// Sends a frame; 0 = the driver owns it now, 1 = busy. `None` asks for a lost interrupt to be made good.
    pub hard_start_xmit: fn(&mut Kernel, Option<SkbId>, DevId) -> i32,
    /// Writes the link header for (type, destination, source, length); negative = the destination is still unknown.
    pub hard_header:
        fn(&mut Kernel, SkbId, DevId, u16, Option<[u8; MAX_ADDR_LEN]>, Option<[u8; MAX_ADDR_LEN]>, u32) -> i32,
    /// Completes the link header for a next hop; true = the packet must wait.
    pub rebuild_header: fn(&mut Kernel, SkbId, DevId, InAddr) -> bool,
    /// Reads the link header: sets pkt_type and returns the protocol.
    pub type_trans: fn(&mut Kernel, SkbId, DevId) -> u16,
    /// Called when the interface goes up.
    pub open: fn(&mut Kernel, DevId),
    /// Programs the card's filter: how many group addresses (-1: the device is promiscuous, and no list is given), and
    /// which; None where the driver cannot.
    pub set_multicast_list: Option<fn(&mut Kernel, DevId, i32, &[[u8; ETH_ALEN]])>,
}

/// `struct dev_mc_list`: a group address that a device wants to hear.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DevMcList {
    /// The hardware address.
    pub dmi_addr: [u8; MAX_ADDR_LEN],
    /// How many want it.
    pub dmi_users: u32,
}

/// Driver statistics (struct enet_statistics) as far as the drivers here count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct EnetStatistics {
    /// Frames received.
    pub rx_packets: u32,
    /// Frames sent.
    pub tx_packets: u32,
    /// Frames the card had to drop.
    pub rx_dropped: u32,
    /// Transmissions that failed.
    pub tx_errors: u32,
}

/// A network device.
#[derive(Clone, Debug)]
pub struct Device {
    /// "lo", "eth0" ...
    pub name: String,
    /// Methods.
    pub ops: &'static DeviceOps,
    /// IFF_*.
    pub flags: u16,
    /// The driver is sending.
    pub tbusy: bool,
    /// Address family.
    pub family: u16,
    /// Metric, unused.
    pub metric: i32,
    /// Largest datagram.
    pub mtu: u16,
    /// Hardware type.
    pub type_: u16,
    /// Octets of link header.
    pub hard_header_len: u16,
    /// Link-level broadcast address.
    pub broadcast: [u8; MAX_ADDR_LEN],
    /// Own hardware address.
    pub dev_addr: [u8; MAX_ADDR_LEN],
    /// Octets of a hardware address.
    pub addr_len: u8,
    /// Own protocol address.
    pub pa_addr: InAddr,
    /// Broadcast address.
    pub pa_brdaddr: InAddr,
    /// Peer of a point-to-point link.
    pub pa_dstaddr: InAddr,
    /// Netmask.
    pub pa_mask: InAddr,
    /// Time of the last transmission.
    pub trans_start: Jiffies,
    /// Output queues by priority.
    pub buffs: [SkBuffHead; DEV_NUMBUFFS],
    /// Counters.
    pub stats: EnetStatistics,
    /// Group addresses that the device wants to hear; `mc_count` is their number.
    pub mc_list: Vec<DevMcList>,
    /// Groups joined on this device (with CONFIG_IP_MULTICAST): indices into `Kernel::multicast`.
    pub ip_mc_list: Vec<u32>,
    /// The card pads short frames to ETH_ZLEN before the stack sees them.
    pub pads: bool,
    /// The card drops frames for other stations.
    pub filters: bool,
    /// The group addresses that the card's filter lets through, as its driver last programmed it.
    pub card_groups: Vec<[u8; ETH_ALEN]>,
    /// Frames handed to the wire by this step, in order; the laboratory takes them.
    pub outbox: Vec<Vec<u8>>,
}

impl PartialEq for Device {
    fn eq(&self, other: &Self) -> bool {
        let same_place = |device: &Self| {
            (device.flags, device.tbusy, device.family, device.metric, device.mtu, device.type_, device.hard_header_len)
        };
        let same_addresses = |device: &Self| {
            (device.broadcast, device.dev_addr, device.pa_addr, device.pa_brdaddr, device.pa_dstaddr, device.pa_mask)
        };
        self.name == other.name
            && self.ops.name == other.ops.name
            && same_place(self) == same_place(other)
            && same_addresses(self) == same_addresses(other)
            && (self.addr_len, self.trans_start, self.stats, self.pads, self.filters)
                == (other.addr_len, other.trans_start, other.stats, other.pads, other.filters)
            && self.buffs == other.buffs
            && (&self.ip_mc_list, &self.mc_list, &self.card_groups)
                == (&other.ip_mc_list, &other.mc_list, &other.card_groups)
            && self.outbox == other.outbox
    }
}

impl std::hash::Hash for Device {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.name.hash(state);
        (self.flags, self.tbusy, self.mtu, self.pa_addr, self.pa_mask, self.pa_brdaddr).hash(state);
        (self.dev_addr, self.trans_start, self.stats).hash(state);
        (&self.mc_list, &self.ip_mc_list, &self.card_groups).hash(state);
        self.buffs.hash(state);
        self.outbox.hash(state);
    }
}

impl std::fmt::Debug for DeviceOps {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// `struct packet_type`: who wants frames of a type.
#[derive(Clone, Copy)]
pub struct PacketType {
    /// Ethertype, or ETH_P_ALL.
    pub type_: u16,
    /// Only from this device.
    pub dev: Option<DevId>,
    /// Name of the handler.
    pub name: &'static str,
    /// The handler.
    pub func: fn(&mut Kernel, SkbId, DevId, &PacketType),
    /// The packet socket behind it.
    pub data: Option<SockId>,
}

impl PartialEq for PacketType {
    fn eq(&self, other: &Self) -> bool {
        (self.type_, self.dev, self.name, self.data) == (other.type_, other.dev, other.name, other.data)
    }
}
impl std::hash::Hash for PacketType {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (self.type_, self.dev, self.name, self.data).hash(state);
    }
}
impl std::fmt::Debug for PacketType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04x} {}", self.type_, self.name)
    }
}
