//! The wire floor against frames recorded from Linux 1.2.13 and against values worked out by hand.

use stack::wire::build::{IcmpBuilder, Ipv4Builder, TcpBuilder};
use stack::wire::checksum::{Accumulator, fold, internet_checksum, pseudo_header_sum, sum, tcp_checksum};
use stack::wire::dissect::{Dissection, WarningKind, dissect, dissect_ip};
use stack::wire::field::Header;
use stack::wire::malformed::Reason;
use stack::wire::visible::{ascii, visible};
use stack::wire::{FrameSummary, Malformed, arp, ethernet, icmp, ipv4, summary, tcp, tcp_options, udp};

/// SYN of a connecting socket, MSS 512.
const SYN: &str = "02000000000202000000000108004500002c000000004006f821c0a80001c00002011e611f903b9aca000000000060020200d3a3000002040200";
/// Port unreachable, answering that SYN.
const UNREACHABLE: &str = "020000000001020000000002080045000038000100004001f819c0000201c0a800010300d3d20000000045000028000100003f06f924c0a80001c000020104021f903b9aca00";
/// Reply to an ARP request.
const ARP_REPLY: &str = "02000000000302000000000108060001080006040002020000000001c0a80001020000000003c0a80003";
/// An ARP request padded to 60 octets.
const ARP_REQUEST: &str = "ffffffffffff02000000000308060001080006040001020000000003c0a80003000000000000c0a80001000000000000000000000000000000000000";
/// A station asks RARP for its address.
const RARP_REQUEST: &str = "ffffffffffff020000000009803500010800060400030200000000090000000002000000000900000000";
/// It is told.
const RARP_REPLY: &str = "02000000000902000000000180350001080006040004020000000001c0a80001020000000009c0a80009";
/// A datagram of four octets to the discard port.
const DATAGRAM: &str = "020000000003020000000001080045000020000000004011f978c0a80001c0a8000304020009000c6c5a00070e15";
/// An echo request with a loose source route.
const SOURCE_ROUTED: &str = "02000000000102000000000308004700002c0130000040016a3bc0a80003c0a800018307040a000005000800a3840009000200070e151c232a31";
/// A redirect that quotes a datagram.
const REDIRECT: &str = "02000000000102000000000208004500003800bf00004001f8b2c0a80002c0a8000105013592c0a800034500001e00be00004011f766c0a80001c000020104020009000a00ac";
/// An 802.3 frame that carries SNAP.
const SNAP: &str = "020000000001020000000002003caaaa03000000080045000024011100004001f71dc0000201c0a800010800a3840009000200070e151c232a31";
/// Type 0x86dd.
const IPV6: &str = "02000000000102000000000286dd00070e151c232a31";

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len() / 2).map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap()).collect()
}

fn value<'a>(tree: &'a Dissection, name: &str) -> &'a str {
    let path = tree.find(name).unwrap_or_else(|| panic!("no node {name}"));
    &tree.node(&path).unwrap().value
}

#[test]
fn one_line_per_frame() {
    for (frame, line) in [
        (SYN, "TCP 7777 > 8080 S seq=1000000000 win=512 <mss 512>"),
        (ARP_REQUEST, "ARP who-has 192.168.0.1 tell 192.168.0.3"),
        (ARP_REPLY, "ARP 192.168.0.1 is-at 02:00:00:00:00:01"),
        (RARP_REQUEST, "RARP who-is 02:00:00:00:00:09 tell 02:00:00:00:00:09"),
        (RARP_REPLY, "RARP 02:00:00:00:00:09 is 192.168.0.9"),
        (DATAGRAM, "UDP 1026 > 9 len=4"),
        (SOURCE_ROUTED, "ICMP echo request id=9 seq=2"),
        (UNREACHABLE, "ICMP network unreachable [TCP 192.168.0.1:1026 > 192.0.2.1:8080 seq=1000000000]"),
        (REDIRECT, "ICMP host redirect to 192.168.0.3 [UDP 192.168.0.1:1026 > 192.0.2.1:9]"),
        (SNAP, "802.3 02:00:00:00:00:02 > 02:00:00:00:00:01 proto=0x003c len=44"),
        (IPV6, "IPv6 02:00:00:00:00:02 > 02:00:00:00:00:01 proto=0x86dd len=8"),
        ("0200", "malformed ethhdr.header: 14 bytes needed, 2 there"),
    ] {
        assert_eq!(summary(&bytes(frame)), line);
    }
}

