//! The screen without a terminal: a session, drawn into a buffer of any size at any moment, for pictures, text and films.
//! Promise: what is drawn is what a person would see there.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use stack::lab::run::Moment;

use crate::open::kernel_source::KernelSource;
use crate::picture::Pane;
use crate::session::motion::{Direction, Motion};
use crate::session::{PictureRequest, Session};
use crate::tui::Options;
use crate::tui::screen;
use crate::tui::ui_state::UiState;

/// A session and the screen it is shown on.
pub struct Offscreen {
    session: Session,
    ui: UiState,
    area: Rect,
    kernel_source: Option<KernelSource>,
}

impl Offscreen {
    /// The screen of a session with `width` columns and `height` rows; with a pane, that one fills it.
    #[must_use]
    pub fn new(session: Session, options: &Options, pane: Option<Pane>, (width, height): (u16, u16)) -> Self {
        let mut ui = options.ui();
        if let Some(pane) = pane {
            ui.focus_on(pane);
            ui.zoomed = true;
        }
        let kernel_source = options.kernel_source.clone();
        let mut session = session;
        // Nobody waits for a key here: everything is known that can be.
        session.survey(Some(usize::MAX));
        Self { session, ui, area: Rect::new(0, 0, width, height), kernel_source }
    }

    /// Goes to the last moment.
    pub fn go_to_end(&mut self) {
        self.session.travel(Motion::End, Direction::Forward);
    }

    /// Goes to a step by its number, to the last one where there are not so many.
    pub fn go_to_step(&mut self, step: u64) {
        self.session.go_to(step);
    }

    /// Goes to a moment of the run.
    pub fn go_to_moment(&mut self, moment: Moment) {
        self.session.stand_at(moment);
    }

    /// The place and size of the screen.
    #[must_use]
    pub fn area(&self) -> Rect {
        self.area
    }

    /// The session.
    pub fn session(&mut self) -> &mut Session {
        &mut self.session
    }

    /// The screen at the present moment.
    pub fn draw(&mut self) -> Buffer {
        let mut picture =
            self.session.picture(PictureRequest { switched: 0, relative: self.ui.relative, lang: self.ui.lang });
        if let Some(source) = &mut self.kernel_source {
            picture.code.kernel = source.function(&picture.code.kernel_file, &picture.code.function);
        }
        let mut buffer = Buffer::empty(self.area);
        screen::draw(self.area, &mut buffer, &self.ui, &picture);
        buffer
    }
}
