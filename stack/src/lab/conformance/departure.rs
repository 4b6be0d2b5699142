//! A packet of the stack on its way to the line that asks for it.

use super::fields::Header;
use super::flow::{Flow, Flows};
use super::outbound::{Described, describe};
use super::sockets::Leaving;
use crate::lab::script::ast::{Body, Packet};

/// A packet that has left and that no line has asked for yet.
#[derive(Clone, Debug)]
pub(super) struct Departure {
    /// Microseconds since script time 0.
    pub(super) time: u64,
    /// The frame, for it is put into words again when a line asks for it.
    pub(super) frame: Vec<u8>,
    /// In the words of the script.
    pub(super) packet: Packet,
    /// What stands in no packet line.
    pub(super) header: Header,
    /// Its flow, if it has ports.
    pub(super) flow: Option<Flow>,
    /// The data in the last of the packets that it was glued from, in octets.
    pub(super) piece: u32,
}

impl Departure {
    /// As far as it says whose it is; None: it has no ports.
    pub(super) fn leaving(&self) -> Option<Leaving> {
        let flags = match &self.packet.body {
            Body::Tcp(segment) => Some(segment.flags.bits),
            _ => None,
        };
        Some(Leaving { flow: self.flow?, addresses: self.header.addresses, flags, sequence: self.header.seq })
    }

    /// Puts a segment of the socket under test into the words of the script again: its numbers count from what packetdrill
    /// knows when a line asks for it.
    pub(super) fn tell_again(&mut self, flows: &Flows) {
        if self.flow == Some(flows.default)
            && matches!(self.packet.body, Body::Tcp(_))
            && let Described::Packet(packet) = describe(&mut flows.clone(), &self.frame, 0)
        {
            self.packet = packet;
        }
    }
}
