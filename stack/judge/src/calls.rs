//! The system calls of the table: C arguments become the arguments of a call, output buffers are copied back.

use std::ffi::{c_int, c_void};

use stack::include::in_addr::SockaddrIn;
use stack::kernel::Completion;
use stack::kernel::call::{CallName, UserArg};

use crate::{Judge, Request, judge, result};

type Data = *mut c_void;

/// Bytes that C lends; none for a null pointer.
///
/// # Safety
/// The pointer is null or points at that many readable bytes.
pub(crate) unsafe fn bytes<'a>(pointer: *const c_void, length: usize) -> &'a [u8] {
    if pointer.is_null() {
        return &[];
    }
    // SAFETY: by the caller's promise.
    unsafe { std::slice::from_raw_parts(pointer.cast(), length) }
}

unsafe fn copy_out(from: Option<&Vec<u8>>, to: *mut c_void, room: usize) {
    if let Some(from) = from
        && !to.is_null()
    {
        // SAFETY: no more than the caller's room is written.
        unsafe { std::ptr::copy_nonoverlapping(from.as_ptr(), to.cast(), from.len().min(room)) };
    }
}

fn int(value: c_int) -> UserArg {
    UserArg::Int(value)
}

unsafe fn address(pointer: *const libc::sockaddr, length: libc::socklen_t) -> UserArg {
    if pointer.is_null() {
        return UserArg::Null;
    }
    // SAFETY: POSIX callers pass a readable address of that length.
    UserArg::In(unsafe { bytes(pointer.cast(), length as usize) }.to_vec())
}

/// Room for an address and its length, if the caller wants one.
unsafe fn address_room(to: *mut libc::sockaddr, length: *mut libc::socklen_t) -> [UserArg; 2] {
    if to.is_null() || length.is_null() {
        return [UserArg::Null, UserArg::Null];
    }
    // SAFETY: `length` is not null and the caller's.
    let room = unsafe { *length };
    [UserArg::Out(room), UserArg::InOut(room.to_le_bytes().to_vec())]
}

unsafe fn address_back(done: &Completion, first: usize, to: *mut libc::sockaddr, length: *mut libc::socklen_t) {
    if done.ret < 0 || to.is_null() || length.is_null() {
        return;
    }
    // SAFETY: the room is what the caller said it is.
    unsafe {
        copy_out(done.out.get(first), to.cast(), *length as usize);
        if let Some(&[a, b, c, d]) = done.out.get(first + 1).map(Vec::as_slice) {
            *length = u32::from_le_bytes([a, b, c, d]);
        }
    }
}

fn give_descriptor(judge: &Judge, ret: i32) -> c_int {
    if ret < 0 { result(ret) } else { judge.hand_out(ret) }
}

pub(crate) unsafe extern "C" fn socket(data: Data, domain: c_int, kind: c_int, protocol: c_int) -> c_int {
    // SAFETY: packetdrill passes its own table's pointer (here and in all calls below).
    let judge = unsafe { judge(data) };
    let done = judge.call(CallName::Socket, vec![int(domain), int(kind), int(protocol)]);
    give_descriptor(judge, done.ret)
}

pub(crate) unsafe extern "C" fn bind(
    data: Data,
    fd: c_int,
    to: *const libc::sockaddr,
    length: libc::socklen_t,
) -> c_int {
    // SAFETY: as above; the address is readable.
    let (judge, address) = unsafe { (judge(data), address(to, length)) };
    if let UserArg::In(octets) = &address {
        judge.model().adopt(SockaddrIn::read(octets).sin_addr);
    }
    result(judge.call(CallName::Bind, vec![int(judge.descriptor(fd)), address, int(length as i32)]).ret)
}

pub(crate) unsafe extern "C" fn listen(data: Data, fd: c_int, backlog: c_int) -> c_int {
    // SAFETY: as above.
    let judge = unsafe { judge(data) };
    result(judge.call(CallName::Listen, vec![int(judge.descriptor(fd)), int(backlog)]).ret)
}

pub(crate) unsafe extern "C" fn accept(
    data: Data,
    fd: c_int,
    to: *mut libc::sockaddr,
    length: *mut libc::socklen_t,
) -> c_int {
    // SAFETY: as above; address and length are the caller's.
    unsafe {
        let judge = judge(data);
        let [room, size] = address_room(to, length);
        let done = judge.call(CallName::Accept, vec![int(judge.descriptor(fd)), room, size]);
        address_back(&done, 0, to, length);
        give_descriptor(judge, done.ret)
    }
}

