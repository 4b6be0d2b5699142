//! Questions about a frame: why it left, why it was dropped, why it never arrived, why nobody answered it.

use super::answer::{Answer, Input, Kind, Link, say};
use super::around::{buffer, function, running};
use super::chain::chain;
use super::fate::{self, Outcome, Reception, changed_on_the_way, frame_text};
use super::look::{Found, Look};
use super::scan::Hunt;
use crate::kernel::probe::Event;
use crate::lab::moment::Moment;
use crate::wire::FrameSummary;
use crate::words::Words;

/// Notes of the handling that are folded into a link.
const MOST_NOTES: usize = 12;

fn answer(verdict: Words<String>, links: Vec<Link>) -> Answer {
    Answer { question: Words::default(), verdict, links, looked_at: Vec::new() }
}

/// There is no such frame by this moment.
fn unknown(look: &Look<'_>, number: usize, at: Moment) -> Answer {
    let count = look.run.frames.partition_point(|frame| frame.moment <= at);
    let looked = say(
        format!("By this moment the run has {count} frames, numbered from 1."),
        format!("到这一刻运行共有 {count} 帧，从 1 开始编号。"),
    );
    let verdict = say(format!("There is no frame {number} by this moment."), format!("到这一刻没有第 {number} 帧。"));
    Answer { looked_at: vec![looked], ..answer(verdict, Vec::new()) }
}

/// The moment of a frame, and whether it came from outside.
fn record(look: &Look<'_>, number: usize, at: Moment) -> Option<(Moment, bool)> {
    let record = look.run.frames.get(number.checked_sub(1)?)?;
    (record.moment <= at).then_some((record.moment, record.from_outside))
}

/// Why a frame left.
pub(super) fn left(look: &mut Look<'_>, number: usize, at: Moment) -> Found<Answer> {
    let Some((moment, from_outside)) = record(look, number, at) else { return Ok(unknown(look, number, at)) };
    let mut links = Vec::new();
    if from_outside {
        let text = say(
            format!("Frame {number} was sent outside of the run: it arrives here."),
            format!("第 {number} 帧是在运行之外发出的：它在这里到达。"),
        );
        let host = look.run.turns.get(moment.turn).and_then(crate::lab::run::Entry::host);
        links.push(Link::new(moment, host, Kind::Frame, text.clone()).ending(Input::Frame));
        return Ok(answer(text, links));
    }
    chain(look, moment, &mut links)?;
    let verdict = cause(number, &links);
    if let Some(made) = made(look, moment)? {
        links.insert(1.min(links.len()), made);
    }
    Ok(answer(verdict, links))
}

/// Where the buffer of a frame was made, if that was in an earlier turn: it waited, or is sent again.
fn made(look: &mut Look<'_>, left: Moment) -> Found<Option<Link>> {
    let Some(shot) = look.at(left)? else { return Ok(None) };
    let stack = running(&shot.film, left.step.saturating_sub(1));
    let sends = stack.iter().rev().find_map(|entry| shot.film.steps.get(*entry).and_then(buffer));
    let Some(skb) = sends else { return Ok(None) };
    let Some(hit) = look.last(shot.host, &[Hunt::Makes(skb)], left)? else { return Ok(None) };
    let Some(shot) = look.at(hit.moment)?.filter(|_| hit.moment.turn < left.turn) else { return Ok(None) };
    let around = running(&shot.film, hit.moment.step.saturating_sub(1));
    let names = around.iter().rev().filter_map(|entry| function(&shot.film, *entry)).map(|known| known.name);
    let by = names.into_iter().find(|name| !name.ends_with("alloc_skb") && !name.starts_with("sock_")).unwrap_or("?");
    let text = say(
        format!("Its buffer, skb@{skb}, was made here already, by {by}."),
        format!("它的缓冲区 skb@{skb} 早在这里就由 {by} 建立。"),
    );
    Ok(Some(Link::new(hit.moment, Some(shot.host), Kind::Queue, text)))
}

/// The nearest cause of a frame, in one sentence: the first input of its chain.
fn cause(number: usize, links: &[Link]) -> Words<String> {
    let first = links.iter().find(|link| link.input.is_some() || link.kind == Kind::Timer);
    match first {
        Some(link) => say(
            format!("Frame {number} left because of this: {}", link.text.en),
            format!("第 {number} 帧发出的原因：{}", link.text.zh),
        ),
        None => say(format!("Frame {number} left."), format!("第 {number} 帧发出。")),
    }
}

