//! How far work on the command line has come: a line on standard error, shown once the work has taken 100 ms, gone when it ends.
//!
//! Promise: only where standard error is a terminal, and never on standard output; a program that reads either of them through a
//! pipe meets no byte of it. Drawn by `indicatif`, which knows terminals; in ASCII and without colour, for every locale.

use std::io::{self, IsTerminal};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use stack::lab::run::Run;

use crate::i18n::{Words, lang_of_environment};

/// How long work goes on unseen.
const PATIENCE: Duration = Duration::from_millis(100);
/// Turns that are played between two looks at the time.
const SLICE: usize = 64;

/// The line of one piece of work.
pub struct Progress {
    words: Words,
    begun: Instant,
    is_wanted: bool,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Nothing is shown yet; `words` say what is being done.
    #[must_use]
    pub fn new(words: Words) -> Self {
        Self { words, begun: Instant::now(), is_wanted: io::stderr().is_terminal(), bar: None }
    }

    /// So much is done, of so much where that is known.
    pub fn at(&mut self, done: usize, of: Option<usize>) {
        if !self.is_wanted || self.begun.elapsed() < PATIENCE {
            return;
        }
        let as_u64 = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        let label = self.words.text(lang_of_environment());
        let bar = self.bar.get_or_insert_with(|| {
            let bar = ProgressBar::with_draw_target(of.map(as_u64), ProgressDrawTarget::stderr());
            let line = if of.is_some() { "{msg} [{bar:30}] {percent} %" } else { "{spinner} {msg} {pos}" };
            bar.set_style(style(line));
            bar.set_message(label);
            bar
        });
        bar.set_position(as_u64(done));
    }

    /// Writes something beside the line: it is out of the way meanwhile.
    pub fn beside<T>(&self, write: impl FnOnce() -> T) -> T {
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Does work that cannot say how far it has come; a sign that moves, and the time it has taken, tell that it goes on.
pub fn during<T>(words: Words, work: impl FnOnce() -> T) -> T {
    if !io::stderr().is_terminal() {
        return work();
    }
    let label = words.text(lang_of_environment());
    thread::scope(|scope| {
        let (done, is_done) = channel::<()>();
        scope.spawn(move || {
            if is_done.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            bar.set_style(style("{spinner} {msg} {elapsed}"));
            bar.set_message(label);
            while is_done.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                bar.tick();
            }
            bar.finish_and_clear();
        });
        let result = work();
        // The other end hears it, and clears its line before the work's result is shown.
        drop(done);
        result
    })
}

/// How a line looks. One that indicatif could not read would leave its own, which serves too.
fn style(line: &str) -> ProgressStyle {
    let style = ProgressStyle::with_template(line).unwrap_or_else(|_| ProgressStyle::default_bar());
    style.progress_chars("#>-").tick_chars("-\\|/ ")
}

/// Plays a run to its end, `turns` at most, with its progress.
pub fn play(run: &mut Run, turns: usize) {
    let mut progress = Progress::new(Words::new("playing the run, turns:", "正在运行，轮次："));
    let mut played = 0;
    while played < turns {
        let slice = run.play(SLICE.min(turns - played));
        played += slice;
        if slice < SLICE {
            return;
        }
        progress.at(played, None);
    }
}
