//! Who is running live: one small file per session, named as the session, holding the identity of the process that
//! keeps its namespace. Promise: entries of processes that are gone are never believed and are swept away, a
//! directory that belongs to somebody else is refused, a recycled process number does not fool it, and no two sessions of a
//! user have the same name, wherever they are registered.

use std::fs;
use std::io;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::path::{Path, PathBuf};

use rustix::process::geteuid;

/// A process, told apart from a later one with the same number by its start time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// The process number.
    pub process: u32,
    /// Its start time in clock ticks since boot.
    pub started: u64,
}

impl Identity {
    /// The one line of a registration.
    #[must_use]
    pub fn to_line(self) -> String {
        format!("{} {}\n", self.process, self.started)
    }

    /// Reads that line again.
    #[must_use]
    pub fn from_line(line: &str) -> Option<Self> {
        let mut words = line.split_ascii_whitespace();
        let process = words.next()?.parse().ok()?;
        let started = words.next()?.parse().ok()?;
        words.next().is_none().then_some(Self { process, started })
    }

    /// As one argument of a command line.
    #[must_use]
    pub fn to_argument(self) -> String {
        format!("{}:{}", self.process, self.started)
    }

    /// Reads that argument again.
    #[must_use]
    pub fn from_argument(argument: &str) -> Option<Self> {
        let (process, started) = argument.split_once(':')?;
        Some(Self { process: process.parse().ok()?, started: started.parse().ok()? })
    }

    /// The identity of the process that has a number now.
    ///
    /// # Errors
    /// There is none, or /proc is not there.
    pub fn of(process: u32) -> io::Result<Self> {
        Stat::of(process).map(|stat| Self { process, started: stat.started })
    }

    /// Whether exactly this process is still running. One that has ended and is only not collected yet is not.
    #[must_use]
    pub fn is_alive(self) -> bool {
        Stat::of(self.process).is_ok_and(|stat| stat.started == self.started && !stat.ended)
    }
}

/// The identity of the calling process.
///
/// # Errors
/// When /proc is not there.
pub fn own_identity() -> io::Result<Identity> {
    Identity::of(std::process::id())
}

/// What /proc/PID/stat says of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stat {
    /// The process number of its parent.
    pub parent: u32,
    /// Its start time in clock ticks since boot.
    pub started: u64,
    /// It has ended, and its parent has not asked how.
    pub ended: bool,
}

impl Stat {
    /// Reads it.
    ///
    /// # Errors
    /// There is no such process.
    pub fn of(process: u32) -> io::Result<Self> {
        let text = fs::read_to_string(format!("/proc/{process}/stat"))?;
        Self::parse(&text).ok_or_else(|| io::Error::other("/proc/PID/stat is cut"))
    }

    /// Fields 3, 4 and 22. The name in field 2 may contain anything, so counting starts behind its bracket.
    fn parse(text: &str) -> Option<Self> {
        let (_, behind) = text.rsplit_once(')')?;
        let mut fields = behind.split_ascii_whitespace();
        let state = fields.next()?;
        let parent = fields.next()?.parse().ok()?;
        let started = fields.nth(17)?.parse().ok()?;
        Some(Self { parent, started, ended: matches!(state, "Z" | "X") })
    }
}

/// A running session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its name.
    pub name: String,
    /// The process that holds its namespace.
    pub holder: Identity,
}

/// The directories in which a session of this user may be registered, the preferred one first: also the usual one of the
/// user where the environment does not name it, as under sudo, ssh or cron.
#[must_use]
pub fn places() -> Vec<PathBuf> {
    let user = geteuid().as_raw();
    let named = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|path| path.is_absolute());
    let usual = PathBuf::from(format!("/run/user/{user}"));
    let mut places: Vec<PathBuf> = named.into_iter().map(|path| path.join("sockscope")).collect();
    if usual.is_dir() {
        places.push(usual.join("sockscope"));
    }
    places.push(PathBuf::from(format!("/tmp/sockscope-{user}")));
    let mut seen = Vec::new();
    places.retain(|place| {
        !seen.contains(place) && {
            seen.push(place.clone());
            true
        }
    });
    places
}

/// Makes the directory for registrations, for this user alone, and says where it is.
///
/// # Errors
/// The last place that could not be used, and why.
pub fn prepare() -> Result<PathBuf, (PathBuf, io::Error)> {
    let mut last = (PathBuf::from("/tmp"), io::Error::from(io::ErrorKind::NotFound));
    for place in places() {
        let made = fs::DirBuilder::new().mode(0o700).create(&place);
        let usable = match made {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            Err(error) => Err(error),
        };
        match usable.and_then(|()| check_owner(&place)) {
            Ok(()) => return Ok(place),
            Err(error) => last = (place, error),
        }
    }
    Err(last)
}

/// A directory that somebody else made, or a link, could steer us elsewhere.
fn check_owner(place: &Path) -> io::Result<()> {
    let data = fs::symlink_metadata(place)?;
    if data.is_dir() && data.uid() == geteuid().as_raw() && data.mode() & 0o022 == 0 {
        Ok(())
    } else {
        Err(io::Error::new(io::ErrorKind::PermissionDenied, "it does not belong to this user alone"))
    }
}

/// Whether `name` can be the name of a session: letters, digits, `-`, `_` and `.`, not a dot in front.
#[must_use]
pub fn is_session_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    !name.is_empty() && name.len() <= 64 && !name.starts_with('.') && name.chars().all(plain)
}

