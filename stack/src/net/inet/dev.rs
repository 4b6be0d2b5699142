//! The device layer (net/inet/dev.c): the queues between the protocols and the cards.
//!
//! Frames come up through netif_rx and net_bh, the bottom half that hands each of them to whoever registered for its
//! type; frames go down through dev_queue_xmit. Configuration by ioctl lives in the room dev_ioctl.

use kfn::kfn;

use super::dev_mcast::{dev_mc_discard, dev_mc_upload};
use super::igmp::ip_mc_allhost;
use super::skbuff::{
    alloc_skb, kfree_skb, skb_clone, skb_dequeue, skb_device_lock, skb_device_locked, skb_device_unlock,
    skb_queue_head, skb_queue_tail,
};
use crate::drivers::eth0::ethif_probe;
use crate::drivers::loopback::loopback_init;
use crate::include::in_addr::InAddr;
use crate::include::netdevice::{
    DEV_NUMBUFFS, DevId, ETH_P_ALL, IFF_RUNNING, IFF_UP, NetdevEvent, NotifierBlock, PacketType,
};
use crate::include::skbuff::{FreeMode, Gfp, ListId, SkBuffHead, SkbId};
use crate::kernel::Kernel;
use crate::kernel::irq::{cli, nobody_comes_or_looks, restore_flags, save_flags};
use crate::kernel::softirq::{NET_BH, end_bh_atomic, mark_bh, start_bh_atomic};
use crate::{discard, note};

pub use super::dev_ioctl::dev_ioctl;

/// Frames that may wait for net_bh before netif_rx begins to drop.
pub const BACKLOG_LIMIT: u32 = 300;

/// Registers somebody who wants frames of a type; the newest stands first.
///
/// net/inet/dev.c:dev_add_pack. A tap (ETH_P_ALL) is counted too, so that dev_queue_xmit knows whether to look for one.
#[kfn("net/inet/dev.c")]
pub fn dev_add_pack(k: &mut Kernel, pt: PacketType) {
    if pt.type_ == ETH_P_ALL {
        note!(k, "it is a tap that wants every frame");
        k.dev_nit += 1;
    }
    k.ptype_base.insert(0, pt);
}

/// Takes a registered packet type off the list again.
///
/// net/inet/dev.c:dev_remove_pack.
#[kfn("net/inet/dev.c")]
pub fn dev_remove_pack(k: &mut Kernel, pt: PacketType) {
    if pt.type_ == ETH_P_ALL {
        k.dev_nit = k.dev_nit.saturating_sub(1);
    }
    if let Some(place) = k.ptype_base.iter().position(|known| *known == pt) {
        k.ptype_base.remove(place);
    }
}

/// The device of a name (net/inet/dev.c:dev_get).
#[must_use]
pub fn dev_get(k: &Kernel, name: &str) -> Option<DevId> {
    k.dev.iter().position(|device| device.name == name).map(|index| DevId(index as u8))
}

/// All devices by number, in the order of `dev_base`.
fn dev_base(k: &Kernel) -> impl Iterator<Item = DevId> + use<> {
    (0..k.dev.len()).map(|index| DevId(index as u8))
}

/// Brings an interface up: calls the driver, sets its flags, and tells the other layers.
///
/// net/inet/dev.c:dev_open.
#[kfn("net/inet/dev.c")]
pub fn dev_open(k: &mut Kernel, dev: DevId) {
    let ops = k.device(dev).ops;
    (ops.open)(k, dev);
    k.device_mut(dev).flags |= IFF_UP | IFF_RUNNING;
    if k.config.ip_multicast {
        note!(k, "every multicast host belongs to the all-hosts group: it is joined on this device");
        ip_mc_allhost(k, dev);
    }
    dev_mc_upload(k, dev);
    notifier_call_chain(k, NetdevEvent::Up, dev);
}

