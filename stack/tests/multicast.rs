//! Groups under random calls and frames, against a model of what the kernel keeps of them and of what it says on the wire.
//!
//! The golden scenes show the order of things one by one; here they meet: two sockets, two interfaces, groups that share a
//! hardware address, users of the card's list beside IP, queries, reports of others, and flags that change meanwhile.

use proptest::prelude::*;
use stack::include::config::{Config, InterfaceConfig};
use stack::include::errno::Errno;
use stack::include::in_addr::{AF_INET, InAddr};
use stack::include::netdevice::{DevId, IFF_BROADCAST, IFF_MULTICAST, IFF_PROMISC, IFF_RUNNING, IFF_UP};
use stack::include::sched::{Arrival, Point};
use stack::include::snmp::Mib;
use stack::include::sock::SockId;
use stack::include::socket::{SOCK_DGRAM, SOCK_STREAM};
use stack::init::{Input, step};
use stack::kernel::call::{CallName, UserArg};
use stack::net::inet::dev_ioctl::{SIOCADDMULTI, SIOCDELMULTI, SIOCSIFFLAGS};
use stack::net::inet::proc::ip_mc_procinfo;
use stack::net::inet::route::ip_rt_add;
use stack::wire::checksum::internet_checksum;

mod process;
use process::Bench;

type Mac = [u8; 6];
type Group = [u8; 4];

const ALL_HOSTS: Group = [224, 0, 0, 1];
const PEER: [u8; 4] = [10, 0, 0, 2];
/// Addresses of eth0 and eth1.
const OURS: [[u8; 4]; 2] = [[10, 0, 0, 1], [172, 16, 0, 1]];
const UP: u16 = IFF_UP | IFF_BROADCAST | IFF_RUNNING;
const FLAGS: [u16; 3] = [UP | IFF_MULTICAST, UP | IFF_MULTICAST | IFF_PROMISC, UP];
const PLACES: usize = 20;
const QUERY: u8 = 0x11;
const REPORT: u8 = 0x12;
const LEAVE: u8 = 0x17;
const FIRST_JIFFY: u32 = 1000;

#[derive(Clone, Copy, Debug)]
enum Act {
    Join(usize, u8, usize),
    Leave(usize, u8, usize),
    Reopen(usize),
    AddMulti(u8, usize),
    DelMulti(u8, usize),
    Flags(usize, usize),
    Query(usize),
    Report(u8, usize),
    Ticks(u32),
}

/// One of the groups of the test: that of all hosts, no group at all, and 24 of which the last half share the hardware
/// addresses of the first.
fn group(number: u8) -> Group {
    match number {
        0 => ALL_HOSTS,
        1 => [192, 0, 2, 7],
        n if n < 14 => [224, 1, 2, n],
        n => [239, 129, 2, n - 12],
    }
}

fn mac_of([_, b, c, d]: Group) -> Mac {
    [1, 0, 0x5e, b & 0x7f, c, d]
}

fn act() -> impl Strategy<Value = Act> {
    let (sock, number, dev) = (|| 0..2usize, || 0..26u8, || 0..2usize);
    prop_oneof![
        8 => (sock(), number(), dev()).prop_map(|(s, g, d)| Act::Join(s, g, d)),
        4 => (sock(), number(), dev()).prop_map(|(s, g, d)| Act::Leave(s, g, d)),
        1 => sock().prop_map(Act::Reopen),
        2 => (number(), dev()).prop_map(|(g, d)| Act::AddMulti(g, d)),
        2 => (number(), dev()).prop_map(|(g, d)| Act::DelMulti(g, d)),
        1 => (0..FLAGS.len(), dev()).prop_map(|(f, d)| Act::Flags(f, d)),
        2 => dev().prop_map(Act::Query),
        2 => (number(), dev()).prop_map(|(g, d)| Act::Report(g, d)),
        2 => (1..700u32).prop_map(Act::Ticks),
    ]
}

