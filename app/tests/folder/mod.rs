//! A folder of one test's own. Promise: it is gone with the test.

#![allow(dead_code, reason = "every test binary uses some of it")]

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A path below a file: nothing is there and nothing can be made there, not even by root.
pub(crate) const NOWHERE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml/below");

pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    /// A folder whose name says whose it is; tests run side by side, so the number behind it keeps two of one name apart.
    pub(crate) fn new(name: &str) -> Self {
        static MADE: AtomicUsize = AtomicUsize::new(0);
        let (test, number) = (env!("CARGO_CRATE_NAME"), MADE.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(format!("sockscope-{test}-{}-{name}{number}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// The path of something in it.
    pub(crate) fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }

    /// A file in it, and in folders below it, with this content.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        self.path(name)
    }
}

#[cfg(unix)]
impl Folder {
    /// One that nobody else may enter, as a runtime directory has to be.
    pub(crate) fn private(name: &str) -> Self {
        let folder = Self::new(name);
        fs::set_permissions(&folder.0, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
        folder
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
