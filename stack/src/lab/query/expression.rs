//! Expressions as plain data.

use core::fmt;

use super::error::QueryError;
use super::in_hand::InHand;
use super::subject::Path;
use crate::view::Value;

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    Unequal,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
}

/// How a value moves from the step before to this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trend {
    /// `increases`: a number that is larger now.
    Increases,
    /// `decreases`: a number that is smaller now.
    Decreases,
    /// `changes`: any difference.
    Changes,
}

/// A condition on the state of a world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    /// A number, a text, a state, `NULL`, `true` or `false`.
    Literal(Value),
    /// Something of a host.
    Path(Path),
    /// Something that is in hand where it happens: only in conditions on a happening.
    InHand(InHand),
    /// `!`
    Not(Box<Self>),
    /// `&&`
    And(Box<Self>, Box<Self>),
    /// `||`
    Or(Box<Self>, Box<Self>),
    /// A comparison.
    Compare(Comparison, Box<Self>, Box<Self>),
    /// A trend; the number is its place in the memory that an evaluation carries along.
    Trend(Trend, Box<Self>, usize),
}

impl Expression {
    /// Whether it asks for two moments (it contains a trend).
    #[must_use]
    pub fn has_trend(&self) -> bool {
        match self {
            Self::Trend(..) => true,
            Self::Literal(_) | Self::Path(_) | Self::InHand(_) => false,
            Self::Not(inner) => inner.has_trend(),
            Self::And(left, right) | Self::Or(left, right) | Self::Compare(_, left, right) => {
                left.has_trend() || right.has_trend()
            }
        }
    }

    /// Everything of hosts that it asks for, in the order written.
    #[must_use]
    pub fn paths(&self) -> Vec<&Path> {
        match self {
            Self::Literal(_) | Self::InHand(_) => Vec::new(),
            Self::Path(path) => vec![path],
            Self::Not(inner) | Self::Trend(_, inner, _) => inner.paths(),
            Self::And(left, right) | Self::Or(left, right) | Self::Compare(_, left, right) => {
                let mut paths = left.paths();
                paths.extend(right.paths());
                paths
            }
        }
    }

    /// Everything that has a value of its own: what is asked of hosts and what is in hand, each once, in the order written.
    #[must_use]
    pub fn leaves(&self) -> Vec<&Self> {
        match self {
            Self::Literal(_) => Vec::new(),
            Self::Path(_) | Self::InHand(_) => vec![self],
            Self::Not(inner) | Self::Trend(_, inner, _) => inner.leaves(),
            Self::And(left, right) | Self::Or(left, right) | Self::Compare(_, left, right) => {
                let mut leaves = left.leaves();
                for leaf in right.leaves() {
                    if !leaves.contains(&leaf) {
                        leaves.push(leaf);
                    }
                }
                leaves
            }
        }
    }

    /// Whether it asks for something in hand.
    #[must_use]
    pub fn asks_in_hand(&self) -> bool {
        match self {
            Self::InHand(_) => true,
            Self::Literal(_) | Self::Path(_) => false,
            Self::Not(inner) | Self::Trend(_, inner, _) => inner.asks_in_hand(),
            Self::And(left, right) | Self::Or(left, right) | Self::Compare(_, left, right) => {
                left.asks_in_hand() || right.asks_in_hand()
            }
        }
    }

    /// Whether every host it names is one of these.
    ///
    /// # Errors
    /// The first host that is none of them.
    pub fn check_hosts(&self, hosts: &[&str]) -> Result<(), QueryError> {
        for path in self.paths() {
            check_host(&path.host, path.column, hosts)?;
        }
        Ok(())
    }
}

/// Whether a name is that of a host.
pub(super) fn check_host(name: &str, column: u32, hosts: &[&str]) -> Result<(), QueryError> {
    if hosts.contains(&name) {
        Ok(())
    } else {
        Err(QueryError::unknown(column, "host of this scene", "本场景的主机", name, hosts))
    }
}

impl Comparison {
    /// As written.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::Unequal => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Greater => ">",
            Self::AtLeast => ">=",
        }
    }
}

/// How tightly an operator holds what stands beside it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Or,
    And,
    Not,
    Operand,
}

impl Expression {
    fn binding(&self) -> Binding {
        match self {
            Self::Or(..) => Binding::Or,
            Self::And(..) => Binding::And,
            Self::Not(_) | Self::Compare(..) | Self::Trend(..) => Binding::Not,
            Self::Literal(_) | Self::Path(_) | Self::InHand(_) => Binding::Operand,
        }
    }

    /// Written where at least `least` is wanted: in parentheses where it binds less.
    fn write(&self, f: &mut fmt::Formatter<'_>, least: Binding) -> fmt::Result {
        if self.binding() < least { write!(f, "({self})") } else { write!(f, "{self}") }
    }
}

/// A queue alone is its length; who reads it should see that.
fn length(queue: bool) -> &'static str {
    if queue { ".len" } else { "" }
}

/// Reading what is written here gives the same expression again.
impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(Value::Text(text)) => write!(f, "\"{text}\""),
            Self::Literal(Value::State(state)) => f.write_str(state.name()),
            Self::Literal(Value::Bool(flag)) => write!(f, "{flag}"),
            Self::Literal(value) => write!(f, "{value}"),
            Self::Path(path) => write!(f, "{path}{}", length(path.subject.queue())),
            Self::InHand(thing) => write!(f, "{thing}{}", length(thing.queue())),
            Self::Not(inner) => {
                f.write_str("!")?;
                inner.write(f, Binding::Operand)
            }
            Self::And(left, right) => {
                left.write(f, Binding::And)?;
                f.write_str(" && ")?;
                right.write(f, Binding::Not)
            }
            Self::Or(left, right) => {
                left.write(f, Binding::Or)?;
                f.write_str(" || ")?;
                right.write(f, Binding::And)
            }
            Self::Compare(comparison, left, right) => {
                left.write(f, Binding::Operand)?;
                write!(f, " {} ", comparison.sign())?;
                right.write(f, Binding::Operand)
            }
            Self::Trend(trend, inner, _) => {
                inner.write(f, Binding::Operand)?;
                f.write_str(match trend {
                    Trend::Increases => " increases",
                    Trend::Decreases => " decreases",
                    Trend::Changes => " changes",
                })
            }
        }
    }
}
