//! What the kernel does when it is built with multicast, firewall and accounting, which the golden scenarios leave out.

use stack::include::config::Config;
use stack::include::errno::Errno;
use stack::include::firewall::{IP_FW_F_ACCEPT, IP_FW_F_BIDIR, IP_FW_F_ICMPRPL, IP_FW_F_SRNG, IpFw};
use stack::include::in_addr::{AF_INET, InAddr, SockaddrIn};
use stack::include::netdevice::{DevId, IFF_ALLMULTI, IFF_BROADCAST, IFF_MULTICAST, IFF_UP};
use stack::include::sched::TaskId;
use stack::include::skbuff::Gfp;
use stack::include::snmp::Mib;
use stack::include::socket::SOCK_DGRAM;
use stack::init::{Input, step};
use stack::kernel::Kernel;
use stack::kernel::call::{CallName, UserArg, UserCall};
use stack::lab::machine::booted;
use stack::net::inet::dev::{dev_close, dev_open};
use stack::net::inet::igmp::is_member;
use stack::net::inet::ip_fw::{FirewallChain, FirewallUse, IpFwPkt, ip_fw_chk};
use stack::net::inet::proc::{ip_acct_procinfo, ip_fw_blk_procinfo, ip_mc_procinfo};
use stack::net::inet::skbuff::alloc_skb;
use stack::wire::checksum::internet_checksum;

const OUR_MAC: [u8; 6] = [2, 0, 0, 0, 0, 1];
const GROUP: [u8; 4] = [239, 1, 2, 3];
/// The hardware address of [`GROUP`], and of 31 other groups.
const GROUP_MAC: [u8; 6] = [1, 0, 0x5e, 1, 2, 3];
/// One of them.
const NAMESAKE: [u8; 4] = [225, 129, 2, 3];
const ALL_HOSTS: [u8; 4] = [224, 0, 0, 1];
const PEER: [u8; 4] = [10, 0, 0, 2];
const US: [u8; 4] = [10, 0, 0, 1];
const ETH0: DevId = DevId(1);
const IP_ADD_MEMBERSHIP: i32 = 35;
const IP_DROP_MEMBERSHIP: i32 = 36;
const SIOCADDMULTI: i32 = 0x8931;
const SIOCDELMULTI: i32 = 0x8932;
const UDP: u8 = 17;
const IGMP: u8 = 2;

struct Bench {
    k: Kernel,
    task: TaskId,
}

impl Bench {
    fn new(change: impl Fn(&mut Config)) -> Self {
        let mut config = Config::of_host(1);
        change(&mut config);
        let mut k = booted(config);
        step(&mut k, &Input::Process { pid: 100, euid: 0 });
        let task = TaskId(k.tasks.len() as u32 - 1);
        let mut bench = Self { k, task };
        let socket = [i32::from(AF_INET), i32::from(SOCK_DGRAM), 0].map(UserArg::Int).to_vec();
        assert_eq!(bench.call(CallName::Socket, socket), 3);
        let here = SockaddrIn { sin_family: AF_INET, sin_port: 9, sin_addr: InAddr::ANY }.bytes().to_vec();
        bench.call(CallName::Bind, vec![UserArg::Int(3), UserArg::In(here), UserArg::Int(16)]);
        bench
    }

    fn multicast() -> Self {
        Self::new(|config| config.ip_multicast = true)
    }

    fn call(&mut self, name: CallName, args: Vec<UserArg>) -> i32 {
        self.k.completions.clear();
        step(&mut self.k, &Input::Call { task: self.task, call: UserCall::new(name, args), planned: Vec::new() });
        self.k.completions.first().map_or(0, |done| done.ret)
    }

    fn membership(&mut self, option: i32, group: [u8; 4]) -> i32 {
        let mreq = UserArg::In([group, US].concat());
        let args = vec![UserArg::Int(3), UserArg::Int(0), UserArg::Int(option), mreq, UserArg::Int(8)];
        self.call(CallName::Setsockopt, args)
    }

