//! From a path to bytes: a file, or standard input for `-`, unpacked where it is gzip. Promise: a plain file of any size opens
//! without being copied into memory; of everything else, which says nothing of its size beforehand, never more than [`LARGEST`]
//! bytes are taken, however small the packed file is. A packed file that is cut or damaged gives what could be unpacked, and one
//! that is only opened ([`open`]) is unpacked a slice at a time by whoever reads it.

mod unpacking;

use std::fs::File;
use std::io::{self, Read};
use std::ops::Deref;

use memmap2::Mmap;
#[cfg(unix)]
use memmap2::UncheckedAdvice;

use self::unpacking::{Stage, Unpacking};
use crate::refusal::{Refusal, harmless};

/// The most bytes taken of a pipe, and of a packed file after unpacking.
pub const LARGEST: u64 = 256 << 20;
/// Files of this size and more are mapped: a smaller one is safer read, for somebody may shorten it meanwhile.
const MAPPED: u64 = 8 << 20;

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// The bytes of a file, as far as they are there.
#[derive(Debug)]
pub struct Bytes {
    held: Held,
    /// Where they come out of a packed file.
    unpacking: Option<Box<Unpacking>>,
}

/// Where bytes are.
#[derive(Debug)]
enum Held {
    /// In memory.
    Read(Vec<u8>),
    /// Mapped from the file.
    Mapped(Mmap),
}

/// Whether bytes are all there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Nothing is missing.
    Whole,
    /// More can be had ([`Bytes::unpack`]).
    GoesOn,
    /// There was more in the packed file that could not be unpacked.
    Cut,
    /// The packed file has more than is taken.
    Excess,
}

impl Bytes {
    /// Whether these are all.
    #[must_use]
    pub fn extent(&self) -> Extent {
        match self.unpacking.as_ref().map_or(Stage::Whole, |unpacking| unpacking.stage()) {
            Stage::GoesOn => Extent::GoesOn,
            Stage::Whole => Extent::Whole,
            Stage::Cut => Extent::Cut,
            Stage::Excess => Extent::Excess,
        }
    }

    /// Unpacks a slice more, where there is one.
    pub fn unpack(&mut self) {
        if let (Held::Read(bytes), Some(unpacking)) = (&mut self.held, &mut self.unpacking) {
            // An error before the first octet is met in [`open`], any other is noted.
            let _noted = unpacking.unpack(bytes);
        }
    }

    /// How far somebody is who has read up to `position`, and of how many octets: of the packed ones, where the file is packed.
    #[must_use]
    pub fn progress(&self, position: u64) -> (u64, u64) {
        let of = || u64::try_from(self.len()).unwrap_or(u64::MAX);
        self.unpacking.as_ref().map_or_else(|| (position, of()), |unpacking| unpacking.progress())
    }

