//! Which conversation a line without ports belongs to: the list of sockets that packetdrill keeps, and which of them is
//! under test.
//!
//! packetdrill follows the calls of a script. `socket()` makes a socket, and that one is under test until the next
//! `socket()`, closed or not. `connect()` and `sendto()` make it active, and its first packet settles our port; `listen()`
//! makes it passive, and the next packet of the peer makes its child, which is under test from then on and has a port of
//! the peer that no connection had before: a second server is never met by what a first one left in TIME_WAIT. A second
//! SYN for the same listener comes from the same port.
//!
//! Where this is wider than packetdrill, on purpose:
//!
//! * TCP lines follow the newest TCP socket and UDP lines the newest UDP socket; packetdrill refuses a line of the other
//!   protocol.
//! * A script without a line for a segment of the stack only says what happens: everything counts as if it were asked for.
//! * A line that writes ports, other than those it would mean without, means these ports and leaves the list as it is.
//!   packetdrill puts them into a packet of the peer too, but neither compares nor searches by those of a packet of the
//!   stack, so that it never sees the answer.
//! * A socket that is only bound is reached at its port, which for datagrams is what nplab's packetdrill does; Google's
//!   sends from and to 0.0.0.0, port 0, as this does where there is no port at all.

use core::net::Ipv4Addr;
use std::collections::BTreeSet;

use super::flow::{Flow, Initial};
use crate::include::sock::SockId;
use crate::wire::ip_numbers::{PROTOCOL_TCP, PROTOCOL_UDP};
use crate::wire::tcp;

/// The flags of the answer of a listener.
const SYN_AND_ACK: u8 = tcp::SYN | tcp::ACK;

/// How far a socket has come, in packetdrill's eyes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// After `socket()`.
    New,
    /// After `listen()`.
    Listening,
    /// The child of a listener: a packet of the peer made it.
    Reached,
    /// A line has asked for its SYN and ACK.
    SynAckSent,
    /// The peer has acknowledged them.
    SynAckAcked,
    /// After `connect()` or `sendto()`.
    Connecting,
    /// Its SYN has left.
    SynSent,
    /// The peer has answered it with SYN and ACK.
    SynAcked,
}

/// A socket of the list.
#[derive(Clone, Copy, Debug)]
struct Socket {
    /// None: the child of a listener.
    sock: Option<SockId>,
    protocol: u8,
    state: State,
    /// Our port, or 0.
    local: u16,
    /// The peer's, or 0.
    remote: u16,
    /// Our address and the peer's, of a connection that we opened.
    addresses: Option<(Ipv4Addr, Ipv4Addr)>,
    /// What its numbers count from, as the lines of the script have let it be seen.
    numbers: Initial,
    /// A line has asked for its SYN.
    asked: bool,
}

/// A packet of the stack, as far as it can settle whose it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leaving {
    /// Its ports.
    pub(super) flow: Flow,
    /// Our address and the peer's.
    pub(super) addresses: (Ipv4Addr, Ipv4Addr),
    /// Of a segment; None for a datagram.
    pub(super) flags: Option<u8>,
    /// The sequence number of a segment on the wire.
    pub(super) sequence: u32,
}

/// The list.
#[derive(Clone, Debug)]
pub(super) struct Sockets {
    list: Vec<Socket>,
    /// The ports where a script says nothing.
    usual: Flow,
    /// The peer's port of the next child.
    next: u16,
    /// Ports that no other child is given: a child has had them, or the script writes them itself.
    taken: BTreeSet<u16>,
    /// A line has asked for the SYN and ACK of a connection.
    has_shaken_hands: bool,
    /// The script has lines for segments of the stack.
    asks: bool,
}

impl Sockets {
    /// No socket yet. Peers come from the usual port and those above it, but from none that is `written` in the script, which
    /// `asks` for segments or only says what happens.
    pub(super) fn new(usual: Flow, written: BTreeSet<u16>, asks: bool) -> Self {
        Sockets { list: Vec::new(), usual, next: usual.remote, taken: written, has_shaken_hands: false, asks }
    }

    fn under_test(&self, protocol: u8) -> Option<&Socket> {
        self.list.iter().rev().find(|socket| socket.protocol == protocol)
    }

    fn under_test_mut(&mut self, protocol: u8) -> Option<&mut Socket> {
        self.list.iter_mut().rev().find(|socket| socket.protocol == protocol)
    }

    fn of_mut(&mut self, sock: SockId) -> Option<&mut Socket> {
        self.list.iter_mut().find(|socket| socket.sock == Some(sock))
    }

