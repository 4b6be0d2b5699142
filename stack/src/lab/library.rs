//! Calls that 1.2.13 does not have, as a C library of its time made them out of those that it has: poll is a select, readv
//! and recvmsg read once into one buffer and share it out, writev and sendmsg gather and write once. Whoever meets such a
//! call in somebody else's script (the judge, a script of `run`) speaks through this room, so that both say the same.
//!
//! Promise: each function makes exactly one call of the kernel, so a vector is one write: what it holds leaves as if it
//! had stood in one buffer. What came later is not invented: no control data, no flags of a message, and of a poll only
//! what select tells, so POLLERR and POLLHUP are never reported and a hangup is POLLIN, as a select of 1995 shows it.

use crate::kernel::Completion;
use crate::kernel::call::{CallName, UserArg, UserCall};

/// There is something to read, or a connection to be accepted.
pub const POLLIN: i16 = 0x001;
/// There is urgent data.
pub const POLLPRI: i16 = 0x002;
/// There is room to write.
pub const POLLOUT: i16 = 0x004;
/// The number is no open descriptor.
pub const POLLNVAL: i16 = 0x020;
const POLLRDNORM: i16 = 0x040;
const POLLRDBAND: i16 = 0x080;
const POLLWRNORM: i16 = 0x100;
/// Which events of poll are the readiness of select's three sets.
const KINDS: [i16; 3] = [POLLIN | POLLRDNORM, POLLOUT | POLLWRNORM, POLLPRI | POLLRDBAND];
/// Descriptors that a set of 1.2.13 has room for: NR_OPEN.
const SET_DESCRIPTORS: usize = 256;
/// Bytes of a descriptor set.
const SET: usize = SET_DESCRIPTORS / 8;

/// The most octets that one call reads or gathers at once; no buffer of 1.2.13 holds as many.
pub const MOST_OCTETS: usize = 1 << 20;

/// One entry of poll's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PollEntry {
    /// The kernel's number of the descriptor; a negative one is passed over.
    pub fd: i32,
    /// Whether the process has it open: select refuses the whole list for one that it has not, poll reports it.
    pub is_open: bool,
    /// What the caller asks for: `POLL` bits as in C.
    pub events: i16,
    /// What came back; set by [`poll`] and [`polled`].
    pub revents: i16,
}

/// The set's octet and bit of a descriptor, where the set has room for it.
fn place(entry: &PollEntry) -> Option<(usize, u8)> {
    let descriptor = usize::try_from(entry.fd).ok().filter(|fd| entry.is_open && *fd < SET_DESCRIPTORS)?;
    Some((descriptor / 8, 1 << (descriptor % 8)))
}

/// poll(list, timeout) as the select that it becomes; the timeout is in milliseconds, a negative one waits for ever. Where
/// an entry is not open nobody waits.
#[must_use]
pub fn poll(list: &mut [PollEntry], timeout: i32) -> UserCall {
    let mut sets = [[0_u8; SET]; 3];
    for entry in list.iter_mut() {
        entry.revents = if entry.fd >= 0 && place(entry).is_none() { POLLNVAL } else { 0 };
        let Some((octet, bit)) = place(entry) else { continue };
        for (set, kind) in sets.iter_mut().zip(KINDS) {
            if entry.events & kind != 0
                && let Some(octet) = set.get_mut(octet)
            {
                *octet |= bit;
            }
        }
    }
    let timeout = if list.iter().any(|entry| entry.revents != 0) { 0 } else { timeout };
    let mut args = vec![UserArg::Int(SET_DESCRIPTORS as i32)];
    args.extend(sets.map(|set| UserArg::InOut(set.to_vec())));
    args.push(if timeout < 0 {
        UserArg::Null
    } else {
        UserArg::InOut([(timeout / 1000).to_le_bytes(), (timeout % 1000 * 1000).to_le_bytes()].concat())
    });
    UserCall::new(CallName::Select, args)
}

