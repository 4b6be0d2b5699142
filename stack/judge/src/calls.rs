//! The system calls of the table, in safe words: what C has lent becomes the arguments of a call, and what comes back is
//! written where the caller has room for it. The table's own functions, which C calls, are next door.

use std::ffi::{c_int, c_short};

use stack::include::in_addr::SockaddrIn;
use stack::kernel::call::{CallName, UserArg};

use crate::lent::{InBuffer, InMessage, IntegerArgument, MOST_READ, OutBuffer, OutMessage, Request, SizedRoom};
use crate::{Judge, result};

fn int(value: c_int) -> UserArg {
    UserArg::Int(value)
}

/// The arguments of a call on a descriptor: the kernel's own number first.
fn on(judge: &Judge, fd: c_int, more: impl IntoIterator<Item = UserArg>) -> Vec<UserArg> {
    std::iter::once(int(judge.descriptor(fd))).chain(more).collect()
}

fn give_descriptor(judge: &Judge, ret: i32) -> c_int {
    if ret < 0 { result(ret) } else { judge.hand_out(ret) }
}

/// A call on a descriptor whose arguments are all integers.
pub(crate) fn integers<const N: usize>(judge: &Judge, name: CallName, fd: c_int, more: [c_int; N]) -> c_int {
    result(judge.call(name, on(judge, fd, more.map(int))).ret)
}

pub(crate) fn socket(judge: &Judge, domain: c_int, kind: c_int, protocol: c_int) -> c_int {
    give_descriptor(judge, judge.call(CallName::Socket, [domain, kind, protocol].map(int).to_vec()).ret)
}

/// bind, and packetdrill's addresses become ours: it binds before anything else tells us which they are.
pub(crate) fn bind(judge: &Judge, fd: c_int, address: InBuffer<'_>) -> c_int {
    if let UserArg::In(bytes) = address.argument() {
        judge.model().adopt(SockaddrIn::read(&bytes).sin_addr);
    }
    result(judge.call(CallName::Bind, on(judge, fd, address.arguments())).ret)
}

pub(crate) fn accept(judge: &Judge, fd: c_int, mut peer: SizedRoom<'_>) -> c_int {
    let done = judge.call(CallName::Accept, on(judge, fd, peer.address_arguments()));
    peer.fill_address(&done, 0);
    give_descriptor(judge, done.ret)
}

pub(crate) fn connect(judge: &Judge, fd: c_int, address: InBuffer<'_>) -> c_int {
    result(judge.call(CallName::Connect, on(judge, fd, address.arguments())).ret)
}

/// read, and recv where there are flags.
pub(crate) fn read(judge: &Judge, fd: c_int, mut to: OutBuffer<'_>, flags: Option<c_int>) -> isize {
    let name = if flags.is_some() { CallName::Recv } else { CallName::Read };
    let done = judge.call(name, on(judge, fd, to.arguments().into_iter().chain(flags.map(int))));
    to.fill(taken(&done.out, done.ret));
    result(done.ret) as isize
}

/// What a call that returned `ret` has put into its first buffer: UDP returns more than it had room for.
fn taken(out: &[Vec<u8>], ret: i32) -> &[u8] {
    let bytes = out.first().map_or(&[][..], Vec::as_slice);
    bytes.get(..usize::try_from(ret).unwrap_or(0)).unwrap_or(bytes)
}

/// write, and send where there are flags.
pub(crate) fn write(judge: &Judge, fd: c_int, from: InBuffer<'_>, flags: Option<c_int>) -> isize {
    let name = if flags.is_some() { CallName::Send } else { CallName::Write };
    result(judge.call(name, on(judge, fd, from.arguments().into_iter().chain(flags.map(int)))).ret) as isize
}

