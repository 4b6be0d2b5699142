//! One connection of a capture with all its segments: what a replay takes part in. Which frames belong to it is decided by the
//! table of connections ([`super::index`]) alone. Promise: every frame is accounted for, in a connection or counted under its name
//! among the others; a frame that was captured twice is in it once.

use std::collections::BTreeMap;

use super::Capture;
use super::encapsulation::fragments::Fragments;
use super::index::flow::{Flow, Flows, Seen};
use super::read::FrameView;
use super::segment::{Endpoint, Segment, SegmentError, SegmentView};

/// One TCP connection of a capture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection<'a> {
    /// Who asked for it, or seems to have.
    pub client: Endpoint,
    /// Whom it was asked of.
    pub server: Endpoint,
    /// Its segments in the order of the file, their data in its bytes.
    pub segments: Vec<Segment<'a>>,
    /// Whether its first SYN is in the capture.
    pub has_syn: bool,
    /// Data bytes from client to server, retransmitted ones counted again.
    pub client_bytes: u64,
    /// Data bytes from server to client.
    pub server_bytes: u64,
}

impl Connection<'_> {
    /// The connection of a row of the table, without its segments.
    #[must_use]
    pub fn of(flow: &Flow) -> Self {
        Self {
            client: flow.client,
            server: flow.server,
            segments: Vec::new(),
            has_syn: flow.has_syn(),
            client_bytes: flow.from_client.data,
            server_bytes: flow.from_server.data,
        }
    }

    /// Whether the segment at `position` came from the client.
    #[must_use]
    pub fn is_from_client(&self, segment: &Segment<'_>) -> bool {
        segment.source == self.client
    }
}

/// All connections of a capture, and what else is in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// In the order of their first frames.
    pub connections: Vec<Connection<'static>>,
    /// Frames that belong to no connection, by kind.
    pub others: BTreeMap<SegmentError, usize>,
}

/// Sorts the frames of a capture into connections.
#[must_use]
pub fn table(capture: &Capture) -> Table {
    let mut flows = Flows::default();
    let mut fragments = Fragments::default();
    let mut segments: Vec<Vec<Segment<'static>>> = Vec::new();
    let mut others: BTreeMap<SegmentError, usize> = BTreeMap::new();
    for frame in &capture.frames {
        let view = FrameView::from(frame);
        let segment = match SegmentView::read_whole(&view, &mut fragments) {
            Ok(segment) => segment,
            Err(other) => {
                *others.entry(other).or_default() += 1;
                continue;
            }
        };
        // Its other fragments were counted among the others until it was complete.
        if let Some(count) = others.get_mut(&SegmentError::Fragment) {
            *count = count.saturating_sub(segment.fragments.len());
        }
        let belongs = flows.take(&Seen::of(&segment, frame.original_length));
        if flows.all().len() > segments.len() {
            segments.push(Vec::new());
        }
        let place = usize::try_from(belongs.connection).ok().and_then(|number| number.checked_sub(1));
        let own = place.and_then(|place| segments.get_mut(place)).filter(|_| !belongs.is_copy);
        if let Some(own) = own {
            own.push(segment.to_segment().into_owned());
        }
    }
    others.retain(|_, count| *count > 0);
    let connection = |(flow, segments)| Connection { segments, ..Connection::of(flow) };
    Table { connections: flows.all().iter().zip(segments).map(connection).collect(), others }
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
