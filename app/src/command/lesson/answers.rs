//! The answers of a lesson, found by playing it: what teachers' notes and a hand-out with answers are made of. Promise: no answer
//! comes from a file; where the run makes nothing of a beat, nothing is told of it.

use lessons::{Act, Evidence, Player, Shows, Stage};

use crate::capture::seconds;
use crate::i18n::Lang;

/// What the run makes of one beat.
pub(super) struct BeatAnswer {
    /// What is shown of it once it is settled.
    pub(super) shows: Shows,
    /// The option that the run made true, counted from 0.
    pub(super) truth: Option<usize>,
    /// The steps that settled it, each with its second.
    pub(super) evidence: Vec<String>,
}

/// Plays a lesson from its first beat to its last.
pub(super) fn answers(player: &mut Player, lang: Lang) -> Vec<BeatAnswer> {
    let mut answers = Vec::new();
    for _ in 0..player.lesson().beats.len() {
        if matches!(player.stage().1, Stage::Asked | Stage::Set | Stage::Unordered) {
            player.act(Act::Skip);
        }
        let shows = player.view(lang).shows;
        let told = match &shows {
            Shows::Verdict(verdict) => verdict.evidence.as_slice(),
            _ => &[],
        };
        let evidence = told.iter().map(|piece| in_time(player, piece)).collect();
        answers.push(BeatAnswer { shows, truth: player.truth_shown(), evidence });
        player.act(Act::Next);
    }
    answers
}

/// A step that settled something, behind its second.
fn in_time(player: &mut Player, piece: &Evidence) -> String {
    let time = player.run().time(piece.moment);
    format!("{} s  {}", seconds(time.saturating_mul(1_000)), piece.text)
}
