//! Socket buffers (net/inet/skbuff.c, include/linux/skbuff.h): allocation, the lists, the driver's lock.
//!
//! Promise: every buffer is counted from `alloc_skb` to `kfree_skbmem`, stands on at most one list and knows which, and
//! what its memory was charged to gets it back. A list of a sock announces every buffer that joins it.

use kfn::kfn;

use super::sock::{sock_rfree, sock_wfree};
use crate::include::arena::Id;
use crate::include::skbuff::{FreeMode, Gfp, ListId, PACKET_HOST, PacketBytes, SIZEOF_SK_BUFF, SkBuff, SkbId};
use crate::include::sock::SockId;
use crate::kernel::Kernel;
use crate::kernel::irq::{cli, restore_flags, save_flags};
use crate::kernel::kmalloc::{Memory, kfree_s, kmalloc};
use crate::kernel::probe::{Event, QueueOperation};
use crate::note;

/// The sock a list belongs to; None for lists of devices and of ARP.
#[must_use]
pub fn owner_of(list: ListId) -> Option<SockId> {
    match list {
        ListId::Receive(sk) | ListId::Write(sk) | ListId::BackLog(sk) => Some(sk),
        ListId::Backlog | ListId::Device(..) | ListId::Arp(_) => None,
    }
}

/// Makes a buffer with room for size bytes.
///
/// net/inet/skbuff.c:alloc_skb. Memory never runs out here.
#[kfn("net/inet/skbuff.c")]
pub fn alloc_skb(k: &mut Kernel, size: u32, priority: Gfp) -> Option<SkbId> {
    let mem_len = size.saturating_add(SIZEOF_SK_BUFF);
    kmalloc(k, mem_len, priority);
    let data = PacketBytes::recycled(size as usize, &mut k.spare);
    let (skb, buffer) = k.skb.make();
    buffer.mem_len = mem_len;
    buffer.free = 2;
    buffer.pkt_type = PACKET_HOST;
    buffer.data = data;
    k.net_allocs = k.net_allocs.wrapping_add(1);
    let flags = save_flags(k);
    cli(k);
    k.net_skbcount = k.net_skbcount.wrapping_add(1);
    k.net_memory = k.net_memory.wrapping_add(mem_len);
    restore_flags(k, flags, "alloc_skb");
    Some(skb)
}

/// Gives a buffer up: its memory goes back to the sock that was charged for it.
///
/// net/inet/skbuff.c:kfree_skb. A buffer that a driver holds is only marked and freed when the driver is done.
#[kfn("net/inet/skbuff.c")]
pub fn kfree_skb(k: &mut Kernel, skb: SkbId, rw: FreeMode) {
    let (lock, free, list, sk, mem_len) = {
        let buffer = &k.skb[skb];
        (buffer.lock, buffer.free, buffer.list, buffer.sk, buffer.mem_len)
    };
    if lock != 0 {
        note!(k, "a driver still holds the buffer: it is marked, and freed when the driver unlocks it");
        k.skb[skb].free = 3;
        k.net_free_locked = k.net_free_locked.wrapping_add(1);
        return;
    }
    if free == 2 {
        k.printk("kfree_skb: nobody decided whether this buffer is to be freed");
    }
    if list.is_some() {
        k.printk("kfree_skb: the buffer still stands on a list");
    }
    match (sk, rw) {
        (Some(sk), FreeMode::Read) => sock_rfree(k, sk, skb, mem_len),
        (Some(sk), FreeMode::Write) => sock_wfree(k, sk, skb, mem_len),
        (None, _) => kfree_skbmem(k, skb, mem_len),
    }
}

/// Returns a buffer's memory and takes it out of the counts.
///
/// net/inet/skbuff.c:kfree_skbmem.
#[kfn("net/inet/skbuff.c")]
pub fn kfree_skbmem(k: &mut Kernel, skb: SkbId, size: u32) {
    let flags = save_flags(k);
    cli(k);
    kfree_s(k, Memory::Skb(skb), size);
    k.net_skbcount = k.net_skbcount.wrapping_sub(1);
    k.net_memory = k.net_memory.wrapping_sub(size);
    restore_flags(k, flags, "kfree_skbmem");
}

