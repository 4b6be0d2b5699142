//! Where buffers wait: the global backlog, the four queues of a sock, the output queues of the devices.

use std::borrow::Cow;
use std::ops::Range;

use crate::include::in_addr::InAddr;
use crate::include::seq::Seq;
use crate::include::skbuff::{ListId, SkBuff, SkbId};
use crate::include::sock::SockId;
use crate::kernel::Kernel;
use crate::view;
use crate::wire::FrameSummary;
use crate::wire::ethernet::{ETH_HLEN, EthernetFrame};
use crate::wire::ipv4::Ipv4Packet;
use crate::wire::names::ETH_P_IP;

/// Where the length of a datagram stands in a frame.
const TOT_LEN: Range<usize> = ETH_HLEN + 2..ETH_HLEN + 4;

view! {
    /// One buffer.
    SkbView {
        number: u32, "Creations of buffers since boot when this one was made: its name", "自启动以来第几个创建的缓冲区，即它的名字";
        len: u32, "Bytes valid at the layer at work", "当前层有效的字节数";
        mem_len: u32, "Bytes charged: size + 88", "计入的字节数：大小 + 88";
        sk: Option<u32>, "The sock it is charged to (listener's queue: the child)", "计入哪个 sock（监听队列上是子 sock）";
        when: u32, "Jiffy of the last transmission", "上次发送的 jiffy";
        h_seq: Seq, "Sequence number right behind an outgoing segment", "发出报文段之后的序号";
        free: u8, "0 keep, 1 free after sending, 2 undecided, 3 free at unlock", "0 保留，1 发送后释放，2 未定，3 解锁时释放";
        lock: u8, "Times a driver holds it", "驱动持有它的次数";
        acked: bool, "Lies in sequence", "位于连续序列中";
        used: bool, "Read to its end", "已读完";
        arp: bool, "Link header complete", "链路层首部已完整";
        users: u16, "Readers that hold it", "正持有它的读者数";
        summary: String, "What it carries", "它所承载的内容";
    }
}

/// A queue with its buffers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueView {
    /// Name as in C.
    pub name: &'static str,
    /// Buffers, head first.
    pub skbs: Vec<SkbView>,
    /// Bytes charged by all of them.
    pub bytes: u32,
}

impl SkbView {
    /// The view of a buffer; None if it is gone.
    #[must_use]
    pub fn of(k: &Kernel, skb: SkbId) -> Option<Self> {
        let buffer = k.skb.get(skb)?;
        Some(Self {
            number: skb.serial(),
            len: buffer.len,
            mem_len: buffer.mem_len,
            sk: buffer.sk.map(crate::include::arena::Id::serial),
            when: buffer.when.0,
            h_seq: buffer.h_seq,
            free: buffer.free,
            lock: buffer.lock,
            acked: buffer.acked,
            used: buffer.used,
            arp: buffer.arp,
            users: buffer.users,
            summary: FrameSummary::of(&frame(buffer)).to_string(),
        })
    }
}

/// The frame in a buffer. Until ip_queue_xmit fills in the length of a datagram (on write_queue and partial) the header says 0, and
/// `len` alone tells how far the buffer goes: such a frame is read as long as it is going to be.
#[must_use]
pub fn frame(buffer: &SkBuff) -> Cow<'_, [u8]> {
    let bytes = &*buffer.data;
    let carried = EthernetFrame::new_checked(bytes).ok().filter(|frame| frame.h_proto() == ETH_P_IP);
    let unsent =
        carried.and_then(|frame| Ipv4Packet::new_header(frame.payload()).ok()).filter(|packet| packet.tot_len() == 0);
    let length = usize::try_from(buffer.len).ok().and_then(|length| u16::try_from(length.checked_sub(ETH_HLEN)?).ok());
    let (Some(_), Some(length)) = (unsent, length) else { return Cow::Borrowed(bytes) };
    let mut filled = bytes.to_vec();
    if let Some(field) = filled.get_mut(TOT_LEN) {
        field.copy_from_slice(&length.to_be_bytes());
    }
    Cow::Owned(filled)
}