#[derive(Clone, Copy, Debug, Default)]
struct Entry {
    group: Group,
    users: u32,
    running: bool,
    expires: u32,
    /// How many timers were armed before this one; 0: it is not armed.
    armed: u32,
}

#[derive(Debug, Default)]
struct Device {
    flags: u16,
    groups: Vec<Entry>,
    wanted: Vec<(Mac, i32)>,
    card: Vec<Mac>,
    /// Type, group and identification of every IGMP message.
    said: Vec<(u8, Group, u16)>,
}

impl Device {
    fn upload(&mut self) {
        if self.flags & IFF_PROMISC == 0 {
            self.card = self.wanted.iter().map(|(mac, _)| *mac).collect();
        }
    }

    fn add(&mut self, mac: Mac, newonly: bool) {
        if let Some(known) = self.wanted.iter_mut().find(|(known, _)| *known == mac) {
            known.1 += i32::from(!newonly);
            return;
        }
        self.wanted.insert(0, (mac, 1));
        self.upload();
    }

    fn delete(&mut self, mac: Mac, all: bool) {
        let Some(place) = self.wanted.iter().position(|(known, _)| *known == mac) else { return };
        self.wanted[place].1 -= 1;
        if self.wanted[place].1 == 0 || all {
            self.wanted.remove(place);
            self.upload();
        }
    }

    fn able(&self) -> bool {
        self.flags & IFF_MULTICAST != 0
    }

    fn hears(&self, mac: Mac) -> bool {
        self.flags & IFF_PROMISC != 0 || self.card.contains(&mac)
    }

    fn member(&self, group: Group) -> bool {
        self.groups.iter().any(|entry| entry.group == group)
    }
}

/// What 1.2.13 keeps of groups, written down a second time.
struct Model {
    devices: [Device; 2],
    places: [[Option<(Group, usize)>; PLACES]; 2],
    jiffies: u32,
    seed: u32,
    id: u16,
    armed: u32,
    out_requests: u32,
    in_receives: u32,
}

impl Model {
    fn new(jiffies: u32, id: u16) -> Self {
        let device = || Device {
            flags: FLAGS[0],
            groups: vec![Entry { group: ALL_HOSTS, users: 1, ..Entry::default() }],
            wanted: vec![(mac_of(ALL_HOSTS), 1)],
            card: vec![mac_of(ALL_HOSTS)],
            ..Device::default()
        };
        let places = [[None; PLACES]; 2];
        let devices = [device(), device()];
        Self { devices, places, jiffies, seed: 152, id, armed: 0, out_requests: 0, in_receives: 0 }
    }

    /// A message leaves, and comes back over lo if the group is on the list of the device.
    fn say(&mut self, type_: u8, group: Group, dev: usize) {
        self.devices[dev].said.push((type_, group, self.id));
        let copies = u16::from(self.devices[dev].member(group));
        self.id = self.id.wrapping_add(1 + copies);
        self.out_requests += 1 + u32::from(copies);
        self.in_receives += u32::from(copies);
    }

    fn enter(&mut self, group: Group, dev: usize) {
        if let Some(entry) = self.devices[dev].groups.iter_mut().find(|entry| entry.group == group) {
            entry.users += 1;
            return;
        }
        self.say(REPORT, group, dev);
        self.devices[dev].add(mac_of(group), false);
        self.devices[dev].groups.insert(0, Entry { group, users: 1, ..Entry::default() });
    }

    fn quit(&mut self, group: Group, dev: usize) {
        let Some(place) = self.devices[dev].groups.iter().position(|entry| entry.group == group) else { return };
        self.devices[dev].groups[place].users -= 1;
        if self.devices[dev].groups[place].users == 0 {
            self.say(LEAVE, group, dev);
            self.devices[dev].delete(mac_of(group), false);
            self.devices[dev].groups.remove(place);
        }
    }

