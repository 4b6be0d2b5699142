//! Which ports a line without ports means, and which initial sequence numbers its relative numbers count from.
//!
//! A script that stands beside a recording has one default flow for all its life. One that is judged as packetdrill judges
//! has that of the socket under test, which changes with every `socket()`: `sockets.rs` is the list of them.

use core::net::Ipv4Addr;
use std::collections::BTreeMap;

use super::reading::Reading;
use crate::lab::script::ast::Ports;

/// The ports of a conversation, seen from the stack under test.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Flow {
    /// Ours.
    pub local: u16,
    /// The peer's.
    pub remote: u16,
}

impl Flow {
    /// No flow at all: where packetdrill sends what is for a socket that nobody can reach, as from and to 0.0.0.0.
    pub const NOWHERE: Self = Flow { local: 0, remote: 0 };

    /// The flow of a packet that the stack sends.
    #[must_use]
    pub fn outbound(ports: Ports) -> Self {
        Flow { local: ports.source, remote: ports.destination }
    }

    /// The flow of a packet that the stack receives.
    #[must_use]
    pub fn inbound(ports: Ports) -> Self {
        Flow { local: ports.destination, remote: ports.source }
    }

    /// The ports of a packet that the stack sends.
    #[must_use]
    pub fn ports_out(self) -> Ports {
        Ports { source: self.local, destination: self.remote }
    }

    /// The ports of a packet that the stack receives.
    #[must_use]
    pub fn ports_in(self) -> Ports {
        Ports { source: self.remote, destination: self.local }
    }
}

/// The initial sequence numbers of one flow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Numbers {
    /// Ours, on the wire.
    local: u32,
    /// A SYN of ours has left.
    sent: bool,
    /// Ours, as the script writes it in a SYN.
    written: u32,
    /// The peer's, once it counts; only packetdrill's numbers are relative to it.
    remote: Option<u32>,
    /// That of a later SYN of the peer, which counts once it is answered by a SYN of ours.
    offered: Option<u32>,
}

/// Where the numbers of packetdrill's socket under test begin; 0 as long as no packet has said so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Initial {
    /// Ours, on the wire.
    pub local: u32,
    /// Ours, as the script writes it in a SYN.
    pub written: u32,
    /// The peer's.
    pub remote: u32,
}

/// The default flows and what has been learned about every flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flows {
    /// The flow of TCP lines without ports.
    pub default: Flow,
    /// The flow of UDP lines without ports.
    pub datagrams: Flow,
    /// Our address and the peer's, which a packet line need not name; None: no line names any.
    pub usual: Option<(Ipv4Addr, Ipv4Addr)>,
    /// How the script is read: a recording writes an RST that counts from nothing with its number 0, and what an ACK flag does
    /// not call a number is none.
    pub reading: Reading,
    /// What lines of the default flow count from in packetdrill, which learns it from the lines that ask for a SYN.
    pub own: Option<Initial>,
    /// A SYN has left that no line has asked for: packetdrill knows neither our address nor our port.
    pub lost: bool,
    numbers: BTreeMap<Flow, Numbers>,
}

impl Flows {
    /// Nothing learned yet.
    #[must_use]
    pub fn new(default: Flow) -> Self {
        Flows {
            default,
            datagrams: default,
            usual: None,
            reading: Reading::Recorded,
            own: None,
            lost: false,
            numbers: BTreeMap::new(),
        }
    }

    /// A SYN with this wire sequence number left on that flow, which the script writes as `written`.
    pub fn learn(&mut self, flow: Flow, sequence: u32, written: u32) {
        let numbers = self.numbers.entry(flow).or_default();
        (numbers.sent, numbers.local, numbers.written) = (true, sequence, written);
        if let Some(offered) = numbers.offered.take() {
            numbers.remote = Some(offered);
        }
    }

    /// A new connection begins on that flow: what the peer counted from in an earlier one is forgotten.
    pub fn begin(&mut self, flow: Flow) {
        self.numbers.remove(&flow);
    }

    /// Whether some number of the script is not the one on the wire or the one a recording would have.
    #[must_use]
    pub fn count_from_names(&self) -> bool {
        self.numbers.values().any(|numbers| numbers.written != 0 || numbers.remote.is_some_and(|remote| remote != 0))
    }

    /// The number that the script writes for a SYN that has left on that flow before with that wire sequence number.
    #[must_use]
    pub fn written(&self, flow: Flow, sequence: u32) -> Option<u32> {
        let known = self.numbers.get(&flow).filter(|numbers| numbers.sent && numbers.local == sequence);
        known.map(|numbers| numbers.written)
    }

    /// A SYN of the peer with this sequence number arrives on that flow, and later numbers of the peer count from it.
    pub fn learn_remote(&mut self, flow: Flow, sequence: u32) {
        let numbers = self.numbers.entry(flow).or_default();
        match numbers.remote {
            None => numbers.remote = Some(sequence),
            Some(_) => numbers.offered = Some(sequence),
        }
    }

    /// A packet of the peer on that flow is the one that its later numbers count from.
    pub fn begin_remote(&mut self, flow: Flow, sequence: u32) {
        let numbers = self.numbers.entry(flow).or_default();
        (numbers.remote, numbers.offered) = (Some(sequence), None);
    }

    /// What packetdrill's socket under test counts from, if that is its flow.
    fn own(&self, flow: Flow) -> Option<Initial> {
        self.own.filter(|_| flow == self.default)
    }

    /// The flow of TCP lines that write no ports, as far as packetdrill knows it.
    #[must_use]
    pub fn usual_flow(&self) -> Flow {
        if self.lost { Flow::NOWHERE } else { self.default }
    }

    /// What has to be added to a number of ours in the script to have the one on the wire; 0, so that numbers are
    /// literal, where no SYN has left. A SYN and what answers it are written with the initial number itself.
    #[must_use]
    pub fn local(&self, flow: Flow, syn: bool) -> u32 {
        if let Some(own) = self.own(flow) {
            return if syn { own.local.wrapping_sub(own.written) } else { own.local };
        }
        let numbers = self.numbers.get(&flow).copied().unwrap_or_default();
        if syn { numbers.local.wrapping_sub(numbers.written) } else { numbers.local }
    }

    /// The same for a number of the peer.
    #[must_use]
    pub fn remote(&self, flow: Flow, syn: bool) -> u32 {
        if let Some(own) = self.own(flow) {
            return if syn { 0 } else { own.remote };
        }
        let remote = self.numbers.get(&flow).and_then(|numbers| numbers.remote);
        remote.filter(|_| !syn).unwrap_or(0)
    }
}