    fn send(&mut self, to: [u8; 4]) -> i32 {
        let to = SockaddrIn { sin_family: AF_INET, sin_port: 9, sin_addr: InAddr::from_octets(to) }.bytes().to_vec();
        let data = [UserArg::Int(3), UserArg::In(vec![0; 4]), UserArg::Int(4), UserArg::Int(0)];
        self.call(CallName::Sendto, [&data[..], &[UserArg::In(to), UserArg::Int(16)]].concat())
    }

    fn datagram(saddr: [u8; 4], daddr: [u8; 4], protocol: u8, body: &[u8]) -> Vec<u8> {
        let ttl = if protocol == IGMP { 1 } else { 64 };
        let mut packet = vec![0x45, 0, 0, 20 + body.len() as u8, 0, 1, 0, 0, ttl, protocol, 0, 0];
        packet.extend_from_slice(&saddr);
        packet.extend_from_slice(&daddr);
        let check = internet_checksum(&packet).to_be_bytes();
        packet[10..12].copy_from_slice(&check);
        [&packet[..], body].concat()
    }

    fn frame(&mut self, saddr: [u8; 4], daddr: [u8; 4], protocol: u8, body: &[u8]) {
        let mac = if daddr[0] >= 224 { [1, 0, 0x5e, daddr[1] & 127, daddr[2], daddr[3]] } else { OUR_MAC };
        let packet = Self::datagram(saddr, daddr, protocol, body);
        let bytes = [&mac[..], &[2, 0, 0, 0, 0, 2, 8, 0], &packet].concat();
        step(&mut self.k, &Input::Frames(vec![(1, bytes)]));
    }

    fn udp(&mut self, daddr: [u8; 4], port: u8) {
        self.frame(PEER, daddr, UDP, &[0, 99, 0, port, 0, 8, 0, 0]);
    }

    fn igmp(&mut self, type_: u8, group: [u8; 4], daddr: [u8; 4]) {
        let mut message = [&[type_, 0, 0, 0][..], &group].concat();
        let check = internet_checksum(&message).to_be_bytes();
        message[2..4].copy_from_slice(&check);
        self.frame(PEER, daddr, IGMP, &message);
    }

    /// IP datagrams of one protocol that left, without their link headers.
    fn sent(&mut self, protocol: u8) -> Vec<Vec<u8>> {
        let frames = std::mem::take(&mut self.k.dev[1].outbox);
        frames
            .into_iter()
            .filter(|frame| frame[12..14] == [8, 0] && frame[23] == protocol)
            .map(|f| f[14..].to_vec())
            .collect()
    }

    fn count(&self, counter: Mib) -> u32 {
        self.k.stats.get(counter)
    }
}

#[test]
fn joining_reports_once_and_leaving_tells_so() {
    let mut bench = Bench::multicast();
    bench.sent(IGMP);
    assert_eq!(bench.membership(IP_ADD_MEMBERSHIP, GROUP), 0);
    let report = bench.sent(IGMP);
    assert_eq!(report.len(), 1);
    assert_eq!(
        (report[0][8], &report[0][16..20], report[0][20]),
        (1, &GROUP[..], 0x12),
        "TTL 1, to the group, a report"
    );
    assert_eq!(internet_checksum(&report[0][20..28]), 0);
    assert!(is_member(&bench.k, ETH0, InAddr::from_octets(GROUP)));
    assert_eq!(bench.membership(IP_ADD_MEMBERSHIP, GROUP), -Errno::EADDRINUSE.0);
    assert_eq!(bench.membership(IP_ADD_MEMBERSHIP, PEER), -Errno::EINVAL.0);
    let listed = "\t\t\t030201EF     1 0:00000000\n";
    assert!(ip_mc_procinfo(&bench.k).contains(listed), "{}", ip_mc_procinfo(&bench.k));
    assert_eq!(bench.membership(IP_DROP_MEMBERSHIP, GROUP), 0);
    assert_eq!(bench.sent(IGMP).iter().map(|message| message[20]).collect::<Vec<u8>>(), [0x17]);
    assert_eq!(bench.membership(IP_DROP_MEMBERSHIP, GROUP), -Errno::EADDRNOTAVAIL.0);
}

