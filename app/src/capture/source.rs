//! From a path to bytes: a file, or standard input for `-`, unpacked where it is gzip. Promise: a plain file of any size opens
//! without being copied into memory; of everything else, which says nothing of its size beforehand, never more than [`LARGEST`]
//! bytes are taken, however small the packed file is. A packed file that is cut or damaged gives what could be unpacked.

use std::fs::File;
use std::io::{self, Read};
use std::ops::Deref;

use flate2::read::MultiGzDecoder;
use memmap2::Mmap;
#[cfg(unix)]
use memmap2::UncheckedAdvice;

use crate::refusal::{Refusal, harmless};

/// The most bytes taken of a pipe, and of a packed file after unpacking.
pub const LARGEST: u64 = 256 << 20;
/// Files of this size and more are mapped: a smaller one is safer read, for somebody may shorten it meanwhile.
const MAPPED: u64 = 64 << 20;

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// The bytes of a file, read or mapped.
#[derive(Debug)]
pub enum Bytes {
    /// In memory.
    Read(Vec<u8>),
    /// What could be unpacked of a file that is cut or damaged.
    Cut(Vec<u8>),
    /// Mapped from the file.
    Mapped(Mmap),
}

impl Bytes {
    /// Whether there was more that could not be unpacked.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        matches!(self, Self::Cut(_))
    }

    /// The bytes from `from` to `to` need not stay in memory: whoever goes through a large file once would hold all of it
    /// otherwise. Reading them again brings them back.
    pub fn let_go(&self, from: usize, to: usize) {
        #[cfg(unix)]
        if let Self::Mapped(bytes) = self
            && let Some(length) = to.min(bytes.len()).checked_sub(from).filter(|length| *length > 0)
        {
            // SAFETY: the mapping is shared, of a file, and only ever read: the pages that the system drops it reads from the
            // file again, with the same bytes. That it may decline is no fault.
            let _declined = unsafe { bytes.unchecked_advise_range(UncheckedAdvice::DontNeed, from, length) };
        }
        #[cfg(not(unix))]
        let _ = (from, to);
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Read(bytes) | Self::Cut(bytes) => bytes,
            Self::Mapped(bytes) => bytes,
        }
    }
}

/// Whether bytes are gzip.
#[must_use]
pub fn is_packed(bytes: &[u8]) -> bool {
    bytes.starts_with(&GZIP_MAGIC)
}

/// Loads the bytes of `path`.
///
/// # Errors
/// One sentence: it cannot be read, cannot be unpacked, or is too large.
pub fn load(path: &str) -> Result<Bytes, Refusal> {
    load_at_most(path, LARGEST, MAPPED)
}

fn load_at_most(path: &str, limit: u64, mapped: u64) -> Result<Bytes, Refusal> {
    let bytes = if path == "-" {
        at_most(io::stdin().lock(), limit).map(|bytes| bytes.map(Bytes::Read))
    } else {
        File::open(path).and_then(|file| of_file(file, limit, mapped))
    };
    let bytes = bytes.map_err(|error| unreadable(path, &error))?.ok_or_else(|| too_large(path, limit))?;
    if !is_packed(&bytes) {
        return Ok(bytes);
    }
    unpack(&bytes, limit).map_err(|error| not_gzip(path, &error))?.ok_or_else(|| too_large(path, limit))
}

/// The unpacked bytes, or `None` when there are more than `limit`. An error behind the first of them is where the file is cut.
fn unpack(packed: &[u8], limit: u64) -> io::Result<Option<Bytes>> {
    let mut bytes = Vec::new();
    let end = MultiGzDecoder::new(packed).take(limit.saturating_add(1)).read_to_end(&mut bytes);
    if !is_within(&bytes, limit) {
        return Ok(None);
    }
    match end {
        Ok(_) => Ok(Some(Bytes::Read(bytes))),
        Err(_) if !bytes.is_empty() => Ok(Some(Bytes::Cut(bytes))),
        Err(error) => Err(error),
    }
}

