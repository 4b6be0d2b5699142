//! An observed connection for programs: JSON lines. Promise: the schema below, whose number is in the first line; fields may
//! be added under the same number, but none changes its meaning.
//!
//! Every time is text with nine digits, the nanoseconds that a file may have; what people read is the same clock with six.
//!
//! * `{"kind":"observe","schema":1}` and `client`, `server` (address and port), `frames`, `start_s` (seconds since
//!   1970).
//! * `{"kind":"frame"}`, one for each frame: `frame` (number in the file), `time_s` (since the first frame of the connection), `from` (`client` or `server`), `flags` (as packetdrill writes them), `seq`, `length`, `ack_seq` (numbers of the header;
//!   null without the flag), `window` (of the header), `window_octets` (null where the scale is unknown), `marks` (names),
//!   `duplicate_ack` (`number`, `of_frame`; only with that mark), `round_trip` (`of_frame`, `time_s`; only where this frame
//!   gives one), and for `client` and `server` what is known after it: `states` (every state it may be in, with the prefix
//!   `TCP_`), `snd_una`, `snd_nxt`, `rcv_nxt` (null where unknown), `in_flight` (octets), `out_of_order` (ranges: from, and the
//!   number behind it).
//! * `{"kind":"summary"}`: `marks` (how often each), and for `client` and `server` the same as in a frame, and `frames`, `octets`,
//!   `retransmissions`, `isn`, `mss`, `shift_offered`, `shift_used` (null where unknown, 0 where none is used), `window_octets`,
//!   `round_trips` (`count`, `least_s`, `mean_s`, `most_s`).

use serde_json::{Map, Value, json};
use stack::include::seq::Seq;
use stack::wire::tcp;

use super::analysis::Scale;
use super::end::End;
use super::ends::Ends;
use super::listing::counts;
use super::marks::Mark;
use super::seen::Side;
use super::{Observation, Observed};
use crate::capture::exact_seconds as seconds;

/// The version of the JSON lines.
pub const SCHEMA: u32 = 1;

fn number(value: Option<Seq>) -> Option<u32> {
    value.map(|seq| seq.0)
}

/// The first line.
#[must_use]
pub fn head(observation: &Observation) -> Value {
    json!({
        "kind": "observe", "schema": SCHEMA,
        "client": observation.endpoints.client.to_string(),
        "server": observation.endpoints.server.to_string(),
        "frames": observation.frames().len(),
        "start_s": seconds(observation.start_ns()),
    })
}

/// One line per frame, given to `say` as it is made.
pub fn frames(observation: &Observation, mut say: impl FnMut(Value)) {
    observation.walk(|observed, ends| say(frame(observation, observed, ends)));
}

fn frame(observation: &Observation, observed: &Observed, ends: &Ends) -> Value {
    let (seen, marks) = (&observed.seen, observed.marks);
    let sender = ends.both.of(seen.side);
    let mut value = json!({
        "kind": "frame", "frame": seen.frame,
        "time_s": seconds(seen.time_ns.saturating_sub(observation.start_ns())),
        "from": seen.side.name(), "flags": tcp::flags_text(seen.flags),
        "seq": seen.seq.0, "length": seen.length, "ack_seq": number(seen.ack),
        "window": seen.window, "window_octets": sender.window_octets,
        "marks": marks.iter().map(Mark::name).collect::<Vec<_>>(),
    });
    if marks.has(Mark::DuplicateAck) {
        value["duplicate_ack"] = json!({ "number": marks.duplicate_number, "of_frame": marks.duplicate_of });
    }
    let trip = ends.both.of(seen.side.other()).round_trips.last.filter(|trip| trip.by_frame == seen.frame);
    if let Some(trip) = trip {
        value["round_trip"] = json!({ "of_frame": trip.of_frame, "time_s": seconds(trip.time_ns) });
    }
    for side in Side::ALL {
        value[side.name()] = Value::Object(end(ends.both.of(side)));
    }
    value
}

fn end(end: &End) -> Map<String, Value> {
    let states: Vec<String> = end.states.iter().map(|state| format!("TCP_{}", state.name())).collect();
    let ranges: Vec<[u32; 2]> = end.out_of_order.iter().map(|(from, to)| [from.0, to.0]).collect();
    let fields = [
        ("states", json!(states)),
        ("snd_una", json!(number(end.snd_una))),
        ("snd_nxt", json!(number(end.snd_nxt))),
        ("rcv_nxt", json!(number(end.rcv_nxt))),
        ("in_flight", json!(end.in_flight_octets())),
        ("out_of_order", json!(ranges)),
    ];
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The last line.
#[must_use]
pub fn summary(observation: &Observation) -> Value {
    let ends = observation.at(observation.frames().len());
    let marks: Map<String, Value> =
        counts(observation).into_iter().map(|(mark, count)| (mark.name().to_owned(), json!(count))).collect();
    let mut value = json!({ "kind": "summary", "marks": marks });
    for side in Side::ALL {
        let one = ends.both.of(side);
        let mut fields = end(one);
        let trips = &one.round_trips;
        let used = match one.scale {
            Scale::Unknown => None,
            Scale::Off => Some(0),
            Scale::By(shift) => Some(shift),
        };
        let more = [
            ("frames", json!(one.sent.frames)),
            ("octets", json!(one.sent.octets)),
            ("retransmissions", json!(one.sent.resent)),
            ("isn", json!(number(one.isn))),
            ("mss", json!(one.mss)),
            ("shift_offered", json!(one.shift_offered)),
            ("shift_used", json!(used)),
            ("window_octets", json!(one.window_octets)),
            (
                "round_trips",
                json!({
                    "count": trips.count, "least_s": seconds(trips.least_ns),
                    "mean_s": trips.mean_ns().map(seconds), "most_s": seconds(trips.most_ns),
                }),
            ),
        ];
        fields.extend(more.into_iter().map(|(name, value)| (name.to_owned(), value)));
        value[side.name()] = Value::Object(fields);
    }
    value
}
