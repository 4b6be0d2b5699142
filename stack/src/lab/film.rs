//! A film: every step of one input, in order, with its place in the tree of calls.
//!
//! Steps are addresses within an input: step n is the moment right after the n-th event. They hold typed arguments and
//! are formatted only when somebody looks.

use std::any::Any;
use std::panic::Location;

use crate::kernel::Kernel;
use crate::kernel::probe::{Arg, Args, Event, KFn, Probe};

/// One step. In this order, because a return then fills the beginning of a step only, and one cache line instead of two.
#[derive(Clone, Debug, PartialEq)]
#[repr(C)]
pub struct FilmStep {
    /// Kernel functions around it (an entry counts itself out).
    pub depth: u16,
    /// What happened.
    pub event: Event,
}

/// The steps of one input.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Film {
    /// Steps; the moment after `steps[i]` is step i + 1.
    pub steps: Vec<FilmStep>,
}

/// The layer that a function or frame belongs to: a stair that a packet walks from the top down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Layer {
    /// A user process.
    #[default]
    User,
    /// The trap path: gate, `system_call`, the way back.
    Trap,
    /// Processes, timers, bottom halves.
    Sched,
    /// BSD sockets (`net/socket.c`).
    Bsd,
    /// The INET layer (`af_inet.c`, `sock.c`).
    Inet,
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
    /// ICMP.
    Icmp,
    /// IP and routing.
    Ip,
    /// ARP.
    Arp,
    /// Devices and Ethernet.
    Dev,
    /// The card's driver.
    Driver,
    /// Outside the hosts.
    Wire,
}

impl Layer {
    /// Three or four letters that name the layer where colour cannot.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::User => "USER",
            Self::Trap => "TRAP",
            Self::Sched => "SCHD",
            Self::Bsd => "BSD",
            Self::Inet => "INET",
            Self::Tcp => "TCP",
            Self::Udp => "UDP",
            Self::Icmp => "ICMP",
            Self::Ip => "IP",
            Self::Arp => "ARP",
            Self::Dev => "DEV",
            Self::Driver => "NIC",
            Self::Wire => "wire",
        }
    }

    /// The layer of a kernel function, by its file.
    #[must_use]
    pub fn of(function: &KFn) -> Self {
        let file = function.file;
        let name = file.rsplit('/').next().unwrap_or(file);
        match name {
            "socket.c" => Self::Bsd,
            "tcp.c" | "tcp.h" => Self::Tcp,
            "udp.c" => Self::Udp,
            "icmp.c" | "igmp.c" => Self::Icmp,
            "ip.c" | "route.c" | "devinet.c" | "raw.c" | "ip_fw.c" | "protocol.c" => Self::Ip,
            "arp.c" => Self::Arp,
            "dev.c" | "eth.c" | "packet.c" => Self::Dev,
            _ if file.starts_with("drivers/") => Self::Driver,
            _ if file.starts_with("net/inet/") => Self::Inet,
            "entry.S" | "traps.c" | "irq.c" | "signal.c" => Self::Trap,
            _ if file.starts_with("fs/") => Self::Bsd,
            _ => Self::Sched,
        }
    }
}

impl Film {
    /// The entries (indices into `steps`) whose functions run at a step, outermost first.
    #[must_use]
    pub fn stack_at(&self, step: usize) -> Vec<usize> {
        let mut stack = Vec::new();
        for (index, film_step) in self.steps.iter().take(step).enumerate() {
            match film_step.event {
                Event::Enter { .. } => stack.push(index),
                Event::Exit { .. } if index + 1 < step => {
                    stack.pop();
                }
                _ => {}
            }
        }
        stack
    }

