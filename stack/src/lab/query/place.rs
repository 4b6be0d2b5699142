//! Places: how a lesson or a breakpoint names a step of a run without counting steps.

use core::fmt;

use super::error::QueryError;
use super::expression::{Expression, check_host};
use super::parser::{Parser, state};
use crate::include::tcp::TcpState;
use crate::kernel::call::CallName;

/// A place in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// What happens there.
    pub kind: PlaceKind,
    /// Which of them, counted from 1 from the beginning of the run; None = the next one from where one stands.
    pub occurrence: Option<usize>,
    text: String,
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
    /// `HOST: ...`
    Host {
        /// Name of the host.
        host: String,
        /// Column of the name, from 1.
        column: u32,
        /// What happens on it.
        what: Happening,
    },
}

/// What happens on a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    /// `enter F`
    Enter(String),
    /// `leave F`
    Leave(String),
    /// `state A->B`, a change; None is `*`.
    State(Option<TcpState>, Option<TcpState>),
    /// `born A`: a sock comes into being in that state; None is `*`.
    Born(Option<TcpState>),
    /// `timer F fires` or `timer REASON fires`
    Timer(String),
    /// `call NAME`
    Call(CallName),
    /// `return NAME`
    Return(CallName),
    /// `sleeps PID`
    Sleeps(i32),
    /// `wakes PID`
    Wakes(i32),
}

impl Place {
    /// Reads a place.
    ///
    /// # Errors
    /// The first thing that does not fit, with its column.
    pub fn parse(source: &str) -> Result<Self, QueryError> {
        let mut parser = Parser::new(source)?;
        let kind = parser.place()?;
        let occurrence = if parser.take("#") {
            Some(parser.number::<u32>("a number from 1", "从 1 开始的数")?.max(1) as usize)
        } else {
            None
        };
        parser.end()?;
        Ok(Self { kind, occurrence, text: source.trim().to_owned() })
    }

    /// The place at which an expression becomes true.
    #[must_use]
    pub fn when(expression: Expression) -> Self {
        let text = format!("when {expression}");
        Self { kind: PlaceKind::When(expression), occurrence: None, text }
    }

    /// Whether every host it names is one of these.
    ///
    /// # Errors
    /// The first host that is none of them.
    pub fn check_hosts(&self, hosts: &[&str]) -> Result<(), QueryError> {
        match &self.kind {
            PlaceKind::Host { host, column, .. } => check_host(host, *column, hosts),
            PlaceKind::When(expression) => expression.check_hosts(hosts),
            PlaceKind::Start
            | PlaceKind::End
            | PlaceKind::Mark(_)
            | PlaceKind::FrameLeaves(_)
            | PlaceKind::FrameArrives(_) => Ok(()),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Parser {
    fn place(&mut self) -> Result<PlaceKind, QueryError> {
        let english = "HOST: ..., frame N ..., mark NAME, when EXPRESSION, start or end";
        let chinese = "“主机: …”、frame N …、mark NAME、when 表达式、start 或 end";
        let (word, column) = self.word(english, chinese)?;
        if self.take(":") {
            let what = self.happening()?;
            return Ok(PlaceKind::Host { host: word, column, what });
        }
        match word.as_str() {
            "start" => Ok(PlaceKind::Start),
            "end" => Ok(PlaceKind::End),
            "when" => Ok(PlaceKind::When(self.expression()?)),
            "mark" => Ok(PlaceKind::Mark(self.word("the name of a mark", "标记名")?.0)),
            "frame" => {
                let number = self.number::<u32>("the number of a frame, from 1", "帧号（从 1 开始）")?.max(1) as usize;
                if self.take_word("leaves") {
                    Ok(PlaceKind::FrameLeaves(number))
                } else if self.take_word("arrives") {
                    Ok(PlaceKind::FrameArrives(number))
                } else {
                    self.fail("leaves or arrives", " leaves 或 arrives")
                }
            }
            _ => Err(QueryError::expected(column, english, chinese, &word)),
        }
    }

    fn happening(&mut self) -> Result<Happening, QueryError> {
        const HAPPENINGS: &[&str] = &["enter", "leave", "state", "born", "timer", "call", "return", "sleeps", "wakes"];
        let (word, column) = self.word("what happens on the host", "主机上发生的事")?;
        match word.as_str() {
            "enter" => Ok(Happening::Enter(self.function()?)),
            "leave" => Ok(Happening::Leave(self.function()?)),
            "state" => {
                let from = self.state_or_any()?;
                self.symbol("->")?;
                Ok(Happening::State(from, self.state_or_any()?))
            }
            "born" => self.state_or_any().map(Happening::Born),
            "timer" => {
                let (name, _) = self.word("the timer's function or reason", "定时器的函数或原因")?;
                if !self.take_word("fires") {
                    return self.fail("fires", " fires");
                }
                Ok(Happening::Timer(name))
            }
            "call" => self.call_name().map(Happening::Call),
            "return" => self.call_name().map(Happening::Return),
            "sleeps" => self.number("a process id", "进程号").map(Happening::Sleeps),
            "wakes" => self.number("a process id", "进程号").map(Happening::Wakes),
            other => {
                Err(QueryError::unknown(column, "thing that happens on a host", "主机上发生的事", other, HAPPENINGS))
            }
        }
    }

    fn function(&mut self) -> Result<String, QueryError> {
        Ok(self.word("the name of a kernel function", "内核函数名")?.0)
    }

    fn state_or_any(&mut self) -> Result<Option<TcpState>, QueryError> {
        if self.take("*") {
            return Ok(None);
        }
        let (word, column) = self.word("a state or *", "状态或 *")?;
        let names: Vec<&str> = TcpState::ALL.iter().map(|state| state.name()).collect();
        match state(&word) {
            Some(state) => Ok(Some(state)),
            None => Err(QueryError::unknown(column, "state", "状态", &word, &names)),
        }
    }

    fn call_name(&mut self) -> Result<CallName, QueryError> {
        let (word, column) = self.word("the name of a system call", "系统调用名")?;
        let known = CallName::OF_PROGRAMS.iter().copied().find(|name| name.name() == word);
        known.ok_or_else(|| {
            let names: Vec<&str> = CallName::OF_PROGRAMS.iter().map(|name| name.name()).collect();
            QueryError::unknown(column, "system call", "系统调用", &word, &names)
        })
    }
}