pub(crate) unsafe extern "C" fn connect(
    data: Data,
    fd: c_int,
    to: *const libc::sockaddr,
    length: libc::socklen_t,
) -> c_int {
    // SAFETY: as above.
    let (judge, address) = unsafe { (judge(data), address(to, length)) };
    result(judge.call(CallName::Connect, vec![int(judge.descriptor(fd)), address, int(length as i32)]).ret)
}

unsafe fn take(data: Data, fd: c_int, to: *mut c_void, count: usize, flags: Option<c_int>) -> isize {
    // SAFETY: as above; the buffer has room for `count` bytes.
    unsafe {
        let judge = judge(data);
        let count = count.min(1 << 20);
        let mut args = vec![int(judge.descriptor(fd)), UserArg::Out(count as u32), int(count as i32)];
        args.extend(flags.map(int));
        let name = if flags.is_some() { CallName::Recv } else { CallName::Read };
        let done = judge.call(name, args);
        copy_out(done.out.first(), to, usize::try_from(done.ret).unwrap_or(0));
        result(done.ret) as isize
    }
}

unsafe fn put(data: Data, fd: c_int, from: &[u8], flags: Option<c_int>) -> isize {
    // SAFETY: as above.
    let judge = unsafe { judge(data) };
    let mut args = vec![int(judge.descriptor(fd)), UserArg::In(from.to_vec()), int(from.len() as i32)];
    args.extend(flags.map(int));
    let name = if flags.is_some() { CallName::Send } else { CallName::Write };
    result(judge.call(name, args).ret) as isize
}

pub(crate) unsafe extern "C" fn read(data: Data, fd: c_int, to: *mut c_void, count: usize) -> isize {
    // SAFETY: passed on.
    unsafe { take(data, fd, to, count, None) }
}

pub(crate) unsafe extern "C" fn recv(data: Data, fd: c_int, to: *mut c_void, count: usize, flags: c_int) -> isize {
    // SAFETY: passed on.
    unsafe { take(data, fd, to, count, Some(flags)) }
}

pub(crate) unsafe extern "C" fn write(data: Data, fd: c_int, from: *const c_void, count: usize) -> isize {
    // SAFETY: the caller's buffer holds `count` bytes.
    unsafe { put(data, fd, bytes(from, count), None) }
}

pub(crate) unsafe extern "C" fn send(data: Data, fd: c_int, from: *const c_void, count: usize, flags: c_int) -> isize {
    // SAFETY: the caller's buffer holds `count` bytes.
    unsafe { put(data, fd, bytes(from, count), Some(flags)) }
}

unsafe fn gather(vector: *const libc::iovec, count: c_int) -> Vec<u8> {
    // SAFETY: the caller's vector has `count` readable entries.
    let entries = unsafe { std::slice::from_raw_parts(vector, usize::try_from(count).unwrap_or(0)) };
    entries.iter().flat_map(|entry| unsafe { bytes(entry.iov_base, entry.iov_len) }.to_vec()).collect()
}

unsafe fn scatter(from: &[u8], vector: *const libc::iovec, count: c_int) {
    // SAFETY: the caller's vector has `count` writable entries; each gets no more than it has room for.
    unsafe {
        let mut rest = from;
        for entry in std::slice::from_raw_parts(vector, usize::try_from(count).unwrap_or(0)) {
            let length = rest.len().min(entry.iov_len);
            std::ptr::copy_nonoverlapping(rest.as_ptr(), entry.iov_base.cast(), length);
            rest = &rest[length..];
        }
    }
}

unsafe fn room(vector: *const libc::iovec, count: c_int) -> usize {
    // SAFETY: the caller's vector has `count` entries.
    unsafe { std::slice::from_raw_parts(vector, usize::try_from(count).unwrap_or(0)) }
        .iter()
        .map(|entry| entry.iov_len)
        .sum()
}

