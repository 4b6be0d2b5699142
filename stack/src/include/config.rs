//! The kernel's configuration: what was chosen before the build in the original is data chosen at boot here.

use super::in_addr::InAddr;
use super::netdevice::ETH_ALEN;

/// An Ethernet interface that is configured at boot.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct InterfaceConfig {
    /// Own hardware address.
    pub mac: [u8; ETH_ALEN],
    /// Own address.
    pub address: InAddr,
    /// Netmask.
    pub mask: InAddr,
    /// Largest datagram.
    pub mtu: u16,
}

/// A route that is added at boot.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RouteConfig {
    /// Destination.
    pub destination: InAddr,
    /// Mask; 0 for the default route.
    pub mask: InAddr,
    /// Gateway; 0 = direct.
    pub gateway: InAddr,
    /// Index of the Ethernet interface in [`Config::interfaces`].
    pub interface: usize,
    /// RTF_MSS with this value.
    pub mss: Option<u16>,
    /// RTF_WINDOW with this value.
    pub window: Option<u32>,
}

/// A part of the kernel that was compiled in or left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BuildOption {
    /// CONFIG_IP_FORWARD: what makes a host a router.
    IpForward,
    /// CONFIG_INET_SNARL: subnets of one network count as local for the MSS.
    InetSnarl,
    /// CONFIG_IP_MULTICAST: groups.
    IpMulticast,
    /// CONFIG_IP_FIREWALL: rules that refuse datagrams.
    IpFirewall,
    /// CONFIG_IP_ACCT: rules that count datagrams.
    IpAcct,
    /// CONFIG_INET_RARP: answers to stations that ask for their own address.
    InetRarp,
    /// CONFIG_TCP_NAGLE_OFF: small segments do not wait.
    TcpNagleOff,
}

impl BuildOption {
    /// All options with the words that scenes have for them.
    pub const ALL: [(Self, &'static str); 7] = [
        (Self::IpForward, "forward"),
        (Self::InetSnarl, "snarl"),
        (Self::IpMulticast, "multicast"),
        (Self::IpFirewall, "firewall"),
        (Self::IpAcct, "acct"),
        (Self::InetRarp, "rarp"),
        (Self::TcpNagleOff, "nagle_off"),
    ];

    /// The word for it in a scene.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(option, _)| *option == self).map_or("", |(_, word)| word)
    }

    /// The option of a word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(option, _)| *option)
    }
}

/// Everything that can differ between two kernels before their first input.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Config {
    /// CONFIG_IP_FORWARD.
    pub ip_forward: bool,
    /// CONFIG_INET_SNARL: subnets of one network count as local for the MSS.
    pub inet_snarl: bool,
    /// CONFIG_IP_MULTICAST.
    pub ip_multicast: bool,
    /// CONFIG_IP_FIREWALL.
    pub ip_firewall: bool,
    /// CONFIG_IP_ACCT.
    pub ip_acct: bool,
    /// CONFIG_INET_RARP.
    pub inet_rarp: bool,
    /// CONFIG_TCP_NAGLE_OFF.
    pub tcp_nagle_off: bool,
    /// Ethernet interfaces eth0, eth1 ... that the start-up scripts bring up.
    pub interfaces: Vec<InterfaceConfig>,
    /// Routes besides the network route of every interface.
    pub routes: Vec<RouteConfig>,
    /// Permanent ARP entries: address, hardware address.
    pub arp: Vec<(InAddr, [u8; ETH_ALEN])>,
    /// The cards pad received frames to the shortest length on the wire.
    pub cards_pad: bool,
    /// The cards drop frames for other hardware addresses.
    pub cards_filter: bool,
    /// Wall time of jiffy 0 in microseconds since 1970; the initial sequence numbers are read off this clock.
    pub boot_time: u64,
    /// Jiffies at power-on: 0, unless a run is to agree with one that was watched from a later moment on.
    pub first_jiffy: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            ip_forward: false,
            inet_snarl: false,
            ip_multicast: false,
            ip_firewall: false,
            ip_acct: false,
            inet_rarp: false,
            tcp_nagle_off: false,
            interfaces: Vec::new(),
            routes: Vec::new(),
            arp: Vec::new(),
            cards_pad: true,
            cards_filter: true,
            boot_time: 0,
            first_jiffy: 0,
        }
    }
}

impl Config {
    /// Wall time of power-on in microseconds since 1970: second 0 of a world.
    #[must_use]
    pub fn clock_at_power_on(&self) -> u64 {
        self.boot_time.saturating_add(u64::from(self.first_jiffy) * crate::include::seq::TICK)
    }

    /// A laboratory host: 10.0.0.N/8 on eth0, hardware address 02:00:00:00:00:N.
    #[must_use]
    pub fn of_host(number: u8) -> Self {
        let interface = InterfaceConfig {
            mac: [2, 0, 0, 0, 0, number],
            address: InAddr::from_octets([10, 0, 0, number]),
            mask: InAddr::mask(8),
            mtu: 1500,
        };
        // 8 March 1995, the day of 1.2.0, an hour apart from host to host, so that no two pick the same initial numbers.
        let boot_time = (794_620_800 + u64::from(number) * 3600) * 1_000_000;
        Self { interfaces: vec![interface], boot_time, ..Self::default() }
    }

    /// Whether a part is compiled in.
    #[must_use]
    pub fn has(&self, option: BuildOption) -> bool {
        match option {
            BuildOption::IpForward => self.ip_forward,
            BuildOption::InetSnarl => self.inet_snarl,
            BuildOption::IpMulticast => self.ip_multicast,
            BuildOption::IpFirewall => self.ip_firewall,
            BuildOption::IpAcct => self.ip_acct,
            BuildOption::InetRarp => self.inet_rarp,
            BuildOption::TcpNagleOff => self.tcp_nagle_off,
        }
    }

    /// The same kernel with some parts compiled in.
    #[must_use]
    pub fn with(mut self, options: &[BuildOption]) -> Self {
        for option in options {
            *match option {
                BuildOption::IpForward => &mut self.ip_forward,
                BuildOption::InetSnarl => &mut self.inet_snarl,
                BuildOption::IpMulticast => &mut self.ip_multicast,
                BuildOption::IpFirewall => &mut self.ip_firewall,
                BuildOption::IpAcct => &mut self.ip_acct,
                BuildOption::InetRarp => &mut self.inet_rarp,
                BuildOption::TcpNagleOff => &mut self.tcp_nagle_off,
            } = true;
        }
        self
    }
}
