//! Room to be furnished.
#![allow(unused, missing_docs)]
use crate::include::arena::Id;
use crate::include::arp::*;
use crate::include::errno::*;
use crate::include::in_addr::*;
use crate::include::ip::*;
use crate::include::netdevice::*;
use crate::include::route::*;
use crate::include::sched::*;
use crate::include::seq::*;
use crate::include::skbuff::*;
use crate::include::sock::*;
use crate::include::socket::*;
use crate::include::tcp::*;
use crate::include::timer::*;
use crate::kernel::Kernel;

fn stub_close(_: &mut Kernel, _: SockId, _: u32) {}
fn stub_read(_: &mut Kernel, _: SockId, _: UserArea, _: bool, _: i32) -> KResult<u32> { fail(Errno::ENOSYS) }
fn stub_sendto(_: &mut Kernel, _: SockId, _: UserArea, _: bool, _: i32, _: &[u8], _: i32) -> KResult<u32> { fail(Errno::ENOSYS) }
fn stub_recvfrom(_: &mut Kernel, _: SockId, _: UserArea, _: bool, _: i32) -> KResult<(u32, Option<[u8; 16]>)> { fail(Errno::ENOSYS) }
fn stub_select(_: &mut Kernel, _: SockId, _: u8, _: bool) -> bool { false }
fn stub_build(_: &mut Kernel, _: BuildHeader) -> KResult<(u32, DevId)> { fail(Errno::ENOSYS) }
fn stub_xmit(_: &mut Kernel, _: Option<SockId>, _: Option<DevId>, _: SkbId, _: u8) {}
static STUB_PROTO: Proto = Proto { name: "", max_header: 128, close: stub_close, read: stub_read, write: stub_read, sendto: stub_sendto, recvfrom: stub_recvfrom, connect: None, accept: None, rcv: None, select: stub_select, ioctl: None, init: None, shutdown: None, setsockopt: None, getsockopt: None, wmalloc: sock_wmalloc, build_header: stub_build, queue_xmit: stub_xmit, retransmit: None, write_wakeup: None, read_wakeup: None };

pub fn prot(id: ProtoId) -> &'static Proto { &STUB_PROTO }

pub fn sock_wmalloc(k: &mut Kernel, sk: Option<SockId>, size: u32, force: bool, priority: Gfp) -> Option<SkbId> { None }

pub fn sock_rspace(k: &Kernel, sk: SockId) -> u32 { 0 }

pub fn sock_wspace(k: &Kernel, sk: SockId) -> u32 { 0 }

pub fn sock_wfree(k: &mut Kernel, sk: SockId, skb: SkbId, size: u32) {  }

pub fn sock_rfree(k: &mut Kernel, sk: SockId, skb: SkbId, size: u32) {  }

pub fn release_sock(k: &mut Kernel, sk: SockId, from: &'static str) {  }

pub fn sock_queue_rcv_skb(k: &mut Kernel, sk: SockId, skb: SkbId) -> KResult<()> { fail(Errno::ENOSYS) }

pub fn sock_alloc_send_skb(k: &mut Kernel, sk: SockId, size: u32, noblock: bool) -> KResult<SkbId> { fail(Errno::ENOSYS) }

pub fn sock_setsockopt(k: &mut Kernel, sk: SockId, level: i32, optname: i32, optval: u32, optlen: i32) -> KResult<()> { fail(Errno::ENOSYS) }

pub fn sock_getsockopt(k: &mut Kernel, sk: SockId, level: i32, optname: i32, optval: u32, optlen: u32) -> KResult<()> { fail(Errno::ENOSYS) }

pub fn state_change(k: &mut Kernel, sk: SockId) {  }

pub fn data_ready(k: &mut Kernel, sk: SockId) {  }

pub fn write_space(k: &mut Kernel, sk: SockId) {  }

pub fn error_report(k: &mut Kernel, sk: SockId) {  }