#[test]
fn a_query_draws_one_report_unless_somebody_else_is_faster() {
    let mut bench = Bench::multicast();
    bench.membership(IP_ADD_MEMBERSHIP, GROUP);
    bench.sent(IGMP);
    bench.igmp(0x11, [0; 4], ALL_HOSTS);
    assert!(bench.k.multicast.iter().any(|group| group.tm_running));
    step(&mut bench.k, &Input::Ticks(1001));
    assert_eq!(bench.sent(IGMP).len(), 1, "within ten seconds");
    bench.k.igmp_seed = 152;
    bench.igmp(0x11, [0; 4], ALL_HOSTS);
    bench.igmp(0x12, GROUP, GROUP);
    assert!(bench.k.multicast.iter().all(|group| !group.tm_running), "the other host's report is enough");
    step(&mut bench.k, &Input::Ticks(1001));
    assert!(bench.sent(IGMP).is_empty());
}

#[test]
fn closing_a_socket_leaves_its_groups() {
    let mut bench = Bench::multicast();
    bench.membership(IP_ADD_MEMBERSHIP, GROUP);
    bench.sent(IGMP);
    bench.call(CallName::Close, vec![UserArg::Int(3)]);
    assert!(!is_member(&bench.k, ETH0, InAddr::from_octets(GROUP)));
    assert_eq!(bench.sent(IGMP).len(), 1);
}

/// Datagrams that IP has seen and that UDP has delivered.
fn heard(bench: &mut Bench, group: [u8; 4]) -> (u32, u32) {
    let before = (bench.count(Mib::IpInReceives), bench.count(Mib::UdpInDatagrams));
    bench.udp(group, 9);
    (bench.count(Mib::IpInReceives) - before.0, bench.count(Mib::UdpInDatagrams) - before.1)
}

#[test]
fn the_card_hears_a_group_from_the_first_join_to_the_last_leave() {
    let mut bench = Bench::multicast();
    assert_eq!(heard(&mut bench, GROUP), (0, 0), "the card filters it");
    bench.membership(IP_ADD_MEMBERSHIP, GROUP);
    assert_eq!(heard(&mut bench, GROUP), (1, 1));
    assert_eq!(heard(&mut bench, NAMESAKE), (1, 0), "the card takes it for the other, IP does not");
    assert_eq!(heard(&mut bench, [239, 1, 2, 4]), (0, 0));
    bench.membership(IP_ADD_MEMBERSHIP, NAMESAKE);
    bench.membership(IP_DROP_MEMBERSHIP, GROUP);
    assert_eq!(heard(&mut bench, GROUP), (1, 0), "the namesake still wants the hardware address");
    bench.membership(IP_DROP_MEMBERSHIP, NAMESAKE);
    assert_eq!(heard(&mut bench, GROUP), (0, 0));
    assert_eq!(heard(&mut bench, ALL_HOSTS).0, 1, "the group of all hosts is never left");
}

#[test]
fn a_card_that_is_not_told_of_groups_hears_none() {
    let mut bench = Bench::new(|_| {});
    let mut ask = b"eth0".to_vec();
    ask.resize(18, 0);
    ask.extend_from_slice(&GROUP_MAC);
    ask.resize(32, 0);
    let ioctl = |bench: &mut Bench, command: i32, argument: &[u8]| {
        let argument = UserArg::InOut(argument.to_vec());
        bench.call(CallName::Ioctl, vec![UserArg::Int(3), UserArg::Int(command), argument])
    };
    assert_eq!(ioctl(&mut bench, SIOCADDMULTI, &ask), -Errno::EINVAL.0, "this driver cannot");
    bench.k.dev[1].flags |= IFF_ALLMULTI;
    assert_eq!(heard(&mut bench, GROUP), (1, 1), "without the option every group counts as ours");
    let mut bench = Bench::multicast();
    assert_eq!(ioctl(&mut bench, SIOCADDMULTI, &ask), 0);
    assert_eq!(heard(&mut bench, GROUP), (1, 0), "the card hears it, IP has not joined");
    assert_eq!(ioctl(&mut bench, SIOCDELMULTI, &ask), 0);
    assert_eq!(heard(&mut bench, GROUP), (0, 0));
    ask[16] = 2;
    assert_eq!(ioctl(&mut bench, SIOCADDMULTI, &ask), -Errno::EINVAL.0, "not a hardware address");
}

