//! What processes are called: by the program of the laboratory that they run, or by who makes their calls.

use stack::lab::startup::CONFIGURATION_PID;
use stack::lab::world::Host;

use crate::i18n::{Lang, Message};

/// The program that a process of a host runs; None of one that only a person's or a script's calls make.
#[must_use]
pub fn program(host: &Host, pid: i32) -> Option<&'static str> {
    let task = host.kernel.task_of_pid(pid)?;
    host.processes.iter().find(|process| process.task == task).map(|process| process.program.name())
}

/// What a process runs, in words where that is no program of the laboratory.
#[must_use]
pub fn program_name(host: &Host, pid: i32, lang: Lang) -> &'static str {
    program(host, pid).unwrap_or_else(|| match pid {
        CONFIGURATION_PID => Message::ProcessOfStartup.text(lang),
        _ => Message::ProcessOfCalls.text(lang),
    })
}
