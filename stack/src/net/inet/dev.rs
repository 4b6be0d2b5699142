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

pub fn dev_queue_xmit(k: &mut Kernel, skb: SkbId, dev: DevId, pri: i32) {  }

pub fn netif_rx(k: &mut Kernel, skb: SkbId) {  }

pub fn dev_rint(k: &mut Kernel, buff: &[u8], dev: DevId) -> bool { false }

pub fn net_bh(k: &mut Kernel) {  }

pub fn dev_add_pack(k: &mut Kernel, pt: PacketType) {  }

pub fn dev_remove_pack(k: &mut Kernel, pt: PacketType) {  }

pub fn dev_ioctl(k: &mut Kernel, cmd: u32, arg: u32) -> KResult<i32> { fail(Errno::ENOSYS) }

pub fn dev_get(k: &Kernel, name: &str) -> Option<DevId> { None }

pub fn dev_init(k: &mut Kernel) {  }

pub fn dev_open(k: &mut Kernel, dev: DevId) {  }

pub fn dev_close(k: &mut Kernel, dev: DevId) {  }
