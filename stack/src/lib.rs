//! The networking of Linux 1.2.13 as a plain value, and the laboratory in which it is walked.
//!
//! **The one idea.** State is a fold over inputs. [`Kernel`] is data that can be cloned, compared and hashed; nothing enters
//! it but an [`Input`], and [`step`] runs one to completion. Everything else follows: a moment is an address (which input,
//! which step within it), going back is running forward again from the nearest keyframe, and watching changes nothing.
//!
//! # The house, from the ground up
//!
//! | room | what is in it |
//! |---|---|
//! | [`words`] | the two languages, and a text in both of them |
//! | [`wire`] | typed views over bytes: one field table per header drives checks, dissection and builders |
//! | [`mod@include`] | the headers: structures and constants that every room shares, named as in C |
//! | [`kernel`] | what 1.2.13 keeps outside net/: trap path, interrupts, bottom halves, timers, tasks, and the probe |
//! | [`net`] | net/socket.c and, below `inet`, one room per C file; ip.c and tcp.c are cut into rooms by role |
//! | [`drivers`] | the loopback and an Ethernet card |
//! | [`fs`] | the calls around files that reach a socket: read, write, close, ioctl, fcntl, select; fork and exit |
//! | [`init`] | boot, and [`Input`]/[`step`]: the only door |
//! | [`mod@view`] | plain data made from a kernel for whoever shows or asks, each field explained in two languages |
//! | [`link`] | the simulated Ethernet: delay, loss, duplication, reordering, corruption from a seed |
//! | [`lab`] | worlds and single machines, journals, runs, films, movement, scenes, the judge of scenes, queries, answers to why, surveys |
//! | `functions` | every kernel function of the program, by room (with the feature `probe`) |
//! | [`source`] | our own source, embedded, for the code pane |
//!
//! Imports go down only; `tests/tidy.rs` reads the `use` lines and says so. Upward calls of the original (protocol tables,
//! packet types, timers, bottom halves, system calls) are what they were: tables of functions.
//!
//! # Where to begin
//!
//! * A frame comes in: [`drivers::eth0::card_receive`], [`net::inet::dev::netif_rx`], `net_bh`, `ip_rcv`, `tcp_rcv`.
//! * A process calls: [`kernel::entry::system_call`], [`net::socket::sys_socketcall`], and down.
//! * How a sleep travels: [`kernel::sched`]. How a run is walked: [`lab::run`], [`lab::movement`].
//!
//! # What is absent
//!
//! No thread, clock, file, socket, random number, hash-ordered collection or `unsafe`; no dependency outside the workspace;
//! no panic on any input. Where 1.2.13 would have died or written through a stale pointer, the step ends in a
//! [`kernel::KernelOops`] that tells the story.
//!
//! # Departures from the design page
//!
//! The structures live in `include`, below the kernel that contains them, as headers do in C; `fs` and `init` are floors of
//! their own; `get_sock` asks an exact index first where a listener has children (the chains stay as they were).
#![forbid(unsafe_code)]
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod drivers;
pub mod fs;
#[cfg(feature = "probe")]
pub mod functions;
pub mod include;
pub mod init;
pub mod kernel;
pub mod lab;
pub mod link;
pub mod net;
pub mod source;
pub mod view;
pub mod wire;
pub mod words;

pub use init::{Input, step};
pub use kernel::Kernel;
