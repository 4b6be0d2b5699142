//! The firewall and IP accounting (net/inet/ip_fw.c), present with CONFIG_IP_FIREWALL and CONFIG_IP_ACCT.
//!
//! Rules are data of the kernel (`Kernel::firewall`); the first that matches decides, else the policy of the chain. For
//! accounting every rule that matches counts.

use kfn::kfn;

use crate::include::firewall::{
    IP_FW_F_ACCEPT, IP_FW_F_BIDIR, IP_FW_F_DRNG, IP_FW_F_ICMPRPL, IP_FW_F_SRNG, IP_FW_F_TCPSYN, IpFw,
};
use crate::include::in_addr::InAddr;
use crate::include::ip::{IP_OFFSET, IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP, IpHdr};
use crate::include::netdevice::DevId;
use crate::include::skbuff::SkbId;
use crate::kernel::Kernel;
use crate::kernel::probe::{Arg, ToArg, Word};
use crate::note;

/// The two lowest flag bits: what a rule is about.
const IP_FW_F_KIND: u16 = 3;
/// Kind: all protocols.
const KIND_ALL: u16 = 0;
/// Octet of a TCP header that holds SYN and ACK.
const TCP_FLAGS: usize = 13;
/// SYN and ACK in it.
const SYN_ACK: u8 = 0x12;
/// SYN alone.
const SYN: u8 = 0x02;

/// Which rules are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirewallChain {
    /// Datagrams that come in or go out (`ip_fw_blk_chain`).
    Block,
    /// Datagrams that are forwarded (`ip_fw_fwd_chain`).
    Forward,
}

impl ToArg for FirewallChain {
    fn to_arg(&self) -> Arg {
        Arg::Word(match self {
            Self::Block => Word::IpFwBlkChain,
            Self::Forward => Word::IpFwFwdChain,
        })
    }
}

/// What the rules compare.
#[derive(Clone, Copy)]
struct Packet {
    src: InAddr,
    dst: InAddr,
    via: InAddr,
    kind: u16,
    ports: Option<(u16, u16)>,
    opens: bool,
    length: u16,
    later_fragment: bool,
}

impl Packet {
    fn read(k: &Kernel, skb: SkbId, at: usize, dev: DevId) -> Self {
        let buffer = &k.skb[skb];
        let iph = IpHdr::read(buffer, at);
        let transport = at + iph.header_len();
        let later_fragment = iph.frag_off & IP_OFFSET != 0;
        let (kind, has_ports) = match iph.protocol {
            IPPROTO_TCP => (1, true),
            IPPROTO_UDP => (2, true),
            IPPROTO_ICMP => (3, false),
            _ => (KIND_ALL, false),
        };
        let ports = (has_ports && !later_fragment).then(|| (buffer.u16_at(transport), buffer.u16_at(transport + 2)));
        let opens = kind == 1 && !later_fragment && buffer.u8_at(transport + TCP_FLAGS) & SYN_ACK == SYN;
        let via = k.device(dev).pa_addr;
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
        if rule.fw_flg & IP_FW_F_TCPSYN != 0 && self.kind == 1 && !self.opens {
            return false;
        }
        match self.ports {
            Some((source, dest)) if kind != KIND_ALL => {
                (forwards && ports_match(rule, source, dest)) || (backwards && ports_match(rule, dest, source))
            }
            Some(_) => true,
            None => kind == KIND_ALL || (rule.fw_nsp == 0 && rule.fw_ndp == 0) || self.kind == 3,
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

/// Asks the firewall: 1 = let it pass, 0 = drop it in silence, -1 = drop it and tell the sender.
///
/// net/inet/ip_fw.c:ip_fw_chk. The rule that decides counts the packet.
///
/// Kept: later fragments of TCP and UDP pass unasked, because their ports are not there to compare.
#[kfn("net/inet/ip_fw.c")]
pub fn ip_fw_chk(k: &mut Kernel, skb: SkbId, _iph: usize, dev: DevId, chain: FirewallChain) -> i32 {
    let packet = Packet::read(k, skb, _iph, dev);
    if packet.later_fragment && matches!(packet.kind, 1 | 2) {
        return 1;
    }
    let firewall = &mut k.firewall;
    let (rules, policy) = match chain {
        FirewallChain::Block => (&mut firewall.block, firewall.block_policy),
        FirewallChain::Forward => (&mut firewall.forward, firewall.forward_policy),
    };
    let flags = match rules.iter_mut().find(|rule| packet.matches(rule)) {
        Some(rule) => {
            count(rule, packet);
            rule.fw_flg
        }
        None => policy,
    };
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
pub fn ip_acct_cnt(k: &mut Kernel, skb: SkbId, _iph: usize, dev: DevId) {
    let packet = Packet::read(k, skb, _iph, dev);
    for rule in k.firewall.acct.iter_mut().filter(|rule| packet.matches(rule)) {
        count(rule, packet);
    }
}

/// One packet more for a rule.
fn count(rule: &mut IpFw, packet: Packet) {
    rule.fw_pcnt = rule.fw_pcnt.wrapping_add(1);
    rule.fw_bcnt = rule.fw_bcnt.wrapping_add(u32::from(packet.length));
}
