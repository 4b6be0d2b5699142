//! The grammar of expressions. Places use the same tokens (`place`).

use super::error::QueryError;
use super::expression::{Comparison, Expression, Trend};
use super::frame_field::{FrameField, FrameLayer, LAYERS};
use super::in_hand::InHand;
use super::lexer::{Kind, Token, tokens};
use super::subject::{COUNTS, GATE_FIELDS, Path, QUEUES, REGISTERS, Subject, WORDS};
use crate::include::errno::Errno;
use crate::include::in_addr::InAddr;
use crate::include::snmp::Mib;
use crate::include::tcp::TcpState;
use crate::view::Value;
use crate::view::arp::ArpView;
use crate::view::device::DeviceView;
use crate::view::queue::SkbView;
use crate::view::sock::SockView;
use crate::view::task::TaskView;
use crate::view::timer::TimerView;

/// How deeply expressions may nest.
const DEEPEST: usize = 64;

/// What may be asked for in an expression beside what hosts have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// Behind `when`: nothing.
    Moment,
    /// Behind `where`: the fields of a frame, and nothing else.
    Frame,
    /// Behind `if`: what is in hand.
    Happening,
}

/// Words besides the states of TCP that may stand without quotes, as the views write them.
pub(super) const WORD_VALUES: &[&str] = &[
    "TASK_RUNNING",
    "TASK_INTERRUPTIBLE",
    "TASK_UNINTERRUPTIBLE",
    "SS_FREE",
    "SS_UNCONNECTED",
    "SS_CONNECTING",
    "SS_CONNECTED",
    "SS_DISCONNECTING",
    "TIME_WRITE",
    "TIME_CLOSE",
    "TIME_KEEPOPEN",
    "TIME_DESTROY",
    "TIME_DONE",
    "TIME_PROBE0",
    "TCP",
    "UDP",
    "RAW",
    "PACKET",
];

impl Expression {
    /// Reads an expression.
    ///
    /// # Errors
    /// The first place that does not fit: an unknown field or name, or a sign too much.
    pub fn parse(source: &str) -> Result<Self, QueryError> {
        let mut parser = Parser::new(source)?;
        let expression = parser.expression()?;
        parser.end()?;
        Ok(expression)
    }
}

/// Tokens, how far they have been read, and what has been met.
pub(super) struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    trends: usize,
    pub(super) scope: Scope,
}

impl Parser {
    pub(super) fn new(source: &str) -> Result<Self, QueryError> {
        Ok(Self { tokens: tokens(source)?, at: 0, depth: 0, trends: 0, scope: Scope::Moment })
    }

    pub(super) fn peek(&self) -> Token {
        let end = || Token { kind: Kind::End, column: 1, text: String::new() };
        self.tokens.get(self.at).or(self.tokens.last()).cloned().unwrap_or_else(end)
    }

    /// Leaves so many tokens behind.
    pub(super) fn advance(&mut self, tokens: usize) {
        self.at += tokens;
    }

    /// The token behind the next one.
    pub(super) fn peek_second(&self) -> Kind {
        self.tokens.get(self.at + 1).map_or(Kind::End, |token| token.kind.clone())
    }

    pub(super) fn take(&mut self, symbol: &str) -> bool {
        let found = matches!(&self.peek().kind, Kind::Symbol(sign) if *sign == symbol);
        self.at += usize::from(found);
        found
    }

    pub(super) fn take_word(&mut self, wanted: &str) -> bool {
        let found = matches!(&self.peek().kind, Kind::Word(word) if word == wanted);
        self.at += usize::from(found);
        found
    }

    pub(super) fn symbol(&mut self, symbol: &str) -> Result<(), QueryError> {
        if self.take(symbol) { Ok(()) } else { self.fail(&format!("'{symbol}'"), &format!(" '{symbol}'")) }
    }

    pub(super) fn fail<T>(&self, english: &str, chinese: &str) -> Result<T, QueryError> {
        let token = self.peek();
        Err(QueryError::expected(token.column, english, chinese, &token.text))
    }

