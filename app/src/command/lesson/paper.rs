//! `sockscope lesson NAME --print`: a lesson as a hand-out on paper. Without `--answers` its answers stay in the program, and every
//! question leaves a line to write on; with them it is the teacher's sheet, and what stands on it was found by playing the lesson.

use lessons::{Beat, Choice, Lesson, LessonText, Player, Shows, Task};

use super::answers::{BeatAnswer, answers};
use super::print;
use crate::i18n::{Lang, Message, Words};
use crate::lesson::{both_runs, shelf};
use crate::refusal::Refusal;
use crate::tui::canvas::wrap;

/// A line to write on.
const LINE: &str = "   ______________________________________________________________________";
/// Cells of a line on paper, without its margin.
const PAPER: u16 = 76;
const EVIDENCE: Words = Words::new("Seen in the run", "运行中可见");
const SOLUTION: Words = Words::new("Solution", "解法");

/// The lesson on paper: what is told and asked, in order, with its answers where they are wanted.
pub(super) fn hand_out(player: &Player, with_answers: bool, lang: Lang) -> Result<(), Refusal> {
    let refused = |problems: Vec<_>| shelf::refusal(&player.lesson().folder, &problems);
    let mut player = player.for_class(0).map_err(refused)?;
    let answered = if with_answers { answers(&mut player, lang) } else { Vec::new() };
    let sheet = Sheet { lesson: player.lesson(), text: player.lesson().text(lang), lang };
    print(&format!("{}\n\n{}\n", sheet.text.title, sheet.text.plain("claim")))?;
    for (index, beat) in sheet.lesson.beats.iter().enumerate() {
        sheet.beat(index, beat, answered.get(index))?;
    }
    for section in ["say-it-back", "drawing"] {
        print(&format!("{}\n", sheet.text.lines(section).join("\n").replace('`', "")))?;
        if section == "say-it-back" && !with_answers {
            print(&format!("{LINE}\n"))?;
        }
    }
    Ok(())
}

struct Sheet<'a> {
    lesson: &'a Lesson,
    text: &'a LessonText,
    lang: Lang,
}

impl Sheet<'_> {
    fn say(&self, beat: &Beat, section: &str) -> String {
        self.text.lines(&LessonText::key(&beat.id, section)).join("\n").replace('`', "")
    }

    fn label(&self, word: &str) -> String {
        format!("{word}{}", Words::new(": ", "：").text(self.lang))
    }

    fn beat(&self, index: usize, beat: &Beat, answer: Option<&BeatAnswer>) -> Result<(), Refusal> {
        print(&format!("{}. {}", index + 1, indented(&self.say(beat, "narration")).trim_start()))?;
        if beat.task != Task::Show {
            print(&format!("\n{}\n", indented(&self.say(beat, "question"))))?;
        }
        match &beat.task {
            Task::Predict { options, .. } | Task::Investigate { options, .. } => {
                if matches!(beat.task, Task::Investigate { .. }) && !options.is_empty() {
                    print(&format!("{}\n", indented(&self.say(beat, "ask"))))?;
                }
                self.options(beat, options, answer)?;
            }
            Task::Order { .. } => self.order(beat, answer)?,
            Task::Show | Task::Modify { .. } | Task::Make { .. } => {}
        }
        match answer {
            Some(answer) => self.answer(beat, answer)?,
            None if beat.task != Task::Show => print(&format!("\n{LINE}"))?,
            None => {}
        }
        print("")
    }

    /// The options with a box each; with answers the right one is ticked.
    fn options(&self, beat: &Beat, options: &[Choice], answer: Option<&BeatAnswer>) -> Result<(), Refusal> {
        let truth = answer.and_then(|answer| answer.truth);
        for (place, option) in options.iter().enumerate() {
            let tick = if truth == Some(place) { "x" } else { " " };
            print(&format!("   [{tick}] {}  {}", option.id, self.say(beat, &format!("option {}", option.id))))?;
        }
        Ok(())
    }

    /// The steps by their words, which is no order of the run; with answers in that order.
    fn order(&self, beat: &Beat, answer: Option<&BeatAnswer>) -> Result<(), Refusal> {
        if let Some(BeatAnswer { shows: Shows::Ranking(ranking), .. }) = answer {
            for (place, step) in ranking.truth.iter().enumerate() {
                print(&format!("   {:>2}  {step}", place + 1))?;
            }
            return Ok(());
        }
        let Task::Order { steps } = &beat.task else { return Ok(()) };
        let mut steps: Vec<String> = steps.iter().map(|step| self.say(beat, &format!("step {}", step.id))).collect();
        steps.sort();
        steps.iter().try_for_each(|step| print(&format!("   __  {step}")))
    }

    /// What the run says of a beat: the solution of a task, the evidence, why.
    fn answer(&self, beat: &Beat, answer: &BeatAnswer) -> Result<(), Refusal> {
        let solution = solution(&beat.task);
        if !solution.is_empty() {
            print(&format!("   {}{}", self.label(SOLUTION.text(self.lang)), solution.join("; ")))?;
        }
        let beside = beside(&answer.shows, self.lang);
        let told: Vec<&String> = answer.evidence.iter().chain(&beside).collect();
        if !told.is_empty() {
            print(&format!("\n   {}", self.label(EVIDENCE.text(self.lang)).trim_end()))?;
        }
        for line in told {
            print(&format!("     {line}"))?;
        }
        if beat.task != Task::Show {
            let why = self.text.plain(&LessonText::key(&beat.id, "why"));
            let why = format!("{}{why}", self.label(Message::Why.text(self.lang)));
            print(&format!("\n{}", indented(&wrap(&why, PAPER).join("\n"))))?;
        }
        Ok(())
    }
}

/// How a lesson solves a task, a step each; nothing where a place was to be found, or there is no task.
pub(super) fn solution(task: &Task) -> Vec<String> {
    match task {
        Task::Modify { solution, .. } => solution.iter().map(ToString::to_string).collect(),
        Task::Make { solution, .. } => solution.lines().map(str::to_owned).collect(),
        Task::Show | Task::Predict { .. } | Task::Investigate { .. } | Task::Order { .. } => Vec::new(),
    }
}

/// When what a change is about came true, without it and with it.
pub(super) fn beside(shows: &Shows, lang: Lang) -> Vec<String> {
    let Shows::Work(work) = shows else { return Vec::new() };
    let colon = Words::new(": ", "：").text(lang);
    work.beside.iter().map(|row| format!("{}{colon}{}", row.words, both_runs::told(row, lang))).collect()
}

/// Text with a margin.
fn indented(text: &str) -> String {
    text.lines().map(|line| format!("   {line}")).collect::<Vec<_>>().join("\n")
}
