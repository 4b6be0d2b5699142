//! The timers that run on a host, and who armed each.

use stack::Kernel;
use stack::lab::journal::HostId;
use stack::lab::run::Moment;
use stack::lab::survey::Survey;
use stack::view::timer::TimerView;

/// A timer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timer {
    /// The function it will call.
    pub function: String,
    /// Whose it is and what for, such as `A/sk#1 TIME_WRITE`.
    pub owner: String,
    /// Jiffies until it fires.
    pub left: u64,
    /// Jiffies it was set to, where known.
    pub span: Option<u64>,
    /// Who armed it, where that is known.
    pub armed: Option<Armed>,
    /// Whether this step set it.
    pub changed: bool,
}

/// How a timer came to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Armed {
    /// The function that wanted it.
    pub function: &'static str,
    /// The moment at which it was armed.
    pub moment: Moment,
    /// The number of that step.
    pub step: u64,
}

/// The timers that run on a host, what was set since `before` marked, and who armed each, as far as the survey of the run knows. A
/// sock is named with its host.
#[must_use]
pub fn timers(now: &Kernel, before: &Kernel, (host, name): (HostId, &str), survey: &Survey) -> Vec<Timer> {
    let old = TimerView::all(before);
    // The views stand in the order of the list.
    let orders = now.timers.iter().map(|((_, order), _)| *order);
    TimerView::all(now)
        .into_iter()
        .zip(orders)
        .map(|(timer, order)| {
            let known = old
                .iter()
                .any(|old| (old.function, &old.owner, old.expires) == (timer.function, &timer.owner, timer.expires));
            let arming = survey.arming(host, order);
            Timer {
                function: timer.function.to_owned(),
                owner: format!("{} {}", owner(&timer, name), timer.reason).trim().to_owned(),
                left: timer.left.into(),
                span: arming.map(|arming| u64::from(arming.delay) + 1),
                armed: arming.map(|arming| Armed { function: arming.function, moment: arming.moment, step: 0 }),
                changed: !known,
            }
        })
        .collect()
}

/// Whose a timer is: of a sock with the name of its host in front.
fn owner(timer: &TimerView, host: &str) -> String {
    if timer.owner.starts_with("sk#") { format!("{host}/{}", timer.owner) } else { timer.owner.clone() }
}