/// The links of a frame that was received: its arrival with what was done to it, and where it came from.
fn arrival(look: &mut Look<'_>, reception: &Reception, links: &mut Vec<Link>) -> Found<()> {
    let before = links.len();
    chain(look, reception.moment(), links)?;
    if let Some(link) = links.get_mut(before) {
        link.inner = notes(reception);
    }
    Ok(())
}

/// What the kernel noted while it handled a frame.
fn notes(reception: &Reception) -> Vec<Link> {
    let shot = &reception.shot;
    let steps = shot.film.steps.iter().enumerate().take(reception.end + 1).skip(reception.arrival + 1);
    let (Some(k), host) = (shot.kernel(), shot.name(shot.host)) else { return Vec::new() };
    let noted = steps.filter(|(_, step)| {
        matches!(step.event, Event::Note { .. } | Event::Discard { .. } | Event::Enqueue { .. } | Event::State { .. })
    });
    let link = |(index, step): (usize, &crate::lab::film::FilmStep)| {
        let text = crate::lab::caption::caption(k, host, &step.event);
        Link::new(shot.after(index), Some(shot.host), Kind::Calls, text)
    };
    noted.map(link).take(MOST_NOTES).collect()
}

/// Adds why a frame was lost, or was received and what then; gives the verdict where it did not get through.
pub(super) fn not_through(
    look: &mut Look<'_>,
    number: usize,
    at: Moment,
    links: &mut Vec<Link>,
) -> Found<Result<Words<String>, Option<Reception>>> {
    let outcome = fate::of(look, number, at)?;
    let sent = record(look, number, at).map(|(moment, _)| moment).unwrap_or_default();
    let sender = look.run.frames.get(number.saturating_sub(1)).map(|frame| frame.sent.host);
    Ok(match outcome {
        Outcome::Unknown => Err(None),
        Outcome::Lost(input, why) => {
            links.push(Link::new(sent, sender, Kind::Frame, why.clone()).ending(input));
            Ok(why)
        }
        Outcome::Outside => {
            let text = say(
                format!("Frame {number} left the run by its device: what became of it outside, the run cannot tell."),
                format!("第 {number} 帧经设备离开了运行：它在外面的去向，运行无法得知。"),
            );
            links.push(Link::new(sent, sender, Kind::Frame, text.clone()));
            chain(look, sent, links)?;
            Ok(text)
        }
        Outcome::UnderWay(time) => {
            let when = format!("{}.{:06}", time / 1_000_000, time % 1_000_000);
            let text = say(
                format!("Frame {number} is still under way: it is due at {when} s."),
                format!("第 {number} 帧还在途中：预定在 {when} 秒到达。"),
            );
            links.push(Link::new(sent, sender, Kind::Frame, text.clone()));
            chain(look, sent, links)?;
            Ok(text)
        }
        Outcome::Received(reception) => match reception.drops.first().copied() {
            Some(dropped) => {
                let link = reception.drop_link(dropped);
                let text = link.text.clone();
                links.push(link);
                arrival(look, &reception, links)?;
                let text = say(
                    format!("Frame {number} arrived and was dropped: {}", text.en),
                    format!("第 {number} 帧到达后被丢弃：{}", text.zh),
                );
                // Who changed it on the way is the reason behind a checksum.
                if let Some(changed) = changed_on_the_way(look.run, number) {
                    let place =
                        links.iter().position(|link| link.input.is_some()).map_or(links.len(), |place| place + 1);
                    links.truncate(place);
                    links.push(changed);
                }
                Ok(text)
            }
            None => Err(Some(reception)),
        },
    })
}

/// Why a frame was thrown away.
pub(super) fn dropped(look: &mut Look<'_>, number: usize, at: Moment) -> Found<Answer> {
    lost_or(look, number, at, |reception, host| Answer {
        looked_at: vec![no_discard(reception)],
        ..answer(
            say(
                format!("Frame {number} was not dropped: {host} received and handled it."),
                format!("第 {number} 帧没有被丢弃：{host} 收到并处理了它。"),
            ),
            Vec::new(),
        )
    })
}

