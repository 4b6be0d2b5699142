//! Small scripts in a folder, each with the verdict of a run that judges as packetdrill does: what the tests of cases and of
//! sockets share.

use std::fs;
use std::path::{Path, PathBuf};

use stack::lab::conformance::{Reading, Run, compare, run_script};
use stack::lab::script::{Script, parse};

/// A folder of scripts below `tests/`.
pub(crate) struct Scripts(pub(crate) &'static str);

impl Scripts {
    fn folder(&self) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(self.0)
    }

    /// The text of one.
    pub(crate) fn text(&self, name: &str) -> String {
        fs::read_to_string(self.folder().join(name).with_extension("pkt")).unwrap()
    }

    fn script(&self, name: &str) -> Script {
        parse(&self.text(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// One of them, run.
    pub(crate) fn run(&self, name: &str) -> Run {
        run_script(&self.script(name), Reading::Packetdrill)
            .unwrap_or_else(|failure| panic!("{name}: {}", failure.message.en))
    }

    /// Holds every script of the folder to its verdict: how the first objection to it begins, with its line; nothing where
    /// it passes.
    pub(crate) fn have(&self, verdicts: &[(&str, &str)]) {
        let mut wrong = Vec::new();
        for (name, expected) in verdicts {
            let found = compare(&self.script(name), &self.run(name));
            let said = found.first().map(|first| format!("{}: {}", first.position.line, first.message.en));
            let as_expected =
                said.as_deref().map_or(expected.is_empty(), |said| !expected.is_empty() && said.starts_with(expected));
            if !as_expected {
                wrong.push(format!("{name}: expected {expected:?}, got {said:?}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        let files = fs::read_dir(self.folder()).unwrap().count();
        assert_eq!(files, verdicts.len(), "a script without its verdict");
    }
}
