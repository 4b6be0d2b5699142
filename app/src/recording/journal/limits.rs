//! How much a journal may ask for altogether. Each number of a line has its own limit (`value`); here is what they may come
//! to together, because a small file can ask for a world that no machine holds, or for centuries.
//!
//! Promise: what passes opens at once and costs at most some hundred megabytes; what does not is refused at the line that
//! goes too far, before anything is run. Frames are not counted here: their octets stand in the file itself, and each enters once.

use stack::include::sched::{Arrival, PlannedInterrupt};
use stack::include::seq::TICK;
use stack::init::Input;
use stack::kernel::call::{CallName, UserArg, UserCall};
use stack::lab::beginning::{Beginning, MOST_HOSTS};
use stack::lab::journal::Act;
use stack::words::Words;

/// The most cards of all hosts together.
pub const MOST_INTERFACES: usize = 64;
/// The most routes and ARP entries of all hosts together.
pub const MOST_ENTRIES: usize = 2_048;
/// The longest name of a host, in octets.
pub const LONGEST_HOST_NAME: usize = 64;
/// Microseconds that all hosts live together: two months. An idle host has a timer to serve every minute.
pub const LONGEST_LIFE: u64 = 62 * 24 * 3600 * 1_000_000;
/// The most acts that are no frames.
pub const MOST_ACTS: usize = 100_000;
/// The most calls that make a socket.
pub const MOST_SOCKETS: usize = 4_096;
/// The most octets that the arguments of one call point at.
pub const MOST_OCTETS_OF_A_CALL: u64 = 8 << 20;
/// The most octets of buffers that calls ask to be filled, of all calls together.
pub const MOST_OCTETS: u64 = 1 << 30;
/// The most interrupts that are planned inside calls, of all calls together; each is looked for at every place.
pub const MOST_PLANNED: usize = 10_000;
/// The most clock ticks that arrive inside calls, of all calls together (three hours): they are run one by one.
pub const MOST_PLANNED_TICKS: u64 = 1 << 20;
/// The longest first line, and the longest other one, in octets.
pub const LONGEST_LINES: (usize, usize) = (1 << 20, 20 << 20);

/// What a journal asks too much of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Excess {
    /// Hosts.
    Hosts,
    /// Cards of all hosts.
    Interfaces,
    /// Routes and ARP entries of all hosts.
    Entries,
    /// A host's name.
    Name,
    /// Time that passes, by the horizon, the moment of an act, or ticks.
    Time,
    /// Acts that are no frames.
    Acts,
    /// Sockets.
    Sockets,
    /// Octets that calls point at.
    Octets,
    /// Interrupts planned inside calls, and their ticks.
    Planned,
    /// The length of a line.
    Line,
}

impl Excess {
    /// What there may be at most, to stand behind "a recording may have at most".
    #[must_use]
    pub fn at_most(self) -> Words<String> {
        let days = LONGEST_LIFE / (24 * 3600 * 1_000_000);
        let (mebibytes, of_a_call, longest) = (MOST_OCTETS >> 20, MOST_OCTETS_OF_A_CALL >> 20, LONGEST_LINES.1 >> 20);
        let (en, zh) = match self {
            Self::Hosts => (format!("{MOST_HOSTS} hosts"), format!("{MOST_HOSTS} 台主机")),
            Self::Interfaces => (format!("{MOST_INTERFACES} interfaces"), format!("{MOST_INTERFACES} 个接口")),
            Self::Entries => {
                (format!("{MOST_ENTRIES} routes and ARP entries"), format!("{MOST_ENTRIES} 条路由和 ARP 表项"))
            }
            Self::Name => (
                format!("{LONGEST_HOST_NAME} octets in the name of a host"),
                format!("{LONGEST_HOST_NAME} 字节的主机名"),
            ),
            Self::Time => (
                format!("{days} days of virtual time, divided by the number of its hosts"),
                format!("{days} 天虚拟时间（各主机分摊）"),
            ),
            Self::Acts => (
                format!("{MOST_ACTS} calls and other acts beside its frames"),
                format!("{MOST_ACTS} 次调用及其他操作（帧除外）"),
            ),
            Self::Sockets => (format!("{MOST_SOCKETS} calls of socket()"), format!("{MOST_SOCKETS} 次 socket() 调用")),
            Self::Octets => (
                format!("{of_a_call} MiB of buffers in a call, {mebibytes} MiB in all calls"),
                format!("每次调用 {of_a_call} MiB、全部调用 {mebibytes} MiB 的缓冲区"),
            ),
            Self::Planned => (
                format!("{MOST_PLANNED} interrupts with {MOST_PLANNED_TICKS} ticks planned inside its calls"),
                format!("{MOST_PLANNED} 个安排在调用中的中断和 {MOST_PLANNED_TICKS} 个滴答"),
            ),
            Self::Line => (format!("{longest} MiB in a line"), format!("{longest} MiB 的一行")),
        };
        Words { en, zh }
    }
}

