//! packetdrill's shared-library interface (`--so_filename`) over the 1.2.13 stack, with virtual time: a program that nobody
//! here wrote drives the stack and gives the verdict.
//!
//! The one exported symbol is `packetdrill_interface_init`; it fills a table of functions. All of packetdrill's time goes
//! through `usleep` and `gettimeofday`, so the clock is virtual. Besides `app/` this is the only place with `unsafe`, because
//! it speaks C: `border` has the functions that C calls, one row each, and `lent` the values that are made of its pointers;
//! `calls`, `wire` and `model` know no pointer. Where packetdrill's own words would mislead, `remark` says one line more.
//! What a script calls and 1.2.13 does not have (poll, readv, writev, recvmsg, sendmsg) is translated by
//! [`stack::lab::library`], as in a script of `run`. Descriptors handed out are real placeholders (`/dev/null`), because
//! packetdrill closes what a script left open with the real close(2). packetdrill runs on Linux; elsewhere
//! this library is empty.
#![cfg(target_os = "linux")]

use std::ffi::{c_char, c_int};
use std::fs::OpenOptions;
use std::os::fd::IntoRawFd;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::ThreadId;
use std::time::Duration;

use stack::include::sched::TaskId;
use stack::kernel::Completion;
use stack::kernel::call::{CallName, UserArg, UserCall};

mod border;
mod calls;
mod lent;
pub mod model;
mod remark;
pub mod table;
mod wire;

use model::Model;

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
        self.make(UserCall::new(name, args))
    }

    /// The same of a call that has been put together.
    pub fn make(&self, call: UserCall) -> Completion {
        self.is_punctual();
        let name = call.name;
        let mut model = self.model();
        let ticket = model.begin(call);
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
                    remark::say(&remark::deadlock(name, model.oops()));
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

    /// A placeholder for a descriptor of the kernel; -1 and errno where there is none to be had.
    pub fn hand_out(&self, descriptor: c_int) -> c_int {
        let Ok(null) = OpenOptions::new().read(true).write(true).open("/dev/null") else { return -1 };
        let placeholder = null.into_raw_fd();
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

/// packetdrill has pinned all memory of the process, present and future, for the sake of a real clock. Here the clock is
/// virtual, and an ordinary user's limit (`ulimit -l`) would end the run as soon as the stack has grown to it.
fn unpin_memory() {
    // SAFETY: the call takes nothing and touches no memory.
    unsafe { libc::munlockall() };
}

/// The entry that packetdrill looks up.
///
/// # Safety
/// `out` points at a `struct packetdrill_interface` of packetdrill, `so_flags` is a C string or null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn packetdrill_interface_init(so_flags: *const c_char, out: *mut table::Interface) {
    let _ = so_flags;
    unpin_memory();
    if !out.is_null() {
        // SAFETY: the caller promises a writable structure.
        unsafe { out.write(table::Interface::new(Box::into_raw(Box::<Judge>::default()).cast())) };
    }
}
