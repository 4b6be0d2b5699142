//! Fragments (net/inet/ip.c, RFC 791 and RFC 815): put together what arrives in pieces, cut what is too long.
//!
//! Reassembly here is that of 1995: no limit on memory, every fragment restarts the 30 s, and overlaps are handled in ways
//! that lose data or end in a crash of the original. Where 1.2.13 would have followed a null pointer or copied a negative
//! number of octets, the run ends in a [`KernelOops`](crate::kernel::KernelOops) that tells the story.

use kfn::kfn;

use super::icmp::icmp_send;
use super::ip_output::ip_queue_xmit;
use super::skbuff::{alloc_skb, kfree_skb};
use crate::include::icmp::{ICMP_DEST_UNREACH, ICMP_EXC_FRAGTIME, ICMP_FRAG_NEEDED, ICMP_TIME_EXCEEDED};
use crate::include::ip::{IP_DF, IP_FRAG_TIME, IP_MF, IP_OFFSET, IpFrag, IpHdr, Ipq, IpqId};
use crate::include::netdevice::DevId;
use crate::include::skbuff::{FreeMode, Gfp, SkbId};
use crate::include::snmp::Mib;
use crate::include::sock::SockId;
use crate::include::timer::{TimerFunction, TimerId};
use crate::kernel::Kernel;
use crate::kernel::probe::{Arg, ToArg};
use crate::kernel::timer::{add_timer, del_timer, init_timer};
use crate::{discard, note};

/// Octets behind the header of the first fragment that its queue keeps for an ICMP error.
const QUOTED: usize = 8;
/// Mark of a fragment that is not the last.
const MORE_FRAGMENTS: u8 = 1;
/// Mark of a fragment that is not the first.
const LATER_FRAGMENT: u8 = 2;

/// Finds the datagram a fragment belongs to, and stops its timer meanwhile.
///
/// net/inet/ip.c:ip_find. Identification, both addresses and protocol must be the same; the device does not matter.
#[kfn("net/inet/ip.c", rfc = "791 p.28")]
fn ip_find(k: &mut Kernel, iph: IpHdr) -> Option<IpqId> {
    let key = |header: &[u8]| {
        let part = |from: usize, to: usize| header.get(from..to).map(<[u8]>::to_vec);
        (part(4, 6), part(9, 10), part(12, 20))
    };
    let wanted = key(&iph.bytes());
    let found = k.ipqueue.iter().copied().find(|qp| key(&k.ipq[*qp].iph) == wanted)?;
    del_timer(k, TimerId::IpExpire(found));
    Some(found)
}

/// Opens a queue for a datagram whose first fragment has arrived, and starts its 30 s.
///
/// net/inet/ip.c:ip_create. The headers kept are those of the fragment that came first, whatever its offset.
#[kfn("net/inet/ip.c", rfc = "791 p.27")]
fn ip_create(k: &mut Kernel, skb: SkbId, dev: DevId) -> IpqId {
    let buffer = &k.skb[skb];
    let at = buffer.ip_hdr;
    let header_len = IpHdr::read(buffer, at).header_len();
    let kept = |from: usize, length: usize| (from..from + length).map(|index| buffer.u8_at(index)).collect::<Vec<u8>>();
    let queue = Ipq {
        mac: kept(0, at),
        iph: kept(at, header_len + QUOTED),
        ihlen: header_len as u16,
        maclen: at as u16,
        dev,
        ..Ipq::default()
    };
    let qp = k.ipq.insert(queue);
    init_timer(k, TimerId::IpExpire(qp), TimerFunction { name: "ip_expire", call: ip_expire });
    start_timer(k, qp);
    k.ipqueue.insert(0, qp);
    qp
}

/// (Re)starts the 30 s of a queue.
fn start_timer(k: &mut Kernel, qp: IpqId) {
    let timer = TimerId::IpExpire(qp);
    del_timer(k, timer);
    k.ipq[qp].timer.expires = IP_FRAG_TIME;
    add_timer(k, timer);
}

/// Frees a queue and every fragment on it.
///
/// net/inet/ip.c:ip_free.
#[kfn("net/inet/ip.c")]
fn ip_free(k: &mut Kernel, qp: IpqId) {
    del_timer(k, TimerId::IpExpire(qp));
    k.ipqueue.retain(|other| *other != qp);
    let Some(queue) = k.ipq.remove(qp) else { return };
    for fragment in queue.fragments {
        kfree_skb(k, fragment.skb, FreeMode::Read);
    }
}

