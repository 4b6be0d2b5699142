//! Why a process woke: who made it runnable, and what came of it.

use super::answer::{Answer, Input, Kind, Link, say};
use super::around::{function, running};
use super::chain::chain;
use super::field::host_name;
use super::look::{Found, Look};
use super::scan::Hunt;
use crate::kernel::probe::Event;
use crate::lab::journal::HostId;
use crate::lab::moment::Moment;
use crate::words::Words;

/// Why a process woke the last time before a moment.
pub(super) fn woke(look: &mut Look<'_>, host: HostId, pid: i32, at: Moment) -> Found<Answer> {
    let hit = look.last(host, &[Hunt::Wakes(pid), Hunt::Sleeps(pid)], at)?;
    // The last sleep may go on: then the wake-up before it is meant.
    let hit = match hit {
        Some(hit) if hit.hunt == 1 => {
            let woken = look.last(host, &[Hunt::Wakes(pid)], hit.moment)?;
            woken.or(None)
        }
        hit => hit,
    };
    let mut links = Vec::new();
    let name = host_name(look, host);
    let Some(hit) = hit else {
        let verdict = say(
            format!("Nothing has woken pid {pid} on {name} by this moment."),
            format!("到这一刻没有什么唤醒过 {name} 上的进程 {pid}。"),
        );
        let looked = say(
            format!("Looked for wake-ups and signals of pid {pid} in every step of the host, back to the beginning."),
            format!("在该主机从开头起的每一步中寻找进程 {pid} 的唤醒和信号。"),
        );
        if let Some(call) = look.last(host, &[Hunt::Calls(pid)], at)? {
            let text =
                say(format!("pid {pid} makes its last call here."), format!("进程 {pid} 在这里进行最后一次调用。"));
            links.push(Link::new(call.moment, Some(host), Kind::Process, text).ending(Input::Call));
        }
        return Ok(Answer { question: Words::default(), verdict, links, looked_at: vec![looked] });
    };
    let Some(shot) = look.at(hit.moment)? else {
        return Ok(Answer { question: Words::default(), verdict: Words::default(), links, looked_at: Vec::new() });
    };
    let around = running(&shot.film, hit.moment.step.saturating_sub(1));
    let names: Vec<&str> =
        around.iter().filter_map(|entry| function(&shot.film, *entry)).map(|function| function.name).collect();
    let by = names.iter().rev().find(|name| !name.starts_with("wake_up")).copied().unwrap_or("?");
    let verdict = match shot.event() {
        Some(Event::Signal { signal, .. }) => say(
            format!("Signal {signal} ended the sleep of pid {pid}."),
            format!("信号 {signal} 结束了进程 {pid} 的睡眠。"),
        ),
        _ => {
            let caller =
                names.iter().rev().find(|name| !name.starts_with("wake_up") && !name.starts_with("def_callback"));
            let caller = caller.copied().unwrap_or(by);
            say(
                format!("{by} woke pid {pid}, called by {caller}.").replace(&format!(", called by {by}."), "."),
                format!("{by} 唤醒了进程 {pid}，由 {caller} 调用。").replace(&format!("，由 {by} 调用。"), "。"),
            )
        }
    };
    links.push(Link::new(hit.moment, Some(host), Kind::Process, verdict.clone()));
    chain(look, hit.moment, &mut links)?;
    Ok(Answer { question: Words::default(), verdict, links, looked_at: Vec::new() })
}
