//! One channel into which keys, signals and the outside speak. Frames of a device do not come through it, only that some wait:
//! a key never stands behind them.
//!
//! Small threads wait, the main thread blocks on the channel: a paused screen costs no processor time and writes no byte, and
//! a signal is answered at once.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::thread;
use std::time::Duration;

use crossterm::event::{Event as TerminalEvent, KeyEvent, KeyEventKind, MouseEvent};

use super::answers::{self, Answers, Finding, Heard, Questions};
use super::signals::{self, Asked};
use crate::outside::{Notify, Outside};

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum ScreenEvent {
    /// A key was pressed.
    Key(KeyEvent),
    /// The mouse did something.
    Mouse(MouseEvent),
    /// Text was pasted.
    Paste(String),
    /// The terminal has another size.
    Resize,
    /// The terminal has answered a question.
    Terminal(Finding),
    /// Somebody asks the program to end, by this signal.
    End(i32),
    /// Somebody asks the program to stop for a while.
    Stop,
    /// The program goes on after a stop.
    Continue,
    /// Something has come from outside.
    Outside(Outside),
    /// The terminal is gone.
    Gone,
    /// The time asked for has passed.
    Time,
}

/// Events that may wait; beyond that a source is held back.
const CHANNEL: usize = 1024;

/// The receiving end.
pub struct ScreenEvents {
    receiver: Receiver<ScreenEvent>,
    sender: SyncSender<ScreenEvent>,
}

impl ScreenEvents {
    /// Starts to listen for signals. Keys are read once [`ScreenEvents::listen_to_keys`] is called.
    ///
    /// # Errors
    /// When the handlers of the signals cannot be installed or a thread cannot be started.
    pub fn open() -> io::Result<Self> {
        let (sender, receiver) = mpsc::sync_channel(CHANNEL);
        let signal_sender = sender.clone();
        signals::watch(move |asked| {
            let event = match asked {
                Asked::Stop => ScreenEvent::Stop,
                Asked::Continue => ScreenEvent::Continue,
                Asked::End(signal) => ScreenEvent::End(signal),
            };
            signal_sender.send(event).is_ok()
        })?;
        Ok(Self { receiver, sender })
    }

    /// Starts to read keys and the mouse, the answers to what the terminal was asked, and to watch for the end of the terminal.
    ///
    /// # Errors
    /// When the thread cannot be started.
    pub fn listen_to_keys(&self, asked: Questions) -> io::Result<()> {
        let sender = self.sender.clone();
        signals::watch_terminal(move || drop(sender.send(ScreenEvent::Gone)))?;
        let sender = self.sender.clone();
        thread::Builder::new().name("keys".to_owned()).spawn(move || {
            if asked.width
                && let Some(found) = answers::width()
                && sender.send(ScreenEvent::Terminal(found)).is_err()
            {
                return;
            }
            let mut answers = Answers::new(asked.colour);
            loop {
                let heard = crossterm::event::read().map(|event| answers.sort_out(event));
                let events = heard.map_or_else(
                    |_| vec![ScreenEvent::Gone],
                    |heard| heard.into_iter().filter_map(understand).collect(),
                );
                for event in events {
                    let last = event == ScreenEvent::Gone;
                    if sender.send(event).is_err() || last {
                        return;
                    }
                }
            }
        })?;
        Ok(())
    }

    /// What other threads tell the screen by; it blocks while the screen is behind.
    #[must_use]
    pub fn notify(&self) -> Notify {
        let sender = self.sender.clone();
        Arc::new(move |outside| sender.send(ScreenEvent::Outside(outside)).is_ok())
    }

    /// Waits for the next event, for ever or for a time.
    #[must_use]
    pub fn wait(&self, time: Option<Duration>) -> ScreenEvent {
        match time {
            None => self.receiver.recv().unwrap_or(ScreenEvent::Gone),
            Some(time) => match self.receiver.recv_timeout(time) {
                Ok(event) => event,
                Err(RecvTimeoutError::Timeout) => ScreenEvent::Time,
                Err(RecvTimeoutError::Disconnected) => ScreenEvent::Gone,
            },
        }
    }

    /// An event that is already there.
    #[must_use]
    pub fn pending(&self) -> Option<ScreenEvent> {
        self.receiver.try_recv().ok()
    }
}

fn understand(heard: Heard) -> Option<ScreenEvent> {
    match heard {
        Heard::Event(event) => translate(event),
        Heard::Found(found) => Some(ScreenEvent::Terminal(found)),
    }
}

fn translate(event: TerminalEvent) -> Option<ScreenEvent> {
    match event {
        TerminalEvent::Key(key) if key.kind != KeyEventKind::Release => Some(ScreenEvent::Key(key)),
        TerminalEvent::Mouse(mouse) => Some(ScreenEvent::Mouse(mouse)),
        TerminalEvent::Paste(text) => Some(ScreenEvent::Paste(text)),
        TerminalEvent::Resize(..) => Some(ScreenEvent::Resize),
        TerminalEvent::Key(_) | TerminalEvent::FocusGained | TerminalEvent::FocusLost => None,
    }
}
