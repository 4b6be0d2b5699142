//! The lesson engine: reads lessons, plays them on the real stack, and lints them.
//!
//! A lesson is a folder of plain files ([`Files`]): `lesson.toml` (beats, places, predicates), a scene, and the words in
//! two languages. [`Lesson`] is what they say, checked; [`Player`] is a state machine over its beats that a screen drives;
//! [`check`](mod@check) plays it headless with several seeds and says what a reader or the run would trip over.
//!
//! Promise: nothing here opens a file, reads a clock or draws a random number; whoever plays passes them in. An answer is
//! never marked by a letter: every option is a predicate that is asked of the run.
#![forbid(unsafe_code)]
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod check;
pub mod content;
mod file;
mod language;
mod lesson;
mod load;
mod player;
mod problem;
mod progress;
mod text;

pub use file::{Allowed, Kind, Pane};
pub use language::file_of;
pub use lesson::{Beat, Change, Choice, Lesson, OrderStep, Task};
pub use load::{Files, load};
pub use player::{Act, Evidence, Outcome, Player, Question, Ranking, Shows, Verdict, View, Work, replay};
pub use problem::Problem;
pub use progress::{Answer, BeatProgress, Certainty, HandIn, Progress};
pub use text::{LessonText, Section};
