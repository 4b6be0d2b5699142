//! From a scene to a run: a script becomes a world with its journal.
//!
//! A script with `//@ host` lines is a laboratory of its own; one without is the host of packetdrill, whose peer stands in
//! the script: it is run once headless, and what entered the kernel becomes the journal.

use core::net::Ipv4Addr;

use crate::include::config::{Config, InterfaceConfig, RouteConfig};
use crate::include::in_addr::InAddr;
use crate::include::seq::TICK;
use crate::kernel::call::{CallName, UserCall};
use crate::lab::beginning::MOST_HOSTS;
use crate::lab::conformance::calls::user_call;
use crate::lab::conformance::host::{ScriptHost, kernel_address};
use crate::lab::conformance::{Failure, Reading, Run as ScriptRun, run_script};
use crate::lab::journal::{Act, HostId, Journal};
use crate::lab::program::ProgramKind;
use crate::lab::run::Run;
use crate::lab::script::Position;
use crate::lab::script::Script;
use crate::lab::script::annotation::{Annotation, Chance, FrameFate};
use crate::lab::script::ast::{Base, Call, Content, Line, ScriptEvent, Time};
use crate::lab::world::{Medium, World};
use crate::link::wire::{Fate, Wire, WireConfig};

/// A run of a script.
///
/// # Errors
/// The place in the script that cannot be run, and why.
pub fn load(script: &Script, seed: u64) -> Result<Run, Failure> {
    load_as(script, Reading::Packetdrill, seed)
}

/// The same for a script that may stand beside a recording.
///
/// # Errors
/// The same.
pub fn load_as(script: &Script, reading: Reading, seed: u64) -> Result<Run, Failure> {
    let hosts = script.lines.iter().any(|line| matches!(line.content, Content::Annotation(Annotation::Host(_))));
    if hosts { Builder::new(seed).build(script) } else { Ok(of_script_run(&run_script(script, reading)?)) }
}

/// The run of a script or frame scenario that was run headless, to be walked.
#[must_use]
pub fn of_script_run(done: &ScriptRun) -> Run {
    let world = World::new(vec![("host".to_owned(), done.config.clone())], Medium::Outside);
    let mut journal = Journal::default();
    // Second 0 of the script is second 0 of the world.
    let since = |jiffy: u32| u64::from(jiffy.saturating_sub(done.config.first_jiffy)) * TICK;
    for pid in [100, 101, 102] {
        journal.add(0, Act::Input { host: 0, input: crate::Input::Process { pid, euid: 0 } });
    }
    for (jiffy, input) in &done.inputs {
        journal.add(since(*jiffy), Act::Input { host: 0, input: input.clone() });
    }
    journal.extend(since(done.kernel.jiffies.0));
    Run::new(world, journal)
}

/// Gathers a scene with several hosts.
struct Builder {
    seed: u64,
    hosts: Vec<(String, Config)>,
    wire: WireConfig,
    acts: Vec<(u64, Act)>,
    now: u64,
    host: HostId,
    pid: u32,
    end: u64,
}

impl Builder {
    fn new(seed: u64) -> Self {
        let wire = WireConfig { seed, ..WireConfig::default() };
        Self { seed, hosts: Vec::new(), wire, acts: Vec::new(), now: 0, host: 0, pid: 0, end: 0 }
    }

    fn build(mut self, script: &Script) -> Result<Run, Failure> {
        for line in &script.lines {
            match &line.content {
                Content::Annotation(annotation) => self.annotation(line.position, annotation)?,
                Content::Event(time, event) => self.event(line, *time, event)?,
            }
        }
        let mut journal = Journal::default();
        for (time, act) in self.acts {
            journal.add(time, act);
        }
        journal.extend(self.end);
        Ok(Run::new(World::new(self.hosts, Medium::Simulated(Wire::new(self.wire))), journal))
    }

    fn host_named(&self, position: Position, name: &str) -> Result<HostId, Failure> {
        self.hosts.iter().position(|(known, _)| known == name).ok_or_else(|| {
            Failure::new(
                position,
                format!("no host is called {name:?}: a `//@ host` line must come first"),
                format!("没有名为 {name:?} 的主机：前面要有一行 `//@ host`"),
            )
        })
    }

