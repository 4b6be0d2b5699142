//! A TAP device as a source and sink of frames: made by name ([`super::attach`]), or received as an open descriptor from the
//! helper process that holds the private namespace. Where that was asked for, and as long as nobody captures on the machine's side,
//! long segments pass it in one piece, as between a machine and its network card ([`super::offload`]). Promise: never
//! blocks, what is given and taken here are frames of the wire, and a name that the kernel would silently cut is refused beforehand.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::PathBuf;

use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};

use super::attach::{attach, has_header, set_offload};
use super::device_name::check_name;
use super::offload::{Cutting, DEVICE_HEADER, DeviceHeader, Joining};
use super::{FrameIo, LARGEST_FRAME};

/// An open TAP device.
#[derive(Debug)]
pub struct TapDevice {
    file: File,
    name: String,
    /// Whether frames have a header of the device before them.
    has_header: bool,
    /// Whether long segments are taken and handed over.
    offloads: bool,
    /// The long segment that is being cut into frames.
    cutting: Cutting,
    /// Room for a frame that comes, and the header of the device before it.
    incoming: Vec<u8>,
    /// A frame that leaves, behind a header that says nothing of it.
    outgoing: Vec<u8>,
    /// Where the kernel lists who captures in the network of the device.
    captures: PathBuf,
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
        let (descriptor, given) = attach(name)?;
        Self::from_descriptor(descriptor, given)
    }

    /// Takes over a descriptor that already is a TAP device called `name`.
    ///
    /// # Errors
    /// When the descriptor cannot be made non-blocking.
    pub fn from_descriptor(descriptor: OwnedFd, name: String) -> io::Result<Self> {
        let flags = fcntl_getfl(&descriptor)?;
        fcntl_setfl(&descriptor, flags | OFlags::NONBLOCK)?;
        Ok(Self {
            has_header: has_header(&descriptor),
            file: File::from(descriptor),
            name,
            offloads: false,
            cutting: Cutting::default(),
            incoming: vec![0; DEVICE_HEADER + LARGEST_FRAME],
            outgoing: vec![0; DEVICE_HEADER],
            captures: PathBuf::from("/proc/thread-self/net/packet"),
        })
    }

    /// The device is in the network of that process, not in this one's.
    #[must_use]
    pub fn in_network_of(self, process: u32) -> Self {
        Self { captures: PathBuf::from(format!("/proc/{process}/net/packet")), ..self }
    }

    /// The same device once more, for whoever receives its frames while another sends. Long segments pass neither of the two.
    ///
    /// # Errors
    /// The process has no descriptor left.
    pub fn try_clone(&self) -> io::Result<Self> {
        Self::from_descriptor(self.file.try_clone()?.into(), self.name.clone())
    }

    /// The name of the device, as the kernel gave it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether somebody captures in the network of the device, or may do so for all that is known.
    fn is_captured(&self) -> bool {
        // The first line is a heading.
        std::fs::read_to_string(&self.captures).map_or(true, |sockets| sockets.lines().count() > 1)
    }

    /// Reads the next frame as it comes, with the header before it where there is one.
    fn read(file: &mut File, buffer: &mut [u8]) -> io::Result<Option<usize>> {
        loop {
            match file.read(buffer) {
                Ok(length) => return Ok(Some(length)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(None),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Writes a frame, or several as one. False: the device has not taken it.
    fn write(mut write: impl FnMut() -> io::Result<usize>) -> io::Result<bool> {
        loop {
            match write() {
                Ok(_) => return Ok(true),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
                // The administrator has switched the device off: the cable is out, the machine goes on.
                Err(error) if error.raw_os_error() == Some(libc::EIO) => return Ok(false),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

impl FrameIo for TapDevice {
    fn receive(&mut self, buffer: &mut [u8]) -> io::Result<Option<usize>> {
        if let Some(length) = self.cutting.next_into(buffer) {
            return Ok(Some(length));
        }
        if !self.has_header {
            return Self::read(&mut self.file, buffer);
        }
        let read = Self::read(&mut self.file, &mut self.incoming)?;
        let read = read.and_then(|length| self.incoming.get(..length)?.split_first_chunk());
        let Some((told, came)) = read else { return Ok(None) };
        let header = DeviceHeader::read(*told);
        if self.cutting.begin(came, header) {
            return Ok(self.cutting.next_into(buffer));
        }
        let frame = buffer.get_mut(..came.len()).unwrap_or(&mut []);
        frame.copy_from_slice(came.get(..frame.len()).unwrap_or(&[]));
        header.complete(frame);
        Ok(Some(frame.len()))
    }

    fn transmit(&mut self, frame: &[u8]) -> io::Result<bool> {
        if !self.has_header {
            return Self::write(|| self.file.write(frame));
        }
        self.outgoing.truncate(DEVICE_HEADER);
        self.outgoing.extend_from_slice(frame);
        Self::write(|| self.file.write(&self.outgoing))
    }

    fn transmit_all(&mut self, frames: &mut dyn Iterator<Item = &[u8]>) -> io::Result<u64> {
        let mut untaken = 0;
        let mut frames = frames.peekable();
        while let Some(first) = frames.next() {
            if !self.offloads {
                untaken += u64::from(!self.transmit(first)?);
                continue;
            }
            let mut joining = Joining::begin(first);
            while frames.next_if(|frame| joining.takes(frame)).is_some() {}
            let joined = joining.write(|parts| Self::write(|| self.file.write_vectored(parts)));
            let is_taken = joined.unwrap_or_else(|| self.transmit(first))?;
            untaken += if is_taken { 0 } else { joining.count() as u64 };
        }
        Ok(untaken)
    }

    fn offload(&mut self, wanted: bool) {
        let on = wanted && self.has_header && !self.is_captured();
        if on != self.offloads && set_offload(self.file.as_fd(), on).is_ok() {
            self.offloads = on;
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
    fn opening_never_lets_a_bad_name_through() {
        let error = TapDevice::open("a-name-longer-than-fifteen").map(|_| ()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    }
}
