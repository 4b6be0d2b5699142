//! Where 1.2.13 differs from what RFC 793, RFC 1122 or a modern kernel do: the list is read out of the code itself, from
//! the `Kept:` paragraphs of its documentation, so that it can neither lag behind nor promise what is not there. Each
//! entry names the scenes that show it. Their Chinese stands in `chinese`, because sources are written in English.

pub mod chinese;

use crate::source::SOURCES;
use crate::words::Lang;

/// The word that opens a paragraph about an oddity that was kept on purpose.
const MARK: &str = "Kept: ";

/// One way in which 1.2.13 differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The function that behaves so, by its name in the original where it has one.
    pub function: String,
    /// File of the original.
    pub file: &'static str,
    /// Paragraph of the RFC that the function implements, or empty.
    pub rfc: String,
    /// What it does, in English, with back quotes around code.
    pub text: String,
    /// The same in Chinese; empty for a source that is not ours.
    pub chinese: &'static str,
    /// Scenes that show it, as `group/name` below the golden scenes or `assets/scenes`.
    pub scenes: Vec<String>,
    /// Our source file, from the root of the workspace.
    pub source: &'static str,
    /// Line of the word `Kept:`, from 1.
    pub line: usize,
}

impl Difference {
    /// What it does, in the language of the reader.
    #[must_use]
    pub fn in_words(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.text,
            Lang::Zh => self.chinese,
        }
    }
}

/// All differences in the order of the sources.
#[must_use]
pub fn differences() -> Vec<Difference> {
    SOURCES.iter().flat_map(|(path, text)| of_source(path, text)).collect()
}

/// The differences that one source tells.
#[must_use]
pub fn of_source(path: &'static str, text: &'static str) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut item = Item::default();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if let Some(words) = line.strip_prefix("///") {
            item.documentation.push((index + 1, words.trim()));
        } else if line.starts_with("#[") {
            item.attribute = item.attribute.or_else(|| line.strip_prefix("#[kfn("));
        } else {
            found.extend(item.differences(path, text, line));
            item = Item::default();
        }
    }
    found
}

/// What stands above a line of code.
#[derive(Default)]
struct Item {
    /// Lines of documentation with their numbers.
    documentation: Vec<(usize, &'static str)>,
    /// The arguments of `#[kfn(...)]`.
    attribute: Option<&'static str>,
}

impl Item {
    /// The differences that the documentation tells of the item declared on `line`.
    fn differences(&self, path: &'static str, source: &'static str, line: &str) -> Vec<Difference> {
        let paragraphs = self.documentation.split(|(_, words)| words.is_empty());
        let kept = paragraphs.filter_map(|paragraph| {
            let (number, _) = paragraph.iter().find(|(_, words)| words.contains(MARK.trim_end()))?;
            let whole: Vec<&str> = paragraph.iter().map(|(_, words)| *words).collect();
            let whole = whole.join(" ");
            let (_, text) = whole.split_once(MARK)?;
            Some((*number, text.to_owned()))
        });
        let difference = |(number, text): (usize, String)| {
            let function = self.cited().map_or_else(|| declared(line), |(_, name)| name.to_owned());
            let scenes = scenes(&text);
            Difference {
                file: self.file(source),
                rfc: self.rfc(),
                chinese: chinese::of(&function, scenes.first()).unwrap_or_default(),
                function,
                scenes,
                text,
                source: path,
                line: number,
            }
        };
        kept.map(difference).collect()
    }

    /// The citation `net/inet/tcp.c:tcp_close` of the documentation, in its two parts.
    fn cited(&self) -> Option<(&'static str, &'static str)> {
        self.documentation.iter().flat_map(|(_, words)| words.split([' ', ',', '(', ')'])).find_map(|word| {
            let (file, name) = word.trim_matches('`').split_once(':')?;
            let name = name.trim_end_matches(['.', ',', ';']);
            let original = [".c", ".h", ".S"].iter().any(|ending| file.ends_with(ending)) && file.contains('/');
            (original && !name.is_empty()).then_some((file, name))
        })
    }

    /// The file of the original: cited by the attribute, by the documentation, or by the source's first kernel function.
    fn file(&self, source: &'static str) -> &'static str {
        let quoted = |attribute: &'static str| attribute.split('"').nth(1);
        let attribute = self.attribute.and_then(quoted);
        let first = || source.split_once("\n#[kfn(").and_then(|(_, rest)| quoted(rest));
        attribute.or_else(|| self.cited().map(|(file, _)| file)).or_else(first).unwrap_or("")
    }

    /// The RFC as the attribute gives it, or as the documentation names it.
    fn rfc(&self) -> String {
        let attribute = self.attribute.and_then(|words| words.split_once("rfc = \"")?.1.split('"').next());
        attribute.map(str::to_owned).unwrap_or_default()
    }
}

/// The name that a line declares.
fn declared(line: &str) -> String {
    let behind = ["fn ", "struct ", "const ", "static "].iter().find_map(|word| Some(line.split_once(word)?.1));
    behind.unwrap_or("").chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect()
}

/// The scenes named in parentheses: `(close/active)`, `` (`data/urg_in`, data/urg_out) ``, `(forward/basic: why)`.
fn scenes(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for part in text.split('(').skip(1) {
        let inside = part.split(')').next().unwrap_or("");
        for word in inside.split([' ', ',', ';']) {
            let word = word.trim_matches(['`', ':', '.']);
            let named = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            let scene = word.split_once('/').is_some_and(|(group, name)| named(group) && named(name));
            if scene && !found.iter().any(|known| known == word) {
                found.push(word.to_owned());
            }
        }
    }
    found
}
