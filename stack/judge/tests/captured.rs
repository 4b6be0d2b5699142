//! The script that sockscope made of one end of a capture, driven through the library as packetdrill drives it: each call and each
//! packet of the peer at its time, and of each packet that leaves its numbers, flags, window and time. packetdrill itself is not
//! needed; what it would look at is looked at here.
#![cfg(target_os = "linux")]

mod packetdrill;

use std::ffi::c_void;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use packetdrill::Packetdrill;
use stack::lab::script::ast::{Argument, Body, Call, CallOutcome, Content, PacketDirection, ScriptEvent, Segment};
use stack::lab::script::ast::{Time, Until};
use stack::lab::script::parse;
use stack::wire::build::{Ipv4Builder, TcpBuilder};

const LOCAL: Ipv4Addr = Ipv4Addr::new(192, 168, 0, 1);
/// As the script has it: a neighbour.
const REMOTE: Ipv4Addr = Ipv4Addr::new(192, 168, 0, 3);
/// The peer's initial sequence number on the wire.
const PEER: u32 = 70_000;
/// The tolerance of packetdrill, in microseconds.
const TOLERANCE: u64 = 4_000;

impl Packetdrill {
    fn now(&self) -> u64 {
        unsafe {
            let mut time: libc::timeval = std::mem::zeroed();
            assert_eq!((self.0.gettimeofday)(self.0.userdata, &raw mut time, std::ptr::null_mut()), 0);
            u64::try_from(time.tv_sec * 1_000_000 + time.tv_usec).expect("time is positive")
        }
    }

    /// A call of the script that does not wait, with its result.
    fn call(&self, call: &Call, listener: i32, fd: i32) -> i64 {
        let (ud, mut buffer) = (self.0.userdata, vec![0_u8; length(call)]);
        let place: *mut c_void = buffer.as_mut_ptr().cast();
        unsafe {
            match call.name.as_str() {
                "socket" => i64::from((self.0.socket)(ud, libc::AF_INET, libc::SOCK_STREAM, libc::IPPROTO_TCP)),
                "bind" => {
                    let address = libc::sockaddr_in {
                        sin_family: libc::AF_INET as u16,
                        sin_port: 8080_u16.to_be(),
                        sin_addr: libc::in_addr { s_addr: u32::from(LOCAL).to_be() },
                        sin_zero: [0; 8],
                    };
                    i64::from((self.0.bind)(ud, listener, (&raw const address).cast(), 16))
                }
                "listen" => i64::from((self.0.listen)(ud, listener, 5)),
                "accept" => i64::from((self.0.accept)(ud, listener, std::ptr::null_mut(), std::ptr::null_mut())),
                "read" => (self.0.read)(ud, fd, place, buffer.len()) as i64,
                "write" => (self.0.write)(ud, fd, place, buffer.len()) as i64,
                "close" => i64::from((self.0.close)(ud, fd)),
                other => panic!("the script calls {other}"),
            }
        }
    }

    fn inject(&self, segment: &Segment, ours: u32) {
        let header = TcpBuilder {
            source: 40001,
            dest: 8080,
            seq: PEER.wrapping_add(segment.sequence.start),
            ack_seq: segment.acknowledgement.map_or(0, |ack| ours.wrapping_add(ack)),
            flags: segment.flags.bits,
            window: segment.window.expect("a packet of the peer has a window"),
            options: if segment.flags.bits & 2 == 0 { Vec::new() } else { vec![2, 4, 5, 180] },
            ..TcpBuilder::default()
        };
        let payload = vec![0; segment.sequence.length as usize];
        let segment = header.build(REMOTE, LOCAL, &payload).expect("the segment is well formed");
        let packet = Ipv4Builder { saddr: REMOTE, daddr: LOCAL, protocol: 6, ttl: 64, ..Ipv4Builder::default() };
        let packet = packet.build(&segment).expect("the packet is well formed");
        unsafe { assert_eq!((self.0.netdev_send)(self.0.userdata, packet.as_ptr().cast(), packet.len()), 0) };
    }

    /// The next packet that leaves, and when.
    fn sniff(&self) -> (u64, Vec<u8>) {
        let mut buffer = vec![0_u8; 4096];
        let (mut count, mut time) = (buffer.len(), 0);
        let place: *mut c_void = buffer.as_mut_ptr().cast();
        unsafe { assert_eq!((self.0.netdev_receive)(self.0.userdata, place, &raw mut count, &raw mut time), 0) };
        assert!(count > 0, "nothing will ever come");
        buffer.truncate(count);
        (u64::try_from(time).expect("time is positive"), buffer)
    }
}

