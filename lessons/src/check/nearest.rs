//! What did happen, where a place is never reached or a predicate was not what its author thought: the nearest step of the
//! same kind, and the value of every part of an expression.
//!
//! Promise: what is cited was found in the run; nothing is guessed but the spelling of a name.

use stack::kernel::probe::Discard;
use stack::lab::movement::Direction;
use stack::lab::query::{
    Expression, Happening, Passing, Place, PlaceKind, ProcessAct, find, function_names, reach, why,
};
use stack::lab::run::{Moment, Run};
use stack::view::Value;
use stack::words::{Lang, Words};

use super::road::places_at;
use crate::lesson::Condition;

/// How alike two names must be for one to be a slip of the other, from 0 to 1.
const ALIKE: f64 = 0.85;
/// Names that are listed at most.
const LISTED: usize = 12;
/// Occurrences that are counted at most.
const COUNTED: usize = 1_000;

/// What was true of the conditions of an option between two moments.
pub(super) fn truths(run: &mut Run, conditions: &[Condition], span: (Moment, Moment)) -> Words<String> {
    let told: Vec<Words<String>> = conditions.iter().map(|condition| truth(run, condition, span)).collect();
    let join = |lang: Lang, between: &str| told.iter().map(|told| told.text(lang)).collect::<Vec<_>>().join(between);
    words(join(Lang::En, "; "), join(Lang::Zh, "；"))
}

/// Of one condition: the values of its parts at the second moment, or whether its place was passed.
fn truth(run: &mut Run, condition: &Condition, (from, until): (Moment, Moment)) -> Words<String> {
    let place = match condition {
        Condition::Holds(expression) => {
            let told = values(run, expression, until);
            return words(told.clone(), told);
        }
        Condition::Happens(place) | Condition::Never(place) => place,
    };
    match find(place, run, from, Direction::Forward) {
        Some(moment) if moment <= until => {
            let when = moment_of(run, moment);
            words(
                format!("\"{place}\" is passed on the way there, at {}", when.en),
                format!("途中在{}经过“{place}”", when.zh),
            )
        }
        Some(moment) => {
            let when = moment_of(run, moment);
            words(
                format!("\"{place}\" is passed only behind that, at {}", when.en),
                format!("之后在{}才经过“{place}”", when.zh),
            )
        }
        None => {
            let near = nearest(run, place, from);
            words(format!("\"{place}\" is never reached: {}", near.en), format!("运行不到“{place}”：{}", near.zh))
        }
    }
}

/// What an expression has asked for where a run ends.
pub(super) fn at_the_end(run: &mut Run, expression: &Expression) -> Words<String> {
    let end = run.end();
    let told = values(run, expression, end);
    words(format!("at the end of the run {told}"), format!("运行结束时 {told}"))
}

/// The parts of an expression with their values at a moment: `B.sock(2).state = LISTEN, B.socks.len = 3`; empty where it has
/// none.
fn values(run: &mut Run, expression: &Expression, moment: Moment) -> String {
    parts(&Place::when(expression.clone()), run, moment)
}

/// What was asked at a place, and what it was at a moment.
fn parts(place: &Place, run: &mut Run, moment: Moment) -> String {
    let parts = why(place, run, moment).parts;
    let told = parts.into_iter().map(|part| format!("{} = {}", part.thing, Expression::Literal(part.now)));
    told.collect::<Vec<_>>().join(", ")
}

/// A moment as the trace of a lesson prints it.
pub(super) fn moment_of(run: &Run, moment: Moment) -> Words<String> {
    let (turn, seconds) = (moment.turn, run.time(moment) as f64 / 1e6);
    Words::new(format!("turn {turn}, {seconds:.6} s"), format!("第 {turn} 轮，{seconds:.6} 秒"))
}

/// What did happen instead of a place that is not reached from a moment on, as the end of a sentence.
pub(super) fn nearest(run: &mut Run, place: &Place, from: Moment) -> Words<String> {
    if let Some(earlier) = reach(place, run, Moment::default()).filter(|earlier| *earlier < from) {
        let (then, now) = (moment_of(run, earlier), moment_of(run, from));
        return words(
            format!("it is reached before, at {}, but the run has gone on to {} by then", then.en, now.en),
            format!("它在此之前（{}）到达过，而这时运行已到{}", then.zh, now.zh),
        );
    }
    match &place.kind {
        PlaceKind::Start | PlaceKind::End => words("the run begins and ends once", "运行只有一个开头和一个结尾"),
        PlaceKind::Mark(name) => mark(run, name),
        PlaceKind::FrameLeaves(number) | PlaceKind::FrameArrives(number) => frame(run, place, *number),
        PlaceKind::When(expression) => at_the_end(run, expression),
        PlaceKind::Host { .. } => unknown_function(place).unwrap_or_else(|| happening(run, place, from)),
    }
}

