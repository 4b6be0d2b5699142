//! The firewall and accounting as the superuser steers them: socket options through the trap, the order of the rules, what
//! a rule does to traffic, and what the counters say.

mod process;

use process::Bench;
use proptest::prelude::*;
use stack::include::config::{BuildOption, Config};
use stack::include::errno::Errno;
use stack::include::firewall::{
    IP_FW_F_ACCEPT, IP_FW_F_BIDIR, IP_FW_F_DRNG, IP_FW_F_ICMP, IP_FW_F_ICMPRPL, IP_FW_F_SRNG, IP_FW_F_TCP,
    IP_FW_F_TCPSYN, IP_FW_F_UDP, IpFw,
};
use stack::include::in_addr::InAddr;
use stack::include::snmp::Mib;
use stack::init::{Input, step};
use stack::kernel::Kernel;
use stack::kernel::call::{CallName, UserArg};
use stack::net::inet::proc::{ip_acct_procinfo, ip_fw_blk_procinfo, ip_fw_fwd_procinfo};
use stack::wire::checksum::internet_checksum;

const ADD_BLK: i32 = 64;
const ADD_FWD: i32 = 65;
const CHK_BLK: i32 = 66;
const CHK_FWD: i32 = 67;
const DEL_BLK: i32 = 68;
const FLUSH_BLK: i32 = 70;
const ZERO_BLK: i32 = 72;
const POLICY_BLK: i32 = 74;
const POLICY_FWD: i32 = 75;
const ACCT_ADD: i32 = 80;
const ACCT_DEL: i32 = 81;
const ACCT_FLUSH: i32 = 82;
const ACCT_ZERO: i32 = 83;
const PEER: [u8; 4] = [10, 0, 0, 2];
const US: [u8; 4] = [10, 0, 0, 1];

/// A rule as a process writes it.
#[derive(Clone, Default)]
struct Rule {
    source: ([u8; 4], u32),
    destination: ([u8; 4], u32),
    via: [u8; 4],
    flags: u16,
    sources: Vec<u16>,
    destinations: Vec<u16>,
    /// The tenth port where it is not used, by which a rule is known again in its chain.
    name: u8,
}

impl Rule {
    fn udp(flags: u16, ports: &[u16]) -> Self {
        Self { flags: IP_FW_F_UDP | flags, destinations: ports.to_vec(), ..Self::default() }
    }

    fn from(source: [u8; 4], length: u32) -> Self {
        Self { source: (source, length), ..Self::default() }
    }

    /// `struct ip_fw`; its counters are not nought.
    fn bytes(&self) -> Vec<u8> {
        let mask = |length: u32| InAddr::mask(length).octets();
        let mut bytes = vec![9; 4];
        for address in [self.source.0, self.destination.0, mask(self.source.1), mask(self.destination.1), self.via] {
            bytes.extend_from_slice(&address);
        }
        for half in [self.flags, self.sources.len() as u16, self.destinations.len() as u16] {
            bytes.extend_from_slice(&half.to_le_bytes());
        }
        for port in self.sources.iter().chain(&self.destinations) {
            bytes.extend_from_slice(&port.to_le_bytes());
        }
        if bytes.len() <= 48 {
            bytes.resize(48, 0);
            bytes.extend([self.name, 0]);
        }
        bytes.resize(52, 0);
        bytes.resize(60, 7);
        bytes
    }
}

impl Bench {
    fn new(build: &[BuildOption], euid: u32) -> Self {
        Self::on(Config::of_host(1).with(build), euid)
    }

    fn firewall() -> Self {
        Self::new(&[BuildOption::IpFirewall, BuildOption::IpForward], 0)
    }

    fn set_with_length(&mut self, option: i32, value: UserArg, length: i32) -> i32 {
        let int = UserArg::Int;
        self.call(CallName::Setsockopt, vec![int(3), int(0), int(option), value, int(length)]).0
    }

    fn set(&mut self, option: i32, value: &[u8]) -> i32 {
        self.set_with_length(option, UserArg::In(value.to_vec()), value.len() as i32)
    }

    fn rule(&mut self, option: i32, rule: &Rule) -> i32 {
        self.set(option, &rule.bytes())
    }

    /// A UDP datagram of 28 octets from the peer's port 99.
    fn udp(&mut self, to: [u8; 4], port: u8) {
        self.datagram(17, 0, to, &[0, 99, 0, port, 0, 8, 0, 0]);
    }

