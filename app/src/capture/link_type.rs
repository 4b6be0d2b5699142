//! The link types of captures, as libpcap numbers them. Promise: every link type has a name in messages; which of them are read is
//! said in one place, `encapsulation/link.rs`.

/// LINKTYPE_NULL: BSD loopback, the address family in the order of the capturing machine.
pub const BSD_NULL: u32 = 0;
/// LINKTYPE_ETHERNET.
pub const ETHERNET: u32 = 1;
/// LINKTYPE_PPP: with or without the address and control octets of HDLC.
pub const PPP: u32 = 9;
/// LINKTYPE_PPP_HDLC: PPP framed as in HDLC, or as Cisco does.
pub const PPP_HDLC: u32 = 50;
/// LINKTYPE_PPP_ETHER: from the header of PPPoE on.
pub const PPP_ETHERNET: u32 = 51;
/// LINKTYPE_RAW, under its number and those that DLT_RAW has in some systems.
pub const RAW_IP: [u32; 3] = [101, 12, 14];
/// LINKTYPE_C_HDLC: HDLC as Cisco frames it.
pub const CISCO_HDLC: u32 = 104;
/// LINKTYPE_IEEE802_11.
pub const IEEE802_11: u32 = 105;
/// LINKTYPE_LOOP: OpenBSD loopback, the address family in network order.
pub const OPENBSD_LOOP: u32 = 108;
/// LINKTYPE_LINUX_SLL.
pub const LINUX_SLL: u32 = 113;
/// LINKTYPE_IEEE802_11_RADIOTAP.
pub const IEEE802_11_RADIOTAP: u32 = 127;
/// LINKTYPE_PPP_PPPD: PPP framed as in HDLC, the address octet replaced by which way the frame went.
pub const PPP_PPPD: u32 = 166;
/// LINKTYPE_PPP_WITH_DIR: PPP with an octet before it that says which way the frame went.
pub const PPP_DIRECTION: u32 = 204;
/// LINKTYPE_IPV4.
pub const RAW_IPV4: u32 = 228;
/// LINKTYPE_IPV6.
pub const RAW_IPV6: u32 = 229;
/// LINKTYPE_NFLOG: attributes of the Linux packet filter, the packet among them.
pub const NFLOG: u32 = 239;
/// LINKTYPE_LINUX_SLL2.
pub const LINUX_SLL2: u32 = 276;

/// The name of a link type as libpcap writes it, for the ones that occur.
#[must_use]
pub fn name(link_type: u32) -> String {
    let known = match link_type {
        BSD_NULL => "BSD loopback (NULL)",
        ETHERNET => "Ethernet",
        PPP => "PPP",
        12 | 14 | 101 => "raw IP (RAW)",
        PPP_HDLC => "PPP over serial",
        PPP_ETHERNET => "PPPoE",
        CISCO_HDLC => "Cisco HDLC",
        IEEE802_11 => "802.11",
        OPENBSD_LOOP => "OpenBSD loopback (LOOP)",
        LINUX_SLL => "Linux cooked v1 (SLL)",
        IEEE802_11_RADIOTAP => "802.11 with radiotap",
        PPP_PPPD => "PPP of pppd",
        PPP_DIRECTION => "PPP with direction",
        RAW_IPV4 => "raw IPv4",
        RAW_IPV6 => "raw IPv6",
        NFLOG => "NFLOG",
        LINUX_SLL2 => "Linux cooked v2 (SLL2)",
        _ => return format!("link type {link_type}"),
    };
    known.to_owned()
}
