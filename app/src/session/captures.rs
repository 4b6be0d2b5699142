//! The table of connections of a capture as a person looks at it: which rows are shown and in which order, the one under the cursor,
//! and the way from a row to a session. The capture is read in slices ([`CaptureTable::work`]) while rows are shown already.
//! Promise: the cursor stays on its connection whatever is sorted or filtered; stopping the reading keeps what was found.

use std::time::{Duration, Instant};

use crate::capture::filter::Filter;
use crate::capture::index::column::{Column, Order};
use crate::capture::index::flow::Flow;
use crate::capture::index::{Index, Indexing};
use crate::capture::inject::inject_until;
use crate::capture::observe::Observation;
use crate::capture::source::Bytes;
use crate::i18n::{Lang, Message, Words};
use crate::refusal::Refusal;
use crate::session::Session;

/// Frames that are read between two looks at the clock.
const SLICE: usize = 2_000;
/// The least time between two arrangements of rows while the capture is being read.
const REARRANGE: Duration = Duration::from_millis(100);

/// One end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The end that asked for the connection.
    Client,
    /// The other one.
    Server,
}

/// The table.
pub struct CaptureTable {
    name: String,
    bytes: Bytes,
    indexing: Indexing,
    filter: Filter,
    typed: String,
    complaint: Option<Words<String>>,
    order: Order,
    /// Places in the index of the rows that are shown.
    rows: Vec<usize>,
    /// The row under the cursor.
    selected: usize,
    /// When the rows are to be arranged again.
    due: Instant,
    preview: Option<Preview>,
}

/// How the connection under the cursor begins.
struct Preview {
    /// The connection, how many of its frames were known, and how many were asked for.
    of: (u32, u64, usize),
    beginning: Observation,
}

impl CaptureTable {
    /// The table of the capture that `path` names (`-` is standard input) and whose bytes these are; nothing of it is read yet but
    /// its beginning, and nothing else need be unpacked.
    ///
    /// # Errors
    /// The bytes are not a capture.
    pub fn new(path: &str, mut bytes: Bytes) -> Result<Self, Refusal> {
        let indexing = Indexing::open(&mut bytes).map_err(|fault| fault.refusal(path))?;
        let file = std::path::Path::new(path).file_name().map_or(path.into(), |name| name.to_string_lossy());
        Ok(Self {
            name: file.into_owned(),
            bytes,
            indexing,
            filter: Filter::default(),
            typed: String::new(),
            complaint: None,
            order: Order::default(),
            rows: Vec::new(),
            selected: 0,
            due: Instant::now(),
            preview: None,
        })
    }

    /// The same with all of it read.
    ///
    /// # Errors
    /// The bytes are not a capture.
    pub fn read_whole(path: &str, bytes: Bytes) -> Result<Self, Refusal> {
        let mut table = Self::new(path, bytes)?;
        while table.indexing.go_on(&mut table.bytes, SLICE) {}
        table.arrange();
        Ok(table)
    }

    /// What has to be known of the file: where it is damaged, and what is in it that belongs to no connection.
    #[must_use]
    pub fn notices(&self) -> Vec<Words<String>> {
        let index = self.index();
        let list = |lang: Lang| {
            let kinds: Vec<String> =
                index.left_out(lang).iter().map(|(count, kind)| format!("{count} {kind}")).collect();
            Message::CapturesLeftOut.fill(lang, &[&kinds.join(" · ")])
        };
        let left_out = (!index.others().is_empty()).then(|| Words::new(list(Lang::En), list(Lang::Zh)));
        index.damage().map(|damage| damage.remark(&self.name)).into_iter().chain(left_out).collect()
    }

    /// The name of the file, as it is: whoever shows it makes it harmless.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The bytes of the file.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What has been found so far.
    #[must_use]
    pub fn index(&self) -> &Index {
        self.indexing.index()
    }

    /// How far the reading has come, in octets of the file, and how many there are; none where it has ended.
    #[must_use]
    pub fn progress(&self) -> Option<(u64, u64)> {
        self.indexing.is_running().then(|| self.bytes.progress(self.indexing.position()))
    }

    /// Reads on until `until` at most; says whether there is anything new to be seen.
    pub fn work(&mut self, until: Instant) -> bool {
        if !self.indexing.is_running() {
            return false;
        }
        while self.indexing.go_on(&mut self.bytes, SLICE) && Instant::now() < until {}
        if !self.indexing.is_running() || Instant::now() >= self.due {
            self.arrange();
        }
        true
    }

    /// Ends the reading where it is.
    pub fn stop(&mut self) {
        self.indexing.stop();
        self.arrange();
    }

    /// How many rows are shown.
    #[must_use]
    pub fn count(&self) -> usize {
        self.rows.len()
    }

