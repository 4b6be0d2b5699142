//! The ladder of the connection in focus: its frames around the cursor, and the states that they show its ends in.

use stack::wire::summary::{Ipv4Summary, TcpSummary};
use stack::wire::{FrameSummary, ip_numbers};

use super::long;
use super::view::{View, place};
use crate::capture::observe::listing::why;
use crate::capture::observe::marks::Mark;
use crate::capture::observe::seen::{Seen, Side};
use crate::capture::observe::{Entered, Observed};
use crate::picture::ladder::saying;
use crate::picture::{AtCapture, FrameFate, FrameMarks, Ladder, LadderRow, Layer, RunClock};

/// Frames shown before and after the cursor.
const AROUND: usize = 150;

/// The ladder around the cursor.
pub(super) fn ladder(view: &View<'_>) -> Ladder {
    let observation = view.session.observation();
    let frames = observation.frames();
    let (first, last) = (view.passed.saturating_sub(AROUND), (view.passed + AROUND).min(frames.len()));
    let mut entered = observation.entered().iter();
    let from = observation.entered().partition_point(|entered| entered.place < first);
    let mut states = entered.by_ref().skip(from).peekable();
    let (mut rows, mut now) = (Vec::new(), None);
    for (at, observed) in frames.iter().enumerate().take(last).skip(first) {
        let mut news = Vec::new();
        while let Some(entered) = states.next_if(|entered| entered.place == at) {
            news.push(entered);
        }
        let ahead = at >= view.passed;
        // An end sends in a state, and is sent to before it comes to one.
        let sender = |entered: &&&Entered| entered.side == observed.seen.side;
        rows.extend(news.iter().filter(sender).map(|entered| state(entered, ahead)));
        let is_here = observed.seen.frame == view.session.at;
        if is_here || ahead && now.is_none() {
            now = Some(rows.len());
        }
        rows.push(frame(view, observed, ahead));
        rows.extend(news.iter().filter(|entered| !sender(entered)).map(|entered| state(entered, ahead)));
    }
    let ports = observation.endpoints;
    let start_ns = view.session.table.index().origin_ns();
    Ladder {
        columns: Side::ALL.map(|side| format!("{} :{}", view.name(side), ports.of(side).port)).to_vec(),
        now: now.unwrap_or(rows.len()),
        rows,
        relative: view.relative,
        clock: RunClock { zero_ns: start_ns, start_ns, is_wall: true },
        ..Ladder::default()
    }
}

fn state(entered: &Entered, ahead: bool) -> LadderRow {
    LadderRow::State { host: place(entered.side), name: entered.state.name().to_owned(), ahead }
}

fn frame(view: &View<'_>, observed: &Observed, ahead: bool) -> LadderRow {
    let (seen, marks) = (&observed.seen, observed.marks);
    // What the words say already is no news.
    let news = marks.without(&[Mark::Syn, Mark::SynAck, Mark::Fin, Mark::Rst, Mark::Ack, Mark::NewData]);
    LadderRow::Frame {
        number: long(seen.frame),
        microseconds: view.microseconds(seen.time_ns),
        from: place(seen.side),
        to: place(seen.side.other()),
        layer: Layer::Tcp,
        label: label(view, seen),
        fate: if ahead { FrameFate::Ahead } else { FrameFate::Arrived },
        resent: marks.has(Mark::Retransmission),
        more: why(news, view.lang),
        marks: FrameMarks::default(),
        at_capture: Some(AtCapture {
            time_ns: seen.time_ns,
            number: Some(seen.frame),
            is_ghost: false,
            sign: None,
            reason: why(marks, view.lang),
            ..AtCapture::default()
        }),
    }
}

/// What a segment says, in the words of every ladder.
pub(super) fn label(view: &View<'_>, seen: &Seen) -> String {
    let origin = |side: Side| view.last(side).origin().filter(|_| view.relative).map(|origin| origin.0);
    saying(&FrameSummary::Tcp(summary(view, seen)), Some((origin(seen.side), origin(seen.side.other()))))
}

/// The segment as the words of the ladder ask for it.
pub(super) fn summary(view: &View<'_>, seen: &Seen) -> TcpSummary {
    let ends = view.session.observation().endpoints;
    let (source, destination) = (ends.of(seen.side), ends.of(seen.side.other()));
    let length = usize::try_from(seen.length).unwrap_or(usize::MAX);
    TcpSummary {
        ip: Ipv4Summary {
            source: source.address,
            destination: destination.address,
            protocol: ip_numbers::PROTOCOL_TCP,
            identification: 0,
            ttl: 0,
            total_length: 0,
            payload_length: length,
            dont_fragment: false,
            fragment: None,
        },
        source_port: source.port,
        destination_port: destination.port,
        flags: seen.flags,
        sequence: seen.seq.0,
        acknowledgement: seen.ack.map_or(0, |ack| ack.0),
        window: seen.window,
        urgent_pointer: 0,
        length,
        maximum_segment_size: seen.mss,
        options: Vec::new(),
    }
}
