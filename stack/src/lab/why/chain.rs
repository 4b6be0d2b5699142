//! From a moment back to an input: the functions that ran, what made them run, and so on. Promise: every hop leads to an
//! earlier moment, and the last link is an input.

use super::answer::{Answer, Input, Kind, Link, say};
use super::around::{Trigger, function, last, running, trigger};
use super::fate::{brought, frame_text, is_loopback, number_of_arrival};
use super::look::{Found, Look};
use super::moment::Shot;
use super::question::TimerKey;
use super::scan::Hunt;
use crate::include::sched::TaskId;
use crate::kernel::probe::{Arg, Event};
use crate::lab::caption::caption;
use crate::lab::film::Film;
use crate::lab::moment::Moment;
use crate::lab::world::Cause;
use crate::words::Words;

/// Inputs that one chain comes to at most.
pub const MOST_INPUTS: usize = 8;
/// Names of functions that a way is told with; of a longer one the middle is left out.
const MOST_NAMES: usize = 7;

/// Why the present step happened.
pub(super) fn step(look: &mut Look<'_>, at: Moment) -> Found<Answer> {
    let mut links = Vec::new();
    let verdict = match look.near(at)? {
        Some(shot) => {
            let told = told(&shot, shot.moment.step.checked_sub(1));
            links.push(Link::new(shot.moment, Some(shot.host), Kind::Write, told.clone()));
            chain(look, shot.moment, &mut links)?;
            told
        }
        None => say("Nothing has happened yet.", "还没有发生任何事。"),
    };
    Ok(Answer { question: Words::default(), verdict, links, looked_at: Vec::new() })
}

/// What a step of a film says, as its caption does; of the moment before the first, that nothing has happened.
fn told(shot: &Shot, index: Option<usize>) -> Words<String> {
    let step = index.and_then(|index| shot.film.steps.get(index));
    match (step.map(|step| &step.event), shot.kernel()) {
        (Some(Event::Enter { function, .. }), _) => say(
            format!("{} is entered on {}.", function.name, shot.name(shot.host)),
            format!("{} 上进入 {}。", shot.name(shot.host), function.name),
        ),
        (Some(event), Some(k)) => caption(k, shot.name(shot.host), event),
        _ => say("The turn begins.", "这一轮开始。"),
    }
}

/// Adds the links that lead from a moment to an input, and from there on while there is a cause.
pub(super) fn chain(look: &mut Look<'_>, at: Moment, links: &mut Vec<Link>) -> Found<()> {
    let mut at = at;
    let mut inputs = 0;
    while let Some(shot) = look.at(at)? {
        let next = hop(look, &shot, links)?;
        let ends = links.last().is_some_and(|link| link.input.is_some());
        inputs += usize::from(ends);
        match next.filter(|next| *next < at) {
            Some(next) if !(ends && inputs >= MOST_INPUTS) => at = next,
            _ => break,
        }
    }
    Ok(())
}

/// Makes sure that a chain ends at an input: from its last link on, or at the beginning of the run.
pub(super) fn end_at_an_input(look: &mut Look<'_>, links: &mut Vec<Link>) -> Found<()> {
    if let Some(link) = links.last().filter(|link| link.input.is_none()) {
        let at = link.moment;
        chain(look, at, links)?;
    }
    match links.last() {
        Some(link) if link.input.is_some() => {}
        Some(link) => {
            let turn = link.moment.turn;
            let entry = look.run.turns.get(turn);
            let (cause, host) = entry.map_or((Cause::World, None), |entry| (entry.cause.clone(), entry.host()));
            let at = Moment { turn, step: 0 };
            links.push(outside(at, host, &cause));
        }
        None => {
            let text = say(
                "The run begins here, and nothing of the kind has happened since.",
                "运行从这里开始，此后没有发生过这样的事。",
            );
            links.push(Link::new(Moment::default(), None, Kind::Outside, text).ending(Input::PowerOn));
        }
    }
    Ok(())
}

