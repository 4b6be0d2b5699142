//! A frame changed by a person, field by field, by the field tables: what can be changed in it, reading a value as it is typed, and
//! making the checksums right again. Promise: a value that does not fit its field changes nothing, and no text panics.

use core::net::Ipv4Addr;

use super::arp::ARP;
use super::dissect::{Node, dissect};
use super::ethernet::{self, ETH_ALEN, ETH_HLEN, ETHERNET};
use super::field::{Field, FieldKind, Header};
use super::ip_numbers::{PROTOCOL_ICMP, PROTOCOL_TCP, PROTOCOL_UDP};
use super::ipv4::{self, IPV4, Ipv4Packet};
use super::names::ETH_P_IP;
use super::tcp::TCP;
use super::udp::UDP;
use super::{icmp, tcp, udp};

/// A field of a frame that can be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameField {
    /// The C struct of its header.
    pub header: &'static str,
    /// The field.
    pub field: &'static Field,
    /// Where its header begins in the frame.
    pub at: usize,
}

/// The fields of a frame in the order of the wire, parts behind the field that they are parts of. What is quoted by an ICMP error,
/// options and payload have none.
#[must_use]
pub fn fields(frame: &[u8]) -> Vec<FrameField> {
    let dissection = dissect(frame);
    dissection.nodes.iter().filter_map(|node| Some((node, table(frame, node)?))).flat_map(of_header).collect()
}

fn of_header((node, table): (&Node, &'static Header)) -> Vec<FrameField> {
    let at = node.bytes.start;
    let known = |name: &str| Some(FrameField { header: table.name, field: table.field(name)?, at });
    let with_parts = |child: &Node| {
        let parts: Vec<FrameField> = child.children.iter().filter_map(|part| known(part.name)).collect();
        known(child.name).into_iter().chain(parts).collect::<Vec<_>>()
    };
    node.children.iter().flat_map(with_parts).collect()
}

/// The table by which a node was taken apart.
fn table(frame: &[u8], node: &Node) -> Option<&'static Header> {
    let kind = frame.get(node.bytes.start).copied().unwrap_or(0);
    [&ETHERNET, &ARP, &IPV4, &TCP, &UDP, icmp::header_of(kind)].into_iter().find(|table| table.name == node.name)
}

impl FrameField {
    /// Its value as it can be typed again; empty where the frame is too short.
    #[must_use]
    pub fn value(&self, frame: &[u8]) -> String {
        let Some(header) = frame.get(self.at..) else { return String::new() };
        let number = self.field.read(header);
        match (self.field.kind, number) {
            (FieldKind::Words | FieldKind::EightBytes, Some(number)) => number.to_string(),
            (FieldKind::EtherType, Some(number)) => format!("0x{number:04x}"),
            (FieldKind::Protocol | FieldKind::ArpOperation, Some(number)) => number.to_string(),
            _ => self.field.show(header).unwrap_or_default(),
        }
    }

    /// Sets it to what was typed: a number (decimal, or hexadecimal behind 0x), or an address as it is shown. `false`, and no
    /// change, where the text is no value of this field.
    pub fn set(&self, frame: &mut [u8], typed: &str) -> bool {
        let Some(value) = self.read(typed.trim()) else { return false };
        frame.get_mut(self.at..).is_some_and(|header| self.field.write(header, value))
    }

    fn read(&self, typed: &str) -> Option<u64> {
        match self.field.kind {
            FieldKind::InternetAddress => typed.parse::<Ipv4Addr>().ok().map(|address| u64::from(u32::from(address))),
            FieldKind::HardwareAddress => {
                let octets: Vec<&str> = typed.split(':').collect();
                let is_octet = |octet: &&str| octet.len() == 2 && octet.bytes().all(|digit| digit.is_ascii_hexdigit());
                let right = octets.len() == ETH_ALEN && octets.iter().all(is_octet);
                right.then(|| u64::from_str_radix(&octets.concat(), 16).ok())?
            }
            _ => match typed.strip_prefix("0x") {
                Some(digits) => u64::from_str_radix(digits, 16).ok(),
                None => typed.parse().ok(),
            },
        }
    }
}

