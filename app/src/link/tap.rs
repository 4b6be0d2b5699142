//! A TAP device as a source and sink of frames: made by name through the crate `tun-tap`, or received as an open
//! descriptor from the helper process that holds the private namespace. Promise: never blocks, frames come without
//! the four bytes of packet information, and a name that the kernel would silently cut is refused beforehand.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::os::fd::{AsFd, BorrowedFd, FromRawFd, IntoRawFd, OwnedFd};

use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};

use super::FrameIo;

/// The path that `tun-tap` opens; named in messages.
pub const TUN_PATH: &str = "/dev/net/tun";

/// The longest name of a network device (16 bytes with the terminator).
pub const LONGEST_NAME: usize = 15;

/// Why a device name was refused before the kernel saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameError {
    /// Nothing was given.
    Empty,
    /// More bytes than a device name can have: the kernel would cut it.
    TooLong,
    /// A NUL, a slash, white space or a control character stands in it.
    Character,
}

/// HeaderChecks whether `name` can be the exact name of a device.
///
/// # Errors
/// The fault found first.
pub fn check_name(name: &str) -> Result<(), NameError> {
    if name.is_empty() {
        return Err(NameError::Empty);
    }
    if name.len() > LONGEST_NAME {
        return Err(NameError::TooLong);
    }
    let forbidden = |c: char| c.is_control() || c.is_whitespace() || matches!(c, '/' | ':' | '%');
    if name == "." || name == ".." || name.contains(forbidden) {
        return Err(NameError::Character);
    }
    Ok(())
}

/// An open TAP device.
#[derive(Debug)]
pub struct TapDevice {
    file: File,
    name: String,
}

impl TapDevice {
    /// Attaches to the device `name`, or creates it where the process may. Ask [`check_name`] first.
    ///
    /// # Errors
    /// What `open` and `TUNSETIFF` say: not found, permission denied, busy, ...
    pub fn open(name: &str) -> io::Result<Self> {
        if let Err(fault) = check_name(name) {
            return Err(io::Error::new(ErrorKind::InvalidInput, format!("device name: {fault:?}")));
        }
        let interface = tun_tap::Iface::without_packet_info(name, tun_tap::Mode::Tap)?;
        let given = interface.name().to_owned();
        // SAFETY: `into_raw_fd` gives up the descriptor, which is open and now ours alone.
        let descriptor = unsafe { OwnedFd::from_raw_fd(interface.into_raw_fd()) };
        Self::from_descriptor(descriptor, given)
    }

    /// Takes over a descriptor that already is a TAP device called `name`.
    ///
    /// # Errors
    /// When the descriptor cannot be made non-blocking.
    pub fn from_descriptor(descriptor: OwnedFd, name: String) -> io::Result<Self> {
        let flags = fcntl_getfl(&descriptor)?;
        fcntl_setfl(&descriptor, flags | OFlags::NONBLOCK)?;
        Ok(Self { file: File::from(descriptor), name })
    }

    /// The same device once more, for a thread that only receives.
    ///
    /// # Errors
    /// The process has no descriptor left.
    pub fn try_clone(&self) -> io::Result<Self> {
        Ok(Self { file: self.file.try_clone()?, name: self.name.clone() })
    }

    /// The name of the device, as the kernel gave it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl FrameIo for TapDevice {
    fn receive(&mut self, buffer: &mut [u8]) -> io::Result<Option<usize>> {
        loop {
            match self.file.read(buffer) {
                Ok(length) => return Ok(Some(length)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(None),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn transmit(&mut self, frame: &[u8]) -> io::Result<bool> {
        loop {
            match self.file.write(frame) {
                Ok(_) => return Ok(true),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
                // The administrator has switched the device off: the cable is out, the machine goes on.
                Err(error) if error.raw_os_error() == Some(libc::EIO) => return Ok(false),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn descriptor(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }
}

impl AsFd for TapDevice {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_kernel_would_cut_are_refused() {
        assert_eq!(check_name("sock0"), Ok(()));
        assert_eq!(check_name("abcdefghijklmno"), Ok(()));
        assert_eq!(check_name("abcdefghijklmnop"), Err(NameError::TooLong));
        assert_eq!(check_name("tap\0evil"), Err(NameError::Character));
        assert_eq!(check_name("tap%d"), Err(NameError::Character));
        assert_eq!(check_name(""), Err(NameError::Empty));
    }

    #[test]
    fn opening_never_lets_a_bad_name_through() {
        let error = TapDevice::open("a-name-longer-than-fifteen").map(|_| ()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    }
}
