//! Recordings: a run or a live session as pcapng that Wireshark opens and that this program opens again with full time
//! travel. Promise: what is written here can be read here, whatever ended the writing.

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
