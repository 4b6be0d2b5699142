//! Configuration of interfaces by ioctl (net/inet/dev.c: dev_ioctl, dev_ifconf, dev_ifsioc): what ifconfig speaks to.
//!
//! An `ifreq` is 32 octets: 16 of a name and 16 that the command gives a meaning.

use kfn::kfn;

use super::dev::{dev_close, dev_get, dev_open};
use super::dev_mcast::{dev_mc_add, dev_mc_delete, dev_mc_upload};
use super::devinet::ip_get_mask;
use crate::include::errno::{Errno, KResult, fail};
use crate::include::in_addr::{InAddr, SockaddrIn};
use crate::include::netdevice::{DevId, ETH_ALEN, IFF_UP, MAX_ADDR_LEN};
use crate::kernel::Kernel;
use crate::kernel::user::{get_fs_long, memcpy_fromfs, memcpy_tofs, put_fs_long, verify_area};
use crate::note;

/// List the interfaces that are up.
pub const SIOCGIFCONF: u32 = 0x8912;
/// Get flags.
pub const SIOCGIFFLAGS: u32 = 0x8913;
/// Set flags.
pub const SIOCSIFFLAGS: u32 = 0x8914;
/// Get the address.
pub const SIOCGIFADDR: u32 = 0x8915;
/// Set the address.
pub const SIOCSIFADDR: u32 = 0x8916;
/// Get the peer of a point-to-point link.
pub const SIOCGIFDSTADDR: u32 = 0x8917;
/// Set the peer of a point-to-point link.
pub const SIOCSIFDSTADDR: u32 = 0x8918;
/// Get the broadcast address.
pub const SIOCGIFBRDADDR: u32 = 0x8919;
/// Set the broadcast address.
pub const SIOCSIFBRDADDR: u32 = 0x891a;
/// Get the netmask.
pub const SIOCGIFNETMASK: u32 = 0x891b;
/// Set the netmask.
pub const SIOCSIFNETMASK: u32 = 0x891c;
/// Get the metric.
pub const SIOCGIFMETRIC: u32 = 0x891d;
/// Set the metric.
pub const SIOCSIFMETRIC: u32 = 0x891e;
/// Get the shared memory (never works).
pub const SIOCGIFMEM: u32 = 0x891f;
/// Set the shared memory (never works).
pub const SIOCSIFMEM: u32 = 0x8920;
/// Get the largest datagram.
pub const SIOCGIFMTU: u32 = 0x8921;
/// Set the largest datagram.
pub const SIOCSIFMTU: u32 = 0x8922;
/// Get the hardware address, in the old layout.
pub const OLD_SIOCGIFHWADDR: u32 = 0x8923;
/// Set the hardware address.
pub const SIOCSIFHWADDR: u32 = 0x8924;
/// Get the hardware address.
pub const SIOCGIFHWADDR: u32 = 0x8927;
/// Get the slave of a pair of devices.
pub const SIOCGIFSLAVE: u32 = 0x8929;
/// Set the slave of a pair of devices.
pub const SIOCSIFSLAVE: u32 = 0x8930;
/// Add a hardware multicast address.
pub const SIOCADDMULTI: u32 = 0x8931;
/// Delete a hardware multicast address.
pub const SIOCDELMULTI: u32 = 0x8932;
/// Get the hardware's resources.
pub const SIOCGIFMAP: u32 = 0x8970;
/// Set the hardware's resources.
pub const SIOCSIFMAP: u32 = 0x8971;
/// First of sixteen commands that a driver may define.
pub const SIOCDEVPRIVATE: u32 = 0x89f0;

/// The family of hardware addresses.
const AF_UNSPEC: u16 = 0;
/// Octets of an `ifreq`.
const SIZEOF_IFREQ: usize = 32;
/// Octets of the name in it.
const IFNAMSIZ: usize = 16;
/// Octets of an `ifconf`.
const SIZEOF_IFCONF: u32 = 8;
/// Flags that may be set.
const SETTABLE_FLAGS: u16 = 0x1fff;
/// Largest MTU that may be set.
const MTU_LIMIT: i32 = 3800;

/// An `ifreq` in kernel memory.
struct IfReq([u8; SIZEOF_IFREQ]);

impl IfReq {
    fn read(k: &mut Kernel, arg: u32) -> KResult<Self> {
        verify_area(k, arg, SIZEOF_IFREQ as u32)?;
        let given = memcpy_fromfs(k, arg, SIZEOF_IFREQ as u32, "dev_ifsioc");
        let mut bytes = [0; SIZEOF_IFREQ];
        for (place, octet) in bytes.iter_mut().zip(given) {
            *place = octet;
        }
        Ok(Self(bytes))
    }

    fn name(&self) -> String {
        let octets = self.0[..IFNAMSIZ].iter().take_while(|octet| **octet != 0);
        octets.map(|octet| char::from(*octet)).collect()
    }

    fn set_name(&mut self, name: &str) {
        for (place, octet) in self.0[..IFNAMSIZ - 1].iter_mut().zip(name.bytes()) {
            *place = octet;
        }
    }