/// What came from outside in a turn of which no more is known.
fn outside(at: Moment, host: Option<usize>, cause: &Cause) -> Link {
    let (input, text) = match cause {
        Cause::Tick => (Input::Tick, say("The clock ticks.", "时钟中断。")),
        Cause::Frames => (Input::Frame, say("A frame arrives.", "一帧到达。")),
        Cause::Call => (Input::Call, say("A process makes a system call.", "进程进行系统调用。")),
        Cause::Signal => (Input::Signal, say("A signal is sent to the process.", "向进程发送信号。")),
        Cause::Startup => (Input::PowerOn, say("The machine is switched on and configured.", "机器开机并完成配置。")),
        Cause::World => (Input::Act, say("The scene or a person decides it.", "由场景或人决定。")),
    };
    Link::new(at, host, Kind::Outside, text).ending(input)
}

/// One hop: the functions around a moment, and what made them run; gives the moment at which to go on.
fn hop(look: &mut Look<'_>, shot: &Shot, links: &mut Vec<Link>) -> Found<Option<Moment>> {
    let Some(index) = shot.moment.step.checked_sub(1) else {
        links.push(outside(shot.moment, Some(shot.host), &shot.cause));
        return Ok(None);
    };
    if let Some(Event::FrameOut { bytes, .. }) = shot.event() {
        links.push(leaves(look, shot, bytes));
    }
    let stack = running(&shot.film, index);
    let (trigger, own) = trigger(&shot.film, &stack, index);
    links.extend(way(shot, stack.get(own..).unwrap_or(&[])));
    match trigger {
        Trigger::Replay { replay, skb } => replayed(look, shot, replay, skb, links),
        Trigger::Timer(fire) => fired(look, shot, fire, links),
        Trigger::Packet { entry, skb } => packet(look, shot, entry, skb, links),
        Trigger::Card(frame) => Ok(arrives(look, shot, frame, links)),
        Trigger::Call(enter, task) => {
            links.push(called(shot, enter, task));
            Ok(None)
        }
        Trigger::Resumed(note) => {
            let task = shot.kernel().and_then(|k| k.current);
            Ok(task.and_then(|task| goes_on(shot, note, task, links)))
        }
        Trigger::Turn => Ok(turn(look, shot, index, links)),
    }
}

/// The functions of a stack, one calling the next, as one link.
fn way(shot: &Shot, entries: &[usize]) -> Option<Link> {
    let last = *entries.last()?;
    let (mut inner, mut names) = (Vec::new(), Vec::new());
    for entry in entries {
        let Some(known) = function(&shot.film, *entry) else { continue };
        names.push(known.name);
        let text = say(
            format!("{} ({}) is called.", known.name, known.file),
            format!("调用 {}（{}）。", known.name, known.file),
        );
        inner.push(Link::new(shot.after(*entry), Some(shot.host), Kind::Calls, text));
    }
    if names.len() > MOST_NAMES {
        names.splice(2..names.len() - (MOST_NAMES - 3), ["…"]);
    }
    let names = names.join(" → ");
    let host = shot.name(shot.host);
    let text = say(format!("The way there on {host}: {names}."), format!("{host} 上的调用路径：{names}。"));
    Some(Link::new(shot.after(last), Some(shot.host), Kind::Calls, text).with(inner))
}

fn leaves(look: &Look<'_>, shot: &Shot, bytes: &[u8]) -> Link {
    let frames = &look.run.frames;
    let place = frames.binary_search_by_key(&shot.moment, |frame| frame.moment).ok();
    let number = place.map_or(0, |place| place + 1);
    let (host, what) = (shot.name(shot.host), frame_text(bytes));
    let text = say(format!("Frame {number} leaves {host}: {what}."), format!("第 {number} 帧离开 {host}：{what}。"));
    Link::new(shot.moment, Some(shot.host), Kind::Frame, text)
}

