//! What a frame says, in plain values (for a sequence diagram) and in one line (for a list). A frame that is cut off is
//! read as far as it goes; one that cannot be read says which field is to blame.

mod line;

use core::net::Ipv4Addr;

use crate::wire::arp::ArpPacket;
use crate::wire::ethernet::{ETH_ALEN, EthernetFrame};
use crate::wire::icmp::{self, IcmpPacket};
use crate::wire::ip_numbers::{PROTOCOL_ICMP, PROTOCOL_TCP, PROTOCOL_UDP};
use crate::wire::ipv4::Ipv4Packet;
use crate::wire::malformed::Malformed;
use crate::wire::names::{ETH_P_ARP, ETH_P_IP, ETH_P_RARP};
use crate::wire::tcp::{self, TcpSegment};
use crate::wire::tcp_options;

/// What a frame carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FrameSummary {
    /// Address resolution.
    Arp(ArpSummary),
    /// A TCP segment (whole, or a first fragment with the whole header).
    Tcp(TcpSummary),
    /// A UDP datagram, or the first fragment of one.
    Udp(UdpSummary),
    /// A control message, or the first fragment of one.
    Icmp(IcmpSummary),
    /// Another protocol over IP, or a fragment without a transport header.
    Ipv4(Ipv4Summary),
    /// Another Ethernet type.
    Ethernet {
        /// From whom.
        h_source: [u8; ETH_ALEN],
        /// To whom.
        h_dest: [u8; ETH_ALEN],
        /// Type or length.
        h_proto: u16,
        /// Bytes behind the header.
        length: usize,
    },
    /// A frame that cannot be read; the IP header, if that much of it could be.
    Malformed {
        /// What is wrong.
        fault: Malformed,
        /// Where it came from and went to.
        ip: Option<Ipv4Summary>,
    },
}

/// An ARP packet for IP addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArpSummary {
    /// 1 asks, 2 answers; 3 and 4 are those of RARP.
    pub operation: u16,
    /// Hardware address of the sender, usually six bytes.
    pub sender_hardware: Vec<u8>,
    /// Who sends.
    pub sender: Ipv4Addr,
    /// Hardware address of the target.
    pub target_hardware: Vec<u8>,
    /// Who is asked for or answered.
    pub target: Ipv4Addr,
}

/// An IP header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ipv4Summary {
    /// From whom.
    pub source: Ipv4Addr,
    /// To whom.
    pub destination: Ipv4Addr,
    /// Protocol of the payload.
    pub protocol: u8,
    /// Identification.
    pub identification: u16,
    /// Hops left.
    pub ttl: u8,
    /// Bytes of header and payload as the header says.
    pub total_length: u16,
    /// Bytes of payload that are there.
    pub payload_length: usize,
    /// Must not be fragmented.
    pub dont_fragment: bool,
    /// Where it belongs, if it is a part of a larger packet.
    pub fragment: Option<FragmentSummary>,
}

/// The place of a fragment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FragmentSummary {
    /// Offset in bytes.
    pub offset: usize,
    /// More follow.
    pub more: bool,
}

/// A TCP segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TcpSummary {
    /// The header below.
    pub ip: Ipv4Summary,
    /// Source port.
    pub source_port: u16,
    /// Destination port.
    pub destination_port: u16,
    /// The flag byte (constants in [`tcp`]).
    pub flags: u8,
    /// Sequence number.
    pub sequence: u32,
    /// Acknowledgement number; of meaning with the ACK flag only.
    pub acknowledgement: u32,
    /// Window.
    pub window: u16,
    /// Urgent pointer; of meaning with the URG flag only.
    pub urgent_pointer: u16,
    /// Bytes of data. Of a packet whose end a capture cut off, those that the header tells of.
    pub length: usize,
    /// The maximum segment size option.
    pub maximum_segment_size: Option<u16>,
    /// The option bytes.
    pub options: Vec<u8>,
}