/// Why a frame did not come through; where it did, what is answered of its reception by a host, with the links to its arrival.
fn lost_or(
    look: &mut Look<'_>,
    number: usize,
    at: Moment,
    received: impl Fn(&Reception, &str) -> Answer,
) -> Found<Answer> {
    let mut links = Vec::new();
    match not_through(look, number, at, &mut links)? {
        Ok(verdict) => Ok(answer(verdict, links)),
        Err(None) => Ok(unknown(look, number, at)),
        Err(Some(reception)) => {
            arrival(look, &reception, &mut links)?;
            let host = reception.shot.name(reception.host());
            Ok(Answer { links, ..received(&reception, host) })
        }
    }
}

/// That no discard of the turn speaks of the frame.
fn no_discard(reception: &Reception) -> Words<String> {
    let steps = reception.end.saturating_sub(reception.arrival) + 1;
    say(
        format!("Looked at the {steps} steps that handled it: none of them discards its buffer."),
        format!("查看了处理它的 {steps} 步：没有一步丢弃它的缓冲区。"),
    )
}

/// Why a frame never arrived.
pub(super) fn not_arrived(look: &mut Look<'_>, number: usize, at: Moment) -> Found<Answer> {
    lost_or(look, number, at, |_, host| {
        let verdict = say(format!("Frame {number} did arrive, on {host}."), format!("第 {number} 帧到达了 {host}。"));
        answer(verdict, Vec::new())
    })
}

/// Why a frame was not answered.
pub(super) fn not_answered(look: &mut Look<'_>, number: usize, at: Moment) -> Found<Answer> {
    let mut links = Vec::new();
    let reception = match not_through(look, number, at, &mut links)? {
        Ok(verdict) => return Ok(answer(verdict, links)),
        Err(None) => return Ok(unknown(look, number, at)),
        Err(Some(reception)) => reception,
    };
    let host = reception.shot.name(reception.host()).to_owned();
    if let Some(reply) = reply_to(look, number, &reception, at) {
        // What became of the answer is what its sender wonders at.
        let lost = match not_through(look, reply, at, &mut links)? {
            Ok(lost) => lost,
            Err(_) => {
                chain(look, record(look, reply, at).map(|(moment, _)| moment).unwrap_or_default(), &mut links)?;
                Words::default()
            }
        };
        let verdict = say(
            format!("Frame {number} was answered by frame {reply} of {host}. {}", lost.en),
            format!("{host} 以第 {reply} 帧应答了第 {number} 帧。{}", lost.zh),
        );
        let verdict = Words::new(verdict.en.trim_end().to_owned(), verdict.zh);
        return Ok(answer(verdict, links));
    }
    let (verdict, looked_at) = match reception.back_log {
        Some(index) => {
            let text = say(
                format!("Frame {number} waits on back_log of a sock that is in use: nothing has read it yet."),
                format!("第 {number} 帧在被占用的 sock 的 back_log 上等待：还没有人读过它。"),
            );
            links.push(Link::new(reception.shot.after(index), Some(reception.host()), Kind::Queue, text.clone()));
            (text, Vec::new())
        }
        None => (owes_nothing(look, number, &host), vec![no_discard(&reception), nothing_sent(&reception)]),
    };
    arrival(look, &reception, &mut links)?;
    Ok(Answer { looked_at, ..answer(verdict, links) })
}

fn nothing_sent(reception: &Reception) -> Words<String> {
    let host = reception.shot.name(reception.host());
    say(
        format!("Looked at the frames that {host} sent since then: none belongs to it."),
        format!("查看了 {host} 此后发出的帧：没有一帧与它有关。"),
    )
}

/// Why what was handled draws no answer: by what it is.
fn owes_nothing(look: &Look<'_>, number: usize, host: &str) -> Words<String> {
    let record = look.run.frames.get(number.saturating_sub(1));
    let summary = record.map(|record| FrameSummary::of(&record.sent.bytes));
    match summary {
        Some(FrameSummary::Tcp(tcp)) if tcp.flags & crate::wire::tcp::RST != 0 => say(
            format!("{host} handled frame {number}; a RST is never answered."),
            format!("{host} 处理了第 {number} 帧；RST 从不应答。"),
        ),
        Some(FrameSummary::Tcp(tcp))
            if tcp.length == 0 && tcp.flags & (crate::wire::tcp::SYN | crate::wire::tcp::FIN) == 0 =>
        {
            say(
                format!("{host} handled frame {number}; a bare ACK takes no sequence number and is not answered."),
                format!("{host} 处理了第 {number} 帧；纯 ACK 不占序号，不需要应答。"),
            )
        }
        Some(FrameSummary::Arp(arp)) if arp.operation == 2 => say(
            format!("{host} took the address from frame {number}; an ARP reply is not answered."),
            format!("{host} 从第 {number} 帧得到地址；ARP 应答不需要再应答。"),
        ),
        _ => say(
            format!("{host} handled frame {number} and has sent nothing in answer by this moment."),
            format!("{host} 处理了第 {number} 帧，到这一刻没有发出应答。"),
        ),
    }
}

