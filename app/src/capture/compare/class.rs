//! The differences that every conversation of 1.2.13 with a stack of today shows, whatever is said in it: they were decided
//! in 1995 and not in this connection. Promise: each class names the entries of `sockscope differences` that tell of it, and
//! a test looks each of them up.

use stack::lab::differences::{Difference, differences};

use crate::i18n::Words;

/// A kind of difference by design.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// The window of a SYN.
    FirstWindow,
    /// The window offered later.
    Window,
    /// TCP options other than the largest segment.
    Options,
    /// The largest segment that is asked for.
    SegmentSize,
    /// Which segments are acknowledged, and how soon.
    Acknowledgements,
    /// Acknowledgements that only tell of a larger window.
    WindowUpdates,
    /// The same new data in other segments.
    Boundaries,
    /// The FIN rides on data or alone.
    SeparateFin,
    /// Where a push is set.
    Push,
}

/// An entry of `sockscope differences`: the function, and the first scene that shows it.
pub type EntryName = (&'static str, &'static str);

impl Class {
    /// All classes, in the order in which they are told.
    pub const ALL: [Self; 9] = [
        Self::FirstWindow,
        Self::Window,
        Self::Options,
        Self::SegmentSize,
        Self::Acknowledgements,
        Self::WindowUpdates,
        Self::Boundaries,
        Self::SeparateFin,
        Self::Push,
    ];

    /// The word by which JSON names it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::FirstWindow => "first window",
            Self::Window => "window",
            Self::Options => "options",
            Self::SegmentSize => "segment size",
            Self::Acknowledgements => "acknowledgements",
            Self::WindowUpdates => "window updates",
            Self::Boundaries => "boundaries",
            Self::SeparateFin => "separate fin",
            Self::Push => "push",
        }
    }

    /// What 1.2.13 does, as one sentence.
    #[must_use]
    pub fn words(self) -> Words {
        match self {
            Self::FirstWindow => Words::new("its SYN offers a window of 512.", "它的 SYN 通告的窗口是 512。"),
            Self::Window => {
                Words::new("it offers other windows, never more than 14335.", "它通告的窗口不同，最大 14335。")
            }
            Self::Options => Words::new(
                "of the TCP options it sends only the MSS: no window scale, SACK or timestamps.",
                "TCP 选项只发送 MSS：没有窗口扩大、SACK 和时间戳。",
            ),
            Self::SegmentSize => Words::new(
                "it asks for smaller segments: 64 octets are set aside for headers.",
                "它要求的报文段较小：为首部留出 64 字节。",
            ),
            Self::Acknowledgements => Words::new(
                "it acknowledges every segment at once, without delayed ACKs.",
                "它立即确认每一个报文段，没有延迟确认。",
            ),
            Self::WindowUpdates => {
                Words::new("it tells of its window after almost every read.", "几乎每次读取之后，它都发送窗口更新。")
            }
            Self::Boundaries => Words::new(
                "it sends the same octets in other segments: of other sizes, and never split for a small window.",
                "同样的字节，它分成不同的报文段发送：大小不同，也从不为小窗口拆分。",
            ),
            Self::SeparateFin => Words::new(
                "its FIN is a segment of its own, never on data.",
                "它的 FIN 总是单独一个报文段，不随数据发送。",
            ),
            Self::Push => {
                Words::new("it sets PSH at the end of a write and nowhere else.", "它只在一次写入的末尾设置 PSH。")
            }
        }
    }

    /// The entries of `sockscope differences` that tell of it, for the end that 1.2.13 plays.
    #[must_use]
    pub fn entries(self, is_client: bool) -> &'static [EntryName] {
        match (self, is_client) {
            (Self::FirstWindow, _) => &[("tcp_connect", "active_open/plain")],
            (Self::Window, _) => &[("sock_rspace", "kept/largest_window")],
            (Self::Options, _) => &[("tcp_options", "kept/later_options")],
            (Self::SegmentSize, true) => &[("tcp_connect_mtu", "active_open/local")],
            (Self::SegmentSize, false) => &[("tcp_conn_request_mtu", "data/loss_one")],
            (Self::Acknowledgements, _) => &[("tcp_data", "data/inorder_burst")],
            (Self::WindowUpdates, _) => &[("cleanup_rbuf", "data/fill_rcvbuf")],
            (Self::Boundaries, true) => {
                &[("tcp_connect_mtu", "active_open/local"), ("tcp_write_xmit", "data/small_window_write")]
            }
            (Self::Boundaries, false) => {
                &[("tcp_conn_request_mtu", "data/loss_one"), ("tcp_write_xmit", "data/small_window_write")]
            }
            (Self::SeparateFin, _) => &[("tcp_send_fin", "back_log/close_rst")],
            (Self::Push, _) => &[("tcp_build_header", "data/segmentation_psh")],
        }
    }

    /// The entries themselves.
    #[must_use]
    pub fn differences(self, is_client: bool) -> Vec<Difference> {
        let named = |(function, scene): &EntryName, one: &Difference| {
            one.function == *function && one.scenes.first().is_some_and(|first| first == scene)
        };
        let names = self.entries(is_client);
        differences().into_iter().filter(|one| names.iter().any(|name| named(name, one))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_is_told_by_entries_that_exist() {
        for class in Class::ALL {
            for is_client in [true, false] {
                let names = class.entries(is_client);
                assert!(!names.is_empty(), "{class:?}");
                assert_eq!(class.differences(is_client).len(), names.len(), "{class:?} names what is not in the list");
            }
        }
    }
}
