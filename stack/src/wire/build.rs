//! Builders that write correct packets: lengths and checksums are computed, options are padded with zero bytes to a
//! multiple of four. To get a wrong packet, build a right one and change a field with `Field::write`.

use core::net::Ipv4Addr;

use super::ethernet::{ETH_ALEN, ETH_ZLEN};
use super::ip_numbers;
use super::malformed::Malformed;
use super::names::{ARPHRD_ETHER, ARPOP_REQUEST, ETH_P_IP};
use super::{icmp, ipv4, tcp, udp};

const MOST_OPTIONS: usize = 40;
const MOST_PACKET: usize = 0xffff;

/// An Ethernet header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EthernetBuilder {
    /// To whom.
    pub h_dest: [u8; ETH_ALEN],
    /// From whom.
    pub h_source: [u8; ETH_ALEN],
    /// Type, or length of an 802.3 frame.
    pub h_proto: u16,
}

impl Default for EthernetBuilder {
    fn default() -> Self {
        Self { h_dest: [0; ETH_ALEN], h_source: [0; ETH_ALEN], h_proto: ETH_P_IP }
    }
}

impl EthernetBuilder {
    /// Header and payload, without padding (as 1.2.13 hands frames to the card).
    pub fn build(&self, payload: &[u8]) -> Vec<u8> {
        let mut frame = Vec::with_capacity(payload.len() + 14);
        frame.extend_from_slice(&self.h_dest);
        frame.extend_from_slice(&self.h_source);
        frame.extend_from_slice(&self.h_proto.to_be_bytes());
        frame.extend_from_slice(payload);
        frame
    }

    /// Header and payload, padded with zero bytes to the 60 a real wire carries at least.
    pub fn build_padded(&self, payload: &[u8]) -> Vec<u8> {
        let mut frame = self.build(payload);
        frame.resize(frame.len().max(ETH_ZLEN), 0);
        frame
    }
}

/// An ARP packet for Ethernet and IP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArpBuilder {
    /// Operation.
    pub ar_op: u16,
    /// Hardware address of the sender.
    pub ar_sha: [u8; ETH_ALEN],
    /// Internet address of the sender.
    pub ar_sip: Ipv4Addr,
    /// Hardware address of the target.
    pub ar_tha: [u8; ETH_ALEN],
    /// Internet address of the target.
    pub ar_tip: Ipv4Addr,
}

impl Default for ArpBuilder {
    fn default() -> Self {
        let nobody = Ipv4Addr::UNSPECIFIED;
        Self { ar_op: ARPOP_REQUEST, ar_sha: [0; ETH_ALEN], ar_sip: nobody, ar_tha: [0; ETH_ALEN], ar_tip: nobody }
    }
}

impl ArpBuilder {
    /// The 28 bytes behind the Ethernet header.
    pub fn build(&self) -> Vec<u8> {
        let mut packet = Vec::with_capacity(28);
        packet.extend_from_slice(&ARPHRD_ETHER.to_be_bytes());
        packet.extend_from_slice(&ETH_P_IP.to_be_bytes());
        packet.extend_from_slice(&[6, 4]);
        packet.extend_from_slice(&self.ar_op.to_be_bytes());
        packet.extend_from_slice(&self.ar_sha);
        packet.extend_from_slice(&self.ar_sip.octets());
        packet.extend_from_slice(&self.ar_tha);
        packet.extend_from_slice(&self.ar_tip.octets());
        packet
    }
}

/// An IP header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ipv4Builder {
    /// Type of service.
    pub tos: u8,
    /// Identification.
    pub id: u16,
    /// Flags and offset (in units of eight bytes) as they stand in the header.
    pub frag_off: u16,
    /// Hops left.
    pub ttl: u8,
    /// Protocol of the payload.
    pub protocol: u8,
    /// Source address.
    pub saddr: Ipv4Addr,
    /// Destination address.
    pub daddr: Ipv4Addr,
    /// Option bytes, at most 40 after padding.
    pub options: Vec<u8>,
}

impl Default for Ipv4Builder {
    fn default() -> Self {
        Self {
            tos: 0,
            id: 0,
            frag_off: 0,
            ttl: 64,
            protocol: ip_numbers::PROTOCOL_TCP,
            saddr: Ipv4Addr::UNSPECIFIED,
            daddr: Ipv4Addr::UNSPECIFIED,
            options: Vec::new(),
        }
    }
}

impl Ipv4Builder {
    /// Header and payload. Fails where the options or the whole are too long.
    pub fn build(&self, payload: &[u8]) -> Result<Vec<u8>, Malformed> {
        let options = padded_options("iphdr", &self.options)?;
        let header_length = ipv4::HEADER_LENGTH + options.len();
        let total = header_length + payload.len();
        let tot_len = u16::try_from(total).map_err(|_| Malformed::long("iphdr", "tot_len", MOST_PACKET, total))?;
        let mut packet = Vec::with_capacity(total);
        packet.extend_from_slice(&[0x40 | (header_length / 4) as u8, self.tos]);
        packet.extend_from_slice(&tot_len.to_be_bytes());
        packet.extend_from_slice(&self.id.to_be_bytes());
        packet.extend_from_slice(&self.frag_off.to_be_bytes());
        packet.extend_from_slice(&[self.ttl, self.protocol, 0, 0]);
        packet.extend_from_slice(&self.saddr.octets());
        packet.extend_from_slice(&self.daddr.octets());
        packet.extend_from_slice(&options);
        ipv4::fill_checksum(&mut packet);
        packet.extend_from_slice(payload);
        Ok(packet)
    }
}

