//! The firewall and IP accounting (net/inet/ip_fw.c), present with CONFIG_IP_FIREWALL and CONFIG_IP_ACCT: what becomes of a
//! datagram that meets the rules.
//!
//! The rules are data of the kernel (`Kernel::firewall`); how they get there is told in the room ip_fw_ctl. The first that
//! matches decides, else the policy of the chain. For accounting every rule that matches counts, and none decides.

use kfn::kfn;

use crate::include::errno::{Errno, KResult, fail};
use crate::include::firewall::{
    IP_FW_F_ACCEPT, IP_FW_F_ALL, IP_FW_F_BIDIR, IP_FW_F_DRNG, IP_FW_F_ICMP, IP_FW_F_ICMPRPL, IP_FW_F_KIND,
    IP_FW_F_SRNG, IP_FW_F_TCP, IP_FW_F_TCPSYN, IP_FW_F_UDP, IpFw,
};
use crate::include::in_addr::InAddr;
use crate::include::ip::{IP_OFFSET, IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP, IpHdr};
use crate::include::netdevice::DevId;
use crate::include::skbuff::SkbId;
use crate::kernel::Kernel;
use crate::kernel::probe::{Arg, ToArg, Word};
use crate::note;

/// Octet of a TCP header that holds SYN and ACK.
const TCP_FLAGS: usize = 13;
/// SYN and ACK in it.
const SYN_ACK: u8 = 0x12;
/// SYN alone.
const SYN: u8 = 0x02;
/// Octets of a transport's header that are looked at.
const TRANSPORT: usize = TCP_FLAGS + 1;
/// Octets of an IP header without options.
const IP_HEADER: usize = 20;
/// Words of 32 bits in it.
const IP_HEADER_WORDS: u8 = 5;
/// Where `struct ip_fwpkt` holds the address of an interface: behind an IP header and room for one of TCP.
const FWP_VIA: usize = 40;
/// Octets of `struct ip_fwpkt`.
const SIZEOF_IP_FWPKT: usize = 44;

/// Which rules are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirewallChain {
    /// Datagrams that come in or go out (`ip_fw_blk_chain`).
    Block,
    /// Datagrams that are forwarded (`ip_fw_fwd_chain`).
    Forward,
    /// Datagrams that are counted (`ip_acct_chain`).
    Account,
}

impl ToArg for FirewallChain {
    fn to_arg(&self) -> Arg {
        Arg::Word(match self {
            Self::Block => Word::IpFwBlkChain,
            Self::Forward => Word::IpFwFwdChain,
            Self::Account => Word::IpAcctChain,
        })
    }
}

/// What the rules are asked for: the argument `opt` of ip_fw_chk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirewallUse {
    /// 0: the first rule that matches decides and counts.
    Decide,
    /// 1: every rule that matches counts.
    Count,
    /// 2: the first rule that matches decides; nothing is counted.
    Test,
}

impl ToArg for FirewallUse {
    fn to_arg(&self) -> Arg {
        Arg::Int(match self {
            Self::Decide => 0,
            Self::Count => 1,
            Self::Test => 2,
        })
    }
}

/// What the rules compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IpFwPkt {
    src: InAddr,
    dst: InAddr,
    /// Address of the interface that the packet takes.
    via: InAddr,
    /// IP_FW_F_TCP, UDP, ICMP, or ALL for every other protocol.
    kind: u16,
    /// Source and destination port; both 0 where there are none.
    ports: (u16, u16),
    /// SYN without ACK, of a first fragment.
    opens: bool,
    length: u16,
    later_fragment: bool,
}

impl ToArg for IpFwPkt {
    fn to_arg(&self) -> Arg {
        Arg::Bytes(u32::from(self.length))
    }
}

impl IpFwPkt {
    /// The datagram in a buffer, whose IP header stands at `iph`, on its way through a device.
    #[must_use]
    pub fn of_buffer(k: &Kernel, skb: SkbId, iph: usize, dev: DevId) -> Self {
        let buffer = &k.skb[skb];
        let header = IpHdr::read(buffer, iph);
        let transport = iph + header.header_len();
        let octets: [u8; TRANSPORT] = std::array::from_fn(|index| buffer.u8_at(transport + index));
        Self::of(&header, octets, k.device(dev).pa_addr)
    }

    /// The packet that a process asks about (`struct ip_fwpkt`, or more octets than it has): EINVAL for fewer, and for a
    /// header with options. Its version is not looked at.
    pub(super) fn of_request(request: &[u8]) -> KResult<Self> {
        let Some(packet) = request.first_chunk::<SIZEOF_IP_FWPKT>() else { return fail(Errno::EINVAL) };
        if packet[0] & 15 != IP_HEADER_WORDS {
            return fail(Errno::EINVAL);
        }
        let word = |at: usize| u16::from_be_bytes([packet[at], packet[at + 1]]);
        let address = |at: usize| InAddr::from_octets([packet[at], packet[at + 1], packet[at + 2], packet[at + 3]]);
        let iph = IpHdr {
            tot_len: word(2),
            frag_off: word(6),
            protocol: packet[9],
            saddr: address(12),
            daddr: address(16),
            ..IpHdr::default()
        };
        Ok(Self::of(&iph, std::array::from_fn(|index| packet[IP_HEADER + index]), address(FWP_VIA)))
    }

