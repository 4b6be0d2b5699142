//! The journal as text: one JSON object per line, the world's beginning first, then one line per act. It rides in a
//! recording and gives the whole run back. Here lines are put together and taken apart; what a line holds is in
//! `beginning`, `act`, `call` and, where frames stand elsewhere in the file, `arrival`; its smallest parts with their limits are
//! in `value`, and what they may come to altogether in `limits`.
//!
//! Promise: what was written is read back equal, what cannot be read is refused with its line, and the version in the
//! first line says which program could. A journal is a stranger's file: nothing in it makes this program panic, count
//! beyond its numbers, or allocate more than the limits say, and every name in it comes back visible
//! ([`stack::wire::visible`]): none can drive a terminal, wherever it is shown.

mod act;
mod arrival;
mod beginning;
mod call;
mod kept;
pub mod limits;
mod value;

use serde_json::{Value, json};
use stack::include::seq::TICK;
use stack::init::Input;
use stack::lab::beginning::Beginning;
use stack::lab::journal::{Act, Journal};

use act::{act_value, host_of, read_act};
pub use arrival::{Frames, push_arrival, push_frame};
use arrival::{NoArrival, devices, is_full, read_arrival, read_full};
use beginning::{beginning_value, read_beginning};
use kept::read_kept;
pub use kept::{Kept, KeptBranch, MOST_BRANCHES, Stand, encode_kept};
use limits::{Budget, Excess};
use value::{LATEST, at_most};

/// The version of the lines. In version 1 second 0 was that of the kernel's own counter, not the moment of power-on; up to version 2
/// the frames of an act stood in its line.
pub const VERSION: u64 = 3;
/// The version of a journal behind which a session stands ([`Kept`]): who cannot read that must not open the half of it.
const VERSION_WITH_SESSION: u64 = 4;
/// The most acts that bring a process into being on one host: NR_TASKS, the most there were in 1.2.13, and every
/// process has a table of descriptors and a memory of its own.
pub const MOST_PROCESSES: usize = 128;

/// Why a journal cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JournalError {
    /// It is of a version this program does not know.
    Version,
    /// This line (from 1) makes no sense.
    Line(usize),
    /// This line (from 1) asks for more than a recording may.
    Excess(usize, Excess),
    /// This line (from 1) lets frames enter of which one is not in the file.
    Frame(usize),
}

/// The first line.
#[must_use]
pub fn encode_beginning(beginning: &Beginning) -> String {
    let mut value = beginning_value(beginning);
    value["sockscope"] = json!(VERSION);
    format!("{value}\n")
}

/// The line of an act that happened at `time`, in microseconds since the world began.
#[must_use]
pub fn encode_act(time: u64, act: &Act) -> String {
    let mut value = act_value(act);
    value["t"] = json!(time);
    format!("{value}\n")
}

/// A whole journal, with the time up to which it goes.
#[must_use]
pub fn encode(beginning: &Beginning, journal: &Journal) -> String {
    let mut text = encode_beginning(beginning);
    for (time, act) in &journal.acts {
        text.push_str(&encode_act(*time, act));
    }
    text.push_str(&encode_horizon(journal.horizon));
    text
}

/// A whole journal with a session behind it.
#[must_use]
pub fn encode_session(beginning: &Beginning, journal: &Journal, kept: &Kept) -> String {
    let text = encode(beginning, journal);
    if kept.is_empty() {
        return text;
    }
    let mut first = beginning_value(beginning);
    first["sockscope"] = json!(VERSION_WITH_SESSION);
    let rest = text.split_once('\n').map_or("", |(_, rest)| rest);
    format!("{first}\n{rest}{}", encode_kept(kept))
}

/// The line that says how far time has gone, in microseconds since the world began. A journal may have many; the
/// latest counts.
#[must_use]
pub fn encode_horizon(horizon: u64) -> String {
    format!("{}\n", json!({ "horizon": horizon }))
}

/// Reads a journal that stands alone. A last line that is cut (the program was killed) is left out.
///
/// # Errors
/// The version is unknown, a line makes no sense, or it asks for too much.
pub fn decode(text: &str) -> Result<(Beginning, Journal), JournalError> {
    decode_with(text, Frames::default(), true)
}

/// Likewise, with the frames that stand elsewhere. Unless the file is `complete`, the journal ends where the first one is missing.
///
/// # Errors
/// The version is unknown, a line makes no sense or asks for too much, or a frame is not there.
pub fn decode_with(text: &str, frames: Frames, complete: bool) -> Result<(Beginning, Journal), JournalError> {
    decode_session(text, frames, complete).map(|(beginning, journal, _)| (beginning, journal))
}

