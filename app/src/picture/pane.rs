//! The panes of the screen by name: what a picture has a part for and what a lesson can speak of.

use crate::i18n::Message;

/// A pane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pane {
    /// The way of this step through the layers.
    Path,
    /// The Rust that runs.
    Code,
    /// The call stack.
    Stack,
    /// The socket.
    Sock,
    /// The TCP state diagram.
    State,
    /// The queues.
    Queues,
    /// The ARP table.
    Arp,
    /// The sequence diagram.
    Ladder,
    /// The dissection of the frame.
    Frame,
    /// Its bytes.
    Bytes,
    /// The timers.
    Timers,
    /// The peer's socket.
    Peer,
    /// The lesson.
    Lesson,
}

impl Pane {
    /// The panes in the order of their keys.
    pub const NUMBERED: [Self; 10] = [
        Self::Code,
        Self::Sock,
        Self::State,
        Self::Ladder,
        Self::Queues,
        Self::Arp,
        Self::Frame,
        Self::Stack,
        Self::Timers,
        Self::Path,
    ];

    /// The digit that focuses it.
    #[must_use]
    pub fn digit(self) -> Option<char> {
        let place = Self::NUMBERED.iter().position(|pane| *pane == self)?;
        char::from_digit(u32::try_from((place + 1) % 10).ok()?, 10)
    }

    /// Its name.
    #[must_use]
    pub fn message(self) -> Message {
        match self {
            Self::Path => Message::PanePath,
            Self::Code => Message::PaneCode,
            Self::Stack => Message::PaneStack,
            Self::Sock | Self::Peer => Message::PaneSock,
            Self::State => Message::PaneState,
            Self::Queues => Message::PaneQueues,
            Self::Arp => Message::PaneArp,
            Self::Ladder => Message::PaneLadder,
            Self::Frame => Message::PaneFrame,
            Self::Bytes => Message::PaneBytes,
            Self::Timers => Message::PaneTimers,
            Self::Lesson => Message::Lesson,
        }
    }

    /// The place of this pane's own numbers (scroll, selection) in a table of all panes.
    #[must_use]
    pub fn index(self) -> usize {
        self as usize
    }
}
