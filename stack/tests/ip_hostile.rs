//! Whatever arrives on the wire below TCP: nothing panics, and every buffer stands on a list or belongs to somebody. Where
//! the original would have crashed, the run ends in a story instead.

use proptest::prelude::*;

use stack::include::config::{Config, InterfaceConfig, RouteConfig};
use stack::include::firewall::{IP_FW_F_ICMPRPL, IpFw};
use stack::include::in_addr::{AF_INET, InAddr, SockaddrIn};
use stack::include::netdevice::DevId;
use stack::include::sched::TaskId;
use stack::include::skbuff::ListId;
use stack::include::socket::{SOCK_DGRAM, SOCK_RAW};
use stack::init::{Input, step};
use stack::kernel::Kernel;
use stack::kernel::call::{CallName, UserArg, UserCall};
use stack::lab::machine::booted;
use stack::wire::checksum::internet_checksum;

const OUR_MAC: [[u8; 6]; 2] = [[2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 1, 1]];
const PEER_MAC: [u8; 6] = [2, 0, 0, 0, 0, 2];

/// Addresses around a machine that is 10.0.0.1/8 and 192.168.1.1/24.
const ADDRESSES: [[u8; 4]; 12] = [
    [10, 0, 0, 1],
    [192, 168, 1, 1],
    [10, 0, 0, 2],
    [10, 0, 0, 3],
    [192, 168, 1, 9],
    [10, 255, 255, 255],
    [255, 255, 255, 255],
    [0, 0, 0, 0],
    [127, 0, 0, 1],
    [224, 0, 0, 1],
    [8, 8, 8, 8],
    [1, 0, 0, 127],
];

fn machine(router: bool) -> (Kernel, TaskId) {
    let mut config = Config::of_host(1);
    let (address, mask) = (InAddr::from_octets([192, 168, 1, 1]), InAddr::mask(24));
    config.interfaces.push(InterfaceConfig { mac: OUR_MAC[1], address, mask, mtu: 300 });
    config.routes.push(RouteConfig {
        destination: InAddr::ANY,
        mask: InAddr::ANY,
        gateway: InAddr::from_octets([10, 0, 0, 2]),
        interface: 0,
        mss: None,
        window: None,
    });
    config.ip_forward = router;
    config.ip_multicast = router;
    config.ip_acct = router;
    let mut k = booted(config);
    k.firewall.acct.push(IpFw::default());
    step(&mut k, &Input::Process { pid: 100, euid: 0 });
    let task = TaskId(k.tasks.len() as u32 - 1);
    for (kind, protocol) in [(SOCK_DGRAM, 0), (SOCK_RAW, 1), (SOCK_RAW, 1)] {
        let args = [i32::from(AF_INET), i32::from(kind), protocol].map(UserArg::Int).to_vec();
        call(&mut k, task, CallName::Socket, args);
    }
    let here = SockaddrIn { sin_family: AF_INET, sin_port: 9, sin_addr: InAddr::ANY }.bytes().to_vec();
    let bound = call(&mut k, task, CallName::Bind, vec![UserArg::Int(3), UserArg::In(here), UserArg::Int(16)]);
    assert_eq!(bound, Some(0), "the UDP socket is bound");
    (k, task)
}

fn call(k: &mut Kernel, task: TaskId, name: CallName, args: Vec<UserArg>) -> Option<i32> {
    k.completions.clear();
    step(k, &Input::Call { task, call: UserCall::new(name, args), planned: Vec::new() });
    k.completions.iter().find(|done| done.task == task).map(|done| done.ret)
}

/// Everything that can happen.
#[derive(Clone, Debug)]
enum Happening {
    Frame(u8, Vec<u8>),
    Ticks(u32),
    Send(usize, u16),
}

fn ethernet(dest: [u8; 6], kind: u16, body: &[u8]) -> Vec<u8> {
    [&dest[..], &PEER_MAC[..], &kind.to_be_bytes()[..], body].concat()
}

fn mac() -> impl Strategy<Value = [u8; 6]> {
    prop_oneof![6 => Just(OUR_MAC[0]), 3 => Just(OUR_MAC[1]), 1 => Just([0xff; 6]), 1 => Just(PEER_MAC)]
}

