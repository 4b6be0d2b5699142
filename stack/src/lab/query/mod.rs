//! The one small language in which places of a run and conditions on its state are written: by lessons, breakpoints,
//! watches and the assertions of scenes.
//!
//! An **expression** asks one moment (or, with a trend, two neighbouring ones):
//!
//! | written | means |
//! |---|---|
//! | `B.sock(2).state == SYN_RECV` | a field of a sock, named as in C ([`crate::view::sock::SockView`]) |
//! | `B.sock(4)` | that sock exists |
//! | `B.sock(2).receive_queue.len > 0` | buffers on a queue: `receive_queue`, `back_log`, `write_queue`, `send_queue` |
//! | `B.sock(2).receive_queue[0].sk == 4` | a field of a buffer on a queue ([`crate::view::queue::SkbView`]) |
//! | `B.task(200).state == TASK_INTERRUPTIBLE` | a field of a process, by process id |
//! | `A.regs.eax == 102` | a register of the running process |
//! | `A.arp("10.0.0.2").resolved` | an entry of the ARP table |
//! | `A.device("eth0").tx_packets` | a device |
//! | `A.timer("retransmit_timer", 2).left < 10` | the first running timer that calls this function (for this sock) |
//! | `A.idt(0x80).dpl == 3`, `A.sys_call_table(102) == "sys_socketcall"` | the tables of the trap path |
//! | `B.socks.len`, `B.tasks.len`, `B.arps.len`, `B.timers.len`, `B.backlog.len` | how many there are |
//! | `B.jiffies`, `B.intr_count`, `B.bh_active` | the kernel's own words |
//! | `==` `!=` `<` `<=` `>` `>=` `&&` `\|\|` `!` `( )` | as in C; no arithmetic |
//! | `E increases`, `E decreases`, `E changes` | from the step before to this one |
//!
//! **Sock numbers** are the names that every pane shows: `sk#4` is the fourth sock that the kernel has created since
//! boot. Number 1 is the socket through which start-up configured the machine; a blocking accept() makes a temporary sock,
//! which takes a number too. One thing has one name; a number is never used twice.
//!
//! What does not exist has the value `NULL`: `B.sock(9).state == LISTEN` is false, `B.sock(9).state != LISTEN` is true.
//!
//! A **place** names a step of a run, never by its number:
//!
//! | written | the moment right after |
//! |---|---|
//! | `B: enter tcp_rcv`, `B: leave tcp_rcv` | a kernel function of that host starts, or returns |
//! | `B: state SYN_RECV->ESTABLISHED`, `B: state *->LISTEN` | a sock's state changes |
//! | `B: born SYN_RECV`, `B: born *` | a sock comes into being, in a state; that is no change |
//! | `A: timer retransmit_timer fires`, `A: timer TIME_WRITE fires` | a timer fires, by function or by reason |
//! | `A: call connect`, `A: return connect` | a process makes a system call, or gets its result |
//! | `B: sleeps 200`, `B: wakes 200` | a process goes to sleep, or is made runnable |
//! | `frame 3 leaves`, `frame 3 arrives` | a frame of the run, by its number among all of them |
//! | `mark NAME`, `start`, `end` | a mark of the scene, the beginning, the end |
//! | `when EXPRESSION` | the expression becomes true |
//! | `... #2` | of any of these, the second of the run |
//!
//! Looking for places is a [`Search`]: one pass through the run for any number of places, in slices as long as its caller
//! likes. One place at once is [`find`].
//!
//! Promise: reading never panics, on any text; an error names the column and says in two languages what to do.

mod error;
mod evaluate;
mod expression;
mod lexer;
mod parser;
mod place;
mod probe;
mod search;
mod subject;
mod sweep;

pub use error::QueryError;
pub use evaluate::{Hosts, TrendMemory};
pub use expression::{Comparison, Expression, Trend};
pub use place::{Happening, Place, PlaceKind};
pub use search::{Hit, Progress, Search, evidence, find, holds, reach};
pub use subject::{Path, Queue, Subject};
