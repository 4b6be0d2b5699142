//! The ioctl calls of the ARP and the routing table through the trap: order of checks, errors, and bytes given back.

mod process;

use process::Bench;
use stack::include::arp::{ATF_COM, ATF_PERM, ATF_PUBL};
use stack::include::config::Config;
use stack::include::errno::Errno;
use stack::include::in_addr::{AF_INET, InAddr, SockaddrIn};
use stack::include::route::{RTF_GATEWAY, RTF_HOST};
use stack::include::sched::USER_BASE;

const SIOCADDRT: u32 = 0x890b;
const SIOCDELRT: u32 = 0x890c;
const SIOCADDRTOLD: u32 = 0x8940;
const SIOCDARP: u32 = 0x8950;
const SIOCGARP: u32 = 0x8951;
const SIOCSARP: u32 = 0x8952;
const PEER: [u8; 4] = [10, 0, 0, 2];

impl Bench {
    fn new(euid: u32) -> Self {
        Self::on(Config::of_host(1), euid)
    }

    fn gateways(&self) -> Vec<(InAddr, InAddr, InAddr)> {
        self.k.rt_base.iter().map(|rt| (rt.rt_dst, rt.rt_mask, rt.rt_gateway)).collect()
    }
}

fn sockaddr(address: [u8; 4]) -> [u8; 16] {
    SockaddrIn { sin_family: AF_INET, sin_port: 0, sin_addr: InAddr::from_octets(address) }.bytes()
}

fn arpreq(address: [u8; 4], hardware: u8, octets: [u8; 6], flags: u32) -> Vec<u8> {
    let mut bytes = sockaddr(address).to_vec();
    bytes.extend_from_slice(&[hardware, 0]);
    bytes.extend_from_slice(&octets);
    bytes.resize(32, 0);
    bytes.extend_from_slice(&flags.to_le_bytes());
    bytes.extend_from_slice(&sockaddr([0; 4]));
    bytes
}

#[derive(Default)]
struct Route {
    dst: [u8; 4],
    gateway: Option<[u8; 4]>,
    mask: Option<[u8; 4]>,
    flags: u8,
    dev: u32,
}

impl Route {
    fn bytes(&self) -> Vec<u8> {
        let maybe = |address: Option<[u8; 4]>| address.map_or([0; 16], sockaddr);
        let mut bytes = [&[0; 4][..], &sockaddr(self.dst), &maybe(self.gateway), &maybe(self.mask)].concat();
        bytes.extend_from_slice(&[self.flags, 0]);
        bytes.resize(68, 0);
        bytes.extend_from_slice(&self.dev.to_le_bytes());
        bytes.resize(80, 0);
        bytes
    }
}

#[test]
fn an_arp_entry_is_set_read_and_deleted() {
    let mut bench = Bench::new(0);
    assert_eq!(bench.ioctl(SIOCGARP, arpreq(PEER, 0, [0; 6], 0)).0, -Errno::ENXIO.0);
    assert_eq!(bench.ioctl(SIOCSARP, arpreq(PEER, 1, [2, 0, 0, 0, 0, 9], ATF_PERM)).0, 0);
    let (ret, out) = bench.ioctl(SIOCGARP, arpreq(PEER, 0, [0; 6], 0));
    assert_eq!((ret, &out[16..24], out[32]), (0, &[1, 0, 2, 0, 0, 0, 0, 9][..], (ATF_COM | ATF_PERM) as u8));
    assert_eq!(bench.ioctl(SIOCDARP, arpreq(PEER, 0, [0; 6], 0)).0, 0);
    assert_eq!(bench.ioctl(SIOCDARP, arpreq(PEER, 0, [0; 6], 0)).0, 0, "deleting nothing succeeds too");
    assert!(bench.k.arp.is_empty());
}

#[test]
fn an_entry_that_becomes_published_moves_to_the_other_list() {
    let mut bench = Bench::new(0);
    bench.ioctl(SIOCSARP, arpreq(PEER, 1, [2, 0, 0, 0, 0, 9], 0));
    bench.ioctl(SIOCSARP, arpreq(PEER, 1, [2, 0, 0, 0, 0, 8], ATF_PUBL));
    assert_eq!((bench.k.arp_tables[2].len(), bench.k.arp_tables[16].len(), bench.k.arp.len()), (0, 1, 1));
}

#[test]
fn arp_refusals_in_their_order() {
    let mut bench = Bench::new(0);
    let mut wrong_family = arpreq(PEER, 1, [0; 6], 0);
    wrong_family[0] = 3;
    for command in [SIOCSARP, SIOCGARP, SIOCDARP] {
        assert_eq!(bench.ioctl(command, wrong_family.clone()).0, -Errno::EPFNOSUPPORT.0);
        assert_eq!(bench.ioctl(command, vec![0; 51]).0, -Errno::EFAULT.0);
    }
    assert_eq!(bench.ioctl(SIOCSARP, arpreq(PEER, 0, [0; 6], 0)).0, -Errno::EPFNOSUPPORT.0, "type 0 is not Ethernet");
    assert_eq!(bench.ioctl(SIOCSARP, arpreq([0; 4], 1, [0; 6], 0)).0, -Errno::EINVAL.0);
    assert_eq!(bench.ioctl(SIOCSARP, arpreq([8, 8, 8, 8], 1, [0; 6], 0)).0, -Errno::ENETUNREACH.0);
    let mut user = Bench::new(500);
    assert_eq!(user.ioctl(SIOCSARP, vec![0; 51]).0, -Errno::EPERM.0, "asked before the memory is looked at");
    assert_eq!(user.ioctl(SIOCDARP, arpreq(PEER, 1, [0; 6], 0)).0, -Errno::EPERM.0);
    assert_eq!(user.ioctl(SIOCGARP, arpreq(PEER, 1, [0; 6], 0)).0, -Errno::ENXIO.0);
}

