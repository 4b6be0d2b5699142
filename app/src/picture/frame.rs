//! A frame taken apart, and the frame that a step is about.

use stack::kernel::probe::Event;
use stack::lab::film::Film;
use stack::wire::dissect::{self, Node};

use crate::i18n::{Lang, Message};
use crate::picture::{Dissected, Frame, Layer};

/// The bytes of the frame that a step of this film is about: its own, else the last one before it in this turn.
#[must_use]
pub fn in_film(film: &Film, step: usize) -> Option<(&[u8], Message)> {
    film.steps.get(..step)?.iter().rev().find_map(|film_step| match &film_step.event {
        Event::FrameIn { bytes, .. } => Some((bytes.as_slice(), Message::FrameArrived)),
        Event::FrameOut { bytes, .. } => Some((bytes.as_slice(), Message::FrameLeaves)),
        Event::LoFrame { bytes } => Some((bytes.as_slice(), Message::FrameLoops)),
        _ => None,
    })
}

/// A frame with its headers and fields.
#[must_use]
pub fn frame(bytes: &[u8], number: u64, note: Message, lang: Lang) -> Frame {
    Frame { number, note: note.text(lang).to_owned(), bytes: bytes.to_vec(), rows: rows(bytes, lang) }
}

/// The headers and fields of an Ethernet frame.
#[must_use]
pub fn rows(bytes: &[u8], lang: Lang) -> Vec<Dissected> {
    let dissection = dissect::dissect(bytes);
    let mut rows = Vec::new();
    let mut layer = Layer::Dev;
    for (path, node) in dissection.rows() {
        if path.len() == 1 {
            layer = layer_of(node);
        }
        rows.push(row(node, path.len(), layer, lang));
    }
    rows
}

fn layer_of(node: &Node) -> Layer {
    match node.name {
        "ethhdr" => Layer::Dev,
        "iphdr" => Layer::Ip,
        "tcphdr" => Layer::Tcp,
        "udphdr" => Layer::Udp,
        "icmphdr" => Layer::Icmp,
        "arphdr" => Layer::Arp,
        _ => Layer::User,
    }
}

fn row(node: &Node, depth: usize, layer: Layer, lang: Lang) -> Dissected {
    let mut value = node.value.clone();
    if let Some(meaning) = node.meaning {
        value = format!("{value} · {}", meaning.text(lang));
    }
    for warning in &node.warnings {
        let text = warning.kind.words();
        value = format!("{value} · {} {}", text.text(lang), warning.detail);
    }
    Dissected {
        depth: u8::try_from(depth.saturating_sub(1)).unwrap_or(u8::MAX),
        name: if depth == 1 { node.label.text(lang).to_owned() } else { node.name.to_owned() },
        value: value.trim().to_owned(),
        range: node.bytes.clone(),
        layer,
        bad: !node.warnings.is_empty(),
    }
}
