//! Why a field of a sock has its value, and why a sock is in its state: the last step that changed it, and what made it.

use super::answer::{Answer, Kind, Link, say};
use super::around::{function, running};
use super::chain::chain;
use super::look::{Found, Look};
use super::moment::Shot;
use super::scan::Hunt;
use crate::lab::journal::HostId;
use crate::lab::moment::Moment;
use crate::view::Value;
use crate::view::sock::{SockField, SockView, by_number, name};
use crate::words::Words;

/// Why a field has its value at a moment; where its sock is gone by then, its last value.
pub(super) fn field(look: &mut Look<'_>, host: HostId, sk: u32, field: SockField, at: Moment) -> Found<Answer> {
    let mut links = Vec::new();
    let mut hit = look.last(host, &[Hunt::Field(sk, field)], at)?;
    if let Some(gone) = hit
        && let Some(shot) = look.at(gone.moment)?
        && value(&shot, host, sk, field).is_none()
    {
        links.push(destroyed(&shot, sk));
        let before = Moment { step: gone.moment.step.saturating_sub(1), ..gone.moment };
        hit = look.last(host, &[Hunt::Field(sk, field)], before)?;
    }
    let (verdict, looked_at) = match hit {
        Some(hit) => {
            let before = look.at(Moment { step: hit.moment.step.saturating_sub(1), ..hit.moment })?;
            let Some(after) = look.at(hit.moment)? else { return Ok(unknown(look, host, sk, at)) };
            let old = before.and_then(|shot| value(&shot, host, sk, field)).unwrap_or(Value::Null);
            let new = value(&after, host, sk, field).unwrap_or(Value::Null);
            let verdict = written(&after, sk, field, &old, &new);
            links.push(Link::new(hit.moment, Some(host), Kind::Write, verdict.clone()));
            chain(look, hit.moment, &mut links)?;
            (verdict, Vec::new())
        }
        None => {
            let what = format!("{}.{}", name(host_name(look, host).as_str(), sk), field.name);
            let turns = at.turn + 1;
            (
                say(format!("No step has written {what}."), format!("没有哪一步写过 {what}。")),
                vec![say(
                    format!("Looked at every step of the host in {turns} turns, back to the beginning of the run."),
                    format!("查看了该主机在 {turns} 轮中的每一步，直到运行的开头。"),
                )],
            )
        }
    };
    Ok(Answer { question: Words::default(), verdict, links, looked_at })
}

/// That a sock is gone, where it went.
fn destroyed(shot: &Shot, sk: u32) -> Link {
    let (sock, by) = (shot.sock(sk), writer(shot));
    let text = say(format!("{sock} was destroyed here, by {by}."), format!("{sock} 在这里由 {by} 销毁。"));
    Link::new(shot.moment, Some(shot.host), Kind::Write, text)
}

/// Name of a host of the run.
pub(super) fn host_name(look: &Look<'_>, host: HostId) -> String {
    look.run.head().hosts.get(host).map_or_else(|| "?".to_owned(), |host| host.name.clone())
}

fn unknown(look: &Look<'_>, host: HostId, sk: u32, at: Moment) -> Answer {
    let sk = name(&host_name(look, host), sk);
    let verdict =
        say(format!("The run does not tell where {sk} was written."), format!("运行没有说明 {sk} 在哪里被写。"));
    let link = Link::new(at, Some(host), Kind::Write, verdict.clone());
    Answer { question: Words::default(), verdict, links: vec![link], looked_at: Vec::new() }
}

fn value(shot: &Shot, host: HostId, sk: u32, field: SockField) -> Option<Value> {
    let k = shot.of(host)?;
    by_number(k, sk).map(|sk| field.value(k, sk))
}

/// The function that runs when a step happens, which did what is seen behind it; a helper that only stores or frees is told
/// with its caller.
pub(super) fn writer(shot: &Shot) -> String {
    let index = shot.moment.step.saturating_sub(1);
    let around = running(&shot.film, index);
    let names: Vec<&str> =
        around.iter().rev().filter_map(|entry| function(&shot.film, *entry)).map(|function| function.name).collect();
    let is_helper = |name: &str| {
        ["tcp_set_state", "kfree_s", "kfree_skbmem", "sock_wfree", "sock_rfree", "del_timer", "add_timer"]
            .contains(&name)
            || name.starts_with("skb_")
    };
    let whose = names.iter().position(|name| !is_helper(name)).unwrap_or(0);
    match (names.get(whose), names.first()) {
        (Some(caller), Some(helper)) if whose > 0 => format!("{caller} ({helper})"),
        (Some(own), _) => (*own).to_owned(),
        (None, _) => String::new(),
    }
}

fn written(shot: &Shot, sk: u32, field: SockField, old: &Value, new: &Value) -> Words<String> {
    let (by, name) = (writer(shot), format!("{}.{}", shot.sock(sk), field.name));
    let (by_en, by_zh) =
        if by.is_empty() { (String::new(), String::new()) } else { (format!(" by {by}"), format!("由 {by} ")) };
    match (old, new) {
        (Value::Null, _) => say(
            format!("{name} begins as {new} with the sock itself, made{by_en}."),
            format!("{name} 随 sock 一起产生，初值 {new}，{by_zh}建立。"),
        ),
        _ => say(format!("{name} was set from {old} to {new}{by_en}."), format!("{name} {by_zh}从 {old} 改为 {new}。")),
    }
}

/// Why a sock is in its state at a moment.
pub(super) fn state(look: &mut Look<'_>, host: HostId, sk: u32, at: Moment) -> Found<Answer> {
    let past = look.run.states.partition_point(|record| record.moment <= at);
    let known = look.run.states.get(..past).unwrap_or(&[]).iter().rev();
    let record = known.into_iter().find(|record| record.host == host && record.sk == sk).cloned();
    let Some(record) = record else {
        let Some(reader) = SockView::reader("state") else { return Ok(unknown(look, host, sk, at)) };
        return field(look, host, sk, reader, at);
    };
    let sock = name(&host_name(look, host), sk);
    let parent = record.parent.map(|parent| name(&host_name(look, host), parent));
    let by = look.at(record.moment)?.map_or_else(String::new, |shot| writer(&shot));
    let new = record.new.name();
    let verdict = match (record.old, parent) {
        (Some(old), _) => {
            let old = old.name();
            say(format!("{sock} went from {old} to {new} in {by}."), format!("{sock} 在 {by} 中从 {old} 变为 {new}。"))
        }
        (None, Some(parent)) => say(
            format!("{sock} was born in {new} in {by}, as a child of {parent}."),
            format!("{sock} 在 {by} 中诞生于 {new}，是 {parent} 的子 sock。"),
        ),
        (None, None) => say(format!("{sock} was born in {new} in {by}."), format!("{sock} 在 {by} 中诞生于 {new}。")),
    };
    let mut links = vec![Link::new(record.moment, Some(host), Kind::Write, verdict.clone())];
    chain(look, record.moment, &mut links)?;
    Ok(Answer { question: Words::default(), verdict, links, looked_at: Vec::new() })
}
