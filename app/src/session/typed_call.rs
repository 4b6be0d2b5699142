//! System calls that a person types: each is an act of the journal at the present moment. At the end of the run the run goes
//! on with it; in the past it makes a branch, in which what had been typed later never happened.

use stack::Kernel;
use stack::include::socket::SOCK_STREAM;
use stack::kernel::Completion;
use stack::kernel::call::UserCall;
use stack::kernel::probe::Event;
use stack::lab::conformance::calls::actual_call;
use stack::lab::conformance::host::ScriptHost;
use stack::lab::journal::Act;
use stack::lab::run::{Moment, Run};
use stack::lab::script::ast::Call;
use stack::lab::script::constants::value;
use stack::lab::world::World;
use stack::view::sock::name;

use super::Session;
use super::answer::Refused;
use super::call_line::explain::read;
use super::call_line::{Answered, CallLineError, Descriptor, Surroundings};
use super::origin::Edit;
use crate::i18n::{Lang, Message};

/// The process that makes the typed calls; it comes into being with the first one.
const PID: i32 = 110;

/// A call that was typed in a branch.
#[derive(Clone, Debug)]
pub(super) struct Typed {
    host: usize,
    call: Call,
    /// Calls that the process makes before this one.
    ordinal: usize,
}

impl Session {
    /// Makes a typed call on a host at the present moment and stands where it enters the kernel.
    ///
    /// # Errors
    /// What is wrong with the line, or why no call can be made here.
    pub fn prompt(&mut self, line: &str, host: usize, lang: Lang) -> Result<String, CallLineError> {
        let branch = self.branch_mut();
        if branch.origin.lesson().is_some() {
            return Err(refused(&Refused::LessonCalls, lang));
        }
        if let Some(kill) = kill(line) {
            let (pid, signal) = kill.map_err(|word| CallLineError::of_line(Message::KillUsage.fill(lang, &[&word])))?;
            let done = self.signal(host, pid, signal, lang).map_err(|why| refused(&why, lang))?;
            return Ok(done.text(lang));
        }
        let at = branch.at;
        let run = branch.origin.run_mut();
        let world = run.before(at.turn + 1);
        let (call, passed) = read(&surrounding(&world, host), line, lang)?;
        let Some(place) = world.hosts.get(host) else { return Err(refused(&Refused::CallLost, lang)) };
        if let Some(asleep) = busy(&place.kernel) {
            let text = Message::ProcessBusy.fill(lang, &[&PID.to_string(), asleep]);
            return Err(CallLineError::of_line(text));
        }
        let done = world.acts_done();
        let ordinal = ordinal(run.journal.acts.get(..done).unwrap_or(&[]), host);
        let act = Act::Call { host, pid: PID, call: passed.clone(), planned: Vec::new() };
        let edit = Edit::Act { act, time: world.clock, done };
        let parted = self.edit(&edit, at).map_err(|why| refused(&why, lang))?;
        let number = (self.branch + 1).to_string();
        let branch = self.branch_mut();
        branch.typed.push(Typed { host, call, ordinal });
        let moment = Moment { step: entry(branch.origin.run_mut(), branch.at.turn, &passed), ..branch.at };
        branch.stand(moment);
        let (pid, name) = (PID.to_string(), place.name.as_str());
        Ok(if parted {
            Message::CallBranched.fill(lang, &[&pid, name, &number])
        } else {
            Message::CallEntered.fill(lang, &[&pid, name])
        })
    }

    /// What stands around the prompt on a host, once what happens now is over.
    pub fn surroundings(&mut self, host: usize) -> Surroundings {
        let branch = self.branch_mut();
        let turn = branch.at.turn + 1;
        let world = branch.origin.run_mut().before(turn);
        let descriptors = world.hosts.get(host).map_or(Vec::new(), |place| descriptors(&place.kernel, &place.name));
        let answered = branch.typed.iter().filter_map(|typed| answer(&world, typed)).collect();
        Surroundings { descriptors, answered }
    }

    /// The result of a typed call that has come since this was last asked: what is said of it.
    pub fn returned(&mut self, lang: Lang) -> Option<String> {
        let branch = self.branch_mut();
        if branch.typed.is_empty() {
            return None;
        }
        let at = branch.at;
        let world = branch.origin.run_mut().seek(at).world;
        let returned: Vec<Answered> = branch
            .typed
            .iter()
            .filter_map(|typed| answer(&world, typed))
            .filter(|answer| answer.result.is_some())
            .collect();
        let told = std::mem::replace(&mut branch.told, returned.len());
        let last = returned.last().filter(|_| returned.len() > told)?;
        let said = format!("{} = {}", brief(&last.line), last.result.as_deref().unwrap_or(""));
        Some(Message::CallReturned.fill(lang, &[&last.host, &said]))
    }
}

impl Typed {
    /// A call of a host, behind so many others of its process.
    pub(super) fn of(host: usize, call: Call, ordinal: usize) -> Self {
        Self { host, call, ordinal }
    }

    /// What is kept of it: host, calls before it, text.
    pub(super) fn kept(&self) -> (usize, usize, String) {
        (self.host, self.ordinal, self.call.to_string())
    }

    /// Whether the call has been made by the acts of a journal.
    pub(super) fn is_made_in(&self, acts: &[(u64, Act)]) -> bool {
        ordinal(acts, self.host) > self.ordinal
    }
}

