//! The sentence of a step, in both languages: what a person reads beside the code while walking.
//!
//! Notes are written at the branches themselves, in English; their Chinese stands in `caption/chinese`, keyed by the
//! English text, and a test finds every note that has none.

use crate::kernel::Kernel;
use crate::kernel::probe::{Arg, Args, Event, KFn, QueueOperation};
use crate::view::queue::list_name;
use crate::view::sock::prot_name;
use crate::wire::FrameSummary;

pub mod chinese;

/// A sentence in two languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caption {
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
}

impl Caption {
    fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { en: en.into(), zh: zh.into() }
    }
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
        Arg::Word(word) => word.text().to_owned(),
        Arg::Null => "NULL".to_owned(),
        Arg::Errno(errno) => format!("-{errno:?}"),
        Arg::Sleep => "(asleep)".to_owned(),
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
pub fn caption(k: &Kernel, event: &Event) -> Caption {
    match event {
        Event::Enter { function, .. } => {
            let zh = chinese::of(function.summary).unwrap_or(function.summary);
            Caption::new(function.summary, zh)
        }
        Event::Exit { function, value } => exit(k, function, *value),
        Event::Note { text, .. } => Caption::new(sentence(text), chinese::of(text).unwrap_or(text)),
        Event::Discard { reason, .. } => {
            Caption::new(format!("Thrown away: {}", reason.english()), format!("丢弃：{}", reason.chinese()))
        }
        _ => happening(k, event)
            .or_else(|| record(event))
            .or_else(|| mechanism(event))
            .unwrap_or_else(|| Caption::new("", "")),
    }
}

/// A note begins small, because it stands inside a line of code; as a sentence it begins with a capital.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().collect::<String>()).unwrap_or_default();
    let identifier = text.split(' ').next().is_some_and(|word| word.contains('_') || word.contains('('));
    if identifier { text.to_owned() } else { first + letters.as_str() }
}

fn exit(k: &Kernel, function: &KFn, value: Arg) -> Caption {
    let shown = argument(k, value);
    match value {
        Arg::Unit => Caption::new(format!("{} returns.", function.name), format!("{} 返回。", function.name)),
        Arg::Sleep => Caption::new(
            format!("The process sleeps inside {}; its frames wait for the wake-up.", function.name),
            format!("进程在 {} 中睡眠，它的栈帧等待被唤醒。", function.name),
        ),
        _ => Caption::new(format!("{} returns {shown}.", function.name), format!("{} 返回 {shown}。", function.name)),
    }
}

/// Events at the border of the machine: frames, system calls, its end.
fn happening(k: &Kernel, event: &Event) -> Option<Caption> {
    let device = |dev: u8| argument(k, Arg::Dev(dev));
    Some(match event {
        Event::FrameIn { dev, bytes } => {
            let summary = FrameSummary::of(bytes);
            Caption::new(
                format!("A frame arrives on {}: {summary}.", device(dev.0)),
                format!("帧到达 {}：{}。", device(dev.0), summary.zh()),
            )
        }
        Event::FrameOut { dev, bytes } => {
            let summary = FrameSummary::of(bytes);
            Caption::new(
                format!("A frame leaves on {}: {summary}.", device(dev.0)),
                format!("帧从 {} 发出：{}。", device(dev.0), summary.zh()),
            )
        }
        Event::LoFrame { bytes } => {
            let summary = FrameSummary::of(bytes);
            Caption::new(format!("The loopback takes {summary}."), format!("环回设备接收 {}。", summary.zh()))
        }
        Event::NicFiltered { .. } => {
            Caption::new("The card ignores the frame: it is for another station.", "网卡忽略该帧：它是发给别的站点的。")
        }
        Event::SyscallEnter { name, .. } => Caption::new(
            format!("The process calls {}(): registers are loaded, int 0x80.", name.name()),
            format!("进程调用 {}()：装载寄存器，执行 int 0x80。", name.name()),
        ),
        Event::SyscallExit { name, ret, .. } => Caption::new(
            format!("{}() returns {ret} to the process.", name.name()),
            format!("{}() 向进程返回 {ret}。", name.name()),
        ),
        Event::Crash => {
            let story = k.oops.as_ref().map_or("", |oops| oops.story.as_str());
            Caption::new(format!("Kernel Oops: {story}."), format!("内核 Oops：{story}。"))
        }
        _ => return None,
    })
}

