//! What lies between the wire and IP: one normaliser from a frame of any link type to the IPv4 datagram in it. Link layers
//! (`link.rs`) and what may stand between them and IP (`between.rs`: VLAN tags, MPLS labels, PPPoE, tunnels) are taken off one
//! after the other. Promise: the datagram is a part of the frame's own bytes, nothing is copied or allocated, every layer taken
//! off is shorter than the one before, and a frame without an IPv4 datagram is named.

mod between;
pub mod fragments;
mod left_out;
mod link;

pub use left_out::SegmentError;

use super::FrameDirection;
use super::read::FrameView;

/// The hardware addresses of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hardware {
    /// Of the sender.
    pub source: [u8; 6],
    /// Of the receiver.
    pub destination: [u8; 6],
}

/// The IPv4 datagram in a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Datagram<'a> {
    /// From the IPv4 header on, as far as it was captured; padding of the link layer may follow it.
    pub bytes: &'a [u8],
    /// Octets that were on the wire from the IPv4 header on, padding included.
    pub on_wire: u32,
    /// The hardware addresses, where the link layer has both.
    pub hardware: Option<Hardware>,
    /// Which way the frame went, where the file or the link layer says so.
    pub direction: FrameDirection,
}

/// What a layer carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Carries {
    /// IPv4 or IPv6, as the first four bits say.
    Ip,
    /// What this Ethernet type names.
    EtherType(u16),
    /// An Ethernet frame.
    Ethernet,
    /// PPP, from its protocol number or the octets of HDLC before it on.
    Ppp,
}

/// What is left of a frame when its outer layers are taken off.
#[derive(Debug, Clone, Copy)]
struct Rest<'a> {
    bytes: &'a [u8],
    carries: Carries,
    hardware: Option<Hardware>,
    direction: FrameDirection,
}

/// The IPv4 datagram in a frame, the inner one where it is carried in another.
///
/// # Errors
/// What the frame is instead.
pub fn datagram<'a>(frame: &FrameView<'a>) -> Result<Datagram<'a>, SegmentError> {
    let outer = link::of_frame(frame)?;
    let inner = between::take_off(outer)?;
    let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    let taken_off = length(frame.bytes).saturating_sub(length(inner.bytes));
    Ok(Datagram {
        bytes: inner.bytes,
        on_wire: frame.original_length.max(length(frame.bytes)).saturating_sub(taken_off),
        hardware: inner.hardware,
        direction: if frame.direction == FrameDirection::Unknown { inner.direction } else { frame.direction },
    })
}
