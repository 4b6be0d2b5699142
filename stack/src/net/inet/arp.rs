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

pub fn arp_init(k: &mut Kernel) {  }

pub fn arp_rcv(k: &mut Kernel, skb: SkbId, dev: DevId, pt: &PacketType) {  }

pub fn arp_find(k: &mut Kernel, skb: SkbId, dev: DevId, paddr: InAddr, saddr: InAddr) -> bool { false }

pub fn arp_destroy(k: &mut Kernel, ip_addr: InAddr, force: bool) {  }

pub fn arp_ioctl(k: &mut Kernel, cmd: u32, arg: u32) -> KResult<i32> { fail(Errno::ENOSYS) }

pub fn arp_device_event(k: &mut Kernel, event: NetdevEvent, dev: DevId) {  }

pub fn arp_send(k: &mut Kernel, type_: u16, ptype: u16, dest_ip: InAddr, dev: DevId, src_ip: InAddr, dest_hw: Option<[u8; MAX_ADDR_LEN]>, src_hw: [u8; MAX_ADDR_LEN]) {  }
