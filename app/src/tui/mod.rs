//! The screen.
//!
//! Events come in through one channel ([`event`]), the [`app`] turns them into verbs of the [`session`](crate::session) or changes
//! of the [`ui_state`], and [`screen`] draws the [`picture`](crate::picture) of the present moment with the [`panes`]. Nothing is
//! drawn unless something changed. What can be done is one table ([`action`]), what can be seen another ([`panes`]).

pub mod action;
pub mod app;
pub mod canvas;
pub mod event;
pub mod keymap;
pub mod layout;
pub mod pane;
pub mod panes;
pub mod playback;
pub mod print;
pub mod screen;
mod signals;
pub mod terminal;
pub mod theme;
pub mod ui_state;

use std::io;
use std::time::{Duration, Instant};

use crate::catalog::Item;
use crate::i18n::{Lang, lang_of_environment};
use crate::session::Session;
use app::{App, Flow};
use event::{ScreenEvent, ScreenEvents};
use terminal::Screen;
use theme::Theme;
use ui_state::UiState;

/// The shortest time between two pictures while time runs by itself.
const FRAME: Duration = Duration::from_millis(50);

/// How the screen opens.
#[derive(Clone, Debug)]
pub struct Options {
    /// The language at the start.
    pub lang: Lang,
    /// The colours.
    pub theme: Theme,
    /// Whether the mouse is ours.
    pub mouse: bool,
    /// Whether only ASCII is drawn.
    pub ascii: bool,
}

impl Options {
    /// What the environment asks for.
    #[must_use]
    pub fn from_environment() -> Self {
        let ascii = !speaks_utf8();
        let lang = if ascii { Lang::En } else { lang_of_environment() };
        Self { lang, theme: Theme::from_environment(), mouse: true, ascii }
    }
}

/// Whether the locale says UTF-8; a locale that says nothing is taken at its word and gets ASCII, except on Windows, where there
/// is no such variable and every terminal shows UTF-8.
fn speaks_utf8() -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty())
        .unwrap_or_default()
        .to_ascii_lowercase();
    locale.is_empty() && cfg!(windows) || locale.contains("utf-8") || locale.contains("utf8")
}

/// Opens the screen on a session, or where there is none at home, and stays until the person leaves.
///
/// # Errors
/// When the terminal cannot be used; [`terminal::refusal`] says beforehand why, in a sentence.
pub fn run(catalog: Vec<Item>, session: Option<Session>, options: &Options) -> io::Result<()> {
    let mut ui = UiState::new(options.theme.clone(), options.lang);
    ui.mouse = options.mouse;
    ui.ascii = options.ascii;
    let mut app = App::new(catalog, session, ui);
    let mut screen = Screen::enter(options.mouse)?;
    let events = ScreenEvents::open()?;
    paint(&mut screen, &mut app)?;
    events.listen_to_keys()?;
    app.attach(events.notify());
    let ended_by = converse(&mut screen, &mut app, &events)?;
    drop(screen);
    // The signal ends the process where it stands: what the session has open is let go before, a recording gets its tail.
    drop(app);
    if let Some(signal) = ended_by {
        signals::end(signal)?;
    }
    Ok(())
}

/// Answers events until the person leaves; returns the signal that ended it, if one did.
fn converse(screen: &mut Screen, app: &mut App, events: &ScreenEvents) -> io::Result<Option<i32>> {
    let mut dirty = false;
    let mut painted = Instant::now();
    loop {
        // A live session may bring thousands of frames a second; nobody sees more than twenty pictures.
        let rest = FRAME.saturating_sub(painted.elapsed());
        let held = dirty && app.flows() && !rest.is_zero();
        if dirty && !held {
            paint(screen, app)?;
            painted = Instant::now();
            dirty = false;
        }
        let patience = app.patience();
        let mut event = events.wait(if held { Some(patience.map_or(rest, |time| time.min(rest))) } else { patience });
        // Whatever is already there is taken in before the next frame: held keys never pile up.
        loop {
            if let ScreenEvent::End(signal) = event {
                return Ok(Some(signal));
            }
            match app.handle(event) {
                Flow::Idle => {}
                Flow::Draw => dirty = true,
                Flow::Redraw => {
                    screen.resume()?;
                    dirty = true;
                }
                Flow::Mouse => {
                    screen.set_mouse(app.ui().mouse)?;
                    dirty = true;
                }
                Flow::Suspend => {
                    screen.suspend()?;
                    dirty = true;
                }
                Flow::Quit => return Ok(None),
            }
            match events.pending() {
                Some(next) => event = next,
                None => break,
            }
        }
    }
}

fn paint(screen: &mut Screen, app: &mut App) -> io::Result<()> {
    screen.draw(|frame| {
        let area = frame.area();
        app.draw(area, frame.buffer_mut());
    })
}
