//! Why a scene cannot be run at all: a place in the script and a sentence in two languages. A run that differs from
//! what the script expects is no failure but a result.

use crate::lab::script::Position;
use crate::lab::script::ast::ScriptOption;
use crate::lab::script::error::quoted;
use crate::words::Words;

/// Why a scene cannot be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Where in the script; line 0 where the scene as a whole is meant.
    pub position: Position,
    /// What is wrong.
    pub message: Words<String>,
}

impl Failure {
    /// A failure at a place.
    #[must_use]
    pub fn new(position: Position, en: impl Into<String>, zh: impl Into<String>) -> Self {
        Failure { position, message: Words::new(en.into(), zh.into()) }
    }

    /// An option that is unknown or has a value that does not fit.
    #[must_use]
    pub fn option(option: &ScriptOption) -> Self {
        let name = quoted(&option.name);
        let value = quoted(option.value.as_deref().unwrap_or(""));
        Failure::new(
            option.position,
            format!("option {name} with value {value} is not understood"),
            format!("无法理解选项 {name} 及其值 {value}"),
        )
    }

    /// A call that does not exist.
    #[must_use]
    pub fn call(position: Position, name: &str) -> Self {
        let name = quoted(name);
        Failure::new(
            position,
            format!("scripts make no system call {name}: take this line out"),
            format!("脚本中不能使用系统调用 {name}：请去掉这一行"),
        )
    }

    /// An argument of a call that cannot be turned into what C wants.
    #[must_use]
    pub fn argument(position: Position, call: &str, argument: &str) -> Self {
        let (call, argument) = (quoted(call), quoted(argument));
        Failure::new(
            position,
            format!("call {call}: the argument {argument} is not understood"),
            format!("系统调用 {call}：无法理解参数 {argument}"),
        )
    }

    /// A packet that cannot be built.
    #[must_use]
    pub fn packet(position: Position, reason: &str) -> Self {
        Failure::new(position, format!("this packet cannot be built: {reason}"), format!("无法构造该报文：{reason}"))
    }
}