    fn word(&self) -> u16 {
        u16::from_le_bytes([self.0[16], self.0[17]])
    }

    fn set_word(&mut self, value: u16) {
        self.0[16..18].copy_from_slice(&value.to_le_bytes());
    }

    fn int(&self) -> i32 {
        i32::from_le_bytes([self.0[16], self.0[17], self.0[18], self.0[19]])
    }

    fn set_int(&mut self, value: i32) {
        self.0[16..20].copy_from_slice(&value.to_le_bytes());
    }

    fn sockaddr(&self) -> SockaddrIn {
        SockaddrIn::read(&self.0[IFNAMSIZ..])
    }

    /// Family, no port, address; the padding stays as the caller left it.
    fn set_address(&mut self, family: u16, address: InAddr) {
        let sockaddr = SockaddrIn { sin_family: family, sin_port: 0, sin_addr: address };
        self.0[16..24].copy_from_slice(&sockaddr.bytes()[..8]);
    }
}

/// Carries out an ioctl on interfaces: who may do it, and where it goes.
///
/// net/inet/dev.c:dev_ioctl. Reading is free for all; changing is the superuser's.
#[kfn("net/inet/dev.c")]
pub fn dev_ioctl(k: &mut Kernel, cmd: u32, arg: u32) -> KResult<i32> {
    match cmd {
        SIOCGIFCONF => {
            note!(k, "the result of the listing is not looked at: the call always succeeds");
            let _unused = dev_ifconf(k, arg);
            Ok(0)
        }
        SIOCGIFFLAGS | SIOCGIFADDR | SIOCGIFDSTADDR | SIOCGIFBRDADDR | SIOCGIFNETMASK | SIOCGIFMETRIC | SIOCGIFMEM
        | SIOCGIFMTU | SIOCGIFHWADDR | SIOCSIFHWADDR | OLD_SIOCGIFHWADDR | SIOCGIFSLAVE | SIOCGIFMAP => {
            dev_ifsioc(k, arg, cmd)
        }
        SIOCSIFFLAGS | SIOCSIFADDR | SIOCSIFDSTADDR | SIOCSIFBRDADDR | SIOCSIFNETMASK | SIOCSIFMETRIC | SIOCSIFMEM
        | SIOCSIFMTU | SIOCSIFSLAVE | SIOCSIFMAP | SIOCADDMULTI | SIOCDELMULTI => {
            if !k.suser() {
                note!(k, "only the superuser may change an interface: EPERM");
                return fail(Errno::EPERM);
            }
            dev_ifsioc(k, arg, cmd)
        }
        private if (SIOCDEVPRIVATE..SIOCDEVPRIVATE + 16).contains(&private) => dev_ifsioc(k, arg, cmd),
        _ => fail(Errno::EINVAL),
    }
}

/// Lists the interfaces that are up, with their addresses.
///
/// net/inet/dev.c:dev_ifconf. Kept: at least one entry is written before the remaining room is looked
/// at (kept_frames/ifconf_no_room).
#[kfn("net/inet/dev.c")]
pub fn dev_ifconf(k: &mut Kernel, arg: u32) -> KResult<i32> {
    verify_area(k, arg, SIZEOF_IFCONF)?;
    let room = get_fs_long(k, arg);
    let buffer = get_fs_long(k, arg.wrapping_add(4));
    verify_area(k, buffer, room)?;
    let mut left = room as i32;
    let mut position = buffer;
    for index in 0..k.dev.len() {
        let device = k.device(DevId(index as u8));
        if device.flags & IFF_UP == 0 {
            continue;
        }
        let mut request = IfReq([0; SIZEOF_IFREQ]);
        request.set_name(&device.name);
        request.set_address(device.family, device.pa_addr);
        memcpy_tofs(k, position, &request.0, "dev_ifconf");
        position = position.wrapping_add(SIZEOF_IFREQ as u32);
        left = left.wrapping_sub(SIZEOF_IFREQ as i32);
        if left < SIZEOF_IFREQ as i32 {
            break;
        }
    }
    let used = position.wrapping_sub(buffer);
    put_fs_long(k, used, arg);
    Ok(used as i32)
}

/// Reads or changes one property of one interface.
///
/// net/inet/dev.c:dev_ifsioc.
#[kfn("net/inet/dev.c")]
pub fn dev_ifsioc(k: &mut Kernel, arg: u32, getset: u32) -> KResult<i32> {
    let mut request = IfReq::read(k, arg)?;
    let Some(dev) = dev_get(k, &request.name()) else {
        note!(k, "there is no interface of this name: ENODEV");
        return fail(Errno::ENODEV);
    };
    if dev_ifsioc_get(k, dev, &mut request, getset)? {
        memcpy_tofs(k, arg, &request.0, "dev_ifsioc");
        return Ok(0);
    }
    dev_ifsioc_set(k, dev, &request, getset)?;
    Ok(0)
}

