//! The few words between the program and the helper that holds the namespace: one datagram, "ready" with the open
//! TAP device, or "failed" with the step and the error number; later, from the program, the commands that it has started.
//! Promise: a short or strange message is an error, never a panic, and a descriptor is passed exactly once.

use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::io::retry_on_intr;
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage, SendFlags,
    recvmsg, sendmsg,
};

use super::register::Identity;

/// A command in the helper's charge: should the program be gone first, the helper ends it.
#[derive(Debug)]
pub struct Charge;

impl Charge {
    /// Bytes of the message: process number and start time.
    pub const SIZE: usize = 12;

    /// Program's side: leaves a command in the helper's charge.
    ///
    /// # Errors
    /// What the socket says.
    pub fn send(socket: impl AsFd, command: Identity) -> io::Result<()> {
        let mut message = [0; Self::SIZE];
        let (process, started) = message.split_at_mut(4);
        process.copy_from_slice(&command.process.to_le_bytes());
        started.copy_from_slice(&command.started.to_le_bytes());
        retry_on_intr(|| rustix::net::send(&socket, &message, SendFlags::NOSIGNAL))?;
        Ok(())
    }

    /// Helper's side: reads the message.
    #[must_use]
    pub fn read(message: &[u8]) -> Option<Identity> {
        let (process, started) = message.split_at_checked(4)?;
        let process = u32::from_le_bytes(process.try_into().ok()?);
        let started = u64::from_le_bytes(started.try_into().ok()?);
        Some(Identity { process, started })
    }
}

/// Where the helper failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetupStep {
    /// Making the namespaces.
    Unshare,
    /// Writing the user and group map.
    Map,
    /// Opening the TAP device.
    Tun,
    /// Address, mask, switching on.
    Configure,
    /// Writing the file by which `exec` finds the session.
    Register,
}

impl SetupStep {
    const ALL: [Self; 5] = [Self::Unshare, Self::Map, Self::Tun, Self::Configure, Self::Register];

    fn code(self) -> u8 {
        match self {
            Self::Unshare => 1,
            Self::Map => 2,
            Self::Tun => 3,
            Self::Configure => 4,
            Self::Register => 5,
        }
    }

    fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.code() == code)
    }
}

/// A failure inside the helper.
#[derive(Debug)]
pub struct SetupError {
    /// Where.
    pub step: SetupStep,
    /// Why.
    pub error: io::Error,
}

/// What the helper has to say.
#[derive(Debug)]
pub enum Report {
    /// The namespace stands, and this is the TAP device in it.
    Ready(OwnedFd),
    /// It does not.
    Failed(SetupError),
}

/// Helper's side: passes the device on.
///
/// # Errors
/// What the socket says.
pub fn send_ready(socket: BorrowedFd<'_>, device: BorrowedFd<'_>) -> io::Result<()> {
    let descriptors = [device];
    let mut room = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = SendAncillaryBuffer::new(&mut room);
    if !control.push(SendAncillaryMessage::ScmRights(&descriptors)) {
        return Err(io::Error::other("no room for the descriptor"));
    }
    retry_on_intr(|| sendmsg(socket, &[IoSlice::new(&[0])], &mut control, SendFlags::NOSIGNAL))?;
    Ok(())
}

/// Helper's side: says where it failed.
///
/// # Errors
/// What the socket says.
pub fn send_failure(socket: BorrowedFd<'_>, failure: &SetupError) -> io::Result<()> {
    let mut message = vec![failure.step.code()];
    message.extend_from_slice(&failure.error.raw_os_error().unwrap_or(libc::EIO).to_le_bytes());
    retry_on_intr(|| rustix::net::send(socket, &message, SendFlags::NOSIGNAL))?;
    Ok(())
}

/// Program's side: waits for the report.
///
/// # Errors
/// When the helper went away without a report, or the report makes no sense.
pub fn receive(socket: impl AsFd) -> io::Result<Report> {
    let mut text = [0_u8; 8];
    let mut room = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = RecvAncillaryBuffer::new(&mut room);
    let length = {
        let mut parts = [IoSliceMut::new(&mut text)];
        // Making a namespace takes a while on a busy machine; a signal meanwhile is no report.
        retry_on_intr(|| recvmsg(&socket, &mut parts, &mut control, RecvFlags::CMSG_CLOEXEC))?.bytes
    };
    let mut device = None;
    for message in control.drain() {
        if let RecvAncillaryMessage::ScmRights(descriptors) = message {
            device = descriptors.last();
        }
    }
    match (text.get(..length), device) {
        (Some([]), _) => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "it ended without a word")),
        (Some([0]), Some(device)) => Ok(Report::Ready(device)),
        (Some([code, a, b, c, d]), None) => {
            let step = SetupStep::from_code(*code).ok_or_else(|| io::Error::other("unknown report"))?;
            let error = io::Error::from_raw_os_error(i32::from_le_bytes([*a, *b, *c, *d]));
            Ok(Report::Failed(SetupError { step, error }))
        }
        _ => Err(io::Error::other("unknown report")),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixDatagram;

    use super::*;

    #[test]
    fn a_failure_arrives_with_step_and_number() {
        let (ours, theirs) = UnixDatagram::pair().unwrap();
        for step in SetupStep::ALL {
            let error = io::Error::from_raw_os_error(libc::EACCES);
            send_failure(theirs.as_fd(), &SetupError { step, error }).unwrap();
            match receive(&ours).unwrap() {
                Report::Failed(failure) => {
                    assert_eq!(failure.step, step);
                    assert_eq!(failure.error.raw_os_error(), Some(libc::EACCES));
                }
                Report::Ready(_) => panic!("a failure was taken for success"),
            }
        }
    }

    #[test]
    fn a_charge_arrives_whole_or_not_at_all() {
        let (ours, theirs) = UnixDatagram::pair().unwrap();
        let command = Identity { process: 4711, started: u64::MAX - 1 };
        Charge::send(&ours, command).unwrap();
        let mut message = [0; 64];
        let length = theirs.recv(&mut message).unwrap();
        assert_eq!(Charge::read(&message[..length]), Some(command));
        for cut in 0..length {
            assert_eq!(Charge::read(&message[..cut]), None);
        }
    }

    #[test]
    fn nonsense_and_silence_are_errors() {
        let (ours, theirs) = UnixDatagram::pair().unwrap();
        theirs.send(&[9, 1, 2, 3, 4]).unwrap();
        assert!(receive(&ours).is_err());
        theirs.send(&[0]).unwrap();
        assert!(receive(&ours).is_err(), "ready without a device");
    }
}
