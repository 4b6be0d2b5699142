//! The stack against everything the original was seen to do: every golden scene, its frames and its events.

use std::path::{Path, PathBuf};

use sockscope::i18n::Lang;
use sockscope::scenario::check::{Verdict, check};
use sockscope::scenario::find::scenes;

fn group(name: &str, count: usize) {
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../stack/tests/golden").join(name);
    let scenes = scenes(&[folder]).unwrap();
    assert_eq!(scenes.len(), count, "golden scenes of the group {name} are missing");
    let mut failures = Vec::new();
    for scene in scenes {
        match check(&scene.path, true, Lang::En) {
            Verdict::Passed(_) => {}
            Verdict::Failed(lines, _) | Verdict::Unreadable(lines) => {
                failures.push(format!("FAIL {name}/{}\n{}", scene.name, lines.join("\n")));
            }
        }
    }
    assert!(failures.is_empty(), "{} of {count} differ\n{}", failures.len(), failures.join("\n"));
}

macro_rules! groups {
    ($($name:ident $count:literal;)*) => { $(#[test] fn $name() { group(stringify!($name), $count); })* };
}

groups! {
    active_open 16;
    arp 11;
    back_log 43;
    close 28;
    data 40;
    forward 4;
    icmp 7;
    ip 15;
    loopback 1;
    passive_open 22;
    select 5;
    socket_errors 8;
    tcp_frames 5;
    two_proc 3;
    udp 7;
    udp_frames 2;
}