pub(crate) unsafe extern "C" fn readv(data: Data, fd: c_int, vector: *const libc::iovec, count: c_int) -> isize {
    // SAFETY: the buffer is as large as the vector's entries together.
    unsafe {
        let mut buffer = vec![0_u8; room(vector, count).min(1 << 20)];
        let length = take(data, fd, buffer.as_mut_ptr().cast(), buffer.len(), None);
        scatter(buffer.get(..usize::try_from(length).unwrap_or(0)).unwrap_or(&[]), vector, count);
        length
    }
}

pub(crate) unsafe extern "C" fn writev(data: Data, fd: c_int, vector: *const libc::iovec, count: c_int) -> isize {
    // SAFETY: passed on.
    unsafe { put(data, fd, &gather(vector, count), None) }
}

pub(crate) unsafe extern "C" fn recvfrom(
    data: Data,
    fd: c_int,
    to: *mut c_void,
    count: usize,
    flags: c_int,
    from: *mut libc::sockaddr,
    length: *mut libc::socklen_t,
) -> isize {
    // SAFETY: buffer, address and length are the caller's.
    unsafe {
        let judge = judge(data);
        let count = count.min(1 << 20);
        let [place, size] = address_room(from, length);
        let mut args = vec![int(judge.descriptor(fd)), UserArg::Out(count as u32), int(count as i32), int(flags)];
        args.extend([place, size]);
        let done = judge.call(CallName::Recvfrom, args);
        copy_out(done.out.first(), to, usize::try_from(done.ret).unwrap_or(0).min(count));
        address_back(&done, 1, from, length);
        result(done.ret) as isize
    }
}

pub(crate) unsafe extern "C" fn sendto(
    data: Data,
    fd: c_int,
    from: *const c_void,
    count: usize,
    flags: c_int,
    to: *const libc::sockaddr,
    length: libc::socklen_t,
) -> isize {
    // SAFETY: buffer and address are the caller's.
    let (judge, bytes, address) = unsafe { (judge(data), bytes(from, count).to_vec(), address(to, length)) };
    if matches!(address, UserArg::Null) {
        // POSIX lets a connected socket leave the address out; 1.2.13's sendto does not (EINVAL), its send does.
        return unsafe { put(data, fd, &bytes, Some(flags)) };
    }
    let size = int(bytes.len() as i32);
    let args = vec![int(judge.descriptor(fd)), UserArg::In(bytes), size, int(flags), address, int(length as i32)];
    result(judge.call(CallName::Sendto, args).ret) as isize
}

pub(crate) unsafe extern "C" fn recvmsg(data: Data, fd: c_int, message: *mut libc::msghdr, flags: c_int) -> isize {
    // SAFETY: the message and what it points at are the caller's.
    unsafe {
        let (vector, count) = ((*message).msg_iov, (*message).msg_iovlen as c_int);
        let mut buffer = vec![0_u8; room(vector, count).min(1 << 20)];
        let name = (*message).msg_name.cast();
        let length =
            recvfrom(data, fd, buffer.as_mut_ptr().cast(), buffer.len(), flags, name, &raw mut (*message).msg_namelen);
        scatter(buffer.get(..usize::try_from(length).unwrap_or(0)).unwrap_or(&[]), vector, count);
        length
    }
}

pub(crate) unsafe extern "C" fn sendmsg(data: Data, fd: c_int, message: *const libc::msghdr, flags: c_int) -> isize {
    // SAFETY: the message and what it points at are the caller's.
    unsafe {
        let bytes = gather((*message).msg_iov, (*message).msg_iovlen as c_int);
        sendto(data, fd, bytes.as_ptr().cast(), bytes.len(), flags, (*message).msg_name.cast(), (*message).msg_namelen)
    }
}

pub(crate) unsafe extern "C" fn fcntl(data: Data, fd: c_int, command: c_int, argument: isize) -> c_int {
    // SAFETY: as above.
    let judge = unsafe { judge(data) };
    result(judge.call(CallName::Fcntl, vec![int(judge.descriptor(fd)), int(command), int(argument as c_int)]).ret)
}

pub(crate) unsafe extern "C" fn ioctl(data: Data, fd: c_int, request: Request, argument: *mut c_int) -> c_int {
    // SAFETY: the requests packetdrill knows carry one int.
    unsafe {
        let judge = judge(data);
        let value = if argument.is_null() { UserArg::Null } else { UserArg::InOut((*argument).to_le_bytes().to_vec()) };
        let done = judge.call(CallName::Ioctl, vec![int(judge.descriptor(fd)), int(request as c_int), value]);
        copy_out(done.out.first(), argument.cast(), 4);
        result(done.ret)
    }
}

