//! The ladder around a moment, from the lists of a run.

use std::ops::Range;

use stack::lab::caption::story;
use stack::lab::run::{CrashRecord, FrameRecord, Moment, Run};
use stack::lab::world::{Medium, World};
use stack::wire::FrameSummary;
use stack::wire::names::{ARPOP_REPLY, ARPOP_REQUEST, ARPOP_RREPLY, ARPOP_RREQUEST, hardware_address};
use stack::wire::summary::TcpSummary;
use stack::wire::tcp;

use crate::i18n::{Lang, Message};
use crate::picture::{FrameFate, FrameMarks, Ladder, LadderRow, Layer, RunClock};

/// Frames shown before and after the moment.
const AROUND: usize = 150;

/// The first sequence numbers of every direction of every connection, in the order of the frames.
#[derive(Clone, Debug, Default)]
pub struct InitialNumbers {
    seen: usize,
    initial_numbers: Vec<(usize, Direction, u32)>,
}

/// Addresses and ports of a sender and its receiver.
type Direction = ([u8; 4], u16, [u8; 4], u16);

impl InitialNumbers {
    /// Takes in the frames that have come since.
    pub fn take_in(&mut self, frames: &[FrameRecord]) {
        for (index, record) in frames.iter().enumerate().skip(self.seen) {
            if let FrameSummary::Tcp(segment) = FrameSummary::of(&record.sent.bytes)
                && segment.flags & tcp::SYN != 0
            {
                self.initial_numbers.push((index, direction(&segment), segment.sequence));
            }
        }
        self.seen = frames.len();
    }

    /// The first sequence numbers of both directions of a segment that is the frame with an index.
    #[must_use]
    pub fn of(&self, index: usize, segment: &TcpSummary) -> (Option<u32>, Option<u32>) {
        let there = direction(segment);
        let back = (there.2, there.3, there.0, there.1);
        let known = self.initial_numbers.partition_point(|(frame, _, _)| *frame <= index);
        let find = |wanted: Direction| {
            let known = self.initial_numbers.get(..known)?;
            known.iter().rev().find(|(_, way, _)| *way == wanted).map(|(_, _, first)| *first)
        };
        (find(there), find(back))
    }
}

/// How sequence numbers are counted at a moment: from the first of their connection, or as they stand in the header.
#[derive(Clone, Copy, Debug)]
pub struct Origins<'a> {
    /// The first numbers of every connection.
    pub numbers: &'a InitialNumbers,
    /// Frames that have passed by the moment.
    pub passed: usize,
    /// Whether they count from the first.
    pub relative: bool,
}

impl Origins<'_> {
    /// From where the numbers of a segment count that has not been sent yet, or has arrived; zero where they stand as they are.
    #[must_use]
    pub fn of(&self, segment: &TcpSummary) -> (u32, u32) {
        if !self.relative {
            return (0, 0);
        }
        let (here, there) = self.numbers.of(self.passed, segment);
        // The SYN that waits to be sent is the first of its own way.
        let here = if segment.flags & tcp::SYN != 0 { Some(segment.sequence) } else { here };
        (here.unwrap_or(0), there.unwrap_or(0))
    }
}

fn direction(segment: &TcpSummary) -> Direction {
    (segment.ip.source.octets(), segment.source_port, segment.ip.destination.octets(), segment.destination_port)
}

/// The ladder of a run at a moment.
#[must_use]
pub fn ladder(
    run: &Run,
    initial_numbers: &InitialNumbers,
    world: &World,
    now: Moment,
    relative: bool,
    lang: Lang,
) -> Ladder {
    let done = run.frames.partition_point(|record| record.moment <= now);
    let around = done.saturating_sub(AROUND)..(done + AROUND).min(run.frames.len());
    part(run, initial_numbers, world, around, now, relative, lang)
}

/// The ladder of a whole run as it stands at its end.
#[must_use]
pub fn whole(run: &Run, lang: Lang) -> Ladder {
    let mut initial_numbers = InitialNumbers::default();
    initial_numbers.take_in(&run.frames);
    part(run, &initial_numbers, run.head(), 0..run.frames.len(), run.end(), true, lang)
}

