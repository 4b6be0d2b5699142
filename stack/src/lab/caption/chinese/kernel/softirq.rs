//! Chinese of the sentences of `kernel/softirq.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    (
        "Ends such a section: runs what is marked, once, if this was the outermost.",
        "结束一段推迟下半部的代码：若是最外层，就把已标记的下半部运行一次。",
    ),
    ("Marks a bottom half to be run.", "标记一个待运行的下半部。"),
    (
        "Runs the marked and enabled bottom halves, from a snapshot of the flags.",
        "按标志的快照，运行已标记且已启用的下半部。",
    ),
];
