//! The captured frame under the cursor, taken apart from the bytes of its file.

use stack::wire::ethernet::ETH_HLEN;
use stack::wire::names::ETH_P_IP;

use super::long;
use crate::capture::encapsulation::datagram;
use crate::capture::link_type;
use crate::capture::read::FrameView;
use crate::i18n::{Lang, Words};
use crate::picture::frame::rows;
use crate::picture::{Dissected, Frame, Layer};

/// The frame; what stands before an IP header that is not in plain Ethernet is one row with its name.
pub(super) fn frame(captured: &FrameView<'_>, note: &str, lang: Lang) -> Frame {
    let bytes = captured.bytes;
    let before = datagram(captured).ok().and_then(|inner| bytes.len().checked_sub(inner.bytes.len()));
    let rows = match before {
        Some(before) if captured.link_type != link_type::ETHERNET || before != ETH_HLEN => {
            carried(captured, before, lang)
        }
        _ => rows(bytes, lang),
    };
    Frame { number: long(captured.index), note: note.to_owned(), bytes: bytes.to_vec(), rows }
}

/// An IP datagram behind so many octets of other layers: it is taken apart as if Ethernet had carried it.
fn carried(captured: &FrameView<'_>, before: usize, lang: Lang) -> Vec<Dissected> {
    let [high, low] = ETH_P_IP.to_be_bytes();
    let mut ethernet = vec![0; ETH_HLEN - 2];
    ethernet.extend([high, low]);
    ethernet.extend_from_slice(captured.bytes.get(before..).unwrap_or_default());
    let moved = |at: usize| (at + before).saturating_sub(ETH_HLEN);
    let inner = rows(&ethernet, lang).into_iter().skip_while(|row| row.range.start < ETH_HLEN);
    let value = Words::new(format!("{before} bytes before IP"), format!("IP 之前 {before} 字节")).into_text(lang);
    let outer = Dissected {
        depth: 0,
        name: link_type::name(captured.link_type),
        value,
        range: 0..before,
        layer: Layer::Dev,
        bad: false,
    };
    let inner = inner.map(|row| Dissected { range: moved(row.range.start)..moved(row.range.end), ..row });
    std::iter::once(outer).chain(inner).collect()
}
