//! The queues of a host and of the socket under focus, and the timers that run.

use stack::Kernel;
use stack::include::sock::SockId;
use stack::view::queue::QueueView;
use stack::view::timer::TimerView;

use crate::picture::ladder::brief;
use crate::picture::{Queue, Queues, Skb, Timer};
use stack::wire::FrameSummary;

/// The queues, what changed since `before` marked.
#[must_use]
pub fn queues(now: &Kernel, before: &Kernel, focus: Option<SockId>) -> Queues {
    let old = views(before, focus);
    let rows = views(now, focus)
        .iter()
        .map(|view| {
            let was = old.iter().find(|old| old.name == view.name);
            let numbers = |view: &QueueView| view.skbs.iter().map(|skb| skb.number).collect::<Vec<_>>();
            queue(now, view, was.map_or(!view.skbs.is_empty(), |was| numbers(was) != numbers(view)))
        })
        .collect();
    let sock = focus.and_then(|sk| now.sock.get(sk)).filter(|_| focus.is_some());
    Queues {
        rows,
        in_flight: sock.map(|sock| (u64::from(sock.packets_out), u64::from(sock.cong_window))),
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

fn queue(kernel: &Kernel, view: &QueueView, changed: bool) -> Queue {
    let skbs = view.skbs.iter().map(|skb| {
        let data = kernel.skb.iter().find(|(id, _)| id.serial() == skb.number).map(|(_, buffer)| &buffer.data);
        Skb {
            name: format!("skb@{}", skb.number),
            label: data.map_or(String::new(), |data| brief(&FrameSummary::of(data))),
            length: usize::try_from(skb.mem_len).unwrap_or(0),
        }
    });
    Queue { name: view.name.to_owned(), note: String::new(), skbs: skbs.collect(), changed }
}

/// The timers that run on a host, what was set since `before` marked. A sock is named with its host.
#[must_use]
pub fn timers(now: &Kernel, before: &Kernel, host: &str) -> Vec<Timer> {
    let old = TimerView::all(before);
    TimerView::all(now)
        .into_iter()
        .map(|timer| {
            let known = old
                .iter()
                .any(|old| (old.function, &old.owner, old.expires) == (timer.function, &timer.owner, timer.expires));
            Timer {
                function: timer.function.to_owned(),
                owner: format!("{} {}", owner(&timer, host), timer.reason).trim().to_owned(),
                left: timer.left.into(),
                span: None,
                changed: !known,
            }
        })
        .collect()
}

/// Whose a timer is: of a sock with the name of its host in front.
fn owner(timer: &TimerView, host: &str) -> String {
    if timer.owner.starts_with("sk#") { format!("{host}/{}", timer.owner) } else { timer.owner.clone() }
}
