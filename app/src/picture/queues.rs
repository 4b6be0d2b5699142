//! The queues of a host and of the socket under focus.

use stack::Kernel;
use stack::include::sock::SockId;
use stack::view::queue::{QueueView, by_number, frame};
use stack::view::sock;

use crate::picture::ladder::{Origins, brief, sequence_length};
use crate::picture::{Queue, Queues, Skb};
use stack::wire::FrameSummary;

/// The queues, what changed since `before` marked.
#[must_use]
pub fn queues(now: &Kernel, before: &Kernel, host: &str, focus: Option<SockId>, origins: &Origins<'_>) -> Queues {
    let old = views(before, focus);
    let rows = views(now, focus)
        .iter()
        .map(|view| {
            let was = old.iter().find(|old| old.name == view.name);
            let numbers = |view: &QueueView| view.skbs.iter().map(|skb| skb.number).collect::<Vec<_>>();
            let changed = was.map_or(!view.skbs.is_empty(), |was| numbers(was) != numbers(view));
            let skbs = buffers(now, host, view, origins);
            Queue { name: view.name.to_owned(), note: String::new(), skbs, changed }
        })
        .collect();
    let sock = focus.and_then(|sk| now.sock.get(sk)).filter(|_| focus.is_some());
    Queues {
        rows,
        in_flight: sock.map(|sock| (u64::from(sock.packets_out), Some(u64::from(sock.cong_window)))),
        peer_window: sock.map(|sock| u64::from(sock.window_seq.0.wrapping_sub(sock.rcv_ack_seq.0)).min(65_535)),
    }
}

fn views(kernel: &Kernel, focus: Option<SockId>) -> Vec<QueueView> {
    let mut views = vec![QueueView::backlog(kernel)];
    if let Some(sk) = focus {
        views.extend(QueueView::of_sock(kernel, sk));
    }
    let devices = 1..kernel.dev.len();
    views.extend(devices.flat_map(|dev| QueueView::of_device(kernel, dev)).filter(|view| !view.skbs.is_empty()));
    views
}

/// The buffers of a queue as boxes.
pub fn buffers(kernel: &Kernel, host: &str, view: &QueueView, origins: &Origins<'_>) -> Vec<Skb> {
    let skbs = view.skbs.iter().map(|skb| {
        let buffer = by_number(kernel, skb.number).and_then(|id| kernel.skb.get(id));
        let summary = buffer.map(|buffer| FrameSummary::of(&frame(buffer)));
        Skb {
            name: format!("skb@{}", skb.number),
            number: skb.number,
            label: summary.as_ref().map_or_else(String::new, brief),
            range: summary.as_ref().map_or_else(String::new, |summary| sequence_range(summary, origins)),
            length: usize::try_from(skb.mem_len).unwrap_or(0),
            valid: skb.len,
            sk: skb.sk.map_or_else(String::new, |sk| sock::name(host, sk)),
        }
    });
    skbs.collect()
}

/// The sequence numbers that a segment takes, the one behind it last, such as `1..513`; empty where it is none.
#[must_use]
pub fn sequence_range(summary: &FrameSummary, origins: &Origins<'_>) -> String {
    let FrameSummary::Tcp(segment) = summary else { return String::new() };
    let first = segment.sequence.wrapping_sub(origins.of(segment).0);
    format!("{first}..{}", first.wrapping_add(sequence_length(segment)))
}
