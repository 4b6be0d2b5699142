//! RARP, which is compiled in only on request: the ioctls through the trap, the frames, the text of /proc/net/rarp.

mod process;

use process::Bench;
use stack::include::config::{BuildOption, Config};
use stack::include::errno::Errno;
use stack::include::in_addr::{AF_INET, InAddr, SockaddrIn};
use stack::include::netdevice::IFF_NOARP;
use stack::include::sched::{Arrival, PlannedInterrupt, Point};
use stack::init::{Input, step};
use stack::kernel::call::{CallName, UserArg};
use stack::net::inet::proc::rarp_get_info;

const SIOCDRARP: u32 = 0x8960;
const SIOCGRARP: u32 = 0x8961;
const SIOCSRARP: u32 = 0x8962;
const US: [u8; 4] = [10, 0, 0, 1];
const OUR_MAC: [u8; 6] = [2, 0, 0, 0, 0, 1];
const STATION: [u8; 4] = [10, 0, 0, 9];
const STATION_MAC: [u8; 6] = [2, 0, 0, 0, 0, 9];
const ASKER_MAC: [u8; 6] = [2, 0, 0, 0, 0, 7];
const RREQUEST: u8 = 3;
const RREPLY: u8 = 4;

impl Bench {
    fn built(euid: u32) -> Self {
        Self::on(Config::of_host(1).with(&[BuildOption::InetRarp]), euid)
    }

    /// What the machine sends when this packet arrives in a frame of the reverse type.
    fn hears(&mut self, packet: &[u8]) -> Vec<Vec<u8>> {
        let frame = [&[0xff; 6][..], &ASKER_MAC, &[0x80, 0x35], packet].concat();
        step(&mut self.k, &Input::Frames(vec![(1, frame)]));
        std::mem::take(&mut self.k.dev[1].outbox)
    }
}

fn arpreq(family: u8, address: [u8; 4], hardware: u8, octets: [u8; 6]) -> Vec<u8> {
    let sockaddr = SockaddrIn { sin_family: AF_INET, sin_port: 0, sin_addr: InAddr::from_octets(address) }.bytes();
    let mut bytes = sockaddr.to_vec();
    bytes[0] = family;
    bytes.extend_from_slice(&[hardware, 0]);
    bytes.extend_from_slice(&octets);
    bytes.resize(52, 0);
    bytes
}

fn entry() -> Vec<u8> {
    arpreq(2, STATION, 1, STATION_MAC)
}

fn packet(operation: u8, target: [u8; 6]) -> Vec<u8> {
    [&[0, 1, 8, 0, 6, 4, 0, operation][..], &ASKER_MAC, &[0; 4], &target, &[0; 4]].concat()
}

#[test]
fn a_station_of_the_table_is_told_its_address() {
    let mut bench = Bench::built(0);
    assert_eq!(bench.ioctl(SIOCSRARP, entry()).0, 0);
    let sent = bench.hears(&packet(RREQUEST, STATION_MAC));
    let body = [&[0, 1, 8, 0, 6, 4, 0, RREPLY][..], &OUR_MAC, &US, &ASKER_MAC, &STATION].concat();
    assert_eq!(sent, [[&ASKER_MAC[..], &OUR_MAC, &[0x80, 0x35], &body].concat()], "to the one who asked");
}

#[test]
fn everything_else_is_dropped_in_silence() {
    let mut bench = Bench::built(0);
    assert!(bench.hears(&packet(RREQUEST, STATION_MAC)).is_empty(), "nobody has registered for the type yet");
    bench.ioctl(SIOCSRARP, entry());
    assert!(bench.hears(&packet(RREQUEST, [2, 0, 0, 0, 0, 8])).is_empty(), "not in the table");
    assert!(bench.hears(&packet(RREPLY, STATION_MAC)).is_empty(), "this kernel never asks");
    for (octet, value) in [(1, 6), (2, 9), (4, 5), (5, 5)] {
        let mut wrong = packet(RREQUEST, STATION_MAC);
        wrong[octet] = value;
        assert!(bench.hears(&wrong).is_empty(), "octet {octet}");
    }
    bench.k.dev[1].flags |= IFF_NOARP;
    assert!(bench.hears(&packet(RREQUEST, STATION_MAC)).is_empty(), "a device without ARP");
    bench.k.dev[1].flags &= !IFF_NOARP;
    assert_eq!(bench.hears(&packet(RREQUEST, STATION_MAC)).len(), 1);
    bench.ioctl(SIOCDRARP, entry());
    assert!(bench.hears(&packet(RREQUEST, STATION_MAC)).is_empty(), "deleted");
    assert_eq!(bench.k.net_skbcount, 0, "nothing is left behind");
}