/// Likewise, with the session that stands behind it.
///
/// # Errors
/// The version is unknown, a line makes no sense or asks for too much, or a frame is not there.
pub fn decode_session(
    text: &str,
    mut frames: Frames,
    complete: bool,
) -> Result<(Beginning, Journal, Kept), JournalError> {
    let whole = text.rfind('\n').and_then(|end| text.get(..=end)).unwrap_or("");
    for (number, line) in whole.lines().enumerate().filter(|(_, line)| is_full(line)) {
        let (number, value) = read_line(number + 1, line)?;
        read_full(&value, &mut frames).ok_or(JournalError::Line(number))?;
    }
    let lines = whole.lines().enumerate().filter(|(_, line)| !is_full(line));
    let mut lines = lines.map(|(number, line)| read_line(number + 1, line));
    let (_, first) = lines.next().ok_or(JournalError::Line(1))??;
    let mut reader = Reader::of(&first, frames)?;
    for line in lines {
        let (number, value) = line?;
        match reader.read(number, &value) {
            // Where a file is cut its last frames may not be there.
            Err(JournalError::Frame(_)) if !complete => break,
            read => read?,
        }
    }
    Ok((reader.beginning, reader.journal, reader.kept))
}

/// What has been read of a journal.
struct Reader {
    beginning: Beginning,
    journal: Journal,
    kept: Kept,
    frames: Frames,
    budget: Budget,
    processes: Processes,
    /// What its times count before power-on.
    before: u64,
    /// Whether frames may stand elsewhere.
    points: bool,
}

impl Reader {
    /// Reads the first line.
    fn of(first: &Value, frames: Frames) -> Result<Self, JournalError> {
        let version = first.get("sockscope").and_then(Value::as_u64).unwrap_or(0);
        if !(1..=VERSION_WITH_SESSION).contains(&version) {
            return Err(JournalError::Version);
        }
        let beginning = read_beginning(first).ok_or(JournalError::Line(1))?;
        let power_on = beginning.hosts.iter().map(|(_, config)| u64::from(config.first_jiffy) * TICK).min();
        let budget = Budget::of(&beginning).map_err(|excess| JournalError::Excess(1, excess))?;
        Ok(Self {
            journal: Journal::default(),
            kept: Kept::default(),
            frames,
            budget,
            processes: Processes::of(&beginning),
            before: if version == 1 { power_on.unwrap_or(0) } else { 0 },
            points: version >= 3,
            beginning,
        })
    }

    /// Reads another line.
    fn read(&mut self, number: usize, value: &Value) -> Result<(), JournalError> {
        let nonsense = JournalError::Line(number);
        let excess = |excess| JournalError::Excess(number, excess);
        let time = |value: Option<&Value>| {
            let time = value.and_then(|time| at_most(time, LATEST)).ok_or(nonsense)?.saturating_sub(self.before);
            self.budget.time(time).map(|()| time).map_err(excess)
        };
        if value.get("session").is_some() {
            let act = read_kept(value, &mut self.kept).ok_or(nonsense)?;
            for number in ["t", "time", "horizon"] {
                if let Some(value) = value.get(number) {
                    time(Some(value))?;
                }
            }
            return match act {
                Some(act) if !self.processes.take(&act) => Err(nonsense),
                Some(act) => self.budget.act(&act).map_err(excess),
                None => Ok(()),
            };
        }
        if let Some(horizon) = value.get("horizon") {
            self.journal.extend(time(Some(horizon))?);
            return Ok(());
        }
        let time = time(value.get("t"))?;
        let act = match devices(value).filter(|_| self.points) {
            Some(devices) => read_arrival(value, devices, &mut self.frames).map_err(|fault| match fault {
                NoArrival::Nonsense => nonsense,
                NoArrival::Missing => JournalError::Frame(number),
            })?,
            None => read_act(value).ok_or(nonsense)?,
        };
        self.budget.act(&act).map_err(excess)?;
        if !self.processes.take(&act) {
            return Err(nonsense);
        }
        self.journal.add(time, act);
        Ok(())
    }
}

/// A line and its number, from 1.
fn read_line(number: usize, line: &str) -> Result<(usize, Value), JournalError> {
    Budget::line(number, line.len()).map_err(|excess| JournalError::Excess(number, excess))?;
    serde_json::from_str(line).map(|value| (number, value)).map_err(|_| JournalError::Line(number))
}

