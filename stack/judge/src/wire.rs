//! packetdrill's side of the wire and its clock: packets in and out, time that passes, time that is asked for.

use std::ffi::{c_int, c_uint};

use crate::Judge;
use crate::lent::OutBuffer;
use crate::model::Departure;
use crate::remark;

/// A packet for the stack.
pub(crate) fn send(judge: &Judge, packet: &[u8]) -> c_int {
    let mut model = judge.model();
    model.arrive(packet);
    drop(judge.let_run(model));
    0
}

/// The next packet of the stack, its length and when it left (microseconds); an empty one when nothing will ever come, which
/// packetdrill reports as a failure of another kind, so the reason is said first.
pub(crate) fn receive(judge: &Judge, mut room: OutBuffer<'_>, count: &mut usize, time: &mut i64) -> c_int {
    let mut model = judge.model();
    let sent = loop {
        match model.depart() {
            Departure::Packet(sent) => break Some(sent),
            Departure::Never => {
                remark::say(&remark::silence(model.oops()));
                break None;
            }
            Departure::CallReturned => model = judge.let_run(model),
        }
    };
    let (at, packet) = sent.unwrap_or_default();
    room.fill(&packet);
    (*count, *time) = (packet.len().min(room.room()), at as i64);
    0
}

/// Time passes.
pub(crate) fn sleep(judge: &Judge, microseconds: c_uint) -> c_int {
    let mut model = judge.model();
    let until = model.clock().saturating_add(u64::from(microseconds));
    while !model.pass(until) {
        model = judge.let_run(model);
    }
    drop(judge.let_run(model));
    0
}

/// What time is it?
pub(crate) fn time_of_day(judge: &Judge, time: &mut libc::timeval) -> c_int {
    let now = judge.model().now();
    judge.is_punctual();
    time.tv_sec = (now / 1_000_000) as libc::time_t;
    time.tv_usec = (now % 1_000_000) as libc::suseconds_t;
    0
}