    fn join(&mut self, sock: usize, group: Group, dev: usize) -> i32 {
        if !self.devices[dev].able() {
            return -Errno::ENODEV.0;
        }
        if group[0] & 0xf0 != 0xe0 {
            return -Errno::EINVAL.0;
        }
        let places = &mut self.places[sock];
        if places.contains(&Some((group, dev))) {
            return -Errno::EADDRINUSE.0;
        }
        let Some(free) = (0..PLACES).rfind(|place| places[*place].is_none()) else {
            return -Errno::ENOBUFS.0;
        };
        places[free] = Some((group, dev));
        self.enter(group, dev);
        0
    }

    fn leave(&mut self, sock: usize, group: Group, dev: usize) -> i32 {
        if !self.devices[dev].able() {
            return -Errno::ENODEV.0;
        }
        if group[0] & 0xf0 != 0xe0 {
            return -Errno::EINVAL.0;
        }
        let Some(place) = self.places[sock].iter().position(|place| *place == Some((group, dev))) else {
            return -Errno::EADDRNOTAVAIL.0;
        };
        self.places[sock][place] = None;
        self.quit(group, dev);
        0
    }

    fn close(&mut self, sock: usize) {
        for place in 0..PLACES {
            if let Some((group, dev)) = self.places[sock][place].take() {
                self.quit(group, dev);
            }
        }
    }

    fn query(&mut self, dev: usize) {
        if !self.devices[dev].hears(mac_of(ALL_HOSTS)) {
            return;
        }
        self.in_receives += 1;
        for entry in &mut self.devices[dev].groups {
            if entry.running || entry.group == ALL_HOSTS {
                continue;
            }
            self.seed = self.seed.wrapping_mul(69069).wrapping_add(1);
            let delay = (self.seed ^ self.jiffies) as i32 % 1000;
            self.armed += 1;
            (entry.running, entry.armed) = (true, self.armed);
            entry.expires = self.jiffies.wrapping_add(delay as u32);
        }
    }

    fn report(&mut self, group: Group, dev: usize) {
        if !self.devices[dev].hears(mac_of(group)) {
            return;
        }
        self.in_receives += 1;
        if let Some(entry) = self.devices[dev].groups.iter_mut().find(|entry| entry.group == group) {
            if entry.running {
                entry.expires = entry.expires.wrapping_sub(self.jiffies);
            }
            (entry.running, entry.armed) = (false, 0);
        }
    }

    fn tick(&mut self) {
        self.jiffies += 1;
        loop {
            let due = (0..2usize).flat_map(|dev| self.devices[dev].groups.iter().map(move |entry| (dev, *entry)));
            let due = due.filter(|(_, entry)| entry.running && entry.expires < self.jiffies);
            let Some((dev, next)) = due.min_by_key(|(_, entry)| (entry.expires, u32::MAX - entry.armed)) else {
                return;
            };
            let entry = self.devices[dev].groups.iter_mut().find(|entry| entry.group == next.group);
            if let Some(entry) = entry {
                (entry.running, entry.armed) = (false, 0);
            }
            self.say(REPORT, next.group, dev);
        }
    }

    fn text(&self) -> String {
        let mut text = String::from("Device    : Count\tGroup    Users Timer\n");
        for (number, device) in self.devices.iter().enumerate().filter(|(_, device)| device.able()) {
            text += &format!("eth{number}      : {:5}\n", device.wanted.len());
            for entry in &device.groups {
                let (word, running) = (u32::from_le_bytes(entry.group), u8::from(entry.running));
                text += &format!("\t\t\t{word:08X} {:5} {running}:{:08X}\n", entry.users, entry.expires);
            }
        }
        text
    }
}

/// The kernel that is compared with the model.
struct Machine {
    bench: Bench,
    counted: (u32, u32),
}

