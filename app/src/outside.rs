//! What reaches a session from other threads: that frames wait at its device, and what commands beside it say. Whoever starts such a
//! thread hands in a [`Notify`]; the screen makes events of its own of it. Promise: nothing here knows a screen.

use std::sync::Arc;

/// Something from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outside {
    /// Frames wait at the device. It is told once, and again only after they have been taken.
    Ready,
    /// The device is gone, for this reason; nothing more will come.
    Gone(String),
    /// A command that was started beside the session has ended.
    Said {
        /// The line that was typed.
        line: String,
        /// What it wrote, standard error included.
        text: String,
        /// Its exit code, where it ended by itself.
        status: Option<i32>,
    },
}

/// Tells whoever listens; `false` where nobody does any more. It may block while the listener is behind, which holds the source
/// back too.
pub type Notify = Arc<dyn Fn(Outside) -> bool + Send + Sync>;
