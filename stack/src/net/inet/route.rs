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

pub fn ip_rt_route(k: &mut Kernel, daddr: InAddr, src_addr: Option<&mut InAddr>) -> Option<Rtable> { None }

pub fn ip_rt_local(k: &mut Kernel, daddr: InAddr, src_addr: Option<&mut InAddr>) -> Option<Rtable> { None }

pub fn ip_rt_add(k: &mut Kernel, flags: u8, dst: InAddr, mask: InAddr, gw: InAddr, dev: DevId, mtu: u16, window: u32) {  }

pub fn ip_rt_ioctl(k: &mut Kernel, cmd: u32, arg: u32) -> KResult<i32> { fail(Errno::ENOSYS) }

pub fn ip_rt_flush(k: &mut Kernel, dev: DevId) {  }
