//! The port tables (net/inet/af_inet.c: get_new_socknum, put_sock, remove_sock, get_sock and its kin).
//!
//! Every transport has 256 chains, chosen by the low octet of the local port. Promise: among several socks on one port,
//! `get_sock` finds the most specific one.

use kfn::kfn;

use crate::include::in_addr::InAddr;
use crate::include::sock::{ProtoId, Quadruple, SOCK_ARRAY_SIZE, Sock, SockId};
use crate::include::tcp::TcpState;
use crate::kernel::Kernel;
use crate::kernel::irq::{cli, restore_flags, save_flags, sti};
use crate::note;

/// The chain for a local port.
fn bucket(num: u16) -> usize {
    usize::from(num) & (SOCK_ARRAY_SIZE - 1)
}

/// The first sock of the chain for a local port.
#[must_use]
pub fn chain(k: &Kernel, prot: ProtoId, num: u16) -> Option<SockId> {
    k.protos.get(prot as usize)?.sock_array.get(bucket(num)).copied().flatten()
}

/// The socks of a chain, from `first` on; a damaged chain ends.
pub fn walk(k: &Kernel, first: Option<SockId>) -> impl Iterator<Item = (SockId, &Sock)> {
    let mut next = first;
    std::iter::from_fn(move || {
        let id = next?;
        let sock = k.sock.get(id)?;
        next = sock.next;
        Some((id, sock))
    })
}

fn store_head(k: &mut Kernel, prot: ProtoId, num: u16, head: Option<SockId>) {
    if let Some(place) = k.proto(prot).sock_array.get_mut(bucket(num)) {
        *place = head;
    }
}

/// Whether a sock has exactly this port (net/inet/af_inet.c:sk_inuse).
#[must_use]
pub fn sk_inuse(k: &Kernel, prot: ProtoId, num: u16) -> bool {
    walk(k, chain(k, prot, num)).any(|(_, sock)| sock.num == num)
}

/// Finds a port for a sock that did not choose one.
///
/// net/inet/af_inet.c:get_new_socknum. Takes the first empty chain behind a counter that all transports share, so after
/// boot the ports are 1026, 1027 and so on; if no chain is empty, a free number in the shortest.
///
/// Kept: anybody can foresee the next port; RFC 6056 and a kernel of today choose at random (kept/ports_in_order).
#[kfn("net/inet/af_inet.c")]
pub fn get_new_socknum(k: &mut Kernel, prot: ProtoId, base: u16) -> u16 {
    let start = k.socknum_start;
    let base = match u32::from(base) {
        0 => 1025 + start % 1024,
        low if low <= 1024 => low + 1024 + start % 1024,
        high => high,
    };
    let mut best = (0, usize::MAX);
    for distance in 0..SOCK_ARRAY_SIZE as u32 {
        let port = (distance + base + 1) as u16;
        let length = walk(k, chain(k, prot, port)).count();
        if length == 0 {
            k.socknum_start = (distance + 1 + start) % 1024;
            return port;
        }
        if length < best.1 {
            best = (distance, length);
        }
    }
    note!(k, "every chain of the port table has a sock: a free number in the shortest chain is taken");
    let mut port = (base + best.0 + 1) as u16;
    for _ in 0..SOCK_ARRAY_SIZE {
        if !sk_inuse(k, prot, port) {
            break;
        }
        port = port.wrapping_add(256);
    }
    port
}

