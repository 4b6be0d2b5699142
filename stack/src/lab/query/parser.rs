//! The grammar of expressions. Places use the same tokens (`place`).

use super::error::QueryError;
use super::expression::{Comparison, Expression, Trend};
use super::lexer::{Kind, Token, tokens};
use super::subject::{COUNTS, GATE_FIELDS, Path, QUEUES, REGISTERS, Subject, WORDS};
use crate::include::in_addr::InAddr;
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

/// Words besides the states of TCP that may stand without quotes, as the views write them.
const WORD_VALUES: &[&str] = &[
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
}

impl Parser {
    pub(super) fn new(source: &str) -> Result<Self, QueryError> {
        Ok(Self { tokens: tokens(source)?, at: 0, depth: 0, trends: 0 })
    }

    pub(super) fn peek(&self) -> Token {
        let end = || Token { kind: Kind::End, column: 1, text: String::new() };
        self.tokens.get(self.at).or(self.tokens.last()).cloned().unwrap_or_else(end)
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
            if self.take_word(word) {
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
            Kind::Word(word) => {
                self.at += 1;
                if self.take(".") {
                    let subject = self.subject()?;
                    return Ok(Expression::Path(Path { host: word, column: token.column, subject }));
                }
                literal(&word, token.column).map(Expression::Literal)
            }
            _ => self.fail("HOST.something, a number, a text or a state", "“主机.对象”、数字、文本或状态"),
        }
    }

    fn subject(&mut self) -> Result<Subject, QueryError> {
        const SUBJECTS: &[&str] = &[
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
        ];
        let (word, column) = self.word("sock(N), task(PID), regs, ...", " sock(N)、task(PID)、regs 等")?;
        match word.as_str() {
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
