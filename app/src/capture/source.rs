//! From a path to bytes: a file, or standard input for `-`, unpacked where it is gzip. Promise: never more than
//! [`LARGEST`] bytes in memory, however small the packed file is.

use std::fs::File;
use std::io::{self, Read};

use flate2::read::MultiGzDecoder;

use crate::refusal::{Refusal, harmless};

/// The most bytes taken, after unpacking.
pub const LARGEST: u64 = 256 << 20;

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Whether bytes are gzip.
#[must_use]
pub fn is_packed(bytes: &[u8]) -> bool {
    bytes.starts_with(&GZIP_MAGIC)
}

/// Loads the bytes of `path`.
///
/// # Errors
/// One sentence: it cannot be read, cannot be unpacked, or is too large.
pub fn load(path: &str) -> Result<Vec<u8>, Refusal> {
    load_at_most(path, LARGEST)
}

fn load_at_most(path: &str, limit: u64) -> Result<Vec<u8>, Refusal> {
    let bytes = if path == "-" {
        at_most(io::stdin().lock(), limit)
    } else {
        File::open(path).and_then(|file| at_most(file, limit))
    };
    let bytes = bytes.map_err(|error| unreadable(path, &error))?.ok_or_else(|| too_large(path, limit))?;
    if !is_packed(&bytes) {
        return Ok(bytes);
    }
    let unpacked = at_most(MultiGzDecoder::new(bytes.as_slice()), limit);
    unpacked.map_err(|error| not_gzip(path, &error))?.ok_or_else(|| too_large(path, limit))
}

/// Everything the source has, or `None` when that is more than `limit`.
fn at_most(source: impl Read, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    source.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(u64::try_from(bytes.len()).is_ok_and(|length| length <= limit).then_some(bytes))
}

fn unreadable(path: &str, error: &io::Error) -> Refusal {
    let shown = harmless(path);
    Refusal::usage(format!("{shown} cannot be read: {error}."), format!("{shown} 无法读取：{error}。"))
}

fn not_gzip(path: &str, error: &io::Error) -> Refusal {
    let shown = harmless(path);
    Refusal::usage(
        format!("{shown} begins like a gzip file but cannot be unpacked: {error}."),
        format!("{shown} 看起来是 gzip 文件，但无法解压：{error}。"),
    )
}

fn too_large(path: &str, limit: u64) -> Refusal {
    let shown = harmless(path);
    let mebibytes = limit >> 20;
    Refusal::usage(
        format!("{shown} has more than {mebibytes} MiB: cut out the part of interest with `editcap -r` or a filter."),
        format!("{shown} 超过 {mebibytes} MiB：请用 `editcap -r` 或过滤器截取感兴趣的部分。"),
    )
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_packed_bomb_is_refused_not_unpacked() {
        let path = std::env::temp_dir().join(format!("sockscope-bomb-{}.gz", std::process::id()));
        let mut packer = flate2::write::GzEncoder::new(File::create(&path).unwrap(), flate2::Compression::best());
        packer.write_all(&vec![0; 3 << 20]).unwrap();
        packer.finish().unwrap();
        let path = path.to_str().unwrap();
        assert_eq!(load_at_most(path, 4 << 20).unwrap().len(), 3 << 20);
        let refusal = load_at_most(path, 1 << 20).unwrap_err();
        assert!(refusal.words.en.contains("more than 1 MiB"), "{refusal}");
        std::fs::remove_file(path).unwrap();
    }

    #[test]
    fn a_missing_file_is_one_sentence() {
        let refusal = load("/no/such\u{7}file").unwrap_err();
        assert!(refusal.words.en.contains("cannot be read") && !refusal.words.en.contains('\u{7}'));
        assert_eq!(refusal.exit_code, crate::refusal::EXIT_USAGE);
    }
}