/// Enters a sock into the table of its transport under a local port.
///
/// net/inet/af_inet.c:put_sock. A sock bound to an address goes to the head of its chain, one bound to none before the
/// first other such sock. Kept: the mask that finds the place is computed from the address as it lies in memory, last
/// octet first, and interrupts are on afterwards whatever they were before (socket_errors/bind_inuse).
#[kfn("net/inet/af_inet.c")]
pub fn put_sock(k: &mut Kernel, num: u16, sk: SockId) {
    let sock = &mut k.sock[sk];
    sock.num = num;
    (sock.next, sock.prev) = (None, None);
    let (prot, saddr) = (sock.prot.id, sock.saddr.0.swap_bytes());
    let flags = save_flags(k);
    cli(k);
    let state = k.proto(prot);
    state.inuse += 1;
    state.highestinuse = state.highestinuse.max(state.inuse);
    let Some(head) = chain(k, prot, num) else {
        store_head(k, prot, num, Some(sk));
        index_entry(k, prot, sk);
        restore_flags(k, flags, "put_sock");
        return;
    };
    restore_flags(k, flags, "put_sock");
    let mask = place_mask(saddr);
    cli(k);
    let mut before = None;
    let mut behind = None;
    for (id, other) in walk(k, Some(head)) {
        if other.saddr.0.swap_bytes() & mask == 0 {
            behind = Some(id);
            break;
        }
        before = Some(id);
    }
    let sock = &mut k.sock[sk];
    (sock.next, sock.prev) = (behind, before);
    match before {
        Some(before) => k.sock[before].next = Some(sk),
        None => store_head(k, prot, num, Some(sk)),
    }
    if let Some(behind) = behind {
        k.sock[behind].prev = Some(sk);
    }
    index_entry(k, prot, sk);
    sti(k, "put_sock");
}

/// The key of a child; None for a sock that may still change what it answers to.
fn child_key(sock: &Sock) -> Option<Quadruple> {
    let complete = !sock.saddr.is_any() && !sock.daddr.is_any() && sock.dummy_th.dest != 0;
    (sock.parent != 0 && complete).then_some((sock.num, sock.saddr, sock.daddr, sock.dummy_th.dest))
}

/// Keeps the index in step with a sock that has just entered its chain.
fn index_entry(k: &mut Kernel, prot: ProtoId, sk: SockId) {
    let num = k.sock[sk].num;
    if let Some(key) = child_key(&k.sock[sk]) {
        k.proto(prot).index.children.entry(key).or_default().push(sk);
        return;
    }
    let known = |k: &Kernel, id: SockId, sock: &Sock| {
        let children = &k.protos[prot as usize].index.children;
        child_key(sock).and_then(|key| children.get(&key)).is_some_and(|ids| ids.contains(&id))
    };
    let others = walk(k, chain(k, prot, num)).filter(|(id, sock)| !known(k, *id, sock)).map(|(id, _)| id).collect();
    k.proto(prot).index.others.insert(bucket(num), others);
}

/// Keeps the index in step with a sock that has just left its chain.
fn unindex_entry(k: &mut Kernel, prot: ProtoId, sk: SockId) {
    let num = k.sock[sk].num;
    let key = child_key(&k.sock[sk]);
    let index = &mut k.proto(prot).index;
    if let Some(key) = key
        && let Some(ids) = index.children.get_mut(&key)
    {
        ids.retain(|id| *id != sk);
        if ids.is_empty() {
            index.children.remove(&key);
        }
    }
    if let Some(others) = index.others.get_mut(&bucket(num)) {
        others.retain(|id| *id != sk);
    }
}

/// A child is about to get another peer: from now on it is found by its chain, as any sock that connects.
pub fn index_reconnecting(k: &mut Kernel, sk: SockId) {
    let (prot, bound) = (k.sock[sk].prot.id, k.sock[sk].num != 0);
    if k.sock[sk].parent != 0 && bound {
        unindex_entry(k, prot, sk);
        k.sock[sk].parent = 0;
        index_entry(k, prot, sk);
    }
}

/// The mask put_sock looks for its place with.
fn place_mask(saddr: u32) -> u32 {
    for mask in [0xff00_0000_u32, 0xffff_0000, 0xffff_ff00] {
        if mask & saddr != 0 && mask & saddr != mask {
            return mask << 8;
        }
    }
    u32::MAX
}

/// Takes a sock out of the table of its transport.
///
/// net/inet/af_inet.c:remove_sock. A sock that was never bound stands in none.
#[kfn("net/inet/af_inet.c")]
pub fn remove_sock(k: &mut Kernel, sk: SockId) {
    let flags = save_flags(k);
    cli(k);
    remove_sock_unlink(k, sk);
    restore_flags(k, flags, "remove_sock");
}

