//! Packet sockets (net/inet/packet.c): whole frames of a device, for the superuser.

use kfn::kfn;

use super::datagram::{datagram_select, skb_free_datagram, skb_recv_datagram};
use super::dev::{dev_add_pack, dev_get, dev_queue_xmit, dev_remove_pack};
use super::ip_output::{ip_build_header, ip_queue_xmit};
use super::skbuff::{kfree_skb, skb_queue_tail};
use super::sock::{data_ready, release_sock, sock_wmalloc};
use crate::include::errno::{Errno, KResult, fail};
use crate::include::netdevice::{DevId, IFF_UP, PacketType};
use crate::include::skbuff::{FreeMode, Gfp, ListId, SkbId};
use crate::include::sock::{Proto, ProtoId, SockId, UserArea};
use crate::include::tcp::{RCV_SHUTDOWN, TcpState};
use crate::kernel::Kernel;
use crate::kernel::kmalloc::kmalloc;
use crate::kernel::user::{memcpy_fromfs, memcpy_tofs};
use crate::{discard, note};

/// sizeof(struct packet_type): the type, the device, the function, the sock, and the link.
const SIZEOF_PACKET_TYPE: u32 = 20;
/// sizeof(struct sockaddr).
const SOCKADDR: i32 = 16;
/// Octets of a device name in an address.
const NAME_LENGTH: usize = 14;

/// packet_prot.
pub static PACKET_PROT: Proto = Proto {
    id: ProtoId::Packet,
    name: "PACKET",
    max_header: 128,
    close: packet_close,
    read: packet_read,
    write: packet_write,
    sendto: packet_sendto,
    recvfrom: packet_recvfrom,
    connect: None,
    accept: None,
    rcv: None,
    select: datagram_select,
    ioctl: None,
    init: Some(packet_init),
    shutdown: None,
    setsockopt: None,
    getsockopt: None,
    wmalloc: sock_wmalloc,
    build_header: ip_build_header,
    queue_xmit: ip_queue_xmit,
    retransmit: None,
    write_wakeup: None,
    read_wakeup: None,
};

/// The entry of a packet socket in the list of packet types. The user gives the Ethernet type as it lies on the wire.
fn packet_type(k: &Kernel, sk: SockId) -> PacketType {
    PacketType { type_: k.sock[sk].num.swap_bytes(), dev: None, name: "packet_rcv", func: packet_rcv, data: Some(sk) }
}

/// Asks the device layer for the frames of an Ethernet type.
///
/// net/inet/packet.c:packet_init.
#[kfn("net/inet/packet.c")]
pub fn packet_init(k: &mut Kernel, sk: SockId) -> KResult<()> {
    kmalloc(k, SIZEOF_PACKET_TYPE, Gfp::Kernel);
    let wanted = packet_type(k, sk);
    dev_add_pack(k, wanted);
    Ok(())
}

/// The socket is gone: no more frames.
///
/// net/inet/packet.c:packet_close.
#[kfn("net/inet/packet.c")]
pub fn packet_close(k: &mut Kernel, sk: SockId, _timeout: u32) {
    k.set_inuse(sk, true, "packet_close");
    k.store_state(sk, TcpState::Close);
    let unwanted = packet_type(k, sk);
    dev_remove_pack(k, unwanted);
    release_sock(k, sk, "packet_close");
}

/// A frame has come that the socket asked for: it is queued with its link header.
///
/// net/inet/packet.c:packet_rcv. Kept: without room it is dropped in silence (kept_frames/packet_full).
#[kfn("net/inet/packet.c")]
pub fn packet_rcv(k: &mut Kernel, skb: SkbId, dev: DevId, pt: &PacketType) {
    let Some(sk) = pt.data else { return };
    let header = u32::from(k.device(dev).hard_header_len);
    let buffer = &mut k.skb[skb];
    buffer.dev = Some(dev);
    buffer.len = buffer.len.saturating_add(header);
    let charge = buffer.mem_len;
    if k.sock[sk].rmem_alloc & 0xff00_0000 != 0 {
        k.printk("packet_rcv: the count of receive memory is damaged");
        k.sock[sk].rmem_alloc = 0;
    }
    if k.sock[sk].rmem_alloc.wrapping_add(charge) >= u32::from(k.sock[sk].rcvbuf) {
        k.skb[skb].sk = None;
        discard!(k, skb, ReceiveQueueFull);
        kfree_skb(k, skb, FreeMode::Read);
        return;
    }
    k.skb[skb].sk = Some(sk);
    k.sock[sk].rmem_alloc = k.sock[sk].rmem_alloc.wrapping_add(charge);
    skb_queue_tail(k, ListId::Receive(sk), skb);
    if !k.sock[sk].dead {
        data_ready(k, sk);
    }
    release_sock(k, sk, "packet_rcv");
}

