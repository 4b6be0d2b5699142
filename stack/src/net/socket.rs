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

pub fn sock_init(k: &mut Kernel) {  }

pub fn sys_socketcall(k: &mut Kernel, regs: Registers) -> KResult<i32> { fail(Errno::ENOSYS) }

pub fn sock_wake_async(k: &mut Kernel, sock: Option<SocketId>, how: i32) -> i32 { 0 }

pub fn sock_read(k: &mut Kernel, sock: SocketId, area: UserArea, noblock: bool) -> KResult<u32> { fail(Errno::ENOSYS) }

pub fn sock_write(k: &mut Kernel, sock: SocketId, area: UserArea, noblock: bool) -> KResult<u32> { fail(Errno::ENOSYS) }

pub fn sock_select(k: &mut Kernel, sock: SocketId, sel_type: u8, wait: bool) -> bool { false }

pub fn sock_ioctl(k: &mut Kernel, sock: SocketId, cmd: u32, arg: u32) -> KResult<i32> { fail(Errno::ENOSYS) }

pub fn sock_close(k: &mut Kernel, sock: SocketId, file: crate::include::fs::FileId) -> KResult<()> { fail(Errno::ENOSYS) }

pub fn sock_fcntl(k: &mut Kernel, sock: SocketId, cmd: u32, arg: i32) -> KResult<i32> { fail(Errno::ENOSYS) }

pub fn sock_fasync(k: &mut Kernel, sock: SocketId, file: crate::include::fs::FileId, on: bool) {  }

pub fn sock_register(k: &mut Kernel, ops: ProtoOps) -> KResult<i32> { fail(Errno::ENOSYS) }
