//! select(2) (fs/select.c): one question to every descriptor, one place on every queue, one sleep.
//!
//! Promise: the process is on the queues before it asks, so that nothing that becomes ready in between is missed.

use kfn::kfn;

use crate::include::errno::{Errno, KResult, Stop, fail};
use crate::include::sched::{Registers, SavedFrame, TaskState};
use crate::include::seq::{HZ, Jiffies};
use crate::include::socket::SocketId;
use crate::kernel::Kernel;
use crate::kernel::sched::leave_wait_queues;
use crate::kernel::sched::schedule;
use crate::kernel::user::{get_fs_long, put_fs_long, verify_area};
use crate::net::socket::{file_of, sock_select};
use crate::note;

/// Ready to be read.
pub const SEL_IN: u8 = 1;
/// Ready to be written.
pub const SEL_OUT: u8 = 2;
/// Something exceptional.
pub const SEL_EX: u8 = 4;
/// Octets of a set in user memory.
const SET_SIZE: u32 = 32;
/// Descriptors a set can name.
const SET_LIMIT: u32 = 256;
/// Microseconds per tick.
const MICROSECONDS: u32 = 1_000_000 / HZ;

/// A set of descriptors.
pub type FdSet = [u32; 8];

/// The arguments of select.
#[derive(Clone, Copy)]
struct Question {
    /// Descriptors below this number are looked at.
    n: u32,
    /// Addresses of the three sets: in, out, ex; 0 = not given.
    sets: [u32; 3],
    /// Address of the timeval; 0 = wait for ever.
    tv: u32,
}

/// Waits until one of several descriptors is ready, or a time is over.
///
/// fs/select.c:sys_select. EBX is the address of the five arguments. Kept: the rest of the time is written back, also
/// after an error (select/read_timeout).
#[kfn("fs/select.c")]
pub fn sys_select(k: &mut Kernel, regs: Registers) -> KResult<i32> {
    let question = read_question(k, regs.ebx)?;
    let mut asked = [FdSet::default(); 3];
    for (set, address) in asked.iter_mut().zip(question.sets) {
        *set = read_set(k, question.n, address)?;
    }
    if !k.resuming() {
        set_timeout(k, question.tv)?;
    }
    let mut ready = [FdSet::default(); 3];
    let result = do_select(k, question.n, &asked, &mut ready);
    if let Err(Stop::Sleep) = result {
        return result;
    }
    write_time_left(k, question.tv);
    let count = result?;
    if count == 0 && k.signal_pending() {
        note!(k, "a signal ended the wait: the sets stay as they were");
        return fail(Errno::ERESTARTNOHAND);
    }
    for (set, address) in ready.iter().zip(question.sets) {
        write_set(k, question.n, address, set);
    }
    Ok(count)
}

fn read_question(k: &Kernel, block: u32) -> KResult<Question> {
    verify_area(k, block, 20)?;
    let word = |index: u32| get_fs_long(k, block.wrapping_add(4 * index));
    if (word(0) as i32) < 0 {
        return fail(Errno::EINVAL);
    }
    Ok(Question { n: word(0).min(SET_LIMIT), sets: [word(1), word(2), word(3)], tv: word(4) })
}

/// Words of a set that matter for `n` descriptors.
fn words(n: u32) -> usize {
    n.div_ceil(32) as usize
}

fn read_set(k: &Kernel, n: u32, address: u32) -> KResult<FdSet> {
    let mut set = FdSet::default();
    if address != 0 {
        verify_area(k, address, SET_SIZE)?;
        for (index, word) in set.iter_mut().enumerate().take(words(n)) {
            *word = get_fs_long(k, address.wrapping_add(4 * index as u32));
        }
    }
    Ok(set)
}

fn write_set(k: &mut Kernel, n: u32, address: u32, set: &FdSet) {
    if address == 0 {
        return;
    }
    for (index, word) in set.iter().enumerate().take(words(n)) {
        put_fs_long(k, *word, address.wrapping_add(4 * index as u32));
    }
}

