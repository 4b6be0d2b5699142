//! The options that every socket has (net/inet/sock.c: sock_setsockopt, sock_getsockopt).

use kfn::kfn;

use crate::include::errno::{Errno, KResult, fail};
use crate::include::skbuff::SK_MEM_MAX;
use crate::include::sock::SockId;
use crate::kernel::Kernel;
use crate::kernel::user::{get_fs_long, memcpy_fromfs, memcpy_tofs, put_fs_long, verify_area};
use crate::note;

/// SO_DEBUG.
pub const SO_DEBUG: i32 = 1;
/// SO_REUSEADDR.
pub const SO_REUSEADDR: i32 = 2;
/// SO_TYPE.
pub const SO_TYPE: i32 = 3;
/// SO_ERROR.
pub const SO_ERROR: i32 = 4;
/// SO_DONTROUTE.
pub const SO_DONTROUTE: i32 = 5;
/// SO_BROADCAST.
pub const SO_BROADCAST: i32 = 6;
/// SO_SNDBUF.
pub const SO_SNDBUF: i32 = 7;
/// SO_RCVBUF.
pub const SO_RCVBUF: i32 = 8;
/// SO_KEEPALIVE.
pub const SO_KEEPALIVE: i32 = 9;
/// SO_OOBINLINE.
pub const SO_OOBINLINE: i32 = 10;
/// SO_NO_CHECK.
pub const SO_NO_CHECK: i32 = 11;
/// SO_PRIORITY.
pub const SO_PRIORITY: i32 = 12;
/// SO_LINGER.
pub const SO_LINGER: i32 = 13;
/// Smallest buffer that SO_SNDBUF and SO_RCVBUF set.
const SMALLEST_BUFFER: i32 = 256;

/// Sets one of the options that every socket has.
///
/// net/inet/sock.c:sock_setsockopt. Kept: the length that the user gives is never looked at, here and when an option is
/// read back; four octets are read or written, eight for SO_LINGER (kept/option_length).
///
/// Kept: the size of a buffer is taken as it is given, at least 256 and at most 32767 octets, where a kernel of today
/// stores and reports the double (kept/buffer_size).
#[kfn("net/inet/sock.c")]
pub fn sock_setsockopt(
    k: &mut Kernel,
    sk: SockId,
    _level: i32,
    optname: i32,
    optval: u32,
    _optlen: i32,
) -> KResult<()> {
    if optval == 0 {
        return fail(Errno::EINVAL);
    }
    verify_area(k, optval, 4)?;
    let value = get_fs_long(k, optval) as i32;
    let on = value != 0;
    let suser = k.suser();
    match optname {
        SO_DEBUG if on && !suser => return fail(Errno::EPERM),
        SO_LINGER => return set_linger(k, sk, optval, on),
        SO_PRIORITY if !(0..=2).contains(&value) => return fail(Errno::EINVAL),
        _ => {}
    }
    let buffer = value.clamp(SMALLEST_BUFFER, i32::from(SK_MEM_MAX)) as u16;
    let sock = &mut k.sock[sk];
    match optname {
        SO_DEBUG => sock.debug = on,
        SO_REUSEADDR => sock.reuse = on,
        SO_DONTROUTE => sock.localroute = on,
        SO_BROADCAST => sock.broadcast = on,
        SO_SNDBUF => sock.sndbuf = buffer,
        SO_RCVBUF => sock.rcvbuf = buffer,
        SO_KEEPALIVE => sock.keepopen = on,
        SO_OOBINLINE => sock.urginline = on,
        SO_NO_CHECK => sock.no_check = on,
        SO_PRIORITY => sock.priority = value as u8,
        _ => {
            note!(k, "there is no option of that number that could be set: ENOPROTOOPT");
            return fail(Errno::ENOPROTOOPT);
        }
    }
    Ok(())
}

/// SO_LINGER: switched off it leaves the time alone.
fn set_linger(k: &mut Kernel, sk: SockId, optval: u32, on: bool) -> KResult<()> {
    verify_area(k, optval, 8)?;
    let linger = memcpy_fromfs(k, optval, 8, "sock_setsockopt");
    let seconds = linger.get(4..).and_then(|word| word.try_into().ok()).map_or(0, u32::from_le_bytes);
    let sock = &mut k.sock[sk];
    sock.linger = on;
    if on {
        sock.lingertime = seconds;
    }
    Ok(())
}

/// Reads one of the options that every socket has.
///
/// net/inet/sock.c:sock_getsockopt. SO_ERROR takes the pending error away, as a positive number.
#[kfn("net/inet/sock.c")]
pub fn sock_getsockopt(k: &mut Kernel, sk: SockId, _level: i32, optname: i32, optval: u32, optlen: u32) -> KResult<()> {
    let sock = &mut k.sock[sk];
    let value = match optname {
        SO_DEBUG => u32::from(sock.debug),
        SO_REUSEADDR => u32::from(sock.reuse),
        SO_TYPE => u32::from(sock.type_),
        SO_ERROR => i32::from(std::mem::take(&mut sock.err)) as u32,
        SO_DONTROUTE => u32::from(sock.localroute),
        SO_BROADCAST => u32::from(sock.broadcast),
        SO_SNDBUF => u32::from(sock.sndbuf),
        SO_RCVBUF => u32::from(sock.rcvbuf),
        SO_KEEPALIVE => u32::from(sock.keepopen),
        SO_OOBINLINE => u32::from(sock.urginline),
        SO_NO_CHECK => u32::from(sock.no_check),
        SO_PRIORITY => u32::from(sock.priority),
        SO_LINGER => return get_linger(k, sk, optval, optlen),
        _ => return fail(Errno::ENOPROTOOPT),
    };
    verify_area(k, optlen, 4)?;
    put_fs_long(k, 4, optlen);
    verify_area(k, optval, 4)?;
    put_fs_long(k, value, optval);
    Ok(())
}

fn get_linger(k: &mut Kernel, sk: SockId, optval: u32, optlen: u32) -> KResult<()> {
    verify_area(k, optval, 8)?;
    verify_area(k, optlen, 4)?;
    let words = [u32::from(k.sock[sk].linger), k.sock[sk].lingertime];
    put_fs_long(k, 8, optlen);
    let linger: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    memcpy_tofs(k, optval, &linger, "sock_getsockopt");
    Ok(())
}