    /// A datagram of the peer.
    fn datagram(&mut self, protocol: u8, fragment: u16, to: [u8; 4], payload: &[u8]) {
        let fragment = fragment.to_be_bytes();
        let length = 20 + payload.len() as u8;
        let mut packet = vec![0x45, 0, 0, length, 0, 1, fragment[0], fragment[1], 64, protocol, 0, 0];
        packet.extend_from_slice(&PEER);
        packet.extend_from_slice(&to);
        let check = internet_checksum(&packet).to_be_bytes();
        packet[10..12].copy_from_slice(&check);
        packet.extend_from_slice(payload);
        let frame = [&[2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0][..], &packet].concat();
        step(&mut self.k, &Input::Frames(vec![(1, frame)]));
    }

    /// Adds rules to an empty chain, named 1, 2, ..., and gives their order in it, then empties it.
    fn order(&mut self, rules: &[Rule]) -> Vec<u16> {
        for (index, rule) in rules.iter().enumerate() {
            assert_eq!(self.rule(ADD_BLK, &Rule { name: index as u8 + 1, ..rule.clone() }), 0);
        }
        let order = self.k.firewall.block.iter().map(|rule| rule.fw_pts[9]).collect();
        assert_eq!(self.set(FLUSH_BLK, &[0]), 0);
        order
    }

    /// What would become of a packet: 0 passes, -110 is dropped, -111 is refused.
    fn ask(&mut self, packet: &[u8]) -> i32 {
        self.set(CHK_BLK, packet)
    }

    /// What a port without a socket sees: datagrams that came through, errors that were sent.
    fn counted(&self) -> (u32, u32) {
        (self.k.stats.get(Mib::UdpNoPorts), self.k.stats.get(Mib::IcmpOutDestUnreachs))
    }
}

/// `struct ip_fwpkt`: a packet to ask about, by default of the peer and for us.
fn question(protocol: u8, ports: [u16; 2], via: [u8; 4]) -> Vec<u8> {
    let mut bytes = vec![0x45, 0, 0, 40, 0, 0, 0, 0, 64, protocol, 0, 0];
    bytes.extend_from_slice(&PEER);
    bytes.extend_from_slice(&US);
    bytes.extend(ports.iter().flat_map(|port| port.to_be_bytes()));
    bytes.resize(40, 0);
    bytes.extend_from_slice(&via);
    bytes
}

const PASSES: i32 = 0;
const VANISHES: i32 = -Errno::ETIMEDOUT.0;
const REFUSED: i32 = -Errno::ECONNREFUSED.0;

#[test]
fn a_rule_set_by_a_process_drops_or_tells() {
    let mut bench = Bench::firewall();
    assert_eq!(bench.rule(ADD_BLK, &Rule::udp(0, &[9])), 0);
    assert_eq!(bench.rule(ADD_BLK, &Rule::udp(IP_FW_F_ICMPRPL, &[10])), 0);
    bench.udp(US, 9);
    assert_eq!(bench.counted(), (0, 0), "in silence");
    bench.udp(US, 10);
    assert_eq!(bench.counted(), (0, 1), "the firewall's own port unreachable");
    bench.udp(US, 11);
    assert_eq!(bench.counted(), (1, 2), "nobody listens, and UDP says so");
    let counters: Vec<_> = bench.k.firewall.block.iter().map(|rule| (rule.fw_pcnt, rule.fw_bcnt)).collect();
    assert_eq!(counters, [(1, 28); 2], "from nought, whatever the process wrote there");
    assert_eq!(bench.set(ZERO_BLK, &[0; 4]), 0);
    assert!(bench.k.firewall.block.iter().all(|rule| (rule.fw_pcnt, rule.fw_bcnt) == (0, 0)));
    assert_eq!(bench.set(FLUSH_BLK, &[0; 4]), 0);
    bench.udp(US, 9);
    assert_eq!(bench.counted(), (2, 3));
}

