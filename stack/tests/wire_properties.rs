//! The wire floor on bytes nobody chose: no panic, every octet owned by one leaf, and what is built is read back.

use core::ops::Range;

use proptest::collection::vec;
use proptest::prelude::*;
use stack::wire::build::{ArpBuilder, EthernetBuilder, IcmpBuilder, Ipv4Builder, TcpBuilder, UdpBuilder};
use stack::wire::checksum::{Accumulator, fold, internet_checksum, sum};
use stack::wire::dissect::{Dissection, Node, dissect, dissect_ip};
use stack::wire::visible::visible;
use stack::wire::{FrameSummary, arp, ethernet, icmp, ipv4, names, tcp, tcp_options, udp};

/// Bytes that get past the first checks often enough to reach the depths: an Ethernet type, a version, lengths.
fn near_frame() -> impl Strategy<Value = Vec<u8>> {
    let protocol = prop_oneof![Just(0x0800u16), Just(0x0800), Just(0x0806), Just(0x8035), 0u16..1600, any::<u16>()];
    let first = prop_oneof![Just(0x45u8), Just(0x45), Just(0x46), Just(0x4f), any::<u8>()];
    let carried = prop_oneof![Just(1u8), Just(6), Just(17), any::<u8>()];
    let offset = prop_oneof![Just(0u16), Just(0), Just(0x2000), any::<u16>()];
    (vec(any::<u8>(), 0..160), protocol, first, carried, offset, any::<bool>(), 0u8..19).prop_map(
        |(mut bytes, protocol, first, carried, offset, right_length, kind)| {
            let length = bytes.len().saturating_sub(14) as u16;
            let mut set = |at: usize, value: &[u8]| {
                stack::wire::big_endian::put(&mut bytes, at, value);
            };
            set(12, &protocol.to_be_bytes());
            if protocol == 0x0800 {
                set(14, &[first]);
                set(20, &offset.to_be_bytes());
                set(23, &[carried]);
                if right_length {
                    set(16, &length.to_be_bytes());
                }
                if carried == 1 {
                    set(34, &[kind]);
                    set(42, &[first]);
                    set(51, &[carried]);
                }
            }
            bytes
        },
    )
}

fn leaves(nodes: &[Node], into: &mut Vec<Range<usize>>) {
    for node in nodes {
        if node.children.iter().any(|child| child.bits.is_none()) {
            leaves(&node.children, into);
        } else {
            into.push(node.bytes.clone());
        }
    }
}

fn check_node(node: &Node, parent: &Range<usize>) {
    assert!(parent.start <= node.bytes.start && node.bytes.end <= parent.end, "{} outside its parent", node.name);
    assert!(!node.bytes.is_empty(), "{} is empty", node.name);
    assert!(!node.value.chars().any(char::is_control), "{:?}", node.value);
    let parts: Vec<_> = node.children.iter().filter(|child| child.bits.is_some()).collect();
    if !parts.is_empty() {
        let bits: usize = parts.iter().map(|part| part.bits.clone().unwrap().len()).sum();
        assert_eq!((parts.len(), bits), (node.children.len(), node.bytes.len() * 8), "{}", node.name);
    }
    for child in &node.children {
        check_node(child, &node.bytes);
    }
}

fn check_tree(tree: &Dissection, length: usize) {
    for node in &tree.nodes {
        check_node(node, &(0..length));
    }
    let mut owned = Vec::new();
    leaves(&tree.nodes, &mut owned);
    let mut at = 0;
    for leaf in owned {
        assert_eq!(leaf.start, at, "gap, overlap or disorder");
        at = leaf.end;
    }
    assert_eq!(at, length, "octets without a leaf");
    for byte in 0..length {
        let path = tree.node_at(byte).expect("an owner");
        assert!(tree.node(&path).expect("a node").bytes.contains(&byte));
    }
    assert_eq!(tree.node_at(length), None);
    let depth = tree.rows().iter().map(|(path, _)| path.len()).max().unwrap_or(0);
    assert!(depth <= 8, "{depth}");
}

fn read_everything(bytes: &[u8]) {
    let _ = (ethernet::EthernetFrame::new_checked(bytes), arp::ArpPacket::new_checked(bytes));
    let _ = (icmp::IcmpPacket::new_checked(bytes), udp::UdpPacket::new_checked(bytes));
    let _ = (ipv4::Ipv4Packet::new_checked(bytes), ipv4::Ipv4Packet::new_header(bytes));
    let _ = (tcp::TcpSegment::new_checked(bytes), tcp_options::text(bytes));
    let _ = (FrameSummary::of(bytes).to_string(), FrameSummary::of_ip(bytes).to_string());
}

