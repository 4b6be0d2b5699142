//! The frames of a run as a Mermaid sequence diagram, which Markdown viewers draw: an arrow per frame, a cross where
//! it was lost, a note where a socket entered a state. Promise: every frame of the run is in it, and nothing that came
//! from a frame or a file can end a line or begin a directive.

use std::fmt::Write;

use stack::wire::visible::visible;

use crate::picture::times::Times;
use crate::picture::{AtCapture, FrameFate, Ladder, LadderRow};

/// The diagram of a ladder.
#[must_use]
pub fn diagram(ladder: &Ladder) -> String {
    let mut text = "sequenceDiagram\n".to_owned();
    // Writing to a String cannot fail.
    for (index, name) in ladder.columns.iter().enumerate() {
        let _ = writeln!(text, "    participant h{index} as {}", plain(name));
    }
    for (place, row) in ladder.rows.iter().enumerate() {
        let _ = match row {
            LadderRow::Frame { from, to, label, fate, resent, at_capture, .. } => {
                let arrow = if *fate == FrameFate::Lost { "-x" } else { "->>" };
                let again = if *resent { " (again)" } else { "" };
                let seconds = ladder.time(place, Times::SinceStart).unwrap_or_default();
                let told = at_capture.as_ref().map_or_else(String::new, relation);
                writeln!(text, "    h{from}{arrow}h{to}: {seconds} {}{again}{told}", plain(label))
            }
            LadderRow::Captured { at_capture, .. } => {
                let seconds = ladder.time(place, Times::SinceStart).unwrap_or_default();
                let (said, told) = (plain(&at_capture.beside), relation(at_capture));
                writeln!(text, "    Note over h0: {seconds} {said}{told}")
            }
            LadderRow::State { host, name, .. } => writeln!(text, "    Note over h{host}: {}", plain(name)),
            LadderRow::Oops { host, story, .. } => writeln!(text, "    Note over h{host}: Oops: {}", plain(story)),
        };
    }
    text
}

/// How a frame relates to the capture, behind what it says: the sign and the captured number.
fn relation(told: &AtCapture) -> String {
    let sign = told.sign.map_or_else(String::new, |sign| format!(" {}", plain(&sign.to_string())));
    let number = told.number.map_or_else(String::new, |number| format!(" {}", plain(&format!("#{number}"))));
    format!("{sign}{number}")
}

/// Words without the characters that mean something in the diagram's language, and with what would act or hide made visible.
fn plain(words: &str) -> String {
    let mut text = String::new();
    for character in visible(words).chars() {
        match character {
            '#' | ';' | '<' | '>' | '%' | '"' => {
                let _ = write!(text, "#{};", u32::from(character));
            }
            other => text.push(other),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::{FrameMarks, Layer};

    #[test]
    fn a_name_cannot_speak_the_language_of_the_diagram() {
        let rows = vec![
            LadderRow::Frame {
                number: 1,
                microseconds: 1_000_050,
                from: 0,
                to: 1,
                layer: Layer::Tcp,
                label: "SYN; end\nNote over h0: \u{202e}\u{9b}no".to_owned(),
                fate: FrameFate::Lost,
                resent: true,
                more: String::new(),
                marks: FrameMarks::default(),
                at_capture: None,
            },
            LadderRow::State { host: 1, name: "LISTEN".to_owned(), ahead: false },
            LadderRow::Oops { host: 1, story: "dead".to_owned(), ahead: false },
        ];
        let columns = vec!["A#1".to_owned(), "B".to_owned()];
        let ladder = Ladder { columns, rows, relative: true, ..Ladder::default() };
        assert_eq!(
            diagram(&ladder),
            "sequenceDiagram\n    participant h0 as A#35;1\n    participant h1 as B\n    \
             h0-xh1: 1.000050 SYN#59; end␊Note over h0: ⟨202E⟩⟨009B⟩no (again)\n    Note over h1: LISTEN\n    \
              Note over h1: Oops: dead\n"
        );
    }
}
