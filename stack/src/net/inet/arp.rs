//! ARP (net/inet/arp.c, RFC 826): the table, the question, the answer, and the packets that wait for it.
//!
//! Two kinds of timer run here and no other: an *unresolved* entry repeats its request every 25 s, three times in all,
//! and is then thrown away with everything that waits on it; and once a minute entries that nobody used for ten minutes
//! are dropped. A resolved entry has no timer, nothing is ever verified again, and a failure is silent.

use kfn::kfn;

use super::dev::{dev_add_pack, dev_queue_xmit, register_netdevice_notifier};
use super::devinet::ip_chk_addr;
use super::igmp::ip_mc_map;
use super::skbuff::{
    alloc_skb, dev_kfree_skb, kfree_skb, skb_dequeue, skb_device_lock, skb_device_unlock, skb_queue_tail, skb_unlink,
};
use crate::include::arp::{
    ARP_CHECK_INTERVAL, ARP_MAX_TRIES, ARP_RES_TIME, ARP_TABLE_SIZE, ARP_TIMEOUT, ARPOP_REPLY, ARPOP_REQUEST, ATF_COM,
    ATF_PERM, ATF_PUBL, ArpId, ArpTable, PROXY_HASH,
};
use crate::include::in_addr::InAddr;
use crate::include::netdevice::{
    ARPHRD_ARCNET, ARPHRD_ETHER, AddressKind, DevId, ETH_ALEN, ETH_P_ARP, ETH_P_IP, IFF_NOARP, MAX_ADDR_LEN,
    NetdevEvent, NotifierBlock, PacketType,
};
use crate::include::skbuff::{FreeMode, Gfp, ListId, SkBuff, SkbId};
use crate::include::timer::{TimerFunction, TimerId};
use crate::kernel::Kernel;
use crate::kernel::irq::{cli, sti};
use crate::kernel::probe::{Arg, Discard, Event, ToArg, Word};
use crate::kernel::timer::{add_timer, del_timer, init_timer};
use crate::{discard, note};

pub use super::arp_ioctl::arp_ioctl;

/// Octets of an ARP packet without its addresses.
pub(super) const ARP_FIXED: usize = 8;
/// Octets of a protocol address.
pub(super) const PROTOCOL_LENGTH: u8 = 4;

/// Where arp_lookup looks besides the hash bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProxySearch {
    /// PROXY_EXACT 0: the published entry of exactly this address.
    Exact,
    /// PROXY_ANY 1: the published entry under whose mask the address falls.
    Any,
    /// PROXY_NONE 2: nowhere.
    None,
}

impl ToArg for ProxySearch {
    fn to_arg(&self) -> Arg {
        Arg::Word(match self {
            Self::Exact => Word::ProxyExact,
            Self::Any => Word::ProxyAny,
            Self::None => Word::ProxyNone,
        })
    }
}

/// Bucket of an address: the low four bits of its last octet.
#[must_use]
pub fn hash(addr: InAddr) -> usize {
    addr.0 as usize & (ARP_TABLE_SIZE - 1)
}

/// Announces ARP to the device layer and starts the minute timer.
///
/// net/inet/arp.c:arp_init.
#[kfn("net/inet/arp.c")]
pub fn arp_init(k: &mut Kernel) {
    dev_add_pack(k, PacketType { type_: ETH_P_ARP, dev: None, name: "arp_rcv", func: arp_rcv, data: None });
    register_netdevice_notifier(k, NotifierBlock { name: "arp_device_event", notifier_call: arp_device_event });
    init_timer(k, TimerId::ArpCheck, TimerFunction { name: "arp_check_expire", call: arp_check_expire });
    k.arp_timer.expires = ARP_CHECK_INTERVAL;
    add_timer(k, TimerId::ArpCheck);
}

/// Once a minute: forgets entries that were not used for ten minutes.
///
/// net/inet/arp.c:arp_check_expire. Permanent entries stay. Nothing is sent and nothing is verified.
///
/// Kept: an entry in use never expires, however wrong it has become (arp/expiry_busy); an idle one goes between 600 and
/// 660 s after its last use (arp/expiry_idle).
#[kfn("net/inet/arp.c", rfc = "826")]
pub fn arp_check_expire(k: &mut Kernel, timer: TimerId) {
    let now = k.jiffies;
    for bucket in 0..=PROXY_HASH {
        for entry in bucket_of(k, bucket) {
            let (flags, last_used) = (k.arp[entry].flags, k.arp[entry].last_used);
            if flags & ATF_PERM == 0 && now.since(last_used) > ARP_TIMEOUT {
                note!(k, "the entry was not used for ten minutes: it is forgotten");
                forget_entry(k, bucket, entry);
            }
        }
    }
    del_timer(k, timer);
    k.arp_timer.expires = ARP_CHECK_INTERVAL;
    add_timer(k, timer);
}

