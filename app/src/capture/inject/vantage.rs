//! Where a capture was taken, seen from how soon each end answers: a frame that passes the place of capture has to go to the
//! end and the answer has to come back, so the quickest answer bounds the way there and back. The handshake gives the first
//! two answers (SYN to SYN+ACK, SYN+ACK to ACK), later acknowledgements may only lower them.
//! Promise: what is estimated is never longer than a way that a frame of the capture really took.

use std::collections::VecDeque;

use stack::wire::tcp;

use crate::capture::connection::Connection;
use crate::capture::segment::{Endpoint, Segment};
use crate::capture::stream::after;
use crate::i18n::Words;

/// Below this a way is taken for none: the order of the capture is the order of what happened.
const NEAR_NS: u64 = 1_000_000;
/// No way is longer than this: a damaged timestamp.
const FURTHEST_NS: u64 = 60_000_000_000;
/// An end is near where its answers take less than this part of the round trip.
const NEAR_PART: u64 = 5;

/// The ways from the place of capture to both ends and back, in nanoseconds; None where no answer was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Vantage {
    /// To the client and back.
    pub client_ns: Option<u64>,
    /// To the server and back.
    pub server_ns: Option<u64>,
}

/// Where the capture was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// At the client.
    Client,
    /// At the server.
    Server,
    /// Somewhere between them.
    Between,
    /// Both ends are so near that it does not matter.
    Near,
    /// Too few answers were seen.
    Unknown,
}

impl Place {
    /// The word by which JSON names it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Server => "server",
            Self::Between => "between",
            Self::Near => "near both",
            Self::Unknown => "unknown",
        }
    }

    /// Where that is, to be put behind "captured".
    #[must_use]
    pub fn words(self) -> Words {
        match self {
            Self::Client => Words::new("at the client", "在客户端抓取"),
            Self::Server => Words::new("at the server", "在服务器端抓取"),
            Self::Between => Words::new("between the ends", "在两端之间抓取"),
            Self::Near => Words::new("less than a millisecond from both ends", "距两端都不到一毫秒"),
            Self::Unknown => Words::new("at an unknown place", "抓取位置不明"),
        }
    }
}

impl Vantage {
    /// Estimates both ways from all answers of a connection.
    #[must_use]
    pub fn of(connection: &Connection) -> Self {
        let (mut client, mut server) = (Answers::default(), Answers::default());
        for segment in &connection.segments {
            let (own, other) = if connection.is_from_client(segment) {
                (&mut client, &mut server)
            } else {
                (&mut server, &mut client)
            };
            own.answers(segment);
            other.is_asked(segment);
        }
        Self { client_ns: client.quickest, server_ns: server.quickest }
    }

    /// Where that is.
    #[must_use]
    pub fn place(self) -> Place {
        let (Some(client), Some(server)) = (self.client_ns, self.server_ns) else { return Place::Unknown };
        let whole = client.saturating_add(server);
        if client < NEAR_NS && server < NEAR_NS {
            Place::Near
        } else if client < whole / NEAR_PART {
            Place::Client
        } else if server < whole / NEAR_PART {
            Place::Server
        } else {
            Place::Between
        }
    }

    /// The way to one end of the connection and back; None where no answer of it was seen.
    #[must_use]
    pub fn round(self, connection: &Connection, end: Endpoint) -> Option<u64> {
        if end == connection.client { self.client_ns } else { self.server_ns }
    }

    /// The way to one end (one way), 0 where it is near or unknown.
    #[must_use]
    pub fn way(self, connection: &Connection, end: Endpoint) -> u64 {
        self.round(connection, end).filter(|round| *round >= NEAR_NS).unwrap_or(0).min(FURTHEST_NS) / 2
    }
}

/// How one end answers.
#[derive(Debug, Default)]
struct Answers {
    /// Ends of what it was sent and has not acknowledged, with the time at which each first passed.
    open: VecDeque<(u32, u64)>,
    /// The other end has sent it a SYN of its own accord.
    has_asked: bool,
    quickest: Option<u64>,
}

impl Answers {
    /// The other end sends it something new.
    fn is_asked(&mut self, segment: &Segment) {
        let end = segment.end();
        let fresh = self.open.back().is_none_or(|(last, _)| after(end, *last));
        if segment.sequence_length() == 0 || segment.has(tcp::RST) {
            return;
        }
        if fresh {
            self.open.push_back((end, segment.time_ns));
        } else if !(segment.has(tcp::SYN) && segment.has(tcp::ACK) && self.has_asked)
            && let Some(again) = self.open.iter_mut().rev().find(|(open, _)| *open == end)
        {
            // Which of both sendings will be answered nobody knows: the later one gives the shorter way. The answer to a SYN
            // that crossed one's own is no second sending of that.
            again.1 = segment.time_ns;
        }
        self.has_asked |= segment.opens();
    }

    fn answers(&mut self, segment: &Segment) {
        if !segment.has(tcp::ACK) || segment.has(tcp::RST) {
            return;
        }
        while let Some((end, time_ns)) = self.open.front().copied().filter(|(end, _)| !after(*end, segment.ack)) {
            self.open.pop_front();
            if end == segment.ack {
                let gap = segment.time_ns.saturating_sub(time_ns);
                self.quickest = Some(self.quickest.map_or(gap, |quickest| quickest.min(gap)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::connection::table;

    fn vantage(name: &str) -> Vantage {
        let folder = env!("CARGO_MANIFEST_DIR");
        let capture = crate::capture::open(&format!("{folder}/{name}")).unwrap();
        Vantage::of(&table(&capture).connections[0])
    }

    #[test]
    fn the_place_is_where_the_answers_are_quick() {
        let seen = vantage("tests/captures/kinds/chat_seen_from_client_30ms.pcap");
        assert_eq!(seen, Vantage { client_ns: Some(200_000), server_ns: Some(34_000_000) });
        assert_eq!(seen.place(), Place::Client);
        assert_eq!(vantage("../assets/captures/simclose.pcap").place(), Place::Between);
        assert_eq!(vantage("../assets/captures/http.pcap").place(), Place::Near);
        assert_eq!(vantage("tests/captures/kinds/one_sided.pcap").place(), Place::Unknown);
    }

    #[test]
    fn what_was_sent_twice_counts_from_the_second_sending() {
        let folder = env!("CARGO_MANIFEST_DIR");
        let path = format!("{folder}/tests/captures/kinds/chat_seen_from_client_30ms.pcap");
        let mut connection = table(&crate::capture::open(&path).unwrap()).connections.remove(0);
        // Only the handshake: nothing later can lower what it gives.
        connection.segments.truncate(3);
        let seen = Vantage::of(&connection);
        let first = connection.segments[0].clone();
        connection.segments.iter_mut().for_each(|segment| segment.time_ns += 3_000_000_000);
        connection.segments.insert(0, first);
        assert_eq!(Vantage::of(&connection), seen);
    }
}