#[test]
fn routes_are_added_and_deleted() {
    let mut bench = Bench::new(0);
    let before = bench.gateways();
    let default = Route { gateway: Some(PEER), mask: Some([0; 4]), flags: RTF_GATEWAY, ..Route::default() };
    assert_eq!(bench.ioctl(SIOCADDRT, default.bytes()).0, 0);
    let any = InAddr::ANY;
    assert_eq!(bench.gateways().last(), Some(&(any, any, InAddr::from_octets(PEER))));
    assert_eq!(bench.ioctl(SIOCDELRT, default.bytes()).0, 0);
    assert_eq!(bench.gateways(), before);
    assert_eq!(bench.ioctl(SIOCDELRT, default.bytes()).0, 0, "deleting nothing succeeds too");
    let host = Route { dst: [9, 9, 9, 9], gateway: Some(PEER), flags: RTF_GATEWAY | RTF_HOST, ..Route::default() };
    bench.ioctl(SIOCADDRT, host.bytes());
    assert_eq!(bench.gateways()[0], (InAddr::from_octets([9; 4]), InAddr::BROADCAST, InAddr::from_octets(PEER)));
}

#[test]
fn a_gateway_that_is_ourselves_names_the_interface() {
    let mut bench = Bench::new(0);
    let ours = Some([10, 0, 0, 1]);
    let route = Route { dst: [172, 16, 0, 0], gateway: ours, mask: Some([255, 255, 0, 0]), flags: RTF_GATEWAY, dev: 0 };
    assert_eq!(bench.ioctl(SIOCADDRT, route.bytes()).0, 0);
    let (dst, mask) = (InAddr::from_octets([172, 16, 0, 0]), InAddr::mask(16));
    assert!(bench.gateways().contains(&(dst, mask, InAddr::ANY)));
}

#[test]
fn route_refusals_in_their_order() {
    let mut bench = Bench::new(0);
    let unreachable = Route { dst: [8, 0, 0, 0], mask: Some([255, 0, 0, 0]), ..Route::default() };
    assert_eq!(bench.ioctl(SIOCADDRT, unreachable.bytes()).0, -Errno::ENETUNREACH.0);
    let no_family = Route { flags: RTF_GATEWAY, ..Route::default() };
    assert_eq!(bench.ioctl(SIOCADDRT, no_family.bytes()).0, -Errno::EAFNOSUPPORT.0, "the gateway's family");
    let mut no_destination = unreachable.bytes();
    no_destination[4] = 0;
    assert_eq!(bench.ioctl(SIOCADDRT, no_destination).0, -Errno::EAFNOSUPPORT.0);
    let wild = Route { dev: 7, ..Route::default() };
    assert_eq!(bench.ioctl(SIOCADDRT, wild.bytes()).0, -Errno::EFAULT.0, "the name's pointer leads nowhere");
    // The structure itself lies at the start of user memory; its first octet is the end of an empty name.
    let empty = Route { dev: USER_BASE, ..Route::default() };
    assert_eq!(bench.ioctl(SIOCADDRT, empty.bytes()).0, -Errno::ENOENT.0);
    let mut unknown = Route { dev: USER_BASE, ..Route::default() }.bytes();
    unknown[..4].copy_from_slice(b"xyz\0");
    assert_eq!(bench.ioctl(SIOCADDRT, unknown).0, -Errno::EINVAL.0);
    assert_eq!(bench.ioctl(SIOCADDRT, vec![0; 79]).0, -Errno::EFAULT.0);
    assert_eq!(bench.ioctl(SIOCADDRTOLD, vec![0; 48]).0, -Errno::EAFNOSUPPORT.0);
    assert_eq!(Bench::new(500).ioctl(SIOCADDRT, vec![0; 79]).0, -Errno::EPERM.0);
}

#[test]
fn a_bad_mask_counts_as_none_and_the_class_is_guessed() {
    let mut bench = Bench::new(0);
    let mask = Some([255, 0, 255, 0]);
    let route = Route { dst: [192, 0, 2, 0], gateway: Some(PEER), mask, flags: RTF_GATEWAY, dev: 0 };
    assert_eq!(bench.ioctl(SIOCADDRT, route.bytes()).0, 0);
    assert!(bench.gateways().contains(&(
        InAddr::from_octets([192, 0, 2, 0]),
        InAddr::mask(24),
        InAddr::from_octets(PEER)
    )));
}
