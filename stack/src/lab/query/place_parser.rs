//! The grammar of places, on the tokens and expressions of `parser`.

use super::error::QueryError;
use super::expression::{Expression, Trend};
use super::lexer::{Kind, Token};
use super::parser::{Parser, Scope, WORD_VALUES, errno, state};
use super::place::{Happening, HostName, Passing, Place, PlaceKind, ProcessAct, function_names, is_function};
use super::subject::Subject;
use crate::include::errno::Errno;
use crate::include::tcp::TcpState;
use crate::kernel::call::CallName;
use crate::kernel::probe::{Discard, TimerRole};

/// Words with which something that happens begins.
pub(super) const HAPPENINGS: &[&str] = &[
    "enter", "leave", "state", "born", "timer", "drop", "call", "return", "pid", "sleeps", "wakes", "sends", "receives",
];
/// Words with which a place begins, besides those, a function and a host.
pub(super) const BEGINNINGS: &[&str] = &["frame", "when", "mark", "start", "end"];
/// What a process does, behind `pid N`.
pub(super) const ACTS: &[&str] = &["sleeps", "wakes", "calls", "returns"];
/// Beginnings of the names of reasons that may be left away: `BadChecksum` is that of every protocol.
const PROTOCOLS: [&str; 7] = ["Arp", "Rarp", "Ip", "Icmp", "Igmp", "Udp", "Tcp"];

impl Place {
    /// Reads a place.
    ///
    /// # Errors
    /// The first thing that does not fit, with its column.
    pub fn parse(source: &str) -> Result<Self, QueryError> {
        let mut parser = Parser::new(source)?;
        let kind = parser.place()?;
        let condition =
            if matches!(kind, PlaceKind::Host { .. } | PlaceKind::FrameLeaves(_) | PlaceKind::FrameArrives(_))
                && parser.take_word("if")
            {
                Some(parser.within(Scope::Happening)?)
            } else {
                None
            };
        let occurrence = if parser.take("#") {
            Some(parser.number::<u32>("a number from 1", "从 1 开始的数")?.max(1) as usize)
        } else {
            None
        };
        parser.end_of_place(&kind)?;
        Ok(Self { kind, condition, occurrence })
    }
}

/// The names that a timer has: of its functions and of its reasons.
pub(super) fn timer_names() -> Vec<&'static str> {
    let reasons = WORD_VALUES.iter().copied().filter(|word| word.starts_with("TIME_"));
    TimerRole::ALL.iter().map(|role| role.function()).chain(reasons).collect()
}

/// The names by which a reason may be called.
pub(super) fn drop_names() -> Vec<&'static str> {
    let names = Discard::ALL.iter().map(|reason| reason.name());
    let short = Discard::ALL.iter().filter_map(|reason| without_protocol(reason.name()));
    let mut all: Vec<&str> = Vec::new();
    for name in names.chain(short) {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all
}

