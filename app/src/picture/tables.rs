//! The tables of functions at a step: what stands in them, and through which entries this step came.
//!
//! Nothing is drawn that did not run: an entry is lit because the call stack of the film has the function that it leads to, called
//! by the function that asks that table.

use stack::Kernel;
use stack::include::sock::ProtoId;
use stack::kernel::probe::{Arg, Args, Event, KFn};
use stack::lab::film::Film;
use stack::view::sock;
use stack::view::tables::{EntryView, TableName, TableView, handler};

use crate::i18n::Lang;

/// Whether an entry is in use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lit {
    /// No.
    #[default]
    No,
    /// The calls that are open came through it.
    Way,
    /// This very step goes through it.
    Step,
}

/// One element of an entry's chain.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Link {
    /// The function it leads to, or the sock with its host.
    pub target: String,
    /// What else it says; may be empty.
    pub note: String,
    /// Whether it is in use.
    pub lit: Lit,
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub enum TableRow {
    /// The name of a table.
    Heading {
        /// As in C.
        name: &'static str,
        /// What it is asked for, in the language of the screen.
        about: &'static str,
    },
    /// One of its entries.
    Entry {
        /// Its index, such as `[102]`; empty in a plain list.
        index: String,
        /// Its chain; empty for a null pointer.
        links: Vec<Link>,
        /// Whether it is in use.
        lit: Lit,
        /// Whether this step changed it.
        changed: bool,
    },
}

/// The tables, and the way of this step through them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tables {
    /// The entries in use, such as `sys_call_table[102]`, in the order in which the open calls went through them.
    pub way: Vec<(String, Lit)>,
    /// The rows.
    pub rows: Vec<TableRow>,
}

/// An entry that is in use.
struct Used {
    table: TableName,
    /// None for every index: a plain list has only one entry.
    index: Option<u32>,
    /// The link by its target; None for the entry as a whole.
    target: Option<String>,
    lit: Lit,
}

/// The tables at a step; `was` is the kernel at the moment that this one is compared with.
#[must_use]
pub fn tables(k: &Kernel, was: &Kernel, host: &str, film: &Film, step: usize, lang: Lang) -> Tables {
    let used = used(k, film, step);
    let old = TableView::all(was);
    let mut rows = Vec::new();
    for table in TableView::all(k) {
        rows.push(TableRow::Heading { name: table.name.name(), about: table.name.about().text(lang) });
        let before = old.iter().find(|other| other.name == table.name);
        rows.extend(table.entries.iter().map(|entry| {
            let known = before.and_then(|before| before.entries.iter().find(|other| other.index == entry.index));
            entry_row(table.name, entry, known != Some(entry), host, &used)
        }));
    }
    let way = used.iter().map(|used| {
        let index = used.index.map_or_else(String::new, |index| index_text(used.table, index));
        (format!("{}{index}", used.table.name()), used.lit)
    });
    Tables { way: way.collect(), rows }
}

fn entry_row(table: TableName, entry: &EntryView, changed: bool, host: &str, used: &[Used]) -> TableRow {
    let of_entry =
        || used.iter().filter(|used| used.table == table && (used.index.is_none() || used.index == entry.index));
    let is_sock = matches!(table, TableName::SockArray(_));
    let links = entry.links.iter().map(|link| {
        let lit = of_entry().filter(|used| used.target.as_deref() == Some(link.target.as_str())).map(|used| used.lit);
        let target = if is_sock { format!("{host}/{}", link.target) } else { link.target.clone() };
        Link { target, note: link.note.clone(), lit: lit.max().unwrap_or_default() }
    });
    TableRow::Entry {
        index: entry.index.map_or_else(String::new, |index| index_text(table, index)),
        links: links.collect(),
        lit: of_entry().map(|used| used.lit).max().unwrap_or_default(),
        changed,
    }
}

fn index_text(table: TableName, index: u32) -> String {
    match table {
        TableName::Idt => format!("[{index:#04x}]"),
        _ => format!("[{index}]"),
    }
}