/// A frame arrives: an input, and on a simulated wire the moment at which it left its sender.
fn arrives(look: &Look<'_>, shot: &Shot, frame: usize, links: &mut Vec<Link>) -> Option<Moment> {
    let Some(Event::FrameIn { bytes, .. }) = shot.film.steps.get(frame).map(|step| &step.event) else { return None };
    let at = shot.after(frame);
    let record = number_of_arrival(look.run, at, shot.host, shot.time, bytes)
        .and_then(|number| Some((number, look.run.frames.get(number - 1)?)));
    let (host, what) = (shot.name(shot.host), frame_text(bytes));
    let named = record.map_or_else(
        || say("A frame", "一帧"),
        |(number, _)| say(format!("Frame {number}"), format!("第 {number} 帧")),
    );
    let text = say(format!("{} arrives on {host}: {what}.", named.en), format!("{}到达 {host}：{what}。", named.zh));
    links.push(Link::new(at, Some(shot.host), Kind::Frame, text).ending(Input::Frame));
    record.filter(|(_, record)| !record.from_outside).map(|(_, record)| record.moment)
}

/// A process makes a call: an input.
fn called(shot: &Shot, enter: usize, task: TaskId) -> Link {
    let text = match (shot.film.steps.get(enter).map(|step| &step.event), shot.kernel()) {
        // The registers of the call that is shown are those of this moment.
        (Some(Event::SyscallEnter { name, .. }), Some(k)) => {
            let (host, pid) = (shot.name(shot.host), shot.pid(task));
            let known = k.tasks.get(task.0 as usize).is_some_and(|task| task.call == Some(*name));
            if known {
                shot.film.steps.get(enter).map_or_else(Words::default, |step| caption(k, host, &step.event))
            } else {
                let name = name.name();
                say(format!("pid {pid} calls {name}()."), format!("进程 {pid} 调用 {name}()。"))
            }
        }
        _ => say("A process makes a system call.", "进程进行系统调用。"),
    };
    Link::new(shot.after(enter), Some(shot.host), Kind::Process, text).ending(Input::Call)
}

/// A process goes on behind its sleep: what woke it.
fn goes_on(shot: &Shot, before: usize, task: TaskId, links: &mut Vec<Link>) -> Option<Moment> {
    let is_about = |event: &Event| match event {
        Event::WakeUp { task: woken } | Event::Signal { task: woken, .. } => *woken == task,
        Event::SyscallEnter { task: caller, .. } => *caller == task,
        _ => false,
    };
    let (pid, host) = (shot.pid(task), Some(shot.host));
    let Some(woken) = last(&shot.film, before, is_about) else {
        let text = say(
            format!("pid {pid} goes on: its time to sleep is over at this clock tick."),
            format!("进程 {pid} 继续运行：睡眠时间在这次时钟中断到期。"),
        );
        links.push(Link::new(shot.after(before), host, Kind::Process, text).ending(Input::Tick));
        return None;
    };
    match shot.film.steps.get(woken).map(|step| &step.event) {
        Some(Event::SyscallEnter { .. }) => {
            links.push(called(shot, woken, task));
            None
        }
        Some(Event::Signal { signal, .. }) => {
            let text = say(
                format!("Signal {signal} makes pid {pid} runnable."),
                format!("信号 {signal} 使进程 {pid} 变为可运行。"),
            );
            links.push(Link::new(shot.after(woken), host, Kind::Process, text));
            Some(shot.after(woken))
        }
        _ => {
            let text = say(
                format!("pid {pid} goes on, for it was woken here."),
                format!("进程 {pid} 继续运行：它在这里被唤醒。"),
            );
            links.push(Link::new(shot.after(woken), host, Kind::Process, text));
            Some(shot.after(woken))
        }
    }
}

