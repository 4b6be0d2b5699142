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

pub fn ip_send(k: &mut Kernel, skb: SkbId, daddr: InAddr, len: u32, dev: DevId, saddr: InAddr) -> u32 { 0 }

pub fn ip_build_header(k: &mut Kernel, header: BuildHeader) -> KResult<(u32, DevId)> { fail(Errno::ENOSYS) }

pub fn ip_queue_xmit(k: &mut Kernel, sk: Option<SockId>, dev: Option<DevId>, skb: SkbId, free: u8) {  }

pub fn ip_loopback(k: &mut Kernel, old_dev: DevId, skb: SkbId) {  }
