//! The frames of a run as a Mermaid sequence diagram, which Markdown viewers draw: an arrow per frame, a cross where
//! it was lost, a note where a socket entered a state. Promise: every frame of the run is in it, and nothing that came
//! from a frame or a file can end a line or begin a directive.

use std::fmt::Write;

use stack::wire::visible::visible;

use crate::picture::{FrameFate, Ladder, LadderRow};

/// The diagram of a ladder.
#[must_use]
pub fn diagram(ladder: &Ladder) -> String {
    let mut text = "sequenceDiagram\n".to_owned();
    // Writing to a String cannot fail.
    for (index, name) in ladder.columns.iter().enumerate() {
        let _ = writeln!(text, "    participant h{index} as {}", plain(name));
    }
    for row in &ladder.rows {
        let _ = match row {
            LadderRow::Frame { from, to, label, fate, resent, microseconds, .. } => {
                let arrow = if *fate == FrameFate::Lost { "-x" } else { "->>" };
                let again = if *resent { " (again)" } else { "" };
                let seconds = seconds(*microseconds);
                writeln!(text, "    h{from}{arrow}h{to}: {seconds} {}{again}", plain(label))
            }
            LadderRow::State { host, name, .. } => writeln!(text, "    Note over h{host}: {}", plain(name)),
            LadderRow::Oops { host, story, .. } => writeln!(text, "    Note over h{host}: Oops: {}", plain(story)),
        };
    }
    text
}

/// A time in seconds with all its digits.
fn seconds(microseconds: u64) -> String {
    format!("{}.{:06}", microseconds / 1_000_000, microseconds % 1_000_000)
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
            },
            LadderRow::State { host: 1, name: "LISTEN".to_owned(), ahead: false },
            LadderRow::Oops { host: 1, story: "dead".to_owned(), ahead: false },
        ];
        let columns = vec!["A#1".to_owned(), "B".to_owned()];
        let ladder = Ladder { columns, rows, now: 0, relative: true, masked: false };
        assert_eq!(
            diagram(&ladder),
            "sequenceDiagram\n    participant h0 as A#35;1\n    participant h1 as B\n    \
             h0-xh1: 1.000050 SYN#59; end␊Note over h0: ⟨202E⟩⟨009B⟩no (again)\n    Note over h1: LISTEN\n    \
              Note over h1: Oops: dead\n"
        );
    }
}
