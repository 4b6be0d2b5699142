//! The worked examples of ARP, reassembly, fragmentation and ICMP errors, as the original showed them one by one.

use stack::include::arp::{ATF_COM, ATF_PERM, ArpTable};
use stack::include::config::{Config, InterfaceConfig, RouteConfig};
use stack::include::in_addr::{AF_INET, InAddr, SockaddrIn};
use stack::include::ip::IP_DF;
use stack::include::sched::TaskId;
use stack::include::snmp::Mib;
use stack::include::socket::{SOCK_DGRAM, SOCK_RAW};
use stack::init::{Input, step};
use stack::kernel::Kernel;
use stack::kernel::call::{CallName, UserArg, UserCall};
use stack::lab::machine::booted;
use stack::net::inet::arp::{arp_destroy, hash};
use stack::wire::checksum::internet_checksum;

const OUR_MAC: [u8; 6] = [2, 0, 0, 0, 0, 1];
const PEER_MAC: [u8; 6] = [2, 0, 0, 0, 0, 2];
const PEER: [u8; 4] = [10, 0, 0, 2];
const US: [u8; 4] = [10, 0, 0, 1];
const OTHER_SIDE: [u8; 4] = [192, 168, 1, 1];
/// A protocol that only a raw socket hears.
const PROTOCOL: u8 = 200;

struct Bench {
    k: Kernel,
    task: TaskId,
}

impl Bench {
    /// 10.0.0.1/8 on eth0 and 192.168.1.1/24 on eth1, with a raw socket (descriptor 3) and a UDP socket (4).
    fn new(mtu: u16, forward: bool) -> Self {
        let mut config = Config::of_host(1);
        let address = InAddr::from_octets(OTHER_SIDE);
        config.interfaces.push(InterfaceConfig { mac: [2, 0, 0, 0, 1, 1], address, mask: InAddr::mask(24), mtu });
        config.routes.push(RouteConfig {
            destination: InAddr::ANY,
            mask: InAddr::ANY,
            gateway: InAddr::from_octets(PEER),
            interface: 0,
            mss: None,
            window: None,
        });
        config.ip_forward = forward;
        let mut k = booted(config);
        step(&mut k, &Input::Process { pid: 100, euid: 0 });
        let task = TaskId(k.tasks.len() as u32 - 1);
        let mut bench = Self { k, task };
        bench.call(CallName::Socket, [i32::from(AF_INET), i32::from(SOCK_RAW), i32::from(PROTOCOL)].map(UserArg::Int));
        bench.call(CallName::Socket, [i32::from(AF_INET), i32::from(SOCK_DGRAM), 0].map(UserArg::Int));
        bench
    }

    fn call(&mut self, name: CallName, args: impl Into<Vec<UserArg>>) -> Option<i32> {
        self.k.completions.clear();
        let call = UserCall::new(name, args.into());
        step(&mut self.k, &Input::Call { task: self.task, call, planned: Vec::new() });
        self.k.completions.first().map(|done| done.ret)
    }

    fn send(&mut self, to: [u8; 4], octets: usize) -> Option<i32> {
        let to = SockaddrIn { sin_family: AF_INET, sin_port: 9, sin_addr: InAddr::from_octets(to) };
        let count = UserArg::Int(octets as i32);
        let data = UserArg::In(vec![0; octets]);
        let address = UserArg::In(to.bytes().to_vec());
        self.call(CallName::Sendto, [UserArg::Int(4), data, count, UserArg::Int(0), address, UserArg::Int(16)])
    }

    fn frame(&mut self, dev: u8, kind: u16, body: &[u8]) {
        let mac = if dev == 2 { [2, 0, 0, 0, 1, 1] } else { OUR_MAC };
        let bytes = [&mac[..], &PEER_MAC, &kind.to_be_bytes(), body].concat();
        step(&mut self.k, &Input::Frames(vec![(dev, bytes)]));
    }