fn words(en: impl Into<String>, zh: impl Into<String>) -> Words<String> {
    Words::new(en.into(), zh.into())
}

/// The name that was probably meant.
fn alike<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let likeness = |known: &&'a str| (strsim::jaro_winkler(name, known), *known);
    let best = known.iter().map(likeness).max_by(|one, other| one.0.total_cmp(&other.0));
    best.filter(|(likeness, _)| *likeness >= ALIKE).map(|(_, name)| name)
}

/// What is wrong with the function that a place names; None where there is one of this name, or the place names none.
pub(super) fn unknown_function(place: &Place) -> Option<Words<String>> {
    match &place.kind {
        PlaceKind::Host { what: Happening::Enter(name) | Happening::Leave(name), .. } => {
            (!function_names().contains(&name.as_str())).then(|| function(name))
        }
        _ => None,
    }
}

fn function(name: &str) -> Words<String> {
    match alike(name, &function_names()) {
        Some(near) => words(
            format!("no kernel function is called {name}; did you mean {near}?"),
            format!("没有名为 {name} 的内核函数；是否想写 {near}？"),
        ),
        None => words(
            format!("no kernel function is called {name}; sockscope lesson trace DIR --all lists those that run"),
            format!("没有名为 {name} 的内核函数；sockscope lesson trace 目录 --all 列出运行中的函数"),
        ),
    }
}

fn mark(run: &Run, name: &str) -> Words<String> {
    let mut known: Vec<&str> = run.marks.iter().map(|(_, mark)| mark.as_str()).collect();
    known.dedup();
    known.truncate(LISTED);
    match (alike(name, &known), known.is_empty()) {
        (Some(near), _) => words(
            format!("no mark is called {name}; did you mean {near}?"),
            format!("没有名为 {name} 的标记；是否想写 {near}？"),
        ),
        (None, true) => words(
            format!("the scene has no mark; write `//@ mark {name}` into it"),
            format!("场景中没有标记；请在其中写 `//@ mark {name}`"),
        ),
        (None, false) => words(
            format!("no mark is called {name}; the scene has {}", known.join(", ")),
            format!("没有名为 {name} 的标记；场景中有 {}", known.join("、")),
        ),
    }
}

fn frame(run: &mut Run, place: &Place, number: usize) -> Words<String> {
    let last = run.frames.len();
    if number > last {
        return words(format!("the last frame of the run is frame {last}"), format!("运行中最后一帧是第 {last} 帧"));
    }
    let bare = Place::of(place.kind.clone());
    if *place != bare
        && let Some(moment) = find(&bare, run, Moment::default(), Direction::Forward)
    {
        return there(run, place, &bare, moment);
    }
    let is_lost = run.frames.get(number - 1).is_some_and(|frame| frame.sent.arrivals.is_empty());
    match (&place.kind, is_lost) {
        (PlaceKind::FrameArrives(_), true) => words(
            format!("frame {number} is lost on the wire; it leaves and never arrives"),
            format!("第 {number} 帧在线路上丢失，只离开而没有到达"),
        ),
        (PlaceKind::FrameArrives(_), false) => words(
            format!("frame {number} leaves, and the run ends before a card takes it in"),
            format!("第 {number} 帧已离开，但运行结束前没有网卡收下它"),
        ),
        _ => words(
            format!("frame {number} comes from outside: it arrives and never leaves"),
            format!("第 {number} 帧来自外部：只到达，不离开"),
        ),
    }
}

/// What happens on a host: the same with less asked of it, step by step, until something is found.
fn happening(run: &mut Run, place: &Place, from: Moment) -> Words<String> {
    for wider in wider(place) {
        let found = reach(&wider, run, from).or_else(|| find(&wider, run, Moment::default(), Direction::Forward));
        if let Some(moment) = found {
            let moment = with_fields(run, place, &wider, moment);
            return there(run, place, &wider, moment);
        }
    }
    match &place.kind {
        PlaceKind::Host { what: Happening::Enter(name) | Happening::Leave(name), .. } => words(
            format!("{name} runs nowhere in this run; sockscope lesson trace DIR --all lists the functions that do"),
            format!("{name} 在本次运行中没有执行；sockscope lesson trace 目录 --all 列出执行过的函数"),
        ),
        _ => words("nothing of this kind happens in the run", "运行中没有发生这类事情"),
    }
}