/// The first name among `live`, `live-2`, `live-3`, ... that no session of this user has in any place, and that is not among
/// those which turned out to be taken.
#[must_use]
pub fn free_name(taken: &[String]) -> String {
    free_name_in(&places(), taken)
}

fn free_name_in(places: &[PathBuf], taken: &[String]) -> String {
    places.iter().for_each(|place| sweep(place));
    let mut name = "live".to_owned();
    let mut number = 2_u32;
    while taken.contains(&name) || places.iter().any(|place| place.join(&name).exists()) {
        name = format!("live-{number}");
        number = number.saturating_add(1);
    }
    name
}

/// Takes a name for as long as the value lives, among all sessions of this user on this machine: also among those that
/// register where this process does not look, because they were started with another `XDG_RUNTIME_DIR`. The kernel keeps
/// it and lets it go with the process. To be called before the process leaves the machine's network.
///
/// # Errors
/// Another session has it.
pub fn take_name(name: &str) -> io::Result<Option<UnixDatagram>> {
    let address = SocketAddr::from_abstract_name(format!("sockscope-{}-{name}", geteuid().as_raw()))?;
    match UnixDatagram::bind_addr(&address) {
        Ok(socket) => Ok(Some(socket)),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => Err(error),
        // Where no such socket may be made, the registrations alone keep names apart.
        Err(_) => Ok(None),
    }
}

/// Removes the entries of processes that are gone.
pub fn sweep(place: &Path) {
    if check_owner(place).is_err() {
        return;
    }
    for (path, session) in entries(place) {
        if session.is_none_or(|session| !session.holder.is_alive()) && is_old(&path) {
            let _ = fs::remove_file(path);
        }
    }
}

/// An entry that is being written right now is empty for a moment; only older ones are stale.
fn is_old(path: &Path) -> bool {
    let age = fs::metadata(path).and_then(|data| data.modified()).ok().and_then(|time| time.elapsed().ok());
    match fs::read_to_string(path) {
        Ok(text) if !text.is_empty() => true,
        _ => age.is_some_and(|age| age.as_secs() >= 5),
    }
}

fn entries(place: &Path) -> Vec<(PathBuf, Option<Session>)> {
    let Ok(listing) = fs::read_dir(place) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for entry in listing.flatten() {
        let Some(name) = entry.file_name().to_str().map(str::to_owned) else {
            continue;
        };
        if !is_session_name(&name) {
            continue;
        }
        let identity = fs::read_to_string(entry.path()).ok().and_then(|text| Identity::from_line(&text));
        found.push((entry.path(), identity.map(|holder| Session { name, holder })));
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

/// The sessions of this user that are running now, by name.
#[must_use]
pub fn running() -> Vec<Session> {
    running_in(&places())
}

fn running_in(places: &[PathBuf]) -> Vec<Session> {
    let mut found: Vec<Session> = Vec::new();
    for place in places {
        if check_owner(place).is_err() {
            continue;
        }
        let alive =
            entries(place).into_iter().filter_map(|(_, session)| session).filter(|session| session.holder.is_alive());
        for session in alive {
            if !found.contains(&session) {
                found.push(session);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(name: &str) -> PathBuf {
        let place = std::env::temp_dir().join(format!("sockscope-register-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&place);
        fs::DirBuilder::new().mode(0o700).create(&place).unwrap();
        place
    }

    #[test]
    fn a_living_process_is_found_and_a_dead_one_swept() {
        let place = room("sweep");
        let own = own_identity().unwrap();
        fs::write(place.join("live"), own.to_line()).unwrap();
        let recycled = Identity { process: own.process, started: own.started.wrapping_add(1) };
        fs::write(place.join("live-2"), recycled.to_line()).unwrap();
        let found = running_in(std::slice::from_ref(&place));
        assert_eq!(found, vec![Session { name: "live".to_owned(), holder: own }]);
        let places = [place.clone()];
        assert_eq!(free_name_in(&places, &[]), "live-2");
        assert_eq!(free_name_in(&places, &["live-2".to_owned()]), "live-3");
        assert!(!place.join("live-2").exists());
        assert!(place.join("live").exists());
        fs::remove_dir_all(place).unwrap();
    }

    #[test]
    fn a_name_taken_in_one_place_is_taken_in_all() {
        let (here, there) = (room("here"), room("there"));
        fs::write(there.join("live"), own_identity().unwrap().to_line()).unwrap();
        assert_eq!(free_name_in(&[here.clone(), there.clone()], &[]), "live-2");
        let name = format!("test-{}", std::process::id());
        let held = take_name(&name).unwrap();
        assert!(held.is_some() && take_name(&name).is_err(), "whoever knows neither place");
        drop(held);
        assert!(take_name(&name).is_ok());
        fs::remove_dir_all(here).unwrap();
        fs::remove_dir_all(there).unwrap();
    }

    #[test]
    fn a_directory_open_to_others_is_not_believed() {
        use std::os::unix::fs::PermissionsExt;
        let place = room("open");
        fs::write(place.join("live"), own_identity().unwrap().to_line()).unwrap();
        fs::set_permissions(&place, fs::Permissions::from_mode(0o777)).unwrap();
        assert!(running_in(std::slice::from_ref(&place)).is_empty());
        fs::remove_dir_all(place).unwrap();
    }

    #[test]
    fn session_names_cannot_leave_the_directory() {
        assert!(is_session_name("live-2"));
        for wrong in ["", "..", ".hidden", "a/b", "a b", "\u{1b}"] {
            assert!(!is_session_name(wrong), "{wrong:?}");
        }
    }
}
