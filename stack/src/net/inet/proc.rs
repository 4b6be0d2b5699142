//! The texts of /proc/net (net/inet/proc.c and the get_info functions of its neighbours): pure functions of the kernel.
//!
//! Addresses are printed as the word of memory that holds them, so on this little-endian machine 127.0.0.1 reads
//! 0100007F. Nothing here changes the kernel; 1.2.13 takes every timer it prints off the list and puts it back.

use std::fmt::Write;

use crate::include::arena::Id;
use crate::include::arp::PROXY_HASH;
use crate::include::firewall::IpFw;
use crate::include::in_addr::InAddr;
use crate::include::netdevice::{IFF_MULTICAST, IFF_UP};
use crate::include::snmp::Mib;
use crate::include::sock::{ProtoId, SOCK_ARRAY_SIZE, Sock};
use crate::kernel::Kernel;

/// Default TTL that the MIB shows.
const DEFAULT_TTL: u32 = 64;
/// Longest hardware address that /proc/net/arp prints.
const HARDWARE_SHOWN: usize = 9;

/// The word of memory that holds an address, as a number of a little-endian processor.
fn word(address: InAddr) -> u32 {
    address.0.swap_bytes()
}

/// One line of text; writing to a string cannot fail.
macro_rules! line {
    ($text:expr, $($format:tt)*) => {{
        let _ = writeln!($text, $($format)*);
    }};
}

/// /proc/net/tcp (net/inet/proc.c:tcp_get_info).
#[must_use]
pub fn tcp_get_info(k: &Kernel) -> String {
    get_netinfo(k, ProtoId::Tcp)
}

/// /proc/net/udp (net/inet/proc.c:udp_get_info).
#[must_use]
pub fn udp_get_info(k: &Kernel) -> String {
    get_netinfo(k, ProtoId::Udp)
}

/// /proc/net/raw (net/inet/proc.c:raw_get_info).
#[must_use]
pub fn raw_get_info(k: &Kernel) -> String {
    get_netinfo(k, ProtoId::Raw)
}

/// The socks of a transport by slot of its port table (net/inet/proc.c:get__netinfo).
///
/// Kept: the first column is the slot, not a running number; for UDP and raw sockets the two queue columns are exchanged
/// (udp/truncate_peek).
fn get_netinfo(k: &Kernel, prot: ProtoId) -> String {
    let mut text = String::from("sl  local_address rem_address   st tx_queue rx_queue tr tm->when uid\n");
    let Some(table) = k.protos.get(prot as usize) else { return text };
    for (slot, head) in table.sock_array.iter().enumerate().take(SOCK_ARRAY_SIZE) {
        let mut next = *head;
        // A chain cannot be longer than there are socks, whatever its links say.
        for _ in 0..k.sock.len() {
            let Some(sock) = next.and_then(|sk: Id<Sock>| k.sock.get(sk)) else { break };
            socket_row(k, &mut text, slot, prot, sock);
            next = sock.next;
        }
    }
    text
}

/// One sock of /proc/net/tcp, udp or raw.
fn socket_row(k: &Kernel, text: &mut String, slot: usize, prot: ProtoId, sock: &Sock) {
    let (tx, rx) = match prot {
        ProtoId::Tcp => (sock.write_seq.since(sock.rcv_ack_seq), sock.acked_seq.since(sock.copied_seq)),
        ProtoId::Udp | ProtoId::Raw | ProtoId::Packet => (sock.rmem_alloc, sock.wmem_alloc),
    };
    let active = sock.timer.queued.is_some();
    let (when, why) = if active { (sock.timer.expires.wrapping_sub(k.jiffies.0), sock.timeout as u8) } else { (0, 0) };
    let uid = sock.socket.and_then(|socket| k.sockets.get(socket)).map_or(0, |socket| socket.i_uid);
    line!(
        text,
        "{slot:2}: {:08X}:{:04X} {:08X}:{:04X} {:02X} {tx:08X}:{rx:08X} {:02X}:{when:08X} {:08X} {uid} {why}",
        word(sock.saddr),
        sock.dummy_th.source,
        word(sock.daddr),
        sock.dummy_th.dest,
        sock.state as u8,
        u8::from(active),
        sock.retransmits,
    );
}