/// What poll returns when its select has come back: how many entries have something to say (their `revents`), or the
/// select's own error.
#[must_use]
pub fn polled(list: &mut [PollEntry], done: &Completion) -> i32 {
    if done.ret < 0 {
        return done.ret;
    }
    for entry in list.iter_mut() {
        let Some((octet, bit)) = place(entry) else { continue };
        for (set, kind) in done.out.iter().zip(KINDS) {
            if set.get(octet).is_some_and(|octet| octet & bit != 0) {
                entry.revents |= kind & entry.events;
            }
        }
    }
    list.iter().filter(|entry| entry.revents != 0).count() as i32
}

/// writev(fd, parts) as one write.
#[must_use]
pub fn writev(fd: i32, parts: &[&[u8]]) -> UserCall {
    let [octets, count] = gathered(parts);
    UserCall::new(CallName::Write, vec![UserArg::Int(fd), octets, count])
}

/// readv(fd, rooms) as one read; each room is that many octets. [`scatter`] shares out what [`taken`] finds.
#[must_use]
pub fn readv(fd: i32, rooms: &[usize]) -> UserCall {
    let [place, count] = room(rooms);
    UserCall::new(CallName::Read, vec![UserArg::Int(fd), place, count])
}

/// sendmsg(fd, message, flags): a sendto where the message names an address (the octets of its `sockaddr`), and a send where
/// it names none, because 1.2.13's sendto wants one.
#[must_use]
pub fn sendmsg(fd: i32, parts: &[&[u8]], flags: i32, to: Option<&[u8]>) -> UserCall {
    let [octets, count] = gathered(parts);
    let mut args = vec![UserArg::Int(fd), octets, count, UserArg::Int(flags)];
    let Some(to) = to else { return UserCall::new(CallName::Send, args) };
    args.extend([UserArg::In(to.to_vec()), UserArg::Int(to.len() as i32)]);
    UserCall::new(CallName::Sendto, args)
}

/// recvmsg(fd, message, flags) as a recvfrom; `from` is how many octets the message has room for an address, None where it
/// wants none. [`sender`] has the address that came back.
#[must_use]
pub fn recvmsg(fd: i32, rooms: &[usize], flags: i32, from: Option<u32>) -> UserCall {
    let [place, count] = room(rooms);
    let address = match from {
        Some(length) => [UserArg::Out(length), UserArg::InOut(length.to_le_bytes().to_vec())],
        None => [UserArg::Null, UserArg::Null],
    };
    let args = [UserArg::Int(fd), place, count, UserArg::Int(flags)].into_iter().chain(address);
    UserCall::new(CallName::Recvfrom, args.collect())
}

/// What a call of [`readv`] or [`recvmsg`] has read: UDP returns more than it had room for.
#[must_use]
pub fn taken(done: &Completion) -> &[u8] {
    let octets = done.out.first().map_or(&[][..], Vec::as_slice);
    octets.get(..usize::try_from(done.ret).unwrap_or(0)).unwrap_or(octets)
}

/// The address that a call of [`recvmsg`] brought, and its length; None where it failed or none was wanted.
#[must_use]
pub fn sender(done: &Completion) -> Option<(&[u8], u32)> {
    let length = done.out.get(2).filter(|_| done.ret >= 0)?.first_chunk::<4>()?;
    Some((done.out.get(1)?, u32::from_le_bytes(*length)))
}

/// Octets shared out over rooms, each filled before the next.
#[must_use]
pub fn scatter<'a>(octets: &'a [u8], rooms: &[usize]) -> Vec<&'a [u8]> {
    let mut rest = octets;
    let mut share = |room: &usize| {
        let (first, more) = rest.split_at(rest.len().min(*room));
        rest = more;
        first
    };
    rooms.iter().map(&mut share).collect()
}

/// Buffer and count of a call that writes all parts at once.
fn gathered(parts: &[&[u8]]) -> [UserArg; 2] {
    let octets: Vec<u8> = parts.iter().flat_map(|part| part.iter()).take(MOST_OCTETS).copied().collect();
    let count = octets.len() as i32;
    [UserArg::In(octets), UserArg::Int(count)]
}

