//! All socks of all hosts, a row each, and which of them a person has chosen to look at.

use stack::lab::world::World;
use stack::view::process::{Owner, owners};
use stack::view::sock::{SockView, by_number, name};

use super::programs::program_name;
use crate::i18n::{Lang, Message};

/// A sock of a run, by its host and its number: both stay the same for the whole run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SockPlace {
    /// Index of the host.
    pub host: usize,
    /// Number of the sock on it.
    pub number: u32,
}

/// The sock that a person has chosen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ChosenSock {
    /// Which.
    pub place: SockPlace,
    /// Its name, such as `A/sk#1`.
    pub name: String,
    /// Whether there is such a sock at this moment.
    pub lives: bool,
}

/// One sock.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SockRow {
    /// Which.
    pub place: SockPlace,
    /// Its name, such as `A/sk#1`.
    pub name: String,
    /// Its transport.
    pub prot: &'static str,
    /// State of the connection, the lower of the two: without prefix, as every sock has one.
    pub state: String,
    /// State of the BSD socket, `SS_...` or `NULL`, the upper of the two; `?` where nothing tells it.
    pub socket_state: &'static str,
    /// Its own address and port.
    pub local: String,
    /// Those of the peer; empty where it has none.
    pub remote: String,
    /// Buffers on receive_queue, back_log, write_queue and from send_head on, where that is known.
    pub queues: Option<[usize; 4]>,
    /// Who owns it, in words.
    pub owner: String,
    /// Whether this step changed it.
    pub changed: bool,
}

/// The list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SockList {
    /// The socks, host by host, oldest first.
    pub rows: Vec<SockRow>,
    /// The one that a person has chosen; none while the panes follow the step.
    pub chosen: Option<ChosenSock>,
    /// The one that the panes show, where there is one.
    pub shown: Option<SockPlace>,
}

impl SockList {
    /// The list of a world; `before` is the world that this one is compared with.
    #[must_use]
    pub fn of(world: &World, before: &World, chosen: Option<SockPlace>, shown: Option<SockPlace>, lang: Lang) -> Self {
        let mut rows = Vec::new();
        for (place, host) in world.hosts.iter().enumerate() {
            let k = &host.kernel;
            let was = before.hosts.get(place).map(|host| &host.kernel);
            for (sk, owner) in owners(k) {
                let Some(view) = SockView::of(k, sk) else { continue };
                let old = was.and_then(|was| by_number(was, view.number).and_then(|sk| SockView::of(was, sk)));
                let owner = match owner {
                    Owner::Process(pid, fd) => format!("pid {pid} {} fd {fd}", program_name(host, pid, lang)),
                    Owner::Listener(listener) => Message::SockWaits.fill(lang, &[&name(&host.name, listener)]),
                    Owner::Inode(inode) => Message::SockOfInode.fill(lang, &[&inode.to_string()]),
                    Owner::Nobody => Message::SockOfNobody.text(lang).to_owned(),
                };
                rows.push(SockRow {
                    place: SockPlace { host: place, number: view.number },
                    changed: old.as_ref() != Some(&view),
                    owner,
                    ..row(&host.name, &view)
                });
            }
        }
        let chosen = chosen.map(|place| {
            let host = world.hosts.get(place.host).map_or("?", |host| host.name.as_str());
            let lives = rows.iter().any(|row| row.place == place);
            ChosenSock { place, name: name(host, place.number), lives }
        });
        Self { rows, chosen, shown }
    }

    /// Where a walk leads from what is chosen, or from what is shown: the next sock that way, and past either end back to following
    /// the step.
    #[must_use]
    pub fn beside(&self, forward: bool) -> Option<SockPlace> {
        let from = self.chosen.as_ref().map(|chosen| chosen.place);
        let here = from.and_then(|from| self.rows.iter().position(|row| row.place == from));
        let next = match (here, forward) {
            (Some(here), true) => here + 1,
            (Some(here), false) => here.checked_sub(1)?,
            (None, true) => 0,
            (None, false) => self.rows.len().checked_sub(1)?,
        };
        self.rows.get(next).map(|row| row.place)
    }
}

fn row(host: &str, view: &SockView) -> SockRow {
    let remote =
        if view.daddr.is_any() && view.dest == 0 { String::new() } else { format!("{}:{}", view.daddr, view.dest) };
    let local = if view.saddr.is_any() { format!("*:{}", view.num) } else { format!("{}:{}", view.saddr, view.num) };
    SockRow {
        name: name(host, view.number),
        prot: view.prot,
        state: view.state.name().to_owned(),
        socket_state: view.socket_state,
        local,
        remote,
        queues: Some([view.receive_queue, view.back_log, view.write_queue, view.send_queue]),
        ..SockRow::default()
    }
}
