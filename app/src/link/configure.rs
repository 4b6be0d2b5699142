//! Giving a network device its address and switching it on, by the ioctls of old, so that no `ip` command has to be
//! installed. Promise: touches only the device it was told, in the network namespace of the calling thread.

use std::io;
use std::net::Ipv4Addr;
use std::os::fd::{AsFd, AsRawFd};

use rustix::net::{AddressFamily, SocketType, socket};

use super::device_name::check_name;

/// An IPv4 address with the length of its network prefix, as in `10.0.0.1/24`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cidr {
    /// The address of the host itself.
    pub address: Ipv4Addr,
    /// Bits of the network part, 1 to 32.
    pub prefix: u8,
}

impl Cidr {
    /// Reads `A.B.C.D/N`; without `/N` the prefix is 24.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, prefix.parse().ok()?),
            None => (text, 24),
        };
        let address: Ipv4Addr = address.parse().ok()?;
        (1..=32).contains(&prefix).then_some(Self { address, prefix })
    }

    /// The network mask of the prefix.
    #[must_use]
    pub fn netmask(self) -> Ipv4Addr {
        Ipv4Addr::from(u32::MAX.checked_shl(32 - u32::from(self.prefix)).unwrap_or(0))
    }

    /// The address of the network: the host part all zeros.
    #[must_use]
    pub fn network(self) -> Ipv4Addr {
        Ipv4Addr::from(u32::from(self.address) & u32::from(self.netmask()))
    }

    /// Whether `other` is on the same network.
    #[must_use]
    pub fn contains(self, other: Ipv4Addr) -> bool {
        u32::from(other) & u32::from(self.netmask()) == u32::from(self.network())
    }
}

impl std::fmt::Display for Cidr {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

/// An `ifreq` filled with the name of a device and nothing else.
pub(super) fn request(device: &str) -> io::Result<libc::ifreq> {
    check_name(device).map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
    // SAFETY: `ifreq` is plain old data; all zeros is a valid value of it.
    let mut request: libc::ifreq = unsafe { std::mem::zeroed() };
    for (slot, byte) in request.ifr_name.iter_mut().zip(device.bytes()) {
        *slot = byte.cast_signed();
    }
    Ok(request)
}

/// One ioctl on an ordinary datagram socket: the handle by which the kernel knows the namespace.
fn control(code: libc::Ioctl, request: &mut libc::ifreq) -> io::Result<()> {
    let handle = socket(AddressFamily::INET, SocketType::DGRAM, None)?;
    // SAFETY: the descriptor is open and the pointer is to a whole `ifreq`, which is what each code used here takes.
    succeeded(unsafe { libc::ioctl(handle.as_fd().as_raw_fd(), code, std::ptr::from_mut(request)) })
}

/// What an ioctl has returned, as a result.
pub(super) fn succeeded(returned: libc::c_int) -> io::Result<()> {
    if returned < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// An IPv4 address in the form the ioctls take.
fn socket_address(address: Ipv4Addr) -> libc::sockaddr {
    // SAFETY: both are plain old data of the same size (16 bytes); zeros are valid.
    let mut internet: libc::sockaddr_in = unsafe { std::mem::zeroed() };
    internet.sin_family = libc::AF_INET as libc::sa_family_t;
    internet.sin_addr.s_addr = u32::from(address).to_be();
    // SAFETY: `sockaddr_in` and `sockaddr` have the same size and no padding that matters.
    unsafe { std::mem::transmute::<libc::sockaddr_in, libc::sockaddr>(internet) }
}

/// Gives `device` the address and the mask of `cidr`.
///
/// # Errors
/// What the kernel says, usually that the capability NET_ADMIN is missing.
pub fn set_address(device: &str, cidr: Cidr) -> io::Result<()> {
    let mut address = request(device)?;
    address.ifr_ifru.ifru_addr = socket_address(cidr.address);
    control(libc::SIOCSIFADDR as libc::Ioctl, &mut address)?;
    let mut mask = request(device)?;
    mask.ifr_ifru.ifru_netmask = socket_address(cidr.netmask());
    control(libc::SIOCSIFNETMASK as libc::Ioctl, &mut mask)
}

/// Switches `device` on.
///
/// # Errors
/// What the kernel says.
pub fn bring_up(device: &str) -> io::Result<()> {
    let mut flags = request(device)?;
    control(libc::SIOCGIFFLAGS as libc::Ioctl, &mut flags)?;
    // SAFETY: SIOCGIFFLAGS has just filled this member of the union.
    let present = unsafe { flags.ifr_ifru.ifru_flags };
    flags.ifr_ifru.ifru_flags = present | (libc::IFF_UP | libc::IFF_RUNNING) as libc::c_short;
    control(libc::SIOCSIFFLAGS as libc::Ioctl, &mut flags)
}

/// Whether `device` is on.
///
/// # Errors
/// What the kernel says, usually that there is no such device.
pub fn is_up(device: &str) -> io::Result<bool> {
    let mut flags = request(device)?;
    control(libc::SIOCGIFFLAGS as libc::Ioctl, &mut flags)?;
    // SAFETY: SIOCGIFFLAGS has just filled this member of the union.
    Ok(i32::from(unsafe { flags.ifr_ifru.ifru_flags }) & libc::IFF_UP != 0)
}

/// Keeps IPv6 chatter off `device` and makes the kernel patient with a neighbour that a person has paused: with the
/// default of three ARP tries a peer gives up after three seconds. Returns the settings that could not be written
/// (a read-only /proc, a kernel without IPv6), which are worth a warning and no more.
#[must_use]
pub fn quiet_and_patient(device: &str) -> Vec<String> {
    let settings = [
        (format!("/proc/sys/net/ipv6/conf/{device}/disable_ipv6"), "1"),
        (format!("/proc/sys/net/ipv4/neigh/{device}/mcast_solicit"), "600"),
        (format!("/proc/sys/net/ipv4/neigh/{device}/ucast_solicit"), "600"),
    ];
    let mut failed = Vec::new();
    for (path, value) in settings {
        if std::fs::write(&path, value).is_err() {
            failed.push(path);
        }
    }
    failed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cidr_is_read_and_masked() {
        let cidr = Cidr::parse("10.1.2.3/22").unwrap();
        assert_eq!(cidr.netmask(), Ipv4Addr::new(255, 255, 252, 0));
        assert_eq!(cidr.network(), Ipv4Addr::new(10, 1, 0, 0));
        assert!(cidr.contains(Ipv4Addr::new(10, 1, 3, 255)));
        assert!(!cidr.contains(Ipv4Addr::new(10, 1, 4, 0)));
        assert_eq!(Cidr::parse("10.0.0.1").map(|c| c.prefix), Some(24));
        for wrong in ["", "10.0.0.1/0", "10.0.0.1/33", "10.0.0/8", "x/24", "10.0.0.1/"] {
            assert_eq!(Cidr::parse(wrong), None, "{wrong}");
        }
    }
}