    fn arp(&mut self, dev: u8, op: u16, sender: ([u8; 6], [u8; 4]), target: [u8; 4]) {
        let head = [&[0, 1, 8, 0, 6, 4][..], &op.to_be_bytes()].concat();
        self.frame(dev, 0x0806, &[&head[..], &sender.0, &sender.1, &[0; 6], &target].concat());
    }

    /// A piece of a datagram: from, to and whether it is the last, filled with a letter.
    fn piece(&mut self, from: usize, to: usize, last: bool, letter: u8) {
        let frag_off = (from / 8) as u16 | if last { 0 } else { 0x2000 };
        self.datagram(PEER, US, PROTOCOL, 64, frag_off, &vec![letter; to - from]);
    }

    fn datagram(&mut self, saddr: [u8; 4], daddr: [u8; 4], protocol: u8, ttl: u8, frag_off: u16, body: &[u8]) {
        let mut packet = vec![0x45, 0];
        packet.extend_from_slice(&(20 + body.len() as u16).to_be_bytes());
        packet.extend_from_slice(&[0, 7]);
        packet.extend_from_slice(&frag_off.to_be_bytes());
        packet.extend_from_slice(&[ttl, protocol, 0, 0]);
        packet.extend_from_slice(&saddr);
        packet.extend_from_slice(&daddr);
        let check = internet_checksum(&packet).to_be_bytes();
        packet[10..12].copy_from_slice(&check);
        packet.extend_from_slice(body);
        self.frame(1, 0x0800, &packet);
    }

    /// What the raw socket has received, as runs of letters behind the IP header.
    fn received(&self) -> Vec<String> {
        let (_, sock) = self.k.sock.iter().find(|(_, sock)| sock.num == u16::from(PROTOCOL)).unwrap();
        let text = |skb: &stack::include::skbuff::SkbId| {
            let buffer = &self.k.skb[*skb];
            let octets = buffer.bytes_at(buffer.h_raw + 20, buffer.len as usize - 20);
            octets.chunk_by(|a, b| a == b).map(|run| format!("{}{}", run.len(), run[0] as char)).collect()
        };
        sock.receive_queue.iter().map(text).collect()
    }

    fn sent(&mut self, dev: usize) -> Vec<Vec<u8>> {
        std::mem::take(&mut self.k.dev[dev].outbox)
    }

    fn known(&self, address: [u8; 4]) -> Option<&ArpTable> {
        let address = InAddr::from_octets(address);
        let bucket = &self.k.arp_tables[hash(address)];
        bucket.iter().map(|entry| &self.k.arp[*entry]).find(|entry| entry.ip == address)
    }

    fn learn(&mut self) {
        self.arp(1, 2, (PEER_MAC, PEER), US);
    }

    fn count(&self, counter: Mib) -> u32 {
        self.k.stats.get(counter)
    }
}

type Pieces<'a> = &'a [(usize, usize, bool, u8)];

fn reassembled(pieces: Pieces) -> Vec<String> {
    let mut bench = Bench::new(1500, false);
    for (from, to, last, letter) in pieces {
        bench.piece(*from, *to, *last, *letter);
    }
    assert_eq!(bench.k.oops, None);
    bench.received()
}

#[test]
fn reassembly_of_pieces_that_fit() {
    assert_eq!(reassembled(&[(0, 16, false, b'a'), (16, 32, true, b'b')]), ["16a16b"]);
    assert_eq!(reassembled(&[(16, 32, true, b'b'), (0, 16, false, b'a')]), ["16a16b"]);
    let twice = [(0, 16, false, b'a'), (0, 16, false, b'x'), (16, 32, true, b'b')];
    assert_eq!(reassembled(&twice), ["16a16b"], "the first of two equal pieces counts");
}

