//! A replay as a script in packetdrill's language: `<` what the stack was given, `>` what it sent, and the calls that its
//! application made, at their times. The language has no octets but zeros, and of the options only the largest segment means
//! anything to 1.2.13, so the script is run once and the windows are those of that run.
//! Promise: what comes out passes when it is run, and it sends segment by segment what the replay sent; where that cannot be, one
//! sentence says why.

use std::fmt::Write;

use stack::include::errno::Errno;
use stack::kernel::call::{CallName, UserArg, UserCall};
use stack::lab::conformance::{Reading, Run, compare, run_script};
use stack::lab::journal::Act;
use stack::lab::script::ast::{Body, Content, Packet, PacketDirection, ScriptEvent, Segment as Expected};
use stack::lab::script::{Script, parse};
use stack::wire::tcp;
use stack::wire::tcp_options::{TcpOption, TcpOptions};

use crate::capture::inject::Outcome;
use crate::capture::machine::Happened;
use crate::capture::read::FrameView;
use crate::capture::segment::Segment;
use crate::capture::{CapturedFrame, FrameDirection, link_type};
use crate::i18n::Words;
use crate::refusal::{Refusal, harmless};

/// The peer of a script that stands on the same Ethernet, of which larger segments are asked.
const NEIGHBOUR: &str = "--remote_ip=192.168.0.3\n";

/// The script of a replay of the capture named `name`.
///
/// # Errors
/// Something in it cannot be said in packetdrill's language.
pub fn script(outcome: &Outcome, name: &str) -> Result<String, Refusal> {
    let refuse = |why: Words<String>| refusal(outcome, name, &why);
    let write = |learned: &Learned| Draft::new(outcome, learned).and_then(Draft::text).map_err(&refuse);
    let draft = parse(&write(&Learned::default())?).map_err(|error| refuse(error.message))?;
    let run = run_script(&draft, Reading::Packetdrill).map_err(|failure| refuse(failure.message))?;
    if !segments(&run.script).map(numbers).eq(segments(&draft).map(numbers)) {
        return Err(refuse(other_segments()));
    }
    let text = write(&Learned::of(&run))?;
    let script = parse(&text).map_err(|error| refuse(error.message))?;
    let again = run_script(&script, Reading::Packetdrill).map_err(|failure| refuse(failure.message))?;
    if let Some(difference) = compare(&script, &again).into_iter().next() {
        return Err(refuse(difference.message));
    }
    Ok(format!(
        "// Linux 1.2.13 in the place of {}, against {} of {}: what it was given (<), sent (>) and asked.\n{text}",
        outcome.own,
        outcome.peer,
        harmless(name)
    ))
}

fn refusal(outcome: &Outcome, name: &str, why: &Words<String>) -> Refusal {
    let (own, name) = (outcome.own, harmless(name));
    Refusal::usage(
        format!("{name} with 1.2.13 in the place of {own} cannot be written as pkt: {}.", why.en.trim_end_matches('.')),
        format!("{name}（由 1.2.13 代替 {own}）无法写成 pkt：{}。", why.zh.trim_end_matches('。')),
    )
}

fn other_segments() -> Words<String> {
    Words::new(
        "without the options and octets of the capture, which the language cannot say, 1.2.13 sends other segments",
        "该语言写不出抓包中的选项和字节，而没有它们，1.2.13 会发送不同的报文段",
    )
    .owned()
}

/// The segments that a script expects.
fn segments(script: &Script) -> impl Iterator<Item = &Expected> {
    script.lines.iter().filter_map(|line| match &line.content {
        Content::Event(
            _,
            ScriptEvent::Packet(Packet { direction: PacketDirection::Outbound, body: Body::Tcp(segment), .. }),
        ) => Some(segment),
        Content::Event(..) | Content::Annotation(_) => None,
    })
}

/// What of a segment does not depend on what the language cannot say.
fn numbers(segment: &Expected) -> (u8, u32, u32, Option<u32>) {
    (segment.flags.bits, segment.sequence.start, segment.sequence.length, segment.acknowledgement)
}

/// What only a run of the script itself can tell.
#[derive(Default)]
struct Learned {
    /// The windows of the segments, in their order.
    windows: Vec<u16>,
    /// When its last call came back, in microseconds, where it had to wait.
    last_return: Option<u64>,
}

impl Learned {
    fn of(run: &Run) -> Self {
        let mut calls = run
            .script
            .lines
            .iter()
            .zip(&run.moments)
            .filter(|(line, _)| matches!(&line.content, Content::Event(_, ScriptEvent::Call(_))));
        Self {
            windows: segments(&run.script).filter_map(|segment| segment.window).collect(),
            last_return: calls.next_back().and_then(|(_, (start, end))| end.filter(|end| end > start)),
        }
    }
}

