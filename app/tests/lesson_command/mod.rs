//! `sockscope lesson` run as a person at the shell runs it: in a folder of the test's own, as the student `ada`, in English.

#![allow(dead_code, reason = "every test binary uses some of it")]

use std::process::{Command, Output};

use crate::folder::Folder;

/// The program in such a folder, where it also keeps what it keeps.
pub(crate) fn command(folder: &Folder) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sockscope"));
    command.current_dir(&folder.0).env("XDG_STATE_HOME", folder.0.join("state")).env("LANG", "C");
    command.env_remove("LC_ALL").env_remove("LC_MESSAGES").env("USER", "ada");
    command
}

/// What `sockscope lesson` says.
pub(crate) fn lesson(folder: &Folder, arguments: &[&str]) -> Output {
    command(folder).arg("lesson").args(arguments).output().expect("the program runs")
}

pub(crate) fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub(crate) fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
