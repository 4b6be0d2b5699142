//! Address classes, routes, the ARP table and the texts of /proc/net: the worked examples of the original.

use stack::Kernel;
use stack::include::arp::ArpTable;
use stack::include::config::Config;
use stack::include::in_addr::InAddr;
use stack::include::netdevice::{
    ARPHRD_ETHER, AddressKind, DevId, Device, DeviceOps, ETH_ALEN, EnetStatistics, IFF_BROADCAST, IFF_LOOPBACK, IFF_UP,
    MAX_ADDR_LEN,
};
use stack::include::route::{RTF_GATEWAY, RTF_HOST};
use stack::include::skbuff::SkBuffHead;
use stack::include::sock::{ProtoId, Sock};
use stack::include::tcp::TcpState;
use stack::net::inet::devinet::{ip_chk_addr, ip_dev_check, ip_get_mask, ip_my_addr};
use stack::net::inet::proc::{
    afinet_get_info, arp_get_info, dev_get_info, rt_get_info, snmp_get_info, tcp_get_info, udp_get_info,
};
use stack::net::inet::route::{ip_rt_add, ip_rt_flush, ip_rt_local, ip_rt_route, rt_del};
use stack::net::inet::udp::UDP_PROT;

static NO_DRIVER: DeviceOps = DeviceOps {
    name: "none",
    hard_start_xmit: |_, _, _| 0,
    hard_header: |_, _, _, _, _, _, _| 0,
    rebuild_header: |_, _, _, _| false,
    type_trans: |_, _, _| 0,
    open: |_, _| {},
    set_multicast_list: None,
};

fn address(text: &str) -> InAddr {
    InAddr::parse(text).unwrap()
}

fn device(name: &str, flags: u16, own: &str, mask: u32, mtu: u16) -> Device {
    let (pa_addr, pa_mask) = (address(own), InAddr::mask(mask));
    Device {
        name: name.to_owned(),
        ops: &NO_DRIVER,
        flags: flags | IFF_UP,
        tbusy: false,
        family: 2,
        metric: 0,
        mtu,
        type_: ARPHRD_ETHER,
        hard_header_len: 14,
        broadcast: [0xff; MAX_ADDR_LEN],
        dev_addr: [2, 0, 0, 0, 0, 1, 0],
        addr_len: ETH_ALEN as u8,
        pa_addr,
        pa_brdaddr: pa_addr | !pa_mask,
        pa_dstaddr: InAddr::ANY,
        pa_mask,
        trans_start: Default::default(),
        buffs: std::array::from_fn(|_| SkBuffHead::new()),
        stats: EnetStatistics::default(),
        mc_list: Vec::new(),
        ip_mc_list: Vec::new(),
        card_groups: Vec::new(),
        pads: false,
        filters: true,
        outbox: Vec::new(),
    }
}

/// lo 127.0.0.1/8 and eth0 10.1.2.3/24, as in the facts.
fn machine() -> Kernel {
    let mut k = Kernel::off(Config::default());
    k.dev.push(device("lo", IFF_LOOPBACK | IFF_BROADCAST, "127.0.0.1", 8, 2000));
    k.dev.push(device("eth0", IFF_BROADCAST, "10.1.2.3", 24, 1500));
    k
}

const LO: DevId = DevId(0);
const ETH0: DevId = DevId(1);

#[test]
fn addresses_are_classified_as_measured() {
    let k = machine();
    let kinds = [
        ("10.1.2.3", AddressKind::MyAddr),
        ("10.1.2.0", AddressKind::Broadcast),
        ("10.1.2.255", AddressKind::Broadcast),
        ("10.0.0.0", AddressKind::Broadcast),
        ("10.255.255.255", AddressKind::Broadcast),
        ("10.1.2.4", AddressKind::Other),
        ("10.1.3.255", AddressKind::Other),
        ("8.8.8.8", AddressKind::Other),
        ("127.9.9.9", AddressKind::MyAddr),
        ("127.255.255.255", AddressKind::Broadcast),
        ("0.0.0.0", AddressKind::Broadcast),
        ("255.255.255.255", AddressKind::Broadcast),
        ("224.0.0.1", AddressKind::Multicast),
    ];
    for (text, kind) in kinds {
        assert_eq!(ip_chk_addr(&k, address(text)), kind, "{text}");
    }
    assert_eq!(ip_my_addr(&k), InAddr::LOOPBACK);
    assert_eq!(ip_dev_check(&k, address("10.1.2.77")), Some(ETH0));
    assert_eq!(ip_dev_check(&k, address("10.1.3.77")), None);
}

#[test]
fn an_interface_without_an_address_makes_every_address_ours() {
    let mut k = machine();
    k.dev[1].pa_addr = InAddr::ANY;
    assert_eq!(ip_chk_addr(&k, address("8.8.8.8")), AddressKind::MyAddr);
}

#[test]
fn class_masks() {
    assert_eq!(ip_get_mask(address("10.1.2.3")), InAddr::mask(8));
    assert_eq!(ip_get_mask(address("172.16.0.1")), InAddr::mask(16));
    assert_eq!(ip_get_mask(address("192.0.2.1")), InAddr::mask(24));
    assert_eq!(ip_get_mask(address("224.0.0.1")), InAddr::ANY);
    assert_eq!(ip_get_mask(InAddr::ANY), InAddr::ANY);
}

