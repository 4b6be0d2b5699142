//! `sockscope lesson NAME --report FILE` and `--reset`: what a student takes out of what was kept, or leaves behind.
//!
//! Promise: before a hand-in is written everything that will stand in it has been said, one's own words with it; and no file is
//! written over unless that was asked for.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use lessons::hand_in::HandIn;
use lessons::{Deed, Files, Player};

use super::{lang_of, print};
use crate::i18n::Lang;
use crate::lesson::{progress, shelf};
use crate::refusal::{Refusal, harmless};

pub(super) fn write_hand_in(
    player: &Player,
    student: &str,
    file: &Path,
    force: bool,
    lang: Lang,
) -> Result<(), Refusal> {
    let shown = harmless(&file.display().to_string());
    let (who, lesson) = (harmless(student), harmless(&player.lesson().id));
    if player.progress().entries().next().is_none() {
        return Err(Refusal::usage(
            format!("nothing that could be handed in has been done in {lesson} as {who}: play it first."),
            format!("{who} 还没有做过 {lesson}，没有可交的作业：请先学习本课。"),
        ));
    }
    if !force && fs::symlink_metadata(file).is_ok() {
        return Err(exists(&shown));
    }
    let hand_in = player.hand_in(student).map_err(|problems| shelf::refusal(&player.lesson().folder, &problems))?;
    tell(&hand_in, lang)?;
    let failed = |error: io::Error| {
        if error.kind() == io::ErrorKind::AlreadyExists {
            return exists(&shown);
        }
        Refusal::usage(
            format!("{shown} cannot be written: {error}; check the place and the room there."),
            format!("无法写入 {shown}：{error}；请检查位置与剩余空间。"),
        )
    };
    let text = serde_json::to_string_pretty(&hand_in).map_err(|error| failed(error.into()))? + "\n";
    let mut options = OpenOptions::new();
    options.write(true).create_new(!force).create(force).truncate(force);
    options.open(file).and_then(|mut file| file.write_all(text.as_bytes())).map_err(failed)?;
    print(&match lang {
        Lang::En => format!("written to {shown}"),
        Lang::Zh => format!("已写入 {shown}"),
    })
}

fn exists(shown: &str) -> Refusal {
    Refusal::usage(
        format!("{shown} exists already: name another file, or add --force to write over it."),
        format!("{shown} 已存在：请换一个文件名，或加 --force 覆盖。"),
    )
}

/// Says what a hand-in contains.
fn tell(hand_in: &HandIn, lang: Lang) -> Result<(), Refusal> {
    let HandIn { student, lesson, seed, said, sittings, beats, .. } = hand_in;
    let (student, lesson, said) = (harmless(student), harmless(lesson), harmless(said));
    let entries = || sittings.iter().flat_map(|sitting| &sitting.entries);
    let (deeds, times) = (entries().count(), sittings.len());
    let hints = entries().filter(|entry| entry.did == Deed::Hint).count();
    let answers: usize = beats.values().map(|beat| beat.answers.len()).sum();
    let skipped = beats.values().filter(|beat| beat.skipped).count();
    let en = [
        format!("The hand-in contains, for whoever reads it:\n  name       {student}, whose numbers have seed {seed}"),
        format!("  lesson     {lesson}"),
        format!("  answers    {answers}, each with how sure you were and whether the run agreed"),
        format!("  beats      {skipped} skipped, {hints} hints shown"),
        format!("  times      when you opened the lesson ({times}), and the second of everything you did ({deeds})"),
        format!("  own words  {}", if said.is_empty() { "none" } else { &said }),
        "  hashes     of all that, and of your runs".to_owned(),
    ];
    let zh = [
        format!("作业文件包含以下内容，收件人都能看到：\n  姓名      {student}（其数字的种子为 {seed}）"),
        format!("  课程      {lesson}"),
        format!("  回答      {answers} 个，含把握程度与运行是否认同"),
        format!("  节拍      跳过 {skipped} 个，看过 {hints} 条提示"),
        format!("  时间      每次打开课程的时刻（{times} 次），以及 {deeds} 项操作各自的秒数"),
        format!("  自己的话  {}", if said.is_empty() { "无" } else { &said }),
        "  哈希      以上全部内容，以及你的各次运行".to_owned(),
    ];
    let lines = match lang {
        Lang::En => en,
        Lang::Zh => zh,
    };
    lines.iter().try_for_each(|line| print(line))
}

/// Lets a student begin a lesson anew.
pub(super) fn reset(files: &Files, student: &str, tag: Option<&str>) -> Result<ExitCode, Refusal> {
    let lang = lang_of(tag)?;
    let lesson = shelf::read(files)?;
    let moved = progress::reset(&lesson.id, student)?;
    let (who, lesson) = (harmless(student), harmless(&lesson.id));
    if moved.is_empty() {
        print(&match lang {
            Lang::En => format!("nothing was kept of {who} in {lesson}"),
            Lang::Zh => format!("没有 {who} 在 {lesson} 中的进度"),
        })?;
    }
    for path in moved {
        let path = harmless(&path.display().to_string());
        print(&match lang {
            Lang::En => format!("{who} begins {lesson} anew; what was done is kept as {path}"),
            Lang::Zh => format!("{who} 将从头开始 {lesson}；原进度另存为 {path}"),
        })?;
    }
    Ok(ExitCode::SUCCESS)
}
