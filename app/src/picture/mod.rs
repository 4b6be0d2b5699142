//! What the screen shows of one moment, as plain data.
//!
//! The run under the cursor fills a [`Picture`] from the views of the stack; the panes draw it and keep nothing of their
//! own. One picture is one moment: two equal pictures give two equal screens.

pub mod branches;
pub mod calls;
pub mod class;
pub mod code;
pub mod code_search;
pub mod comparison;
pub mod cpu;
pub mod frame;
pub mod ladder;
pub mod ladder_row;
pub mod neighbours;
pub mod outline;
pub mod plot;
pub mod proc_net;
pub mod processes;
pub mod programs;
pub mod queues;
pub mod replay;
pub mod skb;
pub mod sock_list;
pub mod socks;
pub mod tables;
pub mod timeline;
pub mod timers;
pub mod times;

use std::ops::Range;
use std::sync::Arc;

use crate::i18n::Words;

pub use branches::BranchRow;
pub use ladder_row::{AtCapture, FrameFate, FrameMarks, Ladder, LadderRow, RunClock};
pub use lessons::Pane;
use stack::include::tcp::TcpState;
pub use stack::lab::film::Layer;
pub use timers::{Armed, Timer};

/// Where the frames of a run come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Source {
    /// A simulated wire.
    #[default]
    Lab,
    /// A TAP device.
    Live,
    /// A capture.
    Replay,
    /// A script.
    Script,
    /// The frames of a capture alone: no stack runs.
    Observed,
}

/// A host of the run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Host {
    /// Its one-letter or short name.
    pub name: String,
    /// Its address.
    pub address: String,
}

/// What a live session has beside its run; nothing of it belongs to the moment that is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LiveState {
    /// Frames of the peer that wait for the end of the pause.
    pub waiting: usize,
    /// Frames of the peer that found no room to wait, since the session began.
    pub overrun: u64,
    /// Frames of the stack that the device did not take, since the session began.
    pub untaken: u64,
    /// Its recording, where it was asked for one.
    pub recording: Option<Recorded>,
    /// Whether it has a network of its own, in which commands can be run.
    pub has_network: bool,
    /// The whole seconds of the host's clock: between two turns nothing else says that time runs.
    pub clock: Option<u64>,
}

/// A kernel that has died where the original would have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Oops {
    /// The number of the step at which it died.
    pub step: u64,
    /// The host.
    pub host: String,
    /// What would have happened, in one sentence without its full stop.
    pub story: String,
    /// Whether this is the moment of its death, and so the one to tell of it.
    pub is_here: bool,
}

/// How a recording stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// It goes on.
    On {
        /// Bytes of the file.
        size: u64,
        /// Bytes that the file grew by within the last second.
        rate: u64,
    },
    /// It has reached its limit.
    Full,
    /// It failed: what happens is not recorded any more.
    Failed,
}

/// Everything that the screen shows of one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    /// The name of the run or lesson.
    pub title: String,
    /// Where its frames come from.
    pub source: Source,
    /// The hosts.
    pub hosts: Vec<Host>,
    /// The host that is looked at.
    pub host: usize,
    /// The host that takes this step, and so the one whose call the path, the code and the stack show; the same as `host`
    /// where nothing runs.
    pub acting: usize,
    /// The clock of the host that is looked at, in jiffies (10 ms).
    pub jiffies: u64,
    /// The clock of the world in microseconds.
    pub microseconds: u64,
    /// The step under the cursor, counted from 0.
    pub step: u64,
    /// How many steps the run has so far.
    pub steps: u64,
    /// What a live session has beside its run.
    pub live: LiveState,
    /// The kernel that has died by this moment, where one has.
    pub oops: Option<Oops>,
    /// The way of this step through the layers, outermost first.
    pub path: Vec<PathStep>,
    /// The code that runs.
    pub code: Code,
    /// The call stack, innermost first.
    pub stack: Vec<Call>,
    /// The sockets of the host, the one under focus first.
    pub socks: Vec<Sock>,
    /// The sockets of the peer, for screens with room.
    pub peer_socks: Vec<Sock>,
    /// The place in the TCP state diagram.
    pub state: State,
    /// The queues.
    pub queues: Queues,
    /// The neighbours.
    pub arp: Arp,
    /// The sequence diagram.
    pub ladder: Ladder,
    /// The frame of this step.
    pub frame: Option<Frame>,
    /// The timers that run, soonest first.
    pub timers: Vec<Timer>,
    /// The call tree of this turn.
    pub outline: outline::Outline,
    /// What 1.2.13 sends beside what was captured; empty where nothing is replayed.
    pub replay: replay::Replay,
    /// The connection under focus against time; empty unless the session was asked to survey its run and to plot it.
    pub plot: plot::Plot,
    /// Turns of the run that are surveyed, of how many, while that is not all of them; none where nothing is surveyed.
    pub surveyed: Option<(usize, usize)>,
    /// The processor of the host that acts.
    pub cpu: Vec<cpu::CpuRow>,
    /// The tables of functions of that host, and through which entries this step came.
    pub tables: tables::Tables,
    /// The processes of all hosts.
    pub processes: Vec<processes::Process>,
    /// All socks of all hosts, and which a person has chosen.
    pub sock_list: sock_list::SockList,
    /// The stops of the session, in the order in which they were set.
    pub stops: Vec<StopRow>,
    /// The run as a line.
    pub timeline: Timeline,
    /// The branches of the session, the first one first, each behind the one it parted from.
    pub branches: Vec<BranchRow>,
    /// What this step changed.
    pub changed: Vec<Change>,
    /// The lesson, where one is open.
    pub lesson: Option<lessons::View>,
    /// The numbers of the steps that settled its question, in the order of its evidence.
    pub evidence: Vec<u64>,
    /// The class that looks at the lesson, where one does.
    pub class: Option<class::ClassPicture>,
}

