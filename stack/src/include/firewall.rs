//! Rules of the firewall and of IP accounting (include/linux/ip_fw.h), present with CONFIG_IP_FIREWALL and CONFIG_IP_ACCT.

use super::in_addr::InAddr;

/// Ports a rule may list.
pub const IP_FW_MAX_PORTS: usize = 10;
/// Octets of `struct ip_fw` as a process hands it over.
pub const SIZEOF_IP_FW: usize = 60;
/// The two lowest flag bits: what a rule is about.
pub const IP_FW_F_KIND: u16 = 0x003;
/// Kind: all protocols; also of a packet that is neither TCP, UDP nor ICMP.
pub const IP_FW_F_ALL: u16 = 0;
/// Kind: TCP.
pub const IP_FW_F_TCP: u16 = 1;
/// Kind: UDP.
pub const IP_FW_F_UDP: u16 = 2;
/// Kind: ICMP.
pub const IP_FW_F_ICMP: u16 = 3;
/// Every flag there is; 0x020 (print) among them, which does nothing here.
pub const IP_FW_F_MASK: u16 = 0x1ff;
/// Accept.
pub const IP_FW_F_ACCEPT: u16 = 0x004;
/// The source ports start with a range.
pub const IP_FW_F_SRNG: u16 = 0x008;
/// The destination ports start with a range.
pub const IP_FW_F_DRNG: u16 = 0x010;
/// Matches in both directions.
pub const IP_FW_F_BIDIR: u16 = 0x040;
/// Only a SYN without ACK.
pub const IP_FW_F_TCPSYN: u16 = 0x080;
/// A refusal draws an ICMP error.
pub const IP_FW_F_ICMPRPL: u16 = 0x100;

/// `struct ip_fw`: a rule.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct IpFw {
    /// Source. A bit outside its mask makes a rule that never matches.
    pub fw_src: InAddr,
    /// Mask of the source.
    pub fw_smsk: InAddr,
    /// Destination, likewise.
    pub fw_dst: InAddr,
    /// Mask of the destination.
    pub fw_dmsk: InAddr,
    /// Address of the interface, 0 = any.
    pub fw_via: InAddr,
    /// IP_FW_F_*; the lowest two bits are the kind: all, TCP, UDP, ICMP.
    pub fw_flg: u16,
    /// Source ports that count, 0 = any port.
    pub fw_nsp: u16,
    /// Destination ports that count, 0 = any port; together at most IP_FW_MAX_PORTS.
    pub fw_ndp: u16,
    /// The ports in host order, sources first, destinations from index `fw_nsp` on; what lies behind both stays as it was
    /// given.
    pub fw_pts: [u16; IP_FW_MAX_PORTS],
    /// Packets matched.
    pub fw_pcnt: u32,
    /// Bytes matched: lengths of their datagrams as their IP headers say them.
    pub fw_bcnt: u32,
}

impl IpFw {
    /// Reads `struct ip_fw` as it lies in memory on i386: the link to the next rule, five addresses, flags, two counts, ten
    /// ports, two octets of padding, two counters. What is not there reads as 0.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Self {
        let octet = |at: usize| bytes.get(at).copied().unwrap_or(0);
        let half = |at: usize| u16::from_le_bytes([octet(at), octet(at + 1)]);
        let word = |at: usize| u32::from_le_bytes([octet(at), octet(at + 1), octet(at + 2), octet(at + 3)]);
        let address = |at: usize| InAddr::from_octets([octet(at), octet(at + 1), octet(at + 2), octet(at + 3)]);
        Self {
            fw_src: address(4),
            fw_dst: address(8),
            fw_smsk: address(12),
            fw_dmsk: address(16),
            fw_via: address(20),
            fw_flg: half(24),
            fw_nsp: half(26),
            fw_ndp: half(28),
            fw_pts: std::array::from_fn(|index| half(30 + 2 * index)),
            fw_pcnt: word(52),
            fw_bcnt: word(56),
        }
    }
}

/// The chains and the policies that hold where no rule matches.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Firewall {
    /// Input and output.
    pub block: Vec<IpFw>,
    /// Forwarding.
    pub forward: Vec<IpFw>,
    /// Accounting.
    pub acct: Vec<IpFw>,
    /// Policy of the block chain (`ip_fw_blk_policy`, an int): IP_FW_F_ACCEPT and IP_FW_F_ICMPRPL of it are looked at; the
    /// whole word stays as a process wrote it, and /proc/net shows it with its sign.
    pub block_policy: i32,
    /// Policy of the forward chain (`ip_fw_fwd_policy`), likewise.
    pub forward_policy: i32,
}

impl Default for Firewall {
    fn default() -> Self {
        Self {
            block: Vec::new(),
            forward: Vec::new(),
            acct: Vec::new(),
            block_policy: i32::from(IP_FW_F_ACCEPT),
            forward_policy: i32::from(IP_FW_F_ACCEPT),
        }
    }
}
