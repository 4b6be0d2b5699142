//! The helper process that holds the private namespace. The program re-executes itself into it, because a process
//! with threads cannot make a user namespace. It makes the namespaces and the TAP device, passes the descriptor
//! over its standard input (a UNIX socket) and then only waits: when that socket closes, for whatever reason,
//! SIGKILL of the program included, it ends the commands of the program that still run, removes the registration and ends,
//! and the kernel takes the rest away.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use rustix::process::{DumpableBehavior, getegid, geteuid, set_dumpable_behavior};
use rustix::thread::{UnshareFlags, unshare_unsafe};

use super::handover::{Charge, SetupError, SetupStep, send_failure, send_ready};
use super::leftovers;
use super::register::{Identity, own_identity, take_name};
use crate::link::configure::{Cidr, bring_up, quiet_and_patient, set_address};
use crate::link::tap::TapDevice;

/// The hidden first argument that turns the program into the helper.
pub const HELPER_ARGUMENT: &str = "__namespace";

/// What the helper is asked for: `__namespace DEVICE CIDR REGISTRATION`.
#[derive(Debug)]
struct Order {
    device: String,
    address: Cidr,
    registration: PathBuf,
}

impl Order {
    fn read(mut arguments: impl Iterator<Item = OsString>) -> Option<Self> {
        let device = arguments.next()?.into_string().ok()?;
        let address = Cidr::parse(arguments.next()?.to_str()?)?;
        let registration = PathBuf::from(arguments.next()?);
        arguments.next().is_none().then_some(Self { device, address, registration })
    }
}

/// To be called by `main` before anything else. `None` when this process is not the helper.
pub fn namespace_helper_main(mut arguments: impl Iterator<Item = OsString>) -> Option<ExitCode> {
    let _program = arguments.next();
    if arguments.next()? != HELPER_ARGUMENT {
        return None;
    }
    let Some(order) = Order::read(arguments) else {
        return Some(ExitCode::from(crate::refusal::EXIT_USAGE));
    };
    let standard_input = io::stdin();
    Some(hold(&order, standard_input.as_fd()))
}

/// Sets up, reports, and waits for the end.
fn hold(order: &Order, socket: BorrowedFd<'_>) -> ExitCode {
    let (device, _name) = match prepare(order) {
        Ok(prepared) => prepared,
        Err(failure) => {
            // The program that asked may be gone already; then there is nobody to tell.
            let _ = send_failure(socket, &failure);
            return ExitCode::from(crate::refusal::EXIT_PRIVILEGE);
        }
    };
    let delivered = send_ready(socket, device.as_fd());
    // From here on the device lives exactly as long as the program that holds the only descriptor.
    drop(device);
    if delivered.is_ok() {
        leftovers::end(&wait_for_end(socket));
    }
    let _ = fs::remove_file(&order.registration);
    ExitCode::SUCCESS
}

fn at<T>(step: SetupStep, result: io::Result<T>) -> Result<T, SetupError> {
    result.map_err(|error| SetupError { step, error })
}

/// Takes the name, makes the namespaces and a configured TAP device in them, then registers the session. What keeps the name
/// comes back with the device.
fn prepare(order: &Order) -> Result<(TapDevice, Option<UnixDatagram>), SetupError> {
    let name = order.registration.file_name().and_then(|name| name.to_str()).unwrap_or("");
    let name = at(SetupStep::Register, take_name(name))?;
    let (user, group) = (geteuid().as_raw(), getegid().as_raw());
    // A binary with capabilities is not dumpable, and a process that is not dumpable may not write its own maps.
    at(SetupStep::Unshare, set_dumpable_behavior(DumpableBehavior::Dumpable).map_err(io::Error::from))?;
    let flags = UnshareFlags::NEWUSER | UnshareFlags::NEWNET;
    // SAFETY: file descriptors are not unshared (no FILES flag), which is all that can go wrong here.
    at(SetupStep::Unshare, unsafe { unshare_unsafe(flags) }.map_err(io::Error::from))?;
    at(SetupStep::Map, write_maps(user, group))?;
    let device = at(SetupStep::Tun, TapDevice::open(&order.device))?;
    at(SetupStep::Configure, bring_up("lo"))?;
    // Quiet before up, or the first frames of the device are IPv6 router solicitations. What cannot be set is no
    // reason to refuse: the peer is only less patient.
    let _impatient = quiet_and_patient(&order.device);
    at(SetupStep::Configure, set_address(&order.device, order.address))?;
    at(SetupStep::Configure, bring_up(&order.device))?;
    at(SetupStep::Register, register(&order.registration))?;
    Ok((device, name))
}

/// Maps the user to itself: files keep their owner, `whoami` its answer, and what the namespace permits comes from
/// capabilities, not from being called root.
fn write_maps(user: u32, group: u32) -> io::Result<()> {
    fs::write("/proc/self/setgroups", "deny")?;
    fs::write("/proc/self/uid_map", format!("{user} {user} 1\n"))?;
    fs::write("/proc/self/gid_map", format!("{group} {group} 1\n"))
}

/// Writes this process's identity to a new file that only the user can read.
fn register(path: &Path) -> io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(own_identity()?.to_line().as_bytes())
}

/// Waits until the other end of the socket is closed, and says what has been left in our charge.
fn wait_for_end(socket: BorrowedFd<'_>) -> Vec<Identity> {
    let mut charges: Vec<Identity> = Vec::new();
    let mut message = [0_u8; Charge::SIZE];
    loop {
        match rustix::io::read(socket, &mut message) {
            Err(rustix::io::Errno::INTR) => {}
            Ok(0) | Err(_) => return charges,
            Ok(length) => {
                // A session of days starts many commands: those that have ended are forgotten.
                charges.retain(|known| known.is_alive());
                charges.extend(message.get(..length).and_then(Charge::read));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> impl Iterator<Item = OsString> + '_ {
        text.split(' ').map(OsString::from)
    }

    #[test]
    fn other_arguments_are_left_alone() {
        assert!(namespace_helper_main(words("sockscope live --headless")).is_none());
        assert!(namespace_helper_main(words("sockscope")).is_none());
    }

    #[test]
    fn an_order_is_complete_or_refused() {
        assert!(Order::read(words("sock0 10.0.0.1/24 /tmp/x")).is_some());
        assert!(Order::read(words("sock0 10.0.0.1/24")).is_none());
        assert!(Order::read(words("sock0 10.0.0.1/99 /tmp/x")).is_none());
        assert!(Order::read(words("sock0 10.0.0.1/24 /tmp/x more")).is_none());
    }
}