fn routes(k: &mut Kernel) {
    let any = InAddr::ANY;
    ip_rt_add(k, 0, address("127.0.0.0"), InAddr::mask(8), any, LO, 0, 0);
    ip_rt_add(k, 0, address("10.1.2.0"), InAddr::mask(24), any, ETH0, 0, 0);
    ip_rt_add(k, RTF_GATEWAY, any, any, address("10.1.2.1"), ETH0, 0, 0);
    ip_rt_add(k, RTF_GATEWAY, address("10.0.0.0"), InAddr::mask(8), address("10.1.2.2"), ETH0, 0, 0);
    ip_rt_add(k, RTF_GATEWAY, address("10.1.0.0"), InAddr::mask(16), address("10.1.2.9"), ETH0, 0, 0);
    ip_rt_add(k, RTF_GATEWAY | RTF_HOST, address("10.1.1.1"), any, address("10.1.2.8"), ETH0, 0, 0);
    ip_rt_add(k, RTF_GATEWAY, address("11.0.0.0"), InAddr::mask(8), address("99.9.9.9"), ETH0, 0, 0);
}

#[test]
fn routes_stand_from_the_most_specific_to_the_default() {
    let mut k = machine();
    routes(&mut k);
    let text = rt_get_info(&k);
    let columns: Vec<(&str, &str, &str)> = text
        .lines()
        .skip(1)
        .map(|row| {
            let column: Vec<&str> = row.split('\t').collect();
            (column[1], column[3], column[8])
        })
        .collect();
    assert_eq!(
        columns,
        [
            ("0101010A", "07", "1436"),
            ("0002010A", "01", "1436"),
            ("0000010A", "03", "1436"),
            ("0000007F", "01", "1936"),
            ("0000000A", "03", "1436"),
            ("00000000", "03", "1436"),
        ]
    );
}

#[test]
fn look_ups_find_the_route_and_the_source() {
    let mut k = machine();
    routes(&mut k);
    let mut source = InAddr::ANY;
    let own = ip_rt_route(&mut k, address("10.1.2.3"), Some(&mut source)).unwrap();
    assert_eq!((own.rt_dev, source), (LO, address("10.1.2.3")));
    let far = ip_rt_route(&mut k, address("10.1.5.5"), None).unwrap();
    assert_eq!(far.rt_gateway, address("10.1.2.9"));
    assert_eq!(ip_rt_local(&mut k, address("8.8.8.8"), None), None);
    assert!(rt_get_info(&k).contains("lo\t0000007F\t00000000\t01\t0\t1\t0\t000000FF\t1936\t0\n"));
}

#[test]
fn a_route_with_the_same_destination_and_mask_replaces_the_old_one() {
    let mut k = machine();
    routes(&mut k);
    ip_rt_add(&mut k, RTF_GATEWAY, InAddr::ANY, InAddr::ANY, address("10.1.2.4"), ETH0, 0, 0);
    assert_eq!(k.rt_base.len(), 6);
    assert_eq!(k.rt_base[5].rt_gateway, address("10.1.2.4"));
    rt_del(&mut k, address("127.0.0.0"), None);
    assert_eq!(k.rt_loopback, None);
    ip_rt_flush(&mut k, ETH0);
    assert!(k.rt_base.is_empty());
}

#[test]
fn the_arp_table_reads_as_in_1995() {
    let mut k = machine();
    let entry = ArpTable {
        flags: 2,
        ip: address("10.0.0.1"),
        mask: InAddr::BROADCAST,
        ha: [0, 0x11, 0x22, 0x33, 0x44, 0x55, 0],
        hlen: 6,
        htype: 1,
        dev: ETH0,
        ..ArpTable::default()
    };
    let id = k.arp.insert(entry);
    k.arp_tables[1].push(id);
    let text = arp_get_info(&k);
    let mut rows = text.lines();
    assert_eq!(rows.next(), Some("IP address       HW type     Flags       HW address            Mask"));
    assert_eq!(rows.next(), Some("10.0.0.1         0x1         0x2         00:11:22:33:44:55     *                "));
    assert_eq!(rows.next(), None);
}

#[test]
fn a_listener_reads_as_in_1995() {
    let mut k = machine();
    let mut sock = Sock { state: TcpState::Listen, num: 7, ..Sock::default() };
    sock.dummy_th.source = 7;
    let sk = k.sock.insert(sock);
    k.proto(ProtoId::Tcp).sock_array[7] = Some(sk);
    let text = tcp_get_info(&k);
    let row = " 7: 00000000:0007 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0";
    assert_eq!(text.lines().nth(1), Some(row));
}

#[test]
fn udp_shows_its_memory_in_exchanged_columns() {
    let mut k = machine();
    let mut sock = Sock { state: TcpState::Close, rmem_alloc: 0x123, wmem_alloc: 0x456, ..Sock::default() };
    sock.prot = &UDP_PROT;
    let sk = k.sock.insert(sock);
    k.proto(ProtoId::Udp).sock_array[0] = Some(sk);
    assert!(udp_get_info(&k).contains(" 07 00000123:00000456 "));
}

#[test]
fn counters_and_devices_print_in_their_columns() {
    let mut k = machine();
    k.dev[1].stats.rx_packets = 12;
    let snmp = snmp_get_info(&k);
    assert_eq!(snmp.lines().count(), 8);
    assert!(snmp.starts_with("Ip: Forwarding DefaultTTL InReceives"));
    assert_eq!(snmp.lines().nth(1), Some("Ip: 0 64 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0"));
    assert!(snmp.contains("\nUdp: InDatagrams NoPorts InErrors OutDatagrams\nUdp: 0 0 0 0\n"));
    let dev = dev_get_info(&k);
    let row = "  eth0:     12    0    0    0    0        0    0    0    0     0    0";
    assert_eq!(dev.lines().last(), Some(row));
    assert!(afinet_get_info(&k).starts_with("sockets: used 0\nSOCK_ARRAY_SIZE=256\nTCP: inuse 0 highest 0\nUDP:"));
}