/// Of frames that pass, the next from one on that has the fields that are asked for; that one where none has.
fn with_fields(run: &mut Run, place: &Place, wider: &Place, first: Moment) -> Moment {
    if !matches!(&place.kind, PlaceKind::Host { what: Happening::Frame(_, Some(_)), .. }) {
        return first;
    }
    let mut moment = first;
    for _ in 0..COUNTED {
        if why(place, run, moment).parts.iter().all(|part| part.now != Value::Null) {
            return moment;
        }
        let Some(next) = find(wider, run, moment, Direction::Forward) else { break };
        moment = next;
    }
    first
}

/// What is at the moment at which a wider place is reached.
fn there(run: &mut Run, place: &Place, wider: &Place, moment: Moment) -> Words<String> {
    let when = moment_of(run, moment);
    if place.condition == wider.condition && place.kind == wider.kind {
        let times = count(run, wider);
        let often = if times == 1 { "once".to_owned() } else { format!("{times} times") };
        return words(format!("it happens only {often}"), format!("它只发生 {times} 次"));
    }
    // By its own name, which says more than what was looked for.
    let named = places_at(run, moment).into_iter().next().unwrap_or_else(|| wider.clone());
    let asked = if asks(place) { parts(place, run, moment) } else { String::new() };
    let (told, told_chinese) = match asked.as_str() {
        "" => (String::new(), String::new()),
        asked => (format!(", and there {asked}"), format!("，那里 {asked}")),
    };
    words(
        format!("the nearest that happens is \"{named}\" at {}{told}", when.en),
        format!("最接近的是“{named}”（{}）{told_chinese}", when.zh),
    )
}

/// Whether values are asked for besides what happens.
fn asks(place: &Place) -> bool {
    let fields = matches!(&place.kind, PlaceKind::Host { what: Happening::Frame(_, Some(_)), .. });
    place.condition.is_some() || fields
}

fn count(run: &mut Run, place: &Place) -> usize {
    let mut at = Moment::default();
    let mut times = 0;
    while times < COUNTED
        && let Some(next) = find(place, run, at, Direction::Forward)
    {
        (at, times) = (next, times + 1);
    }
    times
}

/// The same place with less and less asked of it, the nearest first.
fn wider(place: &Place) -> Vec<Place> {
    let PlaceKind::Host { host, what } = &place.kind else { return Vec::new() };
    let mut places = Vec::new();
    if place.occurrence.is_some() {
        places.push(Place { occurrence: None, ..place.clone() });
    }
    if place.condition.is_some() {
        places.push(Place::of(place.kind.clone()));
    }
    let mut add = |host: &Option<stack::lab::query::HostName>, what: Happening| {
        places.push(Place::of(PlaceKind::Host { host: host.clone(), what }));
    };
    // The same on another host, then something like it on this one, then anything like it.
    add(&None, what.clone());
    for like in like(what) {
        add(host, like.clone());
        add(&None, like);
    }
    places
}

/// What is like something that happens, the nearest first.
fn like(what: &Happening) -> Vec<Happening> {
    match what {
        Happening::Enter(_) | Happening::Leave(_) => Vec::new(),
        Happening::State(from, to) => {
            let mut like = Vec::new();
            if to.is_some() {
                like.push(Happening::State(None, *to));
                like.push(Happening::Born(*to));
            }
            if from.is_some() {
                like.push(Happening::State(*from, None));
            }
            like.push(Happening::State(None, None));
            like
        }
        Happening::Born(state) => vec![Happening::State(None, *state), Happening::Born(None)],
        Happening::Timer(_) => vec![Happening::Timer(None)],
        Happening::Drop(_) => {
            let any = Discard::ALL.iter().map(|reason| Happening::Drop(Some(reason.name().to_owned())));
            std::iter::once(Happening::Drop(None)).chain(any).collect()
        }
        Happening::Process(pid, act) => {
            let mut like = vec![Happening::Process(None, *act)];
            match act {
                ProcessAct::Returns(call, _) => {
                    like.push(Happening::Process(*pid, ProcessAct::Returns(*call, None)));
                    like.push(Happening::Process(None, ProcessAct::Calls(*call)));
                    like.push(Happening::Process(None, ProcessAct::Returns(None, None)));
                }
                ProcessAct::Calls(_) => like.push(Happening::Process(None, ProcessAct::Calls(None))),
                ProcessAct::Sleeps | ProcessAct::Wakes => {}
            }
            like
        }
        Happening::Frame(way, _) => {
            let other = if *way == Passing::Leaves { Passing::Either } else { Passing::Leaves };
            vec![Happening::Frame(*way, None), Happening::Frame(other, None)]
        }
    }
}
