//! An observed capture as a person walks through it: one timeline of all its TCP frames, one connection in focus, and the picture of
//! both its ends at the frame under the cursor.
//!
//! What is shown is an *analysis of the frames* ([`crate::capture::observe`]): nothing of 1.2.13 is called, and what no frame tells is
//! shown as unknown. Promise: a picture depends on the frame, the connection, the end and what was asked for alone, whichever way
//! the cursor came; no key waits longer than a slice of a long connection.
//!
//! | room | what is in it |
//! |---|---|
//! | [`travel`] | where the cursor goes |
//! | `focus` | the connection in focus, and the work of observing another one |
//! | `whole` | the picture of the frame under the cursor |
//! | `ladder`, `sock`, `sock_list`, `queues`, `plot`, `frame`, `listing` | its parts |
//! | `view` | what they are made of |
//!
//! # Limitations
//!
//! A frame of the connection in focus takes 64 octets beside the 16 of the index; other connections take nothing until they come
//! into focus. Ladder and plot show the frames around the cursor, and the list of socks the connections around the one in focus.

mod focus;
mod frame;
mod ladder;
mod listing;
mod plot;
mod queues;
mod sock;
mod sock_list;
pub mod travel;
mod view;
mod whole;

use std::collections::BTreeMap;
use std::time::Instant;

use self::focus::{Focused, Pending};
use crate::capture::index::flow::Flow;
use crate::capture::observe::seen::Side;
use crate::capture::observe::{Observation, Observed};
use crate::picture::Picture;
use crate::picture::sock_list::SockPlace;
use crate::session::PictureRequest;
use crate::session::captures::CaptureTable;
use crate::session::follow::Streamed;
use crate::session::motion::Direction;

/// An observed capture and the place in it.
pub struct ObservedSession {
    /// The table of its connections: the way back, and what was indexed.
    table: Box<CaptureTable>,
    /// The number of the frame under the cursor, which carries a segment or a part of one.
    at: usize,
    focused: Focused,
    /// The end that is looked at.
    side: Side,
    /// The connection that is to come into focus.
    pending: Option<Pending>,
    /// Frames by the letters of marks.
    marks: BTreeMap<char, usize>,
}

impl ObservedSession {
    /// Puts the connection of a number into focus and stands on its first frame; gives the table back where it has no such
    /// connection. The table is to be read to its end. [`ObservedSession::work`] does the observing.
    ///
    /// # Errors
    /// The table.
    pub fn new(table: Box<CaptureTable>, number: u32) -> Result<Self, Box<CaptureTable>> {
        let Some(flow) = flow_of(&table, number) else { return Err(table) };
        let index = table.index();
        let first = (1..=index.frames()).find(|frame| index.connection_of(*frame) == Some(number));
        let focused = Focused::nothing_of(flow);
        let pending = Some(Pending::new(index, flow));
        let at = first.unwrap_or(1);
        Ok(Self { focused, pending, at, side: Side::Client, marks: BTreeMap::new(), table })
    }

    /// The table, with its cursor on the connection in focus.
    #[must_use]
    pub fn into_table(self) -> Box<CaptureTable> {
        let mut table = self.table;
        table.select_number(self.focused.number);
        table
    }

    /// Observes on until `until` at most; says whether there is more to do.
    pub fn work(&mut self, until: Instant) -> bool {
        let Some(pending) = &mut self.pending else { return false };
        let (index, bytes) = (self.table.index(), self.table.bytes());
        let Some(flow) = flow_of(&self.table, pending.number()) else { return false };
        if pending.proceed(index, bytes, flow, until) {
            return true;
        }
        if let Some(done) = self.pending.take() {
            self.focused = done.focused(index);
        }
        false
    }

    /// How far the observing has come, in frames of the capture, and how many there are; none where nothing is under way.
    #[must_use]
    pub fn progress(&self) -> Option<(usize, usize)> {
        self.pending.as_ref().map(|pending| (pending.frames(), self.table.index().frames()))
    }

