//! README's tour, walked word by word by somebody who takes it literally: in a pseudo-terminal, with the program's real keys.
//!
//! In each numbered step what stands in backticks is typed, one after the other (names of keys as the help writes them, anything
//! else letter by letter, and a command line starts the program anew), and what is bold must then stand on the screen.

#![cfg(unix)]

mod folder;

use std::io::{Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use folder::Folder;
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use sockscope::export::keys::is_key;

const SIZE: (u16, u16) = (120, 35);
/// How a command line of the tour begins.
const COMMAND: &str = "cargo run --release";

/// What one step of the tour asks for, in order.
#[derive(Clone, Debug, PartialEq)]
enum Word {
    Typed(String),
    Seen(String),
}

/// The numbered steps under the heading of the tour.
fn steps(readme: &str) -> Vec<String> {
    let section = readme.split("\n## A tour").nth(1).expect("README has a tour");
    let section = section.split("\n## ").next().unwrap_or("");
    let mut steps: Vec<String> = Vec::new();
    for line in section.lines() {
        let number = line.split_once(". ").filter(|(number, _)| number.parse::<u32>().is_ok());
        match (number, steps.last_mut()) {
            (Some((_, text)), _) => steps.push(text.to_owned()),
            (None, Some(step)) if line.starts_with("   ") => step.push_str(&format!(" {}", line.trim())),
            (None, _) => {}
        }
    }
    steps
}

/// What a step asks to be typed and to be seen.
fn words(step: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut rest = step;
    while let Some(at) = rest.find(['`', '*']) {
        let mark = if rest[at..].starts_with("**") { "**" } else { &rest[at..=at] };
        let inside = &rest[at + mark.len()..];
        let Some(end) = inside.find(mark) else { break };
        match mark {
            "`" => words.push(Word::Typed(inside[..end].to_owned())),
            "**" => words.push(Word::Seen(inside[..end].to_owned())),
            _ => {}
        }
        rest = &inside[end + mark.len()..];
    }
    words
}

/// The bytes that a terminal sends for a key.
fn bytes(key: &str) -> Vec<u8> {
    match key {
        "Enter" => b"\r".to_vec(),
        "Esc" => b"\x1b".to_vec(),
        "Tab" => b"\t".to_vec(),
        "Space" => b" ".to_vec(),
        "Backspace" => vec![0x7f],
        "Up" => b"\x1b[A".to_vec(),
        "Down" => b"\x1b[B".to_vec(),
        "Right" => b"\x1b[C".to_vec(),
        "Left" => b"\x1b[D".to_vec(),
        _ => match key.strip_prefix("Ctrl-").and_then(|letter| letter.bytes().next()) {
            Some(letter) => vec![letter & 0x1f],
            None => key.as_bytes().to_vec(),
        },
    }
}

/// The program on a terminal.
struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    _master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    received: Arc<Mutex<Vec<u8>>>,
}