    /// The bytes from `from` to `to` need not stay in memory: whoever goes through a large file once would hold all of it
    /// otherwise. Reading them again brings them back.
    pub fn let_go(&self, from: usize, to: usize) {
        #[cfg(unix)]
        if let Held::Mapped(bytes) = &self.held
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

impl From<Held> for Bytes {
    fn from(held: Held) -> Self {
        Self { held, unpacking: None }
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.held.as_ref()
    }
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        match self {
            Self::Read(bytes) => bytes,
            Self::Mapped(bytes) => bytes,
        }
    }
}

/// Whether bytes are gzip.
#[must_use]
pub fn is_packed(bytes: &[u8]) -> bool {
    bytes.starts_with(&GZIP_MAGIC)
}

/// Loads the bytes of `path`, all of them.
///
/// # Errors
/// One sentence: it cannot be read, cannot be unpacked, or is too large.
pub fn load(path: &str) -> Result<Bytes, Refusal> {
    load_at_most(path, LARGEST, MAPPED)
}

/// Opens the bytes of `path`; of a packed file its beginning is there, and the rest is to be had ([`Bytes::unpack`]).
///
/// # Errors
/// One sentence: it cannot be read, nothing of it can be unpacked, or a pipe gives too much.
pub fn open(path: &str) -> Result<Bytes, Refusal> {
    open_at_most(path, LARGEST, MAPPED)
}

fn load_at_most(path: &str, limit: u64, mapped: u64) -> Result<Bytes, Refusal> {
    let mut bytes = open_at_most(path, limit, mapped)?;
    while bytes.extent() == Extent::GoesOn {
        bytes.unpack();
    }
    if bytes.extent() == Extent::Excess { Err(too_large(path, limit)) } else { Ok(bytes) }
}

fn open_at_most(path: &str, limit: u64, mapped: u64) -> Result<Bytes, Refusal> {
    let held = if path == "-" {
        at_most(io::stdin().lock(), limit).map(|bytes| bytes.map(Held::Read))
    } else {
        File::open(path).and_then(|file| of_file(file, limit, mapped))
    };
    let held = held.map_err(|error| unreadable(path, &error))?.ok_or_else(|| too_large(path, limit))?;
    if !is_packed(held.as_ref()) {
        return Ok(held.into());
    }
    let (mut unpacking, mut bytes) = (Unpacking::new(held, limit), Vec::new());
    unpacking.unpack(&mut bytes).map_err(|error| not_gzip(path, &error))?;
    Ok(Bytes { held: Held::Read(bytes), unpacking: Some(Box::new(unpacking)) })
}

/// A large file mapped, anything else read as far as `limit` allows.
fn of_file(file: File, limit: u64, mapped: u64) -> io::Result<Option<Held>> {
    let about = file.metadata()?;
    if about.is_file() && about.len() >= mapped {
        // SAFETY: the bytes are only ever read, as plain bytes whose every value is checked. What remains is that somebody
        // shortens the file meanwhile; then the system ends the program, as it would any that maps files.
        return unsafe { Mmap::map(&file) }.map(|bytes| Some(Held::Mapped(bytes)));
    }
    Ok(at_most(file, limit)?.map(Held::Read))
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
        format!("{shown} has more than {mebibytes} MiB: put it into a plain file, unpacked, where any size is read."),
        format!("{shown} 超过 {mebibytes} MiB：请把它解压成普通文件，普通文件不限大小。"),
    )
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::capture::DamageKind;

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
        assert!(half.extent() == Extent::Cut && written.starts_with(&half) && half.len() > 50_000, "{}", half.len());
        std::fs::write(&path, &packed).unwrap();
        assert_eq!(load(path.to_str().unwrap()).unwrap().extent(), Extent::Whole);
        std::fs::write(&path, &packed[..5]).unwrap();
        assert!(load(path.to_str().unwrap()).unwrap_err().words.en.contains("cannot be unpacked"));
        std::fs::remove_file(path).unwrap();
    }

    #[test]
    fn a_packed_file_is_opened_at_its_beginning_and_comes_in_slices() {
        let path = std::env::temp_dir().join(format!("sockscope-slices-{}.gz", std::process::id()));
        let written: Vec<u8> = (0..1_250_000_u32).flat_map(|place| place.wrapping_mul(40_503).to_le_bytes()).collect();
        let packed_in_two = written.chunks(3_000_000).flat_map(|part| {
            let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            packer.write_all(part).unwrap();
            packer.finish().unwrap()
        });
        std::fs::write(&path, packed_in_two.collect::<Vec<u8>>()).unwrap();
        let mut bytes = open_at_most(path.to_str().unwrap(), 5_000_000, 1_000).unwrap();
        let (mut done, mut slices) = (0, 0);
        while bytes.extent() == Extent::GoesOn {
            assert!(written.starts_with(&bytes) && bytes.len() > done, "slice {slices}");
            let (packed, of) = bytes.progress(0);
            assert!(packed > 0 && packed <= of);
            (done, slices) = (bytes.len(), slices + 1);
            bytes.unpack();
        }
        assert!(slices >= 4 && *bytes == *written && bytes.extent() == Extent::Whole, "{slices}");
        let (packed, of) = bytes.progress(0);
        assert_eq!(packed, of);
        let mut limited = open_at_most(path.to_str().unwrap(), 4_999_999, 1_000).unwrap();
        while limited.extent() == Extent::GoesOn {
            limited.unpack();
        }
        assert_eq!((limited.extent(), limited.len()), (Extent::Excess, 4_999_999));
        std::fs::remove_file(path).unwrap();
    }

    /// A capture of so many frames of 84 octets that are no datagrams, with what belongs to a record 100 each.
    fn pcap(frames: u32) -> Vec<u8> {
        let mut file = vec![0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 1, 0, 0, 0];
        for number in 0..frames {
            for word in [1_700_000_000 + number, 0, 84, 84] {
                file.extend(word.to_le_bytes());
            }
            file.extend((0..21_u32).flat_map(|place| (number ^ place).wrapping_mul(2_654_435_761).to_le_bytes()));
        }
        file
    }

    /// What an index finds in a file of which so many octets are taken, and in how many slices.
    fn indexed(path: &str, limit: u64) -> (crate::capture::index::Index, usize) {
        let mut bytes = open_at_most(path, limit, MAPPED).unwrap();
        let mut indexing = crate::capture::index::Indexing::open(&mut bytes).unwrap();
        let mut slices = 1;
        let mut before = 0;
        while indexing.go_on(&mut bytes, 1_000) {
            let (done, of) = bytes.progress(indexing.position());
            assert!(before <= done && done <= of, "{before} {done} {of}");
            (before, slices) = (done, slices + 1);
        }
        (indexing.into_index(), slices)
    }

    #[test]
    fn a_packed_capture_is_read_as_it_comes() {
        let plain = std::env::temp_dir().join(format!("sockscope-coming-{}.pcap", std::process::id()));
        let path = std::env::temp_dir().join(format!("sockscope-coming-{}.pcap.gz", std::process::id()));
        let file = pcap(30_000);
        std::fs::write(&plain, &file).unwrap();
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(&file).unwrap();
        std::fs::write(&path, packer.finish().unwrap()).unwrap();
        let (plain, path) = (plain.to_str().unwrap(), path.to_str().unwrap());
        let (of_plain, _) = indexed(plain, LARGEST);
        let (index, slices) = indexed(path, LARGEST);
        assert_eq!((index.frames(), index.others(), index.damage()), (30_000, of_plain.others(), None));
        assert_eq!(index.last_ns(), of_plain.last_ns());
        assert!(index.is_whole() && slices > 30, "{slices}");
        let (index, _) = indexed(path, 2_500_000);
        let damage = index.damage().unwrap();
        assert_eq!((index.frames(), damage.after_frame, damage.kind), (24_999, 24_999, DamageKind::TooLarge));
        assert!(damage.remark(path).en.ends_with("unpack it into a plain file, where any size is read."));
        std::fs::remove_file(plain).unwrap();
        std::fs::remove_file(path).unwrap();
    }

    #[test]
    fn a_plain_file_has_no_limit_and_is_mapped() {
        let path = std::env::temp_dir().join(format!("sockscope-large-{}.pcap", std::process::id()));
        let written: Vec<u8> = (0..100_000_u32).map(|place| place.to_le_bytes()[1]).collect();
        std::fs::write(&path, &written).unwrap();
        for mapped in [1_000, 1 << 20] {
            let loaded = load_at_most(path.to_str().unwrap(), 200_000, mapped).unwrap();
            assert_eq!(matches!(loaded.held, Held::Mapped(_)), mapped == 1_000);
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
