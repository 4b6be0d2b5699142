//! Frames of the peer that were captured and never arrived: lost between the place of capture and the played end. The peer
//! sends its data again, and the played end acknowledges only after that; or the played end sends again what was
//! acknowledged long before. And frames that were overtaken there: the played end asks for them again and again, and then has
//! them although nobody sends them again.
//! Promise: a frame is believed lost or late only where the times leave no other order, and where the capture was taken at the
//! played end none is.

use std::collections::{BTreeMap, BTreeSet};

use stack::wire::tcp;
use stack::wire::tcp_options::{TcpOption, TcpOptions};

use crate::capture::segment::{Endpoint, Segment};
use crate::capture::stream::{Coverage, after};

/// A keepalive or a probe of a closed window may carry one octet that was acknowledged before.
const PROBE: u32 = 1;

/// The places of the frames that the played end never got; `round_ns` is the way to it and back.
#[must_use]
pub fn lost<'a>(
    segments: impl Iterator<Item = &'a Segment<'a>> + Clone,
    own: Endpoint,
    round_ns: u64,
) -> BTreeSet<usize> {
    let acknowledged = Acknowledged::new(segments.clone().filter(|segment| segment.source == own));
    let mut lost = sent_again(segments.clone(), own, round_ns, &acknowledged);
    not_heard(segments, own, round_ns, &mut lost);
    lost
}

/// The places of the frames of the peer that came late, each with the time at which the played end answered it. One that is not
/// lost comes late where the end goes on acknowledging only what stands before it, and says so once more after a later one has come.
#[must_use]
pub fn late<'a>(
    segments: impl Iterator<Item = &'a Segment<'a>> + Clone,
    own: Endpoint,
    round_ns: u64,
    lost: &BTreeSet<usize>,
) -> BTreeMap<usize, u64> {
    let acknowledged = Acknowledged::new(segments.clone().filter(|segment| segment.source == own));
    let answer_ns = round_ns - round_ns / 8;
    let from_peer = |(place, segment): &(usize, &'a Segment<'a>)| {
        segment.source != own && segment.length > 0 && !segment.has(tcp::RST) && !lost.contains(place)
    };
    let data = segments.enumerate().filter(from_peer);
    let mut late = BTreeMap::new();
    for ((place, segment), (_, next)) in data.clone().zip(data.skip(1)) {
        let heard_ns = acknowledged.time_of(segment.data_start().wrapping_add(segment.length));
        // The next one had come by then, and this one had not.
        let earliest = next.time_ns.saturating_add(answer_ns);
        let repeated = acknowledged.repeated.get(&segment.seq).map_or(&[][..], Vec::as_slice);
        let asked = repeated.iter().any(|asked| *asked >= earliest && *asked < heard_ns);
        if asked && heard_ns != u64::MAX && after(next.seq, segment.seq) {
            late.insert(place, heard_ns);
        }
    }
    late
}

/// What the played end acknowledged at which time, both growing, what it acknowledged once more, and what it got twice.
struct Acknowledged {
    steps: Vec<(u32, u64)>,
    /// When it said again, and nothing else, that it has everything before a number.
    repeated: BTreeMap<u32, Vec<u64>>,
    /// Ends of what it said it had got again (RFC 2883).
    twice: BTreeSet<u32>,
}

impl Acknowledged {
    fn new<'a>(own: impl Iterator<Item = &'a Segment<'a>>) -> Self {
        let (mut steps, mut twice) = (Vec::<(u32, u64)>::new(), BTreeSet::new());
        let mut repeated = BTreeMap::<u32, Vec<u64>>::new();
        for segment in own.filter(|segment| segment.has(tcp::ACK) && !segment.has(tcp::RST)) {
            if steps.last().is_none_or(|(ack, _)| after(segment.ack, *ack)) {
                steps.push((segment.ack, segment.time_ns));
            } else if segment.sequence_length() == 0 {
                repeated.entry(segment.ack).or_default().push(segment.time_ns);
            }
            for option in TcpOptions::new(&segment.options) {
                if let TcpOption::Sack(blocks) = option {
                    twice.extend(blocks.iter().map(|(_, right)| *right).filter(|right| !after(*right, segment.ack)));
                }
            }
        }
        Self { steps, repeated, twice }
    }

    /// When everything before `end` was acknowledged.
    fn time_of(&self, end: u32) -> u64 {
        let place = self.steps.partition_point(|(ack, _)| after(end, *ack));
        self.steps.get(place).map_or(u64::MAX, |(_, time_ns)| *time_ns)
    }
}

