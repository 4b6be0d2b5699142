//! Tasks that sleep as values (kernel/sched.c: schedule, wake_up, sleep_on).
//!
//! A process gives up the processor by returning `Stop::Sleep` all the way up, as `schedule()` would have left its frames
//! on the kernel stack; what has to survive is kept as a [`SavedFrame`]. When it is woken, the call is entered again from the
//! trap, and the place that slept takes its frame back and goes on behind the sleep. Functions on the way that have
//! effects of their own ask `resuming` first.

use kfn::kfn;

use super::Kernel;
use super::irq::{cli, irq_window, restore_flags, save_flags, sti, take_held};
use super::probe::Event;
use crate::include::errno::{KResult, Stop};
use crate::include::sched::{Point, SavedFrame, Task, TaskId, TaskState, WaitQueue, WaitQueueId};
use crate::include::seq::Jiffies;

impl Kernel {
    /// The running process; the idle task if none runs.
    #[must_use]
    pub fn current(&self) -> &Task {
        let index = self.current.map_or(0, |task| task.0 as usize);
        self.tasks.get(index).unwrap_or(&self.tasks[0])
    }

    /// The running process, to be changed.
    pub fn current_mut(&mut self) -> &mut Task {
        let index = self.current.map_or(0, |task| task.0 as usize).min(self.tasks.len() - 1);
        &mut self.tasks[index]
    }

    /// Whether the running call was woken and is on its way back to where it slept.
    #[must_use]
    pub fn resuming(&self) -> bool {
        !self.current().frames.is_empty()
    }

    /// Takes the outermost frame back if it is the one `wanted` says.
    pub fn take_frame(&mut self, wanted: impl FnOnce(&SavedFrame) -> bool) -> Option<SavedFrame> {
        let frames = &mut self.current_mut().frames;
        if frames.last().is_some_and(wanted) { frames.pop() } else { None }
    }

    /// Keeps a frame of a function above the one that sleeps: called while `Stop::Sleep` travels up.
    pub fn keep_frame(&mut self, frame: SavedFrame) {
        self.current_mut().frames.push(frame);
    }

    /// `current->signal & ~current->blocked`.
    #[must_use]
    pub fn signal_pending(&self) -> bool {
        let task = self.current();
        task.signal & !task.blocked != 0
    }

    /// suser(): the process is the superuser's.
    #[must_use]
    pub fn suser(&self) -> bool {
        self.current().euid == 0
    }

    /// A wait queue; None when the inode that it belongs to is gone.
    #[must_use]
    #[inline]
    pub fn wait_queue(&self, queue: WaitQueueId) -> Option<&WaitQueue> {
        match queue {
            WaitQueueId::Inode(socket) => self.sockets.get(socket).map(|socket| &socket.i_wait),
            WaitQueueId::MasterSelect => Some(&self.master_select),
        }
    }

    /// Likewise, to be changed.
    #[inline]
    fn wait_queue_mut(&mut self, queue: WaitQueueId) -> Option<&mut WaitQueue> {
        match queue {
            WaitQueueId::Inode(socket) => self.sockets.get_mut(socket).map(|socket| &mut socket.i_wait),
            WaitQueueId::MasterSelect => Some(&mut self.master_select),
        }
    }

    /// The task with a process id.
    #[must_use]
    pub fn task_of_pid(&self, pid: i32) -> Option<TaskId> {
        self.tasks.iter().position(|task| task.pid == pid && pid != 0).map(|index| TaskId(index as u32))
    }
}

/// Puts the running process on a queue: the first waiter is the head, later ones come right behind it.
///
/// include/linux/sched.h:add_wait_queue.
#[track_caller]
pub fn add_wait_queue(k: &mut Kernel, queue: WaitQueueId) {
    let Some(task) = k.current else { return };
    let flags = save_flags(k);
    cli(k);
    match k.wait_queue_mut(queue) {
        Some(waiters) if waiters.is_empty() => waiters.push_back(task),
        Some(waiters) => waiters.insert(1, task),
        None => {}
    }
    k.current_mut().waiting.push(queue);
    restore_flags(k, flags, "add_wait_queue");
}

/// Takes the running process off a queue (include/linux/sched.h:remove_wait_queue).
#[track_caller]
pub fn remove_wait_queue(k: &mut Kernel, queue: WaitQueueId) {
    let Some(task) = k.current else { return };
    let flags = save_flags(k);
    cli(k);
    match k.wait_queue_mut(queue) {
        Some(waiters) if waiters.front() == Some(&task) => {
            waiters.pop_front();
        }
        Some(waiters) => {
            if let Some(place) = waiters.iter().position(|waiter| *waiter == task) {
                waiters.remove(place);
            }
        }
        None => {}
    }
    let waiting = &mut k.current_mut().waiting;
    if let Some(place) = waiting.iter().position(|known| *known == queue) {
        waiting.remove(place);
    }
    restore_flags(k, flags, "remove_wait_queue");
}

