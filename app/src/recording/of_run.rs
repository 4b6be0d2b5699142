//! A whole run as a recording: every frame once, on the device that sent it (or, from outside, received it), with the
//! changes of state before it as comments (and the death of a kernel, of which the whole file tells too), and the journal, so that this program opens the very same run again.

use stack::include::config::Config;
use stack::kernel::KernelOops;
use stack::lab::beginning::Beginning;
use stack::lab::run::{CrashRecord, FrameRecord, Run, StateRecord};
use stack::lab::world::World;

use crate::capture::FrameDirection;
use crate::recording::journal::{Kept, encode_session};
use crate::recording::pcapng::{RecordedFrame, RecordedInterface, Recorder};

/// The recording of a run as far as it has been played.
///
/// # Errors
/// A frame cannot be written down, or the world began in a way that a journal cannot say.
pub fn recording(run: &mut Run) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    with_session(run, &Kept::default())
}

/// Likewise, with what a person made of it.
///
/// # Errors
/// A frame cannot be written down, or the world began in a way that a journal cannot say.
pub fn with_session(run: &mut Run, kept: &Kept) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let world = run.before(0);
    let beginning = Beginning::of(&world);
    if beginning.world() != world {
        return Err("the run does not begin where its machines are switched on".into());
    }
    // The clock of the first host when the world begins.
    let boot_time = world.hosts.first().map_or(0, |host| host.kernel.config.clock_at_power_on());
    let interfaces = RecordedInterface::all_of(&beginning);
    let firsts = firsts(&beginning);
    let about: Vec<String> = run.crashes.iter().map(|crash| told(&world, crash)).collect();
    let mut recorder = Recorder::with_comments(Vec::new(), &interfaces, &about)?;
    recorder.journal(encode_session(&beginning, &run.journal, kept).as_bytes());
    // The first state of a new sock is no news.
    let mut states = run.states.iter().filter(|state| state.is_news()).peekable();
    let mut crashes = run.crashes.iter().peekable();
    let last = run.frames.len();
    for (number, record) in run.frames.iter().enumerate() {
        let mut comments = Vec::new();
        while let Some(state) = states.next_if(|state| state.moment <= record.moment) {
            comments.push(comment(&world, state));
        }
        // What happens behind the last frame stands at it, for there is no later one.
        let is_last = number + 1 == last;
        while let Some(crash) = crashes.next_if(|crash| is_last || crash.moment <= record.moment) {
            comments.push(told(&world, crash));
        }
        recorder.frame(&RecordedFrame {
            interface: interface(&firsts, record),
            time_ns: boot_time.saturating_add(record.time).saturating_mul(1_000),
            direction: if record.from_outside { FrameDirection::Inbound } else { FrameDirection::Outbound },
            bytes: &record.sent.bytes,
            comments: &comments,
        })?;
    }
    Ok(recorder.finish()?)
}

/// For every host the number of its first device.
fn firsts(beginning: &Beginning) -> Vec<usize> {
    let mut next = 0;
    let first = |(_, config): &(String, Config)| {
        let first = next;
        next += config.interfaces.len();
        first
    };
    beginning.hosts.iter().map(first).collect()
}

/// The number of the device a frame passed; device 0 of a host is its loopback, which sends nothing.
fn interface(firsts: &[usize], record: &FrameRecord) -> u32 {
    let first = firsts.get(record.sent.host).copied().unwrap_or(0);
    u32::try_from(first + usize::from(record.sent.dev).saturating_sub(1)).unwrap_or(0)
}

/// How a kernel died: said of the whole recording too, for there may be no frame to say it of.
fn told(world: &World, crash: &CrashRecord) -> String {
    let host = world.hosts.get(crash.host).map_or("", |host| host.name.as_str());
    death(host, crash.time, &crash.oops)
}

/// How the kernel of a host died, at a virtual time in microseconds.
pub(super) fn death(host: &str, time: u64, oops: &KernelOops) -> String {
    let seconds = time as f64 / 1e6;
    format!("{host}: Oops at {seconds:.6} s: {}", oops.story)
}

fn comment(world: &World, state: &StateRecord) -> String {
    let host = world.hosts.get(state.host).map_or("", |host| host.name.as_str());
    format!("{host}/{state}")
}