impl ToArg for IpFrag {
    fn to_arg(&self) -> Arg {
        Arg::Skb(self.skb.serial())
    }
}

/// Describes a fragment; an overlap is taken off its length, which may become negative.
///
/// net/inet/ip.c:ip_frag_create.
#[kfn("net/inet/ip.c", rfc = "791 p.27")]
fn ip_frag_create(k: &mut Kernel, fragment: IpFrag) -> IpFrag {
    let len = fragment.end - fragment.offset;
    if len <= 0 {
        note!(k, "nothing of this fragment is new; it joins the list all the same");
    }
    IpFrag { len, ..fragment }
}

/// Whether the fragments follow each other without a hole and the last one is known.
///
/// net/inet/ip.c:ip_done.
///
/// Kept: the end of a fragment that lies inside the one before pulls the count back, so the datagram never completes
/// (kept_frames/fragment_inside);
/// and the end of the last one is not compared with the length.
#[kfn("net/inet/ip.c", rfc = "791 p.28")]
fn ip_done(k: &mut Kernel, qp: IpqId) -> bool {
    let queue = &k.ipq[qp];
    if queue.len == 0 {
        return false;
    }
    let mut offset = 0;
    for fragment in &queue.fragments {
        if fragment.offset > offset {
            return false;
        }
        offset = fragment.end;
    }
    true
}

/// Copies the fragments of a complete datagram into one new buffer.
///
/// net/inet/ip.c:ip_glue. The header checksum is not computed again.
#[kfn("net/inet/ip.c", rfc = "791 p.28")]
fn ip_glue(k: &mut Kernel, qp: IpqId) -> Option<SkbId> {
    let queue = k.ipq[qp].clone();
    let head = usize::from(queue.maclen) + usize::from(queue.ihlen);
    // A negative length (a header longer than its datagram) asks for nearly 4 GB, which nobody has.
    let size = u32::try_from(queue.len.saturating_add(head as i32)).ok();
    let total = queue.len.wrapping_add(i32::from(queue.ihlen)) as u32;
    let Some(skb) = size.and_then(|size| alloc_skb(k, size, Gfp::Atomic)) else {
        k.count(Mib::IpReasmFails);
        k.printk("IP: not enough memory to glue fragments");
        ip_free(k, qp);
        return None;
    };
    let buffer = &mut k.skb[skb];
    buffer.len = total;
    buffer.h_raw = usize::from(queue.maclen);
    buffer.free = 1;
    buffer.put(0, &queue.mac);
    buffer.put(usize::from(queue.maclen), queue.iph.get(..usize::from(queue.ihlen)).unwrap_or(&[]));
    let mut count = 0_i32;
    for fragment in &queue.fragments {
        if count.wrapping_add(fragment.len) as u32 > total {
            k.printk("invalid fragment list: fragment over size");
            discard!(k, skb, IpReassemblyOversize);
            ip_free(k, qp);
            kfree_skb(k, skb, FreeMode::Write);
            k.count(Mib::IpReasmFails);
            return None;
        }
        if fragment.len < 0 {
            k.oops("ip_glue copies a fragment of negative length: memcpy runs over the whole of memory");
            return None;
        }
        let piece = k.skb[fragment.skb].bytes_at(fragment.ptr, fragment.len as usize).to_vec();
        k.skb[skb].put(head.saturating_add(fragment.offset.max(0) as usize), &piece);
        count = count.wrapping_add(fragment.len);
        discard!(k, fragment.skb, IpReassembled);
    }
    ip_free(k, qp);
    let buffer = &mut k.skb[skb];
    let at = usize::from(queue.maclen);
    buffer.ip_hdr = at;
    buffer.put_u16(at + 6, 0);
    buffer.put_u16(at + 2, u32::from(queue.ihlen).wrapping_add(count as u32) as u16);
    k.count(Mib::IpReasmOKs);
    note!(k, "the datagram is whole again");
    Some(skb)
}

