//! The sentence of a step, in both languages: what a person reads beside the code while walking.
//!
//! Notes are written at the branches themselves, in English; their Chinese stands in `caption/chinese`, keyed by the
//! English text, and a test finds every note that has none.

use crate::kernel::Kernel;
use crate::kernel::probe::{Arg, Args, Event, KFn, QueueOperation, TimerRole};
use crate::view::queue::list_name;
use crate::view::sock::prot_name;
use crate::wire::FrameSummary;
use crate::words::Words;

pub mod chinese;

fn words(en: impl Into<String>, zh: impl Into<String>) -> Words<String> {
    Words::new(en.into(), zh.into())
}

/// An argument or return value as text; names of devices come from the kernel.
#[must_use]
pub fn argument(k: &Kernel, argument: Arg) -> String {
    match argument {
        Arg::Unit => String::new(),
        Arg::Int(number) => number.to_string(),
        Arg::Unsigned(number) | Arg::More(number) => number.to_string(),
        Arg::Bool(flag) => u8::from(flag).to_string(),
        Arg::Sock(number) => format!("sk#{number}"),
        Arg::Skb(number) => format!("skb@{number}"),
        Arg::Socket(number) => format!("socket#{number}"),
        Arg::Object(number) => format!("#{number}"),
        Arg::Dev(dev) => k.dev.get(usize::from(dev)).map_or_else(|| format!("dev{dev}"), |device| device.name.clone()),
        Arg::Address(address) => address.to_string(),
        Arg::Seq(seq) => seq.0.to_string(),
        Arg::State(state) => format!("TCP_{}", state.name()),
        Arg::Reason(reason) => reason.name().to_owned(),
        Arg::Proto(prot) => prot_name(prot).to_owned(),
        Arg::Tcp(source, dest) => format!("{source}>{dest}"),
        Arg::Bytes(length) => format!("[{length}]"),
        Arg::Timer(role, owner) => timer(role, owner),
        Arg::Word(word) => word.text().to_owned(),
        Arg::Null => "NULL".to_owned(),
        Arg::Errno(errno) => format!("-{errno:?}"),
        Arg::Sleep => "(asleep)".to_owned(),
    }
}

/// A timer as text: the function that runs when it fires, and its owner.
fn timer(role: TimerRole, owner: u32) -> String {
    let function = role.function();
    match role {
        TimerRole::Sock | TimerRole::Retransmit | TimerRole::Partial => format!("{function}(sk#{owner})"),
        TimerRole::ArpEntry | TimerRole::IpExpire | TimerRole::Igmp => format!("{function}(#{owner})"),
        TimerRole::ArpCheck => function.to_owned(),
    }
}

/// The arguments of an entry, each with its name and as text.
pub fn arguments<'a>(
    k: &'a Kernel,
    function: &KFn,
    args: &'a Args,
) -> impl Iterator<Item = (&'static str, Arg, String)> + use<'a> {
    function.arguments.iter().zip(args.iter()).filter_map(|(name, entries)| {
        let first = *entries.first()?;
        let text = match entries {
            [Arg::Tcp(source, dest), Arg::More(seq), Arg::More(ack)] => {
                format!("{source}>{dest} seq {seq} ack {ack}")
            }
            _ => argument(k, first),
        };
        Some((*name, first, text))
    })
}

/// A call as text: `tcp_rcv(delivery=skb@3)`.
#[must_use]
pub fn call(k: &Kernel, function: &KFn, args: &Args) -> String {
    let args: Vec<String> = arguments(k, function, args).map(|(name, _, text)| format!("{name}={text}")).collect();
    format!("{}({})", function.name, args.join(", "))
}

/// The sentence of an event.
#[must_use]
pub fn caption(k: &Kernel, event: &Event) -> Words<String> {
    match event {
        Event::Enter { function, .. } => {
            let zh = chinese::of(function.summary).unwrap_or(function.summary);
            words(function.summary, zh)
        }
        Event::Exit { function, value } => exit(k, function, *value),
        Event::Note { text, .. } => words(sentence(text), chinese::of(text).unwrap_or(text)),
        Event::Discard { reason, .. } => {
            words(format!("Thrown away: {}", reason.words().en), format!("丢弃：{}", reason.words().zh))
        }
        _ => {
            happening(k, event).or_else(|| record(event)).or_else(|| mechanism(event)).unwrap_or_else(|| words("", ""))
        }
    }
}

/// A note begins small, because it stands inside a line of code; as a sentence it begins with a capital.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().collect::<String>()).unwrap_or_default();
    let identifier = text.split(' ').next().is_some_and(|word| word.contains('_') || word.contains('('));
    if identifier { text.to_owned() } else { first + letters.as_str() }
}

fn exit(k: &Kernel, function: &KFn, value: Arg) -> Words<String> {
    let shown = argument(k, value);
    match value {
        Arg::Unit => words(format!("{} returns.", function.name), format!("{} 返回。", function.name)),
        Arg::Sleep => words(
            format!("The process sleeps inside {}; its frames wait for the wake-up.", function.name),
            format!("进程在 {} 中睡眠，它的栈帧等待被唤醒。", function.name),
        ),
        _ => words(format!("{} returns {shown}.", function.name), format!("{} 返回 {shown}。", function.name)),
    }
}

