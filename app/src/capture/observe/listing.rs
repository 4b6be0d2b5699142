//! An observed connection for people: one line per frame, then what is known of both ends. Promise: nothing of the capture
//! reaches the terminal but numbers and addresses, and what the frames do not tell is written as unknown.

use std::collections::BTreeMap;

use stack::include::seq::Seq;
use stack::wire::tcp;

use super::analysis::Scale;
use super::end::End;
use super::ends::Ends;
use super::marks::{Mark, Marks};
use super::seen::{Seen, Side};
use super::states::States;
use super::{Observation, Observed};
use crate::capture::seconds;
use crate::i18n::{Lang, Words};

/// What stands for a value that the frames do not tell.
const UNKNOWN: Words = Words::new("unknown", "未知");
/// The longest pair of states that a line keeps room for.
const STATE_WIDTH: usize = 21;

/// A sequence number of `end` as people count it, from its first.
fn relative(number: Seq, end: &End) -> u32 {
    end.origin().map_or(number.0, |origin| number.since(origin))
}

/// What the frame is, as packetdrill writes it: flags, sequence range, acknowledgement, window. A window of unknown scale
/// carries a question mark.
#[must_use]
pub fn segment(seen: &Seen, ends: &Ends) -> String {
    let (sender, receiver) = (ends.both.of(seen.side), ends.both.of(seen.side.other()));
    let seq = relative(seen.seq, sender);
    let end = seq.wrapping_add(seen.length);
    let ack = seen.ack.map_or_else(String::new, |ack| format!(" ack {}", relative(ack, receiver)));
    let window = match sender.scale {
        Scale::Unknown if !seen.has(tcp::SYN) => format!("{}?", seen.window),
        scale => scale.octets(seen).to_string(),
    };
    format!("{:<4} {seq}:{end}({}){ack} win {window}", tcp::flags_text(seen.flags), seen.length)
}

/// Why the frame came, in words.
#[must_use]
pub fn why(marks: Marks, lang: Lang) -> String {
    let told = marks.told().map(|mark| {
        let name = mark.words().text(lang);
        if mark != Mark::DuplicateAck {
            return name.to_owned();
        }
        let (number, frame) = (marks.duplicate_number, marks.duplicate_of);
        Words::new(format!("{name} #{number} of frame {frame}"), format!("第 {frame} 帧的{name} #{number}"))
            .into_text(lang)
    });
    let separator = Words::new(", ", "，").text(lang);
    told.collect::<Vec<_>>().join(separator)
}

/// The states without their prefix.
fn short(states: States, lang: Lang) -> String {
    states.text().map_or_else(|| UNKNOWN.text(lang).to_owned(), |text| text.replace("TCP_", ""))
}

/// Fills up to `width` columns, a Chinese character taking two.
fn padded(text: &str, width: usize) -> String {
    let missing = width.saturating_sub(unicode_width::UnicodeWidthStr::width(text));
    format!("{text}{}", " ".repeat(missing))
}

fn line(observation: &Observation, observed: &Observed, ends: &Ends, lang: Lang) -> String {
    let seen = &observed.seen;
    let time = seconds(seen.time_ns.saturating_sub(observation.start_ns()));
    let arrow = match seen.side {
        Side::Client => "→",
        Side::Server => "←",
    };
    let in_flight = ends.both.of(seen.side).in_flight_octets().map_or_else(|| "?".to_owned(), |n| n.to_string());
    let states = Side::ALL.map(|side| padded(&short(ends.both.of(side).states, lang), STATE_WIDTH)).join(" ");
    let (what, why) = (segment(seen, ends), why(observed.marks, lang));
    format!("{:>7} {time:>12} {arrow} {what:<44} {in_flight:>7}  {states}  {why}", seen.frame)
}

