//! Every way in which a frame may carry an IPv4 datagram: built here, read here, and by tshark, which must find the same datagram in
//! it. And no octets under any link type make the reader panic, or ask for memory but to hold fragments.

#[path = "folder/mod.rs"]
mod folder;
#[path = "witness/mod.rs"]
mod witness;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::collections::BTreeMap;

use proptest::prelude::*;
use sockscope::capture::encapsulation::fragments::Fragments;
use sockscope::capture::encapsulation::{SegmentError, datagram};
use sockscope::capture::read::FrameView;
use sockscope::capture::segment::SegmentView;
use sockscope::capture::{FrameDirection, link_type};
use stack::wire::build::{Ipv4Builder, TcpBuilder};

use folder::Folder;

thread_local! {
    static ASKED: Cell<usize> = const { Cell::new(0) };
}

/// The system's allocator, which adds up what each thread asks it for.
struct Counting;

// SAFETY: every call goes to the system's allocator unchanged; the counter is a cell that needs no memory of the heap.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ASKED.set(ASKED.get() + layout.size());
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }
    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ASKED.set(ASKED.get() + size);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.realloc(place, layout, size) }
    }
    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Octets asked for meanwhile.
fn asked<Answer>(work: impl FnOnce() -> Answer) -> usize {
    let before = ASKED.get();
    let _ = work();
    ASKED.get() - before
}

const SOURCE: [u8; 4] = [10, 8, 0, 1];
const DESTINATION: [u8; 4] = [10, 8, 0, 2];

/// A datagram with a segment of twelve octets.
fn inner() -> Vec<u8> {
    let tcp = TcpBuilder {
        source: 40100,
        dest: 7,
        seq: 1000,
        ack_seq: 9,
        flags: 0x18,
        window: 8192,
        ..TcpBuilder::default()
    };
    let segment = tcp.build(SOURCE, DESTINATION, b"twelve bytes").unwrap();
    let ip = Ipv4Builder { id: 77, saddr: SOURCE.into(), daddr: DESTINATION.into(), ..Ipv4Builder::default() };
    ip.build(&segment).unwrap()
}

/// The datagram of a tunnel.
fn outer(protocol: u8, payload: &[u8]) -> Vec<u8> {
    let ip = Ipv4Builder { protocol, saddr: [1, 1, 1, 1].into(), daddr: [2, 2, 2, 2].into(), ..Ipv4Builder::default() };
    ip.build(payload).unwrap()
}

const TO: [u8; 6] = [2, 0, 0, 0, 0, 0xb];
const FROM: [u8; 6] = [2, 0, 0, 0, 0, 0xa];
const SNAP_IP: [u8; 8] = [0xaa, 0xaa, 3, 0, 0, 0, 8, 0];