#[test]
fn lines_in_chinese_keep_the_symbols() {
    let zh = |frame: &str| FrameSummary::of(&bytes(frame)).words().zh;
    assert_eq!(zh(SYN), summary(&bytes(SYN)));
    assert_eq!(zh(SOURCE_ROUTED), "ICMP 回显请求 id=9 seq=2");
    assert_eq!(zh("0200"), "格式错误 ethhdr.header：需要 14 字节，只有 2 字节");
}

#[test]
fn a_checksum_left_to_the_card_is_told_from_a_broken_one() {
    let mut frame = bytes(SYN);
    let pseudo = fold(pseudo_header_sum([192, 168, 0, 1], [192, 0, 2, 1], 6, 24));
    assert!(tcp::at::CHECK.put(&mut frame[34..], pseudo));
    let kinds = |frame: &[u8]| -> Vec<_> { dissect(frame).warnings().iter().map(|warning| warning.kind).collect() };
    assert_eq!(kinds(&frame), [WarningKind::ChecksumWrong, WarningKind::ChecksumOffloaded]);
    assert!(tcp::at::CHECK.put(&mut frame[34..], pseudo ^ 1));
    assert_eq!(kinds(&frame), [WarningKind::ChecksumWrong]);
}

/// All octets zero sum up to zero, which is not what a right message sums up to.
#[test]
fn a_message_of_zeros_has_a_wrong_checksum() {
    let header = Ipv4Builder { protocol: 1, ..Default::default() };
    let tree = dissect_ip(&header.build(&[0; 12]).unwrap());
    let kinds: Vec<_> = tree.warnings().iter().map(|warning| (warning.kind, warning.detail.as_str())).collect();
    assert_eq!(kinds, [(WarningKind::ChecksumWrong, "0x0000 ≠ 0xffff")]);
}

#[test]
fn octets_after_the_end_of_options_have_an_owner() {
    let segment = TcpBuilder { options: vec![1, 0, 9, 9, 9], ..Default::default() };
    let packet = Ipv4Builder::default().build(&segment.build(0, 0, &[]).unwrap()).unwrap();
    let tree = dissect_ip(&packet);
    let owner = tree.node(&tree.node_at(47).unwrap()).unwrap();
    assert_eq!((owner.name, owner.bytes.clone(), owner.value.as_str()), ("padding", 42..48, "090909000000"));
}

#[test]
fn summary_of_a_syn_in_plain_values() {
    let FrameSummary::Tcp(syn) = FrameSummary::of(&bytes(SYN)) else { panic!("not TCP") };
    assert_eq!((syn.ip.source.octets(), syn.ip.destination.octets()), ([192, 168, 0, 1], [192, 0, 2, 1]));
    assert_eq!((syn.source_port, syn.destination_port), (7777, 8080));
    assert!(syn.has(tcp::SYN) && !syn.has(tcp::ACK));
    assert_eq!((syn.sequence, syn.window, syn.length), (1_000_000_000, 512, 0));
    assert_eq!(syn.maximum_segment_size, Some(512));
    assert_eq!(syn.ip.fragment, None);
}

#[test]
fn recorded_frames_have_right_checksums_and_no_warnings() {
    for frame in [SYN, UNREACHABLE, ARP_REPLY, ARP_REQUEST, DATAGRAM, SOURCE_ROUTED, REDIRECT, IPV6] {
        let tree = dissect(&bytes(frame));
        let warnings: Vec<_> = tree.warnings().into_iter().collect();
        assert!(warnings.is_empty(), "{frame}: {warnings:?}");
    }
    let tree = dissect(&bytes(SYN));
    for name in ["iphdr", "tcphdr"] {
        let header = tree.node(&tree.find(name).unwrap()).unwrap();
        let check = header.children.iter().find(|node| node.name == "check").unwrap();
        assert_eq!(check.meaning.unwrap().en, "right");
    }
}

