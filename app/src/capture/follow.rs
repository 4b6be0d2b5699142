//! Following a stream: the data of a connection, both directions in the order in which it became known, put together from pieces
//! that may repeat, overlap or come out of order, and laid out as lines of text or of hexadecimal digits.
//! Promise: every octet of a direction stands at most once and at its place; what was never captured is told as a hole of so many
//! octets, as soon as the other side acknowledges it; what is kept is bounded ([`MOST_OCTETS`]), and what was beyond that is counted;
//! no line has a character that would act on a terminal.

use std::collections::BTreeMap;

use stack::wire::visible::{ascii, visible};
use unicode_width::UnicodeWidthChar;

use crate::capture::seconds;
use crate::i18n::{Lang, Words};

/// The most octets of both directions that are kept, those that wait behind a hole included.
pub const MOST_OCTETS: usize = 1 << 20;
/// Octets on a line of hexadecimal digits.
const HEX_OCTETS: usize = 16;

/// A segment as a stream is made of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    /// Which of the two ends sent it: 0 or 1.
    pub side: usize,
    /// When, in nanoseconds on any clock.
    pub time_ns: u64,
    /// The sequence number of its first octet, behind a SYN.
    pub seq: u32,
    /// What it acknowledges, where it acknowledges anything.
    pub ack: Option<u32>,
    /// It opens its direction: nothing comes before it.
    pub is_first: bool,
    /// It ends its direction: nothing comes behind it, and its end takes a number of its own.
    pub is_last: bool,
    /// Octets that it had on the wire.
    pub length: u32,
    /// Those of them that were captured, from the first on; none of a frame that was only inferred.
    pub payload: &'a [u8],
}

/// What stands at a place of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Octets.
    Data(Vec<u8>),
    /// So many octets that were sent and not captured.
    Hole(u64),
}

/// A piece of the conversation: what one side said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The side: 0 or 1.
    pub side: usize,
    /// When its first octet was there with everything before it, in nanoseconds.
    pub time_ns: u64,
    /// The place of its first octet in its direction, from 0.
    pub offset: u64,
    /// What it is.
    pub content: Content,
}

/// One direction.
#[derive(Debug, Default)]
struct Half {
    /// The number of the next octet that is looked for; none before the first piece.
    next: Option<u32>,
    /// Octets before it.
    offset: u64,
    /// What came too early, by its place.
    early: BTreeMap<u64, Early>,
    /// The place behind the last octet, once that is known.
    end: Option<u64>,
}

impl Half {
    /// The place of a sequence number: before 0 it is one of what has been said.
    fn place(&self, seq: u32) -> Option<u64> {
        let ahead = i64::from(seq.wrapping_sub(self.next?).cast_signed());
        self.offset.checked_add_signed(ahead)
    }

    /// Moves on behind so many octets.
    fn pass(&mut self, octets: u64) {
        // Sequence numbers are counted modulo 2^32.
        self.next = self.next.map(|next| next.wrapping_add(octets as u32));
        self.offset += octets;
    }
}

/// Octets that wait for those before them.
#[derive(Debug, Default)]
struct Early {
    time_ns: u64,
    /// How many there are.
    length: u64,
    /// How many of them, at the end, were not captured.
    missing: u64,
    /// Those that are kept, from the first on.
    kept: Vec<u8>,
}

/// A stream that is being put together.
#[derive(Debug, Default)]
pub struct Stream {
    halves: [Half; 2],
    said: Vec<Said>,
    kept: usize,
    beyond: u64,
}

impl Stream {
    /// Takes in a piece; pieces come in the order in which they passed.
    pub fn add(&mut self, piece: &Piece) {
        let Some(half) = self.halves.get_mut(piece.side) else { return };
        if piece.is_first || half.next.is_none() && piece.length > 0 {
            half.next.get_or_insert(piece.seq);
        }
        if let Some(place) = half.place(piece.seq) {
            if piece.is_last {
                half.end = Some(place + u64::from(piece.length));
            }
            self.add_data(piece, place);
        } else if let Some(old) = half.next.map(|next| next.wrapping_sub(piece.seq)) {
            // It begins before the first octet that is known, or repeats what was said at the very beginning.
            self.add_overlapping(piece, old);
        }
        self.drain(piece.side, piece.time_ns);
        if let Some(ack) = piece.ack {
            self.acknowledge(1 - piece.side, ack, piece.time_ns);
        }
    }

    /// A piece that begins before everything that is known of its direction: what lies behind it is taken.
    fn add_overlapping(&mut self, piece: &Piece, old: u32) {
        let Some(rest) = piece.length.checked_sub(old).filter(|rest| *rest > 0) else { return };
        let payload = usize::try_from(old).ok().and_then(|old| piece.payload.get(old..)).unwrap_or(&[]);
        let place = self.halves.get(piece.side).map_or(0, |half| half.offset);
        self.keep(piece.side, place, (piece.time_ns, u64::from(rest), payload));
    }

