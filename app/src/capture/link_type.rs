//! The link types of captures, as libpcap numbers them. Promise: every link type has a name in messages; which of them are read is
//! said in one place, `encapsulation/link.rs`.

/// LINKTYPE_NULL: BSD loopback, the address family in the order of the capturing machine.
pub const BSD_NULL: u32 = 0;
/// LINKTYPE_ETHERNET.
pub const ETHERNET: u32 = 1;
/// LINKTYPE_RAW, under its number and those that DLT_RAW has in some systems.
pub const RAW_IP: [u32; 3] = [101, 12, 14];
/// LINKTYPE_IEEE802_11.
pub const IEEE802_11: u32 = 105;
/// LINKTYPE_LOOP: OpenBSD loopback, the address family in network order.
pub const OPENBSD_LOOP: u32 = 108;
/// LINKTYPE_LINUX_SLL.
pub const LINUX_SLL: u32 = 113;
/// LINKTYPE_IEEE802_11_RADIOTAP.
pub const IEEE802_11_RADIOTAP: u32 = 127;
/// LINKTYPE_IPV4.
pub const RAW_IPV4: u32 = 228;
/// LINKTYPE_IPV6.
pub const RAW_IPV6: u32 = 229;
/// LINKTYPE_LINUX_SLL2.
pub const LINUX_SLL2: u32 = 276;

/// The name of a link type as libpcap writes it, for the ones that occur.
#[must_use]
pub fn name(link_type: u32) -> String {
    let known = match link_type {
        BSD_NULL => "BSD loopback (NULL)",
        ETHERNET => "Ethernet",
        9 => "PPP",
        12 | 14 | 101 => "raw IP (RAW)",
        50 => "PPP over serial",
        51 => "PPPoE",
        IEEE802_11 => "802.11",
        OPENBSD_LOOP => "OpenBSD loopback (LOOP)",
        LINUX_SLL => "Linux cooked v1 (SLL)",
        IEEE802_11_RADIOTAP => "802.11 with radiotap",
        RAW_IPV4 => "raw IPv4",
        RAW_IPV6 => "raw IPv6",
        239 => "NFLOG",
        LINUX_SLL2 => "Linux cooked v2 (SLL2)",
        _ => return format!("link type {link_type}"),
    };
    known.to_owned()
}
