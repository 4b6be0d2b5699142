//! A film: every step of one input, in order, with its place in the tree of calls.
//!
//! Steps are addresses within an input: step n is the moment right after the n-th event. They hold typed arguments and
//! the place of the statement that did it, and are formatted only when somebody looks.

use std::any::Any;

use crate::include::sock::SockId;
use crate::include::tcp::TcpState;
use crate::kernel::Kernel;
use crate::kernel::probe::{Arg, Args, Event, KFn, Place, Probe};
use crate::source;

/// One step. In this order, because a return then fills the beginning of a step only, and one cache line instead of two.
#[derive(Clone, Debug, PartialEq)]
#[repr(C)]
pub struct FilmStep {
    /// Kernel functions around it (an entry counts itself out).
    pub depth: u16,
    /// The statement that did it; of an entry and an exit the call.
    pub place: Place,
    /// What happened.
    pub event: Event,
}

const _: () = assert!(size_of::<FilmStep>() <= 96, "a film is written to once per step: two cache lines at most");

/// The steps of one input.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Film {
    /// Steps; the moment after `steps[i]` is step i + 1.
    pub steps: Vec<FilmStep>,
}

/// A sock comes into being.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Birth {
    /// The sock.
    pub sk: SockId,
    /// The listener that it was copied from; `None` for a sock that a process makes.
    pub parent: Option<SockId>,
    /// The state that it is born in.
    pub state: TcpState,
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

    /// File and line of our source that a step lights, in the function that runs or in a stage of it; None outside every
    /// function.
    ///
    /// * An entry: the function's signature.
    /// * An exit: the statement that returns, as far as it is certain: a call whose failure or sleep is passed on, or the
    ///   `return` that is reached from the last own statement without a choice; else the brace that ends the function.
    /// * Everything else: the statement that did it. A line that only tells the probe (`note!`, `discard!`, `emit`) lights
    ///   the statement it speaks of ([`source::statement`]). Stages and helpers without `#[kfn]` are part of the function
    ///   that called them, so the line may lie in a stage below it or in another file; only what happens in a file that
    ///   is not embedded falls back to the last own statement before it, or to the signature.
    #[must_use]
    pub fn line_at(&self, step: usize) -> Option<(&'static str, u32)> {
        let function = self.function_at(step)?;
        let film_step = self.steps.get(step.checked_sub(1)?)?;
        let signature = (function.rust_file, function.line);
        match film_step.event {
            Event::Enter { .. } => Some(signature),
            Event::Exit { value, .. } => Some((function.rust_file, self.line_of_return(step, function, value))),
            _ => shown(film_step.place).or_else(|| self.statement_before(step)).or(Some(signature)),
        }
    }

    /// The own steps of the function that runs at a step, before that step, the last first: events, and entries for calls.
    fn own_steps_before(&self, step: usize) -> impl Iterator<Item = &FilmStep> {
        let entry = self.stack_at(step).last().copied().unwrap_or(step);
        let depth = self.steps.get(entry).map_or(0, |entry| entry.depth + 1);
        let between = self.steps.get(entry + 1..step.saturating_sub(1)).unwrap_or_default();
        let own = move |step: &&FilmStep| step.depth == depth && !matches!(step.event, Event::Exit { .. });
        between.iter().rev().filter(own)
    }

    /// The last own statement of the function that runs at a step, before that step.
    fn statement_before(&self, step: usize) -> Option<(&'static str, u32)> {
        self.own_steps_before(step).find_map(own_place)
    }

    /// The line on which a function returns at an exit.
    fn line_of_return(&self, step: usize, function: &KFn, value: Arg) -> u32 {
        let here = |place: &(&str, u32)| {
            place.0 == function.rust_file && (function.line..=function.last_line).contains(&place.1)
        };
        let failed = matches!(value, Arg::Errno(_) | Arg::Sleep);
        let before = step.checked_sub(2).and_then(|index| self.steps.get(index)).map(|before| &before.event);
        if matches!(before, Some(Event::Exit { value: inner, .. }) if failed && *inner == value) {
            // What the last call returned is passed on.
            let call = self.own_steps_before(step).next().and_then(own_place).filter(here);
            return call.map_or(function.last_line, |(_, line)| line);
        }
        let last = self.statement_before(step).filter(here);
        last.and_then(|(file, line)| source::straight_return(file, line)).unwrap_or(function.last_line)
    }

    /// The birth of a sock, where a step stores the first state of one that this input has made. Its event names as the
    /// old state what lay in the memory, or what the child was copied with; nothing has changed from that.
    #[must_use]
    pub fn birth_at(&self, step: usize) -> Option<Birth> {
        let (index, earlier) = (step.checked_sub(1)?, self.steps.get(..step)?);
        let Some(Event::State { sk: born, new, .. }) = earlier.get(index).map(|film_step| &film_step.event) else {
            return None;
        };
        let before = earlier.get(..index).unwrap_or(&[]).iter().rev();
        before
            .map_while(|film_step| match &film_step.event {
                Event::State { sk, .. } if sk == born => None,
                Event::NewSock { sk, parent } if sk == born => {
                    Some(Some(Birth { sk: *sk, parent: *parent, state: *new }))
                }
                _ => Some(None),
            })
            .find_map(|birth| birth)
    }

    /// Depth of the call tree right after a step.
    #[must_use]
    pub fn depth_at(&self, step: usize) -> u16 {
        match step.checked_sub(1).and_then(|index| self.steps.get(index)) {
            None => 0,
            Some(FilmStep { depth, event: Event::Enter { .. }, .. }) => depth + 1,
            Some(FilmStep { depth, .. }) => *depth,
        }
    }
}

/// The line that a place lights, if its file is embedded.
fn shown(place: Place) -> Option<(&'static str, u32)> {
    let (file, _) = source::SOURCES.iter().find(|(known, _)| *known == place.file())?;
    Some((file, source::statement(file, place.line())))
}

/// The statement of a step in the function around it: of an entry the call. A function called through a pointer knows no
/// call: its place is its own head. An exit adds nothing.
fn own_place(step: &FilmStep) -> Option<(&'static str, u32)> {
    match step.event {
        Event::Exit { .. } => None,
        Event::Enter { function, .. }
            if step.place.file() == function.rust_file
                && (function.line.saturating_sub(1)..=function.last_line).contains(&step.place.line()) =>
        {
            None
        }
        _ => shown(step.place),
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
    fn record(&mut self, kernel: &Kernel, depth: u16, place: Place, event: impl FnOnce() -> Event) {
        let steps = &mut self.film.steps;
        let length = steps.len();
        if length < LONGEST_FILM {
            if length == steps.capacity() {
                make_room(steps);
            }
            steps.extend(std::iter::once(event).map(|event| FilmStep { depth, place, event: event() }));
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
    fn observe(&mut self, kernel: &Kernel, event: Event, place: Place) {
        match event {
            Event::Enter { function, args } => self.enter(kernel, function, &args, place),
            Event::Exit { function, value } => self.exit(kernel, function, value, place),
            _ if is_step(&event) => self.record(kernel, self.depth, place, || event),
            _ => {}
        }
    }

    fn enter(&mut self, kernel: &Kernel, function: &'static KFn, args: &Args, place: Place) {
        let depth = self.depth;
        self.depth = depth.saturating_add(1);
        self.record(kernel, depth, place, || Event::Enter { function, args: *args });
    }

    fn exit(&mut self, kernel: &Kernel, function: &'static KFn, value: Arg, place: Place) {
        self.depth = self.depth.saturating_sub(1);
        self.record(kernel, self.depth, place, || Event::Exit { function, value });
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}