    /// What a line of that protocol means that writes no ports.
    pub(super) fn flow(&self, protocol: u8) -> Flow {
        let peer = if protocol == PROTOCOL_TCP { self.next } else { self.usual.remote };
        let Some(socket) = self.under_test(protocol) else { return Flow { local: self.usual.local, remote: peer } };
        match socket.state {
            State::New | State::Connecting if socket.local == 0 => Flow::NOWHERE,
            State::New | State::Listening => Flow { local: socket.local, remote: peer },
            _ => Flow { local: socket.local, remote: socket.remote },
        }
    }

    /// Our address and the peer's, where the TCP socket under test has connected to somebody.
    pub(super) fn addresses(&self) -> Option<(Ipv4Addr, Ipv4Addr)> {
        self.under_test(PROTOCOL_TCP).and_then(|socket| socket.addresses)
    }

    /// What the numbers of the TCP socket under test count from, as far as lines have asked; None for a script that asks
    /// nothing.
    pub(super) fn numbers(&self) -> Option<Initial> {
        let known = self.under_test(PROTOCOL_TCP).map_or_else(Initial::default, |socket| socket.numbers);
        self.asks.then_some(known)
    }

    /// Whether the TCP socket under test has connected and no line has asked for its SYN: packetdrill does not know its
    /// address and its port then, so that nothing of the script reaches it and nothing of it is seen.
    pub(super) fn is_lost(&self) -> bool {
        let socket = self.under_test(PROTOCOL_TCP);
        socket.is_some_and(|socket| matches!(socket.state, State::Connecting | State::SynSent) && !socket.asked)
    }

    /// A line without ports asks for a segment with these flags and that number.
    pub(super) fn asks(&mut self, flags: u8, sequence: u32) {
        let Some(socket) = self.under_test_mut(PROTOCOL_TCP) else { return };
        match (socket.state, flags & SYN_AND_ACK) {
            (State::Connecting | State::SynSent, tcp::SYN) if !socket.asked => {
                (socket.asked, socket.numbers.written) = (true, sequence);
            }
            (State::Reached, SYN_AND_ACK) => socket.numbers.written = sequence,
            _ => {}
        }
    }

    /// `socket()` made one.
    pub(super) fn opens(&mut self, sock: SockId, protocol: u8) {
        self.push(Some(sock), protocol, State::New, Flow::NOWHERE);
    }

    fn push(&mut self, sock: Option<SockId>, protocol: u8, state: State, flow: Flow) {
        let Flow { local, remote } = flow;
        let (numbers, asked) = (Initial::default(), !self.asks);
        self.list.push(Socket { sock, protocol, state, local, remote, addresses: None, numbers, asked });
    }

    /// `bind()`, or the `connect()` of a datagram socket, has given it a port.
    pub(super) fn is_bound(&mut self, sock: SockId, port: u16) {
        if let Some(socket) = self.of_mut(sock)
            && (socket.state == State::New || socket.protocol == PROTOCOL_UDP && socket.local == 0)
        {
            socket.local = port;
        }
    }

    /// `listen()`.
    pub(super) fn listens(&mut self, sock: SockId, port: u16) {
        let usual = self.usual.local;
        if let Some(socket) = self.of_mut(sock) {
            (socket.state, socket.local) = (State::Listening, if port == 0 { usual } else { port });
        }
    }

    /// `connect()` or `sendto()` is about to be made, to that port; None: to nobody, so that the socket is as new. What a
    /// socket has sent settles whom its lines mean, whomever it names later: only `connect()` says `anew`.
    pub(super) fn connects(&mut self, sock: SockId, port: Option<u16>, anew: bool) {
        let asked = !self.asks;
        let Some(socket) = self.of_mut(sock) else { return };
        let Some(port) = port else {
            socket.state = State::New;
            return;
        };
        if socket.state == State::New || socket.state == State::Connecting && (anew || socket.local == 0) {
            (socket.state, socket.remote, socket.asked) = (State::Connecting, port, asked);
        }
    }

