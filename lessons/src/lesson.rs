//! A lesson that has been read: places and predicates parsed, numbers of the learner filled in, words in both languages.

use core::fmt;

use stack::kernel::probe::KFn;
use stack::lab::conformance::calls::user_call;
use stack::lab::conformance::host::ScriptHost;
use stack::lab::journal::Act;
use stack::lab::query::{Expression, Path, Place, Subject};
use stack::lab::run::Run;
use stack::lab::scene;
use stack::lab::script::Position;
use stack::lab::script::{Script, parse_call};
use stack::link::wire::Fate;
use stack::words::{Lang, Words};

use crate::chapter::Chapter;
use crate::file::Allowed;
use crate::pane::Pane;
use crate::problem::Problem;
use crate::text::LessonText;

/// The most panes that a lesson has on the screen.
pub const MOST_PANES: usize = 6;
/// Process id of the process that makes a learner's calls: the first of every scene.
const CALLER: i32 = 100;
/// Microseconds between a learner's calls.
const BETWEEN_CALLS: u64 = 100_000;

/// A lesson with one learner's numbers filled in: made by [`load`](crate::load()), played by [`Player`](crate::Player).
#[derive(Clone, Debug, PartialEq)]
pub struct Lesson {
    /// Name of its folder, such as `07-handshake`.
    pub folder: String,
    /// Its id, by which it is opened.
    pub id: String,
    /// Minutes that it takes, 5 to 12.
    pub minutes: u32,
    /// The claim in English, one sentence.
    pub claim: String,
    /// The seed from which its numbers and its wire were drawn: the learner's, or the one that the lesson fixes.
    pub seed: u64,
    /// Whether every learner gets numbers of their own; only then can a beat come back with others.
    pub varies: bool,
    /// The scene, read; [`Lesson::open`] makes a run of it.
    pub script: Script,
    /// Name of the scene's file, for problems that lie in it.
    pub scene: String,
    /// Hosts of the scene by name, in the order of the scene.
    pub hosts: Vec<String>,
    /// The panes that stand on the screen while it is played, each always in the same place; at most [`MOST_PANES`]. Where only two
    /// have room, the first, third and fifth take turns on the left, the others on the right.
    pub panes: Vec<Pane>,
    /// The lesson that comes after it, by its id; None where it is the last, or stands alone.
    pub next: Option<String>,
    /// The functions that the second pass asks for, in the order in which the run enters them; none where there is no second pass.
    pub calls: Vec<Call>,
    /// The chapter of the curriculum; None for a lesson of somebody's own.
    pub chapter: Option<Chapter>,
    /// The lessons that are to be done before it, by their ids.
    pub needs: Vec<String>,
    /// Words of the glossary that it is about, as the kernel writes them.
    pub words: Vec<String>,
    /// The beats in order, one to nine.
    pub beats: Vec<Beat>,
    /// What it says, in both languages.
    pub text: Words<LessonText>,
}

/// A function that the run enters, and that the second pass of a lesson asks for ([`again`](crate::again)).
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The host on which it runs, by name.
    pub host: String,
    /// The kernel function.
    pub function: &'static KFn,
    /// `HOST: enter FUNCTION`, as the lesson has it.
    pub place: Place,
    /// Line of `lesson.toml`, from 1.
    pub line: usize,
}

/// One beat: a stretch of the run, and what is told or asked there.
#[derive(Clone, Debug, PartialEq)]
pub struct Beat {
    /// Its id, by which its words and a learner's progress are found.
    pub id: String,
    /// Line of `lesson.toml`, from 1.
    pub line: usize,
    /// Where the run is held; None = where it is.
    pub at: Option<Place>,
    /// Where the run goes when the beat is answered; None = nowhere.
    pub until: Option<Place>,
    /// The host that is looked at, by name; None = the one that acts.
    pub host: Option<String>,
    /// The pane in question.
    pub pane: Option<Pane>,
    /// Panes that stay closed until the beat is answered, done or skipped: what they show would give the answer away.
    pub closed: Vec<Pane>,
    /// The sock that the panes show, by number; None = the one that the step works on.
    pub sock: Option<u32>,
    /// Hints it has: 3, but none in a beat that only tells.
    pub hints: u8,
    /// What it asks.
    pub task: Task,
}

