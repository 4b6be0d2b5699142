//! What the lines of a script count from, as a run finds it out: the default flow and the initial sequence numbers.
//!
//! Beside a recording the first SYN or `listen()` settles the default flow. A script that is judged as packetdrill judges
//! has that of its socket under test, and whether the two differ is remembered: such a script cannot stand beside a recording.
//!
//! The frames of an interrupt inside a call count from what has been sent when they arrive, which may be by that very call;
//! but they are handed to the kernel before the call begins. So a script with such groups is run again, each time with
//! what the run before has [`Learning::seen`], until every group was built from what had been learned by then.

use core::net::Ipv4Addr;
use std::collections::BTreeMap;

use super::flow::{Flow, Flows};
use super::reading::Reading;
use super::sockets::{Leaving, Sockets};
use crate::lab::script::Position;
use crate::lab::script::ast::{Body, Packet};
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
    reading: Reading,
    /// packetdrill's list, which settles the default flows where the script is read so.
    sockets: Sockets,
    /// The addresses that a line need not name, as long as nobody has connected to others.
    usual: Option<(Ipv4Addr, Ipv4Addr)>,
    /// The default flow is settled, if the script stands beside a recording.
    settled: bool,
    /// What the default flow is beside a recording.
    recorded: Flow,
    /// A line without ports meant something else than it would beside a recording.
    differs: bool,
    /// What an earlier run has seen.
    known: &'a Seen,
    /// What each group was built from.
    built: Seen,
    seen: Seen,
    guessed_wrong: bool,
}

impl<'a> Learning<'a> {
    /// Nothing but the flow that lines without ports mean until a connection says otherwise.
    pub(super) fn new(
        sockets: Sockets,
        usual: Option<(Ipv4Addr, Ipv4Addr)>,
        reading: Reading,
        known: &'a Seen,
    ) -> Self {
        let recorded = sockets.flow(PROTOCOL_TCP);
        let mut flows = Flows::new(recorded);
        (flows.usual, flows.reading) = (usual, reading);
        flows.own = sockets.numbers().filter(|_| reading == Reading::Packetdrill);
        Learning {
            flows,
            reading,
            sockets,
            usual,
            settled: false,
            recorded,
            differs: false,
            known,
            built: Seen::new(),
            seen: Seen::new(),
            guessed_wrong: false,
        }
    }

    /// Something happens to packetdrill's sockets, and lines without ports mean what the list then says.
    pub(super) fn sockets<T>(&mut self, happens: impl FnOnce(&mut Sockets) -> T) -> T {
        let result = happens(&mut self.sockets);
        if self.reading == Reading::Packetdrill {
            self.flows.default = self.sockets.flow(PROTOCOL_TCP);
            self.flows.datagrams = self.sockets.flow(PROTOCOL_UDP);
            self.flows.usual = self.sockets.addresses().or(self.usual);
            self.flows.own = self.sockets.numbers();
            self.flows.lost = self.sockets.is_lost();
        }
        result
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

    /// A segment of the peer arrives, on that flow or without ports: its numbers count from there, where packetdrill's would.
    pub(super) fn arrives(&mut self, named: Option<Flow>, flags: u8, sequence: u32) {
        if self.reading == Reading::Recorded {
            return;
        }
        match named.filter(|flow| *flow != self.flows.default) {
            Some(flow) if flags & tcp::SYN != 0 => self.flows.learn_remote(flow, sequence),
            Some(_) => {}
            None => {
                if let Some(first) = self.sockets(|sockets| sockets.arrives(flags, sequence)) {
                    self.flows.begin_remote(self.flows.default, first);
                }
            }
        }
    }

    /// Whether a line means the socket under test: it writes no ports, or those that it would mean without.
    pub(super) fn is_own(&self, line: &Packet) -> bool {
        match &line.body {
            Body::Tcp(segment) => segment.ports.is_none_or(|ports| Flow::outbound(ports) == self.flows.default),
            body => !matches!(body, Body::Udp { ports: Some(_), .. }),
        }
    }

    /// Something of a packet means another thing in a recording.
    pub(super) fn is_read_otherwise(&mut self) {
        self.differs = true;
    }

    /// Whether no packet can be one that a line without ports means: packetdrill does not know the socket yet.
    pub(super) fn is_lost(&self) -> bool {
        self.flows.lost
    }

    /// Whether a packet can be one of the socket under test, whatever our port.
    pub(super) fn can_adopt(&self, packet: Leaving) -> bool {
        self.sockets.can_adopt(packet)
    }

    /// The script listens: beside a recording it is a server from here on.
    pub(super) fn listens(&mut self) {
        self.settled = true;
    }

    /// A frame leaves. Beside a recording a script whose first SYN leaves before it listens is a client: its default flow is
    /// that of the SYN, also for datagrams.
    ///
    /// Gives the initial sequence number that the script writes for a SYN; of those it has not used yet, `initial` are the
    /// ones it writes.
    pub(super) fn leaves(&mut self, frame: &[u8], initial: &mut Vec<(Option<Flow>, u32)>) -> u32 {
        let Some(left) = Left::of(frame) else { return 0 };
        if self.reading == Reading::Packetdrill
            && self.sockets(|sockets| sockets.leaves(left.packet))
            && left.packet.flags.is_some()
        {
            self.flows.begin(left.packet.flow);
        }
        let flow = left.packet.flow;
        if left.counts_from_nothing() && self.flows.local(flow, false) != 0 {
            self.differs = true;
        }
        let Some(flags) = left.packet.flags.filter(|flags| flags & tcp::SYN != 0) else { return 0 };
        if flags & tcp::ACK == 0 && !self.settled {
            (self.settled, self.recorded) = (true, flow);
            if self.reading == Reading::Recorded {
                (self.flows.default, self.flows.datagrams) = (flow, flow);
            }
        }
        let again = self.flows.written(flow, left.packet.sequence);
        let is_default = flow == self.flows.default;
        let fits = |(named, written): &(Option<Flow>, u32)| {
            named.map_or(is_default, |named| named == flow) && again.is_none_or(|again| again == *written)
        };
        match initial.iter().position(fits) {
            Some(place) => initial.remove(place).1,
            None => again.unwrap_or(0),
        }
    }

    /// A packet arrives from a line without ports, or leaves on that flow: does such a line mean now what it would beside a
    /// recording?
    pub(super) fn is_told(&mut self, segment: bool, leaves: Option<Flow>) {
        let usual = if segment { self.flows.default } else { self.flows.datagrams };
        let without_ports = leaves.is_none_or(|flow| flow == usual || flow == self.recorded);
        self.differs |= without_ports && usual != self.recorded;
    }

    /// Whether a line without ports meant something else than it would beside a recording.
    pub(super) fn differs(&self) -> bool {
        self.differs
    }

    /// Where a group was built from something else than had been learned when it arrived: what to run again with.
    pub(super) fn to_run_again(&self) -> Option<&Seen> {
        self.guessed_wrong.then_some(&self.seen)
    }
}

/// What has to be known of a segment or datagram that leaves.
struct Left {
    packet: Leaving,
}

impl Left {
    /// An RST with number 0, as it answers a segment without ACK: in a recording that is literal.
    fn counts_from_nothing(&self) -> bool {
        self.packet.sequence == 0 && self.packet.flags.is_some_and(|flags| flags & tcp::RST != 0)
    }

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
        Some(Left { packet: Leaving { flow, addresses: (ip.saddr(), ip.daddr()), flags, sequence } })
    }
}
