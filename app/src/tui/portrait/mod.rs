//! From the lab to the screen: the parts of a [`Picture`](super::picture::Picture), each made from views and films.
//!
//! Every function here is pure: a kernel (and the kernel a step before) or a film goes in, plain data comes out. What changed is the
//! difference of two views and nothing else.

pub mod calls;
pub mod code;
pub mod frame;
pub mod ladder;
pub mod neighbours;
pub mod queues;
pub mod socks;
pub mod timeline;

use crate::i18n::Lang;

/// One of two texts.
#[must_use]
pub fn pick<'a>(lang: Lang, en: &'a str, zh: &'a str) -> &'a str {
    match lang {
        Lang::En => en,
        Lang::Zh => zh,
    }
}