impl Machine {
    fn new() -> Self {
        let mut config = Config::of_host(1);
        (config.ip_multicast, config.first_jiffy) = (true, FIRST_JIFFY);
        let address = InAddr::from_octets(OURS[1]);
        config.interfaces.push(InterfaceConfig { mac: [2, 0, 0, 0, 1, 1], address, mask: InAddr::mask(16), mtu: 1500 });
        let mut bench = Bench::on(config, 0);
        let (groups, mask, any) = (InAddr::from_octets([224, 0, 0, 0]), InAddr::mask(4), InAddr::ANY);
        ip_rt_add(&mut bench.k, 0, groups, mask, any, DevId(1), 0, 0);
        let mut machine = Self { bench, counted: (0, 0) };
        machine.open(SOCK_STREAM);
        machine.counted = machine.counts();
        machine
    }

    fn counts(&self) -> (u32, u32) {
        (self.bench.k.stats.get(Mib::IpOutRequests), self.bench.k.stats.get(Mib::IpInReceives))
    }

    fn open(&mut self, type_: u16) {
        let args = [i32::from(AF_INET), i32::from(type_), 0].map(UserArg::Int).to_vec();
        self.bench.call(CallName::Socket, args);
    }

    fn mreq(sock: usize, option: i32, group: Group, dev: usize) -> Vec<UserArg> {
        let value = UserArg::In([group, OURS[dev]].concat());
        let (fd, option) = (UserArg::Int(3 + sock as i32), UserArg::Int(option));
        vec![fd, UserArg::Int(0), option, value, UserArg::Int(8)]
    }

    fn membership(&mut self, sock: usize, option: i32, group: Group, dev: usize) -> i32 {
        self.bench.call(CallName::Setsockopt, Self::mreq(sock, option, group, dev)).0
    }

    /// The sock behind the first or second descriptor.
    fn sock(&self, number: usize) -> SockId {
        let socks: Vec<SockId> = self.bench.k.sock.iter().map(|(id, _)| id).collect();
        socks[socks.len() - 2 + number]
    }

    fn interface(&mut self, command: u32, dev: usize, value: &[u8]) -> i32 {
        let mut request = format!("eth{dev}").into_bytes();
        request.resize(16, 0);
        request.extend_from_slice(value);
        request.resize(32, 0);
        self.bench.ioctl(command, request).0
    }

    fn igmp(&mut self, type_: u8, group: Group, daddr: Group, dev: usize) {
        let mut message = [&[type_, 0, 0, 0][..], &group].concat();
        let check = internet_checksum(&message).to_be_bytes();
        message[2..4].copy_from_slice(&check);
        let mut header = vec![0x45, 0, 0, 28, 0, 1, 0, 0, 1, 2, 0, 0];
        header.extend_from_slice(&PEER);
        header.extend_from_slice(&daddr);
        let check = internet_checksum(&header).to_be_bytes();
        header[10..12].copy_from_slice(&check);
        let frame = [&mac_of(daddr)[..], &[2, 0, 0, 0, 0, 2, 8, 0], &header, &message].concat();
        step(&mut self.bench.k, &Input::Frames(vec![(dev as u8 + 1, frame)]));
    }

    /// Type, group and identification of the IGMP messages that have left a card.
    fn said(&mut self, dev: usize) -> Vec<(u8, Group, u16)> {
        let frames = std::mem::take(&mut self.bench.k.dev[dev + 1].outbox);
        let of = |frame: Vec<u8>| {
            let group: Group = frame[38..42].try_into().expect("four octets");
            assert_eq!((frame[22], frame[23], &frame[30..34]), (1, 2, &group[..]), "TTL 1, IGMP, to the group itself");
            assert_eq!(frame[..6], mac_of(group), "a direct route: to the group's hardware address");
            assert_eq!(frame[26..30], OURS[0], "the source is that of the route, whatever the device");
            (frame[34], group, u16::from_be_bytes([frame[18], frame[19]]))
        };
        frames.into_iter().filter(|frame| frame[12..14] == [8, 0]).map(of).collect()
    }
}

