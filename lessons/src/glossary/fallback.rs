//! What the stack says of itself, for words that have no entry: functions, fields of views and headers, reasons of drops.

use stack::functions::{self, FUNCTIONS};
use stack::kernel::probe::{Discard, KFn};
use stack::lab::caption::chinese;
use stack::view::arp::ArpView;
use stack::view::device::DeviceView;
use stack::view::queue::SkbView;
use stack::view::route::RouteView;
use stack::view::sock::SockView;
use stack::view::task::TaskView;
use stack::view::timer::TimerView;
use stack::words::Words;

use super::file::place_of;
use super::{Explanation, all};

/// Fields of the views: where they stand in the original, their names, and what each means.
type Views = [(&'static str, &'static [&'static str], fn(&str) -> Option<Words>)];

const VIEWS: &Views = &[
    ("net/inet/sock.h:struct sock", SockView::FIELDS, SockView::explain),
    ("include/linux/skbuff.h:struct sk_buff", SkbView::FIELDS, SkbView::explain),
    ("include/linux/sched.h:struct task_struct", TaskView::FIELDS, TaskView::explain),
    ("net/inet/arp.c:struct arp_table", ArpView::FIELDS, ArpView::explain),
    ("include/linux/netdevice.h:struct device", DeviceView::FIELDS, DeviceView::explain),
    ("include/linux/route.h:struct rtable", RouteView::FIELDS, RouteView::explain),
    ("include/linux/timer.h:struct timer_list", TimerView::FIELDS, TimerView::explain),
];

/// What the stack says of a word.
pub(super) fn explain(word: &str) -> Option<Explanation> {
    if let Some(function) = functions::named(word) {
        return Some(of_function(function));
    }
    let field = VIEWS.iter().find_map(|(citation, _, explain)| explain(word).map(|text| (*citation, text)));
    if let Some((citation, text)) = field {
        return Some(plain(word, citation.to_owned(), text.owned()));
    }
    let reason = Discard::ALL.iter().find(|reason| reason.name() == word)?;
    Some(plain(word, "stack/src/kernel/discard.rs:Discard".to_owned(), reason.words().owned()))
}

/// The words that are answered here.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    let functions = FUNCTIONS.iter().map(|function| function.name);
    let fields = VIEWS.iter().flat_map(|(_, names, _)| names.iter().copied());
    functions.chain(fields).chain(Discard::ALL.iter().map(|reason| reason.name()))
}

fn plain(word: &str, citation: String, text: Words<String>) -> Explanation {
    Explanation {
        word: word.to_owned(),
        subject: None,
        text,
        citation,
        kept: Vec::new(),
        now: None,
        see: place_of(word),
    }
}

fn of_function(function: &KFn) -> Explanation {
    let chinese = chinese::of(function.summary).unwrap_or(function.summary);
    let place = format!("{}:{}", function.file, function.name);
    let citation = if function.rfc.is_empty() { place } else { format!("{place} · RFC {}", function.rfc) };
    let text = Words::new(function.summary.to_owned(), chinese.to_owned());
    let kept = all().iter().filter(|difference| difference.function == function.name).cloned().collect();
    Explanation { kept, ..plain(function.name, citation, text) }
}
