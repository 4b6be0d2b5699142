//! The processor at a step: what its registers hold and what that means here, which flags are up, and on whose stack it runs.

use stack::Kernel;
use stack::include::errno::Errno;
use stack::kernel::call::{CallName, NR_SOCKETCALL};
use stack::kernel::probe::Event;
use stack::lab::caption::words_of_call;
use stack::lab::film::Film;
use stack::lab::startup::CONFIGURATION_PID;
use stack::lab::world::Host;
use stack::view::cpu::{BottomHalfView, CpuView};

use super::programs::program;
use crate::i18n::{Lang, Message};

/// One row: a register, a flag, or a word of memory that a register points at.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CpuRow {
    /// The name as in C or in the manual of the processor.
    pub name: String,
    /// What it holds.
    pub value: String,
    /// What it held before this step, where the step changed it.
    pub old: Option<String>,
    /// What that means here; may be empty.
    pub meaning: String,
}

/// Where in a turn a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// No process is in a call and no interrupt is handled.
    Idle,
    /// The process has loaded its registers; the trap comes next.
    BeforeTrap,
    /// The process has its result.
    AfterTrap,
    /// Inside a call.
    Kernel,
    /// Inside an interrupt or a bottom half.
    Interrupt,
}

impl Mode {
    fn of(cpu: &CpuView, film: &Film, step: usize) -> Self {
        let event = step.checked_sub(1).and_then(|index| film.steps.get(index)).map(|film_step| &film_step.event);
        match event {
            Some(Event::SyscallEnter { .. }) => Self::BeforeTrap,
            Some(Event::SyscallExit { .. }) => Self::AfterTrap,
            _ if cpu.in_interrupt => Self::Interrupt,
            _ if cpu.pid.is_some() => Self::Kernel,
            _ => Self::Idle,
        }
    }
}

/// The rows of the processor of the host that acts; `was` is its kernel at the moment that this one is compared with.
#[must_use]
pub fn cpu(host: &Host, was: &Kernel, film: &Film, step: usize, lang: Lang) -> Vec<CpuRow> {
    let k = &host.kernel;
    let (now, old) = (CpuView::of(k), CpuView::of(was));
    let mode = Mode::of(&now, film, step);
    let mut rows = vec![mode_row(mode, &now, film, step, lang), stack_row(mode, &now, host, lang)];
    rows.extend(registers(host, (&now, &old), film, step, lang));
    rows.push(CpuRow {
        name: "IF".to_owned(),
        value: u8::from(now.interrupts).to_string(),
        old: changed(now.interrupts.into(), old.interrupts.into()),
        meaning: say(if now.interrupts { Message::CpuLetsIn } else { Message::CpuHoldsOff }, lang),
    });
    rows.push(CpuRow {
        name: "intr_count".to_owned(),
        value: now.intr_count.to_string(),
        old: changed(now.intr_count, old.intr_count),
        meaning: say(if now.intr_count == 0 { Message::CpuNothingNests } else { Message::CpuNests }, lang),
    });
    let halves = BottomHalfView::all(k);
    let names = |set: fn(&BottomHalfView) -> bool| {
        let names: Vec<String> = halves.iter().filter(|half| set(half)).map(bit_name).collect();
        if names.is_empty() { say(Message::CpuNone, lang) } else { names.join(" | ") }
    };
    for (name, value, before, meaning) in [
        ("bh_mask", now.bh_mask, old.bh_mask, names(|half| half.enabled)),
        ("bh_active", now.bh_active, old.bh_active, names(|half| half.marked)),
    ] {
        let old = (value != before).then(|| format!("{before:#x}"));
        rows.push(CpuRow { name: name.to_owned(), value: format!("{value:#x}"), old, meaning });
    }
    rows.extend(halves.iter().map(|half| bottom_half(*half, lang)));
    rows
}

fn say(message: Message, lang: Lang) -> String {
    message.text(lang).to_owned()
}

fn changed(now: u32, old: u32) -> Option<String> {
    (now != old).then(|| old.to_string())
}

fn bit_name(half: &BottomHalfView) -> String {
    match half.constant() {
        "" => format!("1 << {}", half.number),
        name => name.to_owned(),
    }
}

fn bottom_half(half: BottomHalfView, lang: Lang) -> CpuRow {
    let meaning = match (half.enabled, half.marked) {
        (true, true) => Message::CpuWillRun,
        (true, false) => Message::CpuEnabled,
        (false, true) => Message::CpuMarkedOnly,
        (false, false) => Message::CpuDisabled,
    };
    CpuRow {
        name: format!("bh_base[{}]", half.number),
        value: half.routine.unwrap_or("NULL").to_owned(),
        old: None,
        meaning: say(meaning, lang),
    }
}

/// User or kernel, and by which way it came there.
fn mode_row(mode: Mode, cpu: &CpuView, film: &Film, step: usize, lang: Lang) -> CpuRow {
    let innermost = film.function_at(step).map_or("", |function| function.name);
    let outermost = film.stack_at(step).first().and_then(|entry| match &film.steps.get(*entry)?.event {
        Event::Enter { function, .. } => Some(function.name),
        _ => None,
    });
    let value = match mode {
        Mode::BeforeTrap | Mode::AfterTrap => Message::CpuUser,
        Mode::Kernel | Mode::Interrupt | Mode::Idle => Message::CpuKernel,
    };
    let meaning = match mode {
        Mode::Idle => say(Message::CpuIdle, lang),
        Mode::BeforeTrap => say(Message::CpuTrapNext, lang),
        Mode::AfterTrap => say(Message::CpuReturned, lang),
        Mode::Kernel => Message::CpuInCall.fill(lang, &[outermost.unwrap_or("system_call"), innermost]),
        Mode::Interrupt if cpu.pid.is_some() => Message::CpuInterrupts.fill(lang, &[innermost]),
        Mode::Interrupt => Message::CpuInterruptsIdle.fill(lang, &[innermost]),
    };
    CpuRow { name: say(Message::CpuMode, lang), value: say(value, lang), old: None, meaning }
}

