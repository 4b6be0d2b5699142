//! A host that nobody looks at, with one of its programs at work, and a peer in memory that keeps it busy: what the benchmark of
//! the steady state and the count of its allocations share.

use stack::include::config::Config;
use stack::include::in_addr::InAddr;
use stack::lab::journal::Act;
use stack::lab::program::ProgramKind;
use stack::lab::unseen::Unseen;
use stack::lab::world::{Medium, World};
use stack::wire::build::{EthernetBuilder, Ipv4Builder, TcpBuilder};

const SYN: u8 = 2;
const PSH: u8 = 8;
const ACK: u8 = 16;
/// Virtual time from one frame of the peer to the next, in microseconds: a clock tick passes now and then.
const ROUND: u64 = 137;
/// Octets of Ethernet and IP header, and of all headers.
const LINK_AND_IP: usize = 34;
const HEADERS: u32 = 54;

/// The host and its peer, with a connection between them.
pub(crate) struct SteadyPeer {
    course: Unseen,
    /// Microseconds since the world began.
    pub(crate) time: u64,
    port: u16,
    seq: u32,
    ack: u32,
    /// Frames that have passed, both ways.
    pub(crate) frames: usize,
    /// Octets of data that the host has sent.
    pub(crate) octets: usize,
    /// The frames of the handshake, with their times.
    pub(crate) given: Vec<(u64, Vec<u8>)>,
}

impl SteadyPeer {
    /// Connected to a program, at its port.
    pub(crate) fn connected(program: ProgramKind, port: u16) -> Self {
        let world = Self::switched_off();
        let mut course = Unseen::new(world);
        course.enter(0, Act::Start { host: 0, program });
        let mut host = Self { course, time: 10_000, port, seq: 1_000, ack: 0, frames: 0, octets: 0, given: Vec::new() };
        assert!(host.course.play(host.time, 1_000, |_| {}) < 1_000, "the programs listen");
        let syn = host.frame(SYN, b"");
        host.give(&syn);
        host.given.push((host.time, syn));
        host.seq += 1;
        let ack = host.frame(ACK, b"");
        host.give(&ack);
        host.given.push((host.time, ack));
        host
    }

    /// The world of the host before it is switched on.
    pub(crate) fn switched_off() -> World {
        let peer = (InAddr::from_octets([10, 0, 0, 9]), [2, 0, 0, 0, 0, 9]);
        let config = Config { arp: vec![peer], ..Config::of_host(1) };
        World::new(vec![("A".to_owned(), config)], Medium::Outside)
    }

    /// The world of the host as it is.
    pub(crate) fn world(&self) -> &World {
        self.course.world()
    }

    /// The peer's next segment with data.
    pub(crate) fn data(&mut self, payload: &[u8]) -> Vec<u8> {
        let frame = self.frame(ACK | PSH, payload);
        self.seq = self.seq.wrapping_add(payload.len() as u32);
        frame
    }

    /// An acknowledgement of everything that has come.
    pub(crate) fn acknowledgement(&self) -> Vec<u8> {
        self.frame(ACK, b"")
    }

    /// The host gets a frame, and does everything that is to be done.
    pub(crate) fn give(&mut self, frame: &[u8]) {
        self.time += ROUND;
        let Self { course, time, ack, frames, octets, .. } = self;
        course.enter_frames(*time, 0, 1, [frame]);
        let turns = course.play(*time, 1_000, |passing| {
            *frames += 1;
            if !passing.from_outside {
                let flags = passing.bytes.get(LINK_AND_IP + 13).copied().unwrap_or(0);
                let syn = u32::from(flags & SYN != 0);
                // A SYN has an option of four octets, and nothing else.
                let data = if syn == 0 { (passing.bytes.len() as u32).saturating_sub(HEADERS) } else { 0 };
                *octets += data as usize;
                let number = passing.bytes.get(LINK_AND_IP + 4..).and_then(<[u8]>::first_chunk).copied();
                *ack = u32::from_be_bytes(number.unwrap_or_default()).wrapping_add(data + syn);
            }
        });
        assert!(turns < 1_000, "it runs on the spot");
    }

    fn frame(&self, flags: u8, payload: &[u8]) -> Vec<u8> {
        let (source, destination) = ([10, 0, 0, 9].into(), [10, 0, 0, 1].into());
        let header = TcpBuilder {
            source: 4_000,
            dest: self.port,
            seq: self.seq,
            ack_seq: self.ack,
            flags,
            window: 32_000,
            options: if flags & SYN != 0 { vec![2, 4, 0x05, 0xb4] } else { Vec::new() },
            ..TcpBuilder::default()
        };
        let segment = header.build(source, destination, payload).expect("a segment");
        let packet = Ipv4Builder { saddr: source, daddr: destination, protocol: 6, ttl: 64, ..Ipv4Builder::default() };
        let ethernet = EthernetBuilder { h_dest: [2, 0, 0, 0, 0, 1], h_source: [2, 0, 0, 0, 0, 9], h_proto: 0x0800 };
        ethernet.build(&packet.build(&segment).expect("a packet"))
    }
}
