//! Why a segment is on back_log and not on receive_queue: who has the sock, since when, and when it lets go.

use super::answer::{Answer, Kind, Link, say};
use super::around::{buffer, function, running};
use super::chain::chain;
use super::field::host_name;
use super::look::{Found, Look};
use super::moment::Shot;
use super::scan::Hunt;
use crate::kernel::probe::Event;
use crate::lab::journal::HostId;
use crate::lab::moment::Moment;
use crate::view::sock::{by_number, name};
use crate::words::Words;

/// Why a segment waits on the back_log of a sock at a moment; where none does, why the last one did.
pub(super) fn waits(look: &mut Look<'_>, host: HostId, sk: u32, at: Moment) -> Found<Answer> {
    let sock = name(&host_name(look, host), sk);
    let mut links = Vec::new();
    let waiting = look.near(at)?.and_then(|shot| waiting(&shot, host, sk)).unwrap_or(0);
    let Some(put) = look.last(host, &[Hunt::BackLogged(sk)], at)? else {
        let verdict = say(
            format!("No segment has waited on back_log of {sock} by this moment."),
            format!("到这一刻没有报文段在 {sock} 的 back_log 上等待过。"),
        );
        let looked = say(
            format!("Looked at every step of the host back to the beginning for one put on back_log of {sock}."),
            format!("查看了该主机从开头起的每一步，寻找放入 {sock} 的 back_log 的报文段。"),
        );
        return Ok(Answer { question: Words::default(), verdict, links, looked_at: vec![looked] });
    };
    let taken = look.last(host, &[Hunt::Lock(sk, true)], put.moment)?;
    let freed = match taken {
        Some(taken) => {
            look.all(host, &[Hunt::Lock(sk, false)], taken.moment, look_ahead(look, put.moment))?.first().copied()
        }
        None => None,
    };
    if let Some(freed) = freed.filter(|freed| freed.moment > put.moment) {
        let text = if freed.moment <= at {
            say(
                format!("release_sock has let {sock} go here, and with that the segment was replayed."),
                format!("release_sock 在这里放开 {sock}，报文段随之被重放。"),
            )
        } else {
            say(
                format!("{sock} will be let go here: then the segment is replayed."),
                format!("{sock} 将在这里被放开：那时报文段会被重放。"),
            )
        };
        links.push(Link::new(freed.moment, Some(host), Kind::Lock, text));
    }
    let put_shot = look.at(put.moment)?;
    if let Some(shot) = &put_shot {
        links.push(put_link(shot, &sock));
    }
    let mut holder = say("somebody", "某个函数");
    if let Some(taken) = taken
        && let Some(shot) = look.at(taken.moment)?
    {
        let link = lock_link(&shot, &sock);
        holder = link.1;
        links.push(link.0);
    }
    chain(look, put.moment, &mut links)?;
    let verdict = if waiting > 0 {
        say(
            format!(
                "{sock} is in use by {}: {waiting} of its segments wait on back_log until release_sock.",
                holder.en
            ),
            format!("{sock} 正被 {}占用：{waiting} 个报文段在 back_log 上等到 release_sock。", holder.zh),
        )
    } else {
        say(
            format!("Nothing waits there now. The last segment waited because {sock} was in use by {}.", holder.en),
            format!("现在那里没有报文段。上一个报文段等待是因为 {sock} 当时被 {}占用。", holder.zh),
        )
    };
    Ok(Answer { question: Words::default(), verdict, links, looked_at: Vec::new() })
}

/// A sock is let go in the turn that took it, or not at all: the end of that turn.
fn look_ahead(look: &Look<'_>, put: Moment) -> Moment {
    Moment { turn: put.turn, step: look.run.steps(put.turn) }
}

fn waiting(shot: &Shot, host: HostId, sk: u32) -> Option<usize> {
    let k = shot.of(host)?;
    k.sock.get(by_number(k, sk)?).map(|sock| sock.back_log.len())
}

fn put_link(shot: &Shot, sock: &str) -> Link {
    let index = shot.moment.step.saturating_sub(1);
    let around = running(&shot.film, index);
    let skb = around.iter().rev().find_map(|entry| shot.film.steps.get(*entry).and_then(buffer));
    let skb = skb.map_or_else(|| say("A segment", "报文段"), |skb| say(format!("skb@{skb}"), format!("skb@{skb} ")));
    let by = around.iter().rev().filter_map(|entry| function(&shot.film, *entry)).map(|function| function.name);
    let by = by.into_iter().find(|name| !name.starts_with("skb_")).unwrap_or("?");
    let text = say(
        format!("{by} finds {sock} in use and puts {} on its back_log.", skb.en),
        format!("{by} 发现 {sock} 被占用，把{}放到它的 back_log。", skb.zh),
    );
    Link::new(shot.moment, Some(shot.host), Kind::Queue, text)
}

/// Who took a sock, as a link and as a name.
fn lock_link(shot: &Shot, sock: &str) -> (Link, Words<String>) {
    let (by, process) = match shot.event() {
        Some(Event::Inuse { function, process, .. }) => (*function, *process),
        _ => ("?", false),
    };
    let pid = shot.kernel().and_then(|k| k.current).filter(|_| process).map(|task| shot.pid(task));
    let holder = match pid {
        Some(pid) => say(format!("{by} of pid {pid}"), format!("进程 {pid} 的 {by} ")),
        None => say(by, format!("{by} ")),
    };
    let jiffies = shot.kernel().map_or(0, |k| k.jiffies.0);
    let text = say(
        format!("{} has taken {sock}: inuse is 1 since here, jiffy {jiffies}.", holder.en),
        format!("{}占用了 {sock}：从这里（第 {jiffies} 个 jiffy）起 inuse 为 1。", holder.zh),
    );
    (Link::new(shot.moment, Some(shot.host), Kind::Lock, text), holder)
}
