//! The group addresses that a device wants to hear (net/inet/dev_mcast.c): the list, and the driver that is told of it.
//!
//! IP joins groups by address of its own; this list below it holds *hardware* addresses, each with the number of those who
//! want it. Where the driver can program its card's filter (`set_multicast_list`), every change goes down to the card.

use kfn::kfn;

use crate::include::netdevice::{DevId, DevMcList, ETH_ALEN, IFF_PROMISC, IFF_UP, MAX_ADDR_LEN};
use crate::include::skbuff::Gfp;
use crate::kernel::Kernel;
use crate::kernel::kmalloc::kmalloc;
use crate::note;

/// sizeof(struct dev_mc_list) on i386: the link, an address of 7 octets, its length, its users.
const SIZEOF_DEV_MC_LIST: u32 = 16;

/// Hands the list of group addresses down to the driver, which programs the card's filter.
///
/// net/inet/dev_mcast.c:dev_mc_upload. The driver is told how many there are, and which. A device that is down is not told; it will be when it comes up. For one that hears
/// everything anyway (IFF_PROMISC) the number is -1, and there is no list.
#[kfn("net/inet/dev_mcast.c")]
pub fn dev_mc_upload(k: &mut Kernel, dev: DevId) {
    let device = k.device(dev);
    if device.flags & IFF_UP == 0 {
        return;
    }
    let Some(set_multicast_list) = device.ops.set_multicast_list else { return };
    if device.flags & IFF_PROMISC != 0 {
        note!(k, "a promiscuous device needs no list of groups");
        set_multicast_list(k, dev, -1, &[]);
        return;
    }
    let count = device.mc_list.len();
    if count != 0 {
        kmalloc(k, (count * ETH_ALEN) as u32, Gfp::Kernel);
    }
    let first = |entry: &DevMcList| entry.dmi_addr.first_chunk().copied();
    let addrs: Vec<[u8; ETH_ALEN]> = k.device(dev).mc_list.iter().filter_map(first).collect();
    set_multicast_list(k, dev, addrs.len() as i32, &addrs);
}

/// Forgets all group addresses of a device that goes down.
///
/// net/inet/dev_mcast.c:dev_mc_discard. The card is not told.
#[kfn("net/inet/dev_mcast.c")]
pub fn dev_mc_discard(k: &mut Kernel, dev: DevId) {
    k.device_mut(dev).mc_list.clear();
}

/// Adds a group address to those that a device wants to hear.
///
/// net/inet/dev_mcast.c:dev_mc_add. One that is known gains a user, unless `newonly`.
///
/// Kept: SIOCADDMULTI does not count its users, so what it adds a second time goes with the first deletion
/// (multicast/addmulti_does_not_count).
#[kfn("net/inet/dev_mcast.c", skip(addr))]
pub fn dev_mc_add(k: &mut Kernel, dev: DevId, addr: [u8; MAX_ADDR_LEN], newonly: bool) {
    let list = &mut k.device_mut(dev).mc_list;
    if let Some(known) = list.iter_mut().find(|known| known.dmi_addr == addr) {
        if newonly {
            note!(k, "the address is on the list already: it is not counted again");
        } else {
            known.dmi_users = known.dmi_users.wrapping_add(1);
        }
        return;
    }
    kmalloc(k, SIZEOF_DEV_MC_LIST, Gfp::Kernel);
    k.device_mut(dev).mc_list.insert(0, DevMcList { dmi_addr: addr, dmi_users: 1 });
    dev_mc_upload(k, dev);
}

/// Takes one user off a group address; with the last the device no longer wants to hear it.
///
/// net/inet/dev_mcast.c:dev_mc_delete. With `all` every user goes at once.
///
/// Kept: SIOCDELMULTI takes an address away whoever else wants it, IP included: its groups are joined still, and no frame
/// of theirs comes in (multicast/addmulti_does_not_count).
#[kfn("net/inet/dev_mcast.c", skip(addr))]
pub fn dev_mc_delete(k: &mut Kernel, dev: DevId, addr: [u8; MAX_ADDR_LEN], all: bool) {
    let list = &mut k.device_mut(dev).mc_list;
    let Some(place) = list.iter().position(|known| known.dmi_addr == addr) else { return };
    let Some(known) = list.get_mut(place) else { return };
    known.dmi_users = known.dmi_users.wrapping_sub(1);
    if known.dmi_users != 0 && !all {
        note!(k, "another group shares the hardware address: the card still lets it through");
        return;
    }
    list.remove(place);
    dev_mc_upload(k, dev);
}