#[test]
fn the_filter_of_an_interface_that_was_down_is_empty() {
    let mut bench = Bench::multicast();
    bench.membership(IP_ADD_MEMBERSHIP, GROUP);
    dev_close(&mut bench.k, ETH0);
    assert!(bench.k.dev[1].mc_list.is_empty());
    bench.k.dev[1].flags = IFF_BROADCAST | IFF_MULTICAST;
    bench.k.dev[1].pa_addr = InAddr::from_octets(US);
    dev_open(&mut bench.k, ETH0);
    assert!(bench.k.dev[1].flags & IFF_UP != 0 && is_member(&bench.k, ETH0, InAddr::from_octets(GROUP)));
    assert_eq!(heard(&mut bench, GROUP), (0, 0), "IP is a member still, the card does not know");
    assert!(is_member(&bench.k, ETH0, InAddr::from_octets(ALL_HOSTS)));
    assert_eq!(heard(&mut bench, ALL_HOSTS), (0, 0), "nor does it of the group of all hosts");
}

#[test]
fn what_is_sent_to_a_joined_group_comes_back_over_lo() {
    let mut bench = Bench::multicast();
    bench.membership(IP_ADD_MEMBERSHIP, GROUP);
    assert_eq!(bench.send(GROUP), -Errno::ENETUNREACH.0, "a group needs a route like anything else");
    let (dev, any) = (ETH0, InAddr::ANY);
    stack::net::inet::route::ip_rt_add(
        &mut bench.k,
        0,
        InAddr::from_octets([224, 0, 0, 0]),
        InAddr::mask(4),
        any,
        dev,
        0,
        0,
    );
    assert_eq!(bench.send(GROUP), 4);
    let frames = std::mem::take(&mut bench.k.dev[1].outbox);
    assert_eq!(frames.last().unwrap()[..6], GROUP_MAC, "no question is asked for a group's hardware address");
    assert_eq!(frames.last().unwrap()[22], 1, "TTL 1");
    assert_eq!(bench.count(Mib::UdpInDatagrams), 1, "our own copy");
}

fn udp_rule(flags: u16, ports: [u16; 2]) -> IpFw {
    let mut rule = IpFw { fw_flg: 2 | flags, fw_ndp: 1, ..IpFw::default() };
    rule.fw_pts[..2].copy_from_slice(&ports);
    rule
}

#[test]
fn the_firewall_drops_in_silence_or_tells() {
    let mut bench = Bench::new(|config| config.ip_firewall = true);
    bench.k.firewall.block = vec![udp_rule(0, [9, 0]), udp_rule(IP_FW_F_ICMPRPL, [10, 0])];
    bench.udp(US, 9);
    assert_eq!((bench.count(Mib::UdpInDatagrams), bench.count(Mib::IcmpOutMsgs)), (0, 0));
    bench.udp(US, 10);
    assert_eq!((bench.count(Mib::UdpNoPorts), bench.count(Mib::IcmpOutDestUnreachs)), (0, 1));
    bench.udp(US, 11);
    assert_eq!(bench.count(Mib::UdpNoPorts), 1, "the policy accepts");
    assert_eq!(
        bench.k.firewall.block.iter().map(|rule| (rule.fw_pcnt, rule.fw_bcnt)).collect::<Vec<_>>(),
        [(1, 28); 2]
    );
    let text = ip_fw_blk_procinfo(&bench.k);
    assert!(text.starts_with("IP firewall block rules, default 4\n"), "{text}");
    assert_eq!(text.lines().count(), 3);
}

