//! Texts of /proc/net recorded beside a scene, `NAME.igmp.txt`, `NAME.ip_block.txt` and so on: what `sockscope trace --proc`
//! prints at its end. They show what no frame and no event does, the order of rules and the counters. Promise: a text that
//! differs is named with its file, its line and both readings, and so is one that the scene's kernel does not have.

use std::fs;
use std::path::Path;

use stack::include::config::BuildOption;
use stack::kernel::Kernel;

use super::record::beside;
use crate::i18n::Lang;
use crate::picture::proc_net::ProcFile;
use crate::refusal::{Refusal, harmless};

/// The largest text, in bytes; those of a kernel full of rules and socks have a few hundred thousand.
const LARGEST: u64 = 16 << 20;

/// The one file of 1.2.13's /proc/net that no kernel here has: it lists the sockets of AF_UNIX.
const NOT_HERE: &str = "unix";

/// The texts recorded beside a scene.
#[must_use]
pub fn recorded(scene: &Path) -> Vec<ProcFile> {
    ProcFile::ALL.iter().copied().filter(|file| beside(scene, &ending(*file)).exists()).collect()
}

fn ending(file: ProcFile) -> String {
    format!("{}.txt", file.name())
}

/// What differs between the texts beside a scene and those of a kernel, each in three lines; empty if nothing does.
///
/// # Errors
/// A text is there but cannot be read.
pub fn differences(scene: &Path, kernel: &Kernel, lang: Lang) -> Result<Vec<String>, Refusal> {
    let mut lines = Vec::new();
    let foreign = beside(scene, &format!("{NOT_HERE}.txt"));
    if foreign.exists() {
        let shown = harmless(&foreign.display().to_string());
        lines.push(match lang {
            Lang::En => format!("{shown}: no kernel here has /proc/net/{NOT_HERE}: there are no sockets of AF_UNIX"),
            Lang::Zh => format!("{shown}: 这里的内核都没有 /proc/net/{NOT_HERE}：没有 AF_UNIX 套接字"),
        });
    }
    for file in recorded(scene) {
        let path = beside(scene, &ending(file));
        let shown = harmless(&path.display().to_string());
        if !ProcFile::of(kernel).contains(&file) {
            lines.push(absent(&shown, file, lang));
            continue;
        }
        if let Some((line, expected, actual)) = first_difference(&read(&path, &shown)?, &file.text(kernel)) {
            let name = file.name();
            lines.push(match lang {
                Lang::En => format!("{shown}:{line}: /proc/net/{name} reads otherwise at the end of the scene"),
                Lang::Zh => format!("{shown}:{line}: 场景结束时 /proc/net/{name} 的内容不同"),
            });
            let nothing = || String::from(if lang == Lang::En { "(nothing)" } else { "(无)" });
            lines.push(format!("expected  {}", expected.unwrap_or_else(nothing)));
            lines.push(format!("actual    {}", actual.unwrap_or_else(nothing)));
        }
    }
    Ok(lines)
}

/// Why a kernel cannot have a text.
fn absent(shown: &str, file: ProcFile, lang: Lang) -> String {
    let (name, option) = (file.name(), file.option().map_or("", BuildOption::word));
    match lang {
        Lang::En => format!("{shown}: the scene's kernel has no /proc/net/{name}: it is built without \"{option}\""),
        Lang::Zh => format!("{shown}: 该场景的内核没有 /proc/net/{name}：它没有编入“{option}”"),
    }
}

fn read(path: &Path, shown: &str) -> Result<String, Refusal> {
    let refuse =
        |english: &str, chinese: &str| Refusal::usage(format!("{shown}: {english}"), format!("{shown}：{chinese}"));
    if fs::metadata(path).is_ok_and(|about| about.len() > LARGEST) {
        return Err(refuse("larger than 16 MiB: no text of /proc/net is", "超过 16 MiB：/proc/net 的文本不会这么大"));
    }
    fs::read_to_string(path).map_err(|error| refuse(&format!("cannot be read: {error}"), &format!("无法读取：{error}")))
}

/// The number of the first line that differs, and both readings of it; the end of a text is a line without anything.
fn first_difference(expected: &str, actual: &str) -> Option<(usize, Option<String>, Option<String>)> {
    let (mut expected, mut actual) = (expected.split('\n'), actual.split('\n'));
    for line in 1.. {
        match (expected.next(), actual.next()) {
            (None, None) => return None,
            (expected, actual) if expected == actual => {}
            (expected, actual) => return Some((line, expected.map(str::to_owned), actual.map(str::to_owned))),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_differs_is_found() {
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(first_difference("a\nb\n", "a\nc\n"), Some((2, text("b"), text("c"))));
        assert_eq!(first_difference("a\nb\n", "a\n"), Some((2, text("b"), text(""))));
        assert_eq!(first_difference("a\n", "a"), Some((2, text(""), None)), "also the end of the last line");
        assert_eq!(first_difference("", "\t"), Some((1, text(""), text("\t"))));
    }
}
