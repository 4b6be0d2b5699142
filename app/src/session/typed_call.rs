//! System calls that a person types: each is an act of the journal at the present moment. At the end of the run the run goes
//! on with it; in the middle of the past it makes another course, in which what had been typed later never happened.

use stack::Kernel;
use stack::include::socket::SOCK_STREAM;
use stack::kernel::Completion;
use stack::kernel::call::UserCall;
use stack::kernel::probe::Event;
use stack::lab::conformance::calls::actual_call;
use stack::lab::conformance::host::Host as Surrounding;
use stack::lab::journal::{Act, Journal};
use stack::lab::run::{Moment, Run as LabRun};
use stack::lab::script::ast::Call;
use stack::lab::world::World;

use crate::i18n::{Lang, Message};
use crate::session::call_line::explain::read;
use crate::session::call_line::{Answered, Complaint, Descriptor, Surroundings};
use crate::session::held::Held;
use crate::session::{Course, FIRST_TURNS, Walk};

/// The process that makes the typed calls; it comes into being with the first one.
const PID: i32 = 110;

/// A call that was typed in a course.
#[derive(Clone, Debug)]
pub(super) struct Typed {
    host: usize,
    call: Call,
    /// Calls that the process makes before this one.
    ordinal: usize,
}

impl Walk {
    /// Makes a typed call on a host at the present moment and stands where it enters the kernel.
    pub(super) fn make_call(&mut self, host: usize, line: &str, lang: Lang) -> Result<String, Complaint> {
        if self.is_lesson() {
            return Err(Complaint::of_line(Message::LessonCalls.text(lang).to_owned()));
        }
        let Some(course) = self.course() else { return Err(lost(lang)) };
        let world = course.run.before(course.at.turn + 1);
        let (call, passed) = read(&surrounding(&world, host), line, lang)?;
        let Some(place) = world.hosts.get(host) else { return Err(lost(lang)) };
        if let Some(asleep) = busy(&place.kernel) {
            let text = Message::ProcessBusy.fill(lang, &[&PID.to_string(), asleep]);
            return Err(Complaint::of_line(text));
        }
        let done = world.acts_done();
        let acts = course.run.journal.acts.get(..done).unwrap_or(&[]);
        let ordinal = acts.iter().filter(|(_, act)| is_of_process(act, host)).count();
        let typed = Typed { host, call, ordinal };
        let at_end = course.at.turn + 1 >= course.run.reel.len() && done == course.run.journal.acts.len();
        let act = Act::Call { host, pid: PID, call: passed.clone(), planned: Vec::new() };
        let moment =
            if at_end { self.go_on(done, world.clock, act) } else { self.other_course(done, world.clock, act, lang)? };
        let Some(course) = self.course() else { return Err(lost(lang)) };
        course.typed.push(typed);
        let Some(moment) = moment else { return Err(lost(lang)) };
        let entry = Moment { step: entry(&mut course.run, moment.turn, &passed), ..moment };
        self.stand_at(entry);
        #[cfg(live)]
        self.pass();
        self.open_ended |= !self.has_peer_outside();
        let (pid, name) = (PID.to_string(), place.name.as_str());
        Ok(if at_end {
            Message::CallEntered.fill(lang, &[&pid, name])
        } else {
            Message::CallBranched.fill(lang, &[&pid, name, &(self.course + 1).to_string()])
        })
    }

    /// The run goes on with an act at its end; the moment before the first step of the act's turn.
    fn go_on(&mut self, done: usize, time: u64, act: Act) -> Option<Moment> {
        #[cfg(live)]
        self.set_running(false);
        let course = self.course()?;
        match &mut course.run {
            #[cfg(live)]
            Held::Live(live) => live.session_mut().act(std::time::Instant::now(), act),
            Held::Own(run) => run.journal.add(time, act),
            Held::Lesson(_) => return None,
        }
        play_act(&mut course.run, done)
    }

    /// Another course, in which the act comes after `done` others.
    fn other_course(&mut self, done: usize, time: u64, act: Act, lang: Lang) -> Result<Option<Moment>, Complaint> {
        let Some(old) = self.courses.get(self.course) else { return Ok(None) };
        if !matches!(old.run, Held::Own(_)) {
            return Err(Complaint::of_line(Message::LivePastFixed.text(lang).to_owned()));
        }
        let (earlier, later) = old.run.journal.acts.split_at_checked(done).unwrap_or((&[], &[]));
        let mut acts = earlier.to_vec();
        acts.push((time, act));
        acts.extend(
            later.iter().filter(|(_, act)| !old.typed.iter().any(|typed| is_of_process(act, typed.host))).cloned(),
        );
        let journal = Journal { acts, horizon: old.run.journal.horizon };
        let made =
            |typed: &Typed| earlier.iter().filter(|(_, act)| is_of_process(act, typed.host)).count() > typed.ordinal;
        let typed: Vec<Typed> = old.typed.iter().filter(|typed| made(typed)).cloned().collect();
        let mut run = LabRun::new(self.beginning.clone(), journal);
        let moment = play_act(&mut run, done);
        run.play(FIRST_TURNS);
        let mut course = Course::new(Held::Own(Box::new(run)), moment.unwrap_or_default());
        course.typed = typed;
        self.courses.push(course);
        self.course = self.courses.len() - 1;
        Ok(moment)
    }

