//! Everything that a lesson shows at once fits on its page ([`crate::page`]), so that nothing has to be scrolled while a question is
//! open: the question, the question under each of its hints, the answer beside that of the run, the why.
//!
//! What is counted here is what `app/src/tui/panes/lesson.rs` draws; a test of the program draws every state of every lesson.

use stack::words::Lang;

use crate::language::file_of;
use crate::lesson::{Beat, Choice, Lesson, Task};
use crate::page::{ANSWER_CELLS, OPTION_CELLS, PAGE_CELLS, PAGE_ROWS, STEP_CELLS, wrap};
use crate::problem::Problem;
use crate::text::LessonText;

/// Rows that a task needs: for how it is done, later for what the learner has changed, and for what is wrong with that.
const WORK_ROWS: usize = 2;
/// What stands in front of a hint and of the why, in cells.
const LABEL: &str = "Hint 1: ";

/// What does not fit, in both languages.
pub(super) fn check(lesson: &Lesson) -> Vec<Problem> {
    let pages = Lang::ALL
        .into_iter()
        .flat_map(|lang| lesson.beats.iter().map(move |beat| BeatPage { beat, text: lesson.text(lang), lang }));
    pages.flat_map(|page| page.check()).collect()
}

/// What of the answers to a question does not fit, where the run cites so many steps for the right one.
pub(super) fn answers(lesson: &Lesson, beat: &Beat, options: &[Choice], cited: usize) -> Vec<Problem> {
    let pages = Lang::ALL.into_iter().map(|lang| BeatPage { beat, text: lesson.text(lang), lang });
    let told = pages.flat_map(|page| {
        let mut states = Vec::new();
        page.answered(options, cited, &mut states);
        page.too_long(&states)
    });
    told.collect()
}

/// A beat in one language.
struct BeatPage<'a> {
    beat: &'a Beat,
    text: &'a LessonText,
    lang: Lang,
}

/// What is shown at once: the section that it is about, its name in both languages, the rows it takes.
struct State {
    section: String,
    name: (String, String),
    rows: usize,
}