fn join(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

fn ethernet(tail: &[&[u8]]) -> Vec<u8> {
    join(&[&TO, &FROM, &tail.concat()])
}

/// A data frame of 802.11 to an access point, from one, between stations, and between two access points.
fn ieee802_11(flags: u8, qos: bool, ip: &[u8]) -> Vec<u8> {
    let point = [2, 0, 0, 0, 0, 0xcc];
    let [one, two, three, four]: [&[u8]; 4] = match flags & 3 {
        0 => [&TO, &FROM, &point, &[]],
        1 => [&point, &FROM, &TO, &[]],
        2 => [&TO, &point, &FROM, &[]],
        _ => [&point, &[2, 0, 0, 0, 0, 0xdd], &TO, &FROM],
    };
    let quality: &[u8] = if qos { &[0, 0] } else { &[] };
    let throughput: &[u8] = if flags & 0x80 == 0 { &[] } else { &[0, 0, 0, 0] };
    let control = if qos { 0x88 } else { 0x08 };
    join(&[&[control, flags, 0, 0], one, two, three, &[0, 0], four, quality, throughput, &SNAP_IP, ip])
}

/// A packet as the packet filter of Linux logs it: a prefix of six octets, padded, before it.
fn nflog(number: fn(u16) -> [u8; 2], ip: &[u8]) -> Vec<u8> {
    let attribute = |kind: u16, value: &[u8]| {
        let padding = vec![0; value.len().next_multiple_of(4) - value.len()];
        join(&[&number(value.len() as u16 + 4), &number(kind), value, &padding])
    };
    join(&[&[2, 0, 0, 5], &attribute(10, b"input\0"), &attribute(9, ip)])
}

/// Every way: its name, its link type, and a frame.
fn every_way() -> Vec<(&'static str, u32, Vec<u8>)> {
    let ip = inner();
    let plain = ethernet(&[&[8, 0], &ip]);
    let gre = |header: &[u8], payload: &[u8]| ethernet(&[&[8, 0], &outer(47, &join(&[header, payload]))]);
    let radiotap = |frame: &[u8]| join(&[&[0, 0, 8, 0, 0, 0, 0, 0], frame]);
    vec![
        ("Ethernet", 1, plain.clone()),
        ("Ethernet, padded", 1, ethernet(&[&[8, 0], &ip, &[0; 9]])),
        ("802.3 with SNAP", 1, ethernet(&[&(ip.len() as u16 + 8).to_be_bytes(), &SNAP_IP, &ip])),
        ("VLAN", 1, ethernet(&[&[0x81, 0, 0, 100, 8, 0], &ip])),
        ("QinQ", 1, ethernet(&[&[0x88, 0xa8, 0, 5, 0x81, 0, 0, 100, 8, 0], &ip])),
        ("MPLS", 1, ethernet(&[&[0x88, 0x47, 0, 1, 0, 64, 0, 2, 1, 64], &ip])),
        (
            "VLAN and PPPoE",
            1,
            ethernet(&[&[0x81, 0, 0, 7, 0x88, 0x64, 0x11, 0, 0, 1, 0, ip.len() as u8 + 2, 0, 0x21], &ip]),
        ),
        ("IP in IP", 1, ethernet(&[&[8, 0], &outer(4, &ip)])),
        ("GRE", 1, gre(&[0, 0, 8, 0], &ip)),
        ("GRE with key and sequence number", 1, gre(&[0x30, 0, 8, 0, 0, 0, 0, 7, 0, 0, 0, 9], &ip)),
        ("GRE with Ethernet", 1, gre(&[0, 0, 0x65, 0x58], &plain)),
        ("GRE with MPLS", 1, gre(&[0, 0, 0x88, 0x47, 0, 1, 1, 64], &ip)),
        ("PPTP with an acknowledgement", 1, {
            let header = [0x30, 0x81, 0x88, 0x0b, 0, ip.len() as u8 + 4, 0, 7, 0, 0, 0, 1, 0, 0, 0, 9];
            gre(&header, &join(&[&[0xff, 3, 0, 0x21], &ip]))
        }),
        (
            "PPTP",
            1,
            gre(&[0x30, 0x01, 0x88, 0x0b, 0, ip.len() as u8 + 4, 0, 7, 0, 0, 0, 1], &join(&[&[0xff, 3, 0, 0x21], &ip])),
        ),
        ("cooked v1", 113, join(&[&[0, 4, 0, 1, 0, 6], &FROM, &[0, 0, 8, 0], &ip])),
        ("cooked v1 with VLAN", 113, join(&[&[0, 0, 0, 1, 0, 6], &FROM, &[0, 0, 0x81, 0, 0, 9, 8, 0], &ip])),
        ("cooked v2", 276, join(&[&[8, 0, 0, 0, 0, 0, 0, 2, 0, 1, 4, 6], &FROM, &[0, 0], &ip])),
        ("NULL, big-endian", 0, join(&[&[0, 0, 0, 2], &ip])),
        ("NULL, little-endian", 0, join(&[&[2, 0, 0, 0], &ip])),
        ("LOOP", 108, join(&[&[0, 0, 0, 2], &ip])),
        ("RAW", 101, ip.clone()),
        ("RAW as 12", 12, ip.clone()),
        ("RAW as 14", 14, ip.clone()),
        ("raw IPv4", 228, ip.clone()),
        ("PPP", 9, join(&[&[0, 0x21], &ip])),
        ("PPP, its protocol in one octet", 9, join(&[&[0x21], &ip])),
        ("PPP as in HDLC", 9, join(&[&[0xff, 3, 0, 0x21], &ip])),
        ("PPP over serial", 50, join(&[&[0xff, 3, 0, 0x21], &ip])),
        ("PPP over serial, its protocol in one octet", 50, join(&[&[0xff, 3, 0x21], &ip])),
        ("PPP over serial as Cisco frames it", 50, join(&[&[0x0f, 0, 8, 0], &ip])),
        ("PPPoE", 51, join(&[&[0x11, 0, 0, 1, 0, ip.len() as u8 + 2, 0, 0x21], &ip])),
        ("Cisco HDLC", 104, join(&[&[0x8f, 0, 8, 0], &ip])),
        ("Cisco HDLC with MPLS", 104, join(&[&[0x0f, 0, 0x88, 0x47, 0, 1, 1, 64], &ip])),
        ("PPP of pppd, sent", 166, join(&[&[1, 3, 0, 0x21], &ip])),
        ("PPP of pppd, received", 166, join(&[&[0, 3, 0, 0x21], &ip])),
        ("PPP with direction", 204, join(&[&[1, 0, 0x21], &ip])),
        ("PPP with direction as in HDLC", 204, join(&[&[0, 0xff, 3, 0, 0x21], &ip])),
        ("NFLOG, little-endian", 239, nflog(u16::to_le_bytes, &ip)),
        ("NFLOG, big-endian", 239, nflog(u16::to_be_bytes, &ip)),
        ("802.11 in a cell of its own", 105, ieee802_11(0, false, &ip)),
        ("802.11 to an access point", 105, ieee802_11(1, true, &ip)),
        ("802.11 from one", 105, ieee802_11(2, false, &ip)),
        ("802.11 between two", 105, ieee802_11(3, true, &ip)),
        ("802.11 with high throughput", 105, ieee802_11(0x82, true, &ip)),
        ("radiotap", 127, radiotap(&ieee802_11(1, true, &ip))),
    ]
}

fn frame(link_type: u32, bytes: &[u8]) -> FrameView<'_> {
    let original_length = bytes.len() as u32;
    let direction = FrameDirection::Unknown;
    FrameView { index: 1, offset: 0, time_ns: 0, link_type, original_length, interface: 0, bytes, direction }
}

