//! What the parts of a picture are made of: the frame under the cursor, both ends around it, and how numbers and names are shown.

use stack::include::seq::Seq;

use super::ObservedSession;
use crate::capture::observe::Observed;
use crate::capture::observe::end::End;
use crate::capture::observe::ends::Ends;
use crate::capture::observe::seen::Side;
use crate::i18n::{Lang, Words};
use crate::session::PictureRequest;

/// What the parts of a picture are made of.
pub(super) struct View<'a> {
    pub(super) session: &'a ObservedSession,
    pub(super) lang: Lang,
    pub(super) relative: bool,
    /// How many frames of the connection have passed, the one under the cursor with them.
    pub(super) passed: usize,
    /// The frame under the cursor, where it is one of the connection.
    pub(super) own: Option<&'a Observed>,
    /// Both ends after the frame under the cursor, and before it.
    pub(super) now: Ends,
    pub(super) before: Ends,
}

impl<'a> View<'a> {
    pub(super) fn of(session: &'a ObservedSession, request: PictureRequest) -> Self {
        let observation = session.observation();
        let passed = observation.passed(session.at);
        let own = session.own_frame();
        let now = observation.at(passed);
        // A frame of another connection changes nothing here.
        let before = if own.is_some() { observation.at(passed.saturating_sub(1)) } else { now.clone() };
        Self { session, lang: request.lang, relative: request.relative, passed, own, now, before }
    }

    /// A sequence number of an end as it is shown: counted from its first, or as it stands in headers.
    pub(super) fn number(&self, number: Seq, of: Side) -> u32 {
        let origin = self.last(of).origin().filter(|_| self.relative);
        origin.map_or(number.0, |origin| number.since(origin))
    }

    /// An end after its last frame.
    pub(super) fn last(&self, side: Side) -> &'a End {
        self.session.focused.last.both.of(side)
    }

    /// Microseconds since the first frame of the capture.
    pub(super) fn microseconds(&self, time_ns: u64) -> u64 {
        time_ns.saturating_sub(self.session.table.index().origin_ns()) / 1_000
    }

    /// The name of an end in the language of the screen.
    pub(super) fn name(&self, side: Side) -> &'static str {
        name(side, self.lang)
    }
}

/// The name of an end.
pub(super) fn name(side: Side, lang: Lang) -> &'static str {
    match side {
        Side::Client => Words::new("client", "客户端"),
        Side::Server => Words::new("server", "服务器"),
    }
    .text(lang)
}

/// The place of an end among the hosts of a picture.
pub(super) fn place(side: Side) -> usize {
    match side {
        Side::Client => 0,
        Side::Server => 1,
    }
}