/// The part of the ladder that has the frames of a range.
fn part(
    run: &Run,
    initial_numbers: &InitialNumbers,
    world: &World,
    Range { start: first, end: last }: Range<usize>,
    now: Moment,
    relative: bool,
    lang: Lang,
) -> Ladder {
    let earliest = run.frames.get(first).map_or(Moment::default(), |record| record.moment);
    let latest = run.frames.get(last).map_or(Moment { turn: usize::MAX, step: 0 }, |record| record.moment);
    let frames = FramesRead::of(run, world, first..last, now);
    let mut rows: Vec<(Moment, u8, LadderRow)> = run
        .frames
        .iter()
        .enumerate()
        .skip(first)
        .take(last - first)
        .filter_map(|(index, record)| Some((record.moment, 1, frames.row(initial_numbers, (index, record), relative)?)))
        .collect();
    let from = if first == 0 { 0 } else { run.states.partition_point(|record| record.moment < earliest) };
    let to = run.states.partition_point(|record| record.moment < latest);
    let states = run.states.get(from..to.max(from)).unwrap_or(&[]);
    rows.extend(states.iter().filter(|record| record.is_news()).map(|record| {
        let name = record.new.name().to_owned();
        (record.moment, 0, LadderRow::State { host: record.host, name, ahead: record.moment > now })
    }));
    let within = |crash: &&CrashRecord| first == 0 || crash.moment >= earliest;
    rows.extend(run.crashes.iter().filter(within).filter(|crash| crash.moment < latest).map(|crash| {
        let story = story(&crash.oops).text(lang).to_owned();
        (crash.moment, 0, LadderRow::Oops { host: crash.host, story, ahead: crash.moment > now })
    }));
    rows.sort_by_key(|(moment, kind, _)| (*moment, *kind));
    let place = rows.partition_point(|(moment, _, _)| *moment <= now);
    // The frame that flies at this moment is where we are; else the next row.
    let flying = rows
        .iter()
        .take(place)
        .rposition(|(_, _, row)| matches!(row, LadderRow::Frame { fate: FrameFate::Flying, .. }));
    let mut columns: Vec<String> = world.hosts.iter().map(|host| host.name.clone()).collect();
    if world.medium == Medium::Outside {
        columns.push(Message::Peer.text(lang).to_owned());
    }
    Ladder {
        columns,
        rows: rows.into_iter().map(|(_, _, row)| row).collect(),
        now: flying.unwrap_or(place),
        relative,
        masked: false,
        clock: RunClock::default(),
        is_beside: false,
    }
}

/// Frames before and behind those shown among which the same piece, or an answer, is looked for.
const NEARBY: usize = 60;
/// How long an answer may take before its lack is told, in microseconds.
const PATIENCE: u64 = 1_000_000;

/// The frames around the rows of a ladder, each read once.
struct FramesRead<'a> {
    run: &'a Run,
    world: &'a World,
    now: Moment,
    /// Frames that have passed by now.
    passed: usize,
    /// The index of the first of `summaries`.
    first: usize,
    summaries: Vec<FrameSummary>,
}

impl<'a> FramesRead<'a> {
    fn of(run: &'a Run, world: &'a World, shown: Range<usize>, now: Moment) -> Self {
        let first = shown.start.saturating_sub(NEARBY);
        let around = run.frames.get(first..(shown.end + NEARBY).min(run.frames.len())).unwrap_or(&[]);
        let summaries = around.iter().map(|record| FrameSummary::of(&record.sent.bytes)).collect();
        Self { run, world, now, passed: run.frames.partition_point(|record| record.moment <= now), first, summaries }
    }

    fn summary(&self, index: usize) -> Option<&FrameSummary> {
        self.summaries.get(index.checked_sub(self.first)?)
    }

    fn row(
        &self,
        initial_numbers: &InitialNumbers,
        (index, record): (usize, &FrameRecord),
        relative: bool,
    ) -> Option<LadderRow> {
        let summary = self.summary(index)?;
        let origin = match (summary, relative) {
            (FrameSummary::Tcp(segment), true) => Some(initial_numbers.of(index, segment)),
            _ => None,
        };
        let hosts = self.world.hosts.len();
        let (from, to) =
            if record.from_outside { (hosts, record.sent.host) } else { (record.sent.host, peer(record, self.world)) };
        Some(LadderRow::Frame {
            number: record.sent.number,
            microseconds: record.time,
            from,
            to,
            layer: layer_of(summary),
            label: saying(summary, origin),
            fate: self.fate(record),
            resent: self.repeats(index),
            more: more(summary),
            marks: self.marks(index, record),
            at_capture: None,
        })
    }

    fn fate(&self, record: &FrameRecord) -> FrameFate {
        if record.moment > self.now {
            return FrameFate::Ahead;
        }
        if !matches!(self.world.medium, Medium::Simulated(_)) {
            return FrameFate::Arrived;
        }
        match record.sent.arrivals.iter().map(|(time, _)| *time).min() {
            None => FrameFate::Lost,
            Some(time) if time > self.run.time(self.now) => FrameFate::Flying,
            Some(_) => FrameFate::Arrived,
        }
    }

    /// Whether the same host has sent the same piece of the stream before; only the recent past is searched.
    fn repeats(&self, index: usize) -> bool {
        (index.saturating_sub(NEARBY)..index).any(|earlier| self.is_same_piece(earlier, index))
    }

