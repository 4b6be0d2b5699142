//! The run under the cursor, whatever it is: laboratory, live device, capture, script or lesson.
//!
//! The screen knows a run only by [`Run`]: it asks for the picture of the present moment and tells it to travel or to act. What a run
//! cannot do it says by returning `false` or a sentence.

use std::time::Duration;

use crate::i18n::{Lang, Message};
use crate::outside::Notify;
use crate::picture::Picture;
use crate::picture::proc_net::ProcFile;
use crate::picture::proc_net::ProcText;
use crate::session::call_line::{Complaint, Surroundings};
use crate::session::motion::{Direction, Motion, WireAct};
use crate::tui::pane::home::Door;

/// How the picture is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The host that is looked at.
    pub host: usize,
    /// Whether sequence numbers count from the first of the connection.
    pub relative: bool,
    /// The language of everything that the run says.
    pub lang: Lang,
}

/// What a learner does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LessonAct {
    /// To the next beat.
    Next,
    /// To the beat before.
    Back,
    /// Put the cursor on an option.
    Choose(usize),
    /// Say how sure.
    Certainty(u8),
    /// Give the chosen answer.
    Answer,
    /// Go on without an answer.
    Skip,
    /// Ask for the next hint.
    Hint,
    /// Move the step under the cursor up or down.
    Shift {
        /// Towards the first.
        up: bool,
    },
    /// Take the changes back.
    Undo,
    /// Hand in what was written.
    Write(String),
}

/// A run that can be walked in both directions.
pub trait Run {
    /// The picture of the present moment.
    fn picture(&mut self, ask: Ask) -> Picture;

    /// Moves by one motion; `false` where there is nothing in that direction.
    fn travel(&mut self, motion: Motion, direction: Direction) -> bool;

    /// Moves to a step by its number, to the nearest one where it lies outside.
    fn go_to(&mut self, step: u64) -> bool;

    /// Acts on a frame of the simulated wire.
    ///
    /// # Errors
    /// The sentence that says why it cannot be done.
    fn wire(&mut self, _act: WireAct, _frame: u64, _lang: Lang) -> Result<String, String> {
        Err(String::new())
    }

    /// Makes a typed system call on a host at the present moment; the sentence says where it stands.
    ///
    /// # Errors
    /// What is wrong with the line, or why no call can be made here.
    fn prompt(&mut self, _line: &str, _host: usize, lang: Lang) -> Result<String, Complaint> {
        Err(Complaint::of_line(Message::NotHere.text(lang).to_owned()))
    }

    /// What stands around the prompt on a host.
    fn surroundings(&mut self, _host: usize) -> Surroundings {
        Surroundings::default()
    }

    /// The result of a typed call that has come since this was last asked.
    fn returned(&mut self, _lang: Lang) -> Option<String> {
        None
    }

    /// A text of /proc/net on the host that is looked at, at the present moment.
    fn proc_net(&mut self, _ask: Ask, _file: ProcFile) -> ProcText {
        ProcText::default()
    }

    /// Shows the next course of events, where acts on the wire have made several; the sentence says which.
    fn next_course(&mut self, _lang: Lang) -> Option<String> {
        None
    }

    /// Sets or removes a breakpoint on a function; the sentence says which.
    fn toggle_break(&mut self, _function: &str, _lang: Lang) -> Option<String> {
        None
    }

    /// Sets or removes a watch on a field; the sentence says which.
    fn toggle_watch(&mut self, _field: &str, _lang: Lang) -> Option<String> {
        None
    }

    /// Moves to the step that last wrote a field.
    fn go_to_writer(&mut self, _field: &str) -> bool {
        false
    }

    /// Sets a mark on the present moment.
    fn set_mark(&mut self, _letter: char) -> bool {
        false
    }

    /// Moves to a mark.
    fn go_to_mark(&mut self, _letter: char) -> bool {
        false
    }

    /// Does what a learner asks.
    fn lesson(&mut self, _act: LessonAct) -> bool {
        false
    }

    /// The side of a run that goes on by itself, where it has one.
    fn flowing(&mut self) -> Option<&mut dyn Flowing> {
        None
    }
}

/// A run that goes on by itself: a live session.
pub trait Flowing {
    /// Hands over whom to tell when something arrives.
    fn attach(&mut self, notify: &Notify);

    /// A frame has arrived; `true` where the picture is another now.
    fn arrive(&mut self, frame: Vec<u8>) -> bool;

    /// Lets time come up to now; `true` where the picture is another now.
    fn pump(&mut self) -> bool;

    /// Lets time run, or stops it; says whether it runs now.
    fn run(&mut self, running: bool) -> bool;

    /// Whether time runs.
    fn is_running(&self) -> bool;

    /// Runs a line of shell beside the session, in its private network; `false` where there is none.
    fn command(&mut self, line: &str) -> bool;

    /// How long nothing will happen by itself; for ever where `None`.
    fn idle_for(&self) -> Option<Duration>;
}

/// What can be opened from the home screen.
pub trait House {
    /// The doors, grouped by heading.
    fn doors(&self, lang: Lang) -> Vec<Door>;

    /// Opens one.
    ///
    /// # Errors
    /// The sentence that says why it cannot be opened.
    fn open(&mut self, door: usize, lang: Lang) -> Result<Box<dyn Run>, String>;

    /// Opens a capture, recording or script by its path.
    ///
    /// # Errors
    /// The sentence that says why it cannot be opened.
    fn open_file(&mut self, path: &str, lang: Lang) -> Result<Box<dyn Run>, String>;

    /// Whether a door asks for a path first.
    fn wants_path(&self, _door: usize) -> bool {
        false
    }
}

/// What the screen opens with.
pub struct Session {
    /// What can be opened from home.
    pub house: Box<dyn House>,
    /// The run that is open; home where there is none.
    pub run: Option<Box<dyn Run>>,
}