/// What stands above the lines.
#[must_use]
pub fn heading(observation: &Observation, lang: Lang) -> Vec<String> {
    let (client, server) = (observation.endpoints.client, observation.endpoints.server);
    let title = Words::new(
        format!("{client} → {server}, as its frames show it (the states in the names of Linux 1.2.13, TCP_...):"),
        format!("{client} → {server}，由帧还原（状态用 Linux 1.2.13 的名称，TCP_...）："),
    )
    .into_text(lang);
    let columns = match lang {
        Lang::En => ["frame", "seconds", "segment", "flight", "client", "server", "why it came"],
        Lang::Zh => ["帧", "秒", "报文段", "在途", "客户端", "服务器", "为何发出"],
    };
    let right = |text: &str, width: usize| {
        let missing = width.saturating_sub(unicode_width::UnicodeWidthStr::width(text));
        format!("{}{text}", " ".repeat(missing))
    };
    let [frame, time, what, flight, client, server, why] = columns;
    let head = format!(
        "{} {}   {} {}  {} {}  {why}",
        right(frame, 7),
        right(time, 12),
        padded(what, 44),
        right(flight, 7),
        padded(client, STATE_WIDTH),
        padded(server, STATE_WIDTH)
    );
    vec![title, head]
}

/// One line per frame, given to `say` as it is made.
pub fn lines(observation: &Observation, lang: Lang, mut say: impl FnMut(String)) {
    observation.walk(|observed, ends| say(line(observation, observed, ends, lang)));
}

/// How often each mark occurs, in the order in which marks are told.
#[must_use]
pub fn counts(observation: &Observation) -> BTreeMap<Mark, usize> {
    let mut counts = BTreeMap::new();
    for mark in observation.frames().iter().flat_map(|observed| observed.marks.told()) {
        *counts.entry(mark).or_default() += 1;
    }
    counts
}

/// What is known of both ends after the last frame, and how often each mark occurs.
#[must_use]
pub fn summary(observation: &Observation, lang: Lang) -> Vec<String> {
    let ends = observation.at(observation.frames().len());
    let mut text: Vec<String> = Side::ALL
        .into_iter()
        .flat_map(|side| {
            let name = match side {
                Side::Client => Words::new("client", "客户端"),
                Side::Server => Words::new("server", "服务器"),
            };
            let title = format!("{} {}:", name.text(lang), observation.endpoints.of(side));
            std::iter::once(title).chain(end_lines(ends.both.of(side), ends.both.of(side.other()), lang))
        })
        .collect();
    let counted: Vec<String> =
        counts(observation).into_iter().map(|(mark, count)| format!("{} {count}", mark.words().text(lang))).collect();
    let frames = observation.frames().len();
    let list = counted.join(Words::new(", ", "，").text(lang));
    text.push(Words::new(format!("{frames} frames: {list}."), format!("共 {frames} 帧：{list}。")).into_text(lang));
    text
}

fn end_lines(end: &End, other: &End, lang: Lang) -> Vec<String> {
    let unknown = || UNKNOWN.text(lang).to_owned();
    let number = |value: Option<Seq>, of: &End| value.map_or_else(unknown, |value| relative(value, of).to_string());
    let plain = |value: Option<u32>| value.map_or_else(unknown, |value| value.to_string());
    let states = end.states.text().unwrap_or_else(unknown);
    let sent = end.sent;
    let (una, nxt, rcv) = (number(end.snd_una, end), number(end.snd_nxt, end), number(end.rcv_nxt, other));
    let (window, flight) = (window(end, lang), plain(end.in_flight_octets()));
    let (mss, shift) = (plain(end.mss.map(u32::from)), shift(end, lang));
    let (ranges, trips) = (ranges(end, other, lang), trips(end, lang));
    let Words { en, zh } = Words::new(
        [
            format!(
                "  state {states}; sent {} frames, {} bytes, {} of them retransmissions",
                sent.frames, sent.octets, sent.resent
            ),
            format!("  snd_una {una}, snd_nxt {nxt}, in flight {flight}; rcv_nxt {rcv}, out of order {ranges}"),
            format!("  window {window}, shift {shift}, MSS {mss}; round trips {trips}"),
        ],
        [
            format!("  状态 {states}；发送 {} 帧、{} 字节，其中重传 {} 帧", sent.frames, sent.octets, sent.resent),
            format!("  snd_una {una}，snd_nxt {nxt}，在途 {flight}；rcv_nxt {rcv}，乱序 {ranges}"),
            format!("  窗口 {window}，移位 {shift}，MSS {mss}；往返时间 {trips}"),
        ],
    );
    match lang {
        Lang::En => en.into(),
        Lang::Zh => zh.into(),
    }
}

