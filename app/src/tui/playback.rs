//! How time passes on the screen: standing still, played in either direction, or live.

use super::pane::PaneStyle;
use crate::i18n::Message;

/// How time passes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Playback {
    /// Standing still.
    Paused,
    /// A live session: real time passes.
    Running,
    /// Forwards, so many times the ordinary speed in quarters.
    Playing(u32),
    /// Backwards.
    Rewinding(u32),
}

impl Playback {
    /// Its sign and its words for the title line.
    #[must_use]
    pub fn text(self, style: &PaneStyle) -> (&'static str, String) {
        let speed = |quarters: u32| match (quarters / 4, quarters % 4) {
            (0, 1) => "¼".to_owned(),
            (0, _) => "½".to_owned(),
            (whole, _) => whole.to_string(),
        };
        match self {
            Self::Paused => ("‖", style.say(Message::Paused).to_owned()),
            Self::Running => ("●", style.say(Message::Running).to_owned()),
            Self::Playing(quarters) => ("▸", Message::Playing.fill(style.lang, &[&speed(quarters)])),
            Self::Rewinding(quarters) => ("◂", Message::PlayingBack.fill(style.lang, &[&speed(quarters)])),
        }
    }
}
