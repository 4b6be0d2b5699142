//! Starting a live session: addresses and programs checked, the network made or opened, the host switched on. The command line
//! and the home screen both start one here. Promise: what cannot be had is said before anything is left behind.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use rustix::process::{Signal, set_parent_process_death_signal};
use stack::include::config::{Config, InterfaceConfig};
use stack::include::in_addr::InAddr;
use stack::lab::beginning::Beginning;
use stack::lab::program::ProgramKind;

use super::addresses::addresses;
use super::headless::{End, Signals, keep_going};
use super::host_device;
use super::namespace::{Entrance, PrivateNamespace};
use super::privilege::leave_root;
use super::refusal::Refusal;
use super::session::LiveSession;
use super::unseen::UnseenSession;
use crate::i18n::{Lang, lang_of_environment};
use crate::link::configure::Cidr;
use crate::link::tap::TapDevice;
use crate::recording::of_session::{Recording, Target};
use crate::refusal::{harmless, say};

/// The network of a session: private, or the host's.
#[derive(Debug)]
pub enum Network {
    /// A network of its own, made for this session.
    Private(PrivateNamespace),
    /// A device of the host, by name.
    OfTheHost(String),
}

/// What a live session is started with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The address of the 1.2.13 host, with its prefix.
    pub address: String,
    /// The address of this machine's kernel on the device, with its prefix.
    pub peer: String,
    /// A TAP device of the host instead of a private network.
    pub tap: Option<String>,
    /// Names of the programs that run on the host.
    pub serve: Vec<String>,
    /// Where everything is recorded.
    pub record: Option<Target>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            address: "10.0.0.2/24".to_owned(),
            peer: "10.0.0.1/24".to_owned(),
            tap: None,
            serve: vec!["httpd".to_owned(), "echo".to_owned()],
            record: None,
        }
    }
}

/// A session that has been started, and what must stay open as long as it lasts.
#[derive(Debug)]
pub struct Started {
    /// The session; its host is up and its programs listen.
    pub session: LiveSession,
    /// The device once more, for whoever waits for its frames.
    pub ears: TapDevice,
    /// Its network.
    pub network: Network,
    /// The address of the host.
    pub own: Cidr,
}

impl Started {
    /// What starts commands in its private network, where it has one.
    #[must_use]
    pub fn entrance(&self) -> Option<Entrance> {
        match &self.network {
            Network::Private(namespace) => namespace.entrance().ok(),
            Network::OfTheHost(_) => None,
        }
    }

    /// How to talk to the host, as a title.
    #[must_use]
    pub fn title(&self) -> String {
        let address = self.own.address;
        match &self.network {
            Network::Private(namespace) => {
                format!("sockscope exec --session {} -- curl http://{address}/", namespace.name())
            }
            Network::OfTheHost(name) => format!("{name} · {address}"),
        }
    }
}

/// Starts a session.
///
/// # Errors
/// The device or the private network cannot be had, or an option is wrong.
pub fn start(options: &Options) -> Result<Started, Refusal> {
    let Prepared { own, programs, beginning, recording, network, device } = prepare(options)?;
    let ears = device.try_clone().map_err(|error| Refusal::device_gone(&error))?;
    let mut session = LiveSession::begin(Box::new(device), &beginning, &programs, recording, Instant::now());
    // The programs listen before anybody can ask.
    session.pump(Instant::now()).map_err(|error| Refusal::device_gone(&error))?;
    Ok(Started { session, ears, network, own })
}

/// What every session begins with.
struct Prepared {
    own: Cidr,
    programs: Vec<ProgramKind>,
    beginning: Beginning,
    recording: Option<Recording>,
    network: Network,
    device: TapDevice,
}

fn prepare(options: &Options) -> Result<Prepared, Refusal> {
    let (own, peer) = addresses(&options.address, &options.peer)?;
    let programs = programs(&options.serve)?;
    let beginning = beginning(own);
    let (network, device) = open(options, peer)?;
    // The last thing that can be refused: a file is made, or replaced, for a session that stands. A superuser's is made with
    // a superuser's rights.
    let recording = options.record.as_ref().map(|target| Recording::begin(target, &beginning)).transpose()?;
    if matches!(network, Network::OfTheHost(_)) {
        leave_root()?;
    }
    Ok(Prepared { own, programs, beginning, recording, network, device })
}

/// Runs a session without a screen until its command, its time or a signal ends it.
///
/// # Errors
/// It cannot be started, its device is gone, or its recording could not be written.
pub fn headless(options: &Options, command: &[OsString], limit: Option<Duration>) -> Result<End, Refusal> {
    let mut signals = Signals::catch().map_err(|error| Refusal::helper(&error))?;
    let Prepared { own, programs, beginning, recording, network, device } = prepare(options)?;
    let mut session = UnseenSession::begin(Box::new(device), &beginning, &programs, recording, Instant::now());
    // The programs listen before anybody can ask.
    session.go_on(Instant::now()).map_err(|error| Refusal::device_gone(&error))?;
    let child = start_command(command, &network)?;
    if child.is_none() {
        announce(&network, own, lang_of_environment());
    }
    let end = keep_going(&mut session, &mut signals, child, limit);
    let untaken = session.untaken();
    let closed = session.end();
    drop(network);
    if untaken > 0 {
        frames_untaken(untaken).remark();
    }
    let end = end?;
    closed?;
    Ok(end)
}

