//! setuid(2) (kernel/sys.c), as far as the network asks who somebody is.

use kfn::kfn;

use crate::include::errno::{Errno, KResult, fail};
use crate::include::sched::Registers;
use crate::kernel::Kernel;
use crate::note;

/// Changes the effective user of a process.
///
/// kernel/sys.c:sys_setuid. An ordinary user stays who he is.
#[kfn("kernel/sys.c")]
pub fn sys_setuid(k: &mut Kernel, regs: Registers) -> KResult<i32> {
    if k.suser() {
        note!(k, "the superuser becomes somebody else");
        k.current_mut().euid = regs.ebx;
        Ok(0)
    } else if k.current().euid == regs.ebx {
        Ok(0)
    } else {
        fail(Errno::EPERM)
    }
}
