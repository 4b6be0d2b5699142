//! The panes by name: what a picture has a part for, what a lesson can speak of, and what an export can be asked for.
//!
//! Only the identity lives here, below every screen. How a pane is called, drawn, moved in and where it stands is one row of
//! `app/src/tui/panes.rs`, where "To add a pane" tells what else is to be done. Promise: a name that no pane has is a problem of
//! the lesson, found by [`load`](crate::load()).

/// Declares [`Pane`]: each variant with the name that lessons, exports and the palette use.
macro_rules! panes {
    ($($(#[$doc:meta])* $pane:ident $id:literal;)*) => {
        /// A pane.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Pane {
            $($(#[$doc])* $pane,)*
        }

        impl Pane {
            /// Every pane, in the order of the table of `tui/panes.rs`: those with a digit first.
            pub const ALL: &'static [Self] = &[$(Self::$pane),*];

            /// Its name in lessons, on the command line and (after `pane-`) in the palette: lower case, never translated.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self {
                    $(Self::$pane => $id,)*
                }
            }
        }
    };
}

panes! {
    /// The Rust that runs.
    Code "code";
    /// The sock under focus, field by field.
    Sock "sock";
    /// The TCP state diagram.
    State "state";
    /// The sequence diagram.
    Ladder "ladder";
    /// The queues of the sock and of the host.
    Queues "queues";
    /// The ARP table.
    Arp "arp";
    /// The dissection of the frame.
    Frame "frame";
    /// The call stack.
    Stack "stack";
    /// The timers.
    Timers "timers";
    /// The way of this step through the layers.
    Path "path";
    /// The bytes of the frame.
    Bytes "bytes";
    /// The sock of the other host.
    Peer "peer";
    /// The branches of the session.
    Branches "branches";
    /// The stops of the session.
    Stops "stops";
    /// The open lesson.
    Lesson "lesson";
    /// The registers, the flags and the bottom halves.
    Cpu "cpu";
    /// The tables of functions and the port tables.
    Tables "tables";
    /// The processes of all hosts.
    Processes "processes";
    /// The list of all socks.
    Socks "socks";
    /// The connection against time.
    Plot "plot";
    /// The call tree of the turn.
    Outline "outline";
    /// What a replay sends beside what was captured.
    Capture "capture";
}

impl Pane {
    /// The pane of a name that [`Pane::id`] gives.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|pane| pane.id() == id)
    }

    /// Whether a lesson can name it: the lesson's own pane shows itself, that of the other host's sock only large screens have,
    /// and the branches, the stops and the capture are the learner's own.
    #[must_use]
    pub const fn is_for_lessons(self) -> bool {
        !matches!(self, Self::Lesson | Self::Peer | Self::Branches | Self::Stops | Self::Capture)
    }

    /// Its place in [`Pane::ALL`], and so in every table with one entry per pane.
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }
}

/// The two panes of a lesson that a small screen has room for, left and right: each has a side of its own, the first, third and
/// fifth the left one, so that none ever moves. The one that is called stands there, and beside it the first of the other side; one
/// that is not of the lesson stands on the left. None where a lesson has fewer than two.
#[must_use]
pub fn pair(panes: &[Pane], called: Pane) -> Option<[Pane; 2]> {
    let [left, right, ..] = panes else { return None };
    match panes.iter().position(|pane| *pane == called) {
        Some(place) if place % 2 == 1 => Some([*left, called]),
        Some(_) | None => Some([called, *right]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pane_is_found_by_its_own_name() {
        for pane in Pane::ALL {
            assert_eq!(Pane::from_id(pane.id()), Some(*pane));
        }
        assert_eq!(Pane::from_id("Code"), None);
    }
}
