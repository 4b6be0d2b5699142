//! Questions, or an answer, as a person looks at them: which row is selected, what is unfolded. Nothing of the run but what the
//! answer says.

use stack::lab::run::Moment;
use stack::lab::why::Input;

use crate::i18n::Words;
use crate::session::why::Item;

/// Questions, or an answer.
#[derive(Clone, Debug, Default)]
pub struct WhyView {
    /// The moment at which one asked: Esc leads back there.
    pub from: Moment,
    /// The branch of the session that it is about.
    pub branch: usize,
    /// The questions to choose from; empty where an answer is shown.
    pub items: Vec<Item>,
    /// The question.
    pub question: Words<String>,
    /// The answer in one sentence.
    pub verdict: Words<String>,
    /// Its links, the latest first.
    pub rows: Vec<WhyRow>,
    /// What was looked at in vain.
    pub looked_at: Vec<Words<String>>,
    /// The selected row, of those that are visible.
    pub selected: usize,
}

/// A link of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhyRow {
    /// Its moment.
    pub moment: Moment,
    /// The number of its step.
    pub step: u64,
    /// Its sentence.
    pub text: Words<String>,
    /// It came from outside.
    pub input: Option<Input>,
    /// What is folded into it.
    pub inner: Vec<Self>,
    /// Whether that is shown.
    pub unfolded: bool,
}

impl WhyView {
    /// The rows that are visible, each with its depth.
    #[must_use]
    pub fn visible(&self) -> Vec<(usize, &WhyRow)> {
        let mut found = Vec::new();
        gather(&self.rows, 0, &mut found);
        found
    }

    /// Unfolds or folds the selected row.
    pub fn unfold(&mut self, unfolded: bool) {
        let mut left = self.selected;
        set(&mut self.rows, &mut left, unfolded);
    }
}

fn gather<'a>(rows: &'a [WhyRow], depth: usize, found: &mut Vec<(usize, &'a WhyRow)>) {
    for row in rows {
        found.push((depth, row));
        if row.unfolded {
            gather(&row.inner, depth + 1, found);
        }
    }
}

/// Sets the row that stands so far below the first of the visible ones; says whether it was among these.
fn set(rows: &mut [WhyRow], left: &mut usize, unfolded: bool) -> bool {
    for row in rows {
        if *left == 0 {
            row.unfolded = unfolded && !row.inner.is_empty();
            return true;
        }
        *left -= 1;
        if row.unfolded && set(&mut row.inner, left, unfolded) {
            return true;
        }
    }
    false
}
