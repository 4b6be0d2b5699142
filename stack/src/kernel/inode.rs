//! Inodes (fs/inode.c), as far as sockets are ones: where they come from and how the last reference ends them.

use kfn::kfn;

use super::Kernel;
use crate::include::socket::{Socket, SocketId};

/// Hands out an unused inode, with one reference.
///
/// fs/inode.c:get_empty_inode. The original sleeps until an inode is free, so that it never fails; here one always is.
#[kfn("fs/inode.c")]
pub fn get_empty_inode(k: &mut Kernel) -> SocketId {
    k.sockets.insert(Socket { i_count: 1, ..Socket::default() })
}

/// Drops a reference to an inode; the last one frees it.
///
/// fs/inode.c:iput.
#[kfn("fs/inode.c")]
pub fn iput(k: &mut Kernel, inode: SocketId) {
    let socket = &mut k.sockets[inode];
    socket.i_count = socket.i_count.saturating_sub(1);
    if socket.i_count == 0 {
        k.sockets.remove(inode);
    }
}
