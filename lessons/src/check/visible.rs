//! A lesson shows what it asks about: every thing that an option or a piece of evidence speaks of, and every thing that a goal
//! asks for, is in a pane that stands on the screen at that beat, even where only two have room.
//!
//! What happens on the way ([`Condition::Happens`], [`Condition::Never`]) is on the timeline of every screen; the kernel's own
//! words in a goal (`intr_count`, `jiffies`) only say which of several moments is meant.

use stack::lab::query::{Expression, Path, Queue, Subject};

use crate::file::LESSON_FILE;
use crate::lesson::{Beat, Choice, Condition, Lesson, Task};
use crate::pane::{Pane, pair};
use crate::problem::Problem;

/// The queues of a sock, by whose names its fields begin.
const QUEUES: [Queue; 4] = [Queue::Receive, Queue::BackLog, Queue::Write, Queue::Send];

/// What no pane of a beat shows.
pub(super) fn check(lesson: &Lesson) -> Vec<Problem> {
    lesson.beats.iter().flat_map(|beat| of_beat(lesson, beat)).collect()
}

fn of_beat(lesson: &Lesson, beat: &Beat) -> Vec<Problem> {
    // A beat that looks at none shows what stands there first.
    let looked_at = beat.pane.or(lesson.panes.first().copied());
    let mut shown = looked_at.and_then(|pane| pair(&lesson.panes, pane)).map_or_else(Vec::new, Vec::from);
    shown.sort_by_key(|pane| Some(*pane) != looked_at);
    let asked = asked(&beat.task);
    let mut socks: Vec<u32> = asked.iter().filter_map(|path| sock_alone(&path.subject)).collect();
    socks.sort_unstable();
    socks.dedup();
    let mut problems: Vec<Problem> = Vec::new();
    for path in asked {
        let mut fitting = panes_of(&path.subject);
        if socks.len() > 1 && sock_alone(&path.subject).is_some() {
            // The other panes show one sock at a time.
            fitting = &[Pane::Socks];
        }
        if fitting.iter().any(|pane| shown.contains(pane)) {
            continue;
        }
        let names =
            |panes: &[Pane], between: &str| panes.iter().map(|pane| pane.id()).collect::<Vec<_>>().join(between);
        let (id, what) = (&beat.id, path.to_string());
        let (en, zh) = if fitting.is_empty() {
            (
                format!("beat {id}: no pane shows {what}; ask for something that is on the screen"),
                format!("节拍 {id}：没有窗格显示 {what}；请改问屏幕上看得到的东西"),
            )
        } else {
            (
                format!(
                    "beat {id}: it asks for {what}, and at 80x24 shows {}; let it look at one of {}",
                    names(&shown, " and "),
                    names(fitting, ", ")
                ),
                format!(
                    "节拍 {id}：问的是 {what}，而 80x24 时只显示 {}；请改看 {} 之一",
                    names(&shown, " 和 "),
                    names(fitting, "、")
                ),
            )
        };
        let problem = Problem::at(LESSON_FILE, (beat.line, 0), en, zh);
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    }
    problems
}

/// All that a beat asks for.
fn asked(task: &Task) -> Vec<&Path> {
    match task {
        Task::Show | Task::Order { .. } => Vec::new(),
        Task::Predict { options, evidence } => of_question(options, evidence),
        Task::Investigate { goal, options, evidence } => [of_question(options, evidence), things(goal)].concat(),
        Task::Modify { goal, evidence, .. } => [of_question(&[], evidence), things(goal)].concat(),
        Task::Make { goal, .. } => things(goal),
    }
}

fn of_question<'a>(options: &'a [Choice], evidence: &'a [Expression]) -> Vec<&'a Path> {
    let held = |condition: &'a Condition| match condition {
        Condition::Holds(expression) => Some(expression),
        Condition::Happens(_) | Condition::Never(_) => None,
    };
    let of_options = options.iter().flat_map(|option| &option.when).filter_map(held);
    of_options.chain(evidence).flat_map(Expression::paths).collect()
}

/// What a goal asks for, without the kernel's own words.
fn things(goal: &Expression) -> Vec<&Path> {
    goal.paths().into_iter().filter(|path| !matches!(path.subject, Subject::Word(_))).collect()
}

/// The sock whose state or existence is asked for.
fn sock_alone(subject: &Subject) -> Option<u32> {
    match subject {
        Subject::Sock(number, field) if field.is_none_or(|field| field.name == "state") => Some(*number),
        _ => None,
    }
}

/// The panes that show a thing.
fn panes_of(subject: &Subject) -> &'static [Pane] {
    match subject {
        Subject::Sock(_, None) => &[Pane::Socks, Pane::Sock, Pane::State],
        Subject::Sock(_, Some(field)) if field.name == "state" => &[Pane::Socks, Pane::Sock, Pane::State],
        Subject::Sock(_, Some(field)) if QUEUES.iter().any(|queue| field.name.starts_with(queue.name())) => {
            &[Pane::Queues, Pane::Sock]
        }
        Subject::Sock(_, Some(_)) => &[Pane::Sock],
        Subject::Skb(..) => &[Pane::Queues],
        Subject::Task(..) => &[Pane::Processes],
        Subject::Arp(..) => &[Pane::Arp],
        Subject::Timer(..) => &[Pane::Timers],
        Subject::Register(_) => &[Pane::Cpu],
        Subject::Gate(..) | Subject::SystemCall(_) => &[Pane::Tables],
        Subject::Count("socks") => &[Pane::Socks],
        Subject::Count("tasks") => &[Pane::Processes],
        Subject::Count("arps") => &[Pane::Arp],
        Subject::Count("timers") => &[Pane::Timers],
        Subject::Count(_) => &[Pane::Queues],
        Subject::Word(_) => &[Pane::Cpu],
        // What a device has counted, and what /proc/net/snmp counts, is in no pane.
        Subject::Device(..) | Subject::Counter(_) => &[],
    }
}
