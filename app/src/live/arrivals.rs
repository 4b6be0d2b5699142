//! The source thread of a live session with a screen: it waits for frames of the device and puts them into the one
//! channel from which the screen takes keys, resizes and frames alike. Promise: it sleeps while nothing comes, holds
//! back (and with it the device's own queue) where the channel is full, and ends when its handle is dropped.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::thread::JoinHandle;

use rustix::event::{PollFd, PollFlags, poll};

use crate::link::tap::TapDevice;
use crate::link::{FrameIo, LARGEST_FRAME};
use crate::outside::{Notify, Outside};

/// The running source.
#[derive(Debug)]
pub struct Arrivals {
    /// Closing it wakes the thread.
    stop: Option<UnixStream>,
    thread: Option<JoinHandle<()>>,
}

impl Arrivals {
    /// Starts the source on `device`; `notify` is told of every frame, and of the end of the device.
    ///
    /// # Errors
    /// The process may open no further descriptor, or start no thread.
    pub fn start(device: &TapDevice, notify: Notify) -> io::Result<Self> {
        let device = device.try_clone()?;
        let (stop, stopped) = UnixStream::pair()?;
        let work = move || {
            watch(device, &stopped.into(), &*notify);
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
fn watch(mut device: TapDevice, stopped: &OwnedFd, tell: &dyn Fn(Outside) -> bool) {
    let mut buffer = vec![0; LARGEST_FRAME];
    loop {
        match device.receive(&mut buffer) {
            Ok(Some(length)) => {
                if !tell(Outside::Frame(buffer.get(..length).unwrap_or(&[]).to_vec())) {
                    return;
                }
                continue;
            }
            Ok(None) => {}
            Err(error) => {
                tell(Outside::Gone(error.to_string()));
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
                tell(Outside::Gone(io::Error::from(io::ErrorKind::NotConnected).to_string()));
                return;
            }
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => {
                tell(Outside::Gone(io::Error::from(error).to_string()));
                return;
            }
        }
    }
}
