//! `struct file` and the calls of the file system that reach a socket (include/linux/fs.h).

use super::arena::Id;
use super::socket::SocketId;

/// Names an open file.
pub type FileId = Id<File>;

/// Descriptors per process.
pub const NR_OPEN: usize = 256;
/// Open files in the whole system.
pub const NR_FILE: usize = 1024;
/// `f_flags` of a descriptor made by get_fd.
pub const O_RDWR: i32 = 2;
/// Do not sleep.
pub const O_NONBLOCK: i32 = 0o4000;
/// Write through; means nothing to a socket.
pub const O_SYNC: i32 = 0o10000;
/// Send SIGIO.
pub const FASYNC: i32 = 0o20000;

/// An open file; here always a socket's.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct File {
    /// Descriptors that share it.
    pub f_count: u32,
    /// Flags: O_RDWR, O_NONBLOCK ...
    pub f_flags: i32,
    /// Read and write permission, 3.
    pub f_mode: u32,
    /// Process (positive) or group (negative) that gets SIGIO.
    pub f_owner: i32,
    /// The socket, which is a part of the inode.
    pub f_inode: Option<SocketId>,
}
