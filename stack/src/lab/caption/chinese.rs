//! The Chinese of summaries and notes, keyed by their English text: one table for each room of the stack, so that whoever
//! changes a sentence finds its translation by the name of the room. `tests/captions.rs` names every sentence without one.

mod datagrams;
mod devices;
mod ip;
mod machine;
mod sock;
mod sockets;
mod tcp_calls;
mod tcp_receive;
mod tcp_send;

/// All tables as (room, English and Chinese sorted by the English). No sentence stands in two of them.
pub const TABLES: [(&str, &[(&str, &str)]); 9] = [
    ("machine", machine::TABLE),
    ("devices", devices::TABLE),
    ("sockets", sockets::TABLE),
    ("sock", sock::TABLE),
    ("ip", ip::TABLE),
    ("datagrams", datagrams::TABLE),
    ("tcp_receive", tcp_receive::TABLE),
    ("tcp_send", tcp_send::TABLE),
    ("tcp_calls", tcp_calls::TABLE),
];

/// The Chinese of a summary or note.
#[must_use]
pub fn of(english: &str) -> Option<&'static str> {
    TABLES.iter().find_map(|(_, table)| {
        let index = table.binary_search_by(|(known, _)| (*known).cmp(english)).ok()?;
        table.get(index).map(|(_, chinese)| *chinese)
    })
}
