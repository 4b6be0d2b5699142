//! The run as the judge: which option holds, and at which steps that was settled.
//!
//! A step that settles something is told as what happened to the thing in question. A sock is *born* in its first state: that
//! the kernel makes it as a copy and stores the state a line later is no change of a sock that anybody has seen.

use stack::kernel::probe::{Event, KFn};
use stack::lab::film::{Film, FilmStep};
use stack::lab::movement::Direction;
use stack::lab::query::{Expression, Hosts, Path, Place, Subject, evidence, find};
use stack::lab::run::{Moment, Run, Snapshot};
use stack::lab::world::World;
use stack::view::Value;
use stack::words::{Lang, Words};

use crate::lesson::{Choice, Condition};

/// Pieces of evidence that are shown at most.
const MOST: usize = 4;

/// A step that settles a question, told in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The moment right after it: where a screen goes when it is chosen, and by which it numbers it.
    pub moment: Moment,
    /// The host on which it happened.
    pub host: String,
    /// The kernel function that ran; outside the kernel the system call that is made, as `socket()`, or nothing.
    pub function: String,
    /// The whole line: `tcp_ack: B/sk#4.state SYN_RECV → ESTABLISHED`. It names the host of what it speaks of.
    pub text: String,
    /// What became true at it, as the lesson asks: `B.sock(4).state == ESTABLISHED`; empty where the line says so itself.
    pub predicate: String,
}

/// A step that settles a question, told in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) moment: Moment,
    host: String,
    pub(crate) function: String,
    /// What happened, without the function.
    change: Words<String>,
    /// The expression that became true; empty where none was asked.
    predicate: String,
}

impl Piece {
    pub(crate) fn told(&self, lang: Lang) -> Evidence {
        let colon = Words::new(": ", "：").text(lang);
        let colon = if self.function.is_empty() { "" } else { colon };
        let text = format!("{}{colon}{}", self.function, self.change.text(lang));
        let (host, function, predicate) = (self.host.clone(), self.function.clone(), self.predicate.clone());
        Evidence { moment: self.moment, host, function, text, predicate }
    }
}

/// What the run said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Judgement {
    /// Which options hold.
    pub(crate) holds: Vec<bool>,
    /// The steps that settle it, in order.
    pub(crate) evidence: Vec<Piece>,
}

impl Judgement {
    /// The one option that holds.
    pub(crate) fn truth(&self) -> Option<usize> {
        self.holds.iter().position(|holds| *holds)
    }
}

/// Asks the run: every option at the moment of the reveal, every piece of evidence on the way there.
pub(crate) fn judge(
    run: &mut Run,
    options: &[Choice],
    wanted: &[Expression],
    from: Moment,
    until: Moment,
) -> Judgement {
    let world = run.seek(until).world;
    let mut steps = Vec::new();
    let mut holds = Vec::new();
    for option in options {
        let asked: Vec<Option<Vec<Piece>>> =
            option.when.iter().map(|condition| agreed(run, condition, &world, (from, until))).collect();
        holds.push(asked.iter().all(Option::is_some));
        if asked.iter().all(Option::is_some) {
            steps.extend(asked.into_iter().flatten().flatten());
        }
    }
    for expression in wanted {
        for moment in evidence(expression, run, from, until) {
            let predicate = expression.to_string();
            steps.push(Piece { predicate, ..piece(run, expression, moment, until) });
        }
    }
    steps.sort_by_key(|piece: &Piece| piece.moment);
    steps.dedup_by(|a, b| a.moment == b.moment && a.change == b.change);
    steps.truncate(MOST);
    Judgement { holds, evidence: steps }
}

