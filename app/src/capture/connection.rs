//! The connections in a capture: who spoke with whom, how much, and whether the beginning was seen. Promise: every
//! frame is accounted for, in a connection or counted under its name among the others.

use std::collections::BTreeMap;

use super::Capture;
use super::encapsulation::fragments::Fragments;
use super::segment::{Endpoint, Segment, SegmentError, SegmentView};

/// One TCP connection of a capture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// Who asked for it, or seems to have.
    pub client: Endpoint,
    /// Whom it was asked of.
    pub server: Endpoint,
    /// Its segments in the order of the file.
    pub segments: Vec<Segment>,
    /// Whether its first SYN is in the capture.
    pub has_syn: bool,
    /// Data bytes from client to server, retransmitted ones counted again.
    pub client_bytes: u64,
    /// Data bytes from server to client.
    pub server_bytes: u64,
}

impl Connection {
    /// Whether the segment at `position` came from the client.
    #[must_use]
    pub fn is_from_client(&self, segment: &Segment) -> bool {
        segment.source == self.client
    }

    fn begin(segment: &Segment) -> Self {
        let from_client = if segment.opens() {
            true
        } else if segment.has(stack::wire::tcp::SYN) {
            false
        } else {
            // Without a beginning the lower port is taken for the service.
            segment.source.port >= segment.destination.port
        };
        let (client, server) =
            if from_client { (segment.source, segment.destination) } else { (segment.destination, segment.source) };
        Self { client, server, segments: Vec::new(), has_syn: segment.opens(), client_bytes: 0, server_bytes: 0 }
    }

    fn push(&mut self, segment: Segment) {
        let bytes = u64::from(segment.length);
        if segment.source == self.client {
            self.client_bytes = self.client_bytes.saturating_add(bytes);
        } else {
            self.server_bytes = self.server_bytes.saturating_add(bytes);
        }
        self.segments.push(segment);
    }

    /// A SYN with another initial number than the one that began this connection begins another.
    fn is_reopened_by(&self, segment: &Segment) -> bool {
        let first = self.segments.iter().find(|earlier| earlier.opens());
        segment.opens() && first.is_none_or(|first| first.seq != segment.seq || first.source != segment.source)
    }
}

/// All connections of a capture, and what else is in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// In the order of their first frames.
    pub connections: Vec<Connection>,
    /// Frames that belong to no connection, by kind.
    pub others: BTreeMap<SegmentError, usize>,
}

/// Sorts the frames of a capture into connections.
#[must_use]
pub fn table(capture: &Capture) -> Table {
    let mut table = Table::default();
    let mut fragments = Fragments::default();
    let mut current: BTreeMap<(Endpoint, Endpoint), usize> = BTreeMap::new();
    for frame in &capture.frames {
        let segment = match SegmentView::read_whole(&frame.into(), &mut fragments) {
            Ok(segment) => segment.to_segment(),
            Err(other) => {
                *table.others.entry(other).or_default() += 1;
                continue;
            }
        };
        let (a, b) = (segment.source, segment.destination);
        let key = if a <= b { (a, b) } else { (b, a) };
        let known = current.get(&key).copied();
        let place =
            known.filter(|place| table.connections.get(*place).is_some_and(|known| !known.is_reopened_by(&segment)));
        let place = place.unwrap_or_else(|| {
            table.connections.push(Connection::begin(&segment));
            let place = table.connections.len() - 1;
            current.insert(key, place);
            place
        });
        if let Some(connection) = table.connections.get_mut(place) {
            connection.push(segment);
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str) -> Table {
        table(&crate::capture::open(&format!("{}/../assets/captures/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap())
    }

    #[test]
    fn two_connections_and_their_octets() {
        let table = read("rst.pcap");
        let seen: Vec<_> = table
            .connections
            .iter()
            .map(|c| (c.client.port, c.server.port, c.segments.len(), c.has_syn, c.client_bytes, c.server_bytes))
            .collect();
        assert_eq!(seen, [(49354, 4444, 2, true, 0, 0), (41334, 5555, 6, true, 300, 0)]);
        assert!(table.others.is_empty());
    }

    #[test]
    fn every_frame_is_accounted_for() {
        for name in ["http.pcap", "http_snap96.pcap", "http_sll2.pcap", "arp_ping_udp.pcap", "http_offload.pcap"] {
            let capture =
                crate::capture::open(&format!("{}/../assets/captures/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
            let table = table(&capture);
            let inside: usize = table.connections.iter().map(|connection| connection.segments.len()).sum();
            let outside: usize = table.others.values().sum();
            assert_eq!(inside + outside, capture.frames.len(), "{name}");
            assert!(!table.others.contains_key(&SegmentError::Malformed), "{name}: {:?}", table.others);
        }
    }

    #[test]
    fn a_cut_capture_has_the_true_lengths() {
        let table = read("http_snap96.pcap");
        let connection = table.connections.first().unwrap();
        assert!(connection.server_bytes > 100_000, "{}", connection.server_bytes);
        assert!(
            connection.segments.iter().any(|s| s.checksum_right.is_none() && s.length > 1000 && s.payload.len() < 96)
        );
    }

    #[test]
    fn what_cannot_be_fed_is_named() {
        let table = read("arp_ping_udp.pcap");
        let names: Vec<String> = table.others.keys().map(ToString::to_string).collect();
        assert_eq!(names, ["ARP", "ICMP", "UDP"]);
        assert!(read("http_sll.pcap").others.is_empty());
    }
}
