//! The keys of every action as a value: what panes are handed so that they can name a key. How it is made, changed and read is
//! [`keymap`](super::keymap), which knows the actions.

use std::borrow::Cow;
use std::sync::Arc;

/// The keys of every action, as they are at present: those of the table, changed by what the user has set.
///
/// A clone costs nothing. Everything that shows or reads a key asks this, never the table, so that a key that was set anew is the
/// one in the footer, in the help, in the panel after a prefix and in the palette too.
#[derive(Clone, Debug, PartialEq)]
pub struct Keymap(pub(super) Arc<Vec<Keys>>);

/// The keys of one action, the one to be shown first.
pub(super) type Keys = Vec<Cow<'static, str>>;