    /// The octets of a piece that are new, kept at their place.
    fn add_data(&mut self, piece: &Piece, place: u64) {
        let Some(offset) = self.halves.get(piece.side).map(|half| half.offset) else { return };
        let old = offset.saturating_sub(place);
        let length = u64::from(piece.length);
        if length <= old {
            return;
        }
        let payload = usize::try_from(old).ok().and_then(|old| piece.payload.get(old..)).unwrap_or(&[]);
        self.keep(piece.side, place.max(offset), (piece.time_ns, length - old, payload));
    }

    /// Keeps octets until what is before them is there; of two pieces at one place the longer one.
    fn keep(&mut self, side: usize, place: u64, (time_ns, length, payload): (u64, u64, &[u8])) {
        let Some(half) = self.halves.get_mut(side) else { return };
        let captured = u64::try_from(payload.len()).unwrap_or(u64::MAX).min(length);
        let known = half.early.get(&place);
        if known.is_some_and(|known| (length, captured) <= (known.length, known.length - known.missing)) {
            return;
        }
        self.kept = self.kept.saturating_sub(known.map_or(0, |known| known.kept.len()));
        let kept = payload.get(..payload.len().min(MOST_OCTETS.saturating_sub(self.kept))).unwrap_or(&[]).to_vec();
        self.kept += kept.len();
        half.early.insert(place, Early { time_ns, length, missing: length - captured, kept });
    }

    /// Says what has everything before it.
    fn drain(&mut self, side: usize, time_ns: u64) {
        while let Some(half) = self.halves.get_mut(side) {
            let Some(entry) = half.early.first_entry().filter(|entry| *entry.key() <= half.offset) else { return };
            let (place, early) = entry.remove_entry();
            let old = half.offset - place;
            let Some(length) = early.length.checked_sub(old).filter(|length| *length > 0) else {
                self.kept = self.kept.saturating_sub(early.kept.len());
                continue;
            };
            let old = usize::try_from(old).unwrap_or(usize::MAX).min(early.kept.len());
            self.kept = self.kept.saturating_sub(old);
            let fresh = early.kept.get(old..).unwrap_or(&[]).to_vec();
            let hole = early.missing.min(length);
            let offset = half.offset;
            half.pass(length);
            let captured = length - hole;
            self.beyond += captured.saturating_sub(u64::try_from(fresh.len()).unwrap_or(u64::MAX));
            self.say(side, time_ns, offset, Content::Data(fresh));
            self.say(side, time_ns, offset + captured, Content::Hole(hole));
        }
    }

    /// The other side has everything of a direction up to a number: what has not come by now was not captured.
    fn acknowledge(&mut self, side: usize, ack: u32, time_ns: u64) {
        let Some(half) = self.halves.get(side) else { return };
        let Some(mut until) = half.place(ack) else { return };
        if let Some(end) = half.end {
            until = until.min(end);
        }
        loop {
            let Some(half) = self.halves.get_mut(side) else { return };
            let first = half.early.first_key_value().map(|(place, _)| *place);
            let to = first.map_or(until, |first| first.min(until));
            let hole = to.saturating_sub(half.offset);
            // A single number behind everything is that of a FIN that was not captured.
            let is_fin = hole == 1 && first.is_none() && to == until;
            if hole == 0 || is_fin {
                return;
            }
            let offset = half.offset;
            half.pass(hole);
            self.say(side, time_ns, offset, Content::Hole(hole));
            self.drain(side, time_ns);
        }
    }

    /// Adds to what was said last, where that goes on.
    fn say(&mut self, side: usize, time_ns: u64, offset: u64, content: Content) {
        let last = self.said.last_mut().filter(|last| last.side == side);
        match (content, last) {
            (Content::Hole(0), _) => {}
            (Content::Data(octets), _) if octets.is_empty() => {}
            (Content::Data(octets), Some(Said { content: Content::Data(known), .. })) => {
                known.extend_from_slice(&octets);
            }
            (Content::Hole(octets), Some(Said { content: Content::Hole(known), .. })) => *known += octets,
            (content, _) => self.said.push(Said { side, time_ns, offset, content }),
        }
    }

    /// The whole conversation; what still waits behind a hole stands behind that.
    #[must_use]
    pub fn finish(mut self) -> Followed {
        for side in 0..2 {
            while let Some((place, time_ns)) = self.first_early(side) {
                let Some(half) = self.halves.get_mut(side) else { break };
                let (offset, hole) = (half.offset, place.saturating_sub(half.offset));
                half.pass(hole);
                self.say(side, time_ns, offset, Content::Hole(hole));
                self.drain(side, time_ns);
            }
        }
        Followed { said: self.said, beyond: self.beyond }
    }