#[test]
fn a_rule_goes_in_front_of_the_first_one_that_it_beats() {
    let mut bench = Bench::firewall();
    let net = |length: u32| Rule::from(PEER, length);
    let to = |length: u32| Rule { destination: (US, length), ..Rule::default() };
    let kind = |flags: u16| Rule { flags, ..Rule::default() };
    let of_net = |length: u32| Rule::from([10, 0, 0, 0], length);
    assert_eq!(bench.order(&[Rule::default(), Rule::default()]), [1, 2], "of equals the older stays in front");
    assert_eq!(bench.order(&[of_net(8), of_net(16), of_net(0)]), [2, 1, 3], "the longer mask of the same network");
    assert_eq!(bench.order(&[net(32), of_net(8)]), [1, 2], "the wider one beats nothing");
    assert_eq!(bench.order(&[of_net(8), net(32)]), [2, 1], "masks are compared where the addresses overlap");
    let elsewhere = Rule::from([11, 0, 0, 0], 16);
    assert_eq!(bench.order(&[of_net(8), elsewhere]), [1, 2], "and not where they do not");
    let both = Rule { source: (PEER, 32), ..to(8) };
    assert_eq!(
        bench.order(&[Rule { destination: (US, 32), ..of_net(8) }, both]),
        [1, 2],
        "one up, one down is nothing"
    );
    assert_eq!(bench.order(&[kind(0), kind(IP_FW_F_UDP)]), [2, 1], "a kind goes before all protocols");
    assert_eq!(bench.order(&[kind(IP_FW_F_UDP), kind(IP_FW_F_TCP), kind(0)]), [1, 2, 3], "two kinds are not compared");
    let tcp_host = Rule { flags: IP_FW_F_TCP, ..net(32) };
    assert_eq!(bench.order(&[kind(IP_FW_F_UDP), tcp_host.clone()]), [1, 2], "not even their masks");
    assert_eq!(bench.order(&[kind(IP_FW_F_UDP), tcp_host, of_net(8)]), [3, 1, 2], "so a chain is not sorted");
    let of_kind_and_shorter = Rule { flags: IP_FW_F_UDP, ..of_net(8) };
    assert_eq!(
        bench.order(&[of_net(16), of_kind_and_shorter]),
        [1, 2],
        "the longer mask takes back what the kind gives"
    );
    let via = Rule { via: US, ..Rule::default() };
    assert_eq!(bench.order(&[Rule::default(), via.clone()]), [2, 1], "an interface goes before none");
    assert_eq!(bench.order(&[via.clone(), Rule { via: PEER, ..via.clone() }]), [1, 2], "two interfaces are equal");
    let port = Rule::udp(0, &[9]);
    let no_port = Rule { via: US, ..Rule::udp(0, &[]) };
    assert_eq!(bench.order(&[port, no_port]), [1, 2], "an interface is looked at where the rest is equal");
}

#[test]
fn fewer_ports_go_first() {
    let mut bench = Bench::firewall();
    let range = |first: u16, last: u16| Rule::udp(IP_FW_F_DRNG, &[first, last]);
    let sources =
        |flags: u16, ports: &[u16]| Rule { destinations: Vec::new(), sources: ports.to_vec(), ..Rule::udp(flags, &[]) };
    // The example of the record: A no ports, B two, C one, D a range of 40, E of 0, F a source range of 9.
    let example = [
        Rule::udp(0, &[]),
        Rule::udp(0, &[7000, 7001]),
        Rule::udp(0, &[7000]),
        range(7000, 7040),
        range(7000, 7000),
        sources(IP_FW_F_SRNG, &[5, 14]),
    ];
    assert_eq!(bench.order(&example), [5, 3, 2, 4, 6, 1]);
    assert_eq!(bench.order(&[range(1, 40), range(40, 1)]), [1, 2], "upside down is as wide as 16 bits make it");
    assert_eq!(bench.order(&[Rule::udp(0, &[]), range(2, 1)]), [1, 2], "0xffff, as wide as any port");
    assert_eq!(bench.order(&[range(1, 40), Rule::udp(IP_FW_F_DRNG, &[1, 2, 3, 4, 5])]), [2, 1], "ports behind a range");
    let icmp = |ports: &[u16]| Rule { flags: IP_FW_F_ICMP, ..Rule::udp(0, ports) };
    assert_eq!(bench.order(&[icmp(&[]), Rule { flags: IP_FW_F_ICMP, ..icmp(&[1]) }]), [1, 2], "of TCP and UDP only");
    let every = |ports: &[u16]| Rule { flags: 0, ..Rule::udp(0, ports) };
    assert_eq!(bench.order(&[every(&[]), every(&[1])]), [1, 2], "and not of all protocols");
    let nine = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    let many = |count: usize, ports: &[u16]| Rule { sources: nine[..count].to_vec(), ..Rule::udp(0, ports) };
    assert_eq!(bench.order(&[many(8, &[]), many(8, &[1])]), [2, 1], "eight source ports leave the others to compare");
    for (old, new) in [(many(9, &[]), many(8, &[])), (many(9, &[]), many(9, &[]))] {
        let decided = i32::from(old.sources.len() > new.sources.len());
        bench.rule(ADD_BLK, &Rule { flags: IP_FW_F_UDP, ..old });
        bench.rule(ADD_BLK, &Rule { flags: IP_FW_F_UDP | IP_FW_F_ACCEPT, destinations: vec![7], ..new });
        let first = bench.k.firewall.block[0].fw_flg & IP_FW_F_ACCEPT != 0;
        assert_eq!(i32::from(first), decided, "with nine the destination ports are not looked at");
        bench.set(FLUSH_BLK, &[0]);
    }
}

