//! Giving up what only the opening of a device of the host needs. Promise: a session on such a device runs with no capability
//! and as no superuser: as whoever called sudo (`SUDO_UID`, `SUDO_GID`), else as nobody; without supplementary groups; and
//! where that cannot be had, the session does not start. In a user namespace that knows no other user, as `unshare -r` makes
//! one, the superuser is an ordinary user of the machine; there the capabilities go, and no program can bring them back.

use std::io;

use rustix::process::geteuid;
use rustix::thread::{
    CapabilitiesSecureBits, CapabilitySet, CapabilitySets, capabilities, set_capabilities, set_capabilities_secure_bits,
};

use super::refusal::Refusal;

/// The user and group of a superuser whom nobody has called by sudo.
const NOBODY: (u32, u32) = (65_534, 65_534);

/// Whoever called sudo, where that is not the superuser.
#[must_use]
pub fn invoker() -> Option<(u32, u32)> {
    let number = |name: &str| std::env::var(name).ok()?.parse::<u32>().ok();
    let (user, group) = (number("SUDO_UID")?, number("SUDO_GID")?);
    (user != 0 && user != u32::MAX && group != u32::MAX).then_some((user, group))
}

/// Becomes whoever called sudo, at once; a superuser without one stays until [`leave_root`], for its files are its own.
/// Anybody else loses every capability.
///
/// # Errors
/// The system refuses.
pub fn become_invoker() -> Result<(), Refusal> {
    match (geteuid().is_root(), invoker()) {
        (true, Some((user, group))) => become_user(user, group),
        (true, None) => Ok(()),
        (false, _) => drop_capabilities().map_err(|error| Refusal::privilege(&error)),
    }
}

/// Leaves the superuser for good, where [`become_invoker`] has not.
///
/// # Errors
/// The system refuses.
pub fn leave_root() -> Result<(), Refusal> {
    if geteuid().is_root() { become_user(NOBODY.0, NOBODY.1) } else { Ok(()) }
}

fn become_user(user: u32, group: u32) -> Result<(), Refusal> {
    change_user(user, group).map_err(|error| Refusal::privilege(&error))
}

fn change_user(user: u32, group: u32) -> io::Result<()> {
    if !is_known("/proc/self/uid_map", user) || !is_known("/proc/self/gid_map", group) {
        if capabilities(None)?.permitted.is_empty() {
            return Ok(());
        }
        let without_root = CapabilitiesSecureBits::NO_ROOT | CapabilitiesSecureBits::NO_ROOT_LOCKED;
        set_capabilities_secure_bits(without_root)?;
        return drop_capabilities();
    }
    let done = |result: libc::c_int| if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) };
    // SAFETY: the three calls take numbers, and a null pointer with the length 0; libc makes them for all threads. Groups
    // go first: whoever is no superuser any more cannot change them.
    unsafe {
        done(libc::setgroups(0, std::ptr::null()))?;
        done(libc::setresgid(group, group, group))?;
        done(libc::setresuid(user, user, user))?;
    }
    drop_capabilities()?;
    // SAFETY: as above. A way back would mean that nothing was given up.
    if unsafe { libc::setresuid(u32::MAX, 0, u32::MAX) } == 0 {
        return Err(io::Error::other("the superuser could be had again"));
    }
    Ok(())
}

/// Whether a user or group exists in this user namespace, by its map: first, outside, how many.
fn is_known(map: &str, number: u32) -> bool {
    let Ok(map) = std::fs::read_to_string(map) else { return true };
    map.lines().any(|line| {
        let mut columns = line.split_ascii_whitespace().map(|column| column.parse::<u64>().unwrap_or(0));
        let (first, _outside, many) = (columns.next(), columns.next(), columns.next());
        first.zip(many).is_some_and(|(first, many)| (first..first + many).contains(&u64::from(number)))
    })
}

/// Gives up all capabilities. Giving up is always permitted; that it has worked is looked at all the same.
fn drop_capabilities() -> io::Result<()> {
    let none = CapabilitySet::empty();
    set_capabilities(None, CapabilitySets { effective: none, permitted: none, inheritable: none })?;
    let left = capabilities(None)?;
    if left.effective.is_empty() && left.permitted.is_empty() {
        Ok(())
    } else {
        Err(io::Error::other("some capabilities are still there"))
    }
}
