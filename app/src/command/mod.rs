//! One file per command of the command line: its arguments, its examples, and the thin way into the library.
//! Promise: data goes to standard output, words to standard error, and the exit code follows the one table
//! (0 success, 1 the scene or comparison failed, 2 usage or input, 3 missing privilege or device).

pub mod captures;
pub mod config;
pub mod diff;
pub mod differences;
#[cfg(live)]
pub mod exec;
pub mod export;
pub mod glossary;
pub mod lab;
pub mod lesson;
#[cfg(live)]
pub mod live;
pub mod observe;
pub mod output;
pub mod packaging;
pub mod progress;
pub mod replay;
pub mod run;
pub mod screen;
pub mod script_options;
pub mod trace;
pub mod usage;
pub mod why;
