//! `sockscope lesson NAME --report FILE`: writes what a student has done as a hand-in.

use std::fs;
use std::io;
use std::path::Path;

use lessons::Player;

use crate::lesson::shelf;
use crate::refusal::{Refusal, harmless};

pub(super) fn write_hand_in(player: &Player, student: &str, file: &Path) -> Result<(), Refusal> {
    let shown = harmless(&file.display().to_string());
    let hand_in = player.hand_in(student).map_err(|problems| shelf::refusal(&player.lesson().folder, &problems))?;
    let failed = |error: io::Error| {
        Refusal::usage(format!("{shown} cannot be written: {error}."), format!("无法写入 {shown}：{error}。"))
    };
    let text = serde_json::to_string_pretty(&hand_in).map_err(|error| failed(error.into()))?;
    fs::write(file, text + "\n").map_err(failed)
}