#[test]
fn every_flipped_bit_of_a_covered_octet_is_seen_by_a_checksum() {
    let right = bytes(SYN);
    for bit in 14 * 8..right.len() * 8 {
        let mut frame = right.clone();
        frame[bit / 8] ^= 0x80 >> (bit % 8);
        let tree = dissect(&frame);
        assert!(!tree.warnings().is_empty(), "bit {bit} flipped unseen");
    }
}

#[test]
fn tree_of_a_syn() {
    let tree = dissect(&bytes(SYN));
    let names: Vec<_> = tree.nodes.iter().map(|node| node.name).collect();
    assert_eq!(names, ["ethhdr", "iphdr", "tcphdr"]);
    for (name, text) in [
        ("h_proto", "0x0800 (IPv4)"),
        ("ihl", "5 (× 4 = 20)"),
        ("protocol", "6 (TCP)"),
        ("doff", "6 (× 4 = 24)"),
        ("flags", "0x02 S"),
        ("syn", "1"),
        ("ack", "0"),
        ("TCPOPT_MSS", "mss 512"),
    ] {
        assert_eq!(value(&tree, name), text, "{name}");
    }
    let syn = tree.node(&tree.find("syn").unwrap()).unwrap();
    assert_eq!((syn.bytes.clone(), syn.bits.clone()), (47..48, Some(6..7)));
    let at = tree.node_at(38).unwrap();
    let seq = tree.node(&at).unwrap();
    assert_eq!((seq.name, seq.bytes.clone()), ("seq", 38..42));
    assert_eq!(tree.node(&tree.node_at(57).unwrap()).unwrap().name, "data");
    assert_eq!(tree.node_at(58), None);
    assert_eq!(tree.node(&at).unwrap().label.zh, "序号 seq");
}

#[test]
fn quoted_packets_are_dissected_once() {
    let tree = dissect(&bytes(UNREACHABLE));
    let quoted = tree.node(&tree.find("quoted").unwrap()).unwrap();
    let names: Vec<_> = quoted.children.iter().map(|node| node.name).collect();
    assert_eq!(names, ["iphdr", "tcphdr"]);
    assert_eq!(quoted.children[1].value, "1026 > 8080 seq=1000000000");
    assert_eq!(tree.node(&tree.node_at(42).unwrap()).unwrap().name, "version_ihl");

    let inner = icmp_error(&bytes(UNREACHABLE)[14..]);
    let outer = dissect_ip(&inner);
    let count = outer.rows().iter().filter(|(_, node)| node.name == "quoted").count();
    assert_eq!(count, 1);
}

fn icmp_error(packet: &[u8]) -> Vec<u8> {
    let message = IcmpBuilder { kind: 3, code: 3, ..Default::default() }.build(packet);
    Ipv4Builder { protocol: 1, ..Default::default() }.build(&message).unwrap()
}

#[test]
fn padding_is_its_own_leaf() {
    let tree = dissect(&bytes(ARP_REQUEST));
    let padding = tree.node(&tree.node_at(59).unwrap()).unwrap();
    assert_eq!((padding.name, padding.bytes.clone()), ("padding", 42..60));
    assert_eq!(value(&tree, "ar_op"), "1 (request)");
    assert_eq!(value(&tree, "ar_tip"), "192.168.0.1");
}

#[test]
fn fragments_are_not_read_as_headers() {
    let mut frame = bytes(DATAGRAM);
    frame[20] = 0x00;
    frame[21] = 0x02;
    assert!(ipv4::fill_checksum(&mut frame[14..]));
    assert_eq!(summary(&frame), "UDP 192.168.0.1 > 192.168.0.3 len=12 id=0 frag=16");
    let tree = dissect(&frame);
    assert_eq!(tree.node(&tree.node_at(34).unwrap()).unwrap().name, "fragment");
    assert_eq!(value(&tree, "IP_OFFSET"), "2 (× 8 = 16)");
}

