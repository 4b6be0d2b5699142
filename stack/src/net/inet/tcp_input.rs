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

pub fn tcp_rcv(k: &mut Kernel, delivery: Delivery) {  }

pub fn tcp_options(k: &mut Kernel, sk: SockId, skb: SkbId, th: usize) {  }

pub fn tcp_std_reset(k: &mut Kernel, sk: SockId, skb: SkbId) {  }
