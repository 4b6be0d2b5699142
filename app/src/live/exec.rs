//! `sockscope exec`: run a command in the private network of a running live session. The process joins the
//! namespaces and then becomes the command, so the exit status is the command's own. Promise: NET_RAW and NET_ADMIN
//! stay with the command (ping, tcpdump and ip work inside), and a session that is just starting is waited for.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::time::{Duration, Instant};

use rustix::thread::{
    CapabilitySet, CapabilitySets, LinkNameSpaceType, capabilities, configure_capability_in_ambient_set,
    move_into_link_name_space, set_capabilities,
};

use super::refusal::Refusal;
use super::register::{Identity, Session, is_session_name, running};

/// How long `exec` waits for a session that is just starting.
pub const PATIENCE: Duration = Duration::from_secs(3);

/// Finds the session called `name`, or the only one. Waits up to `patience` for it.
///
/// # Errors
/// None is running, or several are and no name was given.
pub fn find(name: Option<&str>, patience: Duration) -> Result<Session, Refusal> {
    if name.is_some_and(|name| !is_session_name(name)) {
        return Err(Refusal::no_session(name));
    }
    let begin = Instant::now();
    loop {
        let mut sessions = running();
        if let Some(name) = name {
            sessions.retain(|session| session.name == name);
        }
        match (sessions.pop(), sessions.is_empty()) {
            (Some(session), true) => return Ok(session),
            (Some(last), false) => {
                let mut names: Vec<String> = sessions.into_iter().map(|session| session.name).collect();
                names.push(last.name);
                return Err(Refusal::several_sessions(&names));
            }
            (None, _) if begin.elapsed() >= patience => return Err(Refusal::no_session(name)),
            (None, _) => std::thread::sleep(Duration::from_millis(50)),
        }
    }
}

/// Joins the network of `session` with the calling thread, which must be the only one of the process.
///
/// # Errors
/// The namespace belongs to another user, or is gone.
pub fn join(session: &Session) -> Result<(), Refusal> {
    join_namespaces(session.holder.process).map_err(|error| Refusal::joining(&session.name, &error))
}

fn join_namespaces(process: u32) -> io::Result<()> {
    let network = File::open(format!("/proc/{process}/ns/net"))?;
    // Real root keeps its whole self by joining the network alone: tcpdump can then change to its own user.
    if move_into_link_name_space(network.as_fd(), Some(LinkNameSpaceType::Network)).is_ok() {
        return Ok(());
    }
    let user = File::open(format!("/proc/{process}/ns/user"))?;
    move_into_link_name_space(user.as_fd(), Some(LinkNameSpaceType::User))?;
    move_into_link_name_space(network.as_fd(), Some(LinkNameSpaceType::Network))?;
    keep_network_capabilities()
}

/// Joining a user namespace gives every capability in it, and `execve` would take them away again from a user who
/// is not root: ambient ones stay.
fn keep_network_capabilities() -> io::Result<()> {
    let wanted = CapabilitySet::NET_RAW | CapabilitySet::NET_ADMIN;
    let sets = capabilities(None)?;
    set_capabilities(None, CapabilitySets { inheritable: sets.inheritable | wanted, ..sets })?;
    for capability in [CapabilitySet::NET_RAW, CapabilitySet::NET_ADMIN] {
        configure_capability_in_ambient_set(capability, true)?;
    }
    Ok(())
}

/// Becomes `command` (default: the user's shell) in the network of a running session: of the one that `holder` keeps,
/// where the session itself asks. Returns only when it failed.
#[must_use]
pub fn exec(name: Option<&str>, holder: Option<Identity>, command: &[OsString]) -> Refusal {
    let found = match holder {
        Some(holder) if holder.is_alive() => Ok(Session { name: name.unwrap_or("live").to_owned(), holder }),
        Some(_) => Err(Refusal::no_session(name)),
        None => find(name, PATIENCE),
    };
    let session = match found {
        Ok(session) => session,
        Err(refusal) => return refusal,
    };
    if let Err(refusal) = join(&session) {
        return refusal;
    }
    let shell = std::env::var_os("SHELL").filter(|shell| !shell.is_empty()).unwrap_or_else(|| "/bin/sh".into());
    let (program, arguments) = command.split_first().unwrap_or((&shell, &[]));
    let error = Command::new(program).args(arguments).env("SOCKSCOPE_SESSION", &session.name).exec();
    Refusal::command(&program.to_string_lossy(), &error)
}
