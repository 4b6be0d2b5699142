//! The Chinese of summaries and notes, keyed by their English text.

/// The Chinese of a summary or note.
#[must_use]
pub fn of(english: &str) -> Option<&'static str> {
    TABLE.binary_search_by(|(known, _)| (*known).cmp(english)).ok().map(|index| TABLE[index].1)
}

/// English and Chinese, sorted by the English.
pub const TABLE: &[(&str, &str)] = &[];