/// A call that has come back.
#[derive(Clone, Copy)]
struct Return {
    /// When, in microseconds.
    time: u64,
    ret: i32,
    /// Something of the peer arrived in the meantime: whoever makes the call has to wait for it.
    waits: bool,
}

/// The calls that have come back, in their order.
fn returns(outcome: &Outcome) -> Vec<Return> {
    let (mut returns, mut waits, mut called) = (Vec::new(), false, 0);
    for (time, happened) in &outcome.happened {
        match happened {
            Happened::Called => (waits, called) = (false, *time),
            Happened::Given => waits = true,
            Happened::Sent => waits |= *time > called,
            Happened::Returned(ret) => returns.push(Return { time: *time, ret: *ret, waits: waits || *time > called }),
        }
    }
    returns
}

/// The script as it is put together.
struct Draft<'a> {
    outcome: &'a Outcome,
    text: String,
    /// The initial sequence numbers of both.
    own: u32,
    peer: u32,
    /// The calls, with their return where they have come back.
    calls: std::vec::IntoIter<(&'a UserCall, Option<Return>)>,
    given: std::vec::IntoIter<&'a [u8]>,
    sent: std::slice::Iter<'a, CapturedFrame>,
    /// The windows of what was sent, where they are known.
    windows: std::slice::Iter<'a, u16>,
    /// When a write came back that did not in the replay.
    last_return: Option<u64>,
    /// The last accept(), which is written down when it has come back.
    accepts: bool,
}

