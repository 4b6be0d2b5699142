//! Embeds the sources of the stack, so that the program can show the Rust that runs. Writes a table of `include_str!`,
//! nothing more: no dependency, no network, no look outside this repository.

use std::fmt::Write;
use std::path::{Path, PathBuf};

fn main() {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let root = root.parent().map(Path::to_path_buf).unwrap_or_default();
    let sources = root.join("stack").join("src");
    println!("cargo:rerun-if-changed={}", sources.display());
    let mut files = Vec::new();
    walk(&sources, &mut files);
    files.sort();
    let mut table = String::from("/// Every source file of the stack by its path in the repository.\nconst FILES: &[(&str, &str)] = &[\n");
    for file in &files {
        if let Ok(name) = file.strip_prefix(&root) {
            let _ = writeln!(table, "    ({:?}, include_str!({:?})),", name.to_string_lossy(), file.display().to_string());
        }
    }
    table.push_str("];\n");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default()).join("sources.rs");
    if let Err(error) = std::fs::write(&out, table) {
        println!("cargo:warning={}: {error}", out.display());
    }
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            walk(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}
