//! The routing table.

use crate::include::in_addr::InAddr;
use crate::kernel::Kernel;
use crate::view;

view! {
    /// One route.
    RouteView {
        rt_dst: InAddr, "Destination", "目的地址";
        rt_mask: InAddr, "Mask", "掩码";
        rt_gateway: InAddr, "Gateway, 0.0.0.0 = direct", "网关，0.0.0.0 表示直连";
        rt_flags: u8, "RTF flags", "RTF 标志";
        rt_use: u32, "Lookups that ended here", "命中次数";
        rt_mss: u16, "Segment size hint", "报文段大小提示";
        rt_window: u32, "Window limit", "窗口上限";
        rt_dev: String, "Outgoing device", "出口设备";
    }
}

impl RouteView {
    /// All routes in the order in which they are tried.
    #[must_use]
    pub fn all(k: &Kernel) -> Vec<Self> {
        k.rt_base
            .iter()
            .map(|route| Self {
                rt_dst: route.rt_dst,
                rt_mask: route.rt_mask,
                rt_gateway: route.rt_gateway,
                rt_flags: route.rt_flags,
                rt_use: route.rt_use,
                rt_mss: route.rt_mss,
                rt_window: route.rt_window,
                rt_dev: k.device(route.rt_dev).name.clone(),
            })
            .collect()
    }
}
