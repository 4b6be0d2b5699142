//! Two runs, or two moments, laid side by side: which frames are the same, and field by field what differs in the machines.
//!
//! Frames are paired by what they say (addresses, ports, flags, sequence numbers, length), never by their ordinal, so that a frame
//! that one side has more puts nothing out of step. Fields are those of the views that every pane shows. Promise: every frame of
//! both sides stands in exactly one pair, in the order of both runs; two equal runs have no difference.

use std::collections::BTreeMap;

use crate::include::snmp::Mib;
use crate::kernel::Kernel;
use crate::lab::turns::FrameRecord;
use crate::lab::world::World;
use crate::view::Value;
use crate::view::arp::ArpTableView;
use crate::view::device::DeviceView;
use crate::view::sock::SockView;
use crate::view::task::TaskView;
use crate::view::timer::TimerView;
use crate::wire::FrameSummary;
use crate::wire::edit::fields;

/// Frames on either side behind the common beginning up to which the best pairing is computed; longer ones are paired in one pass.
const CAREFUL: usize = 1_500;

/// How the two frames of a pair relate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// The same bytes at the same time, and the wire did the same with them.
    Same,
    /// The same, at another time.
    Shifted,
    /// The same bytes, but one of them is lost, late, doubled or changed on the wire.
    Fate,
    /// They differ in what every frame of a run counts anew, the identification, and so in checksums.
    Counted,
    /// They say the same, and differ in other fields.
    Fields,
    /// Only the left run has it.
    OnlyLeft,
    /// Only the right run has it.
    OnlyRight,
}

impl Relation {
    /// Its name in machine-readable output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Shifted => "shifted",
            Self::Fate => "fate",
            Self::Counted => "counted",
            Self::Fields => "fields",
            Self::OnlyLeft => "only left",
            Self::OnlyRight => "only right",
        }
    }
}

/// Two frames that belong together, or one that has no fellow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FramePair {
    /// Place in the left list.
    pub left: Option<usize>,
    /// Place in the right list.
    pub right: Option<usize>,
    /// How they relate.
    pub relation: Relation,
}

/// A field that differs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// The host.
    pub host: String,
    /// What has the field: `sk#4`, `arp 10.0.0.2`, `pid 200`, `eth0`, a timer's function and owner, `snmp`; a header of a frame.
    pub subject: String,
    /// The field as in C; empty where the whole subject is on one side only.
    pub field: String,
    /// Its value on the left; none where the left side has no such subject.
    pub left: Option<String>,
    /// Likewise on the right.
    pub right: Option<String>,
}

/// Pairs the frames of two runs.
#[must_use]
pub fn frames(left: &[FrameRecord], right: &[FrameRecord]) -> Vec<FramePair> {
    let common =
        left.iter().zip(right).take_while(|(one, two)| one.sent.bytes == two.sent.bytes && says(one) == says(two));
    let common = common.count();
    let mut pairs: Vec<FramePair> = (0..common).map(|place| pair(left, right, place, place)).collect();
    let tail = |records: &[FrameRecord]| records.iter().skip(common).map(says).collect::<Vec<_>>();
    let (ours, theirs) = (tail(left), tail(right));
    let matches =
        if ours.len().max(theirs.len()) <= CAREFUL { best(&ours, &theirs) } else { in_one_pass(&ours, &theirs) };
    let (mut here, mut there) = (0, 0);
    for (one, two) in matches.into_iter().chain([(ours.len(), theirs.len())]) {
        let only_left = (here..one).map(|place| alone(Some(common + place), None));
        let only_right = (there..two).map(|place| alone(None, Some(common + place)));
        let mut single: Vec<FramePair> = only_left.chain(only_right).collect();
        single.sort_by_key(|pair| time_of(left, right, pair));
        pairs.extend(single);
        if one < ours.len() {
            pairs.push(pair(left, right, common + one, common + two));
        }
        (here, there) = (one + 1, two + 1);
    }
    pairs
}

fn alone(left: Option<usize>, right: Option<usize>) -> FramePair {
    let relation = if left.is_some() { Relation::OnlyLeft } else { Relation::OnlyRight };
    FramePair { left, right, relation }
}