    /// The function that runs at a step (of an exit: the one that returns); None outside every function.
    #[must_use]
    pub fn function_at(&self, step: usize) -> Option<&'static KFn> {
        let entry = *self.stack_at(step).last()?;
        match self.steps.get(entry)?.event {
            Event::Enter { function, .. } => Some(function),
            _ => None,
        }
    }

    /// The layer at a step.
    #[must_use]
    pub fn layer_at(&self, step: usize) -> Layer {
        self.function_at(step).map_or(Layer::User, Layer::of)
    }

    /// File and line of our source at a step: of a note its own, of an entry the function's, else the latest of the same
    /// function, a call's line included.
    #[must_use]
    pub fn line_at(&self, step: usize) -> Option<(&'static str, u32)> {
        let function = self.function_at(step)?;
        let entry = *self.stack_at(step).last()?;
        let depth = self.steps.get(entry)?.depth;
        for film_step in self.steps.get(entry..step)?.iter().rev() {
            match film_step.event {
                Event::Note { file, line, .. } | Event::Discard { file, line, .. } if film_step.depth == depth + 1 => {
                    return Some((file, line));
                }
                Event::Enter { caller, .. } if film_step.depth == depth + 1 && caller.file() == function.rust_file => {
                    return Some((caller.file(), caller.line()));
                }
                _ => {}
            }
        }
        Some((function.rust_file, function.line))
    }

    /// Depth of the call tree right after a step.
    #[must_use]
    pub fn depth_at(&self, step: usize) -> u16 {
        match step.checked_sub(1).and_then(|index| self.steps.get(index)) {
            None => 0,
            Some(FilmStep { depth, event: Event::Enter { .. } }) => depth + 1,
            Some(FilmStep { depth, .. }) => *depth,
        }
    }
}

/// A probe that records a film.
#[derive(Default)]
pub struct Camera {
    film: Film,
    depth: u16,
    /// Photograph the kernel at this step.
    at: Option<usize>,
    photograph: Option<Box<Kernel>>,
}

/// Steps for which room is made at once.
const USUAL_FILM: usize = 192;
/// Steps that one input may have before the film is cut.
pub const LONGEST_FILM: usize = 2_000_000;

impl Camera {
    /// A camera that records every step.
    #[must_use]
    pub fn film() -> Self {
        Self::default()
    }

    /// A camera that also photographs the kernel right after a step.
    #[must_use]
    pub fn photograph_at(step: usize) -> Self {
        Self { at: Some(step), ..Self::default() }
    }

    /// Adds the next step. It is made where it will lie (`push` would make it elsewhere and move it): moving costs more
    /// than making.
    #[inline(always)]
    fn record(&mut self, kernel: &Kernel, depth: u16, event: impl FnOnce() -> Event) {
        let steps = &mut self.film.steps;
        let length = steps.len();
        if length < LONGEST_FILM {
            if length == steps.capacity() {
                make_room(steps);
            }
            steps.extend(std::iter::once(event).map(|event| FilmStep { depth, event: event() }));
            if self.at == Some(length + 1) {
                self.take_photograph(kernel);
            }
        }
    }

    /// Out of line: the clone of a kernel needs a large stack frame, which every recorded step would pay for.
    #[cold]
    #[inline(never)]
    fn take_photograph(&mut self, kernel: &Kernel) {
        self.photograph = Some(Box::new(kernel.clone()));
    }

    /// What it has recorded.
    #[must_use]
    pub fn develop(self) -> (Film, Option<Box<Kernel>>) {
        (self.film, self.photograph)
    }
}

#[cold]
#[inline(never)]
fn make_room(steps: &mut Vec<FilmStep>) {
    steps.reserve(steps.capacity().max(USUAL_FILM));
}

/// Whether an event is a step of its own.
#[must_use]
pub fn is_step(event: &Event) -> bool {
    !matches!(event, Event::StatFlush)
}

impl Probe for Camera {
    fn observe(&mut self, kernel: &Kernel, event: Event) {
        match event {
            Event::Enter { function, args, caller } => self.enter(kernel, function, &args, caller),
            Event::Exit { function, value } => self.exit(kernel, function, value),
            _ if is_step(&event) => self.record(kernel, self.depth, || event),
            _ => {}
        }
    }

    fn enter(&mut self, kernel: &Kernel, function: &'static KFn, args: &Args, caller: &'static Location<'static>) {
        let depth = self.depth;
        self.depth = depth.saturating_add(1);
        self.record(kernel, depth, || Event::Enter { function, args: *args, caller });
    }

    fn exit(&mut self, kernel: &Kernel, function: &'static KFn, value: Arg) {
        self.depth = self.depth.saturating_sub(1);
        self.record(kernel, self.depth, || Event::Exit { function, value });
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}