/// What a beat asks.
#[derive(Clone, Debug, PartialEq)]
pub enum Task {
    /// To read and watch.
    Show,
    /// To say which of several things the run will make true.
    Predict {
        /// The options.
        options: Vec<Choice>,
        /// The steps that settle it are those at which these become true.
        evidence: Vec<Expression>,
    },
    /// To bring the run to a moment at which this holds, and to say what is seen there.
    Investigate {
        /// The condition.
        goal: Expression,
        /// What may be said of that moment; none where finding it is all.
        options: Vec<Choice>,
        /// The steps that settle it are those at which these became true.
        evidence: Vec<Expression>,
    },
    /// To change the run so that this becomes true.
    Modify {
        /// What may be changed.
        allow: Vec<Allowed>,
        /// The condition.
        goal: Expression,
        /// A change that does it: for the linter and the skipping learner.
        solution: Vec<Change>,
        /// Where the branch goes on to when it has come true; None = nowhere.
        run_to: Option<Box<Place>>,
        /// What is told of both runs, beside what the goal speaks of.
        evidence: Vec<Expression>,
    },
    /// To put steps in their order.
    Order {
        /// The steps.
        steps: Vec<OrderStep>,
    },
    /// To write system calls by which this becomes true.
    Make {
        /// The condition.
        goal: Expression,
        /// Calls that do it, one per line.
        solution: String,
    },
}

impl Task {
    /// What may be answered; nothing where there is no question, or where finding the moment is all.
    #[must_use]
    pub fn options(&self) -> &[Choice] {
        match self {
            Self::Predict { options, .. } | Self::Investigate { options, .. } => options,
            Self::Show | Self::Modify { .. } | Self::Order { .. } | Self::Make { .. } => &[],
        }
    }

    /// All things that it asks for: those of its options, its goal and its evidence. The kernel's own words in a goal (`jiffies`) only
    /// say which of several moments is meant.
    #[must_use]
    pub fn asked(&self) -> Vec<&Path> {
        match self {
            Self::Show | Self::Order { .. } => Vec::new(),
            Self::Predict { options, evidence } => of_question(options, evidence),
            Self::Investigate { goal, options, evidence } => [of_question(options, evidence), things(goal)].concat(),
            Self::Modify { goal, evidence, .. } => [of_question(&[], evidence), things(goal)].concat(),
            Self::Make { goal, .. } => things(goal),
        }
    }
}

fn of_question<'a>(options: &'a [Choice], evidence: &'a [Expression]) -> Vec<&'a Path> {
    let held = |condition: &'a Condition| match condition {
        Condition::Holds(expression) => Some(expression),
        Condition::Happens(_) | Condition::Never(_) => None,
    };
    let of_options = options.iter().flat_map(|option| &option.when).filter_map(held);
    of_options.chain(evidence).flat_map(Expression::paths).collect()
}

fn things(goal: &Expression) -> Vec<&Path> {
    goal.paths().into_iter().filter(|path| !matches!(path.subject, Subject::Word(_))).collect()
}

/// What makes an option right. A question is settled on the way from one moment to another: from `at` to `until`, or, where it is
/// asked of a moment that the learner has found, from the beginning of the run to that one.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// This holds where the question is settled.
    Holds(Expression),
    /// The run passes this place on the way there.
    Happens(Place),
    /// It does not: an answer may be right because nothing happens.
    Never(Place),
}

impl Condition {
    /// Whether it speaks of the way there, not of the moment at which the question is settled.
    #[must_use]
    pub fn is_of_the_way(&self) -> bool {
        match self {
            Self::Holds(_) => false,
            Self::Happens(_) | Self::Never(_) => true,
        }
    }
}

/// One option of a question.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// Its id, by which its words are found and answers are kept.
    pub id: String,
    /// It is right if the run agrees to all of this; at least one thing is asked.
    pub when: Vec<Condition>,
    /// The misconception behind a wrong one, as a name that answers are counted by; None for the right one.
    pub misconception: Option<String>,
    /// The thing on the screen by which it is chosen; None where options are listed.
    pub pick: Option<Path>,
    /// Line of `lesson.toml`, from 1.
    pub line: usize,
}

/// One step to be ordered.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderStep {
    /// Its id, by which its words are found.
    pub id: String,
    /// Where it happens, searched from the beginning of the run.
    pub at: Place,
}

/// A change of the wire that a learner makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// `drop N`
    Drop(u64),
    /// `duplicate N`
    Duplicate(u64),
    /// `delay N MILLISECONDS`
    Delay(u64, u64),
}

