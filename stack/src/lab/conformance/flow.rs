//! Which ports a line without ports means, and which initial sequence number its relative numbers count from.

use std::collections::BTreeMap;

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

/// The default flow and what has been learned about every flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flows {
    /// The flow of lines without ports.
    pub default: Flow,
    initial: BTreeMap<Flow, u32>,
}

impl Flows {
    /// Nothing learned yet.
    #[must_use]
    pub fn new(default: Flow) -> Self {
        Flows { default, initial: BTreeMap::new() }
    }

    /// A SYN with this wire sequence number left on that flow.
    pub fn learn(&mut self, flow: Flow, sequence: u32) {
        self.initial.insert(flow, sequence);
    }

    /// The initial sequence number of our side; 0, so that numbers are literal, where no SYN has left.
    #[must_use]
    pub fn initial(&self, flow: Flow) -> u32 {
        self.initial.get(&flow).copied().unwrap_or(0)
    }
}
