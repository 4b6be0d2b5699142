//! A cable for tests: one end is the device of a live session, the other is held by the test.
#![cfg(unix)]

use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixDatagram;

use sockscope::link::FrameIo;

/// A device made of a pair of sockets.
pub(crate) struct Cable(pub(crate) UnixDatagram);

impl FrameIo for Cable {
    fn receive(&mut self, buffer: &mut [u8]) -> std::io::Result<Option<usize>> {
        match self.0.recv(buffer) {
            Ok(length) => Ok(Some(length)),
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn transmit(&mut self, frame: &[u8]) -> std::io::Result<bool> {
        Ok(self.0.send(frame).is_ok())
    }

    fn descriptor(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

/// Who has 10.0.0.2? Tell 10.0.0.1.
pub(crate) const ARP: [u8; 42] = [
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 10, 0, 0, 1,
    0, 0, 0, 0, 0, 0, 10, 0, 0, 2,
];
