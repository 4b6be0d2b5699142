//! What is in a capture, found in one pass over its bytes: which frames belong to which connection, what each connection is like,
//! and what belongs to none, by kind. The pass goes in slices ([`Indexing::advance`]), so that a person sees the first rows at once
//! and may stop it. Promise: sixteen octets are kept of a frame, beside the table of connections, and nothing of its content; the
//! frames of one connection are read again through their places ([`Index::read`]).

pub mod column;
pub mod copies;
pub mod coverage;
pub mod flow;
pub mod listing;

use std::collections::BTreeMap;
use std::ops::Range;

use self::copies::print;
use self::flow::{Belongs, Flow, Flows, Seen};
use super::connection::Connection;
use super::encapsulation::fragments::Fragments;
use super::read::{Bookmark, CaptureError, FrameView, Layout, loaded};
use super::segment::{Segment, SegmentError, SegmentView};
use super::source::{Bytes, Extent};
use super::{Damage, FramesByNumber};
use crate::i18n::Lang;

/// What is kept of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Entry {
    /// Where its record begins in the file.
    offset: u64,
    /// The number of its connection; 0 where it belongs to none.
    connection: u32,
    role: Role,
}

/// What a frame is to its connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// None, or not yet known to be one.
    None,
    /// It carries a segment, or a fragment of one.
    Segment,
    /// It is there a second time.
    Copy,
}

const _: () = assert!(size_of::<Entry>() == 16);

/// So many octets of a file stay in memory behind the pass, at most.
const HELD: usize = 16 << 20;

/// What is in a capture.
#[derive(Debug, Clone)]
pub struct Index {
    /// One for every frame, in the order of the file.
    entries: Vec<Entry>,
    flows: Flows,
    others: BTreeMap<SegmentError, u64>,
    origin_ns: Option<u64>,
    last_ns: u64,
    damage: Option<Damage>,
    layout: Layout,
    /// Whether the pass has come to the end of the file.
    is_whole: bool,
}

impl Index {
    /// The connections, in the order of their first frames.
    #[must_use]
    pub fn flows(&self) -> &[Flow] {
        self.flows.all()
    }

    /// How many frames belong to no connection, by what they are.
    #[must_use]
    pub fn others(&self) -> &BTreeMap<SegmentError, u64> {
        &self.others
    }

    /// How many frames the capture has, as far as it was read.
    #[must_use]
    pub fn frames(&self) -> usize {
        self.entries.len()
    }

    /// When its first frame came, in nanoseconds since 1970; 0 where it has none.
    #[must_use]
    pub fn origin_ns(&self) -> u64 {
        self.origin_ns.unwrap_or(0)
    }

    /// The latest time of a frame, in nanoseconds since 1970.
    #[must_use]
    pub fn last_ns(&self) -> u64 {
        self.last_ns
    }

    /// Why reading ended before the end of the file.
    #[must_use]
    pub fn damage(&self) -> Option<&Damage> {
        self.damage.as_ref()
    }