impl BeatPage<'_> {
    fn check(&self) -> Vec<Problem> {
        let states = self.states();
        self.too_long(&states).into_iter().chain(self.long_steps()).collect()
    }

    fn too_long(&self, states: &[State]) -> Vec<Problem> {
        let long = states.iter().filter(|state| state.rows > usize::from(PAGE_ROWS));
        long.map(|state| self.problem(state)).collect()
    }

    fn problem(&self, State { section, name: (en, zh), rows }: &State) -> Problem {
        let line = self.text.sections.get(&self.key(section)).map_or(0, |section| section.line);
        let id = &self.beat.id;
        Problem::at(
            file_of(self.lang),
            (line, 0),
            format!("beat {id}: {en} takes {rows} rows of {PAGE_CELLS} cells, and a page has {PAGE_ROWS}; shorten it"),
            format!("节拍 {id}：{zh}要占 {rows} 行（每行 {PAGE_CELLS} 格），一页只有 {PAGE_ROWS} 行，请缩短"),
        )
    }

    /// Steps stand on a row each.
    fn long_steps(&self) -> Vec<Problem> {
        let Task::Order { steps } = &self.beat.task else { return Vec::new() };
        let long = steps.iter().filter(|step| self.rows(&format!("step {}", step.id), STEP_CELLS) > 1);
        let told = long.map(|step| {
            let section = format!("step {}", step.id);
            let line = self.text.sections.get(&self.key(&section)).map_or(0, |section| section.line);
            Problem::at(
                file_of(self.lang),
                (line, 0),
                format!(
                    "beat {}, {section}: a step is one row of at most {STEP_CELLS} cells; shorten it",
                    self.beat.id
                ),
                format!("节拍 {}，{section}：一个步骤占一行，最多 {STEP_CELLS} 格，请缩短", self.beat.id),
            )
        });
        told.collect()
    }

    fn key(&self, section: &str) -> String {
        LessonText::key(&self.beat.id, section)
    }

    /// The rows of a section in lines of a width.
    fn rows(&self, section: &str, width: u16) -> usize {
        wrap(&self.text.plain(&self.key(section)), width).len()
    }

    /// The rows of a section that stands behind a label.
    fn labelled(&self, section: &str) -> usize {
        wrap(&format!("{LABEL}{}", self.text.plain(&self.key(section))), PAGE_CELLS).len()
    }

    fn states(&self) -> Vec<State> {
        let mut states = Vec::new();
        match &self.beat.task {
            Task::Show => {}
            Task::Predict { options, .. } => self.asked("question", self.options(options), &mut states),
            Task::Investigate { options, .. } if options.is_empty() => self.asked("question", 0, &mut states),
            Task::Investigate { options, .. } => {
                self.asked("question", 0, &mut states);
                self.asked("ask", self.options(options), &mut states);
            }
            Task::Modify { .. } | Task::Make { .. } => self.asked("question", WORK_ROWS, &mut states),
            Task::Order { steps } => self.ordered(steps.len(), &mut states),
        }
        if self.beat.task != Task::Show {
            let name = ("the why".to_owned(), "原因（why）".to_owned());
            states.push(State { section: "why".to_owned(), name, rows: self.labelled("why") });
        }
        states
    }

    /// The rows of the options, one below the other.
    fn options(&self, options: &[Choice]) -> usize {
        options.iter().map(|option| self.rows(&format!("option {}", option.id), OPTION_CELLS)).sum()
    }

    /// What is asked with what stands below it, under the narration and under each hint, which takes the narration's place.
    fn asked(&self, section: &str, below: usize, states: &mut Vec<State>) {
        let rows = self.rows(section, PAGE_CELLS) + below;
        states.push(State {
            section: section.to_owned(),
            name: ("narration and question with all below it".to_owned(), "叙述、提问及其下的内容".to_owned()),
            rows: self.rows("narration", PAGE_CELLS) + rows,
        });
        for hint in 1..=self.beat.hints {
            let hint = format!("hint {hint}");
            let name = (format!("the question with {hint} above it"), format!("提问连同上方的 {hint} "));
            states.push(State { rows: self.labelled(&hint) + rows, section: hint, name });
        }
    }

    /// The steps under narration and question; a hint takes the place of both, for what is asked of an order is known.
    fn ordered(&self, steps: usize, states: &mut Vec<State>) {
        let rows = self.rows("question", PAGE_CELLS);
        states.push(State {
            section: "question".to_owned(),
            name: ("narration, question and steps".to_owned(), "叙述、提问及步骤".to_owned()),
            rows: self.rows("narration", PAGE_CELLS) + rows + steps,
        });
        for hint in 1..=self.beat.hints {
            let hint = format!("hint {hint}");
            let name = (format!("{hint} with the steps below it"), format!("{hint} 连同其下的步骤"));
            states.push(State { rows: self.labelled(&hint) + steps, section: hint, name });
        }
    }

    /// Each answer: it, what is said of it, the true one beside a wrong one, and the pieces of evidence that the run has for it.
    fn answered(&self, options: &[Choice], cited: usize, states: &mut Vec<State>) {
        let Some(truth) = options.iter().find(|option| option.misconception.is_none()) else { return };
        let told = |option: &Choice| self.rows(&format!("option {}", option.id), ANSWER_CELLS);
        for option in options {
            let beside = if option.id == truth.id { 0 } else { told(truth) };
            let section = format!("reply {}", option.id);
            states.push(State {
                rows: told(option) + beside + self.rows(&section, PAGE_CELLS) + cited,
                name: (
                    format!("the answer {} with its reply and evidence", option.id),
                    format!("答案 {} 连同回应与证据", option.id),
                ),
                section,
            });
        }
    }
}
