//! What is said about arguments that make no sense: one sentence in the language of the user, with the option, what is
//! expected, and where the examples are. Promise: nothing that was typed can drive the terminal.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Command;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

use super::output::delivered;
use crate::refusal::{Refusal, harmless};

/// Prints the help or version that was asked for.
///
/// # Errors
/// What is wrong with the arguments of `command`.
pub fn answer(error: Error, command: &Command) -> anyhow::Result<ExitCode> {
    if !error.use_stderr() {
        delivered(error.print())?;
        return Ok(ExitCode::SUCCESS);
    }
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let quiet = arguments.iter().map(|argument| OsString::from(harmless(&argument.to_string_lossy())));
    // The same arguments, made harmless, are wrong in the same way; what is said about them is harmless too.
    let error = command.clone().try_get_matches_from(quiet).err().filter(Error::use_stderr).unwrap_or(error);
    let asked = asked(command, &arguments);
    Err(refusal(&error, &asked).into())
}

/// The command whose help has the examples.
fn asked(command: &Command, arguments: &[OsString]) -> String {
    let words = arguments.iter().skip(1).filter_map(|word| word.to_str());
    let known = words.into_iter().find(|word| command.find_subcommand(word).is_some());
    known.map_or_else(|| "sockscope --help".to_owned(), |word| format!("sockscope {word} --help"))
}

fn refusal(error: &Error, help: &str) -> Refusal {
    let english = sentence(error);
    Refusal::usage(
        format!("{english}; examples: {help}."),
        format!("{}；示例见 {help}。", chinese(error).unwrap_or(english)),
    )
}

/// What the parser says, on one line: its first paragraph and its tip.
fn sentence(error: &Error) -> String {
    let rendered = error.render().to_string();
    let mut said = Vec::new();
    for (index, paragraph) in rendered.split("\n\n").enumerate() {
        let line = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
        let line = line.strip_prefix("error: ").unwrap_or(&line);
        if index == 0 || line.starts_with("tip:") {
            said.push(line.to_owned());
        }
    }
    said.iter().map(|line| harmless_line(line)).collect::<Vec<_>>().join("; ")
}

/// A line in which nothing is left that could drive a terminal; quotes stay as they are.
fn harmless_line(line: &str) -> String {
    line.chars().map(|character| if character.is_control() { '\u{fffd}' } else { character }).collect()
}

fn chinese(error: &Error) -> Option<String> {
    let of = |kind: ContextKind| error.get(kind).map(text).map(|text| harmless_line(&text));
    let argument = || of(ContextKind::InvalidArg);
    let value = || of(ContextKind::InvalidValue);
    Some(match error.kind() {
        ErrorKind::UnknownArgument => format!("没有参数“{}”", argument()?),
        ErrorKind::InvalidSubcommand => format!("没有命令“{}”", of(ContextKind::InvalidSubcommand)?),
        ErrorKind::MissingRequiredArgument => format!("缺少参数 {}", argument()?),
        ErrorKind::ArgumentConflict => {
            format!("参数“{}”与“{}”不能同时使用", argument()?, of(ContextKind::PriorArg)?)
        }
        ErrorKind::InvalidValue => {
            let choices = of(ContextKind::ValidValue).filter(|list| !list.is_empty());
            let choices = choices.map(|list| format!("，可选：{list}")).unwrap_or_default();
            match value().filter(|value| !value.is_empty()) {
                Some(value) => format!("参数“{}”的值“{value}”无效{choices}", argument()?),
                None => format!("参数“{}”需要一个值{choices}", argument()?),
            }
        }
        ErrorKind::ValueValidation => format!("参数“{}”的值“{}”无效", argument()?, value()?),
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("参数“{}”的值的个数不对", argument()?)
        }
        ErrorKind::NoEquals => format!("参数“{}”需要用“=”给出值", argument()?),
        ErrorKind::MissingSubcommand => "缺少命令".to_owned(),
        _ => return None,
    })
}

fn text(value: &ContextValue) -> String {
    match value {
        ContextValue::String(text) => text.clone(),
        ContextValue::Strings(list) => list.join("、"),
        other => other.to_string(),
    }
}
