//! Laying what the stack sent beside what the capture has: which frames are the same, which come earlier or later, which
//! are extra or missing, and which of the differences were decided in 1995 ([`class`]) and which in this connection.
//! Frames are matched by what they say (new data, data again, an acknowledgement, a probe, a reset), never by their
//! ordinal among all.
//!
//! Promise: every frame of both sides appears exactly once (what the stack sends behind the end of the capture only where
//! it has a partner), the same input gives the same output, and the work grows no faster than n log n.

pub mod class;
pub mod statement;

use stack::wire::tcp;
use stack::wire::tcp_options::{TcpOption, TcpOptions};

use self::class::Class;
use self::statement::{Kind, News, Side, Statement};
use super::inject::ghost::is_ghost;
use super::segment::Segment;
use super::stream::after;

/// Times closer than this are the same time: two ticks of the 1.2.13 clock.
pub const SAME_TIME_NS: u64 = 20_000_000;

/// How a frame of one side relates to the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// Both have it, at the same time and with the same fields.
    Same,
    /// 1.2.13 sends it, or the last octet of it, this much earlier (nanoseconds).
    Earlier(u64),
    /// 1.2.13 sends it, or the last octet of it, this much later (nanoseconds).
    Later(u64),
    /// Both send this new data at the same time, cut into other segments.
    SplitDifferently,
    /// Only 1.2.13 sends it.
    Extra,
    /// Only the capture has it.
    Missing,
    /// Both have it at the same time, but fields differ.
    Differs,
}

impl Relation {
    /// The word by which verdict and JSON name it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Earlier(_) => "earlier",
            Self::Later(_) => "later",
            Self::SplitDifferently => "split differently",
            Self::Extra => "extra",
            Self::Missing => "missing",
            Self::Differs => "differs",
        }
    }
}

/// One field that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldDifference {
    /// The field as in the C struct.
    pub field: &'static str,
    /// What 1.2.13 puts there.
    pub stack: String,
    /// What the capture has there.
    pub capture: String,
    /// The class, where it was decided in 1995.
    pub class: Option<Class>,
}

/// One line of the comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aligned {
    /// Place among the frames that the stack sent.
    pub stack: Option<usize>,
    /// Place among the captured frames of that side.
    pub capture: Option<usize>,
    /// How they relate.
    pub relation: Relation,
    /// The fields that differ.
    pub fields: Vec<FieldDifference>,
    /// The class to which the relation itself belongs; those of the fields stand with them.
    pub class: Option<Class>,
    /// Something differs that is of no class: a decision.
    pub decides: bool,
    /// What the segment of the stack, or where it sends none the captured one, is there for.
    pub statement: Statement,
}

impl Aligned {
    /// The classes of everything that differs here, each once.
    #[must_use]
    pub fn classes(&self) -> Vec<Class> {
        let mut classes: Vec<Class> = self.fields.iter().filter_map(|field| field.class).chain(self.class).collect();
        classes.sort_unstable();
        classes.dedup();
        classes
    }

    fn lone(relation: Relation, class: Option<Class>, statement: Statement) -> Self {
        let decides = class.is_none();
        Self { stack: None, capture: None, relation, fields: Vec::new(), class, decides, statement }
    }
}

/// What makes two segments the same statement.
type Key = (Kind, u32, u32, u8);
/// Segments of one key.
type Group = Vec<(Key, usize)>;
/// The same of both sides.
type Groups<'a> = (&'a [(Key, usize)], &'a [(Key, usize)]);

fn key(segment: &Segment, statement: Statement) -> Key {
    match statement.kind {
        Kind::New | Kind::Again if segment.length > 0 => (statement.kind, segment.seq, segment.length, 0),
        Kind::New | Kind::Again => (statement.kind, segment.seq, 0, segment.flags & (tcp::SYN | tcp::FIN)),
        Kind::Acknowledgement => (statement.kind, segment.ack, 0, 0),
        Kind::Probe => (statement.kind, segment.seq, 0, 0),
        Kind::Reset => (statement.kind, segment.seq, segment.ack, segment.flags),
    }
}