/// The programs by their names, each on the port of its era.
fn programs(names: &[String]) -> Result<Vec<ProgramKind>, Refusal> {
    let mut programs = Vec::new();
    for name in names.iter().filter(|name| !name.is_empty()) {
        match name.as_str() {
            "httpd" => programs.push(ProgramKind::Httpd(80)),
            "echo" => programs.extend([ProgramKind::Echo(7), ProgramKind::UdpEcho(7)]),
            "discard" => programs.extend([ProgramKind::Discard(9), ProgramKind::UdpDiscard(9)]),
            "daytime" => programs.extend([ProgramKind::Daytime(13), ProgramKind::UdpDaytime(13)]),
            "chargen" => programs.extend([ProgramKind::Chargen(19), ProgramKind::UdpChargen(19)]),
            _ => {
                let shown = harmless(name);
                return Err(Refusal::usage(
                    format!(
                        "--serve knows no program \"{shown}\": choose among httpd, echo, discard, daytime, chargen."
                    ),
                    format!("--serve 没有名为“{shown}”的程序：请从 httpd、echo、discard、daytime、chargen 中选择。"),
                ));
            }
        }
    }
    Ok(programs)
}

/// One host whose clock starts from the wall time: against a peer that lives on, initial sequence numbers must not
/// repeat from session to session.
fn beginning(own: Cidr) -> Beginning {
    let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let last = own.address.octets()[3];
    let interface = InterfaceConfig {
        mac: [2, 0, 0, 0, 0, last],
        address: InAddr(u32::from(own.address)),
        mask: InAddr(u32::from(own.netmask())),
        mtu: 1500,
    };
    let boot_time = u64::try_from(wall.as_micros()).unwrap_or(0);
    let config = Config { interfaces: vec![interface], boot_time, ..Config::default() };
    Beginning::alone("A", config)
}

fn open(options: &Options, peer: Cidr) -> Result<(Network, TapDevice), Refusal> {
    match &options.tap {
        Some(name) => {
            let device = host_device::open(name, peer)?;
            Ok((Network::OfTheHost(name.clone()), device))
        }
        None => {
            let (namespace, device) = PrivateNamespace::open(peer)?;
            Ok((Network::Private(namespace), device))
        }
    }
}

/// Starts the command given after `--`, in the private network where there is one. It ends with the program, whatever ends
/// that: by the holder of the network, or else by the signal that the kernel sends to the children of a dead parent.
fn start_command(command: &[OsString], network: &Network) -> Result<Option<Child>, Refusal> {
    let Some((program, rest)) = command.split_first() else {
        return Ok(None);
    };
    let child = match network {
        Network::Private(namespace) => {
            let entrance =
                namespace.entrance().map_err(|error| Refusal::command(&program.to_string_lossy(), &error))?;
            entrance.start(entrance.command(program).args(rest))
        }
        Network::OfTheHost(_) => {
            let mut command = Command::new(program);
            let die_with_parent = || Ok(set_parent_process_death_signal(Some(Signal::TERM))?);
            // SAFETY: between fork and exec the closure makes one system call, prctl, and touches no memory.
            unsafe { command.args(rest).pre_exec(die_with_parent) }.spawn()
        }
    };
    child.map(Some).map_err(|error| Refusal::command(&program.to_string_lossy(), &error))
}

/// So many frames that the stack sent did not leave.
fn frames_untaken(count: u64) -> Refusal {
    Refusal::usage(
        format!(
            "the device did not take {count} of the frames that the stack sent: it was down or full, and they are lost as on a cut wire."
        ),
        format!("设备没有接收协议栈发出的 {count} 帧：当时它已关闭或已满，这些帧丢失了，如同网线断开。"),
    )
}

/// What can be done now, on standard error: standard output is for data.
fn announce(network: &Network, own: Cidr, lang: Lang) {
    let address = own.address;
    let (prefix, place) = match network {
        Network::Private(namespace) => ("sockscope exec -- ", format!("session {}", namespace.name())),
        Network::OfTheHost(name) => ("", name.clone()),
    };
    match lang {
        Lang::En => say(&format!(
            "Linux 1.2.13 is at {address} ({place}). Try: {prefix}curl http://{address}/   (Ctrl-C ends it)"
        )),
        Lang::Zh => say(&format!(
            "Linux 1.2.13 的地址是 {address}（{place}）。试试：{prefix}curl http://{address}/ （Ctrl-C 结束）"
        )),
    }
}