/// The entries of a bucket, newest first.
fn bucket_of(k: &Kernel, bucket: usize) -> Vec<ArpId> {
    k.arp_tables.get(bucket).cloned().unwrap_or_default()
}

/// The first entry of a bucket that is wanted.
fn find_in(k: &Kernel, bucket: usize, wanted: impl Fn(&ArpTable) -> bool) -> Option<ArpId> {
    k.arp_tables.get(bucket)?.iter().copied().find(|entry| wanted(&k.arp[*entry]))
}

/// Puts an entry at the head of a bucket.
fn push_entry(k: &mut Kernel, bucket: usize, entry: ArpId) {
    if let Some(chain) = k.arp_tables.get_mut(bucket) {
        chain.insert(0, entry);
    }
}

/// Takes an entry out of its bucket.
fn unlink_entry(k: &mut Kernel, bucket: usize, entry: ArpId) {
    if let Some(chain) = k.arp_tables.get_mut(bucket) {
        chain.retain(|other| *other != entry);
    }
}

/// Unlinks and frees an entry without looking at what waits on it: such buffers are freed by nobody.
fn forget_entry(k: &mut Kernel, bucket: usize, entry: ArpId) {
    unlink_entry(k, bucket, entry);
    for skb in k.arp[entry].skb.clone() {
        discard!(k, skb, ArpDestroyed);
        skb_unlink(k, skb);
    }
    del_timer(k, TimerId::ArpEntry(entry));
    k.arp.remove(entry);
}

/// Throws away what waits on an entry, and the entry.
///
/// net/inet/arp.c:arp_release_entry. Buffers that TCP keeps for retransmission (`free` 0) are only let go.
#[kfn("net/inet/arp.c", skip(reason))]
pub fn arp_release_entry(k: &mut Kernel, entry: ArpId, reason: Discard) {
    while let Some(skb) = skb_dequeue(k, ListId::Arp(entry)) {
        if k.skb[skb].free == 0 {
            note!(k, "TCP keeps this segment for retransmission: it only leaves the queue");
        } else {
            k.emit(|_| Event::Discard { reason, skb: Some(skb) });
        }
        skb_device_lock(k, skb);
        dev_kfree_skb(k, skb, FreeMode::Write);
    }
    del_timer(k, TimerId::ArpEntry(entry));
    k.arp.remove(entry);
}

/// A device went down: forgets every entry behind it, permanent and published ones too.
///
/// net/inet/arp.c:arp_device_event.
///
/// Kept: packets that wait on such an entry are not freed (kept_frames/arp_down).
#[kfn("net/inet/arp.c", skip(event))]
pub fn arp_device_event(k: &mut Kernel, event: NetdevEvent, dev: DevId) {
    match event {
        NetdevEvent::Up => return,
        NetdevEvent::Down => {}
    }
    for bucket in 0..=PROXY_HASH {
        for entry in bucket_of(k, bucket) {
            if k.arp[entry].dev == dev {
                forget_entry(k, bucket, entry);
            }
        }
    }
}