    pub(super) fn word(&mut self, english: &str, chinese: &str) -> Result<(String, u32), QueryError> {
        match self.peek() {
            Token { kind: Kind::Word(word), column, .. } => {
                self.at += 1;
                Ok((word, column))
            }
            _ => self.fail(english, chinese),
        }
    }

    pub(super) fn number<N: TryFrom<i64>>(&mut self, english: &str, chinese: &str) -> Result<N, QueryError> {
        if let Kind::Number(number) = self.peek().kind
            && let Ok(number) = N::try_from(number)
        {
            self.at += 1;
            return Ok(number);
        }
        self.fail(english, chinese)
    }

    pub(super) fn end(&self) -> Result<(), QueryError> {
        if self.peek().kind == Kind::End {
            Ok(())
        } else {
            self.fail("the end, &&, || or a comparison", "结尾、&&、|| 或比较")
        }
    }

    pub(super) fn expression(&mut self) -> Result<Expression, QueryError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(QueryError::new(
                self.peek().column,
                format!("more than {DEEPEST} parentheses inside each other; write it flatter"),
                format!("括号嵌套超过 {DEEPEST} 层，请写得平一些"),
            ));
        }
        let mut left = self.conjunction()?;
        while self.take("||") {
            left = Expression::Or(Box::new(left), Box::new(self.conjunction()?));
        }
        self.depth -= 1;
        Ok(left)
    }

    fn conjunction(&mut self) -> Result<Expression, QueryError> {
        let mut left = self.negation()?;
        while self.take("&&") {
            left = Expression::And(Box::new(left), Box::new(self.negation()?));
        }
        Ok(left)
    }

    fn negation(&mut self) -> Result<Expression, QueryError> {
        let mut negations = 0;
        while self.take("!") {
            negations += 1;
        }
        let inner = self.comparison()?;
        // Two negations are none; a thousand must not nest a thousand deep.
        Ok(if negations % 2 == 1 { Expression::Not(Box::new(inner)) } else { inner })
    }

    fn comparison(&mut self) -> Result<Expression, QueryError> {
        let left = self.operand()?;
        let signs = [
            ("==", Comparison::Equal),
            ("!=", Comparison::Unequal),
            ("<=", Comparison::AtMost),
            (">=", Comparison::AtLeast),
            ("<", Comparison::Less),
            (">", Comparison::Greater),
        ];
        for (sign, comparison) in signs {
            if self.take(sign) {
                let right = self.operand()?;
                return Ok(Expression::Compare(comparison, Box::new(left), Box::new(right)));
            }
        }
        if self.take("=") {
            self.at -= 1;
            return self.fail("'==' (one '=' compares nothing)", " '=='（单个 '=' 不是比较）");
        }
        for (word, trend) in
            [("increases", Trend::Increases), ("decreases", Trend::Decreases), ("changes", Trend::Changes)]
        {
            if let Token { column, .. } = self.peek()
                && self.take_word(word)
            {
                if self.scope != Scope::Moment {
                    return Err(no_trend(word, column));
                }
                self.trends += 1;
                return Ok(Expression::Trend(trend, Box::new(left), self.trends - 1));
            }
        }
        Ok(left)
    }

    fn operand(&mut self) -> Result<Expression, QueryError> {
        if self.take("(") {
            let inner = self.expression()?;
            self.symbol(")")?;
            return Ok(inner);
        }
        let token = self.peek();
        match token.kind {
            Kind::Number(number) => {
                self.at += 1;
                Ok(Expression::Literal(Value::Int(number)))
            }
            Kind::Text(text) => {
                self.at += 1;
                Ok(Expression::Literal(Value::from(text)))
            }
            Kind::Symbol("-") => {
                self.at += 1;
                self.negative_errno()
            }
            Kind::Word(word) => {
                self.at += 1;
                if let Some(thing) = self.in_hand(&word, token.column)? {
                    return Ok(Expression::InHand(thing));
                }
                if self.take(".") {
                    if self.scope == Scope::Frame {
                        return Err(not_of_a_frame(&word, token.column));
                    }
                    let subject = self.subject()?;
                    return Ok(Expression::Path(Path { host: word, column: token.column, subject }));
                }
                literal(&word, token.column).map(Expression::Literal)
            }
            _ => self.fail("HOST.something, a number, a text or a state", "“主机.对象”、数字、文本或状态"),
        }
    }

    fn subject(&mut self) -> Result<Subject, QueryError> {
        let (word, column) = self.word("sock(N), task(PID), regs, ...", " sock(N)、task(PID)、regs 等")?;
        self.subject_named(&word, column)
    }

    fn subject_named(&mut self, word: &str, column: u32) -> Result<Subject, QueryError> {
        match word {
            "sock" => self.sock(),
            "task" => {
                let pid = self.key(|parser| parser.number("a process id", "进程号"))?;
                Ok(Subject::Task(pid, self.field("process", "进程", TaskView::FIELDS)?))
            }
            "arp" => {
                let address = self.key(Self::address)?;
                Ok(Subject::Arp(address, self.field("ARP entry", " ARP 表项", ArpView::FIELDS)?))
            }
            "device" => {
                let name = self.key(Self::text)?;
                Ok(Subject::Device(name, self.field("device", "设备", DeviceView::FIELDS)?))
            }
            "timer" => {
                let (function, sock) = self.key(Self::timer_key)?;
                Ok(Subject::Timer(function, sock, self.field("timer", "定时器", TimerView::FIELDS)?))
            }
            "regs" => {
                self.symbol(".")?;
                self.one_of("register", "寄存器", REGISTERS).map(Subject::Register)
            }
            "idt" => {
                let vector = self.key(|parser| parser.number("a vector from 0 to 255", " 0 到 255 的向量"))?;
                self.symbol(".")?;
                Ok(Subject::Gate(vector, self.one_of("field of a gate", "门的字段", GATE_FIELDS)?))
            }
            "snmp" => {
                self.symbol(".")?;
                let (name, column) = self.word("the name of a counter", "计数器名")?;
                counter(&name, column).map(Subject::Counter)
            }
            "sys_call_table" => {
                self.key(|parser| parser.number("a number from 0 on", "不小于 0 的数")).map(Subject::SystemCall)
            }
            other => match (known(other, COUNTS), known(other, WORDS)) {
                (Some(what), _) => {
                    self.symbol(".")?;
                    self.one_of("thing to ask here", "可以问的内容", &["len"])?;
                    Ok(Subject::Count(what))
                }
                (None, Some(word)) => Ok(Subject::Word(word)),
                (None, None) => Err(QueryError::unknown(column, "thing of a host", "主机的对象", other, SUBJECTS)),
            },
        }
    }

    /// What is in hand, by a word that may begin its name; `None` where the word is something else.
    fn in_hand(&mut self, word: &str, column: u32) -> Result<Option<InHand>, QueryError> {
        match (self.scope, word) {
            (Scope::Moment, "sk" | "skb") if matches!(self.peek().kind, Kind::Symbol(".") | Kind::End) => {
                return Err(no_hand(word, column));
            }
            (Scope::Happening, "sk") => return self.sock_in_hand().map(Some),
            (Scope::Happening, "skb") => {
                return self.field("buffer", "缓冲区", SkbView::FIELDS).map(|field| Some(InHand::Skb(field)));
            }
            (Scope::Happening, "result") => return Ok(Some(InHand::Result)),
            (Scope::Moment, _) => return Ok(None),
            (Scope::Frame | Scope::Happening, _) => {}
        }
        if let Some(layer) = FrameLayer::named(word) {
            return self.frame_field(layer).map(|field| Some(InHand::Frame(field)));
        }
        let own = self.scope == Scope::Happening && SUBJECTS.contains(&word);
        if own { self.subject_named(word, column).map(|subject| Some(InHand::Here(subject))) } else { Ok(None) }
    }

    fn sock_in_hand(&mut self) -> Result<InHand, QueryError> {
        // The fields are read as those of a numbered sock; the number is known only where it happens.
        Ok(match self.sock_field(0)? {
            Subject::Skb(_, queue, index, field) => InHand::SkBuffer(queue, index, field),
            Subject::Sock(_, field) => InHand::Sk(field),
            _ => InHand::Sk(None),
        })
    }

    fn frame_field(&mut self, layer: FrameLayer) -> Result<FrameField, QueryError> {
        if !self.take(".") {
            return Ok(FrameField::present(layer));
        }
        let (word, column) = self.word("a field of the frame", "帧的字段")?;
        let field = FrameField::named(layer, &word, column)?;
        if !self.take(".") {
            return Ok(field);
        }
        let (word, column) = self.word("a part of the field", "字段的组成部分")?;
        field.part(&word, column)
    }

    fn negative_errno(&mut self) -> Result<Expression, QueryError> {
        let (word, column) = self.word("the name of an error, such as ECONNREFUSED", "错误名，如 ECONNREFUSED")?;
        errno(&word, column).map(|errno| Expression::Literal(Value::from(-errno.0)))
    }

    fn key<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, QueryError>) -> Result<T, QueryError> {
        self.symbol("(")?;
        let key = read(self)?;
        self.symbol(")")?;
        Ok(key)
    }

    fn text(&mut self) -> Result<String, QueryError> {
        match self.peek().kind {
            Kind::Text(text) => {
                self.at += 1;
                Ok(text)
            }
            _ => self.fail("a text in quotes", "加引号的文本"),
        }
    }

    fn address(&mut self) -> Result<InAddr, QueryError> {
        let Token { column, text: written, .. } = self.peek();
        let text = self.text()?;
        InAddr::parse(&text).ok_or_else(|| {
            QueryError::expected(column, "an address such as \"10.0.0.2\"", "地址，如 \"10.0.0.2\"", &written)
        })
    }

    fn timer_key(&mut self) -> Result<(String, Option<u32>), QueryError> {
        let function = self.text()?;
        let sock = if self.take(",") { Some(self.number("a sock number", " sock 编号")?) } else { None };
        Ok((function, sock))
    }

    fn sock(&mut self) -> Result<Subject, QueryError> {
        let number = self.key(|parser| parser.number("a sock number", " sock 编号"))?;
        self.sock_field(number)
    }

    fn sock_field(&mut self, number: u32) -> Result<Subject, QueryError> {
        let Some(field) = self.field("sock", " sock ", SockView::FIELDS)? else {
            return Ok(Subject::Sock(number, None));
        };
        let Some((_, queue)) = QUEUES.iter().find(|(name, _)| *name == field) else {
            return Ok(Subject::Sock(number, SockView::reader(field)));
        };
        if self.take("[") {
            let index = self.number("a place on the queue, from 0", "队列中的位置（从 0 开始）")?;
            self.symbol("]")?;
            return Ok(Subject::Skb(number, *queue, index, self.field("buffer", "缓冲区", SkbView::FIELDS)?));
        }
        if self.take(".") {
            self.one_of("thing to ask of a queue", "队列可以问的内容", &["len"])?;
        }
        Ok(Subject::Sock(number, SockView::reader(field)))
    }

    /// `.field`, if a dot follows.
    fn field(
        &mut self,
        english: &str,
        chinese: &str,
        fields: &'static [&'static str],
    ) -> Result<Option<&'static str>, QueryError> {
        if !self.take(".") {
            return Ok(None);
        }
        self.one_of(&format!("field of a {english}"), &format!("{chinese}的字段"), fields).map(Some)
    }

    fn one_of(
        &mut self,
        english: &str,
        chinese: &str,
        names: &'static [&'static str],
    ) -> Result<&'static str, QueryError> {
        let (word, column) = self.word(&format!("a {english}"), chinese)?;
        known(&word, names).ok_or_else(|| QueryError::unknown(column, english, chinese, &word, names))
    }
}