fn address() -> impl Strategy<Value = [u8; 4]> {
    prop_oneof![4 => Just(ADDRESSES[0]), 4 => (0..ADDRESSES.len()).prop_map(|index| ADDRESSES[index]), 1 => any::<[u8; 4]>()]
}

fn arp() -> impl Strategy<Value = Vec<u8>> {
    let lengths = prop_oneof![8 => Just([6, 4]), 1 => any::<[u8; 2]>()];
    (0u16..10, lengths, any::<[u8; 6]>(), address(), address(), any::<bool>()).prop_map(
        |(op, lengths, sha, sip, tip, ip)| {
            let protocol: u16 = if ip { 0x0800 } else { 0x86dd };
            let head = [&1u16.to_be_bytes()[..], &protocol.to_be_bytes(), &lengths, &op.to_be_bytes()].concat();
            [&head[..], &sha, &sip, &[0; 6], &tip].concat()
        },
    )
}

/// What stands behind an IP header.
fn transport() -> impl Strategy<Value = (u8, Vec<u8>)> {
    let small = || proptest::collection::vec(any::<u8>(), 0..80);
    let icmp = (0u8..20, 0u8..16, small(), any::<bool>()).prop_map(|(type_, code, rest, sealed)| {
        let mut message = [&[type_, code, 0, 0][..], &rest].concat();
        if sealed {
            let check = internet_checksum(&message).to_be_bytes();
            message[2..4].copy_from_slice(&check);
        }
        (1, message)
    });
    let quoting = (
        prop_oneof![Just(3u8), Just(4), Just(5), Just(11)],
        0u8..16,
        ip(0, small().prop_map(|rest| (17, rest)).boxed()),
    )
        .prop_map(|(type_, code, quoted)| {
            let mut message = [&[type_, code, 0, 0, 10, 0, 0, 3][..], &quoted].concat();
            let check = internet_checksum(&message).to_be_bytes();
            message[2..4].copy_from_slice(&check);
            (1, message)
        });
    let udp = (any::<u16>(), 0u16..12, small()).prop_map(|(source, dest, data)| {
        let length = (data.len() as u16 + 8).to_be_bytes();
        (17, [&source.to_be_bytes()[..], &dest.to_be_bytes(), &length, &[0, 0], &data].concat())
    });
    let igmp = (0x11u8..0x13, address()).prop_map(|(type_, group)| {
        let mut message = [&[type_, 0, 0, 0][..], &group].concat();
        let check = internet_checksum(&message).to_be_bytes();
        message[2..4].copy_from_slice(&check);
        (2, message)
    });
    prop_oneof![3 => icmp, 2 => quoting, 2 => udp, 1 => igmp, 1 => (any::<u8>(), small())]
}

/// A datagram with a right checksum; `later` allows fragments.
fn ip(fragments: u16, payload: BoxedStrategy<(u8, Vec<u8>)>) -> impl Strategy<Value = Vec<u8>> {
    let options = prop_oneof![6 => Just(0usize), 1 => 0usize..11];
    let length = prop_oneof![10 => Just(None), 1 => any::<u16>().prop_map(Some)];
    let fragment = (0..=fragments, any::<bool>(), any::<u8>());
    (payload, address(), address(), fragment, options, 0u8..4, length).prop_map(
        |((protocol, body), saddr, daddr, (offset, more, df), options, ttl, length)| {
            let header = 20 + options * 4;
            let mf = u16::from(offset > 0 && more) << 13;
            let frag_off = offset.saturating_sub(1) | mf | u16::from(df < 10) << 14;
            let total = length.unwrap_or((header + body.len()) as u16);
            let mut packet = vec![0x40 | (header / 4) as u8, 0];
            packet.extend_from_slice(&total.to_be_bytes());
            packet.extend_from_slice(&u16::from(ttl).to_be_bytes());
            packet.extend_from_slice(&frag_off.to_be_bytes());
            packet.extend_from_slice(&[ttl, protocol, 0, 0]);
            packet.extend_from_slice(&saddr);
            packet.extend_from_slice(&daddr);
            packet.resize(header, 7);
            let check = internet_checksum(&packet).to_be_bytes();
            packet[10..12].copy_from_slice(&check);
            packet.extend_from_slice(&body);
            packet
        },
    )
}

