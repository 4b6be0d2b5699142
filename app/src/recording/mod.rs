//! Recordings: a run or a live session as pcapng that Wireshark opens and that this program opens again with full time
//! travel. Promise: what is written here can be read here, whatever ended the writing.
//!
//! | room | what is in it |
//! |---|---|
//! | `blocks` | the blocks of pcapng, put together in memory |
//! | `stream` | how the journal rides on them |
//! | [`pcapng`] | a whole recording written, any recording read |
//! | [`journal`] | the journal as lines, and what they may ask for |
//! | [`of_run`] | a run as far as it was played |
//! | `of_session` | a live session as it goes: `round` (what entered and passed), `ring` (to the thread that writes) |

mod blocks;
pub mod journal;
pub mod of_run;
#[cfg(live)]
pub mod of_session;
pub mod pcapng;
#[cfg(live)]
mod ring;
#[cfg(live)]
mod round;
mod stream;
