//! The screen.
//!
//! Events come in through one channel ([`event`]), the [`app`] turns them into verbs of the [`session`](crate::session) or changes
//! of the [`ui_state`], and [`screen`] draws the [`picture`](crate::picture) of the present moment with the [`panes`]. Nothing is
//! drawn unless something changed. What can be done is one table ([`action`]), what can be seen another ([`panes`]).

pub mod action;
pub mod answers;
pub mod app;
pub mod canvas;
pub mod class;
pub mod dots;
pub mod event;
pub mod hints;
pub mod keymap;
pub mod keys;
pub mod layout;
pub mod lean;
pub mod pane;
pub mod panes;
pub mod playback;
pub mod print;
pub mod screen;
pub mod settings;
mod signals;
pub mod terminal;
pub mod theme;
pub mod ui_state;
pub mod why_view;
pub mod words;

use std::io;
use std::time::{Duration, Instant};

use ratatui::buffer::Cell;

use crate::catalog::{self, Opening, recent::Recent};
use crate::config::Ambiguous;
use crate::i18n::{Lang, lang_of_environment};
use crate::open::kernel_source::KernelSource;
use crate::refusal::Refusal;
use answers::Questions;
use app::{App, Flow};
use event::{ScreenEvent, ScreenEvents};
use keymap::Keymap;
use terminal::Screen;
use theme::{Palette, Palettes, Theme};
use ui_state::UiState;

/// The shortest time between two pictures of what goes on by itself.
const FRAME: Duration = Duration::from_millis(33);
/// The longest that a key waits for a run that goes on by itself.
const SLICE: Duration = Duration::from_millis(8);

/// How the screen opens.
#[derive(Clone, Debug)]
pub struct Options {
    /// The language at the start.
    pub lang: Lang,
    /// The colours.
    pub theme: Theme,
    /// Whether the person has chosen them; otherwise the terminal is asked for its background.
    pub is_theme_chosen: bool,
    /// The colours of every theme.
    pub palettes: Palettes,
    /// The keys of every action.
    pub keys: Keymap,
    /// How wide characters of ambiguous width are; the terminal is asked where it is not said.
    pub ambiguous: Option<Ambiguous>,
    /// What is to be said when the screen opens.
    pub remark: Option<String>,
    /// Whether the mouse is ours.
    pub mouse: bool,
    /// Whether only ASCII is drawn.
    pub ascii: bool,
    /// The person's own copy of the kernel's source, where one was named.
    pub kernel_source: Option<KernelSource>,
}

impl Options {
    /// What the environment asks for.
    #[must_use]
    pub fn from_environment() -> Self {
        let ascii = !speaks_utf8();
        let lang = if ascii { Lang::En } else { lang_of_environment() };
        Self {
            lang,
            theme: Theme::from_environment(),
            is_theme_chosen: false,
            palettes: Palettes::default(),
            keys: Keymap::default(),
            ambiguous: None,
            remark: None,
            mouse: true,
            ascii,
            kernel_source: None,
        }
    }
}

