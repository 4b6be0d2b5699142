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

use stack::lab::film;

use super::picture::Layer;
use crate::i18n::Lang;

impl From<film::Layer> for Layer {
    fn from(layer: film::Layer) -> Self {
        match layer {
            film::Layer::User => Self::User,
            film::Layer::Trap => Self::Trap,
            film::Layer::Sched => Self::Sched,
            film::Layer::Bsd => Self::Bsd,
            film::Layer::Inet => Self::Inet,
            film::Layer::Tcp => Self::Tcp,
            film::Layer::Udp => Self::Udp,
            film::Layer::Icmp => Self::Icmp,
            film::Layer::Ip => Self::Ip,
            film::Layer::Arp => Self::Arp,
            film::Layer::Dev => Self::Dev,
            film::Layer::Driver => Self::Driver,
        }
    }
}

/// One of two texts.
#[must_use]
pub fn pick<'a>(lang: Lang, en: &'a str, zh: &'a str) -> &'a str {
    match lang {
        Lang::En => en,
        Lang::Zh => zh,
    }
}
