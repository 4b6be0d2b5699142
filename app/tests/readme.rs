//! What README prints is what the program prints: every command of a console block is run, and the lines below it stand in its
//! output, in their order. What a block leaves out it leaves out silently.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The commands of all console blocks, with the lines that are shown of each.
fn shown(readme: &str) -> Vec<(&str, Vec<&str>)> {
    let mut commands: Vec<(&str, Vec<&str>)> = Vec::new();
    for block in readme.split("```console\n").skip(1) {
        for line in block.split("```").next().unwrap().lines() {
            match (line.strip_prefix("$ sockscope "), commands.last_mut()) {
                (Some(command), _) => commands.push((command, Vec::new())),
                (None, Some((_, lines))) => lines.push(line),
                (None, None) => panic!("a block begins with a command: {line}"),
            }
        }
    }
    commands
}

#[test]
fn what_readme_shows_of_a_command_is_what_it_prints() {
    let root: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let commands = shown(&readme);
    assert!(commands.len() >= 3, "{commands:?}");
    for (command, lines) in commands {
        let mut program = Command::new(env!("CARGO_BIN_EXE_sockscope"));
        let output = program.args(command.split(' ')).current_dir(&root).env("LC_ALL", "C.UTF-8").output().unwrap();
        assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
        let printed = String::from_utf8(output.stdout).unwrap();
        let mut left = printed.lines().map(str::trim_end);
        for line in lines {
            assert!(left.any(|printed| printed == line), "{command} does not print, in this place:\n{line}\n{printed}");
        }
    }
}
