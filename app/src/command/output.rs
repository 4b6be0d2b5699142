//! Where data goes: standard output, or a file that was named. Promise: whatever could not be written is said in one
//! sentence with exit code 1 (2 where the place was wrong), except to a reader that has seen enough and closed the pipe (`| head`).

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use crate::i18n::Words;
use crate::refusal::{EXIT_FAILED, EXIT_USAGE, Refusal, harmless};

/// What became of writing to standard output.
///
/// # Errors
/// It could not be written, a closed pipe aside.
pub fn delivered(written: io::Result<()>) -> Result<(), Refusal> {
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(unwritable("standard output", "标准输出", &error))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Writes all of `data` to the file, or to standard output where there is none.
///
/// # Errors
/// It could not be written, a closed pipe aside.
pub fn deliver(data: &[u8], file: Option<&Path>) -> Result<(), Refusal> {
    let Some(file) = file else {
        let mut out = io::stdout().lock();
        return delivered(out.write_all(data).and_then(|()| out.flush()));
    };
    let shown = harmless(&file.display().to_string());
    fs::write(file, data).map_err(|error| unwritable(&shown, &shown, &error))
}

fn unwritable(en: &str, zh: &str, error: &io::Error) -> Refusal {
    let words = Words::new(
        format!("{en} cannot be written: {error}; check the place and the room there."),
        format!("无法写入{zh}：{error}；请检查位置与剩余空间。"),
    );
    // A place that cannot be is the user's to correct; a full disk is nobody's wrong argument.
    let is_place = matches!(
        error.kind(),
        io::ErrorKind::NotFound
            | io::ErrorKind::PermissionDenied
            | io::ErrorKind::IsADirectory
            | io::ErrorKind::NotADirectory
            | io::ErrorKind::InvalidInput
    );
    Refusal { words, exit_code: if is_place { EXIT_USAGE } else { EXIT_FAILED } }
}