/// Whose kernel stack it is: an interrupt has none of its own.
fn stack_row(mode: Mode, cpu: &CpuView, host: &Host, lang: Lang) -> CpuRow {
    let pid = cpu.pid.unwrap_or(0);
    let program = cpu.pid.and_then(|pid| program(host, pid));
    let meaning = match (mode, program) {
        (Mode::Interrupt, _) => say(Message::CpuBorrowed, lang),
        (Mode::Idle, _) | (_, None) if pid == 0 => say(Message::CpuIdleTask, lang),
        (_, Some(program)) => Message::CpuStackOf.fill(lang, &[program]),
        (_, None) => {
            say(if pid == CONFIGURATION_PID { Message::CpuStackOfStartup } else { Message::CpuStackOfPerson }, lang)
        }
    };
    CpuRow { name: say(Message::CpuStack, lang), value: format!("pid {pid}"), old: None, meaning }
}

/// EAX to EDI as far as the call uses them, and the words that ECX (of select EBX) points at.
fn registers(host: &Host, (now, old): (&CpuView, &CpuView), film: &Film, step: usize, lang: Lang) -> Vec<CpuRow> {
    let k = &host.kernel;
    let Some(task) = k.current else {
        let meaning = say(Message::CpuNobodys, lang);
        let nobody =
            |name: &str| CpuRow { name: name.to_owned(), value: "—".to_owned(), old: None, meaning: meaning.clone() };
        return ["EAX", "EBX", "ECX"].map(nobody).to_vec();
    };
    let number = u32::try_from(now.orig_eax).unwrap_or(now.eax);
    let is_socket_call = number == NR_SOCKETCALL;
    let fits = |call: &CallName| call.number() == number && (!is_socket_call || call.sub_call() == now.ebx);
    let call = CallName::OF_PROGRAMS.iter().copied().find(fits);
    let words = call.map_or_else(Vec::new, |call| words_of_call(k, &host.name, task, call));
    let list = words.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(", ");
    let pointer = |address: u32| format!("{address:#x}");
    let is_mapped = |address: u32| k.current().memory.range(address, 1).is_some();
    let word = |word: u32| if is_mapped(word) { pointer(word) } else { word.cast_signed().to_string() };
    // What another process had in its registers is not what these held before.
    let row = |name: &str, text: &dyn Fn(u32) -> String, (value, before): (u32, u32), meaning: String| CpuRow {
        name: name.to_owned(),
        value: text(value),
        old: (old.pid == now.pid && value != before).then(|| text(before)),
        meaning,
    };
    let points = Message::CpuPointsAt.fill(lang, &[&list]);
    let is_result = has_result(film, step);
    let number_of = |eax: u32| if is_result { eax.cast_signed().to_string() } else { eax.to_string() };
    let mut rows = vec![row("EAX", &number_of, (now.eax, old.eax), eax(k, now, is_result, lang))];
    let register = match call {
        Some(CallName::Select) => {
            rows.push(row("EBX", &pointer, (now.ebx, old.ebx), points));
            "EBX"
        }
        Some(call) if is_socket_call => {
            let sub_call = format!("SYS_{}", call.name().to_uppercase());
            rows.push(row("EBX", &|sub_call| sub_call.to_string(), (now.ebx, old.ebx), sub_call));
            rows.push(row("ECX", &pointer, (now.ecx, old.ecx), points));
            "ECX"
        }
        Some(_) | None => {
            let held = |cpu: &CpuView| [cpu.ebx, cpu.ecx, cpu.edx, cpu.esi, cpu.edi];
            let registers = ["EBX", "ECX", "EDX", "ESI", "EDI"].into_iter().zip(held(now).into_iter().zip(held(old)));
            rows.extend(registers.enumerate().take(words.len().max(2)).map(|(place, (name, values))| {
                let meaning = words.get(place).map_or_else(String::new, |(_, text)| text.clone());
                row(name, &word, values, meaning)
            }));
            return rows;
        }
    };
    rows.extend(words.into_iter().enumerate().map(|(place, (held, meaning))| CpuRow {
        name: format!("[{register}+{}]", place * 4),
        value: held.map_or_else(|| "—".to_owned(), word),
        old: None,
        meaning,
    }));
    rows
}

/// Whether EAX holds the result at a step: it is stored right before the way back begins.
fn has_result(film: &Film, step: usize) -> bool {
    let so_far = film.steps.get(..step).unwrap_or(&[]);
    so_far.iter().any(|film_step| match &film_step.event {
        Event::Enter { function, .. } => function.name == "ret_from_sys_call",
        Event::SyscallExit { .. } => true,
        _ => false,
    })
}

fn eax(k: &Kernel, cpu: &CpuView, is_result: bool, lang: Lang) -> String {
    if is_result {
        let result = cpu.eax.cast_signed();
        let name = result.checked_neg().filter(|number| *number > 0).and_then(|number| Errno(number).name());
        return match name {
            Some(name) => Message::CpuResult.fill(lang, &[&format!("-{name}")]),
            None => Message::CpuResult.fill(lang, &[&result.to_string()]),
        };
    }
    let function = k.sys_call_table.get(cpu.eax).map_or("NULL", |call| call.name);
    format!("sys_call_table[{}] = {function}", cpu.eax)
}
