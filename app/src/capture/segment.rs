//! A TCP segment as it stands in a captured or sent frame, with everything that replaying and comparing needs.
//! Promise: frames that are no TCP segment come back with the name of what they are, and a frame that the capture
//! cut short still has its true length.

use std::borrow::Cow;
use std::fmt;
use std::net::Ipv4Addr;

use stack::wire::checksum::tcp_checksum;
use stack::wire::ip_numbers;
use stack::wire::ipv4::Ipv4Packet;
use stack::wire::tcp;

pub use super::encapsulation::SegmentError;

use super::encapsulation::{Datagram, Hardware, datagram, fragments::Fragments};
use super::read::{FramePlace, FrameView};

/// The longest frame that segmentation offload hands over in one piece.
const LONGEST_OFFLOADED: u32 = 262_144;

/// What follows from the sequence number, the length and the flags of a segment, in whatever form it is held.
macro_rules! sequence_space {
    () => {
        /// Whether a flag is set.
        #[must_use]
        pub fn has(&self, flag: u8) -> bool {
            self.flags & flag != 0
        }

        /// Whether it asks for a new connection.
        #[must_use]
        pub fn opens(&self) -> bool {
            self.has(stack::wire::tcp::SYN) && !self.has(stack::wire::tcp::ACK)
        }

        /// Sequence numbers used: data, SYN and FIN.
        #[must_use]
        pub fn sequence_length(&self) -> u32 {
            let of = |flag: u8| u32::from(self.has(flag));
            self.length.wrapping_add(of(stack::wire::tcp::SYN)).wrapping_add(of(stack::wire::tcp::FIN))
        }

        /// The sequence number behind the segment.
        #[must_use]
        pub fn end(&self) -> u32 {
            self.seq.wrapping_add(self.sequence_length())
        }
    };
}

pub(in crate::capture) use sequence_space;

/// One end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Endpoint {
    /// The address.
    pub address: Ipv4Addr,
    /// The TCP port.
    pub port: u16,
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.address, self.port)
    }
}

/// A TCP segment as it lies in the bytes of its capture: read in one pass, without a copy.
#[derive(Debug, Clone, Copy)]
pub struct SegmentView<'a> {
    /// The number of the frame in its file, from 1; of the frame that completed it, where it came in fragments.
    pub frame: usize,
    /// Nanoseconds since 1970.
    pub time_ns: u64,
    /// Hardware address of the sender; made up from its address where the link layer has none.
    pub source_hardware: [u8; 6],
    /// Hardware address of the receiver.
    pub destination_hardware: [u8; 6],
    /// The sender.
    pub source: Endpoint,
    /// The receiver.
    pub destination: Endpoint,
    /// The identification of the IPv4 datagram.
    pub identification: u16,
    /// Sequence number of the first octet, of the SYN where there is one.
    pub seq: u32,
    /// Acknowledgement number; meaningless without the ACK flag.
    pub ack: u32,
    /// The flag octet (constants in `stack::wire::tcp`).
    pub flags: u8,
    /// The window as it stands in the header, unscaled.
    pub window: u16,
    /// The TCP options as far as they were captured.
    pub options: &'a [u8],
    /// Octets of data on the wire.
    pub length: u32,
    /// The data as far as it was captured.
    pub payload: &'a [u8],
    /// Whether the capture cut something of the segment off.
    pub is_cut: bool,
    /// The frames that carried the other fragments of its datagram, in the order of the file; none where it came in one.
    pub fragments: &'a [FramePlace],
    /// Header and data as captured.
    bytes: &'a [u8],
}

impl<'a> SegmentView<'a> {
    /// Reads the segment in a frame. Costs neither a copy nor a checksum.
    ///
    /// # Errors
    /// What the frame is instead; a fragment is [`SegmentError::Fragment`].
    pub fn read(frame: &FrameView<'a>) -> Result<Self, SegmentError> {
        let (link, packet) = tcp_datagram(frame)?;
        if packet.is_fragment() {
            return Err(SegmentError::Fragment);
        }
        Self::unfragmented(frame, &link, &packet)
    }

