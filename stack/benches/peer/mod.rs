//! The other end of the in-memory wire that benchmarks and the instruction count share: a server, and a peer that talks to it.

use stack::include::config::Config;
use stack::include::in_addr::{AF_INET, InAddr, SockaddrIn};
use stack::include::sched::TaskId;
use stack::kernel::call::{CallName, UserArg, UserCall};
use stack::lab::machine::booted;
use stack::wire::build::{EthernetBuilder, Ipv4Builder, TcpBuilder};
use stack::{Input, Kernel, step};

pub(crate) const FIN: u8 = 1;
pub(crate) const SYN: u8 = 2;
pub(crate) const PSH: u8 = 8;
pub(crate) const ACK: u8 = 16;

/// A peer on the in-memory wire.
#[derive(Clone)]
pub(crate) struct Peer {
    pub(crate) address: InAddr,
    pub(crate) port: u16,
    pub(crate) seq: u32,
    pub(crate) ack: u32,
}

impl Peer {
    /// A frame to the server with these flags and data.
    pub(crate) fn frame(&self, flags: u8, payload: &[u8]) -> Input {
        let (source, destination) = (std::net::Ipv4Addr::from(self.address.0), std::net::Ipv4Addr::new(10, 0, 0, 1));
        let header = TcpBuilder {
            source: self.port,
            dest: 80,
            seq: self.seq,
            ack_seq: self.ack,
            flags,
            window: 32000,
            ..TcpBuilder::default()
        };
        let segment = header.build(source, destination, payload).expect("a segment");
        let packet = Ipv4Builder { saddr: source, daddr: destination, protocol: 6, ttl: 64, ..Ipv4Builder::default() };
        let packet = packet.build(&segment).expect("a packet");
        let ethernet = EthernetBuilder { h_dest: [2, 0, 0, 0, 0, 1], h_source: [2, 0, 0, 0, 0, 9], h_proto: 0x0800 };
        Input::Frames(vec![(1, ethernet.build(&packet))])
    }
}

pub(crate) fn call(k: &mut Kernel, name: CallName, args: Vec<UserArg>) -> i32 {
    step(k, &Input::Call { task: TaskId(2), call: UserCall::new(name, args), planned: Vec::new() });
    let ret = k.completions.last().map_or(-1, |done| done.ret);
    k.completions.clear();
    ret
}

/// A server with a listener on port 80; descriptor 3.
pub(crate) fn server() -> Kernel {
    let peers = InAddr::from_octets([10, 0, 0, 9]);
    let mut k = booted(Config { arp: vec![(peers, [2, 0, 0, 0, 0, 9])], ..Config::of_host(1) });
    step(&mut k, &Input::Process { pid: 100, euid: 0 });
    let address = SockaddrIn { sin_family: AF_INET, sin_port: 80, sin_addr: InAddr::ANY };
    call(&mut k, CallName::Socket, vec![UserArg::Int(2), UserArg::Int(1), UserArg::Int(0)]);
    call(&mut k, CallName::Bind, vec![UserArg::Int(3), UserArg::In(address.bytes().to_vec()), UserArg::Int(16)]);
    call(&mut k, CallName::Listen, vec![UserArg::Int(3), UserArg::Int(100)]);
    k
}

/// The sequence number of the last frame that left.
pub(crate) fn last_sequence(k: &mut Kernel) -> u32 {
    let frame = k.dev[1].outbox.last().cloned().unwrap_or_default();
    k.dev[1].outbox.clear();
    frame.get(38..42).and_then(|octets| octets.try_into().ok()).map_or(0, u32::from_be_bytes)
}

/// A connection, accepted; the peer and the descriptor.
pub(crate) fn connect(k: &mut Kernel, port: u16) -> (Peer, i32) {
    let mut peer = Peer { address: InAddr::from_octets([10, 0, 0, 9]), port, seq: 1000, ack: 0 };
    step(k, &peer.frame(SYN, b""));
    peer.seq += 1;
    peer.ack = last_sequence(k).wrapping_add(1);
    step(k, &peer.frame(ACK, b""));
    let fd = call(k, CallName::Accept, vec![UserArg::Int(3), UserArg::Null, UserArg::Null]);
    (peer, fd)
}

/// A peer opens a connection; nobody accepts it yet.
pub(crate) fn handshake(k: &mut Kernel, peer: &Peer) {
    step(k, &peer.frame(SYN, b""));
    let ack = Peer { seq: peer.seq + 1, ack: last_sequence(k).wrapping_add(1), ..peer.clone() };
    step(k, &ack.frame(ACK, b""));
}
