//! What C lends for the time of one call, as values that safe code can use: buffers to read and to fill, addresses with
//! their lengths, vectors, messages. Each is made once, at the border, from the pointers of a call; a null pointer becomes
//! "nothing lent", and nobody looks at a pointer again.
//!
//! Promise: what is behind a pointer is touched only as far as the caller has said it reaches.

use std::ffi::{c_int, c_ulong, c_void};
use std::mem::MaybeUninit;

use stack::kernel::Completion;
use stack::kernel::call::UserArg;
use stack::lab::library::MOST_OCTETS;

/// The number of a request of ioctl, as packetdrill's table passes it.
pub(crate) type Request = c_ulong;

/// Bytes to be read.
#[derive(Clone, Copy)]
pub(crate) struct InBuffer<'a> {
    bytes: Option<&'a [u8]>,
    /// As C passes it: a count beyond an int is a negative one.
    count: c_int,
}

impl<'a> InBuffer<'a> {
    /// # Safety
    /// The pointer is null or points at that many bytes that can be read until the call is over; where the count is
    /// negative as an int, nothing is read.
    pub(crate) unsafe fn new(pointer: *const c_void, count: usize) -> Self {
        let length = if i32::try_from(count).is_ok() { count } else { 0 };
        // SAFETY: not null, and by the caller's promise so many bytes can be read.
        let bytes = (!pointer.is_null()).then(|| unsafe { std::slice::from_raw_parts(pointer.cast(), length) });
        Self { bytes, count: count as c_int }
    }

    /// Nothing was lent.
    pub(crate) fn is_null(&self) -> bool {
        self.bytes.is_none()
    }

    /// The bytes; none for a null pointer.
    pub(crate) fn bytes(&self) -> &'a [u8] {
        self.bytes.unwrap_or(&[])
    }

    /// The bytes as an argument: null stays null.
    pub(crate) fn argument(&self) -> UserArg {
        self.bytes.map_or(UserArg::Null, |bytes| UserArg::In(bytes.to_vec()))
    }

    /// Bytes and count as two arguments: a count that is negative in C stays negative.
    pub(crate) fn arguments(&self) -> [UserArg; 2] {
        [self.argument(), UserArg::Int(self.count)]
    }
}

/// Room to be filled, which may hold anything before.
pub(crate) struct OutBuffer<'a> {
    room: Option<&'a mut [MaybeUninit<u8>]>,
    count: c_int,
}

impl<'a> OutBuffer<'a> {
    /// # Safety
    /// The pointer is null or points at room for that many bytes that nobody else uses until the call is over; where the
    /// count is negative as an int, nothing is written.
    pub(crate) unsafe fn new(pointer: *mut c_void, count: usize) -> Self {
        let length = if i32::try_from(count).is_ok() { count } else { 0 };
        // SAFETY: not null, and by the caller's promise so many bytes can be written; bytes that may be uninitialized are
        // never read.
        let room = (!pointer.is_null()).then(|| unsafe { std::slice::from_raw_parts_mut(pointer.cast(), length) });
        Self { room, count: count as c_int }
    }

    /// Bytes there is room for.
    pub(crate) fn room(&self) -> usize {
        self.room.as_ref().map_or(0, |room| room.len())
    }

    /// Nothing was lent.
    pub(crate) fn is_null(&self) -> bool {
        self.room.is_none()
    }

    /// Room and count as the two arguments of a call that reads: null stays null, and a count that is negative in C stays
    /// negative.
    pub(crate) fn arguments(&self) -> [UserArg; 2] {
        let count = self.count.min(MOST_OCTETS as c_int);
        let place = if self.is_null() { UserArg::Null } else { UserArg::Out(count.max(0).unsigned_abs()) };
        [place, UserArg::Int(count)]
    }

    /// Writes as much of `bytes` as there is room for.
    pub(crate) fn fill(&mut self, bytes: &[u8]) {
        for (place, byte) in self.room.iter_mut().flat_map(|room| room.iter_mut()).zip(bytes) {
            place.write(*byte);
        }
    }
}