/// The static twin of a name.
fn known(word: &str, names: &'static [&'static str]) -> Option<&'static str> {
    names.iter().find(|name| **name == word).copied()
}

/// What can be asked of a host.
pub(super) const SUBJECTS: &[&str] = &[
    "sock",
    "task",
    "arp",
    "device",
    "timer",
    "regs",
    "idt",
    "sys_call_table",
    "socks",
    "tasks",
    "arps",
    "timers",
    "backlog",
    "jiffies",
    "intr_count",
    "bh_active",
    "snmp",
];

fn counter(name: &str, column: u32) -> Result<Mib, QueryError> {
    Mib::ALL.into_iter().find(|counter| counter.name() == name).ok_or_else(|| {
        let names: Vec<&str> = Mib::ALL.iter().map(|counter| counter.name()).collect();
        QueryError::unknown(column, "counter of /proc/net/snmp", " /proc/net/snmp 的计数器", name, &names)
    })
}

/// Every error number that has a name here.
pub(super) fn errno_names() -> Vec<&'static str> {
    (1..=255).filter_map(|number| Errno(number).name()).collect()
}

pub(super) fn errno(name: &str, column: u32) -> Result<Errno, QueryError> {
    Errno::from_name(name).ok_or_else(|| QueryError::unknown(column, "error", "错误名", name, &errno_names()))
}

