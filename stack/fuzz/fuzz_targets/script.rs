//! The reader of scripts, and the runner of whatever it accepts.
#![no_main]

use libfuzzer_sys::fuzz_target;
use stack::lab::conformance::Reading;
use stack::lab::scene;
use stack::lab::script::parse;

fuzz_target!(|text: &str| {
    if let Ok(script) = parse(text) {
        let printed = script.to_string();
        let again = parse(&printed);
        assert!(again.is_ok(), "what is printed can be read again: {printed}");
        for reading in [Reading::Packetdrill, Reading::Recorded] {
            if let Ok(mut run) = scene::load_as(&script, reading, 1) {
                run.play(200);
            }
        }
    }
});
