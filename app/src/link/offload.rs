//! TCP segments that are longer than the wire takes, as a machine and its network card hand them to each other: the card cuts
//! what the machine sends into frames (segmentation offload) and joins frames of one stream that it received (receive
//! offload), so that ten frames cost the machine what one does. Here this side of a TAP device is the card. Promise: the
//! frames are those of the wire, octet for octet. A long segment becomes the frames that the machine itself would have
//! made of it; frames are joined only where cutting them again would give the same ones; and what this does not know goes on
//! as it is.

use std::io::IoSlice;

use stack::wire::big_endian::put16;
use stack::wire::checksum::{fold, internet_checksum, pseudo_header_sum, tcp_checksum};
use stack::wire::ethernet::{self, ETH_HLEN};
use stack::wire::ip_numbers::PROTOCOL_TCP;
use stack::wire::ipv4::{self, Ipv4Packet};
use stack::wire::names::ETH_P_IP;
use stack::wire::tcp::{self, TcpSegment};

/// Octets that stand before a frame on a TAP device that knows of long segments: `struct virtio_net_hdr` of Linux, its numbers as
/// the machine has them.
pub const DEVICE_HEADER: usize = 10;
/// The most frames that are joined.
const MOST_JOINED: usize = 32;

/// `VIRTIO_NET_HDR_F_NEEDS_CSUM`: the transport checksum is still to be filled in.
const NEEDS_CHECKSUM: u8 = 1;
/// `VIRTIO_NET_HDR_GSO_TCPV4`: a long TCP segment.
const LONG_TCP: u8 = 1;
/// `VIRTIO_NET_HDR_GSO_ECN`, which may stand beside it.
const WITH_ECN: u8 = 0x80;

/// Where the TCP header of a frame without IP options begins, and where its data does.
const TCP_AT: usize = ETH_HLEN + ipv4::HEADER_LENGTH;
const DATA_AT: usize = TCP_AT + tcp::HEADER_LENGTH;
/// Where the checksum stands in a TCP header.
const CHECK_AT: usize = tcp::at::CHECK.bits().start / 8;
/// Everything up to the data of a frame without TCP options, too, and what a device is told before it.
const HEAD: usize = DEVICE_HEADER + DATA_AT;
/// TCP's flag "congestion window reduced" (RFC 3168), which 1.2.13 does not know.
const CWR: u8 = 0x80;

/// What a TAP device says of a frame before its octets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DeviceHeader {
    /// From where a checksum is still to be taken, and where it belongs.
    checksum: Option<(usize, usize)>,
    /// How many octets of its data go into one frame, if it is a long TCP segment.
    segment: Option<usize>,
}

impl DeviceHeader {
    /// Reads it.
    #[must_use]
    pub fn read(octets: [u8; DEVICE_HEADER]) -> Self {
        let [flags, kind, _, _, s0, s1, b0, b1, o0, o1] = octets;
        let [segment, begin, offset] =
            [[s0, s1], [b0, b1], [o0, o1]].map(|number| usize::from(u16::from_ne_bytes(number)));
        Self {
            checksum: (flags & NEEDS_CHECKSUM != 0).then_some((begin, begin + offset)),
            segment: (kind & !WITH_ECN == LONG_TCP).then_some(segment),
        }
    }

    /// Its octets, for a frame whose data begins behind so many.
    fn octets(self, headers: usize) -> [u8; DEVICE_HEADER] {
        let (begin, place) = self.checksum.unwrap_or_default();
        let numbers = [headers, self.segment.unwrap_or(0), begin, place - begin];
        let mut octets = [0; DEVICE_HEADER];
        let (kinds, places) = octets.split_at_mut(2);
        let flags = if self.checksum.is_some() { NEEDS_CHECKSUM } else { 0 };
        let kind = if self.segment.is_some() { LONG_TCP } else { 0 };
        kinds.copy_from_slice(&[flags, kind]);
        places.copy_from_slice(numbers.map(|number| (number as u16).to_ne_bytes()).as_flattened());
        octets
    }

    /// Fills in the checksum of a frame that still lacks it.
    pub fn complete(self, frame: &mut [u8]) {
        let Some((begin, place)) = self.checksum else { return };
        // The field has the sum of the pseudo header already. Zero is "no checksum" in UDP, and the same number as 0xffff.
        let checksum = match internet_checksum(frame.get(begin..).unwrap_or(&[])) {
            0 => 0xffff,
            checksum => checksum,
        };
        put16(frame, place, checksum);
    }
}

