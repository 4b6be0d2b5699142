//! Going anywhere: everything of a run that can be gone to, found by a few typed letters.
//!
//! Candidates come from what the run keeps (frames, changes of states, marks) and from what is known without it (functions, states,
//! timers, processes, notes, lessons, words), so that nothing has to be looked for before the list is shown. Frames and changes
//! are held against the letters a slice at a time: a run may have hundreds of thousands.
//!
//! Promise: what a lesson still hides is no candidate.

use std::sync::Arc;

use lessons::glossary::Glossary;
use stack::functions::FUNCTIONS;
use stack::include::tcp::{TcpState, TimeReason};
use stack::lab::caption::chinese;
use stack::lab::movement::Direction;
use stack::lab::query::Place;
use stack::lab::run::{FrameRecord, Moment, Run, StateRecord};
use stack::lab::world::World;
use stack::view::sock;
use stack::view::task::TaskView;
use stack::wire::FrameSummary;

use super::Session;
use super::sighting::Seen;
use crate::fuzzy::Fuzzy;
use crate::i18n::{Lang, Words};
use crate::picture::ladder::brief;

/// Rows that are kept.
const SHOWN: usize = 200;
/// What the number of a frame or step is worth that was typed as it is.
const NUMBERED: u32 = 2_000;
/// What a name is worth that was typed to its end.
const WHOLE: u32 = 1_000;

/// What a candidate is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Something that can be done here.
    Act,
    /// A person's mark, or one of the scene.
    Mark,
    /// A step by its number.
    Step,
    /// A frame of the run.
    Frame,
    /// A kernel function.
    Function,
    /// A state, or one change to it.
    State,
    /// A timer.
    Timer,
    /// A process that wakes or sleeps.
    Process,
    /// A lesson, to be opened.
    Lesson,
    /// A word of the glossary.
    Word,
    /// A sentence that steps say.
    Note,
}

impl Kind {
    /// Its name.
    #[must_use]
    pub fn words(self) -> Words {
        match self {
            Self::Act => Words::new("act", "操作"),
            Self::Mark => Words::new("mark", "标记"),
            Self::Step => Words::new("step", "步"),
            Self::Frame => Words::new("frame", "帧"),
            Self::Function => Words::new("function", "函数"),
            Self::State => Words::new("state", "状态"),
            Self::Timer => Words::new("timer", "定时器"),
            Self::Process => Words::new("process", "进程"),
            Self::Lesson => Words::new("lesson", "课程"),
            Self::Word => Words::new("word", "词"),
            Self::Note => Words::new("note", "注"),
        }
    }
}

/// Where a candidate leads.
#[derive(Clone, Debug, PartialEq)]
pub enum Goal {
    /// To a moment of the run, on the side named or, where it is not there, on the other.
    See(Seen, Direction),
    /// To the other end of a replay, at the same time.
    OtherEnd,
    /// To the data of the connection.
    Stream,
    /// To a mark, by its letter.
    Mark(char),
    /// To a step by its number.
    Step(u64),
    /// To a lesson, by its place among those that can be opened.
    Lesson(usize),
    /// To the card of a word.
    Word(String),
}

/// Something that can be gone to.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// What it is.
    pub kind: Kind,
    /// Its name, as it is shown.
    pub text: String,
    /// What is said beside it; not held against the letters.
    pub detail: String,
    /// Where it leads.
    pub goal: Goal,
    /// What the letters are held against.
    hay: String,
}

impl Candidate {
    fn new(kind: Kind, text: Words<String>, lang: Lang, goal: Goal) -> Self {
        // Whoever reads Chinese still types "frame 5".
        let hay = if lang == Lang::En { text.en.clone() } else { format!("{} {}", text.zh, text.en) };
        Self { kind, text: text.into_text(lang), detail: String::new(), goal, hay }
    }

    fn named(kind: Kind, name: &str, goal: Goal) -> Self {
        Self { kind, text: name.to_owned(), detail: String::new(), goal, hay: name.to_owned() }
    }

    fn with(self, detail: impl Into<String>) -> Self {
        Self { detail: detail.into(), ..self }
    }
}

/// The candidates that fit what was typed, and how far the run has been looked through for them.
#[derive(Clone, Debug)]
pub struct Finder {
    typed: String,
    lang: Lang,
    fixed: Arc<Vec<Candidate>>,
    frames: usize,
    states: usize,
    best: Vec<(u32, Candidate)>,
}

