//! The private user and network namespace, seen from the program: start the helper, receive the TAP device, and by
//! dropping the value let everything go. Promise: works for root and for an ordinary user, leaves nothing behind,
//! and says in one sentence why it does not work where it does not.

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::net::sockopt::{Timeout, set_socket_timeout};
use rustix::net::{AddressFamily, Shutdown, SocketFlags, SocketType, shutdown, socketpair};

use super::handover::{Charge, Report, SetupError, SetupStep, receive};
use super::holder::HELPER_ARGUMENT;
use super::refusal::Refusal;
use super::register::{self, Identity};
use crate::link::configure::Cidr;
use crate::link::tap::TapDevice;

/// The name of the TAP device inside the namespace.
pub const DEVICE: &str = "sock0";

/// How often another session may snatch the name away before we give up.
const ATTEMPTS: u32 = 20;

/// How long the helper may take to set up. It needs a few milliseconds.
const PATIENCE: Duration = Duration::from_secs(10);

/// A private network that exists as long as this value.
#[derive(Debug)]
pub struct PrivateNamespace {
    name: String,
    holder: Identity,
    helper: Child,
    /// Its closing is the helper's signal to end.
    socket: Option<OwnedFd>,
}

impl PrivateNamespace {
    /// Makes a namespace in which the machine's own kernel has `address` on the TAP device.
    ///
    /// # Errors
    /// The sentence that says what is missing.
    pub fn open(address: Cidr) -> Result<(Self, TapDevice), Refusal> {
        Self::open_with(Path::new("/proc/self/exe"), address)
    }

    /// The same with the program that becomes the helper named: tests are not the program they test.
    ///
    /// # Errors
    /// The sentence that says what is missing.
    pub fn open_with(program: &Path, address: Cidr) -> Result<(Self, TapDevice), Refusal> {
        let place =
            register::prepare().map_err(|(place, error)| Refusal::register(&place.to_string_lossy(), &error))?;
        let mut last = Refusal::helper(&io::Error::from(io::ErrorKind::AlreadyExists));
        let mut taken = Vec::new();
        for _ in 0..ATTEMPTS {
            let name = register::free_name(&taken);
            match Self::attempt(program, &place, name.clone(), address) {
                Ok(opened) => return Ok(opened),
                Err(AttemptError::NameTaken(refusal)) => {
                    last = refusal;
                    taken.push(name);
                }
                Err(AttemptError::Refused(refusal)) => return Err(refusal),
            }
        }
        Err(last)
    }

    /// One attempt under a name that is free now; another session may take it at the same moment.
    fn attempt(program: &Path, place: &Path, name: String, address: Cidr) -> Result<(Self, TapDevice), AttemptError> {
        let registration = place.join(&name);
        let refused = |error: io::Error| AttemptError::Refused(Refusal::helper(&error));
        let (ours, theirs) = socket_pair().map_err(refused)?;
        let helper = Command::new(program)
            .args([OsString::from(HELPER_ARGUMENT), DEVICE.into(), address.to_string().into(), registration.into()])
            .stdin(theirs)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // Ctrl-C in the terminal is for the program, which then lets the helper go in good order.
            .process_group(0)
            .spawn()
            .map_err(refused)?;
        let holder = Identity::of(helper.id()).map_err(refused)?;
        let mut namespace = Self { name, holder, helper, socket: Some(ours) };
        let device = namespace.await_device()?;
        Ok((namespace, device))
    }

    fn await_device(&mut self) -> Result<TapDevice, AttemptError> {
        let silence = io::Error::from(io::ErrorKind::NotConnected);
        let socket = self.socket.as_ref().ok_or_else(|| AttemptError::Refused(Refusal::helper(&silence)))?;
        match receive(socket) {
            Ok(Report::Ready(device)) => TapDevice::from_descriptor(device, DEVICE.to_owned())
                .map(|device| device.in_network_of(self.helper.id()))
                .map_err(|error| AttemptError::Refused(Refusal::tun(&error))),
            Ok(Report::Failed(failure)) => Err(explain(&failure)),
            Err(error) => Err(AttemptError::Refused(Refusal::helper(&error))),
        }
    }

