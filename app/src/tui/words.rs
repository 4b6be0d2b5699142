//! The kernel words that a pane shows at a moment: what the glossary is asked about.
//!
//! Panes that name things (fields, queues, functions, timers, states) name each row's word; of any other pane the words are read
//! out of the text of the selected row. Promise: the words of named rows are all of them, known to the glossary or not, so that
//! a test can find one that is not.

use lessons::glossary::Glossary;
use stack::functions;
use stack::view::state_diagram;

use super::pane::card::ScreenWord;
use super::panes::{arp, ladder, queues, row};
use super::ui_state::PaneView;
use crate::picture::{AtCapture, LadderRow, Pane, Picture, Timer};

fn word(text: &str, subject: Option<&'static str>) -> ScreenWord {
    ScreenWord { text: text.to_owned(), subject }
}

/// The words of a pane, and which of them is selected.
#[must_use]
pub fn words_of(pane: Pane, picture: &Picture, view: PaneView) -> (Vec<ScreenWord>, usize) {
    let selected = view.selected;
    match pane {
        Pane::Sock | Pane::Peer => {
            let socks = if pane == Pane::Sock { &picture.socks } else { &picture.peer_socks };
            let fields = socks.first().map_or(&[][..], |sock| &sock.fields);
            (fields.iter().map(|field| word(&field.name, Some("sock"))).collect(), selected)
        }
        Pane::Queues => {
            let (names, selected) = queues::names(picture, selected);
            (names.into_iter().map(|name| word(name, Some("skb"))).collect(), selected)
        }
        Pane::Stack => (picture.stack.iter().map(|call| word(&call.function, None)).collect(), selected),
        Pane::Path => {
            let known = |name: &&String| functions::named(name).is_some();
            let names = picture.path.iter().map(|step| &step.function).filter(known);
            let words: Vec<ScreenWord> = names.map(|name| word(name, None)).collect();
            let last = words.len().saturating_sub(1);
            (words, last)
        }
        Pane::Timers => timers(&picture.timers, selected),
        Pane::Frame | Pane::Bytes => {
            let rows = picture.frame.as_ref().map_or(&[][..], |frame| &frame.rows);
            // A header is called by what it is and its name: "Internet Protocol IPv4".
            let name = |name: &str| name.rsplit(' ').next().unwrap_or("").to_owned();
            (rows.iter().map(|row| word(&name(&row.name), Some("header"))).collect(), selected)
        }
        Pane::State => (states(picture), 0),
        Pane::Ladder => {
            let place = ladder::selected(&picture.ladder, view.scroll);
            (picture.ladder.rows.get(place).map_or(Vec::new(), ladder_words), 0)
        }
        Pane::Code => (code(picture), 0),
        Pane::Arp => {
            let mut words = vec![word("ARP table", Some("device"))];
            let flags = arp::entry_on(picture, selected).map_or("", |row| row.flags.as_str());
            words.extend(flags.split('|').filter(|flag| !flag.is_empty()).map(|flag| word(flag, Some("device"))));
            (words, 0)
        }
        _ => (of_row(pane, picture, selected), 0),
    }
}

/// The reason of each timer, which tells more, then its function.
fn timers(timers: &[Timer], selected: usize) -> (Vec<ScreenWord>, usize) {
    let mut words = Vec::new();
    let mut chosen = 0;
    for (place, timer) in timers.iter().enumerate() {
        if place == selected {
            chosen = words.len();
        }
        let reason = timer.owner.rsplit(' ').next().unwrap_or("");
        if timer.owner.contains(' ') && reason != "0" {
            words.push(word(reason, Some("timers")));
        }
        words.push(word(&timer.function, None));
    }
    (words, chosen)
}

/// The state of the sock, those that it can come to, those of the others.
fn states(picture: &Picture) -> Vec<ScreenWord> {
    let state = &picture.state;
    let out = state.now.into_iter().flat_map(|now| state_diagram::out_of(now).map(|edge| edge.to));
    let mut words: Vec<ScreenWord> = Vec::new();
    for state in state.now.into_iter().chain(out).chain(state.others.iter().map(|(_, other)| *other)) {
        let shown = word(state.name(), Some("states"));
        if !words.contains(&shown) {
            words.push(shown);
        }
    }
    words
}

