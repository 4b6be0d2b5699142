//! A person's own copy of the source of Linux 1.2.13: a function is found in it by its name, in the file that ours cites.
//!
//! Nothing of it is part of this program: it is read where it lies, when it is asked for. Promise: whatever lies there is only ever
//! shown; what cannot be shown is said in one sentence with its place.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::i18n::Words;
use crate::picture::KernelCode;
use crate::refusal::{Refusal, harmless};

/// The largest file that is read: the largest of the kernel has a tenth of it.
const MOST_BYTES: u64 = 4 << 20;
/// Lines shown before and behind a function.
const AROUND: usize = 4;

/// A folder with the source, and the file of it that was read last.
#[derive(Clone, Debug, Default)]
pub struct KernelSource {
    folder: PathBuf,
    file: String,
    text: String,
}

impl KernelSource {
    /// The source in a folder.
    ///
    /// # Errors
    /// There is no such folder.
    pub fn of(folder: &Path) -> Result<Self, Refusal> {
        if folder.is_dir() {
            return Ok(Self { folder: folder.to_owned(), ..Self::default() });
        }
        let shown = harmless(&folder.display().to_string());
        Err(Refusal::usage(
            format!("--kernel-src: {shown} is no folder: name the one that holds net/ and kernel/ of Linux 1.2.13."),
            format!("--kernel-src：{shown} 不是文件夹：请给出含有 Linux 1.2.13 的 net/ 与 kernel/ 的文件夹。"),
        ))
    }

    /// A function of a file of the kernel, such as `tcp_connect` of `net/inet/tcp.c`; None where neither is named.
    pub fn function(&mut self, file: &str, name: &str) -> Option<KernelCode> {
        if file.is_empty() || name.is_empty() {
            return None;
        }
        let path = self.folder.join(file);
        if self.file != file {
            match read(&path) {
                Ok(text) => (self.file, self.text) = (file.to_owned(), text),
                Err(why) => return Some(KernelCode::Missing(why)),
            }
        }
        let found = if file.ends_with(".S") { label(&self.text, name) } else { definition(&self.text, name) };
        let Some(Found { lines, name_line }) = found else {
            let shown = harmless(&path.display().to_string());
            return Some(KernelCode::Missing(Words::new(
                format!("there is no function {name} in {shown}: is this Linux 1.2.13?"),
                format!("{shown} 中没有函数 {name}：这是 Linux 1.2.13 吗？"),
            )));
        };
        let first = lines.start.saturating_sub(AROUND);
        let shown = self.text.lines().skip(first).take(lines.end + AROUND - first);
        Some(KernelCode::Found {
            file: file.to_owned(),
            first_line: first + 1,
            lines: shown.map(|line| line.replace('\t', "        ")).collect(),
            function: lines.start - first..lines.end - first,
            name: name_line - first,
        })
    }
}

