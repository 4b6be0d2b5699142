//! What a segment says, seen in the order of its side: new data, data again, an acknowledgement with or without news.
//! Promise: every segment has exactly one kind, found in one pass over the side.

use stack::wire::tcp;

use crate::capture::segment::Segment;
use crate::capture::stream::{Coverage, after};

/// What a segment is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// It carries sequence numbers that this side has not sent before: SYN, data, FIN.
    New,
    /// All that it carries was sent before: a retransmission.
    Again,
    /// It carries nothing and acknowledges.
    Acknowledgement,
    /// It carries nothing and stands before what was sent already: a keepalive or a probe of a closed window.
    Probe,
    /// A reset.
    Reset,
}

/// What its acknowledgement adds to those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// It acknowledges more.
    Acknowledges,
    /// It acknowledges the same and offers more room.
    OpensWindow,
    /// Nothing.
    Nothing,
}

/// One segment, judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statement {
    /// What it is there for.
    pub kind: Kind,
    /// What its acknowledgement adds.
    pub news: News,
}

/// One side of a conversation.
#[derive(Debug)]
pub struct Side<'a> {
    /// Its segments in the order of sending.
    pub segments: &'a [Segment<'a>],
    /// One for each segment.
    pub statements: Vec<Statement>,
    /// What of its sequence space it has sent.
    pub sent: Coverage,
    /// Behind which octet it had come at which time, both growing.
    progress: Vec<(u32, u64)>,
    /// What it had acknowledged at which time, both growing.
    acknowledged: Vec<(u64, u32)>,
}

impl<'a> Side<'a> {
    /// Judges the segments of one side.
    #[must_use]
    pub fn new(segments: &'a [Segment<'a>]) -> Self {
        let first = segments.iter().find(|segment| segment.sequence_length() > 0).or(segments.first());
        let base = first.map_or(0, |segment| segment.seq);
        let mut side = Self {
            segments,
            statements: Vec::with_capacity(segments.len()),
            sent: Coverage::new(base),
            progress: Vec::new(),
            acknowledged: Vec::new(),
        };
        let mut edge = None;
        for segment in segments {
            let kind = side.kind(segment);
            let news = side.news(segment, &mut edge);
            side.statements.push(Statement { kind, news });
        }
        side
    }

    fn kind(&mut self, segment: &Segment) -> Kind {
        if segment.has(tcp::RST) {
            return Kind::Reset;
        }
        if segment.sequence_length() == 0 {
            return if after(self.sent.end(), segment.seq) { Kind::Probe } else { Kind::Acknowledgement };
        }
        if self.sent.add(segment.seq, segment.end()).is_none() {
            return Kind::Again;
        }
        if self.progress.last().is_none_or(|(end, _)| after(segment.end(), *end)) {
            self.progress.push((segment.end(), segment.time_ns));
        }
        Kind::New
    }

    /// `edge` is the right edge of the window that the last segment offered.
    fn news(&mut self, segment: &Segment, edge: &mut Option<u32>) -> News {
        if !segment.has(tcp::ACK) || segment.has(tcp::RST) {
            return News::Nothing;
        }
        let offered = segment.ack.wrapping_add(segment.offered_window());
        let opens = edge.replace(offered).is_none_or(|before| after(offered, before));
        if self.acknowledged.last().is_none_or(|(_, before)| after(segment.ack, *before)) {
            let time_ns = self.acknowledged.last().map_or(segment.time_ns, |(time, _)| segment.time_ns.max(*time));
            self.acknowledged.push((time_ns, segment.ack));
            News::Acknowledges
        } else if opens {
            News::OpensWindow
        } else {
            News::Nothing
        }
    }

    /// When this side had sent everything before `end`, where it ever did.
    #[must_use]
    pub fn sent_by(&self, end: u32) -> Option<u64> {
        let place = self.progress.partition_point(|(sent, _)| after(end, *sent));
        self.progress.get(place).filter(|_| self.sent.reaches(end)).map(|(_, time_ns)| *time_ns)
    }

    /// Whether this side had acknowledged everything before `ack` at a time.
    #[must_use]
    pub fn acknowledges_by(&self, time_ns: u64, ack: u32) -> bool {
        let place = self.acknowledged.partition_point(|(time, _)| *time <= time_ns);
        let reached = place.checked_sub(1).and_then(|place| self.acknowledged.get(place));
        reached.is_some_and(|(_, reached)| !after(ack, *reached))
    }
}