#[test]
fn a_first_fragment_has_a_checksum_nobody_can_check() {
    let mut frame = bytes(DATAGRAM);
    frame[20] = 0x20;
    assert!(ipv4::fill_checksum(&mut frame[14..]));
    let tree = dissect(&frame);
    let udp = tree.node(&tree.find("udphdr").unwrap()).unwrap();
    assert!(udp.children[3].meaning.unwrap().en.starts_with("cannot be checked"));
    assert_eq!(summary(&frame), "UDP 1026 > 9 len=4 frag=0+");
}

#[test]
fn wrong_lengths_are_warned_of_where_they_stand() {
    for (at, to, name, kind) in [
        (14, 0x44, "ihl", WarningKind::HeaderLengthWrong),
        (14, 0x65, "version", WarningKind::VersionUnknown),
        (17, 0x10, "tot_len", WarningKind::LengthTooSmall),
        (17, 0xff, "tot_len", WarningKind::LengthTooLarge),
        (46, 0x40, "doff", WarningKind::HeaderLengthWrong),
        (46, 0xf0, "doff", WarningKind::HeaderLengthWrong),
        (55, 0x09, "TCPOPT_MSS", WarningKind::OptionBroken),
        (55, 0x01, "TCPOPT_MSS", WarningKind::OptionBroken),
    ] {
        let mut frame = bytes(SYN);
        frame[at] = to;
        let tree = dissect(&frame);
        let node = tree.node(&tree.find(name).unwrap()).unwrap();
        assert!(node.warnings.iter().any(|warning| warning.kind == kind), "{name} {to:#x}: {:?}", tree.warnings());
    }
}

#[test]
fn views_say_which_field_is_wrong() {
    let ip = &bytes(SYN)[14..];
    let fault = |at: usize, to: u8| {
        let mut packet = ip.to_vec();
        packet[at] = to;
        ipv4::Ipv4Packet::new_checked(&packet).err().map(|fault| (fault.field, fault.reason))
    };
    assert_eq!(fault(0, 0x45), None);
    assert_eq!(fault(0, 0x65), Some(("version", Reason::Value(6))));
    assert_eq!(fault(0, 0x44), Some(("ihl", Reason::Value(4))));
    assert_eq!(fault(3, 19), Some(("tot_len", Reason::Value(19))));
    assert_eq!(fault(3, 45), Some(("tot_len", Reason::Short { needed: 45, have: 44 })));
    let short = tcp::TcpSegment::new_checked(&ip[20..43]).unwrap_err();
    assert_eq!(short.words().en, "tcphdr.doff: 24 bytes needed, 23 there");
    assert!(short.words().zh.contains("需要 24 字节"));
    let udp = udp::UdpPacket::new_checked(&[0, 1, 0, 2, 0, 7, 0, 0]).unwrap_err();
    assert_eq!(udp, Malformed { header: "udphdr", field: "len", reason: Reason::Value(7) });
}

/// The fields of a table follow one another without gap or overlap, and so do the parts of a field.
#[test]
fn field_tables_fill_their_headers() {
    let tables: [&Header; 8] = [
        &ethernet::ETHERNET,
        &arp::ARP,
        &ipv4::IPV4,
        &icmp::ICMP_QUERY,
        &icmp::ICMP_GATEWAY,
        &icmp::ICMP_OTHER,
        &udp::UDP,
        &tcp::TCP,
    ];
    for table in tables {
        let mut at = 0;
        for field in table.fields {
            assert_eq!(field.bits.start, at, "{}.{}", table.name, field.name);
            assert_eq!((field.bits.start % 8, field.bits.end % 8), (0, 0), "{}.{}", table.name, field.name);
            let mut part_at = field.bits.start;
            for part in field.parts {
                assert_eq!(part.bits.start, part_at, "{}.{}", table.name, part.name);
                part_at = part.bits.end;
            }
            at = field.bits.end;
            assert!(field.parts.is_empty() || part_at == at, "{}.{}", table.name, field.name);
        }
        assert_eq!(at, table.length * 8, "{}", table.name);
    }
}

