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

/// The descriptors of a process: which open file each of them names. Promise: it is as long as the highest open one asks,
/// so that a process with few is made and ended fast; and never longer than [`NR_OPEN`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Descriptors(Vec<Option<FileId>>);

impl Descriptors {
    /// The open file of a descriptor; None where it is free, or can be none.
    #[must_use]
    pub fn get(&self, fd: usize) -> Option<FileId> {
        self.0.get(fd).copied().flatten()
    }

    /// A descriptor names an open file from now on, or is free. None can be set beyond [`NR_OPEN`].
    pub fn set(&mut self, fd: usize, file: Option<FileId>) {
        if fd >= NR_OPEN {
            return;
        }
        if fd >= self.0.len() {
            self.0.resize(fd + 1, None);
        }
        if let Some(place) = self.0.get_mut(fd) {
            *place = file;
        }
        while let Some(None) = self.0.last() {
            self.0.pop();
        }
    }

    /// The lowest free descriptor from a number on; None where all are taken.
    #[must_use]
    pub fn lowest_free(&self, from: usize) -> Option<usize> {
        (from..NR_OPEN).find(|fd| self.get(*fd).is_none())
    }

    /// None is open any more.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// The open descriptors, in ascending order, and what they name.
    pub fn iter(&self) -> impl Iterator<Item = (usize, FileId)> {
        self.0.iter().enumerate().filter_map(|(fd, file)| Some((fd, (*file)?)))
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::include::arena::Arena;

    #[test]
    fn descriptors_are_as_many_as_are_open() {
        let mut table = Arena::default();
        let file = table.insert(File::default());
        let mut descriptors = Descriptors::default();
        assert_eq!((descriptors.get(3), descriptors.lowest_free(0)), (None, Some(0)));
        descriptors.set(3, Some(file));
        assert_eq!((descriptors.get(3), descriptors.lowest_free(3)), (Some(file), Some(4)));
        descriptors.set(0, Some(file));
        assert_eq!(descriptors.iter().map(|(fd, _)| fd).collect::<Vec<_>>(), [0, 3]);
        descriptors.set(3, None);
        descriptors.set(0, None);
        assert_eq!(descriptors, Descriptors::default(), "closed descriptors leave nothing");
        (0..NR_OPEN + 1).for_each(|fd| descriptors.set(fd, Some(file)));
        assert_eq!((descriptors.lowest_free(0), descriptors.iter().count()), (None, NR_OPEN));
    }
}
