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
/// The end of a synchronised update: one whole picture is there.
const PICTURE_END: &[u8] = b"\x1b[?2026l";

pub(crate) struct Terminal {
    pub(crate) master: Box<dyn MasterPty + Send>,
    writer: Arc<Mutex<Box<dyn Write + Send>>>,
    pub(crate) child: Box<dyn Child + Send + Sync>,
    pub(crate) received: Arc<Mutex<Vec<u8>>>,
    pub(crate) size: (u16, u16),
    /// The screen as of the last whole picture, and the bytes that it is made of.
    pictures: Mutex<(vt100::Parser, usize)>,
}

impl Terminal {
    /// Starts a command in a terminal of that many columns and rows, whose output is read all the time.
    pub(crate) fn start(command: CommandBuilder, size: (u16, u16)) -> Self {
        Self::begin(command, size, false)
    }

    /// The same in one that answers at once where its cursor is: a program that asks need not wait in vain.
    pub(crate) fn answering(command: CommandBuilder, size: (u16, u16)) -> Self {
        Self::begin(command, size, true)
    }

    fn begin(command: CommandBuilder, (cols, rows): (u16, u16), answers: bool) -> Self {
        let pair = native_pty_system().openpty(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let received = Arc::new(Mutex::new(Vec::new()));
        let writer = Arc::new(Mutex::new(pair.master.take_writer().unwrap()));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (sink, answer) = (Arc::clone(&received), Arc::clone(&writer));
        std::thread::spawn(move || {
            let mut chunk = [0; 4096];
            let mut asked = 0;
            while let Ok(count @ 1..) = reader.read(&mut chunk) {
                let mut sink = sink.lock().unwrap();
                // A test may have thrown away what came before.
                asked = asked.min(sink.len());
                sink.extend_from_slice(&chunk[..count]);
                while let Some(place) =
                    sink[asked..].windows(4).position(|bytes| bytes == b"\x1b[6n").filter(|_| answers)
                {
                    asked += place + 4;
                    let _ = answer.lock().unwrap().write_all(b"\x1b[1;2R");
                }
                asked = asked.max(sink.len().saturating_sub(3));
            }
        });
        let pictures = Mutex::new((vt100::Parser::new(rows, cols, 0), 0));
        Self { master: pair.master, writer, child, received, size: (cols, rows), pictures }
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

    /// The screen as the last whole picture left it: nothing on it is half drawn.
    pub(crate) fn picture(&self) -> vt100::Screen {
        let received = self.received.lock().unwrap();
        let mut pictures = self.pictures.lock().unwrap();
        let (parser, taken) = &mut *pictures;
        let new = &received[*taken..];
        if let Some(end) = new.windows(PICTURE_END.len()).rposition(|bytes| bytes == PICTURE_END) {
            parser.process(&new[..end + PICTURE_END.len()]);
            *taken += end + PICTURE_END.len();
        }
        parser.screen().clone()
    }

    /// Waits until the program has drawn a picture that is as wanted; says whether it ever did.
    pub(crate) fn comes(&self, wanted: impl Fn(&vt100::Screen) -> bool) -> bool {
        let patience = Instant::now() + PATIENCE;
        while !wanted(&self.picture()) {
            if Instant::now() >= patience {
                return false;
            }
            std::thread::sleep(LOOK);
        }
        true
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
        let mut writer = self.writer.lock().unwrap();
        writer.write_all(keys.as_bytes()).unwrap();
        writer.flush().unwrap();
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
