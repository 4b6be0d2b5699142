//! A person at a terminal, played by a test: a program in a pseudo-terminal, keys typed into it, and its screen read by a model of a
//! terminal. Promise: nothing here asserts how fast anything is; it waits long for what has to come.
#![allow(dead_code, reason = "every test binary uses some of it")]

use std::io::{Read, Write};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// How long something may take that has to come.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);
/// How often it is looked for.
const LOOK: Duration = Duration::from_millis(20);

pub(crate) struct Terminal {
    pub(crate) master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    pub(crate) child: Box<dyn Child + Send + Sync>,
    pub(crate) received: Arc<Mutex<Vec<u8>>>,
    pub(crate) size: (u16, u16),
}

impl Terminal {
    /// Starts a command in a terminal of that many columns and rows, whose output is read all the time.
    pub(crate) fn start(command: CommandBuilder, (cols, rows): (u16, u16)) -> Self {
        let pair = native_pty_system().openpty(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let received = Arc::new(Mutex::new(Vec::new()));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let sink = Arc::clone(&received);
        std::thread::spawn(move || {
            let mut chunk = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut chunk) {
                sink.lock().unwrap().extend_from_slice(&chunk[..count]);
            }
        });
        let writer = pair.master.take_writer().unwrap();
        Self { master: pair.master, writer, child, received, size: (cols, rows) }
    }

    pub(crate) fn screen(&self) -> vt100::Screen {
        let mut parser = vt100::Parser::new(self.size.1, self.size.0, 0);
        parser.process(&self.received.lock().unwrap());
        parser.screen().clone()
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.received.lock().unwrap().clone()
    }

    pub(crate) fn count(&self) -> usize {
        self.received.lock().unwrap().len()
    }

    /// Waits until some output has come.
    pub(crate) fn sends(&self, wanted: &str) {
        let patience = Instant::now() + PATIENCE;
        while !String::from_utf8_lossy(&self.bytes()).contains(wanted) {
            assert!(Instant::now() < patience, "never sent: {wanted:?}\n{}", self.screen().contents());
            std::thread::sleep(LOOK);
        }
    }

    pub(crate) fn until(&self, what: &str, reached: impl Fn(&vt100::Screen) -> bool) {
        let patience = Instant::now() + PATIENCE;
        while !reached(&self.screen()) {
            assert!(Instant::now() < patience, "never: {what}\n{}", self.screen().contents());
            std::thread::sleep(LOOK);
        }
    }

    pub(crate) fn shows(&self, text: &str) {
        self.until(text, |screen| screen.contents().contains(text));
    }

    pub(crate) fn type_keys(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).unwrap();
        self.writer.flush().unwrap();
    }

    /// Waits for the end of the program; says whether it ended well.
    pub(crate) fn wait(&mut self) -> bool {
        let patience = Instant::now() + PATIENCE;
        while Instant::now() < patience {
            if let Some(status) = self.child.try_wait().unwrap() {
                std::thread::sleep(Duration::from_millis(100));
                return status.success();
            }
            std::thread::sleep(LOOK);
        }
        panic!("the program did not end");
    }

    pub(crate) fn is_given_back(&self) {
        let screen = self.screen();
        assert!(!screen.alternate_screen(), "still on the alternate screen");
        assert!(!screen.hide_cursor(), "the cursor is still hidden");
        assert!(!screen.bracketed_paste(), "bracketed paste is still on");
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
