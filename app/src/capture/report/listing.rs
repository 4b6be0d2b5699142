//! The connections of a capture as a list, for whoever has to choose one.

use super::super::connection::Table;
use crate::i18n::{Lang, Words};

/// The connections of a capture, numbered from 1, one line each; then what else is in it.
#[must_use]
pub fn listing(table: &Table, lang: Lang) -> Vec<String> {
    let mut text = Vec::new();
    for (place, connection) in table.connections.iter().enumerate() {
        let (number, client, server) = (place + 1, connection.client, connection.server);
        let (frames, bytes) =
            (connection.segments.len(), connection.client_bytes.saturating_add(connection.server_bytes));
        let beginning = match (connection.has_syn, lang) {
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
    for (other, count) in &table.others {
        text.push(
            Words::new(
                format!("   -  {other}: {count} frames, not replayed"),
                format!("   -  {other}：{count} 帧，不重放"),
            )
            .into_text(lang),
        );
    }
    text
}