/// The checksum taken the slow way: one word at a time, every carry added at once.
fn slow_checksum(bytes: &[u8]) -> u16 {
    let mut total: u32 = 0;
    for pair in bytes.chunks(2) {
        total += u32::from(pair[0]) << 8 | u32::from(*pair.get(1).unwrap_or(&0));
        total = (total & 0xffff) + (total >> 16);
    }
    !(total as u16)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_dissected(bytes in vec(any::<u8>(), 0..200)) {
        check_tree(&dissect(&bytes), bytes.len());
        check_tree(&dissect_ip(&bytes), bytes.len());
        read_everything(&bytes);
    }

    #[test]
    fn almost_frames_are_dissected(bytes in near_frame()) {
        check_tree(&dissect(&bytes), bytes.len());
        let packet = bytes.get(14..).unwrap_or(&[]);
        check_tree(&dissect_ip(packet), packet.len());
        read_everything(&bytes);
        read_everything(packet);
        read_everything(packet.get(20..).unwrap_or(&[]));
    }

    #[test]
    fn views_agree_with_the_field_tables(bytes in vec(any::<u8>(), 60..80)) {
        let read = |table: &stack::wire::field::Header, name: &str| table.field(name).unwrap().read(&bytes).unwrap();
        let mut packet = bytes.clone();
        packet[0] = 0x45;
        let ip = ipv4::Ipv4Packet::new_header(&packet).unwrap();
        prop_assert_eq!(read(&ipv4::IPV4, "tos"), u64::from(ip.tos()));
        prop_assert_eq!(read(&ipv4::IPV4, "tot_len"), u64::from(ip.tot_len()));
        prop_assert_eq!(read(&ipv4::IPV4, "id"), u64::from(ip.id()));
        prop_assert_eq!(read(&ipv4::IPV4, "frag_off"), u64::from(ip.frag_off()));
        prop_assert_eq!(read(&ipv4::IPV4, "IP_DF") == 1, ip.dont_fragment());
        prop_assert_eq!(read(&ipv4::IPV4, "IP_MF") == 1, ip.more_fragments());
        prop_assert_eq!(read(&ipv4::IPV4, "IP_OFFSET") as usize * 8, ip.fragment_offset());
        prop_assert_eq!(read(&ipv4::IPV4, "ttl"), u64::from(ip.ttl()));
        prop_assert_eq!(read(&ipv4::IPV4, "protocol"), u64::from(ip.protocol()));
        prop_assert_eq!(read(&ipv4::IPV4, "check"), u64::from(ip.check()));
        prop_assert_eq!(read(&ipv4::IPV4, "saddr"), u64::from(u32::from(ip.saddr())));
        prop_assert_eq!(read(&ipv4::IPV4, "daddr"), u64::from(u32::from(ip.daddr())));

        let mut segment = bytes.clone();
        segment[12] = bytes[12] | 0x50;
        let tcp = tcp::TcpSegment::new_checked(&segment).unwrap();
        prop_assert_eq!(read(&tcp::TCP, "source"), u64::from(tcp.source()));
        prop_assert_eq!(read(&tcp::TCP, "dest"), u64::from(tcp.dest()));
        prop_assert_eq!(read(&tcp::TCP, "seq"), u64::from(tcp.seq()));
        prop_assert_eq!(read(&tcp::TCP, "ack_seq"), u64::from(tcp.ack_seq()));
        prop_assert_eq!(read(&tcp::TCP, "res1"), u64::from(tcp.res1()));
        prop_assert_eq!(read(&tcp::TCP, "flags"), u64::from(tcp.flags()));
        prop_assert_eq!(read(&tcp::TCP, "window"), u64::from(tcp.window()));
        prop_assert_eq!(read(&tcp::TCP, "check"), u64::from(tcp.check()));
        prop_assert_eq!(read(&tcp::TCP, "urg_ptr"), u64::from(tcp.urg_ptr()));
        for (name, flag) in [("fin", tcp::FIN), ("syn", tcp::SYN), ("rst", tcp::RST), ("psh", tcp::PSH), ("ack", tcp::ACK), ("urg", tcp::URG)] {
            prop_assert_eq!(read(&tcp::TCP, name) == 1, tcp.has(flag));
        }

        let message = icmp::IcmpPacket::new_checked(&bytes).unwrap();
        prop_assert_eq!(read(&icmp::ICMP_QUERY, "type"), u64::from(message.kind()));
        prop_assert_eq!(read(&icmp::ICMP_QUERY, "code"), u64::from(message.code()));
        prop_assert_eq!(read(&icmp::ICMP_QUERY, "checksum"), u64::from(message.checksum()));
        prop_assert_eq!(read(&icmp::ICMP_QUERY, "un.echo.id"), u64::from(message.id()));
        prop_assert_eq!(read(&icmp::ICMP_QUERY, "un.echo.sequence"), u64::from(message.sequence()));
        prop_assert_eq!(read(&icmp::ICMP_GATEWAY, "un.gateway"), u64::from(u32::from(message.gateway())));

        let frame = ethernet::EthernetFrame::new_checked(&bytes).unwrap();
        let wide = |octets: &[u8]| octets.iter().fold(0u64, |number, octet| number << 8 | u64::from(*octet));
        prop_assert_eq!(read(&ethernet::ETHERNET, "h_dest"), wide(&frame.h_dest()));
        prop_assert_eq!(read(&ethernet::ETHERNET, "h_source"), wide(&frame.h_source()));
        prop_assert_eq!(read(&ethernet::ETHERNET, "h_proto"), u64::from(frame.h_proto()));

        let mut resolution = bytes.clone();
        resolution[4..6].copy_from_slice(&[6, 4]);
        let arp = arp::ArpPacket::new_checked(&resolution).unwrap();
        prop_assert_eq!(read(&arp::ARP, "ar_hrd"), u64::from(arp.ar_hrd()));
        prop_assert_eq!(read(&arp::ARP, "ar_pro"), u64::from(arp.ar_pro()));
        prop_assert_eq!(read(&arp::ARP, "ar_op"), u64::from(arp.ar_op()));
        for (name, address) in [("ar_sha", arp.ar_sha()), ("ar_sip", arp.ar_sip()), ("ar_tha", arp.ar_tha()), ("ar_tip", arp.ar_tip())] {
            prop_assert_eq!(read(&arp::ARP, name), wide(address));
        }
    }

    #[test]
    fn a_written_field_is_read_back_and_disturbs_no_other(bytes in vec(any::<u8>(), 28), value: u64) {
        for table in [&ethernet::ETHERNET, &arp::ARP, &ipv4::IPV4, &icmp::ICMP_QUERY, &udp::UDP, &tcp::TCP] {
            let all = || table.fields.iter().flat_map(|field| if field.parts.is_empty() { core::slice::from_ref(field) } else { field.parts });
            for field in all() {
                let mut header = bytes.clone();
                let fitting = value >> (64 - field.bits.len());
                prop_assert!(field.write(&mut header, fitting));
                for other in all() {
                    let expected = if other == field { Some(fitting) } else { other.read(&bytes) };
                    prop_assert_eq!(other.read(&header), expected);
                }
            }
        }
    }

    #[test]
    fn checksums_agree_with_the_slow_way(bytes in vec(any::<u8>(), 0..120), cuts in vec(0usize..120, 0..4)) {
        prop_assert_eq!(internet_checksum(&bytes), slow_checksum(&bytes));
        prop_assert_eq!(!fold(sum(&bytes)), slow_checksum(&bytes));
        let mut cuts: Vec<_> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
        cuts.extend([0, bytes.len()]);
        cuts.sort_unstable();
        let mut pieces = Accumulator::default();
        for pair in cuts.windows(2) {
            pieces.add(&bytes[pair[0]..pair[1]]);
        }
        prop_assert_eq!(pieces.checksum(), slow_checksum(&bytes));
    }

    #[test]
    fn tcp_is_read_back(
        ports: (u16, u16), numbers: (u32, u32), flags: u8, res1 in 0u8..16, window: u16, urg_ptr: u16,
        options in vec(any::<u8>(), 0..=40), payload in vec(any::<u8>(), 0..100), addresses: (u32, u32),
    ) {
        let wanted = TcpBuilder {
            source: ports.0, dest: ports.1, seq: numbers.0, ack_seq: numbers.1, res1, flags, window, urg_ptr, options,
        };
        let bytes = wanted.build(addresses.0, addresses.1, &payload).unwrap();
        let view = tcp::TcpSegment::new_checked(&bytes).unwrap();
        prop_assert_eq!((view.source(), view.dest(), view.seq(), view.ack_seq()), (ports.0, ports.1, numbers.0, numbers.1));
        prop_assert_eq!((view.flags(), view.res1(), view.window(), view.urg_ptr()), (flags, res1, window, urg_ptr));
        prop_assert!(view.options().starts_with(&wanted.options));
        prop_assert!(view.options()[wanted.options.len()..].iter().all(|octet| *octet == 0));
        prop_assert_eq!(view.payload(), &payload[..]);

        let ip = Ipv4Builder { saddr: addresses.0.into(), daddr: addresses.1.into(), ..Default::default() };
        let frame = EthernetBuilder::default().build_padded(&ip.build(&bytes).unwrap());
        let tree = dissect(&frame);
        check_tree(&tree, frame.len());
        for name in ["iphdr", "tcphdr"] {
            let header = tree.node(&tree.find(name).unwrap()).unwrap();
            let check = header.children.iter().find(|node| node.name == "check").unwrap();
            prop_assert_eq!(check.meaning.unwrap().en, "right");
        }
    }

    #[test]
    fn ip_and_udp_are_read_back(
        tos: u8, id: u16, frag_off: u16, ttl: u8, addresses: (u32, u32), ports: (u16, u16),
        options in vec(any::<u8>(), 0..=40), payload in vec(any::<u8>(), 0..100),
    ) {
        let datagram = UdpBuilder { source: ports.0, dest: ports.1, no_checksum: false };
        let datagram = datagram.build(addresses.0, addresses.1, &payload).unwrap();
        let ip = Ipv4Builder { tos, id, frag_off, ttl, protocol: 17, saddr: addresses.0.into(), daddr: addresses.1.into(), options };
        let packet = ip.build(&datagram).unwrap();
        let view = ipv4::Ipv4Packet::new_checked(&packet).unwrap();
        prop_assert!(view.checksum_is_right());
        prop_assert_eq!((view.tos(), view.id(), view.frag_off(), view.ttl(), view.protocol()), (tos, id, frag_off, ttl, 17));
        prop_assert_eq!((view.saddr(), view.daddr()), (ip.saddr, ip.daddr));
        prop_assert!(view.options().starts_with(&ip.options));
        let inner = udp::UdpPacket::new_checked(view.payload()).unwrap();
        prop_assert_eq!((inner.source(), inner.dest(), inner.payload()), (ports.0, ports.1, &payload[..]));
        prop_assert_eq!(stack::wire::checksum::transport_checksum(ip.saddr, ip.daddr, 17, &datagram), 0);
        check_tree(&dissect_ip(&packet), packet.len());
    }

    #[test]
    fn icmp_and_arp_are_read_back(id: u16, sequence: u16, data in vec(any::<u8>(), 0..100), mac: ([u8; 6], [u8; 6]), addresses: (u32, u32)) {
        let message = IcmpBuilder::echo(false, id, sequence).build(&data);
        prop_assert_eq!(internet_checksum(&message), 0);
        let view = icmp::IcmpPacket::new_checked(&message).unwrap();
        prop_assert_eq!((view.kind(), view.id(), view.sequence(), view.data()), (icmp::ICMP_ECHO, id, sequence, &data[..]));
        let wanted = ArpBuilder { ar_op: 2, ar_sha: mac.0, ar_sip: addresses.0.into(), ar_tha: mac.1, ar_tip: addresses.1.into() };
        let packet = wanted.build();
        let view = arp::ArpPacket::new_checked(&packet).unwrap();
        prop_assert_eq!((view.ar_sha(), view.ar_tha()), (&mac.0[..], &mac.1[..]));
        prop_assert_eq!(view.internet_addresses(), Some((wanted.ar_sip, wanted.ar_tip)));
        let frame = EthernetBuilder { h_proto: names::ETH_P_ARP, ..Default::default() }.build_padded(&packet);
        check_tree(&dissect(&frame), 60);
    }

    #[test]
    fn shown_text_cannot_act(bytes in vec(any::<u8>(), 0..60), text: String) {
        for shown in [visible(&String::from_utf8_lossy(&bytes)), visible(&text)] {
            let acts = shown.chars().any(|character| character.is_control() || "\u{200b}\u{200f}\u{202e}".contains(character));
            prop_assert!(!acts);
        }
    }
}

#[test]
fn builders_refuse_what_does_not_fit() {
    let long = vec![1; 41];
    let tcp = TcpBuilder { options: long.clone(), ..Default::default() }.build(0, 0, &[]).unwrap_err();
    assert_eq!((tcp.header, tcp.field), ("tcphdr", "options"));
    assert!(Ipv4Builder { options: long, ..Default::default() }.build(&[]).is_err());
    assert!(Ipv4Builder::default().build(&vec![0; 65_516]).is_err());
    assert!(Ipv4Builder::default().build(&vec![0; 65_515]).is_ok());
    assert!(UdpBuilder::default().build(0, 0, &vec![0; 65_528]).is_err());
    assert!(TcpBuilder::default().build(0, 0, &vec![0; 65_516]).is_err());
}
