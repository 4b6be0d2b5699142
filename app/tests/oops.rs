//! The death of a kernel is told wherever a person may look: by every motion, on the screen, in every export.

use std::path::PathBuf;
use std::process::Command;

use sockscope::catalog;
use sockscope::session::motion::{Direction, Motion};
use sockscope::session::{PictureRequest, Session};
use stack::lab::run::Moment;
use stack::words::Lang;

/// A peer that allows segments of 0 octets: the original builds empty ones for ever.
const SCENE: &str = "\
0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0 bind(3, ..., ...) = 0
+0 listen(3, 1) = 0
+0 < S 0:0(0) win 4096 <mss 0>
+0 > S. 0:0(0) ack 1 <...>
+.1 < . 1:1(0) ack 1 win 4096
+0 accept(3, ..., ...) = 4
+.1 write(4, ..., 100) = 100
";

struct File(PathBuf);

impl File {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("sockscope-oops-{}-{name}.pkt", std::process::id()));
        std::fs::write(&path, SCENE).unwrap();
        Self(path)
    }

    fn session(&self) -> Session {
        catalog::scene(Some(&self.0)).unwrap()
    }

    fn output(&self, arguments: &[&str]) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sockscope"));
        let output = command.args(arguments).arg(&self.0).env("LC_ALL", "C").output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn request(lang: Lang) -> PictureRequest {
    PictureRequest { switched: 0, relative: true, lang }
}

#[test]
fn every_motion_stops_where_a_kernel_dies() {
    let file = File::new("motion");
    let mut session = file.session();
    let crash = session.run().crashes.first().expect("it dies").moment;
    let motions = [
        Motion::Into,
        Motion::Over,
        Motion::Out,
        Motion::Micro,
        Motion::Frame,
        Motion::State,
        Motion::Timer,
        Motion::Layer,
        Motion::Run,
        Motion::End,
    ];
    for motion in motions {
        session.stand_at(Moment { turn: crash.turn, step: 1 });
        for _ in 0..10_000 {
            let answer = session.travel(motion, Direction::Forward);
            let answer = session.settle(answer);
            if !answer.moved() || session.moment() >= crash {
                break;
            }
        }
        assert_eq!(session.moment(), crash, "{motion:?} goes past it");
    }
}

#[test]
fn the_screen_tells_the_story_in_both_languages() {
    let file = File::new("screen");
    let mut session = file.session();
    let crash = session.run().crashes.first().unwrap().moment;
    session.stand_at(crash);
    let told = Lang::ALL.map(|lang| session.picture(request(lang)).oops.expect("it is told"));
    assert!(told.iter().all(|oops| oops.is_here && !oops.story.is_empty()));
    assert_ne!(told[0].story, told[1].story);
    session.travel(Motion::Into, Direction::Backward);
    assert_eq!(session.picture(request(Lang::En)).oops, None, "it has not happened yet");
}

#[test]
fn every_export_tells_of_it() {
    let file = File::new("export");
    let story = file.session().run().crashes.first().unwrap().oops.story.clone();
    for arguments in [
        vec!["trace"],
        vec!["trace", "--tree"],
        vec!["export", "--format", "cast"],
        vec!["export", "--format", "mermaid"],
        vec!["export", "--format", "pkt"],
        vec!["export", "--format", "pcapng"],
    ] {
        let said = file.output(&arguments);
        assert!(said.contains(&story), "{arguments:?} does not tell: {said}");
    }
    for format in ["svg", "text"] {
        let said = file.output(&["export", "--format", format]);
        assert!(said.contains("OOPS"), "{format} does not tell: {said}");
    }
}
