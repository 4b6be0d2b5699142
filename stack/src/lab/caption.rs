//! The sentence of a step, in both languages: what a person reads beside the code while walking.
//!
//! House rule: subject, verb, full stop, at most [`WIDTH`] cells. A sentence names who: the process by its pid, a sock
//! with its host (`B/sk#2`, as the Sock pane calls it), the frame, the arguments. Notes are written at the branches
//! themselves, in English; their Chinese stands in `caption/chinese`, keyed by the English text. `tests/captions.rs` says
//! every sentence of every scene in both languages and finds those that break the rule.

use core::fmt;

use crate::include::arena::Id;
use crate::include::sched::TaskId;
use crate::kernel::call::CallName;
use crate::kernel::probe::{Arg, Args, Discard, Event, KFn, TimerRole};
use crate::kernel::{Kernel, KernelOops};
use crate::view::sock::{name as sock_name, prot_name};
use crate::words::{Words, cells};

pub mod chinese;
mod happening;
mod user_call;

/// Cells that a sentence may fill: one line of the code pane on a screen of 100 columns.
pub const WIDTH: usize = 90;

/// An argument or return value as text; names of devices come from the kernel, a sock is named with its `host`.
#[must_use]
pub fn argument(k: &Kernel, host: &str, argument: Arg) -> String {
    Written { k, host, entries: &[argument] }.to_string()
}

/// The entries of one argument as text, for whoever has a place to write it to: a run has a million of them.
#[derive(Clone, Copy)]
pub struct Written<'a> {
    /// The kernel that names the devices.
    pub k: &'a Kernel,
    /// The host that names the socks.
    pub host: &'a str,
    /// The argument, and what belongs to it.
    pub entries: &'a [Arg],
}

impl fmt::Display for Written<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { k, host, entries } = *self;
        match *entries {
            [] => Ok(()),
            [Arg::Tcp(source, dest), Arg::More(seq), Arg::More(ack)] => {
                write!(f, "{source}>{dest} seq {seq} ack {ack}")
            }
            [argument, ..] => match argument {
                Arg::Unit => Ok(()),
                Arg::Int(number) => write!(f, "{number}"),
                Arg::Unsigned(number) | Arg::More(number) => write!(f, "{number}"),
                Arg::Bool(flag) => write!(f, "{}", u8::from(flag)),
                Arg::Sock(number) => f.write_str(&sock_name(host, number)),
                Arg::Skb(number) => write!(f, "skb@{number}"),
                Arg::Socket(number) => write!(f, "socket#{number}"),
                Arg::Object(number) => write!(f, "#{number}"),
                Arg::Dev(dev) => match k.dev.get(usize::from(dev)) {
                    Some(device) => f.write_str(&device.name),
                    None => write!(f, "dev{dev}"),
                },
                Arg::Address(address) => write!(f, "{address}"),
                Arg::Seq(seq) => write!(f, "{}", seq.0),
                Arg::State(state) => write!(f, "TCP_{}", state.name()),
                Arg::Reason(reason) => f.write_str(reason.name()),
                Arg::Proto(prot) => f.write_str(prot_name(prot)),
                Arg::Tcp(source, dest) => write!(f, "{source}>{dest}"),
                Arg::Bytes(length) => write!(f, "[{length}]"),
                Arg::Timer(role, owner) => f.write_str(&timer(host, role, owner)),
                Arg::Word(word) => f.write_str(word.text()),
                Arg::Null => f.write_str("NULL"),
                Arg::Errno(errno) => write!(f, "-{errno:?}"),
                Arg::Sleep => f.write_str("(asleep)"),
            },
        }
    }
}

/// The arguments of a system call that a process is in, in the order of C: the word that carries each (None where it is not
/// mapped), and what it means, as a person would write it.
#[must_use]
pub fn words_of_call(k: &Kernel, host: &str, task: TaskId, call: CallName) -> Vec<(Option<u32>, String)> {
    user_call::words_of_call(Place { k, host }, task, call)
}

/// A timer as text: the function that runs when it fires, and its owner.
fn timer(host: &str, role: TimerRole, owner: u32) -> String {
    let function = role.function();
    match role {
        TimerRole::Sock | TimerRole::Retransmit | TimerRole::Partial => {
            format!("{function}({})", sock_name(host, owner))
        }
        TimerRole::ArpEntry | TimerRole::IpExpire | TimerRole::Igmp => format!("{function}(#{owner})"),
        TimerRole::ArpCheck | TimerRole::Loopback => function.to_owned(),
    }
}

/// The arguments of an entry, each with its name and as text.
pub fn arguments<'a>(
    k: &'a Kernel,
    host: &'a str,
    function: &KFn,
    args: &'a Args,
) -> impl Iterator<Item = (&'static str, Arg, String)> + use<'a> {
    named(function, args)
        .filter_map(move |(name, entries)| Some((name, *entries.first()?, Written { k, host, entries }.to_string())))
}

/// The arguments of an entry, each with its name and its entries: at least one.
pub fn named<'a>(function: &KFn, args: &'a Args) -> impl Iterator<Item = (&'static str, &'a [Arg])> + use<'a> {
    function.arguments.iter().copied().zip(args.iter()).filter(|(_, entries)| !entries.is_empty())
}