/// Copies a buffer, data and all; the copy belongs to nobody.
///
/// net/inet/skbuff.c:skb_clone. There are no shared bytes in 1.2.13. Kept: the time of arrival is not copied, so
/// SIOCGSTAMP on a socket that got a copy says ENOENT
/// (kept_frames/copy_without_stamp).
#[kfn("net/inet/skbuff.c")]
pub fn skb_clone(k: &mut Kernel, skb: SkbId, priority: Gfp) -> Option<SkbId> {
    let old = k.skb[skb].clone();
    let copy = alloc_skb(k, old.mem_len.saturating_sub(SIZEOF_SK_BUFF), priority)?;
    let place = &mut k.skb[copy];
    let mem_len = place.mem_len;
    *place = SkBuff { list: None, link3: None, sk: None, stamp: 0, free: 1, lock: 0, users: 0, mem_len, ..old };
    Some(copy)
}

/// Tells the probe that a buffer joined a list of a sock.
///
/// An append is always reported for the receive queue, whatever list it was done on, as the traces of the original do;
/// the shrinking window of a peer shows it.
#[track_caller]
fn announce(k: &mut Kernel, list: ListId, operation: QueueOperation, skb: SkbId) {
    let Some(sk) = owner_of(list) else { return };
    let list = if operation == QueueOperation::Append { ListId::Receive(sk) } else { list };
    k.emit(|k| {
        let buffer = &k.skb[skb];
        let len = k.list(list).map_or(0, |queue| queue.len() as u32);
        Event::Enqueue { sk, list, operation, len, skb_len: buffer.len, mem_len: buffer.mem_len }
    });
}

/// Puts a buffer at the head of a list.
///
/// include/linux/skbuff.h:skb_queue_head.
#[kfn("include/linux/skbuff.h")]
pub fn skb_queue_head(k: &mut Kernel, list: ListId, newsk: SkbId) {
    let flags = save_flags(k);
    cli(k);
    k.skb[newsk].list = Some(list);
    k.list_mut(list).push_front(newsk);
    announce(k, list, QueueOperation::Head, newsk);
    restore_flags(k, flags, "skb_queue_head");
}

/// Puts a buffer at the tail of a list.
///
/// include/linux/skbuff.h:skb_queue_tail.
#[kfn("include/linux/skbuff.h")]
pub fn skb_queue_tail(k: &mut Kernel, list: ListId, newsk: SkbId) {
    let flags = save_flags(k);
    cli(k);
    k.skb[newsk].list = Some(list);
    k.list_mut(list).push_back(newsk);
    announce(k, list, QueueOperation::Tail, newsk);
    restore_flags(k, flags, "skb_queue_tail");
}

/// Puts a buffer right behind another one.
///
/// include/linux/skbuff.h:skb_append.
#[kfn("include/linux/skbuff.h")]
pub fn skb_append(k: &mut Kernel, old: SkbId, newsk: SkbId) {
    let flags = save_flags(k);
    cli(k);
    if let Some(list) = insert_beside(k, old, newsk, 1) {
        announce(k, list, QueueOperation::Append, newsk);
    }
    restore_flags(k, flags, "skb_append");
}

/// Puts a buffer right before another one.
///
/// include/linux/skbuff.h:skb_insert.
#[kfn("include/linux/skbuff.h")]
pub fn skb_insert(k: &mut Kernel, old: SkbId, newsk: SkbId) {
    let flags = save_flags(k);
    cli(k);
    insert_beside(k, old, newsk, 0);
    restore_flags(k, flags, "skb_insert");
}

/// Inserts a buffer `distance` places behind another; the list they share.
fn insert_beside(k: &mut Kernel, old: SkbId, newsk: SkbId, distance: usize) -> Option<ListId> {
    let place = k.skb[old].list.and_then(|list| Some((list, position(k, list, old)?)));
    let Some((list, place)) = place else {
        k.oops("a buffer was put beside one that stands on no list");
        return None;
    };
    k.skb[newsk].list = Some(list);
    k.list_mut(list).insert(place + distance, newsk);
    Some(list)
}