impl Change {
    /// Reads a change as `solution` and a hand-in write it: `drop 3`, `delay 3 500`; frames count from 1. None for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let number = |index: usize| words.get(index)?.parse::<u64>().ok().filter(|number| *number > 0);
        match (words.first().copied()?, words.len()) {
            ("drop", 2) => Some(Self::Drop(number(1)?)),
            ("duplicate", 2) => Some(Self::Duplicate(number(1)?)),
            ("delay", 3) => Some(Self::Delay(number(1)?, number(2)?)),
            _ => None,
        }
    }

    /// What a lesson must allow for it.
    #[must_use]
    pub fn needs(self) -> Allowed {
        match self {
            Self::Drop(_) => Allowed::Drop,
            Self::Duplicate(_) => Allowed::Duplicate,
            Self::Delay(..) => Allowed::Delay,
        }
    }

    /// The frame, and what becomes of it.
    #[must_use]
    pub fn fate(self) -> (u64, Fate) {
        match self {
            Self::Drop(frame) => (frame, Fate::Drop),
            Self::Duplicate(frame) => (frame, Fate::Duplicate),
            Self::Delay(frame, milliseconds) => (frame, Fate::Delay(milliseconds.saturating_mul(1_000))),
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Drop(frame) => write!(f, "drop {frame}"),
            Self::Duplicate(frame) => write!(f, "duplicate {frame}"),
            Self::Delay(frame, milliseconds) => write!(f, "delay {frame} {milliseconds}"),
        }
    }
}

impl Lesson {
    /// What it says in a language.
    #[must_use]
    pub fn text(&self, lang: Lang) -> &LessonText {
        match lang {
            Lang::En => &self.text.en,
            Lang::Zh => &self.text.zh,
        }
    }

    /// A run of its scene.
    ///
    /// # Errors
    /// The place in the scene that cannot be run.
    pub fn open(&self) -> Result<Run, Problem> {
        scene::load(&self.script, self.seed).map_err(|failure| {
            let place = (failure.position.line as usize, failure.position.column as usize);
            Problem::told(&self.scene, place, failure.message)
        })
    }

    /// A branch of a run of its scene, in which the wire treats some frames otherwise.
    ///
    /// # Errors
    /// The scene has no simulated wire, or no frame that could be treated so.
    pub fn with_changes(&self, run: &mut Run, changes: &[Change]) -> Result<Run, Problem> {
        run.play(usize::MAX);
        let fates: Vec<(u64, Fate)> = changes.iter().map(|change| change.fate()).collect();
        let refused = || {
            let message = Words::new(
                "the wire of this scene cannot be changed: it needs two hosts on a simulated one".to_owned(),
                "本场景的网线不能改动：需要两台主机连在模拟网线上".to_owned(),
            );
            Problem::told(&self.scene, (1, 1), message)
        };
        run.fork_with_fates(&fates).map(|(branch, _)| branch).ok_or_else(refused)
    }

    /// A branch of a run of its scene, behind whose end a process of a host makes calls as packetdrill writes them, one per
    /// line.
    ///
    /// # Errors
    /// The call that cannot be read; its line counts from 1.
    pub fn with_calls(&self, run: &mut Run, host: Option<&str>, calls: &str) -> Result<Run, Problem> {
        run.play(usize::MAX);
        let end = run.turns.len();
        let mut run = run.fork(end, |_| {});
        let host = host.and_then(|name| self.hosts.iter().position(|known| known == name)).unwrap_or(0);
        for (index, text) in calls.lines().enumerate().filter(|(_, text)| !text.trim().is_empty()) {
            let refused = |position: Position, message: stack::words::Words<String>| {
                Problem::told("calls", (index + 1, position.column as usize), message)
            };
            let call = parse_call(text).map_err(|error| refused(error.position, error.message))?;
            let position = Position { line: 1, column: 1 };
            let call = user_call(&ScriptHost::default(), &call, position)
                .map_err(|failure| refused(failure.position, failure.message))?;
            let time = run.journal.horizon + BETWEEN_CALLS;
            run.journal.add(time, Act::Call { host, pid: CALLER, call, planned: Vec::new() });
        }
        run.journal.extend(run.journal.horizon + BETWEEN_CALLS);
        Ok(run)
    }

    /// The place of a beat in [`Lesson::beats`], by its id.
    #[must_use]
    pub fn beat_index(&self, id: &str) -> Option<usize> {
        self.beats.iter().position(|beat| beat.id == id)
    }
}
