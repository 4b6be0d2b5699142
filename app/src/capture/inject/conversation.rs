//! A captured connection as the end that 1.2.13 plays lived through it: with the frames that the capture missed ([`ghost`]),
//! without those that got lost behind the place of capture ([`loss`]), with windows in octets, and with the times of that end instead of those of the place of capture ([`vantage`]): what the
//! other end sends arrives later than it was captured, what this end sends left earlier.
//! Promise: within a direction nothing is reordered but what was overtaken behind the place of capture ([`loss`]), and where
//! the capture was taken at this end, nothing at all.
//!
//! [`ghost`]: super::ghost
//! [`loss`]: super::loss
//! [`vantage`]: super::vantage

use std::collections::{BTreeMap, BTreeSet};

use stack::wire::tcp;
use stack::wire::tcp_options::{TcpOption, TcpOptions};

use super::ghost::{Said, is_ghost, with_ghosts};
use super::loss::{late, lost};
use super::vantage::Vantage;
use crate::capture::connection::Connection;
use crate::capture::cut_options::window_shift;
use crate::capture::segment::{Endpoint, Segment};

/// One segment of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard<'a> {
    /// The segment, with the time at which it was captured.
    pub segment: Said<'a>,
    /// By how many bits its window is shifted.
    pub shift: u8,
    /// Whether the end that is played sent it.
    pub own: bool,
    /// When that end sent or received it, in nanoseconds since 1970.
    pub time_ns: u64,
    /// Whether it never arrived there.
    pub lost: bool,
}

impl Heard<'_> {
    /// The window that it offers, in octets.
    #[must_use]
    pub fn window(&self) -> u32 {
        u32::from(self.segment.window) << self.shift
    }

    /// The segment with its window as agreed on and without its data.
    #[must_use]
    pub fn bare(&self) -> Segment<'static> {
        Segment { window_shift: self.shift, ..self.segment.bare() }
    }
}

/// The conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversation<'a> {
    /// The end that is played.
    pub own: Endpoint,
    /// The other one.
    pub peer: Endpoint,
    /// Whether the end that is played asked for the connection.
    pub is_client: bool,
    /// The segments of both ends, in the order of the played end's times.
    pub heard: Vec<Heard<'a>>,
    /// Where the capture was taken.
    pub vantage: Vantage,
    /// The way from the place of capture to the played end, in nanoseconds.
    pub way_ns: u64,
}

impl<'a> Conversation<'a> {
    /// The conversation as `own` lived through it.
    #[must_use]
    pub fn of(connection: &'a Connection<'a>, own: Endpoint) -> Self {
        let vantage = Vantage::of(connection);
        let way_ns = vantage.way(connection, own);
        let shifts = shifts(connection);
        let whole = with_ghosts(connection, vantage);
        let round_ns = vantage.round(connection, own).filter(|_| way_ns > 0);
        let said = || whole.iter().map(|said| &**said);
        let lost = round_ns.map_or_else(BTreeSet::new, |round_ns| lost(said(), own, round_ns));
        let late = round_ns.map_or_else(BTreeMap::new, |round_ns| late(said(), own, round_ns, &lost));
        let whole = whole.into_iter().enumerate().map(|(place, segment)| {
            let is_own = segment.source == own;
            let time_ns = match late.get(&place) {
                Some(answered_ns) => answered_ns.saturating_sub(way_ns),
                None if is_own => segment.time_ns.saturating_sub(way_ns),
                None => segment.time_ns.saturating_add(way_ns),
            };
            Heard {
                shift: shift_of(&segment, connection, shifts),
                segment,
                own: is_own,
                time_ns,
                lost: lost.contains(&place),
            }
        });
        let heard = if way_ns == 0 { whole.collect() } else { merged(whole) };
        let is_client = own == connection.client;
        let peer = if is_client { connection.server } else { connection.client };
        Self { own, peer, is_client, heard, vantage, way_ns }
    }

