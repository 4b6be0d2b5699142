//! A lesson shows what it asks about: every thing that an option or a piece of evidence speaks of, and every thing that a goal
//! asks for, is in a pane that stands on the screen at that beat, even where only two have room.
//!
//! What happens on the way ([`Condition::Happens`], [`Condition::Never`]) is on the timeline of every screen; the kernel's own
//! words in a goal (`intr_count`, `jiffies`) only say which of several moments is meant.

use stack::lab::query::{Path, Queue, Subject};

use crate::file::LESSON_FILE;
use crate::lesson::{Beat, Choice, Lesson, Task};
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
    let asked = beat.task.asked();
    let mut socks: Vec<u32> = asked.iter().filter_map(|path| sock_alone(&path.subject)).collect();
    socks.sort_unstable();
    socks.dedup();
    let mut problems: Vec<Problem> = Vec::new();
    for (path, is_picked) in asked.into_iter().map(|path| (path, false)).chain(picked(&beat.task)) {
        let mut fitting = if is_picked { panes_to_pick(&path.subject) } else { panes_of(&path.subject) };
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

/// What a learner's cursor can be put on to answer.
fn picked(task: &Task) -> impl Iterator<Item = (&Path, bool)> {
    let options: &[Choice] = if let Task::Investigate { options, .. } = task { options } else { &[] };
    options.iter().filter_map(|option| option.pick.as_ref().map(|path| (path, true)))
}

/// The sock whose state or existence is asked for.
fn sock_alone(subject: &Subject) -> Option<u32> {
    match subject {
        Subject::Sock(number, field) if field.is_none_or(|field| field.name == "state") => Some(*number),
        _ => None,
    }
}

/// The panes with a cursor that stands on a thing.
fn panes_to_pick(subject: &Subject) -> &'static [Pane] {
    match subject {
        Subject::Sock(_, None) => &[Pane::Socks],
        Subject::Sock(_, Some(_)) => &[Pane::Sock],
        Subject::Task(..) => &[Pane::Processes],
        Subject::Arp(_, None) => &[Pane::Arp],
        Subject::Arp(..)
        | Subject::Timer(..)
        | Subject::Register(_)
        | Subject::Skb(..)
        | Subject::Gate(..)
        | Subject::SystemCall(_)
        | Subject::Count(_)
        | Subject::Word(_)
        | Subject::Device(..)
        | Subject::Counter(_) => &[],
    }
}

/// The panes that show a thing.
fn panes_of(subject: &Subject) -> &'static [Pane] {
    match subject {
        Subject::Sock(_, None) => &[Pane::Socks, Pane::Sock, Pane::State],
        Subject::Sock(_, Some(field)) if field.name == "state" => &[Pane::Socks, Pane::Sock, Pane::State],
        Subject::Sock(_, Some(field)) if field.name == "socket_state" => &[Pane::Socks, Pane::Sock],
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
