//! `lesson.toml` as it is written: schema 1, unknown keys refused. Every text knows where it stands.

use std::collections::BTreeMap;

use serde::Deserialize;
use stack::words::Words;
use toml::Spanned;

use crate::problem::{Problem, position};

/// The version of the format that this program reads.
pub(crate) const SCHEMA: u32 = 1;

/// Name of the file.
pub(crate) const LESSON_FILE: &str = "lesson.toml";

/// What a beat asks of the learner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    /// To read and watch.
    Show,
    /// To say what the run will do.
    Predict,
    /// To bring the run to a moment.
    Investigate,
    /// To change something and see what follows.
    Modify,
    /// To put steps in their order.
    Order,
    /// To write a small scene.
    Make,
}

/// What a learner may change in a beat that modifies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Allowed {
    /// A frame may be lost.
    #[serde(rename = "wire.drop")]
    Drop,
    /// A frame may arrive twice.
    #[serde(rename = "wire.duplicate")]
    Duplicate,
    /// A frame may come late.
    #[serde(rename = "wire.delay")]
    Delay,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LessonFile {
    pub(crate) schema: Spanned<u32>,
    pub(crate) id: Spanned<String>,
    pub(crate) minutes: Spanned<u32>,
    pub(crate) claim: Spanned<String>,
    pub(crate) scene: SceneFile,
    /// The lesson that comes after it, by its id.
    pub(crate) next: Option<Spanned<String>>,
    /// Four to six places `HOST: enter FUNCTION` of the run, in its order: what the second pass asks for.
    #[serde(default)]
    pub(crate) calls: Vec<Spanned<String>>,
    /// The chapter of the curriculum that it belongs to.
    pub(crate) chapter: Option<Spanned<String>>,
    /// The lessons that come before it, by their ids.
    #[serde(default)]
    pub(crate) needs: Vec<Spanned<String>>,
    /// Words of the glossary that it is about.
    #[serde(default)]
    pub(crate) words: Vec<Spanned<String>>,
    /// The panes that stand on the screen while it is played, each in a place of its own.
    #[serde(default)]
    pub(crate) panes: Vec<Spanned<String>>,
    /// Numbers that differ from student to student: name and range; `{name}` stands for them in scene, places and words.
    #[serde(default)]
    pub(crate) vary: BTreeMap<String, Spanned<[u32; 2]>>,
    pub(crate) beat: Vec<Spanned<BeatFile>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SceneFile {
    pub(crate) script: Spanned<String>,
    pub(crate) seed: Spanned<SeedFile>,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum SeedFile {
    Fixed(u32),
    Named(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BeatFile {
    pub(crate) id: Spanned<String>,
    pub(crate) kind: Kind,
    pub(crate) at: Option<Spanned<String>>,
    pub(crate) until: Option<Spanned<String>>,
    pub(crate) host: Option<Spanned<String>>,
    pub(crate) pane: Option<Spanned<String>>,
    #[serde(default)]
    pub(crate) closed: Vec<Spanned<String>>,
    pub(crate) sock: Option<u32>,
    pub(crate) hide: Option<Spanned<String>>,
    pub(crate) hints: Option<Spanned<u32>>,
    #[serde(default)]
    pub(crate) option: Vec<OptionFile>,
    #[serde(default)]
    pub(crate) evidence: Vec<Spanned<String>>,
    pub(crate) goal: Option<Spanned<String>>,
    pub(crate) run_to: Option<Spanned<String>>,
    #[serde(default)]
    pub(crate) allow: Vec<Allowed>,
    #[serde(default)]
    pub(crate) solution: Vec<Spanned<String>>,
    #[serde(default)]
    pub(crate) step: Vec<StepFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OptionFile {
    pub(crate) id: Spanned<String>,
    /// What holds at `until`.
    pub(crate) when: Option<Spanned<String>>,
    /// A place that is passed on the way there.
    pub(crate) happens: Option<Spanned<String>>,
    /// A place that is not.
    pub(crate) never: Option<Spanned<String>>,
    pub(crate) misconception: Option<Spanned<String>>,
    /// What the learner's cursor is put on to choose it; the options are not listed then.
    pub(crate) pick: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StepFile {
    pub(crate) id: Spanned<String>,
    pub(crate) at: Spanned<String>,
}

/// Reads `lesson.toml`; unknown keys, wrong types and slips of the format are refused with their place.
pub(crate) fn read(text: &str) -> Result<LessonFile, Problem> {
    let advice = Words::new(
        "correct it as lessons/README.md says, or remove the key",
        "请按 lessons/README.md 改正，或删去该键",
    );
    toml::from_str(text).map_err(|error| problem_of(LESSON_FILE, text, &error, advice))
}

/// What the reader of the format complains of in a file, at its place, with what to do about it.
pub(crate) fn problem_of(file: &str, text: &str, error: &toml::de::Error, advice: Words) -> Problem {
    let place = error.span().map_or((0, 0), |span| position(text, span.start));
    let what = error.message().trim_end_matches('.').replace('\n', "; ");
    Problem::at(file, place, format!("{what}; {}", advice.en), format!("{}；{}", chinese(&what), advice.zh))
}

/// The reader of the format speaks English; its commonest complaints are put into Chinese.
fn chinese(what: &str) -> String {
    let quoted: Vec<&str> = what.split('`').skip(1).step_by(2).collect();
    let first = quoted.first().copied().unwrap_or("");
    if what.starts_with("unknown field") {
        let rest = quoted.get(1..).unwrap_or(&[]).join("、");
        return format!("未知的键 `{first}`，可用的键有 {rest}");
    }
    if what.starts_with("missing field") {
        return format!("缺少键 `{first}`");
    }
    if what.starts_with("unknown variant") {
        let rest = quoted.get(1..).unwrap_or(&[]).join("、");
        return format!("未知的取值 `{first}`，可用的取值有 {rest}");
    }
    if what.starts_with("duplicate key") {
        return "键重复".to_owned();
    }
    format!("无法读取：{what}")
}