/// A long segment that is being cut into frames; its room is used again.
#[derive(Debug, Default)]
pub struct Cutting {
    octets: Vec<u8>,
    /// Octets before its data, and of data in each frame but the last.
    headers: usize,
    segment: usize,
    /// Frames so far.
    frames: usize,
}

impl Cutting {
    /// Begins with `frame`, of which the device said `header`. False: it is no long segment that can be cut.
    pub fn begin(&mut self, frame: &[u8], header: DeviceHeader) -> bool {
        let Some(segment) = header.segment.filter(|segment| *segment > 0) else { return false };
        let Some((packet, tcp)) = segment_of(frame) else { return false };
        let headers = ETH_HLEN + packet.header().len() + tcp::HEADER_LENGTH + tcp.options().len();
        if headers >= frame.len() {
            return false;
        }
        self.octets.clear();
        self.octets.extend_from_slice(frame);
        (self.headers, self.segment, self.frames) = (headers, segment, 0);
        true
    }

    /// Puts the next frame into `room` and says how long it is; `None` when there is no more, or no room.
    pub fn next_into(&mut self, room: &mut [u8]) -> Option<usize> {
        let begin = self.frames.checked_mul(self.segment)?;
        let data = self.octets.get(self.headers..)?.get(begin..).filter(|data| !data.is_empty())?;
        let is_last = data.len() <= self.segment;
        let data = data.get(..self.segment).unwrap_or(data);
        let frame = room.get_mut(..self.headers + data.len())?;
        let (headers, place) = frame.split_at_mut_checked(self.headers)?;
        headers.copy_from_slice(self.octets.get(..self.headers)?);
        place.copy_from_slice(data);
        renumber(frame, self.frames as u16, begin as u32, is_last)?;
        let length = frame.len();
        if is_last {
            self.octets.clear();
        } else {
            self.frames += 1;
        }
        Some(length)
    }
}

/// The IP packet in an Ethernet frame, whole or not, and the TCP segment in it; `None` for any other frame.
fn segment_of(frame: &[u8]) -> Option<(Ipv4Packet<'_>, TcpSegment<'_>)> {
    let is_ip = ethernet::at::H_PROTO.get(frame)? == ETH_P_IP;
    let packet = Ipv4Packet::new_header(frame.get(ETH_HLEN..)?).ok()?;
    let segment = TcpSegment::new_checked(packet.payload()).ok()?;
    (is_ip && packet.protocol() == PROTOCOL_TCP).then_some((packet, segment))
}

/// Gives a frame that was cut out of a long segment what is its own: length and identification, its place in the stream, the
/// flags that stand in the first or the last alone, and both checksums.
fn renumber(frame: &mut [u8], number: u16, begin: u32, is_last: bool) -> Option<()> {
    let packet = frame.get_mut(ETH_HLEN..)?;
    let internet = 4 * usize::from(ipv4::at::VERSION_IHL.get(packet)? & 0x0f);
    ipv4::at::TOT_LEN.put(packet, packet.len() as u16);
    ipv4::at::ID.put(packet, ipv4::at::ID.get(packet)?.wrapping_add(number));
    ipv4::fill_checksum(packet);
    let (header, segment) = packet.split_at_mut_checked(internet)?;
    tcp::at::SEQ.put(segment, tcp::at::SEQ.get(segment)?.wrapping_add(begin));
    let of_the_first = if number == 0 { 0 } else { CWR };
    let of_the_last = if is_last { 0 } else { tcp::FIN | tcp::PSH };
    tcp::at::FLAGS.put(segment, tcp::at::FLAGS.get(segment)? & !(of_the_first | of_the_last));
    tcp::fill_checksum(segment, ipv4::at::SADDR.get(header)?, ipv4::at::DADDR.get(header)?);
    Some(())
}

/// Frames of one stream, each of which goes on where the one before it ended, that are written as one.
#[derive(Debug)]
pub struct Joining<'a> {
    first: &'a [u8],
    /// What is written: room for the head, then the data of each.
    parts: [IoSlice<'a>; MOST_JOINED + 1],
    count: usize,
    /// Octets of all of them as one frame.
    length: usize,
    /// The flags of the last.
    flags: u8,
    /// What the next frame has to have; `None` where there can be none.
    next: Option<Next>,
}

/// What is the same in all: of the link header and the type of service; fragments, time to live and protocol; addresses and
/// ports; the acknowledgement; the window; the urgent pointer.
const ALIKE: [(usize, usize); 6] = [(0, 16), (20, 24), (26, 38), (42, 46), (48, 50), (52, 54)];

