//! The link layers of captures: what stands at the beginning of a frame of each link type, up to what it carries.

use stack::wire::big_endian::{get8, get16, get32};
use stack::wire::ethernet::ETH_HLEN;
use stack::wire::names::ETH_P_IP;

use super::between::PPPOE_SESSION;
use super::{Carries, Hardware, Rest, SegmentError};
use crate::capture::FrameDirection;
use crate::capture::link_type::{
    BSD_NULL, CISCO_HDLC, ETHERNET, IEEE802_11, IEEE802_11_RADIOTAP, LINUX_SLL, LINUX_SLL2, NFLOG, OPENBSD_LOOP, PPP,
    PPP_DIRECTION, PPP_ETHERNET, PPP_HDLC, PPP_PPPD, RAW_IP, RAW_IPV4, RAW_IPV6,
};
use crate::capture::read::FrameView;

/// The largest number that is the length of an 802.3 frame; above, it is a type.
const LARGEST_LENGTH: u16 = 1535;
/// The header of LLC with SNAP, all zeros behind it: an Ethernet type follows.
const SNAP: [u8; 6] = [0xaa, 0xaa, 3, 0, 0, 0];
/// Packet type of Linux cooked capture: sent by the capturing machine.
const PACKET_OUTGOING: u16 = 4;
/// `AF_INET` in BSD loopback, the same in every system.
const AF_INET: u32 = 2;
/// The values of `AF_INET6` in the BSDs, macOS and elsewhere.
const AF_INET6: [u32; 4] = [10, 24, 28, 30];

/// Takes the link layer off a frame.
///
/// # Errors
/// What the frame is, where it carries no datagram or its link layer is none of those known here.
pub(super) fn of_frame<'a>(frame: &FrameView<'a>) -> Result<Rest<'a>, SegmentError> {
    let bytes = frame.bytes;
    match frame.link_type {
        ETHERNET => ethernet(bytes),
        BSD_NULL | OPENBSD_LOOP => loopback(bytes),
        LINUX_SLL => cooked(bytes),
        LINUX_SLL2 => cooked_v2(bytes),
        IEEE802_11 => ieee802_11(bytes),
        IEEE802_11_RADIOTAP => radiotap(bytes),
        PPP | PPP_HDLC | CISCO_HDLC => serial(bytes),
        PPP_ETHERNET => rest(bytes, 0, Carries::EtherType(PPPOE_SESSION)),
        PPP_PPPD | PPP_DIRECTION => directed(bytes),
        NFLOG => logged(bytes),
        RAW_IPV4 => rest(bytes, 0, Carries::EtherType(ETH_P_IP)),
        RAW_IPV6 => Err(SegmentError::Ipv6),
        number if RAW_IP.contains(&number) => rest(bytes, 0, Carries::Ip),
        other => Err(SegmentError::LinkType(other)),
    }
}

/// What follows `header` octets, without hardware addresses.
pub(super) fn rest(bytes: &[u8], header: usize, carries: Carries) -> Result<Rest<'_>, SegmentError> {
    let bytes = bytes.get(header..).ok_or(SegmentError::Malformed)?;
    Ok(Rest { bytes, carries, hardware: None, direction: FrameDirection::Unknown })
}

/// Ethernet II, or 802.3 with LLC and SNAP.
pub(super) fn ethernet(bytes: &[u8]) -> Result<Rest<'_>, SegmentError> {
    let (header, payload) = bytes.split_first_chunk::<ETH_HLEN>().ok_or(SegmentError::Malformed)?;
    let [d0, d1, d2, d3, d4, d5, s0, s1, s2, s3, s4, s5, t0, t1] = *header;
    let hardware = Some(Hardware { destination: [d0, d1, d2, d3, d4, d5], source: [s0, s1, s2, s3, s4, s5] });
    let kind = u16::from_be_bytes([t0, t1]);
    let inner = if kind > LARGEST_LENGTH { rest(payload, 0, Carries::EtherType(kind))? } else { snap(payload, kind)? };
    Ok(Rest { hardware, ..inner })
}

/// LLC with SNAP. What is without SNAP is counted as `kind`.
fn snap(bytes: &[u8], kind: u16) -> Result<Rest<'_>, SegmentError> {
    if !bytes.starts_with(&SNAP) {
        return Err(SegmentError::EtherType(kind));
    }
    let kind = get16(bytes, SNAP.len()).ok_or(SegmentError::Malformed)?;
    rest(bytes, SNAP.len() + 2, Carries::EtherType(kind))
}

/// BSD's loopback: the address family as a number of the machine that captured (NULL) or in network order (LOOP), which are told
/// apart by which of them makes sense.
fn loopback(bytes: &[u8]) -> Result<Rest<'_>, SegmentError> {
    let family = get32(bytes, 0).ok_or(SegmentError::Malformed)?;
    let either = [family, family.swap_bytes()];
    if either.contains(&AF_INET) {
        rest(bytes, 4, Carries::EtherType(ETH_P_IP))
    } else if either.iter().any(|family| AF_INET6.contains(family)) {
        Err(SegmentError::Ipv6)
    } else {
        Err(SegmentError::Malformed)
    }
}

fn direction_of(packet_type: u16) -> FrameDirection {
    if packet_type == PACKET_OUTGOING { FrameDirection::Outbound } else { FrameDirection::Inbound }
}

/// Linux cooked capture: packet type, ARPHRD type, length of the address and the address of the sender, protocol.
fn cooked(bytes: &[u8]) -> Result<Rest<'_>, SegmentError> {
    let (packet_type, protocol) = get16(bytes, 0).zip(get16(bytes, 14)).ok_or(SegmentError::Malformed)?;
    Ok(Rest { direction: direction_of(packet_type), ..rest(bytes, 16, Carries::EtherType(protocol))? })
}