#[test]
fn a_rule_is_deleted_by_naming_it_exactly() {
    let mut bench = Bench::firewall();
    let rule = Rule::udp(0, &[9, 10]);
    assert_eq!(bench.rule(DEL_BLK, &rule), -Errno::EINVAL.0, "the chain is empty");
    bench.rule(ADD_BLK, &rule);
    bench.udp(US, 9);
    for other in [
        Rule::udp(0, &[9]),
        Rule::udp(0, &[9, 10, 0]),
        Rule::udp(0, &[10, 9]),
        Rule::udp(IP_FW_F_ACCEPT, &[9, 10]),
        Rule { via: US, ..rule.clone() },
        Rule { source: (PEER, 32), ..rule.clone() },
        Rule { destination: ([0; 4], 8), ..rule.clone() },
    ] {
        assert_eq!(bench.rule(DEL_BLK, &other), -Errno::EINVAL.0);
    }
    bench.rule(ADD_BLK, &Rule { name: 3, ..rule.clone() });
    bench.rule(ADD_BLK, &Rule { sources: vec![9], ..Rule::udp(0, &[10]) });
    bench.rule(ADD_BLK, &Rule::udp(0, &[9]));
    let mut same = rule.bytes();
    same[0] = 1;
    same[34] = 5;
    same[56] = 200;
    assert_eq!(bench.set(DEL_BLK, &same), 0, "neither counters nor ports that do not count matter");
    let left: Vec<u16> = bench.k.firewall.block.iter().map(|rule| rule.fw_ndp).collect();
    assert_eq!(left, [1], "all equal ones went, also the one that calls the first port a source");
    assert_eq!(bench.set(DEL_BLK, &same), -Errno::EINVAL.0);
}

#[test]
fn the_policy_holds_where_no_rule_does() {
    let mut bench = Bench::firewall();
    bench.rule(ADD_BLK, &Rule::udp(IP_FW_F_ACCEPT, &[9]));
    assert_eq!(bench.set(POLICY_BLK, &0_u32.to_le_bytes()), 0);
    bench.udp(US, 9);
    bench.udp(US, 10);
    assert_eq!(bench.counted(), (1, 1));
    assert!(bench.k.dev[1].outbox.iter().all(|frame| frame[23] != 1), "the error does not get past the policy either");
    assert!(ip_fw_blk_procinfo(&bench.k).starts_with("IP firewall block rules, default 0\n"));
    for (policy, text) in [(0x1_0004_u32, "65540"), (0xffff_fffb, "-5"), (0x8000_0100, "-2147483392"), (4, "4")] {
        assert_eq!(bench.set(POLICY_BLK, &policy.to_le_bytes()), 0);
        assert_eq!(
            ip_fw_blk_procinfo(&bench.k).lines().next(),
            Some(&*format!("IP firewall block rules, default {text}"))
        );
        let passes = bench.ask(&question(17, [99, 10], US));
        assert_eq!(passes, if policy & 4 != 0 { PASSES } else { REFUSED }, "{text}");
    }
    assert_eq!(bench.set(POLICY_BLK, &[[4, 0, 0, 0]; 15].concat()), 0, "the length is not looked at");
    bench.set(POLICY_FWD, &u32::from(IP_FW_F_ICMPRPL).to_le_bytes());
    bench.udp([10, 0, 0, 9], 9);
    assert_eq!((bench.k.stats.get(Mib::IpForwDatagrams), bench.counted().1), (0, 2), "the other chain");
    bench.rule(ADD_FWD, &Rule { flags: 4, ..Rule::default() });
    bench.udp([10, 0, 0, 9], 9);
    assert_eq!(bench.k.stats.get(Mib::IpForwDatagrams), 1);
    assert_eq!(ip_fw_fwd_procinfo(&bench.k).lines().count(), 2);
}