/// The entries through which the open calls came, and the one that this step asks.
fn used(k: &Kernel, film: &Film, step: usize) -> Vec<Used> {
    let calls: Vec<(usize, &'static KFn, &Args)> = film
        .stack_at(step)
        .into_iter()
        .filter_map(|index| match &film.steps.get(index)?.event {
            Event::Enter { function, args, .. } => Some((index, *function, args)),
            _ => None,
        })
        .collect();
    let mut found = Vec::new();
    for (place, (index, function, args)) in calls.iter().enumerate() {
        let lit = if index + 1 == step { Lit::Step } else { Lit::Way };
        let caller = place.checked_sub(1).and_then(|place| calls.get(place)).map(|(_, caller, _)| *caller);
        let by_call = dispatched(k, caller, function).map(|(table, index, target)| Used {
            table,
            index,
            target: Some(target),
            lit,
        });
        found.extend(by_call);
        found.extend(port_table(k, function, args).map(|(table, index)| Used { table, index, target: None, lit }));
    }
    let event = step.checked_sub(1).and_then(|index| film.steps.get(index)).map(|film_step| &film_step.event);
    match (event, calls.last()) {
        (Some(Event::Note { .. }), Some((_, function, _))) if function.name == "system_call" => {
            let number = k.current().regs.eax;
            let target = k.sys_call_table.get(number).map(|call| call.name.to_owned());
            found.push(Used { table: TableName::SysCallTable, index: Some(number), target, lit: Lit::Step });
        }
        (Some(Event::Exit { value: Arg::Sock(number), .. }), Some((_, function, args))) => {
            // The look-up has found its sock.
            let table = port_table(k, function, args);
            found.extend(table.map(|(table, index)| Used {
                table,
                index,
                target: Some(format!("sk#{number}")),
                lit: Lit::Step,
            }));
        }
        _ => {}
    }
    found
}

/// The entry that led from a caller to a function: table, index and link.
fn dispatched(k: &Kernel, caller: Option<&KFn>, function: &KFn) -> Option<(TableName, Option<u32>, String)> {
    let to = |table, index: Option<u32>| Some((table, index, function.name.to_owned()));
    let Some(caller) = caller else {
        return match function.name {
            "system_call" => to(TableName::Idt, Some(0x80)),
            name if k.card_receive.is_some_and(|receive| receive.name == name) => to(TableName::CardReceive, None),
            _ => None,
        };
    };
    match caller.name {
        "system_call" => {
            let number = u32::try_from(k.current().regs.orig_eax).ok()?;
            k.sys_call_table.get(number).filter(|call| call.name == function.name)?;
            to(TableName::SysCallTable, Some(number))
        }
        "do_bottom_half" => {
            let number = k.bh_base.iter().position(|half| half.is_some_and(|half| half.name == function.name))?;
            to(TableName::BhBase, u32::try_from(number).ok())
        }
        "net_bh" | "dev_queue_xmit" => {
            k.ptype_base.iter().find(|kind| kind.name == function.name)?;
            to(TableName::PtypeBase, None)
        }
        "ip_rcv" => {
            let number = k
                .inet_protos
                .iter()
                .position(|chain| chain.iter().any(|entry| handler(entry.name) == function.name))?;
            to(TableName::InetProtos, u32::try_from(number).ok())
        }
        _ if caller.file == "net/socket.c" && caller.name != "proto_init" && function.file == "net/inet/af_inet.c" => {
            let slot = k.pops.iter().position(|ops| ops.is_some_and(|ops| ops.family == AF_INET))?;
            Some((TableName::Pops, u32::try_from(slot).ok(), "inet_proto_ops".to_owned()))
        }
        _ => card_of(k, function).and_then(|table| to(table, None)),
    }
}

/// The family whose functions are those of af_inet.c.
const AF_INET: u16 = 2;

/// An interrupt comes upon whatever runs: its routine has no caller of its own.
fn card_of(k: &Kernel, function: &KFn) -> Option<TableName> {
    k.card_receive.filter(|receive| receive.name == function.name).map(|_| TableName::CardReceive)
}

/// The chain of a port table that a function looks through or changes.
fn port_table(k: &Kernel, function: &KFn, args: &Args) -> Option<(TableName, Option<u32>)> {
    let chain = |prot: ProtoId, port: u32| Some((TableName::SockArray(prot), Some(port & 255)));
    match (function.name, args.as_slice()) {
        ("get_sock", [Arg::Proto(prot), Arg::Int(port), ..]) => chain(*prot, port.cast_unsigned()),
        ("put_sock", [Arg::Int(port), Arg::Sock(number), ..]) => chain(prot_of(k, *number)?, port.cast_unsigned()),
        ("remove_sock", [Arg::Sock(number), ..]) => {
            let port = sock::by_number(k, *number).and_then(|sk| k.sock.get(sk))?.num;
            chain(prot_of(k, *number)?, port.into())
        }
        _ => None,
    }
}

fn prot_of(k: &Kernel, number: u32) -> Option<ProtoId> {
    sock::by_number(k, number).and_then(|sk| k.sock.get(sk)).map(|sock| sock.prot.id)
}
