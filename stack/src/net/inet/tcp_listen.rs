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

pub fn tcp_conn_request(k: &mut Kernel, sk: SockId, skb: SkbId, daddr: InAddr, saddr: InAddr, dev: DevId, seq: Seq) {  }

pub fn tcp_find_established(k: &Kernel, s: SockId) -> Option<SkbId> { None }

pub fn tcp_close_pending(k: &mut Kernel, sk: SockId) {  }

pub fn tcp_accept(k: &mut Kernel, sk: SockId, flags: i32) -> KResult<SockId> { fail(Errno::ENOSYS) }
