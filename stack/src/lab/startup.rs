//! What the start-up scripts of a machine do before anything else: the configuration process brings the interfaces up,
//! adds the routes and the permanent ARP entries, by real ioctl calls through the trap.

use crate::include::arp::{ATF_COM, ATF_PERM};
use crate::include::config::{Config, RouteConfig};
use crate::include::in_addr::{AF_INET, InAddr, SockaddrIn};
use crate::include::netdevice::{
    ARPHRD_ETHER, ETH_ALEN, IFF_BROADCAST, IFF_LOOPBACK, IFF_MULTICAST, IFF_RUNNING, IFF_UP,
};
use crate::include::route::{RTF_GATEWAY, RTF_MSS, RTF_UP, RTF_WINDOW};
use crate::include::sched::TaskId;
use crate::include::socket::SOCK_DGRAM;
use crate::init::Input;
use crate::kernel::call::{CallName, UserArg, UserCall};

/// Process id of the configuration process.
pub const CONFIGURATION_PID: i32 = 103;
/// Its descriptor: the socket through which it configures.
pub const CONFIGURATION_FD: i32 = 3;

const SIOCADDRT: u32 = 0x890b;
const SIOCSIFFLAGS: u32 = 0x8914;
const SIOCSIFADDR: u32 = 0x8916;
const SIOCSIFBRDADDR: u32 = 0x891a;
const SIOCSIFNETMASK: u32 = 0x891c;
const SIOCSIFMTU: u32 = 0x8922;
/// The request that writes an ARP entry down.
pub const SIOCSARP: u32 = 0x8952;

/// The inputs that take a machine from switched off to configured. The configuration process is the first task.
#[must_use]
pub fn startup(config: &Config) -> Vec<Input> {
    let mut inputs = vec![Input::Boot, Input::Process { pid: CONFIGURATION_PID, euid: 0 }];
    let mut call = |name, args| {
        inputs.push(Input::Call { task: TaskId(1), call: UserCall::new(name, args), planned: Vec::new() });
    };
    call(
        CallName::Socket,
        vec![UserArg::Int(i32::from(AF_INET)), UserArg::Int(i32::from(SOCK_DGRAM)), UserArg::Int(0)],
    );
    let mut ioctl = |command: u32, argument: Vec<u8>| {
        call(
            CallName::Ioctl,
            vec![UserArg::Int(CONFIGURATION_FD), UserArg::Int(command as i32), UserArg::InOut(argument)],
        );
    };
    ioctl(SIOCSIFFLAGS, ifreq("lo", &(IFF_UP | IFF_BROADCAST | IFF_LOOPBACK | IFF_RUNNING).to_le_bytes()));
    // ifconfig keeps what the driver has set; the recorded machine's start-up wrote the flags anew.
    let multicast = if config.ip_multicast { IFF_MULTICAST } else { 0 };
    for (number, interface) in config.interfaces.iter().enumerate() {
        let name = format!("eth{number}");
        let broadcast = interface.address | !interface.mask;
        ioctl(SIOCSIFADDR, ifreq(&name, &sockaddr(interface.address)));
        ioctl(SIOCSIFNETMASK, ifreq(&name, &sockaddr(interface.mask)));
        ioctl(SIOCSIFBRDADDR, ifreq(&name, &sockaddr(broadcast)));
        if interface.mtu != 1500 {
            ioctl(SIOCSIFMTU, ifreq(&name, &u32::from(interface.mtu).to_le_bytes()));
        }
        ioctl(SIOCSIFFLAGS, ifreq(&name, &(IFF_UP | IFF_BROADCAST | IFF_RUNNING | multicast).to_le_bytes()));
    }
    let network = InAddr::mask(8);
    ioctl(SIOCADDRT, rtentry(&direct_route(InAddr::LOOPBACK & network, network)));
    for interface in &config.interfaces {
        ioctl(SIOCADDRT, rtentry(&direct_route(interface.address & interface.mask, interface.mask)));
    }
    for route in &config.routes {
        ioctl(SIOCADDRT, rtentry(route));
    }
    for (address, hardware) in &config.arp {
        ioctl(SIOCSARP, arpreq(*address, *hardware));
    }
    inputs
}

fn direct_route(destination: InAddr, mask: InAddr) -> RouteConfig {
    RouteConfig { destination, mask, gateway: InAddr::ANY, interface: 0, mss: None, window: None }
}

fn sockaddr(address: InAddr) -> [u8; SockaddrIn::SIZE] {
    SockaddrIn { sin_family: AF_INET, sin_port: 0, sin_addr: address }.bytes()
}

/// `struct ifreq`: 16 bytes of name, 16 of value.
fn ifreq(name: &str, value: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0; 32];
    for (place, byte) in bytes.iter_mut().zip(name.bytes().take(15)) {
        *place = byte;
    }
    for (place, byte) in bytes.iter_mut().skip(16).zip(value) {
        *place = *byte;
    }
    bytes
}

/// `struct rtentry`, without a device name: the kernel finds the device from the addresses.
fn rtentry(route: &RouteConfig) -> Vec<u8> {
    let mut flags = u16::from(RTF_UP);
    for (set, flag) in
        [(!route.gateway.is_any(), RTF_GATEWAY), (route.mss.is_some(), RTF_MSS), (route.window.is_some(), RTF_WINDOW)]
    {
        if set {
            flags |= u16::from(flag);
        }
    }
    let mut bytes = vec![0; 4];
    bytes.extend_from_slice(&sockaddr(route.destination));
    bytes.extend_from_slice(&sockaddr(route.gateway));
    bytes.extend_from_slice(&sockaddr(route.mask));
    bytes.extend_from_slice(&flags.to_le_bytes());
    bytes.resize(72, 0);
    bytes.extend_from_slice(&u32::from(route.mss.unwrap_or(0)).to_le_bytes());
    bytes.extend_from_slice(&route.window.unwrap_or(0).to_le_bytes());
    bytes
}

/// `struct arpreq` of a permanent entry, as `arp -s` passes it.
#[must_use]
pub fn arpreq(address: InAddr, hardware: [u8; ETH_ALEN]) -> Vec<u8> {
    let mut bytes = sockaddr(address).to_vec();
    bytes.extend_from_slice(&ARPHRD_ETHER.to_le_bytes());
    bytes.extend_from_slice(&hardware);
    bytes.resize(32, 0);
    bytes.extend_from_slice(&(ATF_COM | ATF_PERM).to_le_bytes());
    bytes.resize(52, 0);
    bytes
}