impl Terminal {
    fn open(folder: &Folder, arguments: &[&str]) -> Self {
        let size = PtySize { cols: SIZE.0, rows: SIZE.1, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_sockscope"));
        command.args(arguments);
        command.cwd(&folder.0);
        for name in ["XDG_STATE_HOME", "XDG_CONFIG_HOME", "NO_COLOR", "LANG", "LC_MESSAGES"] {
            command.env_remove(name);
        }
        command.env("HOME", &folder.0);
        command.env("TERM", "xterm-256color");
        command.env("LC_ALL", "C.UTF-8");
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let received = Arc::new(Mutex::new(Vec::new()));
        let (sink, mut reader) = (Arc::clone(&received), pair.master.try_clone_reader().unwrap());
        std::thread::spawn(move || {
            let mut chunk = [0; 65_536];
            while let Ok(count @ 1..) = reader.read(&mut chunk) {
                sink.lock().unwrap().extend_from_slice(&chunk[..count]);
            }
        });
        let writer = pair.master.take_writer().unwrap();
        Self { child, _master: pair.master, writer, received }
    }

    fn contents(&self) -> String {
        let mut parser = vt100::Parser::new(SIZE.1, SIZE.0, 0);
        parser.process(&self.received.lock().unwrap());
        parser.screen().contents()
    }

    /// Waits until the words stand on the screen, across the end of a line too.
    fn shows(&self, words: &str) -> Result<(), String> {
        let patience = Instant::now() + Duration::from_secs(30);
        loop {
            let contents = self.contents();
            if contents.contains(words) {
                return Ok(());
            }
            if Instant::now() > patience {
                return Err(contents);
            }
            std::thread::sleep(Duration::from_millis(30));
        }
    }

    fn press(&mut self, keys: &[u8]) {
        self.writer.write_all(keys).unwrap();
        self.writer.flush().unwrap();
        // A lone Esc is told from the beginning of a longer key by the time that follows it.
        if keys == b"\x1b" {
            std::thread::sleep(Duration::from_millis(150));
        }
    }

    /// Waits until the program has ended.
    fn has_ended(&mut self) -> bool {
        let patience = Instant::now() + Duration::from_secs(30);
        while Instant::now() < patience {
            if let Ok(Some(status)) = self.child.try_wait() {
                return status.success();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        false
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _killed = self.child.kill();
    }
}

/// Types a word of the tour into the program; a command line starts it.
fn type_word(text: &str, terminal: &mut Option<Terminal>, folder: &Folder) -> Result<(), String> {
    if let Some(arguments) = text.strip_prefix(COMMAND) {
        if terminal.as_mut().is_some_and(|terminal| !terminal.has_ended()) {
            return Err("the program had not ended well when it was started again".to_owned());
        }
        let arguments: Vec<&str> = arguments.split_whitespace().filter(|word| *word != "--").collect();
        *terminal = Some(Terminal::open(folder, &arguments));
        return Ok(());
    }
    let terminal = terminal.as_mut().ok_or("nothing is started yet")?;
    let keys: Vec<&str> = text.split(' ').collect();
    if keys.iter().all(|key| is_key(key)) {
        keys.iter().for_each(|key| terminal.press(&bytes(key)));
    } else {
        terminal.press(text.as_bytes());
    }
    Ok(())
}

#[test]
fn the_tour_of_readme_keeps_every_promise() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let steps = steps(&std::fs::read_to_string(readme).unwrap());
    assert!(steps.len() >= 10, "only {} steps", steps.len());
    let folder = Folder::new("tour");
    let mut terminal = None;
    for (index, step) in steps.iter().enumerate() {
        let number = index + 1;
        let words = words(step);
        assert!(words.iter().any(|word| matches!(word, Word::Seen(_))), "step {number} promises nothing: {step}");
        for word in &words {
            match word {
                Word::Typed(text) => type_word(text, &mut terminal, &folder)
                    .unwrap_or_else(|error| panic!("step {number}, `{text}`: {error}")),
                Word::Seen(text) => terminal
                    .as_ref()
                    .ok_or_else(|| "nothing is started yet".to_owned())
                    .and_then(|terminal| terminal.shows(text))
                    .unwrap_or_else(|screen| panic!("step {number}: \"{text}\" is not on the screen:\n{screen}")),
            }
        }
    }
    assert!(terminal.is_some_and(|mut terminal| terminal.has_ended()), "the tour ends with the program running");
}

#[test]
fn a_step_is_read_as_it_is_written() {
    let readme =
        "# x\n\n## A tour\n\n1. `a`: **b c**,\n   then `g p`. *no*\n2. ***d***\n\ntext `z`\n\n## Next\n3. no\n";
    let steps = steps(readme);
    assert_eq!(steps.len(), 2);
    let expected = [Word::Typed("a".into()), Word::Seen("b c".into()), Word::Typed("g p".into())];
    assert_eq!(words(&steps[0]), expected);
}