/// Builds an ARP packet and sends it at once.
///
/// net/inet/arp.c:arp_send, RFC 826. Without a destination hardware address it is a broadcast with zeros as target.
#[allow(clippy::too_many_arguments, reason = "the arguments of the original")]
#[kfn("net/inet/arp.c", rfc = "826", skip(dest_hw, src_hw))]
pub fn arp_send(
    k: &mut Kernel,
    type_: u16,
    ptype: u16,
    dest_ip: InAddr,
    dev: DevId,
    src_ip: InAddr,
    dest_hw: Option<[u8; MAX_ADDR_LEN]>,
    src_hw: [u8; MAX_ADDR_LEN],
) {
    let device = k.device(dev);
    let (hard_header, hard_header_len) = (device.ops.hard_header, usize::from(device.hard_header_len));
    let (dev_type, addr_len, broadcast) = (device.type_, device.addr_len, device.broadcast);
    if device.flags & IFF_NOARP != 0 {
        return;
    }
    let len = (hard_header_len + ARP_FIXED + 2 * usize::from(addr_len + PROTOCOL_LENGTH)) as u32;
    let Some(skb) = alloc_skb(k, len, Gfp::Atomic) else {
        k.printk("arp: no memory to send an arp packet");
        return;
    };
    let buffer = &mut k.skb[skb];
    buffer.len = len;
    buffer.arp = true;
    buffer.free = 1;
    buffer.dev = Some(dev);
    hard_header(k, skb, dev, ptype, Some(dest_hw.unwrap_or(broadcast)), Some(src_hw), len);
    let mut body = Vec::with_capacity(len as usize);
    body.extend_from_slice(&dev_type.to_be_bytes());
    body.extend_from_slice(&ETH_P_IP.to_be_bytes());
    body.extend_from_slice(&[addr_len, PROTOCOL_LENGTH]);
    body.extend_from_slice(&type_.to_be_bytes());
    let hardware = |address: [u8; MAX_ADDR_LEN]| address.into_iter().take(usize::from(addr_len));
    body.extend(hardware(src_hw));
    body.extend_from_slice(&src_ip.octets());
    body.extend(hardware(dest_hw.unwrap_or([0; MAX_ADDR_LEN])));
    body.extend_from_slice(&dest_ip.octets());
    k.skb[skb].put(hard_header_len, &body);
    dev_queue_xmit(k, skb, dev, 0);
}

/// Asks the whole link who has an address.
fn ask(k: &mut Kernel, paddr: InAddr, dev: DevId, saddr: InAddr) {
    let own = k.device(dev).dev_addr;
    arp_send(k, ARPOP_REQUEST, ETH_P_ARP, paddr, dev, saddr, None, own);
}

/// Nobody has answered for 25 s: asks again, or gives up after the third request.
///
/// net/inet/arp.c:arp_expire_request.
///
/// Kept: the sender of the waiting packets never hears of the failure, neither by ICMP nor by an error (arp/retry_giveup).
#[kfn("net/inet/arp.c", rfc = "1122 p.23")]
pub fn arp_expire_request(k: &mut Kernel, timer: TimerId) {
    let TimerId::ArpEntry(entry) = timer else { return };
    if k.arp[entry].flags & ATF_COM != 0 {
        note!(k, "the answer came in the meantime");
        return;
    }
    k.arp[entry].retries -= 1;
    if k.arp[entry].retries > 0 {
        note!(k, "no answer yet: the request is repeated and the next 25 s begin");
        k.arp[entry].timer.expires = ARP_RES_TIME;
        add_timer(k, timer);
        let (ip, dev) = (k.arp[entry].ip, k.arp[entry].dev);
        let own = k.device(dev).pa_addr;
        ask(k, ip, dev, own);
        return;
    }
    note!(k, "three requests went unanswered: the entry and what waits on it are thrown away in silence");
    let bucket = if k.arp[entry].flags & ATF_PUBL != 0 { PROXY_HASH } else { hash(k.arp[entry].ip) };
    unlink_entry(k, bucket, entry);
    arp_release_entry(k, entry, Discard::ArpNoAnswer);
}

/// The answer is here: sends the packets that waited for it, oldest first.
///
/// net/inet/arp.c:arp_send_q.
#[kfn("net/inet/arp.c")]
fn arp_send_q(k: &mut Kernel, entry: ArpId) {
    if k.arp[entry].flags & ATF_COM == 0 {
        k.printk("arp_send_q: incomplete entry");
        return;
    }
    while let Some(skb) = skb_dequeue(k, ListId::Arp(entry)) {
        skb_device_lock(k, skb);
        let (dev, raddr) = (k.skb[skb].dev.unwrap_or_default(), k.skb[skb].raddr);
        let rebuild_header = k.device(dev).ops.rebuild_header;
        if rebuild_header(k, skb, dev, raddr) {
            k.printk("arp_send_q: the address is still not resolved");
            continue;
        }
        k.skb[skb].arp = true;
        let priority = k.skb[skb].sk.map_or(0, |sk| i32::from(k.sock[sk].priority));
        note!(k, "a packet that waited for this address leaves");
        dev_queue_xmit(k, skb, dev, priority);
    }
}