/// Takes a sock out of its chain, if it stands in one.
fn remove_sock_unlink(k: &mut Kernel, sk: SockId) {
    let Sock { num, next, prev, .. } = k.sock[sk];
    let prot = k.sock[sk].prot.id;
    // A copy of a sock has its places in the chain and does not stand there.
    let leads_here = match prev {
        Some(prev) => k.sock.get(prev).and_then(|sock| sock.next),
        None => chain(k, prot, num),
    };
    if leads_here != Some(sk) {
        return;
    }
    let state = k.proto(prot);
    state.inuse = state.inuse.saturating_sub(1);
    match prev {
        Some(prev) => k.sock[prev].next = next,
        None => store_head(k, prot, num, next),
    }
    if let Some(next) = next {
        k.sock[next].prev = prev;
    }
    unindex_entry(k, prot, sk);
}

/// Dead and closed: such a sock still stands in the table but nothing finds it.
fn is_gone(sock: &Sock) -> bool {
    sock.dead && sock.state == TcpState::Close
}

/// Finds the sock for a segment: the port must match, each further match makes it better.
///
/// net/inet/af_inet.c:get_sock. Local address, remote address and remote port count one each if the sock has them set;
/// three is a connection, none a wildcard listener. Among equals the first of the chain wins.
#[kfn("net/inet/af_inet.c")]
pub fn get_sock(k: &mut Kernel, prot: ProtoId, num: u16, raddr: InAddr, rnum: u16, laddr: InAddr) -> Option<SockId> {
    let k = &*k;
    let index = &k.protos[prot as usize].index;
    let children = index.children.get(&(num, laddr, raddr, rnum)).map_or(&[][..], Vec::as_slice);
    let others = index.others.get(&bucket(num)).map_or(&[][..], Vec::as_slice);
    let walked: Vec<SockId>;
    let (others, children) = if children.len() > 1 {
        walked = walk(k, chain(k, prot, num)).map(|(id, _)| id).collect();
        (walked.as_slice(), &[][..])
    } else {
        (others, children)
    };
    // The first of the best.
    let mut best: Option<(u32, SockId)> = None;
    for candidates in [others, children] {
        for id in candidates {
            let score = k.sock.get(*id).and_then(|sock| score(sock, num, raddr, rnum, laddr));
            if let Some(score) = score
                && best.is_none_or(|(other, _)| score > other)
            {
                best = Some((score, *id));
            }
        }
    }
    best.map(|(_, id)| id)
}

/// How well a sock fits a segment; None if it does not.
fn score(sock: &Sock, num: u16, raddr: InAddr, rnum: u16, laddr: InAddr) -> Option<u32> {
    if sock.num != num || is_gone(sock) {
        return None;
    }
    let counts = |set: bool, same: bool| if set { same.then_some(1) } else { Some(0) };
    Some(
        counts(!sock.saddr.is_any(), sock.saddr == laddr)?
            + counts(!sock.daddr.is_any(), sock.daddr == raddr)?
            + counts(sock.dummy_th.dest != 0, sock.dummy_th.dest == rnum)?,
    )
}

/// Finds the next raw sock that wants a datagram, from `sk` on.
///
/// net/inet/af_inet.c:get_sock_raw.
#[kfn("net/inet/af_inet.c")]
pub fn get_sock_raw(k: &mut Kernel, sk: Option<SockId>, num: u16, raddr: InAddr, laddr: InAddr) -> Option<SockId> {
    walk(k, sk).find(|(_, sock)| sock.num == num && wants(sock, raddr, laddr)).map(|(id, _)| id)
}

/// Finds the next sock that wants a broadcast or multicast datagram, from `sk` on.
///
/// net/inet/af_inet.c:get_sock_mcast, only with CONFIG_IP_MULTICAST.
#[kfn("net/inet/af_inet.c")]
pub fn get_sock_mcast(
    k: &mut Kernel,
    sk: Option<SockId>,
    num: u16,
    raddr: InAddr,
    rnum: u16,
    laddr: InAddr,
) -> Option<SockId> {
    let port_fits = |sock: &Sock| sock.dummy_th.dest == 0 || sock.dummy_th.dest == rnum;
    walk(k, sk).find(|(_, sock)| sock.num == num && port_fits(sock) && wants(sock, raddr, laddr)).map(|(id, _)| id)
}

fn wants(sock: &Sock, raddr: InAddr, laddr: InAddr) -> bool {
    !is_gone(sock) && (sock.daddr.is_any() || sock.daddr == raddr) && (sock.saddr.is_any() || sock.saddr == laddr)
}
