//! The tables of functions through which the kernel calls upwards, and the port tables: what stands in them now.
//!
//! Each is read from the kernel that runs: an entry that a test overwrites is shown overwritten, and the run goes there.

use crate::include::sock::{ProtoId, Sock, SockId};
use crate::kernel::Kernel;
use crate::kernel::call::NR_SOCKETCALL;
use crate::kernel::traps::Vector;
use crate::net::inet::sock_array::walk;
use crate::words::Words;

/// Which table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableName {
    /// The interrupt descriptor table.
    Idt,
    /// The system calls by number.
    SysCallTable,
    /// The routines of the bottom halves.
    BhBase,
    /// The routine of the cards' interrupt.
    CardReceive,
    /// The families of sockets.
    Pops,
    /// Who takes frames of a type.
    PtypeBase,
    /// The protocols above IP.
    InetProtos,
    /// The port table of a transport.
    SockArray(ProtoId),
}

impl TableName {
    /// The name as in C.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Idt => "idt",
            Self::SysCallTable => "sys_call_table",
            Self::BhBase => "bh_base",
            Self::CardReceive => "card_receive",
            Self::Pops => "pops",
            Self::PtypeBase => "ptype_base",
            Self::InetProtos => "inet_protos",
            Self::SockArray(ProtoId::Tcp) => "tcp_prot.sock_array",
            Self::SockArray(ProtoId::Udp) => "udp_prot.sock_array",
            Self::SockArray(ProtoId::Raw) => "raw_prot.sock_array",
            Self::SockArray(ProtoId::Packet) => "packet_prot.sock_array",
        }
    }

    /// What it is asked for.
    #[must_use]
    pub fn about(self) -> Words {
        match self {
            Self::Idt => Words::new("gates by vector", "按向量排列的门"),
            Self::SysCallTable => Words::new("system calls by EAX", "按 EAX 排列的系统调用"),
            Self::BhBase => Words::new("bottom halves by number", "按编号排列的下半部"),
            Self::CardReceive => Words::new("the cards' interrupt", "网卡的中断"),
            Self::Pops => Words::new("families of sockets", "套接字协议族"),
            Self::PtypeBase => Words::new("who takes a frame, by its type", "按类型接收帧的函数"),
            Self::InetProtos => Words::new("protocols above IP, number & 31", "IP 之上的协议，编号 & 31"),
            Self::SockArray(_) => Words::new("chains of socks, port & 255", "sock 链，端口 & 255"),
        }
    }
}

/// One element of an entry's chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkView {
    /// The function that it leads to, or the name of the sock (`sk#3`).
    pub target: String,
    /// What else it says, such as the number of the protocol; may be empty.
    pub note: String,
}

/// One entry: a place of the table with what hangs on it, first to be asked first. An empty chain is a null pointer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryView {
    /// The index; None in a plain list.
    pub index: Option<u32>,
    /// The chain.
    pub links: Vec<LinkView>,
}

/// A table with the entries that are worth seeing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableView {
    /// Which.
    pub name: TableName,
    /// Entries by index.
    pub entries: Vec<EntryView>,
}

impl TableView {
    /// All tables, in the order in which a packet's way needs them. Port tables without a sock are left out, but that of TCP.
    #[must_use]
    pub fn all(k: &Kernel) -> Vec<Self> {
        let mut tables =
            vec![idt(k), sys_call_table(k), bh_base(k), card_receive(k), pops(k), ptype_base(k), inet_protos(k)];
        let ports = [ProtoId::Tcp, ProtoId::Udp, ProtoId::Raw, ProtoId::Packet].map(|prot| sock_array(k, prot));
        let shown = |table: &Self| table.name == TableName::SockArray(ProtoId::Tcp) || !table.entries.is_empty();
        tables.extend(ports.into_iter().filter(shown));
        tables
    }
}

fn link(target: impl Into<String>, note: impl Into<String>) -> LinkView {
    LinkView { target: target.into(), note: note.into() }
}

fn entry(index: usize, links: Vec<LinkView>) -> EntryView {
    EntryView { index: u32::try_from(index).ok(), links }
}

