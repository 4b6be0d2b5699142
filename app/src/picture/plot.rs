//! A connection against time: what one side sent, what the other acknowledged, the edge of its window; the congestion window; and how
//! long the queues were. Frames come from the list of the run, the rest from its survey.
//!
//! The stream is the one that the sock under focus sends; that of the other way is seen from the other sock. Sequence numbers count
//! from its first.

use std::borrow::Cow;

use stack::Kernel;
use stack::include::in_addr::InAddr;
use stack::include::sock::SockId;
use stack::lab::run::{FrameRecord, Moment};
use stack::lab::survey::{SockSample, Survey};
use stack::wire::FrameSummary;
use stack::wire::summary::TcpSummary;
use stack::wire::tcp;

use super::ladder::{SegmentNumbers, segment_saying, sequence_length};

/// An address and a port.
type End = ([u8; 4], u16);

/// The plot of a connection at a moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plot {
    /// The stream that is drawn, such as `10.0.0.1:1026 → 10.0.0.2:80`; empty where no connection is under focus.
    pub stream: String,
    /// Its frames and those that answer them, oldest first.
    pub events: Vec<PlotEvent>,
    /// The congestion window of the sender in segments, by time; a value holds until the next.
    pub cong_window: Vec<(u64, u64)>,
    /// Queues of the sock under focus: their names, and how many buffers stood on each by time.
    pub queues: Vec<(&'static str, Vec<(u64, u64)>)>,
    /// The present time, in microseconds.
    pub now: u64,
    /// The event of this moment: the last one that has happened.
    pub at: usize,
}

/// One frame of the connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlotEvent {
    /// Its number in the run.
    pub number: u64,
    /// When it was sent, in microseconds.
    pub time: u64,
    /// The number of the step at which it was.
    pub step: u64,
    /// What it is.
    pub kind: PlotKind,
    /// What it says.
    pub label: Label,
}

/// What a frame says. Of tens of thousands of segments one is read: its words are made then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Label {
    /// In words.
    Words(String),
    /// A segment, and the first numbers of its own way and of the other.
    Segment(SegmentNumbers, Origin),
}

/// The first sequence numbers of a way and of the way back, where they are known.
type Origin = (Option<u32>, Option<u32>);

impl Label {
    /// Its words.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Words(words) => Cow::Borrowed(words),
            Self::Segment(numbers, origin) => Cow::Owned(segment_saying(*numbers, *origin)),
        }
    }
}

/// What a frame means to the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlotKind {
    /// Numbers of the stream leave.
    Sent {
        /// The first.
        low: u64,
        /// The one behind the last.
        high: u64,
        /// Whether they have left before.
        again: bool,
        /// Whether they never arrive.
        lost: bool,
    },
    /// The receiver acknowledges, and opens its window.
    Acknowledged {
        /// The number it waits for.
        ack: u64,
        /// The right edge of its window.
        edge: u64,
    },
    /// It tells nothing of the stream.
    Other,
}

/// The segments of a run, each read once.
#[derive(Clone, Debug, Default)]
pub struct Segments {
    seen: usize,
    list: Vec<(usize, End, End, TcpSummary)>,
}

impl Segments {
    /// Takes in the frames that have come since.
    pub fn take_in(&mut self, frames: &[FrameRecord]) {
        for (index, record) in frames.iter().enumerate().skip(self.seen) {
            if let FrameSummary::Tcp(segment) = FrameSummary::of(&record.sent.bytes) {
                let (from, to) = (segment.ip.source.octets(), segment.ip.destination.octets());
                self.list.push((index, (from, segment.source_port), (to, segment.destination_port), segment));
            }
        }
        self.seen = frames.len();
    }
}

/// What a plot is made of.
pub struct PlotSource<'a> {
    /// The frames of the run.
    pub frames: &'a [FrameRecord],
    /// Those that are segments.
    pub segments: &'a Segments,
    /// The survey of the run.
    pub survey: &'a Survey,
    /// The number of a moment.
    pub number: &'a dyn Fn(Moment) -> u64,
    /// Whether frames on this wire can be lost to our knowledge.
    pub simulated: bool,
}

/// An end of a connection, as frames name it.
fn end((address, port): (InAddr, u16)) -> End {
    (address.octets(), port)
}

/// Both ends of the connection of a sock, its own first.
fn of_sock(k: &Kernel, focus: Option<SockId>) -> Option<(End, End)> {
    let sock = k.sock.get(focus?).filter(|sock| sock.prot.name == "TCP" && sock.dummy_th.dest != 0)?;
    Some((end((sock.saddr, sock.num)), end((sock.daddr, sock.dummy_th.dest))))
}

/// Both ends of the connection whose segment has passed last, this host's own first.
fn last_of(k: &Kernel, segments: &Segments, passed: usize) -> Option<(End, End)> {
    let known = segments.list.partition_point(|(index, ..)| *index < passed);
    let (_, from, to, _) = segments.list.get(known.checked_sub(1)?)?;
    let own = |end: &End| k.dev.iter().any(|device| device.pa_addr.octets() == end.0);
    Some(if own(to) && !own(from) { (*to, *from) } else { (*from, *to) })
}