/// What a journal has asked for so far.
#[derive(Debug)]
pub(super) struct Budget {
    hosts: u64,
    acts: usize,
    sockets: usize,
    octets: u64,
    ticks: u64,
    planned: usize,
    planned_ticks: u64,
}

/// Nothing where `within` holds, else the excess.
fn unless(within: bool, excess: Excess) -> Result<(), Excess> {
    if within { Ok(()) } else { Err(excess) }
}

impl Budget {
    /// The length of a line, from 1.
    pub(super) fn line(number: usize, length: usize) -> Result<(), Excess> {
        let (first, other) = LONGEST_LINES;
        unless(length <= if number == 1 { first } else { other }, Excess::Line)
    }

    /// What the world of a beginning takes.
    pub(super) fn of(beginning: &Beginning) -> Result<Self, Excess> {
        let configs = || beginning.hosts.iter().map(|(_, config)| config);
        unless(beginning.hosts.len() <= MOST_HOSTS, Excess::Hosts)?;
        unless(configs().map(|config| config.interfaces.len()).sum::<usize>() <= MOST_INTERFACES, Excess::Interfaces)?;
        let entries = configs().map(|config| config.routes.len() + config.arp.len()).sum::<usize>();
        unless(entries <= MOST_ENTRIES, Excess::Entries)?;
        unless(beginning.hosts.iter().all(|(name, _)| name.len() <= LONGEST_HOST_NAME), Excess::Name)?;
        let hosts = beginning.hosts.len() as u64;
        Ok(Self { hosts, acts: 0, sockets: 0, octets: 0, ticks: 0, planned: 0, planned_ticks: 0 })
    }

    /// The world goes on up to a moment, in microseconds.
    pub(super) fn time(&self, moment: u64) -> Result<(), Excess> {
        let life = moment.saturating_mul(self.hosts);
        unless(life <= LONGEST_LIFE, Excess::Time)
    }

    /// One act more.
    pub(super) fn act(&mut self, act: &Act) -> Result<(), Excess> {
        if matches!(act, Act::Frames { .. } | Act::Input { input: Input::Frames(_), .. }) {
            return Ok(());
        }
        self.acts += 1;
        unless(self.acts <= MOST_ACTS, Excess::Acts)?;
        match act {
            Act::Call { call, planned, .. } | Act::Input { input: Input::Call { call, planned, .. }, .. } => {
                self.call(call)?;
                self.planned(planned)
            }
            Act::Input { input: Input::Ticks(ticks), .. } => {
                self.ticks += u64::from(*ticks) * TICK;
                unless(self.ticks <= LONGEST_LIFE, Excess::Time)
            }
            Act::Input { .. } | Act::Frames { .. } => Ok(()),
            Act::Signal { .. } | Act::Start { .. } | Act::Fate { .. } | Act::Expire { .. } | Act::Mark(_) => Ok(()),
        }
    }

    fn call(&mut self, call: &UserCall) -> Result<(), Excess> {
        self.sockets += usize::from(matches!(call.name, CallName::Socket | CallName::Socketpair));
        unless(self.sockets <= MOST_SOCKETS, Excess::Sockets)?;
        let mut octets = 0;
        for argument in &call.args {
            match argument {
                UserArg::In(bytes) | UserArg::InOut(bytes) => octets += bytes.len() as u64,
                UserArg::Out(length) => {
                    octets += u64::from(*length);
                    self.octets += u64::from(*length);
                }
                UserArg::Int(_) | UserArg::Null => {}
            }
        }
        unless(octets <= MOST_OCTETS_OF_A_CALL && self.octets <= MOST_OCTETS, Excess::Octets)
    }

    fn planned(&mut self, planned: &[PlannedInterrupt]) -> Result<(), Excess> {
        self.planned += planned.len();
        for interrupt in planned {
            match interrupt.arrival {
                Arrival::Timer(ticks) => self.planned_ticks += u64::from(ticks),
                Arrival::Net(_) => {}
            }
        }
        unless(self.planned <= MOST_PLANNED && self.planned_ticks <= MOST_PLANNED_TICKS, Excess::Planned)
    }
}
