//! Why an expression or a place cannot be read: a column and a sentence in two languages.

use core::fmt;

use crate::lab::script::error::quoted;
use crate::words::Words;

/// Why a text cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    /// Column in characters, from 1.
    pub column: u32,
    /// What is wrong and what to do.
    pub message: Words<String>,
}

impl QueryError {
    /// An error at a column.
    #[must_use]
    pub fn new(column: u32, en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { column, message: Words::new(en.into(), zh.into()) }
    }

    /// "expected X, found Y"; the English and Chinese name of what was wanted.
    #[must_use]
    pub fn expected(column: u32, english: &str, chinese: &str, found: &str) -> Self {
        let (end, shown) = (found.is_empty(), quoted(found));
        let (found_english, found_chinese) = if end { ("the end", "结尾") } else { (shown.as_str(), shown.as_str()) };
        Self::new(
            column,
            format!("expected {english}, found {found_english}"),
            format!("此处应为{chinese}，实为 {found_chinese}"),
        )
    }

    /// A name that is none of those that may stand here; the list is given.
    #[must_use]
    pub fn unknown(column: u32, english: &str, chinese: &str, found: &str, known: &[&str]) -> Self {
        let near = Self::nearest(found, known);
        let found = quoted(found);
        let (list, list_chinese) = match near {
            Some(name) => (format!("did you mean {name}?"), format!("是否想写 {name}？")),
            None => (format!("it is one of {}", known.join(", ")), format!("可用的有 {}", known.join("、"))),
        };
        Self::new(column, format!("{found} is no {english}; {list}"), format!("{found} 不是{chinese}；{list_chinese}"))
    }

    /// The name that was probably meant: at most two letters away, and fewer than half of what was written.
    #[must_use]
    pub fn nearest<'a>(found: &str, known: &[&'a str]) -> Option<&'a str> {
        let letters = found.chars().count();
        if letters > 40 {
            return None;
        }
        let far = |name: &&'a str| (distance(found, name), *name);
        known.iter().map(far).filter(|(far, _)| *far <= 2 && far * 2 < letters.max(3)).min().map(|(_, name)| name)
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "column {}: {}", self.column, self.message.en)
    }
}

impl std::error::Error for QueryError {}

/// Letters to insert, remove or replace between two words.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().flat_map(char::to_lowercase).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().flat_map(char::to_lowercase).enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let cell = |line: &[usize], at: usize| line.get(at).copied().unwrap_or(usize::MAX - 1);
            let best = (cell(&row, j) + usize::from(x != *y)).min(cell(&row, j + 1) + 1).min(cell(&next, j) + 1);
            next.push(best);
        }
        row = next;
    }
    row.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_two_letters_is_recognised() {
        assert_eq!(QueryError::nearest("recieve_queue", &["state", "receive_queue"]), Some("receive_queue"));
        assert_eq!(QueryError::nearest("colour", &["state", "receive_queue"]), None);
    }
}