    fn first_early(&self, side: usize) -> Option<(u64, u64)> {
        let (place, early) = self.halves.get(side)?.early.first_key_value()?;
        Some((*place, early.time_ns))
    }
}

/// A conversation that has been put together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Followed {
    /// What was said, in the order in which it became known.
    pub said: Vec<Said>,
    /// Octets that are not kept.
    pub beyond: u64,
}

/// How octets are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// As text.
    #[default]
    Text,
    /// As hexadecimal digits, sixteen octets a line, with their places.
    Hex,
}

/// What a line of a conversation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// It says who speaks, when, and how much.
    Heading,
    /// Data.
    Data,
    /// It says what is not there.
    Hole,
}

/// A line of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The side that speaks: 0 or 1.
    pub side: usize,
    /// When, in nanoseconds.
    pub time_ns: u64,
    /// What it is.
    pub kind: LineKind,
    /// The text, with the arrow of its side before it.
    pub text: String,
}

/// The arrow that stands before every line of a side.
#[must_use]
pub fn arrow(side: usize) -> &'static str {
    if side == 0 { "→" } else { "←" }
}

impl Followed {
    /// The conversation in lines of at most so many columns: `ends` are the names of the two sides, and times count from `start_ns`.
    #[must_use]
    pub fn lines(&self, ends: [&str; 2], start_ns: u64, (form, width): (Form, usize), lang: Lang) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut side = None;
        for said in &self.said {
            let mut line = |kind, text: String| {
                let text = format!("{} {text}", arrow(said.side));
                lines.push(Line { side: said.side, time_ns: said.time_ns, kind, text });
            };
            let count = match &said.content {
                Content::Data(octets) => u64::try_from(octets.len()).unwrap_or(u64::MAX),
                Content::Hole(octets) => *octets,
            };
            let time = seconds(said.time_ns.saturating_sub(start_ns));
            let name = ends.get(said.side).copied().unwrap_or_default();
            match &said.content {
                Content::Data(octets) => {
                    if side != Some(said.side) {
                        line(LineKind::Heading, heading(name, &time, count).into_text(lang));
                    }
                    let room = width.saturating_sub(2).max(8);
                    let texts = match form {
                        Form::Text => text_lines(octets, room),
                        Form::Hex => hex_lines(octets, said.offset),
                    };
                    texts.into_iter().for_each(|text| line(LineKind::Data, text));
                }
                Content::Hole(octets) => {
                    let words =
                        Words::new(format!("[{octets} octets not captured]"), format!("[{octets} 字节未被抓取]"));
                    line(LineKind::Hole, words.into_text(lang));
                }
            }
            side = Some(said.side);
        }
        if self.beyond > 0 {
            let (beyond, kept) = (self.beyond, MOST_OCTETS >> 20);
            let words = Words::new(
                format!("[{beyond} octets more than the {kept} MiB that are shown]"),
                format!("[只显示 {kept} MiB，其余 {beyond} 字节不显示]"),
            );
            let (side, time_ns) = self.said.last().map_or((0, 0), |said| (said.side, said.time_ns));
            lines.push(Line { side, time_ns, kind: LineKind::Hole, text: words.into_text(lang) });
        }
        lines
    }
}

fn heading(name: &str, time: &str, octets: u64) -> Words<String> {
    Words::new(
        format!("── {name} · {time} s · {octets} {}", if octets == 1 { "octet" } else { "octets" }),
        format!("── {name} · {time} 秒 · {octets} 字节"),
    )
}

/// Octets as lines of text: a line feed ends a line, and a carriage return before it is no character of its own.
fn text_lines(octets: &[u8], width: usize) -> Vec<String> {
    let text = String::from_utf8_lossy(octets);
    let text = text.strip_suffix('\n').unwrap_or(&text);
    let mut lines = Vec::new();
    for line in text.split('\n') {
        let line = line.strip_suffix('\r').unwrap_or(line).replace('\t', "    ").replace('\u{fffd}', "·");
        let mut row = String::new();
        let mut used = 0;
        for character in visible(&line).chars() {
            let cells = character.width().unwrap_or(0);
            if used + cells > width {
                lines.push(std::mem::take(&mut row));
                used = 0;
            }
            row.push(character);
            used += cells;
        }
        lines.push(row);
    }
    lines
}

