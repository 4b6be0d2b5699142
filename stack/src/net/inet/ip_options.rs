//! IP options on input (net/inet/ip.c: do_options): looked at by nobody.

use kfn::kfn;

use crate::include::skbuff::SkbId;
use crate::kernel::Kernel;
use crate::note;

/// Clears what the options of a datagram would have said; true would mean "malformed".
///
/// net/inet/ip.c:do_options, RFC 1122 section 3.2.1.8 (which asks for more).
///
/// Kept: the function returns before its parser, so no option ever has an effect: no record route, no source route, no
/// error for a malformed one (ip/options).
#[kfn("net/inet/ip.c", rfc = "1122 p.35")]
pub fn do_options(k: &mut Kernel, _skb: SkbId) -> bool {
    note!(k, "the header has options; 1.2.13 returns before it reads them");
    false
}