/// A TCP header.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TcpBuilder {
    /// Source port.
    pub source: u16,
    /// Destination port.
    pub dest: u16,
    /// Sequence number.
    pub seq: u32,
    /// Acknowledgement number.
    pub ack_seq: u32,
    /// The four reserved bits beside the data offset; higher bits are not used.
    pub res1: u8,
    /// The flag byte (constants in [`tcp`]).
    pub flags: u8,
    /// Window.
    pub window: u16,
    /// Urgent pointer.
    pub urg_ptr: u16,
    /// Option bytes, at most 40 after padding.
    pub options: Vec<u8>,
}

impl TcpBuilder {
    /// Header and payload with the checksum for these addresses. Fails where the options or the whole are too long.
    pub fn build(
        &self,
        saddr: impl Into<Ipv4Addr>,
        daddr: impl Into<Ipv4Addr>,
        payload: &[u8],
    ) -> Result<Vec<u8>, Malformed> {
        let options = padded_options("tcphdr", &self.options)?;
        let header_length = tcp::HEADER_LENGTH + options.len();
        let total = header_length + payload.len();
        if total > MOST_PACKET {
            return Err(Malformed::long("tcphdr", "payload", MOST_PACKET, total));
        }
        let mut segment = Vec::with_capacity(total);
        segment.extend_from_slice(&self.source.to_be_bytes());
        segment.extend_from_slice(&self.dest.to_be_bytes());
        segment.extend_from_slice(&self.seq.to_be_bytes());
        segment.extend_from_slice(&self.ack_seq.to_be_bytes());
        segment.extend_from_slice(&[((header_length / 4) as u8) << 4 | self.res1 & 15, self.flags]);
        segment.extend_from_slice(&self.window.to_be_bytes());
        segment.extend_from_slice(&[0, 0]);
        segment.extend_from_slice(&self.urg_ptr.to_be_bytes());
        segment.extend_from_slice(&options);
        segment.extend_from_slice(payload);
        tcp::fill_checksum(&mut segment, saddr, daddr);
        Ok(segment)
    }
}

/// A UDP header.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UdpBuilder {
    /// Source port.
    pub source: u16,
    /// Destination port.
    pub dest: u16,
    /// Send zero in place of a checksum.
    pub no_checksum: bool,
}

impl UdpBuilder {
    /// Header and payload with the checksum for these addresses. Fails where the whole is too long.
    pub fn build(
        &self,
        saddr: impl Into<Ipv4Addr>,
        daddr: impl Into<Ipv4Addr>,
        payload: &[u8],
    ) -> Result<Vec<u8>, Malformed> {
        let total = udp::HEADER_LENGTH + payload.len();
        let len = u16::try_from(total).map_err(|_| Malformed::long("udphdr", "len", MOST_PACKET, total))?;
        let mut datagram = Vec::with_capacity(total);
        datagram.extend_from_slice(&self.source.to_be_bytes());
        datagram.extend_from_slice(&self.dest.to_be_bytes());
        datagram.extend_from_slice(&len.to_be_bytes());
        datagram.extend_from_slice(&[0, 0]);
        datagram.extend_from_slice(payload);
        if !self.no_checksum {
            udp::fill_checksum(&mut datagram, saddr, daddr);
        }
        Ok(datagram)
    }
}

/// A control message.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct IcmpBuilder {
    /// The type.
    pub kind: u8,
    /// The code within the type.
    pub code: u8,
    /// The second half of the header.
    pub rest: [u8; 4],
}

impl IcmpBuilder {
    /// An echo request, or the reply to one, before its data.
    pub fn echo(reply: bool, id: u16, sequence: u16) -> Self {
        let ([a, b], [c, d]) = (id.to_be_bytes(), sequence.to_be_bytes());
        let kind = if reply { icmp::ICMP_ECHOREPLY } else { icmp::ICMP_ECHO };
        Self { kind, code: 0, rest: [a, b, c, d] }
    }

    /// Header and data.
    pub fn build(&self, data: &[u8]) -> Vec<u8> {
        let mut message = Vec::with_capacity(icmp::HEADER_LENGTH + data.len());
        message.extend_from_slice(&[self.kind, self.code, 0, 0]);
        message.extend_from_slice(&self.rest);
        message.extend_from_slice(data);
        icmp::fill_checksum(&mut message);
        message
    }
}

fn padded_options(header: &'static str, options: &[u8]) -> Result<Vec<u8>, Malformed> {
    let mut padded = options.to_vec();
    padded.resize(options.len().next_multiple_of(4), 0);
    if padded.len() > MOST_OPTIONS {
        return Err(Malformed::long(header, "options", MOST_OPTIONS, padded.len()));
    }
    Ok(padded)
}
