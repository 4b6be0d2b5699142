//! `struct rtable` (net/inet/route.h, include/linux/route.h).

use super::in_addr::InAddr;
use super::netdevice::DevId;

/// Usable.
pub const RTF_UP: u8 = 0x01;
/// Through a gateway.
pub const RTF_GATEWAY: u8 = 0x02;
/// To a single host.
pub const RTF_HOST: u8 = 0x04;
/// Made by a redirect.
pub const RTF_DYNAMIC: u8 = 0x10;
/// Changed by a redirect.
pub const RTF_MODIFIED: u8 = 0x20;
/// `rt_mss` was given.
pub const RTF_MSS: u8 = 0x40;
/// `rt_window` was given.
pub const RTF_WINDOW: u8 = 0x80;

/// A route.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Rtable {
    /// Destination.
    pub rt_dst: InAddr,
    /// Mask.
    pub rt_mask: InAddr,
    /// Gateway; 0 = direct.
    pub rt_gateway: InAddr,
    /// RTF_*.
    pub rt_flags: u8,
    /// Never set by 1.2.13.
    pub rt_metric: i16,
    /// Never set by 1.2.13.
    pub rt_refcnt: i16,
    /// Lookups that ended here.
    pub rt_use: u32,
    /// Segment size hint: dev->mtu - 64 unless RTF_MSS.
    pub rt_mss: u16,
    /// Window limit with RTF_WINDOW.
    pub rt_window: u32,
    /// Outgoing device.
    pub rt_dev: DevId,
}
