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

pub fn ip_compute_csum(buff: &[u8]) -> u16 { 0 }

pub fn ip_fast_csum(buff: &[u8]) -> u16 { 0 }

pub fn ip_send_check(k: &mut Kernel, skb: SkbId, iph: usize) {  }

pub fn ip_setsockopt(k: &mut Kernel, sk: SockId, level: i32, optname: i32, optval: u32, optlen: i32) -> KResult<()> { fail(Errno::ENOSYS) }

pub fn ip_getsockopt(k: &mut Kernel, sk: SockId, level: i32, optname: i32, optval: u32, optlen: u32) -> KResult<()> { fail(Errno::ENOSYS) }

pub fn ip_init(k: &mut Kernel) {  }

pub fn ip_rt_event(k: &mut Kernel, event: NetdevEvent, dev: DevId) {  }

pub fn ip_route_check(k: &mut Kernel, daddr: InAddr) {  }
