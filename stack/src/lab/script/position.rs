//! Where something stands in a script. It has a file of its own because every reader of the language and every error
//! names a place, whatever else they know.

/// A place in a script: line and column, both counted from 1 (columns in characters).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}