#[test]
fn an_entry_is_set_read_changed_and_deleted() {
    let mut bench = Bench::built(0);
    assert_eq!(bench.ioctl(SIOCGRARP, entry()), (-Errno::ENXIO.0, entry()));
    bench.ioctl(SIOCSRARP, entry());
    let mut asked = arpreq(2, STATION, 0, [0; 6]);
    asked[32] = 0x0c;
    let (ret, out) = bench.ioctl(SIOCGRARP, asked);
    assert_eq!((ret, &out[16..24], out[32]), (0, &[1, 0, 2, 0, 0, 0, 0, 9][..], 0x0c));
    assert_eq!(bench.ioctl(SIOCSRARP, arpreq(2, STATION, 1, ASKER_MAC)).0, 0);
    assert_eq!(bench.k.rarp_tables.len(), 1, "one entry per address");
    assert_eq!(bench.k.rarp_tables[0].ha[..6], ASKER_MAC);
    assert_eq!(bench.ioctl(SIOCDRARP, entry()).0, 0);
    assert_eq!(bench.ioctl(SIOCDRARP, entry()).0, 0, "deleting nothing succeeds too");
    assert!(bench.k.rarp_tables.is_empty());
    let handlers = bench.k.ptype_base.iter().filter(|pt| pt.type_ == 0x8035).count();
    assert_eq!(handlers, 1, "registered once, and for good");
}

#[test]
fn refusals_come_in_their_order() {
    let mut bench = Bench::built(0);
    for command in [SIOCSRARP, SIOCGRARP, SIOCDRARP] {
        assert_eq!(bench.ioctl(command, arpreq(3, STATION, 1, STATION_MAC)).0, -Errno::EPFNOSUPPORT.0);
        assert_eq!(bench.ioctl(command, vec![0; 51]).0, -Errno::EFAULT.0);
    }
    assert_eq!(bench.ioctl(SIOCSRARP, arpreq(2, [0; 4], 7, STATION_MAC)).0, -Errno::EPFNOSUPPORT.0);
    assert_eq!(bench.ioctl(SIOCSRARP, arpreq(2, [0; 4], 1, STATION_MAC)).0, -Errno::EINVAL.0);
    assert_eq!(bench.ioctl(SIOCSRARP, arpreq(2, [99, 1, 1, 1], 1, STATION_MAC)).0, -Errno::ENETUNREACH.0);
    assert!(!bench.k.rarp_initialized, "a refused entry registers nothing");
    let mut user = Bench::built(1000);
    assert_eq!(user.ioctl(SIOCSRARP, vec![0; 51]).0, -Errno::EPERM.0, "the privilege comes first");
    assert_eq!(user.ioctl(SIOCDRARP, entry()).0, -Errno::EPERM.0);
    assert_eq!(user.ioctl(SIOCGRARP, entry()).0, -Errno::ENXIO.0, "reading is free for all");
}

/// How often a station is answered that asks where a call turns interrupts on again.
fn answers_within(bench: &mut Bench, command: u32, function: &str) -> usize {
    bench.k.dev[1].outbox.clear();
    let frame = [&[0xff; 6][..], &ASKER_MAC, &[0x80, 0x35], &packet(RREQUEST, STATION_MAC)].concat();
    let at_sti = Bench::planned(Point::Sti, 1, Arrival::Net(vec![(1, frame)]));
    let planned = PlannedInterrupt { function: Some(function.to_owned()), ..at_sti };
    let args = vec![UserArg::Int(3), UserArg::Int(command as i32), UserArg::InOut(entry())];
    assert_eq!(bench.interrupted(CallName::Ioctl, args, vec![planned]).0, 0);
    bench.k.dev[1].outbox.len()
}

#[test]
fn the_table_is_whole_whenever_an_interrupt_can_see_it() {
    let mut bench = Bench::built(0);
    assert_eq!(answers_within(&mut bench, SIOCSRARP, "rarp_req_set"), 1, "entered, and the handler registered");
    assert_eq!(answers_within(&mut bench, SIOCGRARP, "rarp_req_get"), 1);
    assert_eq!(answers_within(&mut bench, SIOCDRARP, "rarp_destroy"), 0, "gone already");
}

#[test]
fn without_the_option_the_ioctls_are_unknown() {
    let mut bench = Bench::on(Config::of_host(1), 0);
    for command in [SIOCSRARP, SIOCGRARP, SIOCDRARP] {
        assert_eq!(bench.ioctl(command, entry()).0, -Errno::EINVAL.0);
    }
}

#[test]
fn the_text_lists_the_stations() {
    let mut bench = Bench::built(0);
    assert_eq!(rarp_get_info(&bench.k), "RARP disabled until entries added to cache.\n");
    bench.ioctl(SIOCSRARP, entry());
    let head = "IP address       HW type             HW address\n";
    assert_eq!(rarp_get_info(&bench.k), format!("{head}10.0.0.9         10Mbps Ethernet     02:00:00:00:00:09\n"));
    bench.ioctl(SIOCDRARP, entry());
    assert_eq!(rarp_get_info(&bench.k), head);
}
