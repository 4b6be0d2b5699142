//! What a learner sees of a lesson at this moment: plain data in one language, drawn by a screen as it is.
//!
//! Nothing has to be translated on the way: texts are in the language asked for and free of marks, panes have names
//! ([`Pane::id`]), and a step is a [`Moment`] which a screen numbers as it numbers every other.

use stack::lab::run::Moment;
use stack::words::Lang;

use super::ending::Prediction;
use super::task::Beside;
use super::verdict::{Evidence, Judgement};
use super::{BeatState, Player};
use crate::again;
use crate::lesson::{Beat, Choice, Task};
use crate::pane::Pane;
use crate::progress::Certainty;
use crate::text::LessonText;

/// What is visible now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Title of the lesson.
    pub title: String,
    /// Which beat, from 1.
    pub beat: usize,
    /// How many beats there are.
    pub beats: usize,
    /// The beat comes back with other numbers, because it was answered wrongly: how sure the learner had been. It stands outside the
    /// numbering of the beats.
    pub retake: Option<Certainty>,
    /// What is told: at most two lines of at most 76 cells; none at the end of the lesson.
    pub narration: Vec<String>,
    /// Kernel words that the lesson is about, while its first beat is shown; the glossary explains them.
    pub words: Vec<String>,
    /// The panes of the lesson, each always in the same place ([`Lesson::panes`](crate::Lesson::panes)).
    pub panes: Vec<Pane>,
    /// The pane in question, to be focused when the beat begins; None leaves the choice to the learner. With an answer and at the
    /// end it is the lesson itself.
    pub pane: Option<Pane>,
    /// The pane that the beat is about, whatever has the focus: on a small screen it stays where it stands.
    pub about: Option<Pane>,
    /// Panes that must show nothing now, for the answer stands in them; none any more once the beat is answered, done or skipped.
    pub closed: Vec<Pane>,
    /// The things that the beat asks for, as `B.sock(2).err`: the panes open at them. None where they are to be found.
    pub asked: Vec<String>,
    /// The host that is looked at; None = the one that acts.
    pub host: Option<String>,
    /// The sock that the panes show, by number; None = the one that the step works on.
    pub sock: Option<u32>,
    /// The last moment that may be seen; None where nothing is hidden. See [`View::hides`].
    pub masked_from: Option<Moment>,
    /// What else there is.
    pub shows: Shows,
}

impl View {
    /// Whether keys choose and answer: a question is open, or steps wait to be ordered.
    #[must_use]
    pub fn asks(&self) -> bool {
        match &self.shows {
            // What is picked is looked for in the panes first.
            Shows::Question(question) => question.picks.is_empty() || question.chosen.is_some(),
            Shows::Ranking(ranking) => !ranking.is_answered(),
            Shows::Words | Shows::Verdict(_) | Shows::Work(_) | Shows::Closing(_) => false,
        }
    }

    /// What is shown, without what it says: where that becomes another, something new is read.
    #[must_use]
    pub fn stage(&self) -> (core::mem::Discriminant<Shows>, bool) {
        let done = match &self.shows {
            Shows::Work(work) => work.done,
            Shows::Ranking(ranking) => ranking.is_answered(),
            Shows::Words | Shows::Question(_) | Shows::Verdict(_) | Shows::Closing(_) => false,
        };
        (core::mem::discriminant(&self.shows), done)
    }

    /// Whether what happens at a moment must not be shown yet: of a frame the moment at which it leaves, of a state that at
    /// which it is stored. What has happened by the moment at which the question is asked is never hidden, a frame that has
    /// left and is still on its way included, and neither is what lies between an earlier cursor and that moment.
    #[must_use]
    pub fn hides(&self, moment: Moment) -> bool {
        self.masked_from.is_some_and(|last| moment > last)
    }
}

/// What a beat shows besides its narration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shows {
    /// Nothing.
    Words,
    /// A question before its answer; the future is masked.
    Question(Question),
    /// A question after its answer.
    Verdict(Verdict),
    /// A task on the run.
    Work(Work),
    /// Steps to be ordered.
    Ranking(Ranking),
    /// The end of the lesson.
    Closing(Closing),
}

/// The end of a lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closing {
    /// What the learner knows now, in three lines.
    pub known: Vec<String>,
    /// First predictions beside the truth.
    pub predictions: Vec<Prediction>,
    /// What to look at again: the numbers of the beats, from 1.
    pub again: Vec<usize>,
    /// The lesson itself, by its id.
    pub lesson: String,
    /// The lesson that comes after this one, by its id.
    pub next: Option<String>,
    /// The second pass of this one, by its id.
    pub second_pass: Option<String>,
    /// What modern Linux does instead.
    pub then_and_now: String,
    /// What to draw on paper, with the program closed.
    pub drawing: String,
    /// The question to be answered in one's own words.
    pub say_it_back: String,
    /// The answer so far, as [`Act::Write`](super::Act::Write) handed it in.
    pub said: String,
}

