//! Why a timer fired, and why one has not: armed, deleted, still running.

use super::answer::{Answer, Kind, Link, say};
use super::around::{function, running};
use super::chain::{arming, chain};
use super::field::host_name;
use super::look::{Found, Look};
use super::question::TimerKey;
use super::scan::Hunt;
use crate::kernel::Kernel;
use crate::kernel::probe::{Arg, ToArg};
use crate::lab::journal::HostId;
use crate::lab::moment::Moment;
use crate::words::Words;

/// Why a timer fired the last time before a moment.
pub(super) fn fired(look: &mut Look<'_>, host: HostId, timer: TimerKey, at: Moment) -> Found<Answer> {
    let name = timer.name(&host_name(look, host));
    let Some(hit) = look.last(host, &[Hunt::Fires(timer)], at)? else {
        return not_fired(look, host, timer, at);
    };
    let mut links = Vec::new();
    chain(look, hit.moment, &mut links)?;
    let armed = links.iter().filter(|link| link.kind == Kind::Timer).nth(1).map(|link| link.text.clone());
    let verdict = match armed {
        Some(armed) => {
            say(format!("{name} fired because its time had come: {}", armed.en), format!("{name} 到期：{}", armed.zh))
        }
        None => say(format!("{name} fired because its time had come."), format!("{name} 到期。")),
    };
    Ok(Answer { question: Words::default(), verdict, links, looked_at: Vec::new() })
}

/// Jiffies until a running timer fires.
fn left(k: &Kernel, timer: TimerKey) -> Option<u32> {
    let mine = k.timers.iter().find(|(_, queued)| {
        let arg: Arg = queued.id.to_arg();
        timer.is(arg)
    });
    mine.map(|((expires, _), _)| (expires + 1).saturating_sub(k.jiffies.0))
}

/// Why a timer has not fired by a moment.
pub(super) fn not_fired(look: &mut Look<'_>, host: HostId, timer: TimerKey, at: Moment) -> Found<Answer> {
    let name = timer.name(&host_name(look, host));
    let running_for = look.near(at)?.and_then(|shot| left(shot.of(host)?, timer));
    let mut links = Vec::new();
    let hit = look.last(host, &[Hunt::Armed(timer), Hunt::Deleted(timer), Hunt::Fires(timer)], at)?;
    let shot = match hit {
        Some(hit) => look.at(hit.moment)?,
        None => None,
    };
    let (Some(hit), Some(shot)) = (hit, shot) else {
        let verdict = say(format!("{name} was never armed."), format!("{name} 从未设置过。"));
        let looked = say(
            format!("Looked for add_timer of {name} in every step of the host, back to the beginning."),
            format!("在该主机从开头起的每一步中寻找 {name} 的 add_timer。"),
        );
        return Ok(Answer { question: Words::default(), verdict, links, looked_at: vec![looked] });
    };
    let verdict = match (running_for, hit.hunt) {
        (Some(left), _) => {
            links.push(arming(&shot, timer));
            if let Some(before) = rearmed(look, host, timer, hit.moment)? {
                links.push(before);
            }
            say(
                format!("{name} is still running: it fires in {left} jiffies."),
                format!("{name} 还在计时：{left} 个 jiffy 后到期。"),
            )
        }
        (None, 2) => {
            say(format!("{name} did fire, here, and runs no more."), format!("{name} 已在这里到期，不再计时。"))
        }
        (None, 1) => {
            let around = running(&shot.film, hit.moment.step.saturating_sub(1));
            let names = around.iter().rev().filter_map(|entry| function(&shot.film, *entry)).map(|known| known.name);
            let by = names.into_iter().find(|name| *name != "del_timer").unwrap_or("?");
            let text = say(format!("{by} deletes {name} while it runs."), format!("{by} 在 {name} 计时期间将其删除。"));
            links.push(Link::new(hit.moment, Some(host), Kind::Timer, text));
            say(format!("{name} was deleted by {by} before its time came."), format!("{name} 在到期之前被 {by} 删除。"))
        }
        (None, _) => {
            links.push(arming(&shot, timer));
            say(
                format!("{name} is armed here and on no list any more: its owner is gone."),
                format!("{name} 在这里设置，但已不在列表中：其所有者已不存在。"),
            )
        }
    };
    chain(look, hit.moment, &mut links)?;
    Ok(Answer { question: Words::default(), verdict, links, looked_at: Vec::new() })
}

/// That a running timer was deleted and armed again: its time began anew.
fn rearmed(look: &mut Look<'_>, host: HostId, timer: TimerKey, armed: Moment) -> Found<Option<Link>> {
    let before = Moment { step: armed.step.saturating_sub(1), ..armed };
    let Some(hit) = look.last(host, &[Hunt::Deleted(timer), Hunt::Armed(timer)], before)? else { return Ok(None) };
    if hit.hunt != 0 || hit.moment.turn != armed.turn {
        return Ok(None);
    }
    let text = say(
        "It ran already, was deleted here, and began anew with that.",
        "它此前已在计时，在这里被删除，随后重新开始。",
    );
    Ok(Some(Link::new(hit.moment, Some(host), Kind::Timer, text)))
}
