//! `sockscope lesson NAME --print`: a lesson as a hand-out on paper, whose answers stay in the program.

use lessons::{LessonText, Player, Task};

use super::{lang_of, print};
use crate::refusal::Refusal;

/// The lesson on paper: what is told and asked, in order; the answers stay in the program.
pub(super) fn hand_out(player: &Player, tag: Option<&str>) -> Result<(), Refusal> {
    let lesson = player.lesson();
    let text = lesson.text(lang_of(tag)?);
    let indent = |text: &str| text.lines().map(|line| format!("   {line}")).collect::<Vec<_>>().join("\n");
    print(&format!("{}\n\n{}\n", text.title, text.plain("claim")))?;
    for (index, beat) in lesson.beats.iter().enumerate() {
        let say = |section: &str| text.lines(&LessonText::key(&beat.id, section)).join("\n").replace('`', "");
        print(&format!("{}. {}", index + 1, indent(&say("narration")).trim_start()))?;
        if beat.task != Task::Show {
            print(&format!("\n{}\n", indent(&say("question"))))?;
        }
        match &beat.task {
            Task::Predict { options, .. } | Task::Investigate { options, .. } => {
                if matches!(beat.task, Task::Investigate { .. }) && !options.is_empty() {
                    print(&format!("{}\n", indent(&say("ask"))))?;
                }
                for option in options {
                    print(&format!("   [ ] {}  {}", option.id, say(&format!("option {}", option.id))))?;
                }
            }
            Task::Order { steps } => {
                // By their words, which is no order of the run.
                let mut steps: Vec<String> = steps.iter().map(|step| say(&format!("step {}", step.id))).collect();
                steps.sort();
                for step in &steps {
                    print(&format!("   __  {step}"))?;
                }
            }
            Task::Show | Task::Modify { .. } | Task::Make { .. } => {}
        }
        print("")?;
    }
    for section in ["say-it-back", "drawing"] {
        print(&format!("{}\n", text.lines(section).join("\n").replace('`', "")))?;
    }
    Ok(())
}