/// A frame with data of a stream and nothing else: no options, no flag but ACK and PSH, both checksums right.
#[derive(Debug, Clone, Copy)]
struct Plain<'a> {
    id: u16,
    sequence: u32,
    flags: u8,
    data: &'a [u8],
}

impl<'a> Plain<'a> {
    fn read(frame: &'a [u8]) -> Option<Self> {
        let (packet, segment) = segment_of(frame)?;
        let (data, flags) = (segment.payload(), segment.flags());
        let is_whole = ETH_HLEN + usize::from(packet.tot_len()) == frame.len() && !packet.is_fragment();
        let has_options = !packet.options().is_empty() || !segment.options().is_empty();
        let is_plain = !has_options && segment.res1() == 0 && flags & !tcp::PSH == tcp::ACK && !data.is_empty();
        let sum = || tcp_checksum(packet.saddr(), packet.daddr(), packet.payload());
        let is_right = || packet.checksum_is_right() && sum() == 0;
        let plain = Self { id: packet.id(), sequence: segment.seq(), flags, data };
        (is_whole && is_plain && is_right()).then_some(plain)
    }

    fn goes_on(self, next: Next) -> bool {
        (self.id, self.sequence) == (next.id, next.sequence)
    }

    /// What the frame behind this one has to have, where so many octets of data are the most: a shorter one is the last, and
    /// so is one that pushes.
    fn next(self, most: usize) -> Option<Next> {
        let sequence = self.sequence.wrapping_add(self.data.len() as u32);
        let is_last = self.data.len() < most || self.flags & tcp::PSH != 0;
        (!is_last).then_some(Next { id: self.id.wrapping_add(1), sequence, most })
    }
}

/// What a frame has that goes on in a stream.
#[derive(Debug, Clone, Copy)]
struct Next {
    id: u16,
    sequence: u32,
    /// The most octets of its data: as many as each frame before it has.
    most: usize,
}

