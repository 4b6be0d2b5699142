//! `struct sk_buff` and its queues (include/linux/skbuff.h).
//!
//! A buffer's bytes start right behind the structure in the original; here they are a vector of their own, shared
//! between copies of the kernel until one of them writes. `h.raw` is an offset into it. The union of `h.seq` and `h.raw`
//! is two fields here; code that would have found the header overwritten recomputes it as the original does.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

use super::arena::Id;
use super::arp::ArpId;
use super::in_addr::InAddr;
use super::netdevice::DevId;
use super::seq::{Jiffies, Seq};
use super::sock::SockId;
use super::spare::Spare;

/// Names an sk_buff.
pub type SkbId = Id<SkBuff>;

/// sizeof(struct sk_buff) on i386; charged to the socket with every buffer.
pub const SIZEOF_SK_BUFF: u32 = 88;
/// sizeof(struct sock) on i386.
pub const SIZEOF_SOCK: u32 = 368;
/// SK_WMEM_MAX and SK_RMEM_MAX, the default of sndbuf and rcvbuf.
pub const SK_MEM_MAX: u16 = 32767;
/// `skb->pkt_type`: to us.
pub const PACKET_HOST: u8 = 0;
/// `skb->pkt_type`: link-level broadcast.
pub const PACKET_BROADCAST: u8 = 1;
/// `skb->pkt_type`: link-level multicast.
pub const PACKET_MULTICAST: u8 = 2;
/// `skb->pkt_type`: seen only because the card listens to everything.
pub const PACKET_OTHERHOST: u8 = 3;

/// Second argument of kfree_skb: which quota gets the memory back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FreeMode {
    /// FREE_WRITE 0: send memory.
    Write,
    /// FREE_READ 1: receive memory.
    Read,
}

/// Why an allocation is made: may it sleep?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Gfp {
    /// GFP_ATOMIC: interrupt or bottom half.
    Atomic,
    /// GFP_KERNEL: a process; interrupts may come in.
    Kernel,
}

/// The list a buffer stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ListId {
    /// The global queue between the cards and net_bh.
    Backlog,
    /// `sk->receive_queue`.
    Receive(SockId),
    /// `sk->write_queue`.
    Write(SockId),
    /// `sk->back_log`.
    BackLog(SockId),
    /// `dev->buffs[priority]`.
    Device(DevId, u8),
    /// Packets that wait for an address resolution.
    Arp(ArpId),
}

/// A queue of buffers, head first.
pub type SkBuffHead = VecDeque<SkbId>;

/// The bytes of a buffer: copied only when two kernels that share them differ.
#[derive(Clone, Debug, Default)]
pub struct PacketBytes(Option<Arc<Vec<u8>>>);

impl PacketBytes {
    /// `size` zero octets.
    #[must_use]
    pub fn zeroed(size: usize) -> Self {
        Self::from(vec![0; size])
    }

    /// `size` zero octets, in room that was used before where there is some.
    #[must_use]
    pub fn recycled(size: usize, spare: &mut Spare) -> Self {
        Self(Some(spare.packet(size)))
    }

    /// Gives the room back.
    pub fn recycle(self, spare: &mut Spare) {
        if let Some(octets) = self.0 {
            spare.give_packet(octets);
        }
    }

    /// The bytes, to be written to.
    #[inline]
    pub fn make_mut(&mut self) -> &mut [u8] {
        let Some(octets) = &mut self.0 else { return &mut [] };
        if Arc::strong_count(octets) > 1 {
            own_copy(octets);
        }
        Arc::get_mut(octets).map_or(&mut [], Vec::as_mut_slice)
    }
}

/// Octets that another kernel shares become a copy of their own; out of line, because in a run that nobody keeps the past
/// of nobody shares them.
#[cold]
#[inline(never)]
fn own_copy(octets: &mut Arc<Vec<u8>>) {
    *octets = Arc::new(octets.to_vec());
}

impl From<Vec<u8>> for PacketBytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Some(Arc::new(bytes)))
    }
}

impl std::ops::Deref for PacketBytes {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        match &self.0 {
            Some(octets) => octets,
            None => &[],
        }
    }
}

