//! One line for a frame, in the words of tcpdump and packetdrill; what is not a symbol exists in both languages.

use core::fmt;

use super::{
    ArpSummary, FragmentSummary, FrameSummary, IcmpSummary, Ipv4Summary, QuotedSummary, TcpSummary, UdpSummary,
};
use crate::wire::names::{
    ARPOP_REPLY, ARPOP_REQUEST, ARPOP_RREPLY, ARPOP_RREQUEST, ethernet_type_name, hardware_address,
};
use crate::wire::{icmp, ip_numbers, tcp, tcp_options};
use crate::words::{Lang, Words};

impl FrameSummary {
    /// The line in both languages; protocol symbols stay as they are. The English one is its `Display` too.
    pub fn words(&self) -> Words<String> {
        let en = self.to_string();
        let zh = match self {
            Self::Icmp(icmp) => Line { icmp, lang: Lang::Zh }.to_string(),
            Self::Malformed { fault, ip: Some(ip) } => {
                format!("{} > {} 格式错误 {}", ip.source, ip.destination, fault.words().zh)
            }
            Self::Malformed { fault, ip: None } => format!("格式错误 {}", fault.words().zh),
            Self::Arp(_) | Self::Tcp(_) | Self::Udp(_) | Self::Ipv4(_) | Self::Ethernet { .. } => en.clone(),
        };
        Words::new(en, zh)
    }
}

impl fmt::Display for FrameSummary {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Arp(arp) => arp.fmt(to),
            Self::Tcp(tcp) => tcp.fmt(to),
            Self::Udp(udp) => udp.fmt(to),
            Self::Icmp(icmp) => icmp.fmt(to),
            Self::Ipv4(ip) => ip.fmt(to),
            Self::Ethernet { h_source, h_dest, h_proto, length } => {
                let name = ethernet_type_name(*h_proto).unwrap_or("Ethernet");
                let (source, destination) = (hardware_address(h_source), hardware_address(h_dest));
                write!(to, "{name} {source} > {destination} proto=0x{h_proto:04x} len={length}")
            }
            Self::Malformed { fault, ip: Some(ip) } => {
                write!(to, "{} > {} malformed {fault}", ip.source, ip.destination)
            }
            Self::Malformed { fault, ip: None } => write!(to, "malformed {fault}"),
        }
    }
}

impl fmt::Display for ArpSummary {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { operation, sender, target, .. } = self;
        match *operation {
            ARPOP_REQUEST => write!(to, "ARP who-has {target} tell {sender}"),
            ARPOP_REPLY => write!(to, "ARP {sender} is-at {}", hardware_address(&self.sender_hardware)),
            ARPOP_RREQUEST => write!(
                to,
                "RARP who-is {} tell {}",
                hardware_address(&self.target_hardware),
                hardware_address(&self.sender_hardware)
            ),
            ARPOP_RREPLY => write!(to, "RARP {} is {target}", hardware_address(&self.target_hardware)),
            other => write!(to, "ARP op={other} {sender} > {target}"),
        }
    }
}

impl fmt::Display for FragmentSummary {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, " frag={}{}", self.offset, if self.more { "+" } else { "" })
    }
}

impl fmt::Display for Ipv4Summary {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match ip_numbers::protocol_name(self.protocol) {
            Some(name) => write!(to, "{name}")?,
            None => write!(to, "IP proto={}", self.protocol)?,
        }
        write!(to, " {} > {} len={}", self.source, self.destination, self.payload_length)?;
        match self.fragment {
            Some(fragment) => write!(to, " id={}{fragment}", self.identification),
            None => Ok(()),
        }
    }
}

impl fmt::Display for TcpSummary {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let flags = tcp::flags_text(self.flags);
        write!(to, "TCP {} > {} {flags} seq={}", self.source_port, self.destination_port, self.sequence)?;
        if self.has(tcp::ACK) {
            write!(to, " ack={}", self.acknowledgement)?;
        }
        write!(to, " win={}", self.window)?;
        if self.has(tcp::URG) {
            write!(to, " urg={}", self.urgent_pointer)?;
        }
        if self.length > 0 {
            write!(to, " len={}", self.length)?;
        }
        if !self.options.is_empty() {
            write!(to, " {}", tcp_options::text(&self.options))?;
        }
        self.ip.fragment.map_or(Ok(()), |fragment| fragment.fmt(to))
    }
}

impl fmt::Display for UdpSummary {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "UDP {} > {} len={}", self.source_port, self.destination_port, self.length)?;
        self.ip.fragment.map_or(Ok(()), |fragment| fragment.fmt(to))
    }
}

impl fmt::Display for IcmpSummary {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        Line { icmp: self, lang: Lang::En }.fmt(to)
    }
}

/// The line of a control message in one language.
struct Line<'a> {
    icmp: &'a IcmpSummary,
    lang: Lang,
}

impl fmt::Display for Line<'_> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let IcmpSummary { ip, kind, code, query, gateway, quoted, .. } = self.icmp;
        match icmp::code_text(*kind, *code).or(icmp::kind_text(*kind)) {
            Some(text) => write!(to, "ICMP {}", text.text(self.lang))?,
            None => write!(to, "ICMP type={kind} code={code}")?,
        }
        if let Some((id, sequence)) = query {
            write!(to, " id={id} seq={sequence}")?;
        }
        if let Some(gateway) = gateway {
            write!(to, " to {gateway}")?;
        }
        if let Some(quoted) = quoted {
            write!(to, " [{quoted}]")?;
        }
        ip.fragment.map_or(Ok(()), |fragment| fragment.fmt(to))
    }
}

impl fmt::Display for QuotedSummary {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { ip, ports, sequence } = self;
        match ip_numbers::protocol_name(ip.protocol) {
            Some(name) => write!(to, "{name}")?,
            None => write!(to, "proto={}", ip.protocol)?,
        }
        match ports {
            Some((source, destination)) => write!(to, " {}:{source} > {}:{destination}", ip.source, ip.destination)?,
            None => write!(to, " {} > {}", ip.source, ip.destination)?,
        }
        sequence.map_or(Ok(()), |sequence| write!(to, " seq={sequence}"))
    }
}
