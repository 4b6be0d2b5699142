//! Why: what a person can ask about something on the screen, and the question on its way to its answer. What is selected is
//! named as the panes name it; the engine is [`stack::lab::why`]. Promise: asking moves nothing; whoever goes to a link can come
//! back to where he asked.

use stack::include::in_addr::InAddr;
use stack::include::sched::TaskState;
use stack::include::tcp::TcpState;
use stack::kernel::probe::TimerRole;
use stack::lab::journal::HostId;
use stack::lab::run::Moment;
use stack::lab::why::{Answer, Inquiry, Progress, Question, TimerKey};
use stack::lab::world::World;
use stack::view::sock::{SockView, by_number};

use super::Session;
use crate::i18n::Words;

/// Something on the screen that can be asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selected {
    /// A field of a sock: `A/sk#2` and `cong_window`.
    Field {
        /// The sock.
        sock: String,
        /// The field.
        field: String,
    },
    /// A sock.
    Sock(String),
    /// A frame, by its number from 1.
    Frame(u64),
    /// A timer: what it calls, and whose it is, such as `A/sk#1 TIME_WRITE`.
    Timer {
        /// The function.
        function: String,
        /// The owner.
        owner: String,
    },
    /// An entry of the ARP table, by its address.
    Neighbour(String),
    /// A call on the stack, by how many others it has called that still run.
    Call(usize),
    /// A process: `A pid 100`.
    Process(String),
    /// A frame that only the capture of a replay has, by its line in the comparison.
    Captured(usize),
    /// The step under the cursor.
    Step,
}

/// A question that makes sense for what is selected.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// The question.
    pub question: Question,
    /// The moment at which it is asked.
    pub at: Moment,
    /// The question in words.
    pub words: Words<String>,
}

/// What came of a slice.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    /// Nobody asks anything.
    Nothing,
    /// It goes on: turns looked through, and turns that there are.
    Unfinished(usize, usize),
    /// The answer.
    Answer(Box<Answer>),
}

/// The host and the number of a sock in its name `A/sk#2`.
fn sock_of(world: &World, name: &str) -> Option<(HostId, u32)> {
    let (host, number) = name.split_once("/sk#")?;
    let host = world.hosts.iter().position(|known| known.name == host)?;
    let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
    Some((host, digits.parse().ok()?))
}

/// The host and the id of a process in its name `A pid 100`.
fn process_of(world: &World, name: &str) -> Option<(HostId, i32)> {
    let (host, pid) = name.split_once(" pid ")?;
    let host = world.hosts.iter().position(|known| known.name == host)?;
    Some((host, pid.parse().ok()?))
}

/// The questions about a selected thing of the host that is looked at.
fn questions(world: &World, host: HostId, selected: &Selected) -> Vec<Question> {
    match selected {
        Selected::Field { sock, field } => {
            let Some((host, sk)) = sock_of(world, sock) else { return Vec::new() };
            let mut asked = Vec::new();
            match field.as_str() {
                "state" => asked.push(Question::State { host, sk }),
                name => asked.extend(SockView::reader(name).map(|field| Question::Field { host, sk, field })),
            }
            asked.extend(
                of_sock(world, host, sk).into_iter().filter(|other| !asked.contains(other)).collect::<Vec<_>>(),
            );
            asked
        }
        Selected::Sock(name) => sock_of(world, name).map_or_else(Vec::new, |(host, sk)| of_sock(world, host, sk)),
        Selected::Frame(number) => {
            let number = usize::try_from(*number).unwrap_or(usize::MAX);
            vec![
                Question::FrameLeft(number),
                Question::FrameNotAnswered(number),
                Question::FrameNotArrived(number),
                Question::FrameDropped(number),
            ]
        }
        Selected::Timer { function, owner } => {
            let (on, number) = sock_of(world, owner).map_or((host, None), |(host, sk)| (host, Some(sk)));
            let entry = owner.split(' ').next().and_then(|word| word.parse::<std::net::Ipv4Addr>().ok());
            let entry = entry.and_then(|address| arp_entry(world, on, address));
            TimerKey::of(function, number.or(entry)).map_or_else(Vec::new, |timer| {
                vec![Question::NotFired { host: on, timer }, Question::Fired { host: on, timer }]
            })
        }
        Selected::Neighbour(address) => address.parse::<std::net::Ipv4Addr>().map_or_else(
            |_| Vec::new(),
            |ip| {
                let asked = Question::ArpNothing { host, address: InAddr(ip.into()) };
                let timer = TimerKey { role: TimerRole::ArpEntry, owner: arp_entry(world, host, ip) };
                vec![asked, Question::NotFired { host, timer }]
            },
        ),
        Selected::Process(name) => process_of(world, name).map_or_else(Vec::new, |(host, pid)| {
            vec![Question::StillSleeps { host, pid }, Question::Woke { host, pid }]
        }),
        Selected::Captured(_) | Selected::Call(_) | Selected::Step => Vec::new(),
    }
}

/// The serial number of the ARP entry of an address.
fn arp_entry(world: &World, host: HostId, address: std::net::Ipv4Addr) -> Option<u32> {
    let k = &world.hosts.get(host)?.kernel;
    let wanted = InAddr(address.into());
    k.arp.iter().find(|(_, entry)| entry.ip == wanted).map(|(id, _)| id.serial())
}