/// Equal octets are equal, whether there is room behind them or not.
impl PartialEq for PacketBytes {
    fn eq(&self, other: &Self) -> bool {
        let shared = matches!((&self.0, &other.0), (Some(one), Some(two)) if Arc::ptr_eq(one, two));
        shared || **self == **other
    }
}
impl Eq for PacketBytes {}
impl std::hash::Hash for PacketBytes {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

/// A socket buffer.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct SkBuff {
    /// The list it stands on (`next`/`prev` of the original).
    pub list: Option<ListId>,
    /// Next buffer on the owner's retransmit queue.
    pub link3: Option<SkbId>,
    /// The sock it is charged to; on a listener's receive_queue: the new sock.
    pub sk: Option<SockId>,
    /// Time of the last transmission.
    pub when: Jiffies,
    /// Time of arrival in microseconds; 0 = not stamped.
    pub stamp: u64,
    /// Device it came from or goes to.
    pub dev: Option<DevId>,
    /// Offset of the layer at work (`h.raw`, `h.th`, `h.iph`, ...).
    pub h_raw: usize,
    /// Sequence number right behind an outgoing segment (`h.seq`).
    pub h_seq: Seq,
    /// Sequence number right behind an arrived segment, SYN and FIN counted (the original stores it in th->ack_seq).
    pub end_seq: Seq,
    /// Offset of the IP header.
    pub ip_hdr: usize,
    /// Bytes charged: size + sizeof(struct sk_buff).
    pub mem_len: u32,
    /// Bytes valid at the layer at work.
    pub len: u32,
    /// Source address (received TCP and UDP: swapped, our own).
    pub saddr: InAddr,
    /// Destination address (received TCP and UDP: swapped, the peer's).
    pub daddr: InAddr,
    /// Next hop, while the hardware address is unknown.
    pub raddr: InAddr,
    /// The segment lies in sequence.
    pub acked: bool,
    /// Fully read by the user.
    pub used: bool,
    /// 0 keep after transmission, 1 free, 2 nobody decided, 3 free at unlock.
    pub free: u8,
    /// Link header complete.
    pub arp: bool,
    /// Times the driver holds it.
    pub lock: u8,
    /// Send without gateways.
    pub localroute: bool,
    /// PACKET_HOST ...
    pub pkt_type: u8,
    /// Readers holding it.
    pub users: u16,
    /// The allocation.
    pub data: PacketBytes,
}

impl SkBuff {
    /// Octet at an offset; behind the allocation lies zero.
    #[must_use]
    #[inline]
    pub fn u8_at(&self, offset: usize) -> u8 {
        self.data.get(offset).copied().unwrap_or(0)
    }

    /// Big-endian 16-bit word at an offset.
    #[must_use]
    #[inline]
    pub fn u16_at(&self, offset: usize) -> u16 {
        u16::from_be_bytes(self.octets_at(offset))
    }

    /// Big-endian 32-bit word at an offset.
    #[must_use]
    #[inline]
    pub fn u32_at(&self, offset: usize) -> u32 {
        u32::from_be_bytes(self.octets_at(offset))
    }

    /// `N` octets from an offset; those behind the allocation read as zero.
    #[must_use]
    #[inline]
    pub fn octets_at<const N: usize>(&self, offset: usize) -> [u8; N] {
        match self.data.get(offset..).and_then(<[u8]>::first_chunk) {
            Some(octets) => *octets,
            None => self.octets_beyond(offset),
        }
    }

    /// [`SkBuff::octets_at`] where not all of them lie in the allocation.
    #[cold]
    #[inline(never)]
    fn octets_beyond<const N: usize>(&self, offset: usize) -> [u8; N] {
        std::array::from_fn(|index| self.u8_at(offset.saturating_add(index)))
    }

    /// `length` octets from an offset, cut at the end of the allocation.
    #[must_use]
    #[inline]
    pub fn bytes_at(&self, offset: usize, length: usize) -> &[u8] {
        let end = offset.saturating_add(length).min(self.data.len());
        self.data.get(offset.min(end)..end).unwrap_or(&[])
    }

    /// [`SkBuff::bytes_at`], to be changed in place: who changes several fields of a header asks once.
    #[inline]
    pub fn bytes_mut_at(&mut self, offset: usize, length: usize) -> &mut [u8] {
        let data = self.data.make_mut();
        let end = offset.saturating_add(length).min(data.len());
        data.get_mut(offset.min(end)..end).unwrap_or(&mut [])
    }

    /// Writes a checksum into its field: the sum of `length` octets from an offset, with zero in the field meanwhile. Octets that
    /// are said to end before the field does, as a user's own header may, are summed as far as they go.
    #[inline]
    pub fn put_check(&mut self, offset: usize, length: usize, field: Range<usize>, sum: impl FnOnce(&[u8]) -> u16) {
        let octets = self.bytes_mut_at(offset, length.max(field.end));
        if let Some(check) = octets.get_mut(field.clone()) {
            check.fill(0);
        }
        let sum = sum(octets.get(..length).unwrap_or(octets));
        if let Some(check) = octets.get_mut(field) {
            check.copy_from_slice(&sum.to_be_bytes());
        }
    }

    /// Writes octets; what would lie behind the allocation is not written, and false is returned.
    pub fn put(&mut self, offset: usize, bytes: &[u8]) -> bool {
        let data = self.data.make_mut();
        match offset.checked_add(bytes.len()).and_then(|end| data.get_mut(offset..end)) {
            Some(place) => {
                place.copy_from_slice(bytes);
                true
            }
            None => false,
        }
    }

    /// [`SkBuff::put`] of so many octets as are known beforehand: an address, a word, a header.
    #[inline]
    pub fn put_octets<const N: usize>(&mut self, offset: usize, octets: [u8; N]) -> bool {
        let place = self.data.make_mut().get_mut(offset..).and_then(<[u8]>::first_chunk_mut);
        let fits = place.is_some();
        if let Some(place) = place {
            *place = octets;
        }
        fits
    }

    /// Writes a big-endian 16-bit word.
    #[inline]
    pub fn put_u16(&mut self, offset: usize, value: u16) -> bool {
        self.put_octets(offset, value.to_be_bytes())
    }

    /// Writes a big-endian 32-bit word.
    #[inline]
    pub fn put_u32(&mut self, offset: usize, value: u32) -> bool {
        self.put_octets(offset, value.to_be_bytes())
    }
}