/// release_sock replays a segment: it came earlier.
fn replayed(
    look: &mut Look<'_>,
    shot: &Shot,
    replay: usize,
    skb: Option<u32>,
    links: &mut Vec<Link>,
) -> Found<Option<Moment>> {
    let name =
        skb.map_or_else(|| say("a segment", "一个报文段"), |skb| say(format!("skb@{skb}"), format!("skb@{skb} ")));
    let text = say(
        format!("release_sock replays {} from back_log: it had come while the sock was in use.", name.en),
        format!("release_sock 重放 back_log 中的{}：它是在 sock 被占用时到达的。", name.zh),
    );
    links.push(Link::new(shot.after(replay), Some(shot.host), Kind::Queue, text));
    let Some(skb) = skb else { return Ok(None) };
    let put = Hunt::Enters("skb_queue_tail", Arg::Skb(skb));
    Ok(look.last(shot.host, &[put], shot.after(replay))?.map(|hit| hit.moment))
}

/// A timer fires: a tick, and the moment at which it was armed.
fn fired(look: &mut Look<'_>, shot: &Shot, fire: usize, links: &mut Vec<Link>) -> Found<Option<Moment>> {
    let Some(Event::TimerFire { function, sk }) = shot.film.steps.get(fire).map(|step| &step.event) else {
        return Ok(None);
    };
    let key =
        timer_entered(&shot.film, fire).or_else(|| TimerKey::of(function, sk.map(crate::include::arena::Id::serial)));
    let at = shot.after(fire);
    let name = key.map_or_else(|| (*function).to_owned(), |key| key.name(shot.name(shot.host)));
    let jiffies = shot.kernel().map_or(0, |k| k.jiffies.0);
    let text = say(
        format!("{name} fires with the clock tick of jiffy {jiffies}."),
        format!("{name} 在第 {jiffies} 个 jiffy 的时钟中断中到期。"),
    );
    links.push(Link::new(at, Some(shot.host), Kind::Timer, text).ending(Input::Tick));
    let Some(key) = key else { return Ok(None) };
    let Some(hit) = look.last(shot.host, &[Hunt::Armed(key)], at)? else { return Ok(None) };
    if let Some(armed) = look.at(hit.moment)? {
        links.push(arming(&armed, key));
    }
    Ok(Some(hit.moment))
}

/// The timer that the function behind a firing is told.
fn timer_entered(film: &Film, fire: usize) -> Option<TimerKey> {
    let Event::Enter { args, .. } = &film.steps.get(fire + 1)?.event else { return None };
    args.iter().find_map(|entries| match entries.first() {
        Some(Arg::Timer(role, owner)) => Some(TimerKey { role: *role, owner: Some(*owner) }),
        _ => None,
    })
}

/// How a timer was armed, at the entry of add_timer: for how long, and what for.
pub(super) fn arming(shot: &Shot, key: TimerKey) -> Link {
    let index = shot.moment.step.saturating_sub(1);
    let near = |from: usize, to: usize| shot.film.steps.get(from..to.min(shot.film.steps.len())).unwrap_or(&[]);
    let before = near(index.saturating_sub(6), index).iter().rev();
    let set = before.chain(near(index, index + 4)).find_map(|step| match &step.event {
        Event::TimerSet { why, delay, .. } => Some((why.name(), *delay)),
        Event::AddTimer { function, delay } if *function == key.role.function() => Some(("", *delay)),
        _ => None,
    });
    let name = key.name(shot.name(shot.host));
    let by = running(&shot.film, index);
    let by = by.last().and_then(|entry| function(&shot.film, *entry)).map_or("?", |function| function.name);
    let now = shot.kernel().map_or(0, |k| k.jiffies.0);
    let text = match set {
        Some((why, delay)) => {
            let (en, zh) = if why.is_empty() {
                (String::new(), String::new())
            } else {
                (format!(" for {why}"), format!("（{why}）"))
            };
            let due = now.wrapping_add(delay);
            say(
                format!("{by} arms {name}{en}: {delay} jiffies, due behind jiffy {due}."),
                format!("{by} 设置 {name}{zh}：{delay} 个 jiffy，在第 {due} 个 jiffy 之后到期。"),
            )
        }
        None => say(format!("{by} arms {name} with what was left of it."), format!("{by} 以剩余时间重新设置 {name}。")),
    };
    Link::new(shot.moment, Some(shot.host), Kind::Timer, text)
}