/// What is known of one end, value by value, as a pane shows it.
#[must_use]
pub fn end_fields(end: &End, other: &End, lang: Lang) -> [(Words, String); 8] {
    let unknown = || UNKNOWN.text(lang).to_owned();
    let number = |value: Option<Seq>, of: &End| value.map_or_else(unknown, |value| relative(value, of).to_string());
    let flight = end.in_flight_octets().map_or_else(unknown, |octets| octets.to_string());
    let (segments, shift, mss) =
        (end.in_flight.len(), shift(end, lang), end.mss.map_or_else(unknown, |mss| mss.to_string()));
    let trip = end.round_trips.last.map_or_else(unknown, |trip| format!("{} s", seconds(trip.time_ns)));
    let (sent, again) = (end.sent.frames, end.sent.resent);
    let said = |en: String, zh: String| Words::new(en, zh).into_text(lang);
    [
        (Words::new("state", "状态"), end.states.text().unwrap_or_else(unknown)),
        (
            Words::new("snd_una nxt", "snd_una nxt"),
            format!("{} … {}", number(end.snd_una, end), number(end.snd_nxt, end)),
        ),
        (
            Words::new("in flight", "在途"),
            said(format!("{flight} in {segments} segments"), format!("{flight}，{segments} 个报文段")),
        ),
        (Words::new("rcv_nxt", "rcv_nxt"), number(end.rcv_nxt, other)),
        (Words::new("after a gap", "乱序"), ranges(end, other, lang)),
        (
            Words::new("window", "窗口"),
            said(
                format!("{}, shift {shift}, MSS {mss}", window(end, lang)),
                format!("{}，移位 {shift}，MSS {mss}", window(end, lang)),
            ),
        ),
        (Words::new("round trip", "往返时间"), trip),
        (
            Words::new("sent", "已发送"),
            said(format!("{sent} frames, {again} again"), format!("{sent} 帧，重传 {again} 帧")),
        ),
    ]
}

fn window(end: &End, lang: Lang) -> String {
    match (end.window_octets, end.window) {
        (Some(octets), _) => octets.to_string(),
        (None, Some(header)) => {
            Words::new(format!("{header} (scale unknown)"), format!("{header}（移位未知）")).into_text(lang)
        }
        (None, None) => UNKNOWN.text(lang).to_owned(),
    }
}

fn shift(end: &End, lang: Lang) -> String {
    match (end.scale, end.shift_offered) {
        (Scale::By(shift), _) => shift.to_string(),
        (Scale::Off, None) => Words::new("not offered", "未提出").text(lang).to_owned(),
        (Scale::Off | Scale::Unknown, Some(offered)) => {
            Words::new(format!("{offered} offered, not used"), format!("提出 {offered}，未使用")).into_text(lang)
        }
        (Scale::Unknown, None) => UNKNOWN.text(lang).to_owned(),
    }
}

fn ranges(end: &End, other: &End, lang: Lang) -> String {
    if end.out_of_order.is_empty() {
        return Words::new("nothing", "无").text(lang).to_owned();
    }
    let one = |range: &(Seq, Seq)| format!("{}:{}", relative(range.0, other), relative(range.1, other));
    end.out_of_order.iter().map(one).collect::<Vec<_>>().join(" ")
}

fn trips(end: &End, lang: Lang) -> String {
    let trips = &end.round_trips;
    let Some(mean) = trips.mean_ns() else { return UNKNOWN.text(lang).to_owned() };
    let (least, mean, most, count) = (seconds(trips.least_ns), seconds(mean), seconds(trips.most_ns), trips.count);
    Words::new(
        format!("{least} to {most} s, mean {mean} s ({count} samples)"),
        format!("{least} 至 {most} 秒，平均 {mean} 秒（{count} 个样本）"),
    )
    .into_text(lang)
}
