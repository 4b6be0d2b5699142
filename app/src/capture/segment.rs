//! A TCP segment as it stands in a captured or sent frame, with everything that replaying and comparing needs.
//! Promise: frames that are no TCP segment come back with the name of what they are, and a frame that the capture
//! cut short still has its true length.

use std::fmt;
use std::net::Ipv4Addr;

use stack::wire::checksum::tcp_checksum;
use stack::wire::ethernet::EthernetFrame;
use stack::wire::ip_numbers;
use stack::wire::ipv4::Ipv4Packet;
use stack::wire::names::{ETH_P_ARP, ETH_P_IP};
use stack::wire::tcp::{self, TcpSegment};

use super::{CapturedFrame, link_type};

/// The longest frame that segmentation offload hands over in one piece.
const LONGEST_OFFLOADED: u32 = 262_144;
const ETH_P_IPV6: u16 = 0x86dd;
const ETH_P_VLAN: u16 = 0x8100;

/// One end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Endpoint {
    /// The address.
    pub address: Ipv4Addr,
    /// The TCP port.
    pub port: u16,
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.address, self.port)
    }
}

/// A TCP segment in a frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// The number of the frame in its file, from 1.
    pub frame: usize,
    /// Nanoseconds since 1970.
    pub time_ns: u64,
    /// Hardware address of the sender.
    pub source_hardware: [u8; 6],
    /// Hardware address of the receiver.
    pub destination_hardware: [u8; 6],
    /// The sender.
    pub source: Endpoint,
    /// The receiver.
    pub destination: Endpoint,
    /// Sequence number of the first octet, of the SYN where there is one.
    pub seq: u32,
    /// Acknowledgement number; meaningless without the ACK flag.
    pub ack: u32,
    /// The flag octet (constants in `stack::wire::tcp`).
    pub flags: u8,
    /// The window as it stands in the header, unscaled.
    pub window: u16,
    /// By how many bits the two ends agreed to shift the window; 0 as read from one frame alone.
    pub window_shift: u8,
    /// The TCP options.
    pub options: Vec<u8>,
    /// Octets of data on the wire.
    pub length: u32,
    /// The data as far as it was captured.
    pub payload: Vec<u8>,
    /// Whether the TCP checksum is right; unknown where the frame was cut.
    pub checksum_right: Option<bool>,
}

impl Segment {
    /// Whether a flag is set.
    #[must_use]
    pub fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    /// Sequence numbers used: data, SYN and FIN.
    #[must_use]
    pub fn sequence_length(&self) -> u32 {
        self.length.wrapping_add(u32::from(self.has(tcp::SYN))).wrapping_add(u32::from(self.has(tcp::FIN)))
    }

    /// The sequence number behind the segment.
    #[must_use]
    pub fn end(&self) -> u32 {
        self.seq.wrapping_add(self.sequence_length())
    }

    /// The sequence number of the first data octet.
    #[must_use]
    pub fn data_start(&self) -> u32 {
        self.seq.wrapping_add(u32::from(self.has(tcp::SYN)))
    }

    /// The window in octets.
    #[must_use]
    pub fn offered_window(&self) -> u32 {
        u32::from(self.window).checked_shl(u32::from(self.window_shift)).unwrap_or(u32::MAX)
    }

    /// Whether it asks for a new connection.
    #[must_use]
    pub fn opens(&self) -> bool {
        self.has(tcp::SYN) && !self.has(tcp::ACK)
    }