/// Both ends of what a frame belongs to: the sender's address and port first.
fn ends(bytes: &[u8]) -> Option<[u64; 4]> {
    let (source, destination, ports) = match FrameSummary::of(bytes) {
        FrameSummary::Arp(arp) => (arp.sender, arp.target, (0, 0)),
        FrameSummary::Tcp(tcp) => (tcp.ip.source, tcp.ip.destination, (tcp.source_port, tcp.destination_port)),
        FrameSummary::Udp(udp) => (udp.ip.source, udp.ip.destination, (udp.source_port, udp.destination_port)),
        FrameSummary::Icmp(icmp) => (icmp.ip.source, icmp.ip.destination, (0, 0)),
        FrameSummary::Ipv4(_) | FrameSummary::Ethernet { .. } | FrameSummary::Malformed { .. } => return None,
    };
    Some([u64::from(u32::from(source)), u64::from(ports.0), u64::from(u32::from(destination)), u64::from(ports.1)])
}

fn is_same_kind(one: &[u8], other: &[u8]) -> bool {
    std::mem::discriminant(&FrameSummary::of(one)) == std::mem::discriminant(&FrameSummary::of(other))
}

/// The first frame that answers another: of the host that received it, the other way between the same ends; for TCP one
/// that acknowledges what it brought, where it brought anything.
fn reply_to(look: &Look<'_>, number: usize, reception: &Reception, at: Moment) -> Option<usize> {
    let asked = look.run.frames.get(number.checked_sub(1)?)?.sent.bytes.clone();
    let [from, from_port, to, to_port] = ends(&asked)?;
    let since = look.run.frames.partition_point(|frame| frame.moment <= reception.moment());
    let later = look.run.frames.iter().enumerate().skip(since).take_while(|(_, frame)| frame.moment <= at);
    let mut own = later.filter(|(_, frame)| frame.sent.host == reception.host() && !frame.from_outside);
    let fits = |bytes: &[u8]| {
        is_same_kind(bytes, &asked)
            && ends(bytes) == Some([to, to_port, from, from_port])
            && acknowledges(bytes, &asked)
    };
    let found = own.find(|(_, frame)| fits(&frame.sent.bytes));
    found.map(|(place, _)| place + 1).or_else(|| {
        // An error message or a RST that the handling itself has sent.
        let sent = reception.answers(look.run);
        sent.into_iter().find(|place| {
            let bytes = look.run.frames.get(place - 1).map(|frame| frame.sent.bytes.as_slice());
            bytes.is_some_and(|bytes| matches!(FrameSummary::of(bytes), FrameSummary::Icmp(_)) || fits(bytes))
        })
    })
}

/// Whether a segment answers another one: it acknowledges its end, or resets it. Everything but TCP answers by its kind.
fn acknowledges(bytes: &[u8], asked: &[u8]) -> bool {
    let (FrameSummary::Tcp(reply), FrameSummary::Tcp(asked)) = (FrameSummary::of(bytes), FrameSummary::of(asked))
    else {
        return !matches!(FrameSummary::of(asked), FrameSummary::Arp(arp) if arp.operation != 1);
    };
    let flag = |flags: u8, flag: u8| u32::from(flags & flag != 0);
    let room =
        asked.length as u32 + flag(asked.flags, crate::wire::tcp::SYN) + flag(asked.flags, crate::wire::tcp::FIN);
    let end = asked.sequence.wrapping_add(room);
    if reply.flags & crate::wire::tcp::RST != 0 {
        return true;
    }
    let is_ack = reply.flags & crate::wire::tcp::ACK != 0;
    room > 0 && is_ack && (reply.acknowledgement.wrapping_sub(end) as i32) >= 0
}

/// The frame in one line, with its number.
pub(super) fn named(look: &Look<'_>, number: usize) -> String {
    let bytes = look.run.frames.get(number.saturating_sub(1)).map(|frame| frame.sent.bytes.as_slice());
    bytes.map_or_else(String::new, frame_text)
}