    /// A TCP packet of the peer arrives that writes no ports. Gives its number where the peer's later ones count from it: the
    /// first packet that a listener gets, whatever it is, or the SYN and ACK that answer a SYN of ours.
    pub(super) fn arrives(&mut self, flags: u8, sequence: u32) -> Option<u32> {
        let acknowledges = flags & tcp::ACK != 0;
        let begins = match self.under_test(PROTOCOL_TCP).map(|socket| (socket.state, socket.asked)) {
            None | Some((State::Listening, _)) => {
                let flow = self.flow(PROTOCOL_TCP);
                self.push(None, PROTOCOL_TCP, State::Reached, flow);
                self.take_port();
                true
            }
            Some((State::SynAckSent, _)) if acknowledges => {
                self.become_state(State::SynAckAcked);
                false
            }
            Some((State::SynSent, true)) if acknowledges && flags & tcp::SYN != 0 => {
                self.become_state(State::SynAcked);
                true
            }
            Some(_) => false,
        };
        if let Some(socket) = self.under_test_mut(PROTOCOL_TCP).filter(|_| begins) {
            socket.numbers.remote = sequence;
        }
        begins.then_some(sequence)
    }

    fn become_state(&mut self, state: State) {
        if let Some(socket) = self.under_test_mut(PROTOCOL_TCP) {
            socket.state = state;
        }
    }

    /// The next port that is not taken; where every one is, the last is used again.
    fn take_port(&mut self) {
        self.taken.insert(self.next);
        let free = |port: &u16| *port != 0 && !self.taken.contains(port);
        if self.taken.len() < usize::from(u16::MAX) {
            self.next = (1..=u16::MAX).map(|step| self.next.wrapping_add(step)).find(free).unwrap_or(self.next);
        }
    }

    /// A packet leaves. True: it is the first of the socket under test, and settles its ports.
    pub(super) fn leaves(&mut self, packet: Leaving) -> bool {
        let Some(socket) = self.opened(packet) else { return false };
        let waits = socket.state == State::Connecting && (packet.flags.is_some() || socket.local == 0);
        let first = waits && self.can_adopt(packet);
        if first {
            self.adopt(packet);
        }
        first
    }

    fn opened(&self, packet: Leaving) -> Option<&Socket> {
        self.under_test(if packet.flags.is_some() { PROTOCOL_TCP } else { PROTOCOL_UDP })
    }

    /// Whether a packet can be one that the socket under test has sent to whom it connects, whatever our port: a SYN, as
    /// long as none was answered, or a datagram.
    pub(super) fn can_adopt(&self, packet: Leaving) -> bool {
        let Some(socket) = self.opened(packet) else { return false };
        let waits = match packet.flags {
            Some(flags) => {
                flags & (tcp::SYN | tcp::ACK) == tcp::SYN && matches!(socket.state, State::Connecting | State::SynSent)
            }
            None => socket.state == State::Connecting,
        };
        waits && packet.flow.remote == socket.remote
    }

    /// From here on the socket under test is the one that has sent this.
    pub(super) fn adopt(&mut self, packet: Leaving) {
        let segment = packet.flags.is_some();
        if let Some(socket) = self.under_test_mut(if segment { PROTOCOL_TCP } else { PROTOCOL_UDP }) {
            socket.local = packet.flow.local;
            if segment {
                (socket.state, socket.addresses) = (State::SynSent, Some(packet.addresses));
                socket.numbers.local = packet.sequence;
            }
        }
    }

    /// A line with these flags has been given that packet; `own`: it writes no ports. The answer of a listener settles what
    /// our numbers count from, whatever the packet is.
    pub(super) fn is_met(&mut self, flags: u8, packet: Leaving, own: bool) {
        if flags & SYN_AND_ACK != SYN_AND_ACK {
            return;
        }
        let reached = self.under_test(PROTOCOL_TCP).is_some_and(|socket| socket.state == State::Reached);
        if let Some(socket) = self.under_test_mut(PROTOCOL_TCP).filter(|_| own && reached) {
            (socket.state, socket.numbers.local) = (State::SynAckSent, packet.sequence);
        }
        self.has_shaken_hands |= reached || !own;
    }

