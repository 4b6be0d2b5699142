//! The report as JSON lines, version 2. Times (`..._s`) are strings of seconds with six digits, counted from the first frame
//! of the connection and seen from the place of capture; `seq` and `ack_seq` are absolute.
//!
//! The first object, `"kind": "replay"`:
//!
//! | member | what |
//! |---|---|
//! | `version` | 2 |
//! | `own`, `peer` | the end that 1.2.13 plays, and the other: `IP:PORT` |
//! | `role` | `client` or `server`: the part of `own` |
//! | `vantage` | `place` (`client`, `server`, `between`, `near both`, `unknown`); `client_s`, `server_s`: how soon after a frame has passed an answer of that end passes, or null |
//! | `delay_s` | the way from the place of capture to 1.2.13 |
//! | `end_s` | the end of the capture |
//!
//! One object per frame, `"kind": "frame"`, in the order of time:
//!
//! | member | what |
//! |---|---|
//! | `relation` | `same`, `earlier`, `later`, `split differently`, `extra`, `missing`, `differs` |
//! | `decides` | true where something differs that is of no class |
//! | `class` | the classes of what differs, such as `window`; absent where there is none |
//! | `stack`, `capture` | the segment as 1.2.13 sends it, as captured: `time_s`, `flags`, `seq`, `length`, `ack_seq`, `window` |
//! | `frame` | the number of the captured frame; absent for a ghost |
//! | `ghost` | true where the capture missed the frame and it was inferred |
//! | `by_s` | how much earlier or later |
//! | `fields` | the fields that differ: `field`, `stack`, `capture`, `class` (or null) |
//! | `entries` | the entries of `sockscope differences` that tell of it: `function` and first `scene`; absent where none does |
//!
//! The last one, `"kind": "verdict"`:
//!
//! | member | what |
//! |---|---|
//! | `same` | whether stream and decisions are the same |
//! | `counts`, `decisions` | lines by relation: all of them, and those that decide |
//! | `classes` | one object per class that occurs: `class`, `count`, `entries` (`function` and first `scene` of `sockscope differences`) |
//! | `ghosts` | `own`, `peer`: `frames` and `octets` that the capture missed |
//! | `lost` | frames of the peer that were captured and did not arrive at the played end |
//! | `answered` | frames that the captured end had to send again before the peer acknowledged them, and that 1.2.13 does not |
//! | `outside`, `waiting` | frames of the peer that were held until the window of 1.2.13 allowed their data; those that still waited at the end |
//! | `unknown_end` | whether the capture ends in the middle of a write of the played end: a segment of zeros stands for the rest |
//! | `pauses` | null, or `captured` frames without a window, `first_frame`, `stack` frames without one, `smallest` window of 1.2.13 |
//! | `behind` | null, or octets `sent` of those `captured` at the end of the capture |
//! | `changed`, `held` | frames of the peer rewritten, acknowledgements given later |
//! | `stuck` | null, or `frame`, `time_s`, `cause` (`conversation`, `window`), and `discard`: null, or `frame`, `reason`, `text` |
//! | `failed` | calls that failed: `time_s`, `call`, `errno`, and `by_peer`: whether the captured peer had sent a reset by then |
//! | `oops` | null, or the story of the crash |

use serde_json::{Value, json};
use stack::wire::tcp;

use super::verdict::class_counts;
use super::{Origin, captured, counts, seconds};
use crate::capture::compare::class::Class;
use crate::capture::compare::class::EntryName;
use crate::capture::compare::{Aligned, FieldDifference, Relation};
use crate::capture::inject::ghost::is_ghost;
use crate::capture::inject::stuck::{Cause, Stuck};
use crate::capture::inject::{Ghosts, Outcome};
use crate::capture::reason::entry_names;
use crate::capture::segment::Segment;
use crate::i18n::Lang;

/// The version of the JSON lines.
pub const JSON_VERSION: u32 = 2;

/// The whole outcome as JSON objects: a head, one per frame, a verdict.
pub fn json_lines(outcome: &Outcome) -> impl Iterator<Item = Value> + '_ {
    let origin = Origin::of(outcome);
    let (head, verdict) = (head(outcome, &origin), verdict(outcome, &origin));
    let frames = outcome.lines.iter().map(move |line| frame(outcome, &origin, line));
    std::iter::once(head).chain(frames).chain(std::iter::once(verdict))
}