fn position(k: &Kernel, list: ListId, skb: Id<SkBuff>) -> Option<usize> {
    k.list(list)?.iter().position(|known| *known == skb)
}

/// Takes a buffer off whatever list it stands on.
///
/// include/linux/skbuff.h:skb_unlink. A buffer that stands on none is left alone.
#[kfn("include/linux/skbuff.h")]
pub fn skb_unlink(k: &mut Kernel, skb: SkbId) {
    let flags = save_flags(k);
    cli(k);
    if let Some(list) = k.skb[skb].list.take() {
        skb_unlink_from(k, list, skb);
    }
    restore_flags(k, flags, "skb_unlink");
}

/// Takes a buffer out of the list that it stands on: nearly always at the head.
fn skb_unlink_from(k: &mut Kernel, list: ListId, skb: SkbId) {
    if skb_peek(k, list) == Some(skb) {
        k.pop_front(list);
    } else if let Some(place) = position(k, list, skb) {
        k.list_mut(list).remove(place);
    }
}

/// Takes the first buffer of a list.
///
/// include/linux/skbuff.h:skb_dequeue.
#[kfn("include/linux/skbuff.h")]
pub fn skb_dequeue(k: &mut Kernel, list: ListId) -> Option<SkbId> {
    let flags = save_flags(k);
    cli(k);
    let skb = k.pop_front(list);
    if let Some(skb) = skb {
        k.skb[skb].list = None;
    }
    restore_flags(k, flags, "skb_dequeue");
    skb
}

/// The first buffer of a list, which stays there (include/linux/skbuff.h:skb_peek).
#[must_use]
#[inline(always)] // For speed: in its caller it shares the look-ups made there.
pub fn skb_peek(k: &Kernel, list: ListId) -> Option<SkbId> {
    k.list(list)?.front().copied()
}

/// A driver takes hold of a buffer: it cannot be freed under it.
///
/// net/inet/skbuff.c:skb_device_lock.
#[kfn("net/inet/skbuff.c")]
pub fn skb_device_lock(k: &mut Kernel, skb: SkbId) {
    let buffer = &mut k.skb[skb];
    let lock = buffer.lock;
    if lock == 0 {
        buffer.lock = 1;
        k.net_locked = k.net_locked.wrapping_add(1);
        return;
    }
    k.printk("double lock on device queue");
    k.skb[skb].lock = lock.wrapping_add(1);
}

/// A driver lets go of a buffer.
///
/// net/inet/skbuff.c:skb_device_unlock.
#[kfn("net/inet/skbuff.c")]
pub fn skb_device_unlock(k: &mut Kernel, skb: SkbId) {
    if k.skb[skb].lock == 0 {
        k.printk("double unlock on device queue");
    }
    let buffer = &mut k.skb[skb];
    buffer.lock = buffer.lock.wrapping_sub(1);
    if buffer.lock == 0 {
        k.net_locked = k.net_locked.wrapping_sub(1);
    }
}

/// Whether a driver holds the buffer (net/inet/skbuff.c:skb_device_locked).
#[must_use]
pub fn skb_device_locked(k: &Kernel, skb: SkbId) -> bool {
    k.skb.get(skb).is_some_and(|buffer| buffer.lock != 0)
}

/// Unlocks a buffer that the driver is done with, and frees it unless it is kept.
///
/// net/inet/skbuff.c:dev_kfree_skb.
#[kfn("net/inet/skbuff.c")]
pub fn dev_kfree_skb(k: &mut Kernel, skb: SkbId, mode: FreeMode) {
    let flags = save_flags(k);
    cli(k);
    let buffer = &mut k.skb[skb];
    if buffer.lock == 1 {
        k.net_locked = k.net_locked.wrapping_sub(1);
    }
    buffer.lock = buffer.lock.saturating_sub(1);
    let (lock, free) = (buffer.lock, buffer.free);
    if lock == 0 && (free == 1 || free == 3) {
        note!(k, "the frame is out and nobody waits for an answer to it: the buffer is freed now");
        kfree_skb(k, skb, mode);
    } else {
        note!(k, "the frame is out, but the buffer stays: it may have to be sent again");
    }
    restore_flags(k, flags, "dev_kfree_skb");
}
