//! From a path or a name to a run that can be walked: scripts, frame scenarios and the scenes that ship with the program.
//! Promise: whatever is wrong with the file is said in one sentence with its place.

pub mod capture;
pub mod complete;
pub mod gallery;
pub mod kernel_source;

use std::path::Path;

use stack::lab::conformance::skipped::of_hosts;
use stack::lab::conformance::{Failure, Reading, run_frames, run_script};
use stack::lab::run::Run;
use stack::lab::scene;
use stack::lab::script::Script;
use stack::lab::verdict::has_hosts;

use self::gallery::GalleryScene;
use crate::capture::part::Part;
use crate::i18n::{Words, lang_of_environment};
use crate::recording::journal::Kept;
use crate::refusal::{Refusal, harmless, say};
use crate::scenario::json;
use crate::scenario::left_out::left_out;
use crate::scenario::read::{at, of_failure, read, script};
use crate::scenario::record::reading;

/// What has been opened.
pub struct Opened {
    /// The run.
    pub run: Run,
    /// What a person should know of the file, such as that it is cut or that not all of it is run.
    pub remark: Option<Words<String>>,
    /// What a person had made of the run when he saved it.
    pub kept: Kept,
    /// The scene of the gallery that it is.
    pub gallery: Option<&'static GalleryScene>,
    /// The microsecond of the run that is second 0 of its capture; 0 where it is no replay.
    pub start: u64,
}

impl From<Run> for Opened {
    fn from(run: Run) -> Self {
        Self { run, remark: None, kept: Kept::default(), gallery: None, start: 0 }
    }
}

impl Opened {
    /// The run, for a command that says its remark on standard error.
    #[must_use]
    pub fn said(self) -> Run {
        if let Some(remark) = &self.remark {
            say(remark.text(lang_of_environment()));
        }
        self.run
    }
}

/// Opens a script or a frame scenario; without a path the scene a person starts with.
///
/// # Errors
/// One sentence: what is wrong, where in the file, what to do.
pub fn open(path: Option<&Path>, seed: u64) -> Result<Opened, Refusal> {
    open_part(path, seed, &Part::default())
}

/// Opens the same, a capture too: 1.2.13 takes the place in it that `part` says.
///
/// # Errors
/// One sentence: what is wrong, where in the file, what to do.
pub fn open_part(path: Option<&Path>, seed: u64, part: &Part) -> Result<Opened, Refusal> {
    let Some(path) = path else {
        return scene::first(seed).map(Opened::from).map_err(|failure| of_failure("the first scene", &failure));
    };
    if capture::is_capture(path) {
        return capture::open(&path.to_string_lossy(), part);
    }
    if let Some(scene) = gallery::named(path) {
        let opened = of_text(&scene.text, &scene.name, scene.is_frames, |_| Reading::Packetdrill, seed)?;
        return Ok(Opened { gallery: Some(scene), ..opened });
    }
    let name = harmless(&path.display().to_string());
    let text = read(path, &name)?;
    let is_frames = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    of_text(&text, &name, is_frames, |script| reading(path, script), seed)
}

/// A run of the text of a frame scenario or a script, which is read as `reading` says.
fn of_text(
    text: &str,
    name: &str,
    is_frames: bool,
    reading: impl Fn(&Script) -> Reading,
    seed: u64,
) -> Result<Opened, Refusal> {
    if is_frames {
        let scenario =
            json::parse(text).map_err(|error| at(name, error.position.line, &error.message.en, &error.message.zh))?;
        let done = run_frames(&scenario).map_err(|failure| of_failure(name, &failure))?;
        return Ok(scene::of_script_run(&done).into());
    }
    let script = script(text, name)?;
    opened(&script, reading(&script), seed, name).map_err(|failure| of_failure(name, &failure))
}

/// A script of one host is run to its end, one with hosts of its own is played by whoever asked.
fn opened(script: &Script, reading: Reading, seed: u64, name: &str) -> Result<Opened, Failure> {
    let (run, skipped) = if has_hosts(script) {
        (scene::load(script, seed)?, of_hosts(script))
    } else {
        let done = run_script(script, reading)?;
        (scene::of_script_run(&done), done.skipped)
    };
    Ok(Opened { remark: left_out(name, &skipped), ..run.into() })
}
