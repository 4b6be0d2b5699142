//! The connections of a capture as a short list, for whoever has to choose one on the command line.

use super::Index;
use crate::i18n::{Lang, Words};

/// The connections, numbered from 1, one line each; then what else is in the capture.
#[must_use]
pub fn listing(index: &Index, lang: Lang) -> Vec<String> {
    let mut text = Vec::new();
    for flow in index.flows() {
        let (number, client, server) = (flow.number, flow.client, flow.server);
        let (frames, bytes) = (flow.frames(), flow.data());
        let beginning = match (flow.has_syn(), lang) {
            (true, _) => "",
            (false, Lang::En) => "  (no SYN)",
            (false, Lang::Zh) => "  （没有 SYN）",
        };
        text.push(
            Words::new(
                format!("{number:>4}  {client} -> {server}  {frames} frames, {bytes} bytes{beginning}"),
                format!("{number:>4}  {client} -> {server}  {frames} 帧，{bytes} 字节{beginning}"),
            )
            .into_text(lang),
        );
    }
    for (other, count) in index.others() {
        let Words { en, zh } = other.words();
        text.push(
            Words::new(format!("   -  {en}: {count} frames, not replayed"), format!("   -  {zh}：{count} 帧，不重放"))
                .into_text(lang),
        );
    }
    text
}
