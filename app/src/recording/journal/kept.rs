//! What a person made of a run and kept with it: the branches, marks, stops and where he stood. These are lines of their own behind
//! those of the journal; a program that wants the run alone leaves them out.
//!
//! Each line has a `session`: `branch` (with `from`, `at`, `edit`, `shares`, `horizon`, `cursor`, `typed`), followed by an `act` line for
//! every act of its journal behind those that it shares with the branch it parted from; `mark`; `stop`; `here`; `start`, of a replay. Moments are
//! `[turn, step]`. Promise: as of all lines, what cannot be read is refused with its line, and nothing grows without a limit.

use serde_json::{Value, json};
use stack::lab::journal::{Act, Journal};
use stack::lab::run::Moment;

use super::act::{act_value, read_act};
use super::value::{LATEST, at_most, name, number};

/// The most branches: each is a run of its own when it is opened.
pub const MOST_BRANCHES: usize = 32;
/// The most marks, stops and typed calls, of each.
const MOST_OF_EACH: usize = 1_000;

/// A session beside its first run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// The branches behind the first, in the order in which they were made.
    pub branches: Vec<KeptBranch>,
    /// The cursor and the typed calls of the first branch.
    pub first: Stand,
    /// Marks: letter, branch (from 0), moment.
    pub marks: Vec<(char, usize, Moment)>,
    /// Stops, and whether each is enabled.
    pub stops: Vec<(String, bool)>,
    /// The branch that was shown, from 0.
    pub branch: usize,
    /// The microsecond of the run that is second 0 of the capture it replays; 0 where it is no replay.
    pub start: u64,
}

impl Kept {
    /// Whether there is nothing beside the run.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.start == 0 && !self.is_session()
    }

    /// Whether a person made anything of the run.
    #[must_use]
    pub fn is_session(&self) -> bool {
        let Self { branches, first, marks, stops, branch, start: _ } = self;
        !(branches.is_empty() && *first == Stand::default() && marks.is_empty() && stops.is_empty() && *branch == 0)
    }
}

/// Where one stood in a branch, and what one had typed in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stand {
    /// The cursor.
    pub cursor: Moment,
    /// Calls: host, how many the process had made before it, and the text.
    pub typed: Vec<(usize, usize, String)>,
}

/// A branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptBranch {
    /// The branch it parted from, from 0.
    pub from: usize,
    /// The moment at which it did.
    pub at: Moment,
    /// What a person did there: the act, how many acts had been done, and the time in microseconds (both 0 for the fate of a frame).
    pub edit: (Act, usize, u64),
    /// Acts that its journal has in common with that of the branch it parted from, from the beginning.
    pub shares: usize,
    /// The acts of its journal behind those, and how far its time goes.
    pub rest: Journal,
    /// Where one stood in it.
    pub stand: Stand,
}

fn moment_value(moment: Moment) -> Value {
    json!([moment.turn, moment.step])
}

fn read_moment(value: Option<&Value>) -> Option<Moment> {
    Some(Moment { turn: number(value?.get(0)?)?, step: number(value?.get(1)?)? })
}

fn stand_of(stand: &Stand, line: &mut Value) {
    line["cursor"] = moment_value(stand.cursor);
    line["typed"] = stand.typed.iter().map(|(host, ordinal, text)| json!([host, ordinal, text])).collect();
}

fn read_stand(line: &Value) -> Option<Stand> {
    let typed = line.get("typed")?.as_array().filter(|typed| typed.len() <= MOST_OF_EACH)?;
    let call = |value: &Value| Some((number(value.get(0)?)?, number(value.get(1)?)?, name(value.get(2)?)?));
    Some(Stand { cursor: read_moment(line.get("cursor"))?, typed: typed.iter().map(call).collect::<Option<_>>()? })
}

/// The lines of a session, to stand behind those of its first run's journal; none where there is nothing to keep.
#[must_use]
pub fn encode_kept(kept: &Kept) -> String {
    let mut lines: Vec<Value> = Vec::new();
    if kept.start != 0 {
        lines.push(json!({ "session": "start", "time": kept.start }));
    }
    for branch in &kept.branches {
        let (act, done, time) = &branch.edit;
        let mut line = json!({
            "session": "branch", "from": branch.from, "at": moment_value(branch.at), "edit": act_value(act), "done": done, "time": time,
            "shares": branch.shares, "horizon": branch.rest.horizon,
        });
        stand_of(&branch.stand, &mut line);
        lines.push(line);
        for (time, act) in &branch.rest.acts {
            let mut line = act_value(act);
            line["session"] = json!("act");
            line["t"] = json!(time);
            lines.push(line);
        }
    }
    for (letter, branch, at) in &kept.marks {
        lines.push(
            json!({ "session": "mark", "letter": letter.to_string(), "branch": branch, "at": moment_value(*at) }),
        );
    }
    for (place, on) in &kept.stops {
        lines.push(json!({ "session": "stop", "place": place, "on": on }));
    }
    if kept.is_session() {
        let mut here = json!({ "session": "here", "branch": kept.branch });
        stand_of(&kept.first, &mut here);
        lines.push(here);
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// Takes in a line of a session; its act, where it has one, for whoever counts them.
pub(super) fn read_kept(line: &Value, kept: &mut Kept) -> Option<Option<Act>> {
    let known = |branch: usize, kept: &Kept| (branch <= kept.branches.len()).then_some(branch);
    match line.get("session")?.as_str()? {
        "branch" if kept.branches.len() < MOST_BRANCHES => {
            let edit = read_act(line.get("edit")?)?;
            let time = at_most(line.get("time")?, LATEST)?;
            let horizon = at_most(line.get("horizon")?, LATEST)?;
            let branch = KeptBranch {
                from: known(number(line.get("from")?)?, kept)?,
                at: read_moment(line.get("at"))?,
                edit: (edit.clone(), number(line.get("done")?)?, time),
                shares: number(line.get("shares")?)?,
                rest: Journal { acts: Vec::new(), horizon },
                stand: read_stand(line)?,
            };
            kept.branches.push(branch);
            Some(Some(edit))
        }
        "act" => {
            let act = read_act(line)?;
            let time = at_most(line.get("t")?, LATEST)?;
            kept.branches.last_mut()?.rest.acts.push((time, act.clone()));
            Some(Some(act))
        }
        "mark" if kept.marks.len() < MOST_OF_EACH => {
            let letter = name(line.get("letter")?)?.chars().next()?;
            kept.marks.push((letter, known(number(line.get("branch")?)?, kept)?, read_moment(line.get("at"))?));
            Some(None)
        }
        "stop" if kept.stops.len() < MOST_OF_EACH => {
            kept.stops.push((name(line.get("place")?)?, line.get("on")?.as_bool()?));
            Some(None)
        }
        "start" => {
            kept.start = at_most(line.get("time")?, LATEST)?;
            Some(None)
        }
        "here" => {
            kept.branch = known(number(line.get("branch")?)?, kept)?;
            kept.first = read_stand(line)?;
            Some(None)
        }
        _ => None,
    }
}