    /// Gives up observing another connection: the one in focus stays. Says whether there is one in focus.
    pub fn give_up(&mut self) -> bool {
        self.pending = None;
        self.focused.is_observed()
    }

    /// What is observed of the connection in focus.
    #[must_use]
    pub fn observation(&self) -> &Observation {
        &self.focused.observation
    }

    /// The number of the connection in focus.
    #[must_use]
    pub fn connection(&self) -> u32 {
        self.focused.number
    }

    /// The number of the frame under the cursor.
    #[must_use]
    pub fn frame(&self) -> usize {
        self.at
    }

    /// The end that is looked at.
    #[must_use]
    pub fn side(&self) -> Side {
        self.side
    }

    /// Looks at the other end.
    pub fn switch_side(&mut self) {
        self.side = self.side.other();
    }

    /// Puts an end of a connection into focus, at the same frame; says whether that is under way or done.
    pub fn choose(&mut self, place: SockPlace) -> bool {
        let side = if place.host == 0 { Side::Client } else { Side::Server };
        let is_there = self.focus_on(place.number);
        self.side = if is_there { side } else { self.side };
        is_there
    }

    /// Puts a connection into focus by its number, at the same frame; says whether there is such a one.
    fn focus_on(&mut self, number: u32) -> bool {
        let Some(flow) = flow_of(&self.table, number) else { return false };
        let is_here = number == self.focused.number && self.focused.is_observed();
        self.pending = (!is_here).then(|| Pending::new(self.table.index(), flow));
        true
    }

    /// Puts the next connection into focus, or the one before; says whether there is one.
    pub fn focus_beside(&mut self, direction: Direction) -> bool {
        let from = self.pending.as_ref().map_or(self.focused.number, Pending::number);
        let number = match direction {
            Direction::Forward => from.checked_add(1),
            Direction::Backward => from.checked_sub(1),
        };
        number.is_some_and(|number| self.focus_on(number))
    }

    /// Puts the connection of the frame under the cursor into focus.
    pub fn focus_here(&mut self) -> bool {
        self.table.index().connection_of(self.at).is_some_and(|number| self.focus_on(number))
    }

    /// What the frames of the connection in focus carry; what is later than the frame under the cursor lies ahead.
    #[must_use]
    pub fn stream(&self) -> Option<Streamed> {
        let (index, bytes) = (self.table.index(), self.table.bytes());
        let connection = index.read(bytes, flow_of(&self.table, self.focused.number)?);
        let now_ns = index.frame(bytes, self.at).map_or(u64::MAX, |frame| frame.time_ns);
        Some(Streamed { now_ns, start_ns: index.origin_ns(), ..Streamed::of_connection(&connection) })
    }

    /// Sets a mark on the frame under the cursor.
    pub fn set_mark(&mut self, letter: char) {
        self.marks.insert(letter, self.at);
    }

    /// The marks that are set, each with the number of its frame.
    #[must_use]
    pub fn marks(&self) -> Vec<(char, u64)> {
        self.marks.iter().map(|(letter, frame)| (*letter, long(*frame))).collect()
    }

    /// Moves to a mark; `false` where there is none of that letter.
    pub fn go_to_mark(&mut self, letter: char) -> bool {
        let frame = self.marks.get(&letter).copied();
        self.at = frame.unwrap_or(self.at);
        frame.is_some()
    }

    /// The picture of the frame under the cursor.
    #[must_use]
    pub fn picture(&self, request: PictureRequest) -> Picture {
        whole::picture(self, request)
    }

    /// The frame under the cursor, where it is one of the connection in focus.
    fn own_frame(&self) -> Option<&Observed> {
        let place = self.observation().passed(self.at).checked_sub(1)?;
        self.observation().frames().get(place).filter(|observed| observed.seen.frame == self.at)
    }
}

/// The connection of a number.
fn flow_of(table: &CaptureTable, number: u32) -> Option<&Flow> {
    let place = usize::try_from(number).ok()?.checked_sub(1)?;
    table.index().flows().get(place).filter(|flow| flow.number == number)
}

/// A count or number as pictures have it.
fn long(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
