//! The protocols above IP, in 32 buckets by number (net/inet/protocol.c).

use kfn::kfn;

use crate::include::ip::{InetProtocol, MAX_INET_PROTOS};
use crate::kernel::Kernel;

/// Registers a protocol above IP; the newest of a bucket is asked first.
///
/// net/inet/protocol.c:inet_add_protocol. A handler that has another for the same number behind it gets copies.
#[kfn("net/inet/protocol.c", skip(prot))]
pub fn inet_add_protocol(k: &mut Kernel, prot: InetProtocol) {
    let bucket = usize::from(prot.protocol) & (MAX_INET_PROTOS - 1);
    if let Some(chain) = k.inet_protos.get_mut(bucket) {
        let copy = chain.iter().any(|other| other.protocol == prot.protocol);
        chain.insert(0, InetProtocol { copy, ..prot });
    }
}
