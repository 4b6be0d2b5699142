//! What was opened lately: at most ten paths in a small file of the user's state folder, the last one first.
//!
//! Promise: a file that is damaged is left aside with a sentence, and where nothing can be written nothing is; neither keeps
//! anything from being opened.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::config::state_folder;
use crate::i18n::Words;
use crate::refusal::{harmless, is_absent};

/// The most paths that are kept.
const MOST: usize = 10;
/// The largest file that is read, in bytes.
const LARGEST: u64 = 64 << 10;

/// What was opened lately.
#[derive(Clone, Debug, Default)]
pub struct Recent {
    file: Option<PathBuf>,
    paths: Vec<PathBuf>,
    remark: Option<Words<String>>,
}

impl Recent {
    /// What the person at this machine opened lately.
    #[must_use]
    pub fn load() -> Self {
        state_folder().map(|folder| Self::of(folder.join("sockscope").join("recent.json"))).unwrap_or_default()
    }

    /// The same from a file, which need not be there yet.
    #[must_use]
    pub fn of(file: PathBuf) -> Self {
        let (paths, remark) = match read(&file) {
            Ok(paths) => (paths, None),
            Err(why) => {
                let shown = harmless(&file.display().to_string());
                let words = Words::new(
                    format!("{shown} is damaged ({why}): the list of recent files begins anew."),
                    format!("{shown} 已损坏（{why}）：最近文件的列表重新开始。"),
                );
                (Vec::new(), Some(words))
            }
        };
        Self { file: Some(file), paths, remark }
    }

    /// The paths, the last one first.
    #[must_use]
    pub fn paths(&self) -> &[PathBuf] {
        &self.paths
    }

    /// What is to be said of the file, once.
    pub fn take_remark(&mut self) -> Option<Words<String>> {
        self.remark.take()
    }

    /// Puts a path in front and keeps the list; a scene that ships with the program is no file and stays out.
    pub fn remember(&mut self, path: &Path) {
        let Some(file) = self.file.clone() else { return };
        let is_text = path.to_str().is_some_and(|text| !text.is_empty());
        let Some(path) = std::path::absolute(path).ok().filter(|path| is_text && path.is_file()) else { return };
        self.paths.retain(|known| *known != path);
        self.paths.insert(0, path);
        self.paths.truncate(MOST);
        // A list that cannot be kept is no trouble of whoever wants to see his scene.
        let _unwritten: io::Result<()> = write(&file, &self.paths);
    }
}

/// The paths in a file; none where there is no file.
fn read(file: &Path) -> Result<Vec<PathBuf>, String> {
    let length = match fs::metadata(file) {
        Ok(metadata) => metadata.len(),
        Err(error) if is_absent(&error) => return Ok(Vec::new()),
        Err(error) => return Err(error.to_string()),
    };
    if length > LARGEST {
        return Err(format!("{length} > {LARGEST}"));
    }
    let text = fs::read_to_string(file).map_err(|error| error.to_string())?;
    let mut paths: Vec<PathBuf> = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    paths.truncate(MOST);
    Ok(paths)
}

/// Writes the file whole or not at all.
fn write(file: &Path, paths: &[PathBuf]) -> io::Result<()> {
    fs::create_dir_all(file.parent().unwrap_or(Path::new("")))?;
    let beside = file.with_extension("json.new");
    fs::write(&beside, serde_json::to_string_pretty(paths)?)?;
    fs::rename(&beside, file)
}
