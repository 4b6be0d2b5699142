//! `sockscope replay --observe`: both ends of a captured connection as its frames show them, without calling 1.2.13. Promise:
//! data goes to standard output as it is made, so a connection of a million frames needs no more memory to be told.

use std::io::{self, BufWriter, Write};

use crate::capture::observe::{Observation, json, listing};
use crate::i18n::Lang;

/// Prints the observation: a line per frame and what is known of both ends, or the same as JSON lines.
///
/// # Errors
/// It cannot be written.
pub fn print(observation: &Observation, as_json: bool, lang: Lang) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    let mut written = Ok(());
    if as_json {
        writeln!(out, "{}", json::head(observation))?;
        json::frames(observation, |value| keep_first(&mut written, || writeln!(out, "{value}")));
        written?;
        writeln!(out, "{}", json::summary(observation))?;
        return out.flush();
    }
    for line in listing::heading(observation, lang) {
        writeln!(out, "{line}")?;
    }
    listing::lines(observation, lang, |line| keep_first(&mut written, || writeln!(out, "{line}")));
    written?;
    for line in listing::summary(observation, lang) {
        writeln!(out, "{line}")?;
    }
    out.flush()
}

/// Writes on until something fails, and keeps what failed.
fn keep_first(written: &mut io::Result<()>, write: impl FnOnce() -> io::Result<()>) {
    if written.is_ok() {
        *written = write();
    }
}