    /// Reads the segment in a frame or, where its datagram came in fragments, in the one that completes it. The frames of a
    /// capture are to be given in their order.
    ///
    /// # Errors
    /// What the frame is instead. [`SegmentError::Fragment`] is a fragment of a datagram that is not complete yet: when it
    /// is, the segment names the frames for which that was said in [`SegmentView::fragments`].
    pub fn read_whole(frame: &FrameView<'a>, fragments: &'a mut Fragments) -> Result<Self, SegmentError> {
        let (link, packet) = tcp_datagram(frame)?;
        if !packet.is_fragment() {
            return Self::unfragmented(frame, &link, &packet);
        }
        let whole = fragments.add(frame, &packet).ok_or(SegmentError::Fragment)?;
        let segment = Self::of_payload(frame, &link, &packet, whole.payload, whole.length)?;
        Ok(Self { fragments: whole.frames, ..segment })
    }

    fn unfragmented(frame: &FrameView<'a>, link: &Datagram<'a>, packet: &Ipv4Packet<'a>) -> Result<Self, SegmentError> {
        let header = usize::from(packet.ihl()) * 4;
        let total = match u32::from(packet.tot_len()) {
            // Segmentation offload: the frame was longer than the field can say.
            0 => link.on_wire.min(LONGEST_OFFLOADED),
            total => total.min(link.on_wire),
        };
        let length = usize::try_from(total).unwrap_or(0).saturating_sub(header);
        let captured = link.bytes.get(header..).unwrap_or(&[]);
        // The shortest frames are padded behind the packet.
        Self::of_payload(frame, link, packet, captured.get(..length).unwrap_or(captured), length)
    }

    /// The segment that is the payload of a datagram: `length` octets, of which `captured` was kept.
    fn of_payload(
        frame: &FrameView<'a>,
        link: &Datagram<'a>,
        packet: &Ipv4Packet<'a>,
        captured: &'a [u8],
        length: usize,
    ) -> Result<Self, SegmentError> {
        let is_cut = captured.len() < length;
        let short = if is_cut { SegmentError::Cut } else { SegmentError::Malformed };
        let header: &[u8; tcp::HEADER_LENGTH] = captured.first_chunk().ok_or(short)?;
        let header_length = usize::from(tcp::at::DOFF.of(header) >> 4) * 4;
        if header_length < tcp::HEADER_LENGTH || header_length > length {
            return Err(SegmentError::Malformed);
        }
        let (header_captured, payload) = captured.split_at_checked(header_length).unwrap_or((captured, &[]));
        let source = Endpoint { address: packet.saddr(), port: tcp::at::SOURCE.of(header) };
        let destination = Endpoint { address: packet.daddr(), port: tcp::at::DEST.of(header) };
        let hardware = link.hardware.unwrap_or_else(|| made_up(source, destination));
        Ok(Self {
            frame: frame.index,
            time_ns: frame.time_ns,
            source_hardware: hardware.source,
            destination_hardware: hardware.destination,
            source,
            destination,
            identification: packet.id(),
            seq: tcp::at::SEQ.of(header),
            ack: tcp::at::ACK_SEQ.of(header),
            flags: tcp::at::FLAGS.of(header),
            window: tcp::at::WINDOW.of(header),
            options: header_captured.get(tcp::HEADER_LENGTH..).unwrap_or(&[]),
            length: u32::try_from(length - header_length).unwrap_or(u32::MAX),
            payload,
            is_cut,
            fragments: &[],
            bytes: captured,
        })
    }

    sequence_space!();

    /// Whether the TCP checksum is right; unknown where the frame was cut. It is computed when asked for.
    #[must_use]
    pub fn checksum_right(&self) -> Option<bool> {
        // The checksum over a segment that carries its own checksum is zero.
        let right = || matches!(tcp_checksum(self.source.address, self.destination.address, self.bytes), 0 | 0xffff);
        (!self.is_cut).then(right)
    }

    /// The segment with options and data where they are.
    #[must_use]
    pub fn to_segment(&self) -> Segment<'a> {
        Segment { checksum_right: self.checksum_right(), ..self.unsummed() }
    }

    /// The same where nobody asks for the checksum, whose sum goes over all the data.
    #[must_use]
    pub fn unsummed(&self) -> Segment<'a> {
        Segment {
            frame: self.frame,
            time_ns: self.time_ns,
            source_hardware: self.source_hardware,
            destination_hardware: self.destination_hardware,
            source: self.source,
            destination: self.destination,
            seq: self.seq,
            ack: self.ack,
            flags: self.flags,
            window: self.window,
            window_shift: 0,
            options: self.options.into(),
            length: self.length,
            payload: self.payload.into(),
            checksum_right: None,
            fragments: self.fragments.iter().map(|place| place.index).collect(),
        }
    }
}

