//! The system calls of the table, in safe words: what C has lent becomes the arguments of a call, and what comes back is
//! written where the caller has room for it. The table's own functions, which C calls, are next door.

use std::ffi::c_int;

use stack::include::in_addr::SockaddrIn;
use stack::kernel::call::{CallName, UserArg};
use stack::lab::library::{self, PollEntry};

use crate::lent::{InBuffer, InMessage, IntegerArgument, OutBuffer, OutMessage, Request, SizedRoom};
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

/// The sizes of the buffers of a vector.
fn rooms(vector: &[OutBuffer<'_>]) -> Vec<usize> {
    vector.iter().map(OutBuffer::room).collect()
}

fn fill(vector: &mut [OutBuffer<'_>], octets: &[u8]) {
    let parts = library::scatter(octets, &rooms(vector));
    for (buffer, part) in vector.iter_mut().zip(parts) {
        buffer.fill(part);
    }
}

fn parts<'a>(vector: &[InBuffer<'a>]) -> Vec<&'a [u8]> {
    vector.iter().map(InBuffer::bytes).collect()
}

pub(crate) fn readv(judge: &Judge, fd: c_int, mut vector: Vec<OutBuffer<'_>>) -> isize {
    let done = judge.make(library::readv(judge.descriptor(fd), &rooms(&vector)));
    fill(&mut vector, library::taken(&done));
    result(done.ret) as isize
}

pub(crate) fn writev(judge: &Judge, fd: c_int, vector: &[InBuffer<'_>]) -> isize {
    result(judge.make(library::writev(judge.descriptor(fd), &parts(vector))).ret) as isize
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
    let wanted = message.name.is_wanted().then(|| message.name.size());
    let done = judge.make(library::recvmsg(judge.descriptor(fd), &rooms(&message.vector), flags, wanted));
    fill(&mut message.vector, library::taken(&done));
    message.name.fill_address(&done, 1);
    if done.ret >= 0 {
        message.clear_what_came_later();
    }
    result(done.ret) as isize
}

pub(crate) fn sendmsg(judge: &Judge, fd: c_int, message: &InMessage<'_>, flags: c_int) -> isize {
    let to = (!message.name.is_null()).then(|| message.name.bytes());
    let call = library::sendmsg(judge.descriptor(fd), &parts(&message.vector), flags, to);
    result(judge.make(call).ret) as isize
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

/// poll: a select on the sets of 1.2.13.
pub(crate) fn poll(judge: &Judge, list: &mut [libc::pollfd], timeout: c_int) -> c_int {
    let mut entries: Vec<PollEntry> = list.iter().map(|entry| poll_entry(judge, entry)).collect();
    let done = judge.make(library::poll(&mut entries, timeout));
    let ready = library::polled(&mut entries, &done);
    for (place, entry) in list.iter_mut().zip(&entries) {
        place.revents = entry.revents;
    }
    result(ready)
}

fn poll_entry(judge: &Judge, entry: &libc::pollfd) -> PollEntry {
    let descriptor = judge.descriptor(entry.fd);
    let fd = if descriptor < 0 { entry.fd } else { descriptor };
    PollEntry { fd, is_open: descriptor >= 0, events: entry.events, revents: 0 }
}