    fn has_peer_outside(&self) -> bool {
        #[cfg(live)]
        if self.has_device() {
            return true;
        }
        false
    }

    /// What stands around the prompt on a host, once what happens now is over.
    pub(super) fn around(&mut self, host: usize) -> Surroundings {
        let Some(course) = self.course() else { return Surroundings::default() };
        let world = course.run.before(course.at.turn + 1);
        let descriptors = world.hosts.get(host).map_or(Vec::new(), |place| descriptors(&place.kernel));
        let answered = course.typed.iter().filter_map(|typed| answer(&world, typed)).collect();
        Surroundings { descriptors, answered }
    }

    /// The result of a typed call that has come since this was last asked: what is said of it.
    pub(super) fn news(&mut self, lang: Lang) -> Option<String> {
        let course = self.course()?;
        if course.typed.is_empty() {
            return None;
        }
        let world = course.run.seek(course.at).world;
        let returned: Vec<Answered> = course
            .typed
            .iter()
            .filter_map(|typed| answer(&world, typed))
            .filter(|answer| answer.result.is_some())
            .collect();
        let told = std::mem::replace(&mut course.told, returned.len());
        let last = returned.last().filter(|_| returned.len() > told)?;
        let said = format!("{} = {}", brief(&last.line), last.result.as_deref().unwrap_or(""));
        Some(Message::CallReturned.fill(lang, &[&last.host, &said]))
    }
}

fn lost(lang: Lang) -> Complaint {
    Complaint::of_line(Message::CallLost.text(lang).to_owned())
}

fn is_of_process(act: &Act, wanted: usize) -> bool {
    matches!(act, Act::Call { host, pid, .. } if *host == wanted && *pid == PID)
}

/// The call in which the process sleeps.
fn busy(kernel: &Kernel) -> Option<&'static str> {
    let task = kernel.task_of_pid(PID)?;
    kernel.tasks.get(task.0 as usize)?.call.map(stack::kernel::call::CallName::name)
}

/// Plays until the act behind `done` others has been done; the moment before the first step of its turn.
fn play_act(run: &mut LabRun, done: usize) -> Option<Moment> {
    while run.head().acts_done() <= done {
        if !run.advance() {
            return None;
        }
    }
    Some(Moment { turn: run.reel.len().checked_sub(1)?, step: 0 })
}

/// The step of a turn at which a call traps.
fn entry(run: &mut LabRun, turn: usize, call: &UserCall) -> usize {
    let film = run.film(turn);
    let traps = |event: &Event| matches!(event, Event::SyscallEnter { name, .. } if *name == call.name);
    film.steps.iter().position(|step| traps(&step.event)).map_or(1, |index| index + 1)
}

/// What `...` means on a host: its own address, and that of the first other one.
fn surrounding(world: &World, host: usize) -> Surrounding {
    let address = |host: usize| {
        let kernel = world.hosts.get(host).map(|place| &place.kernel);
        kernel.and_then(|kernel| kernel.dev.get(1)).map(|device| core::net::Ipv4Addr::from(device.pa_addr.0))
    };
    let usual = Surrounding::default();
    let other = (0..world.hosts.len()).find(|other| *other != host);
    Surrounding {
        local: address(host).unwrap_or(usual.local),
        remote: other.and_then(address).unwrap_or(usual.remote),
        ..usual
    }
}

/// The sockets that the process has open, with what each is; 0 to 2 are its terminal.
fn descriptors(kernel: &Kernel) -> Vec<Descriptor> {
    let task = kernel.task_of_pid(PID).and_then(|task| kernel.tasks.get(task.0 as usize));
    let files = task.map_or(&[][..], |task| task.files.as_slice());
    let open = files.iter().enumerate().filter_map(|(number, file)| Some((number, (*file)?)));
    open.filter_map(|(number, file)| Some(Descriptor { number, what: what(kernel, file)? })).collect()
}

/// What a file is: its socket's number, state and port.
fn what(kernel: &Kernel, file: stack::include::fs::FileId) -> Option<String> {
    let socket = kernel.files.get(file)?.f_inode?;
    let sk = kernel.sockets.get(socket)?.data?;
    let sock = kernel.sock.get(sk)?;
    let port = if sock.num == 0 { String::new() } else { format!(" :{}", sock.num) };
    let state = if sock.type_ == SOCK_STREAM { format!(" {}", sock.state.name()) } else { String::new() };
    Some(format!("sk#{}{state}{port}", sk.serial()))
}

/// A typed call as far as it has come in a world; `None` where it has not been made yet.
fn answer(world: &World, typed: &Typed) -> Option<Answered> {
    let place = world.hosts.get(typed.host)?;
    let task = place.kernel.task_of_pid(PID)?;
    let past = place.results.iter().map(|(_, done)| done).chain(&place.kernel.completions);
    let results: Vec<&Completion> = past.filter(|done| done.task == task).collect();
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