/// The processes that the acts of a journal may bring into being, by host and process id; `None` is a process that an
/// input makes whether or not there is one of its id.
struct Processes(Vec<Vec<Option<i32>>>);

impl Processes {
    fn of(beginning: &Beginning) -> Self {
        Self(vec![Vec::new(); beginning.hosts.len()])
    }

    /// Whether the act is about a host that is there, and the host has room for its process.
    fn take(&mut self, act: &Act) -> bool {
        let Some(host) = host_of(act) else { return true };
        let Some(known) = self.0.get_mut(host) else { return false };
        let process = match act {
            Act::Call { pid, .. } | Act::Signal { pid, .. } => Some(*pid),
            Act::Input { input: Input::Process { .. }, .. } | Act::Start { .. } => None,
            Act::Frames { .. } | Act::Input { .. } | Act::Fate { .. } => return true,
            Act::Expire { .. } | Act::Mark(_) => return true,
        };
        if process.is_none() || !known.contains(&process) {
            known.push(process);
        }
        known.len() <= MOST_PROCESSES
    }
}

#[cfg(test)]
mod tests {
    use stack::include::config::Config;
    use stack::include::config::RouteConfig;
    use stack::include::in_addr::InAddr;
    use stack::include::sched::{Arrival, PlannedInterrupt, Point, TaskId};
    use stack::include::seq::TICK;
    use stack::kernel::call::{CallName, UserArg, UserCall};
    use stack::lab::beginning::MOST_HOSTS;
    use stack::lab::program::ProgramKind;
    use stack::link::wire::{Fate, WireConfig};

    use super::limits::{LONGEST_HOST_NAME, LONGEST_LIFE, LONGEST_LINES, MOST_ACTS, MOST_PLANNED, MOST_SOCKETS};
    use super::*;

    fn beginning(wire: Option<WireConfig>) -> Beginning {
        let mut config = Config::of_host(1);
        config.ip_forward = true;
        config.inet_rarp = true;
        config.cards_filter = false;
        let gateway = InAddr::from_octets([10, 0, 0, 9]);
        let any = InAddr::ANY;
        config.routes.push(RouteConfig {
            destination: any,
            mask: any,
            gateway,
            interface: 0,
            mss: Some(512),
            window: None,
        });
        config.arp.push((gateway, [2, 0, 0, 0, 0, 9]));
        Beginning { hosts: vec![("A".to_owned(), config), ("乙 \"B\"".to_owned(), Config::of_host(2))], wire }
    }

    /// One act of every kind, with every kind of argument, program, fate and arrival.
    fn journal() -> Journal {
        let frames = vec![(1, vec![0, 1, 254, 255]), (2, Vec::new())];
        let arguments =
            vec![UserArg::Int(-1), UserArg::In(vec![1, 2]), UserArg::Out(64), UserArg::InOut(vec![9]), UserArg::Null];
        let planned = |arrival, function: Option<&str>| PlannedInterrupt {
            point: Point::MemcpyTofs,
            function: function.map(str::to_owned),
            nth: 2,
            arrival,
            seen: 0,
            done: false,
        };
        let planned = vec![planned(Arrival::Net(frames.clone()), Some("tcp_read")), planned(Arrival::Timer(3), None)];
        let server = InAddr::from_octets([10, 0, 0, 2]);
        let client = ProgramKind::Client { address: server, port: 7, text: b"\0\xff".to_vec() };
        let mut acts = vec![
            Act::Call { host: 0, pid: 7, call: UserCall::new(CallName::Recvfrom, arguments), planned },
            Act::Signal { host: 1, pid: 7, signal: 14 },
            Act::Frames { host: 1, frames },
            Act::Expire { host: 1, function: "net_timer".to_owned(), owner: "sk#2".to_owned() },
            Act::Mark("“三次握手”\n\u{1b}".to_owned()),
        ];
        let call = UserCall::new(CallName::Close, vec![UserArg::Int(3)]);
        for input in [
            Input::Boot,
            Input::Process { pid: 5, euid: 1 },
            Input::Ticks(7),
            Input::Frames(vec![(1, vec![3])]),
            Input::Call { task: TaskId(2), call, planned: Vec::new() },
            Input::Signal { task: TaskId(2), signal: 2 },
            Input::Expire(1),
        ] {
            acts.push(Act::Input { host: 0, input });
        }
        for fate in [Fate::Drop, Fate::Duplicate, Fate::Delay(5), Fate::Corrupt(3, 1), Fate::Replace(vec![1])] {
            acts.push(Act::Fate { frame: 4, fate });
        }
        let port = 9;
        for program in [
            ProgramKind::Httpd(80),
            ProgramKind::Echo(port),
            ProgramKind::Discard(port),
            ProgramKind::Daytime(port),
            ProgramKind::Chargen(port),
            ProgramKind::UdpEcho(port),
            ProgramKind::UdpDiscard(port),
            ProgramKind::UdpDaytime(port),
            ProgramKind::UdpChargen(port),
            ProgramKind::Get(server, 80),
            client,
        ] {
            acts.push(Act::Start { host: 0, program });
        }
        let mut journal = Journal::default();
        for (number, act) in acts.into_iter().enumerate() {
            journal.add(number as u64 / 2, act);
        }
        journal.extend(99_999);
        journal
    }