impl Options {
    /// A fresh arrangement that looks as the options say.
    #[must_use]
    pub fn ui(&self) -> UiState {
        let mut ui = UiState::new(self.theme.clone(), self.lang);
        ui.mouse = self.mouse;
        ui.ascii = self.ascii;
        ui.is_theme_chosen = self.is_theme_chosen;
        ui.palettes = self.palettes.clone();
        ui.keys = self.keys.clone();
        ui.is_ambiguous_wide = self.ambiguous == Some(Ambiguous::Wide);
        ui
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

/// Opens the screen on what has been opened, or where that is nothing at home, and stays until the person leaves.
///
/// With `recent`, home shows what that person opened lately and how far he is in the lessons, and what he opens is kept there.
///
/// Inside the result stands what the session could not do to its end, such as writing its recording.
///
/// # Errors
/// When the terminal cannot be used; [`terminal::refusal`] says beforehand why, in a sentence.
pub fn run(recent: Option<Recent>, opened: Option<Opening>, options: &Options) -> io::Result<Result<(), Refusal>> {
    let mut ui = options.ui();
    ui.message.clone_from(&options.remark);
    let mut app = App::of(catalog::standard(), opened, ui).with_kernel_source(options.kernel_source.clone());
    if let Some(recent) = recent {
        app = app.with_recent(recent);
    }
    let mut screen = Screen::enter(options.mouse)?;
    let events = ScreenEvents::open()?;
    let under = paint(&mut screen, &mut app)?;
    let questions = terminal::questions();
    let questions = Questions {
        colour: questions.colour && !matches!(options.theme.palette, Palette::Mono),
        width: questions.width && !options.ascii && options.ambiguous.is_none(),
    };
    screen.ask(questions, &under)?;
    events.listen_to_keys(questions)?;
    app.attach(events.notify());
    let ended_by = converse(&mut screen, &mut app, &events)?;
    drop(screen);
    // The signal ends the process where it stands: what the session has open is let go before, a recording gets its tail.
    let left = app.end();
    if let Some(signal) = ended_by {
        if let Err(refusal) = &left {
            refusal.remark();
        }
        signals::end(signal)?;
    }
    Ok(left)
}

/// Answers events until the person leaves; returns the signal that ended it, if one did.
///
/// Every round has the same order, so that nothing starves whatever a live peer sends: all keys and signals that are there, a
/// slice of the run's own going on, a picture if one is due, and sleep where there is nothing to do. What a key changes is drawn
/// at once; of what flows by itself nobody sees more than thirty pictures a second, and frames between two of them have none.
fn converse(screen: &mut Screen, app: &mut App, events: &ScreenEvents) -> io::Result<Option<i32>> {
    // When the next picture of what flows by itself is due: at least as long after one as it took, so that on a slow terminal
    // half of the time is left for the run.
    let mut due = Instant::now();
    let mut pressed = false;
    let mut flowed = false;
    let mut event = events.pending();
    loop {
        while let Some(next) = event {
            app.tell_time(Instant::now());
            match answer(screen, app, next)? {
                Answered::Nothing => {}
                Answered::Seen => pressed = true,
                Answered::Ended(signal) => return Ok(signal),
            }
            event = events.pending();
        }
        let work = app.work(slice_end(Instant::now(), flowed.then_some(due)));
        flowed |= work.news;
        let begun = Instant::now();
        if pressed || flowed && begun >= due {
            // Asking a terminal that is gone for its size fails; writing to it does not.
            if paint(screen, app).is_err() || screen.is_lost() {
                return Ok(None);
            }
            due = (begun + FRAME).max(begun + 2 * begun.elapsed());
            (pressed, flowed) = (false, false);
        }
        if work.more {
            event = events.pending();
            continue;
        }
        app.tell_time(Instant::now());
        let patience = app.patience();
        let rest = flowed.then(|| due.saturating_duration_since(Instant::now()));
        event = Some(events.wait(patience.into_iter().chain(rest).min()));
        if event == Some(ScreenEvent::Time) && rest.is_some() && rest < patience.or(Some(Duration::MAX)) {
            // Only the picture was due.
            event = None;
        }
    }
}

/// Until when a run goes on that begins now: a slice, but not beyond the moment at which a picture of it is due. Were it so, every
/// picture under load would come up to a slice late, a fourth of all pictures lost.
fn slice_end(now: Instant, due: Option<Instant>) -> Instant {
    let end = now + SLICE;
    due.map_or(end, |due| end.min(due))
}

/// What came of an event.
enum Answered {
    /// Nothing to be drawn.
    Nothing,
    /// The screen has changed.
    Seen,
    /// The program ends, by this signal where it was one.
    Ended(Option<i32>),
}

fn answer(screen: &mut Screen, app: &mut App, event: ScreenEvent) -> io::Result<Answered> {
    if let ScreenEvent::End(signal) = event {
        return Ok(Answered::Ended(Some(signal)));
    }
    match app.handle(event) {
        Flow::Idle => return Ok(Answered::Nothing),
        Flow::Draw => {}
        Flow::Redraw => screen.resume()?,
        Flow::Mouse => screen.set_mouse(app.ui().mouse)?,
        Flow::Suspend => screen.suspend()?,
        Flow::Quit => return Ok(Answered::Ended(None)),
    }
    Ok(Answered::Seen)
}

/// Draws the screen; gives the first cells of its first line.
fn paint(screen: &mut Screen, app: &mut App) -> io::Result<Vec<Cell>> {
    let mut first = Vec::new();
    screen.draw(|frame| {
        let area = frame.area();
        app.draw(area, frame.buffer_mut());
        first.extend(frame.buffer_mut().content().iter().take(usize::from(area.width).min(4)).cloned());
    })?;
    Ok(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_goes_on_for_a_slice_but_not_beyond_the_time_of_its_picture() {
        let now = Instant::now();
        assert_eq!(slice_end(now, None), now + SLICE);
        assert_eq!(slice_end(now, Some(now + FRAME)), now + SLICE);
        assert_eq!(slice_end(now, Some(now + SLICE / 4)), now + SLICE / 4);
    }
}