/// The buffers of a vector to be gathered.
///
/// # Safety
/// The pointer is null or points at that many entries, each of them fit for [`InBuffer::new`].
pub(crate) unsafe fn in_vector<'a>(vector: *const libc::iovec, count: c_int) -> Vec<InBuffer<'a>> {
    // SAFETY: by the caller's promise.
    unsafe { entries(vector, count).iter().map(|entry| InBuffer::new(entry.iov_base, entry.iov_len)).collect() }
}

/// The buffers of a vector to be filled one after another.
///
/// # Safety
/// The pointer is null or points at that many entries, each of them fit for [`OutBuffer::new`].
pub(crate) unsafe fn out_vector<'a>(vector: *const libc::iovec, count: c_int) -> Vec<OutBuffer<'a>> {
    // SAFETY: by the caller's promise.
    unsafe { entries(vector, count).iter().map(|entry| OutBuffer::new(entry.iov_base, entry.iov_len)).collect() }
}

/// # Safety
/// The pointer is null or points at that many entries.
unsafe fn entries<'a>(vector: *const libc::iovec, count: c_int) -> &'a [libc::iovec] {
    if vector.is_null() {
        return &[];
    }
    // SAFETY: not null, and by the caller's promise so many entries can be read.
    unsafe { std::slice::from_raw_parts(vector, usize::try_from(count).unwrap_or(0)) }
}

/// Room with a length that the caller passes by reference: it says how much room there is, and gets how much is used.
pub(crate) struct SizedRoom<'a> {
    pub(crate) place: OutBuffer<'a>,
    /// None for a null pointer.
    pub(crate) length: Option<&'a mut libc::socklen_t>,
}

impl<'a> SizedRoom<'a> {
    /// # Safety
    /// `length` is null or the caller's own until the call is over, and `place` has as much room as it says.
    pub(crate) unsafe fn new(place: *mut c_void, length: *mut libc::socklen_t) -> Self {
        // SAFETY: null or the caller's own, by the caller's promise.
        let length = unsafe { length.as_mut() };
        let room = length.as_ref().map_or(0, |length| **length as usize);
        // SAFETY: as much room as the length says, by the caller's promise.
        Self { place: unsafe { OutBuffer::new(place, room) }, length }
    }

    /// The room as the caller says it; 0 where he passes no length.
    pub(crate) fn size(&self) -> libc::socklen_t {
        self.length.as_ref().map_or(0, |length| **length)
    }

    /// Whether an address is wanted: not where either pointer is null.
    pub(crate) fn is_wanted(&self) -> bool {
        !self.place.is_null() && self.length.is_some()
    }

    /// The two arguments for an address.
    pub(crate) fn address_arguments(&self) -> [UserArg; 2] {
        if !self.is_wanted() {
            return [UserArg::Null, UserArg::Null];
        }
        [UserArg::Out(self.size()), UserArg::InOut(self.size().to_le_bytes().to_vec())]
    }

    /// Takes the address that a call gives back, where one is wanted.
    pub(crate) fn fill_address(&mut self, done: &Completion, first: usize) {
        if !self.place.is_null() {
            self.fill(done, first);
        }
    }

    /// Takes what a call that succeeded gives back from its output number `first` on: the bytes, then their length.
    pub(crate) fn fill(&mut self, done: &Completion, first: usize) {
        let Some(length) = self.length.as_mut().filter(|_| done.ret >= 0) else { return };
        if let Some(bytes) = done.out.get(first) {
            self.place.fill(bytes);
        }
        if let Some(&[a, b, c, d]) = done.out.get(first + 1).map(Vec::as_slice) {
            **length = u32::from_le_bytes([a, b, c, d]);
        }
    }
}

/// A message to be sent.
pub(crate) struct InMessage<'a> {
    pub(crate) vector: Vec<InBuffer<'a>>,
    pub(crate) name: InBuffer<'a>,
}

impl InMessage<'_> {
    /// # Safety
    /// The message and what it points at can be read until the call is over.
    pub(crate) unsafe fn new(message: *const libc::msghdr) -> Self {
        // SAFETY: by the caller's promise, for the message itself, its vector and its name.
        unsafe {
            let message = &*message;
            Self {
                vector: in_vector(message.msg_iov, message.msg_iovlen as c_int),
                name: InBuffer::new(message.msg_name, message.msg_namelen as usize),
            }
        }
    }
}

