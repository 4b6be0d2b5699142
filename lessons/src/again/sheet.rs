//! The files of a second pass: `lesson.toml` with its beats, and the words in both languages as far as the lesson has them.

use core::cmp::Ordering;
use core::fmt::Write;

use stack::words::Lang;

use super::SUFFIX;
use super::hole::{Hole, choices};
use super::words::Told;
use crate::file::{LESSON_FILE, LessonFile, SCHEMA, SeedFile};
use crate::language::file_of;
use crate::lesson::{Call, Lesson};
use crate::load::Files;
use crate::pane::Pane;
use crate::text::LessonText;

/// Panes that name functions: they are closed while one is asked for.
const TELLING: [Pane; 4] = [Pane::Code, Pane::Stack, Pane::Path, Pane::Outline];
/// Panes that a second pass shows where the lesson has others only.
const STANDBY: [Pane; 3] = [Pane::Ladder, Pane::Socks, Pane::State];
/// Minutes of a second pass beside one for each call.
const MINUTES: usize = 6;

/// What the files are made of.
pub(super) struct Sheet<'a> {
    /// The files of the lesson.
    pub(super) files: &'a Files,
    /// The lesson with somebody's numbers.
    pub(super) lesson: &'a Lesson,
    /// Its `lesson.toml` as it is written.
    pub(super) file: &'a LessonFile,
    /// Its calls.
    pub(super) holes: &'a [Hole<'a>],
}

impl Sheet<'_> {
    /// The files of the second pass. Where the lesson has no words in a language, it has none.
    pub(super) fn files(&self) -> Files {
        let mut files = vec![(LESSON_FILE.to_owned(), self.toml())];
        let scene = &self.lesson.scene;
        files.extend(self.files.text(scene).map(|text| (scene.clone(), text.to_owned())));
        for lang in Lang::ALL {
            let file = file_of(lang);
            if let Some(text) = self.files.text(file) {
                // What is wrong with these words the lesson itself has been told.
                let told = Told {
                    lang,
                    holes: self.holes,
                    numbers: self.numbers(),
                    first: &LessonText::read(lang, text, &mut Vec::new()),
                };
                files.push((file.to_owned(), told.markdown()));
            }
        }
        Files { folder: format!("{}{SUFFIX}", self.files.folder), files }
    }

    /// The names of the numbers that differ from learner to learner.
    fn numbers(&self) -> Vec<&str> {
        self.file.vary.keys().map(String::as_str).collect()
    }

    fn toml(&self) -> String {
        let seed = match self.file.scene.seed.get_ref() {
            SeedFile::Fixed(seed) => seed.to_string(),
            SeedFile::Named(name) => format!("{name:?}"),
        };
        let panes: Vec<&str> = self.panes().iter().map(|pane| pane.id()).collect();
        let minutes = MINUTES + self.holes.len();
        let mut text = format!(
            "schema = {SCHEMA}\nid = \"{}{SUFFIX}\"\nminutes = {minutes}\nclaim = {:?}\npanes = {panes:?}\nscene = {{ script = {:?}, seed = {seed} }}\n",
            self.lesson.id,
            Told::claim(Lang::En, self.holes.len()),
            self.lesson.scene,
        );
        let Lesson { id, words, chapter, next, .. } = self.lesson;
        let _ = writeln!(text, "needs = [{id:?}]\nwords = {words:?}");
        for (key, value) in [("chapter", chapter.map(|chapter| chapter.id)), ("next", next.as_deref())] {
            if let Some(value) = value {
                let _ = writeln!(text, "{key} = {value:?}");
            }
        }
        text.push_str("\n[vary]\n");
        for (name, range) in &self.file.vary {
            let _ = writeln!(text, "{name:?} = {:?}", range.get_ref());
        }
        for (index, hole) in self.holes.iter().enumerate().skip(1) {
            self.question(&mut text, index, hole, panes.first().copied().unwrap_or_default());
        }
        self.order(&mut text, panes.first().copied().unwrap_or_default());
        text
    }

    /// The panes of the lesson that name no functions, and others where fewer than two are left.
    fn panes(&self) -> Vec<Pane> {
        let mut panes: Vec<Pane> = self.lesson.panes.iter().copied().filter(|pane| !TELLING.contains(pane)).collect();
        for pane in STANDBY {
            if panes.len() < 2 && !panes.contains(&pane) {
                panes.push(pane);
            }
        }
        panes
    }

    fn question(&self, text: &mut String, index: usize, hole: &Hole, pane: &str) {
        let Some(before) = index.checked_sub(1).and_then(|before| self.holes.get(before)) else { return };
        let closed = TELLING.map(Pane::id);
        let _ = write!(
            text,
            "\n[[beat]]\nid = \"call-{}\"\nkind = \"predict\"\npane = {pane:?}\nclosed = {closed:?}\nat = \"{}\"\nhide = \"future\"\nuntil = \"{}\"\nhints = 3\noption = [\n",
            index + 1,
            before.call.place,
            hole.call.place,
        );
        for (letter, choice) in choices(self.holes, index) {
            let Some(choice_hole) = self.holes.get(choice) else { continue };
            let Call { host, function, .. } = choice_hole.call;
            let wrong = match choice.cmp(&index) {
                Ordering::Less => format!(", misconception = \"calls-{}-again\"", self.distinct(choice_hole.call)),
                Ordering::Equal => String::new(),
                Ordering::Greater => {
                    format!(", misconception = \"calls-{}-too-early\"", self.distinct(choice_hole.call))
                }
            };
            let _ = writeln!(text, "  {{ id = \"{letter}\", happens = \"{host}: enter {}\"{wrong} }},", function.name);
        }
        text.push_str("]\n");
    }

    /// The name of a call's function, with its host where the function is called on both.
    fn distinct(&self, call: &Call) -> String {
        let name = call.function.name;
        let count = self.holes.iter().filter(|hole| hole.call.function == call.function).count();
        if count > 1 { format!("{name}-on-{}", call.host) } else { name.to_owned() }
    }

    fn order(&self, text: &mut String, pane: &str) {
        let _ = write!(text, "\n[[beat]]\nid = \"order\"\nkind = \"order\"\npane = {pane:?}\nhints = 3\nstep = [\n");
        for (index, hole) in self.holes.iter().enumerate() {
            let Call { host, function, .. } = hole.call;
            let which = if hole.which > 1 { format!(" #{}", hole.which) } else { String::new() };
            let _ = writeln!(text, "  {{ id = \"{}\", at = \"{host}: enter {}{which}\" }},", index + 1, function.name);
        }
        text.push_str("]\n");
    }
}
