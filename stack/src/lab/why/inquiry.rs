//! A question on its way to its answer: in slices, with progress, to be given up at any time.

use super::answer::Answer;
use super::look::{Found, Look, Memory};
use super::question::Question;
use super::{arp, backlog, chain, field, frame, process, sleep, timer};
use crate::lab::moment::Moment;
use crate::lab::run::Run;

/// How far an inquiry has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// The answer.
    Answered(Box<Answer>),
    /// It goes on.
    Unfinished {
        /// Turns looked through.
        done: usize,
        /// Turns that there are to look through, as far as is known; it grows from scan to scan.
        of: usize,
    },
}

/// A question asked at a moment of a run.
///
/// ```
/// # use stack::lab::{scene, why::{Inquiry, Progress, Question}};
/// # let mut run = scene::first(1).map_err(|failure| failure.message.en)?;
/// # run.play(10_000);
/// let end = run.end();
/// let mut inquiry = Inquiry::new(Question::FrameLeft(3), end);
/// let answer = loop {
///     match inquiry.proceed(&mut run, 64) {
///         Progress::Answered(answer) => break answer,
///         Progress::Unfinished { done, of } => assert!(done <= of), // here a screen shows it, and hears Esc
///     }
/// };
/// assert!(answer.ends_at().is_some(), "every chain ends at an input");
/// # Ok::<(), String>(())
/// ```
pub struct Inquiry {
    question: Question,
    at: Moment,
    memory: Memory,
}

impl Inquiry {
    /// A question that nobody has looked into yet.
    #[must_use]
    pub fn new(question: Question, at: Moment) -> Self {
        Self { question, at, memory: Memory::default() }
    }

    /// What is asked.
    #[must_use]
    pub fn question(&self) -> &Question {
        &self.question
    }

    /// Looks through about so many turns more (at least one thing). It must be the same run every time.
    pub fn proceed(&mut self, run: &mut Run, turns: usize) -> Progress {
        let at = self.at.min(run.end());
        let mut look = Look { run, memory: &mut self.memory, left: turns.max(1) };
        match answer(&mut look, &self.question, at) {
            Ok(answer) => Progress::Answered(Box::new(answer)),
            Err(_) => {
                let (done, of) = self.memory.progress();
                Progress::Unfinished { done, of }
            }
        }
    }
}

/// Asks, and waits for the answer: for whoever has nobody to show its progress to.
pub fn ask(run: &mut Run, question: Question, at: Moment) -> Answer {
    let mut inquiry = Inquiry::new(question, at);
    loop {
        if let Progress::Answered(answer) = inquiry.proceed(run, usize::MAX) {
            return *answer;
        }
    }
}

fn answer(look: &mut Look<'_>, question: &Question, at: Moment) -> Found<Answer> {
    let mut answer = match question {
        Question::Field { host, sk, field } => field::field(look, *host, *sk, *field, at)?,
        Question::State { host, sk } => field::state(look, *host, *sk, at)?,
        Question::Step => chain::step(look, at)?,
        Question::FrameLeft(number) => frame::left(look, *number, at)?,
        Question::FrameDropped(number) => frame::dropped(look, *number, at)?,
        Question::FrameNotArrived(number) => frame::not_arrived(look, *number, at)?,
        Question::FrameNotAnswered(number) => frame::not_answered(look, *number, at)?,
        Question::Woke { host, pid } => process::woke(look, *host, *pid, at)?,
        Question::StillSleeps { host, pid } => sleep::still(look, *host, *pid, at)?,
        Question::AcceptsNothing { host, sk } => sleep::accepts_nothing(look, *host, *sk, at)?,
        Question::OnBackLog { host, sk } => backlog::waits(look, *host, *sk, at)?,
        Question::Fired { host, timer } => timer::fired(look, *host, *timer, at)?,
        Question::NotFired { host, timer } => timer::not_fired(look, *host, *timer, at)?,
        Question::ArpNothing { host, address } => arp::nothing(look, *host, *address, at)?,
    };
    answer.question = question.words(look.run);
    chain::end_at_an_input(look, &mut answer.links)?;
    Ok(answer)
}