/// A frame cannot be sent without naming a device.
///
/// net/inet/packet.c:packet_write.
#[kfn("net/inet/packet.c")]
pub fn packet_write(k: &mut Kernel, _sk: SockId, _buff: UserArea, _noblock: bool, _flags: i32) -> KResult<u32> {
    note!(k, "write names no device to send through: EINVAL");
    fail(Errno::EINVAL)
}

/// Sends a frame through the device that the address names.
///
/// net/inet/packet.c:packet_sendto.
#[kfn("net/inet/packet.c")]
pub fn packet_sendto(
    k: &mut Kernel,
    sk: SockId,
    from: UserArea,
    _noblock: bool,
    flags: i32,
    usin: &[u8],
    addr_len: i32,
) -> KResult<u32> {
    if flags != 0 || addr_len < SOCKADDR {
        return fail(Errno::EINVAL);
    }
    // The last octet of the name's place is forced to be its end.
    let name: Vec<u8> = usin.iter().copied().skip(2).take(NAME_LENGTH - 1).take_while(|octet| *octet != 0).collect();
    let dev = std::str::from_utf8(&name).ok().and_then(|name| dev_get(k, name));
    let Some(dev) = dev else { return fail(Errno::ENXIO) };
    let device = k.device(dev);
    let longest = u32::from(device.mtu) + u32::from(device.hard_header_len);
    let up = device.flags & IFF_UP != 0;
    if from.len > longest {
        return fail(Errno::EMSGSIZE);
    }
    let Some(skb) = sock_wmalloc(k, Some(sk), from.len, false, Gfp::Kernel) else { return fail(Errno::ENOBUFS) };
    let saddr = k.sock[sk].saddr;
    let buffer = &mut k.skb[skb];
    buffer.sk = Some(sk);
    buffer.free = 1;
    buffer.saddr = saddr;
    let data = memcpy_fromfs(k, from.address, from.len, "packet_sendto");
    let buffer = &mut k.skb[skb];
    buffer.put(0, &data);
    buffer.arp = true;
    buffer.len = from.len;
    if up {
        let priority = i32::from(k.sock[sk].priority);
        dev_queue_xmit(k, skb, dev, priority);
    } else {
        discard!(k, skb, DeviceDown);
        kfree_skb(k, skb, FreeMode::Write);
    }
    Ok(from.len)
}

/// Reads a frame.
///
/// net/inet/packet.c:packet_read.
#[kfn("net/inet/packet.c")]
pub fn packet_read(k: &mut Kernel, sk: SockId, buff: UserArea, noblock: bool, flags: i32) -> KResult<u32> {
    packet_recvfrom(k, sk, buff, noblock, flags).map(|(length, _)| length)
}

/// Reads a frame and tells the device it came from.
///
/// net/inet/packet.c:packet_recvfrom.
#[kfn("net/inet/packet.c")]
pub fn packet_recvfrom(
    k: &mut Kernel,
    sk: SockId,
    to: UserArea,
    noblock: bool,
    flags: i32,
) -> KResult<(u32, Option<[u8; 16]>)> {
    if k.sock[sk].shutdown & RCV_SHUTDOWN != 0 {
        return Ok((0, Some([0; 16])));
    }
    let Some(skb) = skb_recv_datagram(k, sk, flags, noblock)? else { return Ok((0, Some([0; 16]))) };
    let (truesize, dev) = (k.skb[skb].len, k.skb[skb].dev.unwrap_or(DevId(0)));
    let mut frame = k.skb[skb].bytes_at(0, truesize.min(to.len) as usize).to_vec();
    frame.resize(truesize.min(to.len) as usize, 0);
    memcpy_tofs(k, to.address, &frame, "packet_recvfrom");
    note!(k, "the address names the device the frame came from");
    let device = k.device(dev);
    let mut address = [0; 16];
    let name = device.name.bytes().take(NAME_LENGTH);
    let octets = device.type_.to_le_bytes().into_iter().chain(name);
    for (place, octet) in address.iter_mut().zip(octets) {
        *place = octet;
    }
    k.sock[sk].stamp = k.skb[skb].stamp;
    skb_free_datagram(k, skb);
    release_sock(k, sk, "packet_recvfrom");
    Ok((truesize, Some(address)))
}
