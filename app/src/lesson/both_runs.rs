//! Both runs of a change beside each other, in a sentence: the screen, the class and the hand-out say it alike.

use lessons::Beside;

use crate::capture::seconds;
use crate::i18n::{Lang, Message};

/// When something came true, without the change and with it: `without your change never, with it at 3.412000 s`.
#[must_use]
pub fn told(row: &Beside, lang: Lang) -> String {
    let when = |time: Option<u64>| match time {
        Some(time) => Message::AtSecond.fill(lang, &[&seconds(time.saturating_mul(1_000))]),
        None => Message::NeverSo.text(lang).to_owned(),
    };
    Message::BesideRuns.fill(lang, &[&when(row.without), &when(row.with)])
}
