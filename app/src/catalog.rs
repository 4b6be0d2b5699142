//! What can be opened, and how each is opened: the list that the home screen shows and that commands open from.
//!
//! Adding a kind of thing to open is a variant of [`Item`]; the compiler then asks for its words and its opening.

use std::path::Path;

use lessons::Files;

use crate::i18n::{Lang, Message, Words};
use crate::lesson::progress::{self, Trouble};
use crate::lesson::{self, shelf};
#[cfg(live)]
use crate::live::start::{Options, start};
use crate::open::{self, Opened, capture};
use crate::picture::Source;
use crate::refusal::Refusal;
use crate::session::Session;

/// Something that can be opened.
#[derive(Clone, Debug)]
pub enum Item {
    /// A lesson that ships with the program.
    Lesson {
        /// Its files.
        files: Files,
        /// Its title.
        title: Words<String>,
        /// How long it takes.
        minutes: u32,
    },
    /// The scene that ships with the program.
    FirstScene,
    /// The stack on a real device.
    #[cfg(live)]
    Live,
    /// A scene, capture or recording that has to be named.
    File,
}

impl Item {
    /// The heading under which it stands, and what that offers.
    #[must_use]
    pub fn heading(&self) -> (Message, Message) {
        match self {
            Self::Lesson { .. } => (Message::HomeLessons, Message::HomeLessonsNote),
            Self::FirstScene => (Message::HomeLab, Message::HomeLabNote),
            #[cfg(live)]
            Self::Live => (Message::HomeLive, Message::HomeLiveNote),
            Self::File => (Message::HomeReplay, Message::HomeReplayNote),
        }
    }

    /// Its name.
    #[must_use]
    pub fn title(&self, lang: Lang) -> &str {
        match self {
            Self::Lesson { title, .. } => title.text(lang),
            Self::FirstScene => Message::FirstScene.text(lang),
            #[cfg(live)]
            Self::Live => Message::LiveItem.text(lang),
            Self::File => Message::HomeOpen.text(lang),
        }
    }

    /// A remark beside its name.
    #[must_use]
    pub fn note(&self, lang: Lang) -> String {
        match self {
            Self::Lesson { minutes, .. } => Message::LessonMinutes.fill(lang, &[&minutes.to_string()]),
            Self::FirstScene => Words::new("httpd, get", "httpd、get").text(lang).to_owned(),
            #[cfg(live)]
            Self::Live => "10.0.0.2 ⇄ 10.0.0.1".to_owned(),
            Self::File => ".pkt .json .pcap .pcapng".to_owned(),
        }
    }

    /// Whether it asks for a path first.
    #[must_use]
    pub fn wants_path(&self) -> bool {
        matches!(self, Self::File)
    }

    /// Opens it.
    ///
    /// # Errors
    /// The sentence that says why it cannot be opened.
    pub fn open(&self) -> Result<Session, Refusal> {
        match self {
            Self::Lesson { files, .. } => {
                let player = lesson::open(files.clone(), &progress::student())?;
                Ok(Session::of_lesson(player, progress::keeper(&Trouble::default())))
            }
            Self::FirstScene | Self::File => scene(None),
            #[cfg(live)]
            Self::Live => Ok(Session::of_live(start(&Options::default())?)),
        }
    }
}

/// What the home screen offers, items of one heading together.
#[must_use]
pub fn standard() -> Vec<Item> {
    // One that cannot be read is left out; the linter says why.
    let lesson = |files: Files| {
        let lesson = shelf::read(&files).ok()?;
        let title = |lang| lesson.text(lang).title.clone();
        let title = Words::new(title(Lang::En), title(Lang::Zh));
        Some(Item::Lesson { files, title, minutes: lesson.minutes })
    };
    let mut items: Vec<Item> = lessons::content::all().into_iter().filter_map(lesson).collect();
    items.push(Item::FirstScene);
    #[cfg(live)]
    items.push(Item::Live);
    items.push(Item::File);
    items
}

/// The name of the scene that ships with the program.
pub const FIRST_SCENE: &str = "httpd ⇄ get";

/// A session on a scene, capture or recording; without a path on the scene that ships with the program.
///
/// # Errors
/// The sentence that says what is wrong with the file.
pub fn scene(path: Option<&Path>) -> Result<Session, Refusal> {
    let Opened { run, remark, kept } = open::open(path, 1)?;
    let title = path
        .and_then(Path::file_name)
        .map_or_else(|| FIRST_SCENE.to_owned(), |name| name.to_string_lossy().into_owned());
    let source = match path {
        Some(path) if capture::is_capture(path) => Source::Replay,
        Some(_) => Source::Script,
        None => Source::Lab,
    };
    Ok(Session::new(title, source, run).with_remark(remark).with_kept(&kept))
}