    #[test]
    fn every_kind_of_act_comes_back() {
        for wire in [None, Some(WireConfig { loss: (1, 10), ..WireConfig::default() })] {
            let text = encode(&beginning(wire.clone()), &journal());
            let mut journal = journal();
            for (_, act) in &mut journal.acts {
                if let Act::Mark(name) = act {
                    *name = "“三次握手”␊␛".to_owned();
                }
            }
            assert_eq!(decode(&text), Ok((beginning(wire), journal)));
        }
    }

    #[test]
    fn version_1_counted_from_jiffy_0_and_not_from_power_on() {
        let mut beginning = beginning(None);
        for (_, config) in &mut beginning.hosts {
            config.first_jiffy = 1000;
        }
        let text = encode(&beginning, &journal());
        let mut late = Journal::default();
        for (time, act) in journal().acts {
            late.add(time + 10_000_000, act);
        }
        late.extend(10_099_999);
        let old = encode(&beginning, &late).replacen("\"sockscope\":3", "\"sockscope\":1", 1);
        assert_ne!(old, text);
        assert_eq!(decode(&old), decode(&text));
    }

    /// Frames of one octet each under the numbers from 1.
    fn frames(many: u8) -> Frames {
        let mut frames = Frames::default();
        (1..=many).for_each(|number| assert!(frames.insert(number.into(), &[number])));
        frames
    }

    #[test]
    fn frames_that_stand_elsewhere_enter_in_the_order_of_their_numbers() {
        let head = encode_beginning(&beginning(None));
        let mut lines = Vec::new();
        push_arrival(&mut lines, 1_234_567_890, 0, &[(1, Vec::new())]);
        push_arrival(&mut lines, 1_234_567_891, 1, &[(2, Vec::new()), (10, Vec::new())]);
        push_frame(&mut lines, 2, &[0, 0xfe]);
        let text = format!("{head}{}", String::from_utf8(lines).unwrap());
        let act = |host, frames| Act::Frames { host, frames };
        let acts = vec![
            (1_234_567_890, act(0, vec![(1, vec![1])])),
            (1_234_567_891, act(1, vec![(2, vec![0, 0xfe]), (10, vec![3])])),
        ];
        let mut known = frames(3);
        assert!(!known.insert(3, &[9]), "another one of that number");
        known.forget(2);
        let read = decode_with(&text, known.clone(), true).unwrap().1;
        assert_eq!((read.acts, read.horizon), (acts, 1_234_567_891));
        // The same file by a program that did not know of such lines.
        let old = text.replacen("\"sockscope\":3", "\"sockscope\":2", 1);
        assert_eq!(decode_with(&old, known, true), Err(JournalError::Line(2)));
    }

    #[test]
    fn a_frame_enters_once_and_one_that_is_not_there_not_at_all() {
        let head = encode_beginning(&beginning(None));
        let enter = "{\"t\":0,\"in\":[1]}\n";
        let text = format!("{head}{}", enter.repeat(3));
        assert_eq!(decode_with(&text, frames(2), true), Err(JournalError::Frame(4)));
        assert_eq!(decode_with(&text, frames(2), false).unwrap().1.acts.len(), 2);
        assert_eq!(decode(&text), Err(JournalError::Frame(2)));
        for nonsense in ["[256]", "[-1]", "1", "[1],\"host\":9", "[1],\"host\":\"A\"", "{}"] {
            let text = format!("{head}{{\"t\":0,\"in\":{nonsense}}}\n");
            assert_eq!(decode_with(&text, frames(2), true), Err(JournalError::Line(2)), "{nonsense}");
        }
        let mut long = Frames::default();
        long.insert(1, &vec![0; value::LONGEST_FRAME + 1]);
        assert_eq!(decode_with(&format!("{head}{enter}"), long, true), Err(JournalError::Line(2)));
        for line in ["{\"frame\":1}", "{\"frame\":1,\"bytes\":\"0\"}", "{\"frame\":1,\"bytes\":\"00\"}"] {
            assert_eq!(decode_with(&format!("{head}{line}\n"), frames(1), true), Err(JournalError::Line(2)), "{line}");
        }
    }

