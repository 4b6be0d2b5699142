//! What a line says about headers of IP: the byte of the type of service, and whole headers around a datagram of the peer (GRE,
//! MPLS and IP in IP), from the inside out. 1.2.13 knows none of the latter and sends none; what arrives so is dropped, or
//! answered as a protocol that nobody takes.

use crate::lab::script::ast::{Congestion, Gre, IpInformation, Label, Outer};
use crate::wire::build::Ipv4Builder;
use crate::wire::ip_numbers::{PROTOCOL_GRE, PROTOCOL_IPIP, PROTOCOL_IPV6, PROTOCOL_MPLS};
use crate::wire::malformed::Malformed;
use crate::wire::names::{ETH_P_IP, ETH_P_IPV6, ETH_P_MPLS};

/// Time to live of a header that does not say.
const USUAL_TTL: u8 = 64;

/// What stands in a header, as that around it has to call it.
#[derive(Clone, Copy)]
struct Inside {
    protocol: u8,
    ethernet: u16,
}

/// The byte of the type of service, congestion notification in its two low bits.
pub(super) fn type_of_service(ip: IpInformation) -> u8 {
    ip.tos.unwrap_or(0) | ip.congestion.map_or(0, congestion_bits)
}

/// The time to live, of a packet of the peer: 0 too is sent where it is written.
pub(super) fn time_to_live(ip: IpInformation) -> u8 {
    ip.ttl.unwrap_or(USUAL_TTL)
}

/// The two low bits of the type of service.
pub(super) fn congestion_bits(congestion: Congestion) -> u8 {
    match congestion {
        Congestion::NoEcn => 0,
        Congestion::Ect0 | Congestion::Ect01 => 2,
        Congestion::Ect1 => 1,
        Congestion::Ce => 3,
    }
}

/// The bytes of a datagram within those headers, and the type of the Ethernet frame that carries them.
///
/// # Errors
/// Longer than IP allows.
pub(super) fn wrapped(datagram: Vec<u8>, outer: &[Outer]) -> Result<(Vec<u8>, u16), Malformed> {
    let mut bytes = datagram;
    let mut inside = Inside { protocol: PROTOCOL_IPIP, ethernet: ETH_P_IP };
    for header in outer.iter().rev() {
        (bytes, inside) = within(header, bytes, inside)?;
    }
    Ok((bytes, inside.ethernet))
}

fn within(header: &Outer, bytes: Vec<u8>, inside: Inside) -> Result<(Vec<u8>, Inside), Malformed> {
    match header {
        Outer::Ipv4 { ip, source, destination } => {
            let header = Ipv4Builder {
                tos: type_of_service(*ip),
                ttl: time_to_live(*ip),
                protocol: inside.protocol,
                saddr: *source,
                daddr: *destination,
                ..Ipv4Builder::default()
            };
            Ok((header.build(&bytes)?, Inside { protocol: PROTOCOL_IPIP, ethernet: ETH_P_IP }))
        }
        Outer::Ipv6 { ip, source, destination } => {
            let length = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
            let first = 6 << 28 | u32::from(type_of_service(*ip)) << 20 | ip.flow_label.unwrap_or(0);
            let mut all = first.to_be_bytes().to_vec();
            all.extend(length.to_be_bytes());
            all.extend([inside.protocol, time_to_live(*ip)]);
            all.extend(source.octets());
            all.extend(destination.octets());
            all.extend(bytes);
            Ok((all, Inside { protocol: PROTOCOL_IPV6, ethernet: ETH_P_IPV6 }))
        }
        Outer::Gre(header) => {
            let mut all = gre(*header, inside.ethernet);
            all.extend(bytes);
            Ok((all, Inside { protocol: PROTOCOL_GRE, ethernet: ETH_P_IP }))
        }
        Outer::Mpls(labels) => {
            let mut all: Vec<u8> = labels.iter().flat_map(|label| entry(*label)).collect();
            all.extend(bytes);
            Ok((all, Inside { protocol: PROTOCOL_MPLS, ethernet: ETH_P_MPLS }))
        }
    }
}

fn gre(header: Gre, carries: u16) -> Vec<u8> {
    let Gre { flags, checksum, offset, key, sequence } = header;
    let mut bytes = [flags.to_be_bytes(), carries.to_be_bytes()].concat();
    if flags & (Gre::CHECKSUM | Gre::ROUTING) != 0 {
        bytes.extend(checksum.to_be_bytes());
        bytes.extend(offset.to_be_bytes());
    }
    for (bit, value) in [(Gre::KEY, key), (Gre::SEQUENCE, sequence)] {
        if flags & bit != 0 {
            bytes.extend(value.to_be_bytes());
        }
    }
    bytes
}

/// 20 bits of label, three of class, one for the bottom of the stack, eight of time to live.
fn entry(label: Label) -> [u8; 4] {
    let Label { label, class, bottom, ttl } = label;
    (label << 12 | u32::from(class) << 9 | u32::from(bottom) << 8 | u32::from(ttl)).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::net::Ipv4Addr;

    #[test]
    fn each_header_says_what_it_carries() {
        let address = Ipv4Addr::new(1, 1, 1, 1);
        let ipv4 = Outer::Ipv4 { ip: IpInformation::default(), source: address, destination: address };
        let gre = Gre { flags: Gre::KEY | Gre::SEQUENCE, key: 7, sequence: 9, ..Gre::default() };
        let label = Label { label: 0xf_ffff, class: 7, bottom: true, ttl: 255 };
        let outer = [ipv4.clone(), Outer::Gre(gre), Outer::Mpls(vec![label])];
        let (bytes, ethernet) = wrapped(vec![0x45; 20], &outer).unwrap();
        assert_eq!((ethernet, bytes.len(), bytes[9]), (ETH_P_IP, 20 + 12 + 4 + 20, PROTOCOL_GRE));
        assert_eq!(bytes[20..32], [0x30, 0, 0x88, 0x47, 0, 0, 0, 7, 0, 0, 0, 9]);
        assert_eq!(bytes[32..36], [0xff; 4]);
        let (bytes, _) = wrapped(vec![0x45; 20], &[ipv4.clone(), ipv4]).unwrap();
        assert_eq!((bytes.len(), bytes[9], bytes[29]), (60, PROTOCOL_IPIP, PROTOCOL_IPIP));
    }
}