/// The plot of the connection of a sock; where it has none, of the connection that spoke last.
#[must_use]
pub fn plot(k: &Kernel, focus: Option<SockId>, (moment, now): (Moment, u64), source: &PlotSource<'_>) -> Plot {
    let passed = source.frames.partition_point(|record| record.moment <= moment);
    let Some((here, there)) = of_sock(k, focus).or_else(|| last_of(k, source.segments, passed)) else {
        return Plot { now, ..Plot::default() };
    };
    let segments = source.segments.list.iter();
    let ours = segments.filter(|(_, from, to, _)| (*from, *to) == (here, there) || (*from, *to) == (there, here));
    let mut events = Vec::new();
    let mut stream = Stream::default();
    for (index, from, _, segment) in ours {
        let Some(record) = source.frames.get(*index) else { continue };
        let kind = if *from == here {
            stream.sent(segment, source.simulated && record.sent.arrivals.is_empty())
        } else {
            stream.answered(segment)
        };
        events.push(PlotEvent {
            number: record.sent.number,
            time: record.time,
            step: (source.number)(record.moment),
            kind,
            label: Label::Segment(SegmentNumbers::of(segment), stream.origin(*from == here)),
        });
    }
    let happened = events.iter().rposition(|event| event.step <= (source.number)(moment));
    let of_stream = |sample: &&SockSample| (end(sample.local), end(sample.remote)) == (here, there);
    let samples = source.survey.samples();
    let cong_window = samples.iter().filter(of_stream).map(|sample| (sample.time, u64::from(sample.cong_window)));
    let queues =
        ["back_log", "receive_queue", "write_queue", "send_head"].into_iter().enumerate().map(|(place, name)| {
            let lengths = samples
                .iter()
                .filter(of_stream)
                .map(|sample| (sample.time, sample.queues.get(place).copied().map_or(0, u64::from)));
            (name, changes(lengths))
        });
    let name = |(address, port): End| format!("{}:{port}", std::net::Ipv4Addr::from(address));
    Plot {
        stream: format!("{} → {}", name(here), name(there)),
        events,
        cong_window: changes(cong_window),
        queues: queues.filter(|(_, lengths)| lengths.iter().any(|(_, length)| *length > 0)).collect(),
        now,
        at: happened.unwrap_or(0),
    }
}

/// A series without the values that repeat the one before.
fn changes(series: impl Iterator<Item = (u64, u64)>) -> Vec<(u64, u64)> {
    let mut kept: Vec<(u64, u64)> = Vec::new();
    for (time, value) in series {
        match kept.last_mut() {
            Some((_, last)) if *last == value => {}
            // What changes twice at one time is drawn once.
            Some((when, last)) if *when == time => *last = value,
            _ => kept.push((time, value)),
        }
    }
    kept
}

/// What is known of a stream while its frames are gone through.
#[derive(Default)]
struct Stream {
    /// The first numbers of this way and of the way back.
    first: Option<u32>,
    back: Option<u32>,
    /// The highest number that has been sent.
    highest: u64,
}

impl Stream {
    fn sent(&mut self, segment: &TcpSummary, lost: bool) -> PlotKind {
        let is_syn = segment.flags & tcp::SYN != 0;
        if self.first.is_none() || is_syn && self.first != Some(segment.sequence) {
            (self.first, self.highest) = (Some(segment.sequence), 0);
        }
        let low = u64::from(segment.sequence.wrapping_sub(self.first.unwrap_or(0)));
        let length = u64::from(sequence_length(segment));
        let high = low + length;
        if length == 0 {
            return PlotKind::Other;
        }
        let again = high <= self.highest;
        self.highest = self.highest.max(high);
        PlotKind::Sent { low, high, again, lost }
    }

    fn answered(&mut self, segment: &TcpSummary) -> PlotKind {
        if self.back.is_none() || segment.flags & tcp::SYN != 0 {
            self.back = Some(segment.sequence);
        }
        let (true, Some(first)) = (segment.flags & tcp::ACK != 0, self.first) else { return PlotKind::Other };
        let ack = u64::from(segment.acknowledgement.wrapping_sub(first));
        // A number from before the stream (of an older connection, or none at all) is no part of it.
        if ack > self.highest {
            return PlotKind::Other;
        }
        PlotKind::Acknowledged { ack, edge: ack + u64::from(segment.window) }
    }

    /// From where the numbers of a segment count.
    fn origin(&self, forth: bool) -> Origin {
        if forth { (self.first, self.back) } else { (self.back, self.first) }
    }
}

impl Plot {
    /// Counts its times from `start`, a microsecond of the run.
    pub fn count_from(&mut self, start: u64) {
        let series = self.queues.iter_mut().map(|(_, lengths)| lengths).chain([&mut self.cong_window]);
        let times = series.flatten().map(|(time, _)| time);
        let times = times.chain(self.events.iter_mut().map(|event| &mut event.time)).chain([&mut self.now]);
        times.for_each(|time| *time = time.saturating_sub(start));
    }

    /// Takes out what happens behind a step and its time: a lesson still hides it.
    pub fn hide_behind(&mut self, step: u64, time: u64) {
        self.events.retain(|event| event.step <= step);
        self.cong_window.retain(|(when, _)| *when <= time);
        self.queues.iter_mut().for_each(|(_, lengths)| lengths.retain(|(when, _)| *when <= time));
        self.at = self.at.min(self.events.len().saturating_sub(1));
    }
}