/// Deletes the mapping of an address, with whatever waits for it.
///
/// net/inet/arp.c:arp_destroy. TCP calls it when a connection times out and at the end of every TIME_WAIT.
///
/// Kept: a permanent entry that may not be deleted leaves interrupts off (active_open/timeout).
#[kfn("net/inet/arp.c")]
pub fn arp_destroy(k: &mut Kernel, ip_addr: InAddr, force: bool) {
    let mut checked_proxies = false;
    loop {
        let empty = find_in(k, hash(ip_addr), |_| true).is_none();
        let mut bucket = if empty { PROXY_HASH } else { hash(ip_addr) };
        let mut found = find_in(k, bucket, |entry| entry.ip == ip_addr);
        // The mark survives a restart, so a second published entry is only found where the bucket is empty.
        if found.is_none() && !checked_proxies {
            checked_proxies = true;
            bucket = PROXY_HASH;
            found = find_in(k, bucket, |entry| entry.ip == ip_addr);
        }
        let Some(entry) = found else { return };
        if k.arp[entry].flags & ATF_PERM != 0 && !force {
            note!(k, "the entry is permanent: it stays, and interrupts stay off");
            cli(k);
            return;
        }
        unlink_entry(k, bucket, entry);
        arp_release_entry(k, entry, Discard::ArpDestroyed);
    }
}

/// Finds an entry: in the bucket of the address, then, if wanted, among the published ones.
///
/// net/inet/arp.c:arp_lookup.
#[kfn("net/inet/arp.c")]
pub fn arp_lookup(k: &mut Kernel, paddr: InAddr, proxy: ProxySearch) -> Option<ArpId> {
    let exact = |entry: &ArpTable| entry.ip == paddr;
    let masked = |entry: &ArpTable| ((entry.ip ^ paddr) & entry.mask).is_any();
    let found = find_in(k, hash(paddr), exact);
    match proxy {
        ProxySearch::None => found,
        ProxySearch::Exact => found.or_else(|| find_in(k, PROXY_HASH, exact)),
        ProxySearch::Any => found.or_else(|| find_in(k, PROXY_HASH, masked)),
    }
}

/// A hardware address in an ARP packet.
pub(super) fn hardware_at(buffer: &SkBuff, at: usize, addr_len: u8) -> [u8; MAX_ADDR_LEN] {
    let mut address = [0; MAX_ADDR_LEN];
    for (index, octet) in address.iter_mut().take(usize::from(addr_len)).enumerate() {
        *octet = buffer.u8_at(at + index);
    }
    address
}

/// What the fields of an arrived ARP packet say.
#[derive(Clone, Copy)]
struct Body {
    op: u16,
    sha: [u8; MAX_ADDR_LEN],
    sip: InAddr,
    tip: InAddr,
}

impl Body {
    /// Reads the addresses behind the fixed part; octets that are not there read as zero.
    fn read(k: &Kernel, skb: SkbId, addr_len: u8) -> Self {
        let buffer = &k.skb[skb];
        let at = buffer.h_raw;
        let hardware = usize::from(addr_len).min(MAX_ADDR_LEN);
        Self {
            op: buffer.u16_at(at + 6),
            sha: hardware_at(buffer, at + ARP_FIXED, addr_len),
            sip: InAddr(buffer.u32_at(at + ARP_FIXED + hardware)),
            tip: InAddr(buffer.u32_at(at + ARP_FIXED + 2 * hardware + usize::from(PROTOCOL_LENGTH))),
        }
    }
}

