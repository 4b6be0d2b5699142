//! The client: what is asked of a peer, and what is measured.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, SocketAddrV4, TcpStream};
use std::time::{Duration, Instant};

use rustix::net::sockopt::set_socket_timeout;
use rustix::net::{AddressFamily, RecvFlags, SendFlags, SocketType, ipproto, recv, sendto, socket};

/// The peer's address.
const PEER: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 2);
/// A peer that is silent for so long has failed.
const SILENCE: Duration = Duration::from_secs(10);

/// Work that has been done.
pub(crate) struct Done {
    /// What the value is.
    pub(crate) name: &'static str,
    /// MB/s, or the median of a duration in microseconds.
    pub(crate) value: f64,
    /// How much was done: octets, exchanges.
    pub(crate) amount: f64,
    /// What the processor time is related to.
    pub(crate) cost: &'static str,
    /// Processor time of `amount` times this is what is printed.
    pub(crate) unit: f64,
}

/// A port of the peer.
pub(crate) fn address(port: u16) -> SocketAddr {
    SocketAddr::V4(SocketAddrV4::new(PEER, port))
}

/// Does some work for about this long.
pub(crate) fn work(name: &str, time: Duration) -> io::Result<Done> {
    match name {
        "discard" => discard(time),
        "chargen" => chargen(time),
        "echo" => echo(time),
        "http" => http(time),
        "ping" => ping(time),
        _ => Err(io::Error::new(io::ErrorKind::InvalidInput, "no such work")),
    }
}

fn connect(port: u16) -> io::Result<TcpStream> {
    let stream = TcpStream::connect_timeout(&address(port), SILENCE)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(SILENCE))?;
    stream.set_write_timeout(Some(SILENCE))?;
    Ok(stream)
}

fn throughput(octets: usize, begin: Instant) -> Done {
    let amount = octets as f64;
    Done { name: "MB/s", value: amount / 1e6 / begin.elapsed().as_secs_f64(), amount, cost: "s/GB", unit: 1e9 }
}

fn durations(mut micros: Vec<f64>) -> Done {
    micros.sort_by(f64::total_cmp);
    let value = micros.get(micros.len() / 2).copied().unwrap_or(f64::NAN);
    Done { name: "p50 us", value, amount: micros.len() as f64, cost: "us each", unit: 1e6 }
}

fn discard(time: Duration) -> io::Result<Done> {
    let mut stream = connect(9)?;
    let block = [b'x'; 65_536];
    let begin = Instant::now();
    let mut octets = 0;
    while begin.elapsed() < time {
        octets += stream.write(&block)?;
    }
    // The peer closes when it has read everything.
    stream.shutdown(Shutdown::Write)?;
    while stream.read(&mut [0; 512])? > 0 {}
    Ok(throughput(octets, begin))
}

fn chargen(time: Duration) -> io::Result<Done> {
    let mut stream = connect(19)?;
    let mut block = vec![0; 65_536];
    let begin = Instant::now();
    let mut octets = 0;
    while begin.elapsed() < time {
        octets += stream.read(&mut block)?;
    }
    Ok(throughput(octets, begin))
}

/// Exchanges one after the other, each timed.
fn exchanges(time: Duration, mut exchange: impl FnMut(usize) -> io::Result<()>) -> io::Result<Done> {
    let begin = Instant::now();
    let mut micros = Vec::new();
    while begin.elapsed() < time {
        let start = Instant::now();
        exchange(micros.len())?;
        micros.push(start.elapsed().as_secs_f64() * 1e6);
    }
    Ok(durations(micros))
}

fn echo(time: Duration) -> io::Result<Done> {
    let mut stream = connect(7)?;
    let (message, mut answer) = ([b'e'; 64], [0; 64]);
    exchanges(time, |_| {
        stream.write_all(&message)?;
        stream.read_exact(&mut answer)
    })
}

fn http(time: Duration) -> io::Result<Done> {
    let mut page = Vec::new();
    exchanges(time, |_| {
        let mut stream = connect(80)?;
        stream.write_all(b"GET / HTTP/1.0\r\n\r\n")?;
        page.clear();
        stream.read_to_end(&mut page)?;
        if page.starts_with(b"HTTP/1.0 200") { Ok(()) } else { Err(io::ErrorKind::InvalidData.into()) }
    })
}

fn ping(time: Duration) -> io::Result<Done> {
    let raw = socket(AddressFamily::INET, SocketType::RAW, Some(ipproto::ICMP))?;
    set_socket_timeout(&raw, rustix::net::sockopt::Timeout::Recv, Some(SILENCE))?;
    let mut answer = [0; 256];
    exchanges(time, |number| {
        let number = (number as u16).to_be_bytes();
        let mut request = [0; 64];
        request[0] = 8;
        request[4..8].copy_from_slice(&[0x52, 0x43, number[0], number[1]]);
        let sum: u32 = request.chunks(2).map(|pair| u32::from(pair[0]) << 8 | u32::from(pair[1])).sum();
        let folded = (sum & 0xffff) + (sum >> 16);
        request[2..4].copy_from_slice(&(!(folded as u16)).to_be_bytes());
        sendto(&raw, &request, SendFlags::empty(), &SocketAddrV4::new(PEER, 0))?;
        loop {
            let (length, _) = recv(&raw, &mut answer, RecvFlags::empty())?;
            let reply = answer.get(20..length.min(answer.len())).unwrap_or(&[]);
            if reply.first() == Some(&0) && reply.get(4..8) == request.get(4..8) {
                return Ok(());
            }
        }
    })
}
