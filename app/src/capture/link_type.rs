//! What lies below IP in a capture. Promise: every link type has a name in messages; the one that the stack can be
//! fed with is Ethernet.

/// LINKTYPE_ETHERNET.
pub const ETHERNET: u32 = 1;

/// The name of a link type as libpcap writes it, for the ones that occur.
#[must_use]
pub fn name(link_type: u32) -> String {
    let known = match link_type {
        0 => "BSD loopback (NULL)",
        1 => "Ethernet",
        9 => "PPP",
        12 | 14 | 101 => "raw IP (RAW)",
        50 => "PPP over serial",
        51 => "PPPoE",
        105 => "802.11",
        108 => "OpenBSD loopback (LOOP)",
        113 => "Linux cooked v1 (SLL)",
        127 => "802.11 with radiotap",
        228 => "raw IPv4",
        229 => "raw IPv6",
        239 => "NFLOG",
        276 => "Linux cooked v2 (SLL2)",
        _ => return format!("link type {link_type}"),
    };
    known.to_owned()
}