/// /proc/net/snmp: two lines per group, names and values (net/inet/proc.c:snmp_get_info).
#[must_use]
pub fn snmp_get_info(k: &Kernel) -> String {
    let mut text = String::new();
    for group in ["Ip", "Icmp", "Tcp", "Udp"] {
        let of_group = || Mib::ALL.iter().copied().filter(move |counter| group_of(*counter) == group);
        let names: Vec<&str> = of_group().map(|counter| counter.name().get(group.len()..).unwrap_or("")).collect();
        let values: Vec<String> = of_group().map(|counter| value_of(k, counter).to_string()).collect();
        line!(text, "{group}: {}", names.join(" "));
        line!(text, "{group}: {}", values.join(" "));
    }
    text
}

/// The group in front of a counter's name.
fn group_of(counter: Mib) -> &'static str {
    match counter.name() {
        name if name.starts_with("Icmp") => "Icmp",
        name if name.starts_with("Tcp") => "Tcp",
        name if name.starts_with("Udp") => "Udp",
        _ => "Ip",
    }
}

/// The value shown for a counter; the first two are constants of the build.
fn value_of(k: &Kernel, counter: Mib) -> u32 {
    match counter {
        Mib::IpForwarding => u32::from(k.config.ip_forward),
        Mib::IpDefaultTTL => DEFAULT_TTL,
        _ => k.stats.get(counter),
    }
}

/// /proc/net/sockstat (net/inet/proc.c:afinet_get_info). Only socks that own a number are counted.
#[must_use]
pub fn afinet_get_info(k: &Kernel) -> String {
    let mut text = String::new();
    line!(text, "sockets: used {}", k.sockets_in_use);
    line!(text, "SOCK_ARRAY_SIZE={SOCK_ARRAY_SIZE}");
    for (name, prot) in ["TCP", "UDP", "RAW", "PAC"].iter().zip(&k.protos) {
        line!(text, "{name}: inuse {} highest {}", prot.inuse, prot.highestinuse);
    }
    text
}

/// /proc/net/arp (net/inet/arp.c:arp_get_info).
#[must_use]
pub fn arp_get_info(k: &Kernel) -> String {
    let mut text = String::from("IP address       HW type     Flags       HW address            Mask\n");
    let entries = k.arp_tables.iter().take(PROXY_HASH + 1).flatten().filter_map(|entry| k.arp.get(*entry));
    for entry in entries {
        let octets = entry.ha.iter().take(usize::from(entry.hlen).min(HARDWARE_SHOWN));
        let hardware: Vec<String> = octets.map(|octet| format!("{octet:02X}")).collect();
        let mask = if entry.mask == InAddr::BROADCAST { "*".to_owned() } else { entry.mask.to_string() };
        line!(
            text,
            "{:<17}0x{:<10x}0x{:<10x}{}     {mask:<17}",
            entry.ip.to_string(),
            entry.htype,
            entry.flags,
            hardware.join(":"),
        );
    }
    text
}

/// /proc/net/rarp, with CONFIG_INET_RARP (net/inet/rarp.c:rarp_get_info).
#[must_use]
pub fn rarp_get_info(k: &Kernel) -> String {
    if !k.rarp_initialized {
        return String::from("RARP disabled until entries added to cache.\n");
    }
    let mut text = String::from("IP address       HW type             HW address\n");
    for entry in &k.rarp_tables {
        let octets = entry.ha.iter().take(usize::from(entry.hlen));
        let hardware: Vec<String> = octets.map(|octet| format!("{octet:02x}")).collect();
        line!(text, "{:<17}{:<20}{}", entry.ip.to_string(), "10Mbps Ethernet", hardware.join(":"));
    }
    text
}

/// /proc/net/route (net/inet/route.c:rt_get_info).
///
/// Kept: the column MTU shows `rt_mss`, 64 less than the device's MTU (passive_open/plain).
#[must_use]
pub fn rt_get_info(k: &Kernel) -> String {
    let mut text = String::from("Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\n");
    for rt in &k.rt_base {
        let name = k.dev.get(usize::from(rt.rt_dev.0)).map_or("", |dev| dev.name.as_str());
        line!(
            text,
            "{name}\t{:08X}\t{:08X}\t{:02X}\t{}\t{}\t{}\t{:08X}\t{}\t{}",
            word(rt.rt_dst),
            word(rt.rt_gateway),
            rt.rt_flags,
            rt.rt_refcnt,
            rt.rt_use,
            rt.rt_metric,
            word(rt.rt_mask),
            rt.rt_mss,
            rt.rt_window,
        );
    }
    text
}