/// Pieces of few datagrams between two hosts, so that they meet, overlap and complete.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    (0u16..6, 0usize..40, any::<bool>(), 0u16..2).prop_map(|(offset, length, more, id)| {
        let frag_off = offset | u16::from(more) << 13;
        let mut packet = vec![0x45, 0];
        packet.extend_from_slice(&(20 + length as u16).to_be_bytes());
        packet.extend_from_slice(&id.to_be_bytes());
        packet.extend_from_slice(&frag_off.to_be_bytes());
        packet.extend_from_slice(&[64, 17, 0, 0, 10, 0, 0, 2, 10, 0, 0, 1]);
        let check = internet_checksum(&packet).to_be_bytes();
        packet[10..12].copy_from_slice(&check);
        packet.extend(std::iter::repeat_n(offset as u8, length));
        packet
    })
}

/// A body with a few octets changed, or cut short.
fn mutated(body: impl Strategy<Value = Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let change = proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..3);
    (body, change, prop_oneof![4 => Just(None), 1 => any::<prop::sample::Index>().prop_map(Some)]).prop_map(
        |(mut body, changes, cut)| {
            for (index, value) in changes {
                if !body.is_empty() {
                    let at = index.index(body.len());
                    body[at] = value;
                }
            }
            if let Some(cut) = cut {
                body.truncate(cut.index(body.len() + 1));
            }
            body
        },
    )
}

fn happening() -> impl Strategy<Value = Happening> {
    let whole = || ip(0, transport().boxed());
    let any_fragment = || ip(9, transport().boxed());
    let frame = |kind: u16, body: BoxedStrategy<Vec<u8>>| {
        (1u8..3, mac(), body).prop_map(move |(dev, dest, body)| Happening::Frame(dev, ethernet(dest, kind, &body)))
    };
    prop_oneof![
        3 => frame(0x0806, arp().boxed()),
        1 => frame(0x0806, mutated(arp()).boxed()),
        4 => frame(0x0800, whole().boxed()),
        3 => frame(0x0800, any_fragment().boxed()),
        2 => frame(0x0800, mutated(whole()).boxed()),
        4 => (1u8..2, piece()).prop_map(|(dev, body)| Happening::Frame(dev, ethernet(OUR_MAC[0], 0x0800, &body))),
        1 => proptest::collection::vec(any::<u8>(), 0..100).prop_map(|bytes| Happening::Frame(1, bytes)),
        2 => prop_oneof![Just(1u32), Just(50), Just(3100), Just(8000)].prop_map(Happening::Ticks),
        2 => (0..ADDRESSES.len(), 0u16..4000).prop_map(|(index, length)| Happening::Send(index, length)),
    ]
}

/// Every buffer that is alive stands on a list or in a reassembly; nothing on a list has been freed.
fn account(k: &Kernel) -> Result<(), TestCaseError> {
    let mut held: Vec<u32> = Vec::new();
    let mut hold = |list: ListId| held.extend(k.list(list).into_iter().flatten().map(|skb| skb.serial()));
    hold(ListId::Backlog);
    for (sk, _) in k.sock.iter() {
        [ListId::Receive(sk), ListId::Write(sk), ListId::BackLog(sk)].into_iter().for_each(&mut hold);
    }
    for dev in 0..k.dev.len() as u8 {
        (0..3).for_each(|priority| hold(ListId::Device(DevId(dev), priority)));
    }
    k.arp.iter().for_each(|(entry, _)| hold(ListId::Arp(entry)));
    for (_, queue) in k.ipq.iter() {
        held.extend(queue.fragments.iter().map(|fragment| fragment.skb.serial()));
    }
    held.sort_unstable();
    let mut alive: Vec<u32> = k.skb.iter().map(|(skb, _)| skb.serial()).collect();
    alive.sort_unstable();
    prop_assert_eq!(&held, &alive, "lists (left) and living buffers (right) differ");
    prop_assert_eq!(k.net_skbcount as usize, alive.len());
    for (_, sock) in k.sock.iter() {
        let charged =
            |list: &stack::include::skbuff::SkBuffHead| list.iter().map(|skb| k.skb[*skb].mem_len).sum::<u32>();
        prop_assert_eq!(sock.rmem_alloc, charged(&sock.receive_queue), "receive memory");
    }
    Ok(())
}

