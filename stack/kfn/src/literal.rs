//! The value of a string literal, given as the compiler prints it: documentation reaches an attribute in this form.

/// The text that a literal `"..."`, `r"..."` or `r#"..."#` stands for; None if it is no string.
pub(crate) fn value(literal: &str) -> Option<String> {
    let literal = literal.trim();
    if let Some(raw) = literal.strip_prefix('r') {
        let inner = raw.trim_start_matches('#');
        let fence = raw.len() - inner.len();
        let end = inner.len().checked_sub(fence + 1)?;
        return inner.get(..end)?.strip_prefix('"').map(str::to_owned);
    }
    let mut letters = literal.strip_prefix('"')?.strip_suffix('"')?.chars();
    let mut text = String::new();
    while let Some(letter) = letters.next() {
        if letter == '\\' { escape(&mut letters, &mut text)? } else { text.push(letter) }
    }
    Some(text)
}

/// What stands behind a backslash.
fn escape(letters: &mut std::str::Chars<'_>, text: &mut String) -> Option<()> {
    match letters.next()? {
        'n' => text.push('\n'),
        'r' => text.push('\r'),
        't' => text.push('\t'),
        '0' => text.push('\0'),
        'x' => {
            let digits: String = letters.by_ref().take(2).collect();
            text.push(char::from(u8::from_str_radix(&digits, 16).ok()?));
        }
        'u' => {
            let digits: String = letters.by_ref().skip(1).take_while(|letter| *letter != '}').collect();
            text.push(char::from_u32(u32::from_str_radix(&digits.replace('_', ""), 16).ok()?)?);
        }
        '\n' => {
            let rest = letters.as_str().trim_start();
            *letters = rest.chars();
        }
        other => text.push(other),
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::value;

    #[test]
    fn every_escape_becomes_what_it_stands_for() {
        let cases = [
            (r#""plain""#, "plain"),
            (r#""the peer\'s \"FIN\"""#, "the peer's \"FIN\""),
            (r#""a\\b\tc\nd\x41\u{65}\u{4e2d}""#, "a\\b\tc\ndAe中"),
            ("\"one \\\n    two\"", "one two"),
            (r##"r"as \'it\' is""##, r"as \'it\' is"),
            (r###"r#"a "word""#"###, "a \"word\""),
            (r#"" leading""#, " leading"),
        ];
        for (literal, text) in cases {
            assert_eq!(value(literal).as_deref(), Some(text), "{literal}");
        }
        assert_eq!(value("7"), None);
        assert_eq!(value(r#""\u{110000}""#), None);
    }
}
