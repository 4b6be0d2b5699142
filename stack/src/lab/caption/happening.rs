//! The sentences of what happens beside calls and branches: frames, system calls, socks, processes, interrupts. What an
//! event changes is told with the names of those it concerns.

use super::user_call;
use super::{Place, argument, fitted, story, words};
use crate::include::sched::{TaskId, WaitQueueId};
use crate::include::skbuff::ListId;
use crate::include::sock::SockId;
use crate::include::tcp::TcpState;
use crate::kernel::probe::{Arg, Event, QueueOperation};
use crate::lab::script::errno;
use crate::view::queue::list_name;
use crate::view::sock::name;
use crate::wire::FrameSummary;
use crate::words::Words;

impl Place<'_> {
    pub(super) fn pid(self, task: TaskId) -> i32 {
        self.k.tasks.get(task.0 as usize).map_or(0, |task| task.pid)
    }

    fn sock(self, sk: SockId) -> String {
        name(self.host, sk.serial())
    }

    fn device(self, dev: u8) -> String {
        format!("{}/{}", self.host, argument(self.k, self.host, Arg::Dev(dev)))
    }

    /// The call that a process makes and the sock it waits for there, as `accept() on B/sk#2`.
    fn waiting(self, task: TaskId) -> Option<Words<String>> {
        let task = self.k.tasks.get(task.0 as usize)?;
        let call = task.call?.name();
        let on = task.waiting.iter().find_map(|queue| match queue {
            WaitQueueId::Inode(socket) => self.k.sockets.get(*socket)?.data,
            WaitQueueId::MasterSelect => None,
        });
        Some(match on.filter(|_| task.waiting.len() == 1) {
            Some(sk) => {
                let sk = self.sock(sk);
                words(format!("{call}() on {sk}"), format!("{sk} 上的 {call}()"))
            }
            None => words(format!("{call}()"), format!("{call}()")),
        })
    }

    /// Events at the border of the machine: frames, system calls, its end.
    pub(super) fn at_the_border(self, event: &Event) -> Option<Words<String>> {
        let frame = |dev: u8, bytes: &[u8], en: &str, zh: &str| {
            let (device, summary) = (self.device(dev), FrameSummary::of(bytes).words());
            words(
                fitted(&summary.en, " ", |what| format!("{device} {en} {what}.")),
                fitted(&summary.zh, " ", |what| format!("{device} {zh} {what}。")),
            )
        };
        Some(match event {
            Event::FrameIn { dev, bytes } => frame(dev.0, bytes, "receives", "收到"),
            Event::FrameOut { dev, bytes } => frame(dev.0, bytes, "sends", "发出"),
            Event::LoFrame { bytes } => frame(0, bytes, "carries", "传送"),
            Event::NicFiltered { dev } => {
                let device = self.device(dev.0);
                words(
                    format!("{device} ignores the frame: it is for another station."),
                    format!("{device} 忽略该帧：它是发给别的站点的。"),
                )
            }
            Event::SyscallEnter { task, name, args } => user_call::entered(self, *task, *name, args),
            Event::SyscallExit { task, name, ret, .. } => {
                let (pid, name) = (self.pid(*task), name.name());
                let value = match *ret {
                    failed @ -4095..=-1 => format!("{failed} ({})", errno::describe(-failed).0),
                    value => value.to_string(),
                };
                words(
                    format!("{name}() returns {value} to pid {pid}."),
                    format!("{name}() 向进程 {pid} 返回 {value}。"),
                )
            }
            Event::Crash => {
                let story = self.k.oops.as_ref().map_or_else(Words::default, story);
                words(
                    fitted(&story.en, " ", |story| format!("The kernel dies of an Oops: {story}.")),
                    fitted(&story.zh, "，", |story| format!("内核因 Oops 而死：{story}。")),
                )
            }
            Event::Printk { text } => words(
                fitted(text, " ", |text| format!("The kernel logs \"{text}\".")),
                fitted(text, " ", |text| format!("内核写日志：“{text}”。")),
            ),
            _ => return None,
        })
    }

    /// Events that change a record that a person sees: socks, their states, timers, queues and locks.
    pub(super) fn of_a_sock(self, event: &Event) -> Option<Words<String>> {
        Some(match event {
            Event::NewSock { sk, parent: Some(parent) } => {
                let (sk, parent) = (self.sock(*sk), self.sock(*parent));
                words(
                    format!("{sk} begins as a copy of the listener {parent}."),
                    format!("{sk} 起初是监听者 {parent} 的副本。"),
                )
            }
            Event::NewSock { sk, parent: None } => {
                let sk = self.sock(*sk);
                words(format!("{sk} is allocated, without a state yet."), format!("分配 {sk}，它还没有状态。"))
            }
            Event::State { sk, old, new, .. } => self.state(*sk, *old, *new),
            Event::Enqueue { sk, list, operation, len, .. } => {
                let (en, zh) = match operation {
                    QueueOperation::Head => ("at the head", "在队首"),
                    QueueOperation::Tail => ("at the tail", "在队尾"),
                    QueueOperation::Append => ("behind another", "在另一个之后"),
                };
                let list = self.list(*sk, *list);
                words(
                    format!("{} takes a buffer {en} and holds {len}.", list.en),
                    format!("{}{zh}收入一个缓冲区，现有 {len} 个。", list.zh),
                )
            }
            Event::Dequeue { sk, list, len, .. } => {
                let list = self.list(*sk, *list);
                words(
                    format!("{} gives a buffer and keeps {len}.", list.en),
                    format!("{}取出一个缓冲区，还剩 {len} 个。", list.zh),
                )
            }
            Event::Inuse { sk, new, function, .. } => {
                let sk = self.sock(*sk);
                if *new {
                    words(format!("{function} takes {sk}: inuse is 1."), format!("{function} 占用 {sk}：inuse 为 1。"))
                } else {
                    words(
                        format!("{function} lets go of {sk}: inuse is 0."),
                        format!("{function} 放开 {sk}：inuse 为 0。"),
                    )
                }
            }
            Event::ReplayEnter { sk, .. } => {
                let sk = self.sock(*sk);
                words(
                    format!("release_sock replays a segment from back_log of {sk}."),
                    format!("release_sock 重放 {sk} 的 back_log 中的一个报文段。"),
                )
            }
            Event::ReplayExit { sk } => {
                let sk = self.sock(*sk);
                words(
                    format!("release_sock has replayed the segment for {sk}."),
                    format!("release_sock 为 {sk} 重放完这个报文段。"),
                )
            }
            _ => return self.of_a_timer(event),
        })
    }

    /// A queue with whose it is.
    fn list(self, sk: SockId, list: ListId) -> Words<String> {
        let (sk, list) = (self.sock(sk), list_name(list));
        words(format!("{list} of {sk}"), format!("{sk} 的 {list} "))
    }

    /// A stored state. A sock is born in a state: what its memory held before it was none of its own.
    fn state(self, sk: SockId, old: TcpState, new: TcpState) -> Words<String> {
        let (record, sk) = (self.k.sock.get(sk), self.sock(sk));
        let (from, to) = (old.name(), new.name());
        let parent =
            record.map(|record| record.parent).filter(|parent| *parent != 0).map(|parent| name(self.host, parent));
        match (old, new, parent) {
            (TcpState::None, _, _) => words(format!("{sk} is born in {to}."), format!("{sk} 诞生于 {to} 状态。")),
            (TcpState::Listen, TcpState::SynRecv, Some(parent)) => words(
                format!("{sk} is born in {to}, child of {parent}."),
                format!("{sk} 诞生于 {to} 状态，是 {parent} 的子 sock。"),
            ),
            (TcpState::Listen, TcpState::SynRecv, None) => {
                words(format!("{sk} is born in {to}."), format!("{sk} 诞生于 {to} 状态。"))
            }
            _ if old == new => words(format!("{sk} stays in {to}."), format!("{sk} 停留在 {to} 状态。")),
            _ => words(format!("{sk} goes from {from} to {to}."), format!("{sk} 从 {from} 变为 {to}。")),
        }
    }

    fn of_a_timer(self, event: &Event) -> Option<Words<String>> {
        let jiffies = |delay: u32| if delay == 1 { "jiffy" } else { "jiffies" };
        Some(match event {
            Event::TimerSet { sk, why, delay, .. } => {
                let (sk, why) = (self.sock(*sk), why.name());
                words(
                    format!("{why} of {sk} is due in {delay} {}.", jiffies(*delay)),
                    format!("{sk} 的 {why} 将在 {delay} 个 jiffy 后到期。"),
                )
            }
            Event::AddTimer { function, delay } => words(
                format!("{function} is due in {delay} {}.", jiffies(*delay)),
                format!("{function} 将在 {delay} 个 jiffy 后到期。"),
            ),
            Event::TimerFire { function, sk: Some(sk) } => {
                let sk = self.sock(*sk);
                words(format!("The timer {function} of {sk} fires."), format!("{sk} 的定时器 {function} 到期。"))
            }
            Event::TimerFire { function, sk: None } => {
                words(format!("The timer {function} fires."), format!("定时器 {function} 到期。"))
            }
            _ => return None,
        })
    }

    /// Events of the scheduler.
    pub(super) fn of_a_process(self, event: &Event) -> Option<Words<String>> {
        Some(match event {
            Event::Sleep { task } => {
                let pid = self.pid(*task);
                match self.waiting(*task) {
                    Some(call) => words(
                        format!("pid {pid} sleeps in {}.", call.en),
                        format!("进程 {pid} 在 {} 中睡眠。", call.zh),
                    ),
                    None => words(format!("pid {pid} sleeps."), format!("进程 {pid} 睡眠。")),
                }
            }
            Event::WakeUp { task } => {
                let pid = self.pid(*task);
                match self.waiting(*task) {
                    Some(call) => words(
                        format!("pid {pid} in {} becomes runnable.", call.en),
                        format!("在 {} 中的进程 {pid} 变为可运行。", call.zh),
                    ),
                    None => words(format!("pid {pid} becomes runnable."), format!("进程 {pid} 变为可运行。")),
                }
            }
            Event::Signal { task, signal } => {
                let pid = self.pid(*task);
                words(format!("pid {pid} gets signal {signal}."), format!("进程 {pid} 收到信号 {signal}。"))
            }
            _ => return None,
        })
    }

    /// Events of interrupts and bottom halves.
    pub(super) fn of_an_interrupt(self, event: &Event) -> Option<Words<String>> {
        Some(match event {
            Event::IrqEnter { timer: true, function, .. } => {
                words(format!("The clock interrupts {function}."), format!("时钟中断 {function}。"))
            }
            Event::IrqEnter { timer: false, function, .. } => {
                words(format!("The network card interrupts {function}."), format!("网卡中断 {function}。"))
            }
            Event::IrqExit { .. } => words("The interrupt handler ends.", "中断处理结束。"),
            Event::BhEnter { .. } => words("The marked bottom halves run.", "运行被标记的下半部。"),
            Event::BhExit { .. } => words("The bottom halves are done.", "下半部运行完毕。"),
            Event::IrqUnused { .. } => {
                words("A planned interrupt never found its place.", "计划中的中断没有遇到它的位置。")
            }
            _ => return None,
        })
    }
}
