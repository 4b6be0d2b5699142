//! The reader of lessons: a shipped lesson with its main file or its words replaced.
#![no_main]

use lessons::{Files, load};
use libfuzzer_sys::fuzz_target;

const SHIPPED: [(&str, &str); 3] = [
    ("lesson.toml", include_str!("../../../lessons/content/01-gate/lesson.toml")),
    ("en.md", include_str!("../../../lessons/content/01-gate/en.md")),
    ("zh.md", include_str!("../../../lessons/content/01-gate/zh.md")),
];

fuzz_target!(|text: &str| {
    for (replaced, _) in SHIPPED {
        let files = SHIPPED.map(|(name, usual)| (name.to_owned(), if name == replaced { text } else { usual }.to_owned()));
        let _ = load(&Files { folder: "01-gate".to_owned(), files: files.to_vec() }, 1);
    }
});