#[test]
fn the_datagram_is_found_under_every_layer() {
    let ip = inner();
    for (name, link_type, bytes) in every_way() {
        let frame = frame(link_type, &bytes);
        let found = datagram(&frame).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(found.bytes.starts_with(&ip), "{name}");
        let segment = SegmentView::read(&frame).unwrap();
        assert_eq!((segment.payload, segment.length), (&b"twelve bytes"[..], 12), "{name}");
        assert_eq!((segment.identification, segment.checksum_right()), (77, Some(true)), "{name}");
        assert_ne!(segment.source_hardware, segment.destination_hardware, "{name}");
        if [1, 105, 127].contains(&link_type) {
            assert_eq!((segment.source_hardware, segment.destination_hardware), (FROM, TO), "{name}");
        }
        let says = [113, 166, 204, 276].contains(&link_type);
        assert_eq!(found.direction != FrameDirection::Unknown, says, "{name}");
    }
}

#[test]
fn a_header_of_802_11_that_a_driver_padded_hides_nothing() {
    let mut bytes = ieee802_11(1, true, &inner());
    bytes.splice(26..26, [0, 0]);
    assert_eq!(SegmentView::read(&frame(105, &bytes)).map(|segment| segment.length), Ok(12));
}

/// A pcap file with these frames.
fn pcap(link_type: u32, frames: &[Vec<u8>]) -> Vec<u8> {
    let mut file = vec![0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0];
    file.extend(link_type.to_le_bytes());
    for frame in frames {
        for word in [1_700_000_000, 0, frame.len() as u32, frame.len() as u32] {
            file.extend(word.to_le_bytes());
        }
        file.extend(frame);
    }
    file
}

#[test]
fn tshark_finds_the_same_datagram() {
    let folder = Folder::new("ways");
    let mut by_link: BTreeMap<u32, Vec<Vec<u8>>> = BTreeMap::new();
    // tshark knows no frames of pppd, and takes every machine for one like this.
    let unknown = |name: &str| name.starts_with("PPP of pppd") || name == "NFLOG, big-endian";
    for (_, link_type, bytes) in every_way().into_iter().filter(|(name, ..)| !unknown(name)) {
        by_link.entry(link_type).or_default().push(bytes);
    }
    for (link_type, frames) in by_link {
        let path = folder.file("way.pcap", pcap(link_type, &frames));
        let fields = ["ip.id", "ip.src", "tcp.srcport", "tcp.len"].map(|field| ["-e", field]).concat();
        let arguments = [&["-n", "-r", &path, "-T", "fields", "-E", "occurrence=l"][..], &fields].concat();
        let Some(found) = witness::text("tshark", &arguments) else { return };
        assert_eq!(found, "0x004d\t10.8.0.1\t40100\t12\n".repeat(frames.len()), "link type {link_type}");
    }
}

