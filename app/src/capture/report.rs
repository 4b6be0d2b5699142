//! What a replay has to say: one line for every frame of the stack's side, and a verdict. For people in their
//! language, for programs as JSON lines. Promise: nothing of the capture reaches the terminal but numbers and
//! addresses, and the verdict names the first difference.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use stack::wire::tcp;

use super::align::{Aligned, FieldDifference, Relation, SAME_TIME_NS};
use super::connection::Table;
use super::inject::Outcome;
use super::segment::Segment;
use crate::i18n::{Lang, Words};

/// The version of the JSON lines.
pub const JSON_VERSION: u32 = 1;

fn seconds(nanoseconds: u64) -> String {
    format!("{}.{:06}", nanoseconds / 1_000_000_000, nanoseconds % 1_000_000_000 / 1_000)
}

/// The numbers from which a connection's sequence numbers are counted.
struct Origin {
    own: u32,
    peer: u32,
    start_ns: u64,
}

impl Origin {
    fn of(outcome: &Outcome) -> Self {
        let first =
            |segments: &[Segment]| segments.iter().find(|segment| segment.has(tcp::SYN)).map(|segment| segment.seq);
        let own = first(&outcome.capture).or_else(|| first(&outcome.stack)).unwrap_or(0);
        // The first acknowledgement of either run covers the peer's SYN.
        let acknowledged = outcome.capture.iter().chain(&outcome.stack).find(|segment| segment.has(tcp::ACK));
        let peer = acknowledged.map_or(0, |segment| segment.ack.wrapping_sub(1));
        Self { own, peer, start_ns: outcome.start_ns }
    }

    /// A segment as packetdrill writes it: flags, sequence range, acknowledgement, window.
    fn segment(&self, segment: &Segment) -> String {
        let mut flags = String::new();
        for (flag, letter) in [(tcp::SYN, 'S'), (tcp::FIN, 'F'), (tcp::RST, 'R'), (tcp::PSH, 'P'), (tcp::ACK, '.')] {
            if segment.has(flag) {
                flags.push(letter);
            }
        }
        let seq = segment.seq.wrapping_sub(self.own);
        let end = seq.wrapping_add(segment.length);
        let ack =
            if segment.has(tcp::ACK) { format!(" ack {}", segment.ack.wrapping_sub(self.peer)) } else { String::new() };
        format!("{flags:<3} {seq}:{end}({}){ack} win {}", segment.length, segment.offered_window())
    }

    fn time(&self, time_ns: u64) -> String {
        seconds(time_ns.saturating_sub(self.start_ns))
    }
}

fn difference(lang: Lang, origin: &Origin, difference: &FieldDifference) -> String {
    let relative = |text: &str| match (difference.field, text.parse::<u32>()) {
        ("ack_seq", Ok(number)) => number.wrapping_sub(origin.peer).to_string(),
        _ => text.to_owned(),
    };
    let (ours, theirs) = (relative(&difference.stack), relative(&difference.capture));
    let none = |text: String| {
        if text.is_empty() { "-".to_owned() } else { text }
    };
    let (ours, theirs, field) = (none(ours), none(theirs), difference.field);
    Words::new(format!("{field} {ours}, captured {theirs}"), format!("{field} 为 {ours}，抓包为 {theirs}"))
        .into_text(lang)
}

fn relation(lang: Lang, origin: &Origin, relation: &Relation) -> String {
    match relation {
        Relation::Same => Words::new("same", "相同").text(lang).to_owned(),
        Relation::Earlier(by) => {
            Words::new(format!("{} s earlier", seconds(*by)), format!("早 {} 秒", seconds(*by))).into_text(lang)
        }
        Relation::Later(by) => {
            Words::new(format!("{} s later", seconds(*by)), format!("晚 {} 秒", seconds(*by))).into_text(lang)
        }
        Relation::SplitDifferently => Words::new("split differently", "分段不同").text(lang).to_owned(),
        Relation::Extra => Words::new("extra: only 1.2.13 sends it", "多出：只有 1.2.13 发送").text(lang).to_owned(),
        Relation::Missing => {
            Words::new("missing: 1.2.13 does not send it", "缺少：1.2.13 不发送").text(lang).to_owned()
        }
        Relation::Differs(fields) => {
            let list: Vec<String> = fields.iter().map(|field| difference(lang, origin, field)).collect();
            let list = list.join("; ");
            Words::new(format!("differs: {list}"), format!("不同：{list}")).into_text(lang)
        }
    }
}

/// A frame whose fields differ may also come at another time.
fn shift(lang: Lang, outcome: &Outcome, line: &Aligned) -> String {
    let ours = line.stack.and_then(|place| outcome.stack.get(place));
    let theirs = line.capture.and_then(|place| outcome.capture.get(place));
    let (Relation::Differs(_), Some(ours), Some(theirs)) = (&line.relation, ours, theirs) else { return String::new() };
    let by = ours.time_ns.abs_diff(theirs.time_ns);
    if by <= SAME_TIME_NS {
        return String::new();
    }
    match (lang, ours.time_ns < theirs.time_ns) {
        (Lang::En, true) => format!("; {} s earlier", seconds(by)),
        (Lang::En, false) => format!("; {} s later", seconds(by)),
        (Lang::Zh, true) => format!("；早 {} 秒", seconds(by)),
        (Lang::Zh, false) => format!("；晚 {} 秒", seconds(by)),
    }
}

