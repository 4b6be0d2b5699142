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

pub fn inet_proto_init(k: &mut Kernel) {  }

pub fn get_sock(k: &mut Kernel, prot: ProtoId, num: u16, raddr: InAddr, rnum: u16, laddr: InAddr) -> Option<SockId> { None }

pub fn get_sock_raw(k: &mut Kernel, sk: Option<SockId>, num: u16, raddr: InAddr, laddr: InAddr) -> Option<SockId> { None }

pub fn get_sock_mcast(k: &mut Kernel, sk: Option<SockId>, num: u16, raddr: InAddr, rnum: u16, laddr: InAddr) -> Option<SockId> { None }

pub fn put_sock(k: &mut Kernel, num: u16, sk: SockId) {  }

pub fn remove_sock(k: &mut Kernel, sk: SockId) {  }

pub fn destroy_sock(k: &mut Kernel, sk: SockId) {  }

pub fn inet_autobind(k: &mut Kernel, sk: SockId) -> KResult<()> { fail(Errno::ENOSYS) }
