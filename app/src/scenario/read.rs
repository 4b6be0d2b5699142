//! Reading the text of a scene: a script or a frame scenario, of a size that a person could have written. Promise: whatever is
//! wrong with it is said in one sentence with its line.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use stack::lab::conformance::Failure;
use stack::lab::script::ast::ScriptOption;
use stack::lab::script::{Position, Script, parse_with};

use crate::refusal::Refusal;

/// The largest script that is read, in bytes.
const LARGEST: u64 = 4 << 20;

/// The script in `text`; `name` is its path as it may be shown.
///
/// # Errors
/// What is wrong with it and in which line, or that there is nothing in it.
pub fn script(text: &str, name: &str) -> Result<Script, Refusal> {
    script_with(text, name, &[], &[])
}

/// The same, in which words stand for something else (`NAME=VALUE`), and with options that override its own.
///
/// # Errors
/// The same, or a definition that is none.
pub fn script_with(
    text: &str,
    name: &str,
    definitions: &[String],
    options: &[(String, Option<String>)],
) -> Result<Script, Refusal> {
    let mut script = parse_with(text, definitions)
        .map_err(|error| at(name, error.position.line, &error.message.en, &error.message.zh))?;
    if script.lines.is_empty() {
        return Err(Refusal::usage(
            format!(
                "{name} is empty: a script has at least one line, such as `0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3`"
            ),
            format!("{name} 是空的：脚本至少要有一行，例如 `0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3`"),
        ));
    }
    // The last option of a name counts.
    let position = Position::default();
    script.options.extend(options.iter().cloned().map(|(name, value)| ScriptOption { position, name, value }));
    Ok(script)
}

/// The text of a script or scenario; `name` is its path as it may be shown.
///
/// # Errors
/// It cannot be read, is too large or no text.
pub fn read(path: &Path, name: &str) -> Result<String, Refusal> {
    let mut bytes = Vec::new();
    // A device or a pipe has no length to be asked for.
    let read = File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes));
    let length = u64::try_from(read.map_err(|error| unreadable(name, &error))?).unwrap_or(u64::MAX);
    if length > LARGEST {
        return Err(Refusal::usage(
            format!(
                "{name} has more than {LARGEST} bytes, the most of a scene: is it a capture? (sockscope replay opens those)"
            ),
            format!("{name} 超过 {LARGEST} 字节，场景不能更大：这是抓包文件吗？（用 sockscope replay 打开）"),
        ));
    }
    String::from_utf8(bytes).or_else(|error| {
        // Comments of old scripts are Latin-1; a file with control characters is no text of anybody.
        let foreign = |byte: &u8| byte.is_ascii_control() && !byte.is_ascii_whitespace();
        let is_script = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("pkt"));
        if is_script && !error.as_bytes().iter().any(foreign) {
            return Ok(error.as_bytes().iter().copied().map(char::from).collect());
        }
        let at = error.utf8_error().valid_up_to();
        Err(Refusal::usage(
            format!(
                "{name} is not a text file (byte {at} is not UTF-8): a scene is a .pkt script or a .json frame scenario"
            ),
            format!("{name} 不是文本文件（第 {at} 字节不是 UTF-8）：场景是 .pkt 脚本或 .json 帧场景"),
        ))
    })
}

/// What is said of a file that cannot be read.
fn unreadable(name: &str, error: &std::io::Error) -> Refusal {
    Refusal::usage(
        format!("{name} cannot be read: {error}; check the path"),
        format!("无法读取 {name}：{error}；请检查路径"),
    )
}

/// One sentence about a line of a scene.
#[must_use]
pub fn at(name: &str, line: u32, english: &str, chinese: &str) -> Refusal {
    Refusal::usage(format!("{name}:{line}: {english}"), format!("{name}:{line}: {chinese}"))
}

/// What cannot be run of a script, as one sentence with its line.
#[must_use]
pub fn of_failure(name: &str, failure: &Failure) -> Refusal {
    at(name, failure.position.line, &failure.message.en, &failure.message.zh)
}