fn hex_lines(octets: &[u8], offset: u64) -> Vec<String> {
    let line = |(row, octets): (usize, &[u8])| {
        let at = offset + u64::try_from(row * HEX_OCTETS).unwrap_or(0);
        let digits: Vec<String> = octets.iter().map(|octet| format!("{octet:02x}")).collect();
        format!("{at:08x}  {:<47}  {}", digits.join(" "), ascii(octets))
    };
    octets.chunks(HEX_OCTETS).enumerate().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(side: usize, time_ns: u64, seq: u32, payload: &[u8]) -> Piece<'_> {
        let length = u32::try_from(payload.len()).unwrap();
        Piece { side, time_ns, seq, ack: None, is_first: false, is_last: false, length, payload }
    }

    fn of(pieces: &[Piece]) -> Vec<(usize, u64, Content)> {
        let mut stream = Stream::default();
        pieces.iter().for_each(|piece| stream.add(piece));
        stream.finish().said.into_iter().map(|said| (said.side, said.offset, said.content)).collect()
    }

    fn data(text: &str) -> Content {
        Content::Data(text.as_bytes().to_vec())
    }

    #[test]
    fn repeated_overlapping_and_late_pieces_make_one_stream_around_the_end_of_the_numbers() {
        let first = u32::MAX - 2;
        let said = of(&[
            piece(0, 1, first, b"abc"),
            piece(0, 2, first.wrapping_add(6), b"ghi"),
            piece(0, 3, first, b"abc"),
            piece(0, 4, first.wrapping_add(1), b"bcdefg"),
            piece(1, 5, 9, b"yes"),
            piece(0, 6, first.wrapping_add(9), b"!"),
        ]);
        assert_eq!(said, [(0, 0, data("abcdefghi")), (1, 0, data("yes")), (0, 9, data("!"))]);
    }

    #[test]
    fn what_the_other_side_acknowledges_and_nobody_captured_is_a_hole() {
        let ack = |side, time_ns, ack| Piece { ack: Some(ack), ..piece(side, time_ns, 1, b"") };
        let said = of(&[
            Piece { is_first: true, ..piece(0, 1, 100, b"") },
            piece(0, 2, 187, b"late"),
            ack(1, 3, 191),
            piece(1, 4, 1, b"ok"),
            Piece { is_last: true, ..piece(0, 5, 191, b"") },
            ack(1, 6, 192),
        ]);
        assert_eq!(said, [(0, 0, Content::Hole(87)), (0, 87, data("late")), (1, 0, data("ok"))]);
    }

    #[test]
    fn a_cut_frame_and_an_inferred_one_leave_holes_of_their_length() {
        let said = of(&[
            Piece { length: 10, ..piece(0, 1, 1, b"GET ") },
            Piece { length: 5, ..piece(0, 2, 11, b"") },
            piece(0, 3, 16, b"end"),
        ]);
        assert_eq!(said, [(0, 0, data("GET ")), (0, 4, Content::Hole(11)), (0, 15, data("end"))]);
    }

    #[test]
    fn what_is_kept_is_bounded_and_the_rest_counted() {
        let octets = vec![b'x'; MOST_OCTETS / 2];
        let length = u32::try_from(octets.len()).unwrap();
        let mut stream = Stream::default();
        for turn in 0..3 {
            stream.add(&piece(0, 1, turn * length, &octets));
            stream.add(&piece(0, 1, turn * length, &octets));
        }
        let followed = stream.finish();
        let kept = followed.said.iter().map(|said| match &said.content {
            Content::Data(octets) => octets.len(),
            Content::Hole(_) => 0,
        });
        assert_eq!(kept.sum::<usize>(), MOST_OCTETS);
        assert_eq!(followed.beyond, u64::from(length));
    }

    #[test]
    fn lines_say_who_speaks_and_nothing_acts_on_a_terminal() {
        let mut stream = Stream::default();
        stream.add(&piece(0, 1_500_000, 1, b"GET /\x1b[2J\r\n\ta\xff\n"));
        stream.add(&piece(1, 2_000_000, 1, "好好好好".as_bytes()));
        let followed = stream.finish();
        let lines = followed.lines(["A", "B"], 500_000, (Form::Text, 10), Lang::En);
        let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
        let expected = [
            "→ ── A · 0.001000 s · 15 octets",
            "→ GET /␛[2",
            "→ J",
            "→     a·",
            "← ── B · 0.001500 s · 12 octets",
            "← 好好好好",
        ];
        assert_eq!(texts, expected);
        let hex = followed.lines(["A", "B"], 0, (Form::Hex, 80), Lang::En);
        assert_eq!(hex[1].text, "→ 00000000  47 45 54 20 2f 1b 5b 32 4a 0d 0a 09 61 ff 0a     GET /.[2J...a..");
    }
}
