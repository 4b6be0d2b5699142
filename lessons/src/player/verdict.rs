//! The run as the judge: which option holds, and at which steps that was settled.

use stack::kernel::probe::Event;
use stack::lab::caption::caption;
use stack::lab::film::FilmStep;
use stack::lab::query::{Expression, evidence};
use stack::lab::run::{Moment, Run, Scene};

use crate::lesson::Choice;

/// Pieces of evidence that are shown at most.
const MOST: usize = 4;

/// A step that settles a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The moment right after it.
    pub moment: Moment,
    /// The host on which it happened.
    pub host: String,
    /// The kernel function that ran; outside the kernel the system call that is made.
    pub function: &'static str,
    /// What changed, such as `B.sock(2).receive_queue`.
    pub subject: String,
    /// Its value before.
    pub before: String,
    /// Its value after.
    pub after: String,
    /// The sentence of the step in both languages.
    pub caption: stack::words::Words<String>,
}

/// What the run said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Judgement {
    /// Which options hold.
    pub(crate) holds: Vec<bool>,
    /// The steps that settle it, in order.
    pub(crate) evidence: Vec<Evidence>,
}

impl Judgement {
    /// The one option that holds.
    pub(crate) fn truth(&self) -> Option<usize> {
        self.holds.iter().position(|holds| *holds)
    }
}

/// Asks the run: every option at the moment of the reveal, every piece of evidence on the way there.
pub(crate) fn judge(
    run: &mut Run,
    options: &[Choice],
    wanted: &[Expression],
    from: Moment,
    until: Moment,
) -> Judgement {
    let world = run.seek(until).world;
    let holds = options.iter().map(|option| option.when.holds(&world)).collect();
    let mut steps = Vec::new();
    for expression in wanted {
        for moment in evidence(expression, run, from, until) {
            steps.push(piece(run, expression, moment));
        }
    }
    steps.sort_by_key(|piece: &Evidence| piece.moment);
    steps.dedup_by(|a, b| a.moment == b.moment && a.subject == b.subject);
    steps.truncate(MOST);
    Judgement { holds, evidence: steps }
}

fn piece(run: &mut Run, expression: &Expression, moment: Moment) -> Evidence {
    let after = run.seek(moment);
    let before = run.seek(Moment { turn: moment.turn, step: moment.step.saturating_sub(1) });
    let (mut subject, mut old, mut new) = (expression.to_string(), String::new(), String::new());
    // What the expression asks for and this step changed; else the first thing it asks for.
    let paths = expression.paths();
    let value = |scene: &Scene, path: &stack::lab::query::Path| {
        stack::lab::query::Hosts::kernel(&scene.world, &path.host).map(|k| path.subject.value(k).to_string())
    };
    let changed = paths.iter().find(|path| value(&before, path) != value(&after, path)).or(paths.first());
    if let Some(path) = changed {
        subject = path.to_string();
        old = value(&before, path).unwrap_or_default();
        new = value(&after, path).unwrap_or_default();
    }
    let step = moment.step.checked_sub(1).and_then(|index| after.film.steps.get(index));
    let place = after.host.and_then(|host| after.world.hosts.get(host));
    let sentence = match (place, step) {
        (Some(place), Some(step)) => caption(&place.kernel, &step.event),
        _ => stack::words::Words::default(),
    };
    Evidence {
        moment,
        host: place.map(|place| place.name.clone()).unwrap_or_default(),
        function: after.film.function_at(moment.step).map_or_else(|| caller(step), |function| function.name),
        subject,
        before: old,
        after: new,
        caption: sentence,
    }
}

/// The system call whose trap or return is the step.
fn caller(step: Option<&FilmStep>) -> &'static str {
    match step.map(|step| &step.event) {
        Some(Event::SyscallEnter { name, .. } | Event::SyscallExit { name, .. }) => name.name(),
        _ => "",
    }
}