    /// The name under which `exec` finds this session.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What starts commands in this network.
    ///
    /// # Errors
    /// The process has no descriptor left.
    pub fn entrance(&self) -> io::Result<Entrance> {
        let socket = self.socket.as_ref().ok_or(io::ErrorKind::NotConnected)?.try_clone()?;
        Ok(Entrance { session: self.name.clone(), holder: self.holder, socket })
    }

    /// The process number of the helper.
    #[must_use]
    pub fn helper_process(&self) -> u32 {
        self.helper.id()
    }
}

/// Starts commands in a private network: in this one, whatever other sessions are called. Promise: a command ends with the
/// session even where the program is killed and can end nothing.
#[derive(Debug)]
pub struct Entrance {
    session: String,
    holder: Identity,
    socket: OwnedFd,
}

impl Entrance {
    /// A process that becomes `program` in the network; arguments and streams are still to be added.
    #[must_use]
    pub fn command(&self, program: &OsStr) -> Command {
        let mut exec = Command::new("/proc/self/exe");
        exec.args(["exec", "--session", &self.session, "--holder", &self.holder.to_argument(), "--"]).arg(program);
        exec
    }

    /// Starts such a process, in the charge of the helper.
    ///
    /// # Errors
    /// The process cannot be started.
    pub fn start(&self, command: &mut Command) -> io::Result<Child> {
        let child = command.spawn()?;
        // A command that has ended already, and a helper that is gone, need nothing more.
        let _ = Identity::of(child.id()).and_then(|identity| Charge::send(&self.socket, identity));
        Ok(child)
    }
}

impl Drop for PrivateNamespace {
    fn drop(&mut self) {
        if let Some(socket) = self.socket.take() {
            // Not only closed: an entrance may still have it open.
            let _ = shutdown(socket, Shutdown::Both);
        }
        // It ends by itself as soon as the socket is closed; waiting only collects it.
        let _ = self.helper.wait();
    }
}

/// The pair over which helper and program speak: sequenced packets have record boundaries and an end.
fn socket_pair() -> io::Result<(OwnedFd, OwnedFd)> {
    let (ours, theirs) = socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)?;
    set_socket_timeout(&ours, Timeout::Recv, Some(PATIENCE))?;
    Ok((ours, theirs))
}

/// Why one attempt failed.
#[derive(Debug)]
enum AttemptError {
    /// Another session registered under the same name a moment earlier.
    NameTaken(Refusal),
    /// Trying again would not help.
    Refused(Refusal),
}

/// From the step at which the helper failed to the sentence for the user.
fn explain(failure: &SetupError) -> AttemptError {
    let refusal = match failure.step {
        SetupStep::Unshare => Refusal::namespaces(&failure.error),
        SetupStep::Map if failure.error.kind() == io::ErrorKind::PermissionDenied => {
            Refusal::namespaces(&failure.error)
        }
        SetupStep::Map => Refusal::setting_up("/proc/self/uid_map", &failure.error),
        // Inside its own namespace the helper has every capability: EPERM there is a namespace that was cut down.
        SetupStep::Tun if failure.error.raw_os_error() == Some(libc::EPERM) => Refusal::namespaces(&failure.error),
        SetupStep::Tun => Refusal::tun(&failure.error),
        SetupStep::Configure => Refusal::setting_up(DEVICE, &failure.error),
        SetupStep::Register => {
            let refusal = Refusal::setting_up("the registration of the session", &failure.error);
            if matches!(failure.error.kind(), io::ErrorKind::AlreadyExists | io::ErrorKind::AddrInUse) {
                return AttemptError::NameTaken(refusal);
            }
            refusal
        }
    };
    AttemptError::Refused(refusal)
}