    #[test]
    fn a_cut_last_line_is_left_out_and_nonsense_is_named() {
        let text = encode(&beginning(None), &journal());
        let lines = text.lines().count();
        let (_, cut) = decode(&text[..text.len() - 3]).unwrap();
        assert_eq!(cut.acts.len(), journal().acts.len());
        assert_eq!(decode(&format!("{text}{{}}\n")), Err(JournalError::Line(lines + 1)));
        assert_eq!(decode("{\"sockscope\":5}\n"), Err(JournalError::Version));
        assert_eq!(decode(""), Err(JournalError::Line(1)));
        assert_eq!(decode("not json\n"), Err(JournalError::Line(1)));
    }

    #[test]
    fn a_recording_cannot_name_a_host_that_is_not_there_nor_ask_for_the_moon() {
        let head = encode_beginning(&beginning(None));
        let act = encode_act(0, &Act::Signal { host: 5, pid: 1, signal: 1 });
        assert_eq!(decode(&format!("{head}{act}")), Err(JournalError::Line(2)));
        let call = UserCall::new(CallName::Read, vec![UserArg::Out(u32::MAX)]);
        let act = encode_act(0, &Act::Call { host: 0, pid: 1, call, planned: Vec::new() });
        assert_eq!(decode(&format!("{head}{act}")), Err(JournalError::Line(2)));
        let mark = |length: usize| encode_act(0, &Act::Mark("x".repeat(length)));
        assert!(decode(&format!("{head}{}", mark(1 << 16))).is_ok());
        assert_eq!(decode(&format!("{head}{}", mark((1 << 16) + 1))), Err(JournalError::Line(2)));
    }

    #[test]
    fn time_cannot_be_counted_beyond_its_numbers() {
        let head = encode_beginning(&beginning(None));
        let fate = |delay| Act::Fate { frame: 1, fate: Fate::Delay(delay) };
        assert!(decode(&format!("{head}{}", encode_act(0, &fate(LATEST)))).is_ok());
        for line in [encode_act(LATEST + 1, &fate(0)), encode_act(0, &fate(u64::MAX)), encode_horizon(u64::MAX)] {
            assert_eq!(decode(&format!("{head}{line}")), Err(JournalError::Line(2)), "{line}");
        }
        let slow = beginning(Some(WireConfig { delay: LATEST + 1, ..WireConfig::default() }));
        assert_eq!(decode(&encode_beginning(&slow)), Err(JournalError::Line(1)));
    }

