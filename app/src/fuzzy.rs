//! Which of many texts a few typed letters may mean, best first: the palette, going anywhere and "did you mean" ask here.
//!
//! The matching is helix's (`nucleo-matcher`): every typed word must occur as a subsequence, in any order, and beginnings of
//! words count more than their middles. Promise: no letter means anything else than itself, and case does not matter.

use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// What was typed, to be held against texts.
pub struct Fuzzy {
    matcher: Matcher,
    pattern: Pattern,
    letters: Vec<char>,
}

impl Fuzzy {
    /// For what was typed. A matcher holds 130 KB of its own: one is made for many texts.
    #[must_use]
    pub fn new(typed: &str) -> Self {
        let pattern = Pattern::new(typed, CaseMatching::Ignore, Normalization::Smart, AtomKind::Fuzzy);
        Self { matcher: Matcher::new(Config::DEFAULT), pattern, letters: Vec::new() }
    }

    /// How well a text fits: more is better, None where it does not. Where nothing is typed everything fits alike.
    pub fn score(&mut self, text: &str) -> Option<u32> {
        self.pattern.score(Utf32Str::new(text, &mut self.letters), &mut self.matcher)
    }

    /// The places of the texts that fit, the best first; of those that fit alike the shorter one, then the earlier one.
    pub fn best<'t>(&mut self, texts: impl Iterator<Item = &'t str>) -> Vec<usize> {
        let mut found: Vec<(std::cmp::Reverse<u32>, usize, usize)> = texts
            .enumerate()
            .filter_map(|(place, text)| Some((std::cmp::Reverse(self.score(text)?), text.len(), place)))
            .collect();
        found.sort_unstable();
        found.into_iter().map(|(_, _, place)| place).collect()
    }
}

/// The words that were probably meant where a word is none: those with at most a third of their letters otherwise, then those
/// that fit fuzzily; so many at most.
#[must_use]
pub fn meant<'t>(typed: &str, known: &[&'t str], count: usize) -> Vec<&'t str> {
    let lower = typed.to_lowercase();
    let most = (lower.chars().count() / 3).clamp(1, 3);
    let mut near: Vec<(usize, &str)> = known
        .iter()
        .map(|word| (strsim::damerau_levenshtein(&lower, &word.to_lowercase()), *word))
        .filter(|(far, _)| *far <= most)
        .collect();
    near.sort_unstable();
    let mut words: Vec<&str> = near.into_iter().map(|(_, word)| word).collect();
    for place in Fuzzy::new(typed).best(known.iter().copied()) {
        if !words.contains(&known[place]) {
            words.push(known[place]);
        }
    }
    words.truncate(count);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_any_order_and_the_best_comes_first() {
        let texts = ["tcp_rcv_established", "tcp_rcv", "frame 5", "frame 15", "who woke pid 100", "状态 ESTABLISHED"];
        let best = |typed: &str| Fuzzy::new(typed).best(texts.iter().copied()).first().map(|place| texts[*place]);
        assert_eq!(best("tcprcv"), Some("tcp_rcv"));
        assert_eq!(best("frame 5"), Some("frame 5"));
        assert_eq!(best("pid 100 woke"), Some("who woke pid 100"));
        assert_eq!(best("estab 状"), Some("状态 ESTABLISHED"));
        assert_eq!(best("zzz"), None);
        assert_eq!(Fuzzy::new("").best(texts.iter().copied()).len(), texts.len());
        // Signs that other finders take for operators are letters here.
        assert_eq!(best("^tcp"), None);
    }

    #[test]
    fn a_slip_is_recognised_before_what_only_contains_the_letters() {
        let known = ["receive_queue", "read", "write_queue"];
        assert_eq!(meant("recieve_queue", &known, 1), ["receive_queue"]);
        assert_eq!(meant("queue", &known, 3), ["write_queue", "receive_queue"]);
        assert!(meant("xyz", &known, 3).is_empty());
    }
}