impl QueueView {
    /// The view of some buffers under a name.
    #[must_use]
    pub fn of(k: &Kernel, name: &'static str, skbs: impl IntoIterator<Item = SkbId>) -> Self {
        let skbs: Vec<SkbView> = skbs.into_iter().filter_map(|skb| SkbView::of(k, skb)).collect();
        let bytes = skbs.iter().map(|skb| skb.mem_len).sum();
        Self { name, skbs, bytes }
    }

    /// The queue between the cards and net_bh.
    #[must_use]
    pub fn backlog(k: &Kernel) -> Self {
        Self::of(k, "backlog", k.backlog.iter().copied())
    }

    /// The queues of a sock: back_log, receive_queue, write_queue, send_head, partial.
    #[must_use]
    pub fn of_sock(k: &Kernel, sk: SockId) -> Vec<Self> {
        let Some(sock) = k.sock.get(sk) else { return Vec::new() };
        vec![
            Self::of(k, "back_log", sock.back_log.iter().copied()),
            Self::of(k, "receive_queue", sock.receive_queue.iter().copied()),
            Self::of(k, "write_queue", sock.write_queue.iter().copied()),
            Self::of(k, "send_head", send_queue(k, sk)),
            Self::of(k, "partial", sock.partial),
        ]
    }

    /// The buffers that wait for the hardware address of a neighbour, the entry's queue under no name of its own.
    #[must_use]
    pub fn of_neighbour(k: &Kernel, slot: usize, ip: InAddr) -> Self {
        let chain = k.arp_tables.get(slot).into_iter().flatten();
        let entry = chain.filter_map(|entry| k.arp.get(*entry)).find(|entry| entry.ip == ip);
        Self::of(k, "arp", entry.into_iter().flat_map(|entry| entry.skb.iter().copied()))
    }

    /// The output queues of a device.
    #[must_use]
    pub fn of_device(k: &Kernel, dev: usize) -> Vec<Self> {
        const NAMES: [&str; 3] = ["buffs[0]", "buffs[1]", "buffs[2]"];
        let Some(device) = k.dev.get(dev) else { return Vec::new() };
        NAMES.iter().zip(&device.buffs).map(|(name, queue)| Self::of(k, name, queue.iter().copied())).collect()
    }
}

/// The retransmit queue of a sock, followed through link3 from send_head (cut if it should ever form a ring).
#[must_use]
pub fn send_queue(k: &Kernel, sk: SockId) -> Vec<SkbId> {
    send_chain(k, sk).collect()
}

/// Buffers on it.
#[must_use]
pub fn send_queue_length(k: &Kernel, sk: SockId) -> usize {
    send_chain(k, sk).count()
}

fn send_chain(k: &Kernel, sk: SockId) -> impl Iterator<Item = SkbId> {
    let head = k.sock.get(sk).and_then(|sock| sock.send_head);
    std::iter::successors(head, |skb| k.skb.get(*skb)?.link3).take(k.skb.len() + 1)
}

/// A buffer by its number, while it lives.
#[must_use]
pub fn by_number(k: &Kernel, number: u32) -> Option<SkbId> {
    k.skb.iter().find(|(id, _)| id.serial() == number).map(|(id, _)| id)
}

/// Every list that holds a buffer: the one it stands on, and the retransmit queue that runs through link3 beside it.
#[must_use]
pub fn lists_of(k: &Kernel, skb: SkbId) -> Vec<&'static str> {
    let Some(buffer) = k.skb.get(skb) else { return Vec::new() };
    let sent = buffer.sk.filter(|sk| send_chain(k, *sk).any(|other| other == skb)).map(|_| "send_head");
    let waits = buffer.sk.and_then(|sk| k.sock.get(sk)?.partial).filter(|partial| *partial == skb).map(|_| "partial");
    buffer.list.map(list_name).into_iter().chain(sent).chain(waits).collect()
}

/// The list a buffer stands on, in words.
#[must_use]
pub fn list_name(list: ListId) -> &'static str {
    match list {
        ListId::Backlog => "backlog",
        ListId::Receive(_) => "receive_queue",
        ListId::Write(_) => "write_queue",
        ListId::BackLog(_) => "back_log",
        ListId::Device(..) => "buffs",
        ListId::Arp(_) => "arp",
    }
}
