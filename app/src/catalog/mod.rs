//! What can be opened, and how each is opened: the list that the home screen shows and that commands open from.
//!
//! Adding a kind of thing to open is a variant of [`Item`]; the compiler then asks for its words and its opening. What is known
//! of the person at this machine (how far each lesson is, what was opened last) is in the list only where it was asked for
//! ([`of_person`]).

pub mod recent;

use std::path::{Path, PathBuf};

use lessons::{Chapter, Files};

use self::recent::Recent;
use crate::i18n::{Lang, Message, Words};
use crate::lesson::curriculum::{Course, courses};
use crate::lesson::progress::{self, Trouble};
use crate::lesson::{self, class_place};
#[cfg(live)]
use crate::live::start::{Options, start};
use crate::open::gallery::{self, GalleryScene};
use crate::open::{self, Opened, capture};
use crate::picture::Source;
use crate::refusal::{Refusal, harmless};
use crate::session::Session;
use crate::session::captures::CaptureTable;
use crate::session::observed::ObservedSession;

/// What has been opened.
pub enum Opening {
    /// A run.
    Run(Box<Session>),
    /// A capture that is no recording of ours: its connections, of which one may be chosen.
    Table(Box<CaptureTable>),
    /// A replay of one of its connections, which was chosen already; the table lies behind it.
    Replay(Box<Session>, Box<CaptureTable>),
    /// A capture, observed with one of its connections in focus.
    Observed(Box<ObservedSession>),
}

impl From<Session> for Opening {
    fn from(session: Session) -> Self {
        Self::Run(Box::new(session))
    }
}

/// Something that can be opened.
#[derive(Clone, Debug)]
pub enum Item {
    /// The scene a stranger begins with: it plays at once.
    FirstScene,
    /// A lesson that ships with the program.
    Lesson {
        /// What is known of it.
        course: Box<Course>,
        /// Who learns; None where nothing is known of anybody.
        student: Option<String>,
    },
    /// The stack on a real device.
    #[cfg(live)]
    Live,
    /// A scene, capture or recording that has to be named.
    File,
    /// A file that was opened lately.
    Recent(PathBuf),
    /// A scene of the gallery.
    Gallery(&'static GalleryScene),
}

impl Item {
    /// The heading under which it stands, and what that offers: a lesson under its chapter.
    #[must_use]
    pub fn heading(&self, lang: Lang) -> (String, &'static str) {
        let (heading, note) = match self {
            Self::FirstScene => (Message::HomeBegin, Message::HomeBeginNote),
            Self::Lesson { course, .. } => return of_chapter(course.chapter, lang),
            #[cfg(live)]
            Self::Live => (Message::HomeLive, Message::HomeLiveNote),
            Self::File => (Message::HomeReplay, Message::HomeReplayNote),
            Self::Recent(_) => (Message::HomeRecent, Message::HomeRecentNote),
            Self::Gallery(_) => (Message::HomeGallery, Message::HomeGalleryNote),
        };
        (heading.text(lang).to_owned(), note.text(lang))
    }

    /// Its name.
    #[must_use]
    pub fn title(&self, lang: Lang) -> String {
        match self {
            Self::FirstScene => Message::FirstScene.text(lang).to_owned(),
            Self::Lesson { course, .. } => course.title.text(lang).to_owned(),
            #[cfg(live)]
            Self::Live => Message::LiveItem.text(lang).to_owned(),
            Self::File => Message::HomeOpen.text(lang).to_owned(),
            Self::Recent(path) => {
                let name = path.file_name().map_or_else(|| path.to_string_lossy(), |name| name.to_string_lossy());
                harmless(&name)
            }
            Self::Gallery(scene) => scene.title.text(lang).to_owned(),
        }
    }

    /// A remark beside its name.
    #[must_use]
    pub fn note(&self, lang: Lang) -> String {
        match self {
            Self::FirstScene => Words::new("httpd, get", "httpd、get").text(lang).to_owned(),
            Self::Lesson { course, student } => course.note(student.as_deref(), lang),
            #[cfg(live)]
            Self::Live => "10.0.0.2 ⇄ 10.0.0.1".to_owned(),
            Self::File => ".pkt .json .pcap .pcapng".to_owned(),
            Self::Recent(path) => harmless(&path.parent().unwrap_or(Path::new("")).to_string_lossy()),
            Self::Gallery(scene) => scene.name.clone(),
        }
    }

    /// What it is, in a sentence, for whoever stands on it.
    #[must_use]
    pub fn sentence(&self, lang: Lang) -> String {
        match self {
            Self::FirstScene => Message::FirstSceneAbout.text(lang).to_owned(),
            Self::Lesson { .. } => Message::LessonAbout.text(lang).to_owned(),
            #[cfg(live)]
            Self::Live => Message::LiveAbout.text(lang).to_owned(),
            Self::File => Message::FileAbout.text(lang).to_owned(),
            Self::Recent(path) => harmless(&path.to_string_lossy()),
            Self::Gallery(scene) => scene.sentence.text(lang).to_owned(),
        }
    }