/// A UDP datagram.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UdpSummary {
    /// The header below.
    pub ip: Ipv4Summary,
    /// Source port.
    pub source_port: u16,
    /// Destination port.
    pub destination_port: u16,
    /// Bytes of data the header tells of.
    pub length: usize,
}

/// A control message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IcmpSummary {
    /// The header below.
    pub ip: Ipv4Summary,
    /// The type.
    pub kind: u8,
    /// The code.
    pub code: u8,
    /// Identifier and sequence number of a query.
    pub query: Option<(u16, u16)>,
    /// The better gateway of a redirect.
    pub gateway: Option<Ipv4Addr>,
    /// The packet an error complains about.
    pub quoted: Option<QuotedSummary>,
    /// Bytes behind the header.
    pub length: usize,
}

/// The packet quoted in an ICMP error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuotedSummary {
    /// Its header.
    pub ip: Ipv4Summary,
    /// Its ports, of TCP and UDP.
    pub ports: Option<(u16, u16)>,
    /// Its sequence number, of TCP.
    pub sequence: Option<u32>,
}

/// One line for a frame: `TCP 1026 > 80 S. seq=100 ack=5 win=14335 <mss 512>`.
pub fn summary(frame: &[u8]) -> String {
    FrameSummary::of(frame).to_string()
}

impl FrameSummary {
    /// Reads an Ethernet frame.
    pub fn of(frame: &[u8]) -> Self {
        let ethernet = match EthernetFrame::new_checked(frame) {
            Ok(ethernet) => ethernet,
            Err(fault) => return Self::Malformed { fault, ip: None },
        };
        match ethernet.h_proto() {
            ETH_P_IP => Self::of_ip(ethernet.payload()),
            ETH_P_ARP | ETH_P_RARP => Self::of_arp(ethernet),
            _ => Self::other(ethernet),
        }
    }

    /// Reads an IP packet without a link header.
    pub fn of_ip(packet: &[u8]) -> Self {
        let view = match Ipv4Packet::new_header(packet) {
            Ok(view) => view,
            Err(fault) => return Self::Malformed { fault, ip: None },
        };
        let ip = Ipv4Summary::of(&view);
        if view.fragment_offset() > 0 {
            return Self::Ipv4(ip);
        }
        let read = match ip.protocol {
            PROTOCOL_TCP => TcpSummary::of(ip, &view).map(Self::Tcp),
            PROTOCOL_UDP => UdpSummary::of(ip, view.payload()).map(Self::Udp),
            PROTOCOL_ICMP => {
                IcmpPacket::new_checked(view.payload()).map(|message| Self::Icmp(IcmpSummary::of(ip, &message)))
            }
            _ => Ok(Self::Ipv4(ip)),
        };
        read.unwrap_or_else(|fault| Self::Malformed { fault, ip: Some(ip) })
    }

    /// The Internet addresses of sender and receiver, for every frame that has them.
    pub fn addresses(&self) -> Option<(Ipv4Addr, Ipv4Addr)> {
        match self {
            Self::Arp(arp) => Some((arp.sender, arp.target)),
            Self::Tcp(_) | Self::Udp(_) | Self::Icmp(_) | Self::Ipv4(_) | Self::Malformed { .. } => {
                self.ip().map(|ip| (ip.source, ip.destination))
            }
            Self::Ethernet { .. } => None,
        }
    }

    /// The IP header, for every frame that has one that can be read.
    pub fn ip(&self) -> Option<&Ipv4Summary> {
        match self {
            Self::Tcp(tcp) => Some(&tcp.ip),
            Self::Udp(udp) => Some(&udp.ip),
            Self::Icmp(icmp) => Some(&icmp.ip),
            Self::Ipv4(ip) => Some(ip),
            Self::Malformed { ip, .. } => ip.as_ref(),
            Self::Arp(_) | Self::Ethernet { .. } => None,
        }
    }

