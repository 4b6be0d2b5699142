//! The house: what can be opened from the home screen, and how each is opened.

use std::path::Path;

use lessons::Files;

use crate::i18n::{Lang, Message};
use crate::lesson::progress::{self, Trouble};
use crate::lesson::{self, shelf};
#[cfg(live)]
use crate::live::start::{Options, start};
use crate::open;
use crate::open::capture;
use crate::picture::Source;
use crate::refusal::Refusal;
use crate::session::Walk;
use crate::session::contract::{House, Run, Session};
use crate::tui::pane::home::Door;

/// Opens what stands behind a door.
pub type Opener = Box<dyn FnMut() -> Result<Box<dyn Run>, Refusal>>;

/// What stands behind a door.
enum Behind {
    /// A run.
    Run(Opener),
    /// A file that has to be named.
    File,
}

/// A door with both of its texts.
struct Entry {
    heading: Message,
    note_of_heading: Message,
    name: (String, String),
    note: (String, String),
    behind: Behind,
}

/// The doors of the program.
#[derive(Default)]
pub struct Home {
    entries: Vec<Entry>,
}

impl Home {
    /// The house as the program is shipped: the first scene, and files.
    #[must_use]
    pub fn standard() -> Self {
        let mut home = Self::default();
        for files in lessons::content::all() {
            home.add_lesson(files);
        }
        home.add(
            (Message::HomeLab, Message::HomeLabNote),
            (Message::FirstScene.text(Lang::En), Message::FirstScene.text(Lang::Zh)),
            ("httpd, get", "httpd、get"),
            Box::new(|| lab(None)),
        );
        #[cfg(live)]
        home.add(
            (Message::HomeLive, Message::HomeLiveNote),
            (Message::LiveDoor.text(Lang::En), Message::LiveDoor.text(Lang::Zh)),
            ("10.0.0.2 ⇄ 10.0.0.1", "10.0.0.2 ⇄ 10.0.0.1"),
            Box::new(|| Ok(Box::new(Walk::live(start(&Options::default())?)) as Box<dyn Run>)),
        );
        home.entries.push(Entry {
            heading: Message::HomeReplay,
            note_of_heading: Message::HomeReplayNote,
            name: both(Message::HomeOpen),
            note: (".pkt .json .pcap .pcapng".to_owned(), ".pkt .json .pcap .pcapng".to_owned()),
            behind: Behind::File,
        });
        home
    }

    /// Adds a lesson; one that cannot be read has no door (the linter says why).
    fn add_lesson(&mut self, files: Files) {
        let Ok(lesson) = shelf::read(&files) else { return };
        let title = |lang| lesson.text(lang).title.clone();
        let minutes = lesson.minutes.to_string();
        let note = |lang| Message::LessonDoor.fill(lang, &[&minutes]);
        let open: Opener = Box::new(move || {
            let player = lesson::open(files.clone(), &progress::student())?;
            Ok(Box::new(Walk::lesson(player, progress::keeper(&Trouble::default()))) as Box<dyn Run>)
        });
        self.add(
            (Message::HomeLessons, Message::HomeLessonsNote),
            (&title(Lang::En), &title(Lang::Zh)),
            (&note(Lang::En), &note(Lang::Zh)),
            open,
        );
    }

    /// Adds a door under a heading; names and notes in English and Chinese.
    pub fn add(&mut self, heading: (Message, Message), name: (&str, &str), note: (&str, &str), open: Opener) {
        let pair = |(en, zh): (&str, &str)| (en.to_owned(), zh.to_owned());
        let behind = Behind::Run(open);
        let entry =
            Entry { heading: heading.0, note_of_heading: heading.1, name: pair(name), note: pair(note), behind };
        // Doors of one heading stand together, headings in the order in which they came.
        let place =
            self.entries.iter().rposition(|known| known.heading == heading.0).map_or(self.entries.len(), |at| at + 1);
        self.entries.insert(place, entry);
    }

    /// A session at the home screen, or with a run already open.
    #[must_use]
    pub fn session(self, run: Option<Box<dyn Run>>) -> Session {
        Session { house: Box::new(self), run }
    }
}

fn both(message: Message) -> (String, String) {
    (message.text(Lang::En).to_owned(), message.text(Lang::Zh).to_owned())
}

/// A walk through a scene: the first one where no file is named.
///
/// # Errors
/// The sentence that says what is wrong with the file.
pub fn lab(path: Option<&Path>) -> Result<Box<dyn Run>, Refusal> {
    let run = open::open(path, 1)?;
    let title = path
        .and_then(Path::file_name)
        .map_or_else(|| "httpd ⇄ get".to_owned(), |name| name.to_string_lossy().into_owned());
    let source = match path {
        Some(path) if capture::is_capture(path) => Source::Replay,
        Some(_) => Source::Script,
        None => Source::Lab,
    };
    Ok(Box::new(Walk::new(title, source, run)))
}

impl House for Home {
    fn doors(&self, lang: Lang) -> Vec<Door> {
        let pick = |(en, zh): &(String, String)| match lang {
            Lang::En => en.clone(),
            Lang::Zh => zh.clone(),
        };
        self.entries
            .iter()
            .map(|entry| Door {
                heading: entry.heading,
                heading_note: entry.note_of_heading,
                name: pick(&entry.name),
                note: pick(&entry.note),
            })
            .collect()
    }

    fn open(&mut self, door: usize, lang: Lang) -> Result<Box<dyn Run>, String> {
        match self.entries.get_mut(door).map(|entry| &mut entry.behind) {
            Some(Behind::Run(open)) => open().map_err(|refusal| refusal.text(lang).to_owned()),
            Some(Behind::File) | None => Err(Message::NotHere.text(lang).to_owned()),
        }
    }

    fn open_file(&mut self, path: &str, lang: Lang) -> Result<Box<dyn Run>, String> {
        lab(Some(Path::new(path))).map_err(|refusal| refusal.text(lang).to_owned())
    }

    fn wants_path(&self, door: usize) -> bool {
        matches!(self.entries.get(door).map(|entry| &entry.behind), Some(Behind::File))
    }
}