/// Buffer and count of a call that reads for all rooms at once.
fn room(rooms: &[usize]) -> [UserArg; 2] {
    let count = rooms.iter().copied().fold(0, usize::saturating_add).min(MOST_OCTETS);
    [UserArg::Out(count as u32), UserArg::Int(count as i32)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(fd: i32, is_open: bool, events: i16) -> PollEntry {
        PollEntry { fd, is_open, events, revents: 0x55 }
    }

    fn done(name: CallName, ret: i32, out: &[&[u8]]) -> Completion {
        Completion { task: crate::include::sched::TaskId(0), name, ret, out: out.iter().map(|o| o.to_vec()).collect() }
    }

    #[test]
    fn a_list_of_poll_is_three_sets_of_select() {
        let mut list = [entry(9, true, POLLIN | POLLOUT), entry(-1, false, POLLIN), entry(10, true, POLLPRI)];
        let call = poll(&mut list, 1500);
        let set = |octet: u8| {
            let mut set = vec![0_u8; SET];
            set[1] = octet;
            UserArg::InOut(set)
        };
        assert_eq!(call.args[..4], [UserArg::Int(256), set(2), set(2), set(4)]);
        let timeout = [1_i32.to_le_bytes(), 500_000_i32.to_le_bytes()].concat();
        assert_eq!(call.args[4], UserArg::InOut(timeout));
        let [mut ready, empty] = [vec![0_u8; SET], vec![0_u8; SET]];
        ready[1] = 2;
        assert_eq!(polled(&mut list, &done(CallName::Select, 1, &[&ready, &empty, &empty])), 1);
        assert_eq!(list.map(|entry| entry.revents), [POLLIN, 0, 0]);
        assert_eq!(polled(&mut list, &done(CallName::Select, -4, &[])), -4);
    }

    #[test]
    fn a_number_that_is_not_open_is_reported_and_nobody_waits() {
        let mut list = [entry(9, false, POLLIN), entry(300, true, POLLIN), entry(4, true, POLLIN)];
        let call = poll(&mut list, -1);
        assert_eq!(call.args[4], UserArg::InOut(vec![0; 8]));
        assert_eq!(polled(&mut list, &done(CallName::Select, 0, &[&[0; SET], &[0; SET], &[0; SET]])), 2);
        assert_eq!(list.map(|entry| entry.revents), [POLLNVAL, POLLNVAL, 0]);
        let call = poll(&mut [entry(4, true, POLLIN)], -1);
        assert_eq!(call.args[4], UserArg::Null, "a negative timeout waits for ever");
    }

    #[test]
    fn vectors_and_messages_are_one_call() {
        let call = writev(4, &[b"he", b"", b"llo"]);
        assert_eq!(
            call,
            UserCall::new(CallName::Write, vec![UserArg::Int(4), UserArg::In(b"hello".to_vec()), UserArg::Int(5)])
        );
        assert_eq!(sendmsg(4, &[b"x"], 1, None).name, CallName::Send);
        let call = sendmsg(4, &[b"x"], 1, Some(&[2, 0, 0, 7]));
        assert_eq!((call.name, call.args.len()), (CallName::Sendto, 6));
        assert_eq!(call.args[4..], [UserArg::In(vec![2, 0, 0, 7]), UserArg::Int(4)]);
        assert_eq!(readv(4, &[3, 3]).args[1..], [UserArg::Out(6), UserArg::Int(6)]);
        assert_eq!(readv(4, &[usize::MAX, 1]).args[2], UserArg::Int(MOST_OCTETS as i32));
        assert_eq!(recvmsg(4, &[3], 2, None).args[4..], [UserArg::Null, UserArg::Null]);
        assert_eq!(recvmsg(4, &[3], 2, Some(16)).args[4], UserArg::Out(16));
    }

    #[test]
    fn what_was_read_is_shared_out_in_order() {
        assert_eq!(scatter(b"hello", &[3, 3, 3]), [&b"hel"[..], b"lo", b""]);
        // UDP returns the length of the datagram, however little room there was.
        let read = done(CallName::Recvfrom, 9, &[b"hel", &[2, 0], &16_u32.to_le_bytes()]);
        assert_eq!(taken(&read), b"hel");
        assert_eq!(sender(&read), Some((&[2, 0][..], 16)));
        assert_eq!(sender(&done(CallName::Recvfrom, 3, &[b"hel"])), None);
        assert_eq!(taken(&done(CallName::Recvfrom, -11, &[b"hel"])), b"");
    }
}
