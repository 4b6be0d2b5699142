//! packetdrill's shared-library interface (`--so_filename`) over the 1.2.13 stack, with virtual time: a program that nobody
//! here wrote drives the stack and gives the verdict.
//!
//! The one exported symbol is `packetdrill_interface_init`; it fills a table of functions. All of packetdrill's time goes
//! through `usleep` and `gettimeofday`, so the clock is virtual. Besides `app/` this is the only place with `unsafe`: it
//! speaks C. Descriptors handed out are real placeholders (`/dev/null`), because packetdrill closes what a script left
//! open with the real close(2). packetdrill runs on Linux; elsewhere this library is empty.
#![cfg(target_os = "linux")]

use std::ffi::{c_char, c_int, c_uint, c_ulong, c_void};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::ThreadId;
use std::time::Duration;

use stack::include::sched::TaskId;
use stack::kernel::Completion;
use stack::kernel::call::{CallName, UserArg, UserCall};

pub mod calls;
pub mod model;
pub mod table;

use model::{Departure, Model};

/// Everything behind the `userdata` pointer.
pub struct Judge {
    model: Mutex<Model>,
    returned: Condvar,
    descriptors: Mutex<Vec<(c_int, c_int)>>,
    /// The thread that has loaded the library: it alone moves the clock.
    main: ThreadId,
    /// Threads whose blocked call has returned and who have not looked at the clock since.
    unpunctual: Mutex<Vec<ThreadId>>,
}

impl Default for Judge {
    fn default() -> Self {
        Self {
            model: Mutex::new(Model::default()),
            returned: Condvar::new(),
            descriptors: Mutex::new(Vec::new()),
            main: std::thread::current().id(),
            unpunctual: Mutex::new(Vec::new()),
        }
    }
}

