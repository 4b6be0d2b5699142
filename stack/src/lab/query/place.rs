//! Places as plain data: how a lesson, a stop or a scene names a step of a run without counting steps.

use core::fmt;

use super::error::QueryError;
use super::expression::{Expression, check_host};
use crate::include::errno::Errno;
use crate::include::tcp::TcpState;
use crate::kernel::call::CallName;
use crate::kernel::probe::KFn;

/// A place in a run. What it displays as reads as the same place again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// What happens there.
    pub kind: PlaceKind,
    /// What must hold there besides, asked at that very step.
    pub condition: Option<Expression>,
    /// Which of them, counted from 1 from the beginning of the run; None = the next one from where one stands.
    pub occurrence: Option<usize>,
}

/// What happens at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlaceKind {
    /// `start`
    Start,
    /// `end`: as far as the run goes by itself.
    End,
    /// `mark NAME`
    Mark(String),
    /// `frame N leaves`
    FrameLeaves(usize),
    /// `frame N arrives`
    FrameArrives(usize),
    /// `when EXPRESSION`
    When(Expression),
    /// Something that happens on a host, or on any.
    Host {
        /// Its name; `None` for any host.
        host: Option<HostName>,
        /// What happens on it.
        what: Happening,
    },
}

/// The name of a host, and where it is written. Two are equal wherever they are written.
#[derive(Clone, Debug)]
pub struct HostName {
    /// The name.
    pub name: String,
    /// Column of the name, from 1.
    pub column: u32,
}

impl PartialEq for HostName {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for HostName {}

/// What happens on a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    /// `enter F`, or `F` alone.
    Enter(String),
    /// `leave F`
    Leave(String),
    /// `state A->B`, a change; None is `*`.
    State(Option<TcpState>, Option<TcpState>),
    /// `born A`: a sock comes into being in that state; None is `*`.
    Born(Option<TcpState>),
    /// `timer F fires` or `timer REASON fires`; None is `*`.
    Timer(Option<String>),
    /// `drop`: something is lost; `drop REASON`: it is thrown away for that reason, or one that ends so.
    Drop(Option<String>),
    /// A process does something; None is any process.
    Process(Option<i32>, ProcessAct),
    /// A frame passes whose fields say so.
    Frame(Passing, Option<Expression>),
}

/// What a process does. None is any call, any result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProcessAct {
    /// It makes a system call.
    Calls(Option<CallName>),
    /// It gets the result of a call; with an error, that one.
    Returns(Option<CallName>, Option<Errno>),
    /// It goes to sleep.
    Sleeps,
    /// It is made runnable.
    Wakes,
}

/// Which way a frame passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passing {
    /// It leaves a host, or comes from outside the run: where the list of frames has it.
    Either,
    /// It leaves a host.
    Leaves,
    /// A card takes it in.
    Arrives,
}

impl Place {
    /// The next place of a kind, without a condition.
    #[must_use]
    pub fn of(kind: PlaceKind) -> Self {
        Self { kind, condition: None, occurrence: None }
    }

    /// The place at which an expression becomes true.
    #[must_use]
    pub fn when(expression: Expression) -> Self {
        Self::of(PlaceKind::When(expression))
    }

    /// Whether every host it names is one of these.
    ///
    /// # Errors
    /// The first host that is none of them.
    pub fn check_hosts(&self, hosts: &[&str]) -> Result<(), QueryError> {
        match &self.kind {
            PlaceKind::Host { host: Some(host), .. } => check_host(&host.name, host.column, hosts)?,
            PlaceKind::When(expression) => expression.check_hosts(hosts)?,
            PlaceKind::Host { host: None, .. }
            | PlaceKind::Start
            | PlaceKind::End
            | PlaceKind::Mark(_)
            | PlaceKind::FrameLeaves(_)
            | PlaceKind::FrameArrives(_) => {}
        }
        self.condition.as_ref().map_or(Ok(()), |condition| condition.check_hosts(hosts))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.kind)?;
        if let Some(condition) = &self.condition {
            write!(f, " if {condition}")?;
        }
        self.occurrence.map_or(Ok(()), |occurrence| write!(f, " #{occurrence}"))
    }
}

impl fmt::Display for PlaceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start => f.write_str("start"),
            Self::End => f.write_str("end"),
            Self::Mark(name) => write!(f, "mark {name}"),
            Self::FrameLeaves(number) => write!(f, "frame {number} leaves"),
            Self::FrameArrives(number) => write!(f, "frame {number} arrives"),
            Self::When(expression) => write!(f, "when {expression}"),
            Self::Host { host, what } => what.write(f, host.as_ref().map(|host| host.name.as_str())),
        }
    }
}

