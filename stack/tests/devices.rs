//! The device layer as its users see it: what ifconfig may ask and change, what a busy device does with frames, and that
//! no frame waits longer than it must.

use stack::include::config::{Config, InterfaceConfig};
use stack::include::errno::Errno;
use stack::include::in_addr::{AF_INET, InAddr, SockaddrIn};
use stack::include::netdevice::{IFF_BROADCAST, IFF_LOOPBACK, IFF_RUNNING, IFF_UP};
use stack::include::sched::TaskId;
use stack::init::{Input, step};
use stack::kernel::Kernel;
use stack::kernel::call::{CallName, UserArg, UserCall};
use stack::lab::machine::booted;
use stack::net::inet::dev_ioctl as ioctls;

const OURS: InAddr = InAddr(0xc0a8_0001);
const ROOT: TaskId = TaskId(2);
const GUEST: TaskId = TaskId(3);

fn machine() -> Kernel {
    let interface = InterfaceConfig { mac: [2, 0, 0, 0, 0, 1], address: OURS, mask: InAddr::mask(16), mtu: 1500 };
    let mut k = booted(Config { interfaces: vec![interface], ..Config::default() });
    for euid in [0, 500] {
        step(&mut k, &Input::Process { pid: 200 + euid as i32, euid });
    }
    for task in [ROOT, GUEST] {
        assert_eq!(call(&mut k, task, CallName::Socket, vec![int(2), int(2), int(0)]).0, 3);
    }
    k
}

fn int(value: i32) -> UserArg {
    UserArg::Int(value)
}

fn call(k: &mut Kernel, task: TaskId, name: CallName, args: Vec<UserArg>) -> (i32, Vec<Vec<u8>>) {
    step(k, &Input::Call { task, call: UserCall::new(name, args), planned: Vec::new() });
    let done = k.completions.pop().expect("the call does not sleep");
    (done.ret, k.outputs(task))
}

/// An ioctl on an interface: result and the sixteen octets behind the name.
fn ifreq(k: &mut Kernel, task: TaskId, command: u32, name: &str, value: &[u8]) -> (i32, Vec<u8>) {
    let mut request = name.as_bytes().to_vec();
    request.resize(16, 0);
    request.extend_from_slice(value);
    request.resize(32, 0);
    let (ret, out) = call(k, task, CallName::Ioctl, vec![int(3), int(command as i32), UserArg::InOut(request)]);
    (ret, out[0][16..].to_vec())
}

fn address(text: &str) -> Vec<u8> {
    let sin_addr = InAddr::parse(text).expect("an address");
    SockaddrIn { sin_family: AF_INET, sin_port: 0, sin_addr }.bytes().to_vec()
}

#[test]
fn anybody_may_ask_but_only_the_superuser_may_change() {
    let mut k = machine();
    let (ret, flags) = ifreq(&mut k, GUEST, ioctls::SIOCGIFFLAGS, "eth0", &[]);
    assert_eq!((ret, u16::from_le_bytes([flags[0], flags[1]])), (0, IFF_UP | IFF_BROADCAST | IFF_RUNNING));
    let (ret, mtu) = ifreq(&mut k, GUEST, ioctls::SIOCGIFMTU, "lo", &[]);
    assert_eq!((ret, &mtu[..4]), (0, &2000_i32.to_le_bytes()[..]));
    let (_, hardware) = ifreq(&mut k, GUEST, ioctls::SIOCGIFHWADDR, "eth0", &[]);
    assert_eq!(hardware[..8], [1, 0, 2, 0, 0, 0, 0, 1]);
    let denied = ifreq(&mut k, GUEST, ioctls::SIOCSIFADDR, "eth0", &address("10.0.0.1")).0;
    assert_eq!(denied, -Errno::EPERM.0);
    assert_eq!(k.dev[1].pa_addr, OURS);
    assert_eq!(ifreq(&mut k, GUEST, ioctls::SIOCGIFFLAGS, "eth7", &[]).0, -Errno::ENODEV.0);
}

#[test]
fn an_address_brings_the_mask_of_its_class_and_nonsense_is_refused() {
    let mut k = machine();
    assert_eq!(ifreq(&mut k, ROOT, ioctls::SIOCSIFADDR, "eth0", &address("172.16.5.9")).0, 0);
    let device = &k.dev[1];
    let shown = (device.pa_addr.to_string(), device.pa_mask.to_string(), device.pa_brdaddr.to_string());
    assert_eq!(shown, ("172.16.5.9".into(), "255.255.0.0".into(), "172.16.255.255".into()));
    let refused = [
        (ioctls::SIOCSIFNETMASK, address("255.0.255.0"), Errno::EINVAL),
        (ioctls::SIOCSIFMTU, 0_i32.to_le_bytes().to_vec(), Errno::EINVAL),
        (ioctls::SIOCSIFMTU, 3801_i32.to_le_bytes().to_vec(), Errno::EINVAL),
        (ioctls::SIOCSIFHWADDR, Vec::new(), Errno::EOPNOTSUPP),
        (ioctls::SIOCDEVPRIVATE, Vec::new(), Errno::EOPNOTSUPP),
        (ioctls::SIOCGIFSLAVE, Vec::new(), Errno::ENOENT),
        (ioctls::SIOCSIFMEM, Vec::new(), Errno::EINVAL),
    ];
    for (command, value, errno) in refused {
        assert_eq!(ifreq(&mut k, ROOT, command, "eth0", &value).0, -errno.0, "{command:x}");
    }
    assert_eq!(ifreq(&mut k, ROOT, ioctls::SIOCSIFNETMASK, "eth0", &address("255.255.255.0")).0, 0);
    assert_eq!(ifreq(&mut k, ROOT, ioctls::SIOCSIFMTU, "eth0", &3800_i32.to_le_bytes()).0, 0);
    assert_eq!((k.dev[1].pa_mask, k.dev[1].mtu), (InAddr::mask(24), 3800));
}

