//! A replay as a recording: every frame that the stack was given or sent, each with a comment that says which captured frame it
//! belongs to, how the two relate, and which entry of `sockscope differences` is the reason. What only the captured end sent has
//! no frame here: it is told at the next one. Promise: Wireshark shows the comments, and this program opens the same run again.

use crate::capture::FrameDirection;
use crate::capture::compare::Aligned;
use crate::capture::inject::Outcome;
use crate::capture::reason::entry_names;
use crate::capture::report::{Row, row, verdict};
use crate::i18n::{Lang, Words};
use crate::recording::journal::{Kept, encode_session};
use crate::recording::pcapng::{RecordedFrame, RecordedInterface, Recorder};

/// The recording, in a language.
///
/// # Errors
/// A frame cannot be written down.
pub fn recording(outcome: &Outcome, lang: Lang) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let mut run = outcome.run();
    while run.play(10_000) > 0 {}
    let interfaces = RecordedInterface::all_of(&outcome.beginning);
    let mut recorder = Recorder::with_comments(Vec::new(), &interfaces, &verdict(outcome, lang))?;
    let kept = Kept { start: outcome.second_zero(), ..Kept::default() };
    recorder.journal(encode_session(&outcome.beginning, &outcome.journal, &kept).as_bytes());
    let (mut sent, mut given) = (0, outcome.given.iter());
    let mut comments = Comments { outcome, lang, lines: outcome.lines.iter().peekable(), sent: 0, given: 0 };
    let last = run.frames.len();
    for (number, record) in run.frames.iter().enumerate() {
        let comments = comments.of(record.from_outside, number + 1 == last);
        let passed = if record.from_outside {
            given.next().map(|given| given.time_ns)
        } else {
            sent += 1;
            outcome.sent_at(sent - 1)
        };
        let own_ns = outcome.boot_ns.saturating_add(record.time.saturating_mul(1_000));
        recorder.frame(&RecordedFrame {
            interface: 0,
            time_ns: passed.unwrap_or(own_ns),
            direction: if record.from_outside { FrameDirection::Inbound } else { FrameDirection::Outbound },
            bytes: &record.sent.bytes,
            comments: &comments,
        })?;
    }
    Ok(recorder.finish()?)
}

/// The comments of one frame after the other.
struct Comments<'a> {
    outcome: &'a Outcome,
    lang: Lang,
    /// The lines of the comparison that were not told yet.
    lines: std::iter::Peekable<std::slice::Iter<'a, Aligned>>,
    /// Frames of the stack so far.
    sent: usize,
    given: usize,
}

impl Comments<'_> {
    /// What is to be said at the next frame of the run.
    fn of(&mut self, from_outside: bool, is_last: bool) -> Vec<String> {
        let mut comments = Vec::new();
        if from_outside {
            comments.push(self.given());
        } else {
            // The lines stand in the order of time: those before this frame's own are of frames that were only captured.
            self.sent += 1;
            let (sent, stack) = (self.sent, &self.outcome.stack);
            let number = |line: &Aligned| line.stack.and_then(|place| stack.get(place)).map(|segment| segment.frame);
            while let Some(line) = self.lines.next_if(|line| number(line).is_none_or(|frame| frame <= sent)) {
                comments.extend(self.told(line));
                if number(line) == Some(sent) {
                    break;
                }
            }
        }
        if is_last {
            let rest: Vec<&Aligned> = self.lines.by_ref().collect();
            comments.extend(rest.into_iter().filter_map(|line| self.told(line)));
        }
        comments
    }

    /// Which captured frame the stack was given.
    fn given(&mut self) -> String {
        let number = self.outcome.given.get(self.given).map_or(0, |given| given.frame);
        self.given += 1;
        let words = if number == 0 {
            Words::new(
                "not captured: inferred, or an acknowledgement that followed",
                "未被抓到：推断所得，或随后补上的确认",
            )
            .owned()
        } else {
            Words::new(format!("captured frame {number}"), format!("抓包第 {number} 帧"))
        };
        words.into_text(self.lang)
    }

    /// A line of the comparison: what it says stands in the frame itself, except where only the captured end sent it.
    fn told(&self, line: &Aligned) -> Option<String> {
        let Row { time, frame, what, how, .. } = row(self.outcome, line, self.lang)?;
        let what = what.split_whitespace().collect::<Vec<_>>().join(" ");
        let entries = entry_names(self.outcome, line);
        let entries: Vec<String> = entries.iter().map(|(function, scene)| format!("{function} {scene}")).collect();
        let entries = if entries.is_empty() { String::new() } else { format!(" [{}]", entries.join(", ")) };
        let words = match (line.stack, line.capture) {
            (Some(_), Some(_)) => Words::new(
                format!("captured frame {frame}: {how}{entries}"),
                format!("抓包第 {frame} 帧：{how}{entries}"),
            ),
            (Some(_), None) => Words::new(format!("{how}{entries}"), format!("{how}{entries}")),
            (None, _) => Words::new(
                format!("only captured, frame {frame} at {time} s: {what}: {how}{entries}"),
                format!("仅抓包中有，第 {frame} 帧，{time} 秒：{what}：{how}{entries}"),
            ),
        };
        Some(words.into_text(self.lang))
    }
}
