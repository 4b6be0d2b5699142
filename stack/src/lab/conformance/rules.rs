//! What packetdrill demands of a script beyond its grammar: most of it before anything runs, and of a segment with a time
//! stamp when its turn has come. A script that stands beside a recording is not held to it, and neither is an option that is
//! written as `raw`: packetdrill has no word for that, so what it means is ours to say.
//!
//! Promise: [`check`] runs nothing and changes nothing, so that it is all there is to `--dry_run`.

use super::failure::Failure;
use super::host::ScriptHost;
use super::reading::{Reading, Tolerance, packets_only_warn};
use crate::lab::script::ast::{
    Body, Congestion, Content, Flags, IcmpMessage, Packet, PacketDirection, Quote, ScriptEvent, Segment, TcpOption,
    TcpOptions,
};
use crate::lab::script::{Position, Script};
use crate::wire::{icmp, ipv4, tcp, udp};
use crate::words::Words;

/// A TCP header is so many bytes long, or twice as many, and so on.
const WORD: usize = 4;
/// The largest datagram that packetdrill makes, in bytes.
const LARGEST_DATAGRAM: usize = 64 * 1024;
/// The most data of one of UDP.
const LONGEST_DATAGRAM: usize = LARGEST_DATAGRAM - ipv4::HEADER_LENGTH - udp::HEADER_LENGTH;

/// Whether a script could be run.
///
/// # Errors
/// An option that is unknown or has a value that does not fit, or a line that packetdrill refuses.
pub fn check(script: &Script, reading: Reading) -> Result<(), Failure> {
    ScriptHost::of(script)?;
    Tolerance::of(script)?;
    packets_only_warn(script)?;
    check_lines(script, reading)
}

/// The part of [`check`] that is about lines, for a run that reads the options itself.
pub(super) fn check_lines(script: &Script, reading: Reading) -> Result<(), Failure> {
    if reading == Reading::Recorded {
        return Ok(());
    }
    script.lines.iter().try_for_each(|line| match &line.content {
        Content::Event(_, ScriptEvent::Packet(packet)) => check_packet(line.position, packet),
        _ => Ok(()),
    })
}

fn check_packet(position: Position, packet: &Packet) -> Result<(), Failure> {
    let refuse = |words: Words| Err(Failure::new(position, words.en, words.zh));
    let segment = match &packet.body {
        Body::Tcp(segment) => segment,
        Body::Udp { length, .. } => {
            let congestion = packet.ip.congestion.filter(|congestion| *congestion != Congestion::Ect01);
            if congestion.is_some() {
                return refuse(ONLY_TCP);
            }
            return if *length as usize > LONGEST_DATAGRAM { refuse(DATAGRAM_TOO_LARGE) } else { Ok(()) };
        }
        Body::Icmp(message) => return check_message(message).map_or(Ok(()), refuse),
        Body::Fragment { .. } => return Ok(()),
    };
    if conflict(&segment.flags) {
        return refuse(CONFLICT);
    }
    if let Some(bytes) = bytes_of_options(segment).filter(|bytes| !bytes.is_multiple_of(WORD)) {
        return Err(Failure::new(
            position,
            format!(
                "TCP options are not padded correctly: their length, {bytes}, is no multiple of {WORD}; fill up with nop"
            ),
            format!("TCP 选项没有正确填充：长度 {bytes} 字节不是 {WORD} 的倍数；请用 nop 补齐"),
        ));
    }
    let headers = ipv4::HEADER_LENGTH + tcp::HEADER_LENGTH + bytes_of_options(segment).unwrap_or(0);
    if headers.saturating_add(segment.sequence.length as usize) > LARGEST_DATAGRAM {
        return refuse(SEGMENT_TOO_LARGE);
    }
    if packet.direction == PacketDirection::Inbound && segment.window.is_none() {
        return Err(Failure::new(
            position,
            "window must be specified for inbound packets: write `win N` behind the numbers",
            "送入的报文必须写明窗口：请在序号之后写上 `win N`",
        ));
    }
    Ok(())
}

/// A digit is the counter of accurate ECN as a whole, so neither another nor a letter of ECN can stand beside it.
fn conflict(flags: &Flags) -> bool {
    let digits = flags.written.matches(|letter: char| letter.is_ascii_digit()).count();
    digits > 1 || digits == 1 && flags.written.contains(['E', 'W', 'A'])
}

fn check_message(message: &IcmpMessage) -> Option<Words> {
    const NEEDS_FRAGMENTS: (u8, Option<u8>) = (icmp::ICMP_DEST_UNREACH, Some(4));
    if message.mtu.is_some() && (message.kind, message.code) != NEEDS_FRAGMENTS {
        return Some(NO_MTU);
    }
    matches!(message.quote, Some(Quote::Raw { length }) if (length as usize) < icmp::HEADER_LENGTH).then_some(TOO_SHORT)
}

const ONLY_TCP: Words = Words::new("ECN may be written for TCP alone", "ECN 只能用于 TCP 报文");
const CONFLICT: Words = Words::new(
    "a digit stands for AE, CWR and ECE together, so no other of them can stand beside it",
    "数字同时表示 AE、CWR 和 ECE，旁边不能再写其中任何一个",
);
const DATAGRAM_TOO_LARGE: Words = Words::new("more than a datagram can hold", "UDP 数据报过大");
const SEGMENT_TOO_LARGE: Words = Words::new("more than a segment can hold", "TCP 报文段过大");
const NO_MTU: Words =
    Words::new("an mtu belongs to unreachable frag_needed alone", "ICMPv4 的 mtu 只能用于 unreachable frag_needed");
const TOO_SHORT: Words = Words::new(
    "raw(N) is the length of the whole ICMP message, whose header alone is 8 bytes long",
    "raw(N) 是整个 ICMP 报文的长度，仅其首部就有 8 字节",
);

/// Fills up what a recording says about options, as the zero bytes on the wire do, so that it can be read as a script for
/// packetdrill.
pub fn fill_up(script: &mut Script) {
    for line in &mut script.lines {
        if let Content::Event(_, ScriptEvent::Packet(Packet { body: Body::Tcp(segment), .. })) = &mut line.content
            && let Some(bytes) = bytes_of_options(segment)
            && let TcpOptions::List(list) = &mut segment.options
        {
            list.resize(list.len() + bytes.next_multiple_of(WORD) - bytes, TcpOption::EndOfList);
        }
    }
}

/// The length of the options, where all of them are packetdrill's.
fn bytes_of_options(segment: &Segment) -> Option<usize> {
    let TcpOptions::List(list) = &segment.options else { return None };
    let ours = list.iter().any(|option| matches!(option, TcpOption::Raw(_)));
    (!ours).then(|| list.iter().map(TcpOption::size).sum())
}

/// A packet of the peer that echoes a time stamp: packetdrill puts the one in its place that the stack really sent, and this
/// stack sends none.
pub(super) fn unknown_echo(packet: &Packet) -> Option<Words<String>> {
    let Body::Tcp(Segment { flags, options: TcpOptions::List(list), .. }) = &packet.body else { return None };
    let echo = list.iter().find_map(|option| match option {
        TcpOption::Timestamps { echo, .. } if flags.bits & tcp::ACK != 0 => Some(echo),
        _ => None,
    })?;
    Some(Words {
        en: format!(
            "error handling packet: unable to infer live TS ecr for script TS ecr {echo}: 1.2.13 never sends a time stamp that could be echoed"
        ),
        zh: format!("处理报文出错：无法推断脚本中 TS ecr {echo} 的实际值：1.2.13 从不发送时间戳，无从回显"),
    })
}