impl Finder {
    /// What fits, the best first.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &Candidate> {
        self.best.iter().map(|(_, candidate)| candidate)
    }

    /// One of the rows.
    #[must_use]
    pub fn row(&self, place: usize) -> Option<&Candidate> {
        self.best.get(place).map(|(_, candidate)| candidate)
    }

    fn take(&mut self, score: u32, candidate: Candidate) {
        let rank = |(score, candidate): &(u32, Candidate)| {
            (std::cmp::Reverse(*score), candidate.kind, candidate.text.chars().count())
        };
        let entry = (score, candidate);
        let at = self.best.partition_point(|other| rank(other) <= rank(&entry));
        if at < SHOWN {
            self.best.insert(at, entry);
            self.best.truncate(SHOWN);
        }
    }

    /// Holds a candidate against what was typed.
    fn hold(&mut self, fuzzy: &mut Fuzzy, candidate: &Candidate) {
        let score = match candidate.kind {
            // A sentence contains the letters of almost anything: its words must be typed as they are.
            Kind::Note => contains(&candidate.hay, &self.typed),
            _ => fuzzy.score(&candidate.hay),
        };
        let is_whole = !self.typed.is_empty() && candidate.text.eq_ignore_ascii_case(&self.typed);
        if let Some(score) = score {
            self.take(score + if is_whole { WHOLE } else { 0 }, candidate.clone());
        }
    }

    fn begin(&mut self, run: &Run, steps: u64) {
        let fixed = Arc::clone(&self.fixed);
        if self.typed.is_empty() {
            // Nothing typed: what there is, as it stands.
            self.best = fixed.iter().take(SHOWN).map(|candidate| (0, candidate.clone())).collect();
            (self.frames, self.states) = (usize::MAX, usize::MAX);
            return;
        }
        let mut fuzzy = Fuzzy::new(&self.typed);
        for candidate in fixed.iter() {
            self.hold(&mut fuzzy, candidate);
        }
        let digits = |word: &&str| word.chars().all(|letter| letter.is_ascii_digit());
        let Some(number) = self.typed.split_whitespace().find(digits).and_then(|word| word.parse::<u64>().ok()) else {
            return;
        };
        let index = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
        let frame = index.and_then(|index| run.frames.get(index)).map(|record| frame(record, run.head(), self.lang));
        let step = (number < steps).then(|| {
            let text = Words::new(format!("step {number}"), format!("第 {number} 步"));
            Candidate::new(Kind::Step, text, self.lang, Goal::Step(number))
        });
        for candidate in frame.into_iter().chain(step) {
            if let Some(score) = fuzzy.score(&candidate.hay) {
                self.take(score + NUMBERED, candidate);
            }
        }
    }
}

/// How much of a sentence the typed words are, where it has them all.
fn contains(sentence: &str, typed: &str) -> Option<u32> {
    let sentence = sentence.to_lowercase();
    let lower = typed.to_lowercase();
    let mut words = lower.split_whitespace().peekable();
    let found = words.peek().is_some() && words.all(|word| sentence.contains(word));
    found.then(|| u32::try_from(lower.chars().count() * 8).unwrap_or(u32::MAX))
}

impl Session {
    /// A list of what can be gone to, for what was typed; `lessons` are the titles of those that can be opened.
    pub fn finder(&mut self, typed: &str, lessons: &[String], lang: Lang) -> Finder {
        let fixed = Arc::new(self.fixed(lessons, lang));
        self.finder_of(typed, fixed, lang)
    }

    /// The same list for other letters.
    pub fn retyped(&mut self, finder: &Finder, typed: &str) -> Finder {
        self.finder_of(typed, Arc::clone(&finder.fixed), finder.lang)
    }

    fn finder_of(&mut self, typed: &str, fixed: Arc<Vec<Candidate>>, lang: Lang) -> Finder {
        let typed = typed.trim().to_owned();
        let mut finder = Finder { typed, lang, fixed, frames: 0, states: 0, best: Vec::new() };
        let branch = self.branch_mut();
        let end = branch.origin.run().end();
        let steps = branch.number(end) + 1;
        finder.begin(branch.origin.run(), steps);
        finder
    }

    /// Holds so many frames and changes of state more against what was typed; says whether there are more.
    pub fn find_on(&mut self, finder: &mut Finder, count: usize) -> bool {
        let branch = self.branch_mut();
        let hidden = branch.origin.hides_from();
        let is_told = |moment| hidden.is_none_or(|mask| moment <= mask);
        let run = branch.origin.run();
        let mut fuzzy = Fuzzy::new(&finder.typed);
        let (first, last) = (finder.frames, finder.frames.saturating_add(count).min(run.frames.len()));
        for record in run.frames.get(first..last).unwrap_or(&[]).iter().filter(|record| is_told(record.moment)) {
            let candidate = frame(record, run.head(), finder.lang);
            // One that was found by its number is there already.
            if !finder.best.iter().take(2).any(|(_, known)| known.goal == candidate.goal) {
                finder.hold(&mut fuzzy, &candidate);
            }
        }
        finder.frames = first.max(last);
        let (first, last) = (finder.states, finder.states.saturating_add(count).min(run.states.len()));
        let states = run.states.get(first..last).unwrap_or(&[]).iter();
        for record in states.filter(|record| record.is_news() && is_told(record.moment)) {
            let candidate = change(record, run.head(), finder.lang);
            finder.hold(&mut fuzzy, &candidate);
        }
        finder.states = first.max(last);
        finder.frames < run.frames.len() || finder.states < run.states.len()
    }

