//! The chapters of the curriculum, in their order: what a lesson's `chapter` may be, and what it is called on a screen.

use stack::words::Words;

/// A part of the curriculum: lessons that belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chapter {
    /// Its id, as `lesson.toml` writes it.
    pub id: &'static str,
    /// Its name.
    pub name: Words,
}

impl Chapter {
    /// All of them, in the order of the curriculum.
    pub const ALL: [Self; 5] = [
        Self { id: "calls", name: Words::new("The calls of a server", "服务器的系统调用") },
        Self { id: "handshake", name: Words::new("How a connection comes about", "连接的建立") },
        Self { id: "network", name: Words::new("Below TCP", "TCP 之下") },
        Self { id: "transfer", name: Words::new("The life of a connection", "连接的一生") },
        Self { id: "today", name: Words::new("Then and today", "当年与今天") },
    ];

    /// The chapter of an id; None where there is none of this name.
    #[must_use]
    pub fn named(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|chapter| chapter.id == id)
    }
}