    /// Whether typed letters mean it: they stand in what is written of it.
    #[must_use]
    pub fn is_meant(&self, typed: &str, lang: Lang) -> bool {
        let typed = typed.to_lowercase();
        let has = |text: String| text.to_lowercase().contains(&typed);
        has(self.title(lang)) || has(self.note(lang)) || has(self.sentence(lang))
    }

    /// Whether it asks for a path first.
    #[must_use]
    pub fn wants_path(&self) -> bool {
        matches!(self, Self::File)
    }

    /// Whether it plays as soon as it is open.
    #[must_use]
    pub fn plays(&self) -> bool {
        matches!(self, Self::FirstScene)
    }

    /// Opens it.
    ///
    /// # Errors
    /// The sentence that says why it cannot be opened.
    pub fn open(&self) -> Result<Opening, Refusal> {
        let session = match self {
            Self::Lesson { course, .. } => lesson(course.files.clone(), &progress::student())?,
            Self::FirstScene | Self::File => scene(None)?,
            Self::Recent(path) => return opening(path),
            Self::Gallery(gallery) => scene(Some(Path::new(&gallery.name)))?,
            #[cfg(live)]
            Self::Live => Session::of_live(start(&Options::default())?),
        };
        Ok(session.into())
    }
}

/// A session on a lesson, where a student left it.
///
/// # Errors
/// The first thing that is wrong with the lesson.
pub fn lesson(files: Files, student: &str) -> Result<Session, Refusal> {
    let (player, remark) = lesson::open(files, student)?;
    let session = Session::of_lesson(player, progress::keeper(&Trouble::default(), student)).with_student(student);
    Ok(session.with_remark(remark).with_class_teller(class_place::teller()))
}

/// What the home screen offers, items of one heading together; nothing is known of whoever looks at it.
#[must_use]
pub fn standard() -> Vec<Item> {
    with(None, &[])
}

/// The same for the person at this machine: how far each lesson is, and what was opened lately.
#[must_use]
pub fn of_person(recent: &Recent) -> Vec<Item> {
    with(Some(&progress::student()), recent.paths())
}

fn with(student: Option<&str>, recent: &[PathBuf]) -> Vec<Item> {
    let courses = courses(student).into_iter();
    let mut items = vec![Item::FirstScene];
    items.extend(courses.map(|course| Item::Lesson { course: Box::new(course), student: student.map(str::to_owned) }));
    #[cfg(live)]
    items.push(Item::Live);
    items.push(Item::File);
    items.extend(recent.iter().cloned().map(Item::Recent));
    items.extend(gallery::scenes().iter().map(Item::Gallery));
    items
}

/// The heading of the lessons of a chapter; that of the first says what lessons are.
fn of_chapter(chapter: Option<Chapter>, lang: Lang) -> (String, &'static str) {
    let lessons = Message::HomeLessons.text(lang);
    let is_first = chapter.is_none_or(|chapter| chapter == Chapter::ALL[0]);
    let note = if is_first { Message::HomeLessonsNote.text(lang) } else { "" };
    let heading = chapter.map(|chapter| format!("{lessons} · {}", chapter.name.text(lang)));
    (heading.unwrap_or_else(|| lessons.to_owned()), note)
}

/// The name of the scene that ships with the program.
pub const FIRST_SCENE: &str = "httpd ⇄ get";

/// Opens a file, or a scene of the gallery by its name: a capture that is no recording of ours as the table of its connections,
/// anything else as a run.
///
/// # Errors
/// The sentence that says what is wrong with the file.
pub fn opening(path: &Path) -> Result<Opening, Refusal> {
    if capture::is_capture(path) {
        let shown = path.to_string_lossy();
        if let Some(bytes) = capture::foreign(&shown)? {
            return CaptureTable::new(&shown, bytes).map(|table| Opening::Table(Box::new(table)));
        }
    }
    scene(Some(path)).map(Opening::from)
}

/// A session on a scene, capture or recording, or on a scene of the gallery by its name; without a path on the scene a stranger
/// begins with.
///
/// # Errors
/// The sentence that says what is wrong with the file.
pub fn scene(path: Option<&Path>) -> Result<Session, Refusal> {
    let Opened { run, remark, kept, gallery, .. } = open::open(path, 1)?;
    let of_path = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    let title = gallery.map(|scene| scene.name.clone()).or_else(|| path.and_then(of_path));
    let title = title.unwrap_or_else(|| FIRST_SCENE.to_owned());
    let source = match (path, gallery) {
        (Some(path), _) if capture::is_capture(path) => Source::Replay,
        (Some(_), None) => Source::Script,
        (Some(_), Some(_)) | (None, _) => Source::Lab,
    };
    let remark = remark.or_else(|| gallery.map(|scene| scene.sentence.clone()));
    let mut session = Session::new(title, source, run).with_remark(remark).with_kept(&kept);
    if let Some(scene) = gallery {
        session.begin_at(&scene.at);
    }
    Ok(session)
}