pub(crate) unsafe extern "C" fn close(data: Data, fd: c_int) -> c_int {
    // SAFETY: as above.
    let judge = unsafe { judge(data) };
    let done = judge.call(CallName::Close, vec![int(judge.descriptor(fd))]);
    judge.take_back(fd);
    result(done.ret)
}

pub(crate) unsafe extern "C" fn shutdown(data: Data, fd: c_int, how: c_int) -> c_int {
    // SAFETY: as above.
    let judge = unsafe { judge(data) };
    result(judge.call(CallName::Shutdown, vec![int(judge.descriptor(fd)), int(how)]).ret)
}

pub(crate) unsafe extern "C" fn getsockopt(
    data: Data,
    fd: c_int,
    level: c_int,
    name: c_int,
    value: *mut c_void,
    length: *mut libc::socklen_t,
) -> c_int {
    // SAFETY: value and length are the caller's.
    unsafe {
        let judge = judge(data);
        let room = if length.is_null() { 0 } else { *length };
        let size = UserArg::InOut(room.to_le_bytes().to_vec());
        let args = vec![int(judge.descriptor(fd)), int(level), int(name), UserArg::Out(room.max(8)), size];
        let done = judge.call(CallName::Getsockopt, args);
        if done.ret >= 0 && !length.is_null() {
            copy_out(done.out.first(), value, room as usize);
            if let Some(&[a, b, c, d]) = done.out.get(1).map(Vec::as_slice) {
                *length = u32::from_le_bytes([a, b, c, d]);
            }
        }
        result(done.ret)
    }
}

pub(crate) unsafe extern "C" fn setsockopt(
    data: Data,
    fd: c_int,
    level: c_int,
    name: c_int,
    value: *const c_void,
    length: libc::socklen_t,
) -> c_int {
    // SAFETY: the value is readable.
    let (judge, mut octets) = unsafe { (judge(data), bytes(value, length as usize).to_vec()) };
    octets.resize(octets.len().max(8), 0);
    let args = vec![int(judge.descriptor(fd)), int(level), int(name), UserArg::In(octets), int(length as c_int)];
    result(judge.call(CallName::Setsockopt, args).ret)
}

/// poll becomes a select on the sets of 1.2.13.
pub(crate) unsafe extern "C" fn poll(
    data: Data,
    list: *mut libc::pollfd,
    count: libc::nfds_t,
    timeout: c_int,
) -> c_int {
    // SAFETY: the list has `count` entries.
    let (judge, list) = unsafe { (judge(data), std::slice::from_raw_parts_mut(list, count as usize)) };
    let kinds = [libc::POLLIN, libc::POLLOUT, libc::POLLPRI];
    let mut sets = [[0_u8; 32]; 3];
    let bit = |fd: c_int| (usize::try_from(fd).unwrap_or(usize::MAX) / 8, 1_u8 << (fd.rem_euclid(8)));
    for entry in list.iter() {
        let (index, mask) = bit(judge.descriptor(entry.fd));
        for (set, kind) in sets.iter_mut().zip(kinds) {
            if entry.events & kind != 0
                && let Some(octet) = set.get_mut(index)
            {
                *octet |= mask;
            }
        }
    }
    let mut args = vec![int(256)];
    args.extend(sets.map(|set| UserArg::InOut(set.to_vec())));
    args.push(if timeout < 0 {
        UserArg::Null
    } else {
        UserArg::InOut([(timeout / 1000).to_le_bytes(), (timeout % 1000 * 1000).to_le_bytes()].concat())
    });
    let done = judge.call(CallName::Select, args);
    if done.ret < 0 {
        return result(done.ret);
    }
    let mut ready = 0;
    for entry in list.iter_mut() {
        let (index, mask) = bit(judge.descriptor(entry.fd));
        entry.revents = 0;
        for (set, kind) in done.out.iter().zip(kinds) {
            if set.get(index).is_some_and(|octet| octet & mask != 0) {
                entry.revents |= kind;
            }
        }
        ready += c_int::from(entry.revents != 0);
    }
    ready
}
