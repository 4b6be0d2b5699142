//! The lesson engine: reads lessons, plays them on the real stack, and lints them.
//!
//! A lesson is a folder of plain files ([`Files`]): `lesson.toml` (beats, places, predicates), a scene, and the words in
//! two languages. [`Lesson`] is what they say, checked; [`Player`] is a state machine over its beats that a screen drives
//! with [`Act`] and draws from [`View`]; [`check`](mod@check) plays it headless with several seeds and says what a reader or
//! the run would trip over.
//!
//! Promise: nothing here opens a file, reads a clock or draws a random number; whoever plays passes them in. An answer is
//! never marked by a letter: every option is a predicate that is asked of the run.
//!
//! # The house, from the ground up
//!
//! ```text
//!   check      the linter: form, words, and the lesson played on the stack
//!     |                                    hand_in   what was done as a file, replayed and marked
//!     |                                       |
//!   player     beats, mask, branches, the run as the judge     content   the lessons that ship
//!     |                                                           |
//!   again      the second pass, made of the files of a first -----+
//!     |
//!   load       from files to a lesson, for one learner's seed
//!     |
//!   lesson     beats, tasks, changes; opens the runs           progress  what is remembered of a learner
//!     |                                                        pace      how long a beat takes before a class
//!     |
//!   file       lesson.toml as it is written                   glossary  every kernel word explained (lessons/glossary/)
//!     |                                                        terms     what a thing is called (lessons/terms.toml)
//!     |
//!   text       en.md and zh.md: sections by key
//!     |
//!   problem    what is wrong, where, and what to do
//!     |
//!   language, pane, chapter      names of files, of panes, of parts of the curriculum
//!   page      how wide and how high, and how words are broken on it
//! ```
//!
//! Imports go down only; `stack/tests/tidy.rs` reads the `use` lines and says so.
//!
//! # Where to begin
//!
//! * Somebody opens a lesson: [`content::named`], [`load()`], [`Player::open`].
//! * A key is pressed: [`Player::act`], then [`Player::view`] and [`Player::run`] for the screen.
//! * The cursor moves: [`Player::go`]; what must not be seen yet: [`View::hides`] and [`View::closed`].
//! * A question is answered: `player/verdict.rs` asks the run and cites its steps as [`Evidence`].
//! * What a learner does is kept: [`Player::act_at`]; handed in: [`Player::hand_in`]; marked for a teacher: [`hand_in::verify`].
//! * A class plays it: [`Player::for_class`], [`Player::demonstrate`], [`Player::put_again`].
//! * A lesson is checked: [`check::check`], whose dearest part is `check/play.rs`.
//!
//! # How to add
//!
//! * **a lesson**: its folder `content/NN-name/`, nothing else. `build.rs` finds it, `cargo test -p sockscope-lessons` lints
//!   it; the format stands in `README.md` beside this crate, `content/07-handshake` is the one to copy.
//! * **a kind of beat**: `file.rs` (its name and keys), `lesson.rs` ([`Task`]), `load/beat.rs` (which keys it needs),
//!   `player/mod.rs` (its state and what ends it), `player/view.rs` ([`Shows`]), `check/play.rs` (that it can be done),
//!   `check/text.rs` (the words it needs); and the screen that draws it.
//! * **a thing that a learner does** ([`Act`]): `player/record.rs` (what is kept of it, and how it is done again) and [`Deed`].
//! * **a predicate** (`B.sock(2).something`): nothing here. A field of a view is one line of `stack/src/view/`; a new subject
//!   or place is `stack/src/lab/query/`. Lessons, stops and scenes speak the same language.
//! * **a change that learners may make**: `file.rs` ([`Allowed`]) and `lesson.rs` ([`Change`]).
//! * **a word of the glossary**: an entry in a file of `../glossary/`; a subject is a new file there, and nothing else.
//! * **a term**, or a wrong variant of one: a row of `../terms.toml`; `tests/terms.rs` tries every row.
//! * **a complaint of the linter**: the file of `check/` that it belongs to, and a row of `tests/rules.rs`, without which that test fails.
//! * **a pane that lessons can name**: one line of `pane.rs`; the screen finds its own by [`Pane::id`].
#![forbid(unsafe_code)]
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod again;
mod chapter;
pub mod check;
pub mod content;
mod file;
pub mod glossary;
pub mod hand_in;
mod language;
mod lesson;
mod load;
pub mod pace;
pub mod page;
mod pane;
mod player;
mod problem;
mod progress;
pub mod terms;
mod text;

pub use chapter::Chapter;
pub use file::Allowed;
pub use lesson::{Beat, Call, Change, Choice, Condition, Lesson, MOST_PANES, OrderStep, Task};
pub use load::{Files, load, scene_text};
pub use pane::{Pane, pair};
pub use player::{
    Act, Beside, Closing, Evidence, Means, Outcome, Player, Prediction, Question, Ranking, Shows, Stage, Verdict, View,
    Work,
};
pub use problem::Problem;
pub use progress::{Answer, BeatProgress, Certainty, Clock, Deed, Entry, Progress, Sitting, seed_of};
pub use text::{LessonText, Section};
