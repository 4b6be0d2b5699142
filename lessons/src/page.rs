//! The page that a lesson is read on: how wide and how high it is on every screen, and how words are broken on it.
//!
//! Promise: the linter ([`check`](mod@crate::check)) and the screens break words by the same [`wrap`], so that what passes the one
//! fits on the other.

use std::borrow::Cow;

use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};

/// Cells of a line: 80 less the border and a blank on each side. Longer lines are not read without losing them.
pub const PAGE_CELLS: u16 = 76;

/// Rows of a page: what a screen of 80x24 leaves for it when the panes beside it are to say something.
pub const PAGE_ROWS: u16 = 8;

/// Cells of an answer after the reveal: a label stands before it, a mark behind it.
pub const ANSWER_CELLS: u16 = 48;

/// Cells of an option, behind its mark and its letter.
pub const OPTION_CELLS: u16 = PAGE_CELLS - 5;

/// Cells of a step that is to be ordered: a number stands before it, the learner's own place behind it.
pub const STEP_CELLS: u16 = PAGE_CELLS - 10;

/// Breaks `text` into lines of at most `width` cells (at least 2) by the rules of Unicode (UAX 14): at blanks, between Chinese
/// characters, never before a stop or after an opening bracket. A word that is longer than a line is cut.
#[must_use]
pub fn wrap(text: &str, width: u16) -> Vec<String> {
    let options = Options::new(usize::from(width.max(2)))
        .word_separator(WordSeparator::UnicodeBreakProperties)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit);
    text.lines().flat_map(|paragraph| textwrap::wrap(paragraph, &options)).map(Cow::into_owned).collect()
}
