//! The `//@` lines: what packetdrill cannot say. To packetdrill they are comments, so a scene with one host stays a
//! valid script of the original tool. One line, one annotation; words are separated by blanks.
//!
//! Interrupts inside system calls and several processes on one host:
//!
//! | line | meaning |
//! |---|---|
//! | `//@ irq POINT[@FUNCTION] N` | the inbound lines that follow at the same time arrive as one network interrupt at the N-th occurrence of the point in the call of the nearest preceding call line |
//! | `//@ tick POINT[@FUNCTION] N K` | K timer interrupts at that point |
//! | `//@ end` | ends an irq group |
//! | `//@ arp-request SENDER [TARGET]` | an inbound ARP request |
//! | `//@ arp-out ...` | an ARP frame the stack sent (output only) |
//! | `//@ pid P` | the next call is made by process P, the one with process id 100 + P: 0, 1 or 2, or in a scene with several hosts a child made by `fork()`, from 900 on |
//! | `//@ trace` | switches the extra trace events on |
//!
//! Scenes of the laboratory with several hosts on one simulated Ethernet:
//!
//! | line | meaning |
//! |---|---|
//! | `//@ host NAME ADDRESS/PREFIX MAC [mtu N] [gateway ADDRESS] [OPTION...]` | a host on the wire, with parts of the kernel compiled in (`forward`, `snarl`, `multicast`, `firewall`, `acct`, `rarp`, `nagle_off`); the first one declared makes the calls until an `on` line says otherwise |
//! | `//@ wire delay TIME [loss A/B] [duplicate A/B] [reorder A/B] [corrupt A/B] [seed N]` | what the Ethernet does to frames; TIME is a number with `us`, `ms` or `s`, chances are fractions |
//! | `//@ on NAME` | the calls that follow are made on that host |
//! | `//@ program NAME PROGRAM [WORD...]` | a program runs as a process of that host from the start (`//@ program server httpd 80`) |
//! | `//@ drop N`, `//@ duplicate N`, `//@ corrupt N` | that happens to the N-th frame on the wire (from 1) |
//! | `//@ delay N TIME` | the N-th frame arrives that much later |
//! | `//@ mark NAME` | names this moment |
//! | `//@ assert EXPRESSION` | must hold at this moment (the text is kept; the laboratory evaluates it) |

use core::net::Ipv4Addr;

use crate::include::config::BuildOption;

/// One `//@` line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Annotation {
    /// `irq POINT N`
    Interrupt {
        /// Where in the call.
        point: Point,
        /// Which occurrence, from 1.
        occurrence: u32,
    },
    /// `tick POINT N K`
    Tick {
        /// Where in the call.
        point: Point,
        /// Which occurrence, from 1.
        occurrence: u32,
        /// How many timer interrupts.
        count: u32,
    },
    /// `end`
    End,
    /// `arp-request SENDER [TARGET]`
    ArpRequest {
        /// Who asks.
        sender: Ipv4Addr,
        /// For whose address; ours if absent.
        target: Option<Ipv4Addr>,
    },
    /// `arp-out ...`, the words as written.
    ArpOut(String),
    /// `pid P`
    Process(u32),
    /// `trace`
    Trace,
    /// `host ...`
    Host(HostLine),
    /// `wire ...`
    Wire(WireLine),
    /// `on NAME`
    On(String),
    /// `program NAME PROGRAM [WORD...]`
    Program {
        /// The host it runs on.
        host: String,
        /// Its name.
        program: String,
        /// Its arguments.
        words: Vec<String>,
    },
    /// `mark NAME`
    Mark(String),
    /// `assert EXPRESSION`
    Assert(String),
    /// `drop N`, `duplicate N`, `corrupt N`, `delay N TIME`
    Frame {
        /// Which frame on the wire, from 1.
        number: u32,
        /// What happens to it.
        fate: FrameFate,
    },
}

/// A place inside a system call where an interrupt can be delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// One of [`POINTS`].
    pub name: String,
    /// Only where this function contains it.
    pub function: Option<String>,
}

/// The places inside a system call where an interrupt can be delivered.
pub const POINTS: [&str; 9] = [
    "memcpy_tofs",
    "memcpy_fromfs",
    "kmalloc",
    "sock_wmalloc",
    "release_sock",
    "sti",
    "restore_flags",
    "schedule",
    "hard_start_xmit",
];

/// A host of a laboratory scene.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostLine {
    /// Its name in the script.
    pub name: String,
    /// Its address.
    pub address: Ipv4Addr,
    /// Length of the network part of the address in bits.
    pub prefix: u8,
    /// Its Ethernet address.
    pub hardware: [u8; 6],
    /// MTU of its card, if not 1500.
    pub mtu: Option<u16>,
    /// Its default gateway.
    pub gateway: Option<Ipv4Addr>,
    /// Parts of its kernel that are compiled in.
    pub build: Vec<BuildOption>,
}

/// What the simulated Ethernet does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WireLine {
    /// Microseconds from one end to the other.
    pub delay: u64,
    /// Chance that a frame is lost.
    pub loss: Option<Chance>,
    /// Chance that it arrives twice.
    pub duplicate: Option<Chance>,
    /// Chance that it is overtaken by the next.
    pub reorder: Option<Chance>,
    /// Chance that a bit of it flips.
    pub corrupt: Option<Chance>,
    /// Where the chances come from.
    pub seed: Option<u64>,
}

/// `A/B`: A times in B.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chance {
    /// A
    pub times: u32,
    /// B, never 0 and never less than A.
    pub in_total: u32,
}

/// What happens to one frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameFate {
    /// It is lost.
    Drop,
    /// It arrives twice.
    Duplicate,
    /// A bit of it flips.
    Corrupt,
    /// It arrives that many microseconds later.
    Delay(u64),
}
