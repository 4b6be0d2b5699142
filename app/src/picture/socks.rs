//! The sockets of a host and the place of one of them in the state diagram.

use stack::Kernel;
use stack::include::tcp::TcpState;
use stack::view::sock::{self, SockView};

use crate::i18n::{Lang, Message};
use crate::picture::{Change, Field, Sock, State};

/// What a field of a sock is about: the sock is shown group by group, in this order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum FieldGroup {
    /// Who it is: transport, states, addresses and ports.
    Who,
    /// What is sent, and what of it is acknowledged.
    Send,
    /// What has come, and what of it is read.
    Receive,
    /// The windows of both sides and the congestion window.
    Window,
    /// Round-trip time, timeouts and timers.
    Time,
    /// Memory of buffers and its limits.
    Memory,
    /// Flags and options of the user.
    #[default]
    Flags,
}

/// The fields of each group; those that stand in none are flags and options.
const GROUPS: &[(FieldGroup, &[&str])] = &[
    (FieldGroup::Who, &["prot", "state", "socket_state", "num", "saddr", "dest", "daddr", "parent"]),
    (
        FieldGroup::Send,
        &["write_seq", "sent_seq", "rcv_ack_seq", "packets_out", "write_queue", "send_queue", "partial", "mtu", "mss"],
    ),
    (
        FieldGroup::Receive,
        &[
            "acked_seq",
            "copied_seq",
            "fin_seq",
            "urg_seq",
            "urg_data",
            "bytes_rcv",
            "ack_backlog",
            "max_ack_backlog",
            "receive_queue",
            "back_log",
        ],
    ),
    (
        FieldGroup::Window,
        &["window_seq", "window", "max_window", "window_clamp", "cong_window", "cong_count", "ssthresh"],
    ),
    (FieldGroup::Time, &["retransmits", "rtt", "mdev", "rto", "backoff", "ip_xmit_timeout", "timeout", "lingertime"]),
    (FieldGroup::Memory, &["wmem_alloc", "rmem_alloc", "sndbuf", "rcvbuf"]),
];

impl FieldGroup {
    /// The group of a field, by its name.
    #[must_use]
    pub fn of(name: &str) -> Self {
        GROUPS.iter().find(|(_, names)| names.contains(&name)).map_or(Self::Flags, |(group, _)| *group)
    }

    /// Its heading.
    #[must_use]
    pub fn heading(self) -> Message {
        match self {
            Self::Who => Message::GroupWho,
            Self::Send => Message::GroupSend,
            Self::Receive => Message::GroupReceive,
            Self::Window => Message::GroupWindow,
            Self::Time => Message::GroupTime,
            Self::Memory => Message::GroupMemory,
            Self::Flags => Message::GroupFlags,
        }
    }
}

/// Fields whose values need a row of their own.
const WIDE: &[&str] = &["state", "socket_state", "saddr", "daddr", "ip_xmit_timeout"];

/// The sockets of a kernel, the one under focus first, what changed since `before` marked.
#[must_use]
pub fn socks(now: &Kernel, before: &Kernel, host: &str, focus: Option<u32>, lang: Lang) -> Vec<Sock> {
    ordered(now, focus).iter().map(|view| sock(view, find(before, view.number).as_ref(), host, lang)).collect()
}

fn ordered(kernel: &Kernel, focus: Option<u32>) -> Vec<SockView> {
    let mut views = SockView::all(kernel);
    views.sort_by_key(|view| (Some(view.number) != focus, view.prot != "TCP", std::cmp::Reverse(view.number)));
    views
}

/// The socket to look at where no call speaks of one: the latest TCP socket, else the latest of all.
#[must_use]
pub fn likely(kernel: &Kernel) -> Option<u32> {
    ordered(kernel, None).first().map(|view| view.number)
}

fn find(kernel: &Kernel, number: u32) -> Option<SockView> {
    stack::view::sock::by_number(kernel, number).and_then(|sk| SockView::of(kernel, sk))
}

fn sock(view: &SockView, before: Option<&SockView>, host: &str, lang: Lang) -> Sock {
    let fields = view.fields().into_iter().skip(1).map(|(name, value)| {
        let old = before.and_then(|before| before.field(name)).filter(|old| *old != value);
        Field {
            name: name.to_owned(),
            value: value.to_string(),
            old: old.map(|old| old.to_string()),
            wide: WIDE.contains(&name),
            group: FieldGroup::of(name),
            meaning: SockView::explain(name).map_or("", |words| words.text(lang)),
        }
    });
    let mut fields: Vec<Field> = fields.collect();
    // Group by group, in each the wide ones first: so that walking down them is walking down the pane.
    fields.sort_by_key(|field| (field.group, !field.wide));
    Sock { name: sock::name(host, view.number), fields }
}

/// Everything about sockets that differs between two kernels.
#[must_use]
pub fn changes(now: &Kernel, before: &Kernel, host: &str) -> Vec<Change> {
    let mut changes = Vec::new();
    for view in SockView::all(now) {
        match find(before, view.number) {
            None => changes.push(Change {
                name: sock::name(host, view.number),
                old: "—".to_owned(),
                new: format!("{} TCP_{}", view.prot, view.state.name()),
            }),
            Some(old) => {
                for name in view.changed(&old) {
                    let (was, is) = (old.field(name), view.field(name));
                    if let (Some(was), Some(is)) = (was, is) {
                        changes.push(Change {
                            name: format!("{}.{name}", sock::name(host, view.number)),
                            old: was.to_string(),
                            new: is.to_string(),
                        });
                    }
                }
            }
        }
    }
    for view in SockView::all(before) {
        if find(now, view.number).is_none() {
            changes.push(Change {
                name: sock::name(host, view.number),
                old: format!("TCP_{}", view.state.name()),
                new: "—".to_owned(),
            });
        }
    }
    // A change of state is the news; it stands first.
    changes.sort_by_key(|change| !change.name.ends_with(".state"));
    changes
}

/// The place of the socket under focus in the state diagram.
#[must_use]
pub fn state(now: &Kernel, before: &Kernel, host: &str, focus: Option<u32>) -> State {
    let Some(view) = ordered(now, focus).into_iter().next().filter(|view| view.prot == "TCP") else {
        return State::default();
    };
    let from = find(before, view.number).map(|old| old.state).filter(|old| *old != view.state);
    State {
        sock: sock::name(host, view.number),
        now: (view.state != TcpState::None).then_some(view.state),
        from,
        ..State::default()
    }
}

/// The TCP sockets of a host with their states, without the one under focus.
pub fn others<'a>(kernel: &Kernel, host: &'a str, not: Option<u32>) -> impl Iterator<Item = (String, TcpState)> + 'a {
    SockView::all(kernel)
        .into_iter()
        .filter(move |view| view.prot == "TCP" && Some(view.number) != not && view.state != TcpState::None)
        .map(move |view| (sock::name(host, view.number), view.state))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_a_group_is_a_field() {
        for name in GROUPS.iter().flat_map(|(_, names)| names.iter()) {
            assert!(SockView::FIELDS.contains(name), "{name}");
        }
    }
}
