//! The loopback (drivers/net/loopback.c): a device whose wire is a copy.
//!
//! What is sent on it is queued as received before the sender goes on, and the bottom half that dev_queue_xmit runs
//! then delivers it inside the sender's own system call.
//!
//! Promise: the clock goes on. Code takes no time on a virtual clock, so two ends on one machine could answer each other
//! for ever within a moment: a datagram from the echo port to the echo port, segments of a connection to itself. So lo
//! keeps an account: a burst passes at once ([`BURST`]), and beyond it so many frames a tick ([`FRAMES_A_TICK`]) as the
//! machines of the time managed; then the device is busy, as a card is, and frames wait in its queues until the next tick.

use kfn::kfn;

use crate::include::in_addr::{AF_INET, InAddr};
use crate::include::netdevice::{
    ARPHRD_ETHER, DEV_NUMBUFFS, DevId, Device, DeviceOps, ETH_ALEN, ETH_HLEN, EnetStatistics, IFF_BROADCAST,
    IFF_LOOPBACK, MAX_ADDR_LEN,
};
use crate::include::seq::Jiffies;
use crate::include::skbuff::{FreeMode, SkBuffHead, SkbId};
use crate::include::timer::{TimerFunction, TimerId};
use crate::kernel::Kernel;
use crate::kernel::probe::Event;
use crate::kernel::softirq::{NET_BH, mark_bh};
use crate::kernel::timer::{add_timer, init_timer};
use crate::net::inet::dev::dev_rint;
use crate::net::inet::eth::{eth_header, eth_rebuild_header, eth_type_trans};
use crate::net::inet::skbuff::dev_kfree_skb;
use crate::note;

/// Largest datagram on lo.
const LOOPBACK_MTU: u16 = 2000;

/// Frames that pass lo at once after a rest. No scene of the original comes near it (`tests/time_goes_on.rs`).
pub const BURST: u32 = 512;
/// Frames a tick that pass lo in the long run: 1,600 a second, what a machine of the time did at its best.
pub const FRAMES_A_TICK: u32 = 16;

/// What ends the rest of the device: the nearest thing that it has to a card's interrupt.
const READY: TimerFunction = TimerFunction { name: "loopback_ready", call: loopback_ready };

/// Methods of the loopback.
static LOOPBACK_OPS: DeviceOps = DeviceOps {
    name: "loopback",
    hard_start_xmit: loopback_xmit,
    hard_header: eth_header,
    rebuild_header: eth_rebuild_header,
    type_trans: eth_type_trans,
    open: loopback_open,
    set_multicast_list: None,
};

/// Adds lo to the list of devices, with 127.0.0.1/8 but not up yet.
///
/// drivers/net/loopback.c:loopback_init.
#[kfn("drivers/net/loopback.c")]
pub fn loopback_init(k: &mut Kernel) {
    k.dev.push(Device {
        name: "lo".to_owned(),
        ops: &LOOPBACK_OPS,
        flags: IFF_LOOPBACK | IFF_BROADCAST,
        tbusy: false,
        family: AF_INET,
        metric: 0,
        mtu: LOOPBACK_MTU,
        type_: ARPHRD_ETHER,
        hard_header_len: ETH_HLEN as u16,
        broadcast: [0; MAX_ADDR_LEN],
        dev_addr: [0; MAX_ADDR_LEN],
        addr_len: ETH_ALEN as u8,
        pa_addr: InAddr::LOOPBACK,
        pa_brdaddr: InAddr(0x7fff_ffff),
        pa_dstaddr: InAddr::ANY,
        pa_mask: InAddr::mask(8),
        trans_start: Jiffies(0),
        buffs: std::array::from_fn::<_, DEV_NUMBUFFS, _>(|_| SkBuffHead::new()),
        stats: EnetStatistics::default(),
        mc_list: Vec::new(),
        ip_mc_list: Vec::new(),
        pads: false,
        filters: false,
        card_groups: Vec::new(),
        outbox: Vec::new(),
    });
}

/// Called when lo goes up: marks it as the loopback again.
///
/// drivers/net/loopback.c:loopback_open.
#[kfn("drivers/net/loopback.c")]
pub fn loopback_open(k: &mut Kernel, dev: DevId) {
    k.device_mut(dev).flags |= IFF_LOOPBACK;
}

/// Sends a frame to ourselves: copies it into a new buffer and hands that up as received.
///
/// drivers/net/loopback.c:loopback_xmit.
#[kfn("drivers/net/loopback.c")]
pub fn loopback_xmit(k: &mut Kernel, skb: Option<SkbId>, dev: DevId) -> i32 {
    let Some(skb) = skb else { return 0 };
    let device = k.device_mut(dev);
    if device.tbusy {
        device.stats.tx_errors += 1;
        return 1;
    }
    device.tbusy = true;
    let buffer = &k.skb[skb];
    let frame = buffer.bytes_at(0, buffer.len as usize).to_vec();
    k.emit(|_| Event::LoFrame { bytes: frame.clone() });
    note!(k, "the frame is copied: it comes back as if it had been received");
    dev_rint(k, &frame, dev);
    dev_kfree_skb(k, skb, FreeMode::Write);
    let rests = tick_is_full(k);
    let device = k.device_mut(dev);
    device.stats.tx_packets += 1;
    device.tbusy = rests;
    if rests {
        note!(k, "this tick has no time left for lo: the device is busy until the next one");
        init_timer(k, TimerId::Loopback(dev), READY);
        k.loopback.timer.expires = 0;
        add_timer(k, TimerId::Loopback(dev));
    }
    0
}

/// Counts a frame. True: it was the last one for which the tick has time.
fn tick_is_full(k: &mut Kernel) -> bool {
    let now = k.jiffies;
    let pace = &mut k.loopback;
    let passed = now.0.saturating_sub(pace.tick.0);
    pace.tick = now;
    pace.frames = pace.frames.saturating_sub(passed.saturating_mul(FRAMES_A_TICK)) + 1;
    pace.frames >= BURST
}

/// A new tick: the device takes frames again, and the bottom half of the network gives it those that wait.
fn loopback_ready(k: &mut Kernel, timer: TimerId) {
    if let TimerId::Loopback(dev) = timer {
        note!(k, "a new tick has time for lo again: what waits in its queues is sent");
        k.device_mut(dev).tbusy = false;
        mark_bh(k, NET_BH);
    }
}