/// A call as text: `tcp_rcv(delivery=skb@3)`.
#[must_use]
pub fn call(k: &Kernel, host: &str, function: &KFn, args: &Args) -> String {
    let args: Vec<String> =
        arguments(k, host, function, args).map(|(name, _, text)| format!("{name}={text}")).collect();
    format!("{}({})", function.name, args.join(", "))
}

/// The sentence of an event on the host of that name; the kernel is the host's at that moment. Empty for an event that is
/// no step.
#[must_use]
pub fn caption(k: &Kernel, host: &str, event: &Event) -> Words<String> {
    let place = Place { k, host };
    match event {
        Event::Enter { function, .. } => told(function.summary),
        Event::Exit { function, value } => place.exit(function, *value),
        Event::Note { text, .. } => told(text),
        Event::Discard { reason, skb, .. } => place.freed(*reason, skb.map(Id::serial)),
        _ => place
            .at_the_border(event)
            .or_else(|| place.of_a_sock(event))
            .or_else(|| place.of_a_process(event))
            .or_else(|| place.of_an_interrupt(event))
            .unwrap_or_default(),
    }
}

/// The host that a sentence speaks of.
#[derive(Clone, Copy)]
struct Place<'a> {
    k: &'a Kernel,
    host: &'a str,
}

impl Place<'_> {
    fn exit(self, function: &KFn, value: Arg) -> Words<String> {
        let name = function.name;
        match value {
            Arg::Unit => words(format!("{name} returns."), format!("{name} 返回。")),
            Arg::Sleep => match self.k.current {
                Some(task) => {
                    let pid = self.pid(task);
                    words(
                        format!("pid {pid} sleeps inside {name}; its frame waits for the wake-up."),
                        format!("进程 {pid} 在 {name} 中睡眠，它的栈帧等待被唤醒。"),
                    )
                }
                None => words(
                    format!("{name} sleeps; its frame waits for the wake-up."),
                    format!("{name} 睡眠，它的栈帧等待被唤醒。"),
                ),
            },
            _ => {
                let shown = argument(self.k, self.host, value);
                words(format!("{name} returns {shown}."), format!("{name} 返回 {shown}。"))
            }
        }
    }

    /// A buffer is let go: thrown away, or freed because it has done its work.
    fn freed(self, reason: Discard, skb: Option<u32>) -> Words<String> {
        let why = reason.words();
        let en = lower(why.en);
        let zh = why.zh;
        let (buffer, chinese) = skb.map_or(("The packet".to_owned(), "包".to_owned()), |number| {
            let name = format!("skb@{number}");
            (name.clone(), format!("{name} "))
        });
        if reason.is_loss() {
            words(format!("{buffer} is thrown away: {en}"), format!("{chinese}被丢弃：{zh}"))
        } else {
            words(format!("{buffer} is freed: {en}"), format!("{chinese}被释放：{zh}"))
        }
    }
}

/// What would have happened where a kernel dies, as a person reads it.
#[must_use]
pub fn story(oops: &KernelOops) -> Words<String> {
    let zh = chinese::of(&oops.story).unwrap_or(&oops.story);
    words(oops.story.clone(), zh)
}

fn words(en: impl Into<String>, zh: impl Into<String>) -> Words<String> {
    Words::new(en.into(), zh.into())
}

/// A summary or note as a sentence in both languages.
fn told(text: &str) -> Words<String> {
    let zh = chinese::of(text).unwrap_or(text);
    words(stopped(sentence(text), "."), stopped(zh.to_owned(), "。"))
}

/// The text with the full stop that a note leaves out.
fn stopped(mut text: String, stop: &str) -> String {
    if !text.ends_with(stop) {
        text.push_str(stop);
    }
    text
}

/// A note begins small, because it stands inside a line of code; as a sentence it begins with a capital.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().collect::<String>()).unwrap_or_default();
    let identifier = text.split(' ').next().is_some_and(|word| word.contains('_') || word.contains('('));
    if identifier { text.to_owned() } else { first + letters.as_str() }
}

/// A sentence that goes on behind a colon: the capital of its first word falls, unless it is an abbreviation.
fn lower(text: &str) -> String {
    let word = text.split(' ').next().unwrap_or("");
    if word.len() > 1 && word.chars().skip(1).any(char::is_uppercase) {
        return text.to_owned();
    }
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_lowercase().collect::<String>()).unwrap_or_default();
    first + letters.as_str()
}

/// The sentence that `make` makes of a list; what does not fit on the line is left out behind the last entry that does.
fn fitted(list: &str, between: &str, make: impl Fn(&str) -> String) -> String {
    let mut sentence = make(list);
    let mut kept = list;
    while cells(&sentence) > WIDTH {
        kept = match kept.rsplit_once(between) {
            Some((shorter, _)) => shorter,
            None => return make("..."),
        };
        sentence = make(&format!("{kept}{between}..."));
    }
    sentence
}
