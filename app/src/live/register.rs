//! Who is running live: one small file per session, named as the session, holding the identity of the process that
//! keeps its namespace. Promise: entries of processes that are gone are never believed and are swept away, a
//! directory that belongs to somebody else is refused, and a recycled process number does not fool it.

use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
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

    /// Whether exactly this process is still running.
    #[must_use]
    pub fn is_alive(self) -> bool {
        start_time(&self.process.to_string()).is_ok_and(|started| started == self.started)
    }
}

/// The identity of the calling process.
///
/// # Errors
/// When /proc is not there.
pub fn own_identity() -> io::Result<Identity> {
    Ok(Identity { process: std::process::id(), started: start_time("self")? })
}

/// Field 22 of /proc/PID/stat. The name in field 2 may contain anything, so counting starts behind its bracket.
fn start_time(process: &str) -> io::Result<u64> {
    let text = fs::read_to_string(format!("/proc/{process}/stat"))?;
    let after_name = text.rsplit_once(')').map_or("", |(_, rest)| rest);
    let mut fields = after_name.split_ascii_whitespace();
    let state = fields.next().unwrap_or("X");
    if matches!(state, "Z" | "X") {
        return Err(io::Error::from(io::ErrorKind::NotFound));
    }
    fields.nth(18).and_then(|field| field.parse().ok()).ok_or_else(|| io::Error::other("/proc/PID/stat is cut"))
}

/// A running session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its name.
    pub name: String,
    /// The process that holds its namespace.
    pub holder: Identity,
}

/// The directories in which a session of this user may be registered, the preferred one first.
#[must_use]
pub fn places() -> Vec<PathBuf> {
    let mut places = Vec::new();
    if let Some(runtime) = std::env::var_os("XDG_RUNTIME_DIR").filter(|value| Path::new(value).is_absolute()) {
        places.push(PathBuf::from(runtime).join("sockscope"));
    }
    places.push(PathBuf::from(format!("/tmp/sockscope-{}", geteuid().as_raw())));
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

/// The first free name among `live`, `live-2`, `live-3`, ... in `place`.
#[must_use]
pub fn free_name(place: &Path) -> String {
    sweep(place);
    let mut name = "live".to_owned();
    let mut number = 2_u32;
    while place.join(&name).exists() {
        name = format!("live-{number}");
        number = number.saturating_add(1);
    }
    name
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
        assert_eq!(free_name(&place), "live-2");
        assert!(!place.join("live-2").exists());
        assert!(place.join("live").exists());
        fs::remove_dir_all(place).unwrap();
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