/// What is cited for a condition to which the run agrees; None where it does not.
fn agreed(run: &mut Run, condition: &Condition, world: &World, (from, until): (Moment, Moment)) -> Option<Vec<Piece>> {
    match condition {
        Condition::Holds(expression) => expression.holds(world).then(Vec::new),
        Condition::Happens(place) => passed(place, run, from, until).map(|moment| vec![named(run, moment, place)]),
        Condition::Never(place) => match passed(place, run, from, until) {
            Some(_) => None,
            None => Some(vec![nowhere(run, until, place)]),
        },
    }
}

/// The first time that a run passes a place behind one moment and not behind another.
fn passed(place: &Place, run: &mut Run, from: Moment, until: Moment) -> Option<Moment> {
    find(place, run, from, Direction::Forward).filter(|moment| *moment <= until)
}

/// The piece that an option cites whose place was passed.
fn named(run: &mut Run, moment: Moment, place: &Place) -> Piece {
    told_by(&run.seek(moment), moment, Words::new(place.to_string(), place.to_string()))
}

/// The piece that an option cites which is right because something did not happen; it stands where that is certain.
fn nowhere(run: &mut Run, until: Moment, place: &Place) -> Piece {
    let told = Words::new(format!("up to here not once: {place}"), format!("到此为止从未发生：{place}"));
    told_by(&run.seek(until), until, told)
}

fn piece(run: &mut Run, expression: &Expression, moment: Moment, until: Moment) -> Piece {
    let after = run.seek(moment);
    let before = run.seek(Moment { turn: moment.turn, step: moment.step.saturating_sub(1) });
    // What the expression asks for and this step changed; else the first thing it asks for.
    let paths = expression.paths();
    let path = paths.iter().find(|path| value(&before, path) != value(&after, path)).or(paths.first());
    if let Some(birth) = path.and_then(|path| birth(&after.film, path, moment, until)) {
        let scene = run.seek(birth.moment);
        return told_by(&scene, birth.moment, birth.told);
    }
    let change = path.map_or_else(
        || Words::new(expression.to_string(), expression.to_string()),
        |path| change(path, &value(&before, path), &value(&after, path)),
    );
    told_by(&after, moment, change)
}

/// A piece whose step is the last one of a scene.
fn told_by(scene: &Snapshot, moment: Moment, change: Words<String>) -> Piece {
    let step = moment.step.checked_sub(1).and_then(|index| scene.film.steps.get(index));
    let place = scene.host.and_then(|host| scene.world.hosts.get(host));
    Piece {
        moment,
        host: place.map(|place| place.name.clone()).unwrap_or_default(),
        function: writer(&scene.film, moment.step).map_or_else(|| caller(step), |function| function.name.to_owned()),
        change,
        predicate: String::new(),
    }
}

/// The function that did what is seen at a step. Values are looked at with every event: what has changed when a function is entered
/// was changed by the one that calls it.
fn writer(film: &Film, step: usize) -> Option<&'static KFn> {
    let entered = |index: usize| match film.steps.get(index)?.event {
        Event::Enter { function, .. } => Some(function),
        _ => None,
    };
    let stack = film.stack_at(step);
    let is_entry = step.checked_sub(1).is_some_and(|index| entered(index).is_some());
    let entry = stack.iter().rev().nth(usize::from(is_entry && stack.len() > 1))?;
    entered(*entry)
}

/// The system call whose trap or return is the step.
fn caller(step: Option<&FilmStep>) -> String {
    match step.map(|step| &step.event) {
        Some(Event::SyscallEnter { name, .. } | Event::SyscallExit { name, .. }) => format!("{}()", name.name()),
        _ => String::new(),
    }
}

fn value(scene: &Snapshot, path: &Path) -> Value {
    scene.world.kernel(&path.host).map_or(Value::Null, |k| path.subject.value(k))
}

/// The birth of a sock: when it has its first state, and how that is told.
struct Birth {
    moment: Moment,
    told: Words<String>,
}

