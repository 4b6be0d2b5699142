//! The ladder around a moment, from the lists of a run.

use std::ops::Range;

use stack::lab::caption::story;
use stack::lab::run::{CrashRecord, FrameRecord, Moment, Run};
use stack::lab::world::{Medium, World};
use stack::wire::FrameSummary;
use stack::wire::names::{ARPOP_REQUEST, ARPOP_RREPLY, ARPOP_RREQUEST, hardware_address};
use stack::wire::summary::TcpSummary;
use stack::wire::tcp;

use crate::i18n::{Lang, Message};
use crate::picture::{FrameFate, Ladder, LadderRow, Layer};

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
    let mut rows: Vec<(Moment, u8, LadderRow)> = run
        .frames
        .iter()
        .enumerate()
        .skip(first)
        .take(last - first)
        .map(|(index, record)| {
            (record.moment, 1, frame_row(run, initial_numbers, world, (index, record), now, relative))
        })
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
    }
}

fn frame_row(
    run: &Run,
    initial_numbers: &InitialNumbers,
    world: &World,
    (index, record): (usize, &FrameRecord),
    now: Moment,
    relative: bool,
) -> LadderRow {
    let summary = FrameSummary::of(&record.sent.bytes);
    let origin = match (&summary, relative) {
        (FrameSummary::Tcp(segment), true) => Some(initial_numbers.of(index, segment)),
        _ => None,
    };
    let hosts = world.hosts.len();
    let (from, to) =
        if record.from_outside { (hosts, record.sent.host) } else { (record.sent.host, peer(record, world)) };
    let simulated = matches!(world.medium, Medium::Simulated(_));
    let fate = if record.moment > now {
        FrameFate::Ahead
    } else if !simulated {
        FrameFate::Arrived
    } else {
        match record.sent.arrivals.iter().map(|(time, _)| *time).min() {
            None => FrameFate::Lost,
            Some(time) if time > run.time(now) => FrameFate::Flying,
            Some(_) => FrameFate::Arrived,
        }
    };
    LadderRow::Frame {
        number: record.sent.number,
        microseconds: record.time,
        from,
        to,
        layer: layer_of(&summary),
        label: saying(&summary, origin),
        fate,
        resent: is_resent(run, index, record, &summary),
    }
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

/// Whether the same host has sent the same piece of the stream before; only the recent past is searched.
fn is_resent(run: &Run, index: usize, record: &FrameRecord, summary: &FrameSummary) -> bool {
    let FrameSummary::Tcp(segment) = summary else { return false };
    if segment.length == 0 && segment.flags & (tcp::SYN | tcp::FIN) == 0 {
        return false;
    }
    let recent = run.frames.get(index.saturating_sub(60)..index).unwrap_or(&[]);
    recent.iter().any(|earlier| {
        earlier.sent.host == record.sent.host
            && earlier.from_outside == record.from_outside
            && matches!(FrameSummary::of(&earlier.sent.bytes), FrameSummary::Tcp(other)
                if (other.sequence, other.flags & tcp::SYN, other.source_port, other.destination_port)
                    == (segment.sequence, segment.flags & tcp::SYN, segment.source_port, segment.destination_port)
                    && (other.length > 0 || other.flags & (tcp::SYN | tcp::FIN) != 0))
    })
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
        FrameSummary::Tcp(segment) => segment_saying(segment, origin.unwrap_or((None, None))),
        FrameSummary::Udp(datagram) => format!("UDP :{} {} B", datagram.destination_port, datagram.length),
        FrameSummary::Icmp(_) | FrameSummary::Ipv4(_) => {
            let line = summary.to_string();
            line.split_whitespace().filter(|word| !word.contains('.') && *word != ">").collect::<Vec<_>>().join(" ")
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
        FrameSummary::Tcp(segment) => flags_of(segment).join("+"),
        FrameSummary::Arp(_) => "ARP".to_owned(),
        other => saying(other, None),
    }
}

fn flags_of(segment: &TcpSummary) -> Vec<&'static str> {
    let names = [(tcp::SYN, "SYN"), (tcp::FIN, "FIN"), (tcp::RST, "RST"), (tcp::URG, "URG"), (tcp::ACK, "ACK")];
    names.iter().filter(|(bit, _)| segment.flags & bit != 0).map(|(_, name)| *name).collect()
}

fn segment_saying(segment: &TcpSummary, (here, there): (Option<u32>, Option<u32>)) -> String {
    let mut flags = flags_of(segment);
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