/// The octets that a call is about.
fn length(call: &Call) -> usize {
    match call.arguments.get(2) {
        Some(Argument::Number(number)) => usize::try_from(number.value).expect("a length"),
        _ => 0,
    }
}

/// The result that the script has for a call; a descriptor is a name.
fn expected(call: &Call) -> Option<i64> {
    match &call.outcome {
        Some(CallOutcome::Value { value, .. }) if !["socket", "accept"].contains(&call.name.as_str()) => {
            Some(value.value)
        }
        _ => None,
    }
}

/// A packet that left is as its line says.
fn compare(line: u32, segment: &Segment, packet: &[u8], ours: &mut Option<u32>) {
    let four = |at: usize| u32::from_be_bytes(packet[at..at + 4].try_into().expect("four octets"));
    let (sequence, acknowledgement, flags) = (four(24), four(28), packet[33]);
    let window = u16::from_be_bytes([packet[34], packet[35]]);
    let header = usize::from(packet[32] >> 4) * 4;
    let ours = *ours.get_or_insert(sequence);
    let actual = (
        flags,
        sequence.wrapping_sub(ours),
        (packet.len() - 20 - header) as u32,
        acknowledgement.wrapping_sub(PEER),
        window,
    );
    let wanted = (
        segment.flags.bits,
        segment.sequence.start,
        segment.sequence.length,
        segment.acknowledgement.expect("it acknowledges"),
        segment.window.expect("it has a window"),
    );
    assert_eq!(actual, wanted, "line {line}");
}

#[test]
fn the_script_of_a_capture_passes_as_packetdrill_drives_it() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../app/tests/captures/http.pkt");
    let script = parse(&std::fs::read_to_string(path).expect("the script is there")).expect("it is a script");
    let drill = Arc::new(Packetdrill::load());
    let (started, mut ours, mut last, mut compared) = (drill.now(), None, 0, 0);
    let (mut listener, mut fd) = (-1, -1);
    let mut blocked: Option<(u32, Option<i64>, JoinHandle<i64>)> = None;
    let settle = |blocked: &mut Option<(u32, Option<i64>, JoinHandle<i64>)>| {
        if let Some((line, wanted, call)) = blocked.take() {
            assert_eq!(Some(call.join().expect("the call returns")), wanted, "line {line}");
        }
    };
    for line in &script.lines {
        let Content::Event(Time::At { start, until, .. }, event) = &line.content else { continue };
        let (number, elapsed) = (line.position.line, drill.now() - started);
        let is_outbound = matches!(event, ScriptEvent::Packet(packet) if packet.direction == PacketDirection::Outbound);
        if *start > elapsed && !is_outbound {
            unsafe { (drill.0.usleep)(drill.0.userdata, u32::try_from(start - elapsed).expect("a short time")) };
        }
        match event {
            ScriptEvent::Call(call) if matches!(until, Until::Return(_)) => {
                settle(&mut blocked);
                let (other, made) = (drill.clone(), call.clone());
                blocked = Some((number, expected(call), thread::spawn(move || other.call(&made, listener, fd))));
                // It sleeps in the kernel before anything else happens.
                thread::sleep(Duration::from_millis(50));
            }
            ScriptEvent::Call(call) => {
                settle(&mut blocked);
                let result = drill.call(call, listener, fd);
                assert!(expected(call).is_none_or(|wanted| wanted == result), "line {number}: {call} gives {result}");
                match call.name.as_str() {
                    "socket" => listener = i32::try_from(result).expect("a descriptor"),
                    "accept" => fd = i32::try_from(result).expect("a descriptor"),
                    _ => {}
                }
            }
            ScriptEvent::Packet(packet) => {
                let Body::Tcp(segment) = &packet.body else { panic!("line {number} is no segment") };
                if is_outbound {
                    let (time, bytes) = drill.sniff();
                    compare(number, segment, &bytes, &mut ours);
                    let tolerance = TOLERANCE.max((start - last) / 8);
                    let off = (time - started).abs_diff(*start);
                    assert!(off <= tolerance, "line {number} is {off} us off");
                    compared += 1;
                } else {
                    drill.inject(segment, ours.unwrap_or(0));
                }
            }
            ScriptEvent::Command(_) | ScriptEvent::Code(_) => {}
        }
        last = *start;
    }
    settle(&mut blocked);
    assert!(compared > 150, "only {compared} packets were compared");
}
