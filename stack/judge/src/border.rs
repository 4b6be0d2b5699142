//! The functions that C calls: one row per entry of packetdrill's table, with what C passes on the left and what safe code
//! gets on the right. Nothing happens here but that pointers become values that [`crate::lent`] vouches for.

use std::ffi::{c_int, c_uint, c_void};

use stack::kernel::call::CallName;

use crate::lent::{
    InBuffer, InMessage, IntegerArgument, OutBuffer, OutMessage, Request, SizedRoom, in_vector, out_vector,
    poll_entries,
};
use crate::{Judge, calls, result, wire};

type Data = *mut c_void;
type Address = *const libc::sockaddr;
type AddressOut = *mut libc::sockaddr;
type Length = libc::socklen_t;
type LengthOut = *mut libc::socklen_t;

/// The judge behind a `userdata` pointer.
///
/// # Safety
/// The pointer is the one that `packetdrill_interface_init` has put into the table, and `free` has not been called.
unsafe fn judge<'a>(data: Data) -> &'a Judge {
    // SAFETY: by the caller's promise the judge is alive; it is only ever shared, its parts are behind locks.
    unsafe { &*data.cast::<Judge>() }
}

macro_rules! rows {
    ($(fn $name:ident($($raw:ident: $of:ty),*) -> $ret:ty = $($room:ident)::+($($safe:expr),*);)*) => {$(
        /// # Safety
        /// Called by packetdrill through its table: with the table's own `userdata`, and with pointers to what POSIX says
        /// that the call of this name takes, in memory that is the caller's until the call returns.
        pub(crate) unsafe extern "C" fn $name(data: Data, $($raw: $of),*) -> $ret {
            // SAFETY: `data` is that of the table, and each pointer reaches as far as the call of POSIX says, which is
            // what the values made of them ask for.
            unsafe { $($room)::+(judge(data), $($safe),*) }
        }
    )*};
}

rows! {
    fn socket(domain: c_int, kind: c_int, protocol: c_int) -> c_int = calls::socket(domain, kind, protocol);
    fn bind(fd: c_int, to: Address, length: Length) -> c_int
        = calls::bind(fd, InBuffer::new(to.cast(), length as usize));
    fn listen(fd: c_int, backlog: c_int) -> c_int = calls::integers(CallName::Listen, fd, [backlog]);
    fn accept(fd: c_int, to: AddressOut, length: LengthOut) -> c_int
        = calls::accept(fd, SizedRoom::new(to.cast(), length));
    fn connect(fd: c_int, to: Address, length: Length) -> c_int
        = calls::connect(fd, InBuffer::new(to.cast(), length as usize));
    fn read(fd: c_int, to: *mut c_void, count: usize) -> isize = calls::read(fd, OutBuffer::new(to, count), None);
    fn recv(fd: c_int, to: *mut c_void, count: usize, flags: c_int) -> isize
        = calls::read(fd, OutBuffer::new(to, count), Some(flags));
    fn readv(fd: c_int, vector: *const libc::iovec, count: c_int) -> isize
        = calls::readv(fd, out_vector(vector, count));
    fn recvfrom(fd: c_int, to: *mut c_void, count: usize, flags: c_int, from: AddressOut, length: LengthOut) -> isize
        = calls::recvfrom(fd, &mut OutBuffer::new(to, count), flags, &mut SizedRoom::new(from.cast(), length));
    fn recvmsg(fd: c_int, message: *mut libc::msghdr, flags: c_int) -> isize
        = calls::recvmsg(fd, OutMessage::new(message), flags);
    fn write(fd: c_int, from: *const c_void, count: usize) -> isize = calls::write(fd, InBuffer::new(from, count), None);
    fn send(fd: c_int, from: *const c_void, count: usize, flags: c_int) -> isize
        = calls::write(fd, InBuffer::new(from, count), Some(flags));
    fn writev(fd: c_int, vector: *const libc::iovec, count: c_int) -> isize
        = calls::writev(fd, &in_vector(vector, count));
    fn sendto(fd: c_int, from: *const c_void, count: usize, flags: c_int, to: Address, length: Length) -> isize
        = calls::sendto(fd, InBuffer::new(from, count), flags, InBuffer::new(to.cast(), length as usize));
    fn sendmsg(fd: c_int, message: *const libc::msghdr, flags: c_int) -> isize
        = calls::sendmsg(fd, &InMessage::new(message), flags);
    fn fcntl(fd: c_int, command: c_int, argument: isize) -> c_int = calls::fcntl(fd, command, argument as c_int);
    fn ioctl(fd: c_int, request: Request, argument: *mut c_int) -> c_int
        = calls::ioctl(fd, request, IntegerArgument::new(request, argument));
    fn close(fd: c_int) -> c_int = calls::close(fd);
    fn shutdown(fd: c_int, how: c_int) -> c_int = calls::integers(CallName::Shutdown, fd, [how]);
    fn getsockopt(fd: c_int, level: c_int, name: c_int, value: *mut c_void, length: LengthOut) -> c_int
        = calls::getsockopt(fd, level, name, SizedRoom::new(value, length));
    // 1.2.13 looks at 4 bytes of the value, 8 for a struct linger, whatever the length says; packetdrill never has less
    // than an int there.
    fn setsockopt(fd: c_int, level: c_int, name: c_int, value: *const c_void, length: Length) -> c_int
        = calls::setsockopt(fd, level, name, InBuffer::new(value, (length as usize).clamp(4, 8)), length);
    fn poll(list: *mut libc::pollfd, count: libc::nfds_t, timeout: c_int) -> c_int
        = calls::poll(poll_entries(list, count), timeout);
    fn netdev_send(packet: *const c_void, count: usize) -> c_int = wire::send(InBuffer::new(packet, count).bytes());
    fn netdev_receive(packet: *mut c_void, count: *mut usize, time: *mut i64) -> c_int
        = wire::receive(OutBuffer::new(packet, *count), &mut *count, &mut *time);
    fn usleep(microseconds: c_uint) -> c_int = wire::sleep(microseconds);
    fn gettimeofday(now: *mut libc::timeval, _zone: *mut c_void) -> c_int = wire::time_of_day(&mut *now);
}

/// A call that 1.2.13 does not have.
///
/// # Safety
/// None of its arguments is looked at.
pub(crate) unsafe extern "C" fn absent(_: Data) -> isize {
    result(-libc::ENOSYS) as isize
}

/// Ends a judge.
///
/// # Safety
/// The pointer is null or the table's own, and the table is not used again.
pub(crate) unsafe extern "C" fn free(data: Data) {
    if !data.is_null() {
        // SAFETY: the pointer came out of `Box::into_raw`, and packetdrill calls this once, as its last call.
        drop(unsafe { Box::from_raw(data.cast::<Judge>()) });
    }
}
