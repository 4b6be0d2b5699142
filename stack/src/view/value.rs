//! Values of fields, and how a view is declared: once, with the words that explain each field.

use std::borrow::Cow;
use std::fmt;

use crate::include::in_addr::InAddr;
use crate::include::seq::Seq;
use crate::include::tcp::TcpState;

/// A value of a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Value {
    /// A number.
    Int(i64),
    /// A flag.
    Bool(bool),
    /// A word, already free of control characters.
    Text(Cow<'static, str>),
    /// An address.
    Address(InAddr),
    /// A sequence number.
    Seq(Seq),
    /// A TCP state.
    State(TcpState),
    /// A null pointer.
    #[default]
    Null,
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(number) => write!(f, "{number}"),
            Self::Bool(flag) => write!(f, "{}", u8::from(*flag)),
            Self::Text(text) => f.write_str(text),
            Self::Address(address) => write!(f, "{address}"),
            Self::Seq(seq) => write!(f, "{}", seq.0),
            Self::State(state) => write!(f, "TCP_{}", state.name()),
            Self::Null => f.write_str("NULL"),
        }
    }
}

macro_rules! from {
    ($($t:ty, $value:ident => $e:expr;)*) => {
        $(impl From<$t> for Value { fn from($value: $t) -> Self { $e } })*
    };
}
from! {
    bool, value => Self::Bool(value);
    u8, value => Self::Int(value.into());
    u16, value => Self::Int(value.into());
    u32, value => Self::Int(value.into());
    i16, value => Self::Int(value.into());
    i32, value => Self::Int(value.into());
    u64, value => Self::Int(value as i64);
    usize, value => Self::Int(value as i64);
    String, value => Self::Text(Cow::Owned(value));
    &'static str, value => Self::Text(Cow::Borrowed(value));
    InAddr, value => Self::Address(value);
    Seq, value => Self::Seq(value);
    TcpState, value => Self::State(value);
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// Declares a view: `view! { /// doc  Name { field: type, "english", "chinese"; ... } }`.
#[macro_export]
macro_rules! view {
    ($(#[$meta:meta])* $name:ident { $($field:ident: $kind:ty, $en:literal, $zh:literal;)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name { $(#[doc = $en] pub $field: $kind,)* }

        impl $name {
            /// Names of the fields in order of display.
            pub const FIELDS: &'static [&'static str] = &[$(stringify!($field)),*];

            /// All fields as (name, value).
            #[must_use]
            pub fn fields(&self) -> Vec<(&'static str, $crate::view::Value)> {
                vec![$((stringify!($field), $crate::view::Value::from(self.$field.clone())),)*]
            }

            /// One field by name.
            #[must_use]
            pub fn field(&self, name: &str) -> Option<$crate::view::Value> {
                match name { $(stringify!($field) => Some($crate::view::Value::from(self.$field.clone())),)* _ => None }
            }

            /// What a field means.
            #[must_use]
            pub fn explain(name: &str) -> Option<$crate::words::Words> {
                match name {
                    $(stringify!($field) => Some($crate::words::Words::new($en, $zh)),)*
                    _ => None,
                }
            }

            /// Names of the fields in which two views differ.
            #[must_use]
            pub fn changed(&self, before: &Self) -> Vec<&'static str> {
                let mut names = Vec::new();
                $(if self.$field != before.$field { names.push(stringify!($field)); })*
                names
            }
        }
    };
}
