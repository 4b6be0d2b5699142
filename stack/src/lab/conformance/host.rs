//! The host of a script and what stands around it: addresses, hardware addresses, ports, and the kernel configuration
//! that follows from the options of the script.

use core::net::Ipv4Addr;
use core::num::NonZeroU16;

use super::failure::Failure;
use super::flow::Flow;
use super::reading::{PACKETDRILL, READING};
use crate::include::config::{BuildOption, Config, InterfaceConfig, RouteConfig};
use crate::include::in_addr::InAddr;
use crate::lab::script::Script;
use crate::lab::script::ast::ScriptOption;
use crate::lab::script::frame_scenario::FrameConfiguration;

/// Jiffies between boot and script time 0 on the kernel's own counter.
pub const FIRST_JIFFY: u32 = 1000;
/// The clock at script time 0 in microseconds, where a script does not say.
const USUAL_CLOCK: u64 = 1_000_000_000;
/// Hardware address of the card.
pub const OUR_HARDWARE: [u8; 6] = [2, 0, 0, 0, 0, 1];

/// Bit of `pad`: the card pads received frames.
const PADS: u32 = 1;
/// Bit of `pad`: the card's address filter is off.
const UNFILTERED: u32 = 2;

/// The host and its surroundings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptHost {
    /// Our address.
    pub local: Ipv4Addr,
    /// The usual peer.
    pub remote: Ipv4Addr,
    /// The default gateway.
    pub gateway: Option<Ipv4Addr>,
    /// Mask of our network.
    pub mask: Ipv4Addr,
    /// MTU of the card.
    pub mtu: u16,
    /// The clock at script time 0 in microseconds.
    pub clock: u64,
    /// Port of `bind(..., ...)`.
    pub bind_port: u16,
    /// Port of `connect(..., ...)`.
    pub connect_port: u16,
    /// The peer's port on an inbound connection.
    pub remote_port: u16,
    /// RTF_MSS of the default route.
    pub route_mss: Option<u16>,
    /// RTF_WINDOW of the default route.
    pub route_window: Option<u32>,
    /// A packet line stands for one segment only.
    pub strict_segments: bool,
    /// Parts that are compiled in.
    pub build: Vec<BuildOption>,
}

impl Default for ScriptHost {
    fn default() -> Self {
        ScriptHost {
            local: Ipv4Addr::new(192, 168, 0, 1),
            remote: Ipv4Addr::new(192, 0, 2, 1),
            gateway: Some(Ipv4Addr::new(192, 168, 0, 2)),
            mask: Ipv4Addr::new(255, 255, 0, 0),
            mtu: 1500,
            clock: USUAL_CLOCK,
            bind_port: 8080,
            connect_port: 8080,
            remote_port: 40001,
            route_mss: None,
            route_window: None,
            strict_segments: false,
            build: Vec::new(),
        }
    }
}

impl ScriptHost {
    /// The host that the options of a script describe.
    ///
    /// # Errors
    /// An option this program does not know, or a value that does not fit.
    pub fn of(script: &Script) -> Result<Self, Failure> {
        let mut host = ScriptHost::default();
        for option in &script.options {
            host.set(option)?;
        }
        Ok(host)
    }

    fn set(&mut self, option: &ScriptOption) -> Result<(), Failure> {
        match option.name.as_str() {
            "local_ip" => self.local = value(option)?,
            "remote_ip" => self.remote = without_prefix(option)?,
            "gateway_ip" if option.value.as_deref() == Some("none") => self.gateway = None,
            "gateway_ip" => self.gateway = Some(value(option)?),
            "netmask_ip" => self.mask = value(option)?,
            "mtu" => self.mtu = value(option)?,
            "isn" => self.clock = u64::from(value::<u32>(option)?),
            "bind_port" => self.bind_port = value::<NonZeroU16>(option)?.get(),
            "connect_port" => self.connect_port = value::<NonZeroU16>(option)?.get(),
            "remote_port" => self.remote_port = value(option)?,
            "route_mss" => self.route_mss = Some(value(option)?),
            "route_window" => self.route_window = Some(value(option)?),
            "strict_segments" => self.strict_segments = option.value.as_deref() != Some("0"),
            READING if option.value.as_deref() == Some(PACKETDRILL) => {}
            // packetdrill's tolerances are the judge's, its environment has no meaning on a virtual clock.
            "ip_version" if option.value.as_deref() != Some("ipv4") => {
                let (english, chinese) = ("1.2.13 speaks IPv4 and nothing else", "1.2.13 只支持 IPv4");
                return Err(Failure::new(option.position, english, chinese));
            }
            "psp_udp_port" => {
                return Err(Failure::new(
                    option.position,
                    "1.2.13 does not speak PSP, which encrypts TCP: take the option and the calls of PSP out",
                    "1.2.13 不支持为 TCP 加密的 PSP：请去掉该选项和 PSP 的调用",
                ));
            }
            "ip_version" | "tolerance_usecs" | "tolerance_percent" | "tcp_ts_tick_usecs" | "tcp_ts_ecr_scaled"
            | "non_fatal" | "mss" | "verbose" | "v" | "dry_run" | "send_omit_free" | "is_anyip" | "code_command"
            | "code_sockopt" | "code_format" | "speed" | "init_scripts" | "so_filename" | "so_flags" | "define"
            | "debug" => {}
            word if word.starts_with("wire_") => {}
            word => {
                let part = BuildOption::of_word(word).ok_or_else(|| Failure::option(option))?;
                self.build.retain(|known| *known != part);
                if option.value.as_deref() != Some("0") {
                    self.build.push(part);
                }
            }
        }
        Ok(())
    }