/// `current->timeout`: the tick behind the time asked for; 0 polls, and no time at all waits for ever.
fn set_timeout(k: &mut Kernel, tv: u32) -> KResult<()> {
    let mut timeout = u32::MAX;
    if tv != 0 {
        verify_area(k, tv, 8)?;
        let (seconds, microseconds) = (get_fs_long(k, tv), get_fs_long(k, tv.wrapping_add(4)));
        timeout = microseconds.div_ceil(MICROSECONDS).wrapping_add(seconds.wrapping_mul(HZ));
        if timeout != 0 {
            timeout = timeout.wrapping_add(k.jiffies.0).wrapping_add(1);
        }
    }
    k.current_mut().timeout = Jiffies(timeout);
    Ok(())
}

/// Writes back what is left of the time.
fn write_time_left(k: &mut Kernel, tv: u32) {
    let timeout = std::mem::take(&mut k.current_mut().timeout);
    let left = timeout.0.wrapping_sub(k.jiffies.0).wrapping_sub(1) as i32;
    let left = left.max(0) as u32;
    if tv != 0 {
        put_fs_long(k, left / HZ, tv);
        put_fs_long(k, left % HZ * MICROSECONDS, tv.wrapping_add(4));
    }
}

fn has(set: &FdSet, fd: u32) -> bool {
    set.get(fd as usize / 32).is_some_and(|word| word & (1 << (fd % 32)) != 0)
}

fn add(set: &mut FdSet, fd: u32) {
    if let Some(word) = set.get_mut(fd as usize / 32) {
        *word |= 1 << (fd % 32);
    }
}

/// Asks every descriptor in rounds, and sleeps between them.
///
/// fs/select.c:do_select. Only the first round, and only until something is ready, puts the process on queues.
///
/// Kept: the time is rounded up to whole ticks, and a timer of N ticks fires on tick N+1: 500 ms last 510
/// (select/read_timeout).
#[kfn("fs/select.c", skip(asked, ready))]
pub fn do_select(k: &mut Kernel, n: u32, asked: &[FdSet; 3], ready: &mut [FdSet; 3]) -> KResult<i32> {
    let woken = k.take_frame(|frame| matches!(frame, SavedFrame::DoSelect { .. })).is_some();
    let sockets = named_sockets(k, n, asked)?;
    let mut register = !woken;
    loop {
        k.current_mut().state = TaskState::Interruptible;
        let count = do_select_round(k, &sockets, asked, ready, register);
        register = false;
        if count != 0 || k.current().timeout == Jiffies(0) || k.signal_pending() {
            leave_wait_queues(k);
            k.current_mut().state = TaskState::Running;
            return Ok(count);
        }
        note!(k, "no descriptor is ready: the process sleeps on all the queues at once");
        let registered = k.current().waiting.clone();
        schedule(k, SavedFrame::DoSelect { registered })?;
    }
}

/// The sockets behind the descriptors that any set names; EBADF if one of them is not open. The console is none.
fn named_sockets(k: &Kernel, n: u32, asked: &[FdSet; 3]) -> KResult<Vec<(u32, Option<SocketId>)>> {
    let mut sockets = Vec::new();
    for fd in (0..n).filter(|fd| asked.iter().any(|set| has(set, *fd))) {
        let file = file_of(k, fd as i32)?;
        sockets.push((fd, k.files[file].f_inode));
    }
    Ok(sockets)
}

/// One round: descriptors in ascending order, each for reading, writing and exceptions.
fn do_select_round(
    k: &mut Kernel,
    sockets: &[(u32, Option<SocketId>)],
    asked: &[FdSet; 3],
    ready: &mut [FdSet; 3],
    register: bool,
) -> i32 {
    let mut count = 0;
    for (fd, inode) in sockets {
        for ((wanted, result), kind) in asked.iter().zip(ready.iter_mut()).zip([SEL_IN, SEL_OUT, SEL_EX]) {
            if has(wanted, *fd) && check(k, *inode, kind, register && count == 0) {
                add(result, *fd);
                count += 1;
            }
        }
    }
    count
}

/// Asks a descriptor, and again once its queue is joined: the answer may have changed.
///
/// fs/select.c:check. A file that cannot be asked is ready for reading and writing.
#[kfn("fs/select.c")]
pub fn check(k: &mut Kernel, inode: Option<SocketId>, flag: u8, wait: bool) -> bool {
    let Some(inode) = inode else { return flag != SEL_EX };
    sock_select(k, inode, flag, wait) || (wait && sock_select(k, inode, flag, false))
}