/// One function on the way of this step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PathStep {
    /// Its layer.
    pub layer: Layer,
    /// Its name as in the kernel.
    pub function: String,
    /// Whether the step stands in it.
    pub here: bool,
}

/// The function that runs, with its source.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Code {
    /// Its name.
    pub function: String,
    /// Its layer.
    pub layer: Layer,
    /// The kernel file that it stands for, such as `net/inet/tcp.c`.
    pub kernel_file: String,
    /// Our file.
    pub rust_file: String,
    /// The document that this step follows, such as `RFC 793 p.69`; empty where none is cited.
    pub citation: String,
    /// What happens at this step, in one sentence.
    pub sentence: String,
    /// The number of the first line of `lines` in our file.
    pub first_line: usize,
    /// The source of the function.
    pub lines: Vec<String>,
    /// The line that runs, as a number in our file.
    pub current: usize,
    /// Lines of the function that only keep books for the probe, by their numbers in our file: each range is folded to a mark
    /// on the line before it.
    pub folded: Vec<Range<usize>>,
    /// Values that this step changed, each with the number of the line that did it: `state SYN_RECV → ESTABLISHED`.
    pub values: Vec<(usize, String)>,
    /// Whether a stop stands at the entry of the function: switched on, or off.
    pub stop: Option<bool>,
    /// Whether a search for stops has ended at this very step.
    pub stopped: bool,
    /// Which step of this call it is, from 1.
    pub step: usize,
    /// How many steps this call has.
    pub steps: usize,
    /// Whether it does not run at this step: a person looked for a text, and it stands here.
    pub is_found: bool,
    /// The same function in the person's own copy of the kernel, where it is to be shown.
    pub kernel: Option<KernelCode>,
}

/// A function of a person's own copy of the kernel's source, or why it cannot be shown.
#[derive(Clone, Debug, PartialEq)]
pub enum KernelCode {
    /// It was found.
    Found {
        /// The file, below the folder that was named.
        file: String,
        /// The number of the first line of `lines` in it.
        first_line: usize,
        /// The function, with a few lines around it.
        lines: Vec<String>,
        /// Which of `lines` are the function, by their places.
        function: Range<usize>,
        /// The place of the line on which its name stands.
        name: usize,
    },
    /// Why it cannot be shown, and what to do.
    Missing(Words<String>),
}

/// One call on the stack.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Call {
    /// The function.
    pub function: String,
    /// Its layer.
    pub layer: Layer,
    /// Its arguments as text.
    pub arguments: String,
    /// What it returns, at its last step.
    pub result: Option<String>,
}

/// One field of a structure.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Field {
    /// The name as in C.
    pub name: String,
    /// The value.
    pub value: String,
    /// The value before this step, where the step changed it.
    pub old: Option<String>,
    /// Whether its values need a row of their own.
    pub wide: bool,
    /// What it is about: the fields of a sock stand group by group.
    pub group: socks::FieldGroup,
    /// What it means, in the language of the screen.
    pub meaning: &'static str,
}

/// A socket.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sock {
    /// Its short name, the same for the whole run, such as `A/sk#1`.
    pub name: String,
    /// Its fields, the telling ones first.
    pub fields: Vec<Field>,
}

/// The place in the TCP state diagram.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// The socket that is placed.
    pub sock: String,
    /// Its state; none where there is no TCP socket, or it is not known.
    pub now: Option<TcpState>,
    /// The states in which it can be, where frames leave several open.
    pub possible: Vec<TcpState>,
    /// The state before, where this step took an edge.
    pub from: Option<TcpState>,
    /// The last edge taken in this run by this socket.
    pub last_edge: Option<(TcpState, TcpState)>,
    /// Microseconds since the state was entered, where that is known.
    pub microseconds: Option<u64>,
    /// Where other sockets stand: short name and state.
    pub others: Vec<(String, TcpState)>,
}

