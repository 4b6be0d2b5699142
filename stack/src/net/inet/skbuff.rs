//! Room to be furnished.
#![allow(unused, missing_docs)]
use crate::include::arena::Id;
use crate::include::arp::*;
use crate::include::errno::*;
use crate::include::in_addr::*;
use crate::include::ip::*;
use crate::include::netdevice::*;
use crate::include::route::*;
use crate::include::sched::*;
use crate::include::seq::*;
use crate::include::skbuff::*;
use crate::include::sock::*;
use crate::include::socket::*;
use crate::include::tcp::*;
use crate::include::timer::*;
use crate::kernel::Kernel;

pub fn alloc_skb(k: &mut Kernel, size: u32, priority: Gfp) -> Option<SkbId> { None }

pub fn kfree_skb(k: &mut Kernel, skb: SkbId, rw: FreeMode) {  }

pub fn kfree_skbmem(k: &mut Kernel, skb: SkbId, size: u32) {  }

pub fn skb_clone(k: &mut Kernel, skb: SkbId, priority: Gfp) -> Option<SkbId> { None }

pub fn skb_queue_head(k: &mut Kernel, list: ListId, newsk: SkbId) {  }

pub fn skb_queue_tail(k: &mut Kernel, list: ListId, newsk: SkbId) {  }

pub fn skb_append(k: &mut Kernel, old: SkbId, newsk: SkbId) {  }

pub fn skb_insert(k: &mut Kernel, old: SkbId, newsk: SkbId) {  }

pub fn skb_unlink(k: &mut Kernel, skb: SkbId) {  }

pub fn skb_dequeue(k: &mut Kernel, list: ListId) -> Option<SkbId> { None }

pub fn skb_peek(k: &Kernel, list: ListId) -> Option<SkbId> { None }

pub fn skb_device_lock(k: &mut Kernel, skb: SkbId) {  }

pub fn skb_device_unlock(k: &mut Kernel, skb: SkbId) {  }

pub fn skb_device_locked(k: &Kernel, skb: SkbId) -> bool { false }

pub fn dev_kfree_skb(k: &mut Kernel, skb: SkbId, mode: FreeMode) {  }