/// Takes an interface down: its addresses and the frames that wait for it are forgotten.
///
/// net/inet/dev.c:dev_close. The groups that sockets have joined stay joined; only the list for the card's filter is
/// emptied, and the card is not told. Kept: only buffers that nobody keeps for retransmission are freed; an interface whose
/// flags are all zero already is left alone, addresses and routes included (kept_frames/interface_down).
#[kfn("net/inet/dev.c")]
pub fn dev_close(k: &mut Kernel, dev: DevId) {
    if k.device(dev).flags == 0 {
        note!(k, "no flag is set any more: nothing is undone");
        return;
    }
    k.device_mut(dev).flags = 0;
    notifier_call_chain(k, NetdevEvent::Down, dev);
    dev_mc_discard(k, dev);
    let device = k.device_mut(dev);
    device.pa_addr = InAddr::ANY;
    device.pa_dstaddr = InAddr::ANY;
    device.pa_brdaddr = InAddr::ANY;
    device.pa_mask = InAddr::ANY;
    for priority in 0..DEV_NUMBUFFS {
        while let Some(skb) = skb_dequeue(k, ListId::Device(dev, priority as u8)) {
            if k.skb[skb].free != 0 {
                discard!(k, skb, DeviceDown);
                kfree_skb(k, skb, FreeMode::Write);
            }
        }
    }
}

/// Registers somebody who wants to know when a device goes up or down.
///
/// net/inet/dev.c:register_netdevice_notifier. All have the same priority, so the order is that of registration: ARP, IP.
#[kfn("net/inet/dev.c")]
pub fn register_netdevice_notifier(k: &mut Kernel, nb: NotifierBlock) {
    k.netdev_chain.push(nb);
}

/// Tells everybody on the chain what happens to a device.
///
/// include/linux/notifier.h:notifier_call_chain. Nobody here stops the chain.
#[kfn("include/linux/notifier.h", skip(event))]
pub fn notifier_call_chain(k: &mut Kernel, event: NetdevEvent, dev: DevId) {
    for block in k.netdev_chain.clone() {
        (block.notifier_call)(k, event, dev);
    }
}

/// Sends a frame through a device, or leaves it in one of its three queues while it is busy.
///
/// net/inet/dev.c:dev_queue_xmit. A priority below zero (from dev_tint) means that the buffer was the head of queue
/// -pri-1. Kept: what is sent is the oldest frame of that queue, not necessarily the one just handed over; the bottom
/// halves that the transmission has marked run right here, with the sender's sock in use (`back_log/loopback_write`).
#[kfn("net/inet/dev.c")]
pub fn dev_queue_xmit(k: &mut Kernel, skb: SkbId, dev: DevId, pri: i32) {
    if pri >= 0 && !skb_device_locked(k, skb) {
        skb_device_lock(k, skb);
    }
    let buffer = &mut k.skb[skb];
    buffer.dev = Some(dev);
    let (arp, raddr) = (buffer.arp, buffer.raddr);
    if buffer.list.is_some() {
        k.printk("dev_queue_xmit: worked around a missed interrupt");
        note!(k, "the buffer is queued already: the driver is only asked to look for a lost interrupt");
        start_bh_atomic(k);
        let ops = k.device(dev).ops;
        (ops.hard_start_xmit)(k, None, dev);
        end_bh_atomic(k);
        return;
    }
    let from_queue = pri < 0;
    let pri = dev_queue_xmit_priority(k, pri);
    if !arp {
        note!(k, "the hardware address of the next hop is not filled in yet");
        let ops = k.device(dev).ops;
        if (ops.rebuild_header)(k, skb, dev, raddr) {
            note!(k, "ARP keeps the packet until the answer comes, and will send it then");
            return;
        }
    }
    let skb = if from_queue { Some(skb) } else { dev_queue_xmit_swap(k, skb, dev, pri) };
    let Some(skb) = skb else { return };
    if !from_queue && k.dev_nit > 0 {
        dev_queue_xmit_taps(k, skb, dev);
    }
    note!(k, "the driver gets the frame; no bottom half may run until it has taken it");
    start_bh_atomic(k);
    let ops = k.device(dev).ops;
    let busy = (ops.hard_start_xmit)(k, Some(skb), dev) != 0;
    end_bh_atomic(k);
    if busy {
        note!(k, "the device is busy: the frame goes back to the head of its queue");
        let flags = save_flags(k);
        cli(k);
        skb_device_unlock(k, skb);
        skb_queue_head(k, ListId::Device(dev, pri), skb);
        restore_flags(k, flags, "dev_queue_xmit");
    }
}

