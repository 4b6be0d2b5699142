//! The Ethernet header (net/inet/eth.c): write it, complete it, read it.

use kfn::kfn;

use super::arp::arp_find;
use crate::include::in_addr::InAddr;
use crate::include::netdevice::{
    DevId, ETH_ALEN, ETH_P_802_2, ETH_P_802_3, ETH_P_IP, IFF_LOOPBACK, IFF_PROMISC, MAX_ADDR_LEN,
};
use crate::include::skbuff::{PACKET_BROADCAST, PACKET_MULTICAST, PACKET_OTHERHOST, SkbId};
use crate::kernel::Kernel;
use crate::note;

/// Offset of the source address.
const H_SOURCE: usize = 6;
/// Offset of the type.
const H_PROTO: usize = 12;
/// Smallest value of the type field that is a type; below it is a length.
const ETH_TYPE_MIN: u16 = 1536;

/// The first six octets of a hardware address.
fn ethernet(address: [u8; MAX_ADDR_LEN]) -> [u8; ETH_ALEN] {
    let [a, b, c, d, e, f, _] = address;
    [a, b, c, d, e, f]
}

/// Writes the Ethernet header; without a destination a negative length says "ask ARP first".
///
/// net/inet/eth.c:eth_header, RFC 894. On the loopback device the destination is zeros.
#[kfn("net/inet/eth.c", rfc = "894", skip(daddr, saddr))]
pub fn eth_header(
    k: &mut Kernel,
    skb: SkbId,
    dev: DevId,
    type_: u16,
    daddr: Option<[u8; MAX_ADDR_LEN]>,
    saddr: Option<[u8; MAX_ADDR_LEN]>,
    len: u32,
) -> i32 {
    let device = k.device(dev);
    let (dev_addr, flags, hard_header_len) = (device.dev_addr, device.flags, i32::from(device.hard_header_len));
    let proto = if type_ == ETH_P_802_3 { len as u16 } else { type_ };
    let buffer = &mut k.skb[skb];
    let [s0, s1, s2, s3, s4, s5] = ethernet(saddr.unwrap_or(dev_addr));
    let [p0, p1] = proto.to_be_bytes();
    buffer.put_octets(H_SOURCE, [s0, s1, s2, s3, s4, s5, p0, p1]);
    if flags & IFF_LOOPBACK != 0 {
        buffer.put_octets(0, [0; ETH_ALEN]);
        return hard_header_len;
    }
    match daddr {
        Some(daddr) => {
            buffer.put_octets(0, ethernet(daddr));
            hard_header_len
        }
        None => {
            note!(k, "the destination's hardware address is not known yet: the length comes back negative");
            -hard_header_len
        }
    }
}

/// Completes the Ethernet header for a next hop; true = the packet must wait for ARP.
///
/// net/inet/eth.c:eth_rebuild_header. Only IP can be resolved; anything else goes out as it is.
#[kfn("net/inet/eth.c")]
pub fn eth_rebuild_header(k: &mut Kernel, skb: SkbId, dev: DevId, dst: InAddr) -> bool {
    let device = k.device(dev);
    let (dev_addr, pa_addr) = (device.dev_addr, device.pa_addr);
    if k.skb[skb].u16_at(H_PROTO) != ETH_P_IP {
        k.printk("eth_rebuild_header: unable to resolve this type of address");
        k.skb[skb].put_octets(H_SOURCE, ethernet(dev_addr));
        return false;
    }
    arp_find(k, skb, dev, dst, pa_addr)
}

/// Reads the Ethernet header: for whom the frame was, and which protocol it carries.
///
/// net/inet/eth.c:eth_type_trans, RFC 894 and IEEE 802.3.
///
/// Kept: in promiscuous mode a broadcast counts as a frame for another host, because only our own address is compared
/// (ip/promisc).
#[kfn("net/inet/eth.c", rfc = "894")]
pub fn eth_type_trans(k: &mut Kernel, skb: SkbId, dev: DevId) -> u16 {
    let device = k.device(dev);
    let (own, broadcast) = (ethernet(device.dev_addr), ethernet(device.broadcast));
    let promiscuous = device.flags & IFF_PROMISC != 0;
    let buffer = &mut k.skb[skb];
    let dest: [u8; ETH_ALEN] = buffer.octets_at(0);
    if dest.first().is_some_and(|first| first & 1 != 0) {
        buffer.pkt_type = if dest == broadcast { PACKET_BROADCAST } else { PACKET_MULTICAST };
    }
    if promiscuous && dest != own {
        buffer.pkt_type = PACKET_OTHERHOST;
    }
    let (proto, payload) = (buffer.u16_at(H_PROTO), buffer.u16_at(H_PROTO + 2));
    if proto >= ETH_TYPE_MIN {
        return proto;
    }
    note!(k, "the field is a length, not a type: a frame of IEEE 802.3");
    if payload == 0xffff { ETH_P_802_3 } else { ETH_P_802_2 }
}