/// The second version: protocol first, then the interface, and the packet type in one octet.
fn cooked_v2(bytes: &[u8]) -> Result<Rest<'_>, SegmentError> {
    let (protocol, packet_type) = get16(bytes, 0).zip(get8(bytes, 10)).ok_or(SegmentError::Malformed)?;
    Ok(Rest { direction: direction_of(u16::from(packet_type)), ..rest(bytes, 20, Carries::EtherType(protocol))? })
}

/// PPP, or what Cisco frames as HDLC: an address octet that PPP does not have, a control octet, an Ethernet type.
fn serial(bytes: &[u8]) -> Result<Rest<'_>, SegmentError> {
    const UNICAST: u8 = 0x0f;
    const BROADCAST: u8 = 0x8f;
    match get8(bytes, 0).ok_or(SegmentError::Malformed)? {
        UNICAST | BROADCAST => rest(bytes, 4, Carries::EtherType(get16(bytes, 2).ok_or(SegmentError::Malformed)?)),
        _ => rest(bytes, 0, Carries::Ppp),
    }
}

/// PPP behind an octet that is zero in what the capturing machine received. Where that octet took the place of HDLC's address, the
/// control octet stands behind it still; no protocol of PPP begins with it.
fn directed(bytes: &[u8]) -> Result<Rest<'_>, SegmentError> {
    const CONTROL: u8 = 3;
    let (sent, ppp) = bytes.split_first().ok_or(SegmentError::Malformed)?;
    let direction = if *sent == 0 { FrameDirection::Inbound } else { FrameDirection::Outbound };
    let control = usize::from(ppp.first() == Some(&CONTROL));
    Ok(Rest { direction, ..rest(ppp, control, Carries::Ppp)? })
}

/// What the packet filter of Linux logs: the address family, the version, a group, then attributes with their length and type in the
/// order of the machine that captured, which is the one in which a packet is found.
fn logged(bytes: &[u8]) -> Result<Rest<'_>, SegmentError> {
    const PAYLOAD: u16 = 9;
    const HEADER: usize = 4;
    let attributes = bytes.get(HEADER..).ok_or(SegmentError::Malformed)?;
    let payload = |number: fn([u8; 2]) -> u16| {
        let mut rest = attributes;
        loop {
            let ([l0, l1, t0, t1], _) = rest.split_first_chunk()?;
            // Every attribute is longer than nothing, so that the search ends.
            let length = Some(usize::from(number([*l0, *l1]))).filter(|length| *length >= HEADER)?;
            if number([*t0, *t1]) == PAYLOAD {
                // The capture may have cut it.
                return rest.get(HEADER..length.min(rest.len()));
            }
            rest = rest.get(length.next_multiple_of(4)..)?;
        }
    };
    let packet = payload(u16::from_le_bytes).or_else(|| payload(u16::from_be_bytes)).ok_or(SegmentError::Malformed)?;
    rest(packet, 0, Carries::Ip)
}

/// The header that a driver puts before an 802.11 frame: its length stands in it, in the order of little-endian machines.
fn radiotap(bytes: &[u8]) -> Result<Rest<'_>, SegmentError> {
    let length = get16(bytes, 2).map(|length| usize::from(length.swap_bytes())).ok_or(SegmentError::Malformed)?;
    if length < 8 {
        return Err(SegmentError::Malformed);
    }
    ieee802_11(bytes.get(length..).ok_or(SegmentError::Malformed)?)
}

/// A data frame of 802.11 with LLC and SNAP in it. Everything else in the air (management, control, encrypted and aggregated frames)
/// is counted under the link type.
fn ieee802_11(bytes: &[u8]) -> Result<Rest<'_>, SegmentError> {
    const DATA: u8 = 2;
    const NO_DATA: u8 = 4;
    const QOS: u8 = 8;
    const TO_DS: u8 = 1;
    const FROM_DS: u8 = 2;
    const PROTECTED: u8 = 0x40;
    const ORDER: u8 = 0x80;
    let (control, flags) = get8(bytes, 0).zip(get8(bytes, 1)).ok_or(SegmentError::Malformed)?;
    let subtype = control >> 4;
    if (control >> 2) & 3 != DATA || subtype & NO_DATA != 0 || flags & PROTECTED != 0 {
        return Err(SegmentError::LinkType(IEEE802_11));
    }
    let (to, from) = (flags & TO_DS != 0, flags & FROM_DS != 0);
    // Of three addresses at 4, 10 and 16, and a fourth at 24 between two access points, those two of the ends.
    let (source, destination) = match (to, from) {
        (false, false) => (10, 4),
        (true, false) => (10, 16),
        (false, true) => (16, 4),
        (true, true) => (24, 16),
    };
    let address = |at: usize| bytes.get(at..).and_then(|bytes| bytes.first_chunk::<6>()).copied();
    let (source, destination) = address(source).zip(address(destination)).ok_or(SegmentError::Malformed)?;
    let fourth = if to && from { 6 } else { 0 };
    let quality = if subtype & QOS == 0 { 0 } else { 2 };
    let high_throughput = if quality > 0 && flags & ORDER != 0 { 4 } else { 0 };
    let header: usize = 24 + fourth + quality + high_throughput;
    // Some drivers pad the header to four octets.
    let bodies = [header, header.next_multiple_of(4)].map(|at| bytes.get(at..).unwrap_or(&[]));
    let body = bodies.into_iter().find(|body| body.starts_with(&SNAP)).ok_or(SegmentError::LinkType(IEEE802_11))?;
    Ok(Rest { hardware: Some(Hardware { source, destination }), ..snap(body, 0)? })
}