/// The process and the signal of a typed `kill(PID, SIGNAL)`, or the word of it that is neither; none where the line is no such call.
fn kill(line: &str) -> Option<Result<(i32, i32), String>> {
    let inside = line.trim().strip_prefix("kill(")?.trim_end().trim_end_matches(';').strip_suffix(')')?;
    let (pid, signal) = inside.split_once(',').unwrap_or((inside, ""));
    let (pid, signal) = (pid.trim(), signal.trim());
    let known = signal.starts_with("SIG").then(|| value(signal)).flatten();
    let number = known.and_then(|number| i32::try_from(number).ok()).or_else(|| signal.parse().ok());
    Some(match (pid.parse(), number.filter(|number| (1..=32).contains(number))) {
        (Ok(pid), Some(signal)) => Ok((pid, signal)),
        (Err(_), _) => Err(pid.to_owned()),
        (Ok(_), None) => Err(signal.to_owned()),
    })
}

fn refused(why: &Refused, lang: Lang) -> CallLineError {
    CallLineError::of_line(why.text(lang))
}

/// Calls that the process of a host makes in so many acts.
fn ordinal(acts: &[(u64, Act)], wanted: usize) -> usize {
    acts.iter().filter(|(_, act)| matches!(act, Act::Call { host, .. } if *host == wanted) && is_typed(act)).count()
}

/// Whether an act is a call that a person has typed.
fn is_typed(act: &Act) -> bool {
    matches!(act, Act::Call { pid, .. } if *pid == PID)
}

/// The call in which the process sleeps.
fn busy(kernel: &Kernel) -> Option<&'static str> {
    let task = kernel.task_of_pid(PID)?;
    kernel.tasks.get(task.0 as usize)?.call.map(stack::kernel::call::CallName::name)
}

/// Whether an act is one that a person does while he looks at a run.
pub(super) fn is_of_person(act: &Act) -> bool {
    is_typed(act) || matches!(act, Act::Signal { .. } | Act::Expire { .. })
}

/// Plays until the act behind `done` others has been done; the moment before the first step of its turn.
pub(super) fn play_act(run: &mut Run, done: usize) -> Option<Moment> {
    while run.head().acts_done() <= done {
        if !run.advance() {
            return None;
        }
    }
    Some(Moment { turn: run.turns.len().checked_sub(1)?, step: 0 })
}

/// The step of a turn at which a call traps.
fn entry(run: &mut Run, turn: usize, call: &UserCall) -> usize {
    let film = run.film(turn);
    let traps = |event: &Event| matches!(event, Event::SyscallEnter { name, .. } if *name == call.name);
    film.steps.iter().position(|step| traps(&step.event)).map_or(1, |index| index + 1)
}

/// What `...` means on a host: its own address, and that of the first other one.
fn surrounding(world: &World, host: usize) -> ScriptHost {
    let address = |host: usize| {
        let kernel = world.hosts.get(host).map(|place| &place.kernel);
        kernel.and_then(|kernel| kernel.dev.get(1)).map(|device| core::net::Ipv4Addr::from(device.pa_addr.0))
    };
    let usual = ScriptHost::default();
    let other = (0..world.hosts.len()).find(|other| *other != host);
    ScriptHost {
        local: address(host).unwrap_or(usual.local),
        remote: other.and_then(address).unwrap_or(usual.remote),
        ..usual
    }
}

/// The sockets that the process has open, with what each is; 0 to 2 are its terminal.
fn descriptors(kernel: &Kernel, host: &str) -> Vec<Descriptor> {
    let task = kernel.task_of_pid(PID).and_then(|task| kernel.tasks.get(task.0 as usize));
    let open = task.into_iter().flat_map(|task| task.files.iter());
    open.filter_map(|(number, file)| Some(Descriptor { number, what: what(kernel, host, file)? })).collect()
}

/// What a file is: its socket's number, state and port.
fn what(kernel: &Kernel, host: &str, file: stack::include::fs::FileId) -> Option<String> {
    let socket = kernel.files.get(file)?.f_inode?;
    let sk = kernel.sockets.get(socket)?.data?;
    let sock = kernel.sock.get(sk)?;
    let port = if sock.num == 0 { String::new() } else { format!(" :{}", sock.num) };
    let state = if sock.type_ == SOCK_STREAM { format!(" {}", sock.state.name()) } else { String::new() };
    Some(format!("{}{state}{port}", name(host, sk.serial())))
}

/// A typed call as far as it has come in a world; `None` where it has not been made yet.
fn answer(world: &World, typed: &Typed) -> Option<Answered> {
    let place = world.hosts.get(typed.host)?;
    let task = place.kernel.task_of_pid(PID)?;
    let past = place.results.iter().map(|(_, done)| done).filter(|done| done.task == task);
    let now = place.kernel.completions.iter().filter(|returned| returned.task == task);
    let now: Vec<Completion> = now.map(|returned| place.kernel.completion(*returned)).collect();
    let results: Vec<&Completion> = past.chain(&now).collect();
    let host = place.name.clone();
    if let Some(done) = results.get(typed.ordinal) {
        let mut actual = actual_call(&typed.call, done);
        let result = actual.outcome.take().map_or(String::new(), |outcome| outcome.to_string());
        return Some(Answered { host, line: actual.to_string(), result: Some(result) });
    }
    let under_way = typed.ordinal == results.len() && busy(&place.kernel).is_some();
    under_way.then(|| Answered { host, line: typed.call.to_string(), result: None })
}

/// A call short enough to stand beside its result.
fn brief(line: &str) -> String {
    match line.split_once(", ") {
        Some((head, rest)) if rest.chars().count() > 40 => format!("{head}, …)"),
        _ => line.to_owned(),
    }
}