fn time_of(left: &[FrameRecord], right: &[FrameRecord], pair: &FramePair) -> u64 {
    let time = |records: &[FrameRecord], place: Option<usize>| {
        place.and_then(|place| records.get(place)).map(|record| record.time)
    };
    time(left, pair.left).or_else(|| time(right, pair.right)).unwrap_or(0)
}

fn pair(left: &[FrameRecord], right: &[FrameRecord], one: usize, two: usize) -> FramePair {
    let relation = match (left.get(one), right.get(two)) {
        (Some(one), Some(two)) => relation(one, two),
        _ => Relation::Fields,
    };
    FramePair { left: Some(one), right: Some(two), relation }
}

fn relation(left: &FrameRecord, right: &FrameRecord) -> Relation {
    // How long each copy takes, and whether other bytes arrive.
    let fate = |record: &FrameRecord| -> Vec<(u64, Option<Vec<u8>>)> {
        let since = |(time, bytes): &(u64, Option<Vec<u8>>)| (time.saturating_sub(record.time), bytes.clone());
        record.sent.arrivals.iter().map(since).collect()
    };
    if left.sent.bytes != right.sent.bytes {
        let other = frame_fields(&left.sent.bytes, &right.sent.bytes);
        let counted = |difference: &Difference| matches!(difference.field.as_str(), "id" | "check" | "checksum");
        if other.iter().all(counted) { Relation::Counted } else { Relation::Fields }
    } else if fate(left) != fate(right) {
        Relation::Fate
    } else if left.time != right.time {
        Relation::Shifted
    } else {
        Relation::Same
    }
}

/// What a frame says, without what changes from one frame to the next of the same meaning: identification, windows, checksums.
type Says = (usize, bool, String);

fn says(record: &FrameRecord) -> Says {
    let text = match FrameSummary::of(&record.sent.bytes) {
        FrameSummary::Tcp(tcp) => {
            let flags = tcp.flags & !crate::wire::tcp::PSH;
            let ends = (tcp.ip.source, tcp.source_port, tcp.ip.destination, tcp.destination_port);
            format!("{ends:?} {flags:x} {} {} {}", tcp.sequence, tcp.acknowledgement, tcp.length)
        }
        FrameSummary::Ipv4(ip) => format!("{} {} {} {}", ip.source, ip.destination, ip.protocol, ip.total_length),
        other => other.to_string(),
    };
    (record.sent.host, record.from_outside, text)
}

/// The pairing with the most pairs, places rising on both sides (the longest common subsequence).
fn best(left: &[Says], right: &[Says]) -> Vec<(usize, usize)> {
    let width = right.len() + 1;
    let mut longest = vec![0_u16; (left.len() + 1) * width];
    let at = |one: usize, two: usize| one * width + two;
    let get = |longest: &[u16], place: usize| longest.get(place).copied().unwrap_or(0);
    for (one, says) in left.iter().enumerate().rev() {
        for (two, other) in right.iter().enumerate().rev() {
            let value = if says == other {
                get(&longest, at(one + 1, two + 1)).saturating_add(1)
            } else {
                get(&longest, at(one + 1, two)).max(get(&longest, at(one, two + 1)))
            };
            if let Some(cell) = longest.get_mut(at(one, two)) {
                *cell = value;
            }
        }
    }
    let (mut one, mut two) = (0, 0);
    let mut pairs = Vec::new();
    while let (Some(says), Some(other)) = (left.get(one), right.get(two)) {
        if says == other {
            pairs.push((one, two));
            (one, two) = (one + 1, two + 1);
        } else if get(&longest, at(one + 1, two)) >= get(&longest, at(one, two + 1)) {
            one += 1;
        } else {
            two += 1;
        }
    }
    pairs
}

/// A pairing in one pass: each frame with the next one on the other side that says the same.
fn in_one_pass(left: &[Says], right: &[Says]) -> Vec<(usize, usize)> {
    let mut places: BTreeMap<&Says, Vec<usize>> = BTreeMap::new();
    for (place, says) in right.iter().enumerate() {
        places.entry(says).or_default().push(place);
    }
    let mut next = 0;
    let mut pairs = Vec::new();
    for (place, says) in left.iter().enumerate() {
        let known = places.get(says).map_or(&[][..], Vec::as_slice);
        let first = known.partition_point(|other| *other < next);
        if let Some(other) = known.get(first) {
            pairs.push((place, *other));
            next = other + 1;
        }
    }
    pairs
}

