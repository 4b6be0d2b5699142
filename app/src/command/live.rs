//! `sockscope live`: the 1.2.13 host on a real device, with the running kernel of this machine as its peer.

use std::ffi::OsString;
use std::io::IsTerminal;
use std::process::{Child, Command, ExitCode};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use clap::{Args, FromArgMatches};
use stack::include::config::{Config, InterfaceConfig};
use stack::include::in_addr::InAddr;
use stack::lab::program::ProgramKind;

use super::lab::{ScreenArguments, show};
use crate::i18n::{Lang, lang_of_environment};
use crate::link::configure::Cidr;
use crate::link::tap::TapDevice;
use crate::live::headless::{End, Signals, keep_going};
use crate::live::host_device;
use crate::live::namespace::PrivateNamespace;
use crate::live::refusal::Refusal;
use crate::live::session::LiveSession;
use crate::recording::journal::Beginning;
use crate::recording::of_session::Recording;
use crate::refusal::harmless;
use crate::session::Walk;
use crate::session::live::Live;

const EXAMPLES: &str = "Examples:
  sockscope live -- curl -s http://10.0.0.2/   run one command against the stack, no root needed
  sockscope live --headless                    keep it running; then: sockscope exec -- ping 10.0.0.2
  sockscope live --record talk.pcapng --for 60 record a minute
  sudo sockscope live --tap tap0 --headless    a device of the host itself";

/// The arguments of `live`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Use (or make) this TAP device of the host instead of a private network
    #[arg(long, value_name = "NAME")]
    pub tap: Option<String>,
    /// The address of the 1.2.13 host
    #[arg(long, value_name = "CIDR", default_value = "10.0.0.2/24")]
    pub address: String,
    /// The address of this machine's kernel on the device
    #[arg(long, value_name = "CIDR", default_value = "10.0.0.1/24")]
    pub peer: String,
    /// Without the screen
    #[arg(long)]
    pub headless: bool,
    /// Record every frame and the whole journal as pcapng
    #[arg(long, value_name = "FILE")]
    pub record: Option<String>,
    /// Programs on the 1.2.13 host: httpd, echo, discard, daytime, chargen
    #[arg(long, value_name = "NAMES", value_delimiter = ',', default_value = "httpd,echo")]
    pub serve: Vec<String>,
    /// End after this many seconds
    #[arg(long = "for", value_name = "SECONDS")]
    pub seconds: Option<u32>,
    /// How the screen looks
    #[command(flatten)]
    pub screen: ScreenArguments,
    /// A command to run in the private network; its status becomes the exit code
    #[arg(last = true, value_name = "CMD")]
    pub command: Vec<OsString>,
}

/// Runs the command.
#[must_use]
pub fn run(arguments: &Arguments) -> ExitCode {
    let headless = arguments.headless || !arguments.command.is_empty() || !std::io::stdout().is_terminal();
    if !headless {
        return show(&arguments.screen, || on_screen(arguments).map(Some));
    }
    match live(arguments) {
        Ok(end) => {
            if let End::Oops(story) = &end {
                let english = format!("1.2.13 would have crashed here: {story}");
                let chinese = format!("1.2.13 会在这里崩溃：{story}");
                let _usage = Refusal::usage(english, chinese).say();
            }
            ExitCode::from(end.exit_code())
        }
        Err(refusal) => refusal.say(),
    }
}

/// The network of a session: private, or the host's.
#[derive(Debug)]
enum Network {
    Private(PrivateNamespace),
    OfTheHost(String),
}

/// The arguments of `live` as they are when none is given.
///
/// # Errors
/// Never: every argument has a value of its own.
pub fn standard_arguments() -> Result<Arguments, clap::Error> {
    let command = Arguments::augment_args(clap::Command::new("live"));
    Arguments::from_arg_matches(&command.try_get_matches_from(["live"])?)
}

/// A live session as a run that the screen can show.
///
/// # Errors
/// The device or the private network cannot be had, or an argument is wrong.
pub fn on_screen(arguments: &Arguments) -> Result<Box<dyn crate::session::contract::Run>, Refusal> {
    let (own, peer) = addresses(arguments)?;
    let programs = programs(&arguments.serve)?;
    let beginning = beginning(own);
    let recording = arguments.record.as_deref().map(|path| Recording::begin(path, &beginning)).transpose()?;
    let (network, device) = open(arguments, peer)?;
    let ears = device.try_clone().map_err(|error| Refusal::device_gone(&error))?;
    let mut session = LiveSession::begin(Box::new(device), &beginning, &programs, recording, Instant::now());
    session.pump(Instant::now()).map_err(|error| Refusal::device_gone(&error))?;
    let private = match &network {
        Network::Private(namespace) => Some(namespace.name().to_owned()),
        Network::OfTheHost(_) => None,
    };
    let title = match &network {
        Network::Private(namespace) => {
            format!("sockscope exec --session {} -- curl http://{}/", namespace.name(), own.address)
        }
        Network::OfTheHost(name) => format!("{name} · {}", own.address),
    };
    Ok(Box::new(Walk::live(title, Live::new(session, ears, Box::new(network), private.as_deref()))))
}