    fn annotation(&mut self, position: Position, annotation: &Annotation) -> Result<(), Failure> {
        match annotation {
            Annotation::Host(_) if self.hosts.len() >= MOST_HOSTS => {
                let (en, zh) = (
                    format!("a scene may have at most {MOST_HOSTS} hosts"),
                    format!("一个场景最多可以有 {MOST_HOSTS} 台主机"),
                );
                return Err(Failure::new(position, en, zh));
            }
            Annotation::Host(host) => {
                let number = self.hosts.len() as u64;
                self.hosts.push((host.name.clone(), host_config(host, number, self.seed)));
            }
            Annotation::Wire(wire) => {
                let chance = |chance: Option<Chance>| chance.map_or((0, 1), |chance| (chance.times, chance.in_total));
                self.wire = WireConfig {
                    delay: wire.delay,
                    loss: chance(wire.loss),
                    duplicate: chance(wire.duplicate),
                    reorder: chance(wire.reorder),
                    corrupt: chance(wire.corrupt),
                    seed: wire.seed.unwrap_or(self.seed),
                };
            }
            Annotation::On(name) => self.host = self.host_named(position, name)?,
            Annotation::Program { host, program, words } => {
                let host = self.host_named(position, host)?;
                let program = program_kind(position, program, words)?;
                self.acts.push((self.now, Act::Start { host, program }));
            }
            Annotation::Process(pid) => self.pid = *pid,
            Annotation::Mark(name) => self.acts.push((self.now, Act::Mark(name.clone()))),
            Annotation::Frame { number, fate } => {
                let fate = match fate {
                    FrameFate::Drop => Fate::Drop,
                    FrameFate::Duplicate => Fate::Duplicate,
                    FrameFate::Corrupt => Fate::Corrupt(usize::MAX, 0x40),
                    FrameFate::Delay(time) => Fate::Delay(*time),
                };
                self.acts.push((0, Act::Fate { frame: u64::from(*number), fate }));
            }
            Annotation::Trace | Annotation::Assert(_) | Annotation::ArpOut(_) | Annotation::End => {}
            Annotation::Interrupt { .. } | Annotation::Tick { .. } | Annotation::ArpRequest { .. } => {
                return Err(Failure::new(
                    position,
                    "this line belongs to scenes with one host; here the frames come from the other hosts",
                    "这一行只用于单主机场景；这里的帧来自其他主机",
                ));
            }
        }
        Ok(())
    }

    fn event(&mut self, line: &Line, time: Time, event: &ScriptEvent) -> Result<(), Failure> {
        if let Time::At { base, start, .. } = time {
            self.now = match base {
                Base::Previous => self.now.saturating_add(start),
                Base::Script => self.now.max(start),
            };
        }
        self.end = self.end.max(self.now);
        match event {
            ScriptEvent::Call(call) => {
                let call = self.call(call, line.position)?;
                let pid = 100 + self.pid as i32;
                self.pid = 0;
                let act = Act::Call { host: self.host, pid, call, planned: Vec::new() };
                self.acts.push((self.now, act));
            }
            ScriptEvent::Command(_) => {}
            ScriptEvent::Packet(_) | ScriptEvent::Code(_) => {
                return Err(Failure::new(
                    line.position,
                    "a scene with several hosts has no packet lines: the other host sends them",
                    "多主机场景没有报文行：报文由另一台主机发送",
                ));
            }
        }
        Ok(())
    }

    /// A call of the script; here, where processes are many, fork() too: the child has the next process id from 1000 on and its
    /// parent's descriptors, and makes the calls behind `//@ pid 900`.
    fn call(&self, call: &Call, position: Position) -> Result<UserCall, Failure> {
        if call.name == "fork" && call.arguments.is_empty() {
            return Ok(UserCall::new(CallName::Fork, Vec::new()));
        }
        user_call(&self.surroundings(), call, position)
    }

    /// What `...` means on the present host: its own address, and that of the first other one.
    fn surroundings(&self) -> ScriptHost {
        let address = |host: HostId| {
            let config = self.hosts.get(host).map(|(_, config)| config);
            let address = config.and_then(|config| config.interfaces.first()).map_or(InAddr::ANY, |card| card.address);
            Ipv4Addr::from(address.0)
        };
        let other = (0..self.hosts.len()).find(|host| *host != self.host).unwrap_or(0);
        ScriptHost { local: address(self.host), remote: address(other), ..ScriptHost::default() }
    }
}