/// Does one thing to both.
fn perform(machine: &mut Machine, model: &mut Model, act: Act) {
    match act {
        Act::Join(sock, number, dev) => {
            let expected = model.join(sock, group(number), dev);
            assert_eq!(machine.membership(sock, 35, group(number), dev), expected);
        }
        Act::Leave(sock, number, dev) => {
            let expected = model.leave(sock, group(number), dev);
            assert_eq!(machine.membership(sock, 36, group(number), dev), expected);
        }
        Act::Reopen(sock) => {
            model.close(sock);
            machine.bench.call(CallName::Close, vec![UserArg::Int(3 + sock as i32)]);
            machine.open(if sock == 0 { SOCK_DGRAM } else { SOCK_STREAM });
        }
        Act::AddMulti(number, dev) => {
            model.devices[dev].add(mac_of(group(number)), true);
            assert_eq!(machine.interface(SIOCADDMULTI, dev, &[&[0, 0][..], &mac_of(group(number))].concat()), 0);
        }
        Act::DelMulti(number, dev) => {
            model.devices[dev].delete(mac_of(group(number)), true);
            assert_eq!(machine.interface(SIOCDELMULTI, dev, &[&[0, 0][..], &mac_of(group(number))].concat()), 0);
        }
        Act::Flags(number, dev) => {
            model.devices[dev].flags = FLAGS[number];
            model.devices[dev].upload();
            assert_eq!(machine.interface(SIOCSIFFLAGS, dev, &FLAGS[number].to_le_bytes()), 0);
        }
        Act::Query(dev) => {
            model.query(dev);
            machine.igmp(QUERY, [0; 4], ALL_HOSTS, dev);
        }
        Act::Report(1, _) => {}
        Act::Report(number, dev) => {
            model.report(group(number), dev);
            machine.igmp(REPORT, group(number), group(number), dev);
        }
        Act::Ticks(ticks) => {
            (0..ticks).for_each(|_| model.tick());
            step(&mut machine.bench.k, &Input::Ticks(ticks));
        }
    }
}

fn compare(machine: &mut Machine, model: &mut Model) {
    for dev in 0..2 {
        assert_eq!(machine.said(dev), std::mem::take(&mut model.devices[dev].said), "messages of eth{dev}");
        let device = &machine.bench.k.dev[dev + 1];
        assert_eq!(device.card_groups, model.devices[dev].card, "the card of eth{dev}");
        let wanted = device.mc_list.iter().map(|entry| (entry.dmi_addr[..6].to_vec(), entry.dmi_users as i32));
        let expected = model.devices[dev].wanted.iter().map(|(mac, users)| (mac.to_vec(), *users));
        assert_eq!(wanted.collect::<Vec<_>>(), expected.collect::<Vec<_>>(), "the list of eth{dev}");
    }
    assert_eq!(ip_mc_procinfo(&machine.bench.k), model.text());
    let (out, received) = machine.counts();
    let expected = (machine.counted.0 + model.out_requests, machine.counted.1 + model.in_receives);
    assert_eq!((out, received), expected, "IpOutRequests, IpInReceives");
    assert_eq!((machine.bench.k.igmp_seed, machine.bench.k.ip_id_count), (model.seed, model.id));
    assert!(machine.bench.k.oops.is_none());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn groups_are_kept_as_the_model_keeps_them(acts in proptest::collection::vec(act(), 1..90)) {
        let mut machine = Machine::new();
        let mut model = Model::new(machine.bench.k.jiffies.0, machine.bench.k.ip_id_count);
        for act in acts {
            perform(&mut machine, &mut model, act);
            compare(&mut machine, &mut model);
        }
    }
}

