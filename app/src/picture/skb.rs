//! The card of one buffer: whose it is, on which lists it stands, which part of it is valid, and what it carries.

use std::ops::Range;

use stack::Kernel;
use stack::view::queue::{SkbView, by_number, frame, lists_of};
use stack::view::sock;
use stack::wire::FrameSummary;
use stack::wire::ethernet::{ETH_HLEN, EthernetFrame};
use stack::wire::ipv4::Ipv4Packet;

use super::frame::frame as headers;
use super::queues::sequence_range;
use crate::i18n::{Lang, Message};
use crate::picture::ladder::Origins;

/// The card.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SkbCard {
    /// Its name, such as `skb@7`.
    pub name: String,
    /// What it carries, in one line.
    pub summary: String,
    /// Its fields: name as in C, value, meaning.
    pub rows: Vec<(&'static str, String, String)>,
    /// The headers of its frame, with their fields: depth, name, value.
    pub frame: Vec<(u8, String, String)>,
}

impl SkbCard {
    /// The card of a buffer of a host; None if it is gone. Sequence numbers count as the ladder counts them.
    #[must_use]
    pub fn of(k: &Kernel, host: &str, number: u32, origins: &Origins<'_>, lang: Lang) -> Option<Self> {
        let skb = by_number(k, number)?;
        let view = SkbView::of(k, skb)?;
        let buffer = k.skb.get(skb)?;
        let bytes = frame(buffer);
        let lists = lists_of(k, skb);
        let told = |name: &'static str, value: String| {
            let meaning = SkbView::explain(name).map_or("", |words| words.text(lang));
            (name, value, meaning.to_owned())
        };
        let own = |name: &'static str, value: String, meaning: Message| (name, value, meaning.text(lang).to_owned());
        let owner = view.sk.map_or_else(|| "NULL".to_owned(), |sk| sock::name(host, sk));
        let sequence = sequence_range(&FrameSummary::of(&bytes), origins);
        let free = match view.free {
            0 => Message::SkbKept,
            1 => Message::SkbFreed,
            2 => Message::SkbUndecided,
            _ => Message::SkbAtUnlock,
        };
        let lists = if lists.is_empty() { "NULL".to_owned() } else { lists.join(" · ") };
        let mut rows = vec![
            told("sk", owner),
            own("list", lists, Message::SkbLists),
            own("h_raw", format!("{} / {}", buffer.h_raw, bytes.len()), Message::SkbHeader),
            told("len", view.len.to_string()),
            told("mem_len", view.mem_len.to_string()),
        ];
        if let Some(data) = user_data(&bytes) {
            rows.push(own("data", format!("{}..{}", data.start, data.end), Message::SkbData));
        }
        if !sequence.is_empty() {
            let counted = if origins.relative { Message::SkbSequenceRelative } else { Message::SkbSequenceAbsolute };
            rows.push(own("seq", sequence, counted));
        }
        rows.extend([
            told("users", view.users.to_string()),
            own("free", view.free.to_string(), free),
            told("lock", view.lock.to_string()),
            told("when", view.when.to_string()),
            told("acked", u8::from(view.acked).to_string()),
            told("used", u8::from(view.used).to_string()),
            told("arp", u8::from(view.arp).to_string()),
        ]);
        let dissected = headers(&bytes, 0, Message::FrameLeaves, lang).rows.into_iter();
        Some(Self {
            name: format!("skb@{number}"),
            summary: view.summary,
            rows,
            frame: dissected.filter(|row| row.depth < 2).map(|row| (row.depth, row.name, row.value)).collect(),
        })
    }
}

/// Where the user data of a segment or datagram lies in the allocation; None where it has none.
fn user_data(frame: &[u8]) -> Option<Range<usize>> {
    let packet = Ipv4Packet::new_header(EthernetFrame::new_checked(frame).ok()?.payload()).ok()?;
    let end = ETH_HLEN + usize::from(packet.tot_len());
    let length = match FrameSummary::of(frame) {
        FrameSummary::Tcp(segment) => segment.length,
        FrameSummary::Udp(datagram) => datagram.length,
        FrameSummary::Arp(_)
        | FrameSummary::Icmp(_)
        | FrameSummary::Ipv4(_)
        | FrameSummary::Ethernet { .. }
        | FrameSummary::Malformed { .. } => 0,
    };
    (length > 0).then(|| end.saturating_sub(length)..end)
}
