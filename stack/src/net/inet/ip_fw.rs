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

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirewallChain { Block, Forward }

pub fn ip_fw_chk(k: &mut Kernel, skb: SkbId, iph: usize, dev: DevId, chain: FirewallChain) -> i32 { 0 }

pub fn ip_acct_cnt(k: &mut Kernel, skb: SkbId, iph: usize, dev: DevId) {  }
