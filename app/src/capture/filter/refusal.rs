//! What is said of a line that is no filter: one sentence that names the word, and what may have been meant.

use super::words::{AMOUNTS, FLAGS};
use crate::fuzzy::meant;
use crate::i18n::Words;
use crate::refusal::harmless;

pub(super) fn unknown(word: &str) -> Words<String> {
    let mut known: Vec<&str> = FLAGS.iter().map(|(known, ..)| *known).collect();
    known.extend(AMOUNTS.iter().map(|(known, _)| *known).filter(|name| !FLAGS.iter().any(|(flag, ..)| flag == name)));
    known.extend(["port", "client", "server", "no"]);
    let near = meant(word, &known, 2);
    let shown = harmless(word);
    if near.is_empty() {
        return Words::new(
            format!("\"{shown}\" is no word of the filter: try port 80, 10.8.0.1, reset, no syn or bytes > 1000."),
            format!("“{shown}”不是过滤用词：可用 port 80、10.8.0.1、reset、no syn 或 bytes > 1000。"),
        );
    }
    Words::new(
        format!("\"{shown}\" is no word of the filter: did you mean {}?", near.join(" or ")),
        format!("“{shown}”不是过滤用词：是不是指 {}？", near.join(" 或 ")),
    )
}

pub(super) fn behind(word: &str, example: &str) -> Words<String> {
    let shown = harmless(word);
    Words::new(format!("{shown} wants something behind it: {example}."), format!("{shown} 后面还缺内容：{example}。"))
}

pub(super) fn no_address(word: &str) -> Words<String> {
    let shown = harmless(word);
    Words::new(
        format!("\"{shown}\" is no address: write 10.8.0.1, 10.8.0.1:80, 10.8. or 10.8.0.0/16."),
        format!("“{shown}”不是地址：请写 10.8.0.1、10.8.0.1:80、10.8. 或 10.8.0.0/16。"),
    )
}

pub(super) fn no_or() -> Words<String> {
    Words::new(
        "all words of a filter must hold at once: there is no \"or\".".to_owned(),
        "过滤条件必须同时成立：没有“or”。".to_owned(),
    )
}
