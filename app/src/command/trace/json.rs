//! The JSON lines of a trace. A run has millions of them, so each is written as it is made, member by member, into room that is used
//! again. Promise: the members of an object stand in the order of the alphabet, and no text of a file gets out that could drive a
//! terminal.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::ops::Range;

use stack::kernel::Kernel;
use stack::kernel::probe::{Args, Event, KFn, Place};
use stack::lab::caption::{Written, caption, named};
use stack::lab::film::FilmStep;
use stack::wire::visible::visible;

use super::{At, story_of};

/// Writes lines.
#[derive(Default)]
pub(super) struct Lines {
    line: Line,
    /// What is told of the step that the line is about; of an entry all its arguments.
    text: String,
    /// The names of the arguments, and where in the text they stand.
    arguments: Vec<(&'static str, Range<usize>)>,
}

impl Lines {
    /// Writes the line of a step. The kernel is the host's at the end of the turn.
    pub(super) fn write(&mut self, out: &mut impl Write, k: &Kernel, at: At<'_>, step: &FilmStep) -> io::Result<()> {
        self.tell(k, at.host, &step.event);
        let Self { line, text, arguments } = self;
        line.begin();
        if let Event::Enter { .. } = step.event {
            line.arguments(arguments, text);
        }
        line.number("\"depth\":", step.depth.into());
        match &step.event {
            Event::Enter { function, .. } => {
                line.text("\"file\":", function.file);
                line.text("\"function\":", function.name);
            }
            Event::Exit { function, .. } => line.text("\"function\":", function.name),
            _ => {}
        }
        line.text("\"host\":", at.shown);
        match &step.event {
            Event::Enter { function, .. } => {
                line.text("\"kind\":", "enter");
                if !function.rfc.is_empty() {
                    line.text("\"rfc\":", function.rfc);
                }
            }
            Event::Exit { .. } => line.text("\"kind\":", "exit"),
            Event::Note { .. } => line.place("note", step.place),
            Event::Discard { reason, .. } => {
                line.place("discard", step.place);
                line.member("\"loss\":", if reason.is_loss() { "true" } else { "false" });
                line.text("\"reason\":", reason.name());
            }
            Event::Crash => line.place("crash", step.place),
            _ => line.text("\"kind\":", "event"),
        }
        line.number("\"step\":", at.step as u64);
        match u64::try_from(at.time) {
            Ok(time) => line.number("\"t\":", time),
            Err(_) => line.member("\"t\":", &at.time.to_string()),
        }
        let (before, behind) = match step.event {
            Event::Enter { .. } => (None, None),
            Event::Exit { .. } => (None, Some(&*text)),
            _ => (Some(&*text), None),
        };
        before.into_iter().for_each(|text| line.text("\"text\":", text));
        line.number("\"turn\":", at.turn as u64);
        behind.into_iter().for_each(|text| line.text("\"value\":", text));
        line.end(out)
    }

    /// Puts together what is told of a step.
    fn tell(&mut self, k: &Kernel, host: &str, event: &Event) {
        self.text.clear();
        match event {
            Event::Enter { function, args } => self.tell_arguments(k, host, function, args),
            // Writing to a String cannot fail.
            Event::Exit { value, .. } => drop(write!(self.text, "{}", Written { k, host, entries: &[*value] })),
            Event::Note { text } => self.text.push_str(text),
            Event::Discard { reason, .. } => self.text.push_str(reason.words().en),
            Event::Crash => self.text.push_str(&story_of(k).en),
            event => self.text.push_str(&caption(k, host, event).en),
        }
    }

    fn tell_arguments(&mut self, k: &Kernel, host: &str, function: &KFn, args: &Args) {
        self.arguments.clear();
        for (name, entries) in named(function, args) {
            let begun = self.text.len();
            let _ = write!(self.text, "{}", Written { k, host, entries });
            self.arguments.push((name, begun..self.text.len()));
        }
        self.arguments.sort_unstable_by_key(|(name, _)| *name);
    }
}

/// A line while it is made. Names come with their quotes and colon.
#[derive(Default)]
struct Line(Vec<u8>);

impl Line {
    fn begin(&mut self) {
        self.0.clear();
        self.0.push(b'{');
    }

    fn end(&mut self, out: &mut impl Write) -> io::Result<()> {
        // In the place of the last comma.
        self.0.pop();
        self.0.extend_from_slice(b"}\n");
        out.write_all(&self.0)
    }

    /// A member whose value is JSON.
    fn member(&mut self, name: &str, value: &str) {
        self.0.extend_from_slice(name.as_bytes());
        self.0.extend_from_slice(value.as_bytes());
        self.0.push(b',');
    }

    fn number(&mut self, name: &str, number: u64) {
        self.0.extend_from_slice(name.as_bytes());
        self.0.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
        self.0.push(b',');
    }

    fn text(&mut self, name: &str, text: &str) {
        self.0.extend_from_slice(name.as_bytes());
        self.quoted(text);
        self.0.push(b',');
    }

    /// A text as JSON has it and as it may be shown.
    fn quoted(&mut self, text: &str) {
        let is_plain = |octet: u8| (0x20..0x7f).contains(&octet) && octet != b'"' && octet != b'\\';
        if text.bytes().all(is_plain) {
            self.0.push(b'"');
            self.0.extend_from_slice(text.as_bytes());
            self.0.push(b'"');
        } else {
            self.0.extend_from_slice(serde_json::Value::from(visible(text)).to_string().as_bytes());
        }
    }

    /// The kind of a step, and the statement that did it.
    fn place(&mut self, kind: &str, place: Place) {
        self.text("\"kind\":", kind);
        self.0.extend_from_slice(b"\"line\":\"");
        self.0.extend_from_slice(place.file().as_bytes());
        self.number(":", place.line().into());
        self.0.pop();
        self.0.extend_from_slice(b"\",");
    }

    fn arguments(&mut self, arguments: &[(&'static str, Range<usize>)], text: &str) {
        self.0.extend_from_slice(b"\"args\":{");
        for (number, (name, place)) in arguments.iter().enumerate() {
            if number > 0 {
                self.0.push(b',');
            }
            self.quoted(name);
            self.0.push(b':');
            self.quoted(text.get(place.clone()).unwrap_or_default());
        }
        self.0.extend_from_slice(b"},");
    }
}