    /// The connections of the rows from `first` on, `room` at most.
    pub fn shown(&self, first: usize, room: usize) -> impl Iterator<Item = &Flow> {
        let flows = self.index().flows();
        self.rows.iter().skip(first).take(room).filter_map(|place| flows.get(*place))
    }

    /// The row under the cursor.
    #[must_use]
    pub fn selected(&self) -> usize {
        self.selected
    }

    /// The connection under the cursor.
    #[must_use]
    pub fn flow(&self) -> Option<&Flow> {
        self.rows.get(self.selected).and_then(|place| self.index().flows().get(*place))
    }

    /// Reads how the connection under the cursor begins, unless that is known: `most` frames of it.
    pub fn read_beginning(&mut self, most: usize) {
        let index = self.indexing.index();
        let flow = self.rows.get(self.selected).and_then(|place| index.flows().get(*place)).filter(|_| most > 0);
        let of = flow.map(|flow| (flow.number, flow.frames().min(u64::try_from(most).unwrap_or(u64::MAX)), most));
        if self.preview.as_ref().map(|preview| preview.of) != of {
            self.preview = flow
                .zip(of)
                .map(|(flow, of)| Preview { of, beginning: Observation::beginning(index, &self.bytes, flow, most) });
        }
    }

    /// How the connection under the cursor begins, as far as [`CaptureTable::read_beginning`] was asked for it.
    #[must_use]
    pub fn beginning(&self) -> Option<&Observation> {
        self.preview.as_ref().map(|preview| &preview.beginning)
    }

    /// Puts the cursor on a row, the last one where there are not so many.
    pub fn select(&mut self, row: usize) {
        self.selected = row.min(self.rows.len().saturating_sub(1));
    }

    /// Puts the cursor on the connection of a number; says whether it is shown.
    pub fn select_number(&mut self, number: u32) -> bool {
        let place = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
        let row = self.rows.iter().position(|row| Some(*row) == place);
        self.selected = row.unwrap_or(self.selected);
        row.is_some()
    }

    /// The order of the rows.
    #[must_use]
    pub fn order(&self) -> Order {
        self.order
    }

    /// Orders by a column; by the one it is ordered by already, the other way round.
    pub fn sort_by(&mut self, column: Column) {
        let is_reversed = self.order.column == column && !self.order.is_reversed;
        self.set_order(Order { column, is_reversed });
    }

    /// Sets the order.
    pub fn set_order(&mut self, order: Order) {
        self.order = order;
        self.arrange();
    }

    /// The filter as it was typed.
    #[must_use]
    pub fn typed(&self) -> &str {
        &self.typed
    }

    /// What is wrong with what was typed; the rows are then those of the last filter that was right.
    #[must_use]
    pub fn complaint(&self) -> Option<&Words<String>> {
        self.complaint.as_ref()
    }

    /// Shows only what fits what was typed.
    pub fn filter(&mut self, typed: &str) {
        typed.clone_into(&mut self.typed);
        match Filter::read(typed) {
            Ok(filter) => {
                self.complaint = None;
                if filter != self.filter {
                    self.filter = filter;
                    self.arrange();
                }
            }
            Err(complaint) => self.complaint = Some(complaint),
        }
    }

    /// Chooses the rows and puts them into their order.
    fn arrange(&mut self) {
        let begun = Instant::now();
        let on = self.rows.get(self.selected).copied();
        let index = self.indexing.index();
        let (flows, origin) = (index.flows(), index.origin_ns());
        self.rows.clear();
        let fitting = flows.iter().enumerate().filter(|(_, flow)| self.filter.holds(flow, origin));
        self.rows.extend(fitting.map(|(place, _)| place));
        if self.order != Order::default() {
            let order = self.order;
            self.rows.sort_unstable_by(|a, b| match (flows.get(*a), flows.get(*b)) {
                (Some(a), Some(b)) => order.compare(a, b),
                _ => a.cmp(b),
            });
        }
        let row = on.and_then(|on| self.rows.iter().position(|place| *place == on));
        self.selected = row.unwrap_or(0);
        // Of the time while the capture is read at most a tenth goes into arranging.
        self.due = begun + REARRANGE.max(begun.elapsed() * 10);
    }

    /// 1.2.13 in the place of one end of the connection under the cursor, as a session; none where there is no connection.
    ///
    /// # Errors
    /// Why 1.2.13 cannot take part in it.
    pub fn replay(&self, end: End) -> Option<Result<Session, Refusal>> {
        let flow = self.flow()?;
        let own = match end {
            End::Client => flow.client,
            End::Server => flow.server,
        };
        let index = self.index();
        Some(
            inject_until(&index.of_bytes(&self.bytes), &index.read(&self.bytes, flow), own, index.last_ns())
                .map(|outcome| Session::of_replay(outcome).with_notices(self.notices())),
        )
    }
}