fn live(arguments: &Arguments) -> Result<End, Refusal> {
    let (own, peer) = addresses(arguments)?;
    let programs = programs(&arguments.serve)?;
    let beginning = beginning(own);
    let recording = arguments.record.as_deref().map(|path| Recording::begin(path, &beginning)).transpose()?;
    let mut signals = Signals::catch().map_err(|error| Refusal::helper(&error))?;
    let (network, device) = open(arguments, peer)?;
    let mut session = LiveSession::begin(Box::new(device), &beginning, &programs, recording, Instant::now());
    // The programs listen before the command can ask.
    session.pump(Instant::now()).map_err(|error| Refusal::device_gone(&error))?;
    let child = start_command(arguments, &network)?;
    if child.is_none() {
        announce(&network, own, lang_of_environment());
    }
    let limit = arguments.seconds.map(|seconds| Duration::from_secs(seconds.into()));
    let end = keep_going(&mut session, &mut signals, child, limit);
    let closed = session.end();
    drop(network);
    let end = end?;
    closed?;
    Ok(end)
}

fn addresses(arguments: &Arguments) -> Result<(Cidr, Cidr), Refusal> {
    let read = |option: &str, text: &str| Cidr::parse(text).ok_or_else(|| not_an_address(option, text));
    let own = read("--address", &arguments.address)?;
    let peer = read("--peer", &arguments.peer)?;
    if own.address == peer.address || !peer.contains(own.address) || !own.contains(peer.address) {
        return Err(Refusal::usage(
            format!(
                "--address {own} and --peer {peer} must be two addresses of one network, such as 10.0.0.2/24 and 10.0.0.1/24."
            ),
            format!("--address {own} 与 --peer {peer} 必须是同一网络的两个地址，例如 10.0.0.2/24 和 10.0.0.1/24。"),
        ));
    }
    Ok((own, peer))
}

fn not_an_address(option: &str, text: &str) -> Refusal {
    let shown = harmless(text);
    Refusal::usage(
        format!("{option} \"{shown}\" is no address with a prefix: give one such as 10.0.0.2/24."),
        format!("{option} “{shown}”不是带前缀的地址：请写成例如 10.0.0.2/24。"),
    )
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
    Beginning { hosts: vec![("A".to_owned(), config)], wire: None }
}

fn open(arguments: &Arguments, peer: Cidr) -> Result<(Network, TapDevice), Refusal> {
    match &arguments.tap {
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

/// Starts the command given after `--`, in the private network where there is one.
fn start_command(arguments: &Arguments, network: &Network) -> Result<Option<Child>, Refusal> {
    let Some((program, rest)) = arguments.command.split_first() else {
        return Ok(None);
    };
    let mut command = match network {
        Network::Private(namespace) => {
            let mut exec = Command::new("/proc/self/exe");
            exec.args(["exec", "--session", namespace.name(), "--"]).arg(program);
            exec
        }
        Network::OfTheHost(_) => Command::new(program),
    };
    let child = command.args(rest).spawn();
    child.map(Some).map_err(|error| Refusal::command(&program.to_string_lossy(), &error))
}

/// What can be done now, on standard error: standard output is for data.
fn announce(network: &Network, own: Cidr, lang: Lang) {
    let address = own.address;
    let (prefix, place) = match network {
        Network::Private(namespace) => ("sockscope exec -- ", format!("session {}", namespace.name())),
        Network::OfTheHost(name) => ("", name.clone()),
    };
    match lang {
        Lang::En => eprintln!(
            "sockscope: Linux 1.2.13 is at {address} ({place}). Try: {prefix}curl http://{address}/   (Ctrl-C ends it)"
        ),
        Lang::Zh => eprintln!(
            "sockscope：Linux 1.2.13 的地址是 {address}（{place}）。试试：{prefix}curl http://{address}/ （Ctrl-C 结束）"
        ),
    }
}
