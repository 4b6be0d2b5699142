//! Network devices.

use crate::include::in_addr::InAddr;
use crate::include::netdevice::{Device, IFF_BROADCAST, IFF_LOOPBACK, IFF_MULTICAST, IFF_PROMISC, IFF_RUNNING, IFF_UP};
use crate::kernel::Kernel;
use crate::view;
use crate::view::Value;
use crate::wire::names::hardware_address;

view! {
    /// One device.
    DeviceView {
        name: String, "Name", "名称";
        flags: String, "Flags", "标志";
        pa_addr: InAddr, "Own address", "本机地址";
        pa_mask: InAddr, "Netmask", "子网掩码";
        pa_brdaddr: InAddr, "Broadcast address", "广播地址";
        dev_addr: String, "Hardware address", "硬件地址";
        mtu: u16, "Largest datagram", "最大数据报";
        tbusy: bool, "The driver is sending", "驱动正在发送";
        queued: usize, "Frames on its output queues", "发送队列中的帧数";
        rx_packets: u32, "Frames received", "收到的帧数";
        tx_packets: u32, "Frames sent", "发出的帧数";
    }
}

impl DeviceView {
    /// All devices in the order of dev_base.
    #[must_use]
    pub fn all(k: &Kernel) -> Vec<Self> {
        k.dev.iter().map(Self::of).collect()
    }
}

/// Where every field comes from, said once: the view reads them all, a condition that is asked at every step reads one.
macro_rules! sources {
    (|$device:ident| $($field:ident: $source:expr,)*) => {
        impl DeviceView {
            fn of($device: &Device) -> Self {
                Self { $($field: $source,)* }
            }

            /// One field of the device with a name; None if there is no such device or field.
            #[must_use]
            pub fn read(k: &Kernel, name: &str, field: &str) -> Option<Value> {
                let $device = k.dev.iter().find(|device| device.name == name)?;
                match field {
                    $(stringify!($field) => Some(Value::from($source)),)*
                    _ => None,
                }
            }
        }
    };
}

sources! { |device|
    name: device.name.clone(),
    flags: flags(device),
    pa_addr: device.pa_addr,
    pa_mask: device.pa_mask,
    pa_brdaddr: device.pa_brdaddr,
    dev_addr: hardware_address(device.dev_addr.get(..usize::from(device.addr_len)).unwrap_or(&device.dev_addr)),
    mtu: device.mtu,
    tbusy: device.tbusy,
    queued: device.buffs.iter().map(std::collections::VecDeque::len).sum::<usize>(),
    rx_packets: device.stats.rx_packets,
    tx_packets: device.stats.tx_packets,
}

fn flags(device: &Device) -> String {
    let names = [
        (IFF_UP, "UP"),
        (IFF_BROADCAST, "BROADCAST"),
        (IFF_LOOPBACK, "LOOPBACK"),
        (IFF_RUNNING, "RUNNING"),
        (IFF_PROMISC, "PROMISC"),
        (IFF_MULTICAST, "MULTICAST"),
    ];
    let set = names.iter().filter(|(bit, _)| device.flags & bit != 0).map(|(_, name)| *name);
    set.collect::<Vec<&str>>().join("|")
}
