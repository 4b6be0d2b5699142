//! Changing the past: what a person does to a frame, a timer or a process at a moment of the run, and the branch that comes of it.
//!
//! Promise: the run that is changed stays as it was, and every branch has a name that says what is different in it.

use stack::kernel::Kernel;
use stack::lab::journal::Act;
use stack::lab::run::Moment;
use stack::link::wire::Fate;
use stack::view::timer::TimerView;
use stack::wire::edit::{FrameField, fields};

use super::Session;
use super::answer::{Answer, Refused};
use super::branch::{Branch, Parting};
use super::motion::{Direction, Motion};
use super::origin::{Edit, Edited};
use crate::i18n::{Lang, Message};
use crate::picture::BranchRow;

/// What came of an act of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// What is different now, by itself a clause: `frame 4 is lost`.
    pub what: String,
    /// The number of the branch that was made, from 1; none where the run itself goes on with it.
    pub branch: Option<usize>,
}

impl Done {
    /// The sentence for it.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        match self.branch {
            Some(number) => Message::BranchMade.fill(lang, &[&self.what, &number.to_string()]),
            None => self.what.clone(),
        }
    }
}

/// Which branch is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BranchShown {
    /// Its number, from 1.
    pub number: usize,
    /// How many there are.
    pub count: usize,
    /// The number of the branch it parted from, the step at which it did, and what is different; none of the first.
    pub parted: Option<(usize, u64, String)>,
}

impl Session {
    /// Does what a person does to the run, with the cursor at a moment; says whether it made a branch.
    pub(super) fn edit(&mut self, edit: &Edit, at: Moment) -> Result<bool, Refused> {
        let from = self.branch;
        let branch = self.branch_mut();
        match branch.origin.edit(edit, at)? {
            Edited::Here(at) => {
                if branch.origin.lesson().is_some() {
                    branch.forget();
                }
                branch.at = at;
                Ok(false)
            }
            Edited::Branch { origin, parts_at, at } => {
                // What was typed later than an act of the past never happened in its branch.
                let made = match edit {
                    Edit::Act { done, .. } => origin.run().journal.acts.get(..*done),
                    Edit::Fate { .. } => None,
                };
                let typed = branch.typed.iter().filter(|typed| made.is_none_or(|acts| typed.is_made_in(acts)));
                let typed = typed.cloned().collect();
                let parting = Parting { from, at: parts_at, edit: edit.clone() };
                let mut parted = Branch::new(origin, Some(parting), at);
                parted.typed = typed;
                self.branches.push(parted);
                self.branch = self.branches.len() - 1;
                self.give_up();
                Ok(true)
            }
        }
    }

    /// Gives a frame of the simulated wire another fate: in a branch of its own, or where a lesson is open in that.
    ///
    /// # Errors
    /// Why it cannot be done.
    pub fn wire(&mut self, frame: u64, fate: Fate, lang: Lang) -> Result<Done, Refused> {
        let at = self.moment();
        let parent = self.branch;
        let edit = Edit::Fate { frame, fate };
        let made = self.edit(&edit, at)?;
        Ok(Done { what: self.name(&edit, parent, lang), branch: made.then_some(self.branch + 1) })
    }

    /// Holds a frame back until the next one of the same host has arrived.
    ///
    /// # Errors
    /// No frame of that host follows, or it cannot be done here.
    pub fn let_overtake(&mut self, frame: u64, lang: Lang) -> Result<Done, Refused> {
        let run = self.branch_mut().origin.run();
        let frames = &run.frames;
        let of = |record: &&stack::lab::run::FrameRecord| record.sent.number == frame;
        let late = frames.iter().find(of).ok_or(Refused::NoSuchFrame(frame))?;
        let arrival = |record: &stack::lab::run::FrameRecord| record.sent.arrivals.first().map(|(time, _)| *time);
        let (host, sent) = (late.sent.host, late.moment);
        let own = arrival(late).unwrap_or(late.time);
        let next = frames.iter().filter(|record| record.moment > sent && record.sent.host == host).find_map(arrival);
        let next = next.filter(|time| *time >= own).ok_or(Refused::NothingToOvertake(frame))?;
        self.wire(frame, Fate::Delay(next - own + 1), lang)
    }

    /// The bytes of a frame as they left.
    #[must_use]
    pub fn frame_bytes(&self, frame: u64) -> Option<Vec<u8>> {
        let run = self.branches.get(self.branch)?.origin.run();
        run.frames.iter().find(|record| record.sent.number == frame).map(|record| record.sent.bytes.clone())
    }

