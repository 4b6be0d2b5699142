//! What the lines of a script count from, as a run finds it out: the default flow and the initial sequence numbers.
//!
//! The frames of an interrupt inside a call count from what has been sent when they arrive, which may be by that very call;
//! but they are handed to the kernel before the call begins. So a script with such groups is run again, each time with
//! what the run before has [`Learning::seen`], until every group was built from what had been learned by then.

use core::net::Ipv4Addr;
use std::collections::BTreeMap;

use super::flow::{Flow, Flows};
use super::reading::Reading;
use crate::lab::script::Position;
use crate::wire::ethernet::EthernetFrame;
use crate::wire::ip_numbers::{PROTOCOL_TCP, PROTOCOL_UDP};
use crate::wire::ipv4::Ipv4Packet;
use crate::wire::names::ETH_P_IP;
use crate::wire::tcp;
use crate::wire::udp::UdpPacket;

/// What had been learned when each group of frames arrived, by the place of the group in the script.
pub(super) type Seen = BTreeMap<Position, Flows>;

/// What one run has learned.
pub(super) struct Learning<'a> {
    /// By now.
    pub(super) flows: Flows,
    /// The default flow is settled.
    settled: bool,
    /// The same of datagrams, where they have a flow of their own.
    datagrams_settled: bool,
    /// What an earlier run has seen.
    known: &'a Seen,
    /// What each group was built from.
    built: Seen,
    seen: Seen,
    guessed_wrong: bool,
}

impl<'a> Learning<'a> {
    /// Nothing but the flow that lines without ports mean until a connection says otherwise.
    pub(super) fn new(default: Flow, usual: Option<(Ipv4Addr, Ipv4Addr)>, known: &'a Seen) -> Self {
        let mut flows = Flows::new(default);
        flows.usual = usual;
        Learning {
            flows,
            settled: false,
            datagrams_settled: false,
            known,
            built: Seen::new(),
            seen: Seen::new(),
            guessed_wrong: false,
        }
    }

    /// What the frames of the group at that place are built from: what an earlier run saw, else what is known by now.
    pub(super) fn for_group(&mut self, group: Position) -> &Flows {
        let flows = self.known.get(&group).unwrap_or(&self.flows);
        self.built.entry(group).insert_entry(flows.clone()).into_mut()
    }

    /// The group at that place arrives; `same` says whether its frames would be the same if built from these flows.
    pub(super) fn group_arrived(&mut self, group: Position, same: impl Fn(&Flows) -> bool) {
        self.guessed_wrong |= !self.built.get(&group).is_some_and(same);
        self.seen.insert(group, self.flows.clone());
    }

    /// The default flow is what it is from here on: the script listens, at this port if it is not the usual one.
    pub(super) fn settle(&mut self, port: Option<u16>) {
        self.settled = true;
        self.flows.default.local = port.unwrap_or(self.flows.default.local);
    }

    /// The flow of datagrams is this one from here on.
    pub(super) fn settle_datagrams(&mut self, flow: Flow) {
        self.datagrams_settled = true;
        self.flows.datagrams = flow;
    }

    /// A frame leaves. A script whose first SYN leaves before it listens is a client: its default flow is that of the SYN.
    /// The first datagram settles the flow of datagrams as packetdrill has it; in a recording they go with TCP.
    ///
    /// Gives the initial sequence number that the script writes for a SYN; of those it has not used yet, `initial` are the
    /// ones it writes.
    pub(super) fn leaves(&mut self, frame: &[u8], reading: Reading, initial: &mut Vec<(Option<Flow>, u32)>) -> u32 {
        let Some(left) = Left::of(frame) else { return 0 };
        if left.flags.is_none() && reading == Reading::Packetdrill && !self.datagrams_settled {
            self.settle_datagrams(left.flow);
        }
        let Some(flags) = left.flags.filter(|flags| flags & tcp::SYN != 0) else { return 0 };
        if flags & tcp::ACK == 0 && !self.settled {
            self.settled = true;
            self.flows.default = left.flow;
            match reading {
                Reading::Recorded => self.flows.datagrams = left.flow,
                Reading::Packetdrill => self.flows.usual = Some(left.addresses),
            }
        }
        let again = self.flows.written(left.flow, left.sequence);
        let is_default = left.flow == self.flows.default;
        let fits = |(flow, written): &(Option<Flow>, u32)| {
            flow.map_or(is_default, |flow| flow == left.flow) && again.is_none_or(|again| again == *written)
        };
        match initial.iter().position(fits) {
            Some(place) => initial.remove(place).1,
            None => again.unwrap_or(0),
        }
    }

    pub(super) fn is_settled(&self) -> bool {
        self.settled
    }

    /// Where a group was built from something else than had been learned when it arrived: what to run again with.
    pub(super) fn to_run_again(&self) -> Option<&Seen> {
        self.guessed_wrong.then_some(&self.seen)
    }
}

/// What has to be known of a segment or datagram that leaves.
struct Left {
    flow: Flow,
    /// Our address and the peer's.
    addresses: (Ipv4Addr, Ipv4Addr),
    /// Of a segment.
    flags: Option<u8>,
    sequence: u32,
}

impl Left {
    fn of(frame: &[u8]) -> Option<Self> {
        let ethernet = EthernetFrame::new_checked(frame).ok().filter(|frame| frame.h_proto() == ETH_P_IP)?;
        let ip = Ipv4Packet::new_checked(ethernet.payload()).ok().filter(|ip| !ip.is_fragment())?;
        let (ports, flags, sequence) = match ip.protocol() {
            PROTOCOL_TCP => {
                let segment = tcp::TcpSegment::new_checked(ip.payload()).ok()?;
                ((segment.source(), segment.dest()), Some(segment.flags()), segment.seq())
            }
            PROTOCOL_UDP => {
                let datagram = UdpPacket::new_checked(ip.payload()).ok()?;
                ((datagram.source(), datagram.dest()), None, 0)
            }
            _ => return None,
        };
        let flow = Flow { local: ports.0, remote: ports.1 };
        Some(Left { flow, addresses: (ip.saddr(), ip.daddr()), flags, sequence })
    }
}