/// The network's bottom half hands a buffer on: how that came.
fn packet(look: &mut Look<'_>, shot: &Shot, entry: usize, skb: u32, links: &mut Vec<Link>) -> Found<Option<Moment>> {
    if let Some(rx) = brought(&shot.film, entry, skb) {
        if is_loopback(&shot.film, rx) {
            let text = say(
                format!("lo hands the frame back as if it had been received: skb@{skb}."),
                format!("lo 把帧当作收到的交回：skb@{skb}。"),
            );
            links.push(Link::new(shot.after(rx), Some(shot.host), Kind::Queue, text));
            return Ok(Some(shot.after(rx)));
        }
        let frame = last(&shot.film, rx, |event| matches!(event, Event::FrameIn { .. }));
        return Ok(frame.and_then(|frame| arrives(look, shot, frame, links)));
    }
    // It waited: in a queue of the device, or on the backlog since an earlier turn.
    let wanted = [Hunt::Enters("skb_queue_tail", Arg::Skb(skb)), Hunt::Enters("netif_rx", Arg::Skb(skb))];
    let until = Moment { turn: shot.moment.turn, step: entry };
    let Some(hit) = look.last(shot.host, &wanted, until)? else { return Ok(turn(look, shot, entry, links)) };
    let text =
        say(format!("skb@{skb} had waited since it was put on a queue here."), format!("skb@{skb} 自此排入队列等待。"));
    links.push(Link::new(hit.moment, Some(shot.host), Kind::Queue, text));
    Ok(Some(hit.moment))
}

/// What runs outside of every function: by the event, else by what the turn is about.
fn turn(look: &Look<'_>, shot: &Shot, index: usize, links: &mut Vec<Link>) -> Option<Moment> {
    match shot.film.steps.get(index).map(|step| &step.event) {
        Some(Event::SyscallEnter { task, .. }) => {
            links.push(called(shot, index, *task));
            return None;
        }
        Some(Event::SyscallExit { task, .. }) => return goes_on(shot, index, *task, links),
        Some(Event::Note { .. }) if shot.event().is_some() && is_resume(&shot.film, index) => {
            let task = shot.kernel().and_then(|k| k.current);
            return task.and_then(|task| goes_on(shot, index, task, links));
        }
        Some(Event::IrqEnter { timer: true, .. }) => {
            let text = say("The clock interrupts the call.", "时钟中断打断这次调用。");
            links.push(Link::new(shot.after(index), Some(shot.host), Kind::Outside, text).ending(Input::Tick));
            return None;
        }
        _ => {}
    }
    let frame = last(&shot.film, index + 1, |event| matches!(event, Event::FrameIn { .. }));
    match (&shot.cause, frame) {
        (Cause::Frames, Some(frame)) => arrives(look, shot, frame, links),
        (Cause::Call, _) => {
            let enter = last(&shot.film, index + 1, |event| matches!(event, Event::SyscallEnter { .. }));
            let task = enter.and_then(|enter| match shot.film.steps.get(enter)?.event {
                Event::SyscallEnter { task, .. } => Some((enter, task)),
                _ => None,
            });
            let first = Moment { turn: shot.moment.turn, step: 0 };
            links.push(task.map_or_else(
                || outside(first, Some(shot.host), &shot.cause),
                |(enter, task)| called(shot, enter, task),
            ));
            None
        }
        (cause, _) => {
            let first = Moment { turn: shot.moment.turn, step: 0 };
            links.push(outside(first, Some(shot.host), cause));
            None
        }
    }
}

/// Whether a note says that a process goes on: the step before system_call.
fn is_resume(film: &Film, index: usize) -> bool {
    function(film, index + 1).is_some_and(|function| function.name == "system_call")
}