/// Gives up after 30 s without a missing fragment, and tells the sender if it can.
///
/// net/inet/ip.c:ip_expire, RFC 1122 section 3.3.2. The error needs the first fragment (ip/reasm_timeout).
#[kfn("net/inet/ip.c", rfc = "1122 p.57")]
pub fn ip_expire(k: &mut Kernel, timer: TimerId) {
    let TimerId::IpExpire(qp) = timer else { return };
    k.count(Mib::IpReasmTimeout);
    k.count(Mib::IpReasmFails);
    let (first, dev) = (k.ipq[qp].fragments.first().map(|fragment| fragment.skb), k.ipq[qp].dev);
    if let Some(first) = first {
        note!(k, "fragments are missing: time exceeded goes to the sender, if the first piece has come");
        icmp_send(k, first, ICMP_TIME_EXCEEDED, ICMP_EXC_FRAGTIME, 0, dev);
    }
    for fragment in k.ipq[qp].fragments.clone() {
        discard!(k, fragment.skb, IpReassemblyTimeout);
    }
    ip_free(k, qp);
}

/// Takes a fragment; gives the whole datagram back when this was the missing piece.
///
/// net/inet/ip.c:ip_defrag, RFC 791.
///
/// Kept: every fragment, duplicates included, restarts the 30 s (ip/reasm_timeout_restart); against the fragment before
/// it older data wins; a later fragment that is partly covered is lost altogether (ip/reasm_overlap_wins); one that is
/// wholly covered and stands last crashes the machine (ip/reasm_cover_last_oops).
#[kfn("net/inet/ip.c", rfc = "791 p.27")]
pub fn ip_defrag(k: &mut Kernel, skb: SkbId, dev: DevId) -> Option<SkbId> {
    k.count(Mib::IpReasmReqds);
    let at = k.skb[skb].ip_hdr;
    let iph = IpHdr::read(&k.skb[skb], at);
    let found = ip_find(k, iph);
    if iph.frag_off & (IP_MF | IP_OFFSET) == 0 {
        if let Some(stale) = found {
            ip_free(k, stale);
        }
        return Some(skb);
    }
    let qp = match found {
        Some(qp) => {
            note!(k, "its datagram is known: the 30 s begin again");
            start_timer(k, qp);
            qp
        }
        None => ip_create(k, skb, dev),
    };
    let offset = i32::from(iph.frag_off & IP_OFFSET) * 8;
    let end = offset + i32::from(iph.tot_len) - iph.header_len() as i32;
    let ptr = usize::from(k.device(dev).hard_header_len) + iph.header_len();
    if iph.frag_off & IP_MF == 0 {
        note!(k, "the last fragment: the length of the datagram is known");
        k.ipq[qp].len = end;
    }
    ip_defrag_insert(k, qp, IpFrag { offset, end, len: 0, skb, ptr })?;
    if ip_done(k, qp) { ip_glue(k, qp) } else { None }
}

/// Finds the place of a fragment, settles overlaps, and links it in; None if the original would have crashed.
fn ip_defrag_insert(k: &mut Kernel, qp: IpqId, fragment: IpFrag) -> Option<()> {
    let mut fragment = fragment;
    let place = k.ipq[qp].fragments.iter().position(|other| other.offset > fragment.offset);
    let place = place.unwrap_or(k.ipq[qp].fragments.len());
    let before = place.checked_sub(1).and_then(|index| k.ipq[qp].fragments.get(index)).map(|before| before.end);
    if let Some(before) = before
        && fragment.offset < before
    {
        note!(k, "it overlaps the fragment before it: the older data wins");
        let shift = before - fragment.offset;
        fragment.offset += shift;
        fragment.ptr = fragment.ptr.saturating_add(shift as usize);
    }
    while let Some(after) = k.ipq[qp].fragments.get(place).cloned() {
        if after.offset >= fragment.end {
            break;
        }
        let is_last = k.ipq[qp].fragments.len() == place + 1;
        if fragment.end - after.offset >= after.len {
            note!(k, "a later fragment is covered wholly: it is thrown away");
            if is_last {
                k.oops("ip_defrag removes the last fragment of its list and follows the null pointer behind it");
                return None;
            }
        } else {
            note!(k, "a later fragment is covered in part: it falls out of the list with all its data");
        }
        // 1.2.13 frees the buffer of a wholly covered fragment only; the other one leaks there, and is freed here.
        k.ipq[qp].fragments.remove(place);
        discard!(k, after.skb, IpFragmentCovered);
        kfree_skb(k, after.skb, FreeMode::Read);
    }
    let fragment = ip_frag_create(k, fragment);
    k.ipq[qp].fragments.insert(place, fragment);
    Some(())
}