impl<'a> Draft<'a> {
    fn new(outcome: &'a Outcome, learned: &'a Learned) -> Result<Self, Words<String>> {
        if outcome.stuck.is_some() || outcome.oops.is_some() {
            return Err(Words::new("1.2.13 does not get to its end", "1.2.13 走不到它的结尾").owned());
        }
        let mut returns = returns(outcome).into_iter();
        let (mut calls, mut given) = (Vec::new(), Vec::new());
        for (_, act) in &outcome.journal.acts {
            match act {
                Act::Call { call, .. } => calls.push((call, returns.next())),
                Act::Frames { frames, .. } => given.extend(frames.first().map(|(_, bytes)| bytes.as_slice())),
                _ => {}
            }
        }
        if calls.is_empty() {
            return Err(Words::new(
                "nobody listens there, and the language has no packet without a socket",
                "那里无人监听，而该语言里没有不属于套接字的数据包",
            )
            .owned());
        }
        let syn = |frames: &mut dyn Iterator<Item = Option<Segment<'_>>>| {
            frames.flatten().find(|segment| segment.has(tcp::SYN)).map(|segment| segment.seq)
        };
        let own = syn(&mut outcome.frames.iter().map(|frame| Segment::read(frame).ok()));
        let peer = syn(&mut given.iter().map(|bytes| segment(bytes)));
        Ok(Self {
            outcome,
            text: String::new(),
            own: own.unwrap_or(0),
            peer: peer.unwrap_or(0),
            calls: calls.into_iter(),
            given: given.into_iter(),
            sent: outcome.frames.iter(),
            windows: learned.windows.iter(),
            last_return: learned.last_return,
            accepts: false,
        })
    }

    fn text(mut self) -> Result<String, Words<String>> {
        let outcome = self.outcome;
        let (own, peer) = (outcome.wire.own().address, outcome.wire.peer().address);
        if u32::from(own) >> 8 == u32::from(peer) >> 8 {
            self.text.push_str(NEIGHBOUR);
        }
        self.text.push_str("0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n");
        for (time, happened) in &outcome.happened {
            match happened {
                Happened::Given => self.given(*time)?,
                Happened::Sent => self.sent(*time)?,
                Happened::Called => self.called(*time),
                Happened::Returned(ret) => {
                    if std::mem::take(&mut self.accepts) {
                        self.line(*time, None, &format!("accept(3, ..., ...) = {}", if *ret < 0 { -1 } else { 4 }));
                    }
                }
            }
        }
        let end = outcome.journal.horizon;
        self.line(end, None, "`true`");
        Ok(self.text)
    }

    fn line(&mut self, time: u64, until: Option<u64>, what: &str) {
        let until = until.map(|until| format!("...{}", seconds(until)));
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "{}{} {what}", seconds(time), until.unwrap_or_default());
    }

    fn called(&mut self, time: u64) {
        let Some((call, returned)) = self.calls.next() else { return };
        let until = returned.filter(|returned| returned.waits).map(|returned| returned.time);
        let result = result(returned.map_or(0, |returned| returned.ret));
        let descriptor = if self.outcome.is_client || self.asks() { 3 } else { 4 };
        let length = || call.args.get(2).map_or(0, |arg| if let UserArg::Int(length) = arg { *length } else { 0 });
        let line = match call.name {
            CallName::Bind if descriptor == 4 => "bind(3, ..., ...) = 0".to_owned(),
            CallName::Listen => "listen(3, 5) = 0".to_owned(),
            CallName::Accept => {
                self.accepts = true;
                return;
            }
            CallName::Connect if returned.is_none() => {
                self.line(time, None, "fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0");
                "connect(3, ..., ...) = -1 EINPROGRESS (Operation now in progress)".to_owned()
            }
            CallName::Connect => format!("connect(3, ..., ...) = {result}"),
            CallName::Write if returned.is_none() => match self.outcome.accepted {
                0 => return,
                accepted => format!("write({descriptor}, ..., {accepted}) = {accepted}"),
            },
            CallName::Write => format!("write({descriptor}, ..., {}) = {result}", length()),
            CallName::Read => format!("read({descriptor}, ..., {}) = {result}", length()),
            CallName::Shutdown => format!("shutdown({descriptor}, SHUT_WR) = {result}"),
            CallName::Close => format!("close({descriptor}) = {result}"),
            _ => return,
        };
        // What it had taken by the end of the capture it had taken by some time before that.
        let unknown = returned.is_none() && call.name == CallName::Write;
        let until = until.or(self.last_return.filter(|_| unknown));
        self.line(time, until, &line);
    }

    /// Whether the end that is played sends a SYN of its own accord.
    fn asks(&self) -> bool {
        self.outcome.stack.first().is_some_and(Segment::opens)
    }

    fn given(&mut self, time: u64) -> Result<(), Words<String>> {
        let Some(bytes) = self.given.next() else { return Ok(()) };
        let Some(segment) = segment(bytes) else {
            return Err(Words::new(
                "the peer's datagrams come in fragments or damaged, and the language has neither",
                "对端的数据报是分片的或已损坏，而该语言两者都写不出",
            )
            .owned());
        };
        let window = segment.window;
        let packet = self.packet('<', &segment, self.peer, self.own, &format!(" win {window}"));
        self.line(time, None, &packet);
        Ok(())
    }

    fn sent(&mut self, time: u64) -> Result<(), Words<String>> {
        let Some(Ok(segment)) = self.sent.next().map(Segment::read) else { return Ok(()) };
        let window = self.windows.next().map(|window| format!(" win {window}")).unwrap_or_default();
        let packet = self.packet('>', &segment, self.own, self.peer, &window);
        self.line(time, None, &packet);
        Ok(())
    }

    /// A packet as the language writes it; its numbers count from the initial ones.
    fn packet(&self, way: char, segment: &Segment, own: u32, other: u32, window: &str) -> String {
        let start = segment.data_start().wrapping_sub(own).wrapping_sub(u32::from(segment.has(tcp::SYN)));
        let end = start.wrapping_add(segment.length);
        let ack =
            if segment.has(tcp::ACK) { format!(" ack {}", segment.ack.wrapping_sub(other)) } else { String::new() };
        let size = TcpOptions::new(&segment.options).find_map(|option| match option {
            TcpOption::MaximumSegmentSize(size) => Some(size),
            _ => None,
        });
        let options = size.filter(|_| segment.has(tcp::SYN)).map(|size| format!(" <mss {size}>")).unwrap_or_default();
        let flags = tcp::flags_text(segment.flags & !tcp::URG);
        format!("{way} {flags} {start}:{end}({}){ack}{window}{options}", segment.length)
    }
}

/// The result of a call as the language writes it.
fn result(ret: i32) -> String {
    match ret {
        ..0 => {
            let errno = Errno(ret.saturating_neg());
            format!("-1 {} ({})", errno.name().unwrap_or("EIO"), errno.text())
        }
        _ => ret.to_string(),
    }
}

/// Microseconds as the language writes seconds.
fn seconds(time: u64) -> String {
    format!("{}.{:06}", time / 1_000_000, time % 1_000_000)
}

/// The segment in a frame that the stack was given, where it is a whole and sound one.
fn segment(bytes: &[u8]) -> Option<Segment<'_>> {
    let frame = FrameView {
        index: 1,
        offset: 0,
        time_ns: 0,
        link_type: link_type::ETHERNET,
        original_length: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
        interface: 0,
        bytes,
        direction: FrameDirection::Inbound,
    };
    Segment::read(frame).ok().filter(|segment| segment.checksum_right == Some(true))
}
