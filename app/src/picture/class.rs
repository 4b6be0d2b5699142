//! What a class sees beside its lesson: the votes, how far the beat is shown, and the seconds since its question was put.

use super::Pane;

/// How far a beat is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClassPage {
    /// It is put: nothing is answered.
    #[default]
    Put,
    /// What the run made of it.
    Reveal,
    /// Why.
    Why,
}

/// One option of the question, as the class has voted on it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClassOption {
    /// The option.
    pub text: String,
    /// What is said about it; empty before the reveal.
    pub reply: String,
    /// Whether the run made it true; None before the reveal.
    pub holds: Option<bool>,
    /// How many voted for it, in each of the two rounds; None where nobody was counted.
    pub votes: [Option<u32>; 2],
}

/// A class that looks at the lesson.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClassPicture {
    /// How far the beat is shown.
    pub page: ClassPage,
    /// The pane that the beat looks at, whatever is shown of it.
    pub pane: Option<Pane>,
    /// The question that is voted on; empty where there is none.
    pub question: String,
    /// The options of its question, in order; empty where it has none, or has not put it yet.
    pub options: Vec<ClassOption>,
    /// The round of the vote, 0 or 1.
    pub round: usize,
    /// The option whose votes are being counted, from 0.
    pub counted: Option<usize>,
    /// How the lesson solves the task, a step a line; empty before it is shown.
    pub solution: Vec<String>,
    /// Seconds since the question was put; None where none is open.
    pub seconds: Option<u64>,
    /// Seconds that are suggested for the beat.
    pub suggested: u64,
}

impl ClassPicture {
    /// All votes of a round.
    #[must_use]
    pub fn total(&self, round: usize) -> u32 {
        let votes = self.options.iter().filter_map(|option| option.votes.get(round).copied().flatten());
        votes.fold(0, u32::saturating_add)
    }

    /// Whether anybody was counted in a round.
    #[must_use]
    pub fn is_counted(&self, round: usize) -> bool {
        self.options.iter().any(|option| option.votes.get(round).copied().flatten().is_some())
    }
}