/// Twenty places are enough for none of the random runs to be sure of; here they are filled.
#[test]
fn the_twenty_first_group_has_no_place() {
    let mut machine = Machine::new();
    let mut model = Model::new(machine.bench.k.jiffies.0, machine.bench.k.ip_id_count);
    for number in (0..24).filter(|number| *number != 1) {
        perform(&mut machine, &mut model, Act::Join(0, number, 1));
    }
    perform(&mut machine, &mut model, Act::Leave(0, 5, 1));
    perform(&mut machine, &mut model, Act::Join(0, 25, 1));
    perform(&mut machine, &mut model, Act::Reopen(0));
    compare(&mut machine, &mut model);
    assert_eq!(model.devices[1].groups.len(), 1, "only that of all hosts is left");
}

/// Whether a clock tick planned for the n-th allocation of a call that joins comes to pass.
fn ticks_at_allocation(machine: &mut Machine, sock: usize, number: u8, nth: u32) -> bool {
    let planned = Bench::planned(Point::Kmalloc, nth, Arrival::Timer(1));
    let before = machine.bench.k.jiffies;
    let args = Machine::mreq(sock, 35, group(number), 0);
    assert_eq!(machine.bench.interrupted(CallName::Setsockopt, args, vec![planned]).0, 0);
    machine.bench.k.jiffies != before
}

#[test]
fn a_join_allocates_a_table_a_group_an_address_and_a_list() {
    for (nth, happens) in [(1, true), (4, true), (5, false)] {
        assert_eq!(ticks_at_allocation(&mut Machine::new(), 0, 2, nth), happens, "first join, allocation {nth}");
    }
    let mut machine = Machine::new();
    machine.membership(0, 35, group(2), 0);
    assert!(!ticks_at_allocation(&mut machine, 0, 14, 2), "the table is there, and so is the hardware address");
    assert!(!ticks_at_allocation(&mut machine, 1, 14, 2), "another socket, a known group: its table only");
}

/// Makes the second socket share the table of the first, as a TCP child shares its listener's.
fn sharing() -> Machine {
    let mut machine = Machine::new();
    assert_eq!(machine.membership(0, 35, group(2), 0), 0);
    let (parent, child) = (machine.sock(0), machine.sock(1));
    machine.bench.k.sock[child].ip_mc_list = machine.bench.k.sock[parent].ip_mc_list;
    machine
}

#[test]
fn who_shares_a_table_shares_its_end() {
    let mut machine = sharing();
    assert_eq!(machine.membership(1, 35, group(2), 0), -Errno::EADDRINUSE.0, "the parent's membership is the child's");
    machine.bench.call(CallName::Close, vec![UserArg::Int(4)]);
    let left: Vec<u8> = machine.said(0).into_iter().map(|(type_, _, _)| type_).collect();
    assert_eq!(left, [REPORT, LEAVE], "the child has left the parent's group");
    assert_eq!(machine.membership(0, 36, group(2), 0), -Errno::EADDRNOTAVAIL.0);
    machine.bench.call(CallName::Close, vec![UserArg::Int(3)]);
    assert!(machine.bench.k.oops.is_none(), "a second release of the memory does nothing");
    assert!(machine.bench.k.mc_socklists.is_empty());
}

#[test]
fn joining_through_a_table_that_is_gone_writes_into_foreign_memory() {
    let mut machine = sharing();
    machine.bench.call(CallName::Close, vec![UserArg::Int(4)]);
    let args = Machine::mreq(0, 35, group(3), 0);
    step_ignoring_the_result(&mut machine, args);
    assert!(machine.bench.k.oops.is_some());
}

/// A call that kills the machine leaves no result.
fn step_ignoring_the_result(machine: &mut Machine, args: Vec<UserArg>) {
    let call = stack::kernel::call::UserCall::new(CallName::Setsockopt, args);
    let task = machine.bench.k.tasks.len() as u32 - 1;
    let task = stack::include::sched::TaskId(task);
    step(&mut machine.bench.k, &Input::Call { task, call, planned: Vec::new() });
}
