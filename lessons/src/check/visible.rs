//! A lesson shows what it asks about: every thing that an option or a piece of evidence speaks of, and every thing that a goal
//! asks for, is in a pane that stands on the screen at that beat, even where only two have room.
//!
//! What happens on the way ([`Condition::Happens`], [`Condition::Never`]) is on the timeline of every screen; the kernel's own
//! words in a goal (`intr_count`, `jiffies`) only say which of several moments is meant.

use stack::lab::query::{Path, Queue, Subject};

use crate::file::LESSON_FILE;
use crate::lesson::{Beat, Lesson, Task};
use crate::pane::{Pane, pair};
use crate::problem::Problem;
use stack::words::Words;

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
    if matches!(beat.task, Task::Modify { .. }) && !lesson.panes.contains(&Pane::Ladder) {
        problems.push(no_ladder(beat));
    }
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
        let sides = sides(lesson, looked_at, fitting);
        let (en, zh) = if fitting.is_empty() {
            (
                format!("beat {id}: no pane shows {what}; ask for something that is on the screen"),
                format!("节拍 {id}：没有窗格显示 {what}；请改问屏幕上看得到的东西"),
            )
        } else {
            (
                format!(
                    "beat {id}: it asks for {what}, and at 80x24 shows {}; let it look at one of {}{}",
                    names(&shown, " and "),
                    names(fitting, ", "),
                    sides.en
                ),
                format!(
                    "节拍 {id}：问的是 {what}，而 80x24 时只显示 {}；请改看 {} 之一{}",
                    names(&shown, " 和 "),
                    names(fitting, "、"),
                    sides.zh
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

/// A frame is chosen in the ladder: its keys lead there, and it stands in its place.
fn no_ladder(beat: &Beat) -> Problem {
    Problem::at(
        LESSON_FILE,
        (beat.line, 0),
        format!(
            "beat {}: the frame to be changed is chosen in the ladder; put it among the `panes` of the lesson",
            beat.id
        ),
        format!("节拍 {}：要改动的帧在时序图（ladder）中选取；请把它写进课程的 `panes`", beat.id),
    )
}

/// Why looking at another pane would only hide the present one: both stand on one side.
fn sides(lesson: &Lesson, looked_at: Option<Pane>, fitting: &[Pane]) -> Words<String> {
    let place = |pane: Pane| lesson.panes.iter().position(|other| *other == pane);
    let here = looked_at.and_then(place);
    let same =
        fitting.iter().copied().find(|pane| place(*pane).zip(here).is_some_and(|(one, other)| one % 2 == other % 2));
    match (looked_at, same) {
        (Some(looked_at), Some(same)) => {
            let (one, other) = (looked_at.id(), same.id());
            Words::new(
                format!(
                    " ({one} and {other} stand on one side: give one of them an odd and the other an even place in `panes`)"
                ),
                format!("（{one} 与 {other} 在同一侧：请在 `panes` 中让一个占奇数位、另一个占偶数位）"),
            )
        }
        _ => Words::new(String::new(), String::new()),
    }
}

/// What a learner's cursor can be put on to answer.
fn picked(task: &Task) -> impl Iterator<Item = (&Path, bool)> {
    task.options().iter().filter_map(|option| option.pick.as_ref().map(|path| (path, true)))
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
