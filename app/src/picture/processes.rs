//! The processes of all hosts: what each does, where it sleeps and how far it came, and what its descriptors lead to.

use stack::lab::caption::words_of_call;
use stack::lab::world::{Host, World};
use stack::view::process::{DescriptorView, ProcessView, QueueOfSleepers};
use stack::view::sock::name;

use super::programs::program_name;
use super::sock_list::SockPlace;
use crate::i18n::{Lang, Message};

/// The bit of `f_flags` that makes a file refuse to sleep.
const O_NONBLOCK: i32 = stack::include::fs::O_NONBLOCK;

/// One process.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Process {
    /// Its host and id, such as `A pid 100`.
    pub name: String,
    /// The program it runs; of one that only a person or a script calls for, who that is.
    pub program: String,
    /// `TASK_...`.
    pub state: &'static str,
    /// Whether it has the processor.
    pub runs: bool,
    /// The call it is in, with its arguments; empty where it computes by itself.
    pub call: String,
    /// Where it sleeps, or slept until it was woken; empty where nothing of its call is put aside.
    pub sleep: String,
    /// What was done before it fell asleep, the innermost function first.
    pub done: Vec<String>,
    /// Its open descriptors.
    pub descriptors: Vec<Descriptor>,
    /// Whether this step changed anything of it.
    pub changed: bool,
}

/// A descriptor with the chain behind it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Descriptor {
    /// `fd 3`, then file, inode and sock, as far as the chain goes.
    pub chain: Vec<String>,
    /// The sock at its end, where there is one.
    pub sock: Option<SockPlace>,
}

/// The processes of a world, host by host; `before` is the world that this one is compared with.
#[must_use]
pub fn processes(world: &World, before: &World, lang: Lang) -> Vec<Process> {
    let mut all = Vec::new();
    for (place, host) in world.hosts.iter().enumerate() {
        let old = before.hosts.get(place).map_or_else(Vec::new, |host| ProcessView::all(&host.kernel));
        let views = ProcessView::all(&host.kernel);
        all.extend(views.iter().map(|view| Process {
            changed: old.iter().find(|old| old.pid == view.pid) != Some(view),
            ..process(place, host, view, lang)
        }));
    }
    all
}

fn process(place: usize, host: &Host, view: &ProcessView, lang: Lang) -> Process {
    let call = view.call.map_or_else(String::new, |call| {
        let words = words_of_call(&host.kernel, &host.name, view.task, call);
        let list = words.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(", ");
        format!("{}({list})", call.name())
    });
    Process {
        name: format!("{} pid {}", host.name, view.pid),
        program: program_name(host, view.pid, lang).to_owned(),
        state: view.state,
        runs: view.runs,
        call,
        sleep: sleep(&host.name, view, lang),
        done: view.done.iter().map(|words| words.text(lang).to_owned()).collect(),
        descriptors: descriptors(place, &host.name, &view.descriptors),
        changed: false,
    }
}

fn sleep(host: &str, view: &ProcessView, lang: Lang) -> String {
    let Some(function) = view.asleep_in else { return String::new() };
    if view.state == "TASK_RUNNING" {
        let message = if view.runs { Message::ProcessGoesOn } else { Message::ProcessWoken };
        return message.fill(lang, &[function]);
    }
    let queues = view.queues.iter().map(|queue| match queue {
        QueueOfSleepers::Inode(inode, Some(sk)) => format!("i_wait of inode#{inode} ({})", name(host, *sk)),
        QueueOfSleepers::Inode(inode, None) => format!("i_wait of inode#{inode}"),
        QueueOfSleepers::MasterSelect => "master_select".to_owned(),
    });
    let queues = queues.map(|queue| if lang == Lang::Zh { queue.replace(" of ", "：") } else { queue });
    let queues = queues.collect::<Vec<_>>().join(", ");
    let asleep = Message::ProcessSleeps.fill(lang, &[function, &queues]);
    match view.wakes_in {
        Some(left) => format!("{asleep}{}", Message::ProcessWakesIn.fill(lang, &[&left.to_string()])),
        None => asleep,
    }
}

/// The descriptors, those that lead to the same file in one.
fn descriptors(place: usize, host: &str, views: &[DescriptorView]) -> Vec<Descriptor> {
    let mut all: Vec<Descriptor> = Vec::new();
    for view in views {
        let next = chain(place, host, view);
        match all.last_mut() {
            Some(last) if last.chain.get(1..) == next.chain.get(1..) => {
                if let Some(first) = last.chain.first_mut() {
                    first.push_str(&format!(", {}", view.fd));
                }
            }
            _ => all.push(next),
        }
    }
    all
}

fn chain(place: usize, host: &str, view: &DescriptorView) -> Descriptor {
    let mut file = format!("file#{}", view.file);
    if view.f_count != 1 {
        file.push_str(&format!(" ×{}", view.f_count));
    }
    if view.f_flags & O_NONBLOCK != 0 {
        file.push_str(" O_NONBLOCK");
    }
    let inode = view.inode.map(|inode| format!("inode#{inode} {}", view.socket_state));
    let sock = view.sock.map(|sk| format!("{} {}", name(host, sk), view.sock_state));
    let chain = [Some(format!("fd {}", view.fd)), Some(file), inode, sock];
    Descriptor {
        chain: chain.into_iter().flatten().collect(),
        sock: view.sock.map(|number| SockPlace { host: place, number }),
    }
}
