//! The firewall and accounting as the superuser steers them: socket options through the trap, the order of the rules, what
//! a rule does to traffic, and what the counters say.

mod process;

use process::Bench;
use proptest::prelude::*;
use stack::include::config::{BuildOption, Config};
use stack::include::errno::Errno;
use stack::include::firewall::{
    IP_FW_F_ACCEPT, IP_FW_F_DRNG, IP_FW_F_ICMPRPL, IP_FW_F_SRNG, IP_FW_F_TCP, IP_FW_F_TCPSYN, IP_FW_F_UDP, IpFw,
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
        let mut packet = vec![0x45, 0, 0, 28, 0, 1, 0, 0, 64, 17, 0, 0];
        packet.extend_from_slice(&PEER);
        packet.extend_from_slice(&to);
        let check = internet_checksum(&packet).to_be_bytes();
        packet[10..12].copy_from_slice(&check);
        packet.extend_from_slice(&[0, 99, 0, port, 0, 8, 0, 0]);
        let frame = [&[2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0][..], &packet].concat();
        step(&mut self.k, &Input::Frames(vec![(1, frame)]));
    }

    /// What a port without a socket sees: datagrams that came through, errors that were sent.
    fn counted(&self) -> (u32, u32) {
        (self.k.stats.get(Mib::UdpNoPorts), self.k.stats.get(Mib::IcmpOutDestUnreachs))
    }
}

/// `struct ip_fwpkt`: a packet to ask about.
fn question(protocol: u8, source: [u8; 4], ports: [u16; 2], via: [u8; 4]) -> Vec<u8> {
    let mut bytes = vec![0x45, 0, 0, 40, 0, 0, 0, 0, 64, protocol, 0, 0];
    bytes.extend_from_slice(&source);
    bytes.extend_from_slice(&US);
    bytes.extend(ports.iter().flat_map(|port| port.to_be_bytes()));
    bytes.resize(28, 0);
    bytes.extend_from_slice(&via);
    bytes
}

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
fn specific_rules_go_first() {
    let mut bench = Bench::firewall();
    let order = |bench: &Bench| bench.k.firewall.block.iter().map(|rule| rule.fw_flg).collect::<Vec<_>>();
    for (flags, rule) in [
        (4, Rule::default()),
        (IP_FW_F_UDP, Rule::udp(0, &[9])),
        (IP_FW_F_UDP | 4, Rule { source: (PEER, 32), ..Rule::default() }),
        (IP_FW_F_TCP, Rule { destination: (US, 32), ..Rule::default() }),
        (IP_FW_F_TCP | 4, Rule::from([10, 0, 0, 0], 8)),
    ] {
        assert_eq!(bench.rule(ADD_BLK, &Rule { flags, ..rule }), 0);
    }
    let sorted = [IP_FW_F_UDP | 4, IP_FW_F_TCP | 4, IP_FW_F_TCP, IP_FW_F_UDP, 4];
    assert_eq!(order(&bench), sorted, "source mask, then destination mask, then ports");
    bench.rule(ADD_BLK, &Rule::default());
    assert_eq!(order(&bench)[4..], [0, 4], "among equals the newest first");
    bench.udp(US, 9);
    assert_eq!(bench.counted().0, 1, "the host's own rule accepts before the others are asked");
}

#[test]
fn a_rule_is_deleted_by_naming_it_exactly() {
    let mut bench = Bench::firewall();
    let rule = Rule::udp(0, &[9, 10]);
    bench.rule(ADD_BLK, &rule);
    bench.udp(US, 9);
    for other in [Rule::udp(0, &[9]), Rule::udp(0, &[10, 9]), Rule::udp(4, &[9, 10]), Rule { via: US, ..rule.clone() }]
    {
        assert_eq!(bench.rule(DEL_BLK, &other), -Errno::EINVAL.0);
    }
    let mut same = rule.bytes();
    same[0] = 1;
    same[34] = 5;
    same[56] = 200;
    assert_eq!(bench.set(DEL_BLK, &same), 0, "neither counters nor ports that do not count matter");
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
    assert_eq!(bench.set(POLICY_BLK, &[4; 3]), -Errno::EINVAL.0, "a policy is four octets");
    bench.set(POLICY_BLK, &4_u32.to_le_bytes());
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
    let ask = |bench: &mut Bench, option: i32, protocol: u8, port: u16, via: [u8; 4]| {
        bench.set(option, &question(protocol, PEER, [99, port], via))
    };
    assert_eq!(ask(&mut bench, CHK_BLK, 17, 9, US), -Errno::ETIMEDOUT.0, "it would vanish");
    assert_eq!(ask(&mut bench, CHK_BLK, 17, 10, US), -Errno::ECONNREFUSED.0, "its sender would be told");
    assert_eq!(ask(&mut bench, CHK_BLK, 17, 10, PEER), 0, "through another interface");
    assert_eq!(ask(&mut bench, CHK_BLK, 6, 9, US), 0);
    assert_eq!(ask(&mut bench, CHK_FWD, 17, 9, US), 0, "the other chain is empty");
    bench.rule(ADD_BLK, &Rule { flags: IP_FW_F_TCP | IP_FW_F_TCPSYN, ..Rule::default() });
    assert_eq!(ask(&mut bench, CHK_BLK, 6, 9, US), 0, "a question shows no SYN");
    assert!(bench.k.firewall.block.iter().all(|rule| rule.fw_pcnt == 0));
    let packet = question(17, PEER, [99, 9], US);
    assert_eq!(bench.set(CHK_BLK, &packet[..31]), -Errno::EINVAL.0);
    assert_eq!(bench.set(CHK_BLK, &[&packet[..], &[0]].concat()), -Errno::EINVAL.0);
    let with_options = [&[0x46], &packet[1..]].concat();
    assert_eq!(bench.set(CHK_BLK, &with_options), -Errno::EINVAL.0);
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
            let masks: Vec<u32> = firewall.block.iter().map(|rule| rule.fw_smsk.0).collect();
            prop_assert!(masks.is_sorted_by(|a, b| a >= b), "from specific to general");
        }
    }
}