    #[test]
    fn what_a_journal_asks_for_altogether_is_limited() {
        let head = encode_beginning(&beginning(None));
        let excess = |lines: &str, excess| {
            let line = lines.lines().count() + 1;
            assert_eq!(decode(&format!("{head}{lines}")), Err(JournalError::Excess(line, excess)));
            let most = excess.at_most();
            assert!(most.en.contains(|digit: char| digit.is_ascii_digit()) && most.zh != most.en);
        };
        let one = |call: UserCall, planned| encode_act(0, &Act::Call { host: 0, pid: 7, call, planned });
        let call = |args| one(UserCall::new(CallName::Read, args), Vec::new());
        let ticks = |ticks| encode_act(0, &Act::Input { host: 0, input: Input::Ticks(ticks) });
        // Two hosts share the time.
        assert!(decode(&format!("{head}{}", encode_horizon(LONGEST_LIFE / 2))).is_ok());
        excess(&encode_horizon(LONGEST_LIFE / 2 + 1), Excess::Time);
        excess(&encode_act(LONGEST_LIFE / 2 + 1, &Act::Mark(String::new())), Excess::Time);
        excess(&ticks(u32::MAX), Excess::Time);
        excess(&ticks((LONGEST_LIFE / TICK) as u32).repeat(2), Excess::Time);
        let socket = one(UserCall::new(CallName::Socket, Vec::new()), Vec::new());
        assert!(decode(&format!("{head}{}", socket.repeat(MOST_SOCKETS))).is_ok());
        excess(&socket.repeat(MOST_SOCKETS + 1), Excess::Sockets);
        excess(&call(Vec::new()).repeat(MOST_ACTS + 1), Excess::Acts);
        excess(&call(vec![UserArg::Out(1 << 22); 3]), Excess::Octets);
        excess(&call(vec![UserArg::Out(1 << 22); 2]).repeat(129), Excess::Octets);
        let interrupt =
            |arrival| PlannedInterrupt { point: Point::Kmalloc, function: None, nth: 1, arrival, seen: 0, done: false };
        let planned = |planned| one(UserCall::new(CallName::Close, Vec::new()), planned);
        excess(&planned(vec![interrupt(Arrival::Net(Vec::new())); MOST_PLANNED + 1]), Excess::Planned);
        excess(&planned(vec![interrupt(Arrival::Timer(1 << 20)); 2]), Excess::Planned);
        excess(&format!("{}\n", " ".repeat(LONGEST_LINES.1 + 1)), Excess::Line);
        // Frames are as many as the file has room for.
        let frame = encode_act(0, &Act::Frames { host: 0, frames: vec![(1, vec![0; 60])] });
        assert!(decode(&format!("{head}{}", frame.repeat(MOST_ACTS + 1))).is_ok());
    }

    #[test]
    fn a_world_is_not_larger_than_a_machine_holds() {
        let refused = |beginning: &Beginning| match decode(&encode_beginning(beginning)) {
            Err(JournalError::Excess(1, excess)) => excess,
            other => panic!("{other:?}"),
        };
        let hosts = |count: usize, config: &Config| Beginning {
            hosts: (0..count).map(|number| (format!("h{number}"), config.clone())).collect(),
            wire: None,
        };
        let plain = Config::of_host(1);
        assert!(decode(&encode_beginning(&hosts(MOST_HOSTS, &plain))).is_ok());
        assert_eq!(refused(&hosts(MOST_HOSTS + 1, &plain)), Excess::Hosts);
        let mut cards = plain.clone();
        cards.interfaces = vec![plain.interfaces[0].clone(); 9];
        assert_eq!(refused(&hosts(8, &cards)), Excess::Interfaces);
        let mut neighbours = plain.clone();
        neighbours.arp = vec![(InAddr::ANY, [0; 6]); 300];
        assert_eq!(refused(&hosts(8, &neighbours)), Excess::Entries);
        let mut named = hosts(1, &plain);
        named.hosts[0].0 = "n".repeat(LONGEST_HOST_NAME + 1);
        assert_eq!(refused(&named), Excess::Name);
        neighbours.arp = vec![(InAddr::ANY, [0; 6]); 4_096];
        assert_eq!(refused(&hosts(32, &neighbours)), Excess::Line);
    }

    #[test]
    fn no_name_drives_a_terminal() {
        let evil = "\u{1b}]0;\u{7}\u{9b}31m\u{202e}";
        let mut named = beginning(None);
        named.hosts[0].0 = evil.to_owned();
        let mark = encode_act(0, &Act::Mark(evil.to_owned()));
        let (read, journal) = decode(&format!("{}{mark}", encode_beginning(&named))).unwrap();
        let shown = "␛]0;␇⟨009B⟩31m⟨202E⟩";
        assert_eq!(read.hosts[0].0, shown);
        assert_eq!(journal.acts[0].1, Act::Mark(shown.to_owned()));
    }

    #[test]
    fn a_host_has_no_more_processes_than_the_original_had_room_for() {
        let head = encode_beginning(&beginning(None));
        let of = |host, pid| encode_act(0, &Act::Signal { host, pid, signal: 1 });
        let full: String = (0..MOST_PROCESSES).map(|pid| of(0, pid as i32)).collect();
        assert!(decode(&format!("{head}{full}{}{}", of(0, 5), of(1, 5))).is_ok());
        let line = MOST_PROCESSES + 2;
        assert_eq!(decode(&format!("{head}{full}{}", of(0, 9_999))), Err(JournalError::Line(line)));
        let start = encode_act(0, &Act::Start { host: 0, program: ProgramKind::Echo(7) });
        assert_eq!(decode(&format!("{head}{full}{start}")), Err(JournalError::Line(line)));
    }
}
