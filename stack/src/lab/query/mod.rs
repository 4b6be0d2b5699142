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
//! | `B.snmp.TcpAttemptFails` | a counter of /proc/net/snmp, by the name that its traces have ([`crate::include::snmp`]) |
//! | `==` `!=` `<` `<=` `>` `>=` `&&` `\|\|` `!` `( )` | as in C; no arithmetic |
//! | `E increases`, `E decreases`, `E changes` | from the step before to this one |
//!
//! Values are numbers, states (`SYN_RECV`), names of errors (`ECONNREFUSED`, `-ECONNREFUSED`), words such as `TIME_WRITE`,
//! texts in quotes, addresses (`10.0.0.2`), `true`, `false`, `NULL`.
//!
//! **Sock numbers** are the names that every pane shows: `sk#4` is the fourth sock that the kernel has created since
//! boot. Number 1 is the socket through which start-up configured the machine; a blocking accept() makes a temporary sock,
//! which takes a number too. One thing has one name; a number is never used twice.
//!
//! What does not exist has the value `NULL`: `B.sock(9).state == LISTEN` is false, `B.sock(9).state != LISTEN` is true.
//!
//! A **place** names a step of a run, never by its number. With `HOST:` in front it is one of that host, without it of any:
//!
//! | written | the moment right after |
//! |---|---|
//! | `tcp_ack`, `B: enter tcp_rcv`, `B: leave tcp_rcv` | a kernel function starts, or returns |
//! | `state *->TIME_WAIT`, `B: state SYN_RECV->ESTABLISHED` | a sock's state changes |
//! | `B: born SYN_RECV`, `B: born *` | a sock comes into being, in a state; that is no change |
//! | `timer TIME_WRITE fires`, `A: timer retransmit_timer fires`, `timer * fires` | a timer fires, by reason or function |
//! | `drop`, `drop TcpNoSocket`, `drop BadChecksum` | something is lost; it is thrown away for that reason ([`Discard`]), or one that ends so |
//! | `A: call connect`, `A: return connect`, `return connect ECONNREFUSED` | a process makes a system call, or gets its result |
//! | `B: sleeps 200`, `B: wakes 200`, `pid 100 sleeps`, `pid 100 calls read`, `pid 100 returns EAGAIN` | what a process does |
//! | `frame 3 leaves`, `frame 3 arrives` | a frame of the run, by its number among all of them |
//! | `frame where tcp.flags.rst`, `frame arrives where tcp.dst == 80 && tcp.syn` | a frame with such fields passes |
//! | `A sends`, `B receives where arp`, `A sends where tcp.len > 0` | the same, by its sender or receiver |
//! | `mark NAME`, `start`, `end` | a mark of the scene, the beginning, the end |
//! | `when EXPRESSION`, or `EXPRESSION` alone | the expression becomes true; a counter alone: it moves |
//! | `... if CONDITION` | of any of these but the last two, where the condition holds at that very step |
//! | `... #2` | of any of these, the second of the run |
//!
//! **Fields of a frame** are those of the tables in [`crate::wire`], by header (`eth`, `arp`, `ip`, `icmp`, `udp`, `tcp`) and
//! name (`tcp.flags.rst`, `tcp.rst`, `ip.ttl`, `arp.ar_op`; in short `src`, `dst`, `op`); a header alone asks whether the frame has
//! it; `frame.len` and `tcp.len` count bytes, of the frame and of the data in the segment.
//!
//! **In a condition** `sk` and `skb` are the sock and the buffer in hand there: those that the event names, else the
//! arguments of the innermost function that has such (a timer stands for its sock, a buffer for the sock it is charged to).
//! Fields of a frame are those of the frame in it. `result` is what a call or function gives back (errors negative). What stands
//! without a host (`jiffies`, `task(200).state`) is asked of the host on which it happens: `tcp_ack if sk.state == SYN_RECV`.
//!
//! Looking for places is a [`Search`]: one pass through the run for any number of places, in slices as long as its caller
//! likes. One place at once is [`find`].
//!
//! [`why`] says of a hit what was asked there and what it was. [`complete`] says which words may stand at a place of a text.
//!
//! Promise: what is displayed reads as the same again; reading never panics, on any text; an error names the column and says
//! in two languages what to do.
//!
//! [`Discard`]: crate::kernel::probe::Discard

mod complete;
mod error;
mod evaluate;
mod expression;
mod frame_field;
mod in_hand;
mod lexer;
mod lists;
mod parser;
mod place;
mod place_parser;
mod probe;
mod search;
mod subject;
mod sweep;
mod testimony;

pub use complete::{Completion, Known, complete};
pub use error::QueryError;
pub use evaluate::{Hosts, TrendMemory};
pub use expression::{Comparison, Expression, Trend};
pub use frame_field::{FrameField, FrameLayer};
pub use in_hand::InHand;
pub use lists::{listed, tally};
pub use place::{Happening, HostName, Passing, Place, PlaceKind, ProcessAct, function_names};
pub use search::{Hit, Progress, Search, evidence, find, holds, reach};
pub use subject::{Path, Queue, Subject};
pub use testimony::{Part, Why, why};