/// A question before its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The question.
    pub text: String,
    /// The options in order.
    pub options: Vec<String>,
    /// The option that is chosen, from 0; none before the learner has chosen.
    pub chosen: Option<usize>,
    /// How sure the learner is; [`Certainty::level`] is 1 to 3. None before that is said.
    pub certainty: Option<Certainty>,
    /// The hint shown: its number from 1, and its text.
    pub hint: Option<(u8, String)>,
    /// Hints that there are.
    pub hints: u8,
    /// For each option the thing that the cursor is put on to choose it, as `B.sock(2).receive_queue`; empty where options are listed.
    pub picks: Vec<String>,
}

/// One option after the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The option.
    pub text: String,
    /// Whether the run made it true.
    pub holds: bool,
    /// What is said about it.
    pub reply: String,
}

/// A question after its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What was chosen; None where the question was skipped.
    pub answer: Option<Outcome>,
    /// The option that the run made true.
    pub truth: Outcome,
    /// The steps that settle it, in the order of the run.
    pub evidence: Vec<Evidence>,
    /// Why it is so.
    pub why: String,
}

impl Verdict {
    /// Whether the learner was right; a question that was skipped was not answered rightly.
    #[must_use]
    pub fn right(&self) -> bool {
        self.answer.as_ref().is_some_and(|answer| answer.holds)
    }
}

/// By what a task is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    /// By going to a moment.
    Steps,
    /// By changing what becomes of a frame.
    Wire,
    /// By writing system calls.
    Calls,
}

/// A task on the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    /// By what it is done.
    pub means: Means,
    /// What is to be done.
    pub text: String,
    /// It is done.
    pub done: bool,
    /// Where the condition became true.
    pub reached: Option<Moment>,
    /// Changes of the wire so far, as `drop 3`.
    pub changes: Vec<String>,
    /// Both runs beside each other, once the task is done by a change.
    pub beside: Vec<Beside>,
    /// Why it is so; empty until it is done.
    pub why: String,
    /// The hint shown: its number from 1, and its text.
    pub hint: Option<(u8, String)>,
    /// Hints that there are.
    pub hints: u8,
    /// What is wrong with a scene that was handed in.
    pub complaint: Option<String>,
}

/// Steps to be ordered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranking {
    /// What is to be done.
    pub text: String,
    /// The steps in the learner's order; empty where the beat was skipped.
    pub steps: Vec<String>,
    /// The step under the cursor.
    pub chosen: usize,
    /// After the answer: which of them belong to the longest row that follows as in the run.
    pub right: Vec<bool>,
    /// After the answer: the steps in the order of the run.
    pub truth: Vec<String>,
    /// Why it is so; empty before the answer.
    pub why: String,
    /// The hint shown: its number from 1, and its text.
    pub hint: Option<(u8, String)>,
    /// Hints that there are.
    pub hints: u8,
}

impl Ranking {
    /// Whether the order was given, or skipped: that of the run is shown.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        !self.truth.is_empty()
    }
}

impl Player {
    /// What is visible now.
    #[must_use]
    pub fn view(&self, lang: Lang) -> View {
        let text = self.lesson.text(lang);
        let beat = self.lesson.beats.get(self.visit().beat);
        let over = self.state == BeatState::Over;
        let narration = match beat {
            Some(beat) if !over => {
                text.lines(&LessonText::key(&beat.id, "narration")).iter().map(|line| line.replace('`', "")).collect()
            }
            _ => Vec::new(),
        };
        View {
            title: text.title.clone(),
            beat: if over { self.lesson.beats.len() } else { self.visit().beat + 1 },
            beats: self.lesson.beats.len(),
            retake: self.visit().retake.filter(|_| !over),
            narration,
            words: if self.present == 0 && !over { self.lesson.words.clone() } else { Vec::new() },
            panes: self.lesson.panes.clone(),
            // Where the answer is told there are steps to be chosen, in the lesson itself.
            pane: if over || matches!(self.state, BeatState::Revealed { .. }) {
                Some(Pane::Lesson)
            } else {
                beat.and_then(|beat| beat.pane)
            },
            about: beat.and_then(|beat| beat.pane),
            closed: beat.filter(|_| self.is_unsettled()).map_or_else(Vec::new, |beat| beat.closed.clone()),
            asked: beat.map_or_else(Vec::new, |beat| asked(&beat.task)),
            host: beat.and_then(|beat| beat.host.clone()),
            sock: beat.and_then(|beat| beat.sock),
            masked_from: self.mask,
            shows: beat.map_or(Shows::Words, |beat| self.shows(beat, text, lang)),
        }
    }

    fn shows_closing(&self, text: &LessonText, lang: Lang) -> Closing {
        Closing {
            known: text.lines("known").iter().map(|line| line.replace('`', "")).collect(),
            predictions: self.predictions(lang),
            again: self.look_again(),
            lesson: self.lesson.id.clone(),
            next: self.lesson.next.clone(),
            second_pass: again::id_of(&self.lesson),
            then_and_now: text.plain("then-and-now"),
            drawing: text.plain("drawing"),
            say_it_back: text.plain("say-it-back"),
            said: self.progress.said.clone(),
        }
    }