/// The fields in which two frames differ.
#[must_use]
pub fn frame_fields(left: &[u8], right: &[u8]) -> Vec<Difference> {
    let (ours, theirs) = (fields(left), fields(right));
    let mut differences = Vec::new();
    for field in ours.iter().filter(|field| field.field.parts.is_empty()) {
        let same = |other: &&crate::wire::edit::FrameField| {
            other.header == field.header && other.field.name == field.field.name
        };
        let other = theirs.iter().find(same);
        let (value, value_there) = (field.value(left), other.map(|other| other.value(right)));
        if value_there.as_ref() != Some(&value) {
            differences.push(Difference {
                host: String::new(),
                subject: field.header.to_owned(),
                field: field.field.name.to_owned(),
                left: Some(value),
                right: value_there,
            });
        }
    }
    if differences.is_empty() && left != right {
        let told = |bytes: &[u8]| Some(format!("{} B", bytes.len()));
        let subject = "payload".to_owned();
        differences.push(Difference { subject, left: told(left), right: told(right), ..Difference::default() });
    }
    differences
}

/// Everything in which the machines of two worlds differ, host by host in the order of the left world; hosts are the same by name.
#[must_use]
pub fn worlds(left: &World, right: &World) -> Vec<Difference> {
    let mut differences = Vec::new();
    for host in &left.hosts {
        match right.hosts.iter().find(|other| other.name == host.name) {
            Some(other) => differences.extend(kernels(&host.name, &host.kernel, &other.kernel)),
            None => differences.push(whole(&host.name, "host", true)),
        }
    }
    let strangers = right.hosts.iter().filter(|host| !left.hosts.iter().any(|other| other.name == host.name));
    differences.extend(strangers.map(|host| whole(&host.name, "host", false)));
    differences
}

fn whole(host: &str, subject: &str, is_left: bool) -> Difference {
    let there = || Some("✓".to_owned());
    let (left, right) = if is_left { (there(), None) } else { (None, there()) };
    Difference { host: host.to_owned(), subject: subject.to_owned(), field: String::new(), left, right }
}

/// Fields by name, of one thing of a kernel.
type Fields = Vec<(&'static str, Value)>;

/// Everything that is shown of a kernel, thing by thing.
fn things(k: &Kernel) -> Vec<(String, Fields)> {
    let mut things = vec![("kernel".to_owned(), vec![("jiffies", Value::from(k.jiffies.0))])];
    things.extend(SockView::all(k).iter().map(|view| (format!("sk#{}", view.number), view.fields())));
    things.extend(ArpTableView::of(k).entries.iter().map(|view| (format!("arp {}", view.ip), view.fields())));
    things.extend(TaskView::all(k).iter().map(|view| (format!("pid {}", view.pid), view.fields())));
    things.extend(TimerView::all(k).iter().map(|view| (format!("{} {}", view.function, view.owner), view.fields())));
    things.push(("snmp".to_owned(), Mib::ALL.iter().map(|mib| (mib.name(), Value::from(k.stats.get(*mib)))).collect()));
    things.extend(DeviceView::all(k).iter().map(|view| (view.name.clone(), view.fields())));
    things
}

fn kernels(host: &str, left: &Kernel, right: &Kernel) -> Vec<Difference> {
    let (ours, theirs) = (things(left), things(right));
    let mut differences = Vec::new();
    for (subject, fields) in &ours {
        let Some((_, other)) = theirs.iter().find(|(known, _)| known == subject) else {
            differences.push(whole(host, subject, true));
            continue;
        };
        for ((field, value), (_, there)) in fields.iter().zip(other) {
            if value != there {
                differences.push(Difference {
                    host: host.to_owned(),
                    subject: subject.clone(),
                    field: (*field).to_owned(),
                    left: Some(value.to_string()),
                    right: Some(there.to_string()),
                });
            }
        }
    }
    let strangers = theirs.iter().filter(|(subject, _)| !ours.iter().any(|(known, _)| known == subject));
    differences.extend(strangers.map(|(subject, _)| whole(host, subject, false)));
    differences
}
