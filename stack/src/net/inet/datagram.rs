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

pub fn skb_recv_datagram(k: &mut Kernel, sk: SockId, flags: i32, noblock: bool) -> KResult<Option<SkbId>> { fail(Errno::ENOSYS) }

pub fn skb_free_datagram(k: &mut Kernel, skb: SkbId) {  }

pub fn skb_copy_datagram(k: &mut Kernel, skb: SkbId, offset: u32, to: u32, size: u32, from: &'static str) {  }

pub fn datagram_select(k: &mut Kernel, sk: SockId, sel_type: u8, wait: bool) -> bool { false }
