//! What can be asked. Promise: a question is plain data that names things as the panes do; whether what it names exists is
//! found out by asking.

use crate::include::in_addr::InAddr;
use crate::kernel::probe::{Arg, TimerRole};
use crate::lab::journal::HostId;
use crate::lab::run::Run;
use crate::view::sock::{SockField, name};
use crate::words::Words;

use super::answer::say;

/// A timer: what it calls, and the serial number of its owner (of the sock, or of the ARP entry).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimerKey {
    /// What it does.
    pub role: TimerRole,
    /// Whose it is; none = of anybody.
    pub owner: Option<u32>,
}

impl TimerKey {
    /// The timer that calls a function.
    #[must_use]
    pub fn of(function: &str, owner: Option<u32>) -> Option<Self> {
        let role = TimerRole::ALL.into_iter().find(|role| role.function() == function)?;
        Some(Self { role, owner })
    }

    /// Whether an argument is this timer.
    pub(super) fn is(self, arg: Arg) -> bool {
        matches!(arg, Arg::Timer(role, owner) if role == self.role && self.owner.is_none_or(|wanted| wanted == owner))
    }

    /// Its sock, if it is one's.
    pub(super) fn sock(self) -> Option<u32> {
        let owner = self.owner?;
        Arg::Timer(self.role, owner).sock()
    }

    /// Its name: the function, and whose it is.
    pub(super) fn name(self, host: &str) -> String {
        match self.sock() {
            Some(sk) => format!("{}({})", self.role.function(), name(host, sk)),
            None => self.role.function().to_owned(),
        }
    }
}

/// A question about a run, asked at some moment of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Why did a field of a sock get its value?
    Field {
        /// Host.
        host: HostId,
        /// Number of the sock.
        sk: u32,
        /// Which field.
        field: SockField,
    },
    /// Why is a sock in its state?
    State {
        /// Host.
        host: HostId,
        /// Number of the sock.
        sk: u32,
    },
    /// Why did the present step happen?
    Step,
    /// Why did a frame leave? By its number, from 1.
    FrameLeft(usize),
    /// Why was a frame thrown away?
    FrameDropped(usize),
    /// Why did a frame never arrive?
    FrameNotArrived(usize),
    /// Why was a frame not answered?
    FrameNotAnswered(usize),
    /// Why did a process wake?
    Woke {
        /// Host.
        host: HostId,
        /// Process id.
        pid: i32,
    },
    /// Why does a process still sleep?
    StillSleeps {
        /// Host.
        host: HostId,
        /// Process id.
        pid: i32,
    },
    /// Why does accept() on a listener return nothing?
    AcceptsNothing {
        /// Host.
        host: HostId,
        /// Number of the listener.
        sk: u32,
    },
    /// Why is a segment on back_log, and not on receive_queue?
    OnBackLog {
        /// Host.
        host: HostId,
        /// Number of the sock.
        sk: u32,
    },
    /// Why did a timer fire?
    Fired {
        /// Host.
        host: HostId,
        /// Which.
        timer: TimerKey,
    },
    /// Why did a timer not fire?
    NotFired {
        /// Host.
        host: HostId,
        /// Which.
        timer: TimerKey,
    },
    /// Why did asking for an address by ARP bring nothing?
    ArpNothing {
        /// Host.
        host: HostId,
        /// The address asked for.
        address: InAddr,
    },
}

impl Question {
    /// The question in words.
    #[must_use]
    pub fn words(&self, run: &Run) -> Words<String> {
        let host = |host: &HostId| run.head().hosts.get(*host).map_or("?", |host| host.name.as_str()).to_owned();
        match self {
            Self::Field { host: at, sk, field } => {
                let what = format!("{}.{}", name(&host(at), *sk), field.name);
                say(format!("Why has {what} its value?"), format!("{what} 为什么是这个值？"))
            }
            Self::State { host: at, sk } => {
                let sk = name(&host(at), *sk);
                say(format!("Why is {sk} in its state?"), format!("{sk} 为什么处于这个状态？"))
            }
            Self::Step => say("Why did this step happen?", "这一步为什么发生？"),
            Self::FrameLeft(number) => {
                say(format!("Why did frame {number} leave?"), format!("第 {number} 帧为什么发出？"))
            }
            Self::FrameDropped(number) => {
                say(format!("Why was frame {number} dropped?"), format!("第 {number} 帧为什么被丢弃？"))
            }
            Self::FrameNotArrived(number) => {
                say(format!("Why did frame {number} never arrive?"), format!("第 {number} 帧为什么没有到达？"))
            }
            Self::FrameNotAnswered(number) => {
                say(format!("Why was frame {number} not answered?"), format!("第 {number} 帧为什么没有得到应答？"))
            }
            Self::Woke { host: at, pid } => {
                let host = host(at);
                say(format!("Why did pid {pid} on {host} wake?"), format!("{host} 上的进程 {pid} 为什么醒来？"))
            }
            Self::StillSleeps { host: at, pid } => {
                let host = host(at);
                say(
                    format!("Why does pid {pid} on {host} still sleep?"),
                    format!("{host} 上的进程 {pid} 为什么还在睡眠？"),
                )
            }
            Self::AcceptsNothing { host: at, sk } => {
                let sk = name(&host(at), *sk);
                say(
                    format!("Why does accept() on {sk} return nothing?"),
                    format!("{sk} 上的 accept() 为什么没有返回？"),
                )
            }
            Self::OnBackLog { host: at, sk } => {
                let sk = name(&host(at), *sk);
                say(
                    format!("Why is a segment on back_log of {sk} and not on receive_queue?"),
                    format!("报文段为什么在 {sk} 的 back_log 而不在 receive_queue 上？"),
                )
            }
            Self::Fired { host: at, timer } => {
                let timer = timer.name(&host(at));
                say(format!("Why did {timer} fire?"), format!("{timer} 为什么到期？"))
            }
            Self::NotFired { host: at, timer } => {
                let timer = timer.name(&host(at));
                say(format!("Why has {timer} not fired?"), format!("{timer} 为什么没有到期？"))
            }
            Self::ArpNothing { host: at, address } => {
                let host = host(at);
                say(
                    format!("Why did asking for {address} bring {host} nothing?"),
                    format!("{host} 询问 {address} 为什么没有结果？"),
                )
            }
        }
    }
}
