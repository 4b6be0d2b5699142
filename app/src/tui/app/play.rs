//! Playing: a run that goes on by itself, and how fast.

use super::App;
use crate::i18n::Message;
use crate::session::Session;
use crate::session::motion::Direction;
use crate::tui::playback::Playback;

impl App {
    pub(super) fn play(&mut self, direction: Direction) {
        if let Some(outside) = self.session.as_mut().and_then(Session::outside)
            && direction == Direction::Forward
        {
            let runs = outside.set_running(self.ui.playback != Playback::Running);
            self.ui.playback = if runs { Playback::Running } else { Playback::Paused };
            self.moved(true);
            return;
        }
        let speed = self.ui.speed;
        self.ui.playback = match (self.ui.playback, direction) {
            (Playback::Paused | Playback::Running | Playback::Rewinding(_), Direction::Forward) => {
                Playback::Playing(speed)
            }
            (Playback::Paused | Playback::Running | Playback::Playing(_), Direction::Backward) => {
                Playback::Rewinding(speed)
            }
            (Playback::Playing(_), Direction::Forward) | (Playback::Rewinding(_), Direction::Backward) => {
                Playback::Paused
            }
        };
    }

    pub(super) fn change_speed(&mut self, quarters: u32) {
        self.ui.speed = quarters;
        self.ui.playback = match self.ui.playback {
            Playback::Paused => Playback::Paused,
            Playback::Running => Playback::Running,
            Playback::Playing(_) => Playback::Playing(quarters),
            Playback::Rewinding(_) => Playback::Rewinding(quarters),
        };
        let shown = format!("{}", f64::from(quarters) / 4.0);
        self.ui.message = Some(Message::Speed.fill(self.ui.lang, &[&shown]));
    }
}