/// Takes an ARP packet: answers a question about us, and learns from whoever talks to us.
///
/// net/inet/arp.c:arp_rcv, RFC 826.
///
/// Kept: whatever is no reply counts as a request; gratuitous ARP changes nothing because its target is not us
/// (arp/gratuitous); a reply to us is believed unasked and overwrites permanent entries too; a request on one interface
/// for the address of another is not answered; 1.0.0.127 is refused where 127.0.0.1 was meant.
#[kfn("net/inet/arp.c", rfc = "826")]
pub fn arp_rcv(k: &mut Kernel, skb: SkbId, dev: DevId, _pt: &PacketType) {
    if !arp_rcv_fits(k, skb, dev) {
        discard!(k, skb, ArpBadHeader);
        kfree_skb(k, skb, FreeMode::Read);
        return;
    }
    let device = k.device(dev);
    let (pa_addr, dev_addr, addr_len) = (device.pa_addr, device.dev_addr, device.addr_len);
    let body = Body::read(k, skb, addr_len);
    // INADDR_LOOPBACK in host order, compared with an address in network order.
    if body.tip.0 == InAddr::LOOPBACK.0.swap_bytes() {
        discard!(k, skb, ArpLoopbackTarget);
        kfree_skb(k, skb, FreeMode::Read);
        return;
    }
    let kind = ip_chk_addr(k, body.tip);
    if body.op == ARPOP_REPLY {
        if kind != AddressKind::MyAddr {
            discard!(k, skb, ArpReplyNotForUs);
            kfree_skb(k, skb, FreeMode::Read);
            return;
        }
        note!(k, "a reply for one of our addresses: it is believed, asked for or not");
    } else if body.tip != pa_addr {
        arp_rcv_proxy(k, skb, dev, body);
        return;
    } else {
        note!(k, "somebody asks for our address: we answer");
        arp_send(k, ARPOP_REPLY, ETH_P_ARP, body.sip, dev, body.tip, Some(body.sha), dev_addr);
    }
    arp_rcv_learn(k, dev, body);
    kfree_skb(k, skb, FreeMode::Read);
}

/// Whether the fixed part of an ARP packet fits its device and IP.
fn arp_rcv_fits(k: &mut Kernel, skb: SkbId, dev: DevId) -> bool {
    let device = k.device(dev);
    let (addr_len, dev_type, flags) = (device.addr_len, device.type_, device.flags);
    let buffer = &k.skb[skb];
    let at = buffer.h_raw;
    let (ar_hrd, ar_pro) = (buffer.u16_at(at), buffer.u16_at(at + 2));
    let (ar_hln, ar_pln) = (buffer.u8_at(at + 4), buffer.u8_at(at + 5));
    if ar_hln != addr_len || ar_hrd != dev_type || flags & IFF_NOARP != 0 || ar_pln != PROTOCOL_LENGTH {
        return false;
    }
    match dev_type {
        ARPHRD_ETHER | ARPHRD_ARCNET => ar_pro == ETH_P_IP,
        _ => {
            k.printk("ARP: arp_rcv: unknown hardware type");
            false
        }
    }
}

/// A request for an address that is not this interface's: answered only for a published entry of another interface.
fn arp_rcv_proxy(k: &mut Kernel, skb: SkbId, dev: DevId, body: Body) {
    let dev_type = k.device(dev).type_;
    let published = find_in(k, PROXY_HASH, |entry| {
        entry.dev != dev && entry.htype == dev_type && ((entry.ip ^ body.tip) & entry.mask).is_any()
    });
    match published {
        Some(entry) => {
            note!(k, "a published entry of another interface: we answer in that host's place, and learn nothing");
            let ha = k.arp[entry].ha;
            arp_send(k, ARPOP_REPLY, ETH_P_ARP, body.sip, dev, body.tip, Some(body.sha), ha);
        }
        None => discard!(k, skb, ArpRequestNotForUs),
    }
    kfree_skb(k, skb, FreeMode::Read);
}

/// Enters the sender of an ARP packet into the table; an awaited answer releases what waits for it.
fn arp_rcv_learn(k: &mut Kernel, dev: DevId, body: Body) {
    let (dev_type, addr_len, now) = (k.device(dev).type_, k.device(dev).addr_len, k.jiffies);
    let bucket = hash(body.sip);
    let known = find_in(k, bucket, |entry| entry.ip == body.sip && entry.htype == dev_type);
    if let Some(id) = known {
        let entry = &mut k.arp[id];
        entry.ha = body.sha;
        entry.hlen = addr_len;
        entry.last_used = now;
        if entry.flags & ATF_COM == 0 {
            note!(k, "the answer we waited for: the timer stops and the waiting packets leave");
            del_timer(k, TimerId::ArpEntry(id));
            k.arp[id].flags |= ATF_COM;
            arp_send_q(k, id);
        } else {
            note!(k, "a known neighbour: its hardware address is stored anew");
        }
        return;
    }
    note!(k, "a new neighbour is entered into the table");
    let entry =
        ArpTable { ip: body.sip, hlen: addr_len, htype: dev_type, flags: ATF_COM, ha: body.sha, ..new_entry(k, dev) };
    insert_entry(k, bucket, entry);
}

/// An entry with what all new ones have in common.
pub(super) fn new_entry(k: &Kernel, dev: DevId) -> ArpTable {
    ArpTable { mask: InAddr::BROADCAST, last_used: k.jiffies, dev, ..ArpTable::default() }
}

