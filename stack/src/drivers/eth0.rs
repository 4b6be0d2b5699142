//! The Ethernet cards (drivers/net/8390.c, net_init.c): where frames leave and enter the machine.
//!
//! The card is infinitely fast: it is never busy, frees a buffer as soon as the frame is out, and raises no interrupt
//! for a transmission. A received frame passes the address filter, is padded to the shortest length of a frame on the
//! wire, and goes up through netif_rx.

use kfn::kfn;

use crate::include::in_addr::{AF_INET, InAddr};
use crate::include::netdevice::{
    ARPHRD_ETHER, DEV_NUMBUFFS, DevId, Device, DeviceOps, ETH_ALEN, ETH_HLEN, ETH_ZLEN, EnetStatistics, IFF_ALLMULTI,
    IFF_BROADCAST, IFF_MULTICAST, IFF_PROMISC, MAX_ADDR_LEN,
};
use crate::include::sched::Point;
use crate::include::seq::Jiffies;
use crate::include::skbuff::{FreeMode, Gfp, SkBuffHead, SkbId};
use crate::kernel::Kernel;
use crate::kernel::irq::irq_window;
use crate::kernel::probe::Event;
use crate::net::inet::dev::{dev_tint, netif_rx};
use crate::net::inet::eth::{eth_header, eth_rebuild_header, eth_type_trans};
use crate::net::inet::skbuff::{alloc_skb, dev_kfree_skb};
use crate::{discard, note};

/// Largest datagram on Ethernet.
const ETH_DATA_LEN: u16 = 1500;

/// Methods of an Ethernet card.
static ETHERNET_OPS: DeviceOps = ethernet_ops(None);

/// Methods of a card whose filter can be programmed. The recorded machines' cards can where the kernel is built with
/// CONFIG_IP_MULTICAST; the others cannot, and SIOCADDMULTI says so.
static MULTICAST_OPS: DeviceOps = ethernet_ops(Some(set_multicast_list));

/// The way to program the filter of a card: how many addresses, and which.
type SetMulticastList = fn(&mut Kernel, DevId, i32, &[[u8; ETH_ALEN]]);

/// What both kinds of cards have in common, and whether there is a way to program the filter.
const fn ethernet_ops(set_multicast_list: Option<SetMulticastList>) -> DeviceOps {
    DeviceOps {
        name: "8390",
        hard_start_xmit: ei_start_xmit,
        hard_header: eth_header,
        rebuild_header: eth_rebuild_header,
        type_trans: eth_type_trans,
        open: ei_open,
        set_multicast_list,
    }
}

/// Adds the Ethernet cards of the configuration to the list of devices, not up yet.
///
/// drivers/net/Space.c:ethif_probe.
#[kfn("drivers/net/Space.c")]
pub fn ethif_probe(k: &mut Kernel) {
    for number in 0..k.config.interfaces.len() {
        let Some(address) = k.config.interfaces.get(number).map(|interface| interface.mac) else { break };
        let mut device = ether_setup(format!("eth{number}"), address);
        (device.pads, device.filters) = (k.config.cards_pad, k.config.cards_filter);
        if k.config.ip_multicast {
            device.ops = &MULTICAST_OPS;
        }
        k.dev.push(device);
    }
}

/// What every Ethernet device has in common (drivers/net/net_init.c:ether_setup).
fn ether_setup(name: String, address: [u8; ETH_ALEN]) -> Device {
    let mut dev_addr = [0; MAX_ADDR_LEN];
    let mut broadcast = [0; MAX_ADDR_LEN];
    dev_addr[..ETH_ALEN].copy_from_slice(&address);
    broadcast[..ETH_ALEN].fill(0xff);
    Device {
        name,
        ops: &ETHERNET_OPS,
        flags: IFF_BROADCAST | IFF_MULTICAST,
        tbusy: false,
        family: AF_INET,
        metric: 0,
        mtu: ETH_DATA_LEN,
        type_: ARPHRD_ETHER,
        hard_header_len: ETH_HLEN as u16,
        broadcast,
        dev_addr,
        addr_len: ETH_ALEN as u8,
        pa_addr: InAddr::ANY,
        pa_brdaddr: InAddr::ANY,
        pa_dstaddr: InAddr::ANY,
        pa_mask: InAddr::ANY,
        trans_start: Jiffies(0),
        buffs: std::array::from_fn::<_, DEV_NUMBUFFS, _>(|_| SkBuffHead::new()),
        stats: EnetStatistics::default(),
        mc_list: Vec::new(),
        ip_mc_list: Vec::new(),
        pads: true,
        filters: true,
        card_groups: Vec::new(),
        outbox: Vec::new(),
    }
}

/// Called when the interface goes up: the card starts.
///
/// drivers/net/8390.c:ei_open.
#[kfn("drivers/net/8390.c")]
pub fn ei_open(k: &mut Kernel, dev: DevId) {
    k.device_mut(dev).tbusy = false;
}

/// Programs the filter of the card: it lets the group addresses of the list through.
///
/// drivers/net/8390.c:set_multicast_list. The card compares whole addresses; many a card of the time could only open or
/// shut for all groups. With -1 (promiscuous: everything comes in anyway) it keeps the list it has.
#[kfn("drivers/net/8390.c", skip(addrs))]
pub fn set_multicast_list(k: &mut Kernel, dev: DevId, num_addrs: i32, addrs: &[[u8; ETH_ALEN]]) {
    if num_addrs < 0 {
        note!(k, "everything comes in: the card keeps the list it was given last");
        return;
    }
    k.device_mut(dev).card_groups = addrs.to_vec();
    note!(k, "the card knows the groups it has to let through");
}