/// Compares the two sides up to the end of the capture (nanoseconds since 1970). Both lists are in the order of sending; `behind`
/// has the times, from and to, in which the peer had to wait for the stack's window.
#[must_use]
pub fn align(stack: &[Segment], capture: &[Segment], end_ns: u64, behind: &[(u64, u64)]) -> Vec<Aligned> {
    let is_behind = |time_ns: u64| {
        let place = behind.partition_point(|(_, to)| to.saturating_add(SAME_TIME_NS) < time_ns);
        behind.get(place).is_some_and(|(from, _)| *from <= time_ns)
    };
    let (ours, theirs) = (Side::new(stack), Side::new(capture));
    let pairs = Pairs::new(&ours, &theirs);
    let mut lines = Vec::with_capacity(stack.len().max(capture.len()));
    for (place, segment) in stack.iter().enumerate() {
        let partner = pairs.of_stack.get(place).copied().flatten();
        let captured = partner.and_then(|partner| capture.get(partner));
        if captured.is_none() && segment.time_ns > end_ns {
            continue;
        }
        let Some(statement) = ours.statements.get(place).copied() else { continue };
        let line = match captured {
            Some(captured) => pair(&ours, (segment, statement), captured, is_behind),
            None => extra(&theirs, segment, statement, is_behind),
        };
        lines.push(Aligned { stack: Some(place), capture: partner, ..line });
    }
    for (place, (segment, statement)) in capture.iter().zip(&theirs.statements).enumerate() {
        if pairs.of_capture.get(place).copied().flatten().is_none() {
            lines.push(Aligned { capture: Some(place), ..missing(&ours, segment, *statement, is_behind) });
        }
    }
    let time = |line: &Aligned| {
        let of =
            |segments: &[Segment], place: Option<usize>| place.and_then(|place| segments.get(place)).map(|s| s.time_ns);
        of(stack, line.stack).or_else(|| of(capture, line.capture)).unwrap_or(0)
    };
    lines.sort_by_key(time);
    lines
}

/// Who belongs to whom.
struct Pairs {
    of_stack: Vec<Option<usize>>,
    of_capture: Vec<Option<usize>>,
}

/// The places of a side's segments with their keys, ordered by key, and within a key by time.
fn by_key(side: &Side<'_>) -> Vec<(Key, usize)> {
    let statements = side.segments.iter().zip(&side.statements).enumerate();
    let mut keys: Vec<(Key, usize)> =
        statements.map(|(place, (segment, statement))| (key(segment, *statement), place)).collect();
    keys.sort_unstable();
    keys
}

/// The first group of one key, and what lies behind it.
fn split_group(keys: &[(Key, usize)], key: Key) -> (&[(Key, usize)], &[(Key, usize)]) {
    keys.split_at(keys.iter().take_while(|(other, _)| *other == key).count())
}

impl Pairs {
    /// Pairs the n-th of a key on one side with the n-th of the same key on the other. What is sent again and again, by a
    /// timer or as an answer, is first paired where the times are the same.
    fn new(ours: &Side<'_>, theirs: &Side<'_>) -> Self {
        let mut pairs =
            Self { of_stack: vec![None; ours.segments.len()], of_capture: vec![None; theirs.segments.len()] };
        let (ordered, captured) = (by_key(ours), by_key(theirs));
        let (mut mine, mut captured) = (&ordered[..], &captured[..]);
        while let (Some((here, _)), Some((there, _))) = (mine.first(), captured.first()) {
            let first = (*here).min(*there);
            let (my_group, my_rest) = split_group(mine, first);
            let (captured_group, captured_rest) = split_group(captured, first);
            pairs.group(ours, theirs, first.0, (my_group, captured_group));
            (mine, captured) = (my_rest, captured_rest);
        }
        pairs
    }

