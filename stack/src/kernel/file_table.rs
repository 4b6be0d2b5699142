//! The table of open files of the whole system (fs/file_table.c). Promise: it never holds more than NR_FILE.

use kfn::kfn;

use super::Kernel;
use crate::include::fs::{File, FileId, NR_FILE};
use crate::note;

/// Hands out an unused entry of the table of open files.
///
/// fs/file_table.c:get_empty_filp. The entry has one reference and nothing else; None where all NR_FILE are in use. The
/// original grows its table by a page where it has to.
#[kfn("fs/file_table.c")]
pub fn get_empty_filp(k: &mut Kernel) -> Option<FileId> {
    if k.files.len() >= NR_FILE {
        note!(k, "every entry of the system's file table is in use");
        return None;
    }
    Some(k.files.insert(File { f_count: 1, ..File::default() }))
}
