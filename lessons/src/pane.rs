//! The panes of the screen that a lesson can speak of, by name.
//!
//! A lesson writes `pane = "queues"`; a screen has a table of its panes and finds the one with that name ([`Pane::name`]).
//! Promise: the two never disagree about an order or a number, for there is none; a name that no pane has is a problem of the
//! lesson, found by [`load`](crate::load()).

macro_rules! panes {
    ($($(#[$doc:meta])* $pane:ident $name:literal,)*) => {
        /// A pane of the screen, as a lesson names it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Pane {
            $($(#[$doc])* $pane,)*
        }

        impl Pane {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$pane,)*];

            /// The name by which lessons and screens know it: small letters, the same in every language.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$pane => $name,)*
                }
            }
        }
    };
}

panes! {
    /// The way of a step through the layers.
    Path "path",
    /// The Rust that runs.
    Code "code",
    /// The calls that are open.
    Stack "stack",
    /// A sock and its fields.
    Sock "sock",
    /// The diagram of TCP's states.
    State "state",
    /// The queues of a sock and of the host.
    Queues "queues",
    /// The ARP table.
    Arp "arp",
    /// The frames between the hosts.
    Ladder "ladder",
    /// The dissection of a frame.
    Frame "frame",
    /// The bytes of a frame.
    Bytes "bytes",
    /// The timers that run.
    Timers "timers",
}

impl Pane {
    /// The pane of a name; None where no pane has it.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|pane| pane.name() == name)
    }
}
