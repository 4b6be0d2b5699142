//! Why asking for an address by ARP brought nothing: what became of every request.

use core::net::Ipv4Addr;

use super::answer::{Answer, Kind, Link, say};
use super::chain::chain;
use super::field::host_name;
use super::frame::not_through;
use super::look::{Found, Look};
use crate::include::in_addr::InAddr;
use crate::lab::journal::HostId;
use crate::lab::moment::Moment;
use crate::view::arp::ArpView;
use crate::wire::FrameSummary;
use crate::words::Words;

/// Requests whose fate is told, the latest first.
const MOST_REQUESTS: usize = 3;

/// Numbers of the requests of a host for an address by a moment, the latest first.
fn requests(look: &Look<'_>, host: HostId, address: InAddr, at: Moment) -> Vec<usize> {
    let wanted = Ipv4Addr::from(address.0);
    let past = look.run.frames.partition_point(|frame| frame.moment <= at);
    let frames = look.run.frames.iter().enumerate().take(past).rev();
    let asks = |bytes: &[u8]| matches!(FrameSummary::of(bytes), FrameSummary::Arp(arp) if arp.operation == 1 && arp.target == wanted);
    let own = frames.filter(|(_, frame)| frame.sent.host == host && !frame.from_outside);
    own.filter(|(_, frame)| asks(&frame.sent.bytes)).map(|(place, _)| place + 1).take(MOST_REQUESTS).collect()
}

/// Why asking for an address brought nothing by a moment.
pub(super) fn nothing(look: &mut Look<'_>, host: HostId, address: InAddr, at: Moment) -> Found<Answer> {
    let name = host_name(look, host);
    let asked = requests(look, host, address, at);
    let mut links = Vec::new();
    let mut looked_at = Vec::new();
    let shot = look.near(at)?;
    let entry = shot.as_ref().and_then(|shot| ArpView::by_address(shot.of(host)?, address));
    let owner = shot.as_ref().and_then(|shot| {
        let owns = |host: &crate::lab::world::Host| host.kernel.dev.iter().any(|dev| dev.pa_addr == address);
        shot.world.hosts.iter().find(|host| owns(host)).map(|host| host.name.clone())
    });
    let Some(last) = asked.first().copied() else {
        let verdict = say(
            format!("{name} has not asked for {address} by this moment."),
            format!("到这一刻 {name} 没有询问过 {address}。"),
        );
        let looked = say(
            format!("Looked at the ARP requests among the frames of {name}."),
            format!("查看了 {name} 发出的帧中的 ARP 请求。"),
        );
        return Ok(Answer { question: Words::default(), verdict, links, looked_at: vec![looked] });
    };
    let mut why = None;
    for number in &asked {
        let mut of_one = Vec::new();
        let told = match not_through(look, *number, at, &mut of_one)? {
            Ok(lost) => lost,
            Err(Some(reception)) => answered(look, *number, &reception, at, &mut of_one)?,
            Err(None) => continue,
        };
        let moment = of_one.first().map_or(at, |link| link.moment);
        let on = of_one.first().and_then(|link| link.host);
        let text = say(format!("Request, frame {number}: {}", told.en), format!("请求（第 {number} 帧）：{}", told.zh));
        why = why.or(Some(told));
        links.push(Link::new(moment, on, Kind::Frame, text).with(of_one));
    }
    let verdict = match (&entry, owner, why) {
        (Some(entry), ..) if entry.resolved => {
            say(format!("{address} is known: {}.", entry.ha), format!("{address} 已经解析：{}。", entry.ha))
        }
        (_, None, _) if shot.as_ref().is_some_and(|shot| shot.world.hosts.len() > 1) => say(
            format!("Nobody has the address {address}: no host of this wire can answer."),
            format!("没有主机使用地址 {address}：这条网线上无人能应答。"),
        ),
        (_, _, Some(why)) => why,
        _ => say(format!("Nobody has answered for {address}."), format!("没有人应答 {address}。")),
    };
    if let Some(entry) = entry.filter(|entry| !entry.resolved) {
        looked_at.push(say(
            format!("The entry has {} requests left, and {} packets wait on it.", entry.retries, entry.waiting),
            format!("表项还剩 {} 次请求，有 {} 个包在等待。", entry.retries, entry.waiting),
        ));
    }
    if let Some(moment) = look.run.frames.get(last - 1).map(|frame| frame.moment) {
        chain(look, moment, &mut links)?;
    }
    Ok(Answer { question: Words::default(), verdict, links, looked_at })
}

/// What came of a request that was received.
fn answered(
    look: &mut Look<'_>,
    number: usize,
    reception: &super::fate::Reception,
    at: Moment,
    links: &mut Vec<Link>,
) -> Found<Words<String>> {
    let host = reception.shot.name(reception.host()).to_owned();
    let arrived = say(format!("frame {number} was received by {host}."), format!("{host} 收到了第 {number} 帧。"));
    links.push(Link::new(reception.moment(), Some(reception.host()), Kind::Frame, arrived.clone()));
    let Some(reply) = reception.answers(look.run).first().copied() else {
        return Ok(say(format!("{host} received it and sent no reply."), format!("{host} 收到它，没有应答。")));
    };
    Ok(match not_through(look, reply, at, links)? {
        Ok(lost) => say(format!("{host} replied. {}", lost.en), format!("{host} 作了应答。{}", lost.zh)),
        Err(_) => say(format!("{host} replied with frame {reply}."), format!("{host} 以第 {reply} 帧作了应答。")),
    })
}