/// The text of a file; a kernel of that age may have letters of other encodings in its comments.
fn read(path: &Path) -> Result<String, Words<String>> {
    let shown = harmless(&path.display().to_string());
    let told = |en: &str, zh: &str| {
        Words::new(
            format!("{shown} {en}: --kernel-src must name the folder that holds net/ and kernel/ of Linux 1.2.13."),
            format!("{shown} {zh}：--kernel-src 应给出含有 Linux 1.2.13 的 net/ 与 kernel/ 的文件夹。"),
        )
    };
    // A pipe or a device would keep the screen waiting.
    let about = fs::metadata(path).map_err(|_| told("is not there", "不存在"))?;
    if !about.is_file() {
        return Err(told("is no file", "不是文件"));
    }
    if about.len() > MOST_BYTES {
        return Err(told("is larger than any source of that kernel", "大于该内核的任何源文件"));
    }
    let bytes = fs::read(path).map_err(|_| told("cannot be read", "无法读取"))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Where a function stands: its lines, counted from 0, and the line of its name.
#[derive(Debug, PartialEq, Eq)]
struct Found {
    lines: Range<usize>,
    name_line: usize,
}

/// The definition of a function in C: its name outside every block, a list in parentheses, and a block behind it.
fn definition(text: &str, name: &str) -> Option<Found> {
    let code = without_comments(text);
    let bytes = code.as_bytes();
    let (mut depth, mut at, mut begun) = (0usize, 0, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'{' => depth = if is_line_start(bytes, at) { 1 } else { depth + 1 },
            b'}' => {
                depth = if is_line_start(bytes, at) { 0 } else { depth.saturating_sub(1) };
                if depth == 0 {
                    begun = at + 1;
                }
            }
            b';' if depth == 0 => begun = at + 1,
            _ if depth == 0 && is_word(&code, at, name) => {
                if let Some(end) = block_behind(bytes, at + name.len()) {
                    let head =
                        begun + bytes.get(begun..at)?.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
                    return Some(Found {
                        lines: line_of(text, head)..line_of(text, end) + 1,
                        name_line: line_of(text, at),
                    });
                }
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// Whether a brace stands at the beginning of its line: then it begins or ends a function, whatever the halves of an `#ifdef` have
/// left open.
fn is_line_start(bytes: &[u8], at: usize) -> bool {
    at.checked_sub(1).is_none_or(|before| bytes.get(before) == Some(&b'\n'))
}

/// The place of the brace that ends the block of a definition; None where no list and block follow.
fn block_behind(bytes: &[u8], from: usize) -> Option<usize> {
    let list = skip_blank(bytes, from);
    let behind = skip_blank(bytes, closing(bytes, list, (b'(', b')'))? + 1);
    closing(bytes, behind, (b'{', b'}'))
}

fn skip_blank(bytes: &[u8], from: usize) -> usize {
    from + bytes.get(from..).unwrap_or(&[]).iter().take_while(|byte| byte.is_ascii_whitespace()).count()
}

/// The place that closes what opens at `from`.
fn closing(bytes: &[u8], from: usize, (open, close): (u8, u8)) -> Option<usize> {
    if bytes.get(from) != Some(&open) {
        return None;
    }
    let mut depth = 0usize;
    for (place, byte) in bytes.iter().enumerate().skip(from) {
        if *byte == open {
            depth += 1;
        } else if *byte == close {
            depth -= 1;
            if depth == 0 || close == b'}' && is_line_start(bytes, place) {
                return Some(place);
            }
        }
    }
    None
}

fn is_word(code: &str, at: usize, name: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let bytes = code.as_bytes();
    let before = at.checked_sub(1).and_then(|before| bytes.get(before)).is_some_and(|byte| letter(*byte));
    let behind = bytes.get(at + name.len()).is_some_and(|byte| letter(*byte));
    bytes.get(at..).is_some_and(|rest| rest.starts_with(name.as_bytes())) && !before && !behind
}

/// The number of the line of a place in a text, counted from 0. Blanked text has its bytes where the original has them.
fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count()
}

/// What a reader of C is in the middle of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Code,
    Comment,
    Text(u8),
    /// A line of the preprocessor: its braces balance nothing.
    Directive,
}

/// The text with everything blanked that is no code: comments, strings, characters, lines of the preprocessor.
fn without_comments(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut code = Vec::with_capacity(bytes.len());
    let mut inside = Inside::Code;
    let (mut at, mut line_is_blank) = (0, true);
    while let Some(byte) = bytes.get(at) {
        let next = bytes.get(at + 1).copied();
        let pair = match (inside, byte, next) {
            (Inside::Code | Inside::Directive, b'/', Some(b'*')) => {
                inside = Inside::Comment;
                true
            }
            (Inside::Comment, b'*', Some(b'/')) => {
                inside = Inside::Code;
                true
            }
            (Inside::Text(_) | Inside::Directive, b'\\', Some(_)) => true,
            _ => false,
        };
        if pair {
            code.extend(bytes.iter().skip(at).take(2).map(|byte| if *byte == b'\n' { b'\n' } else { b' ' }));
            at += 2;
            continue;
        }
        let kept = match (inside, byte) {
            (_, b'\n') => true,
            (Inside::Code, b'#') if line_is_blank => {
                inside = Inside::Directive;
                false
            }
            (Inside::Code, b'"' | b'\'') => {
                inside = Inside::Text(*byte);
                false
            }
            (Inside::Text(end), byte) if end == *byte => {
                inside = Inside::Code;
                false
            }
            (Inside::Code, byte) => byte.is_ascii(),
            (Inside::Comment | Inside::Text(_) | Inside::Directive, _) => false,
        };
        line_is_blank = *byte == b'\n' || line_is_blank && byte.is_ascii_whitespace();
        if *byte == b'\n' && matches!(inside, Inside::Directive | Inside::Text(_)) {
            inside = Inside::Code;
        }
        code.push(if kept { *byte } else { b' ' });
        at += 1;
    }
    String::from_utf8_lossy(&code).into_owned()
}

/// A label of an assembler file, which the compilers of that time begin with an underscore, up to the next one that does.
fn label(text: &str, name: &str) -> Option<Found> {
    let lines: Vec<&str> = text.lines().collect();
    let is_own = |line: &&str| {
        [format!("_{name}:"), format!("{name}:"), format!("ENTRY({name})")]
            .iter()
            .any(|own| line.starts_with(own.as_str()))
    };
    let start = lines.iter().position(is_own)?;
    let is_next = |line: &&str| (line.starts_with('_') && line.contains(':')) || line.starts_with("ENTRY(");
    let behind = lines.iter().skip(start + 1).position(is_next).map_or(lines.len(), |next| start + 1 + next);
    // The directives and blank lines before the next label belong to that one.
    let own =
        lines.get(start..behind)?.iter().rposition(|line| !line.trim().is_empty() && !line.trim().starts_with('.'));
    Some(Found { lines: start..start + own.unwrap_or(0) + 1, name_line: start })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"/* count(); stands in a comment { */
#define OPEN { \
	count(1)
extern int count(int number);
static char *brace = "}{";

static int
count(int number)	/* the one { */
{
	if (number == '{') return count(number - 1);
	return 0;
}

int recount(void) { return count(2); }
"#;

    #[test]
    fn a_function_is_found_by_its_definition_and_not_by_its_calls() {
        assert_eq!(definition(TEXT, "count"), Some(Found { lines: 6..12, name_line: 7 }));
        assert_eq!(definition(TEXT, "recount"), Some(Found { lines: 13..14, name_line: 13 }));
        assert_eq!(definition(TEXT, "brace"), None);
        assert_eq!(definition(TEXT, "oun"), None);
    }

    #[test]
    fn the_halves_of_an_ifdef_may_open_one_block_twice() {
        let text = "int one(void)\n{\n#ifdef A\n\tif (a) {\n#else\n\tif (b) {\n#endif\n\t}\n}\n\nint two(void)\n{\n}\n";
        assert_eq!(definition(text, "one"), Some(Found { lines: 0..9, name_line: 0 }));
        assert_eq!(definition(text, "two"), Some(Found { lines: 10..13, name_line: 10 }));
    }

    #[test]
    fn a_label_reaches_to_the_next_one() {
        let text = "nothing\n.align 4\n_first:\n\tpushl %eax\n1:\tiret\n\n.align 4\n_second:\n\tret\n";
        assert_eq!(label(text, "first"), Some(Found { lines: 2..5, name_line: 2 }));
        assert_eq!(label(text, "second"), Some(Found { lines: 7..9, name_line: 7 }));
        assert_eq!(label(text, "third"), None);
    }

    #[test]
    fn whatever_lies_there_is_read_without_a_panic() {
        for text in ["", "/*", "\"", "f(", "f() {", "é f() {}", "}}} f() {}", "#f() {}"] {
            for name in ["f", "\"", "{"] {
                let _ = (definition(text, name), label(text, name));
            }
        }
        assert_eq!(definition("}}} f() {}", "f"), Some(Found { lines: 0..1, name_line: 0 }));
    }
}