#[test]
fn options_one_by_one() {
    let list = [2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0, 0, 7, 0, 0, 0, 0, 1, 3, 3, 7];
    assert_eq!(tcp_options::text(&list), "<mss 1460,sackOK,TS val 7 ecr 0,nop,wscale 7>");
    assert_eq!(tcp_options::text(&[5, 10, 0, 0, 0, 1, 0, 0, 0, 9, 0, 255]), "<sack 1:9,eol>");
    assert_eq!(tcp_options::text(&[2, 3, 9, 1]), "<unknown-2,nop>");
    assert_eq!(tcp_options::text(&[99, 2, 2]), "<unknown-99,broken-2>");
    assert_eq!(tcp_options::text(&[99, 0, 1, 1]), "<broken-99>");
    assert_eq!(tcp_options::text(&[]), "");
    assert_eq!(tcp_options::maximum_segment_size(&list), Some(1460));
}

#[test]
fn checksum_by_hand() {
    // The example of RFC 1071, section 3.
    assert_eq!(internet_checksum(&[0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]), !0xddf2);
    assert_eq!(internet_checksum(&[]), 0xffff);
    assert_eq!(internet_checksum(&[0xab]), !0xab00);
    assert_eq!(fold(sum(&[0, 1, 0, 2])), 3);
    let segment = &bytes(SYN)[34..];
    assert_eq!(tcp_checksum([192, 168, 0, 1], 0xc000_0201, segment), 0);
    let mut pieces = Accumulator::default();
    for piece in [&[0x00u8][..], &[0x01, 0xf2, 0x03], &[], &[0xf4, 0xf5, 0xf6], &[0xf7]] {
        pieces.add(piece);
    }
    assert_eq!(pieces.checksum(), !0xddf2);
}

#[test]
fn a_datagram_whose_sum_is_zero_is_sent_as_all_ones() {
    // Addresses zero: 17 + length 10 twice + 0xffda make 0xffff, whose complement is zero.
    let datagram = [0, 0, 0, 0, 0, 10, 0, 0, 0xff, 0xda];
    assert_eq!(stack::wire::checksum::transport_checksum(0, 0, 17, &datagram), 0);
    assert_eq!(stack::wire::checksum::udp_checksum(0, 0, &datagram), 0xffff);
}

#[test]
fn nothing_drives_the_terminal() {
    assert_eq!(visible("GET / HTTP/1.0"), "GET / HTTP/1.0");
    assert!(matches!(visible("序号 é"), std::borrow::Cow::Borrowed(_)));
    assert_eq!(visible("\u{1b}[2J\r\n\t\u{7f}"), "␛[2J␍␊␉␡");
    assert_eq!(visible("a\u{9b}b\u{202e}c\u{200b}\u{feff}\u{61c}"), "a⟨009B⟩b⟨202E⟩c⟨200B⟩⟨FEFF⟩⟨061C⟩");
    assert_eq!(visible("\u{e0041}"), "⟨E0041⟩");
    assert_eq!(ascii(b"a\x1b\x7f\x80 ~"), "a... ~");
}

#[test]
fn setters_refuse_what_does_not_fit() {
    let mut header = [0u8; 19];
    assert!(tcp::at::CHECK.put(&mut header, 7));
    assert!(!tcp::at::CHECK.put(&mut header[..17], 8));
    assert_eq!(header[16..18], [0, 7]);
    assert!(!ipv4::at::DADDR.put(&mut header, 1));
    assert!(!ipv4::fill_checksum(&mut header));
    let offset = tcp::TCP.field("doff").unwrap();
    assert!(!offset.write(&mut header, 16));
    assert!(offset.write(&mut header, 15));
    assert_eq!((header[12], offset.read(&header)), (0xf0, Some(15)));
}