/// Events that change a record that a person sees: socks, their states, timers and queues.
fn record(event: &Event) -> Option<Caption> {
    Some(match event {
        Event::NewSock { sk, parent: Some(parent) } => Caption::new(
            format!("sk#{} is born as a copy of the listener sk#{}.", sk.serial(), parent.serial()),
            format!("sk#{} 作为监听者 sk#{} 的副本诞生。", sk.serial(), parent.serial()),
        ),
        Event::NewSock { sk, parent: None } => {
            Caption::new(format!("A new sock: sk#{}.", sk.serial()), format!("新的 sock：sk#{}。", sk.serial()))
        }
        Event::State { sk, old, new } => Caption::new(
            format!("sk#{}: {} → {}.", sk.serial(), old.name(), new.name()),
            format!("sk#{}：{} → {}。", sk.serial(), old.name(), new.name()),
        ),
        Event::TimerSet { sk, why, delay, .. } => Caption::new(
            format!("sk#{}: {} in {delay} jiffies.", sk.serial(), why.name()),
            format!("sk#{}：{} 定时 {delay} 个 jiffies。", sk.serial(), why.name()),
        ),
        Event::AddTimer { function, delay } => Caption::new(
            format!("{function} is due in {delay} jiffies."),
            format!("{function} 将在 {delay} 个 jiffies 后到期。"),
        ),
        Event::TimerFire { function, .. } => {
            Caption::new(format!("A timer fires: {function}."), format!("定时器到期：{function}。"))
        }
        Event::Enqueue { sk, list, operation, len, .. } => {
            let (en, zh) = match operation {
                QueueOperation::Head => ("at the head", "插入队首"),
                QueueOperation::Tail => ("at the tail", "加到队尾"),
                QueueOperation::Append => ("behind another", "接在另一个之后"),
            };
            let list = list_name(*list);
            Caption::new(
                format!("{list} of sk#{} takes a buffer {en}: {len} now.", sk.serial()),
                format!("sk#{} 的 {list} 收入一个缓冲区（{zh}），现有 {len} 个。", sk.serial()),
            )
        }
        Event::Dequeue { sk, list, len, .. } => Caption::new(
            format!("{} of sk#{} gives a buffer: {len} left.", list_name(*list), sk.serial()),
            format!("sk#{} 的 {} 取出一个缓冲区，剩 {len} 个。", sk.serial(), list_name(*list)),
        ),
        _ => return None,
    })
}

/// Events of the machinery: processes, interrupts, locks.
fn mechanism(event: &Event) -> Option<Caption> {
    Some(match event {
        Event::Sleep { .. } => Caption::new("The process goes to sleep.", "进程进入睡眠。"),
        Event::WakeUp { .. } => Caption::new("A sleeping process becomes runnable.", "睡眠的进程变为可运行。"),
        Event::Signal { signal, .. } => {
            Caption::new(format!("Signal {signal} is sent."), format!("发送信号 {signal}。"))
        }
        Event::IrqEnter { timer: true, .. } => Caption::new("The clock interrupts.", "时钟中断。"),
        Event::IrqEnter { timer: false, .. } => Caption::new("The network card interrupts.", "网卡中断。"),
        Event::IrqExit { .. } => Caption::new("The interrupt handler ends.", "中断处理结束。"),
        Event::BhEnter { .. } => Caption::new("The marked bottom halves run.", "运行被标记的下半部。"),
        Event::BhExit { .. } => Caption::new("The bottom halves are done.", "下半部运行完毕。"),
        Event::Inuse { sk, new: true, function, .. } => Caption::new(
            format!("{function} takes sk#{}: inuse 1.", sk.serial()),
            format!("{function} 占用 sk#{}：inuse 为 1。", sk.serial()),
        ),
        Event::Inuse { sk, new: false, function, .. } => Caption::new(
            format!("{function} lets go of sk#{}: inuse 0.", sk.serial()),
            format!("{function} 释放 sk#{}：inuse 为 0。", sk.serial()),
        ),
        Event::ReplayEnter { .. } => {
            Caption::new("release_sock replays a segment from back_log.", "release_sock 重放 back_log 中的一个报文段。")
        }
        Event::ReplayExit { .. } => Caption::new("The replay ends.", "重放结束。"),
        Event::Printk { text } => Caption::new(format!("The kernel logs: {text}"), format!("内核日志：{text}")),
        Event::IrqUnused { .. } => {
            Caption::new("A planned interrupt never found its place.", "计划中的中断没有遇到它的位置。")
        }
        _ => return None,
    })
}