/// An `sk_buff` on a queue.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Skb {
    /// Its short name.
    pub name: String,
    /// What it carries, such as `SYN` or `data 512`.
    pub label: String,
    /// Bytes it is charged with.
    pub length: usize,
    /// Its number on its host.
    pub number: u32,
    /// The sequence numbers it takes, the one behind it last, such as `1..513`; empty where it is no segment.
    pub range: String,
    /// Bytes valid at the layer at work.
    pub valid: u32,
    /// The sock it is charged to; empty where there is none.
    pub sk: String,
}

/// One queue.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Queue {
    /// The name as in C.
    pub name: String,
    /// A remark, such as why it is parked.
    pub note: String,
    /// What stands on it, first to leave first.
    pub skbs: Vec<Skb>,
    /// Whether this step changed it.
    pub changed: bool,
}

/// The queues of the host and of the socket under focus.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Queues {
    /// The queues.
    pub rows: Vec<Queue>,
    /// Segments sent and not acknowledged, and the congestion window where it is known.
    pub in_flight: Option<(u64, Option<u64>)>,
    /// The window that the peer offers, in bytes.
    pub peer_window: Option<u64>,
}

/// One neighbour.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Neighbour {
    /// Its address.
    pub ip: String,
    /// Its hardware address; empty while it is asked for.
    pub hardware: String,
    /// Its flags as `/proc` would print them, such as `COM`.
    pub flags: String,
    /// Jiffies left and the whole span, where a timer or an age counts.
    pub left: Option<(u64, u64)>,
    /// Tries left while it is asked for.
    pub retries: u64,
    /// The buffers that wait for the answer.
    pub waiting: Vec<Skb>,
    /// Whether this step changed it.
    pub changed: bool,
}

/// The ARP table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Arp {
    /// How many slots the hash table has.
    pub slots: usize,
    /// The entries.
    pub rows: Vec<Neighbour>,
    /// Jiffies until the check of all entries, and its period.
    pub check: Option<(u64, u64)>,
}

/// One row of a dissected frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dissected {
    /// 0 for a header, 1 for a field of it.
    pub depth: u8,
    /// The name.
    pub name: String,
    /// The value.
    pub value: String,
    /// Its bytes in the frame.
    pub range: Range<usize>,
    /// The layer of its header.
    pub layer: Layer,
    /// Whether something is wrong with it.
    pub bad: bool,
}

/// A frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frame {
    /// Its number in the run, from 1; 0 while it has none.
    pub number: u64,
    /// Where it is, in a few words.
    pub note: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its headers and fields.
    pub rows: Vec<Dissected>,
}

/// What a stop waits for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StopKind {
    /// A kernel function starts or returns.
    #[default]
    Function,
    /// A sock is born or changes its state.
    State,
    /// A frame passes.
    Frame,
    /// A timer fires.
    Timer,
    /// Something is thrown away.
    Drop,
    /// A process does something.
    Process,
    /// A value moves.
    Watch,
    /// A condition becomes true.
    Condition,
    /// A mark of the scene, its start or end.
    Mark,
}

/// A stop.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StopRow {
    /// What it is, as it would be typed.
    pub text: String,
    /// What it waits for.
    pub kind: StopKind,
    /// Whether it stops.
    pub on: bool,
    /// How often it has come up to this moment, where the run lists that.
    pub hits: Option<usize>,
}

/// A mark on the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimelineMark {
    /// A state changed.
    State,
    /// A frame left.
    Frame,
    /// A person's mark.
    Mark,
    /// A question of the lesson.
    Question,
    /// A kernel died.
    Oops,
    /// A stop.
    Stop,
}

/// A span of steps in one layer.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LayerSpan {
    /// The layer.
    pub layer: Layer,
    /// The host.
    pub host: usize,
    /// How many steps.
    pub steps: u64,
}

/// The run as a line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timeline {
    /// The spans around this moment, for the close-up.
    pub near: Vec<LayerSpan>,
    /// Which step of `near` is this one.
    pub here: u64,
    /// Marks on the whole run, by step.
    pub signs: Arc<Vec<(u64, TimelineMark)>>,
    /// Marks that a person or a lesson has set, by step.
    pub marks: Vec<(u64, TimelineMark)>,
    /// The first step that is hidden, where a question is open.
    pub masked_from: Option<u64>,
}

/// One value that this step changed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Change {
    /// The name, such as `sk.state`.
    pub name: String,
    /// Before.
    pub old: String,
    /// After.
    pub new: String,
}