    /// The next frame whose row in the ladder has a text (in small letters), after the one with a number or before it, once around
    /// the run: its number, and the moment right after it left.
    pub fn frame_saying(
        &mut self,
        wanted: &str,
        from: u64,
        direction: Direction,
        relative: bool,
    ) -> Option<(u64, Moment)> {
        let branch = self.branch_mut();
        let hidden = branch.origin.hides_from();
        let frames = &branch.origin.run().frames;
        let told = |record: &FrameRecord| hidden.is_none_or(|mask| record.moment <= mask);
        let here = usize::try_from(from.saturating_sub(1)).unwrap_or(0);
        let count = frames.len();
        let mut places = (1..count).map(|distance| match direction {
            Direction::Forward => (here + distance) % count,
            Direction::Backward => (here + count - distance) % count,
        });
        let says = |place: usize| branch.saying(place, relative).to_lowercase().contains(wanted);
        let place = places.find(|place| frames.get(*place).is_some_and(told) && says(*place))?;
        frames.get(place).map(|record| (record.sent.number, record.moment))
    }

    /// What is known without the run's lists.
    fn fixed(&mut self, lessons: &[String], lang: Lang) -> Vec<Candidate> {
        let branch = self.branch;
        let mut fixed: Vec<Candidate> = self
            .marks
            .iter()
            .filter(|(_, (of, _))| *of == branch)
            .map(|(letter, _)| {
                let text = Words::new(format!("mark {letter}"), format!("标记 {letter}"));
                Candidate::new(Kind::Mark, text, lang, Goal::Mark(*letter))
            })
            .collect();
        if let Some((_, peer)) = self.replayed_ends() {
            let text = Words::new(format!("replay as the other end, {peer}"), format!("扮演另一端 {peer} 重放"));
            fixed.push(Candidate::new(Kind::Act, text, lang, Goal::OtherEnd));
        }
        let text = Words::new("follow stream: the data of the connection", "跟踪数据流：此连接的数据").owned();
        fixed.push(Candidate::new(Kind::Act, text, lang, Goal::Stream));
        let hidden = self.branch_mut().origin.hides_from();
        let run = self.branch_mut().origin.run();
        for (moment, name) in run.marks.iter().filter(|(moment, _)| hidden.is_none_or(|mask| *moment <= mask)) {
            let text = Words::new(format!("mark {name}"), format!("标记 {name}"));
            fixed.push(Candidate::new(Kind::Mark, text, lang, Goal::See(Seen::At(*moment), Direction::Forward)));
        }
        let world = run.head();
        let hosts: Vec<&str> = world.hosts.iter().map(|host| host.name.as_str()).collect();
        fixed.extend(processes(world, lang));
        fixed.extend(states(&hosts, lang));
        fixed.extend(timers(&hosts, lang));
        fixed.extend(lessons.iter().enumerate().map(|(place, title)| {
            let text = Words::new(format!("lesson {title}"), format!("课程 {title}"));
            Candidate::new(Kind::Lesson, text, lang, Goal::Lesson(place))
        }));
        fixed.extend(functions(&hosts, lang));
        fixed.extend(words(lang));
        fixed.extend(notes(lang));
        fixed
    }
}

/// Wherever one of these happens on any host.
fn anywhere(hosts: &[&str], what: &str) -> Seen {
    Seen::Places(hosts.iter().filter_map(|host| Place::parse(&format!("{host}: {what}")).ok()).collect())
}

fn processes(world: &World, lang: Lang) -> Vec<Candidate> {
    let mut found = Vec::new();
    for host in &world.hosts {
        let program = |pid: i32| {
            let of = |task: usize| host.kernel.tasks.get(task).is_some_and(|task| task.pid == pid);
            let process = host.processes.iter().find(|process| of(process.task.0 as usize));
            process.map_or(String::new(), |process| format!(" ({})", process.program.name()))
        };
        for task in TaskView::all(&host.kernel) {
            let (name, pid) = (&host.name, task.pid);
            let program = program(pid);
            let mut add = |en: String, zh: String, what: &str, first| {
                let goal = Goal::See(anywhere(&[name], &format!("{what} {pid}")), first);
                found.push(Candidate::new(Kind::Process, Words::new(en, zh), lang, goal));
            };
            // Who asks who woke it asks about the past.
            add(
                format!("who woke pid {pid}{program} on {name}"),
                format!("谁唤醒了 {name} 的 pid {pid}{program}"),
                "wakes",
                Direction::Backward,
            );
            add(
                format!("pid {pid}{program} on {name} falls asleep"),
                format!("{name} 的 pid {pid}{program} 睡眠"),
                "sleeps",
                Direction::Forward,
            );
        }
    }
    found
}

