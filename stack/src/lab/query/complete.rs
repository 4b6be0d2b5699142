//! Which words may stand at the cursor of a place that is being typed: functions, states, reasons, timers, fields of
//! socks and frames, counters, and the hosts, socks and processes of the run.

use super::frame_field::{FrameField, FrameLayer, LAYERS};
use super::parser::{SUBJECTS, WORD_VALUES, errno_names};
use super::place::function_names;
use super::place_parser::{ACTS, BEGINNINGS, HAPPENINGS, drop_names, timer_names};
use super::subject::{COUNTS, GATE_FIELDS, REGISTERS};
use crate::include::snmp::Mib;
use crate::include::tcp::TcpState;
use crate::kernel::call::CallName;
use crate::lab::world::World;
use crate::view::arp::ArpView;
use crate::view::device::DeviceView;
use crate::view::queue::SkbView;
use crate::view::sock::{SockView, ids};
use crate::view::task::TaskView;
use crate::view::timer::TimerView;

/// What a run has that can be named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Its hosts: name, numbers of socks, process ids.
    pub hosts: Vec<(String, Vec<u32>, Vec<i32>)>,
}

/// What may stand at the cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// The character where the word at the cursor begins, from 0.
    pub start: usize,
    /// What it may become, in the order of what they are.
    pub candidates: Vec<String>,
}

impl Known {
    /// What a world has.
    #[must_use]
    pub fn of(world: &World) -> Self {
        let hosts = world.hosts.iter().map(|host| {
            let socks = ids(&host.kernel).into_iter().map(crate::include::arena::Id::serial).collect();
            let pids = TaskView::all(&host.kernel).into_iter().map(|task| task.pid).collect();
            (host.name.clone(), socks, pids)
        });
        Self { hosts: hosts.collect() }
    }

    fn host(&self, name: &str) -> Option<&(String, Vec<u32>, Vec<i32>)> {
        self.hosts.iter().find(|(host, ..)| host == name)
    }

    fn pids(&self) -> Vec<String> {
        let mut pids: Vec<i32> = self.hosts.iter().flat_map(|(_, _, pids)| pids).copied().collect();
        pids.sort_unstable();
        pids.dedup();
        pids.into_iter().map(|pid| pid.to_string()).collect()
    }
}

/// The words that may stand where the cursor is, behind `cursor` characters of a line, beginning as what is typed there.
#[must_use]
pub fn complete(line: &str, cursor: usize, known: &Known) -> Completion {
    let before: String = line.chars().take(cursor).collect();
    let head = before.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
    let typed = before.strip_prefix(head).unwrap_or("");
    let mut candidates = words(head, known);
    candidates.retain(|word| begins(word, typed));
    Completion { start: head.chars().count(), candidates }
}

