//! Completion of what stands before the cursor: names of calls, then for every argument what may stand there.

use stack::kernel::call::CallName;
use stack::lab::script::constants::CONSTANTS;

use crate::session::call_line::pattern::words;
use crate::session::call_line::{Descriptor, argument_starts};

/// The way to a signal: no call of the network, so not among their names.
const KILL: &str = "kill";
/// Words that are no constants.
const WORDS: [&str; 5] = ["sa_family", "sin_port", "sin_addr", "htons(", "inet_addr(\""];

/// What may stand at the cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// The character where the word at the cursor begins, from 0.
    pub start: usize,
    /// What it may become, best first.
    pub candidates: Vec<String>,
}

/// The completions of a line whose cursor stands behind `cursor` characters.
#[must_use]
pub fn complete(line: &str, cursor: usize, descriptors: &[Descriptor]) -> Completion {
    let before: String = line.chars().take(cursor).collect();
    let length = before.chars().count();
    let typed: String = {
        let word: Vec<char> = before.chars().rev().take_while(|c| is_of_word(*c)).collect();
        word.into_iter().rev().collect()
    };
    let start = length - typed.chars().count();
    let candidates = match before.split_once('(') {
        None => names(&typed),
        Some((name, _)) => arguments(name.trim(), &before, &typed, descriptors),
    };
    Completion { start, candidates }
}

fn is_of_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_' || character == '.'
}

fn begins(word: &str, typed: &str) -> bool {
    word.get(..typed.len()).is_some_and(|head| head.eq_ignore_ascii_case(typed))
}

fn names(typed: &str) -> Vec<String> {
    CallName::ALL
        .iter()
        .map(|call| call.name())
        .chain([KILL])
        .filter(|name| begins(name, typed))
        .map(|name| format!("{name}("))
        .collect()
}

fn arguments(name: &str, before: &str, typed: &str, descriptors: &[Descriptor]) -> Vec<String> {
    let (starts, depth) = argument_starts(before);
    if depth == 0 {
        return Vec::new();
    }
    let argument = starts.len().saturating_sub(1);
    if name == KILL {
        let signals = constants().filter(|word| word.starts_with("SIG") && begins(word, typed));
        return if argument == 1 { signals.collect() } else { Vec::new() };
    }
    let expected = CallName::from_name(name).map_or(&[][..], |call| words(call, argument));
    let mut found = Vec::new();
    if depth == 1 {
        for word in expected {
            if *word == "fd" {
                found.extend(descriptors.iter().map(|descriptor| descriptor.number.to_string()));
            } else if word.ends_with('_') || ["FIO", "TIOC", "SIOC"].contains(word) {
                let known =
                    constants().filter(|constant| constant.starts_with(word) && !expected.contains(&constant.as_str()));
                found.extend(known);
            } else {
                found.push((*word).to_owned());
            }
        }
        found.retain(|word| begins(word, typed));
    }
    if found.is_empty() && !typed.is_empty() {
        found.extend(WORDS.iter().filter(|word| begins(word, typed)).map(|word| (*word).to_owned()));
        found.extend(constants().filter(|word| begins(word, typed)));
    }
    found
}

fn constants() -> impl Iterator<Item = String> {
    CONSTANTS.iter().map(|(name, _)| (*name).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_is_completed_too() {
        let of = |line: &str| complete(line, line.chars().count(), &[]).candidates;
        assert_eq!(of("ki"), ["kill("]);
        assert!(of("kill(200, SIGT").contains(&"SIGTERM".to_owned()), "{:?}", of("kill(200, SIGT"));
        assert!(of("kill(2").is_empty());
    }

    fn of(line: &str) -> Vec<String> {
        let open = [3, 5].map(|number| Descriptor { number, what: String::new() });
        complete(line, line.chars().count(), &open).candidates
    }

    #[test]
    fn names_come_first() {
        assert_eq!(of("sock"), ["socket(", "socketpair("]);
        assert_eq!(of("CONN"), ["connect("]);
        assert_eq!(of("").len(), CallName::ALL.len() + 1, "kill stands behind them");
        assert_eq!(of("nothing"), [""; 0]);
    }

    #[test]
    fn an_argument_offers_what_may_stand_there() {
        assert_eq!(of("socket(AF_I"), ["AF_INET", "AF_IPX"]);
        assert_eq!(of("socket(AF_INET, SOCK_S"), ["SOCK_STREAM", "SOCK_SEQPACKET"]);
        assert_eq!(of("getsockopt(3, "), ["SOL_SOCKET", "SOL_IP", "SOL_TCP", "SOL_UDP"]);
        assert_eq!(of("connect("), ["3", "5"]);
        assert_eq!(of("connect(3, ")[0], "...");
        assert_eq!(of("shutdown(3, "), ["SHUT_RD", "SHUT_WR", "SHUT_RDWR"]);
        assert!(of("setsockopt(3, SOL_SOCKET, SO_").contains(&"SO_LINGER".to_owned()));
        assert_eq!(of("fcntl(3, F_SETFL, O_RDWR|O_NON"), ["O_NONBLOCK"]);
        assert_eq!(of("bind(3, {sa_family = AF_INET, sin_p"), ["sin_port"]);
        assert_eq!(of("close(3)"), [""; 0]);
    }

    #[test]
    fn the_word_at_the_cursor_is_replaced_and_not_what_follows() {
        let done = complete("socket(AF_I, 1, 0)", 11, &[]);
        assert_eq!((done.start, done.candidates.len()), (7, 2));
    }

    #[test]
    fn no_cursor_panics() {
        for line in ["", "套接字(", "read(3, \"…", ")))((", "socket(AF_INET"] {
            for cursor in 0..20 {
                let _ = complete(line, cursor, &[]);
            }
        }
    }
}