fn host_config(host: &crate::lab::script::annotation::HostLine, number: u64, seed: u64) -> Config {
    let card = InterfaceConfig {
        mac: host.hardware,
        address: kernel_address(host.address),
        mask: InAddr::mask(u32::from(host.prefix)),
        mtu: host.mtu.unwrap_or(1500),
    };
    let route = host.gateway.map(|gateway| RouteConfig {
        destination: InAddr::ANY,
        mask: InAddr::ANY,
        gateway: kernel_address(gateway),
        interface: 0,
        mss: None,
        window: None,
    });
    // The clock of every host, and with it its initial sequence numbers, comes from the seed: same numbers for the same seed.
    let boot_time = (794_620_800 + number * 3600 + seed % 86_400 * 97) * 1_000_000 + seed % 997 * 1_000;
    let config = Config { interfaces: vec![card], routes: route.into_iter().collect(), boot_time, ..Config::default() };
    config.with(&host.build)
}

fn program_kind(position: Position, name: &str, words: &[String]) -> Result<ProgramKind, Failure> {
    let wrong = || {
        Failure::new(
            position,
            format!(
                "program {name:?} with {words:?} is not known: httpd, echo, discard, daytime, chargen, or the same behind udp-, with a port, get ADDRESS [PORT], client ADDRESS PORT TEXT"
            ),
            format!(
                "不认识程序 {name:?} 及其参数 {words:?}：httpd、echo、discard、daytime、chargen 或其 udp- 形式加端口，get 地址 [端口]，client 地址 端口 文本"
            ),
        )
    };
    let port = |index: usize, usual: u16| match words.get(index) {
        Some(word) => word.parse::<u16>().map_err(|_| wrong()),
        None => Ok(usual),
    };
    let address = || words.first().and_then(|word| InAddr::parse(word)).ok_or_else(wrong);
    Ok(match name {
        "httpd" => ProgramKind::Httpd(port(0, 80)?),
        "echo" => ProgramKind::Echo(port(0, 7)?),
        "discard" => ProgramKind::Discard(port(0, 9)?),
        "daytime" => ProgramKind::Daytime(port(0, 13)?),
        "chargen" => ProgramKind::Chargen(port(0, 19)?),
        "udp-echo" => ProgramKind::UdpEcho(port(0, 7)?),
        "udp-discard" => ProgramKind::UdpDiscard(port(0, 9)?),
        "udp-daytime" => ProgramKind::UdpDaytime(port(0, 13)?),
        "udp-chargen" => ProgramKind::UdpChargen(port(0, 19)?),
        "get" => ProgramKind::Get(address()?, port(1, 80)?),
        "client" => {
            let text = words.get(2..).unwrap_or(&[]).join(" ");
            ProgramKind::Client { address: address()?, port: port(1, 7)?, text: text.into_bytes() }
        }
        _ => return Err(wrong()),
    })
}

/// The scene a person starts with: two hosts, a little web server on B, a client on A that fetches its page.
pub const FIRST_SCENE: &str = "//@ host A 10.0.0.1/8 02:00:00:00:00:01\n\
//@ host B 10.0.0.2/8 02:00:00:00:00:02\n\
//@ wire delay 5ms\n\
//@ program B httpd 80\n\
+0.10 `true`\n\
//@ program A get 10.0.0.2 80\n\
+70 `true`\n";

/// The run a person starts with.
///
/// # Errors
/// Never: the scene is part of the program (a test loads it).
pub fn first(seed: u64) -> Result<Run, Failure> {
    let script = crate::lab::script::parse(FIRST_SCENE)
        .map_err(|error| Failure::new(error.position, error.message.en.clone(), error.message.zh.clone()))?;
    load(&script, seed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::script::parse;

    #[test]
    fn a_scene_has_no_more_hosts_than_a_recording_of_it_may() {
        let host = |number: usize| format!("//@ host H{number} 10.0.0.{number}/8 02:00:00:00:00:{number:02x}\n");
        let hosts = |count: usize| (1..=count).map(host).collect::<String>();
        let scene = |count| parse(&hosts(count)).map(|script| load(&script, 1).map(|run| run.head().hosts.len()));
        assert_eq!(scene(MOST_HOSTS).ok().and_then(Result::ok), Some(MOST_HOSTS));
        assert!(scene(MOST_HOSTS + 1).is_ok_and(|scene| scene.is_err()));
    }
}