/// The number of the queue: dev_tint passes it negated, and what is out of range becomes 1.
fn dev_queue_xmit_priority(k: &mut Kernel, pri: i32) -> u8 {
    let queue = if pri < 0 { pri.saturating_add(1).saturating_neg() } else { pri };
    if queue >= DEV_NUMBUFFS as i32 {
        k.printk("bad priority in dev_queue_xmit.");
        return 1;
    }
    queue as u8
}

/// Puts the buffer at the end of its queue and takes the oldest one: itself, where no other waits.
#[inline]
fn dev_queue_xmit_swap(k: &mut Kernel, skb: SkbId, dev: DevId, pri: u8) -> Option<SkbId> {
    if nobody_comes_or_looks(k) && k.device(dev).buffs.get(usize::from(pri)).is_some_and(SkBuffHead::is_empty) {
        return Some(skb);
    }
    let flags = save_flags(k);
    cli(k);
    skb_queue_tail(k, ListId::Device(dev, pri), skb);
    skb_device_unlock(k, skb);
    let oldest = skb_dequeue(k, ListId::Device(dev, pri));
    if let Some(oldest) = oldest {
        skb_device_lock(k, oldest);
        if oldest != skb {
            note!(k, "an older frame waits in the queue: it goes first");
        }
    }
    restore_flags(k, flags, "dev_queue_xmit");
    oldest
}

/// Gives a copy of an outgoing frame to every tap, except to the socket that sends it.
fn dev_queue_xmit_taps(k: &mut Kernel, skb: SkbId, dev: DevId) {
    let owner = k.skb[skb].sk;
    for index in 0..k.ptype_base.len() {
        let Some(pt) = k.ptype_base.get(index).copied() else { break };
        let here = pt.dev.is_none_or(|wanted| wanted == dev);
        if pt.type_ != ETH_P_ALL || !here || pt.data == owner {
            continue;
        }
        let Some(copy) = skb_clone(k, skb, Gfp::Atomic) else { break };
        note!(k, "a tap gets a copy of the outgoing frame");
        let header = u32::from(k.device(dev).hard_header_len);
        k.skb[copy].len = k.skb[copy].len.saturating_sub(header);
        (pt.func)(k, copy, dev, &pt);
    }
}

/// Takes a frame from a driver and queues it for the bottom half.
///
/// net/inet/dev.c:netif_rx. Runs in the interrupt, so it only stamps the frame, queues it and marks NET_BH. Kept: when
/// more than 300 frames wait everything is dropped, uncounted, until the queue has been emptied completely
/// (tcp_frames/rx_overrun).
#[kfn("net/inet/dev.c")]
pub fn netif_rx(k: &mut Kernel, skb: SkbId) {
    let now = k.xtime();
    let buffer = &mut k.skb[skb];
    buffer.sk = None;
    buffer.free = 1;
    if buffer.stamp == 0 {
        buffer.stamp = now;
    }
    if k.backlog_size == 0 {
        k.netif_dropping = false;
    } else if k.backlog_size > BACKLOG_LIMIT {
        k.netif_dropping = true;
    }
    if k.netif_dropping {
        note!(k, "too many frames wait for the bottom half: this one is thrown away");
        discard!(k, skb, BacklogFull);
        kfree_skb(k, skb, FreeMode::Read);
        return;
    }
    note!(k, "the frame waits on backlog; NET_BH is marked to handle it after the interrupt");
    skb_queue_tail(k, ListId::Backlog, skb);
    k.backlog_size += 1;
    mark_bh(k, NET_BH);
}

/// The older way of handing a frame up: copies it into a new buffer first.
///
/// net/inet/dev.c:dev_rint; used by the loopback. True means "give me no more".
#[kfn("net/inet/dev.c")]
pub fn dev_rint(k: &mut Kernel, buff: &[u8], dev: DevId) -> bool {
    if buff.is_empty() {
        return true;
    }
    let length = buff.len() as u32;
    let Some(skb) = alloc_skb(k, length, Gfp::Atomic) else { return true };
    let buffer = &mut k.skb[skb];
    buffer.put(0, buff);
    buffer.len = length;
    buffer.dev = Some(dev);
    buffer.free = 1;
    netif_rx(k, skb);
    false
}