    /// Whether the pass has come to the end of the file, or to damage that ends it; not where it goes on or was stopped.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// Reads the segments of one connection, each once where the capture has it twice. `bytes` are those of the file that was
    /// indexed.
    #[must_use]
    pub fn read<'a>(&self, bytes: &'a [u8], flow: &Flow) -> Connection<'a> {
        let mut connection = Connection::of(flow);
        let mut fragments = Fragments::default();
        for (_, frame) in self.own_frames(bytes, flow, 0..self.entries.len()) {
            connection.segments.extend(Segment::read_whole(&frame, &mut fragments));
        }
        connection
    }

    /// The frames of one connection among those at some places of the file, each with its place, once where the capture has it
    /// twice.
    fn own_frames<'a>(
        &self,
        bytes: &'a [u8],
        flow: &Flow,
        places: Range<usize>,
    ) -> impl Iterator<Item = (usize, FrameView<'a>)> {
        let own = |entry: &Entry| entry.connection == flow.number && entry.role == Role::Segment;
        let entries = self.entries.iter().enumerate().take(places.end).skip(places.start);
        entries.filter(move |(_, entry)| own(entry)).filter_map(move |(place, entry)| {
            self.layout.frame_at(bytes, entry.offset, place + 1).map(|frame| (place, frame))
        })
    }

    /// The frames of the capture by their numbers. `bytes` are those of the file that was indexed.
    #[must_use]
    pub fn of_bytes<'a>(&'a self, bytes: &'a [u8]) -> IndexedFrames<'a> {
        IndexedFrames { index: self, bytes }
    }

    /// What belongs to no connection, by kind, the most frequent first: how many frames, and of what.
    #[must_use]
    pub fn left_out(&self, lang: Lang) -> Vec<(u64, String)> {
        let mut kinds: Vec<(u64, String)> =
            self.others.iter().map(|(kind, count)| (*count, kind.words().into_text(lang))).collect();
        kinds.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        kinds
    }

    /// Shows every segment of one connection, once where the capture has it twice, and keeps none. `bytes` are those of the file
    /// that was indexed.
    pub fn each_segment(&self, bytes: &[u8], flow: &Flow, mut look: impl FnMut(&SegmentView<'_>)) {
        self.segments_while(bytes, flow, |segment| {
            look(segment);
            true
        });
    }

    /// The same until `look` wants no more of them.
    pub fn segments_while(&self, bytes: &[u8], flow: &Flow, look: impl FnMut(&SegmentView<'_>) -> bool) {
        self.segments_from(bytes, flow, &mut Walked::default(), usize::MAX, look);
    }

    /// The same from where a walk stands, and no further than so many frames of the capture; says whether there are others. A walk is
    /// of one connection.
    pub fn segments_from(
        &self,
        bytes: &[u8],
        flow: &Flow,
        walked: &mut Walked,
        most: usize,
        mut look: impl FnMut(&SegmentView<'_>) -> bool,
    ) -> bool {
        let until = walked.frames.saturating_add(most).min(self.entries.len());
        let mut stands = until;
        for (place, frame) in self.own_frames(bytes, flow, walked.frames..until) {
            if let Ok(segment) = SegmentView::read_whole(&frame, &mut walked.fragments)
                && !look(&segment)
            {
                stands = place + 1;
                break;
            }
        }
        walked.frames = stands;
        walked.frames < self.entries.len()
    }

    /// The number of the connection whose segment, or a fragment of one, the frame of a number carries; none of any other frame, and
    /// of one that is there a second time.
    #[must_use]
    pub fn connection_of(&self, frame: usize) -> Option<u32> {
        let entry = self.entries.get(frame.checked_sub(1)?)?;
        (entry.role == Role::Segment).then_some(entry.connection)
    }

    /// The frame of a number, from 1. `bytes` are those of the file that was indexed.
    #[must_use]
    pub fn frame<'a>(&self, bytes: &'a [u8], number: usize) -> Option<FrameView<'a>> {
        let entry = self.entries.get(number.checked_sub(1)?)?;
        self.layout.frame_at(bytes, entry.offset, number)
    }

    fn take(&mut self, frame: &FrameView<'_>, fragments: &mut Fragments) {
        self.origin_ns.get_or_insert(frame.time_ns);
        self.last_ns = self.last_ns.max(frame.time_ns);
        let entry = match SegmentView::read_whole(frame, fragments) {
            Ok(segment) => {
                let belongs = self.flows.take(&Seen::of(&segment, frame.original_length));
                for fragment in segment.fragments {
                    self.adopt(fragment.index, belongs);
                }
                Entry { offset: frame.offset, connection: belongs.connection, role: Role::of(belongs) }
            }
            Err(other) => {
                *self.others.entry(other).or_default() += 1;
                Entry { offset: frame.offset, connection: 0, role: Role::None }
            }
        };
        self.entries.push(entry);
    }

    /// A fragment turns out to be part of a segment of a connection.
    fn adopt(&mut self, number: usize, belongs: Belongs) {
        let entry = number.checked_sub(1).and_then(|place| self.entries.get_mut(place));
        if let Some(entry) = entry.filter(|entry| entry.connection == 0) {
            entry.connection = belongs.connection;
            entry.role = Role::of(belongs);
            if let Some(count) = self.others.get_mut(&SegmentError::Fragment) {
                *count = count.saturating_sub(1);
            }
            self.others.retain(|_, count| *count > 0);
        }
    }
}

/// The frames of a file that was indexed, each read again when it is wanted.
#[derive(Debug, Clone, Copy)]
pub struct IndexedFrames<'a> {
    index: &'a Index,
    bytes: &'a [u8],
}

impl FramesByNumber for IndexedFrames<'_> {
    fn frame_of(&self, number: usize) -> Option<FrameView<'_>> {
        self.index.frame(self.bytes, number)
    }
}

/// How far the segments of a connection have been shown.
#[derive(Debug, Default)]
pub struct Walked {
    /// Frames of the capture that were looked at.
    frames: usize,
    fragments: Fragments,
}

impl Walked {
    /// Frames of the capture that were looked at.
    #[must_use]
    pub fn frames(&self) -> usize {
        self.frames
    }
}

impl Role {
    fn of(belongs: Belongs) -> Self {
        if belongs.is_copy { Self::Copy } else { Self::Segment }
    }
}

