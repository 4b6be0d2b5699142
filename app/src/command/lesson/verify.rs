//! `sockscope lesson verify FILE`: replays a hand-in and compares.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use lessons::{HandIn, replay};

use super::print;
use crate::i18n::{Lang, lang_of_environment};
use crate::lesson::shelf;
use crate::refusal::{Refusal, harmless};

pub(super) fn verify(file: &Path) -> Result<ExitCode, Refusal> {
    let shown = harmless(&file.display().to_string());
    let text = fs::read_to_string(file).map_err(|error| {
        Refusal::usage(format!("{shown} cannot be read: {error}."), format!("无法读取 {shown}：{error}。"))
    })?;
    let hand_in: HandIn = serde_json::from_str(&text).map_err(|error| {
        let (line, english) = (error.line(), harmless(&error.to_string()));
        Refusal::usage(
            format!(
                "{shown}:{line}: this is no hand-in: {english}; write one with sockscope lesson NAME --report FILE."
            ),
            format!("{shown}:{line}: 这不是作业文件：{english}；请用 sockscope lesson 名称 --report 文件 生成。"),
        )
    })?;
    let files = shelf::find(&hand_in.progress.lesson)?;
    let hash = replay(&files, &hand_in.progress).map_err(|problems| shelf::refusal(&files.folder, &problems))?;
    let beats = hand_in.progress.beats.values();
    let answers: Vec<bool> = beats.filter_map(|beat| beat.answers.first().map(|answer| answer.right)).collect();
    let right = answers.iter().filter(|right| **right).count();
    let (student, lesson) = (harmless(&hand_in.student), harmless(&hand_in.progress.lesson));
    let same = hash == hand_in.hash;
    let total = answers.len();
    print(&match (lang_of_environment(), same) {
        (Lang::En, true) => format!("ok {student}: {lesson}, {right} of {total} right at first, hash {hash}"),
        (Lang::En, false) => {
            format!("FAIL {student}: {lesson}, the replay gives hash {hash}, the hand-in another")
        }
        (Lang::Zh, true) => format!("ok {student}：{lesson}，{total} 题中首次答对 {right} 题，哈希 {hash}"),
        (Lang::Zh, false) => format!("FAIL {student}：{lesson}，重放得到的哈希是 {hash}，与作业不符"),
    })?;
    Ok(ExitCode::from(u8::from(!same)))
}