/// /proc/net/dev (net/inet/dev.c:dev_get_info). What the drivers here do not count is 0.
#[must_use]
pub fn dev_get_info(k: &Kernel) -> String {
    let mut text = String::from("Inter-|   Receive                  |  Transmit\n");
    text.push_str(" face |packets errs drop fifo frame|packets errs drop fifo colls carrier\n");
    for dev in &k.dev {
        let stats = dev.stats;
        line!(
            text,
            "{:>6}:{:7} {:4} {:4} {:4} {:4} {:8} {:4} {:4} {:4} {:5} {:4}",
            dev.name,
            stats.rx_packets,
            0,
            stats.rx_dropped,
            0,
            0,
            stats.tx_packets,
            stats.tx_errors,
            0,
            0,
            0,
            0,
        );
    }
    text
}

/// /proc/net/igmp, with CONFIG_IP_MULTICAST (net/inet/ip.c:ip_mc_procinfo).
#[must_use]
pub fn ip_mc_procinfo(k: &Kernel) -> String {
    let mut text = String::from("Device    : Count\tGroup    Users Timer\n");
    let able = IFF_UP | IFF_MULTICAST;
    for dev in k.dev.iter().filter(|dev| dev.flags & able == able) {
        line!(text, "{:<10}: {:5}", dev.name, dev.mc_list.len());
        for group in dev.ip_mc_list.iter().filter_map(|index| k.multicast.get(*index as usize)) {
            let running = u8::from(group.tm_running);
            line!(text, "\t\t\t{:08X} {:5} {running}:{:08X}", word(group.multiaddr), group.users, group.timer.expires);
        }
    }
    text
}

/// /proc/net/ip_block, with CONFIG_IP_FIREWALL (net/inet/ip_fw.c:ip_fw_blk_procinfo).
#[must_use]
pub fn ip_fw_blk_procinfo(k: &Kernel) -> String {
    let title = format!("IP firewall block rules, default {}\n", k.firewall.block_policy);
    ip_chain_procinfo(title, &k.firewall.block)
}

/// /proc/net/ip_forward, with CONFIG_IP_FIREWALL (net/inet/ip_fw.c:ip_fw_fwd_procinfo).
#[must_use]
pub fn ip_fw_fwd_procinfo(k: &Kernel) -> String {
    let title = format!("IP firewall forward rules, default {}\n", k.firewall.forward_policy);
    ip_chain_procinfo(title, &k.firewall.forward)
}

/// /proc/net/ip_acct, with CONFIG_IP_ACCT (net/inet/ip_fw.c:ip_acct_procinfo).
#[must_use]
pub fn ip_acct_procinfo(k: &Kernel) -> String {
    ip_chain_procinfo(String::from("IP accounting rules\n"), &k.firewall.acct)
}

/// The rules of a chain; here addresses are printed as a person reads them, first octet first
/// (net/inet/ip_fw.c:ip_chain_procinfo). Reading through a descriptor for reading and writing would set the counters to
/// nought; no process can open the file here.
fn ip_chain_procinfo(title: String, rules: &[IpFw]) -> String {
    let mut text = title;
    for rule in rules {
        let ports: Vec<String> = rule.fw_pts.iter().map(u16::to_string).collect();
        line!(
            text,
            "{:08X}/{:08X}->{:08X}/{:08X} {:08X} {:X} {} {} {:>10} {:>10} {}",
            rule.fw_src.0,
            rule.fw_smsk.0,
            rule.fw_dst.0,
            rule.fw_dmsk.0,
            rule.fw_via.0,
            rule.fw_flg,
            rule.fw_nsp,
            rule.fw_ndp,
            rule.fw_pcnt,
            rule.fw_bcnt,
            ports.join(" "),
        );
    }
    text
}