    fn shows(&self, beat: &Beat, text: &LessonText, lang: Lang) -> Shows {
        let say = |section: &str| text.plain(&LessonText::key(&beat.id, section));
        let hint = |hints: u8| (hints > 0).then(|| (hints, say(&format!("hint {hints}"))));
        match (&self.state, &beat.task) {
            (BeatState::Over, _) => Shows::Closing(self.shows_closing(text, lang)),
            (
                BeatState::Asking { chosen, certainty, hints, found },
                Task::Predict { options, .. } | Task::Investigate { options, .. },
            ) => Shows::Question(Question {
                text: say(if found.is_some() { "ask" } else { "question" }),
                options: options.iter().map(|option| say(&format!("option {}", option.id))).collect(),
                chosen: *chosen,
                certainty: *certainty,
                hint: hint(*hints),
                hints: beat.hints,
                picks: options.iter().filter_map(|option| option.pick.as_ref().map(ToString::to_string)).collect(),
            }),
            (
                BeatState::Revealed { chosen, judgement },
                Task::Predict { options, .. } | Task::Investigate { options, .. },
            ) => reveal(*chosen, judgement, options, lang, &say),
            (BeatState::Working { hints, reached, complaint, beside }, task) => Shows::Work(Work {
                means: match task {
                    Task::Modify { .. } => Means::Wire,
                    Task::Make { .. } => Means::Calls,
                    Task::Show | Task::Predict { .. } | Task::Investigate { .. } | Task::Order { .. } => Means::Steps,
                },
                text: say("question"),
                done: reached.is_some(),
                reached: *reached,
                changes: self.changes.iter().map(ToString::to_string).collect(),
                beside: told_beside(beside, &say),
                why: if reached.is_some() { say("why") } else { String::new() },
                hint: hint(*hints),
                hints: beat.hints,
                complaint: complaint.as_ref().map(|problem| format!("{}: {}", problem.place(), problem.text(lang))),
            }),
            (BeatState::Ranking { order, chosen, hints, ordered }, Task::Order { steps }) => {
                let text =
                    |index: &usize| steps.get(*index).map(|step| say(&format!("step {}", step.id))).unwrap_or_default();
                let open: Vec<String> = order.iter().map(text).collect();
                let own = ordered.as_ref().and_then(|ordered| ordered.own.as_ref());
                Shows::Ranking(Ranking {
                    text: say("question"),
                    steps: match (ordered, own) {
                        (None, _) => open,
                        (Some(_), Some(own)) => own.iter().map(|(step, _)| text(step)).collect(),
                        (Some(_), None) => Vec::new(),
                    },
                    chosen: *chosen,
                    right: own.map_or_else(Vec::new, |own| own.iter().map(|(_, right)| *right).collect()),
                    truth: ordered.as_ref().map_or_else(Vec::new, |ordered| ordered.truth.iter().map(text).collect()),
                    why: if ordered.is_some() { say("why") } else { String::new() },
                    hint: hint(*hints),
                    hints: beat.hints,
                })
            }
            _ => Shows::Words,
        }
    }
}

/// Both runs with the words that the lesson has for the goal, which comes first, and for each piece of evidence.
fn told_beside(beside: &[Beside], say: &dyn Fn(&str) -> String) -> Vec<Beside> {
    let words = |index: usize| if index == 0 { say("goal") } else { say(&format!("evidence {index}")) };
    beside.iter().enumerate().map(|(index, row)| Beside { words: words(index), ..row.clone() }).collect()
}

/// The things that a task asks for and does not want to be found.
fn asked(task: &Task) -> Vec<String> {
    let is_found = match task {
        Task::Investigate { options, .. } => options.is_empty() || options.iter().any(|option| option.pick.is_some()),
        Task::Show | Task::Predict { .. } | Task::Modify { .. } | Task::Order { .. } | Task::Make { .. } => false,
    };
    if is_found { Vec::new() } else { task.asked().into_iter().map(ToString::to_string).collect() }
}

fn reveal(
    chosen: Option<usize>,
    judgement: &Judgement,
    options: &[Choice],
    lang: Lang,
    say: &dyn Fn(&str) -> String,
) -> Shows {
    let outcome = |index: usize| {
        options.get(index).map(|option| Outcome {
            text: say(&format!("option {}", option.id)),
            holds: judgement.holds.get(index).copied().unwrap_or(false),
            reply: say(&format!("reply {}", option.id)),
        })
    };
    let nothing = || Outcome { text: String::new(), holds: false, reply: String::new() };
    Shows::Verdict(Verdict {
        answer: chosen.and_then(outcome),
        truth: judgement.truth().and_then(outcome).unwrap_or_else(nothing),
        evidence: judgement.evidence.iter().map(|piece| piece.told(lang)).collect(),
        why: say("why"),
    })
}