#[test]
fn what_is_no_segment_has_its_name_in_both_languages() {
    let ip = inner();
    let arp = ethernet(&[&[8, 6], &[0; 28]]);
    let beacon = join(&[&[0x80, 0, 0, 0], &[0; 40]]);
    let encrypted = ieee802_11(0x41, true, &ip);
    let first = Ipv4Builder { frag_off: 0x2000, ..Ipv4Builder::default() }.build(&[0; 24]).unwrap();
    let six = ethernet(&[&[0x86, 0xdd, 0x60], &[0; 40]]);
    let twice = ethernet(&[&[8, 0], &outer(4, &outer(4, &ip))]);
    let kinds: [(u32, &[u8], &str); 26] = [
        (1, &arp, "ARP"),
        (1, &six, "IPv6"),
        (1, &ethernet(&[&[8, 0], &outer(41, &[0x60; 40])]), "IPv6"),
        (0, &join(&[&[30, 0, 0, 0, 0x60], &[0; 40]]), "IPv6"),
        (101, &[0x60; 40], "IPv6"),
        (1, &ethernet(&[&[0x88, 0xcc, 2, 7]]), "Ethernet type 0x88cc"),
        (1, &ethernet(&[&[0, 3, 0x42, 0x42, 3]]), "Ethernet type 0x0003"),
        (1, &ethernet(&[&[8, 0], &outer(17, &[0; 8])]), "UDP"),
        (1, &twice, "IPIP"),
        (101, &first, "IPv4 fragment"),
        (105, &beacon, "802.11"),
        (105, &encrypted, "802.11"),
        (1, &ethernet(&[&[8, 0, 0x45]]), "malformed"),
        (9, &[0xff, 3, 0xc0, 0x21, 1, 1, 0, 4], "PPP LCP"),
        (9, &[0x2d, 0, 0, 0], "PPP VJC"),
        (9, &join(&[&[0, 0x57, 0x60], &[0; 40]]), "IPv6"),
        (50, &[0xff, 3, 0x80, 0x21, 1, 1, 0, 4], "PPP IPCP"),
        (50, &[0x8f, 0, 0x80, 0x35, 0, 0, 0, 2], "Ethernet type 0x8035"),
        (51, &[0x11, 9, 0, 0, 0, 4, 1, 1, 0, 0], "Ethernet type 0x8863"),
        (51, &[0x11, 0, 0, 1, 0, 4, 0x12, 0x34, 0, 0], "PPP protocol 0x1234"),
        (166, &[1], "malformed"),
        (204, &[0, 0xc2, 0x23, 1], "PPP CHAP"),
        (239, &[2, 0, 0, 5, 2, 0, 9, 0, 0x45], "malformed"),
        (239, &[2, 0, 0, 5, 0, 0, 10, 0, 0x45], "malformed"),
        (239, &nflog(u16::to_le_bytes, &[0x60; 40]), "IPv6"),
        (4711, &ip, "link type 4711"),
    ];
    for (link_type, bytes, name) in kinds {
        let error = SegmentView::read(&frame(link_type, bytes)).unwrap_err();
        assert_eq!(error.to_string(), name);
        assert!(!error.words().zh.is_empty());
    }
    let cut = FrameView { original_length: 60, ..frame(101, &ip[..30]) };
    assert_eq!(SegmentView::read(&cut).map(|_| ()), Err(SegmentError::Cut));
    let logged = nflog(u16::to_le_bytes, &ip);
    let headers = FrameView { original_length: 88, ..frame(239, &logged[..logged.len() - 10]) };
    let segment = SegmentView::read(&headers).unwrap();
    assert_eq!((segment.length, segment.payload.len()), (12, 2), "a packet that the capture cut");
}

/// The datagram in fragments of so many octets.
fn in_fragments(ip: &[u8], length: usize) -> Vec<Vec<u8>> {
    let count = ip[20..].chunks(length).count();
    let fragments = ip[20..].chunks(length).enumerate().map(|(place, bytes)| {
        let more = if place + 1 < count { 0x2000 } else { 0 };
        let frag_off = more | u16::try_from(place * length / 8).unwrap();
        let header =
            Ipv4Builder { id: 77, frag_off, saddr: SOURCE.into(), daddr: DESTINATION.into(), ..Ipv4Builder::default() };
        header.build(bytes).unwrap()
    });
    fragments.collect()
}