    /// Whether packetdrill knows any connection that accept() could give back.
    pub(super) fn has_accepted(&self) -> bool {
        self.has_shaken_hands
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::include::arena::Arena;
    use crate::include::sock::Sock;

    const USUAL: Flow = Flow { local: 8080, remote: 40_001 };

    fn socks<const COUNT: usize>() -> [SockId; COUNT] {
        let mut arena: Arena<Sock> = Arena::default();
        std::array::from_fn(|_| arena.insert(Sock::default()))
    }

    fn sent(local: u16, remote: u16, flags: Option<u8>) -> Leaving {
        let addresses = (Ipv4Addr::LOCALHOST, Ipv4Addr::LOCALHOST);
        Leaving { flow: Flow { local, remote }, addresses, flags, sequence: 7 }
    }

    /// The ports that the peers of that many listeners come from.
    fn ports(written: impl IntoIterator<Item = u16>, usual: u16, count: usize) -> Vec<u16> {
        let mut sockets = Sockets::new(Flow { remote: usual, ..USUAL }, written.into_iter().collect(), true);
        let [sock] = socks();
        let mut out = Vec::new();
        for _ in 0..count {
            sockets.list.clear();
            sockets.opens(sock, PROTOCOL_TCP);
            sockets.listens(sock, 0);
            sockets.arrives(tcp::SYN, 0);
            out.push(sockets.flow(PROTOCOL_TCP).remote);
        }
        out
    }

    #[test]
    fn each_listener_has_a_peer_of_its_own() {
        assert_eq!(ports([40_002, 40_004], 40_001, 3), [40_001, 40_003, 40_005]);
        assert_eq!(ports([], 65_534, 4), [65_534, 65_535, 1, 2], "0 is no port");
        assert_eq!(ports(1..=u16::MAX, 7, 2), [7, 7], "there is no other");
    }

    #[test]
    fn the_newest_socket_of_a_protocol_is_under_test() {
        let [first, second, datagrams] = socks();
        let mut sockets = Sockets::new(USUAL, BTreeSet::new(), true);
        assert_eq!(sockets.flow(PROTOCOL_TCP), USUAL);
        sockets.opens(first, PROTOCOL_TCP);
        assert_eq!(sockets.flow(PROTOCOL_TCP), Flow::NOWHERE);
        sockets.connects(first, Some(80), true);
        assert!(sockets.leaves(sent(1026, 80, Some(tcp::SYN))));
        assert!(!sockets.leaves(sent(1026, 80, Some(tcp::SYN))), "it is known");
        sockets.opens(datagrams, PROTOCOL_UDP);
        assert_eq!(sockets.flow(PROTOCOL_TCP), Flow { local: 1026, remote: 80 });
        sockets.connects(datagrams, Some(53), false);
        assert!(!sockets.leaves(sent(1027, 54, None)) && sockets.leaves(sent(1027, 53, None)));
        assert_eq!(sockets.flow(PROTOCOL_UDP), Flow { local: 1027, remote: 53 });
        sockets.opens(second, PROTOCOL_TCP);
        sockets.listens(first, 1026);
        assert_eq!(sockets.flow(PROTOCOL_TCP), Flow::NOWHERE, "listen() is about the older one");
        sockets.is_bound(second, 7000);
        assert_eq!(sockets.flow(PROTOCOL_TCP), Flow { local: 7000, remote: 40_001 });
    }

    #[test]
    fn accept_knows_what_a_line_has_asked_for() {
        let [sock] = socks();
        let mut sockets = Sockets::new(USUAL, BTreeSet::new(), true);
        let answer = sent(8080, 40_001, Some(SYN_AND_ACK));
        sockets.opens(sock, PROTOCOL_TCP);
        sockets.listens(sock, 8080);
        sockets.is_met(SYN_AND_ACK, answer, true);
        assert!(!sockets.has_accepted(), "nobody has reached it");
        assert_eq!(sockets.arrives(tcp::SYN, 3), Some(3));
        sockets.asks(SYN_AND_ACK, 5);
        assert_eq!(sockets.numbers().unwrap(), Initial { local: 0, written: 5, remote: 3 }, "it has not been seen yet");
        sockets.is_met(SYN_AND_ACK, answer, true);
        assert!(sockets.has_accepted());
        assert_eq!(sockets.numbers().unwrap().local, 7);
        assert_eq!(sockets.arrives(tcp::ACK, 4), None, "its numbers count from the first");
        assert_eq!(sockets.under_test(PROTOCOL_TCP).unwrap().state, State::SynAckAcked);
    }

    #[test]
    fn a_client_is_lost_until_a_line_asks_for_its_syn() {
        let [sock] = socks();
        let mut sockets = Sockets::new(USUAL, BTreeSet::new(), true);
        sockets.opens(sock, PROTOCOL_TCP);
        assert!(!sockets.is_lost());
        sockets.connects(sock, Some(80), true);
        assert!(sockets.leaves(sent(1026, 80, Some(tcp::SYN))) && sockets.is_lost());
        assert_eq!(sockets.arrives(SYN_AND_ACK, 9), None);
        sockets.asks(tcp::SYN, 100);
        assert!(!sockets.is_lost());
        assert_eq!(sockets.arrives(SYN_AND_ACK, 9), Some(9));
        assert_eq!(sockets.numbers().unwrap(), Initial { local: 7, written: 100, remote: 9 });
    }
}
