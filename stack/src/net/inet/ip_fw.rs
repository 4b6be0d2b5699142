//! The firewall and IP accounting (net/inet/ip_fw.c), present with CONFIG_IP_FIREWALL and CONFIG_IP_ACCT: what becomes of a
//! datagram that meets the rules.
//!
//! The rules are data of the kernel (`Kernel::firewall`); how they get there is told in the room ip_fw_ctl. The first that
//! matches decides, else the policy of the chain. For accounting every rule that matches counts, and none decides.

use kfn::kfn;

use crate::include::errno::{Errno, KResult, fail};
use crate::include::firewall::{
    IP_FW_F_ACCEPT, IP_FW_F_BIDIR, IP_FW_F_DRNG, IP_FW_F_ICMP, IP_FW_F_ICMPRPL, IP_FW_F_KIND, IP_FW_F_SRNG,
    IP_FW_F_TCP, IP_FW_F_TCPSYN, IP_FW_F_UDP, IpFw,
};
use crate::include::in_addr::InAddr;
use crate::include::ip::{IP_OFFSET, IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP, IpHdr};
use crate::include::netdevice::DevId;
use crate::include::skbuff::SkbId;
use crate::kernel::Kernel;
use crate::kernel::probe::{Arg, ToArg, Word};
use crate::note;

/// Kind of a rule: all protocols. A packet of another protocol has it too.
const KIND_ALL: u16 = 0;
/// Octet of a TCP header that holds SYN and ACK.
const TCP_FLAGS: usize = 13;
/// SYN and ACK in it.
const SYN_ACK: u8 = 0x12;
/// SYN alone.
const SYN: u8 = 0x02;
/// Octets of `struct ip_fwpkt`: an IP header without options, the beginning of the transport's, an address of ours.
pub(super) const SIZEOF_IP_FWPKT: usize = 32;
/// First octet of an IP header without options.
const PLAIN_HEADER: u8 = 0x45;

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
    via: InAddr,
    kind: u16,
    ports: Option<(u16, u16)>,
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
        let octets: [u8; TCP_FLAGS + 1] = std::array::from_fn(|index| buffer.u8_at(transport + index));
        Self::of(&header, &octets, k.device(dev).pa_addr)
    }

    /// The packet that a process asks about (`struct ip_fwpkt`): EINVAL unless it has this length and a plain header.
    pub(super) fn of_request(request: &[u8]) -> KResult<Self> {
        let Some((header, behind)) = request.split_first_chunk::<20>() else { return fail(Errno::EINVAL) };
        let (transport, via) = behind.split_at(behind.len().min(8));
        let [a, b, c, d] = *via else { return fail(Errno::EINVAL) };
        if request.len() != SIZEOF_IP_FWPKT || header[0] != PLAIN_HEADER {
            return fail(Errno::EINVAL);
        }
        let word = |at: usize| u16::from_be_bytes([header[at], header[at + 1]]);
        let address = |at: usize| InAddr::from_octets([header[at], header[at + 1], header[at + 2], header[at + 3]]);
        let iph = IpHdr {
            tot_len: word(2),
            frag_off: word(6),
            protocol: header[9],
            saddr: address(12),
            daddr: address(16),
            ..IpHdr::default()
        };
        Ok(Self::of(&iph, transport, InAddr::from_octets([a, b, c, d])))
    }

    /// A packet by its header and as much of the transport's as there is; what is not there matches no port and no flag.
    fn of(iph: &IpHdr, transport: &[u8], via: InAddr) -> Self {
        let later_fragment = iph.frag_off & IP_OFFSET != 0;
        let (kind, has_ports) = match iph.protocol {
            IPPROTO_TCP => (IP_FW_F_TCP, true),
            IPPROTO_UDP => (IP_FW_F_UDP, true),
            IPPROTO_ICMP => (IP_FW_F_ICMP, false),
            _ => (KIND_ALL, false),
        };
        let ports = match *transport {
            [a, b, c, d, ..] if has_ports && !later_fragment => {
                Some((u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d])))
            }
            _ => None,
        };
        let flags = transport.get(TCP_FLAGS).copied().unwrap_or(0);
        let opens = kind == IP_FW_F_TCP && !later_fragment && flags & SYN_ACK == SYN;
        Self { src: iph.saddr, dst: iph.daddr, via, kind, ports, opens, length: iph.tot_len, later_fragment }
    }

    /// Whether a rule is about this packet.
    fn matches(&self, rule: &IpFw) -> bool {
        let addresses =
            |src: InAddr, dst: InAddr| src & rule.fw_smsk == rule.fw_src && dst & rule.fw_dmsk == rule.fw_dst;
        let forwards = addresses(self.src, self.dst);
        let backwards = rule.fw_flg & IP_FW_F_BIDIR != 0 && addresses(self.dst, self.src);
        let through = rule.fw_via.is_any() || rule.fw_via == self.via;
        let kind = rule.fw_flg & IP_FW_F_KIND;
        if !(forwards || backwards) || !through || (kind != KIND_ALL && kind != self.kind) {
            return false;
        }
        if rule.fw_flg & IP_FW_F_TCPSYN != 0 && self.kind == IP_FW_F_TCP && !self.opens {
            return false;
        }
        match self.ports {
            Some((source, dest)) if kind != KIND_ALL => {
                (forwards && ports_match(rule, source, dest)) || (backwards && ports_match(rule, dest, source))
            }
            Some(_) => true,
            None => kind == KIND_ALL || (rule.fw_nsp == 0 && rule.fw_ndp == 0) || self.kind == IP_FW_F_ICMP,
        }
    }
}

/// Whether both ports are among those of a rule.
fn ports_match(rule: &IpFw, source: u16, dest: u16) -> bool {
    let (sources, rest) = rule.fw_pts.split_at(usize::from(rule.fw_nsp).min(rule.fw_pts.len()));
    let dests = rest.get(..usize::from(rule.fw_ndp).min(rest.len())).unwrap_or(rest);
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

/// Asks the rules of a chain: 1 = pass, 0 = drop in silence, -1 = drop and tell the sender.
///
/// net/inet/ip_fw.c:ip_fw_chk. The rule that decides counts the packet, unless somebody is only testing; for accounting
/// all rules that match count it, and the answer means nothing.
///
/// Kept: later fragments of TCP and UDP pass unasked, because their ports are not there to compare
/// (kept_frames/firewall_fragment).
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
        FirewallChain::Account => (&mut firewall.acct, IP_FW_F_ACCEPT),
    };
    let mut flags = policy;
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