/// The segment a line is about: the stack's, or the captured one where the stack has none.
fn subject<'a>(outcome: &'a Outcome, line: &Aligned) -> Option<&'a Segment> {
    let ours = line.stack.and_then(|place| outcome.stack.get(place));
    ours.or_else(|| line.capture.and_then(|place| outcome.capture.get(place)))
}

fn captured_frame(outcome: &Outcome, line: &Aligned) -> Option<usize> {
    line.capture.and_then(|place| outcome.capture.get(place)).map(|segment| segment.frame)
}

/// One line per frame of the stack's side, in the order of time.
#[must_use]
pub fn lines(outcome: &Outcome, lang: Lang) -> Vec<String> {
    let origin = Origin::of(outcome);
    let one = |line: &Aligned| {
        let segment = subject(outcome, line)?;
        let frame = captured_frame(outcome, line).map_or_else(|| "-".to_owned(), |frame| frame.to_string());
        let (time, what) = (origin.time(segment.time_ns), origin.segment(segment));
        let how = relation(lang, &origin, &line.relation) + &shift(lang, outcome, line);
        Some(format!("{time:>12} {frame:>6}  {what:<44} {how}"))
    };
    outcome.lines.iter().filter_map(one).collect()
}

/// What stands above the lines.
#[must_use]
pub fn heading(outcome: &Outcome, lang: Lang) -> Vec<String> {
    let (own, peer) = (outcome.own, outcome.peer);
    let title = Words::new(
        format!("Linux 1.2.13 in the place of {own}, against the captured {peer}:"),
        format!("由 Linux 1.2.13 代替 {own}，对端为抓包中的 {peer}："),
    )
    .into_text(lang);
    let columns = match lang {
        Lang::En => ("seconds", "frame", "sent", "compared with the capture"),
        Lang::Zh => ("秒", "帧", "发送", "与抓包比较"),
    };
    vec![title, format!("{:>12} {:>6}  {:<44} {}", columns.0, columns.1, columns.2, columns.3)]
}

/// How often each relation occurs, by its name.
#[must_use]
pub fn counts(outcome: &Outcome) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for line in &outcome.lines {
        *counts.entry(line.relation.name()).or_default() += 1;
    }
    counts
}

/// Whether the two runs are the same in every respect.
#[must_use]
pub fn is_same(outcome: &Outcome) -> bool {
    let same = outcome.lines.iter().all(|line| line.relation == Relation::Same);
    same && outcome.stuck.is_none() && outcome.oops.is_none()
}