    /// Reads the segment in a frame.
    ///
    /// # Errors
    /// What the frame is instead.
    pub fn read(frame: &CapturedFrame) -> Result<Self, SegmentError> {
        if frame.link_type != link_type::ETHERNET {
            return Err(SegmentError::LinkType(frame.link_type));
        }
        let ethernet = EthernetFrame::new_checked(&frame.bytes).map_err(|_| SegmentError::Malformed)?;
        match ethernet.h_proto() {
            ETH_P_IP => {}
            ETH_P_ARP => return Err(SegmentError::Arp),
            ETH_P_IPV6 => return Err(SegmentError::Ipv6),
            ETH_P_VLAN => return Err(SegmentError::Vlan),
            other => return Err(SegmentError::EtherType(other)),
        }
        let packet = Ipv4Packet::new_header(ethernet.payload()).map_err(|_| SegmentError::Malformed)?;
        if packet.protocol() != ip_numbers::PROTOCOL_TCP {
            return Err(SegmentError::Protocol(packet.protocol()));
        }
        if packet.is_fragment() {
            return Err(SegmentError::Fragment);
        }
        Self::of_packet(frame, &ethernet, &packet)
    }

    fn of_packet(
        frame: &CapturedFrame,
        ethernet: &EthernetFrame<'_>,
        packet: &Ipv4Packet<'_>,
    ) -> Result<Self, SegmentError> {
        let header_length =
            packet.header().len().saturating_add(packet.options().len()).max(usize::from(packet.ihl()) * 4);
        let captured = ethernet.payload().get(header_length..).unwrap_or(&[]);
        let on_wire = match usize::from(packet.tot_len()) {
            // Segmentation offload: the frame was longer than the field can say.
            0 => usize::try_from(frame.original_length.min(LONGEST_OFFLOADED)).unwrap_or(0).saturating_sub(14),
            total => total,
        };
        let transport_length = on_wire.saturating_sub(header_length);
        // The shortest frames are padded behind the packet.
        let captured = captured.get(..transport_length).unwrap_or(captured);
        let segment = TcpSegment::new_checked(captured).map_err(|_| SegmentError::Malformed)?;
        let length = transport_length.saturating_sub(usize::from(segment.doff()) * 4);
        let whole = captured.len() == transport_length;
        Ok(Self {
            frame: frame.index,
            time_ns: frame.time_ns,
            source_hardware: ethernet.h_source(),
            destination_hardware: ethernet.h_dest(),
            source: Endpoint { address: packet.saddr(), port: segment.source() },
            destination: Endpoint { address: packet.daddr(), port: segment.dest() },
            seq: segment.seq(),
            ack: segment.ack_seq(),
            flags: segment.flags(),
            window: segment.window(),
            window_shift: 0,
            options: segment.options().to_vec(),
            length: u32::try_from(length).unwrap_or(u32::MAX),
            payload: segment.payload().to_vec(),
            checksum_right: whole.then(|| checksum_is_right(packet, captured)),
        })
    }
}

/// The checksum over a segment that carries its own checksum is zero.
fn checksum_is_right(packet: &Ipv4Packet<'_>, segment: &[u8]) -> bool {
    matches!(tcp_checksum(packet.saddr(), packet.daddr(), segment), 0 | 0xffff)
}

/// What a frame is that carries no TCP segment this program can feed to the stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SegmentError {
    /// Another link layer than Ethernet.
    LinkType(u32),
    /// ARP.
    Arp,
    /// IPv6: 1.2.13 has none.
    Ipv6,
    /// A VLAN tag: 1.2.13 knows none.
    Vlan,
    /// Some other Ethernet type.
    EtherType(u16),
    /// An IPv4 protocol other than TCP.
    Protocol(u8),
    /// A fragment of a datagram.
    Fragment,
    /// It says it is TCP, but a header does not fit.
    Malformed,
}

impl fmt::Display for SegmentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LinkType(number) => f.write_str(&link_type::name(*number)),
            Self::Arp => f.write_str("ARP"),
            Self::Ipv6 => f.write_str("IPv6"),
            Self::Vlan => f.write_str("VLAN"),
            Self::EtherType(number) => write!(f, "Ethernet type 0x{number:04x}"),
            Self::Protocol(number) => match ip_numbers::protocol_name(*number) {
                Some(name) => f.write_str(name),
                None => write!(f, "IPv4 protocol {number}"),
            },
            Self::Fragment => f.write_str("IPv4 fragment"),
            Self::Malformed => f.write_str("malformed"),
        }
    }
}
