//! The table of functions that packetdrill gets, in the order of its structure.

use std::ffi::{c_int, c_uint, c_void};

use crate::border;
use crate::lent::Request;

type Data = *mut c_void;
type Address = *const libc::sockaddr;
type AddressOut = *mut libc::sockaddr;
type Length = libc::socklen_t;
type LengthOut = *mut libc::socklen_t;

/// `struct packetdrill_interface`: userdata, then 32 functions.
#[repr(C)]
#[allow(missing_docs, reason = "the members are the calls of POSIX under their own names")]
pub struct Interface {
    pub userdata: Data,
    pub free: unsafe extern "C" fn(Data),
    pub socket: unsafe extern "C" fn(Data, c_int, c_int, c_int) -> c_int,
    pub bind: unsafe extern "C" fn(Data, c_int, Address, Length) -> c_int,
    pub listen: unsafe extern "C" fn(Data, c_int, c_int) -> c_int,
    pub accept: unsafe extern "C" fn(Data, c_int, AddressOut, LengthOut) -> c_int,
    pub connect: unsafe extern "C" fn(Data, c_int, Address, Length) -> c_int,
    pub read: unsafe extern "C" fn(Data, c_int, *mut c_void, usize) -> isize,
    pub readv: unsafe extern "C" fn(Data, c_int, *const libc::iovec, c_int) -> isize,
    pub recv: unsafe extern "C" fn(Data, c_int, *mut c_void, usize, c_int) -> isize,
    pub recvfrom: unsafe extern "C" fn(Data, c_int, *mut c_void, usize, c_int, AddressOut, LengthOut) -> isize,
    pub recvmsg: unsafe extern "C" fn(Data, c_int, *mut libc::msghdr, c_int) -> isize,
    pub write: unsafe extern "C" fn(Data, c_int, *const c_void, usize) -> isize,
    pub writev: unsafe extern "C" fn(Data, c_int, *const libc::iovec, c_int) -> isize,
    pub send: unsafe extern "C" fn(Data, c_int, *const c_void, usize, c_int) -> isize,
    pub sendto: unsafe extern "C" fn(Data, c_int, *const c_void, usize, c_int, Address, Length) -> isize,
    pub sendmsg: unsafe extern "C" fn(Data, c_int, *const libc::msghdr, c_int) -> isize,
    // Variadic in C; a fixed last argument is the same call on x86-64 and aarch64.
    pub fcntl: unsafe extern "C" fn(Data, c_int, c_int, isize) -> c_int,
    pub ioctl: unsafe extern "C" fn(Data, c_int, Request, *mut c_int) -> c_int,
    pub close: unsafe extern "C" fn(Data, c_int) -> c_int,
    pub shutdown: unsafe extern "C" fn(Data, c_int, c_int) -> c_int,
    pub getsockopt: unsafe extern "C" fn(Data, c_int, c_int, c_int, *mut c_void, LengthOut) -> c_int,
    pub setsockopt: unsafe extern "C" fn(Data, c_int, c_int, c_int, *const c_void, Length) -> c_int,
    pub poll: unsafe extern "C" fn(Data, *mut libc::pollfd, libc::nfds_t, c_int) -> c_int,
    pub netdev_send: unsafe extern "C" fn(Data, *const c_void, usize) -> c_int,
    pub netdev_receive: unsafe extern "C" fn(Data, *mut c_void, *mut usize, *mut i64) -> c_int,
    pub usleep: unsafe extern "C" fn(Data, c_uint) -> c_int,
    pub gettimeofday: unsafe extern "C" fn(Data, *mut libc::timeval, *mut c_void) -> c_int,
    /// epoll_create, epoll_ctl, epoll_wait, pipe, splice: 1.2.13 has none of them for sockets, the answer is ENOSYS.
    pub absent: [unsafe extern "C" fn(Data) -> isize; 5],
}

impl Interface {
    /// The table of one judge.
    #[must_use]
    pub fn new(userdata: Data) -> Self {
        Self {
            userdata,
            free: border::free,
            socket: border::socket,
            bind: border::bind,
            listen: border::listen,
            accept: border::accept,
            connect: border::connect,
            read: border::read,
            readv: border::readv,
            recv: border::recv,
            recvfrom: border::recvfrom,
            recvmsg: border::recvmsg,
            write: border::write,
            writev: border::writev,
            send: border::send,
            sendto: border::sendto,
            sendmsg: border::sendmsg,
            fcntl: border::fcntl,
            ioctl: border::ioctl,
            close: border::close,
            shutdown: border::shutdown,
            getsockopt: border::getsockopt,
            setsockopt: border::setsockopt,
            poll: border::poll,
            netdev_send: border::netdev_send,
            netdev_receive: border::netdev_receive,
            usleep: border::usleep,
            gettimeofday: border::gettimeofday,
            absent: [border::absent; 5],
        }
    }
}
