//! The ARP table.

use stack::Kernel;
use stack::include::arp::{ARP_CHECK_INTERVAL, ARP_RES_TIME, ARP_TIMEOUT};
use stack::view::arp::{ArpTableView, ArpView};
use stack::view::queue::QueueView;

use crate::picture::ladder::Origins;
use crate::picture::queues::buffers;
use crate::picture::{Arp, Change, Neighbour, Skb};

/// Slots of the hash table: sixteen chains and the one of published entries.
const SLOTS: usize = 17;

/// The table, what changed since `before` marked.
#[must_use]
pub fn table(kernel: &Kernel, before: &Kernel, host: &str, origins: &Origins<'_>) -> Arp {
    let (now, before) = (ArpTableView::of(kernel), ArpTableView::of(before));
    let rows = now.entries.iter().map(|entry| {
        let was = before.entries.iter().find(|old| old.ip == entry.ip && old.slot == entry.slot);
        let waiting = buffers(kernel, host, &QueueView::of_neighbour(kernel, entry.slot, entry.ip), origins);
        neighbour(entry, waiting, was.is_none_or(|was| differs(was, entry)))
    });
    let mut rows: Vec<Neighbour> = rows.collect();
    // What waits stands first, then who is asked for.
    rows.sort_by_key(|row| (row.waiting.is_empty(), !row.hardware.is_empty()));
    Arp { slots: SLOTS, rows, check: now.next_check.map(|left| (left.into(), ARP_CHECK_INTERVAL.into())) }
}

fn differs(was: &ArpView, is: &ArpView) -> bool {
    (&was.ha, &was.flags, was.waiting, was.retries) != (&is.ha, &is.flags, is.waiting, is.retries)
}

fn neighbour(entry: &ArpView, waiting: Vec<Skb>, changed: bool) -> Neighbour {
    let left = match (entry.next_request, entry.may_expire_in) {
        (Some(left), _) => Some((left.into(), ARP_RES_TIME.into())),
        (None, Some(left)) => Some((left.into(), ARP_TIMEOUT.into())),
        (None, None) => None,
    };
    Neighbour {
        ip: entry.ip.to_string(),
        hardware: entry.ha.clone(),
        flags: entry.flags.clone(),
        left,
        retries: u64::try_from(entry.retries).unwrap_or(0),
        waiting,
        changed,
    }
}

/// Everything about neighbours that differs between two kernels.
#[must_use]
pub fn changes(now: &Kernel, before: &Kernel) -> Vec<Change> {
    let (now, before) = (ArpTableView::of(now), ArpTableView::of(before));
    let text = |entry: &ArpView| {
        let hardware = if entry.resolved { entry.ha.clone() } else { format!("? ({} skb)", entry.waiting) };
        format!("{hardware} {}", entry.flags).trim().to_owned()
    };
    now.entries
        .iter()
        .filter_map(|entry| {
            let was = before.entries.iter().find(|old| old.ip == entry.ip && old.slot == entry.slot);
            (was.is_none_or(|was| differs(was, entry))).then(|| Change {
                name: format!("arp {}", entry.ip),
                old: was.map_or("—".to_owned(), text),
                new: text(entry),
            })
        })
        .collect()
}
