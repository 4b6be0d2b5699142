//! The table of connections of a capture, line by line: its rows in sentences, and the choice of one and of an end of it.

use std::io;

use super::Plain;
use crate::capture::index::column::{Column, oddities};
use crate::capture::index::flow::Flow;
use crate::i18n::{Lang, Message};
use crate::refusal::nearest;
use crate::session::captures::{CaptureTable, End};
use crate::tui::pane::captures::sentences;
use crate::tui::pane::side::Choice;

/// The most rows that are read out at once.
const MOST: usize = 20;

impl Plain<'_> {
    pub(super) fn is_table(&self) -> bool {
        self.app.table().is_some()
    }

    /// Reads out what is in the capture: how much, then the first rows.
    pub(super) fn tell_table(&mut self) -> io::Result<()> {
        let lang = self.lang();
        let Some(table) = self.app.table() else { return Ok(()) };
        let told = told(table, lang);
        told.iter().try_for_each(|line| self.tell(line))
    }

    /// Reads out the row that is chosen.
    pub(super) fn tell_connection(&mut self) -> io::Result<()> {
        let lang = self.lang();
        let Some(flow) = self.app.table().and_then(CaptureTable::flow) else { return self.tell_table() };
        let mut lines = vec![row(flow, lang)];
        lines.extend(sentences(flow, lang));
        lines.iter().try_for_each(|line| self.tell(line))
    }

    /// Opens a connection by its number: observed where that stands behind it, else with 1.2.13 in the place of the end that is named,
    /// the server where none is.
    pub(super) fn open_connection(&mut self, what: &str) -> io::Result<()> {
        let (number, end) = what.split_once(char::is_whitespace).unwrap_or((what, ""));
        let Some(number) = number.parse().ok() else { return self.tell_table() };
        let choice = match end.trim() {
            "" => Choice::Play(End::Server),
            named => match nearest(named, ["client", "server", "observe"]) {
                Some("client") => Choice::Play(End::Client),
                Some("observe") => Choice::Observe,
                Some(_) => Choice::Play(End::Server),
                None => return self.say(Message::PlainSides, &[named]),
            },
        };
        let is_there = self.app.open_connection(number, choice);
        self.settle();
        if !is_there {
            return self.say(Message::PlainNoConnection, &[what]);
        }
        if let Some(message) = self.message() {
            self.tell(&message)?;
        }
        // Where it could not be opened the table stays.
        if self.is_table() { Ok(()) } else { self.tell_where() }
    }
}

fn told(table: &CaptureTable, lang: Lang) -> Vec<String> {
    let index = table.index();
    let (frames, connections) = (index.frames().to_string(), index.flows().len().to_string());
    let mut told = vec![format!("{}: {}", table.name(), Message::CapturesCounts.fill(lang, &[&frames, &connections]))];
    if let Some(damage) = index.damage() {
        told.push(damage.remark(table.name()).into_text(lang));
    }
    if let Some(complaint) = table.complaint() {
        told.push(complaint.text(lang).to_owned());
    }
    told.extend(table.shown(0, MOST).map(|flow| row(flow, lang)));
    let more = table.count().saturating_sub(MOST);
    if more > 0 {
        told.push(Message::PlainMoreRows.fill(lang, &[&more.to_string()]));
    }
    if index.flows().is_empty() {
        told.push(Message::CapturesNone.text(lang).to_owned());
    } else if table.count() == 0 {
        told.push(Message::PlainNoneFits.text(lang).to_owned());
    }
    for (kind, count) in index.others() {
        told.push(Message::CapturesLeftOut.fill(lang, &[&format!("{count} {}", kind.words().text(lang))]));
    }
    told.push(Message::PlainTable.text(lang).to_owned());
    told
}

/// A connection in one line.
fn row(flow: &Flow, lang: Lang) -> String {
    let text = |column: Column| column.text(flow, 0, false, lang);
    let counts =
        Message::PlainConnection.fill(lang, &[&text(Column::Frames), &text(Column::Bytes), &text(Column::Duration)]);
    let mut line = format!("{}. {} -> {}: {counts}", flow.number, flow.client, flow.server);
    for part in [text(Column::Began), text(Column::Ended)].into_iter().chain(oddities(flow, lang)) {
        line.push_str(", ");
        line.push_str(&part);
    }
    line
}