    /// Whether two frames of one sender carry the same piece of a stream.
    fn is_same_piece(&self, one: usize, other: usize) -> bool {
        let sender = |index: usize| self.run.frames.get(index).map(|record| (record.sent.host, record.from_outside));
        let (Some(FrameSummary::Tcp(one_says)), Some(FrameSummary::Tcp(other_says))) =
            (self.summary(one), self.summary(other))
        else {
            return false;
        };
        let piece = |segment: &TcpSummary| {
            (segment.sequence, segment.flags & tcp::SYN, segment.source_port, segment.destination_port)
        };
        sender(one) == sender(other)
            && sequence_length(one_says) > 0
            && sequence_length(other_says) > 0
            && piece(one_says) == piece(other_says)
    }

    fn marks(&self, index: usize, record: &FrameRecord) -> FrameMarks {
        let fate = self.fate(record);
        if fate == FrameFate::Ahead {
            return FrameMarks::default();
        }
        let arrivals = &record.sent.arrivals;
        let usual = match &self.world.medium {
            Medium::Simulated(wire) => wire.config.delay,
            Medium::Outside => u64::MAX,
        };
        let first = arrivals.iter().map(|(time, _)| *time).min();
        FrameMarks {
            corrupted: arrivals.iter().any(|(_, bytes)| bytes.is_some()),
            duplicated: arrivals.len() > 1,
            delayed: first.is_some_and(|first| first.saturating_sub(record.time) > usual),
            unanswered: fate == FrameFate::Arrived && self.is_unanswered(index, record),
        }
    }

    /// Whether a frame asks for an answer and none has come by now: not before it was sent again, nor within a second.
    fn is_unanswered(&self, index: usize, record: &FrameRecord) -> bool {
        let Some(question) = self.summary(index).filter(|summary| asks(summary)) else { return false };
        for later in index + 1..self.passed {
            match self.summary(later) {
                Some(answer) if answers(question, answer) => return false,
                Some(_) if self.is_same_piece(index, later) => return true,
                Some(_) => {}
                // What comes behind is not read: nothing is said of it.
                None => return false,
            }
        }
        self.run.time(self.now).saturating_sub(record.time) > PATIENCE
    }
}

/// Whether a frame wants an answer: a request, or a segment that takes sequence numbers.
fn asks(summary: &FrameSummary) -> bool {
    match summary {
        FrameSummary::Arp(arp) => arp.operation == ARPOP_REQUEST,
        FrameSummary::Tcp(segment) => segment.flags & tcp::RST == 0 && sequence_length(segment) > 0,
        FrameSummary::Udp(_)
        | FrameSummary::Icmp(_)
        | FrameSummary::Ipv4(_)
        | FrameSummary::Ethernet { .. }
        | FrameSummary::Malformed { .. } => false,
    }
}

/// Whether a frame answers another one that asks: an acknowledgement of all of it, a reset, a reply.
fn answers(question: &FrameSummary, answer: &FrameSummary) -> bool {
    match (question, answer) {
        (FrameSummary::Arp(asked), FrameSummary::Arp(reply)) => {
            reply.operation == ARPOP_REPLY && reply.sender == asked.target
        }
        (FrameSummary::Tcp(asked), FrameSummary::Tcp(reply)) => {
            let (there, back) = (direction(asked), direction(reply));
            let end = asked.sequence.wrapping_add(sequence_length(asked));
            let reaches = reply.acknowledgement.wrapping_sub(end) < 1 << 31;
            there == (back.2, back.3, back.0, back.1)
                && (reply.flags & tcp::RST != 0 || reply.flags & tcp::ACK != 0 && reaches)
        }
        _ => false,
    }
}

/// How many sequence numbers a segment takes.
#[must_use]
pub fn sequence_length(segment: &TcpSummary) -> u32 {
    let flags = u32::from(segment.flags & tcp::SYN != 0) + u32::from(segment.flags & tcp::FIN != 0);
    u32::try_from(segment.length).unwrap_or(u32::MAX).saturating_add(flags)
}

/// What a segment says besides, where there is room for it.
fn more(summary: &FrameSummary) -> String {
    let FrameSummary::Tcp(segment) = summary else { return String::new() };
    let mss = segment.maximum_segment_size.map_or_else(String::new, |mss| format!(" mss={mss}"));
    format!("win={} len={}{mss}", segment.window, segment.length)
}

