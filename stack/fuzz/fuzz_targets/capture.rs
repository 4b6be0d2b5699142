//! The reader of captures. The first octet of the input chooses: a whole file (pcap or pcapng, as its own first octets say), or one
//! frame after the other of a link type, cut out of the rest. Each frame goes through everything that reads it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sockscope::capture::FrameDirection;
use sockscope::capture::encapsulation::fragments::Fragments;
use sockscope::capture::read::{FrameView, frames, parse};
use sockscope::capture::segment::SegmentView;

/// The link types that are read, and one that is not.
const LINK_TYPES: [u32; 20] =
    [0, 1, 9, 12, 14, 50, 51, 101, 104, 105, 108, 113, 127, 166, 204, 228, 229, 239, 276, 4711];

fuzz_target!(|data: &[u8]| {
    let Some((first, rest)) = data.split_first() else { return };
    match LINK_TYPES.get(usize::from(*first)) {
        Some(link_type) => link(*link_type, rest),
        None => file(data),
    }
});

/// The frames of a file, each read again where it lies.
fn file(data: &[u8]) {
    let _ = parse(data);
    let Ok(mut reading) = frames(data) else { return };
    let mut fragments = Fragments::default();
    while let Some(frame) = reading.next() {
        assert_eq!(reading.layout().frame_at(data, frame.offset, frame.index), Some(frame));
        segment(&frame, &mut fragments);
    }
    assert_eq!(reading.next(), None);
}

/// Frames of one link type: the length of each in the octet before it, in units of four.
fn link(link_type: u32, mut data: &[u8]) {
    let mut fragments = Fragments::default();
    let mut index = 0;
    while let Some((length, rest)) = data.split_first() {
        let (bytes, behind) = rest.split_at(rest.len().min(4 * usize::from(*length)));
        index += 1;
        let original_length = u32::try_from(bytes.len()).unwrap_or(u32::MAX).saturating_add(u32::from(*length) & 3);
        let direction = FrameDirection::Unknown;
        let frame =
            FrameView { index, offset: 0, time_ns: 0, link_type, original_length, interface: 0, bytes, direction };
        segment(&frame, &mut fragments);
        data = behind;
    }
}

/// A segment is no longer than its frame, and its checksum can be asked for.
fn segment(frame: &FrameView<'_>, fragments: &mut Fragments) {
    if let Ok(segment) = SegmentView::read_whole(frame, fragments) {
        assert!(segment.payload.len() <= frame.bytes.len() || !segment.fragments.is_empty());
        let _ = segment.checksum_right();
        let _ = segment.to_segment();
    }
}
