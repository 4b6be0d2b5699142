//! What observing needs of a frame, and nothing else: 48 bytes, so that a million frames fit. Promise: every value is
//! copied from the frame as it stands there; nothing is worked out here.

use stack::include::seq::Seq;
use stack::wire::tcp;
use stack::wire::tcp_options::{TcpOption, TcpOptions};

use crate::capture::segment::SegmentView;

/// The two ends of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// Who asked for it, or seems to have.
    Client,
    /// Whom it was asked of.
    Server,
}

impl Side {
    /// Both, the client first.
    pub const ALL: [Self; 2] = [Self::Client, Self::Server];

    /// The one it talks to.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Client => Self::Server,
            Self::Server => Self::Client,
        }
    }

    /// The name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Server => "server",
        }
    }
}

/// One thing for each end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Both<T> {
    /// The client's.
    pub client: T,
    /// The server's.
    pub server: T,
}

impl<T> Both<T> {
    /// The one of this end.
    #[must_use]
    pub fn of(&self, side: Side) -> &T {
        match side {
            Side::Client => &self.client,
            Side::Server => &self.server,
        }
    }

    /// The one of this end, to be changed, and the one of the other.
    pub fn split(&mut self, side: Side) -> (&mut T, &mut T) {
        match side {
            Side::Client => (&mut self.client, &mut self.server),
            Side::Server => (&mut self.server, &mut self.client),
        }
    }
}

/// A frame of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Its number in the file, from 1.
    pub frame: usize,
    /// Nanoseconds since 1970.
    pub time_ns: u64,
    /// Who sent it.
    pub side: Side,
    /// Sequence number of its first octet, of the SYN where there is one.
    pub seq: Seq,
    /// What it acknowledges; nothing where the flag is missing.
    pub ack: Option<Seq>,
    /// The flag octet.
    pub flags: u8,
    /// The window as it stands in the header, unscaled.
    pub window: u16,
    /// Octets of data on the wire.
    pub length: u32,
    /// The window scale option.
    pub shift: Option<u8>,
    /// The option of the maximum segment size.
    pub mss: Option<u16>,
}

impl Seen {
    /// Copies what matters of a segment that `side` sent.
    #[must_use]
    pub fn of(segment: &SegmentView<'_>, side: Side) -> Self {
        let (mut shift, mut mss) = (None, None);
        if segment.has(tcp::SYN) {
            for option in TcpOptions::new(segment.options) {
                match option {
                    TcpOption::WindowScale(by) => shift = Some(by),
                    TcpOption::MaximumSegmentSize(size) => mss = Some(size),
                    _ => {}
                }
            }
        }
        Self {
            frame: segment.frame,
            time_ns: segment.time_ns,
            side,
            seq: Seq(segment.seq),
            ack: segment.has(tcp::ACK).then_some(Seq(segment.ack)),
            flags: segment.flags,
            window: segment.window,
            length: segment.length,
            shift,
            mss,
        }
    }

    /// Whether a flag is set.
    #[must_use]
    pub fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    /// Whether it begins or ends something: SYN, FIN or RST.
    #[must_use]
    pub fn is_control(&self) -> bool {
        self.has(tcp::SYN | tcp::FIN | tcp::RST)
    }

    /// Sequence numbers it uses: data, SYN and FIN.
    #[must_use]
    pub fn sequence_length(&self) -> u32 {
        self.length.wrapping_add(u32::from(self.has(tcp::SYN))).wrapping_add(u32::from(self.has(tcp::FIN)))
    }

    /// The sequence number behind it.
    #[must_use]
    pub fn end(&self) -> Seq {
        self.seq + self.sequence_length()
    }
}