    /// Lets a timer of a host fire with the next tick, and stands where it does.
    ///
    /// # Errors
    /// There is no such timer, or it cannot be done here.
    pub fn fire(&mut self, host: usize, place: usize, lang: Lang) -> Result<Done, Refused> {
        let at = self.moment();
        let world = self.run().before(at.turn + 1);
        let kernel: &Kernel = world.hosts.get(host).map(|host| &host.kernel).ok_or(Refused::NothingSelected)?;
        // What is shown stands in the middle of a turn, where the list may be another one: the act comes behind the turn.
        let shown = self.run().seek(at).world;
        let wanted = shown.hosts.get(host).and_then(|host| TimerView::all(&host.kernel).into_iter().nth(place));
        let wanted = wanted.ok_or(Refused::NothingSelected)?;
        if TimerView::place(kernel, wanted.function, &wanted.owner).is_none() {
            return Err(Refused::TimerGone(wanted.function.to_owned()));
        }
        let act = Act::Expire { host, function: wanted.function.to_owned(), owner: wanted.owner };
        let edit = Edit::Act { act, done: world.acts_done(), time: world.clock };
        let parent = self.branch;
        let made = self.edit(&edit, at)?;
        let answer = self.travel(Motion::Timer, Direction::Forward);
        let what = self.name(&edit, parent, lang);
        if matches!(answer, Answer::None { .. }) {
            return Err(Refused::TimerGone(wanted.function.to_owned()));
        }
        Ok(Done { what, branch: made.then_some(self.branch + 1) })
    }

    /// Sends a signal to a process of a host, behind the turn of the cursor.
    ///
    /// # Errors
    /// The host has no such process, or it cannot be done here.
    pub fn signal(&mut self, host: usize, pid: i32, signal: i32, lang: Lang) -> Result<Done, Refused> {
        let at = self.moment();
        let world = self.run().before(at.turn + 1);
        let there = world.hosts.get(host).is_some_and(|host| host.kernel.task_of_pid(pid).is_some());
        if !there {
            return Err(Refused::NoSuchProcess(pid));
        }
        let edit = Edit::Act { act: Act::Signal { host, pid, signal }, done: world.acts_done(), time: world.clock };
        let parent = self.branch;
        let made = self.edit(&edit, at)?;
        Ok(Done { what: self.name(&edit, parent, lang), branch: made.then_some(self.branch + 1) })
    }

    /// What is different where an edit has been made, as a clause.
    fn name(&self, edit: &Edit, parent: usize, lang: Lang) -> String {
        let run = self.branches.get(parent).map(|branch| branch.origin.run());
        let host_name = |host: usize| {
            let known = run.and_then(|run| run.head().hosts.get(host));
            known.map_or_else(|| host.to_string(), |host| host.name.clone())
        };
        match edit {
            Edit::Fate { frame, fate } => {
                let number = frame.to_string();
                match fate {
                    Fate::Drop => Message::FrameIsLost.fill(lang, &[&number]),
                    Fate::Delay(more) => Message::FrameIsLate.fill(lang, &[&number, &duration(*more)]),
                    Fate::Duplicate => Message::FrameIsTwice.fill(lang, &[&number]),
                    Fate::Corrupt(octet, _) => Message::FrameIsDamaged.fill(lang, &[&number, &octet.to_string()]),
                    Fate::Replace(bytes) => {
                        let was = run.and_then(|run| run.frames.iter().find(|record| record.sent.number == *frame));
                        let changed = was.map_or_else(String::new, |was| changes(&was.sent.bytes, bytes));
                        Message::FrameIsChanged.fill(lang, &[&number, &changed])
                    }
                }
            }
            Edit::Act { act: Act::Signal { host, pid, signal }, .. } => {
                Message::SignalSent.fill(lang, &[&signal.to_string(), &pid.to_string(), &host_name(*host)])
            }
            Edit::Act { act: Act::Expire { host, function, owner }, .. } => {
                let whose = format!("{}/{owner}", host_name(*host));
                Message::TimerFired.fill(lang, &[function, &whose])
            }
            Edit::Act { act: Act::Call { host, call, .. }, .. } => {
                Message::CallMade.fill(lang, &[call.name.name(), &host_name(*host)])
            }
            Edit::Act { .. } => Message::ActDone.text(lang).to_owned(),
        }
    }

    /// What is different in a branch (its index), as a clause; none of the first.
    #[must_use]
    pub fn branch_name(&self, branch: usize, lang: Lang) -> Option<String> {
        let parting = self.branches.get(branch)?.parent.as_ref()?;
        Some(self.name(&parting.edit, parting.from, lang))
    }