fn no_hand(word: &str, column: u32) -> QueryError {
    QueryError::new(
        column,
        format!("nothing is in hand here; {word} stands behind 'if', as in 'tcp_ack if {word}'; else B.sock(4)"),
        format!("此处手中没有对象；{word} 只能写在 if 之后，如 tcp_ack if {word}；否则请写 B.sock(4)"),
    )
}

fn no_trend(word: &str, column: u32) -> QueryError {
    QueryError::new(
        column,
        format!("'{word}' compares two steps, and a condition is asked at one; write it as a stop of its own"),
        format!("“{word}”比较前后两步，而条件只在一步上判断；请单独写成一个停止点"),
    )
}

fn not_of_a_frame(word: &str, column: u32) -> QueryError {
    let layers = LAYERS.iter().map(|(name, _)| *name);
    let (en, zh) = (layers.clone().collect::<Vec<_>>().join(", "), layers.collect::<Vec<_>>().join("、"));
    let word = crate::lab::script::error::quoted(word);
    QueryError::new(
        column,
        format!("{word} is no part of a frame; behind 'where' stand fields of {en}, and what a host has behind 'if'"),
        format!("{word} 不是帧的一部分；where 之后写 {zh} 的字段，主机的状态写在 if 之后"),
    )
}

/// The state of a name, with or without TCP_ in front.
pub(super) fn state(word: &str) -> Option<TcpState> {
    let bare = word.strip_prefix("TCP_").unwrap_or(word);
    TcpState::ALL.into_iter().find(|state| state.name() == bare)
}

fn literal(word: &str, column: u32) -> Result<Value, QueryError> {
    match word {
        "NULL" => return Ok(Value::Null),
        "true" => return Ok(Value::Bool(true)),
        "false" => return Ok(Value::Bool(false)),
        _ => {}
    }
    if let Some(state) = state(word) {
        return Ok(Value::State(state));
    }
    if let Some(name) = known(word, WORD_VALUES) {
        return Ok(Value::from(name));
    }
    if let Some(errno) = Errno::from_name(word) {
        return Ok(Value::from(errno.0));
    }
    let mut names: Vec<&str> = TcpState::ALL.iter().map(|state| state.name()).collect();
    names.extend(WORD_VALUES);
    Err(QueryError::unknown(
        column,
        "state or constant (a host needs a dot: B.sock(2); a text needs quotes)",
        "状态或常量（主机后要有点：B.sock(2)；文本要加引号）",
        word,
        &names,
    ))
}
