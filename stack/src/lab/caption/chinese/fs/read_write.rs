//! Chinese of the sentences of `fs/read_write.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    ("Reads from a descriptor.", "从描述符读取。"),
    ("Writes to a descriptor.", "向描述符写入。"),
    ("nothing is to be read: 0 without asking the socket", "要读的长度为零：不询问套接字，直接返回 0"),
    ("nothing is to be written: 0 without asking the socket", "要写的长度为零：不询问套接字，直接返回 0"),
];
