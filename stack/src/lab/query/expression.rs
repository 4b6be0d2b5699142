//! Expressions as plain data.

use core::fmt;

use super::error::QueryError;
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
            Self::Literal(_) | Self::Path(_) => false,
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
            Self::Literal(_) => Vec::new(),
            Self::Path(path) => vec![path],
            Self::Not(inner) | Self::Trend(_, inner, _) => inner.paths(),
            Self::And(left, right) | Self::Or(left, right) | Self::Compare(_, left, right) => {
                let mut paths = left.paths();
                paths.extend(right.paths());
                paths
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

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(Value::Text(text)) => write!(f, "\"{text}\""),
            Self::Literal(Value::State(state)) => f.write_str(state.name()),
            Self::Literal(value) => write!(f, "{value}"),
            Self::Path(path) => write!(f, "{path}"),
            Self::Not(inner) => write!(f, "!({inner})"),
            Self::And(left, right) => write!(f, "({left} && {right})"),
            Self::Or(left, right) => write!(f, "({left} || {right})"),
            Self::Compare(comparison, left, right) => {
                operand(f, left)?;
                write!(f, " {} ", comparison.sign())?;
                operand(f, right)
            }
            Self::Trend(trend, inner, _) => {
                operand(f, inner)?;
                let word = match trend {
                    Trend::Increases => "increases",
                    Trend::Decreases => "decreases",
                    Trend::Changes => "changes",
                };
                write!(f, " {word}")
            }
        }
    }
}

/// What stands beside a comparison or trend: in parentheses where it is more than a name or value.
fn operand(f: &mut fmt::Formatter<'_>, expression: &Expression) -> fmt::Result {
    match expression {
        Expression::Compare(..) | Expression::Trend(..) | Expression::Not(_) => write!(f, "({expression})"),
        Expression::Literal(_) | Expression::Path(_) | Expression::And(..) | Expression::Or(..) => {
            write!(f, "{expression}")
        }
    }
}