impl Seen {
    /// What the table needs of a segment, whose frame had so many octets on the wire.
    #[must_use]
    pub fn of(segment: &SegmentView<'_>, wire_length: u32) -> Self {
        // Some hosts give no identification: then a second acknowledgement and a copy of the first look the same.
        let is_told = segment.identification != 0 || segment.sequence_length() > 0;
        let ports = u64::from(segment.source.port) << 16 | u64::from(segment.destination.port);
        let addresses =
            u64::from(u32::from(segment.source.address)) << 32 | u64::from(u32::from(segment.destination.address));
        let rest = u64::from(segment.identification) << 24 | u64::from(segment.window) << 8 | u64::from(segment.flags);
        let parts = [
            addresses,
            ports << 32 | u64::from(segment.length),
            u64::from(segment.seq) << 32 | u64::from(segment.ack),
            rest,
        ];
        Self {
            source: segment.source,
            destination: segment.destination,
            seq: segment.seq,
            ack: segment.ack,
            flags: segment.flags,
            window: segment.window,
            length: segment.length,
            wire_length,
            time_ns: segment.time_ns,
            print: is_told.then(|| print(&parts)),
        }
    }
}

/// The pass over a capture, which may be interrupted at any frame.
#[derive(Debug)]
pub struct Indexing {
    index: Index,
    /// Where it goes on; none where it has ended.
    next: Option<Bookmark>,
    position: u64,
    /// Up to where the bytes of the file were let go of.
    let_go: usize,
    fragments: Fragments,
    /// Every whole frame of the bytes that are there has been taken in, and there are more bytes to be had.
    is_waiting: bool,
}

impl Indexing {
    /// Begins with the bytes of a file that may be packed: so many are unpacked as its header takes.
    ///
    /// # Errors
    /// The bytes are not a capture.
    pub fn open(bytes: &mut Bytes) -> Result<Self, CaptureError> {
        loop {
            match Self::new(bytes) {
                Err(CaptureError::BrokenHeader) if bytes.extent() == Extent::GoesOn => bytes.unpack(),
                begun => return begun,
            }
        }
    }

    /// Begins with the bytes of a file.
    ///
    /// # Errors
    /// The bytes are not a capture.
    pub fn new(bytes: &Bytes) -> Result<Self, CaptureError> {
        let reading = loaded(bytes)?;
        let index = Index {
            entries: Vec::new(),
            flows: Flows::default(),
            others: BTreeMap::new(),
            origin_ns: None,
            last_ns: 0,
            damage: None,
            layout: reading.layout().clone(),
            is_whole: false,
        };
        Ok(Self {
            index,
            position: reading.position(),
            let_go: 0,
            next: Some(reading.bookmark()),
            fragments: Fragments::default(),
            is_waiting: false,
        })
    }

    /// The same where the bytes may be those of a packed file that is only opened: where all that are there have been read, a slice
    /// more is unpacked first.
    pub fn go_on(&mut self, bytes: &mut Bytes, count: usize) -> bool {
        if self.is_waiting {
            bytes.unpack();
        }
        self.advance(bytes, count)
    }

    /// Takes in at most so many frames more; says whether there are still others. `bytes` are always those of the same file.
    pub fn advance(&mut self, bytes: &Bytes, count: usize) -> bool {
        let Some(bookmark) = self.next.take() else { return false };
        let mut reading = bookmark.frames(bytes);
        let mut taken = 0;
        while taken < count
            && let Some(frame) = reading.next()
        {
            self.index.take(&frame, &mut self.fragments);
            taken += 1;
        }
        self.position = reading.position();
        let position = usize::try_from(self.position).unwrap_or(usize::MAX);
        if position.saturating_sub(self.let_go) >= HELD {
            bytes.let_go(self.let_go, position);
            self.let_go = position;
        }
        self.is_waiting = taken < count && bytes.extent() == Extent::GoesOn;
        if taken == count || self.is_waiting {
            self.next = Some(reading.bookmark());
            return true;
        }
        self.index.damage = reading.damage();
        self.index.layout = reading.layout().clone();
        self.index.is_whole = true;
        self.index.flows.finish();
        false
    }

    /// Ends the pass where it is: what was found so far can be used.
    pub fn stop(&mut self) {
        if let Some(bookmark) = self.next.take() {
            self.index.layout = bookmark.layout().clone();
            self.index.flows.finish();
        }
    }

    /// Whether there is more to read.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.next.is_some()
    }

    /// Octets of the file that have been read.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.position
    }

    /// What has been found so far.
    #[must_use]
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// What has been found.
    #[must_use]
    pub fn into_index(self) -> Index {
        self.index
    }
}

/// Frames of one step where nobody waits for the first rows.
const SLICE: usize = 10_000;

/// Indexes the whole of a capture at once.
///
/// # Errors
/// The bytes are not a capture.
pub fn index(bytes: &Bytes) -> Result<Index, CaptureError> {
    let mut indexing = Indexing::new(bytes)?;
    while indexing.advance(bytes, SLICE) {}
    Ok(indexing.index)
}