/// Gives every device that is free a chance to send what it has queued.
///
/// net/inet/dev.c:dev_transmit.
#[kfn("net/inet/dev.c")]
pub fn dev_transmit(k: &mut Kernel) {
    // Looking through empty queues changes nothing: it is done where somebody sees it.
    if !k.probe_is_on() && k.dev.iter().all(|device| device.buffs.iter().all(SkBuffHead::is_empty)) {
        return;
    }
    for dev in dev_base(k) {
        let device = k.device(dev);
        if device.flags != 0 && !device.tbusy {
            dev_tint(k, dev);
        }
    }
}

/// Sends the queued frames of a device, the most urgent first, until the device is busy.
///
/// net/inet/dev.c:dev_tint.
#[kfn("net/inet/dev.c")]
pub fn dev_tint(k: &mut Kernel, dev: DevId) {
    for priority in 0..DEV_NUMBUFFS {
        while let Some(skb) = skb_dequeue(k, ListId::Device(dev, priority as u8)) {
            note!(k, "a frame that had to wait is sent now");
            skb_device_lock(k, skb);
            dev_queue_xmit(k, skb, dev, -(priority as i32) - 1);
            if k.device(dev).tbusy {
                return;
            }
        }
    }
}

/// Whether the network's bottom half is running (net/inet/dev.c:in_net_bh).
#[must_use]
pub fn in_net_bh(k: &Kernel) -> bool {
    k.in_bh
}

/// Hands every waiting frame to the protocol of its type: the network's bottom half.
///
/// net/inet/dev.c:net_bh. It goes on with frames that are queued while it runs, so a reply sent over lo from inside is
/// handled in the same round.
#[kfn("net/inet/dev.c")]
pub fn net_bh(k: &mut Kernel) {
    if k.in_bh {
        note!(k, "the network's bottom half is running already: it will take these frames too");
        return;
    }
    k.in_bh = true;
    dev_transmit(k);
    while let Some(skb) = skb_dequeue(k, ListId::Backlog) {
        k.backlog_size = k.backlog_size.saturating_sub(1);
        net_bh_deliver(k, skb);
        if k.oops.is_some() {
            return;
        }
        dev_transmit(k);
    }
    k.in_bh = false;
    dev_transmit(k);
}

/// One frame: strips the link header, reads the type, and walks the list of packet types.
///
/// All but the last match get copies; the last, which registered first, gets the buffer itself.
fn net_bh_deliver(k: &mut Kernel, skb: SkbId) {
    note!(k, "the link header is read: its type decides which protocol gets the frame");
    let dev = k.skb[skb].dev.unwrap_or_default();
    let header = k.device(dev).hard_header_len;
    let buffer = &mut k.skb[skb];
    buffer.h_raw = usize::from(header);
    buffer.len = buffer.len.saturating_sub(u32::from(header));
    let ops = k.device(dev).ops;
    let type_ = (ops.type_trans)(k, skb, dev);
    let mut previous: Option<PacketType> = None;
    for index in 0..k.ptype_base.len() {
        let Some(pt) = k.ptype_base.get(index) else { break };
        let wanted = pt.type_ == type_ || pt.type_ == ETH_P_ALL;
        if !wanted || pt.dev.is_some_and(|only| only != dev) {
            continue;
        }
        if let Some(other) = previous.replace(*pt)
            && let Some(copy) = skb_clone(k, skb, Gfp::Atomic)
        {
            note!(k, "more than one wants the frame: this one gets a copy");
            (other.func)(k, copy, dev, &other);
        }
    }
    match previous {
        Some(pt) => (pt.func)(k, skb, dev, &pt),
        None => {
            note!(k, "nobody registered for this type of frame");
            discard!(k, skb, UnknownEthertype);
            kfree_skb(k, skb, FreeMode::Write);
        }
    }
}

/// Finds the devices: the loopback first, then the Ethernet cards.
///
/// net/inet/dev.c:dev_init and drivers/net/Space.c, whose list the order is. None of them is up yet.
#[kfn("net/inet/dev.c")]
pub fn dev_init(k: &mut Kernel) {
    k.dev.clear();
    loopback_init(k);
    ethif_probe(k);
}