/// Data of the peer that was acknowledged only after it had been sent once more, and the way there and back.
fn sent_again<'a>(
    segments: impl Iterator<Item = &'a Segment<'a>>,
    own: Endpoint,
    round_ns: u64,
    acknowledged: &Acknowledged,
) -> BTreeSet<usize> {
    let mut sendings: BTreeMap<(u32, u32, u8), Vec<(usize, u64)>> = BTreeMap::new();
    for (place, segment) in segments.enumerate() {
        if segment.source != own && segment.sequence_length() > 0 && !segment.has(tcp::RST) {
            // The answer to a SYN that crossed one's own is no second sending of that.
            let kind = if segment.has(tcp::SYN) { segment.flags & tcp::ACK } else { 0 };
            sendings.entry((segment.seq, segment.end(), kind)).or_default().push((place, segment.time_ns));
        }
    }
    let mut lost = BTreeSet::new();
    for ((_, end, _), places) in sendings.iter().filter(|((_, end, _), _)| !acknowledged.twice.contains(end)) {
        let heard_ns = acknowledged.time_of(*end);
        // Somewhat less than the way: it is an estimate.
        let answer_ns = round_ns - round_ns / 8;
        for ((place, _), (_, again_ns)) in places.iter().zip(places.iter().skip(1)) {
            if heard_ns >= again_ns.saturating_add(answer_ns) {
                lost.insert(*place);
            }
        }
    }
    lost
}

/// Frames of the peer that acknowledge what the played end sends again long after they have passed.
fn not_heard<'a>(
    segments: impl Iterator<Item = &'a Segment<'a>>,
    own: Endpoint,
    round_ns: u64,
    lost: &mut BTreeSet<usize>,
) {
    // Acknowledgements of the peer, growing, that no later frame of the played end has contradicted: place, time, number.
    let mut believed: Vec<(usize, u64, u32)> = Vec::new();
    let mut sent: Option<Coverage> = None;
    let mut opened = false;
    for (place, segment) in segments.enumerate().filter(|(_, segment)| !segment.has(tcp::RST)) {
        if segment.source != own {
            opened |= segment.opens() && sent.is_some();
            if segment.has(tcp::ACK) && !lost.contains(&place) {
                believed.push((place, segment.time_ns, segment.ack));
            }
            continue;
        }
        if segment.sequence_length() == 0 {
            continue;
        }
        let sent = sent.get_or_insert_with(|| Coverage::new(segment.seq));
        let is_again = sent.add(segment.seq, segment.end()).is_none();
        let is_probe = segment.sequence_length() == PROBE && segment.length == PROBE;
        // A SYN that comes again is answered again.
        let is_answer = segment.has(tcp::SYN) && opened;
        if !is_again || is_probe || is_answer {
            continue;
        }
        let in_time = |time_ns: u64| time_ns.saturating_add(round_ns.saturating_mul(2)) > segment.time_ns;
        while let Some((place, ..)) =
            believed.pop_if(|(_, time_ns, ack)| !after(segment.end(), *ack) && !in_time(*time_ns))
        {
            lost.insert(place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::connection::{Connection, table};

    fn connection(folder: &str, name: &str) -> Connection<'static> {
        let path = format!("{}/{folder}/{name}", env!("CARGO_MANIFEST_DIR"));
        table(&crate::capture::open(&path).unwrap()).connections.remove(0)
    }

    fn numbers(connection: &Connection, own: Endpoint, round_ns: u64) -> Vec<usize> {
        let lost = lost(connection.segments.iter(), own, round_ns);
        lost.into_iter().map(|place| connection.segments[place].frame).collect()
    }

    #[test]
    fn an_answer_that_is_sent_again_was_never_acknowledged() {
        let mut talk = connection("tests/captures", "cases/plain_conversation.pcap");
        let again = talk.segments.iter().find(|s| s.source == talk.server && s.has(tcp::SYN)).unwrap().clone();
        let handshake = talk.segments[2].clone();
        talk.segments.truncate(3);
        talk.segments.push(Segment { time_ns: again.time_ns + 3_000_000_000, ..again });
        assert_eq!(numbers(&talk, talk.server, 10_000_000), [handshake.frame]);
        // Seen from the other end nothing was lost: it has sent its ACK once.
        assert!(numbers(&talk, talk.client, 10_000_000).is_empty());
    }

    #[test]
    fn data_that_is_acknowledged_only_when_it_comes_again_was_lost() {
        let mut talk = connection("tests/captures", "kinds/chat.pcap");
        let place = talk.segments.iter().position(|s| s.source == talk.client && s.length > 0).unwrap();
        let first =
            Segment { time_ns: talk.segments[place].time_ns - 40_000_000, frame: 999, ..talk.segments[place].clone() };
        talk.segments.insert(place, first);
        assert_eq!(numbers(&talk, talk.server, 4_000_000), [999]);
        // An acknowledgement too early for the second one answers the first.
        assert!(numbers(&talk, talk.server, 6_000_000).is_empty());
    }

    #[test]
    fn nothing_is_lost_in_a_conversation_without_retransmissions() {
        let talk = connection("../assets/captures", "http_noopt.pcap");
        assert!(numbers(&talk, talk.server, 1_000_000).is_empty() && numbers(&talk, talk.client, 1_000_000).is_empty());
    }
}
