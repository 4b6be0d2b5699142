//! What may stand between a link layer and the IPv4 datagram that is looked for: VLAN tags, MPLS labels, PPPoE, and one tunnel (IP
//! in IP, or GRE with IP, Ethernet or PPP in it). Promise: every turn takes octets off, so it ends with the frame.

use stack::wire::big_endian::{get8, get16};
use stack::wire::ip_numbers::{PROTOCOL_GRE, PROTOCOL_IPIP, PROTOCOL_IPV6};
use stack::wire::ipv4::Ipv4Packet;
use stack::wire::names::{ETH_P_ARP, ETH_P_IP, ETH_P_IPV6, ETH_P_MPLS};

use super::link::ethernet;
use super::{Carries, PPPOE_SESSION, Rest, SegmentError};

/// 802.1Q, 802.1ad, and the types that were used for the outer tag before it had one.
const VLAN: [u16; 4] = [0x8100, 0x88a8, 0x9100, 0x9200];
const MPLS: [u16; 2] = [ETH_P_MPLS, 0x8848];
const PPPOE_DISCOVERY: u16 = 0x8863;
/// GRE's name for an Ethernet frame.
const ETH_P_TEB: u16 = 0x6558;
/// GRE's name for PPP.
const ETH_P_PPP: u16 = 0x880b;
const PPP_IP: u16 = 0x0021;
const PPP_IPV6: u16 = 0x0057;

/// Takes off everything up to the datagram.
///
/// # Errors
/// What the frame is, where there is no IPv4 datagram in it.
pub(super) fn take_off(outer: Rest<'_>) -> Result<Rest<'_>, SegmentError> {
    let mut rest = outer;
    let mut may_be_tunnel = true;
    loop {
        rest = match rest.carries {
            Carries::Ip => match get8(rest.bytes, 0).ok_or(SegmentError::Malformed)? >> 4 {
                4 => Rest { carries: Carries::EtherType(ETH_P_IP), ..rest },
                6 => return Err(SegmentError::Ipv6),
                _ => return Err(SegmentError::Malformed),
            },
            Carries::Ppp => ppp(rest)?,
            Carries::Ethernet => Rest { direction: rest.direction, ..ethernet(rest.bytes)? },
            Carries::EtherType(ETH_P_IP) if may_be_tunnel => {
                may_be_tunnel = false;
                match tunnelled(rest)? {
                    Some(inner) => inner,
                    None => return Ok(rest),
                }
            }
            Carries::EtherType(ETH_P_IP) => return Ok(rest),
            Carries::EtherType(kind) => below_ether_type(rest, kind)?,
        };
    }
}

/// What follows `header` octets of `rest`.
fn behind(rest: Rest<'_>, header: usize, carries: Carries) -> Result<Rest<'_>, SegmentError> {
    let bytes = rest.bytes.get(header..).ok_or(SegmentError::Malformed)?;
    Ok(Rest { bytes, carries, ..rest })
}

/// What stands behind a tag, a label stack or a session header; of everything else, its name.
fn below_ether_type(rest: Rest<'_>, kind: u16) -> Result<Rest<'_>, SegmentError> {
    match kind {
        ETH_P_ARP => Err(SegmentError::Arp),
        ETH_P_IPV6 => Err(SegmentError::Ipv6),
        PPPOE_SESSION => match get8(rest.bytes, 1).ok_or(SegmentError::Malformed)? {
            0 => behind(rest, 6, Carries::Ppp),
            _ => Err(SegmentError::EtherType(PPPOE_DISCOVERY)),
        },
        kind if VLAN.contains(&kind) => {
            let kind = get16(rest.bytes, 2).ok_or(SegmentError::Malformed)?;
            behind(rest, 4, Carries::EtherType(kind))
        }
        kind if MPLS.contains(&kind) => labels(rest),
        other => Err(SegmentError::EtherType(other)),
    }
}

/// Labels of four octets, the last one marked. What follows them is not said: IP is, by its version.
fn labels(rest: Rest<'_>) -> Result<Rest<'_>, SegmentError> {
    let bottom = rest.bytes.chunks_exact(4).position(|label| matches!(label, [_, _, marked, _] if marked & 1 == 1));
    behind(rest, 4 * (bottom.ok_or(SegmentError::Malformed)? + 1), Carries::Ip)
}

/// PPP: a protocol number of two octets, or of one where that is odd, with the address and control octets before it on some links.
fn ppp(rest: Rest<'_>) -> Result<Rest<'_>, SegmentError> {
    let start = if rest.bytes.starts_with(&[0xff, 3]) { 2 } else { 0 };
    let first = get8(rest.bytes, start).ok_or(SegmentError::Malformed)?;
    let (protocol, header) = if first & 1 == 1 {
        (u16::from(first), start + 1)
    } else {
        (get16(rest.bytes, start).ok_or(SegmentError::Malformed)?, start + 2)
    };
    match protocol {
        PPP_IP => behind(rest, header, Carries::EtherType(ETH_P_IP)),
        PPP_IPV6 => Err(SegmentError::Ipv6),
        other => Err(SegmentError::PppProtocol(other)),
    }
}

/// The packet in the datagram that `rest` begins with, where it is a tunnel's.
fn tunnelled(rest: Rest<'_>) -> Result<Option<Rest<'_>>, SegmentError> {
    let Ok(packet) = Ipv4Packet::new_header(rest.bytes) else { return Ok(None) };
    let header = usize::from(packet.ihl()) * 4;
    match packet.protocol() {
        // A fragment of a tunnel's datagram is counted as the fragment it is.
        PROTOCOL_IPIP | PROTOCOL_GRE if packet.is_fragment() => Err(SegmentError::Fragment),
        PROTOCOL_IPIP => behind(rest, header, Carries::Ip).map(Some),
        PROTOCOL_IPV6 => Err(SegmentError::Ipv6),
        PROTOCOL_GRE => gre(behind(rest, header, Carries::Ip)?).map(Some),
        _ => Ok(None),
    }
}

/// GRE: flags say which of checksum, key, sequence and acknowledgement number, four octets each, follow its first four.
fn gre(rest: Rest<'_>) -> Result<Rest<'_>, SegmentError> {
    const OPTIONAL: [u16; 4] = [0x8000, 0x2000, 0x1000, 0x0080];
    const ROUTING: u16 = 0x4000;
    let (flags, kind) = get16(rest.bytes, 0).zip(get16(rest.bytes, 2)).ok_or(SegmentError::Malformed)?;
    if flags & ROUTING != 0 {
        return Err(SegmentError::Protocol(PROTOCOL_GRE));
    }
    let header = 4 + 4 * OPTIONAL.iter().filter(|flag| flags & **flag != 0).count();
    match kind {
        ETH_P_TEB => behind(rest, header, Carries::Ethernet),
        ETH_P_PPP => behind(rest, header, Carries::Ppp),
        kind => behind(rest, header, Carries::EtherType(kind)),
    }
}
