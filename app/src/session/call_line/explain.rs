//! From a typed line to the call, or to a sentence that says what is wrong and under which character.

use stack::kernel::call::{CallName, UserCall};
use stack::lab::conformance::Failure;
use stack::lab::conformance::calls::user_call;
use stack::lab::conformance::host::ScriptHost;
use stack::lab::script::Position;
use stack::lab::script::ast::{Argument, Call};
use stack::lab::script::constants::{self, CONSTANTS};
use stack::lab::script::parse_call;

use crate::i18n::{Lang, Message};
use crate::session::call_line::pattern::pattern;
use crate::session::call_line::{CallLineError, argument_starts};

/// Reads a line: the call as it was typed (an expected result is left out), and as C passes it.
///
/// # Errors
/// What is wrong, and where.
pub fn read(host: &ScriptHost, line: &str, lang: Lang) -> Result<(Call, UserCall), CallLineError> {
    let mut call = parse_call(line).map_err(|error| {
        let text = error.message.into_text(lang);
        CallLineError {
            column: Some((error.position.column as usize).saturating_sub(1).min(line.chars().count())),
            text,
        }
    })?;
    call.outcome = None;
    let Some(name) = CallName::from_name(&call.name) else {
        let names = CallName::ALL.iter().map(|call| call.name());
        return Err(unknown(line, &call.name, names, Message::UnknownCall, lang));
    };
    for argument in &call.arguments {
        if let Some(word) = unknown_word(argument) {
            let names = CONSTANTS.iter().map(|(name, _)| *name);
            return Err(unknown(line, word, names, Message::UnknownConstant, lang));
        }
    }
    let position = Position { line: 1, column: 1 };
    match user_call(host, &call, position) {
        Ok(passed) => Ok((call, passed)),
        Err(failure) => Err(misfit(line, &call, name, &failure, lang)),
    }
}

/// The first word that is no constant.
fn unknown_word(argument: &Argument) -> Option<&str> {
    match argument {
        Argument::Symbol(word) => constants::value(word).is_none().then_some(word.as_str()),
        Argument::Flags(items) | Argument::List(items) | Argument::Group(items) | Argument::Function(_, items) => {
            items.iter().find_map(unknown_word)
        }
        Argument::Record(fields) => fields.iter().find_map(|field| unknown_word(&field.value)),
        Argument::Number(_) | Argument::Text(_) | Argument::Ellipsis => None,
    }
}

/// "there is no X", with the nearest word that exists.
fn unknown<'a>(
    line: &str,
    word: &str,
    known: impl Iterator<Item = &'a str>,
    message: Message,
    lang: Lang,
) -> CallLineError {
    let mut text = message.fill(lang, &[word]);
    let far = |name: &str| strsim::damerau_levenshtein(&word.to_lowercase(), &name.to_lowercase());
    let near = known.map(|name| (far(name), name)).min().filter(|(far, _)| *far <= 2.max(word.len() / 3));
    if let Some((_, name)) = near {
        text.push_str(&Message::DidYouMean.fill(lang, &[name]));
    }
    CallLineError { column: Some(column_of(line, word)), text }
}

/// Where a word stands in the line as a whole word, in characters.
fn column_of(line: &str, word: &str) -> usize {
    let of_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let whole = line.match_indices(word).find(|(at, _)| {
        let before = line.get(..*at).and_then(|text| text.chars().next_back());
        let after = line.get(at + word.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(of_word) && !after.is_some_and(of_word)
    });
    whole.and_then(|(at, _)| line.get(..at)).map_or(0, |text| text.chars().count())
}

/// An argument that does not fit its place, with the way the call is usually written.
fn misfit(line: &str, call: &Call, name: CallName, failure: &Failure, lang: Lang) -> CallLineError {
    let shown = pattern(name);
    let blamed =
        |argument: &Argument| Failure::argument(failure.position, &call.name, &argument.to_string()) == *failure;
    let (starts, _) = argument_starts(line);
    match call.arguments.iter().position(blamed) {
        Some(index) => CallLineError {
            column: starts.get(index).copied(),
            text: Message::ArgumentMisfit.fill(lang, &[&(index + 1).to_string(), shown]),
        },
        None => CallLineError {
            column: Some(line.chars().take_while(|c| *c != ')').count()),
            text: Message::ArgumentMissing.fill(lang, &[shown]),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaint(line: &str, lang: Lang) -> (usize, String) {
        let complaint = read(&ScriptHost::default(), line, lang).unwrap_err();
        (complaint.column.unwrap(), complaint.text)
    }

    #[test]
    fn every_call_has_a_pattern_that_can_be_typed() {
        for name in CallName::ALL {
            let read = read(&ScriptHost::default(), pattern(*name), Lang::En);
            assert_eq!(read.map(|(_, call)| call.name), Ok(*name));
        }
    }

    #[test]
    fn a_wrong_name_suggests_the_right_one() {
        let (column, text) = complaint("sokcet(AF_INET, SOCK_STREAM, 0)", Lang::En);
        assert_eq!((column, text.as_str()), (0, "there is no call sokcet; did you mean socket?"));
        let (column, text) = complaint("socket(AF_INET, SOCK_STRAEM, 0)", Lang::Zh);
        assert_eq!((column, text.as_str()), (16, "没有常量 SOCK_STRAEM；是 SOCK_STREAM 吗？"));
    }

    #[test]
    fn a_syntax_error_points_at_its_character() {
        let (column, text) = complaint("socket(AF_INET SOCK_STREAM)", Lang::En);
        assert_eq!(column, 15, "{text}");
        assert!(text.contains("expected"), "{text}");
        assert_eq!(complaint("close(3", Lang::En).0, 7);
        assert!(complaint("close(3", Lang::Zh).1.contains("结尾"));
    }

    #[test]
    fn an_argument_that_does_not_fit_shows_how_the_call_is_written() {
        let (column, text) = complaint("connect(3, [5], 16)", Lang::En);
        assert_eq!(column, 11);
        assert!(text.contains("argument 2") && text.contains("htons(80)"), "{text}");
        let (column, text) = complaint("connect(3)", Lang::En);
        assert_eq!(column, 9);
        assert!(text.contains("missing"), "{text}");
        assert_eq!(complaint("close(3, 4)", Lang::En).0, 9);
    }

    #[test]
    fn a_result_that_was_typed_is_left_out() {
        let (call, _) = read(&ScriptHost::default(), "listen(3, 5) = 0", Lang::En).unwrap();
        assert_eq!(call.to_string(), "listen(3, 5)");
    }
}