#[test]
fn a_question_is_answered_and_not_counted() {
    let mut bench = Bench::firewall();
    bench.rule(ADD_BLK, &Rule::udp(0, &[9]));
    bench.rule(ADD_BLK, &Rule { via: US, ..Rule::udp(IP_FW_F_ICMPRPL, &[10]) });
    let udp = |port: u16, via: [u8; 4]| question(17, [99, port], via);
    assert_eq!(bench.ask(&udp(9, US)), VANISHES);
    assert_eq!(bench.ask(&udp(10, US)), REFUSED, "its sender would be told");
    assert_eq!(bench.ask(&udp(10, PEER)), PASSES, "through another interface");
    assert_eq!(bench.ask(&udp(10, [0; 4])), PASSES, "no interface is not any");
    assert_eq!(bench.ask(&question(6, [99, 9], US)), PASSES);
    assert_eq!(bench.set(CHK_FWD, &udp(9, US)), PASSES, "the other chain is empty");
    assert!(bench.k.firewall.block.iter().all(|rule| rule.fw_pcnt == 0));
    let packet = udp(9, US);
    for length in [1, 20, 32, 43] {
        assert_eq!(bench.set(CHK_BLK, &packet[..length]), -Errno::EINVAL.0, "{length} octets");
    }
    let longer = [&packet[..], &[255; 16]].concat();
    assert_eq!(bench.ask(&longer), VANISHES, "what is behind is not looked at");
    for first in [0x46, 0x44, 0x40] {
        assert_eq!(bench.ask(&[&[first], &packet[1..]].concat()), -Errno::EINVAL.0, "{first:#x}");
    }
    assert_eq!(bench.ask(&[&[0x65], &packet[1..]].concat()), VANISHES, "the version is not looked at");
    let later = [&packet[..6], &[0, 1], &packet[8..]].concat();
    assert_eq!(bench.ask(&later), PASSES, "a later fragment");
    bench.set(POLICY_BLK, &[0; 4]);
    assert_eq!(bench.ask(&later), PASSES, "whatever the policy is");
    let icmp = [&later[..9], &[1], &later[10..]].concat();
    assert_eq!(bench.ask(&icmp), VANISHES, "of another protocol it is asked");
}

#[test]
fn a_rule_for_syns_sees_the_flags_of_tcp_alone() {
    let mut bench = Bench::firewall();
    let with_flags = |protocol: u8, flags: u8| {
        let mut packet = question(protocol, [99, 9], US);
        packet[33] = flags;
        packet
    };
    bench.rule(ADD_BLK, &Rule { flags: IP_FW_F_TCP | IP_FW_F_TCPSYN, ..Rule::default() });
    for (flags, verdict) in [(0x02, VANISHES), (0x12, PASSES), (0x10, PASSES), (0x00, PASSES), (0xeb, VANISHES)] {
        assert_eq!(bench.ask(&with_flags(6, flags)), verdict, "{flags:#x}");
    }
    for kind in [IP_FW_F_UDP, IP_FW_F_ICMP] {
        bench.set(FLUSH_BLK, &[0]);
        bench.rule(ADD_BLK, &Rule { flags: kind | IP_FW_F_TCPSYN, ..Rule::default() });
        let protocol = if kind == IP_FW_F_UDP { 17 } else { 1 };
        assert_eq!(bench.ask(&with_flags(protocol, 0x02)), PASSES, "a rule that matches nothing");
    }
    bench.set(FLUSH_BLK, &[0]);
    bench.rule(ADD_BLK, &Rule { flags: IP_FW_F_TCPSYN, destinations: vec![1], ..Rule::default() });
    for (protocol, flags) in [(6, 0x10), (17, 0), (1, 0), (47, 0)] {
        assert_eq!(bench.ask(&with_flags(protocol, flags)), VANISHES, "for all protocols neither flag nor ports count");
    }
}