    /// The flow of lines without ports, as long as nothing has been connected.
    #[must_use]
    pub fn server_flow(&self) -> Flow {
        Flow { local: self.bind_port, remote: self.remote_port }
    }

    /// Whether an address is on our network.
    #[must_use]
    pub fn is_on_link(&self, address: Ipv4Addr) -> bool {
        let mask = u32::from(self.mask);
        u32::from(address) & mask == u32::from(self.local) & mask
    }

    /// The gateway, which has to be somebody else on this wire. packetdrill's device is a tunnel, which asks nobody for a
    /// hardware address, and scripts name our own address there, or take ours from the one that is usual: a neighbour stands
    /// in for it then.
    fn router(&self) -> Option<Ipv4Addr> {
        const OTHER: u32 = 3;
        self.gateway.map(
            |gateway| {
                if gateway == self.local { Ipv4Addr::from(u32::from(gateway) ^ OTHER) } else { gateway }
            },
        )
    }

    /// The hardware address that frames of a sender come from: its own, or the gateway's.
    #[must_use]
    pub fn hardware_of(&self, sender: Ipv4Addr) -> [u8; 6] {
        let gateway = self.router().unwrap_or(Ipv4Addr::new(192, 168, 0, 2));
        let neighbour = if self.is_on_link(sender) { sender } else { gateway };
        let [.., last] = neighbour.octets();
        [2, 0, 0, 0, 0, last]
    }

    /// The kernel this host runs.
    #[must_use]
    pub fn kernel_configuration(&self) -> Config {
        let card = InterfaceConfig {
            mac: OUR_HARDWARE,
            address: kernel_address(self.local),
            mask: kernel_address(self.mask),
            mtu: self.mtu,
        };
        let mut arp = Vec::new();
        for neighbour in [self.router(), self.is_on_link(self.remote).then_some(self.remote)].into_iter().flatten() {
            let entry = (kernel_address(neighbour), self.hardware_of(neighbour));
            if !arp.contains(&entry) {
                arp.push(entry);
            }
        }
        let config = Config {
            interfaces: vec![card],
            routes: self.default_route().into_iter().collect(),
            arp,
            boot_time: self.boot_time(),
            ..Config::default()
        };
        config.with(&self.build)
    }

    fn default_route(&self) -> Option<RouteConfig> {
        self.router().map(|gateway| RouteConfig {
            destination: kernel_address(Ipv4Addr::UNSPECIFIED),
            mask: kernel_address(Ipv4Addr::UNSPECIFIED),
            gateway: kernel_address(gateway),
            interface: 0,
            mss: self.route_mss,
            window: self.route_window,
        })
    }

    /// The clock at jiffy 0; one turn of the 32-bit sequence clock is added where it would lie before 1970.
    fn boot_time(&self) -> u64 {
        let before = u64::from(FIRST_JIFFY) * crate::include::seq::TICK;
        self.clock.checked_sub(before).unwrap_or_else(|| self.clock + (1 << 32) - before)
    }

    /// The kernel that a frame scenario runs on.
    #[must_use]
    pub fn frame_configuration(scenario: &FrameConfiguration) -> Config {
        let mut host = ScriptHost { build: scenario.build.clone(), ..ScriptHost::default() };
        host.mtu = scenario.mtu.unwrap_or(host.mtu);
        if !scenario.gateway {
            host.gateway = None;
        }
        let mut config = host.kernel_configuration();
        if !scenario.static_arp {
            config.arp.clear();
        }
        config.arp.extend(scenario.arp.iter().map(|(address, hardware)| (kernel_address(*address), *hardware)));
        config.cards_pad = scenario.pad & PADS != 0;
        config.cards_filter = scenario.pad & UNFILTERED == 0;
        for interface in &scenario.interfaces {
            config.interfaces.push(InterfaceConfig {
                mac: interface.hardware,
                address: kernel_address(interface.address),
                mask: kernel_address(interface.mask),
                mtu: interface.mtu.unwrap_or(1500),
            });
        }
        config
    }
}

/// An address as the kernel holds it.
#[must_use]
pub fn kernel_address(address: Ipv4Addr) -> InAddr {
    InAddr::from_octets(address.octets())
}

/// An address, behind which packetdrill lets the length of a prefix stand.
fn without_prefix(option: &ScriptOption) -> Result<Ipv4Addr, Failure> {
    let text = option.value.as_deref().unwrap_or("");
    let (address, prefix) = text.split_once('/').unwrap_or((text, "32"));
    let fits = prefix.parse().is_ok_and(|length: u8| length <= 32);
    address.parse().ok().filter(|_| fits).ok_or_else(|| Failure::option(option))
}

fn value<T: std::str::FromStr>(option: &ScriptOption) -> Result<T, Failure> {
    option.value.as_deref().and_then(|text| text.parse().ok()).ok_or_else(|| Failure::option(option))
}
