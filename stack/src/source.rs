//! Our own source, embedded at build time: the code pane shows the Rust that is running.

macro_rules! sources {
    ($($path:literal,)*) => {
        /// Every source file that holds kernel functions: path as `file!()` gives it, and text.
        pub const SOURCES: &[(&str, &str)] = &[$((concat!("stack/src/", $path), include_str!($path)),)*];
    };
}

include!("source_list.rs");

/// The text of a source file.
#[must_use]
pub fn text(path: &str) -> Option<&'static str> {
    SOURCES.iter().find(|(known, _)| *known == path).map(|(_, text)| *text)
}
