//! Attaching to a TAP device: by the crate `tun-tap` first, which makes the device where there is none, and then once more with
//! the header that tells of long segments ([`super::offload`]), of which that crate does not know. Promise: a device that was
//! made here is gone with its descriptor, one that somebody else has made stays, and where the kernel refuses the
//! header the device is attached without it.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, IntoRawFd, OwnedFd};
use std::os::unix::fs::OpenOptionsExt;

use super::configure::{request, succeeded};
use super::offload::DEVICE_HEADER;

/// The path that `tun-tap` opens; named in messages.
pub const TUN_PATH: &str = "/dev/net/tun";

/// A descriptor of the device `name`, and the name that the kernel gave it.
///
/// # Errors
/// What `open` and `TUNSETIFF` say: not found, permission denied, busy, ...
pub(super) fn attach(name: &str) -> io::Result<(OwnedFd, String)> {
    let (plain, given) = attach_plainly(name)?;
    Ok((attach_again(plain, &given)?, given))
}

/// The same device with the header, or without where the kernel has no such thing.
fn attach_again(plain: OwnedFd, name: &str) -> io::Result<OwnedFd> {
    let Ok(flags) = flags(&plain) else { return Ok(plain) };
    let is_ours = flags & libc::IFF_PERSIST == 0;
    // It shall outlive the moment in which nobody holds it.
    if is_ours && set(&plain, libc::TUNSETPERSIST, 1).is_err() {
        return Ok(plain);
    }
    drop(plain);
    let attached = match attach_with_header(name) {
        Ok(attached) => attached,
        Err(_) => attach_plainly(name)?.0,
    };
    if is_ours {
        set(&attached, libc::TUNSETPERSIST, 0)?;
    }
    Ok(attached)
}

/// Whether frames of the device have the header before them.
pub(super) fn has_header(device: &OwnedFd) -> bool {
    flags(device).is_ok_and(|flags| flags & libc::IFF_VNET_HDR != 0)
}

/// Asks the kernel to hand over long segments, and checksums to be filled in, or to do all that itself.
///
/// # Errors
/// What the kernel says.
pub(super) fn set_offload(device: BorrowedFd<'_>, on: bool) -> io::Result<()> {
    let features = if on { libc::TUN_F_CSUM | libc::TUN_F_TSO4 } else { 0 };
    set(&device, libc::TUNSETOFFLOAD, features.into())
}

fn attach_plainly(name: &str) -> io::Result<(OwnedFd, String)> {
    let interface = tun_tap::Iface::without_packet_info(name, tun_tap::Mode::Tap)?;
    let given = interface.name().to_owned();
    // SAFETY: `into_raw_fd` gives up the descriptor, which is open and now ours alone.
    Ok((unsafe { OwnedFd::from_raw_fd(interface.into_raw_fd()) }, given))
}

fn attach_with_header(name: &str) -> io::Result<OwnedFd> {
    let device = File::options().read(true).write(true).custom_flags(libc::O_CLOEXEC).open(TUN_PATH)?;
    let mut wanted = request(name)?;
    wanted.ifr_ifru.ifru_flags = (libc::IFF_TAP | libc::IFF_NO_PI | libc::IFF_VNET_HDR) as libc::c_short;
    let device = OwnedFd::from(device);
    // SAFETY: the descriptor is open and the pointer is to a whole `ifreq`, which is what this code takes.
    succeeded(unsafe { libc::ioctl(device.as_raw_fd(), libc::TUNSETIFF, &raw mut wanted) })?;
    let mut length = DEVICE_HEADER as libc::c_int;
    // SAFETY: the descriptor is open and the pointer is to an `int`, which is what this code takes.
    succeeded(unsafe { libc::ioctl(device.as_raw_fd(), libc::TUNSETVNETHDRSZ, &raw mut length) })?;
    set_offload(device.as_fd(), false)?;
    Ok(device)
}

/// The flags of an attached device.
fn flags(device: &OwnedFd) -> io::Result<libc::c_int> {
    // SAFETY: `ifreq` is plain old data; all zeros is a valid value of it.
    let mut given: libc::ifreq = unsafe { std::mem::zeroed() };
    // SAFETY: the descriptor is open and the pointer is to a whole `ifreq`, which this code fills in.
    succeeded(unsafe { libc::ioctl(device.as_raw_fd(), libc::TUNGETIFF, &raw mut given) })?;
    // SAFETY: TUNGETIFF has just filled this member of the union.
    Ok(i32::from(unsafe { given.ifr_ifru.ifru_flags }.cast_unsigned()))
}

/// One of the codes that take a number.
fn set(device: &impl AsRawFd, code: libc::Ioctl, value: libc::c_ulong) -> io::Result<()> {
    // SAFETY: the descriptor is open, and the codes used here take a number and no pointer.
    succeeded(unsafe { libc::ioctl(device.as_raw_fd(), code, value) })
}