/// The birth that a step belongs to: it makes the sock that the path speaks of, or stores the sock's first state.
fn birth(film: &Film, path: &Path, moment: Moment, until: Moment) -> Option<Birth> {
    let Subject::Sock(number, field) = path.subject else { return None };
    if field.is_some_and(|field| field.name != "state") {
        return None;
    }
    let made = |event: &Event| matches!(event, Event::NewSock { sk, .. } if sk.serial() == number);
    let stored = |event: &Event| match event {
        Event::State { sk, new, .. } if sk.serial() == number => Some(*new),
        _ => None,
    };
    let events = || film.steps.iter().map(|step| &step.event).enumerate();
    let (made, _) = events().find(|(_, event)| made(event))?;
    let (first, state) = events().skip(made).find_map(|(index, event)| stored(event).map(|state| (index, state)))?;
    let here = moment.step.checked_sub(1)?;
    let born = Moment { turn: moment.turn, step: first + 1 };
    ((here == made || here == first) && born <= until).then(|| {
        let (sock, state) = (thing(path), state.name());
        let sock = sock.strip_suffix(".state").unwrap_or(&sock);
        Birth {
            moment: born,
            told: Words::new(format!("{sock} is born in {state}"), format!("新建 {sock}，状态为 {state}")),
        }
    })
}

/// What happened to a thing, in words.
fn change(path: &Path, before: &Value, after: &Value) -> Words<String> {
    let thing = thing(path);
    match (before, after) {
        (Value::Bool(false), Value::Bool(true)) if is_existence(&path.subject) => {
            Words::new(format!("{thing} appears"), format!("{thing} 出现"))
        }
        (Value::Bool(true), Value::Bool(false)) if is_existence(&path.subject) => {
            Words::new(format!("{thing} is gone"), format!("{thing} 消失"))
        }
        _ if before == after => {
            let told = format!("{thing} = {}", plain(after));
            Words::new(told.clone(), told)
        }
        _ => {
            let told = format!("{thing} {} → {}", plain(before), plain(after));
            Words::new(told.clone(), told)
        }
    }
}

/// Whether a subject asks only whether a thing is there.
fn is_existence(subject: &Subject) -> bool {
    match subject {
        Subject::Sock(_, field) => field.is_none(),
        Subject::Skb(_, _, _, field)
        | Subject::Task(_, field)
        | Subject::Arp(_, field)
        | Subject::Device(_, field)
        | Subject::Timer(_, _, field) => field.is_none(),
        Subject::Register(_)
        | Subject::Gate(..)
        | Subject::SystemCall(_)
        | Subject::Count(_)
        | Subject::Word(_)
        | Subject::Counter(_) => false,
    }
}

/// A thing and its field by the names that the panes show: `B/sk#4.state`, `B/pid 100.state`, `A/regs.eax`.
fn thing(path: &Path) -> String {
    let written = path.subject.to_string();
    let renamed = |old: &str, new: &str| written.strip_prefix(old).map(|rest| format!("{}/{new}{rest}", path.host));
    let named = match &path.subject {
        Subject::Sock(number, _) | Subject::Skb(number, ..) => {
            renamed(&format!("sock({number})"), &format!("sk#{number}"))
        }
        Subject::Task(pid, _) => renamed(&format!("task({pid})"), &format!("pid {pid}")),
        Subject::Arp(..)
        | Subject::Device(..)
        | Subject::Timer(..)
        | Subject::Register(_)
        | Subject::Gate(..)
        | Subject::SystemCall(_)
        | Subject::Count(_)
        | Subject::Word(_)
        | Subject::Counter(_) => None,
    };
    named.unwrap_or_else(|| format!("{}/{written}", path.host))
}

/// A value as the words of a lesson write it: a state without `TCP_`.
fn plain(value: &Value) -> String {
    match value {
        Value::State(state) => state.name().to_owned(),
        Value::Int(_) | Value::Bool(_) | Value::Text(_) | Value::Address(_) | Value::Seq(_) | Value::Null => {
            value.to_string()
        }
    }
}
