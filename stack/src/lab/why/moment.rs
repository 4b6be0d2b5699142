//! A moment as an answer looks at it: the film of its turn, and the world as it was.

use std::sync::Arc;

use crate::kernel::Kernel;
use crate::kernel::probe::Event;
use crate::lab::film::Film;
use crate::lab::journal::HostId;
use crate::lab::moment::Moment;
use crate::lab::world::{Cause, World};
use crate::view::sock::name;

/// A moment, photographed.
pub(super) struct Shot {
    pub(super) moment: Moment,
    /// The steps of its turn.
    pub(super) film: Arc<Film>,
    /// The world at the moment.
    pub(super) world: World,
    /// The host that takes the turn.
    pub(super) host: HostId,
    /// What the turn is about.
    pub(super) cause: Cause,
    /// Its time, in microseconds since the world began.
    pub(super) time: u64,
}

impl Shot {
    /// The kernel of a host at this moment.
    pub(super) fn of(&self, host: HostId) -> Option<&Kernel> {
        self.world.hosts.get(host).map(|host| &host.kernel)
    }

    /// The kernel of the host that takes the turn.
    pub(super) fn kernel(&self) -> Option<&Kernel> {
        self.of(self.host)
    }

    /// Name of a host.
    pub(super) fn name(&self, host: HostId) -> &str {
        self.world.hosts.get(host).map_or("?", |host| host.name.as_str())
    }

    /// Name of a sock on the host that takes the turn.
    pub(super) fn sock(&self, number: u32) -> String {
        name(self.name(self.host), number)
    }

    /// The moment right after the event of an index.
    pub(super) fn after(&self, index: usize) -> Moment {
        Moment { turn: self.moment.turn, step: index + 1 }
    }

    /// The event at this moment.
    pub(super) fn event(&self) -> Option<&Event> {
        self.film.steps.get(self.moment.step.checked_sub(1)?).map(|step| &step.event)
    }

    /// The process id of a task.
    pub(super) fn pid(&self, task: crate::include::sched::TaskId) -> i32 {
        self.kernel().and_then(|k| k.tasks.get(task.0 as usize)).map_or(0, |task| task.pid)
    }
}
