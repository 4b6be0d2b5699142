//! Hostile frames into a kernel with live sockets: nothing panics, no buffer is lost, and the clock goes on.
#![no_main]

use libfuzzer_sys::fuzz_target;
use stack::include::config::Config;
use stack::include::in_addr::{AF_INET, InAddr, SockaddrIn};
use stack::include::sched::TaskId;
use stack::kernel::call::{CallName, UserArg, UserCall};
use stack::lab::machine::booted;
use stack::wire::checksum::{internet_checksum, transport_checksum};
use stack::{Input, Kernel, step};

fn call(k: &mut Kernel, task: u32, name: CallName, args: Vec<UserArg>) {
    let input = Input::Call { task: TaskId(task), call: UserCall::new(name, args), planned: Vec::new() };
    step(k, &input);
}

fn address(port: u16, last: u8) -> UserArg {
    let address = if last == 0 { InAddr::ANY } else { InAddr::from_octets([10, 0, 0, last]) };
    UserArg::In(SockaddrIn { sin_family: AF_INET, sin_port: port, sin_addr: address }.bytes().to_vec())
}

/// A listener asleep in accept, a client in connect, a UDP and a raw socket.
fn kernel() -> Kernel {
    let mut k = booted(Config { arp: vec![(InAddr::from_octets([10, 0, 0, 2]), [2, 0, 0, 0, 0, 2])], ..Config::of_host(1) });
    for pid in 100..103 {
        step(&mut k, &Input::Process { pid, euid: 0 });
    }
    let int = UserArg::Int;
    call(&mut k, 2, CallName::Socket, vec![int(2), int(1), int(0)]);
    call(&mut k, 2, CallName::Bind, vec![int(3), address(80, 0), int(16)]);
    call(&mut k, 2, CallName::Listen, vec![int(3), int(5)]);
    call(&mut k, 2, CallName::Accept, vec![int(3), UserArg::Null, UserArg::Null]);
    call(&mut k, 3, CallName::Socket, vec![int(2), int(1), int(0)]);
    call(&mut k, 3, CallName::Connect, vec![int(3), address(80, 2), int(16)]);
    call(&mut k, 4, CallName::Socket, vec![int(2), int(2), int(0)]);
    call(&mut k, 4, CallName::Bind, vec![int(3), address(53, 0), int(16)]);
    call(&mut k, 4, CallName::Socket, vec![int(2), int(3), int(1)]);
    k
}

/// Good checksums let the fuzzer through the doors behind which it is interesting.
fn mend(frame: &mut [u8]) {
    let header = usize::from(frame.get(14).copied().unwrap_or(0) & 15) * 4;
    let end = 14 + header;
    if frame.get(12..14) != Some(&[8, 0]) || header < 20 || frame.len() < end {
        return;
    }
    frame[24..26].fill(0);
    let sum = internet_checksum(&frame[14..end]);
    frame[24..26].copy_from_slice(&sum.to_be_bytes());
    let total = usize::from(u16::from_be_bytes([frame[16], frame[17]])).min(frame.len() - 14);
    let place = match frame[23] {
        6 => 16,
        17 => 6,
        _ => return,
    };
    if total < header + place + 2 {
        return;
    }
    frame[end + place..end + place + 2].fill(0);
    let octets = |at: usize| [frame[at], frame[at + 1], frame[at + 2], frame[at + 3]];
    let sum = transport_checksum(octets(26), octets(30), frame[23], &frame[end..14 + total]);
    frame[end + place..end + place + 2].copy_from_slice(&sum.to_be_bytes());
}

fuzz_target!(|data: &[u8]| {
    let mut k = kernel();
    let mut rest = data;
    while let [length, how, tail @ ..] = rest {
        let cut = (usize::from(*length) + 14).min(tail.len());
        let (head, next) = tail.split_at(cut);
        rest = next;
        let mut frame = vec![2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0];
        if how & 1 == 0 {
            frame.extend_from_slice(&[0x45, 0, 0, 0, 0, 1, 0, 0, 64, if how & 2 == 0 { 6 } else { 17 }, 0, 0]);
            frame.extend_from_slice(&[10, 0, 0, 2, 10, 0, 0, 1]);
            let total = (frame.len() - 14 + head.len()) as u16;
            frame[16..18].copy_from_slice(&total.to_be_bytes());
            frame.extend_from_slice(head);
            mend(&mut frame);
        } else {
            frame = head.to_vec();
            if how & 2 == 0 {
                mend(&mut frame);
            }
        }
        step(&mut k, &Input::Frames(vec![(1, frame)]));
        step(&mut k, &Input::Ticks(u32::from(how >> 2) * 7));
        for device in &mut k.dev {
            device.outbox.clear();
        }
        k.completions.clear();
    }
    step(&mut k, &Input::Ticks(400_000));
});
