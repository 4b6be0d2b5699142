//! Other people's programs that tests ask as witnesses (tshark, capinfos, editcap, mergecap). Promise: where one is not on the machine
//! the test says so and steps aside; where `CI` is set, that is a failure.

use std::io::ErrorKind;
use std::process::{Command, Output};

/// What the program answers; nothing where it is not on this machine.
pub(crate) fn output(command: &mut Command) -> Option<Output> {
    let program = command.get_program().to_string_lossy().into_owned();
    match command.output() {
        Ok(output) => Some(output),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            assert!(std::env::var_os("CI").is_none(), "CI has {program}");
            eprintln!("skipped: {program} is not on this machine");
            None
        }
        Err(error) => panic!("{program}: {error}"),
    }
}

/// What a program that must end well writes; nothing where it is not on this machine.
#[allow(dead_code, reason = "not every test binary needs a program to end well")]
pub(crate) fn text(program: &str, arguments: &[&str]) -> Option<String> {
    let output = output(Command::new(program).args(arguments))?;
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}