fn states(hosts: &[&str], lang: Lang) -> Vec<Candidate> {
    let state = |state: &TcpState| {
        let name = state.name();
        let text = Words::new(format!("state {name}"), format!("状态 {name}"));
        let goal = Goal::See(anywhere(hosts, &format!("state *->{name}")), Direction::Forward);
        Candidate::new(Kind::State, text, lang, goal)
    };
    TcpState::ALL.iter().map(state).collect()
}

fn timers(hosts: &[&str], lang: Lang) -> Vec<Candidate> {
    const BY_FUNCTION: [&str; 7] = [
        "retransmit_timer",
        "net_timer",
        "tcp_send_partial",
        "arp_expire_request",
        "arp_check_expire",
        "ip_expire",
        "igmp_timer_expire",
    ];
    let names = TimeReason::ALL.iter().map(|reason| reason.name()).chain(BY_FUNCTION);
    let timer = |name: &str| {
        let text = Words::new(format!("timer {name}"), format!("定时器 {name}"));
        let goal = Goal::See(anywhere(hosts, &format!("timer {name} fires")), Direction::Forward);
        Candidate::new(Kind::Timer, text, lang, goal)
    };
    names.map(timer).collect()
}

fn functions(hosts: &[&str], lang: Lang) -> Vec<Candidate> {
    let function = |function: &&stack::kernel::probe::KFn| {
        let goal = Goal::See(anywhere(hosts, &format!("enter {}", function.name)), Direction::Forward);
        let chinese = chinese::of(function.summary).unwrap_or(function.summary);
        Candidate::named(Kind::Function, function.name, goal).with(Words::new(function.summary, chinese).text(lang))
    };
    FUNCTIONS.iter().map(function).collect()
}

fn words(lang: Lang) -> Vec<Candidate> {
    let glossary = Glossary::shipped();
    let entries = glossary.entries.iter().flat_map(|entry| entry.spellings().map(move |word| (word, entry)));
    let not_function = entries.filter(|(word, _)| stack::functions::named(word).is_none());
    not_function
        .map(|(word, entry)| {
            Candidate::named(Kind::Word, word, Goal::Word(word.to_owned())).with(entry.text.text(lang))
        })
        .collect()
}

fn notes(lang: Lang) -> Vec<Candidate> {
    let is_summary = |text: &str| FUNCTIONS.iter().any(|function| function.summary == text);
    chinese::pairs()
        .filter(|(english, _)| !is_summary(english))
        .map(|(en, zh)| {
            let goal = Goal::See(Seen::Note(en), Direction::Forward);
            Candidate::new(Kind::Note, Words::new(en.to_owned(), zh.to_owned()), lang, goal)
        })
        .collect()
}

/// A frame, without the numbers of its sequence: the ladder has those.
fn frame(record: &FrameRecord, world: &World, lang: Lang) -> Candidate {
    let number = record.sent.number;
    let summary = FrameSummary::of(&record.sent.bytes);
    let sender = world.hosts.get(record.sent.host).map_or("", |host| host.name.as_str());
    let way = match (record.from_outside, &summary) {
        (true, _) => format!("→ {sender}"),
        (false, FrameSummary::Tcp(segment)) => {
            format!("{sender} :{} → :{}", segment.source_port, segment.destination_port)
        }
        (false, _) => format!("{sender} →"),
    };
    let what = brief(&summary);
    let text = Words::new(format!("frame {number} {way} {what}"), format!("第 {number} 帧 {way} {what}"));
    Candidate::new(Kind::Frame, text, lang, Goal::See(Seen::At(record.moment), Direction::Forward))
}

/// One change of a state, or the birth of a child.
fn change(record: &StateRecord, world: &World, lang: Lang) -> Candidate {
    let host = world.hosts.get(record.host).map_or("", |host| host.name.as_str());
    let (name, new) = (sock::name(host, record.sk), record.new.name());
    let old = record.old.map_or("·", TcpState::name);
    let text = Words::new(format!("state {new} {name} {old} → {new}"), format!("状态 {new} {name} {old} → {new}"));
    Candidate::new(Kind::State, text, lang, Goal::See(Seen::At(record.moment), Direction::Forward))
}