fn begins(word: &str, typed: &str) -> bool {
    word.get(..typed.len()).is_some_and(|head| head.eq_ignore_ascii_case(typed))
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// The words that may follow a text.
fn words(head: &str, known: &Known) -> Vec<String> {
    // A chain is what stands without a space before the cursor: `B.sock(4).`
    let chain = head.rsplit([' ', '!', '&', '|', '=', '<', '>']).next().unwrap_or("");
    let inside = chain.rsplit_once("((").map_or(chain, |(_, chain)| chain);
    let chain = inside.strip_prefix('(').unwrap_or(inside);
    let rest = head.strip_suffix(chain).unwrap_or(head).trim_end();
    let last = rest.rsplit([' ', '(']).next().unwrap_or("");
    match chain.char_indices().next_back() {
        Some((_, '.')) => fields(chain.trim_end_matches('.'), known),
        Some((at, '(')) => keys(chain.get(..at).unwrap_or(""), known),
        _ => behind(last, rest, known),
    }
}

/// What may follow the dot behind a name.
fn fields(chain: &str, known: &Known) -> Vec<String> {
    let mut segments = chain.splitn(2, '.');
    let (first, rest) = (segments.next().unwrap_or(""), segments.next());
    match (first, rest) {
        ("sk", None) => return owned(SockView::FIELDS),
        ("skb", None) => return owned(SkbView::FIELDS),
        _ => {}
    }
    if let Some(layer) = FrameLayer::named(first) {
        return match rest {
            None => owned(&layer.names()),
            Some(group) => FrameField::named(layer, group, 1).map_or(Vec::new(), |field| owned(&field.parts())),
        };
    }
    let thing = if known.host(first).is_some() { rest } else { Some(chain) };
    let Some(thing) = thing else { return subjects() };
    let name = thing.split(['(', '.']).next().unwrap_or("");
    match name {
        _ if thing.ends_with("_queue") || thing.ends_with("back_log") || COUNTS.contains(&thing) => owned(&["len"]),
        "sock" if thing.ends_with(')') => owned(SockView::FIELDS),
        "sock" if thing.ends_with(']') => owned(SkbView::FIELDS),
        "sk" if thing.ends_with(']') => owned(SkbView::FIELDS),
        "task" => owned(TaskView::FIELDS),
        "arp" => owned(ArpView::FIELDS),
        "device" => owned(DeviceView::FIELDS),
        "timer" => owned(TimerView::FIELDS),
        "regs" => owned(REGISTERS),
        "idt" => owned(GATE_FIELDS),
        "snmp" => Mib::ALL.iter().map(|counter| counter.name().to_owned()).collect(),
        _ => Vec::new(),
    }
}

/// What a host can be asked for, as far as it can be written at once.
fn subjects() -> Vec<String> {
    let whole = |subject: &&str| match *subject {
        "sock" | "task" | "idt" | "sys_call_table" => format!("{subject}("),
        "arp" | "timer" => format!("{subject}(\""),
        "device" => "device(\"eth0\").".to_owned(),
        "regs" | "snmp" => format!("{subject}."),
        counted if COUNTS.contains(&counted) => format!("{subject}.len"),
        _ => (*subject).to_owned(),
    };
    SUBJECTS.iter().map(whole).collect()
}

/// What may stand in the parentheses behind `B.sock`.
fn keys(chain: &str, known: &Known) -> Vec<String> {
    let Some((host, subject)) = chain.split_once('.') else { return Vec::new() };
    let Some((_, socks, pids)) = known.host(host) else { return Vec::new() };
    match subject {
        "sock" => socks.iter().map(|number| format!("{number})")).collect(),
        "task" => pids.iter().map(|pid| format!("{pid})")).collect(),
        _ => Vec::new(),
    }
}

/// What may follow a word; `rest` is everything up to it.
fn behind(last: &str, rest: &str, known: &Known) -> Vec<String> {
    let before = rest.strip_suffix(last).unwrap_or("").trim_end().rsplit(' ').next().unwrap_or("");
    let states = || TcpState::ALL.into_iter().map(|state| state.name().to_owned());
    let calls = || CallName::OF_PROGRAMS.iter().map(|call| call.name().to_owned());
    let is_number = !last.is_empty() && last.chars().all(|c| c.is_ascii_digit());
    match (before, last) {
        ("", "") => beginnings(known),
        (_, _) if last.ends_with(':') => happenings(),
        (_, _) if last.ends_with("->") => states().collect(),
        (_, "state" | "born") => states().chain(["*".to_owned()]).collect(),
        (_, "drop") => owned(&drop_names()),
        (_, "timer") => owned(&timer_names()).into_iter().chain(["*".to_owned()]).collect(),
        ("timer", _) => owned(&["fires"]),
        (_, "enter" | "leave") => owned(&function_names()),
        (_, "call" | "calls" | "return" | "returns") => calls().collect(),
        ("return" | "returns", _) => owned(&errno_names()),
        (_, "pid" | "sleeps" | "wakes") => known.pids(),
        ("pid", _) if is_number => owned(ACTS),
        (_, "frame") => owned(&["where", "arrives", "leaves"]),
        ("frame", _) if is_number => owned(&["arrives", "leaves"]),
        (_, "where") => layers(),
        (_, "when") => hosts(known),
        (_, "if") => layers().into_iter().chain(owned(&["sk.", "skb.", "result"])).chain(hosts(known)).collect(),
        (_, "sends" | "receives" | "leaves" | "arrives") => owned(&["where", "if"]),
        (_, "==" | "!=" | "<" | ">" | "<=" | ">=") => {
            states().chain(owned(WORD_VALUES)).chain(owned(&errno_names())).chain(owned(&["true", "NULL"])).collect()
        }
        (_, "&&" | "||" | "!") => operands(rest, known),
        _ => owned(&["changes", "increases", "decreases", "if"]),
    }
}

fn operands(rest: &str, known: &Known) -> Vec<String> {
    if rest.contains(" if ") {
        return layers().into_iter().chain(owned(&["sk.", "skb.", "result"])).chain(hosts(known)).collect();
    }
    if rest.contains("where ") { layers() } else { hosts(known) }
}

fn layers() -> Vec<String> {
    LAYERS.iter().rev().map(|(name, _)| (*name).to_owned()).collect()
}

fn hosts(known: &Known) -> Vec<String> {
    known.hosts.iter().map(|(name, ..)| format!("{name}.")).collect()
}

fn happenings() -> Vec<String> {
    owned(HAPPENINGS).into_iter().chain(owned(&function_names())).collect()
}

fn beginnings(known: &Known) -> Vec<String> {
    let named = known.hosts.iter().map(|(name, ..)| format!("{name}: "));
    let words = HAPPENINGS.iter().filter(|word| !["sends", "receives"].contains(*word));
    let words = BEGINNINGS.iter().chain(words).map(|word| (*word).to_owned());
    hosts(known).into_iter().chain(named).chain(words).chain(owned(&function_names())).collect()
}