#[test]
fn an_interface_that_goes_down_forgets_its_address_and_its_routes() {
    let mut k = machine();
    let routes = k.rt_base.len();
    let down = (IFF_BROADCAST | IFF_RUNNING).to_le_bytes();
    assert_eq!(ifreq(&mut k, ROOT, ioctls::SIOCSIFFLAGS, "eth0", &down).0, 0);
    assert_eq!((k.dev[1].flags, k.dev[1].pa_addr, k.dev[1].pa_mask), (0, InAddr::ANY, InAddr::ANY));
    assert!(k.rt_base.len() < routes);
}

#[test]
fn with_no_flag_left_dev_close_undoes_nothing() {
    let mut k = machine();
    let routes = k.rt_base.len();
    assert_eq!(ifreq(&mut k, ROOT, ioctls::SIOCSIFFLAGS, "eth0", &[0, 0]).0, 0);
    assert_eq!((k.dev[1].flags, k.dev[1].pa_addr, k.rt_base.len()), (0, OURS, routes));
}

#[test]
fn the_loopback_stays_a_loopback_when_it_comes_up_again() {
    let mut k = machine();
    for flags in [IFF_LOOPBACK, IFF_UP] {
        ifreq(&mut k, ROOT, ioctls::SIOCSIFFLAGS, "lo", &flags.to_le_bytes());
    }
    assert_eq!(k.dev[0].flags, IFF_UP | IFF_RUNNING | IFF_LOOPBACK);
}

/// A datagram to ourselves over lo.
fn talk_to_self(k: &mut Kernel, octet: u8) {
    let to = SockaddrIn { sin_family: AF_INET, sin_port: 2000, sin_addr: InAddr::LOOPBACK }.bytes().to_vec();
    let args = vec![int(3), UserArg::In(vec![octet]), int(1), int(0), UserArg::In(to), int(16)];
    assert_eq!(call(k, ROOT, CallName::Sendto, args).0, 1);
}

#[test]
fn a_busy_device_keeps_frames_until_it_is_free_and_sends_the_oldest_first() {
    let mut k = machine();
    let any = SockaddrIn { sin_family: AF_INET, sin_port: 2000, sin_addr: InAddr::ANY }.bytes().to_vec();
    assert_eq!(call(&mut k, GUEST, CallName::Bind, vec![int(3), UserArg::In(any), int(16)]).0, 0);
    k.dev[0].tbusy = true;
    talk_to_self(&mut k, 1);
    talk_to_self(&mut k, 2);
    assert_eq!(k.dev[0].buffs.iter().map(std::collections::VecDeque::len).sum::<usize>(), 2);
    assert_eq!(k.dev[0].stats.tx_errors, 2);
    k.dev[0].tbusy = false;
    // Any frame runs the bottom half, which asks every device that is free for what it still has.
    step(&mut k, &Input::Frames(vec![(1, vec![0xff; 60])]));
    assert!(k.dev[0].buffs.iter().all(std::collections::VecDeque::is_empty));
    for expected in [1, 2] {
        let (ret, out) = call(&mut k, GUEST, CallName::Recv, vec![int(3), UserArg::Out(4), int(4), int(0)]);
        assert_eq!((ret, out[0][0]), (1, expected));
    }
}

#[test]
fn a_full_backlog_drops_until_it_is_empty() {
    let mut k = machine();
    let frame = [[0xff; 6].as_slice(), &[2, 0, 0, 0, 0, 2], &[0x12, 0x34], &[0; 46]].concat();
    let received = |k: &Kernel| k.dev[1].stats.rx_packets;
    step(&mut k, &Input::Frames(vec![(1, frame.clone()); 310]));
    assert_eq!(received(&k), 310, "the card has taken them all");
    assert_eq!((k.backlog_size, k.backlog.len(), k.in_bh), (0, 0, false));
    assert!(k.netif_dropping, "nobody has come since the queue was emptied");
    step(&mut k, &Input::Frames(vec![(1, frame)]));
    assert!(!k.netif_dropping);
}

#[test]
fn the_listing_shows_what_is_up() {
    let mut k = machine();
    // The argument points at a buffer that lies right behind it in user memory.
    let buffer = stack::include::sched::USER_BASE + 8;
    let mut conf = 64_u32.to_le_bytes().to_vec();
    conf.extend_from_slice(&buffer.to_le_bytes());
    conf.resize(8 + 64, 0);
    let args = vec![int(3), int(ioctls::SIOCGIFCONF as i32), UserArg::InOut(conf)];
    let (ret, out) = call(&mut k, GUEST, CallName::Ioctl, args);
    assert_eq!((ret, out[0][..4].to_vec()), (0, 64_u32.to_le_bytes().to_vec()));
    assert_eq!(out[0][8..12], *b"lo\0\0");
    assert_eq!(out[0][40..45], *b"eth0\0");
    assert_eq!(out[0][60..64], OURS.octets());
}
