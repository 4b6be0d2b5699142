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

pub fn sys_read(k: &mut Kernel, regs: Registers) -> KResult<i32> { fail(Errno::ENOSYS) }

pub fn sys_write(k: &mut Kernel, regs: Registers) -> KResult<i32> { fail(Errno::ENOSYS) }
