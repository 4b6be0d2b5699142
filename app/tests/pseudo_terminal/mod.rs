//! A program on the screen of a pseudo-terminal whose output is read to its end, so that it never waits for a reader.
#![allow(dead_code, reason = "every test binary uses some of it")]

use std::io::Read;
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// The end of a synchronised update: one whole picture is there.
const PICTURE_END: &str = "\u{1b}[?2026l";

pub(crate) struct OnScreen {
    pub(crate) child: Box<dyn Child + Send + Sync>,
    pub(crate) master: Box<dyn MasterPty + Send>,
    /// Tells that the first picture is drawn.
    pub(crate) drawn: Receiver<()>,
    /// Gives all that was written once the terminal is closed.
    pub(crate) reading: JoinHandle<String>,
}

impl OnScreen {
    /// Starts a command in a terminal of that many columns and rows.
    ///
    /// What the program remembers of its user goes nowhere unless the command says where: a test is nobody's recent file.
    pub(crate) fn start(mut command: CommandBuilder, (cols, rows): (u16, u16)) -> Self {
        if command.get_env("XDG_STATE_HOME").is_none() {
            command.env("XDG_STATE_HOME", crate::folder::NOWHERE);
        }
        let pair = native_pty_system().openpty(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (draws, drawn) = channel();
        let reading = std::thread::spawn(move || {
            let mut all = Vec::new();
            let mut chunk = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut chunk) {
                all.extend_from_slice(&chunk[..count]);
                if String::from_utf8_lossy(&all).contains(PICTURE_END) {
                    let _ = draws.send(());
                }
            }
            String::from_utf8_lossy(&all).into_owned()
        });
        Self { child, master: pair.master, drawn, reading }
    }
}
