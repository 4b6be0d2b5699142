//! The kernel's way to user memory (include/asm-i386/segment.h, mm/memory.c:verify_area).
//!
//! Copying is where a system call spends its time with interrupts on, and so where a segment finds a sock in use.

use super::Kernel;
use super::irq::irq_window;
use crate::include::errno::{Errno, KResult, fail};
use crate::include::sched::Point;
use crate::include::skbuff::SkbId;

/// Whether `length` bytes at a user address may be read or written; EFAULT otherwise.
///
/// mm/memory.c:verify_area. An empty range must lie somewhere too.
pub fn verify_area(k: &Kernel, address: u32, length: u32) -> KResult<()> {
    if k.current().memory.range(address, length).is_some() { Ok(()) } else { fail(Errno::EFAULT) }
}

/// Copies from the user; what is not mapped reads as zero (callers verify first). `function` is the caller's name.
#[track_caller]
pub fn memcpy_fromfs(k: &mut Kernel, address: u32, length: u32, function: &'static str) -> Vec<u8> {
    irq_window(k, Point::MemcpyFromfs, function);
    match k.current().memory.range(address, length) {
        Some(bytes) => bytes.to_vec(),
        None => vec![0; length as usize],
    }
}

/// Copies from the user into a buffer, from an offset on; what is not mapped reads as zero. False, and nothing is written,
/// where the buffer ends before. The window for interrupts ([`memcpy_fromfs`]) is the caller's.
pub fn copy_fromfs_to_skb(k: &mut Kernel, address: u32, length: u32, skb: SkbId, offset: usize) -> bool {
    let task = k.current.map_or(0, |task| task.0 as usize);
    let bytes = k.tasks.get(task).and_then(|task| task.memory.range(address, length));
    let place = offset.checked_add(length as usize).and_then(|end| k.skb[skb].data.make_mut().get_mut(offset..end));
    match (place, bytes) {
        (Some(place), Some(bytes)) => place.copy_from_slice(bytes),
        (Some(place), None) => place.fill(0),
        (None, _) => return false,
    }
    true
}

/// Copies to the user what lies in a buffer from an offset on; what is not mapped is lost. The window for interrupts
/// ([`memcpy_tofs`]) is the caller's.
pub fn copy_skb_tofs(k: &mut Kernel, address: u32, skb: SkbId, offset: usize, length: usize) {
    let task = k.current.map_or(0, |task| task.0 as usize);
    let bytes = k.skb[skb].bytes_at(offset, length);
    let place = k.tasks.get_mut(task).and_then(|task| task.memory.range_mut(address, bytes.len() as u32));
    if let Some(place) = place {
        place.copy_from_slice(bytes);
    }
}

/// Copies to the user; what is not mapped is lost (callers verify first). `function` is the caller's name.
#[track_caller]
pub fn memcpy_tofs(k: &mut Kernel, address: u32, bytes: &[u8], function: &'static str) {
    irq_window(k, Point::MemcpyTofs, function);
    if let Some(place) = k.current_mut().memory.range_mut(address, bytes.len() as u32) {
        place.copy_from_slice(bytes);
    }
}

/// Reads one word of the user (get_fs_long).
#[must_use]
pub fn get_fs_long(k: &Kernel, address: u32) -> u32 {
    match k.current().memory.range(address, 4) {
        Some(&[a, b, c, d]) => u32::from_le_bytes([a, b, c, d]),
        _ => 0,
    }
}

/// Writes one word of the user (put_fs_long).
pub fn put_fs_long(k: &mut Kernel, value: u32, address: u32) {
    if let Some(place) = k.current_mut().memory.range_mut(address, 4) {
        place.copy_from_slice(&value.to_le_bytes());
    }
}

/// Writes one octet of the user (put_fs_byte). No interrupt point: a single octet is no copy.
pub fn put_fs_byte(k: &mut Kernel, value: u8, address: u32) {
    if let Some([place]) = k.current_mut().memory.range_mut(address, 1) {
        *place = value;
    }
}