fn happen(k: &mut Kernel, task: TaskId, what: &Happening) {
    match what {
        Happening::Frame(dev, bytes) => step(k, &Input::Frames(vec![(*dev, bytes.clone())])),
        Happening::Ticks(ticks) => step(k, &Input::Ticks(*ticks)),
        Happening::Send(index, length) => {
            let to = SockaddrIn { sin_family: AF_INET, sin_port: 9, sin_addr: InAddr::from_octets(ADDRESSES[*index]) };
            let args = vec![
                UserArg::Int(3),
                UserArg::In(vec![1; usize::from(*length)]),
                UserArg::Int(i32::from(*length)),
                UserArg::Int(0),
                UserArg::In(to.bytes().to_vec()),
                UserArg::Int(16),
            ];
            call(k, task, CallName::Sendto, args);
        }
    }
    for dev in &mut k.dev {
        dev.outbox.clear();
    }
}

fn survive(router: bool, firewall: bool, happenings: &[Happening]) -> Result<(), TestCaseError> {
    let (mut k, task) = machine(router);
    if firewall {
        k.config.ip_firewall = true;
        k.firewall.forward_policy = i32::from(IP_FW_F_ICMPRPL);
    }
    for what in happenings {
        happen(&mut k, task, what);
        if k.oops.is_some() {
            return Ok(());
        }
        account(&k)?;
    }
    // Reassemblies (30 s) and the resolutions for their errors (75 s) end by themselves; only what nobody reads is left.
    step(&mut k, &Input::Ticks(20_000));
    prop_assert!(k.ipqueue.is_empty(), "a reassembly outlives its 30 s");
    prop_assert!(k.arp.iter().all(|(_, entry)| entry.skb.is_empty()), "a packet outlives its resolution");
    account(&k)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 384, ..ProptestConfig::default() })]

    #[test]
    fn a_host_survives_any_wire(happenings in proptest::collection::vec(happening(), 1..40)) {
        survive(false, false, &happenings)?;
    }

    #[test]
    fn a_router_survives_any_wire(
        happenings in proptest::collection::vec(happening(), 1..40),
        firewall in any::<bool>(),
    ) {
        survive(true, firewall, &happenings)?;
    }

    #[test]
    fn overlapping_fragments_complete_or_wait_or_tell_a_story(pieces in proptest::collection::vec(piece(), 1..12)) {
        let happenings: Vec<Happening> =
            pieces.iter().map(|piece| Happening::Frame(1, ethernet(OUR_MAC[0], 0x0800, piece))).collect();
        survive(false, false, &happenings)?;
    }
}

/// A machine that runs on after the original would have died is as wrong as one that dies.
#[test]
fn a_fragment_that_covers_the_last_one_ends_the_run() {
    let (mut k, task) = machine(false);
    for (offset, length) in [(1u16, 8usize), (0, 24)] {
        let mut packet = vec![0x45, 0, 0, 20 + length as u8, 0, 1];
        packet.extend_from_slice(&(offset | 0x2000).to_be_bytes());
        packet.extend_from_slice(&[64, 17, 0, 0, 10, 0, 0, 2, 10, 0, 0, 1]);
        let check = internet_checksum(&packet).to_be_bytes();
        packet[10..12].copy_from_slice(&check);
        packet.resize(20 + length, 0);
        happen(&mut k, task, &Happening::Frame(1, ethernet(OUR_MAC[0], 0x0800, &packet)));
    }
    let story = k.oops.expect("1.2.13 follows a null pointer here").story;
    assert!(story.contains("null pointer"), "{story}");
}
