//! The source thread of a live session with a screen: it waits for frames of the device and puts them into the one
//! channel from which the screen takes keys, resizes and frames alike. Promise: it sleeps while nothing comes, holds
//! back (and with it the device's own queue) where the channel is full, and ends when its handle is dropped.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::sync::mpsc::SyncSender;
use std::thread::JoinHandle;

use rustix::event::{PollFd, PollFlags, poll};

use crate::link::tap::TapDevice;
use crate::link::{FrameIo, LARGEST_FRAME};

/// What the source has to tell.
#[derive(Debug)]
pub enum Arrival {
    /// A frame for the stack.
    Frame(Vec<u8>),
    /// The device is gone; nothing more will come.
    Gone(io::Error),
}

/// The running source.
#[derive(Debug)]
pub struct Arrivals {
    /// Closing it wakes the thread.
    stop: Option<UnixStream>,
    thread: Option<JoinHandle<()>>,
}

impl Arrivals {
    /// Starts the source on `device`. `wrap` makes the channel's own kind of event of an arrival.
    ///
    /// # Errors
    /// The process may open no further descriptor, or start no thread.
    pub fn start<E: Send + 'static>(
        device: &TapDevice,
        channel: SyncSender<E>,
        wrap: impl Fn(Arrival) -> E + Send + 'static,
    ) -> io::Result<Self> {
        let device = device.try_clone()?;
        let (stop, stopped) = UnixStream::pair()?;
        let work = move || {
            watch(device, &stopped.into(), |arrival| channel.send(wrap(arrival)).is_ok());
        };
        let thread = std::thread::Builder::new().name("arrivals".to_owned()).spawn(work)?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Arrivals {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take().filter(JoinHandle::is_finished) {
            // One that is held back by a full channel ends as soon as its receiver is dropped.
            let _ = thread.join();
        }
    }
}

/// Hands on frames until the device or the listener is gone, or the handle was dropped.
fn watch(mut device: TapDevice, stopped: &OwnedFd, tell: impl Fn(Arrival) -> bool) {
    let mut buffer = vec![0; LARGEST_FRAME];
    loop {
        match device.receive(&mut buffer) {
            Ok(Some(length)) => {
                if !tell(Arrival::Frame(buffer.get(..length).unwrap_or(&[]).to_vec())) {
                    return;
                }
                continue;
            }
            Ok(None) => {}
            Err(error) => {
                tell(Arrival::Gone(error));
                return;
            }
        }
        let mut sources = [
            PollFd::from_borrowed_fd(device.as_fd(), PollFlags::IN),
            PollFd::from_borrowed_fd(stopped.as_fd(), PollFlags::IN),
        ];
        let waited = poll(&mut sources, None);
        let [of_device, of_stop] = sources.map(|source| source.revents());
        match waited {
            Ok(_) if !of_stop.is_empty() => return,
            Ok(_) if of_device.intersects(PollFlags::ERR | PollFlags::HUP | PollFlags::NVAL) => {
                tell(Arrival::Gone(io::Error::from(io::ErrorKind::NotConnected)));
                return;
            }
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => {
                tell(Arrival::Gone(error.into()));
                return;
            }
        }
    }
}
