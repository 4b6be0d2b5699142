//! Laying something beside what is under the cursor: another branch, another step, a mark, or a run from a file.

use std::path::Path;

use super::Session;
use super::answer::Refused;
use crate::i18n::{Lang, Message};
use crate::open;
use crate::picture::comparison::Comparison;

/// What is laid beside the run under the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CompareWith {
    /// A branch, by its number from 1.
    Branch(usize),
    /// A step of the same branch, by its number.
    Step(u64),
    /// A mark.
    Mark(char),
    /// A scene, capture or recording.
    File(String),
}

impl CompareWith {
    /// What a person has typed: `branch 2`, `step 36`, `mark a`, anything else is a file. A number alone is a step.
    #[must_use]
    pub fn read(typed: &str) -> Self {
        let typed = typed.trim();
        let mut words = typed.split_whitespace();
        match (words.next(), words.next(), words.next()) {
            (Some("branch" | "分支"), Some(number), None) => {
                number.parse().map_or_else(|_| file(typed), Self::Branch)
            }
            (Some("step" | "步"), Some(number), None) => number.parse().map_or_else(|_| file(typed), Self::Step),
            (Some("mark" | "标记"), Some(letter), None) => {
                let mut letters = letter.chars();
                match (letters.next(), letters.next()) {
                    (Some(letter), None) => Self::Mark(letter),
                    _ => file(typed),
                }
            }
            (Some(number), None, None) => number.parse().map_or_else(|_| file(typed), Self::Step),
            _ => file(typed),
        }
    }
}

fn file(typed: &str) -> CompareWith {
    CompareWith::File(typed.to_owned())
}

impl Session {
    /// Compares the branch under the cursor with another run, or the present moment with another one. The left side is the other
    /// branch, the earlier step or the file; the right side is here.
    ///
    /// # Errors
    /// There is nothing of that name, or the file cannot be opened; while a question is open nothing is compared.
    pub fn compare(&mut self, with: &CompareWith, lang: Lang) -> Result<Comparison, Refused> {
        if self.branch_mut().origin.hides_from().is_some() {
            return Err(Refused::Hidden);
        }
        match with {
            CompareWith::Branch(number) => {
                let other = number.checked_sub(1).filter(|index| *index < self.branches.len());
                let other = other.filter(|index| *index != self.branch).ok_or(Refused::NoOtherBranch(*number))?;
                let (left, right) = (self.title_of(other, lang), self.title_of(self.branch, lang));
                // As far as each will go by itself, so that their ends are of one time.
                for index in [other, self.branch] {
                    if let Some(branch) = self.branches.get_mut(index) {
                        branch.origin.run_mut().play(super::lab::FIRST_TURNS);
                    }
                }
                let run = |index: usize| self.branches.get(index).map(|branch| branch.origin.run());
                let runs = run(other).zip(run(self.branch)).ok_or(Refused::NoOtherBranch(*number))?;
                Ok(Comparison::of_runs((&left, runs.0), (&right, runs.1), lang))
            }
            CompareWith::Step(step) => {
                let moment = self.branch_mut().moment(*step);
                self.moments(moment, lang)
            }
            CompareWith::Mark(letter) => {
                let (branch, moment) = self.marks.get(letter).copied().ok_or(Refused::NoMark(*letter))?;
                if branch != self.branch {
                    return Err(Refused::NoMark(*letter));
                }
                self.moments(moment, lang)
            }
            CompareWith::File(path) => {
                let opened = open::open(Some(Path::new(path)), 1);
                let mut other = opened.map_err(|refusal| Refused::Place(refusal.text(lang).to_owned()))?.run;
                other.play(super::lab::FIRST_TURNS);
                let right = self.title_of(self.branch, lang);
                let here =
                    self.branches.get(self.branch).map(|branch| branch.origin.run()).ok_or(Refused::NothingSelected)?;
                Ok(Comparison::of_runs((path, &other), (&right, here), lang))
            }
        }
    }

    /// The machines at another moment of the same branch and at the present one, the earlier on the left.
    fn moments(&mut self, other: super::Moment, lang: Lang) -> Result<Comparison, Refused> {
        let here = self.moment();
        let (first, last) = (other.min(here), other.max(here));
        let branch = self.branch_mut();
        let name = |number: u64| Message::StepNamed.fill(lang, &[&number.to_string()]);
        let names = (name(branch.number(first)), name(branch.number(last)));
        let run = branch.origin.run_mut();
        let (left, right) = (run.seek(first).world, run.seek(last).world);
        Ok(Comparison::of_worlds((&names.0, &left), (&names.1, &right)))
    }

    fn title_of(&self, branch: usize, lang: Lang) -> String {
        let number = (branch + 1).to_string();
        match self.branch_name(branch, lang) {
            Some(what) => Message::BranchNamed.fill(lang, &[&number, &what]),
            None => Message::BranchNamed.fill(lang, &[&number, Message::BranchFirst.text(lang)]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_names_a_branch_a_step_a_mark_or_a_file() {
        for (typed, expected) in [
            ("branch 2", CompareWith::Branch(2)),
            (" step  36 ", CompareWith::Step(36)),
            ("36", CompareWith::Step(36)),
            ("mark a", CompareWith::Mark('a')),
            ("分支 3", CompareWith::Branch(3)),
            ("branch two", CompareWith::File("branch two".to_owned())),
            ("a b c.pkt", CompareWith::File("a b c.pkt".to_owned())),
        ] {
            assert_eq!(CompareWith::read(typed), expected, "{typed}");
        }
    }
}
