//! Replay by injection: the 1.2.13 stack sits in the place of one captured endpoint, with its addresses, ports and
//! initial sequence number. What the capture missed is inferred ([`ghost`]), where it was taken is estimated ([`vantage`]),
//! and the peer's frames arrive when they arrived at that end, or later where they acknowledge what the stack has not sent
//! yet (`drive`), or carry data for which its window has no room (`hold`).
//! Promise: the run lasts as long as the capture, the same capture gives the same run, and a run always ends.

pub mod conversation;
mod drive;
pub mod ghost;
mod hold;
pub mod loss;
mod measure;
pub mod sender;
pub mod stuck;
pub mod vantage;

use stack::lab::beginning::Beginning;
use stack::lab::journal::Journal;
use stack::lab::run::Run;

use self::conversation::Conversation;
use self::drive::Injection;
use self::sender::Senders;
use self::stuck::Stuck;
use self::vantage::Vantage;
use super::compare::Aligned;
use super::connection::Connection;
use super::machine::Happened;
use super::process::FailedCall;
use super::segment::{Endpoint, Segment};
use super::wire::Wire;
use super::{Capture, CapturedFrame, FramesByNumber};
use crate::refusal::Refusal;

/// The most data of a connection that is replayed.
const MOST_DATA: u64 = 512 << 20;

/// Frames that nobody captured, and what they carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ghosts {
    /// How many.
    pub frames: usize,
    /// Octets of data in them.
    pub octets: u64,
}

/// What stands behind a frame that the stack was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given {
    /// The number of the captured frame; 0 where there is none.
    pub frame: usize,
    /// When it passed the place of capture, in nanoseconds since 1970.
    pub time_ns: u64,
    /// Whether it is a frame that the capture missed. One that is neither captured nor missed is an acknowledgement that was held.
    pub is_ghost: bool,
}

/// The captured reader's pauses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pauses {
    /// How many frames of the captured end offered no window.
    pub captured: usize,
    /// The first of them.
    pub first_frame: usize,
    /// How many frames of 1.2.13 offered none.
    pub stack: usize,
    /// The smallest window that 1.2.13 offered behind the handshake.
    pub smallest: u32,
}

/// How far 1.2.13 had come at the end of the capture, where it had not sent all that was captured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Behind {
    /// Octets that it had sent.
    pub sent: u32,
    /// Octets that the captured end had sent.
    pub captured: u32,
}

/// What came out of a replay. The segments of `stack` and `capture` have the times of the place of capture, and no data: the
/// frames have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The side that the stack played.
    pub own: Endpoint,
    /// The other side.
    pub peer: Endpoint,
    /// Whether the stack asked for the connection.
    pub is_client: bool,
    /// The time of the first frame of the connection: what times are counted from.
    pub start_ns: u64,
    /// The time of the last frame of the capture: behind it nothing is compared.
    pub end_ns: u64,
    /// Where the capture was taken.
    pub vantage: Vantage,
    /// The way from there to the stack, in nanoseconds.
    pub way_ns: u64,
    /// What the stack sent in this connection.
    pub stack: Vec<Segment<'static>>,
    /// What the captured endpoint sent, ghosts included.
    pub capture: Vec<Segment<'static>>,
    /// Both laid side by side, by time.
    pub lines: Vec<Aligned>,
    /// Frames of the played end that the capture missed.
    pub own_ghosts: Ghosts,
    /// Frames of the peer that the capture missed and the stack was given.
    pub peer_ghosts: Ghosts,
    /// Frames of the peer that were captured and never arrived at the played end.
    pub lost: usize,
    /// Frames that the captured end had to send again before the peer acknowledged them, and that the stack does not: what it sends
    /// never gets lost.
    pub answered: usize,
    /// Frames of the peer that were held until the window of the stack allowed their data.
    pub outside: usize,
    /// Those of them that still waited when the capture ended.
    pub waiting: usize,
    /// The capture ends in the middle of a write of the played end, of whose rest only its being there is known.
    pub unknown_end: bool,
    /// The captured reader paused.
    pub pauses: Option<Pauses>,
    /// Octets that the stack has taken of a write that has not come back.
    pub accepted: u32,
    /// The stack had not sent everything.
    pub behind: Option<Behind>,
    /// Frames of the peer that could not be given as captured.
    pub changed: usize,
    /// Acknowledgements that the peer gave later than in the capture.
    pub held: usize,
    /// What kept the stack from sending, and when.
    pub senders: Senders,
    /// When the peer first repeated an acknowledgement, at the place of capture.
    pub repeats_ns: Option<u64>,
    /// When the stack first sent something again, at the place of capture.
    pub first_resend_ns: Option<u64>,
    /// Where the replay had to stop.
    pub stuck: Option<Stuck>,
    /// System calls that failed.
    pub failed: Vec<FailedCall>,
    /// The story, where 1.2.13 would have crashed.
    pub oops: Option<String>,
    /// The wire between the stack and the peer.
    pub wire: Wire,
    /// All frames the stack sent, at its own times.
    pub frames: Vec<CapturedFrame>,
    /// What stands behind each frame that the stack was given, in the order of giving.
    pub given: Vec<Given>,
    /// What time it was at microsecond 0 of the run, in nanoseconds since 1970.
    pub boot_ns: u64,
    /// How the world of the stack began.
    pub beginning: Beginning,
    /// What entered it.
    pub journal: Journal,
    /// What happened there, with microseconds since it began.
    pub happened: Vec<(u64, Happened)>,
}

