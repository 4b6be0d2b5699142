//! The first line of a journal: how the world begins, with the configuration of every host and the wire between them.

use serde_json::{Value, json};
use stack::include::config::{Config, InterfaceConfig, RouteConfig};
use stack::lab::beginning::Beginning;
use stack::link::wire::WireConfig;

use super::value::{
    LATEST, LATEST_BOOT, MOST_ENTRIES, MOST_HOSTS, address, at_most, hardware, hex, list, name, number, optional, pair,
    ratio,
};

/// The line without its version.
pub(super) fn beginning_value(beginning: &Beginning) -> Value {
    let hosts: Vec<Value> =
        beginning.hosts.iter().map(|(name, config)| json!({ "name": name, "config": config_value(config) })).collect();
    json!({ "hosts": hosts, "wire": beginning.wire.as_ref().map(wire_value) })
}

/// Reads the line back.
pub(super) fn read_beginning(value: &Value) -> Option<Beginning> {
    let host = |value: &Value| Some((name(value.get("name")?)?, read_config(value.get("config")?)?));
    let wire = value.get("wire")?;
    let wire = if wire.is_null() { None } else { Some(read_wire(wire)?) };
    Some(Beginning { hosts: list(value.get("hosts")?, MOST_HOSTS, host)?, wire })
}

fn wire_value(wire: &WireConfig) -> Value {
    json!({
        "delay": wire.delay, "loss": pair(wire.loss), "duplicate": pair(wire.duplicate),
        "reorder": pair(wire.reorder), "corrupt": pair(wire.corrupt), "seed": wire.seed,
    })
}

fn read_wire(value: &Value) -> Option<WireConfig> {
    Some(WireConfig {
        delay: at_most(value.get("delay")?, LATEST)?,
        loss: ratio(value.get("loss")?)?,
        duplicate: ratio(value.get("duplicate")?)?,
        reorder: ratio(value.get("reorder")?)?,
        corrupt: ratio(value.get("corrupt")?)?,
        seed: number(value.get("seed")?)?,
    })
}

fn config_value(config: &Config) -> Value {
    json!({
        "cards_pad": config.cards_pad, "cards_filter": config.cards_filter,
        "ip_forward": config.ip_forward, "inet_snarl": config.inet_snarl, "ip_multicast": config.ip_multicast,
        "ip_firewall": config.ip_firewall, "ip_acct": config.ip_acct, "inet_rarp": config.inet_rarp,
        "tcp_nagle_off": config.tcp_nagle_off,
        "interfaces": config.interfaces.iter().map(interface_value).collect::<Vec<_>>(),
        "routes": config.routes.iter().map(route_value).collect::<Vec<_>>(),
        "arp": config.arp.iter().map(|(address, mac)| json!([address.0, hex(mac)])).collect::<Vec<_>>(),
        "boot_time": config.boot_time, "first_jiffy": config.first_jiffy,
    })
}

fn read_config(value: &Value) -> Option<Config> {
    let flag = |name: &str| value.get(name)?.as_bool();
    let arp = |entry: &Value| Some((address(entry.get(0)?)?, hardware(entry.get(1)?)?));
    Some(Config {
        cards_pad: flag("cards_pad")?,
        cards_filter: flag("cards_filter")?,
        ip_forward: flag("ip_forward")?,
        inet_snarl: flag("inet_snarl")?,
        ip_multicast: flag("ip_multicast")?,
        ip_firewall: flag("ip_firewall")?,
        ip_acct: flag("ip_acct")?,
        // Recordings of earlier versions do not know the option.
        inet_rarp: flag("inet_rarp").unwrap_or(false),
        tcp_nagle_off: flag("tcp_nagle_off")?,
        interfaces: list(value.get("interfaces")?, MOST_HOSTS, read_interface)?,
        routes: list(value.get("routes")?, MOST_ENTRIES, read_route)?,
        arp: list(value.get("arp")?, MOST_ENTRIES, arp)?,
        boot_time: at_most(value.get("boot_time")?, LATEST_BOOT)?,
        first_jiffy: number(value.get("first_jiffy")?)?,
    })
}

fn interface_value(interface: &InterfaceConfig) -> Value {
    json!({
        "mac": hex(&interface.mac), "address": interface.address.0, "mask": interface.mask.0, "mtu": interface.mtu,
    })
}

fn read_interface(value: &Value) -> Option<InterfaceConfig> {
    Some(InterfaceConfig {
        mac: hardware(value.get("mac")?)?,
        address: address(value.get("address")?)?,
        mask: address(value.get("mask")?)?,
        mtu: number(value.get("mtu")?)?,
    })
}

fn route_value(route: &RouteConfig) -> Value {
    json!({
        "destination": route.destination.0, "mask": route.mask.0, "gateway": route.gateway.0,
        "interface": route.interface, "mss": route.mss, "window": route.window,
    })
}

fn read_route(value: &Value) -> Option<RouteConfig> {
    Some(RouteConfig {
        destination: address(value.get("destination")?)?,
        mask: address(value.get("mask")?)?,
        gateway: address(value.get("gateway")?)?,
        interface: at_most(value.get("interface")?, MOST_HOSTS)?,
        mss: optional(value.get("mss")?)?,
        window: optional(value.get("window")?)?,
    })
}
