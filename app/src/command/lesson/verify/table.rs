//! The table of hand-ins: as text in columns, as comma-separated values, and as JSON.

use lessons::hand_in::Marks;
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::{Row, State};
use crate::command::lesson::print;
use crate::i18n::{Lang, Words};
use crate::refusal::{Refusal, harmless};

/// A row as a machine reads it. What was not counted, because the file is not in order, is null.
#[derive(Serialize)]
struct Record<'a> {
    file: &'a str,
    state: &'static str,
    why: &'a str,
    student: Option<String>,
    lesson: Option<String>,
    finished: Option<bool>,
    questions: Option<usize>,
    right_at_first: Option<usize>,
    certain_and_wrong: Option<usize>,
    misconceptions: &'a [String],
    skipped: Option<usize>,
    hints: Option<usize>,
    seconds: Option<u64>,
    said: Option<String>,
}

impl<'a> Record<'a> {
    fn of(row: &'a Row, lang: Lang) -> Self {
        let marks = row.marks.as_ref();
        Self {
            file: &row.file,
            state: row.state.id(),
            why: row.why.text(lang),
            student: row.hand_in.as_ref().map(|hand_in| harmless(&hand_in.student)),
            lesson: row.hand_in.as_ref().map(|hand_in| harmless(&hand_in.lesson)),
            finished: marks.map(|marks| marks.finished),
            questions: marks.map(|marks| marks.questions),
            right_at_first: marks.map(|marks| marks.right_at_first),
            certain_and_wrong: marks.map(|marks| marks.certain_and_wrong),
            misconceptions: marks.map_or(&[], |marks| &marks.misconceptions),
            skipped: marks.map(|marks| marks.skipped),
            hints: marks.map(|marks| marks.hints),
            seconds: marks.map(|marks| marks.seconds),
            said: marks.map(|marks| harmless(&marks.said)),
        }
    }
}

/// Prints a JSON array, an object for each row.
pub(super) fn json(rows: &[Row], lang: Lang) -> Result<(), Refusal> {
    let records: Vec<Record> = rows.iter().map(|row| Record::of(row, lang)).collect();
    // Texts and numbers only: it can always be written.
    print(&serde_json::to_string_pretty(&records).unwrap_or_default())
}

/// Prints comma-separated values (RFC 4180) behind a line of headings, which are the same in every language.
pub(super) fn csv(rows: &[Row], lang: Lang) -> Result<(), Refusal> {
    print(
        "file,state,why,student,lesson,finished,questions,right_at_first,certain_and_wrong,misconceptions,skipped,hints,seconds,said",
    )?;
    for row in rows {
        let record = Record::of(row, lang);
        let count = |count: Option<usize>| count.map(|count| count.to_string()).unwrap_or_default();
        let fields = [
            record.file.to_owned(),
            record.state.to_owned(),
            record.why.to_owned(),
            record.student.unwrap_or_default(),
            record.lesson.unwrap_or_default(),
            record.finished.map(|finished| finished.to_string()).unwrap_or_default(),
            count(record.questions),
            count(record.right_at_first),
            count(record.certain_and_wrong),
            record.misconceptions.join(" "),
            count(record.skipped),
            count(record.hints),
            record.seconds.map(|seconds| seconds.to_string()).unwrap_or_default(),
            record.said.unwrap_or_default(),
        ];
        print(&fields.iter().map(|field| quoted(field)).collect::<Vec<_>>().join(","))?;
    }
    Ok(())
}

/// A field of comma-separated values. One that a spreadsheet would take for a formula gets a `'` in front: it may come from a file.
fn quoted(field: &str) -> String {
    let field = if field.starts_with(['=', '+', '-', '@']) { format!("'{field}") } else { field.to_owned() };
    if field.contains([',', '"', '\n', '\r']) { format!("\"{}\"", field.replace('"', "\"\"")) } else { field }
}

/// Prints columns, and below them what is to be said of single files and what the learners said themselves.
pub(super) fn text(rows: &[Row], lang: Lang) -> Result<(), Refusal> {
    let headings = match lang {
        Lang::En => {
            ["state", "who", "lesson", "right at first", "certain, wrong", "skipped", "hints", "time", "misconceptions"]
        }
        Lang::Zh => ["状态", "姓名", "课程", "首次答对", "确信却错", "跳过", "提示", "用时", "误解"],
    };
    let mut lines = vec![headings.map(str::to_owned)];
    lines.extend(rows.iter().map(|row| cells(row, lang)));
    let widths: Vec<usize> = (0..9)
        .map(|column| lines.iter().filter_map(|line| line.get(column)).map(|cell| cell.width()).max().unwrap_or(0))
        .collect();
    for line in &lines {
        let padded = line
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell}{}", " ".repeat(width - cell.width().min(*width))));
        print(padded.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    let colon = if lang == Lang::En { ": " } else { "：" };
    for row in rows.iter().filter(|row| row.state != State::Sound) {
        print(&format!("{}{colon}{}", row.file, row.why.text(lang)))?;
    }
    for row in rows {
        let said = row.marks.as_ref().map(|marks| harmless(&marks.said)).filter(|said| !said.is_empty());
        if let (Some(said), Some(hand_in)) = (said, &row.hand_in) {
            print(&match lang {
                Lang::En => format!("{} says: {said}", harmless(&hand_in.student)),
                Lang::Zh => format!("{} 的话：{said}", harmless(&hand_in.student)),
            })?;
        }
    }
    Ok(())
}

fn cells(row: &Row, lang: Lang) -> [String; 9] {
    let state = match &row.marks {
        Some(marks) if !marks.finished && row.state == State::Sound => {
            Words::new("ok, unfinished", "正常，未完成").text(lang)
        }
        Some(_) | None => row.state.text(lang),
    };
    let student = row.hand_in.as_ref().map_or_else(|| row.file.clone(), |hand_in| harmless(&hand_in.student));
    let lesson = row.hand_in.as_ref().map(|hand_in| harmless(&hand_in.lesson)).unwrap_or_default();
    let dash = || "-".to_owned();
    let count = |of: fn(&Marks) -> String| row.marks.as_ref().map_or_else(dash, of);
    [
        state.to_owned(),
        student,
        lesson,
        count(|marks| format!("{}/{}", marks.right_at_first, marks.questions)),
        count(|marks| marks.certain_and_wrong.to_string()),
        count(|marks| marks.skipped.to_string()),
        count(|marks| marks.hints.to_string()),
        count(|marks| duration(marks.seconds)),
        row.marks.as_ref().map(|marks| marks.misconceptions.join(", ")).unwrap_or_default(),
    ]
}

/// Minutes and seconds, behind hours where there are any.
fn duration(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}
