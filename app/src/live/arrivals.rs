//! The thread that waits for frames of the device while a session has a screen. It never reads one: it tells once that frames
//! wait, and the thread of the session reads them itself, as many at a time as it has room for. Promise: it sleeps while nothing
//! comes and while what came has not been taken, so that whatever the device brings, keys find the screen's channel empty; and it
//! ends when its handle is dropped.

use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;

use rustix::event::{PollFd, PollFlags, poll};

use crate::link::tap::TapDevice;
use crate::outside::{Notify, Outside};

/// The waiting thread. It is not joined: it ends at the next thing that it sees, and holds nothing but its own descriptors.
#[derive(Debug)]
pub struct Arrivals {
    /// A byte asks the thread to wait for frames again; closing it ends the thread.
    line: UnixStream,
    /// Whether it waits.
    is_armed: bool,
}

impl Arrivals {
    /// Starts to wait for frames of `device`; `notify` is told [`Outside::Ready`] once, and again after each
    /// [`Arrivals::rearm`]; and of the end of the device.
    ///
    /// # Errors
    /// The process may open no further descriptor, or start no thread.
    pub fn start(device: &TapDevice, notify: Notify) -> io::Result<Self> {
        let device = device.try_clone()?;
        let (line, far_end) = UnixStream::pair()?;
        let work = move || {
            watch(&device, &far_end, &*notify);
        };
        std::thread::Builder::new().name("arrivals".to_owned()).spawn(work)?;
        Ok(Self { line, is_armed: true })
    }

    /// The frames that it told of are being taken: it is not waiting now.
    pub fn told(&mut self) {
        self.is_armed = false;
    }

    /// Everything that was there has been taken: it shall wait for the next frame.
    pub fn rearm(&mut self) {
        if !self.is_armed {
            // A thread that has ended has told that the device is gone.
            self.is_armed = self.line.write_all(&[1]).is_ok();
        }
    }
}

/// Tells of frames, once for each time it was asked to wait, until the device or the listener is gone or the handle was dropped.
fn watch(device: &TapDevice, mut line: &UnixStream, tell: &dyn Fn(Outside) -> bool) {
    loop {
        let mut sources = [
            PollFd::from_borrowed_fd(device.as_fd(), PollFlags::IN),
            PollFd::from_borrowed_fd(line.as_fd(), PollFlags::IN),
        ];
        let waited = poll(&mut sources, None);
        let [of_device, of_line] = sources.map(|source| source.revents());
        match waited {
            // Nobody asks twice, so that what comes over the line here is its end.
            Ok(_) if !of_line.is_empty() => return,
            Ok(_) if of_device.intersects(PollFlags::ERR | PollFlags::HUP | PollFlags::NVAL) => {
                tell(Outside::Gone(io::Error::from(io::ErrorKind::NotConnected).to_string()));
                return;
            }
            Ok(0) | Err(rustix::io::Errno::INTR) => {}
            Ok(_) => {
                if !tell(Outside::Ready) || line.read_exact(&mut [0]).is_err() {
                    return;
                }
            }
            Err(error) => {
                tell(Outside::Gone(io::Error::from(error).to_string()));
                return;
            }
        }
    }
}