/// Events at the border of the machine: frames, system calls, its end.
fn happening(k: &Kernel, event: &Event) -> Option<Words<String>> {
    let device = |dev: u8| argument(k, Arg::Dev(dev));
    Some(match event {
        Event::FrameIn { dev, bytes } => {
            let summary = FrameSummary::of(bytes);
            words(
                format!("A frame arrives on {}: {summary}.", device(dev.0)),
                format!("帧到达 {}：{}。", device(dev.0), summary.words().zh),
            )
        }
        Event::FrameOut { dev, bytes } => {
            let summary = FrameSummary::of(bytes);
            words(
                format!("A frame leaves on {}: {summary}.", device(dev.0)),
                format!("帧从 {} 发出：{}。", device(dev.0), summary.words().zh),
            )
        }
        Event::LoFrame { bytes } => {
            let summary = FrameSummary::of(bytes);
            words(format!("The loopback takes {summary}."), format!("环回设备接收 {}。", summary.words().zh))
        }
        Event::NicFiltered { .. } => {
            words("The card ignores the frame: it is for another station.", "网卡忽略该帧：它是发给别的站点的。")
        }
        Event::SyscallEnter { name, .. } => words(
            format!("The process calls {}(): registers are loaded, int 0x80.", name.name()),
            format!("进程调用 {}()：装载寄存器，执行 int 0x80。", name.name()),
        ),
        Event::SyscallExit { name, ret, .. } => words(
            format!("{}() returns {ret} to the process.", name.name()),
            format!("{}() 向进程返回 {ret}。", name.name()),
        ),
        Event::Crash => {
            let story = k.oops.as_ref().map_or("", |oops| oops.story.as_str());
            words(format!("Kernel Oops: {story}."), format!("内核 Oops：{story}。"))
        }
        _ => return None,
    })
}

/// Events that change a record that a person sees: socks, their states, timers and queues.
fn record(event: &Event) -> Option<Words<String>> {
    Some(match event {
        Event::NewSock { sk, parent: Some(parent) } => words(
            format!("sk#{} is born as a copy of the listener sk#{}.", sk.serial(), parent.serial()),
            format!("sk#{} 作为监听者 sk#{} 的副本诞生。", sk.serial(), parent.serial()),
        ),
        Event::NewSock { sk, parent: None } => {
            words(format!("A new sock: sk#{}.", sk.serial()), format!("新的 sock：sk#{}。", sk.serial()))
        }
        Event::State { sk, old, new } => words(
            format!("sk#{}: {} → {}.", sk.serial(), old.name(), new.name()),
            format!("sk#{}：{} → {}。", sk.serial(), old.name(), new.name()),
        ),
        Event::TimerSet { sk, why, delay, .. } => words(
            format!("sk#{}: {} in {delay} jiffies.", sk.serial(), why.name()),
            format!("sk#{}：{} 定时 {delay} 个 jiffies。", sk.serial(), why.name()),
        ),
        Event::AddTimer { function, delay } => words(
            format!("{function} is due in {delay} jiffies."),
            format!("{function} 将在 {delay} 个 jiffies 后到期。"),
        ),
        Event::TimerFire { function, .. } => {
            words(format!("A timer fires: {function}."), format!("定时器到期：{function}。"))
        }
        Event::Enqueue { sk, list, operation, len, .. } => {
            let (en, zh) = match operation {
                QueueOperation::Head => ("at the head", "插入队首"),
                QueueOperation::Tail => ("at the tail", "加到队尾"),
                QueueOperation::Append => ("behind another", "接在另一个之后"),
            };
            let list = list_name(*list);
            words(
                format!("{list} of sk#{} takes a buffer {en}: {len} now.", sk.serial()),
                format!("sk#{} 的 {list} 收入一个缓冲区（{zh}），现有 {len} 个。", sk.serial()),
            )
        }
        Event::Dequeue { sk, list, len, .. } => words(
            format!("{} of sk#{} gives a buffer: {len} left.", list_name(*list), sk.serial()),
            format!("sk#{} 的 {} 取出一个缓冲区，剩 {len} 个。", sk.serial(), list_name(*list)),
        ),
        _ => return None,
    })
}

/// Events of the machinery: processes, interrupts, locks.
fn mechanism(event: &Event) -> Option<Words<String>> {
    Some(match event {
        Event::Sleep { .. } => words("The process goes to sleep.", "进程进入睡眠。"),
        Event::WakeUp { .. } => words("A sleeping process becomes runnable.", "睡眠的进程变为可运行。"),
        Event::Signal { signal, .. } => words(format!("Signal {signal} is sent."), format!("发送信号 {signal}。")),
        Event::IrqEnter { timer: true, .. } => words("The clock interrupts.", "时钟中断。"),
        Event::IrqEnter { timer: false, .. } => words("The network card interrupts.", "网卡中断。"),
        Event::IrqExit { .. } => words("The interrupt handler ends.", "中断处理结束。"),
        Event::BhEnter { .. } => words("The marked bottom halves run.", "运行被标记的下半部。"),
        Event::BhExit { .. } => words("The bottom halves are done.", "下半部运行完毕。"),
        Event::Inuse { sk, new: true, function, .. } => words(
            format!("{function} takes sk#{}: inuse 1.", sk.serial()),
            format!("{function} 占用 sk#{}：inuse 为 1。", sk.serial()),
        ),
        Event::Inuse { sk, new: false, function, .. } => words(
            format!("{function} lets go of sk#{}: inuse 0.", sk.serial()),
            format!("{function} 释放 sk#{}：inuse 为 0。", sk.serial()),
        ),
        Event::ReplayEnter { .. } => {
            words("release_sock replays a segment from back_log.", "release_sock 重放 back_log 中的一个报文段。")
        }
        Event::ReplayExit { .. } => words("The replay ends.", "重放结束。"),
        Event::Printk { text } => words(format!("The kernel logs: {text}"), format!("内核日志：{text}")),
        Event::IrqUnused { .. } => {
            words("A planned interrupt never found its place.", "计划中的中断没有遇到它的位置。")
        }
        _ => return None,
    })
}