/// Makes the checksums of a frame right: that of the Internet header, and behind it that of TCP, UDP or ICMP where the datagram is
/// whole. What is no IP, or is too short, is left as it is.
pub fn mend_checksums(frame: &mut [u8]) {
    if ethernet::h_proto(frame) != Some(ETH_P_IP) {
        return;
    }
    let Some(packet) = frame.get_mut(ETH_HLEN..) else { return };
    if !ipv4::fill_checksum(packet) {
        return;
    }
    let Ok(view) = Ipv4Packet::new_header(packet) else { return };
    if view.is_fragment() {
        return;
    }
    let (saddr, daddr, protocol) = (view.saddr(), view.daddr(), view.protocol());
    let message = usize::from(view.ihl()) * 4..usize::from(view.tot_len());
    let Some(message) = packet.get_mut(message) else { return };
    // What cannot be written has no place in so short a message.
    let _written = match protocol {
        PROTOCOL_TCP => tcp::fill_checksum(message, saddr, daddr),
        PROTOCOL_UDP => udp::fill_checksum(message, saddr, daddr),
        PROTOCOL_ICMP => icmp::fill_checksum(message),
        _ => false,
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::dissect::dissect;

    /// A SYN from 10.0.0.1:1026 to 10.0.0.2:80, with a padding of two octets.
    fn syn() -> Vec<u8> {
        let mut frame = vec![2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 8, 0];
        frame.extend([0x45, 0, 0, 44, 0, 1, 0, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]);
        frame.extend([4, 2, 0, 80, 0, 0, 0, 100, 0, 0, 0, 0, 0x60, 2, 2, 0, 0, 0, 0, 0, 2, 4, 5, 0xb4, 0, 0]);
        mend_checksums(&mut frame);
        frame
    }

    fn field(frame: &[u8], header: &str, name: &str) -> FrameField {
        fields(frame).into_iter().find(|field| field.header == header && field.field.name == name).unwrap()
    }

    #[test]
    fn a_field_is_set_and_the_checksums_are_right_again() {
        let mut frame = syn();
        assert!(dissect(&frame).warnings().is_empty());
        assert!(field(&frame, "tcphdr", "rst").set(&mut frame, "1"));
        assert!(field(&frame, "iphdr", "daddr").set(&mut frame, "10.0.0.9"));
        assert!(!dissect(&frame).warnings().is_empty(), "both checksums are wrong now");
        mend_checksums(&mut frame);
        assert!(dissect(&frame).warnings().is_empty());
        assert_eq!(frame[14 + 20 + 13], 0x06, "SYN and RST");
        assert_eq!(field(&frame, "iphdr", "daddr").value(&frame), "10.0.0.9");
    }

    #[test]
    fn every_field_takes_what_it_shows() {
        let frame = syn();
        assert!(fields(&frame).len() > 25);
        for field in fields(&frame) {
            let mut other = frame.clone();
            let shown = field.value(&frame);
            assert!(field.set(&mut other, &shown), "{} {}: {shown}", field.header, field.field.name);
            assert_eq!(other, frame, "{} {}", field.header, field.field.name);
        }
    }

    #[test]
    fn what_does_not_fit_changes_nothing() {
        let frame = syn();
        for (header, name, typed) in [
            ("tcphdr", "source", "65536"),
            ("tcphdr", "rst", "2"),
            ("tcphdr", "seq", "-1"),
            ("iphdr", "saddr", "10.0.0"),
            ("ethhdr", "h_dest", "02:02:02"),
            ("ethhdr", "h_dest", "+2:02:02:02:02:02"),
            ("tcphdr", "window", ""),
        ] {
            let mut other = frame.clone();
            assert!(!field(&frame, header, name).set(&mut other, typed), "{name}: {typed}");
            assert_eq!(other, frame);
        }
    }

    proptest::proptest! {
        #[test]
        fn no_frame_and_no_text_panics(
            mut frame in proptest::collection::vec(proptest::num::u8::ANY, 0..80),
            is_ip: bool,
            typed in ".{0,12}",
        ) {
            if let Some(proto) = frame.get_mut(12..14).filter(|_| is_ip) {
                proto.copy_from_slice(&[8, 0]);
            }
            for field in fields(&frame) {
                let before = frame.len();
                field.set(&mut frame, &typed);
                proptest::prop_assert_eq!(frame.len(), before);
            }
            mend_checksums(&mut frame);
        }
    }
}
