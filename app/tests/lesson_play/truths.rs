//! What is right in a lesson, learnt by a headless player of the same seed who skips everything: the run tells him all of it.

use std::collections::BTreeMap;

use lessons::{Act, Files, Player, Shows};
use stack::words::Lang;

/// By the numbers of the beats, from 1: what an answer says, in English, and which order steps have.
#[derive(Default)]
pub(crate) struct Truths {
    answers: BTreeMap<usize, String>,
    orders: BTreeMap<usize, Vec<String>>,
}

impl Truths {
    pub(crate) fn of(files: Files, seed: u64) -> Self {
        let mut truths = Self::default();
        let mut scout = Player::open(files, seed).unwrap();
        while !scout.progress().finished {
            let view = scout.view(Lang::En);
            match view.shows {
                Shows::Verdict(verdict) => {
                    truths.answers.insert(view.beat, verdict.truth.text);
                }
                Shows::Ranking(ranking) if ranking.is_answered() => {
                    truths.orders.insert(view.beat, ranking.truth);
                }
                _ => {}
            }
            assert!(scout.act(Act::Skip), "beat {} cannot be skipped", view.beat);
        }
        truths
    }

    /// The option that the run makes true, of the question that a player has open.
    pub(crate) fn option(&self, player: &Player) -> Option<usize> {
        let view = player.view(Lang::En);
        let Shows::Question(question) = view.shows else { return None };
        let truth = self.answers.get(&view.beat)?;
        question.options.iter().position(|option| option == truth)
    }

    /// The steps that a player has to order, in the order of the run: of each its place in the order that he shows.
    pub(crate) fn order(&self, player: &Player) -> Option<Vec<usize>> {
        let view = player.view(Lang::En);
        let Shows::Ranking(ranking) = view.shows else { return None };
        let truth = self.orders.get(&view.beat)?;
        truth.iter().map(|step| ranking.steps.iter().position(|shown| shown == step)).collect()
    }
}
