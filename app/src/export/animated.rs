//! A film as one SVG picture that moves by itself: every run of cells stands in it once, and style rules say when it is to be seen.
//! Promise: no script, no outside font; who wants less motion sees the last picture.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::keys::Takes;
use crate::tui::print::svg::{Ground, caption, frame, runs};

/// When something is seen: numbers of pictures, from the first to the one before the last.
type Spans = Vec<(usize, usize)>;

/// The moving picture; `title` is read by those who cannot see it.
#[must_use]
pub fn picture(takes: &Takes, ground: Ground, title: &str) -> String {
    let Some((_, first)) = takes.pictures.first() else { return String::new() };
    let times = times(takes);
    let last = times.len().saturating_sub(1);
    let mut seen: BTreeMap<(usize, String), Spans> = BTreeMap::new();
    for (number, time) in times.iter().take(last).enumerate() {
        let shown = takes.pictures.iter().rev().find(|(at, _)| at <= time).map(|(_, buffer)| runs(buffer, ground));
        let said = takes.captions.iter().rev().find(|(at, _)| at <= time).map(|(_, text)| caption(first.area, text));
        let elements = shown.unwrap_or_default().into_iter().map(|run| (0, run));
        for element in elements.chain(said.map(|said| (1, said))) {
            let spans = seen.entry(element).or_default();
            match spans.last_mut().filter(|(_, end)| *end == number) {
                Some((_, end)) => *end = number + 1,
                None => spans.push((number, number + 1)),
            }
        }
    }
    let mut classes: BTreeMap<&Spans, usize> = BTreeMap::new();
    for spans in seen.values() {
        let next = classes.len();
        classes.entry(spans).or_insert(next);
    }
    let mut body = style(&classes, &times);
    for ((_, element), spans) in &seen {
        let class = classes.get(spans).copied().unwrap_or(0);
        if is_always(spans, last) {
            body.push_str(element);
        } else {
            let stays = if spans.last().is_some_and(|(_, end)| *end == last) { " z" } else { "" };
            // Writing to a String cannot fail.
            let _ = writeln!(body, "<g class=\"a k{class}{stays}\">{}</g>", element.trim_end());
        }
    }
    frame(first.area, ground, title, &body, !takes.captions.is_empty())
}

/// Whether something is seen all the time.
fn is_always(spans: &[(usize, usize)], last: usize) -> bool {
    spans == [(0, last)]
}

/// When anything changes, and the end.
fn times(takes: &Takes) -> Vec<f64> {
    let pictures = takes.pictures.iter().map(|(time, _)| *time);
    let mut times: Vec<f64> = pictures.chain(takes.captions.iter().map(|(time, _)| *time)).collect();
    times.sort_by(f64::total_cmp);
    times.dedup();
    times.retain(|time| *time < takes.end);
    times.push(takes.end);
    times
}

/// The rules: one animation for everything that is seen in the same spans.
fn style(classes: &BTreeMap<&Spans, usize>, times: &[f64]) -> String {
    let last = times.len().saturating_sub(1);
    let end = times.last().copied().unwrap_or(1.0).max(0.1);
    let part = |number: usize| times.get(number).map_or(100.0, |time| time / end * 100.0);
    let mut rules = format!(
        "<style>.a{{visibility:hidden;animation-duration:{end:.2}s;animation-iteration-count:infinite;animation-timing-function:step-end}}\n"
    );
    for (spans, class) in classes.iter().filter(|(spans, _)| !is_always(spans, last)) {
        let _ = write!(rules, ".k{class}{{animation-name:k{class}}}@keyframes k{class}{{");
        if spans.first().is_some_and(|(start, _)| *start > 0) {
            rules.push_str("0%{visibility:hidden}");
        }
        for (start, stop) in *spans {
            let _ = write!(rules, "{:.2}%{{visibility:visible}}", part(*start));
            if *stop < last {
                let _ = write!(rules, "{:.2}%{{visibility:hidden}}", part(*stop));
            }
        }
        rules.push_str("}\n");
    }
    rules.push_str("@media (prefers-reduced-motion:reduce){.a{animation:none}.z{visibility:visible}}</style>\n");
    rules
}