/// Puts a frame on the wire.
///
/// drivers/net/8390.c:ei_start_xmit. The buffer is freed as soon as the frame is out, unless TCP keeps it for
/// retransmission; freeing wakes a process that waits for send memory. Without a buffer the call means "an interrupt
/// seems lost": the queues are looked through.
#[kfn("drivers/net/8390.c")]
pub fn ei_start_xmit(k: &mut Kernel, skb: Option<SkbId>, dev: DevId) -> i32 {
    let Some(skb) = skb else {
        dev_tint(k, dev);
        return 0;
    };
    let buffer = &k.skb[skb];
    let frame = k.spare.octets(buffer.bytes_at(0, buffer.len as usize));
    let now = k.jiffies;
    let device = k.device_mut(dev);
    device.trans_start = now;
    device.stats.tx_packets += 1;
    k.emit(|_| Event::FrameOut { dev, bytes: frame.clone() });
    k.device_mut(dev).outbox.push(frame);
    note!(k, "the frame is on the wire");
    irq_window(k, Point::HardStartXmit, "eth_xmit");
    dev_kfree_skb(k, skb, FreeMode::Write);
    0
}

/// Takes a frame from the card and hands it up: the handler of the card's interrupt.
///
/// drivers/net/8390.c:ei_receive, and before it the address filter of the card.
pub fn card_receive(k: &mut Kernel, dev: DevId, frame: &[u8]) {
    if dev.0 == 0 || usize::from(dev.0) >= k.dev.len() {
        return;
    }
    if !passes_filter(k.device(dev), frame) {
        note!(k, "the card compares the destination with its own address: the frame is for somebody else");
        k.emit(|_| Event::NicFiltered { dev });
        discard!(k, None::<SkbId>, NicFiltered);
        return;
    }
    ei_receive(k, dev, frame);
}

/// Copies a received frame from the card into a new buffer.
///
/// drivers/net/8390.c:ei_receive. Kept: the buffer is as long as the frame, padding included, and so is what is charged
/// to the socket that gets it: 60 + 88 octets for the shortest (`active_open/plain`, window 14261).
#[kfn("drivers/net/8390.c")]
pub fn ei_receive(k: &mut Kernel, dev: DevId, frame: &[u8]) {
    let shortest = if k.device(dev).pads { ETH_ZLEN } else { 0 };
    let length = frame.len().max(shortest) as u32;
    let Some(skb) = alloc_skb(k, length, Gfp::Atomic) else {
        k.device_mut(dev).stats.rx_dropped += 1;
        return;
    };
    let buffer = &mut k.skb[skb];
    buffer.len = length;
    buffer.dev = Some(dev);
    buffer.put(0, frame);
    netif_rx(k, skb);
    k.device_mut(dev).stats.rx_packets += 1;
}

/// Whether the card takes a frame: for its own address or for all, for a group it was told of, with IFF_ALLMULTI for any
/// group, with IFF_PROMISC any.
fn passes_filter(device: &Device, frame: &[u8]) -> bool {
    if !device.filters || device.flags & IFF_PROMISC != 0 {
        return true;
    }
    let destination = frame.get(..ETH_ALEN).unwrap_or(&[]);
    let group = destination.first().is_some_and(|octet| octet & 1 != 0);
    device.dev_addr.get(..ETH_ALEN) == Some(destination)
        || destination == [0xff; ETH_ALEN]
        || (group && device.flags & IFF_ALLMULTI != 0)
        || device.card_groups.iter().any(|wanted| wanted == destination)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame_to(destination: [u8; ETH_ALEN]) -> Vec<u8> {
        let mut frame = vec![0; ETH_ZLEN];
        frame[..ETH_ALEN].copy_from_slice(&destination);
        frame
    }

    #[test]
    fn the_filter_takes_own_and_broadcast_frames_only() {
        let mut device = ether_setup("eth0".into(), [2, 0, 0, 0, 0, 1]);
        assert!(passes_filter(&device, &frame_to([2, 0, 0, 0, 0, 1])));
        assert!(passes_filter(&device, &frame_to([0xff; ETH_ALEN])));
        assert!(!passes_filter(&device, &frame_to([2, 0, 0, 0, 0, 2])));
        assert!(!passes_filter(&device, &frame_to([1, 0, 0x5e, 0, 0, 1])));
        device.card_groups.push([1, 0, 0x5e, 0, 0, 1]);
        assert!(passes_filter(&device, &frame_to([1, 0, 0x5e, 0, 0, 1])));
        assert!(!passes_filter(&device, &frame_to([1, 0, 0x5e, 0, 0, 2])));
        device.card_groups.clear();
        device.flags |= IFF_ALLMULTI;
        assert!(passes_filter(&device, &frame_to([1, 0, 0x5e, 0, 0, 1])));
        assert!(!passes_filter(&device, &frame_to([2, 0, 0, 0, 0, 2])));
        device.flags |= IFF_PROMISC;
        assert!(passes_filter(&device, &frame_to([2, 0, 0, 0, 0, 2])));
        assert!(!passes_filter(&ether_setup("eth0".into(), [2, 0, 0, 0, 0, 1]), &[2, 0]));
    }
}
