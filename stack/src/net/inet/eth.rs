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

pub fn eth_header(k: &mut Kernel, skb: SkbId, dev: DevId, type_: u16, daddr: Option<[u8; MAX_ADDR_LEN]>, saddr: Option<[u8; MAX_ADDR_LEN]>, len: u32) -> i32 { 0 }

pub fn eth_rebuild_header(k: &mut Kernel, skb: SkbId, dev: DevId, dst: InAddr) -> bool { false }

pub fn eth_type_trans(k: &mut Kernel, skb: SkbId, dev: DevId) -> u16 { 0 }