fn name_in(lang: Lang, name: &'static str) -> &'static str {
    match (lang, name) {
        (Lang::En, name) => name,
        (Lang::Zh, "same") => "相同",
        (Lang::Zh, "earlier") => "较早",
        (Lang::Zh, "later") => "较晚",
        (Lang::Zh, "split differently") => "分段不同",
        (Lang::Zh, "extra") => "多出",
        (Lang::Zh, "missing") => "缺少",
        (Lang::Zh, _) => "字段不同",
    }
}

/// The verdict: the counts, the first difference, and what the replay had to bend.
#[must_use]
pub fn verdict(outcome: &Outcome, lang: Lang) -> Vec<String> {
    let origin = Origin::of(outcome);
    let list: Vec<String> =
        counts(outcome).into_iter().map(|(name, n)| format!("{n} {}", name_in(lang, name))).collect();
    let (captured, ours, list) = (outcome.capture.len(), outcome.stack.len(), list.join(", "));
    let mut text = vec![
        Words::new(
            format!("The captured end sent {captured} frames, 1.2.13 sends {ours}: {list}."),
            format!("抓包中的一端发送了 {captured} 帧，1.2.13 发送 {ours} 帧：{list}。"),
        )
        .into_text(lang),
    ];
    let first = outcome.lines.iter().find(|line| line.relation != Relation::Same);
    if let Some((line, segment)) = first.and_then(|line| Some((line, subject(outcome, line)?))) {
        let (time, what) = (origin.time(segment.time_ns), origin.segment(segment));
        let how = relation(lang, &origin, &line.relation);
        text.push(
            Words::new(
                format!("First difference at {time} s: {what}: {how}."),
                format!("第一处差异在 {time} 秒：{what}：{how}。"),
            )
            .into_text(lang),
        );
    }
    text.extend(bent(outcome, &origin, lang));
    text
}

/// What the replay had to bend, and where it broke.
fn bent(outcome: &Outcome, origin: &Origin, lang: Lang) -> Vec<String> {
    let mut text = Vec::new();
    text.extend(outcome.wire.notices().into_iter().map(|notice| notice.into_text(lang)));
    if outcome.changed > 0 {
        let n = outcome.changed;
        text.push(
            Words::new(
                format!(
                    "{n} frames of the peer were rewritten for a stack without its options (window, checksum, length)."
                ),
                format!("对端的 {n} 帧按没有这些选项的协议栈改写（窗口、校验和、长度）。"),
            )
            .into_text(lang),
        );
    }
    if outcome.held > 0 {
        let n = outcome.held;
        text.push(
            Words::new(
                format!("{n} acknowledgements came a round trip after 1.2.13 had caught up with the capture."),
                format!("有 {n} 个确认在 1.2.13 赶上抓包一个往返之后才到达。"),
            )
            .into_text(lang),
        );
    }
    for call in &outcome.failed {
        let (time, name, errno) = (origin.time(call.time_ns), call.name, call.errno);
        text.push(
            Words::new(
                format!("At {time} s the call {name} failed with error {errno}."),
                format!("在 {time} 秒，调用 {name} 失败，错误号 {errno}。"),
            )
            .into_text(lang),
        );
    }
    if let Some(stuck) = &outcome.stuck {
        let (frame, time) = (stuck.frame, origin.time(stuck.time_ns));
        text.push(
            Words::new(
                format!("Stuck: frame {frame} acknowledges what 1.2.13 never sent; given up at {time} s."),
                format!("停滞：第 {frame} 帧确认了 1.2.13 从未发送的数据；在 {time} 秒放弃。"),
            )
            .into_text(lang),
        );
    }
    if let Some(story) = &outcome.oops {
        text.push(
            Words::new(format!("1.2.13 would have crashed here: {story}"), format!("1.2.13 会在这里崩溃：{story}"))
                .into_text(lang),
        );
    }
    text
}

fn segment_value(origin: &Origin, segment: &Segment) -> Value {
    json!({
        "time_s": seconds(segment.time_ns.saturating_sub(origin.start_ns)),
        "flags": tcp::flags_text(segment.flags),
        "seq": segment.seq,
        "length": segment.length,
        "ack_seq": segment.ack,
        "window": segment.offered_window(),
    })
}

/// The whole outcome as JSON objects: a head, one per frame, a verdict.
#[must_use]
pub fn json_lines(outcome: &Outcome) -> Vec<Value> {
    let origin = Origin::of(outcome);
    let mut values = vec![json!({
        "kind": "replay", "version": JSON_VERSION,
        "own": outcome.own.to_string(), "peer": outcome.peer.to_string(),
    })];
    for line in &outcome.lines {
        let mut value = json!({ "kind": "frame", "relation": line.relation.name() });
        if let Some(segment) = line.stack.and_then(|place| outcome.stack.get(place)) {
            value["stack"] = segment_value(&origin, segment);
        }
        if let Some(segment) = line.capture.and_then(|place| outcome.capture.get(place)) {
            value["capture"] = segment_value(&origin, segment);
            value["frame"] = json!(segment.frame);
        }
        match &line.relation {
            Relation::Earlier(by) | Relation::Later(by) => value["by_s"] = json!(seconds(*by)),
            Relation::Differs(fields) => {
                let one = |d: &FieldDifference| json!({ "field": d.field, "stack": d.stack, "capture": d.capture });
                value["fields"] = fields.iter().map(one).collect();
            }
            Relation::Same | Relation::SplitDifferently | Relation::Extra | Relation::Missing => {}
        }
        values.push(value);
    }
    values.push(json!({
        "kind": "verdict", "same": is_same(outcome), "counts": counts(outcome),
        "changed": outcome.changed, "held": outcome.held,
        "stuck": outcome.stuck.as_ref().map(|stuck| stuck.frame), "oops": outcome.oops,
    }));
    values
}

/// The connections of a capture, numbered from 1, one line each; then what else is in it.
#[must_use]
pub fn listing(table: &Table, lang: Lang) -> Vec<String> {
    let mut text = Vec::new();
    for (place, connection) in table.connections.iter().enumerate() {
        let (number, client, server) = (place + 1, connection.client, connection.server);
        let (frames, bytes) =
            (connection.segments.len(), connection.client_bytes.saturating_add(connection.server_bytes));
        let beginning = match (connection.has_syn, lang) {
            (true, _) => "",
            (false, Lang::En) => "  (no SYN)",
            (false, Lang::Zh) => "  （没有 SYN）",
        };
        text.push(
            Words::new(
                format!("{number:>4}  {client} -> {server}  {frames} frames, {bytes} bytes{beginning}"),
                format!("{number:>4}  {client} -> {server}  {frames} 帧，{bytes} 字节{beginning}"),
            )
            .into_text(lang),
        );
    }
    for (other, count) in &table.others {
        text.push(
            Words::new(
                format!("   -  {other}: {count} frames, not replayed"),
                format!("   -  {other}：{count} 帧，不重放"),
            )
            .into_text(lang),
        );
    }
    text
}