/// The commands that fill the request; false if it is none of them.
fn dev_ifsioc_get(k: &Kernel, dev: DevId, request: &mut IfReq, getset: u32) -> KResult<bool> {
    let device = k.device(dev);
    match getset {
        SIOCGIFFLAGS => request.set_word(device.flags),
        SIOCGIFADDR => request.set_address(device.family, device.pa_addr),
        SIOCGIFDSTADDR => request.set_address(device.family, device.pa_dstaddr),
        SIOCGIFBRDADDR => request.set_address(device.family, device.pa_brdaddr),
        SIOCGIFNETMASK => request.set_address(device.family, device.pa_mask),
        SIOCGIFMETRIC => request.set_int(device.metric),
        SIOCGIFMTU => request.set_int(i32::from(device.mtu)),
        SIOCGIFMEM => return fail(Errno::EINVAL),
        OLD_SIOCGIFHWADDR => request.0[..MAX_ADDR_LEN].copy_from_slice(&device.dev_addr),
        SIOCGIFHWADDR => {
            request.set_word(device.type_);
            request.0[18..18 + MAX_ADDR_LEN].copy_from_slice(&device.dev_addr);
        }
        SIOCGIFSLAVE => return fail(Errno::ENOENT),
        SIOCGIFMAP => request.0[IFNAMSIZ..29].fill(0),
        _ => return Ok(false),
    }
    Ok(true)
}

/// The commands that change the interface.
fn dev_ifsioc_set(k: &mut Kernel, dev: DevId, request: &IfReq, getset: u32) -> KResult<()> {
    let address = request.sockaddr();
    match getset {
        SIOCSIFFLAGS => dev_ifsioc_flags(k, dev, request.word() & SETTABLE_FLAGS),
        SIOCSIFADDR => {
            let mask = ip_get_mask(address.sin_addr);
            note!(k, "the mask of the class and the broadcast address are set with it; routes stay as they are");
            let device = k.device_mut(dev);
            device.pa_addr = address.sin_addr;
            device.family = address.sin_family;
            device.pa_mask = mask;
            device.pa_brdaddr = address.sin_addr | !mask;
        }
        SIOCSIFDSTADDR => k.device_mut(dev).pa_dstaddr = address.sin_addr,
        SIOCSIFBRDADDR => k.device_mut(dev).pa_brdaddr = address.sin_addr,
        SIOCSIFNETMASK => {
            let hosts = !address.sin_addr.0;
            if hosts & hosts.wrapping_add(1) != 0 {
                note!(k, "the ones of the mask are not all on the left: EINVAL");
                return fail(Errno::EINVAL);
            }
            k.device_mut(dev).pa_mask = address.sin_addr;
        }
        SIOCSIFMETRIC => k.device_mut(dev).metric = request.int(),
        SIOCSIFMTU => {
            if !(1..=MTU_LIMIT).contains(&request.int()) {
                note!(k, "an MTU must lie between 1 and 3800: EINVAL");
                return fail(Errno::EINVAL);
            }
            k.device_mut(dev).mtu = request.int() as u16;
        }
        SIOCADDMULTI | SIOCDELMULTI => return dev_ifsioc_group(k, dev, request, getset),
        SIOCSIFHWADDR | SIOCSIFMAP => return fail(Errno::EOPNOTSUPP),
        private if private >= SIOCDEVPRIVATE => return fail(Errno::EOPNOTSUPP),
        _ => return fail(Errno::EINVAL),
    }
    Ok(())
}

/// SIOCADDMULTI and SIOCDELMULTI: a hardware address of a group, for a driver that can program its card. Neither counts:
/// what is known is not added again, and what is deleted is gone for everybody.
fn dev_ifsioc_group(k: &mut Kernel, dev: DevId, request: &IfReq, getset: u32) -> KResult<()> {
    if k.device(dev).ops.set_multicast_list.is_none() || request.word() != AF_UNSPEC {
        note!(k, "the driver knows no groups, or the address is not a hardware address: EINVAL");
        return fail(Errno::EINVAL);
    }
    let mut address = [0; MAX_ADDR_LEN];
    address[..ETH_ALEN].copy_from_slice(&request.0[18..18 + ETH_ALEN]);
    if getset == SIOCADDMULTI {
        dev_mc_add(k, dev, address, true);
    } else {
        dev_mc_delete(k, dev, address, true);
    }
    Ok(())
}

/// SIOCSIFFLAGS: takes the flags exactly as given, then opens or closes the device if IFF_UP has changed.
fn dev_ifsioc_flags(k: &mut Kernel, dev: DevId, flags: u16) {
    let device = k.device_mut(dev);
    let was_up = std::mem::replace(&mut device.flags, flags) & IFF_UP != 0;
    let is_up = flags & IFF_UP != 0;
    dev_mc_upload(k, dev);
    if was_up && !is_up {
        note!(k, "the interface goes down");
        dev_close(k, dev);
    } else if !was_up && is_up {
        note!(k, "the interface goes up");
        dev_open(k, dev);
    }
}