impl Happening {
    /// As written, with the host in front, or without one.
    fn write(&self, f: &mut fmt::Formatter<'_>, host: Option<&str>) -> fmt::Result {
        match (self, host) {
            (Self::Frame(passing, which), host) => return frames(f, host, *passing, which.as_ref()),
            // A function alone is what a person types for any host.
            (Self::Enter(function), None) if is_function(function) => return f.write_str(function),
            (_, Some(host)) => write!(f, "{host}: ")?,
            (_, None) => {}
        }
        match self {
            Self::Enter(function) => write!(f, "enter {function}"),
            Self::Leave(function) => write!(f, "leave {function}"),
            Self::State(from, to) => write!(f, "state {}->{}", state_or_any(*from), state_or_any(*to)),
            Self::Born(state) => write!(f, "born {}", state_or_any(*state)),
            Self::Timer(name) => write!(f, "timer {} fires", name.as_deref().unwrap_or("*")),
            Self::Drop(None) => f.write_str("drop"),
            Self::Drop(Some(reason)) => write!(f, "drop {reason}"),
            Self::Process(pid, act) => process(f, host.is_some(), *pid, *act),
            Self::Frame(..) => Ok(()),
        }
    }
}

/// Behind a host the words stand that lessons have always used; without one, what reads best alone.
fn process(f: &mut fmt::Formatter<'_>, hosted: bool, pid: Option<i32>, act: ProcessAct) -> fmt::Result {
    let name = |call: Option<CallName>| call.map_or("*", CallName::name);
    let sentence = pid.filter(|_| !hosted || matches!(act, ProcessAct::Calls(_) | ProcessAct::Returns(..)));
    if let Some(pid) = sentence {
        write!(f, "pid {pid} ")?;
    }
    match (act, sentence) {
        (ProcessAct::Sleeps, Some(_)) => f.write_str("sleeps"),
        (ProcessAct::Wakes, Some(_)) => f.write_str("wakes"),
        (ProcessAct::Sleeps | ProcessAct::Wakes, None) => {
            f.write_str(if act == ProcessAct::Sleeps { "sleeps " } else { "wakes " })?;
            match pid {
                Some(pid) => write!(f, "{pid}"),
                None => f.write_str("*"),
            }
        }
        (ProcessAct::Calls(call), Some(_)) => write!(f, "calls {}", name(call)),
        (ProcessAct::Calls(call), None) => write!(f, "call {}", name(call)),
        (ProcessAct::Returns(call, errno), sentence) => {
            write!(f, "{} {}", if sentence.is_some() { "returns" } else { "return" }, name(call))?;
            errno.and_then(Errno::name).map_or(Ok(()), |errno| write!(f, " {errno}"))
        }
    }
}

fn frames(f: &mut fmt::Formatter<'_>, host: Option<&str>, way: Passing, which: Option<&Expression>) -> fmt::Result {
    match (host, way) {
        (Some(host), Passing::Leaves) => write!(f, "{host} sends")?,
        (Some(host), Passing::Arrives) => write!(f, "{host} receives")?,
        (Some(host), Passing::Either) => write!(f, "{host}: frame")?,
        (None, Passing::Either) => f.write_str("frame")?,
        (None, Passing::Leaves) => f.write_str("frame leaves")?,
        (None, Passing::Arrives) => f.write_str("frame arrives")?,
    }
    which.map_or(Ok(()), |which| write!(f, " where {which}"))
}

fn state_or_any(state: Option<TcpState>) -> &'static str {
    state.map_or("*", TcpState::name)
}

/// All kernel functions; none where the program is built without its probe.
fn functions() -> &'static [&'static KFn] {
    #[cfg(feature = "probe")]
    let functions = crate::functions::FUNCTIONS;
    #[cfg(not(feature = "probe"))]
    let functions = &[];
    functions
}

/// Names of all kernel functions.
#[must_use]
pub fn function_names() -> Vec<&'static str> {
    functions().iter().map(|function| function.name).collect()
}

/// The kernel functions of a name.
pub(super) fn functions_of(name: &str) -> Vec<&'static KFn> {
    functions().iter().copied().filter(|function| function.name == name).collect()
}

/// Whether a kernel function has that name.
pub(super) fn is_function(word: &str) -> bool {
    functions().iter().any(|function| function.name == word)
}