/// The questions about a sock, and about the processes that sleep on it.
fn of_sock(world: &World, host: HostId, sk: u32) -> Vec<Question> {
    let mut asked = vec![Question::State { host, sk }];
    let Some(k) = world.hosts.get(host).map(|host| &host.kernel) else { return asked };
    let sock = by_number(k, sk).and_then(|sk| k.sock.get(sk));
    if sock.is_some_and(|sock| sock.state == TcpState::Listen) {
        asked.push(Question::AcceptsNothing { host, sk });
    }
    asked.push(Question::OnBackLog { host, sk });
    asked
}

/// The processes of a host, those that sleep first.
fn processes(world: &World, host: HostId) -> Vec<Question> {
    let Some(k) = world.hosts.get(host).map(|host| &host.kernel) else { return Vec::new() };
    let living = k.tasks.iter().skip(1).filter(|task| task.state != TaskState::Unused);
    let (asleep, others): (Vec<_>, Vec<_>) = living.partition(|task| task.state == TaskState::Interruptible);
    let asleep = asleep
        .into_iter()
        .flat_map(|task| [Question::StillSleeps { host, pid: task.pid }, Question::Woke { host, pid: task.pid }]);
    let others = others.into_iter().filter(|task| task.call.is_some());
    asleep.chain(others.map(|task| Question::Woke { host, pid: task.pid })).collect()
}

impl Session {
    /// The questions that make sense for something that is selected, with the host that is looked at; the last ones are about
    /// processes and about the present step.
    pub fn questions(&mut self, host: usize, selected: &Selected) -> Vec<Item> {
        let at = self.moment();
        let run = self.run();
        let world = run.seek(at).world;
        let mut asked = questions(&world, host, selected);
        // A frame further down the ladder is asked about where the run has come to.
        let later = matches!(selected, Selected::Frame(number) if is_ahead(run, *number, at));
        let end = run.end();
        let mask = self.branch_mut().origin.hides_from();
        let at = if later { mask.map_or(end, |mask| mask.min(end)) } else { at };
        let run = self.run();
        if matches!(
            selected,
            Selected::Sock(_) | Selected::Field { .. } | Selected::Captured(_) | Selected::Call(_) | Selected::Step
        ) {
            asked.extend(processes(&world, host));
        }
        asked.retain(|question| may_ask(question, run.frames.len()));
        let mut items: Vec<Item> =
            asked.into_iter().map(|question| Item { words: question.words(run), question, at }).collect();
        if let Selected::Captured(line) = selected {
            items.splice(0..0, self.asked_instead(*line));
        }
        if let Selected::Call(depth) = selected {
            items.splice(0..0, self.ran(*depth));
        }
        let words = Question::Step.words(self.run());
        items.push(Item { question: Question::Step, at, words });
        items
    }

    /// Why a function on the stack ran, by how many of those that it has called still run.
    fn ran(&mut self, depth: usize) -> Option<Item> {
        let at = self.moment();
        let film = self.run().film(at.turn);
        let stack = film.stack_at(at.step);
        let entry = *stack.iter().rev().nth(depth)?;
        let stack::kernel::probe::Event::Enter { function, .. } = film.steps.get(entry)?.event else { return None };
        let at = Moment { turn: at.turn, step: entry + 1 };
        let name = function.name;
        let words = Words::new(format!("Why did {name} run?"), format!("{name} 为什么运行？"));
        Some(Item { question: Question::Step, at, words })
    }

    /// Begins to look for an answer, and gives an earlier question up.
    pub fn ask(&mut self, question: Question, at: Moment) {
        self.inquiry = Some(Inquiry::new(question, at));
    }

    /// The branch under the cursor, from 0: a moment of an answer is one of its branch.
    #[must_use]
    pub fn branch_here(&self) -> usize {
        self.branch
    }

    /// Puts the cursor at a moment of an answer; a run that goes on by itself pauses.
    pub fn visit(&mut self, moment: Moment) -> super::answer::Answer {
        if let Some(outside) = self.branch_mut().origin.outside() {
            outside.set_running(false);
        }
        self.stand_at(moment)
    }

    /// Whether a question is being looked into.
    #[must_use]
    pub fn is_asking(&self) -> bool {
        self.inquiry.is_some()
    }

    /// Looks through about so many turns more for the answer.
    pub fn look_into(&mut self, turns: usize) -> Told {
        let Some(mut inquiry) = self.inquiry.take() else { return Told::Nothing };
        match inquiry.proceed(self.run(), turns) {
            Progress::Answered(answer) => Told::Answer(answer),
            Progress::Unfinished { done, of } => {
                self.inquiry = Some(inquiry);
                Told::Unfinished(done, of)
            }
        }
    }

    /// The number of a moment, counted in steps from the beginning of the run.
    pub fn number_of(&mut self, moment: Moment) -> u64 {
        self.branch_mut().number(moment)
    }

    /// The moment of a step, by its number.
    pub fn moment_of(&mut self, step: u64) -> Moment {
        self.branch_mut().moment(step)
    }
}

/// Whether a frame leaves later than a moment.
fn is_ahead(run: &stack::lab::run::Run, number: u64, at: Moment) -> bool {
    let place = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
    place.and_then(|place| run.frames.get(place)).is_some_and(|frame| frame.moment > at)
}

/// Whether a question names a frame that the run has.
fn may_ask(question: &Question, frames: usize) -> bool {
    match question {
        Question::FrameLeft(number)
        | Question::FrameDropped(number)
        | Question::FrameNotArrived(number)
        | Question::FrameNotAnswered(number) => (1..=frames).contains(number),
        _ => true,
    }
}