impl<'a> Joining<'a> {
    /// Begins with a frame, which may be any.
    #[must_use]
    pub fn begin(first: &'a [u8]) -> Self {
        let parts = [IoSlice::new(&[]); MOST_JOINED + 1];
        let plain = Plain::read(first);
        let flags = plain.map_or(0, |plain| plain.flags);
        let next = plain.and_then(|plain| plain.next(first.len() - DATA_AT));
        Self { first, parts, count: 1, length: first.len(), flags, next }
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// Takes the frame that follows, if it can be joined to those before it.
    pub fn takes(&mut self, frame: &'a [u8]) -> bool {
        let (Some(next), Some(place)) = (self.next, self.parts.get_mut(self.count + 1)) else { return false };
        let length = self.length + frame.len().saturating_sub(DATA_AT);
        let fits = frame.len() <= DATA_AT + next.most && length <= ETH_HLEN + usize::from(u16::MAX);
        if !fits || ALIKE.into_iter().any(|(from, to)| self.first.get(from..to) != frame.get(from..to)) {
            return false;
        }
        let Some(plain) = Plain::read(frame).filter(|plain| plain.goes_on(next)) else { return false };
        *place = IoSlice::new(plain.data);
        (self.count, self.length, self.flags) = (self.count + 1, length, plain.flags);
        self.next = plain.next(next.most);
        true
    }

    /// Writes them as one, behind what the device is told of it; `None` where there is only one frame, which goes as it is.
    pub fn write<R>(&self, write: impl FnOnce(&[IoSlice<'_>]) -> R) -> Option<R> {
        if self.count == 1 {
            return None;
        }
        let (head, mut parts) = (self.head()?, self.parts);
        [parts[0], parts[1]] = [&head, self.first.get(DATA_AT..)?].map(IoSlice::new);
        Some(write(parts.get(..=self.count)?))
    }

    /// What the device is told, and the headers of the one frame: those of the first, with the length of all.
    fn head(&self) -> Option<[u8; HEAD]> {
        let mut head = [0; HEAD];
        let (told, headers) = head.split_at_mut(DEVICE_HEADER);
        headers.copy_from_slice(self.first.get(..DATA_AT)?);
        let checksum = Some((TCP_AT, TCP_AT + CHECK_AT));
        let header = DeviceHeader { checksum, segment: Some(self.first.len() - DATA_AT) };
        told.copy_from_slice(&header.octets(DATA_AT));
        let (packet, segment) = headers.split_at_mut(TCP_AT);
        let packet = packet.get_mut(ETH_HLEN..)?;
        ipv4::at::TOT_LEN.put(packet, (self.length - ETH_HLEN) as u16);
        ipv4::fill_checksum(packet);
        tcp::at::FLAGS.put(segment, self.flags);
        let (source, destination) = (ipv4::at::SADDR.get(packet)?, ipv4::at::DADDR.get(packet)?);
        tcp::at::CHECK.put(segment, fold(pseudo_header_sum(source, destination, PROTOCOL_TCP, self.length - TCP_AT)));
        Some(head)
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use proptest::collection::vec;
    use proptest::prelude::*;
    use stack::wire::build::{EthernetBuilder, Ipv4Builder, TcpBuilder, UdpBuilder};
    use stack::wire::ip_numbers::PROTOCOL_UDP;

    use super::*;

    const HERE: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 2);
    const THERE: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 1);

    /// A frame of a stream: its number, where it stands in it, its flags, its options and its data.
    fn frame(id: u16, seq: u32, flags: u8, options: &[u8], data: &[u8]) -> Vec<u8> {
        let options = options.to_vec();
        let tcp = TcpBuilder {
            source: 19,
            dest: 40_000,
            seq,
            ack_seq: 7,
            flags,
            window: 14_335,
            options,
            ..TcpBuilder::default()
        };
        let segment = tcp.build(HERE, THERE, data).unwrap();
        let packet = Ipv4Builder { id, saddr: HERE, daddr: THERE, ..Ipv4Builder::default() }.build(&segment).unwrap();
        EthernetBuilder::default().build(&packet)
    }

    /// Frames that go on one behind the other, each with so many octets of data.
    fn stream(id: u16, sequence: u32, lengths: &[usize], last: u8) -> Vec<Vec<u8>> {
        let mut seq = sequence;
        let mut frames = Vec::new();
        for (number, length) in lengths.iter().enumerate() {
            let data: Vec<u8> = (0..*length).map(|octet| (octet + number) as u8).collect();
            let flags = if number + 1 == lengths.len() { last } else { tcp::ACK };
            frames.push(frame(id.wrapping_add(number as u16), seq, flags, &[], &data));
            seq = seq.wrapping_add(*length as u32);
        }
        frames
    }

    /// What is written for these frames, each time a device header and a frame.
    fn written(frames: &[Vec<u8>]) -> Vec<(DeviceHeader, Vec<u8>)> {
        let mut frames = frames.iter().map(Vec::as_slice).peekable();
        let mut all = Vec::new();
        while let Some(first) = frames.next() {
            let mut joining = Joining::begin(first);
            while frames.next_if(|frame| joining.takes(frame)).is_some() {}
            let octets = joining.write(|parts| parts.iter().map(|part| part.to_vec()).collect::<Vec<_>>().concat());
            assert_eq!(octets.is_some(), joining.count() > 1);
            all.push(octets.map_or((DeviceHeader::default(), first.to_vec()), |octets| {
                let (told, frame) = octets.split_first_chunk().unwrap();
                (DeviceHeader::read(*told), frame.to_vec())
            }));
        }
        all
    }

    /// The frames that come out at the other end.
    fn received(written: &[(DeviceHeader, Vec<u8>)]) -> Vec<Vec<u8>> {
        let (mut cutting, mut room, mut frames) = (Cutting::default(), vec![0; 70_000], Vec::new());
        for (header, frame) in written {
            if !cutting.begin(frame, *header) {
                let mut frame = frame.clone();
                header.complete(&mut frame);
                frames.push(frame);
            }
            frames.extend(std::iter::from_fn(|| cutting.next_into(&mut room).map(|length| room[..length].to_vec())));
        }
        frames
    }

    #[test]
    fn a_long_segment_becomes_the_frames_that_the_machine_would_have_sent() {
        // A segment of 25 octets with options, to be cut into tens, whose checksum is still to be filled in.
        let flags = tcp::ACK | tcp::PSH | tcp::FIN | CWR;
        let mut long = frame(0xffff, 0xffff_fff8, flags, &[1, 1, 1, 1], &[5; 25]);
        long[TCP_AT + CHECK_AT..][..2].fill(0xaa);
        let header = DeviceHeader { checksum: Some((TCP_AT, TCP_AT + CHECK_AT)), segment: Some(10) };
        let expected = [
            frame(0xffff, 0xffff_fff8, tcp::ACK | CWR, &[1, 1, 1, 1], &[5; 10]),
            frame(0, 2, tcp::ACK, &[1, 1, 1, 1], &[5; 10]),
            frame(1, 12, tcp::ACK | tcp::PSH | tcp::FIN, &[1, 1, 1, 1], &[5; 5]),
        ];
        assert_eq!(received(&[(header, long)]), expected);
    }

    #[test]
    fn a_checksum_that_is_left_to_the_card_is_filled_in() {
        let with_field = |no_checksum| {
            let datagram = UdpBuilder { source: 7, dest: 9, no_checksum }.build(HERE, THERE, b"odd").unwrap();
            let protocol = PROTOCOL_UDP;
            Ipv4Builder { protocol, saddr: HERE, daddr: THERE, ..Ipv4Builder::default() }.build(&datagram).unwrap()
        };
        let [mut left, complete] = [true, false].map(|left| EthernetBuilder::default().build(&with_field(left)));
        let pseudo_header = fold(pseudo_header_sum(HERE, THERE, PROTOCOL_UDP, 11));
        put16(&mut left, TCP_AT + 6, pseudo_header);
        let header = DeviceHeader { checksum: Some((TCP_AT, TCP_AT + 6)), segment: None };
        assert_eq!(DeviceHeader::read(header.octets(0)), header);
        assert_eq!(received(&[(header, left)]), [complete]);
    }

    #[test]
    fn frames_of_a_stream_are_joined_up_to_one_that_pushes_or_is_shorter() {
        for (lengths, last, expected) in [
            (&[10, 10, 10][..], tcp::ACK, &[44 + 20 + 20][..]),
            (&[10, 10, 4], tcp::ACK | tcp::PSH, &[44 + 20 + 14]),
            (&[10, 4, 10], tcp::ACK, &[44 + 20 + 4, 64]),
            (&[10, 11, 11], tcp::ACK, &[64, 44 + 20 + 12]),
            (&[10; 33], tcp::ACK, &[54 + 320, 64]),
            (&[1_460; 46], tcp::ACK, &[54 + 32 * 1_460, 54 + 14 * 1_460]),
            (&[3_000; 22], tcp::ACK, &[54 + 21 * 3_000, 3_054]),
        ] {
            let frames = stream(1, 2, lengths, last);
            let written = written(&frames);
            let sizes: Vec<usize> = written.iter().map(|(_, frame)| frame.len()).collect();
            assert_eq!(sizes, expected, "{lengths:?}");
            assert_eq!(received(&written), frames);
        }
        let mut frames = stream(1, 2, &[10, 10], tcp::ACK | tcp::PSH);
        frames.extend(stream(3, 22, &[10, 10], tcp::ACK | tcp::PSH));
        assert_eq!(written(&frames).len(), 2, "behind a push another begins");
    }

    #[test]
    fn frames_that_differ_in_anything_else_travel_alone() {
        let frames = stream(1, 2, &[10, 10], tcp::ACK);
        assert_eq!(written(&frames).len(), 1);
        // Every octet of the headers, with checksums that were made right again and without.
        for (place, is_right) in (0..DATA_AT).flat_map(|place| [(place, true), (place, false)]) {
            let [first, mut second] = <[Vec<u8>; 2]>::try_from(frames.clone()).unwrap();
            second[place] ^= 0x41;
            if is_right {
                let source = ipv4::at::SADDR.get(&second[ETH_HLEN..]).unwrap();
                let destination = ipv4::at::DADDR.get(&second[ETH_HLEN..]).unwrap();
                ipv4::fill_checksum(&mut second[ETH_HLEN..]);
                tcp::fill_checksum(&mut second[TCP_AT..], source, destination);
            }
            let is_no_change = second == frames[1];
            let frames = [first, second];
            let written = written(&frames);
            assert_eq!(written.len() == 1, is_no_change, "octet {place}");
            assert_eq!(received(&written), frames);
        }
    }

    proptest! {
        #[test]
        fn joined_and_cut_again_they_are_the_same(
            id in any::<u16>(),
            sequence in any::<u32>(),
            lengths in vec(prop_oneof![Just(10_usize), Just(1_460), 1_usize..20], 1..40),
            push in any::<bool>(),
        ) {
            let frames = stream(id, sequence, &lengths, if push { tcp::ACK | tcp::PSH } else { tcp::ACK });
            prop_assert_eq!(received(&written(&frames)), frames);
        }

        #[test]
        fn whatever_a_device_says_it_is_taken_without_a_panic(
            told in any::<[u8; DEVICE_HEADER]>(),
            noise in vec(any::<u8>(), 0..200),
            noisy_from in 0_usize..80,
        ) {
            let mut octets = frame(1, 2, tcp::ACK, &[], &[5; 25]);
            octets.truncate(noisy_from);
            octets.extend(noise);
            let frames = received(&[(DeviceHeader::read(told), octets.clone())]);
            prop_assert!(frames.iter().all(|frame| frame.len() <= octets.len()));
            prop_assert_eq!(received(&written(&[octets.clone()])), [octets]);
        }
    }
}