    /// Pairs the segments of one key.
    fn group(&mut self, ours: &Side<'_>, theirs: &Side<'_>, kind: Kind, groups: Groups<'_>) {
        let in_turn = |pairs: &mut Self, (mine, captured): Groups<'_>| {
            for ((_, stack), (_, capture)) in mine.iter().zip(captured) {
                pairs.join(*stack, *capture);
            }
        };
        match (kind, groups) {
            (Kind::New | Kind::Reset, groups) => in_turn(self, groups),
            (Kind::Again | Kind::Probe, groups) => {
                let (mine, captured) = self.at_same_time(ours, theirs, groups);
                in_turn(self, (&mine, &captured));
            }
            // The first of them brings the news; the others answer something, each at its time.
            (Kind::Acknowledgement, ([(_, stack), mine @ ..], [(_, capture), captured @ ..])) => {
                self.join(*stack, *capture);
                self.at_same_time(ours, theirs, (mine, captured));
            }
            (Kind::Acknowledgement, _) => {}
        }
    }

    fn join(&mut self, stack: usize, capture: usize) {
        if let (Some(ours), Some(theirs)) = (self.of_stack.get_mut(stack), self.of_capture.get_mut(capture)) {
            *ours = Some(capture);
            *theirs = Some(stack);
        }
    }

    /// Pairs what was sent at the same time, and gives back the rest of both lists.
    fn at_same_time(&mut self, ours: &Side<'_>, theirs: &Side<'_>, groups: Groups<'_>) -> (Group, Group) {
        let time = |side: &Side<'_>, place: usize| side.segments.get(place).map_or(0, |segment| segment.time_ns);
        let (mut mine, mut captured) = groups;
        let (mut left_here, mut left_there) = (Vec::new(), Vec::new());
        while let ([one, my_rest @ ..], [other, captured_rest @ ..]) = (mine, captured) {
            let (here, there) = (time(ours, one.1), time(theirs, other.1));
            if here.abs_diff(there) <= SAME_TIME_NS {
                self.join(one.1, other.1);
                (mine, captured) = (my_rest, captured_rest);
            } else if here < there {
                left_here.push(*one);
                mine = my_rest;
            } else {
                left_there.push(*other);
                captured = captured_rest;
            }
        }
        left_here.extend_from_slice(mine);
        left_there.extend_from_slice(captured);
        (left_here, left_there)
    }
}

/// How two times relate.
fn shift(ours: u64, theirs: u64) -> Relation {
    if ours.abs_diff(theirs) <= SAME_TIME_NS {
        Relation::Same
    } else if ours < theirs {
        Relation::Earlier(theirs - ours)
    } else {
        Relation::Later(ours - theirs)
    }
}

/// A frame of the stack with its partner in the capture.
fn pair(
    ours: &Side<'_>,
    (segment, statement): (&Segment, Statement),
    captured: &Segment,
    is_behind: impl Fn(u64) -> bool,
) -> Aligned {
    let fields = fields(ours, segment, statement, captured);
    // When a frame that nobody captured was sent, only its latest time is known.
    let shift = if is_ghost(captured) { Relation::Same } else { shift(segment.time_ns, captured.time_ns) };
    let class = match (statement.kind, shift) {
        (Kind::Acknowledgement, Relation::Earlier(_)) => Some(Class::Acknowledgements),
        (Kind::Acknowledgement | Kind::New, Relation::Later(_)) if is_behind(captured.time_ns) => Some(Class::Window),
        _ => None,
    };
    let decides = shift != Relation::Same && class.is_none() || fields.iter().any(|field| field.class.is_none());
    let relation = if shift == Relation::Same && !fields.is_empty() { Relation::Differs } else { shift };
    Aligned { fields, decides, ..Aligned::lone(relation, class, statement) }
}

/// The fields in which a pair differs.
fn fields(ours: &Side<'_>, stack: &Segment, statement: Statement, capture: &Segment) -> Vec<FieldDifference> {
    let mut fields = Vec::new();
    let mut note = |field, class, stack: String, capture: String| {
        if stack != capture {
            fields.push(FieldDifference { field, stack, capture, class });
        }
    };
    if is_ghost(capture) {
        return fields;
    }
    let flag = |segment: &Segment, flag: u8| u8::from(segment.has(flag)).to_string();
    let syn = stack.has(tcp::SYN);
    note("ack", None, flag(stack, tcp::ACK), flag(capture, tcp::ACK));
    note("urg", None, flag(stack, tcp::URG), flag(capture, tcp::URG));
    let fin_follows = ours.sent.reaches(capture.end()).then_some(Class::SeparateFin);
    note("fin", fin_follows, flag(stack, tcp::FIN), flag(capture, tcp::FIN));
    if statement.kind == Kind::Acknowledgement {
        note("seq", Some(Class::Acknowledgements), stack.seq.to_string(), capture.seq.to_string());
    }
    if stack.has(tcp::ACK) && capture.has(tcp::ACK) {
        note("ack_seq", Some(Class::Acknowledgements), stack.ack.to_string(), capture.ack.to_string());
    }
    note("psh", Some(Class::Push), flag(stack, tcp::PSH), flag(capture, tcp::PSH));
    let window = if stack.opens() { Class::FirstWindow } else { Class::Window };
    note("window", Some(window), stack.offered_window().to_string(), capture.offered_window().to_string());
    if syn {
        // Behind the handshake only options differ that were never agreed on: timestamps, SACK.
        let (mss, others) = options(&stack.options);
        let (captured_mss, captured_others) = options(&capture.options);
        note("mss", Some(Class::SegmentSize), mss, captured_mss);
        note("options", Some(Class::Options), others, captured_others);
    }
    fields
}