    /// Shows the next branch.
    ///
    /// # Errors
    /// There is only one.
    pub fn next_branch(&mut self, lang: Lang) -> Result<BranchShown, Refused> {
        if self.branches.len() < 2 {
            return Err(Refused::OneBranch);
        }
        self.go_to_branch((self.branch + 1) % self.branches.len(), lang)
    }

    /// Shows a branch by its index.
    ///
    /// # Errors
    /// There is none.
    pub fn go_to_branch(&mut self, branch: usize, lang: Lang) -> Result<BranchShown, Refused> {
        if branch >= self.branches.len() {
            return Err(Refused::NothingSelected);
        }
        self.give_up();
        self.branch = branch;
        let what = self.branch_name(branch, lang).unwrap_or_default();
        let here = self.branch_mut();
        let parting = here.parent.as_ref().map(|parting| (parting.from, parting.at));
        let parted = parting.map(|(from, at)| (from + 1, here.number(at), what));
        Ok(BranchShown { number: branch + 1, count: self.branches.len(), parted })
    }

    /// Throws a branch away by its index. Those that parted from it hang from the one it parted from; whoever stood in it stands in
    /// that. Gives the number of the one that is shown now, from 1.
    ///
    /// # Errors
    /// It is the first, or there is none.
    pub fn throw_away(&mut self, branch: usize) -> Result<usize, Refused> {
        let parent = self.branches.get(branch).ok_or(Refused::NothingSelected)?.parent.clone();
        let Some(parent) = parent else { return Err(Refused::FirstBranch) };
        self.give_up();
        self.branches.remove(branch);
        let moved = |index: usize| if index > branch { index - 1 } else { index };
        for other in &mut self.branches {
            if let Some(parting) = &mut other.parent {
                if parting.from == branch {
                    parting.from = parent.from;
                    parting.at = parting.at.min(parent.at);
                } else {
                    parting.from = moved(parting.from);
                }
            }
        }
        let standing = if self.branch == branch { parent.from } else { self.branch };
        self.branch = moved(standing);
        self.marks.retain(|_, (of, _)| *of != branch);
        for (of, _) in self.marks.values_mut() {
            *of = moved(*of);
        }
        Ok(self.branch + 1)
    }

    /// The branches as a tree: each behind the one it parted from, one level deeper.
    pub(super) fn branch_rows(&mut self, lang: Lang) -> Vec<BranchRow> {
        let mut rows = Vec::new();
        // Children before their siblings' younger ones: a stack of indexes, the oldest on top.
        let mut waiting = vec![(0, 0)];
        while let Some((index, depth)) = waiting.pop() {
            let what = self.branch_name(index, lang);
            let here = self.branch == index;
            let Some(branch) = self.branches.get_mut(index) else { continue };
            let parted = branch.parent.as_ref().map(|parting| parting.at);
            let step = parted.map(|at| branch.number(at));
            let frames = branch.origin.run().frames.len();
            rows.push(BranchRow { number: index + 1, depth, what, step, frames, here });
            let children = self.branches.iter().enumerate().rev();
            let of_this =
                |(_, other): &(usize, &Branch)| other.parent.as_ref().is_some_and(|parting| parting.from == index);
            waiting.extend(children.filter(of_this).map(|(child, _)| (child, depth + 1)));
        }
        rows
    }
}

/// A span of microseconds as a person says it.
fn duration(microseconds: u64) -> String {
    if microseconds < 1_000 {
        format!("{microseconds} us")
    } else if microseconds < 1_000_000 {
        format!("{} ms", microseconds as f64 / 1e3)
    } else {
        format!("{} s", microseconds as f64 / 1e6)
    }
}

/// The fields in which a frame has been changed by a person, with their new values; checksums are told only where nothing else is.
fn changes(was: &[u8], now: &[u8]) -> String {
    let differs = |field: &FrameField| field.field.parts.is_empty() && field.value(was) != field.value(now);
    let changed: Vec<FrameField> = fields(now).into_iter().filter(differs).collect();
    let telling = |field: &&FrameField| changed.iter().all(is_checksum) || !is_checksum(field);
    let told: Vec<String> =
        changed.iter().filter(telling).map(|field| format!("{}={}", field.field.name, field.value(now))).collect();
    if told.is_empty() { "payload".to_owned() } else { told.join(" ") }
}

fn is_checksum(field: &FrameField) -> bool {
    matches!(field.field.name, "check" | "checksum")
}
