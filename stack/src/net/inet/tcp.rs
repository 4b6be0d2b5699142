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

pub fn tcp_set_state(k: &mut Kernel, sk: SockId, state: TcpState) {  }

pub fn tcp_time_wait(k: &mut Kernel, sk: SockId) {  }

pub fn tcp_init_seq(k: &Kernel) -> Seq { Default::default() }

pub fn default_mask(dst: InAddr) -> InAddr { Default::default() }

pub fn tcp_err(k: &mut Kernel, err: u16, skb: SkbId, header: usize, daddr: InAddr, saddr: InAddr) {  }

pub fn tcp_select(k: &mut Kernel, sk: SockId, sel_type: u8, wait: bool) -> bool { false }

pub fn tcp_ioctl(k: &mut Kernel, sk: SockId, cmd: u32, arg: u32) -> KResult<i32> { fail(Errno::ENOSYS) }

pub fn tcp_setsockopt(k: &mut Kernel, sk: SockId, level: i32, optname: i32, optval: u32, optlen: i32) -> KResult<()> { fail(Errno::ENOSYS) }

pub fn tcp_getsockopt(k: &mut Kernel, sk: SockId, level: i32, optname: i32, optval: u32, optlen: u32) -> KResult<()> { fail(Errno::ENOSYS) }

pub fn tcp_close_state(k: &mut Kernel, sk: SockId, dead: bool) -> bool { false }