/// The largest segment of a SYN's options, and the others as text.
fn options(bytes: &[u8]) -> (String, String) {
    let mss = TcpOptions::new(bytes).find_map(|option| match option {
        TcpOption::MaximumSegmentSize(mss) => Some(mss.to_string()),
        _ => None,
    });
    let text = stack::wire::tcp_options::text(bytes);
    let mss = mss.unwrap_or_default();
    let others = text.trim_matches(['<', '>']).split(',').filter(|one| *one != format!("mss {mss}"));
    let others: Vec<&str> = others.filter(|one| !one.is_empty() && *one != "nop" && *one != "eol").collect();
    (mss, others.join(","))
}

/// A frame that only the stack sends.
fn extra(theirs: &Side<'_>, segment: &Segment, statement: Statement, is_behind: impl Fn(u64) -> bool) -> Aligned {
    let class = match (statement.kind, statement.news) {
        (Kind::New, _) => match theirs.sent_by(segment.end()) {
            Some(time_ns) if segment.time_ns > time_ns && is_behind(time_ns) => {
                let relation = shift(segment.time_ns, time_ns);
                return Aligned::lone(relation, Some(Class::Window), statement);
            }
            Some(time_ns) => return other_segments(segment, statement, shift(segment.time_ns, time_ns)),
            // What it adds to all that was captured nobody knows: the capture ends in the middle of a write.
            None if after(theirs.sent.end(), segment.seq) && theirs.sent.reaches(theirs.sent.end()) => {
                return other_segments(segment, statement, Relation::Same);
            }
            None => None,
        },
        (Kind::Acknowledgement, News::Acknowledges) => Some(Class::Acknowledgements),
        (Kind::Acknowledgement, News::OpensWindow) => Some(Class::WindowUpdates),
        (Kind::Acknowledgement, News::Nothing) | (Kind::Again | Kind::Probe | Kind::Reset, _) => None,
    };
    Aligned::lone(Relation::Extra, class, statement)
}

/// New data that the other side sends too, in other segments.
fn other_segments(segment: &Segment, statement: Statement, shift: Relation) -> Aligned {
    let class = if segment.has(tcp::FIN) { Class::SeparateFin } else { Class::Boundaries };
    let decides = shift != Relation::Same;
    let relation = if decides { shift } else { Relation::SplitDifferently };
    Aligned { decides, ..Aligned::lone(relation, Some(class), statement) }
}

/// A frame that only the capture has.
fn missing(ours: &Side<'_>, segment: &Segment, statement: Statement, is_behind: impl Fn(u64) -> bool) -> Aligned {
    let by = segment.time_ns.saturating_add(SAME_TIME_NS);
    let in_time = ours.acknowledges_by(by, segment.ack);
    let class = match (statement.kind, statement.news) {
        // Whether it comes in time, the stack's own segments say.
        (Kind::New, _) if ours.sent.reaches(segment.end()) => {
            return other_segments(segment, statement, Relation::Same);
        }
        (Kind::Acknowledgement, News::Acknowledges) if in_time => Some(Class::Acknowledgements),
        (Kind::Acknowledgement, News::OpensWindow) if in_time => Some(Class::Window),
        // It answers what the peer could not send yet.
        (Kind::New | Kind::Acknowledgement, _) if is_behind(segment.time_ns) => Some(Class::Window),
        (Kind::New | Kind::Acknowledgement | Kind::Again | Kind::Probe | Kind::Reset, _) => None,
    };
    Aligned::lone(Relation::Missing, class, statement)
}

#[cfg(test)]
mod tests;