#[test]
fn reassembly_of_pieces_that_overlap() {
    assert_eq!(reassembled(&[(0, 24, false, b'a'), (16, 32, true, b'b')]), ["24a8b"], "older data wins at the front");
    assert_eq!(reassembled(&[(16, 32, true, b'b'), (0, 24, false, b'a')]), ["24a"], "the tail is lost");
    let middle_lost = [(16, 32, false, b'b'), (32, 48, true, b'c'), (0, 24, false, b'a')];
    assert_eq!(reassembled(&middle_lost), Vec::<String>::new());
    let again = [&middle_lost[..], &[(16, 32, false, b'b')]].concat();
    assert_eq!(reassembled(&again), ["24a8b16c"]);
    let covered = [(0, 400, false, b'a'), (800, 1200, false, b'b'), (2400, 3008, true, b'd'), (400, 2400, false, b'c')];
    assert_eq!(reassembled(&covered), ["400a2000c608d"], "a covered piece with a successor goes");
}

#[test]
fn reassembly_that_never_completes() {
    let inside = [(0, 400, false, b'a'), (8, 16, false, b'b'), (400, 800, true, b'c')];
    assert_eq!(reassembled(&inside), Vec::<String>::new(), "the running offset jumps back");
    let two_ends =
        [(2960, 3008, true, b'x'), (3200, 3300, true, b'y'), (1480, 2960, false, b'z'), (0, 1480, false, b'w')];
    assert_eq!(reassembled(&two_ends), Vec::<String>::new(), "the gap before the second end stays");
}

#[test]
fn reassembly_that_kills_the_machine() {
    for (pieces, word) in [
        ([(0, 36, false, b'a'), (24, 28, true, b'b')], "negative length"),
        ([(8, 16, false, b'x'), (0, 24, false, b'a')], "null pointer"),
    ] {
        let mut bench = Bench::new(1500, false);
        for (from, to, last, letter) in pieces {
            bench.piece(from, to, last, letter);
        }
        let story = bench.k.oops.expect("the original would have died").story;
        assert!(story.contains(word), "{story}");
    }
}

/// Payload lengths and offset fields of the fragments that left.
fn fragments(frames: &[Vec<u8>]) -> Vec<(usize, u16)> {
    frames.iter().map(|frame| (frame.len() - 34, u16::from_be_bytes([frame[20], frame[21]]))).collect()
}

#[test]
fn fragments_are_fourteen_octets_too_short() {
    for (payload, wanted) in [
        (2008, vec![(1464, 0x2000), (544, 183)]),
        (4008, vec![(1464, 0x2000), (1464, 0x2000 | 183), (1080, 366)]),
        (2930, vec![(1464, 0x2000), (1466, 183)]),
        (1480, vec![(1480, 0)]),
        (1481, vec![(1464, 0x2000), (17, 183)]),
    ] {
        let mut bench = Bench::new(1500, false);
        bench.learn();
        assert_eq!(bench.send(PEER, payload - 8), Some(payload as i32 - 8));
        assert_eq!(fragments(&bench.sent(1)), wanted, "{payload} octets of IP payload");
    }
}

#[test]
fn frag_needed_carries_the_mtu_in_the_wrong_byte_order() {
    let mut bench = Bench::new(576, true);
    bench.learn();
    bench.datagram(PEER, [192, 168, 1, 9], 17, 9, IP_DF, &[0; 600]);
    let frames = bench.sent(1);
    assert_eq!(frames.len(), 1);
    let error = &frames[0];
    assert_eq!((error.len(), &error[34..36]), (14 + 56, &[3, 4][..]));
    assert_eq!(error[38..42], [0x40, 0x02, 0, 0], "576 as the processor holds it");
    assert_eq!(error[26..30], OTHER_SIDE, "the source is the outgoing interface's address");
    assert_eq!(bench.count(Mib::IpFragFails), 1);
}

