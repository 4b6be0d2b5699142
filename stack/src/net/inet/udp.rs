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

pub fn udp_rcv(k: &mut Kernel, delivery: Delivery) {  }

pub fn udp_err(k: &mut Kernel, err: u16, skb: SkbId, header: usize, daddr: InAddr, saddr: InAddr) {  }

pub fn udp_connect(k: &mut Kernel, sk: SockId, usin: &[u8], addr_len: i32) -> KResult<()> { fail(Errno::ENOSYS) }