/// The flags of a frame, or what it asks; the state of a change.
fn ladder_words(row: &LadderRow) -> Vec<ScreenWord> {
    match row {
        LadderRow::State { name, .. } => vec![word(name, Some("states"))],
        LadderRow::Oops { .. } => vec![word("Oops", Some("kernel"))],
        LadderRow::Captured { at_capture: AtCapture { beside: label, .. }, .. } | LadderRow::Frame { label, .. } => {
            let first = label.split(' ').next().unwrap_or("");
            let flags = first.split('+').filter(|flag| flag.chars().all(|letter| letter.is_ascii_uppercase()));
            let mut words: Vec<ScreenWord> = flags.map(|flag| word(flag, Some("header"))).collect();
            if ["who-has", "who-is", "you"].contains(&first) || label.ends_with("is-at") {
                words.push(word("ar_op", Some("header")));
            }
            if label.contains("seq=") {
                words.push(word("seq", Some("header")));
            }
            if label.contains("ack=") {
                words.push(word("ack_seq", Some("header")));
            }
            words
        }
    }
}

/// The function that runs, then what stands on its running line and in the sentence.
fn code(picture: &Picture) -> Vec<ScreenWord> {
    let code = &picture.code;
    let line = code.current.checked_sub(code.first_line).and_then(|index| code.lines.get(index));
    let mut words = vec![word(&code.function, None)];
    words.retain(|word| !word.text.is_empty());
    add_known(&mut words, line.map_or("", String::as_str));
    add_known(&mut words, &code.sentence);
    words
}

fn of_row(pane: Pane, picture: &Picture, selected: usize) -> Vec<ScreenWord> {
    let mut words = Vec::new();
    if let Some(text) = row(pane).content.text {
        let lines = text(picture);
        add_known(&mut words, lines.get(selected).or(lines.first()).map_or("", String::as_str));
    }
    words
}

/// Adds the kernel words of a text that the glossary knows and that cannot be taken for words of the language.
fn add_known(words: &mut Vec<ScreenWord>, text: &str) {
    for token in tokens(text) {
        if is_kernel_word(token) && Glossary::shipped().explain(token, None).is_some() {
            let found = word(token, None);
            if !words.contains(&found) {
                words.push(found);
            }
        }
    }
}

/// The identifiers of a text.
pub fn tokens(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').filter(|token| !token.is_empty())
}

/// Whether a word can only be one of the kernel: it has an underscore, is a function, or is written in capitals.
#[must_use]
pub fn is_kernel_word(token: &str) -> bool {
    let capitals =
        token.len() > 1 && token.chars().all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit());
    let named = token.starts_with(|letter: char| letter.is_ascii_alphabetic());
    named && (token.contains('_') || capitals || functions::named(token).is_some())
}

/// The identifier at a column of a line of the screen.
#[must_use]
pub fn at_column(line: &[String], column: usize) -> Option<String> {
    let belongs = |cell: &String| {
        cell.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_') && !cell.trim().is_empty()
    };
    line.get(column).filter(|cell| belongs(cell))?;
    let first = (0..column).rev().find(|place| !belongs(&line[*place])).map_or(0, |place| place + 1);
    let last = (column..line.len()).find(|place| !belongs(&line[*place])).unwrap_or(line.len());
    Some(line[first..last].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_from_prose() {
        let text = "B puts it on back_log: SYN_RECV, tcp_rcv(skb) when the sock is free, RST";
        let found: Vec<&str> = tokens(text).filter(|token| is_kernel_word(token)).collect();
        assert_eq!(found, ["back_log", "SYN_RECV", "tcp_rcv", "RST"]);
    }

    #[test]
    fn the_word_under_the_mouse_is_read_from_the_cells() {
        let line: Vec<String> = "│* back_log  3│".chars().map(String::from).collect();
        assert_eq!(at_column(&line, 5), Some("back_log".to_owned()));
        assert_eq!(at_column(&line, 13), Some("3".to_owned()));
        assert_eq!(at_column(&line, 2), None);
        assert_eq!(at_column(&line, 99), None);
    }
}