fn head(outcome: &Outcome, origin: &Origin) -> Value {
    let vantage = outcome.vantage;
    json!({
        "kind": "replay", "version": JSON_VERSION,
        "own": outcome.own.to_string(), "peer": outcome.peer.to_string(),
        "role": if outcome.is_client { "client" } else { "server" },
        "vantage": {
            "place": vantage.place().name(),
            "client_s": vantage.client_ns.map(seconds), "server_s": vantage.server_ns.map(seconds),
        },
        "delay_s": seconds(outcome.way_ns),
        "end_s": origin.time(outcome.end_ns),
    })
}

fn segment_value(origin: &Origin, segment: &Segment) -> Value {
    json!({
        "time_s": origin.time(segment.time_ns),
        "flags": tcp::flags_text(segment.flags),
        "seq": segment.seq,
        "length": segment.length,
        "ack_seq": segment.ack,
        "window": segment.offered_window(),
    })
}

fn frame(outcome: &Outcome, origin: &Origin, line: &Aligned) -> Value {
    let mut value = json!({ "kind": "frame", "relation": line.relation.name(), "decides": line.decides });
    if let Some(segment) = line.stack.and_then(|place| outcome.stack.get(place)) {
        value["stack"] = segment_value(origin, segment);
    }
    if let Some(segment) = captured(outcome, line) {
        value["capture"] = segment_value(origin, segment);
        if is_ghost(segment) {
            value["ghost"] = json!(true);
        } else {
            value["frame"] = json!(segment.frame);
        }
    }
    let classes: Vec<&str> = line.classes().into_iter().map(Class::name).collect();
    if !classes.is_empty() {
        value["class"] = json!(classes);
    }
    match line.relation {
        Relation::Earlier(by) | Relation::Later(by) => value["by_s"] = json!(seconds(by)),
        Relation::Same | Relation::SplitDifferently | Relation::Extra | Relation::Missing | Relation::Differs => {}
    }
    if !line.fields.is_empty() {
        let one = |d: &FieldDifference| json!({ "field": d.field, "stack": d.stack, "capture": d.capture, "class": d.class.map(Class::name) });
        value["fields"] = line.fields.iter().map(one).collect();
    }
    let entries = entries(entry_names(outcome, line));
    if !entries.is_empty() {
        value["entries"] = json!(entries);
    }
    value
}

fn entries(names: impl IntoIterator<Item = EntryName>) -> Vec<Value> {
    names.into_iter().map(|(function, scene)| json!({ "function": function, "scene": scene })).collect()
}

fn verdict(outcome: &Outcome, origin: &Origin) -> Value {
    let mut decisions = std::collections::BTreeMap::<&str, usize>::new();
    for line in outcome.lines.iter().filter(|line| line.decides) {
        *decisions.entry(line.relation.name()).or_default() += 1;
    }
    let classes = class_counts(outcome).into_iter().map(|(class, count)| {
        let entries = entries(class.entries(outcome.is_client).iter().copied());
        json!({ "class": class.name(), "count": count, "entries": entries })
    });
    let failed = outcome
        .failed
        .iter()
        .map(|call| json!({ "time_s": origin.time(call.time_ns), "call": call.name, "errno": call.errno, "by_peer": call.by_peer }));
    let ghosts = |ghosts: Ghosts| json!({ "frames": ghosts.frames, "octets": ghosts.octets });
    json!({
        "kind": "verdict", "same": outcome.is_same(), "counts": counts(outcome), "decisions": decisions,
        "classes": classes.collect::<Vec<_>>(),
        "ghosts": { "own": ghosts(outcome.own_ghosts), "peer": ghosts(outcome.peer_ghosts) },
        "lost": outcome.lost, "answered": outcome.answered, "outside": outcome.outside, "waiting": outcome.waiting,
        "unknown_end": outcome.unknown_end,
        "pauses": outcome.pauses.map(|pauses| json!({
            "captured": pauses.captured, "first_frame": pauses.first_frame,
            "stack": pauses.stack, "smallest": pauses.smallest,
        })),
        "behind": outcome.behind.map(|behind| json!({ "sent": behind.sent, "captured": behind.captured })),
        "changed": outcome.changed, "held": outcome.held,
        "stuck": outcome.stuck.as_ref().map(|stuck| stuck_value(origin, stuck)),
        "failed": failed.collect::<Vec<_>>(), "oops": outcome.oops,
    })
}

fn stuck_value(origin: &Origin, stuck: &Stuck) -> Value {
    let discard = stuck.discard.map(
        |(frame, reason)| json!({ "frame": frame, "reason": reason.name(), "text": reason.words().text(Lang::En) }),
    );
    let cause = match stuck.cause {
        Cause::Conversation => "conversation",
        Cause::Window => "window",
    };
    json!({ "frame": stuck.frame, "time_s": origin.time(stuck.time_ns), "cause": cause, "discard": discard })
}