/// A message to be received.
pub(crate) struct OutMessage<'a> {
    pub(crate) vector: Vec<OutBuffer<'a>>,
    pub(crate) name: SizedRoom<'a>,
    flags: &'a mut c_int,
    control_length: &'a mut usize,
}

impl OutMessage<'_> {
    /// # Safety
    /// The message is the caller's own until the call is over, and what it points at has the room that it says.
    pub(crate) unsafe fn new(message: *mut libc::msghdr) -> Self {
        // SAFETY: by the caller's promise, for the message itself, its vector and its name.
        unsafe {
            let message = &mut *message;
            Self {
                vector: out_vector(message.msg_iov, message.msg_iovlen as c_int),
                name: SizedRoom::new(message.msg_name, &raw mut message.msg_namelen),
                flags: &mut message.msg_flags,
                control_length: &mut message.msg_controllen,
            }
        }
    }

    /// packetdrill hands in what it expects and compares afterwards: flags and control data do not exist in 1.2.13, and
    /// where no address is wanted none has a length.
    pub(crate) fn clear_what_came_later(&mut self) {
        (*self.flags, *self.control_length) = (0, 0);
        if let Some(length) = self.name.length.as_mut().filter(|_| self.name.place.is_null()) {
            **length = 0;
        }
    }
}

/// The third argument of ioctl, for requests that carry an integer. With two arguments the third is whatever stood in the
/// register, so it is taken for a pointer only where the request wants one.
pub(crate) struct IntegerArgument<'a>(Option<(&'a mut c_int, Carried)>);

/// Which way the integer of a request goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Carried {
    In,
    Out,
}

const FIOSETOWN: Request = 0x8901;
const SIOCATMARK: Request = 0x8905;
const INTEGER_REQUESTS: [(Request, Carried); 8] = [
    (libc::TIOCOUTQ as Request, Carried::Out),
    (libc::FIONREAD as Request, Carried::Out),
    (libc::FIONBIO as Request, Carried::In),
    (FIOSETOWN, Carried::In),
    (FIOSETOWN + 1, Carried::In),
    (FIOSETOWN + 2, Carried::Out),
    (FIOSETOWN + 3, Carried::Out),
    (SIOCATMARK, Carried::Out),
];

impl IntegerArgument<'_> {
    /// # Safety
    /// Where the request carries an integer, the pointer is null or points at one that is the caller's own until the call
    /// is over.
    pub(crate) unsafe fn new(request: Request, argument: *mut c_int) -> Self {
        let carried = INTEGER_REQUESTS.iter().find(|(known, _)| *known == request).map(|(_, carried)| *carried);
        // SAFETY: the request carries an integer: null or the caller's own, by the caller's promise.
        Self(carried.and_then(|carried| Some((unsafe { argument.as_mut() }?, carried))))
    }

    pub(crate) fn argument(&self) -> UserArg {
        match &self.0 {
            Some((value, Carried::In)) => UserArg::InOut(value.to_le_bytes().to_vec()),
            Some((_, Carried::Out)) => UserArg::InOut(vec![0; 4]),
            None => UserArg::Null,
        }
    }

    /// Takes what a call that succeeded gives back.
    pub(crate) fn fill(&mut self, done: &Completion) {
        let given = done.out.first().and_then(|bytes| bytes.first_chunk::<4>());
        if let (Some((value, _)), Some(given)) = (&mut self.0, given.filter(|_| done.ret >= 0)) {
            **value = c_int::from_le_bytes(*given);
        }
    }
}

/// The entries of poll; none for a null pointer.
///
/// # Safety
/// The pointer is null or points at that many entries that are the caller's own until the call is over.
pub(crate) unsafe fn poll_entries<'a>(list: *mut libc::pollfd, count: libc::nfds_t) -> &'a mut [libc::pollfd] {
    if list.is_null() {
        return &mut [];
    }
    // SAFETY: not null, and by the caller's promise so many entries can be read and written.
    unsafe { std::slice::from_raw_parts_mut(list, count as usize) }
}
