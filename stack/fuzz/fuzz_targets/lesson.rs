//! The reader of lessons.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = lessons::format::read(text);
});
