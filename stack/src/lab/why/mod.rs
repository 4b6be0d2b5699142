//! Why: questions about a run, each answered by a chain of its own steps.
//!
//! The idea is that of the Whyline (Ko and Myers): a run knows what caused what, so whoever wonders at something on the
//! screen asks about it, and gets no theory but places to go to. *Why did* asks for what happened: a field has its value, a
//! frame left, a process woke, a timer fired. *Why didn't* asks for what did not: a frame was not answered, a segment lies on
//! back_log, a process still sleeps. An [`Answer`] is a verdict and a few [`Link`]s, the latest first; each has the moment it
//! speaks of, and the last is an input: a frame that arrived, a call of a process, a tick of the clock, a person's act, the
//! power switch. Behind a frame of the simulated wire the chain goes on in its sender.
//!
//! | question | read from |
//! |---|---|
//! | a field, a state | the last step that changed it, the functions around that step, what made them run |
//! | a frame left, was not answered, never arrived, was dropped | the list of frames, the turn that received it, its discards |
//! | a process woke, still sleeps; accept() returns nothing | sleeps, wake-ups, the queue it stands on, what came meanwhile |
//! | a segment is on back_log | who took the sock, since when, until when |
//! | a timer fired, did not fire | arming, deletion and firing, in their order |
//! | an ARP request brought nothing | what became of every request |
//! | the present step | the functions that run, and the input of the turn |
//!
//! Nothing is guessed from outside: where the run cannot tell, the answer says what was looked at. [`Inquiry`] does the work
//! in slices, so that a screen stays awake: what has been found stays found, and the answer is put together anew from it.
//!
//! # Limitations
//! * A chain ends at the [`MOST_INPUTS`]th input it comes to, though that one has a cause as well: one asks there again.
//! * Of what came while somebody waited the last few are told; what a wire under way does by chance has no cause but its seed.
//! * A scan backwards keeps to one host, but runs the whole world from a keyframe on; it costs what lies between.

mod answer;
mod around;
mod arp;
mod backlog;
mod chain;
mod discards;
mod fate;
mod field;
mod frame;
mod inquiry;
mod look;
mod moment;
mod process;
mod question;
mod scan;
mod sleep;
mod timer;

pub use answer::{Answer, Input, Kind, Link};
pub use chain::MOST_INPUTS;
pub use discards::{Discarded, arrivals, discards};
pub use fate::number_of_arrival;
pub use inquiry::{Inquiry, Progress, ask};
pub use question::{Question, TimerKey};