impl Outcome {
    /// The microsecond of the run that is second 0 of the capture.
    #[must_use]
    pub fn second_zero(&self) -> u64 {
        self.start_ns.saturating_sub(self.boot_ns) / 1_000
    }

    /// When a frame that the stack sent passed the place of capture, in nanoseconds since 1970, by its place among all that it sent.
    #[must_use]
    pub fn sent_at(&self, place: usize) -> Option<u64> {
        self.frames.get(place).map(|frame| frame.time_ns.saturating_add(self.way_ns))
    }

    /// The stack's side of the replay as a run that can be walked forwards and backwards.
    #[must_use]
    pub fn run(&self) -> Run {
        Run::new(self.beginning.world(), self.journal.clone())
    }

    /// Whether stream and decisions are the same: nothing differs but what was decided in 1995.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.lines.iter().all(|line| !line.decides) && self.stuck.is_none() && self.oops.is_none()
    }
}

/// Plays `own` of `connection` up to the last frame of the capture.
///
/// # Errors
/// The connection's beginning is not in the capture, it is too long, or `own` is neither of its ends.
pub fn inject(capture: &Capture, connection: &Connection, own: Endpoint) -> Result<Outcome, Refusal> {
    let last = capture.frames.iter().map(|frame| frame.time_ns).max().unwrap_or(0);
    inject_until(capture, connection, own, last)
}

/// The same with the frames of the connection in whatever form they are at hand, of a capture that ends at `end_ns` (nanoseconds
/// since 1970).
///
/// # Errors
/// As [`inject`].
pub fn inject_until(
    frames: &dyn FramesByNumber,
    connection: &Connection,
    own: Endpoint,
    end_ns: u64,
) -> Result<Outcome, Refusal> {
    if own != connection.client && own != connection.server {
        return Err(not_an_end(connection, own));
    }
    if !connection.has_syn {
        return Err(no_beginning(connection));
    }
    if connection.client_bytes.saturating_add(connection.server_bytes) > MOST_DATA {
        return Err(too_long(connection));
    }
    let conversation = Conversation::of(connection, own);
    let mut injection = Injection::new(frames, connection, &conversation, end_ns);
    injection.run();
    let mut outcome = injection.outcome();
    stuck::explain(&mut outcome);
    Ok(outcome)
}

fn not_an_end(connection: &Connection, own: Endpoint) -> Refusal {
    let (client, server) = (connection.client, connection.server);
    Refusal::usage(
        format!("{own} is no end of the connection {client} -> {server}: give one of them to --as."),
        format!("{own} 不是连接 {client} -> {server} 的一端：请用 --as 给出其中之一。"),
    )
}

fn too_long(connection: &Connection) -> Refusal {
    let (client, server, mebibytes) = (connection.client, connection.server, MOST_DATA >> 20);
    Refusal::usage(
        format!(
            "{client} -> {server} carries more than {mebibytes} MiB: cut the capture behind its beginning with `editcap -r`."
        ),
        format!("{client} -> {server} 的数据超过 {mebibytes} MiB：请用 `editcap -r` 截取其开头部分。"),
    )
}

fn no_beginning(connection: &Connection) -> Refusal {
    let (client, server) = (connection.client, connection.server);
    Refusal::usage(
        format!(
            "the beginning of {client} -> {server} is not in the capture, so the stack cannot take part in it: use a capture that has its SYN."
        ),
        format!("抓包中没有 {client} -> {server} 的开头，协议栈无法参与：请使用包含其 SYN 的抓包。"),
    )
}
