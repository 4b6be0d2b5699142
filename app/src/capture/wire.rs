//! The wire of a replay: the Ethernet between the stack and the captured peer, and who is who on it. Captures come from links that
//! 1.2.13 has no driver for, from loopback interfaces where both ends are 127.0.0.1, from networks where frames went to everybody;
//! here both ends get what an Ethernet of 1995 asks for: two unicast hardware addresses and two different Internet addresses, none
//! of them loopback. Promise: what the capture has is kept where it will do, the same connection always gets the same wire, and
//! every address that is not the captured one is told ([`Wire::notices`]).

use std::net::Ipv4Addr;

use stack::wire::names::hardware_address;

use super::connection::Connection;
use super::cut_options::{segment_size, window_shift};
use super::machine::NetworkPlace;
use super::segment::{Endpoint, Segment};
use crate::i18n::Words;

/// One end as it was captured, and as it is on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct End {
    captured: Endpoint,
    wire: Endpoint,
    hardware: [u8; 6],
}

/// The wire of one connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wire {
    own: End,
    peer: End,
    /// A hardware address that frames of the peer went to and that is no host's, in the capture.
    nobodys: Option<[u8; 6]>,
    /// What the peer's SYN would have said of the largest segment, had the capture not cut its options off.
    segment_size: Option<u16>,
    /// And what of its windows: the shift.
    window_shift: Option<u8>,
}

impl Wire {
    /// The wire for `connection`, with the stack at `own`.
    #[must_use]
    pub fn of(connection: &Connection, own: Endpoint) -> Self {
        let is_client = own == connection.client;
        let peer = if is_client { connection.server } else { connection.client };
        let (client, server) = two_hosts(connection.client.address, connection.server.address);
        let (own_address, peer_address) = if is_client { (client, server) } else { (server, client) };
        let sent_by = |end: Endpoint| connection.segments.iter().find(move |segment| segment.source == end);
        let (of_own, of_peer) = (sent_by(own), sent_by(peer));
        let from_own = of_own.map(|segment| segment.source_hardware);
        let to_own = of_peer.map(|segment| segment.destination_hardware);
        let hardware = one_of([to_own, from_own], own_address);
        let from_peer = of_peer.map(|segment| segment.source_hardware).filter(|address| *address != hardware);
        let to_peer = of_own.map(|segment| segment.destination_hardware).filter(|address| *address != hardware);
        let of_peers = connection.segments.iter().filter(|segment| segment.source == peer);
        let nobodys = of_peers.map(|segment| segment.destination_hardware).find(|address| !is_a_host(*address));
        let moved = |captured: Endpoint, address, hardware| End {
            captured,
            wire: Endpoint { address, port: captured.port },
            hardware,
        };
        Self {
            own: moved(own, own_address, hardware),
            peer: moved(peer, peer_address, one_of([from_peer, to_peer], peer_address)),
            nobodys,
            segment_size: segment_size(connection, peer),
            window_shift: window_shift(connection, peer).filter(|shift| *shift > 0),
        }
    }

    /// The stack's end on this wire.
    #[must_use]
    pub fn own(&self) -> Endpoint {
        self.own.wire
    }

    /// The peer's end on this wire.
    #[must_use]
    pub fn peer(&self) -> Endpoint {
        self.peer.wire
    }

    /// Where the machine stands on it.
    #[must_use]
    pub fn place(&self) -> NetworkPlace {
        NetworkPlace {
            hardware: self.own.hardware,
            address: self.own.wire.address,
            peer: self.peer.wire.address,
            peer_hardware: self.peer.hardware,
        }
    }

    /// Hardware addresses of a frame from the peer: to whom, from whom.
    #[must_use]
    pub fn hardware(&self) -> ([u8; 6], [u8; 6]) {
        (self.own.hardware, self.peer.hardware)
    }

    /// Whether both ends have their captured Internet addresses.
    #[must_use]
    pub fn keeps_addresses(&self) -> bool {
        self.own.captured == self.own.wire && self.peer.captured == self.peer.wire
    }

    /// What the peer's SYN would have said of the largest segment, had the capture not cut it.
    #[must_use]
    pub fn segment_size(&self) -> Option<u16> {
        self.segment_size
    }