/// The gates that user programs may use, and those of hardware interrupts that have a driver.
fn idt(k: &Kernel) -> TableView {
    let entries = k.idt.gates.iter().enumerate().filter_map(|(number, gate)| {
        let target = match gate.vector {
            Vector::SystemCall => "system_call".to_owned(),
            Vector::SlowInterrupt(irq, driver) => format!("IRQ{irq} {driver}"),
            Vector::Exception(name) if gate.dpl == 3 => name.to_owned(),
            Vector::Exception(_) | Vector::Empty | Vector::Reserved | Vector::BadInterrupt(_) => return None,
        };
        let kind = if gate.kind == 15 { "trap gate" } else { "interrupt gate" };
        Some(entry(number, vec![link(target, format!("{kind} dpl {}", gate.dpl))]))
    });
    TableView { name: TableName::Idt, entries: entries.collect() }
}

/// The calls that exist here, and the neighbours of socketcall, which do not.
fn sys_call_table(k: &Kernel) -> TableView {
    let near = NR_SOCKETCALL - 1..=NR_SOCKETCALL + 1;
    let mut numbers: Vec<u32> = k.sys_call_table.iter().map(|(number, _)| number).chain(near).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let entries = numbers.into_iter().map(|number| {
        let links = k.sys_call_table.get(number).map(|call| link(call.name, ""));
        EntryView { index: Some(number), links: links.into_iter().collect() }
    });
    TableView { name: TableName::SysCallTable, entries: entries.collect() }
}

fn bh_base(k: &Kernel) -> TableView {
    let halves = k.bh_base.iter().enumerate();
    let entries = halves.filter_map(|(number, half)| half.map(|half| entry(number, vec![link(half.name, "")])));
    TableView { name: TableName::BhBase, entries: entries.collect() }
}

fn card_receive(k: &Kernel) -> TableView {
    let links = k.card_receive.map(|receive| link(receive.name, ""));
    TableView {
        name: TableName::CardReceive,
        entries: vec![EntryView { index: None, links: links.into_iter().collect() }],
    }
}

fn pops(k: &Kernel) -> TableView {
    let families = k.pops.iter().enumerate();
    let entries = families.filter_map(|(slot, ops)| {
        let ops = (*ops)?;
        let name = if ops.family == AF_INET { "inet_proto_ops" } else { "proto_ops" };
        Some(entry(slot, vec![link(name, format!("family {}", ops.family))]))
    });
    TableView { name: TableName::Pops, entries: entries.collect() }
}

/// The family of internet addresses.
const AF_INET: u16 = 2;

fn ptype_base(k: &Kernel) -> TableView {
    let links = k.ptype_base.iter().map(|kind| {
        let sock = kind.data.map_or_else(String::new, |sk| format!(" sk#{}", sk.serial()));
        link(kind.name, format!("0x{:04x}{sock}", kind.type_))
    });
    TableView { name: TableName::PtypeBase, entries: vec![EntryView { index: None, links: links.collect() }] }
}

fn inet_protos(k: &Kernel) -> TableView {
    let buckets = k.inet_protos.iter().enumerate().filter(|(_, chain)| !chain.is_empty());
    let entries = buckets.map(|(bucket, chain)| {
        let links = chain
            .iter()
            .map(|protocol| link(handler(protocol.name), format!("{} {}", protocol.name, protocol.protocol)));
        entry(bucket, links.collect())
    });
    TableView { name: TableName::InetProtos, entries: entries.collect() }
}

/// The function behind a protocol above IP: those of 1.2.13 are named after it, and the entry keeps no other name.
#[must_use]
pub fn handler(protocol: &str) -> String {
    format!("{}_rcv", protocol.to_ascii_lowercase())
}

fn sock_array(k: &Kernel, prot: ProtoId) -> TableView {
    let chains = k.protos.get(prot as usize).into_iter().flat_map(|state| state.sock_array.iter().enumerate());
    let entries = chains.filter(|(_, head)| head.is_some()).map(|(bucket, head)| {
        let links = walk(k, *head).take(k.sock.len()).map(|(sk, sock)| member(prot, sk, sock));
        entry(bucket, links.collect())
    });
    TableView { name: TableName::SockArray(prot), entries: entries.collect() }
}

fn member(prot: ProtoId, sk: SockId, sock: &Sock) -> LinkView {
    let state = if prot == ProtoId::Tcp { format!(" {}", sock.state.name()) } else { String::new() };
    link(format!("sk#{}", sk.serial()), format!(":{}{state}", sock.num))
}