fn without_protocol(name: &'static str) -> Option<&'static str> {
    PROTOCOLS.iter().find_map(|protocol| name.strip_prefix(protocol)).filter(|rest| !rest.is_empty())
}

/// Whether a reason is meant by a name, whole or without its protocol.
pub(super) fn is_reason(reason: Discard, name: &str) -> bool {
    reason.name() == name || without_protocol(reason.name()) == Some(name)
}

impl Parser {
    /// An expression in which other things may be asked for than at any moment.
    fn within(&mut self, scope: Scope) -> Result<Expression, QueryError> {
        let outer = std::mem::replace(&mut self.scope, scope);
        let expression = self.expression();
        self.scope = outer;
        expression
    }

    fn end_of_place(&self, kind: &PlaceKind) -> Result<(), QueryError> {
        let next = self.peek();
        match (kind, &next.kind) {
            (_, Kind::End) => Ok(()),
            (PlaceKind::When(_), Kind::Word(word)) if word == "if" => Err(QueryError::new(
                next.column,
                "an expression needs no 'if'; join the two with '&&'",
                "表达式不用 if，请用 && 连接",
            )),
            (PlaceKind::When(_), _) => self.fail("the end, &&, || or a comparison", "结尾、&&、|| 或比较"),
            _ => self.fail("'if', '#' or the end", " if、# 或结尾"),
        }
    }

    fn place(&mut self) -> Result<PlaceKind, QueryError> {
        let Token { kind, column, .. } = self.peek();
        let Kind::Word(word) = kind else { return self.condition_alone() };
        match (word.as_str(), self.peek_second()) {
            (_, Kind::Symbol(":")) => {
                self.advance(2);
                let host = Some(HostName { name: word, column });
                Ok(PlaceKind::Host { host, what: self.happening()? })
            }
            (_, Kind::Symbol(".")) => self.condition_alone(),
            (_, Kind::Word(verb)) if !is_beginning(&word) && (verb == "sends" || verb == "receives") => {
                self.advance(1);
                let host = Some(HostName { name: word, column });
                Ok(PlaceKind::Host { host, what: self.happening()? })
            }
            ("start", _) => self.single(PlaceKind::Start),
            ("end", _) => self.single(PlaceKind::End),
            ("when", _) => {
                self.advance(1);
                Ok(PlaceKind::When(self.expression()?))
            }
            ("mark", _) => {
                self.advance(1);
                Ok(PlaceKind::Mark(self.word("the name of a mark", "标记名")?.0))
            }
            ("frame", Kind::Number(_)) => {
                self.advance(1);
                self.numbered_frame()
            }
            _ => Ok(PlaceKind::Host { host: None, what: self.happening()? }),
        }
    }

    /// An expression that stands alone is a place: where it becomes true. A counter alone: where it moves.
    fn condition_alone(&mut self) -> Result<PlaceKind, QueryError> {
        if self.peek().kind == Kind::End {
            return self.fail(
                "a function, state, frame, timer, drop, pid, HOST: ..., or a condition such as B.sock(4).state == LISTEN",
                "函数、state、frame、timer、drop、pid、“主机: …”或条件（如 B.sock(4).state == LISTEN）",
            );
        }
        let expression = self.expression()?;
        Ok(PlaceKind::When(match &expression {
            Expression::Path(path) if matches!(path.subject, Subject::Counter(_)) => {
                Expression::Trend(Trend::Changes, Box::new(expression), 0)
            }
            _ => expression,
        }))
    }

    fn single(&mut self, kind: PlaceKind) -> Result<PlaceKind, QueryError> {
        self.advance(1);
        Ok(kind)
    }

    fn numbered_frame(&mut self) -> Result<PlaceKind, QueryError> {
        let number = self.number::<u32>("the number of a frame, from 1", "帧号（从 1 开始）")?.max(1) as usize;
        if self.take_word("leaves") {
            Ok(PlaceKind::FrameLeaves(number))
        } else if self.take_word("arrives") {
            Ok(PlaceKind::FrameArrives(number))
        } else {
            self.fail("leaves or arrives", " leaves 或 arrives")
        }
    }

    fn happening(&mut self) -> Result<Happening, QueryError> {
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
            "timer" => self.timer(),
            "drop" => self.reason().map(Happening::Drop),
            "call" => Ok(Happening::Process(None, ProcessAct::Calls(self.call_name()?))),
            "return" => Ok(Happening::Process(None, self.returned()?)),
            "sleeps" => Ok(Happening::Process(self.pid_or_any()?, ProcessAct::Sleeps)),
            "wakes" => Ok(Happening::Process(self.pid_or_any()?, ProcessAct::Wakes)),
            "pid" => self.process(),
            "sends" => self.which_frame().map(|which| Happening::Frame(Passing::Leaves, which)),
            "receives" => self.which_frame().map(|which| Happening::Frame(Passing::Arrives, which)),
            "frame" => self.frame(),
            other if is_function(other) => Ok(Happening::Enter(word)),
            other => {
                let mut names: Vec<&str> = HAPPENINGS.iter().chain(BEGINNINGS).copied().collect();
                names.extend(function_names());
                Err(no_happening(other, column, &names))
            }
        }
    }

    fn function(&mut self) -> Result<String, QueryError> {
        Ok(self.word("the name of a kernel function", "内核函数名")?.0)
    }

    fn timer(&mut self) -> Result<Happening, QueryError> {
        let name = if self.take("*") {
            None
        } else {
            let (name, column) = self.word("the timer's function or reason", "定时器的函数或原因")?;
            let names = timer_names();
            if !names.contains(&name.as_str()) && !is_function(&name) {
                return Err(QueryError::unknown(column, "timer", "定时器", &name, &names));
            }
            Some(name)
        };
        if self.take_word("fires") { Ok(Happening::Timer(name)) } else { self.fail("fires", " fires") }
    }

    fn reason(&mut self) -> Result<Option<String>, QueryError> {
        match self.peek() {
            Token { kind: Kind::Word(word), .. } if word == "if" => Ok(None),
            Token { kind: Kind::Word(word), column, .. } => {
                self.advance(1);
                if Discard::ALL.iter().any(|reason| is_reason(*reason, &word)) {
                    return Ok(Some(word));
                }
                Err(QueryError::unknown(column, "reason for a drop", "丢弃原因", &word, &drop_names()))
            }
            _ => Ok(None),
        }
    }

    fn process(&mut self) -> Result<Happening, QueryError> {
        let pid = self.number("a process id", "进程号")?;
        let (word, column) = self.word("sleeps, wakes, calls or returns", " sleeps、wakes、calls 或 returns")?;
        let act = match word.as_str() {
            "sleeps" => ProcessAct::Sleeps,
            "wakes" => ProcessAct::Wakes,
            "calls" => ProcessAct::Calls(self.call_name()?),
            "returns" => self.returned()?,
            other => return Err(QueryError::unknown(column, "act of a process", "进程的行为", other, ACTS)),
        };
        Ok(Happening::Process(Some(pid), act))
    }

    fn returned(&mut self) -> Result<ProcessAct, QueryError> {
        let name = match self.peek().kind {
            Kind::Word(word) if Errno::from_name(&word).is_some() => None,
            _ => self.call_name()?,
        };
        let errno = match self.peek() {
            Token { kind: Kind::Word(word), column, .. } if word != "if" => {
                self.advance(1);
                Some(errno(&word, column)?)
            }
            _ => None,
        };
        Ok(ProcessAct::Returns(name, errno))
    }

    /// Behind `frame`, where no number follows.
    fn frame(&mut self) -> Result<Happening, QueryError> {
        let way = if self.take_word("leaves") {
            Passing::Leaves
        } else if self.take_word("arrives") {
            Passing::Arrives
        } else {
            Passing::Either
        };
        self.which_frame().map(|which| Happening::Frame(way, which))
    }

    fn which_frame(&mut self) -> Result<Option<Expression>, QueryError> {
        match self.peek() {
            Token { kind: Kind::Word(word), .. } if word == "where" => {
                self.advance(1);
                self.within(Scope::Frame).map(Some)
            }
            Token { kind: Kind::Word(word), .. } if word != "if" => {
                self.fail("'where', 'if' or the end", " where、if 或结尾")
            }
            _ => Ok(None),
        }
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

    fn pid_or_any(&mut self) -> Result<Option<i32>, QueryError> {
        if self.take("*") { Ok(None) } else { self.number("a process id or *", "进程号或 *").map(Some) }
    }

    /// A call, or any where nothing or `*` stands.
    fn call_name(&mut self) -> Result<Option<CallName>, QueryError> {
        if self.take("*") {
            return Ok(None);
        }
        let (word, column) = match self.peek() {
            Token { kind: Kind::Word(word), .. } if word == "if" => return Ok(None),
            Token { kind: Kind::Word(word), column, .. } => (word, column),
            _ => return Ok(None),
        };
        self.advance(1);
        let known = CallName::OF_PROGRAMS.iter().copied().find(|name| name.name() == word);
        known.map(Some).ok_or_else(|| {
            let names: Vec<&str> = CallName::OF_PROGRAMS.iter().map(|name| name.name()).collect();
            QueryError::unknown(column, "system call", "系统调用", &word, &names)
        })
    }
}

fn is_beginning(word: &str) -> bool {
    HAPPENINGS.contains(&word) || BEGINNINGS.contains(&word)
}

/// A word that begins no place: what was probably meant, or what there is to say.
fn no_happening(word: &str, column: u32, names: &[&str]) -> QueryError {
    if QueryError::nearest(word, names).is_some() {
        return QueryError::unknown(column, "function or happening", "函数或事件", word, names);
    }
    let word = crate::lab::script::error::quoted(word);
    let (list, list_chinese) = (HAPPENINGS.join(", "), HAPPENINGS.join("、"));
    QueryError::new(
        column,
        format!(
            "{word} is no kernel function and begins no place; write a function, frame, HOST.sock(N)..., or one of {list}"
        ),
        format!("{word} 不是内核函数，也不能作开头；请写函数名、frame、“主机.sock(N)…”，或 {list_chinese}"),
    )
}
