//! Memory for objects of the kernel (mm/kmalloc.c). The objects themselves live in arenas; what happens here is what the
//! original's allocator lets happen around them: memory that may be waited for lets interrupts in. Memory never runs out.

use kfn::kfn;

use super::Kernel;
use super::irq::irq_window;
use super::probe::{Arg, ToArg};
use crate::include::sched::Point;
use crate::include::skbuff::{Gfp, SkbId};
use crate::include::sock::SockId;

/// What the memory that is given back holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Memory {
    /// A `struct sock`.
    Sock(SockId),
    /// A `struct sk_buff` and its data.
    Skb(SkbId),
}

impl ToArg for Memory {
    fn to_arg(&self) -> Arg {
        match self {
            Self::Sock(sk) => sk.to_arg(),
            Self::Skb(skb) => skb.to_arg(),
        }
    }
}

/// Takes memory for an object of the kernel.
///
/// mm/kmalloc.c:kmalloc. With GFP_KERNEL it may sleep, so this is a place where interrupts come in; never with GFP_ATOMIC.
#[kfn("mm/kmalloc.c")]
pub fn kmalloc(k: &mut Kernel, size: u32, priority: Gfp) {
    // The arenas make the room themselves; how much was asked for is for whoever looks on.
    let _ = size;
    match priority {
        Gfp::Kernel => irq_window(k, Point::Kmalloc, "kmalloc"),
        Gfp::Atomic => {}
    }
}

/// Gives the memory of an object back; its size is known to the caller.
///
/// mm/kmalloc.c:kfree_s.
#[kfn("mm/kmalloc.c")]
pub fn kfree_s(k: &mut Kernel, obj: Memory, size: u32) {
    let _ = size;
    match obj {
        Memory::Sock(sk) => k.sock.free(sk),
        Memory::Skb(skb) => {
            if let Some(buffer) = k.skb.get_mut(skb) {
                std::mem::take(&mut buffer.data).recycle(&mut k.spare);
            }
            k.skb.free(skb);
        }
    }
}