    /// A segment that was sent on this wire, under the captured addresses of both ends; one of others as it is.
    #[must_use]
    pub fn as_captured(&self, segment: Segment<'static>) -> Segment<'static> {
        let back =
            |end: Endpoint| [self.own, self.peer].iter().find(|known| known.wire == end).map(|known| known.captured);
        match back(segment.source).zip(back(segment.destination)) {
            Some((source, destination)) => Segment { source, destination, ..segment },
            None => segment,
        }
    }

    /// What is told of the addresses that are not the captured ones.
    #[must_use]
    pub fn notices(&self) -> Vec<Words<String>> {
        let mut notices = Vec::new();
        if !self.keeps_addresses() {
            let (own, peer) = (self.own, self.peer);
            notices.push(Words::new(
                format!(
                    "The ends of this connection are no two hosts of an Ethernet: on the replay's wire {} is {} and {} is {}.",
                    own.captured, own.wire.address, peer.captured, peer.wire.address
                ),
                format!(
                    "这个连接的两端不是以太网上的两台主机：在重放的网线上，{} 改为 {}，{} 改为 {}。",
                    own.captured, own.wire.address, peer.captured, peer.wire.address
                ),
            ));
        } else if let Some(nobodys) = self.nobodys {
            let (captured, given) = (hardware_address(&nobodys), hardware_address(&self.own.hardware));
            notices.push(Words::new(
                format!("Captured frames went to {captured}, which is no host's address: the stack is given them as {given}."),
                format!("抓到的帧发往 {captured}，它不是主机的地址：重放时改为发往 {given}。"),
            ));
        }
        notices.extend(self.assumed());
        notices
    }
}

impl Wire {
    /// What is assumed of the peer's SYN.
    fn assumed(&self) -> Option<Words<String>> {
        let (mut en, mut zh) = (Vec::new(), Vec::new());
        if let Some(size) = self.segment_size {
            en.push(format!("a largest segment of {size} bytes"));
            zh.push(format!("最大报文段为 {size} 字节"));
        }
        if let Some(shift) = self.window_shift {
            let unit = 1_u32 << shift.min(14);
            en.push(format!("windows in units of {unit} bytes"));
            zh.push(format!("窗口以 {unit} 字节为单位"));
        }
        (!en.is_empty()).then(|| {
            Words::new(
                format!("The capture cut the options of the peer's SYN; assumed: {}.", en.join(", ")),
                format!("抓包截掉了对端 SYN 的选项；假定：{}。", zh.join("，")),
            )
        })
    }
}

/// Whether a hardware address can be one host's: neither zero nor a group's.
fn is_a_host(address: [u8; 6]) -> bool {
    address != [0; 6] && address[0] & 1 == 0
}

/// The first captured address that is a host's, else one made of the Internet address.
fn one_of(captured: [Option<[u8; 6]>; 2], address: Ipv4Addr) -> [u8; 6] {
    let [a, b, c, d] = address.octets();
    captured.into_iter().flatten().find(|address| is_a_host(*address)).unwrap_or([2, 0, a, b, c, d])
}

/// Two different addresses of hosts for a client and a server: their own, or of 10.0.0.0 where theirs are loopback.
fn two_hosts(client: Ipv4Addr, server: Ipv4Addr) -> (Ipv4Addr, Ipv4Addr) {
    let host = |address: Ipv4Addr| {
        let [_, b, c, d] = address.octets();
        if address.is_loopback() { Ipv4Addr::new(10, b, c, d.clamp(1, 253)) } else { address }
    };
    let (client, server) = (host(client), host(server));
    if client != server {
        return (client, server);
    }
    let [a, b, c, d] = server.octets();
    (Ipv4Addr::new(a, b, c, if d < 254 { d + 1 } else { d - 1 }), server)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_ends_of_loopback_become_two_hosts() {
        let lo = Ipv4Addr::LOCALHOST;
        assert_eq!(two_hosts(lo, lo), (Ipv4Addr::new(10, 0, 0, 2), Ipv4Addr::new(10, 0, 0, 1)));
        let resolver = Ipv4Addr::new(127, 0, 0, 53);
        assert_eq!(two_hosts(lo, resolver), (Ipv4Addr::new(10, 0, 0, 1), Ipv4Addr::new(10, 0, 0, 53)));
        let own = Ipv4Addr::new(192, 168, 1, 254);
        assert_eq!(two_hosts(own, own), (Ipv4Addr::new(192, 168, 1, 253), own));
        let (a, b) = (Ipv4Addr::new(10, 8, 0, 1), Ipv4Addr::new(10, 9, 0, 1));
        assert_eq!(two_hosts(a, b), (a, b));
    }

    #[test]
    fn a_host_is_neither_nobody_nor_everybody() {
        assert!(is_a_host([2, 0, 0, 0, 0, 1]));
        assert!(!is_a_host([0; 6]) && !is_a_host([0xff; 6]) && !is_a_host([1, 0, 0x5e, 0, 0, 1]));
    }
}
