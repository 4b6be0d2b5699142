//! The code at a step: our source of the function that runs, its line, and what the step does in one sentence.

use std::ops::Range;

use stack::kernel::probe::Event;
use stack::lab::caption::caption;
use stack::lab::film::{Film, Layer};
use stack::{Kernel, source};

use crate::i18n::Lang;
use crate::picture::{Change, Code};

/// Changed values shown at the end of a line, at most.
const SHOWN_VALUES: usize = 2;

/// The code at a step; the sentence is the stack's own.
#[must_use]
pub fn code(k: &Kernel, host: &str, film: &Film, step: usize, lang: Lang) -> Code {
    let event = step.checked_sub(1).and_then(|index| film.steps.get(index)).map(|film_step| &film_step.event);
    let sentence = event.map_or(String::new(), |event| caption(k, host, event).into_text(lang));
    let Some(function) = film.function_at(step) else {
        return Code { sentence, ..Code::default() };
    };
    let (file, line) = film.line_at(step).unwrap_or((function.rust_file, function.line));
    let start = usize::try_from(function.line).unwrap_or(0);
    let line = usize::try_from(line).unwrap_or(0);
    let line = if line == start && file == function.rust_file { signature(file, start) } else { line };
    // A note of a stage stands in another function, sometimes in another file: then that function is shown.
    let (first_line, lines) = function_around(file, if file == function.rust_file { start } else { line }, line);
    let (place, count) = place_in_call(film, step);
    Code {
        function: function.name.to_owned(),
        layer: Layer::of(function),
        kernel_file: function.file.to_owned(),
        rust_file: file.to_owned(),
        citation: if function.rfc.is_empty() { String::new() } else { format!("RFC {}", function.rfc) },
        sentence,
        first_line,
        lines,
        current: line,
        stop: None,
        stopped: false,
        step: place,
        steps: count,
        folded: folded(file),
        values: Vec::new(),
        is_found: false,
        kernel: None,
    }
}

/// The lines of a file that only tell the probe, or count.
pub(super) fn folded(file: &str) -> Vec<Range<usize>> {
    let number = |line: u32| usize::try_from(line).unwrap_or(usize::MAX);
    source::marks(file).iter().map(|mark| number(mark.first)..number(mark.last).saturating_add(1)).collect()
}

/// What the step changed, for the end of the line that did it: nothing at an entry, whose line has done nothing yet.
#[must_use]
pub fn values(film: &Film, step: usize, current: usize, changed: &[Change]) -> Vec<(usize, String)> {
    let event = step.checked_sub(1).and_then(|index| film.steps.get(index)).map(|film_step| &film_step.event);
    if matches!(event, None | Some(Event::Enter { .. })) {
        return Vec::new();
    }
    // The name of the sock stands in its own pane; here the field is enough.
    let field = |name: &str| name.rsplit_once('.').map_or(name, |(_, field)| field).to_owned();
    let text = |change: &Change| format!("{} {} → {}", field(&change.name), change.old, change.new);
    changed.iter().take(SHOWN_VALUES).map(|change| (current, text(change))).collect()
}

/// The line on which the function's name stands, below its attribute.
fn signature(file: &str, attribute: usize) -> usize {
    let Some(source) = source::text(file) else { return attribute };
    let below = source.lines().skip(attribute.saturating_sub(1)).take(12);
    attribute + below.into_iter().position(|line| line.contains("fn ")).unwrap_or(0)
}

/// The lines of the function that holds `line`: from the attribute or the head of a function to the brace that ends it.
fn function_around(file: &str, start: usize, line: usize) -> (usize, Vec<String>) {
    let Some(source) = source::text(file) else { return (line, Vec::new()) };
    let lines: Vec<&str> = source.lines().collect();
    let index = line.saturating_sub(1).min(lines.len().saturating_sub(1));
    let ends =
        |from: usize| lines.iter().enumerate().skip(from).find(|(_, text)| **text == "}").map(|(place, _)| place);
    let mut first = start.saturating_sub(1);
    let mut last = ends(first).unwrap_or(lines.len().saturating_sub(1));
    if index > last || index < first {
        let heads = lines.iter().take(index + 1).enumerate().rev();
        first = heads.into_iter().find(|(_, text)| is_head(text)).map_or(index, |(place, _)| place);
        last = ends(first).unwrap_or(lines.len().saturating_sub(1));
    }
    while lines.get(first).is_some_and(|text| text.starts_with("#[") || text.starts_with("///")) && first < index {
        first += 1;
    }
    let shown = lines.get(first..=last.max(first)).unwrap_or(&[]);
    (first + 1, shown.iter().map(|text| (*text).to_owned()).collect())
}

pub(super) fn is_head(line: &str) -> bool {
    ["fn ", "pub fn ", "pub(crate) fn ", "pub(super) fn "].iter().any(|head| line.starts_with(head))
}

/// Which stop of its call a step is, and how many the call has: its entry, its own notes and calls, its exit.
fn place_in_call(film: &Film, step: usize) -> (usize, usize) {
    let Some(entry) = film.stack_at(step).last().copied() else { return (0, 0) };
    let depth = film.steps.get(entry).map_or(0, |film_step| film_step.depth);
    let (mut place, mut count) = (1, 1);
    for (index, film_step) in film.steps.iter().enumerate().skip(entry + 1) {
        let own = film_step.depth == depth + 1
            && matches!(film_step.event, Event::Enter { .. } | Event::Note { .. } | Event::Discard { .. });
        let ends = film_step.depth == depth && matches!(film_step.event, Event::Exit { .. });
        if own || ends {
            count += 1;
            if index < step {
                place += 1;
            }
        }
        if ends {
            break;
        }
    }
    (place, count)
}
