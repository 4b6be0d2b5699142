//! What 1.2.13 sent in a replay beside what the captured end sent.

/// A line: a frame of 1.2.13, of the captured end, or of both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReplayRow {
    /// Its place among all lines of the comparison, from 0.
    pub line: usize,
    /// Seconds since the first frame of the connection, at the place of capture.
    pub time: String,
    /// The number of the captured frame, the word for a ghost, or a dash.
    pub frame: String,
    /// The segment in one line.
    pub what: String,
    /// How the two relate, in words.
    pub how: String,
    /// The same in one sign, which the pane explains.
    pub sign: char,
    /// It shows a decision, and not what was decided in 1995.
    pub decides: bool,
    /// 1.2.13 has not come to it at this moment.
    pub ahead: bool,
}

/// The comparison around a moment; empty where nothing is replayed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replay {
    /// What has to be known of the whole replay: the verdict, then what was inferred, rewritten or held.
    pub notices: Vec<String>,
    /// The lines around this moment.
    pub rows: Vec<ReplayRow>,
    /// The row at which 1.2.13 is.
    pub now: usize,
    /// How many lines there are in all.
    pub lines: usize,
}