/// Cuts a datagram into fragments that fit the link and sends them.
///
/// net/inet/ip.c:ip_fragment, RFC 791. The caller frees the original.
///
/// Kept: the link header is taken off the MTU, which does not contain it, so the pieces are 14 to 16 octets shorter than
/// they could be (ip/frag_out); every piece carries all options; the ICMP error gives the MTU in the wrong byte order.
#[kfn("net/inet/ip.c", rfc = "791 p.26")]
pub fn ip_fragment(k: &mut Kernel, sk: Option<SockId>, skb: SkbId, dev: DevId, is_frag: u8) {
    let (mac, dev_mtu) = (i32::from(k.device(dev).hard_header_len), k.device(dev).mtu);
    let iph = IpHdr::read(&k.skb[skb], mac as usize);
    let hlen = iph.header_len() as i32 + mac;
    let mtu = i32::from(dev_mtu) - hlen;
    if iph.frag_off & IP_DF != 0 || mtu < 8 {
        note!(k, "it may not be cut, or the link is too narrow to cut it: the sender is told");
        k.count(Mib::IpFragFails);
        // The number is stored as the processor holds it, lowest octet first.
        let info = u32::from(dev_mtu).swap_bytes();
        icmp_send(k, skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, info, dev);
        discard!(k, skb, IpFragmentationNeeded);
        return;
    }
    let mut left = i32::from(iph.tot_len) - iph.header_len() as i32;
    let mut offset = if is_frag & LATER_FRAGMENT != 0 { i32::from(iph.frag_off & IP_OFFSET) * 8 } else { 0 };
    let mut ptr = hlen;
    while left > 0 {
        let len = if left > mtu { mtu - mtu % 8 } else { left };
        left -= len;
        let more = left > 0 || is_frag & MORE_FRAGMENTS != 0;
        let Some(piece) = ip_fragment_piece(k, sk, skb, Piece { hlen, ptr, len, offset, more }) else {
            k.count(Mib::IpFragFails);
            return;
        };
        ptr += len;
        offset += len;
        k.count(Mib::IpFragCreates);
        ip_queue_xmit(k, sk, Some(dev), piece, 2);
    }
    k.count(Mib::IpFragOKs);
    discard!(k, skb, IpFragmented);
}

/// Where a fragment is cut out of its datagram; all in octets.
#[derive(Clone, Copy)]
struct Piece {
    hlen: i32,
    ptr: i32,
    len: i32,
    offset: i32,
    more: bool,
}

/// Copies the headers and one piece of the data into a new buffer, which is charged to the sock.
fn ip_fragment_piece(k: &mut Kernel, sk: Option<SockId>, skb: SkbId, cut: Piece) -> Option<SkbId> {
    let Piece { hlen, ptr, len, offset, more } = cut;
    let total = (hlen + len) as u32;
    let Some(piece) = alloc_skb(k, total, Gfp::Atomic) else {
        k.printk("IP: frag: no memory for new fragment");
        return None;
    };
    let original = &k.skb[skb];
    let head = original.bytes_at(0, hlen as usize).to_vec();
    let data = original.bytes_at(ptr as usize, len as usize).to_vec();
    let (arp, raddr, kept, mac) = (original.arp, original.raddr, original.free == 0, original.ip_hdr);
    if kept {
        k.printk("IP fragmenting a buffer that TCP wants to keep");
    }
    let buffer = &mut k.skb[piece];
    buffer.arp = arp;
    buffer.raddr = raddr;
    buffer.free = 1;
    buffer.len = total;
    buffer.put(0, &head);
    buffer.put(hlen as usize, &data);
    let flags = if more { IP_MF } else { 0 };
    buffer.put_u16(mac + 6, (offset >> 3) as u16 | flags);
    let mem_len = buffer.mem_len;
    if let Some(sk) = sk {
        buffer.sk = Some(sk);
        let sock = &mut k.sock[sk];
        sock.wmem_alloc = sock.wmem_alloc.wrapping_add(mem_len);
    }
    note!(k, "a fragment is ready to leave");
    Some(piece)
}