/// The datagram in a frame, where TCP is in it.
fn tcp_datagram<'a>(frame: &FrameView<'a>) -> Result<(Datagram<'a>, Ipv4Packet<'a>), SegmentError> {
    let link = datagram(frame)?;
    let short = if frame.is_cut() { SegmentError::Cut } else { SegmentError::Malformed };
    let packet = Ipv4Packet::new_header(link.bytes).map_err(|_| short)?;
    match packet.protocol() {
        ip_numbers::PROTOCOL_TCP => Ok((link, packet)),
        other => Err(SegmentError::Protocol(other)),
    }
}

/// Hardware addresses where the link layer has none: of local administration, the same for an end in every frame, and different
/// for both ends.
fn made_up(source: Endpoint, destination: Endpoint) -> Hardware {
    let of = |end: Endpoint, other: Endpoint| {
        let [a, b, c, d] = end.address.octets();
        [2, u8::from(end.address == other.address && end.port > other.port), a, b, c, d]
    };
    Hardware { source: of(source, destination), destination: of(destination, source) }
}

/// A TCP segment in a frame, with options and data in the bytes of its capture, or with its own copy of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment<'a> {
    /// The number of the frame in its file, from 1.
    pub frame: usize,
    /// Nanoseconds since 1970.
    pub time_ns: u64,
    /// Hardware address of the sender.
    pub source_hardware: [u8; 6],
    /// Hardware address of the receiver.
    pub destination_hardware: [u8; 6],
    /// The sender.
    pub source: Endpoint,
    /// The receiver.
    pub destination: Endpoint,
    /// Sequence number of the first octet, of the SYN where there is one.
    pub seq: u32,
    /// Acknowledgement number; meaningless without the ACK flag.
    pub ack: u32,
    /// The flag octet (constants in `stack::wire::tcp`).
    pub flags: u8,
    /// The window as it stands in the header, unscaled.
    pub window: u16,
    /// By how many bits the two ends agreed to shift the window; 0 as read from one frame alone.
    pub window_shift: u8,
    /// The TCP options.
    pub options: Cow<'a, [u8]>,
    /// Octets of data on the wire.
    pub length: u32,
    /// The data as far as it was captured.
    pub payload: Cow<'a, [u8]>,
    /// Whether the TCP checksum is right; unknown where the frame was cut.
    pub checksum_right: Option<bool>,
    /// The numbers of the frames that carried the other fragments of its datagram; none where it came in one.
    pub fragments: Vec<usize>,
}

impl<'a> Segment<'a> {
    sequence_space!();

    /// The sequence number of the first data octet.
    #[must_use]
    pub fn data_start(&self) -> u32 {
        self.seq.wrapping_add(u32::from(self.has(tcp::SYN)))
    }

    /// The window in octets.
    #[must_use]
    pub fn offered_window(&self) -> u32 {
        u32::from(self.window).checked_shl(u32::from(self.window_shift)).unwrap_or(u32::MAX)
    }

    /// Reads the segment in a frame.
    ///
    /// # Errors
    /// What the frame is instead.
    pub fn read(frame: impl Into<FrameView<'a>>) -> Result<Self, SegmentError> {
        SegmentView::read(&frame.into()).map(|segment| segment.to_segment())
    }

    /// Reads the segment in a frame or, where its datagram came in fragments, in the one that completes it: then with its own copy
    /// of what they carried.
    ///
    /// # Errors
    /// As [`SegmentView::read_whole`].
    pub fn read_whole(frame: &FrameView<'a>, fragments: &mut Fragments) -> Result<Self, SegmentError> {
        match SegmentView::read(frame) {
            Err(SegmentError::Fragment) => {
                SegmentView::read_whole(frame, fragments).map(|segment| segment.to_segment().into_owned())
            }
            read => read.map(|segment| segment.to_segment()),
        }
    }

    /// The segment with its own copy of options and data.
    #[must_use]
    pub fn into_owned(self) -> Segment<'static> {
        Segment { options: self.options.into_owned().into(), payload: self.payload.into_owned().into(), ..self }
    }

    /// The segment with its own copy of the options and without its data.
    #[must_use]
    pub fn bare(&self) -> Segment<'static> {
        Segment {
            options: self.options.to_vec().into(),
            payload: Cow::default(),
            fragments: self.fragments.clone(),
            ..*self
        }
    }
}
