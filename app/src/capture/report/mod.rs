//! What a replay has to say: one line for every frame of the stack's side that shows another decision (or for all of them),
//! what was decided in 1995 told once, and a verdict. For people in their language (`verdict`, `notices`), for programs
//! as JSON lines (`json`). Promise: nothing of the capture reaches the terminal but numbers and addresses, and the verdict
//! names the first decision that differs.

mod json;
mod notices;
mod row;
mod verdict;

use stack::wire::tcp;

pub use self::json::{JSON_VERSION, json_lines};
pub use self::notices::notices;
pub use self::row::{Row, row};
pub use self::verdict::{counts, verdict};
use super::compare::{Aligned, FieldDifference, Relation};
use super::inject::Outcome;
use super::inject::ghost::is_ghost;
use super::inject::vantage::Place;
use super::reason::decision;
use super::seconds;
use super::segment::Segment;
use crate::i18n::{Lang, Words};

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
        ("seq", Ok(number)) => number.wrapping_sub(origin.own).to_string(),
        _ => text.to_owned(),
    };
    let none = |text: String| {
        if text.is_empty() { "-".to_owned() } else { text }
    };
    let (ours, theirs) = (none(relative(&difference.stack)), none(relative(&difference.capture)));
    let field = difference.field;
    Words::new(format!("{field} {ours}, captured {theirs}"), format!("{field} 为 {ours}，抓包为 {theirs}"))
        .into_text(lang)
}

/// How a line relates to the capture, in words.
fn relation(lang: Lang, origin: &Origin, outcome: &Outcome, line: &Aligned) -> String {
    let is_new = subject(outcome, line).is_some_and(|segment| segment.sequence_length() > 0);
    let sent = outcome.behind.is_some() && is_new && line.relation == Relation::Missing;
    let words = match line.relation {
        Relation::Same => Words::new("same", "相同").owned(),
        Relation::Earlier(by) => Words::new(format!("{} s earlier", seconds(by)), format!("早 {} 秒", seconds(by))),
        Relation::Later(by) => Words::new(format!("{} s later", seconds(by)), format!("晚 {} 秒", seconds(by))),
        Relation::SplitDifferently => Words::new("split differently", "分段不同").owned(),
        Relation::Extra => Words::new("extra: only 1.2.13 sends it", "多出：只有 1.2.13 发送").owned(),
        Relation::Missing if sent => {
            Words::new("missing: not sent by 1.2.13 when the capture ends", "缺少：直到抓包结束，1.2.13 仍未发送")
                .owned()
        }
        Relation::Missing => Words::new("missing: 1.2.13 does not send it", "缺少：1.2.13 不发送").owned(),
        Relation::Differs => Words::new("differs", "不同").owned(),
    };
    let mut text = words.into_text(lang);
    if !line.fields.is_empty() {
        let list: Vec<String> = line.fields.iter().map(|field| difference(lang, origin, field)).collect();
        text.push_str(Words::new(": ", "：").text(lang));
        text.push_str(&list.join(Words::new("; ", "；").text(lang)));
    }
    text
}

/// The segment a line is about: the stack's, or the captured one where the stack has none.
fn subject<'a>(outcome: &'a Outcome, line: &Aligned) -> Option<&'a Segment<'a>> {
    let ours = line.stack.and_then(|place| outcome.stack.get(place));
    ours.or_else(|| captured(outcome, line))
}

fn captured<'a>(outcome: &'a Outcome, line: &Aligned) -> Option<&'a Segment<'a>> {
    line.capture.and_then(|place| outcome.capture.get(place))
}

/// The captured frame that belongs to a line: its number, the word for a ghost, or a dash.
fn frame(lang: Lang, outcome: &Outcome, line: &Aligned) -> String {
    match captured(outcome, line) {
        Some(segment) if is_ghost(segment) => Words::new("ghost", "推断").text(lang).to_owned(),
        Some(segment) => segment.frame.to_string(),
        None => "-".to_owned(),
    }
}

/// One line per frame of the stack's side that shows another decision, or per frame, in the order of time. Behind a decision
/// stands the entry of `sockscope differences` that is its reason, where there is one.
pub fn lines(outcome: &Outcome, lang: Lang, all: bool) -> impl Iterator<Item = String> + '_ {
    let origin = Origin::of(outcome);
    outcome.lines.iter().filter(move |line| all || line.decides).filter_map(move |line| {
        let segment = subject(outcome, line)?;
        let frame = frame(lang, outcome, line);
        let (time, what) = (origin.time(segment.time_ns), origin.segment(segment));
        let how = relation(lang, &origin, outcome, line);
        let reason =
            decision(outcome, line).map_or_else(String::new, |(function, scene)| format!(" [{function} {scene}]"));
        Some(format!("{time:>12} {frame:>6}  {what:<44} {how}{reason}"))
    })
}

/// What stands above the lines; `table` says whether there are any.
#[must_use]
pub fn heading(outcome: &Outcome, lang: Lang, table: bool) -> Vec<String> {
    let (own, peer, place) = (outcome.own, outcome.peer, outcome.vantage.place());
    let place_words = place.words().text(lang);
    let away = match (place, outcome.way_ns) {
        (Place::Unknown, _) | (_, 0) => String::new(),
        (_, way) => Words::new(
            format!(", 1.2.13 {} s away from there", seconds(way)),
            format!("，1.2.13 距该处 {} 秒", seconds(way)),
        )
        .into_text(lang),
    };
    let title = Words::new(
        format!("Linux 1.2.13 in the place of {own}, against the captured {peer} (captured {place_words}{away}):"),
        format!("由 Linux 1.2.13 代替 {own}，对端为抓包中的 {peer}（{place_words}{away}）："),
    )
    .into_text(lang);
    let columns = match lang {
        Lang::En => ("seconds", "frame", "sent", "compared with the capture"),
        Lang::Zh => ("秒", "帧", "发送", "与抓包比较"),
    };
    let columns = format!("{:>12} {:>6}  {:<44} {}", columns.0, columns.1, columns.2, columns.3);
    if table { vec![title, columns] } else { vec![title] }
}

/// Whether any line would be printed.
#[must_use]
pub fn has_lines(outcome: &Outcome, all: bool) -> bool {
    outcome.lines.iter().any(|line| all || line.decides)
}
