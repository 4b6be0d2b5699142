//! `sockscope lesson watch`: checks a lesson again whenever one of its files is saved.
//!
//! Promise: a burst of changes, as an editor makes it with one save, is one check; the screen is cleared on a terminal only, so that
//! a pipe keeps every report; what cannot be read for a moment, because it is being written, ends nothing.

use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use notify::{Event, RecursiveMode, Watcher, recommended_watcher};

use super::check::check_folders;
use super::{lang_of, print};
use crate::command::output::delivered;
use crate::i18n::Lang;
use crate::refusal::{Refusal, harmless};

/// How long it must be quiet before a burst of changes is over.
const QUIET: Duration = Duration::from_millis(150);
/// Clears the screen and what has scrolled off it, and goes to its corner.
pub(super) const CLEAR: &str = "\u{1b}[2J\u{1b}[3J\u{1b}[H";

pub(super) fn watch(folder: &Path, tag: Option<&str>) -> Result<ExitCode, Refusal> {
    let lang = lang_of(tag)?;
    let (tell, told) = channel();
    let shown = harmless(&folder.display().to_string());
    let refused = |error: &notify::Error| {
        Refusal::usage(
            format!("{shown} cannot be watched: {error}; check the path."),
            format!("无法监视 {shown}：{error}；请检查路径。"),
        )
    };
    let mut watcher = recommended_watcher(tell).map_err(|error| refused(&error))?;
    // From here on no save is missed, not even one that is made during the first check.
    watcher.watch(folder, RecursiveMode::Recursive).map_err(|error| refused(&error))?;
    check_folders(&[folder.to_owned()], lang)?;
    waiting(lang)?;
    while changed(&told) {
        if io::stdout().is_terminal() {
            delivered(write!(io::stdout().lock(), "{CLEAR}"))?;
        }
        if let Err(refusal) = check_folders(&[folder.to_owned()], lang) {
            print(refusal.words.text(lang))?;
        }
        waiting(lang)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn waiting(lang: Lang) -> Result<(), Refusal> {
    print(match lang {
        Lang::En => "watching; save a file to check again, Ctrl-C ends it",
        Lang::Zh => "正在监视；保存文件即重新检查，按 Ctrl-C 结束",
    })
}

/// Waits for a file to be written, and then until a burst of changes is over; false where nothing can come any more.
pub(super) fn changed(told: &Receiver<notify::Result<Event>>) -> bool {
    // Whoever opens and reads a file is told of as well: the check itself is one.
    let is_change = |event: &notify::Result<Event>| event.as_ref().is_ok_and(|event| !event.kind.is_access());
    loop {
        match told.recv() {
            Ok(event) if is_change(&event) => break,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
    loop {
        match told.recv_timeout(QUIET) {
            Ok(_) => {}
            Err(RecvTimeoutError::Timeout) => return true,
            Err(RecvTimeoutError::Disconnected) => return false,
        }
    }
}
