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
        old: changed(u8::from(now.interrupts), u8::from(old.interrupts)),
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

fn changed<T: PartialEq + ToString>(now: T, old: T) -> Option<String> {
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

/// The program that a process of a host runs; None of one that only a person's or a script's calls make.
#[must_use]
pub fn program(host: &Host, pid: i32) -> Option<&'static str> {
    let task = host.kernel.task_of_pid(pid)?;
    host.processes.iter().find(|process| process.task == task).map(|process| process.program.name())
}

/// EAX to EDI as far as the call uses them, and the words that ECX (of select EBX) points at.
fn registers(host: &Host, (now, old): (&CpuView, &CpuView), film: &Film, step: usize, lang: Lang) -> Vec<CpuRow> {
    let k = &host.kernel;
    let row = |name: &str, value: String, before: String, meaning: String| {
        let old = (old.pid == now.pid && value != before).then_some(before);
        CpuRow { name: name.to_owned(), value, old, meaning }
    };
    let Some(task) = k.current else {
        let nobody = |name: &&str| CpuRow {
            meaning: say(Message::CpuNobodys, lang),
            ..row(name, "—".to_owned(), "—".to_owned(), String::new())
        };
        return ["EAX", "EBX", "ECX"].iter().map(nobody).collect();
    };
    let number = u32::try_from(now.orig_eax).unwrap_or(now.eax);
    let call = CallName::OF_PROGRAMS
        .iter()
        .copied()
        .find(|call| call.number() == number && (number != NR_SOCKETCALL || call.sub_call() == now.ebx));
    let words = call.map_or_else(Vec::new, |call| words_of_call(k, &host.name, task, call));
    let list = words.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(", ");
    let is_result = has_result(film, step);
    let as_number = |eax: u32| if is_result { eax.cast_signed().to_string() } else { eax.to_string() };
    let mut rows = vec![row("EAX", as_number(now.eax), as_number(old.eax), eax(k, now, is_result, lang))];
    let block = call.filter(|call| number == NR_SOCKETCALL || *call == CallName::Select);
    let pointer = |address: u32| format!("{address:#x}");
    match block {
        Some(CallName::Select) => {
            rows.push(row("EBX", pointer(now.ebx), pointer(old.ebx), Message::CpuPointsAt.fill(lang, &[&list])))
        }
        Some(call) => {
            let sub_call = format!("SYS_{}", call.name().to_uppercase());
            rows.push(row("EBX", now.ebx.to_string(), old.ebx.to_string(), sub_call));
            rows.push(row("ECX", pointer(now.ecx), pointer(old.ecx), Message::CpuPointsAt.fill(lang, &[&list])));
        }
        None => {
            let fields = [
                ("EBX", now.ebx, old.ebx),
                ("ECX", now.ecx, old.ecx),
                ("EDX", now.edx, old.edx),
                ("ESI", now.esi, old.esi),
                ("EDI", now.edi, old.edi),
            ];
            for (place, (name, value, before)) in fields.into_iter().enumerate() {
                let meaning = words.get(place).map_or_else(String::new, |(_, text)| text.clone());
                if place < words.len().max(2) {
                    rows.push(row(name, value.cast_signed().to_string(), before.cast_signed().to_string(), meaning));
                }
            }
        }
    }
    let register = if block == Some(CallName::Select) { "EBX" } else { "ECX" };
    for (place, (word, text)) in words.iter().enumerate().filter(|_| block.is_some()) {
        let value = word.map_or_else(|| "—".to_owned(), |word| in_memory(word, text));
        rows.push(CpuRow { name: format!("[{register}+{}]", place * 4), value, old: None, meaning: text.clone() });
    }
    rows
}

/// A word of memory: small numbers as numbers, what a pointer holds as an address.
fn in_memory(word: u32, meaning: &str) -> String {
    let number = word.cast_signed().to_string();
    if meaning == number || word < 0x1_0000 { number } else { format!("{word:#x}") }
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