#[test]
fn a_dead_neighbour_is_asked_three_times() {
    let mut bench = Bench::new(1500, false);
    bench.send([10, 0, 0, 9], 1);
    bench.send([10, 0, 0, 9], 1);
    let mut times = Vec::new();
    for tick in 0..8000_u32 {
        if !bench.sent(1).is_empty() {
            times.push(tick);
        }
        step(&mut bench.k, &Input::Ticks(1));
    }
    assert_eq!(times, [0, 2501, 5002]);
    assert_eq!(bench.known([10, 0, 0, 9]), None);
    assert_eq!(bench.k.skb.len(), 0, "the waiting packets are gone");
    assert!(bench.k.sock.iter().all(|(_, sock)| sock.wmem_alloc == 0));
}

#[test]
fn what_arp_believes() {
    let mut bench = Bench::new(1500, false);
    let new = [2, 0, 0, 0, 0, 0x77];
    bench.arp(1, 1, (PEER_MAC, PEER), [10, 0, 0, 3]);
    assert_eq!(bench.known(PEER), None, "a request for somebody else teaches nothing");
    bench.learn();
    bench.arp(1, 1, (new, PEER), PEER);
    assert_eq!(bench.known(PEER).unwrap().ha[..6], PEER_MAC, "gratuitous ARP changes nothing");
    bench.sent(1);
    bench.arp(1, 1, (new, PEER), OTHER_SIDE);
    assert!(bench.sent(1).is_empty(), "a request for the other interface's address is not answered");
    bench.arp(1, 2, (new, PEER), OTHER_SIDE);
    assert_eq!(bench.known(PEER).unwrap().ha[..6], new, "a reply to the other interface's address is believed");
    bench.arp(1, 9, (PEER_MAC, PEER), US);
    assert_eq!(bench.sent(1).len(), 1, "an unknown operation counts as a request");
    bench.arp(1, 2, (PEER_MAC, [10, 0, 0, 5]), [1, 0, 0, 127]);
    assert_eq!(bench.known([10, 0, 0, 5]), None);
}

#[test]
fn permanent_entries_are_overwritten_but_not_deleted() {
    let mut bench = Bench::new(1500, false);
    bench.learn();
    let id = bench.k.arp_tables[2][0];
    bench.k.arp[id].flags = ATF_COM | ATF_PERM;
    bench.arp(1, 2, ([2, 0, 0, 0, 0, 9], PEER), US);
    assert_eq!(bench.known(PEER).unwrap().ha[5], 9);
    arp_destroy(&mut bench.k, InAddr::from_octets(PEER), false);
    assert!(bench.known(PEER).is_some());
    arp_destroy(&mut bench.k, InAddr::from_octets(PEER), true);
    assert!(bench.known(PEER).is_none());
}

#[test]
fn an_idle_entry_goes_with_the_first_check_after_ten_minutes() {
    let mut bench = Bench::new(1500, false);
    step(&mut bench.k, &Input::Ticks(8300));
    bench.learn();
    step(&mut bench.k, &Input::Ticks(72012 - 8300 - 1));
    assert!(bench.known(PEER).is_some());
    step(&mut bench.k, &Input::Ticks(1));
    assert!(bench.known(PEER).is_none(), "720.12 s: 637 s old");
}

#[test]
fn a_length_that_wrapped_has_no_good_checksum() {
    let mut bench = Bench::new(1500, false);
    // A datagram of 19 octets: the header alone has 20, so UDP is told of 65535. The checksum fits the octets that came.
    let mut packet = vec![0x45, 0, 0, 19, 0, 7, 0, 0, 64, 17, 0, 0];
    packet.extend_from_slice(&[PEER, US].concat());
    let check = internet_checksum(&packet).to_be_bytes();
    packet[10..12].copy_from_slice(&check);
    let mut udp = vec![0, 9, 0x13, 0x88, 0, 8, 0, 0];
    let pseudo = [&PEER[..], &US, &[0, 17, 0xff, 0xff]].concat();
    let check = internet_checksum(&[pseudo, udp.clone()].concat()).to_be_bytes();
    udp[6..8].copy_from_slice(&check);
    bench.frame(1, 0x0800, &[packet, udp].concat());
    assert_eq!((bench.count(Mib::UdpInErrors), bench.count(Mib::UdpNoPorts)), (1, 0));
}
