//! What an answer is: a verdict, and the chain of moments that led to it. Promise: every sentence is there in both languages.

use crate::lab::journal::HostId;
use crate::lab::moment::Moment;
use crate::words::Words;

/// What kind of thing a link is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A value was stored, a state entered.
    Write,
    /// Functions that called one another.
    Calls,
    /// A frame left, arrived, or was lost.
    Frame,
    /// A packet was thrown away.
    Drop,
    /// A segment was put on a queue or replayed from one.
    Queue,
    /// A sock was taken or released.
    Lock,
    /// A process slept, woke or called.
    Process,
    /// A timer was armed, deleted or fired.
    Timer,
    /// The clock, the power switch, a person.
    Outside,
}

impl Kind {
    /// Its name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Write => "write",
            Self::Calls => "calls",
            Self::Frame => "frame",
            Self::Drop => "drop",
            Self::Queue => "queue",
            Self::Lock => "lock",
            Self::Process => "process",
            Self::Timer => "timer",
            Self::Outside => "outside",
        }
    }
}

/// What came from outside: where a chain ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// A frame arrived.
    Frame,
    /// A process made a system call.
    Call,
    /// A signal was sent to a process.
    Signal,
    /// The clock ticked.
    Tick,
    /// A person, or the scene, decided it.
    Act,
    /// The wire did it by chance, from its seed.
    Chance,
    /// The machine was switched on and configured, or the run begins here.
    PowerOn,
}

impl Input {
    /// Its name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Frame => "frame",
            Self::Call => "call",
            Self::Signal => "signal",
            Self::Tick => "tick",
            Self::Act => "act",
            Self::Chance => "chance",
            Self::PowerOn => "power-on",
        }
    }

    /// What it is, in a few words.
    #[must_use]
    pub fn words(self) -> Words {
        match self {
            Self::Frame => Words::new("a frame", "帧"),
            Self::Call => Words::new("a call", "系统调用"),
            Self::Signal => Words::new("a signal", "信号"),
            Self::Tick => Words::new("a clock tick", "时钟中断"),
            Self::Act => Words::new("a person's act", "人的操作"),
            Self::Chance => Words::new("chance", "随机"),
            Self::PowerOn => Words::new("power-on", "开机"),
        }
    }
}

/// One link of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The moment right after what it tells.
    pub moment: Moment,
    /// The host on which it happened; none where it happened to the world.
    pub host: Option<HostId>,
    /// What it is about.
    pub kind: Kind,
    /// One sentence.
    pub text: Words<String>,
    /// It came from outside.
    pub input: Option<Input>,
    /// The same more closely, in the order of time: folded until somebody asks.
    pub inner: Vec<Self>,
}

impl Link {
    /// A link without anything folded into it.
    pub(super) fn new(moment: Moment, host: Option<HostId>, kind: Kind, text: Words<String>) -> Self {
        Self { moment, host, kind, text, input: None, inner: Vec::new() }
    }

    /// The same, as an input.
    pub(super) fn ending(self, input: Input) -> Self {
        Self { input: Some(input), ..self }
    }

    /// The same with something folded into it.
    pub(super) fn with(self, inner: Vec<Self>) -> Self {
        Self { inner, ..self }
    }
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The question in words.
    pub question: Words<String>,
    /// The answer in one sentence.
    pub verdict: Words<String>,
    /// How it came about, the latest first; the last one is an input.
    pub links: Vec<Link>,
    /// What was looked at in vain; empty where the links say it all.
    pub looked_at: Vec<Words<String>>,
}

impl Answer {
    /// The input at which the chain ends.
    #[must_use]
    pub fn ends_at(&self) -> Option<Input> {
        self.links.last().and_then(|link| link.input)
    }
}

/// A sentence in both languages.
pub(super) fn say(en: impl Into<String>, zh: impl Into<String>) -> Words<String> {
    Words::new(en.into(), zh.into())
}
