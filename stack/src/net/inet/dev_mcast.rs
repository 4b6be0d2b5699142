//! The group addresses that a device wants to hear (net/inet/dev_mcast.c): the list, and the driver that is told of it.
//!
//! IP joins groups by address of its own; this list below it holds *hardware* addresses, each with the number of those who
//! want it. Where the driver can program its card's filter (`set_multicast_list`), every change goes down to the card. On
//! record are the names of these functions and when they are called; that an address is counted and goes with its last
//! user is a choice.

use kfn::kfn;

use crate::include::netdevice::{DevId, DevMcList, IFF_UP, MAX_ADDR_LEN};
use crate::kernel::Kernel;
use crate::note;

/// Hands the list of group addresses down to the driver, which programs the card's filter.
///
/// net/inet/dev_mcast.c:dev_mc_upload. A device that is down is not told; it will be when it comes up.
#[kfn("net/inet/dev_mcast.c")]
pub fn dev_mc_upload(k: &mut Kernel, dev: DevId) {
    let device = k.device(dev);
    if device.flags & IFF_UP == 0 {
        return;
    }
    if let Some(set_multicast_list) = device.ops.set_multicast_list {
        set_multicast_list(k, dev);
    }
}

/// Forgets all group addresses of a device that goes down.
///
/// net/inet/dev_mcast.c:dev_mc_discard.
#[kfn("net/inet/dev_mcast.c")]
pub fn dev_mc_discard(k: &mut Kernel, dev: DevId) {
    k.device_mut(dev).mc_list.clear();
}

/// Adds a group address to those that a device wants to hear.
///
/// net/inet/dev_mcast.c:dev_mc_add.
#[kfn("net/inet/dev_mcast.c", skip(addr))]
pub fn dev_mc_add(k: &mut Kernel, dev: DevId, addr: [u8; MAX_ADDR_LEN]) {
    let list = &mut k.device_mut(dev).mc_list;
    if let Some(known) = list.iter_mut().find(|known| known.dmi_addr == addr) {
        known.dmi_users = known.dmi_users.wrapping_add(1);
        return;
    }
    list.insert(0, DevMcList { dmi_addr: addr, dmi_users: 1 });
    dev_mc_upload(k, dev);
}

/// Takes one user off a group address; with the last the device no longer wants to hear it.
///
/// net/inet/dev_mcast.c:dev_mc_delete.
#[kfn("net/inet/dev_mcast.c", skip(addr))]
pub fn dev_mc_delete(k: &mut Kernel, dev: DevId, addr: [u8; MAX_ADDR_LEN]) {
    let list = &mut k.device_mut(dev).mc_list;
    let Some(place) = list.iter().position(|known| known.dmi_addr == addr) else { return };
    let Some(known) = list.get_mut(place) else { return };
    known.dmi_users = known.dmi_users.saturating_sub(1);
    if known.dmi_users > 0 {
        note!(k, "another group shares the hardware address: the card still lets it through");
        return;
    }
    list.remove(place);
    dev_mc_upload(k, dev);
}