/// The segments read, by the payload and the places of the frames that carried them.
fn read_all(frames: &[Vec<u8>]) -> Vec<(Vec<u8>, Vec<usize>)> {
    let mut fragments = Fragments::default();
    let mut found = Vec::new();
    for (place, bytes) in frames.iter().enumerate() {
        let frame = FrameView { index: place + 1, time_ns: place as u64 * 1_000_000, ..frame(101, bytes) };
        if let Ok(segment) = SegmentView::read_whole(&frame, &mut fragments) {
            let before = segment.fragments.iter().map(|place| place.index);
            found.push((segment.payload.to_vec(), before.chain([segment.frame]).collect()));
        }
    }
    found
}

#[test]
fn fragments_in_any_order_are_one_datagram_and_a_missing_one_is_none() {
    let whole = b"twelve bytes".to_vec();
    let [a, b, c, d] = in_fragments(&inner(), 8).try_into().unwrap();
    assert_eq!(read_all(&[a.clone(), b.clone(), c.clone(), d.clone()]), [(whole.clone(), vec![1, 2, 3, 4])]);
    assert_eq!(read_all(&[d.clone(), b.clone(), inner(), c.clone(), a.clone()])[1], (whole.clone(), vec![1, 2, 4, 5]));
    assert_eq!(read_all(&[a.clone(), b.clone(), b.clone(), c.clone(), d.clone()]), [(whole, vec![1, 2, 3, 4, 5])]);
    assert_eq!(read_all(&[a, b, d]), []);
}

#[test]
fn an_identification_that_is_used_again_does_not_mix_datagrams() {
    let [a, b, c, d] = in_fragments(&inner(), 8).try_into().unwrap();
    let mut fragments = Fragments::default();
    let mut read = |bytes: &[u8], seconds: u64| {
        let frame = FrameView { time_ns: seconds * 1_000_000_000, ..frame(101, bytes) };
        SegmentView::read_whole(&frame, &mut fragments).map(|segment| segment.length)
    };
    for early in [&a, &b, &c] {
        assert_eq!(read(early, 0), Err(SegmentError::Fragment));
    }
    assert_eq!(read(&d, 40), Err(SegmentError::Fragment), "the others came more than 30 seconds ago");
    for late in [&a, &b] {
        assert_eq!(read(late, 41), Err(SegmentError::Fragment));
    }
    assert_eq!(read(&c, 41), Ok(12));
}

#[test]
fn reading_a_segment_asks_for_no_memory() {
    for (name, link_type, bytes) in every_way() {
        let frame = frame(link_type, &bytes);
        assert_eq!(asked(|| SegmentView::read(&frame).map(|segment| segment.checksum_right())), 0, "{name}");
    }
}

const LINK_TYPES: [u32; 20] =
    [0, link_type::ETHERNET, 9, 12, 14, 50, 51, 101, 104, 105, 108, 113, 127, 166, 204, 228, 229, 239, 276, 4711];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Octets of no meaning, and frames damaged in some: no panic, and no memory beyond what is held of fragments.
    #[test]
    fn any_octets_under_any_link_type_are_read_or_named(
        which in 0..LINK_TYPES.len(),
        way in any::<prop::sample::Index>(),
        noise in proptest::collection::vec(any::<u8>(), 0..200),
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
    ) {
        let (_, link_type, mut bytes) = way.get(&every_way()).clone();
        for (place, value) in damage {
            let place = place.index(bytes.len());
            bytes[place] = value;
        }
        for (link_type, bytes) in [(link_type, &bytes), (LINK_TYPES[which], &bytes), (LINK_TYPES[which], &noise)] {
            let frame = frame(link_type, bytes);
            prop_assert_eq!(asked(|| SegmentView::read(&frame).map(|segment| segment.payload.len())), 0);
            let mut fragments = Fragments::default();
            let held = asked(|| SegmentView::read_whole(&frame, &mut fragments).map(|segment| segment.length));
            prop_assert!(held <= 1_024 + bytes.len(), "{held}");
        }
    }
}