    /// How many octets of the played end, and of the other, were made up, and in how many frames.
    #[must_use]
    pub fn ghosts(&self, own: bool) -> (usize, u64) {
        let ghosts = self.heard.iter().filter(|heard| heard.own == own && is_ghost(&heard.segment));
        ghosts.fold((0, 0), |(frames, octets), heard| (frames + 1, octets + u64::from(heard.segment.length)))
    }

    /// How many frames of the peer never arrived.
    #[must_use]
    pub fn lost(&self) -> usize {
        self.heard.iter().filter(|heard| heard.lost).count()
    }

    /// The quickest round trip from the played end: to the place of capture, and from there to the other end, there and back.
    /// None where no answer of the other end was seen.
    #[must_use]
    pub fn quickest_round_trip_ns(&self) -> Option<u64> {
        let peer_ns = if self.is_client { self.vantage.server_ns } else { self.vantage.client_ns };
        Some(peer_ns?.saturating_add(self.way_ns.saturating_mul(2)))
    }

    /// When the peer first repeated an acknowledgement, in nanoseconds since 1970 at the place of capture.
    #[must_use]
    pub fn repeats_ns(&self) -> Option<u64> {
        let mut acknowledged: Option<u32> = None;
        let pure =
            |heard: &&Heard<'_>| !heard.own && heard.segment.has(tcp::ACK) && !heard.segment.has(tcp::SYN | tcp::RST);
        let mut acks = self.heard.iter().filter(pure);
        let again = acks.find(|heard| {
            let is_again = heard.segment.sequence_length() == 0 && acknowledged == Some(heard.segment.ack);
            acknowledged = Some(heard.segment.ack);
            is_again
        });
        again.map(|heard| heard.segment.time_ns)
    }

    /// What the connection took for a round trip: from the first frame to the answer's answer.
    #[must_use]
    pub fn round_trip_ns(&self) -> u64 {
        let mut times = self.heard.iter().take(3).map(|heard| heard.segment.time_ns);
        let (first, last) = (times.next().unwrap_or(0), times.next_back().unwrap_or(0));
        last.saturating_sub(first)
    }
}

/// Both directions merged by the times of the played end. What arrives at the moment at which something is sent came first:
/// it may be what is answered.
fn merged<'a>(whole: impl Iterator<Item = Heard<'a>>) -> Vec<Heard<'a>> {
    let (own, mut peer): (Vec<Heard<'a>>, Vec<Heard<'a>>) = whole.partition(|heard| heard.own);
    // One that came late was overtaken.
    peer.sort_by_key(|heard| heard.time_ns);
    let mut merged = Vec::with_capacity(own.len() + peer.len());
    let (mut own, mut peer) = (own.into_iter().peekable(), peer.into_iter().peekable());
    loop {
        let own_first = match (own.peek(), peer.peek()) {
            (Some(own), Some(peer)) => own.time_ns < peer.time_ns,
            (own, _) => own.is_some(),
        };
        match if own_first { own.next() } else { peer.next() } {
            Some(heard) => merged.push(heard),
            None => return merged,
        }
    }
}

/// By how many bits the client and the server shift their windows, where both offered it.
fn shifts(connection: &Connection) -> Option<(u8, u8)> {
    let shift_of = |source: Endpoint| {
        let syn = connection.segments.iter().find(|s| s.source == source && s.has(tcp::SYN))?;
        let said = TcpOptions::new(&syn.options).find_map(|option| match option {
            TcpOption::WindowScale(shift) => Some(shift.min(14)),
            _ => None,
        });
        said.or_else(|| window_shift(connection, source))
    };
    Some((shift_of(connection.client)?, shift_of(connection.server)?))
}

/// Where both ends offered window scaling, the windows of later frames are in larger units.
fn shift_of(segment: &Segment, connection: &Connection, shifts: Option<(u8, u8)>) -> u8 {
    let Some((client, server)) = shifts.filter(|_| !segment.has(tcp::SYN)) else { return 0 };
    if connection.is_from_client(segment) { client } else { server }
}