#[test]
fn ports_directions_and_masks_are_compared_as_they_stand() {
    let mut bench = Bench::firewall();
    let mut only = |rule: Rule, packet: &[u8]| {
        bench.set(FLUSH_BLK, &[0]);
        assert_eq!(bench.rule(ADD_BLK, &rule), 0);
        bench.ask(packet) == VANISHES
    };
    let udp = |ports: [u16; 2]| question(17, ports, US);
    let range = Rule::udp(IP_FW_F_DRNG, &[20, 30, 99, 5]);
    for (port, fits) in
        [(20, true), (25, true), (30, true), (99, true), (5, true), (19, false), (31, false), (0, false)]
    {
        assert_eq!(only(range.clone(), &udp([1, port])), fits, "port {port}");
    }
    assert!(!only(Rule::udp(IP_FW_F_DRNG, &[30, 20]), &udp([1, 25])), "a range upside down holds nothing");
    let ports = Rule { sources: vec![1, 2], ..Rule::udp(0, &[3]) };
    for (pair, fits) in [([1, 3], true), ([2, 3], true), ([3, 3], false), ([1, 2], false), ([3, 1], false)] {
        assert_eq!(only(ports.clone(), &udp(pair)), fits, "{pair:?}");
    }
    let answer =
        |rule: Rule| Rule { source: (US, 32), destination: (PEER, 32), flags: rule.flags | IP_FW_F_BIDIR, ..rule };
    assert!(only(answer(ports.clone()), &udp([3, 1])), "backwards the ports change places too");
    assert!(!only(answer(ports.clone()), &udp([1, 3])));
    assert!(
        !only(Rule { flags: IP_FW_F_UDP, ..answer(ports.clone()) }, &udp([3, 1])),
        "without the flag one direction"
    );
    let both = Rule { flags: IP_FW_F_UDP | IP_FW_F_BIDIR, ..ports };
    assert!(only(both.clone(), &udp([1, 3])) && only(both, &udp([3, 1])), "where both directions fit, either will do");
    assert!(!only(Rule::from(PEER, 8), &udp([1, 1])), "an address with bits outside its mask");
    assert!(only(Rule { flags: IP_FW_F_ICMP, ..Rule::udp(0, &[7]) }, &question(1, [1, 1], US)), "ICMP has no ports");
    assert!(!only(Rule::udp(0, &[7]), &question(47, [1, 7], US)), "another protocol fits rules for all alone");
}

#[test]
fn rules_that_make_no_sense_are_refused() {
    let mut bench = Bench::firewall();
    let ports = |count: u16| (1..=count).collect::<Vec<u16>>();
    for (rule, why) in [
        (Rule { flags: 0x200, ..Rule::default() }, "a flag that there is not"),
        (Rule { sources: ports(6), destinations: ports(5), ..Rule::default() }, "eleven ports"),
        (Rule { flags: IP_FW_F_SRNG, sources: ports(1), ..Rule::default() }, "half a range"),
        (Rule { flags: IP_FW_F_DRNG, sources: ports(2), ..Rule::default() }, "a range at the wrong end"),
    ] {
        let bytes = &rule.bytes()[..60];
        assert_eq!(bench.set(ADD_BLK, bytes), -Errno::EINVAL.0, "{why}");
    }
    let ten = Rule { flags: 0x1ff & !IP_FW_F_DRNG, sources: ports(10), ..Rule::default() };
    assert_eq!(bench.rule(ADD_BLK, &ten), 0, "ten ports and every flag are good");
    assert_eq!(bench.set(ADD_BLK, &ten.bytes()[..59]), -Errno::EINVAL.0);
    for length in [0, -1, 61] {
        let value = UserArg::In(vec![0; 64]);
        assert_eq!(bench.set_with_length(FLUSH_BLK, value, length), -Errno::EINVAL.0, "length {length}");
    }
    assert_eq!(bench.set_with_length(FLUSH_BLK, UserArg::Null, 4), -Errno::EINVAL.0);
    assert_eq!(bench.set_with_length(FLUSH_BLK, UserArg::Int(-4096), 4), -Errno::EFAULT.0);
    assert_eq!(bench.k.firewall.block.len(), 1);
    let mut user = Bench::new(&[BuildOption::IpFirewall, BuildOption::IpAcct], 1000);
    for option in [ADD_BLK, CHK_BLK, FLUSH_BLK, POLICY_FWD, ACCT_ADD, ACCT_ZERO] {
        assert_eq!(user.set_with_length(option, UserArg::In(vec![0; 64]), 0), -Errno::EPERM.0, "before the length");
    }
}

