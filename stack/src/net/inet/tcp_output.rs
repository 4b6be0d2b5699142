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

pub fn tcp_select_window(k: &Kernel, sk: SockId) -> u16 { 0 }

pub fn tcp_check(k: &Kernel, skb: SkbId, th: usize, len: u32, saddr: InAddr, daddr: InAddr) -> u16 { 0 }

pub fn tcp_send_check(k: &mut Kernel, skb: SkbId, th: usize, saddr: InAddr, daddr: InAddr, len: u32) {  }

pub fn tcp_send_skb(k: &mut Kernel, sk: SockId, skb: SkbId) {  }

pub fn tcp_send_ack(k: &mut Kernel, sequence: Seq, ack: Seq, sk: SockId, th: TcpHdr, daddr: InAddr) {  }

pub fn tcp_build_header(k: &mut Kernel, th: &mut TcpHdr, sk: SockId, push: u32) {  }

pub fn tcp_reset(k: &mut Kernel, saddr: InAddr, daddr: InAddr, th: TcpHdr, dev: Option<DevId>, tos: u8, ttl: u8) {  }

pub fn tcp_write_xmit(k: &mut Kernel, sk: SockId) {  }
