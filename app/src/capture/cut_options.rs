//! What a SYN would have said whose options the capture cut off (a snap length of 54 leaves the fixed header alone): inferred from what
//! the other end then did. Promise: nothing is inferred of a SYN that was captured whole, and what is inferred lets the other
//! end do everything that it did.

use stack::wire::tcp;
use stack::wire::tcp_options::{TcpOption, TcpOptions, maximum_segment_size};

use super::connection::Connection;
use super::segment::{Endpoint, Segment};

/// The largest segment of an Ethernet.
const LARGEST_SEGMENT: u16 = 1460;
/// What an end that says nothing is sent (RFC 879).
const DEFAULT_SEGMENT: u16 = 536;
/// The largest shift of windows (RFC 7323).
const LARGEST_SHIFT: u8 = 14;

/// The SYN of `end`, where the capture cut it.
fn cut_syn<'a>(connection: &'a Connection<'_>, end: Endpoint) -> Option<&'a Segment<'a>> {
    let syn = connection.segments.iter().find(|segment| segment.source == end && segment.has(tcp::SYN))?;
    syn.checksum_right.is_none().then_some(syn)
}

/// The largest segment that `end` asked for, where the capture cut what it said: at least the largest that it was sent.
#[must_use]
pub fn segment_size(connection: &Connection, end: Endpoint) -> Option<u16> {
    let syn = cut_syn(connection, end).filter(|syn| maximum_segment_size(&syn.options).is_none())?;
    let others = connection.segments.iter().filter(|segment| segment.source != syn.source);
    let largest = others.map(|segment| segment.length).max().unwrap_or(0);
    Some(u16::try_from(largest).unwrap_or(LARGEST_SEGMENT).clamp(DEFAULT_SEGMENT, LARGEST_SEGMENT))
}

/// By how many bits `end` shifted its windows, where the capture cut what its SYN said of it: none where all that it was sent fits
/// its windows without, and else as many as there can be, for a window that nobody knows shall be no reason to wait.
#[must_use]
pub fn window_shift(connection: &Connection, end: Endpoint) -> Option<u8> {
    let says_shift = |syn: &&Segment| TcpOptions::new(&syn.options).any(|o| matches!(o, TcpOption::WindowScale(_)));
    let syn = cut_syn(connection, end).filter(|syn| !says_shift(syn))?;
    let mut offered: Option<(u32, u16)> = None;
    for segment in &connection.segments {
        if segment.source == syn.source {
            if segment.has(tcp::ACK) && !segment.has(tcp::SYN | tcp::RST) {
                offered = Some((segment.ack, segment.window));
            }
        } else if let Some((ack, window)) = offered.filter(|(_, window)| *window > 0 && segment.length > 0) {
            let needed = segment.end().wrapping_sub(ack).cast_signed();
            if i64::from(window) < i64::from(needed) {
                return Some(LARGEST_SHIFT);
            }
        }
    }
    Some(0)
}
