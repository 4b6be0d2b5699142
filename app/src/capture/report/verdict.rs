//! The verdict: what was decided in 1995, once each; then whether stream and decisions are the same, or which decision is
//! the first that differs.

use std::collections::BTreeMap;

use super::{Origin, notices, relation, subject};
use crate::capture::compare::Aligned;
use crate::capture::compare::class::Class;
use crate::capture::inject::Outcome;
use crate::i18n::{Lang, Words};

/// How often each relation occurs, by its name.
#[must_use]
pub fn counts(outcome: &Outcome) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for line in &outcome.lines {
        *counts.entry(line.relation.name()).or_default() += 1;
    }
    counts
}

/// In how many lines each class occurs.
#[must_use]
pub(super) fn class_counts(outcome: &Outcome) -> BTreeMap<Class, usize> {
    let mut counts = BTreeMap::new();
    for class in outcome.lines.iter().flat_map(Aligned::classes) {
        *counts.entry(class).or_default() += 1;
    }
    counts
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

/// The verdict and what has to be known of it.
#[must_use]
pub fn verdict(outcome: &Outcome, lang: Lang) -> Vec<String> {
    let mut text = by_design(outcome, lang);
    let list: Vec<String> =
        counts(outcome).into_iter().map(|(name, n)| format!("{n} {}", name_in(lang, name))).collect();
    let (captured, ours) = (outcome.capture.len(), outcome.stack.len());
    let list = list.join(Words::new(", ", "，").text(lang));
    let frames = Words::new(
        format!("The captured end sent {captured} frames, 1.2.13 sends {ours}: {list}."),
        format!("抓包中的一端发送了 {captured} 帧，1.2.13 发送 {ours} 帧：{list}。"),
    )
    .into_text(lang);
    let same = Words::new("Same stream and same decisions.", "数据流相同，所作的决定也相同。").text(lang);
    text.extend(notices(outcome).into_iter().map(|notice| notice.into_text(lang)));
    if outcome.is_same() {
        text.push(format!("{same}{}{frames}", Words::new(" ", "").text(lang)));
        return text;
    }
    text.push(frames);
    text.extend(first_decision(outcome, lang));
    text
}

/// The classes that occur, once each, with their entries of `sockscope differences`.
fn by_design(outcome: &Outcome, lang: Lang) -> Vec<String> {
    let counts = class_counts(outcome);
    if counts.is_empty() {
        return Vec::new();
    }
    let title = Words::new(
        "By design of 1995 (in brackets the entry of `sockscope differences`; --all lists the frames):",
        "1995 年的设计使然（方括号内是 `sockscope differences` 的条目；--all 列出各帧）：",
    );
    let mut text = vec![title.text(lang).to_owned()];
    for (class, count) in counts {
        let entries = class.entries(outcome.is_client).iter().map(|(function, scene)| format!("{function} {scene}"));
        let entries = entries.collect::<Vec<_>>().join(", ");
        let entries = if entries.is_empty() { String::new() } else { format!(" [{entries}]") };
        let words = class.words().text(lang);
        text.push(
            Words::new(format!("{count:>7} x  {words}{entries}"), format!("{count:>7} 次  {words}{entries}"))
                .into_text(lang),
        );
    }
    text
}

fn first_decision(outcome: &Outcome, lang: Lang) -> Option<String> {
    let origin = Origin::of(outcome);
    let line = outcome.lines.iter().find(|line| line.decides)?;
    let segment = subject(outcome, line)?;
    let (time, what) = (origin.time(segment.time_ns), origin.segment(segment));
    let what = what.split_whitespace().collect::<Vec<_>>().join(" ");
    let how = relation(lang, &origin, outcome, line);
    let words = Words::new(
        format!("First decision that differs, at {time} s: {what}: {how}."),
        format!("第一个不同的决定，在 {time} 秒：{what}：{how}。"),
    );
    Some(words.into_text(lang))
}