#[test]
fn without_the_part_its_options_are_unknown() {
    let rule = Rule::default().bytes();
    let mut acct = Bench::new(&[BuildOption::IpAcct], 0);
    assert_eq!((acct.set(ADD_BLK, &rule), acct.set(ACCT_ADD, &rule)), (-Errno::ENOPROTOOPT.0, 0));
    let mut firewall = Bench::firewall();
    assert_eq!((firewall.set(ADD_BLK, &rule), firewall.set(ACCT_ADD, &rule)), (0, -Errno::ENOPROTOOPT.0));
    for option in [63, 76, 79, 84] {
        assert_eq!(firewall.set(option, &rule), -Errno::ENOPROTOOPT.0);
    }
}

#[test]
fn accounting_counts_until_it_is_told_not_to() {
    let mut bench = Bench::new(&[BuildOption::IpAcct], 0);
    let narrow = Rule { source: (PEER, 32), destination: (US, 32), via: US, ..Rule::udp(0, &[9]) };
    bench.rule(ACCT_ADD, &Rule::default());
    bench.rule(ACCT_ADD, &narrow);
    bench.udp(US, 9);
    assert_eq!(bench.counted(), (1, 1), "nothing is refused");
    let row = "0A000002/FFFFFFFF->0A000001/FFFFFFFF 0A000001 2 0 1          1         28 9 0 0 0 0 0 0 0 0 0\n";
    let text = ip_acct_procinfo(&bench.k);
    assert!(text.starts_with(&format!("IP accounting rules\n{row}")), "{text}");
    let total = |k: &Kernel| k.firewall.acct.last().map(|rule| (rule.fw_pcnt, rule.fw_bcnt));
    assert_eq!(total(&bench.k), Some((2, 84)), "and the error that went back, 56 octets");
    bench.set(ACCT_ZERO, &[0; 4]);
    assert_eq!(total(&bench.k), Some((0, 0)));
    assert_eq!(bench.rule(ACCT_DEL, &narrow), 0);
    bench.set(ACCT_FLUSH, &[0; 4]);
    assert!(bench.k.firewall.acct.is_empty());
}

#[test]
fn accounting_sees_every_fragment() {
    let mut bench = Bench::new(&[BuildOption::IpAcct], 0);
    let rules =
        [Rule::udp(0, &[9]), Rule::udp(0, &[0]), Rule::udp(IP_FW_F_DRNG, &[0, 5]), Rule::udp(IP_FW_F_BIDIR, &[])];
    for rule in &rules {
        bench.rule(ACCT_ADD, rule);
    }
    bench.datagram(17, 0x2000, US, &[0, 99, 0, 9, 0, 40, 0, 0]);
    bench.datagram(17, 0x2001, US, &[9, 9, 0, 9, 0, 40, 0, 0]);
    let mut counters: Vec<_> =
        bench.k.firewall.acct.iter().map(|rule| (rule.fw_ndp, rule.fw_pts[0], rule.fw_pcnt, rule.fw_bcnt)).collect();
    counters.sort_unstable();
    assert_eq!(counters, [(0, 0, 2, 56), (1, 0, 1, 28), (1, 9, 1, 28), (2, 0, 1, 28)], "a later one has ports 0");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_value_and_no_packet_breaks_the_rules(
        wishes in proptest::collection::vec((60..90_i32, proptest::collection::vec(any::<u8>(), 0..64)), 0..24),
        ports in proptest::collection::vec(any::<u8>(), 0..4),
    ) {
        let mut bench = Bench::new(&[BuildOption::IpFirewall, BuildOption::IpAcct, BuildOption::IpForward], 0);
        for (option, mut value) in wishes {
            // Half of the values are long enough to be a rule; most flags must be possible ones.
            if value.len() > 30 {
                value.resize(60, 1);
                value[25] &= 1;
                let counts = [value[26] & 7, 0, value[28] & 7, 0];
                value[26..30].copy_from_slice(&counts);
            }
            bench.set(option, &value);
            for port in &ports {
                bench.udp(US, *port);
                bench.udp([10, 0, 0, 9], *port);
            }
            let firewall = &bench.k.firewall;
            let good = |rule: &IpFw| rule.fw_nsp + rule.fw_ndp <= 10 && rule.fw_flg <= 0x1ff;
            prop_assert!(firewall.block.iter().chain(&firewall.forward).chain(&firewall.acct).all(good));
        }
    }
}