    fn of_arp(ethernet: EthernetFrame<'_>) -> Self {
        let arp = match ArpPacket::new_checked(ethernet.payload()) {
            Ok(arp) => arp,
            Err(fault) => return Self::Malformed { fault, ip: None },
        };
        let Some((sender, target)) = arp.internet_addresses() else {
            return Self::other(ethernet);
        };
        Self::Arp(ArpSummary {
            operation: arp.ar_op(),
            sender_hardware: arp.ar_sha().to_vec(),
            sender,
            target_hardware: arp.ar_tha().to_vec(),
            target,
        })
    }

    fn other(ethernet: EthernetFrame<'_>) -> Self {
        Self::Ethernet {
            h_source: ethernet.h_source(),
            h_dest: ethernet.h_dest(),
            h_proto: ethernet.h_proto(),
            length: ethernet.payload().len(),
        }
    }
}

impl Ipv4Summary {
    /// Reads a header.
    pub fn of(packet: &Ipv4Packet<'_>) -> Self {
        let fragment = FragmentSummary { offset: packet.fragment_offset(), more: packet.more_fragments() };
        Self {
            source: packet.saddr(),
            destination: packet.daddr(),
            protocol: packet.protocol(),
            identification: packet.id(),
            ttl: packet.ttl(),
            total_length: packet.tot_len(),
            payload_length: packet.payload().len(),
            dont_fragment: packet.dont_fragment(),
            fragment: packet.is_fragment().then_some(fragment),
        }
    }
}

impl TcpSummary {
    fn of(ip: Ipv4Summary, packet: &Ipv4Packet<'_>) -> Result<Self, Malformed> {
        let segment = TcpSegment::new_checked(packet.payload())?;
        let headers = packet.header().len() + usize::from(segment.doff()) * 4;
        Ok(Self {
            ip,
            source_port: segment.source(),
            destination_port: segment.dest(),
            flags: segment.flags(),
            sequence: segment.seq(),
            acknowledgement: segment.ack_seq(),
            window: segment.window(),
            urgent_pointer: segment.urg_ptr(),
            length: usize::from(ip.total_length).saturating_sub(headers),
            maximum_segment_size: tcp_options::maximum_segment_size(segment.options()),
            options: segment.options().to_vec(),
        })
    }

    /// The named flag is set.
    pub fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }
}

impl UdpSummary {
    fn of(ip: Ipv4Summary, datagram: &[u8]) -> Result<Self, Malformed> {
        // The end may be missing (a first fragment, a cut capture), so the length field is believed and not checked.
        let header = datagram.first_chunk::<8>().ok_or(Malformed::short("udphdr", "header", 8, datagram.len()))?;
        let [a, b, c, d, e, f, ..] = *header;
        let [source_port, destination_port, length] = [[a, b], [c, d], [e, f]].map(u16::from_be_bytes);
        Ok(Self { ip, source_port, destination_port, length: usize::from(length).saturating_sub(8) })
    }
}

impl IcmpSummary {
    fn of(ip: Ipv4Summary, message: &IcmpPacket<'_>) -> Self {
        let kind = message.kind();
        Self {
            ip,
            kind,
            code: message.code(),
            query: icmp::is_query(kind).then(|| (message.id(), message.sequence())),
            gateway: (kind == icmp::ICMP_REDIRECT).then(|| message.gateway()),
            quoted: if icmp::is_error(kind) { QuotedSummary::of(message.data()) } else { None },
            length: message.data().len(),
        }
    }
}

impl QuotedSummary {
    fn of(quote: &[u8]) -> Option<Self> {
        let view = Ipv4Packet::new_header(quote).ok()?;
        let first = view.fragment_offset() == 0;
        let is_tcp = first && view.protocol() == PROTOCOL_TCP;
        let has_ports = is_tcp || first && view.protocol() == PROTOCOL_UDP;
        Some(Self {
            ip: Ipv4Summary::of(&view),
            ports: if has_ports { tcp::ports(view.payload()) } else { None },
            sequence: if is_tcp { tcp::seq(view.payload()) } else { None },
        })
    }
}
