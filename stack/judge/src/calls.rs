//! The system calls of the table: C arguments become the arguments of a call, output buffers are copied back.

use std::ffi::{c_int, c_short, c_void};

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
    if let UserArg::In(bytes) = &address {
        judge.model().adopt(SockaddrIn::read(bytes).sin_addr);
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

/// The most bytes a call reads at once; no buffer of 1.2.13 holds as many.
const MOST_READ: usize = 1 << 20;

/// Room to read into: null stays null, and a count that is negative in C stays negative.
fn room_to_read(to: *mut c_void, count: usize) -> [UserArg; 2] {
    let negative = i32::try_from(count).is_err();
    let size = if negative { 0 } else { count.min(MOST_READ) };
    let place = if to.is_null() { UserArg::Null } else { UserArg::Out(size as u32) };
    [place, int(if negative { count as i32 } else { size as i32 })]
}

/// What is to be written: null stays null, and a count that is negative in C stays negative.
///
/// # Safety
/// The pointer is null or points at that many readable bytes, if the count is not negative.
unsafe fn to_write(from: *const c_void, count: usize) -> [UserArg; 2] {
    let place = if from.is_null() {
        UserArg::Null
    } else if i32::try_from(count).is_err() {
        UserArg::In(Vec::new())
    } else {
        // SAFETY: by the caller's promise.
        UserArg::In(unsafe { bytes(from, count) }.to_vec())
    };
    [place, int(count as i32)]
}

unsafe fn take(data: Data, fd: c_int, to: *mut c_void, count: usize, flags: Option<c_int>) -> isize {
    // SAFETY: as above; the buffer has room for `count` bytes.
    unsafe {
        let judge = judge(data);
        let mut args = vec![int(judge.descriptor(fd))];
        args.extend(room_to_read(to, count));
        args.extend(flags.map(int));
        let name = if flags.is_some() { CallName::Recv } else { CallName::Read };
        let done = judge.call(name, args);
        copy_out(done.out.first(), to, usize::try_from(done.ret).unwrap_or(0));
        result(done.ret) as isize
    }
}

unsafe fn put(data: Data, fd: c_int, what: [UserArg; 2], flags: Option<c_int>) -> isize {
    // SAFETY: as above.
    let judge = unsafe { judge(data) };
    let mut args = vec![int(judge.descriptor(fd))];
    args.extend(what);
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
    unsafe { put(data, fd, to_write(from, count), None) }
}

pub(crate) unsafe extern "C" fn send(data: Data, fd: c_int, from: *const c_void, count: usize, flags: c_int) -> isize {
    // SAFETY: the caller's buffer holds `count` bytes.
    unsafe { put(data, fd, to_write(from, count), Some(flags)) }
}

/// The entries of a vector; none for a null pointer.
///
/// # Safety
/// The pointer is null or points at that many entries.
unsafe fn entries<'a>(vector: *const libc::iovec, count: c_int) -> &'a [libc::iovec] {
    if vector.is_null() {
        return &[];
    }
    // SAFETY: by the caller's promise.
    unsafe { std::slice::from_raw_parts(vector, usize::try_from(count).unwrap_or(0)) }
}

unsafe fn gather(vector: *const libc::iovec, count: c_int) -> Vec<u8> {
    // SAFETY: the caller's vector has `count` readable entries.
    let entries = unsafe { entries(vector, count) };
    entries.iter().flat_map(|entry| unsafe { bytes(entry.iov_base, entry.iov_len) }.to_vec()).collect()
}

unsafe fn scatter(from: &[u8], vector: *const libc::iovec, count: c_int) {
    // SAFETY: the caller's vector has `count` writable entries; each gets no more than it has room for.
    unsafe {
        let mut rest = from;
        for entry in entries(vector, count) {
            let length = rest.len().min(entry.iov_len);
            std::ptr::copy_nonoverlapping(rest.as_ptr(), entry.iov_base.cast(), length);
            rest = &rest[length..];
        }
    }
}

unsafe fn room(vector: *const libc::iovec, count: c_int) -> usize {
    // SAFETY: the caller's vector has `count` entries.
    unsafe { entries(vector, count) }.iter().map(|entry| entry.iov_len).fold(0, usize::saturating_add)
}

pub(crate) unsafe extern "C" fn readv(data: Data, fd: c_int, vector: *const libc::iovec, count: c_int) -> isize {
    // SAFETY: the buffer is as large as the vector's entries together.
    unsafe {
        let mut buffer = vec![0_u8; room(vector, count).min(MOST_READ)];
        let length = take(data, fd, buffer.as_mut_ptr().cast(), buffer.len(), None);
        scatter(filled(&buffer, length), vector, count);
        length
    }
}

/// What a call that returned `length` has put into a buffer: UDP returns more than it had room for.
fn filled(buffer: &[u8], length: isize) -> &[u8] {
    let length = usize::try_from(length).unwrap_or(0).min(buffer.len());
    buffer.get(..length).unwrap_or(&[])
}

pub(crate) unsafe extern "C" fn writev(data: Data, fd: c_int, vector: *const libc::iovec, count: c_int) -> isize {
    // SAFETY: passed on.
    unsafe {
        let bytes = gather(vector, count);
        put(data, fd, to_write(bytes.as_ptr().cast(), bytes.len()), None)
    }
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
        let mut args = vec![int(judge.descriptor(fd))];
        args.extend(room_to_read(to, count));
        args.push(int(flags));
        args.extend(address_room(from, length));
        let done = judge.call(CallName::Recvfrom, args);
        copy_out(done.out.first(), to, usize::try_from(done.ret).unwrap_or(0).min(count));
        address_back(&done, usize::from(!to.is_null()), from, length);
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
    let (judge, [place, size], address) = unsafe { (judge(data), to_write(from, count), address(to, length)) };
    if matches!(address, UserArg::Null) {
        // POSIX lets a connected socket leave the address out; 1.2.13's sendto does not (EINVAL), its send does.
        return unsafe { put(data, fd, [place, size], Some(flags)) };
    }
    let args = vec![int(judge.descriptor(fd)), place, size, int(flags), address, int(length as i32)];
    result(judge.call(CallName::Sendto, args).ret) as isize
}

pub(crate) unsafe extern "C" fn recvmsg(data: Data, fd: c_int, message: *mut libc::msghdr, flags: c_int) -> isize {
    // SAFETY: the message and what it points at are the caller's.
    unsafe {
        let (vector, count) = ((*message).msg_iov, (*message).msg_iovlen as c_int);
        let mut buffer = vec![0_u8; room(vector, count).min(MOST_READ)];
        let name = (*message).msg_name.cast();
        let length =
            recvfrom(data, fd, buffer.as_mut_ptr().cast(), buffer.len(), flags, name, &raw mut (*message).msg_namelen);
        scatter(filled(&buffer, length), vector, count);
        if length >= 0 {
            // packetdrill hands in what it expects and compares afterwards: nothing of the kind exists in 1.2.13.
            (*message).msg_flags = 0;
            (*message).msg_controllen = 0;
            if name.is_null() {
                (*message).msg_namelen = 0;
            }
        }
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
    let done = judge.call(CallName::Fcntl, vec![int(judge.descriptor(fd)), int(command), int(argument as c_int)]);
    if command == libc::F_DUPFD { give_descriptor(judge, done.ret) } else { result(done.ret) }
}

/// Requests that carry an integer, which the call reads (true) or writes.
const INTEGER_REQUESTS: [(Request, bool); 8] = [
    (libc::TIOCOUTQ as Request, false),
    (libc::FIONREAD as Request, false),
    (libc::FIONBIO as Request, true),
    (FIOSETOWN, true),
    (FIOSETOWN + 1, true),
    (FIOSETOWN + 2, false),
    (FIOSETOWN + 3, false),
    (SIOCATMARK, false),
];
const FIOSETOWN: Request = 0x8901;
const SIOCATMARK: Request = 0x8905;

pub(crate) unsafe extern "C" fn ioctl(data: Data, fd: c_int, request: Request, argument: *mut c_int) -> c_int {
    // With two arguments the third is whatever stood in the register: it is a pointer only where the request wants one.
    let carries = INTEGER_REQUESTS.iter().find(|(known, _)| *known == request).filter(|_| !argument.is_null());
    // SAFETY: the caller's argument is an int where the request carries one.
    unsafe {
        let judge = judge(data);
        let value = match carries {
            Some((_, true)) => UserArg::InOut((*argument).to_le_bytes().to_vec()),
            Some((_, false)) => UserArg::InOut(vec![0; 4]),
            None => UserArg::Null,
        };
        let done = judge.call(CallName::Ioctl, vec![int(judge.descriptor(fd)), int(request as c_int), value]);
        if done.ret >= 0 && carries.is_some() {
            copy_out(done.out.first(), argument.cast(), 4);
        }
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
        let place = if value.is_null() { UserArg::Null } else { UserArg::Out(room.clamp(8, 1 << 12)) };
        let args = vec![int(judge.descriptor(fd)), int(level), int(name), place, size];
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
    // SAFETY: the value is readable; 1.2.13 looks at 4 bytes of it, 8 for a struct linger, whatever the length says, and
    // packetdrill never has less than an int there.
    let (judge, mut bytes) = unsafe { (judge(data), bytes(value, (length as usize).clamp(4, 8)).to_vec()) };
    bytes.resize(8, 0);
    let place = if value.is_null() { UserArg::Null } else { UserArg::In(bytes) };
    let args = vec![int(judge.descriptor(fd)), int(level), int(name), place, int(length as c_int)];
    result(judge.call(CallName::Setsockopt, args).ret)
}

/// Which events of poll are the readiness of select's three sets.
const KINDS: [c_short; 3] =
    [libc::POLLIN | libc::POLLRDNORM, libc::POLLOUT | libc::POLLWRNORM, libc::POLLPRI | libc::POLLRDBAND];

/// poll becomes a select on the sets of 1.2.13, as a C library of its time would have it.
pub(crate) unsafe extern "C" fn poll(
    data: Data,
    list: *mut libc::pollfd,
    count: libc::nfds_t,
    timeout: c_int,
) -> c_int {
    // SAFETY: the list has `count` entries.
    let (judge, list) = unsafe {
        let list = if list.is_null() { &mut [] } else { std::slice::from_raw_parts_mut(list, count as usize) };
        (judge(data), list)
    };
    let mut sets = [[0_u8; 32]; 3];
    let bit = |fd: c_int| (usize::try_from(fd).unwrap_or(usize::MAX) / 8, 1_u8 << (fd.rem_euclid(8)));
    let mut unknown = 0;
    for entry in list.iter_mut() {
        let descriptor = judge.descriptor(entry.fd);
        // A negative number is passed over; one that is not open is reported, and nobody waits.
        entry.revents = if entry.fd >= 0 && descriptor < 0 { libc::POLLNVAL } else { 0 };
        unknown += c_int::from(entry.revents != 0);
        let (index, mask) = bit(descriptor);
        for (set, kind) in sets.iter_mut().zip(KINDS) {
            if entry.events & kind != 0
                && let Some(byte) = set.get_mut(index)
            {
                *byte |= mask;
            }
        }
    }
    let timeout = if unknown > 0 { 0 } else { timeout };
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
        for (set, kind) in done.out.iter().zip(KINDS) {
            if set.get(index).is_some_and(|byte| byte & mask != 0) {
                entry.revents |= kind & entry.events;
            }
        }
        ready += c_int::from(entry.revents != 0);
    }
    ready
}

/// A call that 1.2.13 does not have.
pub(crate) unsafe extern "C" fn absent(_: Data) -> isize {
    result(-libc::ENOSYS) as isize
}