/// Gives up the processor unless something has woken the process since it set its state.
///
/// kernel/sched.c:schedule. On `Ok` the process goes on at once; otherwise `frame` is where it will. A time to sleep that
/// is over before the sleep has begun, as under clock interrupts inside the call, ends it here.
#[kfn("kernel/sched.c", skip(frame))]
pub fn schedule(k: &mut Kernel, frame: SavedFrame) -> KResult<()> {
    take_held(k, "schedule");
    irq_window(k, Point::Schedule, "schedule");
    if k.current().state == TaskState::Interruptible && (k.signal_pending() || timeout_has_come(k)) {
        k.current_mut().state = TaskState::Running;
    }
    if k.current().state == TaskState::Running {
        return Ok(());
    }
    switch_away(k, frame);
    Err(Stop::Sleep)
}

/// What the original's switch_to does: the state of the process is kept, and the processor is somebody else's.
#[track_caller]
fn switch_away(k: &mut Kernel, frame: SavedFrame) {
    let interrupts = k.interrupts;
    let task = k.current_mut();
    task.interrupts = interrupts;
    task.frames.clear();
    task.frames.push(frame);
    if let Some(task) = k.current {
        k.emit(|_| Event::Sleep { task });
    }
}

/// Sleeps on a queue until woken or a signal comes.
///
/// kernel/sched.c:interruptible_sleep_on. State and queue are set before interrupts are turned on, so no wake-up is lost.
/// The caller goes on behind the call both on `Ok` (woken before it slept) and when `frame` is taken back.
#[kfn("kernel/sched.c", skip(queue, frame))]
pub fn interruptible_sleep_on(k: &mut Kernel, queue: WaitQueueId, frame: SavedFrame) -> KResult<()> {
    k.current_mut().state = TaskState::Interruptible;
    add_wait_queue(k, queue);
    let flags = save_flags(k);
    sti(k, "__sleep_on");
    let slept = schedule(k, frame);
    k.current_mut().interrupts = flags;
    slept?;
    remove_wait_queue(k, queue);
    restore_flags(k, flags, "__sleep_on");
    Ok(())
}

/// Ends the sleep of the running process on every queue it stands on: the second half of interruptible_sleep_on, for a
/// caller that took its frame back.
pub fn leave_wait_queues(k: &mut Kernel) {
    for _ in 0..k.current().waiting.len() {
        if let Some(queue) = k.current().waiting.first().copied() {
            remove_wait_queue(k, queue);
        }
    }
}

/// Makes every sleeper of a queue runnable.
///
/// kernel/sched.c:wake_up_interruptible; None is a null pointer and wakes nobody.
#[kfn("kernel/sched.c", skip(queue))]
pub fn wake_up_interruptible(k: &mut Kernel, queue: Option<WaitQueueId>) {
    let Some(queue) = queue else { return };
    // From the head (the first that came) on, then the newest first: the order of the ring. Waking takes nobody off it.
    let Some(waiters) = k.wait_queue(queue) else { return };
    let waiting = waiters.len();
    let Some(head) = waiters.front().copied() else { return };
    wake_up_process(k, head);
    for place in 1..waiting {
        if let Some(task) = k.wait_queue(queue).and_then(|waiters| waiters.get(place)).copied() {
            wake_up_process(k, task);
        }
    }
}

#[track_caller]
fn wake_up_process(k: &mut Kernel, task: TaskId) {
    let Some(sleeper) = k.tasks.get_mut(task.0 as usize) else { return };
    if sleeper.state != TaskState::Interruptible {
        return;
    }
    sleeper.state = TaskState::Running;
    k.emit(|_| Event::WakeUp { task });
    if k.current != Some(task) {
        k.run_queue.push_back(task);
    }
}

/// Sends a signal to a process; an interruptible sleep ends.
///
/// kernel/exit.c:send_sig.
#[track_caller]
pub fn send_sig(k: &mut Kernel, signal: i32, task: TaskId) {
    k.emit(|_| Event::Signal { task, signal });
    let running = k.current == Some(task);
    let Some(target) = k.tasks.get_mut(task.0 as usize) else { return };
    if !(1..=32).contains(&signal) {
        return;
    }
    target.signal |= 1 << (signal - 1);
    if target.state == TaskState::Interruptible && !running {
        target.state = TaskState::Running;
        k.run_queue.push_back(task);
    }
}

/// Whether the time of the running process's sleep is over already; a time that has come is used up.
fn timeout_has_come(k: &mut Kernel) -> bool {
    let now = k.jiffies;
    let timeout = &mut k.current_mut().timeout;
    let due = *timeout != Jiffies(0) && !timeout.after(now);
    if due {
        *timeout = Jiffies(0);
    }
    due
}

/// Processes whose `timeout` has come become runnable, as schedule() does at the next opportunity.
pub fn expire_timeouts(k: &mut Kernel) {
    let now = k.jiffies;
    for index in 1..k.tasks.len() {
        let Some(task) = k.tasks.get_mut(index) else { continue };
        let due = task.timeout != Jiffies(0) && !task.timeout.after(now);
        if task.state == TaskState::Interruptible && due {
            task.timeout = Jiffies(0);
            task.state = TaskState::Running;
            k.run_queue.push_back(TaskId(index as u32));
        }
    }
}
