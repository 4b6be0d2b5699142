//! One channel into which keys, signals and the outside speak.
//!
//! Small threads wait, the main thread blocks on the channel: a paused screen costs no processor time and writes no byte, and
//! a signal is answered at once.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::thread;
use std::time::Duration;

use crossterm::event::{Event as TerminalEvent, KeyEvent, KeyEventKind, MouseEvent};
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGTSTP};
use signal_hook::iterator::Signals;

use crate::outside::{Notify, Outside};

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A key was pressed.
    Key(KeyEvent),
    /// The mouse did something.
    Mouse(MouseEvent),
    /// Text was pasted.
    Paste(String),
    /// The terminal has another size.
    Resize,
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
pub struct Events {
    receiver: Receiver<Event>,
    sender: SyncSender<Event>,
}

impl Events {
    /// Starts to listen for signals. Keys are read once [`Events::listen_to_keys`] is called.
    ///
    /// # Errors
    /// When the handlers of the signals cannot be installed or a thread cannot be started.
    pub fn open() -> io::Result<Self> {
        let (sender, receiver) = mpsc::sync_channel(CHANNEL);
        let mut signals = Signals::new([SIGTERM, SIGHUP, SIGINT, SIGTSTP, SIGCONT])?;
        let signal_sender = sender.clone();
        thread::Builder::new().name("signals".to_owned()).spawn(move || {
            for signal in signals.forever() {
                let event = match signal {
                    SIGTSTP => Event::Stop,
                    SIGCONT => Event::Continue,
                    other => Event::End(other),
                };
                if signal_sender.send(event).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self { receiver, sender })
    }

    /// Starts to read keys and the mouse.
    ///
    /// # Errors
    /// When the thread cannot be started.
    pub fn listen_to_keys(&self) -> io::Result<()> {
        let sender = self.sender.clone();
        thread::Builder::new().name("keys".to_owned()).spawn(move || {
            loop {
                let event = match crossterm::event::read() {
                    Ok(event) => translate(event),
                    Err(_) => Some(Event::Gone),
                };
                let last = event == Some(Event::Gone);
                if let Some(event) = event
                    && (sender.send(event).is_err() || last)
                {
                    return;
                }
            }
        })?;
        Ok(())
    }

    /// What other threads tell the screen by; it blocks while the screen is behind.
    #[must_use]
    pub fn notify(&self) -> Notify {
        let sender = self.sender.clone();
        Arc::new(move |outside| sender.send(Event::Outside(outside)).is_ok())
    }

    /// Waits for the next event, for ever or for a time.
    #[must_use]
    pub fn wait(&self, time: Option<Duration>) -> Event {
        match time {
            None => self.receiver.recv().unwrap_or(Event::Gone),
            Some(time) => match self.receiver.recv_timeout(time) {
                Ok(event) => event,
                Err(RecvTimeoutError::Timeout) => Event::Time,
                Err(RecvTimeoutError::Disconnected) => Event::Gone,
            },
        }
    }

    /// An event that is already there.
    #[must_use]
    pub fn pending(&self) -> Option<Event> {
        self.receiver.try_recv().ok()
    }
}

fn translate(event: TerminalEvent) -> Option<Event> {
    match event {
        TerminalEvent::Key(key) if key.kind != KeyEventKind::Release => Some(Event::Key(key)),
        TerminalEvent::Mouse(mouse) => Some(Event::Mouse(mouse)),
        TerminalEvent::Paste(text) => Some(Event::Paste(text)),
        TerminalEvent::Resize(..) => Some(Event::Resize),
        TerminalEvent::Key(_) | TerminalEvent::FocusGained | TerminalEvent::FocusLost => None,
    }
}
