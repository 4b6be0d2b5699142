//! A capture of any size: a thousand connections side by side, each with its handshake, data one way in frames of 1514 octets,
//! an acknowledgement for every other, and its end.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::net::Ipv4Addr;
use std::path::Path;

use stack::wire::build::{EthernetBuilder, Ipv4Builder, TcpBuilder};
use stack::wire::tcp::{ACK, FIN, PSH, SYN};

const CONNECTIONS: u32 = 1_000;
const DATA: [u8; 1_460] = [b'x'; 1_460];
/// Frames of a connection beside those with data and their acknowledgements: three at the beginning, four at the end.
const AROUND: u32 = 7;

/// Writes the capture and says how many octets it has.
pub(crate) fn write(path: &Path, count: u32) -> io::Result<u64> {
    let mut file = BufWriter::new(File::create(path)?);
    file.write_all(&[0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 1, 0, 0, 0])?;
    let mut octets = 24;
    let connections = CONNECTIONS.min(count.div_ceil(AROUND + 3));
    let each = count.div_ceil(connections);
    for number in 0..count {
        let (turn, connection) = (number / connections, number % connections);
        let frame = frame(connection, turn, each)?;
        let length = u32::try_from(frame.len()).unwrap_or(u32::MAX);
        let (seconds, micros) = (1_700_000_000 + number / 10_000, number % 10_000 * 100);
        for word in [seconds, micros, length, length] {
            file.write_all(&word.to_le_bytes())?;
        }
        file.write_all(&frame)?;
        octets += 16 + u64::from(length);
    }
    file.flush()?;
    Ok(octets)
}

/// The frame at one turn of a connection of `each` frames: two with data and an acknowledgement, over and over.
fn frame(connection: u32, turn: u32, each: u32) -> io::Result<Vec<u8>> {
    let sent = |turns: u32| (turns / 3 * 2 + turns % 3) * 1_460;
    let body = turn.saturating_sub(3).min(each.saturating_sub(AROUND));
    let (seq, all) = (1 + sent(body), 1 + sent(each.saturating_sub(AROUND)));
    let (to_client, flags, seq, ack, data): (bool, u8, u32, u32, &[u8]) = match (turn, each.saturating_sub(turn)) {
        (0, _) => (false, SYN, 0, 0, &[]),
        (1, _) => (true, SYN | ACK, 0, 1, &[]),
        (2, _) => (false, ACK, 1, 1, &[]),
        (_, 4) => (true, FIN | ACK, all, 1, &[]),
        (_, 3) => (false, ACK, 1, all + 1, &[]),
        (_, 2) => (false, FIN | ACK, 1, all + 1, &[]),
        (_, 1) => (true, ACK, all + 1, 2, &[]),
        _ if body % 3 == 2 => (false, ACK, 1, seq, &[]),
        _ => (true, ACK | PSH, seq, 1, &DATA),
    };
    let client = (Ipv4Addr::from(0x0a01_0000 + connection), 20_000 + u16::try_from(connection).unwrap_or(0));
    let server = (Ipv4Addr::new(10, 0, 0, 1), 80);
    let (from, to) = if to_client { (server, client) } else { (client, server) };
    let header =
        TcpBuilder { source: from.1, dest: to.1, seq, ack_seq: ack, flags, window: 32_768, ..TcpBuilder::default() };
    let id = u16::try_from(turn & 0xffff).unwrap_or(0);
    let packet = Ipv4Builder { id, saddr: from.0, daddr: to.0, ..Ipv4Builder::default() };
    let refused = |_| io::Error::from(io::ErrorKind::InvalidInput);
    let segment = header.build(from.0, to.0, data).map_err(refused)?;
    Ok(EthernetBuilder::default().build_padded(&packet.build(&segment).map_err(refused)?))
}