fn is_within(bytes: &[u8], limit: u64) -> bool {
    u64::try_from(bytes.len()).is_ok_and(|length| length <= limit)
}

/// A large file mapped, anything else read as far as `limit` allows.
fn of_file(file: File, limit: u64, mapped: u64) -> io::Result<Option<Bytes>> {
    let about = file.metadata()?;
    if about.is_file() && about.len() >= mapped {
        // SAFETY: the bytes are only ever read, as plain bytes whose every value is checked. What remains is that somebody
        // shortens the file meanwhile; then the system ends the program, as it would any that maps files.
        return unsafe { Mmap::map(&file) }.map(|bytes| Some(Bytes::Mapped(bytes)));
    }
    Ok(at_most(file, limit)?.map(Bytes::Read))
}

/// Everything the source has, or `None` when that is more than `limit`.
fn at_most(source: impl Read, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    source.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(is_within(&bytes, limit).then_some(bytes))
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
        format!("{shown} has more than {mebibytes} MiB: put it into a plain file, unpacked, where any size is read."),
        format!("{shown} 超过 {mebibytes} MiB：请把它解压成普通文件，普通文件不限大小。"),
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
        assert_eq!(load_at_most(path, 4 << 20, MAPPED).unwrap().len(), 3 << 20);
        let refusal = load_at_most(path, 1 << 20, MAPPED).unwrap_err();
        assert!(refusal.words.en.contains("more than 1 MiB"), "{refusal}");
        std::fs::remove_file(path).unwrap();
    }

    #[test]
    fn a_cut_packed_file_gives_what_can_be_unpacked() {
        let path = std::env::temp_dir().join(format!("sockscope-half-{}.gz", std::process::id()));
        let written: Vec<u8> = (0..300_000_u32).map(|place| (place.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(&written).unwrap();
        let packed = packer.finish().unwrap();
        std::fs::write(&path, &packed[..packed.len() / 2]).unwrap();
        let half = load(path.to_str().unwrap()).unwrap();
        assert!(half.is_cut() && written.starts_with(&half) && half.len() > 50_000, "{}", half.len());
        std::fs::write(&path, &packed).unwrap();
        assert!(!load(path.to_str().unwrap()).unwrap().is_cut());
        std::fs::write(&path, &packed[..5]).unwrap();
        assert!(load(path.to_str().unwrap()).unwrap_err().words.en.contains("cannot be unpacked"));
        std::fs::remove_file(path).unwrap();
    }

    #[test]
    fn a_plain_file_has_no_limit_and_is_mapped() {
        let path = std::env::temp_dir().join(format!("sockscope-large-{}.pcap", std::process::id()));
        let written: Vec<u8> = (0..100_000_u32).map(|place| place.to_le_bytes()[1]).collect();
        std::fs::write(&path, &written).unwrap();
        for mapped in [1_000, 1 << 20] {
            let loaded = load_at_most(path.to_str().unwrap(), 200_000, mapped).unwrap();
            assert_eq!(matches!(loaded, Bytes::Mapped(_)), mapped == 1_000);
            assert!(*loaded == *written);
            loaded.let_go(0, usize::MAX);
            loaded.let_go(300_000, 5);
            assert!(*loaded == *written, "they are there when they are wanted again");
        }
        assert!(load_at_most(path.to_str().unwrap(), 1_000, 1_000).is_ok(), "the limit is of pipes and packed files");
        std::fs::remove_file(path).unwrap();
    }

    #[test]
    fn a_missing_file_is_one_sentence() {
        let refusal = load("/no/such\u{7}file").unwrap_err();
        assert!(refusal.words.en.contains("cannot be read") && !refusal.words.en.contains('\u{7}'));
        assert_eq!(refusal.exit_code, crate::refusal::EXIT_USAGE);
    }
}