#[test]
fn a_router_refuses_by_its_forward_chain() {
    let mut bench = Bench::new(|config| (config.ip_firewall, config.ip_forward) = (true, true));
    bench.k.firewall.forward_policy = i32::from(IP_FW_F_ICMPRPL);
    bench.udp([10, 0, 0, 9], 9);
    assert_eq!((bench.count(Mib::IpForwDatagrams), bench.count(Mib::IcmpOutDestUnreachs)), (0, 1));
    bench.k.firewall.forward_policy = i32::from(IP_FW_F_ACCEPT);
    bench.udp([10, 0, 0, 9], 9);
    assert_eq!(bench.count(Mib::IpForwDatagrams), 1);
}

/// The verdict of one rule on a UDP datagram from 10.0.0.2:99 to 10.0.0.1:9 (or a later fragment of one).
fn verdict(rule: IpFw, later_fragment: bool) -> i32 {
    let mut bench = Bench::new(|config| config.ip_firewall = true);
    bench.k.firewall.block = vec![rule];
    let skb = alloc_skb(&mut bench.k, 60, Gfp::Atomic).unwrap();
    let packet = Bench::datagram(PEER, US, UDP, &[0, 99, 0, 9, 0, 8, 0, 0]);
    bench.k.skb[skb].put(14, &packet);
    if later_fragment {
        bench.k.skb[skb].put_u16(14 + 6, 5);
    }
    let packet = IpFwPkt::of_buffer(&bench.k, skb, 14, ETH0);
    ip_fw_chk(&mut bench.k, packet, FirewallChain::Block, FirewallUse::Decide)
}

#[test]
fn rules_compare_addresses_ports_and_interfaces() {
    let all = InAddr::BROADCAST;
    let from = |source: [u8; 4]| IpFw { fw_src: InAddr::from_octets(source), fw_smsk: all, ..udp_rule(0, [9, 0]) };
    assert_eq!(verdict(from(PEER), false), 0);
    assert_eq!(verdict(from(US), false), 1, "another source: the policy accepts");
    let reversed = IpFw { fw_flg: 2 | IP_FW_F_BIDIR, fw_ndp: 0, ..from(US) };
    assert_eq!(verdict(reversed, false), 0, "both directions");
    let range = IpFw { fw_flg: 2 | IP_FW_F_SRNG, fw_nsp: 2, fw_ndp: 0, ..udp_rule(0, [90, 110]) };
    assert_eq!(verdict(range.clone(), false), 0);
    assert_eq!(verdict(IpFw { fw_flg: 2, ..range }, false), 1, "two single ports, not a range");
    assert_eq!(verdict(IpFw { fw_flg: 1, fw_ndp: 0, ..IpFw::default() }, false), 1, "a rule for TCP");
    let via = |address: [u8; 4]| IpFw { fw_via: InAddr::from_octets(address), ..IpFw::default() };
    assert_eq!((verdict(via(US), false), verdict(via(PEER), false)), (0, 1));
    assert_eq!(verdict(IpFw::default(), true), 1, "later fragments pass unasked");
}

#[test]
fn accounting_counts_with_every_rule() {
    let mut bench = Bench::new(|config| config.ip_acct = true);
    bench.k.firewall.acct = vec![udp_rule(0, [9, 0]), IpFw::default()];
    bench.udp(US, 9);
    assert_eq!(bench.k.firewall.acct.iter().map(|rule| (rule.fw_pcnt, rule.fw_bcnt)).collect::<Vec<_>>(), [(1, 28); 2]);
    assert!(ip_acct_procinfo(&bench.k).starts_with("IP accounting rules\n00000000/00000000->"));
}