    /// A packet by its header and what stands behind it, whether or not that belongs to the datagram.
    fn of(iph: &IpHdr, transport: [u8; TRANSPORT], via: InAddr) -> Self {
        let later_fragment = iph.frag_off & IP_OFFSET != 0;
        let kind = match iph.protocol {
            IPPROTO_TCP => IP_FW_F_TCP,
            IPPROTO_UDP => IP_FW_F_UDP,
            IPPROTO_ICMP => IP_FW_F_ICMP,
            _ => IP_FW_F_ALL,
        };
        let [a, b, c, d, ..] = transport;
        let has_ports = matches!(kind, IP_FW_F_TCP | IP_FW_F_UDP) && !later_fragment;
        let ports =
            if has_ports { (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d])) } else { Default::default() };
        let opens = kind == IP_FW_F_TCP && !later_fragment && transport[TCP_FLAGS] & SYN_ACK == SYN;
        Self { src: iph.saddr, dst: iph.daddr, via, kind, ports, opens, length: iph.tot_len, later_fragment }
    }

    /// Whether a rule is about this packet. Its addresses are compared as they are, without their masks.
    fn matches(&self, rule: &IpFw) -> bool {
        let addresses =
            |src: InAddr, dst: InAddr| src & rule.fw_smsk == rule.fw_src && dst & rule.fw_dmsk == rule.fw_dst;
        let forwards = addresses(self.src, self.dst);
        let backwards = rule.fw_flg & IP_FW_F_BIDIR != 0 && addresses(self.dst, self.src);
        if !forwards && !backwards || !rule.fw_via.is_any() && rule.fw_via != self.via {
            return false;
        }
        let kind = rule.fw_flg & IP_FW_F_KIND;
        if kind == IP_FW_F_ALL {
            return true;
        }
        if kind != self.kind || rule.fw_flg & IP_FW_F_TCPSYN != 0 && !self.opens {
            return false;
        }
        let (source, dest) = self.ports;
        kind == IP_FW_F_ICMP
            || forwards && ports_match(rule, source, dest)
            || backwards && ports_match(rule, dest, source)
    }
}

/// Whether both ports are among those of a rule.
fn ports_match(rule: &IpFw, source: u16, dest: u16) -> bool {
    let (sources, rest) = rule.fw_pts.split_at(usize::from(rule.fw_nsp).min(rule.fw_pts.len()));
    let dests = rest.get(..usize::from(rule.fw_ndp)).unwrap_or(rest);
    port_match(sources, source, rule.fw_flg & IP_FW_F_SRNG != 0)
        && port_match(dests, dest, rule.fw_flg & IP_FW_F_DRNG != 0)
}

/// Whether a port is in a list; no list means any, and the first two may be a range (net/inet/ip_fw.c:port_match).
fn port_match(ports: &[u16], port: u16, range: bool) -> bool {
    match ports {
        [] => true,
        [low, high, rest @ ..] if range => (*low..=*high).contains(&port) || rest.contains(&port),
        _ => ports.contains(&port),
    }
}

/// Asks the rules of a chain: 1 = pass, 0 = drop, -1 = drop and tell the sender.
///
/// net/inet/ip_fw.c:ip_fw_chk. The rule that decides counts the packet, unless somebody is only testing; for accounting
/// all rules that match count it, each once, and the answer is always 0; a later fragment has ports 0 there.
///
/// Kept: later fragments of TCP and UDP pass unasked, because their ports are not there to compare
/// (kept_frames/firewall_fragment, firewall/fragments).
///
/// Kept: a rule for all protocols looks neither at its ports nor at TCPSYN; a rule of one protocol with TCPSYN is about
/// SYNs alone, so that of UDP or ICMP it matches nothing (firewall/tcpsyn_by_kind).
#[kfn("net/inet/ip_fw.c")]
pub fn ip_fw_chk(k: &mut Kernel, ip: IpFwPkt, chain: FirewallChain, opt: FirewallUse) -> i32 {
    if opt != FirewallUse::Count && ip.later_fragment && matches!(ip.kind, IP_FW_F_TCP | IP_FW_F_UDP) {
        note!(k, "a later fragment has no ports to compare: it passes unasked");
        return 1;
    }
    let firewall = &mut k.firewall;
    let (rules, policy) = match chain {
        FirewallChain::Block => (&mut firewall.block, firewall.block_policy),
        FirewallChain::Forward => (&mut firewall.forward, firewall.forward_policy),
        FirewallChain::Account => (&mut firewall.acct, 0),
    };
    // Of a policy only the flags of a rule are looked at, which are 16 bits.
    let mut flags = policy as u16;
    for rule in rules.iter_mut().filter(|rule| ip.matches(rule)) {
        if opt != FirewallUse::Test {
            rule.fw_pcnt = rule.fw_pcnt.wrapping_add(1);
            rule.fw_bcnt = rule.fw_bcnt.wrapping_add(u32::from(ip.length));
        }
        if opt != FirewallUse::Count {
            flags = rule.fw_flg;
            break;
        }
    }
    if opt == FirewallUse::Count {
        return 0;
    }
    if flags & IP_FW_F_ACCEPT != 0 {
        return 1;
    }
    if flags & IP_FW_F_ICMPRPL != 0 {
        note!(k, "a rule refuses the packet, and its sender is to be told");
        return -1;
    }
    note!(k, "a rule refuses the packet in silence");
    0
}

/// Counts a datagram with every accounting rule that matches.
///
/// net/inet/ip_fw.c:ip_acct_cnt.
#[kfn("net/inet/ip_fw.c")]
pub fn ip_acct_cnt(k: &mut Kernel, ip: IpFwPkt) {
    ip_fw_chk(k, ip, FirewallChain::Account, FirewallUse::Count);
}