/// Where a frame of a host goes: to the other one, or to the host with its hardware address.
fn peer(record: &FrameRecord, world: &World) -> usize {
    let sender = record.sent.host;
    if world.medium == Medium::Outside {
        return world.hosts.len();
    }
    let target = record.sent.bytes.get(..6);
    let owner = world
        .hosts
        .iter()
        .position(|host| host.kernel.dev.iter().skip(1).any(|device| Some(device.dev_addr.as_slice()) == target));
    owner.filter(|owner| *owner != sender).unwrap_or(if sender == 0 { 1 } else { 0 })
}

/// The layer that a frame speaks for.
#[must_use]
pub fn layer_of(summary: &FrameSummary) -> Layer {
    match summary {
        FrameSummary::Arp(_) => Layer::Arp,
        FrameSummary::Tcp(_) => Layer::Tcp,
        FrameSummary::Udp(_) => Layer::Udp,
        FrameSummary::Icmp(_) => Layer::Icmp,
        FrameSummary::Ipv4(_) => Layer::Ip,
        FrameSummary::Ethernet { .. } | FrameSummary::Malformed { .. } => Layer::Dev,
    }
}

/// What a frame says, in the few words that fit an arrow; sequence numbers relative to the first ones given.
#[must_use]
pub fn saying(summary: &FrameSummary, origin: Option<(Option<u32>, Option<u32>)>) -> String {
    match summary {
        FrameSummary::Arp(arp) => match arp.operation {
            ARPOP_REQUEST => format!("who-has {}", arp.target),
            ARPOP_RREQUEST => format!("who-is {}", hardware_address(&arp.target_hardware)),
            ARPOP_RREPLY => format!("you are {}", arp.target),
            _ => format!("{} is-at", arp.sender),
        },
        FrameSummary::Tcp(segment) => segment_saying(SegmentNumbers::of(segment), origin.unwrap_or((None, None))),
        FrameSummary::Udp(datagram) => format!("UDP :{} {} B", datagram.destination_port, datagram.length),
        FrameSummary::Icmp(_) | FrameSummary::Ipv4(_) => {
            let line = summary.to_string();
            let words = line.split_whitespace().filter(|word| !word.contains('.') && *word != ">");
            let said = words.collect::<Vec<_>>().join(" ");
            // What an error quotes is closed where its addresses were left out.
            if said.contains('[') && !said.contains(']') { format!("{said}]") } else { said }
        }
        FrameSummary::Ethernet { h_proto, .. } => format!("0x{h_proto:04x}"),
        FrameSummary::Malformed { fault, .. } => fault.to_string(),
    }
}

/// What a buffer carries, without numbers: for the chips of the queues.
#[must_use]
pub fn brief(summary: &FrameSummary) -> String {
    match summary {
        FrameSummary::Tcp(segment) if segment.length > 0 => format!("{} B", segment.length),
        FrameSummary::Tcp(segment) => flags_of(segment.flags).join("+"),
        FrameSummary::Arp(_) => "ARP".to_owned(),
        other => saying(other, None),
    }
}

fn flags_of(flags: u8) -> Vec<&'static str> {
    let names = [(tcp::SYN, "SYN"), (tcp::FIN, "FIN"), (tcp::RST, "RST"), (tcp::URG, "URG"), (tcp::ACK, "ACK")];
    names.iter().filter(|(bit, _)| flags & bit != 0).map(|(_, name)| *name).collect()
}

/// What a segment is told by in the few words of an arrow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SegmentNumbers {
    /// Its flags.
    pub flags: u8,
    /// Its first sequence number.
    pub sequence: u32,
    /// What it acknowledges.
    pub acknowledgement: u32,
    /// Octets of data.
    pub length: usize,
}

impl SegmentNumbers {
    /// Those of a segment.
    #[must_use]
    pub fn of(segment: &TcpSummary) -> Self {
        Self {
            flags: segment.flags,
            sequence: segment.sequence,
            acknowledgement: segment.acknowledgement,
            length: segment.length,
        }
    }
}

/// What a segment says, its numbers counted from the first of its own way and of the other.
#[must_use]
pub fn segment_saying(segment: SegmentNumbers, (here, there): (Option<u32>, Option<u32>)) -> String {
    let mut flags = flags_of(segment.flags);
    if segment.length > 0 && flags == ["ACK"] {
        flags = vec!["data"];
    }
    let number = |value: u32, first: Option<u32>| first.map_or(value, |first| value.wrapping_sub(first));
    let mut text = flags.join("+");
    if segment.length > 0 || segment.flags & (tcp::SYN | tcp::FIN) != 0 {
        text.push_str(&format!(" seq={}", number(segment.sequence, here)));
    }
    if segment.length > 0 {
        text.push_str(&format!(" {} B", segment.length));
    }
    if segment.flags & tcp::ACK != 0 {
        text.push_str(&format!(" ack={}", number(segment.acknowledgement, there)));
    }
    text
}
