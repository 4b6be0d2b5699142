//! Text that came from a frame or a file, made safe for a terminal. Characters that would act or hide are shown as a
//! sign, never dropped: controls as their pictures (`␛`), other invisible ones as their number (`⟨202E⟩`). What
//! comes out has no control or format character and can be shown as it is.

use std::borrow::Cow;
use std::fmt::Write as _;

/// `text` with everything that would act or hide made visible; unchanged text is not copied.
pub fn visible(text: &str) -> Cow<'_, str> {
    // Nearly all that is shown is plain ASCII, and that is soon seen.
    let is_plain = text.bytes().all(|byte| (0x20..0x7f).contains(&byte));
    if is_plain || !text.chars().any(acts_or_hides) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        show(character, &mut shown);
    }
    Cow::Owned(shown)
}

/// One printable ASCII character per byte, a dot for every other: the right half of a hex pane.
pub fn ascii(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| if (0x20..0x7f).contains(byte) { char::from(*byte) } else { '.' }).collect()
}

fn show(character: char, shown: &mut String) {
    let code = u32::from(character);
    match code {
        0..0x20 => shown.push(char::from_u32(0x2400 + code).unwrap_or('\u{fffd}')),
        0x7f => shown.push('\u{2421}'),
        _ if acts_or_hides(character) => sign(shown, format_args!("{code:04X}")),
        _ => shown.push(character),
    }
}

fn sign(shown: &mut String, inside: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = write!(shown, "⟨{inside}⟩");
}

/// Controls, bidirectional and other format characters, fillers, separators and variation selectors.
fn acts_or_hides(character: char) -> bool {
    matches!(character,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}'
        | '\u{890}' | '\u{891}' | '\u{8e2}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}
