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

pub fn igmp_rcv(k: &mut Kernel, delivery: Delivery) {  }

pub fn ip_mc_allhost(k: &mut Kernel, dev: DevId) {  }

pub fn ip_mc_drop_socket(k: &mut Kernel, sk: SockId) {  }

pub fn ip_mc_join_group(k: &mut Kernel, sk: SockId, dev: DevId, addr: InAddr) -> KResult<()> { fail(Errno::ENOSYS) }

pub fn ip_mc_leave_group(k: &mut Kernel, sk: SockId, dev: DevId, addr: InAddr) -> KResult<()> { fail(Errno::ENOSYS) }