/// Stores an entry at the head of a bucket, its timer ready but not running.
pub(super) fn insert_entry(k: &mut Kernel, bucket: usize, entry: ArpTable) -> ArpId {
    let id = k.arp.insert(entry);
    let function = TimerFunction { name: "arp_expire_request", call: arp_expire_request };
    init_timer(k, TimerId::ArpEntry(id), function);
    push_entry(k, bucket, id);
    id
}

/// Writes the hardware address of the next hop into the frame; true: the packet must wait.
///
/// net/inet/arp.c:arp_find, RFC 1122 section 2.3.2.2: the packets that wait are kept, all of them.
///
/// Kept: further packets for the same host wait without another request, and their number has no limit (arp/queue_drain).
///
/// Kept: interrupts are off from the look-up on and come back on in each of the three ways out: whoever called with them
/// off has them on now. For a new entry that is before the request is sent, so an answer that comes in there sends what
/// waits, and the question is asked all the same (arp/irq_in_arp_find_unresolved).
#[kfn("net/inet/arp.c", rfc = "1122 p.23")]
pub fn arp_find(k: &mut Kernel, skb: SkbId, dev: DevId, paddr: InAddr, saddr: InAddr) -> bool {
    if let Some(waits) = arp_find_special(k, skb, dev, paddr) {
        return waits;
    }
    cli(k);
    if let Some(entry) = arp_lookup(k, paddr, ProxySearch::None) {
        let now = k.jiffies;
        let known = &mut k.arp[entry];
        if known.flags & ATF_COM == 0 {
            note!(k, "the request is on its way already: the packet joins the queue of the entry");
            skb_queue_tail(k, ListId::Arp(entry), skb);
            skb_device_unlock(k, skb);
            sti(k, "arp_find");
            return true;
        }
        known.last_used = now;
        let ha = known.ha;
        fill_destination(k, skb, dev, ha);
        sti(k, "arp_find");
        return false;
    }
    note!(k, "the address is unknown: the packet waits on a new entry and the whole link is asked");
    let (addr_len, dev_type) = (k.device(dev).addr_len, k.device(dev).type_);
    let entry = ArpTable { ip: paddr, hlen: addr_len, htype: dev_type, ..new_entry(k, dev) };
    let id = insert_entry(k, hash(paddr), entry);
    k.arp[id].timer.expires = ARP_RES_TIME;
    k.arp[id].retries = ARP_MAX_TRIES;
    add_timer(k, TimerId::ArpEntry(id));
    skb_queue_tail(k, ListId::Arp(id), skb);
    skb_device_unlock(k, skb);
    sti(k, "arp_find");
    ask(k, paddr, dev, saddr);
    true
}

/// Addresses that need no question: our own, broadcasts, and groups where multicast is configured.
#[inline(always)] // For speed: in its caller it shares the look-ups made there.
fn arp_find_special(k: &mut Kernel, skb: SkbId, dev: DevId, paddr: InAddr) -> Option<bool> {
    match ip_chk_addr(k, paddr) {
        AddressKind::MyAddr => {
            let own = k.device(dev).dev_addr;
            k.printk("ARP: arp called for own IP address");
            fill_destination(k, skb, dev, own);
            Some(false)
        }
        AddressKind::Multicast if k.config.ip_multicast => {
            note!(k, "a group: its hardware address is computed, 01:00:5e and 23 bits of the group");
            k.skb[skb].put(0, &ip_mc_map(paddr));
            Some(false)
        }
        AddressKind::Broadcast => {
            let broadcast = k.device(dev).broadcast;
            fill_destination(k, skb, dev, broadcast);
            Some(false)
        }
        AddressKind::Multicast | AddressKind::Other => None,
    }
}

/// Writes the destination of the link header, which is then complete.
#[inline(always)] // For speed: in its caller it shares the look-ups made there.
fn fill_destination(k: &mut Kernel, skb: SkbId, dev: DevId, ha: [u8; MAX_ADDR_LEN]) {
    let length = usize::from(k.device(dev).addr_len);
    let buffer = &mut k.skb[skb];
    match ha {
        [a, b, c, d, e, f, _] if length == ETH_ALEN => buffer.put_octets(0, [a, b, c, d, e, f]),
        _ => buffer.put(0, ha.get(..length).unwrap_or(&ha)),
    };
    buffer.arp = true;
}