/// Room for all buffers of a vector together.
fn room(vector: &[OutBuffer<'_>]) -> Vec<u8> {
    vec![0; vector.iter().map(OutBuffer::room).fold(0, usize::saturating_add).min(MOST_READ)]
}

fn scatter(vector: &mut [OutBuffer<'_>], bytes: &[u8], length: isize) {
    let mut rest = bytes.get(..usize::try_from(length).unwrap_or(0)).unwrap_or(bytes);
    for buffer in vector {
        let (first, more) = rest.split_at(rest.len().min(buffer.room()));
        buffer.fill(first);
        rest = more;
    }
}

fn gather(vector: &[InBuffer<'_>]) -> Vec<u8> {
    vector.iter().flat_map(super::lent::InBuffer::bytes).copied().collect()
}

pub(crate) fn readv(judge: &Judge, fd: c_int, mut vector: Vec<OutBuffer<'_>>) -> isize {
    let mut bytes = room(&vector);
    let length = read(judge, fd, OutBuffer::of(&mut bytes), None);
    scatter(&mut vector, &bytes, length);
    length
}

pub(crate) fn writev(judge: &Judge, fd: c_int, vector: &[InBuffer<'_>]) -> isize {
    write(judge, fd, InBuffer::of(&gather(vector)), None)
}

pub(crate) fn recvfrom(
    judge: &Judge,
    fd: c_int,
    to: &mut OutBuffer<'_>,
    flags: c_int,
    from: &mut SizedRoom<'_>,
) -> isize {
    let more = to.arguments().into_iter().chain([int(flags)]).chain(from.address_arguments());
    let done = judge.call(CallName::Recvfrom, on(judge, fd, more));
    let lent = !to.is_null();
    if lent {
        to.fill(taken(&done.out, done.ret));
    }
    from.fill_address(&done, usize::from(lent));
    result(done.ret) as isize
}

/// sendto. POSIX lets a connected socket leave the address out; 1.2.13's sendto does not (EINVAL), its send does.
pub(crate) fn sendto(judge: &Judge, fd: c_int, from: InBuffer<'_>, flags: c_int, to: InBuffer<'_>) -> isize {
    if to.is_null() {
        return write(judge, fd, from, Some(flags));
    }
    let more = from.arguments().into_iter().chain([int(flags)]).chain(to.arguments());
    result(judge.call(CallName::Sendto, on(judge, fd, more)).ret) as isize
}

pub(crate) fn recvmsg(judge: &Judge, fd: c_int, mut message: OutMessage<'_>, flags: c_int) -> isize {
    let mut bytes = room(&message.vector);
    let length = recvfrom(judge, fd, &mut OutBuffer::of(&mut bytes), flags, &mut message.name);
    scatter(&mut message.vector, &bytes, length);
    if length >= 0 {
        message.clear_what_came_later();
    }
    length
}

pub(crate) fn sendmsg(judge: &Judge, fd: c_int, message: &InMessage<'_>, flags: c_int) -> isize {
    sendto(judge, fd, InBuffer::of(&gather(&message.vector)), flags, message.name)
}

pub(crate) fn fcntl(judge: &Judge, fd: c_int, command: c_int, argument: c_int) -> c_int {
    let done = judge.call(CallName::Fcntl, on(judge, fd, [command, argument].map(int)));
    if command == libc::F_DUPFD { give_descriptor(judge, done.ret) } else { result(done.ret) }
}

pub(crate) fn ioctl(judge: &Judge, fd: c_int, request: Request, mut argument: IntegerArgument<'_>) -> c_int {
    let done = judge.call(CallName::Ioctl, on(judge, fd, [int(request as c_int), argument.argument()]));
    argument.fill(&done);
    result(done.ret)
}

pub(crate) fn close(judge: &Judge, fd: c_int) -> c_int {
    let done = judge.call(CallName::Close, on(judge, fd, []));
    judge.take_back(fd);
    result(done.ret)
}

/// The kernel writes an int or a struct linger, whatever the caller has room for: it gets room for either.
pub(crate) fn getsockopt(judge: &Judge, fd: c_int, level: c_int, name: c_int, mut value: SizedRoom<'_>) -> c_int {
    let size = value.size();
    let place = if value.place.is_null() { UserArg::Null } else { UserArg::Out(size.clamp(8, 1 << 12)) };
    let more = [int(level), int(name), place, UserArg::InOut(size.to_le_bytes().to_vec())];
    let done = judge.call(CallName::Getsockopt, on(judge, fd, more));
    value.fill(&done, 0);
    result(done.ret)
}

/// `length` is what the caller says; the value is padded to the 8 bytes of a struct linger, the longest that 1.2.13 reads.
pub(crate) fn setsockopt(
    judge: &Judge,
    fd: c_int,
    level: c_int,
    name: c_int,
    value: InBuffer<'_>,
    length: libc::socklen_t,
) -> c_int {
    let mut padded = value.bytes().to_vec();
    padded.resize(8, 0);
    let place = if value.is_null() { UserArg::Null } else { UserArg::In(padded) };
    let more = [int(level), int(name), place, int(length as c_int)];
    result(judge.call(CallName::Setsockopt, on(judge, fd, more)).ret)
}

/// Which events of poll are the readiness of select's three sets.
const KINDS: [c_short; 3] =
    [libc::POLLIN | libc::POLLRDNORM, libc::POLLOUT | libc::POLLWRNORM, libc::POLLPRI | libc::POLLRDBAND];

/// poll becomes a select on the sets of 1.2.13, as a C library of its time would have it.
pub(crate) fn poll(judge: &Judge, list: &mut [libc::pollfd], timeout: c_int) -> c_int {
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
