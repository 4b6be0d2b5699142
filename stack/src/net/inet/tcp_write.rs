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

pub fn tcp_write(k: &mut Kernel, sk: SockId, area: UserArea, nonblock: bool, flags: i32) -> KResult<u32> { fail(Errno::ENOSYS) }

pub fn tcp_sendto(k: &mut Kernel, sk: SockId, area: UserArea, nonblock: bool, flags: i32, addr: &[u8], addr_len: i32) -> KResult<u32> { fail(Errno::ENOSYS) }

pub fn tcp_dequeue_partial(k: &mut Kernel, sk: SockId) -> Option<SkbId> { None }

pub fn tcp_send_partial(k: &mut Kernel, sk: SockId) {  }

pub fn tcp_enqueue_partial(k: &mut Kernel, skb: SkbId, sk: SockId) {  }

pub fn tcp_partial_timer(k: &mut Kernel, timer: TimerId) {  }