impl Judge {
    fn model(&self) -> MutexGuard<'_, Model> {
        self.model.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a call and waits, really asleep, until it returns: packetdrill makes blocking calls from a thread of their own
    /// and looks whether it sleeps. A call that blocks although the script does not say so is made by the thread that moves
    /// the clock: time passes meanwhile, and where that will never help the call fails with EDEADLK instead of hanging.
    pub fn call(&self, name: CallName, args: Vec<UserArg>) -> Completion {
        self.is_punctual();
        let mut model = self.model();
        let ticket = model.begin(UserCall::new(name, args));
        let (mut waited, mut end) = (false, None);
        loop {
            if let Some(done) = model.finished(ticket) {
                if waited {
                    self.unpunctual.lock().unwrap_or_else(PoisonError::into_inner).push(std::thread::current().id());
                }
                return done;
            }
            if std::thread::current().id() == self.main {
                let patience = *end.get_or_insert_with(|| model.patience());
                if !model.pass_to_event(patience) {
                    return Completion { task: TaskId::default(), name, ret: -libc::EDEADLK, out: Vec::new() };
                }
                self.returned.notify_all();
                continue;
            }
            waited = true;
            model = self.returned.wait(model).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The calling thread looks at the clock, or goes on without.
    fn is_punctual(&self) {
        let this = std::thread::current().id();
        self.unpunctual.lock().unwrap_or_else(PoisonError::into_inner).retain(|thread| *thread != this);
    }

    /// Lets a thread whose call has returned run before the clock moves on, until it has read the time at which it
    /// returned: packetdrill reads it first thing. One that does not is not waited for longer than a moment.
    fn let_run<'a>(&'a self, model: MutexGuard<'a, Model>) -> MutexGuard<'a, Model> {
        let mut model = model;
        for patience in (0..1000).rev() {
            let mut unpunctual = self.unpunctual.lock().unwrap_or_else(PoisonError::into_inner);
            if patience < 900 && !model.somebody_returned() {
                unpunctual.clear();
            }
            if !model.somebody_returned() && unpunctual.is_empty() {
                break;
            }
            drop(unpunctual);
            self.returned.notify_all();
            drop(model);
            std::thread::sleep(Duration::from_millis(1));
            model = self.model();
        }
        model
    }

    /// The kernel's descriptor behind a placeholder; a number that is none is passed on, and EBADF comes back.
    #[must_use]
    pub fn descriptor(&self, fd: c_int) -> c_int {
        let known = self.descriptors.lock().unwrap_or_else(PoisonError::into_inner);
        known.iter().find(|(placeholder, _)| *placeholder == fd).map_or(-1, |(_, real)| *real)
    }

    /// A placeholder for a descriptor of the kernel.
    pub fn hand_out(&self, descriptor: c_int) -> c_int {
        // SAFETY: the path is a C string; the result is checked by the caller as every descriptor is.
        let placeholder = unsafe { libc::open(c"/dev/null".as_ptr(), libc::O_RDWR) };
        if placeholder < 0 {
            return placeholder;
        }
        self.descriptors.lock().unwrap_or_else(PoisonError::into_inner).push((placeholder, descriptor));
        placeholder
    }

    /// Forgets a placeholder and closes it.
    pub fn take_back(&self, placeholder: c_int) {
        let mut known = self.descriptors.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = known.iter().position(|(known, _)| *known == placeholder) {
            known.remove(index);
            // SAFETY: the descriptor is one that `hand_out` opened and nobody else closes.
            unsafe { libc::close(placeholder) };
        }
    }
}

/// Sets the thread's errno and returns -1, as C does; a result that is not negative is returned as it is.
pub fn result(ret: i32) -> c_int {
    if ret >= 0 {
        return ret;
    }
    // SAFETY: the location is the calling thread's own errno.
    unsafe { *libc::__errno_location() = -ret };
    -1
}

/// The entry that packetdrill looks up.
///
/// # Safety
/// `out` points at a `struct packetdrill_interface` of packetdrill, `so_flags` is a C string or null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn packetdrill_interface_init(so_flags: *const c_char, out: *mut table::Interface) {
    let _ = so_flags;
    if !out.is_null() {
        // SAFETY: the caller promises a writable structure.
        unsafe { out.write(table::Interface::new(Box::into_raw(Box::<Judge>::default()).cast())) };
    }
}

/// The judge behind a `userdata` pointer.
///
/// # Safety
/// The pointer is the one `packetdrill_interface_init` has put into the table.
pub(crate) unsafe fn judge<'a>(userdata: *mut c_void) -> &'a Judge {
    // SAFETY: by the caller's promise; the judge lives until `free`.
    unsafe { &*userdata.cast::<Judge>() }
}

/// Ends a judge.
pub(crate) unsafe extern "C" fn free(userdata: *mut c_void) {
    if !userdata.is_null() {
        // SAFETY: the pointer came out of `Box::into_raw` and packetdrill calls this once.
        drop(unsafe { Box::from_raw(userdata.cast::<Judge>()) });
    }
}

/// A packet for the stack.
pub(crate) unsafe extern "C" fn netdev_send(userdata: *mut c_void, buffer: *const c_void, count: usize) -> c_int {
    // SAFETY: packetdrill passes its own table's pointer and a readable packet.
    let (judge, packet) = unsafe { (judge(userdata), calls::bytes(buffer, count)) };
    let mut model = judge.model();
    model.arrive(packet);
    drop(judge.let_run(model));
    0
}

/// The next packet of the stack; an empty one when nothing will ever come, which packetdrill reports as a failure.
pub(crate) unsafe extern "C" fn netdev_receive(
    userdata: *mut c_void,
    buffer: *mut c_void,
    count: *mut usize,
    time: *mut i64,
) -> c_int {
    // SAFETY: packetdrill passes its own table's pointer.
    let judge = unsafe { judge(userdata) };
    let mut model = judge.model();
    let sent = loop {
        match model.depart() {
            Departure::Packet(sent) => break Some(sent),
            Departure::Never => break None,
            Departure::CallReturned => model = judge.let_run(model),
        }
    };
    let (at, packet) = sent.unwrap_or_default();
    // SAFETY: `count` says how much room the buffer has; no more is written.
    unsafe {
        let length = packet.len().min(*count);
        std::ptr::copy_nonoverlapping(packet.as_ptr(), buffer.cast::<u8>(), length);
        *count = length;
        *time = at as i64;
    }
    0
}

/// Time passes.
pub(crate) unsafe extern "C" fn usleep(userdata: *mut c_void, microseconds: c_uint) -> c_int {
    // SAFETY: packetdrill passes its own table's pointer.
    let judge = unsafe { judge(userdata) };
    let mut model = judge.model();
    let until = model.clock().saturating_add(u64::from(microseconds));
    while !model.pass(until) {
        model = judge.let_run(model);
    }
    drop(judge.let_run(model));
    0
}

/// What time is it?
pub(crate) unsafe extern "C" fn gettimeofday(
    userdata: *mut c_void,
    tv: *mut libc::timeval,
    _zone: *mut c_void,
) -> c_int {
    // SAFETY: packetdrill passes its own table's pointer and a writable timeval.
    unsafe {
        let judge = judge(userdata);
        let now = judge.model().now();
        judge.is_punctual();
        (*tv).tv_sec = (now / 1_000_000) as libc::time_t;
        (*tv).tv_usec = (now % 1_000_000) as libc::suseconds_t;
    }
    0
}

/// Requests of ioctl that carry one integer back.
pub(crate) type Request = c_ulong;
